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
        texts, others = (_codes([column[pair] for pair in pairs.tolist()]) for column in (preds, target))
        distances[pairs] = _filled(texts, others, rows[pairs], columns[pairs], slopes[pairs], beam, substitution_cost)
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
    places = np.arange(target.shape[1], dtype=np.int32)
    # A row of the table, after a column that is never filled.
    costs = np.full((len(rows), len(places) + 1), _FAR, np.int32)
    costs[:, 1:] = places
    for row in range(1, int(rows[0]) + 1):
        left = np.count_nonzero(rows >= row)
        start = np.floor(row * slopes[:left]).astype(np.int32)[:, None] - beam
        end = start + 2 * beam
        # The columns that any of the pairs has in its beam.
        first, stop = max(0, int(start.min())), min(len(places), int(end.max()))
        span = places[first:stop]
        is_outside = (span < start) | (span >= end)
        substituted = substitution_cost * (target[:left, first:stop] != preds[:left, row, None])
        above, before = costs[:left, first + 1 : stop + 1], costs[:left, first:stop]
        filled = np.minimum(before + substituted, above + 1)
        filled[is_outside] = _FAR
        filled = np.minimum.accumulate(filled - span, axis=1) + span
        filled[is_outside] = _FAR
        costs = np.full((left, len(places) + 1), _FAR, np.int32)
        costs[:, first + 1 : stop + 1] = filled
        ended = np.flatnonzero(rows[:left] == row)
        distances[ended] = costs[ended, columns[ended] + 1]
    return distances


def _codes(texts: Sequence[str]) -> Numbers:
    """The characters of texts as numbers, filled up to the longest. The first stands in column 1, as in the table."""
    codes = np.zeros((len(texts), 1 + max(map(len, texts))), np.int32)
    for row, text in zip(codes, texts, strict=True):
        row[1 : len(text) + 1] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)
    return codes
