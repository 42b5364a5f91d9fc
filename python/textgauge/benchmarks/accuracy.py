"""Accuracies of groups of items, with their standard errors."""

from __future__ import annotations

import collections
import contextlib
import math
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from textgauge.benchmarks.names import plain, split
from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from textgauge.benchmarks.answers.reading import Reading
    from textgauge.benchmarks.records import Record

__all__ = [
    "Accuracy",
    "Estimate",
    "Item",
    "accuracy",
    "accuracy_of_counts",
    "check_extraction",
    "placing",
    "pooled",
    "resolve",
]


class Item(NamedTuple):
    """A scored item. There may be millions of them, and tuples are made fastest.

    Attributes:
        id: Names the item within its group.
        group: Its subject or task.
        prediction: The extracted answer; `None` if none was found.
        reference: The right answer.
        correct: Whether they agree; where all answers to the item count, the share that is right.
        confidence: The probability of the answer among the choices, where log-probabilities were given.
        reading: Why the answer is one, where it was read off a text and that was asked for.
        measures: What else the log-probabilities say: see `multiple_choice.measures`.
    """

    id: str
    group: str
    prediction: str | None
    reference: str
    correct: float
    confidence: float | None = None
    reading: Reading | None = None
    measures: Mapping[str, float] = MappingProxyType({})

    def row(self, by: str, *, explain: bool = False) -> dict[str, Any]:
        """The item as an object that `textgauge compare --by` reads; with the rule and the place of its answer."""
        read = self.reading
        why = {"rule": read and read.rule, "start": read and read.start, "end": read and read.end} if explain else {}
        return {
            "id": f"{self.group}/{self.id}",
            by: self.group,
            "prediction": self.prediction or "",
            "reference": self.reference,
            "correct": self.correct,
            **why,
        }


@dataclass(frozen=True)
class Estimate:
    """The mean of a measure over items.

    Attributes:
        mean: The mean.
        standard_error: Of the mean; NaN where there are too few items to tell.
    """

    mean: float
    standard_error: float


@dataclass(frozen=True)
class Accuracy:
    """How many items of a group are right.

    Attributes:
        items: The number of items.
        correct: The number of right answers; items of which all answers count add the share that is right.
        unanswered: The number of items without an answer, which count as wrong.
        accuracy: The share of right answers.
        standard_error: Of the accuracy; NaN where there are too few items to tell.
        measures: The measures that all the items have: see `multiple_choice.measures`.
    """

    items: int
    correct: float
    unanswered: int
    accuracy: float
    standard_error: float
    measures: dict[str, Estimate] = field(default_factory=dict, hash=False)


def accuracy(items: Sequence[Item]) -> Accuracy:
    """The accuracy over `items`: its standard error is the sample standard deviation over the root of their number."""
    total = _estimate([item.correct for item in items])
    shared = [name for name in items[0].measures if all(name in item.measures for item in items)]
    return Accuracy(
        items=len(items),
        correct=sum(item.correct for item in items),
        unanswered=sum(item.prediction is None for item in items),
        accuracy=total.mean,
        standard_error=total.standard_error,
        measures={name: _estimate([item.measures[name] for item in items]) for name in shared},
    )


def accuracy_of_counts(
    items: int, correct: int, unanswered: int, measures: Mapping[str, Sequence[float]] = MappingProxyType({})
) -> Accuracy:
    """The accuracy over items each of which is right or wrong, with the values of their measures."""
    total = _estimate_of({1: correct, 0: items - correct}, correct, items)
    estimates = {name: _estimate(values) for name, values in measures.items()}
    return Accuracy(items, correct, unanswered, total.mean, total.standard_error, estimates)


def pooled(parts: Iterable[Accuracy]) -> Accuracy:
    """The accuracy over all items of `parts`; its standard error pools their variances, as lm-evaluation-harness does.

    Variance between the parts is left out, so it is a little smaller than that of all items taken as one sample.
    """
    parts = list(parts)
    sizes = [part.items for part in parts]
    number, correct = sum(sizes), sum(part.correct for part in parts)
    shared = [name for name in parts[0].measures if all(name in part.measures for part in parts)]
    measures = {}
    for name in shared:
        each = [part.measures[name] for part in parts]
        mean = sum(one.mean * size for one, size in zip(each, sizes, strict=True)) / number
        measures[name] = Estimate(mean, _pooled_error([one.standard_error for one in each], sizes))
    return Accuracy(
        items=number,
        correct=correct,
        unanswered=sum(part.unanswered for part in parts),
        accuracy=correct / number,
        standard_error=_pooled_error([part.standard_error for part in parts], sizes),
        measures=measures,
    )


def _estimate(values: Sequence[float]) -> Estimate:
    return _estimate_of(collections.Counter(values), sum(values), len(values))


def _estimate_of(counts: Mapping[float, int], total: float, number: int) -> Estimate:
    """The mean of values that are there so many times, of their sum and number, with its standard error."""
    mean = total / number
    if number < 2:
        return Estimate(mean, math.nan)
    squares = sum(count * (value - mean) ** 2 for value, count in counts.items())
    return Estimate(mean, math.sqrt(squares / (number - 1) / number))


def _pooled_error(errors: Sequence[float], sizes: Sequence[int]) -> float:
    squares = [error**2 * size * (size - 1) for error, size in zip(errors, sizes, strict=True) if size > 1]
    freedom = sum(sizes) - len(sizes)
    return math.sqrt(sum(squares) / freedom / sum(sizes)) if freedom else math.nan


def resolve(name: str, known: Collection[str], what: str) -> str:
    """The one of `known` that `name` is, in any of its usual spellings, or ends with after a prefix such as `mmlu_`.

    Raises:
        InputError: It is none of them.
    """
    found = split(name, known)
    if found is None:
        from difflib import get_close_matches  # needed only for errors

        close = get_close_matches(plain(name), known, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise InputError(f"no {what} is called {name!r}{hint}", "bad-record")
    return found[1]


@contextlib.contextmanager
def placing(record: Record, row: int) -> Iterator[None]:
    """Makes errors say where the record stands, which is number `row` of all."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{record.place or f'row {row}'}: {error.message}", error.code, row) from None


def check_extraction(name: str, known: Sequence[str]) -> None:
    """Refuses a way of extraction that is none of `known`.

    Raises:
        ConfigError: It is none of them.
    """
    if name not in known:
        raise ConfigError(f"the extraction is one of {', '.join(known)}, not {name!r}", "bad-option")
