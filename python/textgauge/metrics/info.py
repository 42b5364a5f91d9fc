"""What the registry says of each metric."""

from __future__ import annotations

import functools
from typing import Any, Literal

from textgauge import _core
from textgauge._value import Value

__all__ = ["MetricInfo", "OptionInfo", "OutputInfo", "families", "list_metrics"]


class OutputInfo(Value):
    """One number that a metric makes.

    Attributes:
        part: The end of its column's name: `f` in `rouge1.f`.
        summary: What it says.
        unit: `share` of 1, `percent`, `count` of things or their mean, or `number`.
        lowest: The least it can be.
        highest: The most it can be.
        higher_is_better: `None` if neither direction is better.
    """

    part: str
    summary: str
    unit: str
    lowest: float
    highest: float
    higher_is_better: bool | None


class OptionInfo(Value):
    """One option of a metric.

    Attributes:
        name: What it is called.
        default: Its default; `None` where that depends on other options.
        allowed: Its allowed values, in words.
        meaning: What it does.
    """

    name: str
    default: Any
    allowed: str
    meaning: str


class MetricInfo(Value):
    """A registered metric.

    Attributes:
        name: Its name, for `Scorer`.
        family: The class and the page of the documentation that it belongs to.
        summary: What it measures.
        source: The paper, or package and version, that defines it.
        options: Its options.
        outputs: The numbers it makes.
        headline: The part that is the metric's main score.
        corpus: How the score of a corpus is made: `"mean"` of the pairs' scores, or `"pooled"` counts.
    """

    name: str
    family: str
    summary: str
    source: str
    options: tuple[OptionInfo, ...]
    outputs: tuple[OutputInfo, ...]
    headline: str
    corpus: Literal["mean", "pooled"]


def list_metrics() -> list[MetricInfo]:
    """Every registered metric, in the order of the documentation."""
    return [
        MetricInfo(
            **{
                **entry,
                "options": tuple(OptionInfo(**option) for option in entry["options"]),
                "outputs": tuple(OutputInfo(**output) for output in entry["outputs"]),
            }
        )
        for entry in _core.registry()
    ]


@functools.cache
def families() -> dict[str, str]:
    """The family of each registered metric."""
    return {entry["name"]: entry["family"] for entry in _core.registry()}
