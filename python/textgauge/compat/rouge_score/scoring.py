"""Scores and their bootstrap intervals: `rouge_score.scoring` of rouge-score 0.1.2."""

from __future__ import annotations

import abc
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from textgauge.stats import peer_sampling

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AggregateScore", "BaseScorer", "BootstrapAggregator", "Score", "fmeasure"]


class Score(NamedTuple):
    """Precision, recall and F, each from 0 to 1."""

    precision: float
    recall: float
    fmeasure: float


class AggregateScore(NamedTuple):
    """The scores at the lower end of an interval, in the middle (the median) and at the upper end."""

    low: Score
    mid: Score
    high: Score


class BaseScorer(metaclass=abc.ABCMeta):
    """What scores a pair of texts."""

    @abc.abstractmethod
    def score(self, target: str | bytes, prediction: str | bytes) -> Mapping[str, Score]:
        """The scores of `prediction`, by name."""


class BootstrapAggregator:
    """Collects the scores of pairs, and gives their means with bootstrap intervals.

    It draws from NumPy's global generator: call `numpy.random.seed` for the same numbers each time.
    """

    def __init__(self, confidence_interval: float = 0.95, n_samples: int = 1000) -> None:
        """Takes the share of samples inside the interval, and how many samples to draw.

        Raises:
            ValueError: One of them is out of range.
        """
        if confidence_interval < 0 or confidence_interval > 1:
            raise ValueError("confidence_interval must be in range [0, 1]")
        if n_samples <= 0:
            raise ValueError("n_samples must be positive")
        self._n_samples = n_samples
        self._confidence_interval = confidence_interval
        self._scores: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)

    def add_scores(self, scores: Mapping[str, tuple[float, ...]]) -> None:
        """Adds the scores of one pair, by name."""
        for name, score in scores.items():
            self._scores[name].append(score)

    def aggregate(self) -> dict[str, AggregateScore]:
        """The interval of each name, in the order in which names were met."""
        return {name: self._aggregate(scores) for name, scores in self._scores.items()}

    def _aggregate(self, scores: list[tuple[float, ...]]) -> AggregateScore:
        rows = np.vstack(tuple(scores))
        ends = peer_sampling.rouge_score_bootstrap(rows, self._n_samples, self._confidence_interval)
        low, mid, high = (type(scores[0])(*end) for end in ends)
        return AggregateScore(low=low, mid=mid, high=high)  # type: ignore[arg-type]


def fmeasure(precision: float, recall: float) -> float:
    """The harmonic mean of precision and recall; 0.0 if both are 0."""
    if precision + recall > 0:
        return 2 * precision * recall / (precision + recall)
    return 0.0
