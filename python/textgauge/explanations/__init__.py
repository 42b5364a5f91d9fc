"""Why scores are what they are: `Explainer` makes an `Explanation` of a pair."""

from textgauge.explanations.arithmetic import Step, steps_of
from textgauge.explanations.explanation import (
    Edit,
    Explainer,
    Explanation,
    Line,
    MeasuredMetric,
    TextReading,
    ReadPair,
    explain,
)

__all__ = [
    "Edit",
    "Explainer",
    "Explanation",
    "Line",
    "MeasuredMetric",
    "ReadPair",
    "TextReading",
    "Step",
    "explain",
    "steps_of",
]
