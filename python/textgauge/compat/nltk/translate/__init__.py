"""Scores of translations: what `nltk.translate` of NLTK 3.10.4 offers of these modules."""

from textgauge.compat.nltk.translate import bleu_score, chrf_score, gleu_score, nist_score
from textgauge.compat.nltk.translate.bleu_score import sentence_bleu as bleu
from textgauge.compat.nltk.translate.chrf_score import sentence_chrf as chrf
from textgauge.compat.nltk.translate.gleu_score import sentence_gleu as gleu
from textgauge.compat.nltk.translate.nist_score import sentence_nist as nist

__all__ = ["bleu", "bleu_score", "chrf", "chrf_score", "gleu", "gleu_score", "nist", "nist_score"]
