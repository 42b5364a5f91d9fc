"""Word error rate: `torchmetrics.text.wer` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torchmetrics.text as peer

from textgauge.compat.torchmetrics.text._edits import OfEdits

if TYPE_CHECKING:
    from textgauge.compat.torchmetrics.functional.text._edits import Edits

__all__ = ["WordErrorRate"]


class WordErrorRate(OfEdits, peer.WordErrorRate):
    """The word error rate of all texts since the last reset."""

    def _sums(self, found: Edits) -> dict[str, int]:
        return {"errors": found.edits, "total": found.target}
