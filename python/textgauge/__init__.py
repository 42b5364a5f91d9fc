"""Text generation metrics: exact, fast, over single pairs or millions.

>>> import textgauge as tg
>>> scorer = tg.Scorer(["rouge1", "rougeL"])
>>> result = scorer.score(["the cat"], ["the cat sat"])
>>> result["rouge1.f"]
array([0.8])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from textgauge import metrics
from textgauge._core import __version__
from textgauge.errors import (
    ConfigError,
    Error,
    InputError,
    InputTypeError,
    InternalError,
    NoMemoryError,
    SignatureMismatch,
)
from textgauge.metrics import *

if TYPE_CHECKING:
    import textgauge.frames as frames
    import textgauge.patch as patch
    import textgauge.plots as plots
    from textgauge.aggregate import Aggregate
    from textgauge.alignment import Alignment, Chunk, align
    from textgauge.corpus_errors import ErrorCounts, error_counts
    from textgauge.explanations import Explainer, Explanation, explain
    from textgauge.explanations.definitions import Definition, Definitions, Reason, which_number
    from textgauge.pairs import (
        Score,
        bleu,
        cer,
        chrf,
        edit_distance,
        edit_similarity,
        exact_match,
        gleu,
        mer,
        rouge,
        squad_em,
        squad_f1,
        ter,
        wer,
        wil,
        wip,
    )
    from textgauge.patch import unpatch
    from textgauge.reports import Report, report
    from textgauge.result import Result
    from textgauge.scorer import PreparedReferences, Scorer, tokenize
    from textgauge.stats import parity
    from textgauge.stats.comparison import Comparison, Difference, compare
    from textgauge.stats.measurements import Interval, Jackknife, Measurements
    from textgauge.text import transforms

__all__ = [
    "Aggregate",
    "Alignment",
    "Chunk",
    "Comparison",
    "ConfigError",
    "Definition",
    "Definitions",
    "Difference",
    "Error",
    "ErrorCounts",
    "Explainer",
    "Explanation",
    "InputError",
    "InputTypeError",
    "InternalError",
    "Interval",
    "Jackknife",
    "Measurements",
    "NoMemoryError",
    "PreparedReferences",
    "Reason",
    "Report",
    "Result",
    "Score",
    "Scorer",
    "SignatureMismatch",
    "__version__",
    "align",
    "bleu",
    "cer",
    "chrf",
    "compare",
    "edit_distance",
    "edit_similarity",
    "error_counts",
    "exact_match",
    "explain",
    "frames",
    "gleu",
    "mer",
    "parity",
    "patch",
    "plots",
    "report",
    "rouge",
    "squad_em",
    "squad_f1",
    "ter",
    "tokenize",
    "transforms",
    "unpatch",
    "wer",
    "which_number",
    "wil",
    "wip",
]
__all__ += metrics.__all__

# Loaded at first use, so that the door stays light.
_LAZY = {
    **dict.fromkeys(
        (
            *("Score", "bleu", "cer", "chrf", "edit_distance", "edit_similarity", "exact_match", "gleu"),
            *("mer", "rouge", "squad_em", "squad_f1", "ter", "wer", "wil", "wip"),
        ),
        "textgauge.pairs",
    ),
    **dict.fromkeys(("Alignment", "Chunk", "align"), "textgauge.alignment"),
    **dict.fromkeys(("Comparison", "Difference", "compare"), "textgauge.stats.comparison"),
    **dict.fromkeys(("Definition", "Definitions", "Reason", "which_number"), "textgauge.explanations.definitions"),
    **dict.fromkeys(("ErrorCounts", "error_counts"), "textgauge.corpus_errors"),
    **dict.fromkeys(("Explainer", "Explanation", "explain"), "textgauge.explanations"),
    **dict.fromkeys(("Interval", "Jackknife", "Measurements"), "textgauge.stats.measurements"),
    **dict.fromkeys(("PreparedReferences", "Scorer", "tokenize"), "textgauge.scorer"),
    **dict.fromkeys(("Report", "report"), "textgauge.reports"),
    "Aggregate": "textgauge.aggregate",
    "Result": "textgauge.result",
    "frames": "textgauge.frames",
    "parity": "textgauge.stats.parity",
    "patch": "textgauge.patch",
    "plots": "textgauge.plots",
    "transforms": "textgauge.text.transforms",
    "unpatch": "textgauge.patch",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'textgauge' has no attribute {name!r}")
    module = import_module(_LAZY[name])
    value = module if module.__name__.endswith(f".{name}") else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
