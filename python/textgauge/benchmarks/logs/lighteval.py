"""The details of lighteval: `details/MODEL/DATE/details_TASK_DATE.parquet`, with a row for each item.

Since 0.11 a row holds the document, the model's response and the scores, each in a column; before, all their parts are
columns.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks.logs.runs import TaskLog, latest, which
from textgauge.benchmarks.records import Record, RecordError, logprobs_of
from textgauge.errors import InputError
from textgauge.text.tokenizers import need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from textgauge.benchmarks.logs.request import Request

__all__ = ["NAME", "find", "records"]

NAME = "lighteval"
DETAILS = re.compile(r"details_(.+?)_(\d+-\d+-\d+T.*)\.parquet")
COLUMNS = {"doc", "model_response", "example", "predictions", "choices", "gold_index", "gold", "specifics"}


def find(path: Path, request: Request) -> list[Path]:
    """The details file itself, or those in a folder: of the benchmark's tasks, each in its latest run.

    Raises:
        InputError: The folder has details, but none of the benchmark, or those of several models.
    """
    if path.is_file():
        return [path] if DETAILS.fullmatch(path.name) else []
    if not path.is_dir():
        return []
    inside = (path / "details").rglob("*.parquet") if (path / "details").is_dir() else path.glob("*.parquet")
    files = sorted([*inside, *path.glob("*/*.parquet")])
    logs = [
        TaskLog(file, named[1], named[2], str(file.parent.parent))
        for file in dict.fromkeys(files)
        if (named := DETAILS.fullmatch(file.name))
    ]
    return [log.path for log in latest(path, logs, request)] if logs else []


def records(file: Path, request: Request) -> Iterator[Record]:
    """The records of a details file.

    Raises:
        InputError: The file cannot be read, or a row is none of lighteval's; the message names the row.
    """
    _, pq = need("reading Parquet files", "cli", "pyarrow", "pyarrow.parquet")
    named = DETAILS.fullmatch(file.name)
    task = named[1] if named else file.stem
    try:
        columns = [name for name in pq.read_schema(file).names if name in COLUMNS]
        rows = pq.read_table(file, columns=columns).to_pylist()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {file}: {error}", "bad-file") from error
    for number, row in enumerate(rows):
        place = f"{file}, row {number}"
        try:
            yield _record(row, task, number, request, place)
        except RecordError as error:
            raise InputError(f"{place}: {error}", "bad-record", number) from None


def _record(row: Mapping[str, Any], task: str, number: int, request: Request, place: str) -> Record:
    doc = row.get("doc") or {
        "query": row.get("example"),
        "choices": _listed(row.get("choices")),
        "gold_index": _listed(row.get("gold_index")),
        "specific": row.get("specifics"),
    }
    specific = doc.get("specific")
    group = request.group(task, specific if isinstance(specific, dict) else {})
    if group is None:
        raise RecordError(which(request))
    texts, logprobs = _of_response(row["model_response"]) if "model_response" in row else _of_predictions(row)
    choices = tuple(doc.get("choices") or ())
    gold = _indices(doc.get("gold_index"))
    golds = [choices[index] for index in gold if 0 <= index < len(choices)] or _listed(row.get("gold"))
    if not golds:
        raise RecordError("no right answer: neither 'gold_index' nor 'gold'")
    if logprobs and len(logprobs) != len(choices):
        raise RecordError(f"{len(choices)} choices, but {len(logprobs)} log-probabilities")
    if not logprobs:
        # Tasks without choices list the right answers as such.
        choices = tuple(choice.strip() for choice in choices) if len(gold) < len(choices) else ()
    return Record(
        id=str(number),
        group=group,
        prediction=texts[0] if texts else None,
        alternatives=tuple(texts[1:]),
        references=tuple(map(str, golds)),
        answer=gold[0] if len(gold) == 1 and choices else None,
        choices=choices,
        choice_logprobs=logprobs_of(logprobs or None, "the log-probabilities"),
        instance=str(number),
        question=doc.get("query") or "",
        place=place,
    )


def _of_response(response: Mapping[str, Any]) -> tuple[list[str], list[float]]:
    """The texts, without the model's thoughts where lighteval has taken these out, and the log-probabilities."""
    texts = response.get("text_post_processed") or response.get("text") or []
    return list(texts), [] if texts else list(response.get("logprobs") or [])


def _of_predictions(row: Mapping[str, Any]) -> tuple[list[str], list[float]]:
    predictions = _listed(row.get("predictions"))
    texts = [text for each in predictions for text in (each if isinstance(each, list) else [each])]
    if texts and all(isinstance(text, str) for text in texts):
        return texts, []
    try:
        return [], [float(each[0] if isinstance(each, (list, tuple)) else each) for each in predictions]
    except (TypeError, ValueError, IndexError):
        raise RecordError(f"'predictions' is {predictions!r}, neither texts nor log-probabilities") from None


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - whatever Parquet has
    """A list, which some versions wrote as the text of one."""
    if isinstance(value, str):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return [value]
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]


def _indices(value: Any) -> Sequence[int]:  # noqa: ANN401 - whatever Parquet has
    return [index for index in _listed(value) if isinstance(index, int)]
