"""Character error rate: `torchmetrics.text.cer` of torchmetrics 1.9.0."""

from __future__ import annotations

import torchmetrics.text as peer

from textgauge.compat.torchmetrics.functional.text._edits import Edits, of_characters
from textgauge.compat.torchmetrics.text._edits import OfEdits

__all__ = ["CharErrorRate"]


class CharErrorRate(OfEdits, peer.CharErrorRate):
    """The character error rate of all texts since the last reset."""

    _count = staticmethod(of_characters)

    def _sums(self, found: Edits) -> dict[str, int]:
        return {"errors": found.edits, "total": found.target}
