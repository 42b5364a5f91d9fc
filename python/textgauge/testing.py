"""Scores in tests: `assert_scores` fails with the metric, the score, the bound and the worst rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.errors import ConfigError
from textgauge.named_columns import scorer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from textgauge.io.columns import Column
    from textgauge.metrics import Metric

__all__ = ["assert_scores"]

# Rows that a failure shows.
_WORST = 3
# Characters of a text that it shows.
_SHOWN = 80


def assert_scores(
    predictions: Column,
    references: Column,
    *,
    at_least: Mapping[str, float] | None = None,
    at_most: Mapping[str, float] | None = None,
    metrics: Iterable[str | Metric] = (),
    per_row: bool = False,
) -> None:
    """Fails unless scores are within bounds.

    >>> assert_scores(["the cat"], ["the cat sat"], at_least={"rouge1.p": 1, "rouge1": 0.8}, at_most={"wer": 0.4})

    Args:
        predictions: As for `Scorer.score`.
        references: As for `Scorer.score`.
        at_least: The least that scores may be: by column, such as `"rouge1.f"`, or by metric, such as `"rouge1"`,
            which stands for its headline score.
        at_most: The most that they may be.
        metrics: Metrics with options of their own, where bounds name columns of theirs.
        per_row: Whether every row has to be within the bounds, and not the corpus.

    Raises:
        AssertionError: A score is out of bounds, or NaN.
        ConfigError: There is no bound, or no such metric or column.
        InputError: As for `Scorer.score`.
    """
    __tracebackhide__ = True  # pytest shows the caller's line
    bounds = [
        (kind, name, bound)
        for kind, each in (("at least", at_least), ("at most", at_most))
        for name, bound in (each or {}).items()
    ]
    if not bounds:
        raise ConfigError("there is no bound; give at_least or at_most", "bad-option")
    predictions, references = (
        list(texts) if isinstance(texts, Iterator) else texts for texts in (predictions, references)
    )
    scorer, columns = scorer_of(dict.fromkeys(name for _, name, _ in bounds), metrics)
    result = scorer.score(predictions, references)
    problems = []
    for kind, name, bound in bounds:
        rows = result[columns[name]]
        if per_row:
            outside = int(np.count_nonzero(~_within(rows, kind, bound)))
            what, shown = f"out of bounds in {outside} of {len(rows)} rows", min(outside, _WORST)
        else:
            score = result.corpus[columns[name]]
            outside = not _within(score, kind, bound)
            what, shown = f"{score:.6g} over {len(rows)} rows", _WORST
        if outside:
            problems.append(f"{name} is {what}; it must be {kind} {bound:g}")
            problems += [_shown(row, rows, predictions, references) for row in _worst(rows, kind)[:shown]]
    if problems:
        raise AssertionError("\n".join(problems))


def _within(scores: Any, kind: str, bound: float) -> Any:  # noqa: ANN401 - of arrays an array
    return scores >= bound if kind == "at least" else scores <= bound


def _worst(scores: npt.NDArray[np.float64], kind: str) -> list[int]:
    """The rows, the worst first."""
    ordered = np.where(np.isnan(scores), -np.inf, scores if kind == "at least" else -scores)
    return [int(row) for row in np.argsort(ordered, kind="stable")]


def _shown(row: int, scores: npt.NDArray[np.float64], predictions: Any, references: Any) -> str:  # noqa: ANN401
    texts = (_shortened(repr(list(column)[row])) for column in (predictions, references))
    return "  row {}: {:.6g}, prediction {}, reference {}".format(row, scores[row], *texts)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
