"""Outputs of language models, as the benchmarks read them: JSON lines, or the sample logs of lm-evaluation-harness."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textgauge.errors import InputError
from textgauge.io.names import RECORD_PREDICTIONS, RECORD_TARGETS
from textgauge.io.sources import open_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Record", "as_records", "read"]

HARNESS_FILE = re.compile(r"samples_(.+?)(?:_\d{4}-\d\d-\d\dT[-\d.:]+)?\.jsonl(?:\.gz)?")


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


def read(path: str | Path, by: str) -> list[Record]:
    """The records of a file, or of all files `*.jsonl` and `*.jsonl.gz` in a folder.

    Args:
        path: A file, `-` for standard input, or a folder such as lm-evaluation-harness makes for each model.
        by: The field that names the group: `subject`, `task` or `scenario`.

    Raises:
        InputError: A file cannot be read, has no records, or a record is no output of a model; the message names
            the file and the line.
    """
    folder = Path(path)
    if not folder.is_dir():
        return _Reader(by).read([str(path)])
    files = sorted(file for file in folder.iterdir() if file.name.endswith((".jsonl", ".jsonl.gz")))
    if not files:
        raise InputError(f"{path} holds no file *.jsonl or *.jsonl.gz", "bad-file")
    return _Reader(by).read(map(str, files))


def as_records(rows: Iterable[Record | Mapping[str, Any]], by: str) -> list[Record]:
    """The records of `rows`, which are records or objects as they stand in files.

    Raises:
        InputError: There is none, or one is no output of a model; the message names the row.
    """
    records = []
    seen: dict[tuple[str | None, ...], str] = {}
    for number, row in enumerate(rows):
        try:
            record = row if isinstance(row, Record) else _own(row, by, number, f"row {number}")
            _check_new(record, seen)
        except _RecordError as error:
            raise InputError(f"row {number}: {error}", "bad-record", number) from None
        records.append(record)
    if not records:
        raise InputError("there are no records", "no-row")
    return records


class _RecordError(Exception):
    """What is wrong with a record; whoever knows where it stands makes an error of it."""


class _Reader:
    """Reads the files of one model."""

    def __init__(self, by: str) -> None:
        self.by = by
        self.seen: dict[tuple[str | None, ...], str] = {}
        # Over all files, so that records without an id have different ones.
        self.numbers = itertools.count()

    def read(self, files: Iterable[str]) -> list[Record]:
        return [record for file in files for record in self._file(file)]

    def _file(self, file: str) -> Iterator[Record]:
        name = "standard input" if file == "-" else file
        filters: dict[str, object] = {}
        empty = True
        for source in open_sources([file]):
            for decode in source.batches(source.names()):
                batch = decode()
                for index, row in enumerate(batch.records()):
                    empty = False
                    place = batch.place(index)
                    try:
                        if index in batch.problems:
                            raise _RecordError(batch.problems[index])
                        if not _is_harness(row):
                            record = _own(row, self.by, next(self.numbers), place)
                        elif _is_repeated(row, filters):
                            continue
                        else:
                            record = _harness(row, self.by, name, place)
                        _check_new(record, self.seen)
                    except _RecordError as error:
                        code = "bad-file" if index in batch.problems else "bad-record"
                        raise batch.error(str(error), index, code) from None
                    yield record
        if empty:
            raise InputError(f"{name} has no records", "bad-file")


def _check_new(record: Record, seen: dict[tuple[str | None, ...], str]) -> None:
    key = (record.group, record.id, record.trial, record.perturbation)
    if key in seen:
        raise _RecordError(
            f"the item {record.id!r} of {record.group!r} is there already, in {seen[key] or 'another row'}"
        )
    seen[key] = record.place


def _own(row: Mapping[str, Any], by: str, number: int, place: str) -> Record:
    if not isinstance(row, Mapping):
        raise _RecordError(f"{type(row).__name__} is no object with the fields of a record")
    if by not in row:
        raise _RecordError(f"no field {by!r}; there are {', '.join(map(str, row)) or 'none'}")
    name = next((name for name in RECORD_PREDICTIONS if name in row), "")
    prediction, alternatives = _predictions(row, name)
    choices = _texts(row, "choices")
    logprobs = _logprobs(row.get("choice_logprobs"), "choice_logprobs")
    unconditional = _logprobs(row.get("unconditional_logprobs"), "unconditional_logprobs")
    if prediction is None and not name and not logprobs:
        raise _RecordError("neither 'prediction' nor 'choice_logprobs'")
    if choices and logprobs and len(choices) != len(logprobs):
        raise _RecordError(f"{len(choices)} choices, but {len(logprobs)} choice_logprobs")
    if unconditional and len(unconditional) != len(logprobs):
        raise _RecordError(f"{len(logprobs)} choice_logprobs, but {len(unconditional)} unconditional_logprobs")
    relevance = _whole(row, "relevance")
    # Whether a passage answers its query is told by its relevance.
    references, answer = _target(row) if relevance is None else ((), None)
    logprob, alternative_logprobs = _completion_logprobs(row, len(alternatives))
    instance = _name(row, "instance")
    identity = _name(row, "id") or instance or str(number)
    return Record(
        id=identity,
        group=_name(row, by) or "",
        prediction=prediction,
        alternatives=alternatives,
        references=references,
        answer=answer,
        choices=choices,
        choice_logprobs=logprobs,
        unconditional_logprobs=unconditional,
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


def _target(row: Mapping[str, Any]) -> tuple[tuple[str, ...], int | None]:
    """The right answers, and the index of the right choice if that is a number."""
    name = next((name for name in RECORD_TARGETS if name in row), None)
    if name is None:
        raise _RecordError("neither 'target' nor 'references'")
    value = row[name]
    if isinstance(value, int) and not isinstance(value, bool):
        return (str(value),), value
    references = (value,) if isinstance(value, str) else _texts(row, name)
    if not references:
        raise _RecordError(f"{name!r} is empty")
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
        raise _RecordError(f"{alternatives + 1} predictions, but {len(value)} in 'logprob'")
    first, *rest = _logprobs(value, "logprob")
    return first, tuple(rest)


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _RecordError(f"{name!r} is {value!r}, not a text")


def _texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    if value is None:
        return ()
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise _RecordError(f"{name!r} is {value!r}, not a list of texts")


def _name(row: Mapping[str, Any], name: str) -> str | None:
    """A text or a whole number, as a text."""
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _RecordError(f"{name!r} is {value!r}, not a text or a whole number")


def _whole(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise _RecordError(f"{name!r} is {value!r}, not a whole number from 0")


def _number(value: object, name: str) -> float | None:
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _RecordError(f"{name} is {value!r}, not a number")
    try:
        number = float(value)
    except OverflowError:
        raise _RecordError(f"{name} is too large a number") from None
    if math.isnan(number) or number == math.inf:
        raise _RecordError(f"{name} is {number}; null stands for one that is missing")
    return number


def _logprobs(value: object, name: str) -> tuple[float | None, ...]:
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise _RecordError(f"{name} is {value!r}, not a list of numbers")
    numbers = [_number(part, f"a part of {name}") for part in value]
    # What has no probability at all was not among those that the model reports.
    return tuple(None if number == -math.inf else number for number in numbers)


def _is_harness(row: Mapping[str, Any]) -> bool:
    return "doc_id" in row and "doc" in row and ("resps" in row or "filtered_resps" in row)


def _is_repeated(row: Mapping[str, Any], filters: dict[str, object]) -> bool:
    """Whether the row repeats an item for another filter; older versions don't say for which."""
    identity = str(row["doc_id"])
    if identity not in filters:
        filters[identity] = row.get("filter")
        return False
    return row.get("filter") is None or row["filter"] != filters[identity]


def _harness(row: Mapping[str, Any], by: str, file: str, place: str) -> Record:
    doc = row["doc"]
    if not isinstance(doc, dict):
        raise _RecordError(f"'doc' is {doc!r}, not an object")
    named = HARNESS_FILE.fullmatch(Path(file).name)
    group = doc.get("subject") if by == "subject" else None
    group = group if isinstance(group, str) else named and named[1]
    if group is None:
        raise _RecordError(f"which {by}? Logs of lm-evaluation-harness are named samples_TASK_DATE.jsonl")
    target = row.get("target")
    if not isinstance(target, (str, int)) or isinstance(target, bool):
        raise _RecordError(f"'target' is {target!r}, not a text")
    prediction, logprobs = _responses(row.get("resps", row.get("filtered_resps")))
    choices = _harness_choices(row, doc, len(logprobs))
    references, answer = (str(target),), None
    if logprobs:
        # Where a choice is scored by its own two requests, the second half is the unconditional one.
        logprobs = logprobs[: len(choices)]
        if str(target).strip().isdecimal() and int(target) < len(choices):
            answer = int(target)
            references = (choices[answer],)
    question = doc.get("input", doc.get("question", ""))
    return Record(
        id=str(row["doc_id"]),
        group=group,
        prediction=prediction,
        references=references,
        answer=answer,
        choices=choices,
        choice_logprobs=logprobs,
        instance=str(row["doc_id"]),
        question=question if isinstance(question, str) else "",
        place=place,
    )


def _responses(value: Any) -> tuple[str | None, tuple[float | None, ...]]:  # noqa: ANN401 - whatever JSON has
    """The generated text, or the log-probabilities of the choices.

    A text is `[["text"]]`, or filtered `["text"]`; choices are `[[["-1.5", "False"]], …]`, or filtered
    `[["-1.5", "False"], …]`.
    """
    if not isinstance(value, list) or not value:
        raise _RecordError(f"'resps' is {value!r}, not a list of responses")
    first = value[0]
    if isinstance(first, str):
        return first, ()
    if not isinstance(first, list) or not first:
        raise _RecordError(f"'resps' begins with {first!r}, which is no response")
    if isinstance(first[0], str) and (len(value) == 1 or len(first) != 2):
        return first[0], ()
    logprobs = []
    for response in value:
        pair = response[0] if isinstance(response, list) and response and isinstance(response[0], list) else response
        try:
            logprobs.append(float(pair[0]))
        except (TypeError, ValueError, IndexError, KeyError, OverflowError):
            raise _RecordError(f"'resps' holds {response!r}, not a log-probability") from None
    return None, _logprobs(logprobs, "resps")


def _harness_choices(row: Mapping[str, Any], doc: Mapping[str, Any], requests: int) -> tuple[str, ...]:
    choices = doc.get("choices")
    if isinstance(choices, list) and choices and all(isinstance(choice, str) for choice in choices):
        if not requests or requests in (len(choices), 2 * len(choices)):
            return tuple(choices)
        raise _RecordError(f"{len(choices)} choices, but {requests} responses")
    if not requests:
        return ()
    arguments = row.get("arguments")
    each = arguments.values() if isinstance(arguments, dict) else arguments or ()
    texts = []
    for argument in each:
        parts = list(argument.values()) if isinstance(argument, dict) else argument
        if not isinstance(parts, list) or len(parts) < 2 or not isinstance(parts[1], str):
            raise _RecordError(f"'arguments' holds {argument!r}, not a request and its continuation")
        texts.append(parts[1].strip())
    if len(texts) != requests:
        raise _RecordError(f"{len(texts)} arguments, but {requests} responses")
    return tuple(texts)
