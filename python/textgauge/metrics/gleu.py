"""Google's GLEU."""

from __future__ import annotations

from textgauge.metrics.base import SingleMetric, Tokenizer

__all__ = ["Gleu"]


class Gleu(SingleMetric):
    """GLEU: the lower of precision and recall over n-grams of all orders together; 0 to 1, higher is better.

    Wu et al. 2016, "Google's Neural Machine Translation System". Every number is equal, bit for bit, to NLTK 3.10.4's:
    that of the corpus to `corpus_gleu`, those of single pairs to `sentence_gleu`. With several references a pair counts
    against the one with the highest score. (Not to be confused with the GLEU of grammatical error correction.)

    Attributes:
        tokenizer: As for `Bleu`. NLTK itself takes tokens.
        lowercase: Whether texts are lower-cased before all else.
        min_len: The shortest n-grams, 1 to 16.
        max_len: The longest n-grams, `min_len` to 16.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such option; a package or a model is missing.
    """

    tokenizer: str | Tokenizer = "13a"
    lowercase: bool = False
    min_len: int = 1
    max_len: int = 4
