"""Checks on columns: what makes their scores doubtful."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.metrics import Diagnostics
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from textgauge.io.records import Part
    from textgauge.metrics import Metric

__all__ = ["ColumnChecks"]

# So large a share of rows is worth a word. In honest outputs of many kinds less than 4 % of rows look like this.
SHARE = 0.05

# A row looks gamed if its precision would be so much higher if repetition counted, ...
REPETITION = 0.4
# ... or if it has at least so many of its words right but at most so many of those in order.
RIGHT_WORDS, IN_ORDER = 0.5, 0.4

ROWS_NAMED = 5


@dataclass
class _Suspicion:
    """Rows that look alike in one doubtful way."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, rows: npt.NDArray[np.intp]) -> None:
        self.count += len(rows)
        self.first += rows[: ROWS_NAMED - len(self.first)].tolist()

    def share_of(self, rows: int) -> float:
        return self.count / rows if rows else 0.0

    def named(self) -> str:
        more = ", …" if self.count > len(self.first) else ""
        return f"row{'s' if self.count > 1 else ''} {', '.join(map(str, self.first))}{more}"


class ColumnChecks:
    """Counts doubtful rows, as the tokenizers of some metrics see them."""

    def __init__(self, metrics: Iterable[Metric], threads: int | None) -> None:
        options = dict.fromkeys(
            (metric.tokenizer, metric.lowercase)  # type: ignore[attr-defined]
            for metric in metrics
            if {"tokenizer", "lowercase"} <= set(metric.option_names())
        )
        self._scorers = [
            (tokenizer, Scorer(Diagnostics(tokenizer=tokenizer, lowercase=lowercase), threads=threads))
            for tokenizer, lowercase in options
        ]
        self._rows = 0
        self._suspicions: dict[tuple[str, str], _Suspicion] = {}

    def look(self, part: Part) -> None:
        """Looks at some rows; those with missing texts count as empty."""
        self._rows += len(part.predictions)
        blank = {
            "predictions": np.array([_is_blank(text) for text in part.predictions]),
            "references": np.array([_is_blank(text) for text in part.references]),
        }
        for tokenizer, scorer in self._scorers:
            result = scorer.score(part.predictions, part.references, nulls="empty")
            empty, empty_reference, order, clipped, unclipped = (
                result[f"diagnostics.{name}"]
                for name in ("empty", "empty_reference", "order", "clipped1", "unclipped1")
            )
            suspicious = {
                "predictions": (empty == 1) & ~blank["predictions"],
                "references": (empty_reference == 1) & ~blank["references"],
                "repetition": unclipped - clipped >= REPETITION,
                "order": (clipped >= RIGHT_WORDS) & (order <= IN_ORDER),
            }
            for kind, rows in suspicious.items():
                suspicion = self._suspicions.setdefault((str(tokenizer), kind), _Suspicion())
                suspicion.add(np.flatnonzero(rows) + part.chunk.first)

    def warnings(self) -> list[str]:
        """What is worth a word, most of all first."""
        found = sorted(self._suspicions.items(), key=lambda item: -item[1].count)
        return [
            _describe(kind, tokenizer, suspicion, suspicion.share_of(self._rows))
            for (tokenizer, kind), suspicion in found
            if suspicion.share_of(self._rows) >= SHARE
        ]


def _is_blank(text: Any) -> bool:  # noqa: ANN401 - a text, a list of texts, or something missing
    if isinstance(text, list):
        return all(map(_is_blank, text))
    return not isinstance(text, str) or not text.strip()


def _describe(kind: str, tokenizer: str, suspicion: _Suspicion, share: float) -> str:
    percent = f"{100 * share:.0f} %"
    rows = suspicion.named()
    if kind == "repetition":
        return f"{percent} of predictions repeat right words: if all of them counted, precision would soar ({rows})"
    if kind == "order":
        return f"{percent} of predictions have the right words in another order, which unigrams don't see ({rows})"
    other = "words" if tokenizer != "words" else "characters"
    return (
        f"{percent} of {kind} have text but no token under the tokenizer {tokenizer!r} ({rows}): "
        f"a wrong tokenizer? --tokenizer {other} reads any script"
    )
