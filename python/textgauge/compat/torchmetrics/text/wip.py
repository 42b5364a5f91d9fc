"""Word information preserved: `torchmetrics.text.wip` of torchmetrics 1.9.0."""

from __future__ import annotations

import torchmetrics.text as peer

from textgauge.compat.torchmetrics.text._edits import OfInformation

__all__ = ["WordInfoPreserved"]


class WordInfoPreserved(OfInformation, peer.WordInfoPreserved):
    """The word information preserved of all texts since the last reset."""
