"""BLEU of texts that are tokenised first: `torchmetrics.text.sacre_bleu` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torchmetrics.text as peer

from textgauge.compat.torchmetrics._usual import rows_of
from textgauge.compat.torchmetrics.functional.text.sacre_bleu import matches
from textgauge.compat.torchmetrics.text.bleu import BLEUScore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.compat.torchmetrics.functional.text.sacre_bleu import Tokenize

__all__ = ["SacreBLEUScore"]


class SacreBLEUScore(peer.SacreBLEUScore, BLEUScore):
    """BLEU of all texts since the last reset, from 0 to 1."""

    def __init__(
        self,
        n_gram: int = 4,
        smooth: bool = False,
        tokenize: Tokenize = "13a",
        lowercase: bool = False,
        weights: Sequence[float] | None = None,
        **kwargs: Any,  # noqa: ANN401 - those of `torchmetrics.Metric`
    ) -> None:
        """Takes the options of `sacre_bleu_score`.

        Raises:
            ValueError: There is no such tokenizer, or there are not as many weights as orders.
            ModuleNotFoundError: A package that the tokenizer needs is missing.
        """
        super().__init__(n_gram, smooth, tokenize, lowercase, weights, **kwargs)
        self._tokenize = tokenize

    def update(self, preds: Sequence[str], target: Sequence[Sequence[str]]) -> None:
        """Adds texts and their references. Predictions come first.

        Raises:
            ValueError: A text has no reference.
            AttributeError, TypeError: Something is no text.
        """
        rows = rows_of(preds, target)
        tokenizer = self.tokenizer
        if not self._is_added(rows and matches(rows, self.n_gram, self._tokenize, tokenizer.lowercase, tokenizer)):
            super().update(preds, target)
