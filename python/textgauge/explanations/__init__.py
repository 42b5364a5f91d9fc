"""Why scores are what they are: `Explainer` makes an `Explanation` of a pair."""

from textgauge.explanations.arithmetic import Step, steps_of
from textgauge.explanations.explanation import (
    Edit,
    Explainer,
    Explanation,
    Line,
    MeasuredMetric,
    ReadPair,
    TextReading,
    explain,
)

__all__ = [
    "Edit",
    "Explainer",
    "Explanation",
    "Line",
    "MeasuredMetric",
    "ReadPair",
    "Step",
    "TextReading",
    "explain",
    "steps_of",
]
