"""Character error rate: `torchmetrics.functional.text.cer` of torchmetrics 1.9.0."""

from __future__ import annotations

import torch
from torch import Tensor, tensor
from torchmetrics.functional.text import char_error_rate as of_peer

from textgauge.compat.torchmetrics.functional.text._edits import of_characters

__all__ = ["char_error_rate"]


def char_error_rate(preds: str | list[str], target: str | list[str]) -> Tensor:
    """The character error rate of one or several texts. Predictions come first.

    Args:
        preds: What was understood, or a list of it.
        target: What was said, or as many.

    Raises:
        AttributeError, TypeError: Something is no text.
    """
    found = of_characters(preds, target)
    if found is None:
        return of_peer(preds, target)
    return tensor(found.edits, dtype=torch.float) / tensor(found.target, dtype=torch.float)
