"""Files of predictions and references: whole columns out of chunks of records."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textgauge.errors import InputError
from textgauge.io.jsonl import Chunk, open_lines, read_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    Progress: TypeAlias = Callable[[int | None], AbstractContextManager[Callable[[int], None]]]

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
    tell: Callable[[str], object] = field(default=lambda _note: None, compare=False)
    """Called with a note about each guess."""
    told: set[str] = field(default_factory=set, compare=False)
    """The notes so far: a file that is read twice gives no reason to repeat them."""


@dataclass(frozen=True)
class Part:
    """Some consecutive rows of a file."""

    chunk: Chunk
    predictions: list[Any]
    references: list[Any]
    keys: list[Any]


@contextlib.contextmanager
def silent(_size: int | None) -> Iterator[Callable[[int], None]]:
    """Shows no progress."""
    yield lambda _done: None


def read_parts(file: str, columns: Columns, progress: Progress = silent) -> Iterator[Part]:
    """The rows of a file, some thousand at a time.

    Args:
        file: A path, or `-` for standard input.
        columns: Which columns are read.
        progress: Called with the size of the file in bytes, `None` if unknown; its context gives a function that is
            called with how many bytes are read.

    Raises:
        InputError: The file cannot be read, lacks a column, or has no records.
    """
    prediction, reference = columns.prediction, columns.reference
    empty = True
    with open_lines(file) as (lines, position, size), progress(size) as show:
        for chunk in read_chunks(lines, "standard input" if file == "-" else file):
            empty = False
            if prediction is None:
                prediction = _guess(chunk, PREDICTIONS, "prediction", columns)
            if reference is None:
                reference = _guess(chunk, REFERENCES, "reference", columns)
            keys = [None] * len(chunk.records) if columns.by is None else chunk.column(columns.by)
            yield Part(chunk, chunk.column(prediction), chunk.column(reference), keys)
            show(position())
    if empty:
        raise InputError(f"{file} has no records", "bad-file")


@contextlib.contextmanager
def naming_rows(chunk: Chunk) -> Iterator[None]:
    """Makes errors about a row of the chunk say where that row stands in its file."""
    try:
        yield
    except InputError as error:
        if error.row is None or error.code == "bad-file":
            raise
        row = error.row
        message = error.message.replace(f"row {row}", f"row {chunk.first + row}")
        raise chunk.error(message, row, error.code) from error


def _guess(chunk: Chunk, candidates: list[str], role: str, columns: Columns) -> str:
    names = {name.lower(): name for name in reversed(chunk.records[0])}
    found = [names[candidate] for candidate in candidates if candidate in names]
    if not found:
        there = ", ".join(chunk.records[0]) or "none"
        raise chunk.error(f"which column holds the {role}? Say --{role}; there are {there}", 0)
    also = f" (not {', '.join(found[1:])})" if len(found) > 1 else ""
    note = f"{role}s of {chunk.name}: column {found[0]!r}{also}; --{role} names another"
    if note not in columns.told:
        columns.told.add(note)
        columns.tell(note)
    return found[0]
