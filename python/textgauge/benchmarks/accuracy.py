"""Accuracies of groups of items, with their standard errors."""

from __future__ import annotations

import contextlib
import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks.names import plain, split
from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from textgauge.benchmarks.records import Record

__all__ = ["Accuracy", "Item", "accuracy", "check_extraction", "placing", "pooled", "resolve"]


@dataclass(frozen=True)
class Item:
    """A scored item.

    Attributes:
        id: Names the item within its group.
        group: Its subject or task.
        prediction: The extracted answer; `None` if none was found.
        reference: The right answer.
        correct: Whether they agree.
        confidence: The probability of the answer among the choices, where log-probabilities were given.
    """

    id: str
    group: str
    prediction: str | None
    reference: str
    correct: bool
    confidence: float | None = None

    def row(self, by: str) -> dict[str, Any]:
        """The item as an object that `textgauge compare --by` reads."""
        return {
            "id": f"{self.group}/{self.id}",
            by: self.group,
            "prediction": self.prediction or "",
            "reference": self.reference,
            "correct": self.correct,
        }


@dataclass(frozen=True)
class Accuracy:
    """How many items of a group are right.

    Attributes:
        items: The number of items.
        correct: The number of right answers.
        unanswered: The number of items without an answer, which count as wrong.
        accuracy: The share of right answers.
        standard_error: Of the accuracy; NaN where there are too few items to tell.
    """

    items: int
    correct: int
    unanswered: int
    accuracy: float
    standard_error: float


def accuracy(items: Sequence[Item]) -> Accuracy:
    """The accuracy over `items`: its standard error is the sample standard deviation over the root of their number."""
    number = len(items)
    correct = sum(item.correct for item in items)
    share = correct / number
    spread = (correct * (1.0 - share) ** 2 + (number - correct) * share**2) / (number - 1) if number > 1 else math.nan
    unanswered = sum(item.prediction is None for item in items)
    return Accuracy(number, correct, unanswered, share, math.sqrt(spread / number))


def pooled(parts: Iterable[Accuracy]) -> Accuracy:
    """The accuracy over all items of `parts`; its standard error pools their variances, as lm-evaluation-harness does.

    Variance between the parts is left out, so it is a little smaller than that of all items taken as one sample.
    """
    parts = list(parts)
    number, correct = sum(part.items for part in parts), sum(part.correct for part in parts)
    variances = [part.standard_error**2 * part.items * (part.items - 1) for part in parts if part.items > 1]
    freedom = number - len(parts)
    error = math.sqrt(sum(variances) / freedom / number) if freedom else math.nan
    return Accuracy(number, correct, sum(part.unanswered for part in parts), correct / number, error)


def resolve(name: str, known: Collection[str], what: str) -> str:
    """The one of `known` that `name` is, in any of its usual spellings, or ends with after a prefix such as `mmlu_`.

    Raises:
        InputError: It is none of them.
    """
    found = split(name, known)
    if found is None:
        close = difflib.get_close_matches(plain(name), known, 1)
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
