"""Calibration errors against their definitions, written out bin by bin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgauge as tg
from textgauge.benchmarks import calibration

SEED = np.random.default_rng(20200907)
CONFIDENCES = SEED.uniform(0.05, 1.0, 1234)
CORRECT = (SEED.uniform(size=1234) < CONFIDENCES**1.7).astype(int)

answers = st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), min_size=1, max_size=60)


def columns(pairs):
    return [confidence for confidence, _ in pairs], [int(right) for _, right in pairs]


def flipped(confidences, correct):
    """The repository of MMLU reads one probability as those of two classes and keeps the likelier."""
    both = [((1.0 - p, 1 - y), (p, y)) for p, y in zip(confidences, correct, strict=True)]
    return [zero if zero[0] >= one[0] else one for zero, one in both]


def equal_bins(pairs, per_bin):
    """Pairs by bins whose lower edges are the sorted confidences at even ranks."""
    ordered = sorted(p for p, _ in pairs)
    bins = len(pairs) // per_bin
    edges = [ordered[min(round(len(pairs) * k / bins), len(pairs) - 1)] for k in range(1, bins)]
    parts = [[] for _ in range(max(bins, 1))]
    for p, y in pairs:
        parts[sum(p >= edge for edge in edges)].append((p, y))
    return [part for part in parts if part]


def gaps(parts):
    """The share of all pairs in each bin, and its accuracy less its confidence."""
    total = sum(map(len, parts))
    for part in parts:
        yield len(part) / total, sum(y for _, y in part) / len(part) - sum(p for p, _ in part) / len(part)


def test_rms_ce_hendrycks_takes_the_root_twice():
    parts = equal_bins(flipped(CONFIDENCES, CORRECT), 100)
    expected = math.sqrt(math.sqrt(sum((share * gap) ** 2 for share, gap in gaps(parts))))
    assert calibration.rms_ce_hendrycks(CONFIDENCES, CORRECT) == pytest.approx(expected, rel=1e-12)


def test_rms_ce_is_the_textbooks():
    parts = equal_bins(list(zip(CONFIDENCES, CORRECT, strict=True)), 100)
    expected = math.sqrt(sum(share * gap**2 for share, gap in gaps(parts)))
    assert calibration.rms_ce(CONFIDENCES, CORRECT) == pytest.approx(expected, rel=1e-12)


def test_the_two_of_that_name_differ():
    # One bin: four answers of confidence 0.9, of which one is right.
    confidences, correct = [0.9] * 4, [1, 0, 0, 0]
    assert calibration.rms_ce(confidences, correct) == pytest.approx(0.65)
    assert calibration.rms_ce_hendrycks(confidences, correct) == pytest.approx(math.sqrt(0.65))


@given(answers)
def test_ece_by_hand(pairs):
    confidences, correct = columns(pairs)
    parts = [[] for _ in range(31)]
    for p, y in flipped(confidences, correct):
        parts[sum(p >= edge for edge in np.linspace(0, 1, 31)[1:])].append((p, y))
    expected = sum(share * abs(gap) for share, gap in gaps([part for part in parts if part]))
    assert calibration.ece(confidences, correct) == pytest.approx(expected, abs=1e-12)


def test_low_confidence_is_confidence_in_the_opposite():
    assert calibration.ece([0.3], [0]) == pytest.approx(0.3)
    assert calibration.ece([0.3], [1]) == pytest.approx(0.7)
    # The tie goes to the opposite as well: a right answer at one half is a wrong one.
    assert calibration.ece([0.5, 0.5], [1, 1]) == pytest.approx(0.5)


@given(answers)
def test_one_bin_is_confidence_less_accuracy(pairs):
    confidences, correct = columns(pairs)
    expected = abs(sum(confidences) - sum(correct)) / len(pairs)
    assert calibration.ece_equal_mass(confidences, correct, 1) == pytest.approx(expected, abs=1e-12)


@given(answers)
def test_equal_mass_by_hand(pairs):
    confidences, correct = columns(pairs)
    ordered, size = sorted(confidences), min(10, len(pairs))
    # The first bins take one more where the number does not divide.
    lengths = [len(pairs) // size + (k < len(pairs) % size) for k in range(size)]
    ends = [sum(lengths[: k + 1]) for k in range(size - 1)]
    edges = sorted({*((ordered[end - 1] + ordered[end]) / 2 for end in ends), 1.0})
    parts = [[] for _ in edges]
    for p, y in pairs:
        parts[sum(p > edge for edge in edges)].append((p, int(y)))
    expected = sum(share * abs(gap) for share, gap in gaps([part for part in parts if part]))
    assert calibration.ece_equal_mass(confidences, correct) == pytest.approx(expected, abs=1e-12)


def test_selective_by_hand():
    # By confidence: right, wrong, right, right.
    area, at_half = calibration.selective([0.2, 0.9, 0.4, 0.6], [1, 1, 1, 0], 0.5)
    assert area == pytest.approx((1 + 1 / 2 + 2 / 3 + 3 / 4) / 4)
    assert at_half == pytest.approx(2 / 3)
    assert calibration.selective([0.2], [1]) == (1.0, 1.0)


def test_all_items_are_covered_at_one():
    assert calibration.selective([0.2, 0.9, 0.4, 0.6], [1, 1, 1, 0], 1.0)[1] == 3 / 4


def test_platt_is_the_optimum():
    platt = calibration.fit_platt(CONFIDENCES, CORRECT)
    logits = np.log(CONFIDENCES / (1.0 - CONFIDENCES))

    def loss(coefficient, intercept):
        margins = coefficient * logits + intercept
        return np.sum(np.logaddexp(0.0, margins) - CORRECT * margins)

    least = loss(platt.coefficient, platt.intercept)
    steps = [(1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-3), (0.0, -1e-3)]
    assert all(loss(platt.coefficient + a, platt.intercept + b) > least for a, b in steps)
    # At the optimum confidence and accuracy are equal on the whole.
    calibrated = platt(CONFIDENCES)
    assert np.mean(calibrated) == pytest.approx(np.mean(CORRECT), abs=1e-9)


def test_platt_of_separable_answers_is_finite():
    platt = calibration.fit_platt([0.1, 0.2, 0.8, 0.9, 1.0, 0.0], [0, 0, 1, 1, 1, 0])
    assert math.isfinite(platt.coefficient)
    assert platt.coefficient > 1.0
    assert np.allclose(platt([0.1, 0.9]), [0.0, 1.0], atol=1e-3)


@pytest.mark.parametrize("correct", [[1, 1], [0, 0]])
def test_platt_needs_right_and_wrong_answers(correct):
    assert calibration.fit_platt([0.3, 0.6], correct) is None


@given(st.lists(st.floats(-700, 700), min_size=1, max_size=8))
def test_softmax(logprobs):
    probabilities = calibration.softmax(logprobs)
    assert probabilities.sum() == pytest.approx(1.0)
    assert int(np.argmax(probabilities)) == int(np.argmax(logprobs)) or np.isclose(
        probabilities[int(np.argmax(logprobs))], probabilities.max()
    )


MEASURES = [
    calibration.ece,
    calibration.rms_ce,
    calibration.rms_ce_hendrycks,
    calibration.ece_equal_mass,
    calibration.selective,
    calibration.fit_platt,
]


@pytest.mark.parametrize("number", [0, -1, 2.5, math.nan])
@pytest.mark.parametrize("measure", MEASURES[:4], ids=lambda measure: measure.__name__)
def test_bins_are_counted_from_one(measure, number):
    with pytest.raises(tg.ConfigError, match="is a whole number above 0") as caught:
        measure([0.5, 0.7], [1, 0], number)
    assert caught.value.code == "bad-option"


@pytest.mark.parametrize("coverage", [-0.1, 1.1, math.nan])
def test_coverage_is_a_share(coverage):
    with pytest.raises(tg.ConfigError, match="a coverage is between 0 and 1"):
        calibration.selective([0.5, 0.7], [1, 0], coverage)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.__name__)
@pytest.mark.parametrize(
    ("confidences", "correct", "message"),
    [
        ([], [], "no answers"),
        ([0.5], [1, 0], "shape"),
        ([0.5, math.nan], [1, 0], "row 1: a confidence is between 0 and 1"),
        ([1.5], [1], "row 0: a confidence is between 0 and 1"),
        ([0.5], [2], "row 0: an answer is right or wrong"),
    ],
)
def test_what_cannot_be_measured_is_refused(measure, confidences, correct, message):
    with pytest.raises(tg.InputError, match=message):
        measure(confidences, correct)
