"""Answers to questions: exact match, the metrics of SQuAD and its kin, HELM's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from textgauge._value import Value
from textgauge.errors import ConfigError
from textgauge.metrics.base import Metric, SingleMetric, Source, Spec, as_tuple, compile_metrics, make_spec, read_by
from textgauge.metrics.info import families

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.text.transforms import Transform

__all__ = ["ExactMatch", "Helm", "Mlqa", "Squad", "Triviaqa"]


class ExactMatch(SingleMetric):
    """Exact match: 1 if the prediction is the same text as a reference, else 0.

    Every number is that of Hugging Face evaluate's `exact_match`. What is to be ignored is removed from both texts:
    first the regular expressions, then case, punctuation, digits. Its column is `exact_match`.

    Attributes:
        regexes_to_ignore: Regular expressions of Python's `re`, of which every match is removed. They run in Python;
            without them nothing does.
        ignore_case: Whether texts are lower-cased.
        ignore_punctuation: Whether ASCII punctuation is removed.
        ignore_numbers: Whether ASCII digits are removed.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
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
            regexes = as_tuple("exact_match", "regexes_to_ignore", self.regexes_to_ignore, "str")
            if not all(isinstance(regex, str) for regex in regexes):
                problem = f"regexes_to_ignore is {self.regexes_to_ignore!r}; it must be a list of str"
                raise ConfigError(f"exact_match: {problem}", "bad-option")
            self._set("regexes_to_ignore", regexes or None)
        try:
            for regex in self.regexes_to_ignore or ():
                re.compile(regex)
        except re.error as error:
            problem = f"regexes_to_ignore has {error.pattern!r}, which is no regular expression: {error}"
            raise ConfigError(f"exact_match: {problem}", "bad-option") from error
        super().__post_init__()

    def specs(self, sources: list[Source]) -> list[Spec]:
        """See `Metric.specs`."""
        if self.regexes_to_ignore is None:
            return super().specs(sources)
        import json  # seldom needed

        (spec,) = super().specs([])
        rest = _Rest(tuple(self.regexes_to_ignore), self.ignore_case, self.ignore_punctuation, self.ignore_numbers)
        read_by(rest, "regexes_to_ignore", spec, self, sources, self.ignore_case)
        spec["tokenizer"] = f"without{json.dumps(self.regexes_to_ignore)}"
        return [spec]


class _Rest(Value):
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
        import string

        removed = string.punctuation * self.ignore_punctuation + string.digits * self.ignore_numbers
        return [text.translate(str.maketrans("", "", removed)).rstrip("\0")]


class Squad(SingleMetric):
    """SQuAD: exact match and F1 of the words of an answer; 0 to 100, higher is better.

    Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text". Every number of a pair is
    that of the official script of SQuAD 1.1. Texts are lower-cased and lose ASCII punctuation and the articles
    a, an and the. Outputs: `squad.em`, whether the same words are left as of any answer; `squad.f1`, F1 of words
    shared with the answer for which it is highest.

    Attributes:
        version: 1, or 2 for the scores that SQuAD 2.0 gives a pair: two texts without words have F1 1, not 0, and
            answers without words count only if there are no others. Then a question without an answer may have an
            empty list of references. `textgauge.benchmarks.squad.squad_v2` reports all that its script does.
        percent: Whether scores go up to 100, not 1.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is out of range.
    """

    version: Literal[1, 2] = 1
    percent: bool = True


class Mlqa(SingleMetric):
    """MLQA: SQuAD's exact match and F1 in other languages; 0 to 100, higher is better.

    Lewis et al. 2020, "MLQA: Evaluating Cross-lingual Extractive Question Answering". Every number of a pair is that
    of the official script. Texts are lower-cased and lose the punctuation of all Unicode and the articles of their
    language; Chinese characters are words. Outputs: `mlqa.em` and `mlqa.f1`, as those of `Squad`.

    Attributes:
        language: That of the answers: en, es, hi, vi, de, ar or zh.
        percent: Whether scores go up to 100, not 1.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is out of range.
    """

    language: Literal["en", "es", "hi", "vi", "de", "ar", "zh"] = "en"
    percent: bool = True


class Triviaqa(SingleMetric):
    """TriviaQA: SQuAD's exact match and F1 with other punctuation; 0 to 100, higher is better.

    Joshi et al. 2017, "TriviaQA: A Large Scale Distantly Supervised Challenge Dataset for Reading Comprehension". Every
    number of a pair is that of the official script. Texts are lower-cased; a blank takes the place of each ASCII
    punctuation mark and of the quotation marks U+2018, U+2019 and U+00B4; then the articles a, an and the are left out.
    Outputs: `triviaqa.em` and `triviaqa.f1`, as those of `Squad`.

    Attributes:
        percent: Whether scores go up to 100, not 1.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is of the wrong type.
    """

    percent: bool = True


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
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such metric, or two are the same.
    """

    names: tuple[str, ...] = ()

    def __init__(
        self, *names: str, transforms: str | Transform | Sequence[str | Transform] = (), prefix: str = ""
    ) -> None:
        known = (name.removeprefix(_HELM) for name in families() if name.startswith(_HELM))
        self._set("names", names or tuple(known))
        self._set("prefix", prefix)
        self._set_transforms(transforms)
        compile_metrics([self])  # refuses what cannot be measured

    def __repr__(self) -> str:
        options = {"transforms": (self.transforms, ()), "prefix": (self.prefix, "")}
        given = [f"{name}={value!r}" for name, (value, default) in options.items() if value != default]
        return f"Helm({', '.join([*map(repr, self.names), *given])})"

    def specs(self, sources: list[Source]) -> list[Spec]:
        """See `Metric.specs`."""
        return [make_spec(self, f"{_HELM}{name}", {}, sources) for name in self.names]


_HELM = "helm_"
