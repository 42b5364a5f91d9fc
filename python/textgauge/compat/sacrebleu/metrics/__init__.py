"""The metrics: `sacrebleu.metrics` of sacrebleu 2.6.0."""

from typing import Any

from textgauge.compat.sacrebleu.metrics.bleu import BLEU, BLEUScore
from textgauge.compat.sacrebleu.metrics.chrf import CHRF, CHRFScore
from textgauge.compat.sacrebleu.metrics.ter import TER, TERScore

__all__ = ["BLEU", "CHRF", "METRICS", "TER", "BLEUScore", "CHRFScore", "TERScore"]

METRICS: dict[str, Any] = {"BLEU": BLEU, "CHRF": CHRF, "TER": TER}
