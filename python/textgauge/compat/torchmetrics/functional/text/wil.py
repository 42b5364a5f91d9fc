"""Word information lost: `torchmetrics.functional.text.wil` of torchmetrics 1.9.0."""

from __future__ import annotations

from torch import Tensor, tensor
from torchmetrics.functional.text import word_information_lost as of_peer

from textgauge.compat.torchmetrics.functional.text._edits import of_words

__all__ = ["word_information_lost"]


def word_information_lost(preds: str | list[str], target: str | list[str]) -> Tensor:
    """The word information lost of one or several texts. Predictions come first.

    Args:
        preds: What was understood, or a list of it.
        target: What was said, or as many.

    Raises:
        AttributeError, TypeError: Something is no text.
    """
    found = of_words(preds, target)
    if found is None:
        return of_peer(preds, target)
    hits = tensor(float(found.edits - found.longest))
    return 1 - ((hits / tensor(float(found.target))) * (hits / tensor(float(found.preds))))
