"""Records of our own layout that stay in columns.

Millions of records are scored in less time than it takes to make an object of each. So a batch whose records hold only
a group, an id, a generated text, a right answer and choices is kept as its columns, and a record is made of a row when
one is looked at.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from textgauge.benchmarks.lazy import Lazy
from textgauge.benchmarks.records import OWN_FIELDS, Layout, Record, RecordError, check_new, key_of, own, own_records
from textgauge.errors import InputError
from textgauge.io.names import RECORD_PREDICTIONS, RECORD_TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from textgauge.io.batch import Batch
    from textgauge.io.columns import Column

    Codes: TypeAlias = npt.NDArray[np.integer]

__all__ = ["PlainRecords", "check_distinct", "own_parts"]

# Sums over so few are made in one order, whether of one record or of many.
MOST_CHOICES = 7


@dataclass(frozen=True, eq=False)
class PlainRecords(Lazy[Record]):
    """The records of a batch, of which only these columns hold anything.

    Attributes:
        groups: The names of the groups.
        codes: For each record the index of its group.
        ids: The id of each record.
        predictions: The generated text of each record; `None` if no record has any.
        targets: The right answers that there are, texts or indices of a choice.
        target_codes: For each record the index of its right answer.
        choices: The texts of the choices of each record; empty if no record has any.
        choice_logprobs: The log-probabilities of the choices, (records, choices), NaN for one that is missing; `None`
            if no record has any.
    """

    groups: list[str]
    codes: Codes
    ids: list[str]
    predictions: Column | None
    targets: list[str | int]
    target_codes: Codes
    choices: list[list[str]]
    choice_logprobs: npt.NDArray[np.float64] | None
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
        if batch.problems:
            return None
        there = {*layout.by, *OWN_FIELDS} & set(batch.columns)
        kinds = {name: kinds for name in there if (kinds := batch.kinds(name)) != {"missing"}}
        by, prediction, target = (
            next((name for name in names if name in kinds), "")
            for names in (layout.by, RECORD_PREDICTIONS, RECORD_TARGETS)
        )
        passed_over = {*layout.by, *RECORD_PREDICTIONS, *RECORD_TARGETS}
        is_plain = (
            kinds.keys() <= {"id", "choices", "choice_logprobs", *passed_over}
            and kinds.get(by) == {"text"}
            and kinds.get(prediction, {"text"}) == {"text"}
            and kinds.get("choice_logprobs", {"list"}) == {"list"}
            and (prediction or "choice_logprobs" in kinds)
            and kinds.get(target, {"missing"}) <= {"text", "number"}
            and kinds.get("id", {"text"}) <= {"text", "number"}
            and kinds.get("choices", {"list"}) == {"list"}
        )
        if not is_plain:
            return None
        groups, codes = _distinct(batch, by)
        targets, target_codes = _distinct(batch, target)
        ids = batch.values("id") if "id" in kinds else list(range(first, first + len(batch)))
        choices = batch.values("choices") if "choices" in kinds else []
        if not (_are(targets, str, int) and _are(ids, str, int) and _are(itertools.chain.from_iterable(choices), str)):
            return None
        logprobs = _logprobs(batch, choices) if "choice_logprobs" in kinds else None
        if logprobs is None and "choice_logprobs" in kinds:
            return None
        if "" in groups or "" in ids:
            # An empty name is none.
            return None
        names = [*map(str, ids)]
        texts = batch.texts(prediction) if prediction else None
        return cls(groups, codes, names, texts, targets, target_codes, choices, logprobs, batch, layout, first)

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.ids)

    def keys(self) -> Iterable[str]:
        """What no two records have in common, as texts, of which different ones may be alike."""
        groups = map(self.groups.__getitem__, self.codes.tolist())
        return map("/".join, zip(groups, self.ids, strict=True))

    def place(self, row: int) -> str:
        """Where the record at index `row` stands, for messages."""
        return self._batch.place(row)

    def _made(self, row: int) -> Record:
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


def check_distinct(parts: Iterable[Sequence[Record]]) -> None:
    """Makes sure that each item is there once.

    Raises:
        InputError: One is there twice; the message names both places.
    """
    number = sum(map(len, parts))
    names: set[str] = set()
    for part in parts:
        names.update(part.ids if isinstance(part, PlainRecords) else (record.id for record in part))
    if len(names) == number:
        return
    known: set[object] = set()
    for part in parts:
        known.update(part.keys() if isinstance(part, PlainRecords) else map(_key, part))
    if len(known) < number:
        seen: dict[tuple[str | None, ...], str] = {}
        for row, record in enumerate(itertools.chain.from_iterable(parts)):
            _check(record, row, seen)


def _key(record: Record) -> object:
    """What no two records have in common; a text for a record that could be plain."""
    group, name, trial, perturbation = key = key_of(record)
    return f"{group}/{name}" if (trial, perturbation) == ("0", None) else key


def _check(record: Record, row: int, seen: dict[tuple[str | None, ...], str]) -> None:
    try:
        check_new(record, seen)
    except RecordError as error:
        raise InputError(f"{record.place}: {error}", "bad-record", row) from None


def _distinct(batch: Batch, column: str) -> tuple[list[Any], Codes]:
    """The values of a column, and for each record which of them it has."""
    values, codes = batch.keys(column)
    return [json.loads(value) for value in values], codes


def _logprobs(batch: Batch, choices: list[list[str]]) -> npt.NDArray[np.float64] | None:
    """The log-probabilities of choices; `None` if records have different numbers of them, or hold something else."""
    lists = batch.values("choice_logprobs")
    lengths = set(map(len, lists)) | set(map(len, choices))
    if len(lengths) != 1 or not 0 < min(lengths) <= MOST_CHOICES:
        return None
    if not _are(itertools.chain.from_iterable(lists), float, int, type(None)):
        return None
    try:
        found = np.array(lists, np.float64)
    except OverflowError:
        return None
    # What has no probability at all is missing, too; what is not a number is an error.
    missing = int(np.isnan(found).sum())
    if np.isposinf(found).any() or (missing and missing > sum(values.count(None) for values in lists)):
        return None
    return np.where(np.isneginf(found), np.nan, found)


def _are(values: Iterable[Any], *kinds: type) -> bool:
    """Whether all values are of these types, of none that is derived from them."""
    return set(map(type, values)) <= set(kinds)
