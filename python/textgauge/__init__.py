"""Text generation metrics: exact, fast, over single pairs or millions.

>>> import textgauge as tg
>>> scorer = tg.Scorer(["rouge1", "rougeL"])
>>> result = scorer.score(["the cat"], ["the cat sat"])
>>> result["rouge1.f"]
array([0.8])
"""

from textgauge import transforms
from textgauge._core import __version__
from textgauge.aggregate import Aggregate
from textgauge.alignment import Alignment, Chunk, align
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
    Cer,
    Chrf,
    Diagnostics,
    EditDistance,
    EditSimilarity,
    ExactMatch,
    Extractive,
    Gleu,
    Helm,
    Mer,
    Metric,
    MetricInfo,
    Nist,
    OutputInfo,
    Rouge,
    Squad,
    Ter,
    Wer,
    Wil,
    Wip,
    list_metrics,
)
from textgauge.result import Result
from textgauge.scorer import PreparedReferences, Score, Scorer, rouge, tokenize

__all__ = [
    "Aggregate",
    "Alignment",
    "Bleu",
    "Cer",
    "Chrf",
    "Chunk",
    "Comparison",
    "ConfigError",
    "Diagnostics",
    "Difference",
    "EditDistance",
    "EditSimilarity",
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
    "Mer",
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
    "Wer",
    "Wil",
    "Wip",
    "__version__",
    "align",
    "compare",
    "list_metrics",
    "rouge",
    "tokenize",
    "transforms",
]
