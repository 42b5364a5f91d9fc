"""The edit distance: `torchmetrics.text.edit` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torchmetrics.text as peer

from textgauge.compat.torchmetrics.functional.text.edit import distances_of
from textgauge.compat.torchmetrics.text._states import QuickStates

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EditDistance"]


class EditDistance(QuickStates, peer.EditDistance):
    """The edits of characters of all texts since the last reset."""

    def update(self, preds: str | Sequence[str], target: str | Sequence[str]) -> None:
        """Adds one or several texts. Predictions come first.

        Raises:
            ValueError: Something is no text, or there are not as many references as texts.
        """
        distances = distances_of(preds, target, self.substitution_cost)
        if distances is None:
            super().update(preds, target)
        elif self.reduction in (None, "none"):
            self.edit_scores_list.append(distances)
        else:
            self.edit_scores += distances.sum()
            self.num_elements += distances.shape[0]
