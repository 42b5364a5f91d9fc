"""Word information preserved: `torchmetrics.text.wip` of torchmetrics 1.9.0."""

from __future__ import annotations

import torchmetrics.text as peer
from torch import tensor

from textgauge.compat.torchmetrics.functional.text._edits import of_words

__all__ = ["WordInfoPreserved"]


class WordInfoPreserved(peer.WordInfoPreserved):
    """The word information preserved of all texts since the last reset."""

    def update(self, preds: str | list[str], target: str | list[str]) -> None:
        """Adds one or several texts. Predictions come first.

        Raises:
            AttributeError, TypeError: Something is no text.
        """
        found = of_words(preds, target)
        if found is None:
            super().update(preds, target)
            return
        self.errors += tensor(float(found.edits - found.longest))
        self.target_total += tensor(float(found.target))
        self.preds_total += tensor(float(found.preds))
