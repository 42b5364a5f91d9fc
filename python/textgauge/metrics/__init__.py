"""The metrics, each as a value that says what is measured and how."""

from __future__ import annotations

from textgauge._value import nearest
from textgauge.errors import ConfigError
from textgauge.metrics.answers import ExactMatch, Helm, Squad
from textgauge.metrics.base import Metric, Tokenizer, compile_metrics
from textgauge.metrics.bleu import Bleu
from textgauge.metrics.chrf import Chrf
from textgauge.metrics.diagnostics import Diagnostics, Extractive
from textgauge.metrics.edit import Cer, EditDistance, EditSimilarity, Mer, Wer, Wil, Wip
from textgauge.metrics.gleu import Gleu
from textgauge.metrics.info import MetricInfo, OptionInfo, OutputInfo, families, list_metrics
from textgauge.metrics.nist import Nist
from textgauge.metrics.rouge import Rouge
from textgauge.metrics.ter import Ter

__all__ = [
    "Bleu",
    "Cer",
    "Chrf",
    "Diagnostics",
    "EditDistance",
    "EditSimilarity",
    "ExactMatch",
    "Extractive",
    "Gleu",
    "Helm",
    "Mer",
    "Metric",
    "MetricInfo",
    "Nist",
    "OptionInfo",
    "OutputInfo",
    "Rouge",
    "Squad",
    "Ter",
    "Tokenizer",
    "Wer",
    "Wil",
    "Wip",
    "by_name",
    "compile_metrics",
    "list_metrics",
]

_CLASSES: dict[str, type[Metric]] = {
    "bleu": Bleu,
    "ter": Ter,
    "wer": Wer,
    "cer": Cer,
    "mer": Mer,
    "wil": Wil,
    "wip": Wip,
    "edit_distance": EditDistance,
    "edit_similarity": EditSimilarity,
    "diagnostics": Diagnostics,
    "extractive": Extractive,
    "gleu": Gleu,
    "nist": Nist,
    "exact_match": ExactMatch,
    "squad": Squad,
}


def by_name(name: str) -> Metric:
    """The registered metric `name` with its defaults.

    Raises:
        ConfigError: There is none.
    """
    family = families().get(name)
    if family is None:
        known = ", ".join(families())
        message = f"there is no metric {name!r}{nearest(name, families())}; choose one of {known}"
        raise ConfigError(message, "unknown-metric")
    if family == "rouge":
        return Rouge(name)
    if family == "chrf":
        return Chrf(word_order=name.count("+"))
    return Helm(name.removeprefix("helm_")) if name.startswith("helm_") else _CLASSES[name]()
