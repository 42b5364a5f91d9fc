"""How well confidences tell accuracies: the errors that MMLU's repository and HELM report.

All functions take the confidence in each answer, between 0 and 1, and whether it is right.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Values = Sequence[float] | npt.NDArray[Any]

__all__ = ["Platt", "ece", "ece_equal_mass", "fit_platt", "rms_ce", "rms_ce_hendrycks", "selective", "softmax"]

# Added to the number of items in a bin, so that empty ones divide.
TINY = np.finfo(np.float64).eps


def softmax(logprobs: Values) -> Floats:
    """Probabilities that add up to 1, along the last axis."""
    values = np.asarray(logprobs, np.float64)
    shifted = np.exp(values - np.max(values, axis=-1, keepdims=True))
    return np.asarray(shifted / np.sum(shifted, axis=-1, keepdims=True))


def ece(confidences: Values, correct: Values, bins: int = 30) -> float:
    """The expected calibration error over even bins, as in MMLU's repository.

    A confidence of at most one half counts as confidence in the opposite: 0.3 in a right answer as 0.7 in a wrong one.

    Raises:
        InputError: The answers cannot be measured.
        ConfigError: The number of bins is not a whole number above 0.
    """
    _check_positive(bins, "number of bins")
    confident, right = _at_least_half(*_checked(confidences, correct))
    edges = np.linspace(0.0, 1.0, bins + 1)[1:]
    errors, weights = _bins(confident, right, edges, bins)
    return float(np.sum(np.abs(errors * weights)))


def rms_ce(confidences: Values, correct: Values, items_per_bin: int = 100) -> float:
    """The root mean square calibration error over bins of equal numbers of items, as textbooks define it.

    Raises:
        InputError: The answers cannot be measured.
        ConfigError: The number of items in a bin is not a whole number above 0.
    """
    _check_positive(items_per_bin, "number of items in a bin")
    confident, right = _checked(confidences, correct)
    errors, weights = _bins(confident, right, *_equal_edges(confident, items_per_bin))
    return float(np.sqrt(np.sum(weights * np.square(errors))))


def rms_ce_hendrycks(confidences: Values, correct: Values, items_per_bin: int = 100) -> float:
    """What MMLU's repository reports under that name.

    It squares the weights with the errors and takes the root twice, and it takes a confidence of at most one half
    for confidence in the opposite, as `ece` does.

    Raises:
        InputError: The answers cannot be measured.
        ConfigError: The number of items in a bin is not a whole number above 0.
    """
    _check_positive(items_per_bin, "number of items in a bin")
    confident, right = _at_least_half(*_checked(confidences, correct))
    errors, weights = _bins(confident, right, *_equal_edges(confident, items_per_bin))
    return float(np.sqrt(np.sqrt(np.sum(np.square(errors * weights)))))


def ece_equal_mass(confidences: Values, correct: Values, bins: int = 10) -> float:
    """The expected calibration error over bins of equal numbers of items, as in HELM (`ece_10_bin`).

    With one bin it is HELM's `ece_1_bin`: the distance between mean confidence and accuracy.

    Raises:
        InputError: The answers cannot be measured.
        ConfigError: The number of bins is not a whole number above 0.
    """
    _check_positive(bins, "number of bins")
    confident, right = _checked(confidences, correct)
    parts = np.array_split(np.sort(confident), min(bins, len(confident)))
    between = [(low[-1] + high[0]) / 2.0 for low, high in itertools.pairwise(parts)]
    edges = np.array(sorted({*between, 1.0}))  # np.unique loads masked arrays
    number = np.searchsorted(edges, confident)
    counts = np.bincount(number, minlength=len(edges))
    gaps = np.bincount(number, weights=confident, minlength=len(edges))
    gaps -= np.bincount(number, weights=right, minlength=len(edges))
    return float(np.sum(np.abs(gaps[counts > 0])) / len(confident))


def selective(confidences: Values, correct: Values, coverage: float = 0.1) -> tuple[float, float]:
    """The area under the curve of accuracy by coverage, and the accuracy at a coverage.

    HELM's `selective_cov_acc_area` and `selective_acc@10`. Items of equal confidence keep their order. At a coverage
    of 1 the accuracy is that over all items.

    Raises:
        InputError: The answers cannot be measured.
        ConfigError: The coverage is not between 0 and 1.
    """
    if not 0.0 <= coverage <= 1.0:
        raise ConfigError(f"a coverage is between 0 and 1, not {coverage!r}", "bad-option")
    confident, right = _checked(confidences, correct)
    order = np.argsort(-confident, kind="stable")
    accuracies = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    # HELM counts from 0, so one item more is covered than asked for, where there is one.
    last = min(int(coverage * len(right)), len(right) - 1)
    return float(np.mean(accuracies)), float(accuracies[last])


@dataclass(frozen=True)
class Platt:
    """A logistic curve that maps confidences to calibrated ones; `fit_platt` makes it."""

    coefficient: float
    intercept: float

    def __call__(self, confidences: Values) -> Floats:
        """The calibrated confidences."""
        return _logistic(self.coefficient * _logit(np.asarray(confidences, np.float64)) + self.intercept)


def fit_platt(confidences: Values, correct: Values) -> Platt | None:
    """The logistic regression of correctness on the logit of confidence, with HELM's penalty (C = 1e10).

    Found by Newton's method to the optimum; HELM's optimiser stops earlier, so coefficients differ by up to 0.005 and
    errors after the scaling by 0.0001. `None` if all answers are right or all are wrong: HELM then takes the
    calibrated error for 0.
    """
    confident, right = _checked(confidences, correct)
    if right.min() == right.max():
        return None
    columns = np.stack([_logit(confident), np.ones_like(confident)], axis=1)
    penalty = np.diag([1e-10, 0.0])
    weights = np.zeros(2)

    def loss(weights: Floats) -> float:
        margins = columns @ weights
        return float(np.sum(np.logaddexp(0.0, margins) - right * margins) + 0.5 * weights @ penalty @ weights)

    for _ in range(100):
        fitted = _logistic(columns @ weights)
        gradient = columns.T @ (fitted - right) + penalty @ weights
        curvature = (columns * (fitted * (1.0 - fitted))[:, None]).T @ columns + penalty
        step, before = np.linalg.lstsq(curvature, gradient, rcond=None)[0], loss(weights)
        size = 1.0
        while size > 1e-10 and loss(weights - size * step) > before:
            size /= 2.0
        weights = weights - size * step
        if np.max(np.abs(size * step)) <= 1e-12 * max(1.0, np.max(np.abs(weights))) or size <= 1e-10:
            break
    return Platt(float(weights[0]), float(weights[1]))


def _check_positive(number: int, what: str) -> None:
    if not isinstance(number, (int, np.integer)) or number < 1:
        raise ConfigError(f"the {what} is a whole number above 0, not {number!r}", "bad-option")


def _checked(confidences: Values, correct: Values) -> tuple[Floats, Floats]:
    confident, right = np.asarray(confidences, np.float64), np.asarray(correct, np.float64)
    if confident.ndim != 1 or confident.shape != right.shape:
        raise InputError(
            f"confidences of shape {confident.shape} for answers of shape {right.shape}", "unequal-lengths"
        )
    if not len(confident):
        raise InputError("there are no answers", "no-row")
    for values, allowed, what in (
        (confident, (confident >= 0.0) & (confident <= 1.0), "a confidence is between 0 and 1"),
        (right, (right == 0.0) | (right == 1.0), "an answer is right or wrong, 1 or 0"),
    ):
        if not allowed.all():
            row = int(np.flatnonzero(~allowed)[0])
            raise InputError(f"row {row}: {what}, not {values[row]}", "bad-record", row)
    return confident, right


def _at_least_half(confident: Floats, right: Floats) -> tuple[Floats, Floats]:
    opposite = 1.0 - confident >= confident
    return np.where(opposite, 1.0 - confident, confident), np.where(opposite, 1.0 - right, right)


def _equal_edges(confident: Floats, items_per_bin: int) -> tuple[Floats, int]:
    """The lower edges of all bins but the first, and the number of bins."""
    bins = len(confident) // items_per_bin
    starts = np.round(np.linspace(0, len(confident), bins, endpoint=False)).astype(int)
    return np.sort(confident)[np.minimum(starts, len(confident) - 1)][1:], bins


def _bins(confident: Floats, right: Floats, edges: Floats, bins: int) -> tuple[Floats, Floats]:
    """Accuracy less confidence, and the share of all items, for each bin."""
    number = np.digitize(confident, edges)
    counts = np.bincount(number, minlength=bins) + TINY
    confidence = np.bincount(number, weights=confident, minlength=bins) / counts
    accuracy = np.bincount(number, weights=right, minlength=bins) / counts
    return accuracy - confidence, counts / float(len(confident))


def _logit(confident: Floats) -> Floats:
    clipped = np.clip(confident, 1e-12, 1.0 - 1e-12)
    return np.asarray(np.log(clipped / (1.0 - clipped)))


def _logistic(values: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * values)))
