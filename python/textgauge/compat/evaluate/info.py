"""What is known of a metric: `evaluate.info` of evaluate 0.4.6."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textgauge.compat.evaluate._features import Features

__all__ = ["ComparisonInfo", "EvaluationModuleInfo", "MeasurementInfo", "MetricInfo"]


@dataclass
class EvaluationModuleInfo:
    """What is known of a metric, comparison or measurement.

    Attributes:
        description: What it is.
        citation: Where it was published.
        features: What its inputs look like; a list, if there are several ways.
        inputs_description: What its inputs and options mean.
        homepage: A page about it.
        license: Its licence.
        codebase_urls: Where its code is.
        reference_urls: More about it.
        streamable: Whether it can be computed row by row.
        format: What inputs are given as, if not as lists.
        module_type: `"metric"`, `"comparison"` or `"measurement"`.
        module_name: Its name; set when it is loaded.
        config_name: The name of its configuration; set when it is loaded.
        experiment_id: The name of an experiment; set when it is loaded.
    """

    description: str
    citation: str
    features: Features | list[Features]
    inputs_description: str = field(default_factory=str)
    homepage: str = field(default_factory=str)
    license: str = field(default_factory=str)
    codebase_urls: list[str] = field(default_factory=list)
    reference_urls: list[str] = field(default_factory=list)
    streamable: bool = False
    format: str | None = None
    module_type: str = "metric"

    module_name: str | None = None
    config_name: str | None = None
    experiment_id: str | None = None


@dataclass
class MetricInfo(EvaluationModuleInfo):
    """What is known of a metric."""

    module_type: str = "metric"


@dataclass
class ComparisonInfo(EvaluationModuleInfo):
    """What is known of a comparison."""

    module_type: str = "comparison"


@dataclass
class MeasurementInfo(EvaluationModuleInfo):
    """What is known of a measurement."""

    module_type: str = "measurement"
