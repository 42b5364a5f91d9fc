"""ROUGE: `torchmetrics.text.rouge` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torchmetrics.text as peer

from textgauge.compat.torchmetrics.functional.text.rouge import Options, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor

__all__ = ["ROUGEScore"]


class ROUGEScore(peer.ROUGEScore):
    """ROUGE of all texts since the last reset: means of F, precision and recall."""

    def update(self, preds: str | Sequence[str], target: str | Sequence[str] | Sequence[Sequence[str]]) -> None:
        """Adds one or several texts and their references. Predictions come first.

        Raises:
            AttributeError, TypeError: Something is no text.
        """
        options = Options(self.rouge_keys, self.accumulate, self.stemmer is not None, self.normalizer, self.tokenizer)
        found = values_of(preds, target, options)
        if found is None:
            super().update(preds, target)
            return
        for name, values in found.items():
            getattr(self, name).extend(_parts(values.to(self.device)))


def _parts(values: Tensor) -> Iterable[Tensor]:
    """Each value with memory of its own: pickles of parts of one tensor would hold all of it again and again."""
    if values.device.type == "cpu":
        return map(torch.from_numpy, map(np.array, values.numpy()))  # sooner than by `unbind_copy`
    parts: Sequence[Tensor] = torch.unbind_copy(values)
    return parts
