"""ROUGE: `torchmetrics.text.rouge` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torchmetrics.text as peer
from torch import get_default_device, stack

from textgauge.compat.torchmetrics.functional.text.rouge import PARTS, Options, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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
            getattr(self, name).extend(values.to(self.device).unbind())

    def compute(self) -> dict[str, Tensor]:
        """The mean of each value over all rows."""
        names = [f"{key}_{part}" for key in self.rouge_keys for part in PARTS]
        states: dict[str, list[Tensor]] = {name: getattr(self, name) for name in names}
        if not all(states.values()):
            means: dict[str, Tensor] = super().compute()
            return means
        # Where torchmetrics makes a tensor of the values, one by one.
        device = get_default_device()
        return {name: stack(values).to(device).mean() for name, values in states.items()}

    def __getstate__(self) -> dict[str, Any]:
        """The state for pickles. Values get memory of their own: a part of a tensor would be pickled with all of it."""
        state: dict[str, Any] = super().__getstate__()
        return state | {name: [value.clone() for value in state[name]] for name in self._defaults}
