"""Match error rate: `torchmetrics.text.mer` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torchmetrics.text as peer

from textgauge.compat.torchmetrics.text._edits import OfEdits

if TYPE_CHECKING:
    from textgauge.compat.torchmetrics.functional.text._edits import Edits

__all__ = ["MatchErrorRate"]


class MatchErrorRate(OfEdits, peer.MatchErrorRate):
    """The match error rate of all texts since the last reset."""

    def _sums(self, found: Edits) -> dict[str, int]:
        return {"errors": found.edits, "total": found.longest}
