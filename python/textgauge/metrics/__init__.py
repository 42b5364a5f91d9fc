"""The metrics, each as a value that says what is measured and how."""

from __future__ import annotations

from textgauge._value import nearest
from textgauge.errors import ConfigError
from textgauge.metrics import answers, bleu, chrf, diagnostics, edit, gleu, nist, rouge, ter
from textgauge.metrics.answers import *
from textgauge.metrics.base import Metric, classes
from textgauge.metrics.bleu import *
from textgauge.metrics.chrf import *
from textgauge.metrics.diagnostics import *
from textgauge.metrics.edit import *
from textgauge.metrics.gleu import *
from textgauge.metrics.info import MetricInfo, OptionInfo, OutputInfo, families, list_metrics
from textgauge.metrics.nist import *
from textgauge.metrics.rouge import *
from textgauge.metrics.ter import *

# What users see; a class is added in its own file.
__all__ = ["Metric", "MetricInfo", "OptionInfo", "OutputInfo", "list_metrics"]
__all__ += answers.__all__
__all__ += bleu.__all__
__all__ += chrf.__all__
__all__ += diagnostics.__all__
__all__ += edit.__all__
__all__ += gleu.__all__
__all__ += nist.__all__
__all__ += rouge.__all__
__all__ += ter.__all__


def by_name(name: str) -> Metric:
    """The registered metric `name` with its defaults.

    Raises:
        ConfigError: There is none.
    """
    family = families().get(name)
    if family is None:
        hint = nearest(name, families()) or f"; choose one of {', '.join(families())}"
        message = f"there is no metric {name!r}{hint}"
        raise ConfigError(message, "unknown-metric")
    if family == "rouge":
        return rouge.Rouge(name)
    if family == "chrf":
        return chrf.Chrf(word_order=name.count("+"))
    return answers.Helm(name.removeprefix("helm_")) if name.startswith("helm_") else classes()[name]()
