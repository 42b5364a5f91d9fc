"""chrF and chrF++."""

from __future__ import annotations

import operator

from textgauge.metrics.base import SingleMetric

__all__ = ["Chrf"]


class Chrf(SingleMetric):
    """chrF: F-score over n-grams of characters, and perhaps of words; 0 to 100, higher is better.

    Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation", and 2017, "chrF++: words helping
    character n-grams". Every number is equal, bit for bit, to sacrebleu 2.6.0's. With several references a pair
    counts against the one with the highest score. Its column is `chrf`, `chrf+` or `chrf++`, by `word_order`.

    Attributes:
        char_order: The longest n-grams of characters, 1 to 16.
        word_order: The longest n-grams of words, 0 to 16: 0 for chrF, 2 for chrF++.
        beta: Weight of recall in F.
        lowercase: Whether texts are lower-cased first.
        whitespace: Whether white space counts as characters.
        eps_smoothing: Whether orders without n-grams count as almost zero, as in NLTK and Moses, or not at all.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is out of range.
    """

    char_order: int = 6
    word_order: int = 0
    beta: float = 2
    lowercase: bool = False
    whitespace: bool = False
    eps_smoothing: bool = False

    @property
    def metric(self) -> str:
        """`chrf`, `chrf+` or `chrf++`."""
        try:
            words = operator.index(self.word_order)
        except TypeError:
            words = 0  # for the core to refuse
        return "chrf" + "+" * max(0, min(words, 2))
