"""SQuAD: `torchmetrics.text.squad` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torchmetrics.text as peer
from torch import tensor

from textgauge.compat.torchmetrics.functional.text.squad import sums_of
from textgauge.compat.torchmetrics.text._states import QuickStates

if TYPE_CHECKING:
    from textgauge.compat.torchmetrics.functional.text.squad import Preds, Targets

__all__ = ["SQuAD"]


class SQuAD(QuickStates, peer.SQuAD):
    """Exact match and F1 of all answers since the last reset, from 0 to 100."""

    def update(self, preds: Preds, target: Targets) -> None:
        """Adds answers and what was asked for. Predictions come first.

        Raises:
            KeyError: A key is missing.
            ValueError: A question has no answer.
        """
        found = sums_of(preds, target)
        if found is None:
            super().update(preds, target)
            return
        self.f1_score.add_(tensor(found.f1))
        self.exact_match.add_(tensor(found.exact_match))
        self.total.add_(tensor(found.total))
