"""The metrics, each as a value that says what is measured and how."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypedDict

from textgauge import _core

__all__ = ["Metric", "MetricInfo", "OutputInfo", "Rouge", "Tokenizer", "compile_metrics", "list_metrics"]

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
            (UAX #29), or a function from a text to its tokens. `rougeLsum` calls it with one line at a time.
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
        tokenizer: Literal["rouge", "whitespace", "words", "characters", "graphemes"] | Tokenizer = "rouge",
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
        tokenizer: object = self.tokenizer
        given = None
        if callable(self.tokenizer):
            pair = (self.tokenizer, name == "rougeLsum")
            if pair not in tokenizers:
                tokenizers.append(pair)
            tokenizer = {"view": tokenizers.index(pair) + 1}
            given = _qualified_name(self.tokenizer)
        options = {
            "tokenizer": tokenizer,
            "stemmer": self.stemmer,
            "lowercase": self.lowercase,
            "multiref": self.multiref,
            "beta": self.beta,
        }
        return {"name": f"{self.prefix}{name}", "metric": name, "options": options, "tokenizer": given}


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


def _qualified_name(tokenizer: Tokenizer) -> str:
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
        corpus: How the score of a corpus comes about: `"mean"` of the pairs' scores, or `"pooled"` counts.
    """

    name: str
    family: str
    summary: str
    source: str
    options: Mapping[str, Any]
    outputs: tuple[OutputInfo, ...]
    corpus: Literal["mean", "pooled"]


def list_metrics() -> list[MetricInfo]:
    """Every registered metric, in the order of the documentation."""
    return [
        MetricInfo(**{**entry, "outputs": tuple(OutputInfo(**output) for output in entry["outputs"])})
        for entry in _core.registry()
    ]
