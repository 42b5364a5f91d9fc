"""Records of our own layout that stay in columns.

Millions of records are scored in less time than it takes to make an object of each. So a batch whose records hold only
a group, an id, a generated text, a right answer and choices is kept as its columns, and a record is made of a row when
one is looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from textgauge.benchmarks.records import OWN_FIELDS, Layout, Record, RecordError, check_new, key_of, own, own_records
from textgauge.errors import InputError
from textgauge.io.names import RECORD_PREDICTIONS, RECORD_TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textgauge.io.batch import Batch

__all__ = ["PlainRecords", "check_distinct", "own_parts"]


@dataclass(frozen=True, eq=False)
class PlainRecords(Sequence[Record]):
    """The records of a batch, of which only these columns hold anything.

    Attributes:
        groups: The group of each record.
        ids: The id of each record.
        predictions: The generated text of each record.
        targets: The right answer of each record, a text or the index of a choice.
        choices: The texts of the choices of each record; `None` if no record has any.
    """

    groups: list[str]
    ids: list[str]
    predictions: list[str]
    targets: list[str | int]
    choices: list[list[str]] | None
    _batch: Batch
    _layout: Layout
    _first: int

    @classmethod
    def of(cls, batch: Batch, layout: Layout, first: int) -> PlainRecords | None:
        """The records of a batch; `None` if they hold anything else.

        Args:
            batch: The batch, of which all of `OWN_FIELDS` are wanted, where it has them.
            layout: What groups are called.
            first: The number of the first record, which names it if it has no id.
        """
        columns = _Columns(batch)
        by, prediction, target = (columns.only(names) for names in (layout.by, RECORD_PREDICTIONS, RECORD_TARGETS))
        others = OWN_FIELDS - {"id", "choices", *RECORD_PREDICTIONS, *RECORD_TARGETS}
        if batch.problems or not (by and prediction and target) or any(map(columns.hold, others)):
            return None
        groups, predictions = columns.all_of(by, {str}), columns.all_of(prediction, {str})
        targets = columns.all_of(target, {str, int})
        ids: list[Any] | None = list(range(first, first + len(batch)))
        if columns.hold("id"):
            ids = columns.all_of("id", {str, int})
        choices = columns.all_of("choices", {list}) if columns.hold("choices") else None
        if groups is None or predictions is None or targets is None or ids is None:
            return None
        if columns.hold("choices") and (choices is None or not _are_texts(choices)):
            return None
        if "" in groups or "" in ids:
            # An empty name is none.
            return None
        return cls(groups, list(map(str, ids)), predictions, targets, choices, batch, layout, first)

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.groups)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        """A record, or some of them."""
        rows = range(len(self))[index]
        return self._record(rows) if isinstance(rows, int) else [self._record(row) for row in rows]

    def keys(self) -> Iterable[tuple[str | None, ...]]:
        """What no two records have in common."""
        return zip(self.groups, self.ids, itertools.repeat("0"), itertools.repeat(None))

    def place(self, row: int) -> str:
        """Where the record at index `row` stands, for messages."""
        return self._batch.place(row)

    def _record(self, row: int) -> Record:
        return own(self._rows[row], self._layout, self._first + row, self.place(row))

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return self._batch.records()


def own_parts(batches: Iterable[Batch], layout: Layout, first: int) -> Iterator[Sequence[Record]]:
    """The records of a file in our own layout, batch by batch.

    Args:
        batches: What the file holds.
        layout: What groups are called.
        first: The number of the first record; numbers name records without an id.

    Raises:
        InputError: A record cannot be read, or is no output of a model; the message names the file and the line.
    """
    for batch in batches:
        if not len(batch):
            continue
        plain = PlainRecords.of(batch, layout, first)
        yield list(own_records(batch, layout, first)) if plain is None else plain
        first += len(batch)


class _Columns:
    """The columns of a batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def hold(self, name: str) -> bool:
        """Whether a record has anything there."""
        return name in self._batch.columns and self._batch.holds(name)

    def only(self, names: Iterable[str]) -> str | None:
        """The first of the columns that holds anything."""
        return next(filter(self.hold, names), None)

    def all_of(self, name: str, kinds: set[type]) -> list[Any] | None:
        """The values of a column; `None` if one of them is missing, or of another type."""
        values = self._batch.values(name)
        return values if set(map(type, values)) <= kinds else None


def check_distinct(parts: Iterable[Sequence[Record]]) -> None:
    """Makes sure that each item is there once.

    Raises:
        InputError: One is there twice; the message names both places.
    """
    known: set[tuple[str | None, ...]] = set()
    number = 0
    for part in parts:
        known.update(part.keys() if isinstance(part, PlainRecords) else map(key_of, part))
        number += len(part)
    if len(known) < number:
        seen: dict[tuple[str | None, ...], str] = {}
        for row, record in enumerate(itertools.chain.from_iterable(parts)):
            _check(record, row, seen)


def _check(record: Record, row: int, seen: dict[tuple[str | None, ...], str]) -> None:
    try:
        check_new(record, seen)
    except RecordError as error:
        raise InputError(f"{record.place}: {error}", "bad-record", row) from None


def _are_texts(lists: list[list[Any]]) -> bool:
    return set(map(type, itertools.chain.from_iterable(lists))) <= {str}
