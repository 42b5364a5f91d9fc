"""BLEU: `torchmetrics.functional.text.bleu` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, tensor
from torchmetrics.functional.text import bleu_score as of_peer
from torchmetrics.functional.text.bleu import _bleu_score_compute

from textgauge.compat.torchmetrics._usual import EXACT_IN_SINGLE, rows_of
from textgauge.compat.torchmetrics.functional.text._bleu import Matches, matches_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["bleu_score"]


def bleu_score(
    preds: str | Sequence[str],
    target: Sequence[str | Sequence[str]],
    n_gram: int = 4,
    smooth: bool = False,
    weights: Sequence[float] | None = None,
) -> Tensor:
    """BLEU of texts, from 0 to 1; words stand between white space. Predictions come first.

    Args:
        preds: The texts to judge, or one.
        target: For each a reference, or several.
        n_gram: The longest n-grams.
        smooth: Whether 1 is added to the counts of orders above 1. Without a match of some order it is 0 all the same.
        weights: The weight of each order; all alike if `None`.

    Raises:
        ValueError: There are not as many references as texts, or not as many weights as orders.
    """
    rows = rows_of(
        [preds] if isinstance(preds, str) else preds,
        [[each] if isinstance(each, str) else each for each in target] if isinstance(target, (list, tuple)) else target,
    )
    found = rows and matches_of(rows, n_gram)
    if not found or not is_weighted(found, n_gram, weights):
        return of_peer(preds, target, n_gram, smooth, weights)
    return score_of(found, n_gram, smooth, weights)


def is_weighted(found: Matches, n_gram: int, weights: Sequence[float] | None) -> bool:
    """Whether there are weights for all orders, and sums that floats hold."""
    fits = max(found.preds_len, found.target_len) <= EXACT_IN_SINGLE
    return fits and (weights is None or len(weights) == n_gram)


def score_of(found: Matches, n_gram: int, smooth: bool, weights: Sequence[float] | None) -> Tensor:
    """BLEU of the sums of a corpus."""
    return _bleu_score_compute(
        *map(tensor, found),
        n_gram,
        weights=[1.0 / n_gram] * n_gram if weights is None else weights,
        smooth=smooth,
    )
