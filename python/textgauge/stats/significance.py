"""What many p-values mean together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment: p-values that may be compared with a level for all of the tests together.

    The smallest of m is multiplied by m, the next by m - 1, and so on; none becomes smaller than the one before
    it or larger than 1. Whoever rejects what is then below a level errs in any of the tests at most that often.
    (Sture Holm, "A simple sequentially rejective multiple test procedure", 1979.)

    Args:
        p_values: One of each test, in any order.

    Returns:
        The adjusted p-values in the same order.

    Raises:
        ValueError: One of them is not a number from 0 to 1.
    """
    for index, p_value in enumerate(p_values):
        if not 0 <= p_value <= 1:
            raise ValueError(f"p-values are numbers from 0 to 1, but number {index} is {p_value}")
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(p_values) - rank) * float(p_values[index])))
        adjusted[index] = largest
    return adjusted
