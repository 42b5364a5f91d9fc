"""The metrics: `torchmetrics.text` of torchmetrics 1.9.0, without those that read no words."""

from textgauge.compat.torchmetrics.text.bleu import BLEUScore
from textgauge.compat.torchmetrics.text.cer import CharErrorRate
from textgauge.compat.torchmetrics.text.chrf import CHRFScore
from textgauge.compat.torchmetrics.text.edit import EditDistance
from textgauge.compat.torchmetrics.text.mer import MatchErrorRate
from textgauge.compat.torchmetrics.text.rouge import ROUGEScore
from textgauge.compat.torchmetrics.text.sacre_bleu import SacreBLEUScore
from textgauge.compat.torchmetrics.text.squad import SQuAD
from textgauge.compat.torchmetrics.text.ter import TranslationEditRate
from textgauge.compat.torchmetrics.text.wer import WordErrorRate
from textgauge.compat.torchmetrics.text.wil import WordInfoLost
from textgauge.compat.torchmetrics.text.wip import WordInfoPreserved

__all__ = [
    "BLEUScore",
    "CHRFScore",
    "CharErrorRate",
    "EditDistance",
    "MatchErrorRate",
    "ROUGEScore",
    "SQuAD",
    "SacreBLEUScore",
    "TranslationEditRate",
    "WordErrorRate",
    "WordInfoLost",
    "WordInfoPreserved",
]
