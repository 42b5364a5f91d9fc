"""The mean win rate, by which HELM's boards rank."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Literal

from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["mean_win_rates"]


def mean_win_rates(
    scores: Mapping[str, Mapping[str, float | None]],
    *,
    lower_is_better: Mapping[str, bool | None] | None = None,
    aggregation: Literal["mean", "median"] = "mean",
) -> dict[str, float | None]:
    """How often each model beats another one drawn at random, over the scenarios.

    In a scenario, the models that do worse count 1 and those that do as well a half. Scenarios with fewer than two
    scores count for nobody.

    Args:
        scores: The score of each model in each scenario; `None` or NaN where there is none.
        lower_is_better: Scenarios whose scores are errors (True), or have no order and don't count (None).
        aggregation: Of the scenarios.

    Returns:
        The rate for each model; `None` for one that was compared nowhere.

    Raises:
        ConfigError: The aggregation is neither of its choices.
    """
    if aggregation not in ("mean", "median"):
        raise ConfigError(f"the aggregation is mean or median, not {aggregation!r}", "bad-option")
    direction = dict(lower_is_better or {})
    rates: dict[str, list[float]] = {model: [] for model in scores}
    for scenario in dict.fromkeys(name for row in scores.values() for name in row):
        lower = direction.get(scenario, False)
        values = {
            model: value
            for model, row in scores.items()
            if (value := row.get(scenario)) is not None and not math.isnan(value)
        }
        if lower is None or len(values) < 2:
            continue
        for model, value in values.items():
            worse = sum(other > value if lower else other < value for other in values.values())
            ties = sum(other == value for other in values.values())
            rates[model].append((worse + (ties - 1) / 2) / (len(values) - 1))
    # Exact before they are rounded, as HELM's are.
    combine = statistics.mean if aggregation == "mean" else statistics.median
    return {model: float(combine(each)) if each else None for model, each in rates.items()}
