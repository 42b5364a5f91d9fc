"""Text generation metrics: exact, fast, over single pairs or millions.

>>> import textgauge as tg
>>> scorer = tg.Scorer(["rouge1", "rougeL"])
>>> result = scorer.score(["the cat"], ["the cat sat"])
>>> result["rouge1.f"]
array([0.8])
"""

from textgauge._core import __version__
from textgauge.aggregate import Aggregate
from textgauge.errors import (
    ConfigError,
    Error,
    InputError,
    InputTypeError,
    InternalError,
    SignatureMismatch,
)
from textgauge.metrics import Bleu, Chrf, Gleu, Metric, MetricInfo, Nist, OutputInfo, Rouge, list_metrics
from textgauge.result import Result
from textgauge.scorer import PreparedReferences, Score, Scorer, rouge, tokenize

__all__ = [
    "Aggregate",
    "Bleu",
    "Chrf",
    "ConfigError",
    "Error",
    "Gleu",
    "InputError",
    "InputTypeError",
    "InternalError",
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
    "__version__",
    "list_metrics",
    "rouge",
    "tokenize",
]
