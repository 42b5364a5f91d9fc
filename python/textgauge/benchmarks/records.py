"""Outputs of language models, as the benchmarks read them, and the layout of files in which we take them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textgauge.errors import InputError
from textgauge.io.names import RECORD_PREDICTIONS, RECORD_TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from textgauge.io.batch import Batch

__all__ = ["Record", "RecordError", "as_records", "check_new", "group_names", "logprobs_of", "own_records"]


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
    trial: str = "0"
    perturbation: str | None = None
    instance: str = ""
    question: str = ""
    place: str = field(default="", compare=False, repr=False)


def as_records(
    rows: Iterable[Record | Mapping[str, Any]], by: str | Sequence[str], default: str | None = None
) -> list[Record]:
    """The records of `rows`, which are records or objects as they stand in files.

    Args:
        rows: The rows.
        by: The field that names the group, or several, of which the first counts that a record has.
        default: The group of records without such a field, where that is no error.

    Raises:
        InputError: There is none, or one is no output of a model; the message names the row.
    """
    records = []
    names = group_names(by)
    seen: dict[tuple[str | None, ...], str] = {}
    for number, row in enumerate(rows):
        try:
            record = row if isinstance(row, Record) else _own(row, names, default, number, f"row {number}")
            check_new(record, seen)
        except RecordError as error:
            raise InputError(f"row {number}: {error}", "bad-record", number) from None
        records.append(record)
    if not records:
        raise InputError("there are no records", "no-row")
    return records


class RecordError(Exception):
    """What is wrong with a record; whoever knows where it stands makes an error of it."""


def own_records(
    batches: Iterable[Batch], by: Sequence[str], default: str | None, numbers: Iterator[int], *, answered: bool = True
) -> Iterator[Record]:
    """The records of a file in our own layout.

    Args:
        batches: What the file holds.
        by: The fields that may name the group; the first counts that a record has.
        default: The group of records without such a field, where that is no error.
        numbers: The names of records without an id.
        answered: Whether each record must have a prediction, or log-probabilities.

    Raises:
        InputError: A record cannot be read, or is no output of a model; the message names the file and the line.
    """
    for batch in batches:
        for index, row in enumerate(batch.records()):
            if index in batch.problems:
                raise batch.error(batch.problems[index], index, "bad-file")
            try:
                yield _own(row, by, default, next(numbers), batch.place(index), answered=answered)
            except RecordError as error:
                raise batch.error(str(error), index, "bad-record") from None


def check_new(record: Record, seen: dict[tuple[str | None, ...], str]) -> None:
    """Adds a record to those that were seen.

    Raises:
        RecordError: Its item was seen already.
    """
    key = (record.group, record.id, record.trial, record.perturbation)
    if key in seen:
        raise RecordError(
            f"the item {record.id!r} of {record.group!r} is there already, in {seen[key] or 'another row'}"
        )
    seen[key] = record.place


def group_names(by: str | Sequence[str]) -> tuple[str, ...]:
    """The fields that may name the group, where one alone may be given as it is."""
    return (by,) if isinstance(by, str) else tuple(by)


def _own(
    row: Mapping[str, Any], by: Sequence[str], default: str | None, number: int, place: str, *, answered: bool = True
) -> Record:
    if not isinstance(row, Mapping):
        raise RecordError(f"{type(row).__name__} is no object with the fields of a record")
    named = next((field for field in by if field in row), None)
    if named is None and default is None:
        raise RecordError(f"no field {by[0]!r}; there are {', '.join(map(str, row)) or 'none'}")
    name = next((name for name in RECORD_PREDICTIONS if name in row), "")
    prediction, alternatives = _predictions(row, name)
    choices = _texts(row, "choices")
    logprobs = logprobs_of(row.get("choice_logprobs"), "choice_logprobs")
    unconditional = logprobs_of(row.get("unconditional_logprobs"), "unconditional_logprobs")
    continuations, greedy = _texts(row, "continuations"), _flags(row, "choice_greedy")
    if answered and prediction is None and not name and not logprobs:
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
    references, answer = _target(row)
    instance = _name(row, "instance")
    identity = _name(row, "id") or instance or str(number)
    return Record(
        id=identity,
        group=(named and _name(row, named)) or default or "",
        prediction=prediction,
        alternatives=alternatives,
        references=references,
        answer=answer,
        choices=choices,
        choice_logprobs=logprobs,
        unconditional_logprobs=unconditional,
        continuations=continuations,
        choice_greedy=greedy,
        logprob=_number(row.get("logprob"), "logprob"),
        trial=_name(row, "trial") or "0",
        perturbation=_name(row, "perturbation"),
        instance=instance or identity,
        question=_text(row, "input") or "",
        place=place,
    )


def _target(row: Mapping[str, Any]) -> tuple[tuple[str, ...], int | None]:
    """The right answers, and the index of the right choice if that is a number."""
    name = next((name for name in RECORD_TARGETS if name in row), None)
    if name is None:
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
