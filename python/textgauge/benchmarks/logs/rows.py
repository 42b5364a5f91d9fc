"""Files of rows, opened once, so that what they hold can be seen before they are read."""

from __future__ import annotations

import contextlib
import functools
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textgauge.benchmarks.records import OWN_FIELDS, RecordError
from textgauge.io.read_ahead import read_ahead
from textgauge.io.sources import open_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from textgauge.io.batch import Batch

__all__ = ["RowFile", "is_row_file"]

Made = TypeVar("Made")

STANDARD_INPUT = "standard input"
# How many batches are decoded at the same time.
WORKERS = 2
ENDINGS = ("", ".gz", ".bz2", ".xz", ".zst")


def is_row_file(path: Path) -> bool:
    """Whether the name is that of a file of JSON lines."""
    return path.name.endswith(tuple(f".jsonl{ending}" for ending in ENDINGS)) and path.is_file()


class RowFile:
    """A file of rows: JSON lines, an array, or whatever else the package reads.

    Attributes:
        path: The path, or `-` for standard input.
        name: Its name, for messages.
    """

    def __init__(self, file: str) -> None:
        self.path = Path(file)
        self.name = STANDARD_INPUT if file == "-" else file
        self._ahead: list[Batch] = []
        self._unread = _batches(file)

    @functools.cached_property
    def first(self) -> dict[str, Any]:
        """The first row, which is read again with the others; it is empty if there is none, or it cannot be read."""
        if self.name == STANDARD_INPUT:
            self._ahead = list(itertools.islice(self._unread, 1))
            return _first_row(self._ahead)
        # The file is opened anew, so that of many files only their first rows are held.
        for source in open_sources([self.name]):
            row = _first_row(decode() for decode in source.batches(source.names()))
            source.close()
            if row:
                return row
        return {}

    def batches(self) -> Iterator[Batch]:
        """What the file holds; it can be read once."""
        return itertools.chain(self._ahead, self._unread)

    def each(self, make: Callable[[Any, str], Made]) -> Iterator[Made]:
        """What `make` makes of each row and of the place where it stands.

        Raises:
            InputError: A row cannot be read, or `make` refuses it by a `RecordError`; the message names the file and
                the line.
        """
        for batch in self.batches():
            for index, row in enumerate(batch.records()):
                if index in batch.problems:
                    raise batch.error(batch.problems[index], index, "bad-file")
                try:
                    yield make(row, batch.place(index))
                except RecordError as error:
                    raise batch.error(str(error), index, "bad-record") from None


def _batches(file: str) -> Iterator[Batch]:
    """What a file holds: the columns of its first record, and where there is no schema all that records may hold."""
    for source in open_sources([file]):
        names = source.names()
        more = () if source.has_schema else sorted(OWN_FIELDS - set(names))
        with contextlib.closing(read_ahead(source.batches([*names, *more]), WORKERS)) as batches:
            yield from batches


def _first_row(batches: Iterable[Batch]) -> dict[str, Any]:
    batch = next(iter(batches), None)
    if batch is None or not len(batch):
        return {}
    row = {column: batch.values(column, 1)[0] for column in batch.columns}
    return {column: value for column, value in row.items() if value is not None or column not in OWN_FIELDS}
