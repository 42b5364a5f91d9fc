"""Edit distances near the diagonal, for many pairs at once.

A table has a row for each prefix of a prediction and a column for each prefix of its reference. torchmetrics fills no
cells but those around the diagonal, and so may miss the fewest edits of long texts. Here a row is filled for all pairs
together. Its insertions go from left to right: the least of `cost[k] + (j - k)` over all `k` up to `j` is a running
minimum of `cost[k] - k`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Numbers = npt.NDArray[np.int32]

BEAM = 25
"""How many columns on each side of the diagonal are filled. References 50 times as long have a wider beam."""

MOST_COSTLY = 1000
"""The highest cost of a substitution for which sums stay in range."""

# More than any distance.
_FAR = 2**29


def distances_in_beam(preds: Sequence[str], target: Sequence[str], substitution_cost: int) -> Numbers:
    """The distances of pairs, none of them with an empty prediction."""
    rows = np.array([len(text) for text in preds], np.int32)
    columns = np.array([len(text) for text in target], np.int32)
    slopes = columns / rows if len(rows) else np.zeros(0)
    beams = np.where(slopes > 2 * BEAM, np.ceil(slopes / 2 + BEAM), BEAM).astype(np.int32)
    distances = np.zeros(len(rows), np.int32)
    for beam in np.unique(beams).tolist():
        # The longest first, so that those that are still to be filled stand together.
        pairs = np.flatnonzero(beams == beam)
        pairs = pairs[np.argsort(-rows[pairs], kind="stable")]
        texts = (_codes([column[pair] for pair in pairs]) for column in (preds, target))
        distances[pairs] = _filled(*texts, rows[pairs], columns[pairs], slopes[pairs], beam, substitution_cost)
    return distances


def _filled(
    preds: Numbers,
    target: Numbers,
    rows: Numbers,
    columns: Numbers,
    slopes: npt.NDArray[np.float64],
    beam: int,
    substitution_cost: int,
) -> Numbers:
    distances = np.empty_like(rows)
    window = np.arange(2 * beam, dtype=np.int32)
    # The cells of the row above, and one that is not filled at either end.
    last = np.full((len(rows), len(window) + 2), _FAR, np.int32)
    last_start = np.zeros((len(rows), 1), np.int32)
    for row in range(1, int(rows[0]) + 1):
        left = np.count_nonzero(rows >= row)
        start = np.floor(row * slopes[:left]).astype(np.int32)[:, None] - beam
        places = start + window
        is_outside = (places < 0) | (places > columns[:left, None])
        if row == 1:
            above, before = places, places - 1  # all of the first row is filled
        else:
            cells = start - last_start[:left] + window
            above, before = (
                np.take_along_axis(last[:left], np.minimum(each, len(window) + 1), axis=1)
                for each in (cells + 1, cells)
            )
        others = np.take_along_axis(target[:left], np.clip(places - 1, 0, target.shape[1] - 1), axis=1)
        substituted = before + substitution_cost * (others != preds[:left, row - 1 : row])
        costs = np.where(places > 0, np.minimum(substituted, above + 1), above + 1)
        costs[is_outside] = _FAR
        costs = np.minimum.accumulate(costs - window, axis=1) + window
        costs[is_outside] = _FAR
        ended = np.flatnonzero(rows[:left] == row)
        distances[ended] = costs[ended, columns[ended] - start[ended, 0]]
        last[:left, 1:-1], last_start[:left] = costs, start
    return distances


def _codes(texts: Sequence[str]) -> Numbers:
    """The characters of texts as numbers, filled up to the longest."""
    codes = np.zeros((len(texts), max(1, *map(len, texts))), np.int32)
    for row, text in zip(codes, texts, strict=True):
        row[: len(text)] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)
    return codes
