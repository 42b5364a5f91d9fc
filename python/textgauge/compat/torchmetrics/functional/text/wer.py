"""Word error rate: `torchmetrics.functional.text.wer` of torchmetrics 1.9.0."""

from __future__ import annotations

import torch
from torch import Tensor, tensor
from torchmetrics.functional.text import word_error_rate as of_peer

from textgauge.compat.torchmetrics.functional.text._edits import of_words

__all__ = ["word_error_rate"]


def word_error_rate(preds: str | list[str], target: str | list[str]) -> Tensor:
    """The word error rate of one or several texts. Predictions come first.

    Args:
        preds: What was understood, or a list of it.
        target: What was said, or as many.

    Raises:
        AttributeError, TypeError: Something is no text.
    """
    found = of_words(preds, target)
    if found is None:
        return of_peer(preds, target)
    return tensor(found.edits, dtype=torch.float) / tensor(found.target, dtype=torch.float)
