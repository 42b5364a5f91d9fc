"""chrF and chrF++: `torchmetrics.text.chrf` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torchmetrics.text as peer

from textgauge.compat.torchmetrics._usual import tells_apart
from textgauge.compat.torchmetrics.functional.text.chrf import Ngrams, Options, ngrams_of
from textgauge.compat.torchmetrics.text._states import QuickStates

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CHRFScore"]


class CHRFScore(QuickStates, peer.CHRFScore):
    """chrF++ of all texts since the last reset, from 0 to 1, or chrF without words."""

    def update(self, preds: Sequence[str], target: Sequence[Sequence[str]]) -> None:
        """Adds texts and their references. Predictions come first.

        Raises:
            ValueError: There are not as many references as texts.
            AttributeError, TypeError: Something is no text.
        """
        options = Options(self.n_char_order, self.n_word_order, self.beta, self.lowercase, self.whitespace)
        if not self._is_added(ngrams_of(preds, target, options)):
            super().update(preds, target)

    def _is_added(self, found: Ngrams | None) -> bool:
        if found is None:
            return False
        kinds = {"preds": found.preds, "target": found.target, "matching": found.matching}
        levels = [("char", order) for order in range(1, self.n_char_order + 1)]
        levels += [("word", order) for order in range(1, self.n_word_order + 1)]
        sums = {
            f"total_{kind}_{level}_{order}_grams": sum_
            for kind, of_orders in kinds.items()
            for (level, order), sum_ in zip(levels, of_orders, strict=True)
        }
        states = [getattr(self, name) for name in sums]
        if not tells_apart(list(sums.values()), states):
            return False
        for state, sum_ in zip(states, sums.values(), strict=True):
            state += sum_
        if self.sentence_chrf_score is not None:
            self.sentence_chrf_score += torch.split_copy(found.scores, 1)
        return True
