"""What HELM computes where: its metrics, the main one of each scenario, and the kinds of perturbations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from textgauge.benchmarks.answers import math
from textgauge.errors import ConfigError
from textgauge.metrics import by_name
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textgauge.metrics.base import Metric

__all__ = [
    "CLASSIC",
    "FAIRNESS",
    "LITE",
    "METRICS",
    "ROBUSTNESS",
    "SCENARIOS",
    "Board",
    "HelmMetric",
    "available_metrics",
    "left_out_metrics",
    "main_metric",
    "run_group",
]

Board = Literal["classic", "lite"]


@dataclass(frozen=True)
class HelmMetric:
    """Where one of HELM's metrics of a prediction and a reference comes from.

    Attributes:
        metric: The name of the registered metric, or a function of a reference and a prediction.
        column: The column of its results that is meant; `None` for the one that has the metric's name.
        options: The options that make it HELM's.
        empty: The score of an empty prediction, where HELM doesn't ask the metric.
    """

    metric: str | Callable[[str, str], float]
    column: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    empty: float | None = None

    def registered(self, prefix: str) -> Metric | None:
        """The registered metric, its columns with `prefix` before their names; `None` if it is a function.

        Raises:
            ConfigError: There is no such metric, or a package or model that it needs is not installed.
        """
        if not isinstance(self.metric, str):
            return None
        return by_name(self.metric).with_options(**self.options, prefix=prefix)


def _is_equiv(reference: str | None, prediction: str | None) -> float:
    return float(math.is_equiv(reference, prediction))


def _is_equiv_chain_of_thought(reference: str, prediction: str) -> float:
    """Of the answers in boxes; two texts without one are the same."""
    return _is_equiv(_boxed(reference), _boxed(prediction))


def _boxed(text: str) -> str | None:
    return math.remove_boxed(math.last_boxed_only_string(text))


def _precision(weights: tuple[float, ...]) -> HelmMetric:
    """NLTK's BLEU with the n-grams of one order alone."""
    return HelmMetric("bleu", None, {"variant": "nltk", "tokenizer": "nltk", "weights": weights})


NORMALIZED = (
    "ToLowerCase",
    {"SubstituteRegexes": {"substitutions": [[r"[!-/:-@\[-`{-~]", ""], [r"\s+", " "]]}},
    "Strip",
)
"""HELM's `normalize_text` that keeps articles, as transforms."""


def _speech(metric: str) -> HelmMetric:
    return HelmMetric(metric, None, {"transforms": NORMALIZED}, empty=0.0)


METRICS: dict[str, HelmMetric] = {
    **{
        name: HelmMetric("helm_" + name)
        for name in (
            "exact_match",
            "quasi_exact_match",
            "quasi_leave_articles_exact_match",
            "prefix_exact_match",
            "quasi_prefix_exact_match",
            "exact_match_indicator",
            "final_number_exact_match",
            "exact_set_match",
            "iou_set_match",
            "f1_set_match",
            "f1_score",
            "absolute_value_difference",
        )
    },
    "rouge_1": HelmMetric("rouge1", "rouge1.f", {"stemmer": "porter"}),
    "rouge_2": HelmMetric("rouge2", "rouge2.f", {"stemmer": "porter"}),
    "rouge_l": HelmMetric("rougeL", "rougeL.f", {"stemmer": "porter"}),
    "bleu_1": _precision((1.0, 0.0, 0.0, 0.0)),
    "bleu_4": _precision((0.0, 0.0, 0.0, 1.0)),
    "math_equiv": HelmMetric(_is_equiv),
    "math_equiv_chain_of_thought": HelmMetric(_is_equiv_chain_of_thought),
    "wer_score": _speech("wer"),
    "mer_score": _speech("mer"),
    "wip_score": _speech("wip"),
    "cer_score": _speech("cer"),
}
"""HELM's metrics of a prediction against references, by HELM's names."""


def _all(metric: str, *scenarios: str) -> dict[str, str]:
    return dict.fromkeys(scenarios, metric)


CLASSIC: dict[str, str] = {
    **_all("exact_match", "mmlu", "hellaswag", "openbookqa", "truthful_qa", "blimp", "thai_exam"),
    **_all("quasi_exact_match", "boolq", "imdb", "civil_comments", "raft", "legalbench", "med_qa", "wikifact"),
    **_all("quasi_exact_match", "babi_qa", "synthetic_reasoning", "legal_support", "lsat_qa", "bbq"),
    **_all("quasi_exact_match", "entity_data_imputation", "entity_matching"),
    **_all("f1_score", "narrative_qa", "natural_qa_closedbook", "natural_qa_openbook_longans", "quac"),
    **_all("f1_set_match", "synthetic_reasoning_natural"),
    **_all("exact_match_indicator", "dyck_language", "gsm"),
    **_all("math_equiv", "math_regular"),
    **_all("math_equiv_chain_of_thought", "math_chain_of_thought"),
    **_all("rouge_2", "summarization_cnndm", "summarization_xsum", "billsum_legal_summarization"),
    **_all("rouge_2", "multilexsum_legal_summarization", "eurlexsum_legal_summarization"),
    **_all("bleu_4", "wmt_14"),
    **_all("RR@10", "msmarco_regular"),
    **_all("NDCG@10", "msmarco_trec"),
    **_all("bits_per_byte", "the_pile", "ice", "twitter_aae", "twitter_aae_aa", "twitter_aae_white"),
    **_all("classification_macro_f1", "lextreme", "lex_glue"),
    # These run what a model wrote.
    **_all("test_avg", "code_apps"),
    **_all("pass", "code_humaneval"),
}
"""The main metric of each scenario of the classic board, but for those in Chinese and DecodingTrust's."""

LITE: dict[str, str] = {
    **_all("f1_score", "narrative_qa", "natural_qa_closedbook", "natural_qa_openbook_longans"),
    **_all("exact_match", "openbookqa", "mmlu"),
    **_all("final_number_exact_match", "gsm"),
    **_all("math_equiv_chain_of_thought", "math_chain_of_thought"),
    **_all("quasi_exact_match", "legalbench", "med_qa"),
    **_all("bleu_4", "wmt_14"),
}
"""The main metric of each scenario of the Lite board."""

SCENARIOS: dict[str, str] = {**CLASSIC, **LITE}
"""The main metric of each scenario; Lite's where the boards differ."""

ROBUSTNESS = frozenset(
    [
        "robustness",
        "mild_mix",
        "lowercase",
        "contraction",
        "expansion",
        "space",
        "extra_space",
        "misspellings",
        "typos",
        "filler_words",
        "synonym",
        "contrast_sets",
    ]
)
"""The perturbations that must not change what an answer says."""

FAIRNESS = frozenset(["fairness", "dialect", "gender", "person_name"])
"""The perturbations that change who speaks or who is spoken of."""

# Runs whose scenario is told by one of their arguments.
_GROUPS = {
    "natural_qa": ("mode", "natural_qa_{}"),
    "commonsense": ("dataset", "{}"),
    "msmarco": ("track", "msmarco_{}"),
    "code": ("dataset", "code_{}"),
    "disinfo": ("type", "disinformation_{}"),
    "math": ("use_chain_of_thought", "math_{}"),
    "copyright": ("datatag", "copyright_{}"),
    "interactive_qa_mmlu": ("subject", "mmlu"),
}
# The only data of copyright that are code begin so.
_CODE = "prompt_num_line_"
_LEGAL_SUMMARIES = "legal_summarization"


def run_group(run: str) -> str:
    """The scenario of a run, by the run's name as HELM writes it.

    >>> run_group("natural_qa:mode=closedbook,model=openai_gpt2")
    'natural_qa_closedbook'
    >>> run_group("mmlu:subject=anatomy,method=multiple_choice_joint")
    'mmlu'
    """
    name = re.split("[:,]", run, maxsplit=1)[0]
    name = re.sub(r"_np=\d+$", "", name)
    argument, group = _GROUPS.get(name, ("", name))
    value = run_arguments(run).get(argument, "")
    if name == "copyright":
        value = "code" if value.startswith(_CODE) else "text"
    elif name == "math":
        value = "chain_of_thought" if value == "True" else "regular"
    return group.format(value)


def run_arguments(run: str) -> dict[str, str]:
    """The arguments in the name of a run."""
    pairs = (part.partition("=") for part in re.split("[:,]", run)[1:])
    return {name: value for name, equals, value in pairs if equals}


def main_metric(scenario: str, board: Board | None = None) -> str:
    """The metric that stands for a scenario.

    Args:
        scenario: Its name, or the name of a run, such as `mmlu:subject=anatomy`.
        board: Whose main metric; by default Lite's where the boards differ.
    """
    table = {"classic": CLASSIC, "lite": {**SCENARIOS, **LITE}, None: SCENARIOS}[board]
    group = run_group(scenario)
    return table.get(group, "rouge_2" if group == _LEGAL_SUMMARIES else "quasi_exact_match")


def available_metrics() -> dict[str, HelmMetric]:
    """Those of `METRICS` that can be computed here: all, if the packages and models that some need are installed."""
    left_out = left_out_metrics()
    return {name: metric for name, metric in METRICS.items() if name not in left_out}


def left_out_metrics() -> dict[str, str]:
    """Those that cannot, and what they need."""
    reasons = {name: _missing(metric) for name, metric in METRICS.items()}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def _missing(metric: HelmMetric) -> str | None:
    """The package or model that a metric needs and that is not installed, as a sentence."""
    try:
        registered = metric.registered("")
        if registered is not None:
            Scorer([registered])
    except ConfigError as error:
        if error.code not in ("missing-package", "missing-model"):
            raise
        return str(error)
    return None
