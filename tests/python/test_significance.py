"""Adjusted p-values."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgauge.stats.significance import holm

p_values = st.lists(st.floats(0, 1), max_size=12)


@pytest.mark.parametrize(
    ("given_values", "adjusted"),
    [
        ([], []),
        ([0.03], [0.03]),
        # 0.01 x 4, 0.02 x 3, then 0.03 x 2 and 0.04 x 1, which must not fall below.
        ([0.01, 0.04, 0.03, 0.02], [0.04, 0.06, 0.06, 0.06]),
        # 0.005 x 3, 0.2 x 2, 0.9.
        ([0.2, 0.9, 0.005], [0.4, 0.9, 0.015]),
        ([0.5, 0.6, 0.7], [1.0, 1.0, 1.0]),
        ([0.25, 0.25], [0.5, 0.5]),
        ([0, 1], [0.0, 1.0]),
    ],
)
def test_by_hand(given_values: list[float], adjusted: list[float]) -> None:
    assert holm(given_values) == pytest.approx(adjusted, abs=1e-15)


@given(p_values)
def test_between_the_p_value_and_bonferronis(values: list[float]) -> None:
    adjusted = holm(values)
    assert len(adjusted) == len(values)
    for before, after in zip(values, adjusted, strict=True):
        assert before <= after <= min(1.0, before * len(values))


@given(p_values)
def test_order_is_kept(values: list[float]) -> None:
    pairs = sorted(zip(values, holm(values), strict=True))
    assert all(one[1] <= other[1] for one, other in itertools.pairwise(pairs))


@given(p_values, st.randoms())
def test_the_order_of_tests_does_not_matter(values: list[float], random) -> None:
    numbers = list(range(len(values)))
    random.shuffle(numbers)
    adjusted = holm(values)
    assert holm([values[number] for number in numbers]) == [adjusted[number] for number in numbers]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.sampled_from([0.01, 0.05, 0.1, 0.5]))
def test_rejects_what_the_step_down_test_rejects(values: list[float], level: float) -> None:
    rejected = 0
    for rank, value in enumerate(sorted(values)):
        if (len(values) - rank) * value > level:
            break
        rejected += 1
    assert sum(adjusted <= level for adjusted in holm(values)) == rejected


@pytest.mark.parametrize("wrong", [-0.1, 1.5, math.nan, math.inf])
def test_what_is_no_p_value(wrong: float) -> None:
    with pytest.raises(ValueError, match="number 1"):
        holm([0.5, wrong])
