"""The functions: `torchmetrics.functional.text` of torchmetrics 1.9.0, without those that read no words."""

from textgauge.compat.torchmetrics.functional.text.bleu import bleu_score
from textgauge.compat.torchmetrics.functional.text.cer import char_error_rate
from textgauge.compat.torchmetrics.functional.text.chrf import chrf_score
from textgauge.compat.torchmetrics.functional.text.edit import edit_distance
from textgauge.compat.torchmetrics.functional.text.mer import match_error_rate
from textgauge.compat.torchmetrics.functional.text.rouge import rouge_score
from textgauge.compat.torchmetrics.functional.text.sacre_bleu import sacre_bleu_score
from textgauge.compat.torchmetrics.functional.text.squad import squad
from textgauge.compat.torchmetrics.functional.text.ter import translation_edit_rate
from textgauge.compat.torchmetrics.functional.text.wer import word_error_rate
from textgauge.compat.torchmetrics.functional.text.wil import word_information_lost
from textgauge.compat.torchmetrics.functional.text.wip import word_information_preserved

__all__ = [
    "bleu_score",
    "char_error_rate",
    "chrf_score",
    "edit_distance",
    "match_error_rate",
    "rouge_score",
    "sacre_bleu_score",
    "squad",
    "translation_edit_rate",
    "word_error_rate",
    "word_information_lost",
    "word_information_preserved",
]
