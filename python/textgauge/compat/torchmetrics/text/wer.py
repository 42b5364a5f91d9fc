"""Word error rate: `torchmetrics.text.wer` of torchmetrics 1.9.0."""

from __future__ import annotations

import torch
import torchmetrics.text as peer
from torch import tensor

from textgauge.compat.torchmetrics.functional.text._edits import of_words

__all__ = ["WordErrorRate"]


class WordErrorRate(peer.WordErrorRate):
    """The word error rate of all texts since the last reset."""

    def update(self, preds: str | list[str], target: str | list[str]) -> None:
        """Adds one or several texts. Predictions come first.

        Raises:
            AttributeError, TypeError: Something is no text.
        """
        found = of_words(preds, target)
        if found is None:
            super().update(preds, target)
            return
        self.errors += tensor(found.edits, dtype=torch.float)
        self.total += tensor(found.target, dtype=torch.float)
