"""The translation edit rate."""

from __future__ import annotations

from textgauge.metrics.base import SingleMetric

__all__ = ["Ter"]


class Ter(SingleMetric):
    """TER, the translation edit rate: edits in percent of the reference's words; from 0 up, lower is better.

    Snover et al. 2006, "A Study of Translation Edit Rate with Targeted Human Annotation". Edits are insertions,
    deletions, substitutions and shifts of several words at once. Every number is equal, bit for bit, to sacrebleu
    2.6.0's, its approximations of tercom included. Outputs: `ter`; `.edits`, to the reference that takes fewest;
    `.ref_len`, the mean length of the references.

    Attributes:
        normalized: Whether punctuation is cut off words, entities are resolved and so on, as tercom does with `-N`.
        no_punct: Whether punctuation is removed.
        asian_support: Whether both go for Chinese, Japanese and Korean too.
        case_sensitive: Whether texts are left in their case.
        transforms: What is done to texts before all else: `textgauge.transforms`, or their names; or one of them.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is of the wrong type.
    """

    normalized: bool = False
    no_punct: bool = False
    asian_support: bool = False
    case_sensitive: bool = False
