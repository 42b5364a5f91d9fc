"""Word information lost: `torchmetrics.text.wil` of torchmetrics 1.9.0."""

from __future__ import annotations

import torchmetrics.text as peer

from textgauge.compat.torchmetrics.text._edits import OfInformation

__all__ = ["WordInfoLost"]


class WordInfoLost(OfInformation, peer.WordInfoLost):
    """The word information lost of all texts since the last reset."""
