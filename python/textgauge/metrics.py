"""The metrics, each as a value that says what is measured and how."""

from __future__ import annotations

import functools
import json
import math
import re
import string
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias, TypedDict

from textgauge import _core
from textgauge.errors import ConfigError
from textgauge.io.columns import Column, as_column
from textgauge.text.tokenizers import is_python_tokenizer, named_tokenizer
from textgauge.text.transforms import BUILT_IN, Pipeline, Transform, as_transforms, pipeline

__all__ = [
    "Bleu",
    "Cer",
    "Chrf",
    "Diagnostics",
    "EditDistance",
    "EditSimilarity",
    "ExactMatch",
    "Extractive",
    "Gleu",
    "Helm",
    "Mer",
    "Metric",
    "MetricInfo",
    "Nist",
    "OutputInfo",
    "Rouge",
    "Squad",
    "Ter",
    "Tokenizer",
    "Wer",
    "Wil",
    "Wip",
    "by_name",
    "compile_metrics",
    "list_metrics",
]

Tokenizer: TypeAlias = Callable[[str], Iterable[str]]
GivenTokenizer: TypeAlias = tuple[Tokenizer, bool]


class Spec(TypedDict):
    """A metric as the core reads it."""

    name: str
    metric: str
    options: dict[str, Any]
    tokenizer: str | None


class Metric(ABC):
    """What a scorer measures. Immutable, comparable, hashable, picklable; prints as the call that makes it."""

    @abstractmethod
    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """What the core is to measure.

        Args:
            tokenizers: The caller's own tokenizers that the core will be given, each with whether it is
                called line by line; those that this metric needs besides are appended.
        """

    def option_names(self) -> list[str]:
        """The names of its options."""
        return [each.name for each in fields(self) if each.name != "names"]  # type: ignore[arg-type] # they are dataclasses

    def with_options(self, **options: Any) -> Metric:  # noqa: ANN401 - the core checks them
        """The same metric with some options changed.

        Raises:
            ConfigError: An option is out of range.
        """
        values = {name: getattr(self, name) for name in self.option_names()}
        return type(self)(*getattr(self, "names", ()), **{**values, **options})


@dataclass(frozen=True, init=False, repr=False)
class Rouge(Metric):
    """ROUGE: how many words, word sequences or subsequences a prediction shares with its reference.

    Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries". With its defaults every score is
    equal, bit for bit, to that of rouge-score 0.1.2. Each variant has three outputs between 0 and 1,
    higher is better: precision `.p`, recall `.r` and their harmonic mean `.f`.

    Attributes:
        names: The variants: `rouge1` to `rouge9` (shared n-grams), `rougeL` (longest common subsequence),
            `rougeLsum` (the same by sentences, one a line), `rougeLcontig` (longest common run of
            neighbouring words; not what papers call ROUGE-L).
        stemmer: `"none"`, or `"porter"` as rouge-score has it with `use_stemmer=True`.
        tokenizer: `"rouge"` (runs of a-z and 0-9 after lower-casing, as rouge-score), `"whitespace"`
            (`str.split`), `"words"` (Unicode words, UAX #29), `"characters"` (code points), `"graphemes"`
            (UAX #29), any other that `Bleu` takes, or a function from a text to its tokens. `rougeLsum` calls
            it with one line at a time.
        lowercase: Whether texts are lower-cased first. A function gets them as they are.
        multiref: What is made of several references: `"best"` (the one with the highest F) or `"mean"`.
        beta: Weight of recall in F: 1 weighs both alike, 2 weighs recall more.
        prefix: Put before the names of columns, so that a scorer can hold two variants of one metric.

    Raises:
        ConfigError: There is no such variant or option, or two variants are the same.
    """

    names: tuple[str, ...]
    stemmer: str
    tokenizer: str | Tokenizer
    lowercase: bool
    multiref: str
    beta: float
    prefix: str

    def __init__(
        self,
        *names: str,
        stemmer: Literal["none", "porter"] = "none",
        tokenizer: str | Tokenizer = "rouge",
        lowercase: bool = True,
        multiref: Literal["best", "mean"] = "best",
        beta: float = 1.0,
        prefix: str = "",
    ) -> None:
        values = {
            "names": names or ("rouge1", "rouge2", "rougeL"),
            "stemmer": stemmer,
            "tokenizer": tokenizer,
            "lowercase": lowercase,
            "multiref": multiref,
            "beta": beta,
            "prefix": prefix,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        compile_metrics([self])  # refuses what cannot be measured

    def __repr__(self) -> str:
        options = {
            "stemmer": (self.stemmer, "none"),
            "tokenizer": (self.tokenizer, "rouge"),
            "lowercase": (self.lowercase, True),
            "multiref": (self.multiref, "best"),
            "beta": (self.beta, 1.0),
            "prefix": (self.prefix, ""),
        }
        given = [f"{name}={value!r}" for name, (value, default) in options.items() if value != default]
        return f"Rouge({', '.join([*map(repr, self.names), *given])})"

    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """See `Metric.specs`."""
        return [self._spec(name, tokenizers) for name in self.names]

    def _spec(self, name: str, tokenizers: list[GivenTokenizer]) -> Spec:
        options = {
            "tokenizer": self.tokenizer,
            "stemmer": self.stemmer,
            "lowercase": self.lowercase,
            "multiref": self.multiref,
            "beta": self.beta,
        }
        return _spec(name, self.prefix, options, tokenizers, by_lines=name == "rougeLsum")


@dataclass(frozen=True, kw_only=True, repr=False)
class _OneMetric(Metric):
    """A metric that is one entry of the registry. Its fields are that entry's options, but for `prefix`."""

    prefix: str = ""

    def __post_init__(self) -> None:
        compile_metrics([self])  # refuses what cannot be measured

    @property
    def metric(self) -> str:
        """The name in the registry, with which columns begin after the prefix."""
        return type(self).__name__.lower()

    def __repr__(self) -> str:
        values = ((each, getattr(self, each.name)) for each in fields(self))
        given = [f"{each.name}={value!r}" for each, value in values if value != each.default]
        return f"{type(self).__name__}({', '.join(given)})"

    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """See `Metric.specs`."""
        options = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "prefix"}
        lower = options.get("lowercase", False)
        return [_spec(self.metric, self.prefix, options, tokenizers, lower_functions=lower)]


@dataclass(frozen=True, kw_only=True, repr=False)
class Bleu(_OneMetric):
    """BLEU: the geometric mean of n-gram precisions, times a penalty for brevity; 0 to 100, higher is better.

    Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation". Every number is equal, bit
    for bit, to sacrebleu 2.6.0's: that of the corpus to `corpus_bleu`, those of single pairs to `sentence_bleu`.
    Outputs: `bleu`; `.bp`, the brevity penalty; `.ratio` of the lengths `.hyp_len` and `.ref_len`; and for each order n
    `.p1` (precision in percent), `.correct1` and `.total1` (counts) and so on. The two other variants are from 0 to 1,
    precisions too.

    Attributes:
        variant: Whose BLEU: `"sacrebleu"`; `"nltk"`, NLTK 3.10.4's `corpus_bleu` and `sentence_bleu`; or `"nmt"`,
            TensorFlow NMT's, which is `bleu` in Hugging Face's `evaluate`. Options that a variant does not take are
            refused; `None` is the variant's default.
        tokenizer: `"13a"`, `"intl"`, `"zh"`, `"char"`, `"none"` (`str.split`) as in sacrebleu; `"ja-mecab"`,
            `"ko-mecab"` (extras `ja`, `ko`); `"flores101"`, `"flores200"`, `"spBLEU-1K"`, `"spm"` or `"spm:FILE"`,
            SentencePiece models (extra `spm`); one that `Rouge` takes; or a function from a text to its tokens.
        lowercase: Whether texts are lower-cased before all else.
        max_order: The longest n-grams, 1 to 16 (default 4). `"nltk"` has `weights` instead.
        smoothing: What is done about orders without a match. `"sacrebleu"`: `"exp"` (the default; each halves the
            precision once more), `"floor"` (so many matches instead of none), `"add-k"` (so many more n-grams, matched
            and in all, above order 1), `"none"`. `"nltk"`: `"method0"` (the default) to `"method7"`, those of its
            `SmoothingFunction`. `"nmt"`: `"none"` (the default) or `"add-1"` (one more n-gram of every order).
        smoothing_value: For `"floor"` (default 0.1) and `"add-k"` (default 1). What NLTK calls `epsilon` for
            `"method1"` (default 0.1), `k` for `"method4"` and `"method7"`, and `alpha` for `"method6"` (default 5).
        effective_order: Whether orders are left out for which the prediction is too short. `None` is sacrebleu's
            default: for single pairs, not for corpora. Only for `"sacrebleu"`.
        weights: The weight of each order, from 0 to 1 (default four of 0.25). Only for `"nltk"`.
        auto_reweigh: Whether predictions of fewer than four tokens are measured by as many orders as they have tokens,
            if weights are the default. Only for `"nltk"`.
        prefix: Put before the names of columns, so that a scorer can hold two variants of one metric.

    Raises:
        ConfigError: There is no such option, or the variant does not take it; a package or a model is missing.
    """

    variant: Literal["sacrebleu", "nltk", "nmt"] = "sacrebleu"
    tokenizer: str | Tokenizer = "13a"
    lowercase: bool = False
    max_order: int | None = None
    smoothing: str | None = None
    smoothing_value: float | None = None
    effective_order: bool | None = None
    weights: Sequence[float] | None = None
    auto_reweigh: bool = False

    def __post_init__(self) -> None:
        if self.weights is not None:
            object.__setattr__(self, "weights", _as_tuple("bleu", "weights", self.weights, "numbers"))
        super().__post_init__()


@dataclass(frozen=True, kw_only=True, repr=False)
class Chrf(_OneMetric):
    """chrF: F-score over n-grams of characters, and of words besides; 0 to 100, higher is better.

    Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation", and 2017, "chrF++: words helping
    character n-grams". Every number is equal, bit for bit, to sacrebleu 2.6.0's. With several references a pair
    counts against the one with the highest score. Its column is `chrf`, `chrf+` or `chrf++`, by `word_order`.

    Attributes:
        char_order: The longest n-grams of characters, 1 to 16.
        word_order: The longest n-grams of words, 0 to 16: 0 for chrF, 2 for chrF++.
        beta: Weight of recall in F.
        lowercase: Whether texts are lower-cased first.
        whitespace: Whether white space counts as characters.
        eps_smoothing: Whether orders without n-grams count as almost zero (as in NLTK and Moses) and not at all.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is out of range.
    """

    char_order: int = 6
    word_order: int = 0
    beta: float = 2
    lowercase: bool = False
    whitespace: bool = False
    eps_smoothing: bool = False

    def __post_init__(self) -> None:
        # The column's name depends on it.
        if not isinstance(self.word_order, int):
            problem = f"word_order is {self.word_order!r}; it must be a whole number"
            raise ConfigError(f"chrf: {problem}", "bad-option")
        super().__post_init__()

    @property
    def metric(self) -> str:
        """`chrf`, `chrf+` or `chrf++`."""
        return "chrf" + "+" * min(self.word_order, 2)


@dataclass(frozen=True, kw_only=True, repr=False)
class Ter(_OneMetric):
    """TER, the translation edit rate: edits in percent of the reference's words; from 0 up, lower is better.

    Snover et al. 2006, "A Study of Translation Edit Rate with Targeted Human Annotation". Edits are insertions,
    deletions, substitutions and shifts of several words at once. Every number is equal, bit for bit, to sacrebleu
    2.6.0's, its approximations of tercom included. Outputs: `ter`; `.edits`, to the reference that takes fewest;
    `.ref_len`, the mean length of the references.

    Attributes:
        normalized: Whether punctuation is cut off words, entities are resolved and so on, as tercom does with `-N`.
        no_punct: Whether punctuation is removed.
        asian_support: Whether both go for Chinese, Japanese and Korean too.
        case_sensitive: Whether texts are left in their case.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is of the wrong type.
    """

    normalized: bool = False
    no_punct: bool = False
    asian_support: bool = False
    case_sensitive: bool = False


@dataclass(frozen=True, kw_only=True, repr=False)
class _Edit(_OneMetric):
    """What all metrics of the edit distance have in common."""

    tokenizer: str | Tokenizer = "jiwer-words"
    lowercase: bool = False
    transforms: tuple[str | Transform, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "transforms", as_transforms(self.transforms))
        super().__post_init__()

    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """See `Metric.specs`."""
        tokenizer, lowercase = self.tokenizer, self.lowercase
        if self.transforms:
            tokenizer = pipeline(self.transforms, tokenizer, lowercase)
            lowercase = False
        options = {"tokenizer": tokenizer, "lowercase": lowercase}
        return [_spec(self.metric, self.prefix, options, tokenizers, lower_functions=lowercase)]


@dataclass(frozen=True, kw_only=True, repr=False)
class Wer(_Edit):
    """WER, the word error rate: words to substitute, delete and insert, over words of the reference.

    From 0 up, lower is better. Every number is equal, bit for bit, to jiwer 4.0.0's: those of pairs to
    `jiwer.wer(reference, hypothesis)`, that of the corpus to `jiwer.wer(references, hypotheses)`. Outputs: `wer`;
    the counts `.hits`, `.sub`, `.del`, `.ins` of the script that rapidfuzz 3.14.6 finds; the lengths `.ref_len` and
    `.hyp_len`. Without a word in the reference, it is the number of words inserted. Of several references, the one with
    the lowest rate counts, the first of equals.

    Attributes:
        tokenizer: `"jiwer-words"` (blanks separate words, and so does any white space of two characters or more),
            one that `Bleu` takes, or a function from a text to its tokens.
        lowercase: Whether texts are lower-cased first; after `transforms`.
        transforms: What is done to texts before they are cut, in order: `textgauge.transforms`, or their names; or one
            of them.
        prefix: Put before the names of columns, so that a scorer can hold two variants of one metric.

    Raises:
        ConfigError: There is no such option.
    """


@dataclass(frozen=True, kw_only=True, repr=False)
class Cer(_Edit):
    """CER, the character error rate: as `Wer`, over characters.

    Every number is equal, bit for bit, to jiwer 4.0.0's `cer`. Outputs and attributes are those of `Wer`; the
    tokenizer is `"jiwer-characters"`, code points without the white space at either end.
    """

    tokenizer: str | Tokenizer = "jiwer-characters"


@dataclass(frozen=True, kw_only=True, repr=False)
class Mer(_Edit):
    """MER, the match error rate: edits over edits and hits; 0 to 1, lower is better.

    Morris, Maier and Green 2004, "From WER and RIL to MER and WIL: improved evaluation measures for connected speech
    recognition". Every number is equal, bit for bit, to jiwer 4.0.0's `mer`. Attributes are those of `Wer`.
    """


@dataclass(frozen=True, kw_only=True, repr=False)
class Wil(_Edit):
    """WIL, word information lost: 1 less `Wip`; 0 to 1, lower is better.

    Morris, Maier and Green 2004. Every number is equal, bit for bit, to jiwer 4.0.0's `wil`. Attributes are those of
    `Wer`.
    """


@dataclass(frozen=True, kw_only=True, repr=False)
class Wip(_Edit):
    """WIP, word information preserved: hits over words of the reference, times hits over words of the prediction.

    0 to 1, higher is better. Morris, Maier and Green 2004. Every number is equal, bit for bit, to jiwer 4.0.0's `wip`.
    Attributes are those of `Wer`.
    """


@dataclass(frozen=True, kw_only=True, repr=False)
class EditDistance(_Edit):
    """Levenshtein's edit distance: the fewest tokens to substitute, delete and insert; from 0 up, lower is better.

    The score of a corpus is the mean over pairs. Attributes are those of `Wer`.
    """

    @property
    def metric(self) -> str:
        """`edit_distance`."""
        return "edit_distance"


@dataclass(frozen=True, kw_only=True, repr=False)
class EditSimilarity(_Edit):
    """1 less the edit distance over the length of the longer text; 0 to 1, higher is better.

    That of a pair is rapidfuzz 3.14.6's `Levenshtein.normalized_similarity`. For a corpus, distances and lengths are
    added up first. Attributes are those of `Wer`.
    """

    @property
    def metric(self) -> str:
        """`edit_similarity`."""
        return "edit_similarity"


_EDIT: dict[str, type[_Edit]] = {
    "wer": Wer,
    "cer": Cer,
    "mer": Mer,
    "wil": Wil,
    "wip": Wip,
    "edit_distance": EditDistance,
    "edit_similarity": EditSimilarity,
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Diagnostics(_OneMetric):
    """What scores of overlap don't show: repetition, order, novelty, length. Not scores of quality.

    Outputs, shares from 0 to 1 but for the ratio, of the corpus by counts that are added up first: `.order`, of the
    matched tokens those that also stand in order (longest common subsequence over clipped unigram matches);
    `.length_ratio`; `.empty` and `.empty_reference`, texts without any token; and for n from 1 to 4 `.distinct1`
    (distinct n-grams of all, Li et al. 2016), `.novel1` (distinct n-grams that the reference lacks), `.clipped1`
    (n-gram precision) and `.unclipped1` (the same if repetition always counted), and so on. With several references,
    against the one that matches most.

    Attributes:
        tokenizer: As for `Rouge`.
        lowercase: Whether texts are lower-cased first.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such tokenizer.
    """

    tokenizer: str | Tokenizer = "words"
    lowercase: bool = True


@dataclass(frozen=True, kw_only=True, repr=False)
class Extractive(_OneMetric):
    """How much of a summary is copied from its source, which is given as the reference.

    Grusky, Naaman and Artzi 2018, "Newsroom: A Dataset of 1.3 Million Summaries with Diverse Extractive Strategies".
    Outputs, means over pairs: `.coverage`, the share of the summary's tokens in stretches of the source; `.density`,
    their squared lengths over the summary's length; `.compression`, the source's length over the summary's.

    Attributes:
        tokenizer: As for `Rouge`.
        lowercase: Whether texts are lower-cased first.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such tokenizer.
    """

    tokenizer: str | Tokenizer = "words"
    lowercase: bool = True


@dataclass(frozen=True, kw_only=True, repr=False)
class Gleu(_OneMetric):
    """GLEU: how many n-grams of all orders both texts share, of those that the larger has; 0 to 1, higher is better.

    Wu et al. 2016, "Google's Neural Machine Translation System". Every number is equal, bit for bit, to NLTK 3.10.4's:
    that of the corpus to `corpus_gleu`, those of single pairs to `sentence_gleu`. With several references a pair counts
    against the one with the highest score. (Not to be confused with the GLEU of grammatical error correction.)

    Attributes:
        tokenizer: As for `Bleu`. NLTK itself takes tokens.
        lowercase: Whether texts are lower-cased before all else.
        min_len: The shortest n-grams, 1 to 16.
        max_len: The longest n-grams, `min_len` to 16.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such option; a package or a model is missing.
    """

    tokenizer: str | Tokenizer = "13a"
    lowercase: bool = False
    min_len: int = 1
    max_len: int = 4


@dataclass(frozen=True, kw_only=True, repr=False)
class Nist(_OneMetric):
    """NIST: n-gram precision in which an n-gram counts for more the rarer it is among all references.

    Doddington 2002, "Automatic evaluation of machine translation quality using n-gram co-occurrence statistics". From 0
    on, higher is better; the highest that can be reached depends on the references. Every number of a pair is equal,
    bit for bit, to NLTK 3.10.4's; that of a corpus may differ in its last bits, because NLTK rounds after each pair.
    Outputs: `nist`; `.hyp_len` and `.ref_len`, the lengths, once for each order; and for each order n `.num1`, the
    information of the shared n-grams, and `.den1`, the n-grams in the prediction, and so on.

    What an n-gram tells comes from all references of a call, which are therefore read twice: iterators, streams and
    prepared references are refused. `fit` learns it from references of your choice instead, once and for all calls;
    only aggregates with the same weights add up.

    Attributes:
        tokenizer: As for `Bleu`. NLTK itself takes tokens.
        lowercase: Whether texts are lower-cased before all else.
        n: The longest n-grams, 1 to 16.
        weights: What `fit` has learnt; `None` if each call learns its own.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such option, or it is not the one that the weights were learnt with; a package or a
            model is missing.
    """

    tokenizer: str | Tokenizer = "13a"
    lowercase: bool = False
    n: int = 5
    weights: _core.Information | None = None

    def fit(self, references: Column, *, nulls: Literal["error", "propagate", "empty", "drop"] = "error") -> Nist:
        """This metric with the weights of these references, for all calls. They can be scored against any others.

        Args:
            references: As for `Scorer.score`; iterators too.
            nulls: As for `Scorer.score`; missing texts teach nothing.

        Raises:
            Error: As for `Scorer.score`.
        """
        learner = compile_metrics([replace(self, weights=None)])
        (weights,) = learner.learn(as_column(references, "references"), nulls=str(nulls))
        return replace(self, weights=weights)


@dataclass(frozen=True, kw_only=True, repr=False)
class ExactMatch(_OneMetric):
    """Exact match: 1 if the prediction is the same text as a reference, else 0.

    Every number is that of Hugging Face evaluate's `exact_match`. What is to be ignored is removed from both texts:
    first the regular expressions, then case, punctuation, digits. Its column is `exact_match`.

    Attributes:
        regexes_to_ignore: Regular expressions of Python's `re`, of which every match is removed. They run in Python;
            without them nothing does.
        ignore_case: Whether texts are lower-cased.
        ignore_punctuation: Whether ASCII punctuation is removed.
        ignore_numbers: Whether ASCII digits are removed.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is of the wrong type, or an expression is none.
    """

    regexes_to_ignore: Sequence[str] | None = None
    ignore_case: bool = False
    ignore_punctuation: bool = False
    ignore_numbers: bool = False

    def __post_init__(self) -> None:
        if self.regexes_to_ignore is not None:
            regexes = _as_tuple("exact_match", "regexes_to_ignore", self.regexes_to_ignore, "str")
            if not all(isinstance(regex, str) for regex in regexes):
                problem = f"regexes_to_ignore is {self.regexes_to_ignore!r}; it must be a list of str"
                raise ConfigError(f"exact_match: {problem}", "bad-option")
            object.__setattr__(self, "regexes_to_ignore", regexes or None)
        try:
            for regex in self.regexes_to_ignore or ():
                re.compile(regex)
        except re.error as error:
            problem = f"{error.pattern!r} is no regular expression: {error}"
            raise ConfigError(f"exact_match: {problem}", "bad-option") from error
        super().__post_init__()

    @property
    def metric(self) -> str:
        """`exact_match`."""
        return "exact_match"

    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """See `Metric.specs`."""
        (spec,) = super().specs(tokenizers)
        if self.regexes_to_ignore is not None:
            rest = _Rest(tuple(self.regexes_to_ignore), self.ignore_case, self.ignore_punctuation, self.ignore_numbers)
            if (rest, False) not in tokenizers:
                tokenizers.append((rest, False))
            view = {"view": tokenizers.index((rest, False)) + 1, "lowercased": self.ignore_case}
            spec["options"]["regexes_to_ignore"] = view
            spec["tokenizer"] = f"without{json.dumps(self.regexes_to_ignore)}"
        return [spec]


@dataclass(frozen=True)
class _Rest:
    """What `ExactMatch` compares, as the only token of a text."""

    regexes: tuple[str, ...]
    ignore_case: bool
    ignore_punctuation: bool
    ignore_numbers: bool

    def __call__(self, text: str) -> list[str]:
        # evaluate keeps texts in NumPy arrays, which lose NULs at the end.
        text = text.rstrip("\0")
        for regex in self.regexes:
            text = re.sub(regex, "", text).rstrip("\0")
        if self.ignore_case:
            text = text.lower()
        removed = string.punctuation * self.ignore_punctuation + string.digits * self.ignore_numbers
        return [text.translate(str.maketrans("", "", removed)).rstrip("\0")]


@dataclass(frozen=True, kw_only=True, repr=False)
class Squad(_OneMetric):
    """SQuAD: exact match and F1 of the words of an answer; 0 to 100, higher is better.

    Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text". Every number of a pair is
    that of the official script of SQuAD 1.1. Texts are lower-cased and lose ASCII punctuation and the articles
    a, an and the. Outputs: `squad.em`, whether the same words are left as of any answer; `squad.f1`, F1 of words
    shared with the answer for which it is highest.

    Attributes:
        version: 1, or 2 for the scores that SQuAD 2.0 gives a pair: two texts without words have F1 1, not 0, and
            answers without words count only if there are no others. `textgauge.answers.squad_v2` reports all
            that its script does.
        percent: Whether scores go up to 100, not 1.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is out of range.
    """

    version: Literal[1, 2] = 1
    percent: bool = True


@dataclass(frozen=True, init=False, repr=False)
class Helm(Metric):
    """HELM's metrics of answers against references; with several references, the highest of their scores.

    Liang et al. 2022, "Holistic Evaluation of Language Models". Every number of a pair is that of crfm-helm 0.5.16,
    which strips predictions first; one that is blank matches nothing. Columns are `helm_exact_match` and so on, from 0
    to 1, higher is better; but for `helm_absolute_value_difference`, from 0 up, lower is better.

    Attributes:
        names: `exact_match` of the stripped texts; `quasi_exact_match`, but for case, ASCII punctuation and articles;
            `quasi_leave_articles_exact_match`; `prefix_exact_match` and `quasi_prefix_exact_match`, whether the
            prediction begins with the reference; `f1_score` of sets of words; `final_number_exact_match`;
            `exact_match_indicator`, of what follows the last blank; `exact_set_match`, `iou_set_match` and
            `f1_set_match` of what sentences such as `It is x and y.` list; `absolute_value_difference` of whole
            numbers. All of them, if there is none.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such metric, or two are the same.
    """

    names: tuple[str, ...]
    prefix: str

    def __init__(self, *names: str, prefix: str = "") -> None:
        known = (name.removeprefix(_HELM) for name in _families() if name.startswith(_HELM))
        object.__setattr__(self, "names", names or tuple(known))
        object.__setattr__(self, "prefix", prefix)
        compile_metrics([self])  # refuses what cannot be measured

    def __repr__(self) -> str:
        prefix = [f"prefix={self.prefix!r}"] if self.prefix else []
        return f"Helm({', '.join([*map(repr, self.names), *prefix])})"

    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """See `Metric.specs`."""
        return [_spec(f"{_HELM}{name}", self.prefix, {}, tokenizers) for name in self.names]


_HELM = "helm_"


def _answers(name: str) -> Metric:
    if name.startswith(_HELM):
        return Helm(name.removeprefix(_HELM))
    return ExactMatch() if name == "exact_match" else Squad()


_FAMILIES: dict[str, Callable[[str], Metric]] = {
    "rouge": Rouge,
    "bleu": lambda _: Bleu(),
    "chrf": lambda name: Chrf(word_order=name.count("+")),
    "ter": lambda _: Ter(),
    "edit": lambda name: _EDIT[name](),
    "diagnostics": lambda name: Extractive() if name == "extractive" else Diagnostics(),
    "gleu": lambda _: Gleu(),
    "nist": lambda _: Nist(),
    "answers": _answers,
}


def by_name(name: str) -> Metric:
    """The registered metric `name` with its defaults.

    Raises:
        ConfigError: There is none.
    """
    # A name that nobody knows is for the core to refuse.
    return _FAMILIES[_families().get(name, "rouge")](name)


@functools.cache
def _families() -> dict[str, str]:
    return {entry["name"]: entry["family"] for entry in _core.registry()}


def _as_tuple(metric: str, option: str, values: Iterable[Any], kind: str) -> tuple[Any, ...]:
    """The values of an option that takes several.

    Raises:
        ConfigError: This is one value.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ConfigError(f"{metric}: {option} is {values!r}; it must be a list of {kind}", "bad-option")
    return tuple(values)


@dataclass(frozen=True)
class _Lowercased:
    """A tokenizer that is given texts in lower case."""

    function: Tokenizer

    def __call__(self, text: str) -> Iterable[str]:
        return self.function(text.lower())


def _spec(
    metric: str,
    prefix: str,
    options: dict[str, Any],
    tokenizers: list[GivenTokenizer],
    *,
    by_lines: bool = False,
    lower_functions: bool = False,
) -> Spec:
    """The spec of a metric; a tokenizer that is a function, or runs in Python under a name, goes to `tokenizers`."""
    tokenizer = options.get("tokenizer")
    function: Tokenizer | None = None
    given = None
    if isinstance(tokenizer, str) and is_python_tokenizer(tokenizer):
        function, given = named_tokenizer(tokenizer)
        lower = bool(options["lowercase"])
    elif callable(tokenizer):
        function, given = tokenizer, _qualified_name(tokenizer)
        lower = lower_functions
    if function is not None:
        pair = (_Lowercased(function) if lower else function, by_lines)
        if pair not in tokenizers:
            tokenizers.append(pair)
        options = {**options, "tokenizer": {"view": tokenizers.index(pair) + 1, "lowercased": lower}}
    return {"name": f"{prefix}{metric}", "metric": metric, "options": options, "tokenizer": given}


def compile_metrics(metrics: Iterable[Metric]) -> _core.Scorer:
    """The core's scorer of `metrics`.

    Raises:
        ConfigError: There is no metric, one cannot be measured, or two would make the same column.
    """
    tokenizers: list[GivenTokenizer] = []
    specs = [spec for metric in metrics for spec in metric.specs(tokenizers)]
    information = []
    for spec in specs:
        weights = spec["options"].get("weights")
        if isinstance(weights, _core.Information):
            information.append(weights)
            spec["options"]["weights"] = weights.fingerprint
        # JSON has no infinities and no NaN. As strings they reach the check of their option.
        spec["options"] = {name: _as_json(value) for name, value in spec["options"].items()}
    return _core.Scorer(json.dumps(specs, default=repr), tokenizers, information)


def _as_json(value: object) -> object:
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _described(transform: Transform) -> str:
    """A transform as signatures name it; `|` and `:` would part them."""
    what = repr(transform) if isinstance(transform, BUILT_IN) else _qualified_name(transform)
    return what.replace("|", "\\x7c").replace(":", "\\x3a").replace("\n", "\\n")


def _qualified_name(tokenizer: Callable[..., Any]) -> str:
    if isinstance(tokenizer, Pipeline):
        before = ">".join(_described(transform) for transform in tokenizer.transforms)
        cut = tokenizer.tokenizer if isinstance(tokenizer.tokenizer, str) else _qualified_name(tokenizer.tokenizer)
        return f"{before}>{cut}{'[lower]' if tokenizer.lowercase else ''}"
    named = tokenizer if hasattr(tokenizer, "__qualname__") else type(tokenizer)
    # Methods written in C have no module.
    return ".".join(filter(None, (getattr(named, "__module__", None), named.__qualname__)))


@dataclass(frozen=True)
class OutputInfo:
    """One number that a metric makes.

    Attributes:
        part: The end of its column's name: `f` in `rouge1.f`.
        summary: What it says.
        lowest: The least it can be.
        highest: The most it can be.
        higher_is_better: `None` if neither direction is better.
    """

    part: str
    summary: str
    lowest: float
    highest: float
    higher_is_better: bool | None


@dataclass(frozen=True)
class MetricInfo:
    """A registered metric.

    Attributes:
        name: What a scorer is asked for.
        family: The class and the page of the documentation that it belongs to.
        summary: What it measures.
        source: The paper, or package and version, that defines it.
        options: Its options with their defaults.
        outputs: The numbers it makes.
        headline: The part that stands for all where one has to.
        corpus: How the score of a corpus comes about: `"mean"` of the pairs' scores, or `"pooled"` counts.
    """

    name: str
    family: str
    summary: str
    source: str
    options: Mapping[str, Any]
    outputs: tuple[OutputInfo, ...]
    headline: str
    corpus: Literal["mean", "pooled"]


def list_metrics() -> list[MetricInfo]:
    """Every registered metric, in the order of the documentation."""
    return [
        MetricInfo(**{**entry, "outputs": tuple(OutputInfo(**output) for output in entry["outputs"])})
        for entry in _core.registry()
    ]
