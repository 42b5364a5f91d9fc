"""The metrics, each as a value that says what is measured and how."""

from __future__ import annotations

import functools
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias, TypedDict

from textgauge import _core
from textgauge._tokenizers import is_python_tokenizer, named_tokenizer
from textgauge.transforms import BUILT_IN, Pipeline, Transform, pipeline

__all__ = [
    "Bleu",
    "Cer",
    "Chrf",
    "EditDistance",
    "EditSimilarity",
    "Mer",
    "Metric",
    "MetricInfo",
    "OutputInfo",
    "Rouge",
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
    `.p1` (precision in percent), `.correct1` and `.total1` (counts) and so on.

    Attributes:
        tokenizer: `"13a"`, `"intl"`, `"zh"`, `"char"`, `"none"` (`str.split`) as in sacrebleu; `"ja-mecab"`,
            `"ko-mecab"` (extras `ja`, `ko`); `"flores101"`, `"flores200"`, `"spBLEU-1K"`, `"spm"` or `"spm:FILE"`,
            SentencePiece models (extra `spm`); one that `Rouge` takes; or a function from a text to its tokens.
        lowercase: Whether texts are lower-cased before all else.
        max_order: The longest n-grams, 1 to 16.
        smoothing: What is done about orders without a match: `"exp"` (each halves the precision once more),
            `"floor"` (so many matches instead of none), `"add-k"` (so many more n-grams, matched and in all, above
            order 1), `"none"`.
        smoothing_value: For `"floor"` (default 0.1) and `"add-k"` (default 1).
        effective_order: Whether orders are left out for which the prediction is too short. `None` is sacrebleu's
            default: for single pairs, not for corpora.
        prefix: Put before the names of columns, so that a scorer can hold two variants of one metric.

    Raises:
        ConfigError: There is no such option; a package or a model is missing.
    """

    tokenizer: str | Tokenizer = "13a"
    lowercase: bool = False
    max_order: int = 4
    smoothing: Literal["exp", "floor", "add-k", "none"] = "exp"
    smoothing_value: float | None = None
    effective_order: bool | None = None


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

    @property
    def metric(self) -> str:
        """`chrf`, `chrf+` or `chrf++`."""
        return "chrf" + "+" * min(self.word_order, 2)


@dataclass(frozen=True, kw_only=True, repr=False)
class Ter(_OneMetric):
    """TER, the translation edit rate: edits in percent of the reference's words; from 0 up, lower is better.

    Snover et al. 2006, "A Study of Translation Edit Rate with Targeted Human Annotation". Edits are insertions, deletions,
    substitutions and shifts of several words at once. Every number is equal, bit for bit, to sacrebleu 2.6.0's, its
    approximations of tercom included. Outputs: `ter`; `.edits`, to the reference that takes fewest; `.ref_len`, the mean
    length of the references.

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
        if not isinstance(self.transforms, tuple):
            object.__setattr__(self, "transforms", tuple(self.transforms))
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
        transforms: What is done to texts before they are cut, in order: `textgauge.transforms`, or their names.
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

_FAMILIES: dict[str, Callable[[str], Metric]] = {
    "rouge": Rouge,
    "bleu": lambda _: Bleu(),
    "chrf": lambda name: Chrf(word_order=name.count("+")),
    "ter": lambda _: Ter(),
    "edit": lambda name: _EDIT[name](),
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
    for spec in specs:
        # JSON has no infinities and no NaN. As strings they reach the check of their option.
        spec["options"] = {
            name: repr(value) if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in spec["options"].items()
        }
    return _core.Scorer(json.dumps(specs, default=repr), tokenizers)


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
