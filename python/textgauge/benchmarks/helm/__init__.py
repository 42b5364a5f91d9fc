"""HELM: scenarios with a metric of their own each, averaged over trials, at worst over perturbations, and win rates.

>>> from textgauge.benchmarks import helm
>>> helm.mean_win_rates({"a": {"boolq": 0.7, "imdb": 0.9}, "b": {"boolq": 0.8, "imdb": 0.9}})
{'a': 0.25, 'b': 0.75}
"""

from textgauge.benchmarks.helm import bias
from textgauge.benchmarks.helm.items import HelmItem
from textgauge.benchmarks.helm.scores import HelmScores, ScenarioScores, score
from textgauge.benchmarks.helm.tables import (
    CLASSIC,
    FAIRNESS,
    LITE,
    METRICS,
    ROBUSTNESS,
    SCENARIOS,
    HelmMetric,
    available_metrics,
    left_out_metrics,
    main_metric,
    run_group,
)
from textgauge.benchmarks.helm.win_rates import mean_win_rates

__all__ = [
    "CLASSIC",
    "FAIRNESS",
    "LITE",
    "METRICS",
    "ROBUSTNESS",
    "SCENARIOS",
    "HelmItem",
    "HelmMetric",
    "HelmScores",
    "ScenarioScores",
    "available_metrics",
    "bias",
    "left_out_metrics",
    "main_metric",
    "mean_win_rates",
    "run_group",
    "score",
]
