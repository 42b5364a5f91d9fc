"""Scores of scenarios: means over instances and trials, each instance at its worst over perturbations, calibration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.benchmarks.calibration import ece_equal_mass, fit_platt, selective
from textgauge.benchmarks.helm.copying import score_copies
from textgauge.benchmarks.helm.items import HelmItem, make_items, score_pairs
from textgauge.benchmarks.helm.labels import classification
from textgauge.benchmarks.helm.likelihood import likelihood
from textgauge.benchmarks.helm.ranking import score_queries
from textgauge.benchmarks.helm.samples import score_samples
from textgauge.benchmarks.helm.summaries import score_sources
from textgauge.benchmarks.helm.tables import (
    FAIRNESS,
    METRICS,
    ROBUSTNESS,
    Board,
    HelmMetric,
    left_out_metrics,
    main_metric,
)
from textgauge.benchmarks.records import Record, as_records
from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["HelmScores", "ScenarioScores", "score"]


@dataclass(frozen=True)
class ScenarioScores:
    """The scores in a scenario: means over the instances of each trial, then over trials.

    Attributes:
        instances: The number of original instances, over all trials; queries, where passages are ranked.
        trials: The number of trials.
        main_metric: The name of the metric that stands for the scenario.
        main: Its score; `None` where that metric was not computed.
        metrics: The scores on the original instances.
        robustness: The scores with each instance at its worst over itself and its perturbations of that kind; empty
            without such perturbations.
        fairness: The same for perturbations of that kind.
        perturbations: The same for each perturbation.
        classes: F1 over the classes of the scenario; empty but for those that HELM measures so.
        likelihood: How probable the outputs were to the model; empty without log-probabilities.
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
    classes: dict[str, float]
    likelihood: dict[str, float]
    calibration: dict[str, float]


@dataclass(frozen=True)
class HelmScores:
    """The scores of a model.

    Attributes:
        items: The scored outputs.
        scenarios: The scores in each scenario, in the order of the records.
        mean: The mean of the main scores: what boards report that don't rank by win rate.
        left_out: Metrics that could not be computed here, each with what it needs.
    """

    items: tuple[HelmItem, ...]
    scenarios: dict[str, ScenarioScores]
    mean: float | None
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> dict[str, float | None]:
        """The main score of each scenario."""
        return {name: scenario.main for name, scenario in self.scenarios.items()}

    @property
    def unanswered(self) -> tuple[HelmItem, ...]:
        """The outputs without a prediction, or with one that names no choice; they score 0."""
        return tuple(item for item in self.items if not item.prediction and not item.record.choice_logprobs)


def score(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    metrics: Mapping[str, HelmMetric] | None = None,
    board: Board | None = None,
    output_mapping_pattern: str | None = None,
    threads: int | None = None,
) -> HelmScores:
    """The scores of a model's outputs.

    A prediction for an item with `choices` is a letter and stands for that choice, as in HELM: anything else scores 0.
    An output with `choice_logprobs` instead of a prediction has the one metric `exact_match`: of the choices that
    are most probable, the share that is right. Where there are several predictions for an item, the first is scored,
    and as `NAME@k` the best of all k; the most probable comes first, if they have log-probabilities.

    Args:
        records: What `read` returns, or objects with `scenario`, `references` and `prediction`.
        metrics: The metrics of predictions and references, by HELM's names, with `@3` for the best of the first three;
            by default all that can be computed here: the result says what is left out. What HELM measures besides
            in some scenarios is always computed.
        board: `"classic"` or `"lite"`: whose main metrics stand for scenarios; by default Lite's where they differ.
        output_mapping_pattern: A regular expression that finds the letter of a choice in a prediction: its first
            group, or all that it matches. HELM's runs have it under this name.
        threads: How many threads to use.

    Raises:
        InputError: There are no records, or one cannot be scored.
        ConfigError: A metric is not registered, lacks the column, or needs what is not installed; an option is wrong.
    """
    if board not in (None, "classic", "lite"):
        raise ConfigError(f"the board is classic or lite, not {board!r}", "bad-option")
    left_out = left_out_metrics() if metrics is None else {}
    if metrics is None:
        metrics = {name: metric for name, metric in METRICS.items() if name not in left_out}
    items = make_items(as_records(records, "scenario"), output_mapping_pattern)
    score_pairs(items, metrics, threads)
    score_queries(items)
    score_copies(items, threads)
    score_samples(items, threads)
    left_out.update(score_sources(items, threads))
    groups: dict[str, list[HelmItem]] = {}
    for item in items:
        groups.setdefault(item.record.group, []).append(item)
    scenarios = {name: _scenario(name, group, board) for name, group in groups.items()}
    mains = [scenario.main for scenario in scenarios.values() if scenario.main is not None]
    return HelmScores(tuple(items), scenarios, float(np.mean(mains)) if mains else None, left_out)


def _scenario(name: str, items: Sequence[HelmItem], board: Board | None) -> ScenarioScores:
    trials: dict[str, list[HelmItem]] = {}
    for item in items:
        trials.setdefault(item.record.trial, []).append(item)
    groups = list(trials.values())
    names = dict.fromkeys(item.record.perturbation for item in items if item.record.perturbation is not None)

    def worst(kind: frozenset[str]) -> dict[str, float]:
        return _mean_scores([_worst(group, kind) for group in groups]) if kind.intersection(names) else {}

    def over_trials(measure: Callable[[Sequence[HelmItem]], dict[str, float]]) -> dict[str, float]:
        return _mean_scores([measure(_originals(group)) for group in groups])

    metrics = over_trials(lambda group: _mean_scores([item.scores for item in group]))
    classes, likely = over_trials(classification), over_trials(likelihood)
    main = main_metric(name, board)
    if main == "quasi_exact_match" and main not in metrics:
        # As in HELM, for choices that are scored by their probability.
        main = "exact_match" if "exact_match" in metrics else main
    return ScenarioScores(
        instances=len(_instances(_originals(items))),
        trials=len(groups),
        main_metric=main,
        main={**metrics, **classes, **likely}.get(main),
        metrics=metrics,
        robustness=worst(ROBUSTNESS),
        fairness=worst(FAIRNESS),
        perturbations={name: worst(frozenset([name])) for name in names},
        classes=classes,
        likelihood=likely,
        calibration=over_trials(_calibration),
    )


def _originals(items: Sequence[HelmItem]) -> list[HelmItem]:
    return [item for item in items if item.record.perturbation is None]


def _instances(items: Iterable[HelmItem]) -> set[tuple[str, str]]:
    """What is scored as one: an output, or all passages of a query."""
    return {(item.record.trial, item.record.instance if item.is_passage else item.record.id) for item in items}


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
