"""HELM: scenarios with a metric of their own each, averaged over trials, at worst over perturbations, and win rates.

>>> from textgauge.benchmarks import helm
>>> helm.mean_win_rates({"a": {"boolq": 0.7, "imdb": 0.9}, "b": {"boolq": 0.8, "imdb": 0.9}})
{'a': 0.25, 'b': 0.75}
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from textgauge.benchmarks.accuracy import placing
from textgauge.benchmarks.answers import harness
from textgauge.benchmarks.calibration import ece_equal_mass, fit_platt, selective, softmax
from textgauge.benchmarks.records import Record, as_records
from textgauge.errors import ConfigError, InputError
from textgauge.metrics import by_name, list_metrics
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "FAIRNESS",
    "METRICS",
    "ROBUSTNESS",
    "SCENARIOS",
    "HelmItem",
    "HelmMetric",
    "HelmScores",
    "ScenarioScores",
    "available_metrics",
    "main_metric",
    "mean_win_rates",
    "score",
]


@dataclass(frozen=True)
class HelmMetric:
    """Where one of HELM's metrics comes from.

    Attributes:
        metric: The name of the registered metric.
        column: The column of its results that is meant; `None` for the one that has the metric's name.
        options: The options that make it HELM's.
    """

    metric: str
    column: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


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
}
"""HELM's metrics of a prediction against references, by HELM's names."""

SCENARIOS: dict[str, str] = {
    # The classic board.
    "mmlu": "exact_match",
    "hellaswag": "exact_match",
    "openbookqa": "exact_match",
    "truthful_qa": "exact_match",
    "boolq": "quasi_exact_match",
    "imdb": "quasi_exact_match",
    "civil_comments": "quasi_exact_match",
    "raft": "quasi_exact_match",
    "narrative_qa": "f1_score",
    "natural_qa_closedbook": "f1_score",
    "natural_qa_openbook_longans": "f1_score",
    "quac": "f1_score",
    "msmarco_regular": "RR@10",
    "msmarco_trec": "NDCG@10",
    "summarization_cnndm": "rouge_2",
    "summarization_xsum": "rouge_2",
    # Added by the lite board.
    "math_chain_of_thought": "math_equiv_chain_of_thought",
    "gsm": "final_number_exact_match",
    "legalbench": "quasi_exact_match",
    "med_qa": "quasi_exact_match",
    "wmt_14": "bleu_4",
}
"""The main metric of each core scenario."""

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

# What a log-probability may lie above 0, in numbers of 16 bits.
ROUNDING = 0.01


@dataclass(frozen=True)
class HelmItem:
    """A scored output.

    Attributes:
        record: The output.
        prediction: What was scored: the stripped text, or where there are choices that which its letter names; empty
            if there is none.
        references: What it was compared with.
        scores: Its scores, by HELM's names of the metrics.
        confidence: The probability of the prediction, where a log-probability was given.
    """

    record: Record
    prediction: str
    references: tuple[str, ...]
    scores: dict[str, float]
    confidence: float | None

    def row(self) -> dict[str, Any]:
        """The item as an object that `textgauge compare --by scenario` reads."""
        record, main = self.record, self.scores.get(main_metric(self.record.group))
        return {
            "id": "/".join(filter(None, (record.group, record.id, record.trial, record.perturbation))),
            "scenario": record.group,
            "prediction": self.prediction,
            "reference": list(self.references),
            "correct": main,
            **self.scores,
        }


@dataclass(frozen=True)
class ScenarioScores:
    """The scores in a scenario: means over the instances of each trial, then over trials.

    Attributes:
        instances: The number of original instances, over all trials.
        trials: The number of trials.
        main_metric: The name of the metric that stands for the scenario.
        main: Its score; `None` where that metric was not computed.
        metrics: The scores on the original instances.
        robustness: The scores with each instance at its worst over itself and its perturbations of that kind; empty
            without such perturbations.
        fairness: The same for perturbations of that kind.
        perturbations: The same for each perturbation.
        calibration: HELM's measures of calibration; empty without log-probabilities.
    """

    instances: int
    trials: int
    main_metric: str
    main: float | None
    metrics: dict[str, float]
    robustness: dict[str, float]
    fairness: dict[str, float]
    perturbations: dict[str, dict[str, float]]
    calibration: dict[str, float]


@dataclass(frozen=True)
class HelmScores:
    """The scores of a model.

    Attributes:
        items: The scored outputs.
        scenarios: The scores in each scenario, in the order of the records.
        mean: The mean of the main scores: what boards report that don't rank by win rate.
    """

    items: tuple[HelmItem, ...]
    scenarios: dict[str, ScenarioScores]
    mean: float | None

    @property
    def main(self) -> dict[str, float | None]:
        """The main score of each scenario."""
        return {name: scenario.main for name, scenario in self.scenarios.items()}

    @property
    def unanswered(self) -> tuple[HelmItem, ...]:
        """The outputs without a prediction, or with one that names no choice; they score 0."""
        return tuple(item for item in self.items if not item.prediction and not item.record.choice_logprobs)


def available_metrics() -> dict[str, HelmMetric]:
    """Those of `METRICS` that this version computes."""
    registered = {metric.name for metric in list_metrics()}
    return {name: metric for name, metric in METRICS.items() if metric.metric in registered}


def main_metric(scenario: str) -> str:
    """The metric that stands for a scenario; a name may go on after `:`, as in HELM's names of runs."""
    return SCENARIOS.get(scenario.partition(":")[0], "quasi_exact_match")


def score(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    metrics: Mapping[str, HelmMetric] | None = None,
    threads: int | None = None,
) -> HelmScores:
    """The scores of a model's outputs.

    A prediction for an item with `choices` is a letter and stands for that choice, as in HELM: anything else scores 0.
    An output with `choice_logprobs` instead of a prediction has the one metric `exact_match`: of the choices that
    are most probable, the share that is right.

    Args:
        records: What `read` returns, or objects with `scenario`, `references` and `prediction`.
        metrics: The metrics, by HELM's names; by default all that this version computes.
        threads: How many threads to use.

    Raises:
        InputError: There are no records, or one cannot be scored.
        ConfigError: A metric is not registered, or has not the column.
    """
    records = as_records(records, "scenario")
    items = _score_items(records, available_metrics() if metrics is None else dict(metrics), threads)
    groups: dict[str, list[HelmItem]] = {}
    for item in items:
        groups.setdefault(item.record.group, []).append(item)
    scenarios = {name: _scenario(name, group) for name, group in groups.items()}
    mains = [scenario.main for scenario in scenarios.values() if scenario.main is not None]
    return HelmScores(tuple(items), scenarios, float(np.mean(mains)) if mains else None)


def mean_win_rates(
    scores: Mapping[str, Mapping[str, float | None]],
    *,
    lower_is_better: Mapping[str, bool | None] | None = None,
    aggregation: Literal["mean", "median"] = "mean",
) -> dict[str, float | None]:
    """How often each model beats another one drawn at random, over the scenarios.

    In a scenario, the models that do worse count 1 and those that do as well a half. Scenarios with fewer than two
    scores count for nobody.

    Args:
        scores: The score of each model in each scenario; `None` or NaN where there is none.
        lower_is_better: Scenarios whose scores are errors (True), or have no order and don't count (None).
        aggregation: Of the scenarios.

    Returns:
        The rate for each model; `None` for one that was compared nowhere.

    Raises:
        ConfigError: The aggregation is neither of its choices.
    """
    if aggregation not in ("mean", "median"):
        raise ConfigError(f"the aggregation is mean or median, not {aggregation!r}", "bad-option")
    direction = dict(lower_is_better or {})
    rates: dict[str, list[float]] = {model: [] for model in scores}
    for scenario in dict.fromkeys(name for row in scores.values() for name in row):
        lower = direction.get(scenario, False)
        values = {
            model: value
            for model, row in scores.items()
            if (value := row.get(scenario)) is not None and not math.isnan(value)
        }
        if lower is None or len(values) < 2:
            continue
        for model, value in values.items():
            worse = sum(other > value if lower else other < value for other in values.values())
            ties = sum(other == value for other in values.values())
            rates[model].append((worse + (ties - 1) / 2) / (len(values) - 1))
    combine: Callable[[list[float]], Any] = np.mean if aggregation == "mean" else np.median
    return {model: float(combine(each)) if each else None for model, each in rates.items()}


def _score_items(records: Sequence[Record], metrics: dict[str, HelmMetric], threads: int | None) -> list[HelmItem]:
    """The scores of each output: the one place that asks the scorer."""
    items = []
    generated = []
    for row, record in enumerate(records):
        with placing(record, row):
            references = _references(record)
            if record.prediction is None and record.choice_logprobs:
                items.append(HelmItem(record, "", references, *_score_choices(record)))
                continue
            confidence = _confidence(record)
        generated.append(row)
        items.append(HelmItem(record, _prediction(record), references, {}, confidence))
    if not generated or not metrics:
        return items
    predictions = [items[row].prediction for row in generated]
    references_of_each = [list(items[row].references) for row in generated]
    columns = {}
    for options in _distinct_options(metrics.values()):
        # A scorer has each of its columns once, so a metric with other options needs another scorer.
        alike = {name: metric for name, metric in metrics.items() if metric.options == options}
        registered = dict.fromkeys(metric.metric for metric in alike.values())
        scorer = Scorer([by_name(each).with_options(**options) for each in registered], threads=threads)
        result = scorer.score(predictions, references_of_each)
        for name, metric in alike.items():
            column = metric.column or metric.metric
            if column not in result:
                raise ConfigError(f"no column {column!r}; there are {', '.join(result)}", "unknown-metric")
            columns[name] = result[column].tolist()
    for name in metrics:
        for row, value in zip(generated, columns[name], strict=True):
            items[row].scores[name] = value if items[row].prediction else 0.0
    return items


def _distinct_options(metrics: Iterable[HelmMetric]) -> list[Mapping[str, Any]]:
    distinct: list[Mapping[str, Any]] = []
    for metric in metrics:
        if metric.options not in distinct:
            distinct.append(metric.options)
    return distinct


def _confidence(record: Record) -> float | None:
    """The probability of the prediction; a sum of rounded log-probabilities may lie a little above 0."""
    if record.logprob is None:
        return None
    if record.logprob > ROUNDING:
        raise InputError(f"logprob is {record.logprob}, above 0", "bad-record")
    return math.exp(min(0.0, record.logprob))


def _prediction(record: Record) -> str:
    text = (record.prediction or "").strip()
    if not record.choices:
        return text
    index = harness.letter(text, len(record.choices)) if len(text) == 1 else None
    return "" if index is None else record.choices[index].strip()


def _references(record: Record) -> tuple[str, ...]:
    """The right answers, as texts of choices where there are choices."""
    if not record.choices:
        return record.references
    if record.answer is not None:
        if not 0 <= record.answer < len(record.choices):
            raise InputError(f"the target is {record.answer}, none of {len(record.choices)} choices", "bad-record")
        return (record.choices[record.answer],)
    texts = []
    for reference in record.references:
        index = None if reference in record.choices else harness.letter(reference.strip(), len(record.choices))
        texts.append(reference if index is None else record.choices[index])
    return tuple(texts)


def _score_choices(record: Record) -> tuple[dict[str, float], float]:
    logprobs = np.array([-math.inf if logprob is None else logprob for logprob in record.choice_logprobs])
    best = np.max(logprobs)
    if best == -math.inf:
        raise InputError("no choice has a log-probability", "bad-record")
    if record.answer is not None:
        correct = {record.answer}
    else:
        correct = {index for index, choice in enumerate(record.choices) if choice in record.references}
        correct = correct or {
            index
            for reference in record.references
            if (index := harness.letter(reference.strip(), len(logprobs))) is not None
        }
    if not correct or not all(0 <= index < len(logprobs) for index in correct):
        raise InputError(f"the target is none of {len(logprobs)} choices", "bad-record")
    chosen = np.flatnonzero(logprobs >= best).tolist()
    return {"exact_match": len(correct.intersection(chosen)) / len(chosen)}, float(np.max(softmax(logprobs)))


def _scenario(name: str, items: Sequence[HelmItem]) -> ScenarioScores:
    trials: dict[str, list[HelmItem]] = {}
    for item in items:
        trials.setdefault(item.record.trial, []).append(item)
    groups = list(trials.values())
    names = dict.fromkeys(item.record.perturbation for item in items if item.record.perturbation is not None)

    def worst(kind: frozenset[str]) -> dict[str, float]:
        return _mean_scores([_worst(group, kind) for group in groups]) if kind.intersection(names) else {}

    metrics = _mean_scores([_mean_scores([item.scores for item in _originals(group)]) for group in groups])
    main = main_metric(name)
    if main == "quasi_exact_match" and main not in metrics:
        # As in HELM, for choices that are scored by their probability.
        main = "exact_match" if "exact_match" in metrics else main
    return ScenarioScores(
        instances=len(_originals(items)),
        trials=len(groups),
        main_metric=main,
        main=metrics.get(main),
        metrics=metrics,
        robustness=worst(ROBUSTNESS),
        fairness=worst(FAIRNESS),
        perturbations={name: worst(frozenset([name])) for name in names},
        calibration=_mean_scores([_calibration(_originals(group)) for group in groups]),
    )


def _originals(items: Sequence[HelmItem]) -> list[HelmItem]:
    return [item for item in items if item.record.perturbation is None]


def _worst(items: Sequence[HelmItem], kind: frozenset[str]) -> dict[str, float]:
    """The mean over instances of the least score of the original and its perturbations of a kind.

    The least is taken of every metric, whether less is better or worse, as HELM does.
    """
    instances: dict[str, list[dict[str, float]]] = {}
    for item in items:
        if item.record.perturbation is None or item.record.perturbation in kind:
            instances.setdefault(item.record.instance or item.record.id, []).append(item.scores)
    least = []
    for scores in instances.values():
        names = dict.fromkeys(name for each in scores for name in each)
        least.append({name: min(each[name] for each in scores if name in each) for name in names})
    return _mean_scores(least)


def _calibration(items: Sequence[HelmItem]) -> dict[str, float]:
    known = [item for item in items if item.confidence is not None and "exact_match" in item.scores]
    confidences = [item.confidence or 0.0 for item in known]
    # A model that gives every answer the log-probability 0 gives none.
    if not any(confidence < 1.0 for confidence in confidences):
        return {}
    correct = [int(item.scores["exact_match"]) for item in known]
    area, at_10 = selective(confidences, correct)
    measures = {
        "ece_10_bin": ece_equal_mass(confidences, correct),
        "ece_1_bin": ece_equal_mass(confidences, correct, 1),
        "selective_cov_acc_area": area,
        "selective_acc@10": at_10,
        "platt_ece_10_bin": 0.0,
        "platt_ece_1_bin": 0.0,
    }
    platt = fit_platt(confidences, correct)
    if platt is not None:
        calibrated = platt(confidences)
        measures["platt_ece_10_bin"] = ece_equal_mass(calibrated, correct)
        measures["platt_ece_1_bin"] = ece_equal_mass(calibrated, correct, 1)
        measures.update(platt_coef=platt.coefficient, platt_intercept=platt.intercept)
    return measures


def _mean_scores(scores: Sequence[dict[str, float]]) -> dict[str, float]:
    """The mean of each score over those that have it."""
    names = dict.fromkeys(name for each in scores for name in each)
    return {name: float(np.mean([each[name] for each in scores if name in each])) for name in names}
