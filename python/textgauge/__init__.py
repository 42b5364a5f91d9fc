"""Text generation metrics: exact, fast, over single pairs or millions.

>>> import textgauge as tg
>>> scorer = tg.Scorer(["rouge1", "rougeL"])
>>> result = scorer.score(["the cat"], ["the cat sat"])
>>> result["rouge1.f"]
array([0.8])
"""

from textgauge._core import __version__
from textgauge.aggregate import Aggregate
from textgauge.comparison import Comparison, Difference, compare
from textgauge.errors import (
    ConfigError,
    Error,
    InputError,
    InputTypeError,
    InternalError,
    SignatureMismatch,
)
from textgauge.measurements import Interval, Jackknife, Measurements
from textgauge.metrics import (
    Bleu,
    Chrf,
    Diagnostics,
    ExactMatch,
    Extractive,
    Gleu,
    Helm,
    Metric,
    MetricInfo,
    Nist,
    OutputInfo,
    Rouge,
    Squad,
    Ter,
    list_metrics,
)
from textgauge.result import Result
from textgauge.scorer import PreparedReferences, Score, Scorer, rouge, tokenize

__all__ = [
    "Aggregate",
    "Bleu",
    "Chrf",
    "Comparison",
    "ConfigError",
    "Diagnostics",
    "Difference",
    "Error",
    "ExactMatch",
    "Extractive",
    "Gleu",
    "Helm",
    "InputError",
    "InputTypeError",
    "InternalError",
    "Interval",
    "Jackknife",
    "Measurements",
    "Metric",
    "MetricInfo",
    "Nist",
    "OutputInfo",
    "PreparedReferences",
    "Result",
    "Rouge",
    "Score",
    "Scorer",
    "SignatureMismatch",
    "Squad",
    "Ter",
    "__version__",
    "compare",
    "list_metrics",
    "rouge",
    "tokenize",
]
