"""Match error rate: `torchmetrics.functional.text.mer` of torchmetrics 1.9.0."""

from __future__ import annotations

import torch
from torch import Tensor, tensor
from torchmetrics.functional.text import match_error_rate as of_peer

from textgauge.compat.torchmetrics.functional.text._edits import of_words

__all__ = ["match_error_rate"]


def match_error_rate(preds: str | list[str], target: str | list[str]) -> Tensor:
    """The match error rate of one or several texts. Predictions come first.

    Args:
        preds: What was understood, or a list of it.
        target: What was said, or as many.

    Raises:
        AttributeError, TypeError: Something is no text.
    """
    found = of_words(preds, target)
    if found is None:
        return of_peer(preds, target)
    return tensor(found.edits, dtype=torch.float) / tensor(found.longest, dtype=torch.float)
