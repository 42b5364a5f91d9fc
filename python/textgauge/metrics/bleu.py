"""BLEU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textgauge.metrics.base import SingleMetric, Tokenizer, as_tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Bleu"]


class Bleu(SingleMetric):
    """BLEU: the geometric mean of n-gram precisions, times a penalty for brevity; 0 to 100, higher is better.

    Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation". Every number is equal, bit
    for bit, to sacrebleu 2.6.0's: that of the corpus to `corpus_bleu`, those of single pairs to `sentence_bleu`.
    Outputs: `bleu`; `.bp`, the brevity penalty; `.ratio` of the lengths `.hyp_len` and `.ref_len`; and for each order n
    `.p1` (precision in percent), `.correct1` and `.total1` (counts) and so on. The two other variants are from 0 to 1,
    precisions too.

    Attributes:
        variant: Whose BLEU: `"sacrebleu"`; `"nltk"`, NLTK 3.10.4's `corpus_bleu` and `sentence_bleu`; or `"nmt"`,
            TensorFlow NMT's, which is `bleu` in Hugging Face's `evaluate`. Options that a variant does not take are
            refused; `None` is the variant's default.
        tokenizer: `"13a"`, `"intl"`, `"zh"`, `"char"`, `"none"` (`str.split`) as in sacrebleu; `"ja-mecab"`,
            `"ko-mecab"` (extras `ja`, `ko`); `"flores101"`, `"flores200"`, `"spBLEU-1K"`, `"spm"` or `"spm:FILE"`,
            SentencePiece models (extra `spm`); one that `Rouge` takes; or a function from a text to its tokens.
        lowercase: Whether texts are lower-cased before all else.
        max_order: The longest n-grams, 1 to 16 (default 4). `"nltk"` has `weights` instead.
        smoothing: What happens to orders without a match. `"sacrebleu"`: `"exp"` (the default; each halves the
            precision once more), `"floor"` (so many matches instead of none), `"add-k"` (so many more n-grams, matched
            and in all, above order 1), `"none"`. `"nltk"`: `"method0"` (the default) to `"method7"`, those of its
            `SmoothingFunction`. `"nmt"`: `"none"` (the default) or `"add-1"` (one more n-gram of every order).
        smoothing_value: For `"floor"` (default 0.1) and `"add-k"` (default 1). What NLTK calls `epsilon` for
            `"method1"` (default 0.1), `k` for `"method4"` and `"method7"`, and `alpha` for `"method6"` (default 5).
        effective_order: Whether to leave out orders for which the prediction is too short. `None` is sacrebleu's
            default: for single pairs, not for corpora. Only for `"sacrebleu"`.
        weights: The weight of each order, from 0 to 1 (default four of 0.25). Only for `"nltk"`.
        auto_reweigh: Whether predictions of fewer than four tokens are measured by as many orders as they have tokens,
            if weights are the default. Only for `"nltk"`.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns, so that a scorer can hold two variants of one metric.

    Raises:
        ConfigError: There is no such option, or the variant does not take it; a package or a model is missing.
    """

    variant: Literal["sacrebleu", "nltk", "nmt"] = "sacrebleu"
    tokenizer: str | Tokenizer = "13a"
    lowercase: bool = False
    max_order: int | None = None
    smoothing: str | None = None
    smoothing_value: float | None = None
    effective_order: bool | None = None
    weights: Sequence[float] | None = None
    auto_reweigh: bool = False

    def __post_init__(self) -> None:
        if self.weights is not None:
            self._set("weights", as_tuple("bleu", "weights", self.weights, "numbers"))
        super().__post_init__()
