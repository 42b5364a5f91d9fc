"""The translation edit rate."""

from __future__ import annotations

from textgauge.metrics.base import SingleMetric

__all__ = ["Ter"]


class Ter(SingleMetric):
    """TER, the translation edit rate: edits in percent of the reference's words; from 0 up, lower is better.

    Snover et al. 2006, "A Study of Translation Edit Rate with Targeted Human Annotation". Edits are insertions,
    deletions, substitutions and shifts of several words at once. Every number is equal, bit for bit, to sacrebleu
    2.6.0's, its approximations of tercom included. Outputs: `ter`; `.edits`, to the nearest reference;
    `.ref_len`, the mean length of the references.

    Attributes:
        normalized: Whether to split punctuation off words, resolve entities and so on, as tercom does with `-N`.
        no_punct: Whether to remove punctuation.
        asian_support: Whether both also work for Chinese, Japanese and Korean.
        case_sensitive: Whether texts keep their case.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: An option is of the wrong type.
    """

    normalized: bool = False
    no_punct: bool = False
    asian_support: bool = False
    case_sensitive: bool = False
