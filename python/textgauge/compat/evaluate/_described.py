"""What the metrics are known by, in short texts of our own."""

from __future__ import annotations

from textgauge.compat.evaluate._features import Features, List, Value
from textgauge.compat.evaluate.info import MetricInfo

__all__ = ["SEVERAL", "SINGLE", "described"]

_TEXT = Value("string")

# A row has several references or one; one.
SEVERAL = [Features(predictions=_TEXT, references=references) for references in (List(_TEXT), _TEXT)]
SINGLE = Features(predictions=_TEXT, references=_TEXT)


def described(
    description: str, options: str, features: Features | list[Features], citation: str, page: str
) -> MetricInfo:
    """What is known of a metric.

    Args:
        description: What it is.
        options: The options of `compute`.
        features: What its inputs look like.
        citation: Where it was published.
        page: A page about it.
    """
    inputs = f"predictions, references: one a row. Options: {options}."
    return MetricInfo(description, citation, features, inputs, reference_urls=[page])
