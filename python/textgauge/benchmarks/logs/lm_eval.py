"""The sample logs of lm-evaluation-harness, from 0.4.0 on.

Until 0.4.2 they are arrays in files `MODEL_TASK.jsonl` beside `results.json`, since 0.4.3 lines in files
`samples_TASK_DATE.jsonl` beside `results_DATE.json`, in a folder for each model.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from textgauge.benchmarks.logs.runs import TaskLog, latest
from textgauge.benchmarks.records import Record, RecordError, logprobs_of
from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from textgauge.benchmarks.logs.request import Request
    from textgauge.benchmarks.logs.rows import RowFile

__all__ = ["NAME", "is_row", "records", "select"]

Logprobs: TypeAlias = tuple[float | None, ...]

NAME = "lm-evaluation-harness"
SAMPLES = re.compile(r"samples_(.+?)(?:_(\d{4}-\d\d-\d\dT[-\d.:]+))?\.jsonl(?:\.\w+)?")
OPTIONS = ("option_a", "option_b", "option_c", "option_d")


def is_row(row: Mapping[str, Any]) -> bool:
    """Whether a row is a document of a log."""
    return "doc_id" in row and "doc" in row and ("resps" in row or "filtered_resps" in row)


def select(files: Sequence[RowFile], request: Request) -> list[RowFile]:
    """Of the files of a folder those that are wanted: of the benchmark's tasks, each in its latest run.

    Raises:
        InputError: No file is of the benchmark, or two of them are different tasks of the same subject.
    """
    by_path = {file.path: file for file in files}
    logs = [TaskLog(file.path, _task(file.path), _date(file.path), item=_first_doc(file)) for file in files]
    return [by_path[log.path] for log in latest(files[0].path.parent, logs, request)]


def records(file: RowFile, request: Request) -> Iterator[Record]:
    """The records of a file.

    Raises:
        InputError: A row is no document of a log, or nothing tells its subject or task; the message names the line.
        ConfigError: The log has no such filter.
    """
    reader = _Reader(file, request)
    yield from filter(None, file.each(reader.record))
    reader.finish()


def _task(path: Path) -> str:
    """The name of the task: that in the file's name, where the results beside it tell which part of the name it is."""
    if named := SAMPLES.fullmatch(path.name):
        return named[1]
    stem = path.name.partition(".jsonl")[0]
    ends = [task for task in _configs(path) if stem == task or stem.endswith("_" + task)]
    return max(ends, key=len, default=stem)


def _date(path: Path) -> str:
    named = SAMPLES.fullmatch(path.name)
    return (named and named[2]) or ""


def _configs(path: Path) -> dict[str, Any]:
    """How each task was set up, as the results beside the log say; empty if there are none, or they can't be read."""
    date = _date(path)
    results = path.with_name(f"results_{date}.json" if date else "results.json")
    return _loaded(results, results.stat().st_mtime_ns) if results.is_file() else {}


@functools.lru_cache(maxsize=4)
def _loaded(results: Path, _changed: int) -> dict[str, Any]:
    try:
        configs = json.loads(results.read_text(encoding="utf-8")).get("configs")
    except (OSError, ValueError, AttributeError):
        return {}
    return configs if isinstance(configs, dict) else {}


def _first_doc(file: RowFile) -> Callable[[], Mapping[str, Any]]:
    def doc() -> Mapping[str, Any]:
        first = file.first.get("doc")
        return first if isinstance(first, dict) else {}

    return doc


class _Reader:
    """Makes records of the rows of a file."""

    def __init__(self, file: RowFile, request: Request) -> None:
        self.file = file
        self.request = request
        self.task = _task(file.path)
        self.is_named = SAMPLES.fullmatch(file.path.name) is not None or self.task in _configs(file.path)
        config = _configs(file.path).get(self.task)
        delimiter = config.get("target_delimiter") if isinstance(config, dict) else None
        self.delimiter = delimiter if isinstance(delimiter, str) else " "
        # The filter of each document that was read, and all there are.
        self.read: dict[str, object] = {}
        self.filters: dict[object, None] = {}

    def record(self, row: Any, place: str) -> Record | None:  # noqa: ANN401 - whatever JSON has
        """The record of a row; `None` if the document was read already, for another filter."""
        if not isinstance(row, dict) or not is_row(row):
            raise RecordError(f"no document of {NAME}, unlike what the file begins with")
        if self._is_repeated(row):
            return None
        doc, target = row["doc"], row.get("target")
        if not isinstance(doc, dict):
            raise RecordError(f"'doc' is {doc!r}, not an object")
        if isinstance(target, bool) or not isinstance(target, (str, int, list)):
            raise RecordError(f"'target' is {target!r}, not a text")
        group = self._group(doc)
        answers, logprobs = _responses(self._responses(row))
        asked, logprobs, unconditional = _asked(row, doc, logprobs, self.delimiter)
        choices, references, answer = asked or _choices(doc), _references(target), None
        # Of generated texts the target is a letter or a text, unless it is the very number that the document has.
        if logprobs or (choices and str(doc.get("answer")) == str(target).strip()):
            index = _index(target, doc, choices)
            if index is not None:
                answer, references = index, (choices[index],)
        question = doc.get("input", doc.get("question", doc.get("Question", "")))
        return Record(
            id=str(row["doc_id"]),
            group=group,
            prediction=answers[0] if answers else None,
            alternatives=answers[1:],
            references=references,
            answer=answer,
            choices=choices,
            choice_logprobs=logprobs,
            unconditional_logprobs=unconditional,
            instance=str(row["doc_id"]),
            question=question if isinstance(question, str) else "",
            place=place,
        )

    def finish(self) -> None:
        """Says when nothing had the filter that is wanted.

        Raises:
            ConfigError: The log has no such filter.
        """
        if self.request.filter is not None and self.filters and not self.read:
            there = ", ".join(str(name) for name in self.filters if name is not None) or "none that are named"
            raise ConfigError(
                f"{self.file.name} has no filter {self.request.filter!r}; there are {there}", "bad-option"
            )

    def _is_repeated(self, row: Mapping[str, Any]) -> bool:
        """Whether the row is not to be read: its document was read for another filter, or this filter is not wanted.

        Before 0.4.7 rows don't name their filters.
        """
        identity, name = str(row["doc_id"]), row.get("filter")
        self.filters[name] = None
        if self.request.filter is not None and name != self.request.filter:
            return True
        if identity not in self.read:
            self.read[identity] = name
            return False
        return name is None or name != self.read[identity]

    def _responses(self, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON has
        names = ("filtered_resps", "resps") if self.request.filter is not None else ("resps", "filtered_resps")
        return next(row[name] for name in names if name in row)

    def _group(self, doc: Mapping[str, Any]) -> str:
        group = self.request.group(self.task, doc)
        if self.request.is_of_another(self.task):
            raise RecordError(f"{self.task} is no task of {self.request.benchmark}")
        if group is None and self.is_named:
            # Whoever scores it says what is wrong with the name.
            return self.task
        if group is None:
            raise RecordError(f"which {self.request.by[0]}? Logs of {NAME} are named samples_TASK_DATE.jsonl")
        return group


def _responses(value: Any) -> tuple[tuple[str, ...], Logprobs]:  # noqa: ANN401 - whatever JSON has
    """The generated texts, or the log-probabilities of what was asked for.

    Texts are `[["first", "second", …]]`, or filtered `["text"]` or `[["first", "second", …]]`. Log-probabilities are
    `[[["-1.5", "False"]], …]`, with as many pairs as the request was repeated, or filtered `[["-1.5", "False"], …]`.
    """
    if not isinstance(value, list) or not value:
        raise RecordError(f"'resps' is {value!r}, not a list of responses")
    first = value[0]
    if isinstance(first, str):
        return (first,), ()
    if not isinstance(first, list) or not first:
        raise RecordError(f"'resps' begins with {first!r}, which is no response")
    if isinstance(first[0], str) and (len(value) == 1 or len(first) != 2):
        return tuple(map(str, first)), ()
    logprobs = []
    for response in value:
        pair = response[0] if isinstance(response, list) and response and isinstance(response[0], list) else response
        try:
            logprobs.append(float(pair[0]))
        except (TypeError, ValueError, IndexError, KeyError, OverflowError):
            raise RecordError(f"'resps' holds {response!r}, not a log-probability") from None
    return (), logprobs_of(logprobs, "resps")


def _asked(
    row: Mapping[str, Any], doc: Mapping[str, Any], logprobs: Logprobs, delimiter: str
) -> tuple[tuple[str, ...], Logprobs, Logprobs]:
    """The texts whose log-probabilities were asked for, their log-probabilities, and those without the question.

    Mutual information asks for each text a second time, after nothing: until 0.4.4 right after the first, then after
    all of them.
    """
    if not logprobs:
        return (), (), ()
    listed, number = _choices(doc), len(logprobs)
    if isinstance(doc.get("choices"), list) and listed and number not in (len(listed), 2 * len(listed)):
        raise RecordError(f"{len(listed)} choices, but {number} responses")
    asked = list(_arguments(row))
    if len(asked) != number:
        if listed:
            return listed, logprobs[: len(listed)], logprobs[len(listed) :]
        raise RecordError(f"{len(asked)} arguments, but {number} responses")
    after_question = [bool(prompt) for prompt, _ in asked]
    if after_question.count(True) != number / 2:
        return tuple(text.removeprefix(delimiter) for _, text in asked), logprobs, ()
    texts = tuple(text.removeprefix(delimiter) for prompt, text in asked if prompt)
    unconditional = tuple(itertools.compress(logprobs, (not after for after in after_question)))
    return texts, tuple(itertools.compress(logprobs, after_question)), unconditional


def _arguments(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The prompt and the continuation of each request: until 0.4.2 lists, then objects."""
    arguments = row.get("arguments")
    for argument in arguments.values() if isinstance(arguments, dict) else arguments or ():
        parts = list(argument.values()) if isinstance(argument, dict) else argument
        if not isinstance(parts, list) or len(parts) < 2 or not isinstance(parts[1], str):
            raise RecordError(f"'arguments' holds {argument!r}, not a request and its continuation")
        yield parts[0], parts[1]


def _choices(doc: Mapping[str, Any]) -> tuple[str, ...]:
    """The texts of the choices that a document lists, under the names that data sets have for them."""
    for value in (doc.get("choices"), doc.get("options"), _fields(doc, OPTIONS), _fields(doc, "ABCD")):
        if isinstance(value, list) and value and all(isinstance(choice, str) for choice in value):
            return tuple(value)
    return ()


def _fields(doc: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [doc.get(name) for name in names]


def _references(target: str | int | list[Any]) -> tuple[str, ...]:
    return tuple(map(str, target)) if isinstance(target, list) else (str(target),)


def _index(target: str | int | list[Any], doc: Mapping[str, Any], choices: Sequence[str]) -> int | None:
    """The choice that a number names; `None` where the target is a text.

    Since 0.4.3 all targets are logged as texts. Digits are the text of a choice where the document has them as a text.
    """
    text = str(target).strip()
    if not text.isdecimal() or int(text) >= len(choices):
        return None
    is_text = isinstance(target, str) and target in choices and target in (doc.get("target"), doc.get("answer"))
    return choices.index(text) if is_text else int(text)
