"""BLEU: `torchmetrics.text.bleu` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torchmetrics.text as peer
from torch import tensor

from textgauge.compat.torchmetrics._usual import rows_of, tells_apart
from textgauge.compat.torchmetrics.functional.text._bleu import Matches, matches_of
from textgauge.compat.torchmetrics.text._states import QuickStates

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BLEUScore"]


class BLEUScore(QuickStates, peer.BLEUScore):
    """BLEU of all texts since the last reset, from 0 to 1; words stand between white space."""

    def update(self, preds: Sequence[str], target: Sequence[Sequence[str]]) -> None:
        """Adds texts and their references. Predictions come first.

        Raises:
            ValueError: A text has no reference.
            AttributeError, TypeError: Something is no text.
        """
        rows = rows_of(preds, target)
        if not self._is_added(rows and matches_of(rows, self.n_gram)):
            super().update(preds, target)

    def _is_added(self, found: Matches | None) -> bool:
        # No numerator is above its denominator.
        states = [self.preds_len, self.target_len, *self.denominator]
        if not found or not tells_apart([found.preds_len, found.target_len, *found.denominator], states):
            return False
        self.preds_len += found.preds_len
        self.target_len += found.target_len
        self.numerator += tensor(found.numerator).to(self.numerator)
        self.denominator += tensor(found.denominator).to(self.denominator)
        return True
