"""Scorers for columns that are asked for by name, such as `rougeL.f`, or `rougeL` for short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textgauge.aggregate import headline_name
from textgauge.errors import ConfigError
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textgauge.metrics import Metric

__all__ = ["headlines", "is_lower_better", "scorer_of"]


def headlines(scorer: Scorer) -> dict[str, str]:
    """What people call the score of each metric, such as `rougeL`, with its column, such as `rougeL.f`."""
    names = scorer.signatures
    return {headline_name(column, names): column for column in scorer._compiled.headlines}


def scorer_of(names: Iterable[str], metrics: Iterable[str | Metric] = ()) -> tuple[Scorer, dict[str, str]]:
    """A scorer that has all these names, and the column that each stands for.

    Args:
        names: Columns, or metrics, which stand for their headline score.
        metrics: Metrics with options of their own; those that names are of besides have their defaults.

    Raises:
        ConfigError: There is no such metric or column.
    """
    names, metrics = list(names), list(metrics)
    known: set[str] = set()
    if metrics:
        given = Scorer(metrics)
        known = {*given.columns, *given.signatures}
    for name in names:
        metric = name.partition(".")[0]
        if not {name, metric} & known:
            metrics.append(metric)
            known.add(metric)
    scorer = Scorer(metrics)
    return scorer, {name: _column(name, scorer) for name in names}


def is_lower_better(scorer: Scorer) -> dict[str, bool]:
    """For each column whether less of it is better."""
    directions = scorer.measure([], [])._table.directions
    return {column: direction is False for column, direction in zip(scorer.columns, directions, strict=True)}


def _column(name: str, scorer: Scorer) -> str:
    if name in scorer.columns:
        return name
    if name in (short := headlines(scorer)):
        return short[name]
    raise ConfigError(f"there is no column {name!r}; there are {', '.join(scorer.columns)}", "bad-option")
