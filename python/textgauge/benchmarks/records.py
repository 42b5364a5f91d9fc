"""Outputs of language models, as the benchmarks read them, and the layout of files in which we take them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks.lazy import Lazy
from textgauge.errors import InputError
from textgauge.io.names import RECORD_PREDICTIONS, RECORD_TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textgauge.io.batch import Batch

__all__ = [
    "OWN_FIELDS",
    "Layout",
    "Record",
    "RecordError",
    "Records",
    "as_records",
    "check_new",
    "group_names",
    "key_of",
    "logprobs_of",
    "own",
    "own_records",
    "parts_of",
]


@dataclass(frozen=True)
class Record:
    """What a model answered to one item.

    Attributes:
        id: Names the item within its group; by default the number of the record, from 0, over all files of a folder.
        group: The subject, task or scenario.
        prediction: The text that the model generated; `None` if it gave none.
        alternatives: Further texts that it generated for the same item, in their order: the best first where there is
            one, else as they were drawn.
        references: The right answers, as texts.
        answer: The index of the right choice, where it is given as a number.
        choices: The texts of the choices.
        choice_logprobs: The log-probability of each choice; `None` for one that is missing.
        unconditional_logprobs: The log-probability of each choice without the question.
        continuations: What the log-probabilities are of, where that is not the texts of the choices: letters.
        choice_greedy: Whether each choice is what the model would have generated.
        logprob: The log-probability of the prediction.
        alternative_logprobs: The log-probability of each of the alternatives, in their order; `None` for one that is
            not known, and empty if none is.
        num_tokens: The number of tokens of the prediction that `logprob` is the sum over.
        relevance: Of a passage that is ranked for a query: how relevant it is, 0 if it is not known to be. Only
            passages have one. `instance` is the query that they share, the prediction is the model's yes or no.
        rank: The place of such a passage in the first retrieval, from 1; `None` if it was not retrieved.
        trial: Names the run, where items are answered several times.
        perturbation: How the item was changed; `None` for the original.
        instance: Names the original that perturbed items come from.
        question: The text of the item.
        place: Where the record stands, for messages.
    """

    id: str
    group: str
    prediction: str | None = None
    alternatives: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    answer: int | None = None
    choices: tuple[str, ...] = ()
    choice_logprobs: tuple[float | None, ...] = ()
    unconditional_logprobs: tuple[float | None, ...] = ()
    continuations: tuple[str, ...] = ()
    choice_greedy: tuple[bool, ...] = ()
    logprob: float | None = None
    alternative_logprobs: tuple[float | None, ...] = ()
    num_tokens: int | None = None
    relevance: int | None = None
    rank: int | None = None
    trial: str = "0"
    perturbation: str | None = None
    instance: str = ""
    question: str = ""
    place: str = field(default="", compare=False, repr=False)


# What an object in our own layout may hold, besides its group and its question.
OWN_FIELDS = frozenset(
    {
        *(*RECORD_PREDICTIONS, *RECORD_TARGETS, "id", "instance", "trial", "perturbation"),
        *("choices", "choice_logprobs", "unconditional_logprobs", "continuations", "choice_greedy", "logprob"),
        *("num_tokens", "relevance", "rank"),
    }
)


class Records(Lazy[Record]):
    """The records of a model, and what was left out when they were read.

    Attributes:
        parts: The records, in parts, each of which may make its records when they are looked at.
        notes: What was left out, and why, a sentence each.
    """

    def __init__(self, parts: Iterable[Sequence[Record]], notes: Sequence[str] = ()) -> None:
        self.parts = tuple(parts)
        self.notes = tuple(notes)

    def __len__(self) -> int:
        """How many records there are."""
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[Record]:
        """The records one after the other."""
        return itertools.chain.from_iterable(self.parts)

    def _made(self, row: int) -> Record:
        for part in self.parts:
            if row < len(part):
                return part[row]
            row -= len(part)
        raise IndexError(row)


def as_records(
    rows: Iterable[Record | Mapping[str, Any]], by: str | Sequence[str], default: str | None = None
) -> Sequence[Record]:
    """The records of `rows`, which are records or objects as they stand in files.

    Args:
        rows: The rows.
        by: The field that names the group, or several, of which the first counts that a record has.
        default: The group of records without such a field, where that is no error.

    Raises:
        InputError: There is none, or one is no output of a model; the message names the row.
    """
    if isinstance(rows, Records):
        return rows
    records = []
    layout = Layout(group_names(by), default)
    seen: dict[tuple[str | None, ...], str] = {}
    for number, row in enumerate(rows):
        try:
            record = row if isinstance(row, Record) else own(row, layout, number, f"row {number}")
            check_new(record, seen)
        except RecordError as error:
            raise InputError(f"row {number}: {error}", "bad-record", number) from None
        records.append(record)
    if not records:
        raise InputError("there are no records", "no-row")
    return records


def parts_of(records: Sequence[Record]) -> Sequence[Sequence[Record]]:
    """The records in parts, as they were read."""
    return records.parts if isinstance(records, Records) else (records,)


class RecordError(Exception):
    """What is wrong with a record; whoever knows where it stands makes an error of it."""


@dataclass(frozen=True)
class Layout:
    """What records of our own layout must have.

    Attributes:
        by: The fields that may name the group; the first counts that a record has.
        default: The group of records without such a field, where that is no error.
        answered: Whether each record must have a prediction, or log-probabilities.
    """

    by: tuple[str, ...]
    default: str | None = None
    answered: bool = True


def own_records(batch: Batch, layout: Layout, first: int) -> Iterator[Record]:
    """The records of a batch in our own layout.

    Args:
        batch: The batch.
        layout: What they must have.
        first: The number of the first record; numbers name records without an id.

    Raises:
        InputError: A record cannot be read, or is no output of a model; the message names the file and the line.
    """
    for index, row in enumerate(batch.records()):
        if index in batch.problems:
            raise batch.error(batch.problems[index], index, "bad-file")
        try:
            yield own(row, layout, first + index, batch.place(index))
        except RecordError as error:
            raise batch.error(str(error), index, "bad-record") from None


def key_of(record: Record) -> tuple[str | None, ...]:
    """What no two records have in common."""
    return (record.group, record.id, record.trial, record.perturbation)


def check_new(record: Record, seen: dict[tuple[str | None, ...], str]) -> None:
    """Adds a record to those that were seen.

    Raises:
        RecordError: Its item was seen already.
    """
    key = key_of(record)
    if key in seen:
        raise RecordError(
            f"the item {record.id!r} of {record.group!r} is there already, in {seen[key] or 'another row'}"
        )
    seen[key] = record.place


def group_names(by: str | Sequence[str]) -> tuple[str, ...]:
    """The fields that may name the group, where one alone may be given as it is."""
    return (by,) if isinstance(by, str) else tuple(by)


def own(row: Mapping[str, Any], layout: Layout, number: int, place: str) -> Record:
    """The record that an object in our own layout is.

    Args:
        row: The object.
        layout: What it must have.
        number: Its number, which names it if it has no id.
        place: Where it stands, for messages.

    Raises:
        RecordError: It is no output of a model.
    """
    if not isinstance(row, Mapping):
        raise RecordError(f"{type(row).__name__} is no object with the fields of a record")
    named = _first(row, layout.by)
    if not named and layout.default is None:
        raise RecordError(f"no field {layout.by[0]!r}; there are {', '.join(map(str, row)) or 'none'}")
    name = _first(row, RECORD_PREDICTIONS)
    prediction, alternatives = _predictions(row, name)
    choices = _texts(row, "choices")
    logprobs = logprobs_of(row.get("choice_logprobs"), "choice_logprobs")
    unconditional = logprobs_of(row.get("unconditional_logprobs"), "unconditional_logprobs")
    continuations, greedy = _texts(row, "continuations"), _flags(row, "choice_greedy")
    if layout.answered and prediction is None and not name and not logprobs:
        raise RecordError("neither 'prediction' nor 'choice_logprobs'")
    if choices and logprobs and len(choices) != len(logprobs):
        raise RecordError(f"{len(choices)} choices, but {len(logprobs)} choice_logprobs")
    for other, length in (
        ("unconditional_logprobs", len(unconditional)),
        ("continuations", len(continuations)),
        ("choice_greedy", len(greedy)),
    ):
        if length and length != len(logprobs):
            raise RecordError(f"{len(logprobs)} choice_logprobs, but {length} {other}")
    relevance = _whole(row, "relevance")
    # Whether a passage answers its query is told by its relevance.
    references, answer = _target(row) if relevance is None else ((), None)
    logprob, alternative_logprobs = _completion_logprobs(row, len(alternatives))
    instance = _name(row, "instance")
    identity = _name(row, "id") or instance or str(number)
    return Record(
        id=identity,
        group=(named and _name(row, named)) or layout.default or "",
        prediction=prediction,
        alternatives=alternatives,
        references=references,
        answer=answer,
        choices=choices,
        choice_logprobs=logprobs,
        unconditional_logprobs=unconditional,
        continuations=continuations,
        choice_greedy=greedy,
        logprob=logprob,
        alternative_logprobs=alternative_logprobs,
        num_tokens=_whole(row, "num_tokens"),
        relevance=relevance,
        rank=_whole(row, "rank"),
        trial=_name(row, "trial") or "0",
        perturbation=_name(row, "perturbation"),
        instance=instance or identity,
        question=_text(row, "input") or "",
        place=place,
    )


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str:
    """The first of the fields that holds something; else the first that is there at all; else nothing."""
    there = [name for name in names if name in row]
    return next((name for name in there if row[name] is not None), there[0] if there else "")


def _target(row: Mapping[str, Any]) -> tuple[tuple[str, ...], int | None]:
    """The right answers, and the index of the right choice if that is a number."""
    name = _first(row, RECORD_TARGETS)
    if not name:
        raise RecordError("neither 'target' nor 'references'")
    value = row[name]
    if isinstance(value, int) and not isinstance(value, bool):
        return (str(value),), value
    references = (value,) if isinstance(value, str) else _texts(row, name)
    if not references:
        raise RecordError(f"{name!r} is empty")
    return references, None


def _predictions(row: Mapping[str, Any], name: str) -> tuple[str | None, tuple[str, ...]]:
    """The generated text and its alternatives, which a list of texts holds together."""
    if not isinstance(row.get(name), (list, tuple)):
        return _text(row, name), ()
    first, *rest = _texts(row, name) or (None,)
    return first, tuple(text for text in rest if text is not None)


def _completion_logprobs(row: Mapping[str, Any], alternatives: int) -> tuple[float | None, tuple[float | None, ...]]:
    """The log-probability of the prediction and those of its alternatives, which a list holds together."""
    value = row.get("logprob")
    if not isinstance(value, (list, tuple)):
        return _number(value, "logprob"), ()
    if len(value) != alternatives + 1:
        raise RecordError(f"{alternatives + 1} predictions, but {len(value)} in 'logprob'")
    first, *rest = logprobs_of(value, "logprob")
    return first, tuple(rest)


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    raise RecordError(f"{name!r} is {value!r}, not a text")


def _texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    if value is None:
        return ()
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise RecordError(f"{name!r} is {value!r}, not a list of texts")


def _flags(row: Mapping[str, Any], name: str) -> tuple[bool, ...]:
    value = row.get(name)
    if value is None:
        return ()
    if isinstance(value, (list, tuple)) and all(isinstance(part, bool) for part in value):
        return tuple(value)
    raise RecordError(f"{name!r} is {value!r}, not a list of true and false")


def _name(row: Mapping[str, Any], name: str) -> str | None:
    """A text or a whole number, as a text."""
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RecordError(f"{name!r} is {value!r}, not a text or a whole number")


def _whole(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise RecordError(f"{name!r} is {value!r}, not a whole number from 0")


def _number(value: object, name: str) -> float | None:
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise RecordError(f"{name} is {value!r}, not a number")
    try:
        number = float(value)
    except OverflowError:
        raise RecordError(f"{name} is too large a number") from None
    if math.isnan(number) or number == math.inf:
        raise RecordError(f"{name} is {number}; null stands for one that is missing")
    return number


def logprobs_of(value: object, name: str) -> tuple[float | None, ...]:
    """The log-probabilities in a list; `None` for one that is missing.

    Raises:
        RecordError: It is no list of numbers, or one of them is NaN or above all others.
    """
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise RecordError(f"{name} is {value!r}, not a list of numbers")
    numbers = [_number(part, f"a part of {name}") for part in value]
    # What has no probability at all was not among those that the model reports.
    return tuple(None if number == -math.inf else number for number in numbers)
