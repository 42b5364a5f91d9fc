"""The translation edit rate: `torchmetrics.text.ter` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torchmetrics.text as peer

from textgauge.compat.torchmetrics.functional.text.ter import Edits, Options, edits_of
from textgauge.compat.torchmetrics.text._states import QuickStates

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TranslationEditRate"]


class TranslationEditRate(QuickStates, peer.TranslationEditRate):
    """TER of all texts since the last reset."""

    def update(self, preds: str | Sequence[str], target: Sequence[str | Sequence[str]]) -> None:
        """Adds texts and their references. Predictions come first.

        Raises:
            ValueError: There are not as many references as texts.
            AttributeError, TypeError: Something is no text.
        """
        reader = self.tokenizer
        options = Options(reader.normalize, reader.no_punctuation, reader.lowercase, reader.asian_support)
        if not self._is_added(edits_of(preds, target, options)):
            super().update(preds, target)

    def _is_added(self, found: Edits | None) -> bool:
        states = self.total_num_edits, self.total_tgt_len
        sums = found and found.added_to(*map(float, states))
        if not (found and sums and all(state.dtype is torch.float32 for state in states)):
            return False
        for state, sum_ in zip(states, sums, strict=True):
            state.fill_(sum_)
        if self.sentence_ter is not None:
            self.sentence_ter += found.rates()
        return True
