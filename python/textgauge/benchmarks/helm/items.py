"""Outputs and their scores: the one place that asks the scorer for HELM's metrics of predictions and references."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from textgauge.benchmarks.accuracy import placing
from textgauge.benchmarks.answers import harness
from textgauge.benchmarks.calibration import softmax
from textgauge.benchmarks.helm import summaries
from textgauge.benchmarks.helm.tables import HelmMetric, main_metric
from textgauge.errors import ConfigError, InputError
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from textgauge.benchmarks.records import Record
    from textgauge.result import Result

__all__ = ["HelmItem", "make_items", "score_pairs"]

# What a log-probability may lie above 0, in numbers of 16 bits.
ROUNDING = 0.01


@dataclass(frozen=True)
class HelmItem:
    """A scored output.

    Attributes:
        record: The output.
        completions: What was scored, the best first: stripped texts, or where there are choices those that their
            letters name; `None` for one that names no choice, or where no text was given.
        references: What they were compared with.
        scores: The scores, by HELM's names of the metrics.
        confidence: The probability of the prediction, where a log-probability was given.
    """

    record: Record
    completions: tuple[str | None, ...]
    references: tuple[str, ...]
    scores: dict[str, float]
    confidence: float | None

    @property
    def prediction(self) -> str:
        """The best completion; empty if there is none."""
        return (self.completions[0] or "") if self.completions else ""

    @property
    def is_passage(self) -> bool:
        """Whether it says whether a passage answers a query, and is scored with the other passages."""
        return self.record.relevance is not None

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


def make_items(records: Iterable[Record], pattern: str | None) -> list[HelmItem]:
    """The items of records; those that are answered by probabilities have their score.

    Args:
        records: The records.
        pattern: What finds the letter of a choice in a text: HELM's `output_mapping_pattern`.

    Raises:
        InputError: A record cannot be scored; the message names it.
        ConfigError: The pattern is no regular expression.
    """
    letters = None if pattern is None else _compiled(pattern)
    items = []
    for row, record in enumerate(records):
        with placing(record, row):
            references = _references(record)
            if record.prediction is None and record.choice_logprobs:
                items.append(HelmItem(record, (), references, *_score_choices(record)))
                continue
            texts, logprob = _completions(record)
            completions = tuple(_mapped(text, record.choices, letters) for text in texts)
            if summaries.is_summary(record):
                completions = tuple(summaries.without_braces(text or "") for text in completions)
                references = tuple(map(summaries.without_braces, references))
            items.append(HelmItem(record, completions, references, {}, _confidence(logprob)))
    return items


def score_pairs(items: Sequence[HelmItem], metrics: Mapping[str, HelmMetric], threads: int | None) -> None:
    """Gives items their scores: the best over the references, and for `NAME@k` over the first k completions too.

    A metric without `@` in its name is also given for as many completions as the scenario has, if it has several.

    Raises:
        ConfigError: A metric is not registered, lacks the column, or needs what is not installed.
    """
    pairs = _pairs(items)
    most: dict[str, int] = {}
    for item in items:
        most[item.record.group] = max(most.get(item.record.group, 1), len(item.completions))
    values = _values(pairs, {name.partition("@")[0]: metric for name, metric in metrics.items()}, threads)
    for name in metrics:
        base, at, number = name.partition("@")
        for index, scores in _per_item(items, pairs, values[base]):
            item, count = items[index], most[items[index].record.group]
            wanted = {name: int(number) if at else 1}
            if not at and count > 1:
                wanted[f"{name}@{count}"] = count
            item.scores.update({key: max(scores[:first]) for key, first in wanted.items()})


class _Pairs(NamedTuple):
    """All completions with all references; `starts` has where those of each completion start."""

    predictions: list[str]
    references: list[str]
    starts: list[int]


def _pairs(items: Sequence[HelmItem]) -> _Pairs:
    pairs = _Pairs([], [], [])
    for item in items:
        if item.is_passage:
            continue
        for completion in item.completions:
            if completion is not None and item.references:
                pairs.starts.append(len(pairs.predictions))
                pairs.predictions.extend([completion] * len(item.references))
                pairs.references.extend(item.references)
    return pairs


def _per_item(
    items: Sequence[HelmItem], pairs: _Pairs, values: NDArray[np.float64]
) -> Iterable[tuple[int, list[float]]]:
    """The best score of each completion, for each item that has references; 0 for one that is `None`."""
    best = iter(np.maximum.reduceat(values, pairs.starts).tolist() if pairs.starts else ())
    for index, item in enumerate(items):
        if item.completions and item.references and not item.is_passage:
            yield index, [0.0 if completion is None else next(best) for completion in item.completions]


def _values(pairs: _Pairs, metrics: Mapping[str, HelmMetric], threads: int | None) -> dict[str, NDArray[np.float64]]:
    """What each metric makes of each pair."""
    made = {name: metric.registered(f"{name}/") for name, metric in metrics.items()}
    registered = [metric for metric in made.values() if metric is not None]
    result: Result | Mapping[str, Any] = (
        Scorer(registered, threads=threads).score(pairs.predictions, pairs.references) if registered else {}
    )
    is_empty = np.array([not text for text in pairs.predictions], bool)
    values = {}
    for name, metric in metrics.items():
        if isinstance(metric.metric, str):
            column = f"{name}/{metric.column or metric.metric}"
            if column not in result:
                known = ", ".join(each.removeprefix(f"{name}/") for each in result if each.startswith(f"{name}/"))
                raise ConfigError(f"no column {metric.column!r}; there are {known}", "unknown-metric")
            scores = np.asarray(result[column], np.float64)
        else:
            scores = np.array(list(map(metric.metric, pairs.references, pairs.predictions)), np.float64)
        values[name] = scores if metric.empty is None else np.where(is_empty, metric.empty, scores)
    return values


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ConfigError(f"the output mapping pattern {pattern!r} is wrong: {error}", "bad-option") from None


def _completions(record: Record) -> tuple[list[str | None], float | None]:
    """The stripped texts, the most probable first, and the log-probability of the first."""
    if record.prediction is None:
        return [None], record.logprob
    texts: list[str | None] = [text.strip() for text in (record.prediction, *record.alternatives)]
    logprobs = [record.logprob, *record.alternative_logprobs]
    known = [logprob for logprob in logprobs if logprob is not None]
    if len(known) < len(texts):
        return texts, record.logprob
    # As HELM does: of equals, the first drawn comes first.
    order = sorted(range(len(texts)), key=lambda index: -known[index])
    return [texts[index] for index in order], known[order[0]]


def _mapped(text: str | None, choices: Sequence[str], pattern: re.Pattern[str] | None) -> str | None:
    """A text, or the choice that it names."""
    if not choices or text is None:
        return text
    if pattern is not None:
        found = pattern.search(text)
        text = "" if found is None else found[1 if found.re.groups else 0] or ""
    index = harness.letter(text, len(choices)) if len(text) == 1 else None
    return None if index is None else choices[index].strip()


def _confidence(logprob: float | None) -> float | None:
    """The probability of the prediction; a sum of rounded log-probabilities may lie a little above 0."""
    if logprob is None:
        return None
    if logprob > ROUNDING:
        raise InputError(f"logprob is {logprob}, above 0", "bad-record")
    return math.exp(min(0.0, logprob))


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
