"""ROUGE: `torchmetrics.text.rouge` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torchmetrics.text as peer

from textgauge.compat.torchmetrics.functional.text.rouge import Options, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    def __getstate__(self) -> dict[str, Any]:
        """The state for pickles. Values get memory of their own: a part of a tensor would be pickled with all of it."""
        state: dict[str, Any] = super().__getstate__()
        return state | {name: [value.clone() for value in state[name]] for name in self._defaults}
