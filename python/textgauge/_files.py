"""Files of predictions and references as the command line reads them: whole columns out of chunks of records."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

import textgauge as tg
from textgauge._jsonl import Chunk, open_lines, read_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Columns", "Part", "naming_rows", "read_parts"]

PREDICTIONS = [
    "prediction",
    "predictions",
    "hypothesis",
    "hypotheses",
    "hyp",
    "completion",
    "completions",
    "output",
    "outputs",
    "model_output",
    "generated",
    "generation",
    "generated_text",
    "generated_summary",
    "response",
    "candidate",
    "decoded",
    "system_output",
    "system",
]
REFERENCES = [
    "references",
    "reference",
    "refs",
    "ref",
    "targets",
    "target",
    "labels",
    "label",
    "gold",
    "golds",
    "ground_truth",
    "ground_truths",
    "summary",
    "highlights",
    "expected",
    "expected_output",
    "ideal",
]


@dataclass(frozen=True)
class Columns:
    """The names of the columns that are read; `None` for one to be guessed, or for no keys."""

    prediction: str | None
    reference: str | None
    by: str | None
    told: set[str] = field(default_factory=set, compare=False)
    """What was said about guesses: a file that is read twice gives no reason to say it twice."""


@dataclass(frozen=True)
class Part:
    """Some consecutive rows of a file."""

    chunk: Chunk
    predictions: list[Any]
    references: list[Any]
    keys: list[Any]


def read_parts(file: str, columns: Columns) -> Iterator[Part]:
    """The rows of a file, some thousand at a time; on a terminal a bar shows how far it has come.

    Raises:
        InputError: The file cannot be read, lacks a column, or has no records.
    """
    prediction, reference = columns.prediction, columns.reference
    empty = True
    with open_lines(file) as (lines, position, size), _progress(size) as show:
        for chunk in read_chunks(lines, "standard input" if file == "-" else file):
            empty = False
            if prediction is None:
                prediction = _guess(chunk, PREDICTIONS, "prediction", columns.told)
            if reference is None:
                reference = _guess(chunk, REFERENCES, "reference", columns.told)
            keys = [None] * len(chunk.records) if columns.by is None else chunk.column(columns.by)
            yield Part(chunk, chunk.column(prediction), chunk.column(reference), keys)
            show(position())
    if empty:
        raise tg.InputError(f"{file} has no records", "bad-file")


@contextlib.contextmanager
def naming_rows(chunk: Chunk) -> Iterator[None]:
    """Makes errors about a row of the chunk say where that row stands in its file."""
    try:
        yield
    except tg.InputError as error:
        if error.row is None or error.code == "bad-file":
            raise
        row = error.row
        message = error.message.replace(f"row {row}", f"row {chunk.first + row}")
        raise chunk.error(message, row, error.code) from error


def _guess(chunk: Chunk, candidates: list[str], role: str, told: set[str]) -> str:
    names = {name.lower(): name for name in reversed(chunk.records[0])}
    found = [names[candidate] for candidate in candidates if candidate in names]
    if not found:
        there = ", ".join(chunk.records[0]) or "none"
        raise chunk.error(f"which column holds the {role}? Say --{role}; there are {there}", 0)
    also = f" (not {', '.join(found[1:])})" if len(found) > 1 else ""
    note = f"{role}s of {chunk.name}: column {found[0]!r}{also}; --{role} names another"
    if note not in told:
        told.add(note)
        typer.echo(note, err=True)
    return found[0]


@contextlib.contextmanager
def _progress(size: int | None) -> Iterator[Callable[[int], None]]:
    """Yields a function that shows how many bytes of `size` are read; on a terminal only."""
    console = Console(stderr=True)
    if size is None or not console.is_terminal:
        yield lambda _done: None
        return
    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=size)
        yield lambda done: progress.update(task, completed=done)
