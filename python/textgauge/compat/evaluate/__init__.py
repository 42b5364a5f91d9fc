"""Drop-in for Hugging Face evaluate 0.4.6: `import textgauge.compat.evaluate as evaluate`."""

from __future__ import annotations

from typing import NoReturn

from textgauge.compat.evaluate.info import ComparisonInfo, EvaluationModuleInfo, MeasurementInfo, MetricInfo
from textgauge.compat.evaluate.loading import load
from textgauge.compat.evaluate.module import (
    CombinedEvaluations,
    Comparison,
    EvaluationModule,
    Measurement,
    Metric,
    combine,
)

__all__ = [
    "CombinedEvaluations",
    "Comparison",
    "ComparisonInfo",
    "EvaluationModule",
    "EvaluationModuleInfo",
    "Measurement",
    "MeasurementInfo",
    "Metric",
    "MetricInfo",
    "combine",
    "load",
]

__version__ = "0.4.6"


def __getattr__(name: str) -> NoReturn:
    """Says that the drop-in lacks what the peer has.

    Raises:
        ImportError: The peer has it.
        AttributeError: It has not.
    """
    if name in _LACKING:
        message = f"textgauge's drop-in for evaluate has no {name}; call textgauge.unpatch('evaluate') "
        raise ImportError(message + "or leave evaluate out of textgauge.patch", name=f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_LACKING = (
    *("AudioClassificationEvaluator", "AutomaticSpeechRecognitionEvaluator", "EvaluationSuite", "Evaluator"),
    *("ImageClassificationEvaluator", "QuestionAnsweringEvaluator", "SCRIPTS_VERSION", "SummarizationEvaluator"),
    *("Text2TextGenerationEvaluator", "TextClassificationEvaluator", "TextGenerationEvaluator"),
    *("TokenClassificationEvaluator", "TranslationEvaluator", "config", "disable_progress_bar"),
    *("enable_progress_bar", "evaluation_suite", "evaluator", "gradio", "hub", "infer_gradio_input_types", "inspect"),
    *("inspect_evaluation_module", "is_progress_bar_enabled", "json_to_string_type", "launch_gradio_widget"),
    *("list_evaluation_modules", "logging", "naming", "parse_gradio_data", "parse_readme", "parse_test_cases"),
    *("push_to_hub", "save", "saving", "utils"),
)
