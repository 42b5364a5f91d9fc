"""What scores of overlap don't show."""

from __future__ import annotations

from textgauge.metrics.base import SingleMetric, Tokenizer

__all__ = ["Diagnostics", "Extractive"]


class Diagnostics(SingleMetric):
    """What scores of overlap don't show: repetition, order, novelty, length. Not scores of quality.

    Outputs are shares from 0 to 1, but for the ratio; for a corpus, counts are added up first. `.order`, the share of
    the matched tokens that are also in order (longest common subsequence over clipped unigram matches);
    `.length_ratio`; `.empty` and `.empty_reference`, texts without any token; and for n from 1 to 4 `.distinct1`
    (distinct n-grams of all, Li et al. 2016), `.novel1` (distinct n-grams that the reference lacks), `.clipped1`
    (n-gram precision) and `.unclipped1` (the same if repetition always counted), and so on. With several references,
    against the one that matches most.

    Attributes:
        tokenizer: As for `Rouge`.
        lowercase: Whether texts are lower-cased first.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such tokenizer.
    """

    tokenizer: str | Tokenizer = "words"
    lowercase: bool = True


class Extractive(SingleMetric):
    """How much of a summary is copied from its source, which is given as the reference.

    Grusky, Naaman and Artzi 2018, "Newsroom: A Dataset of 1.3 Million Summaries with Diverse Extractive Strategies".
    Outputs, means over pairs: `.coverage`, the share of the summary's tokens in fragments of the source; `.density`,
    the sum of their squared lengths over the summary's length; `.compression`, the source's length over the summary's.

    Attributes:
        tokenizer: As for `Rouge`.
        lowercase: Whether texts are lower-cased first.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such tokenizer.
    """

    tokenizer: str | Tokenizer = "words"
    lowercase: bool = True
