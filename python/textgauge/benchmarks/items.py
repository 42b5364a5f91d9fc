"""Scored items that stay in columns until one is looked at."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from textgauge.benchmarks.accuracy import Accuracy, Item, accuracy, accuracy_of_counts
from textgauge.benchmarks.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

__all__ = ["Items", "PlainItems", "accuracies"]


@dataclass(frozen=True, eq=False)
class PlainItems:
    """Items whose answers are the letters of choices.

    Attributes:
        ids: The id of each item.
        groups: The names of groups.
        codes: For each item the index of its group.
        found: For each item the index of its answer, -1 where none was found.
        golds: For each item the index of the right answer.
        confidences: The probability of each answer among the choices, where there are log-probabilities.
        measures: What else those say.
    """

    ids: list[str]
    groups: list[str]
    codes: npt.NDArray[np.integer]
    found: npt.NDArray[np.int8]
    golds: npt.NDArray[np.integer]
    confidences: npt.NDArray[np.float64] | None = None
    measures: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.ids)

    def __getitem__(self, row: int) -> Item:
        """The item at an index."""
        found, gold = int(self.found[row]), int(self.golds[row])
        answer = None if found < 0 else chr(ord("A") + found)
        return Item(
            id=self.ids[row],
            group=self.groups[self.codes[row]],
            prediction=answer,
            reference=chr(ord("A") + gold),
            correct=found == gold,
            confidence=None if self.confidences is None else float(self.confidences[row]),
            measures={name: float(values[row]) for name, values in self.measures.items()},
        )

    def rows(self) -> dict[str, npt.NDArray[np.intp]]:
        """The rows of each group that has any."""
        ends = np.cumsum(np.bincount(self.codes, minlength=len(self.groups)))[:-1]
        rows = np.split(np.argsort(self.codes, kind="stable"), ends)
        return {group: of_group for group, of_group in zip(self.groups, rows, strict=True) if len(of_group)}


def accuracies(parts: Sequence[list[Item] | PlainItems], groups: Iterable[str]) -> dict[str, Accuracy]:
    """The accuracy over the items of each group that has any, in the order of `groups`."""
    by_group: dict[str, list[list[Item] | tuple[PlainItems, npt.NDArray[np.intp]]]] = {}
    for part in parts:
        if isinstance(part, PlainItems):
            for group, rows in part.rows().items():
                by_group.setdefault(group, []).append((part, rows))
            continue
        single: dict[str, list[Item]] = {}
        for item in part:
            single.setdefault(item.group, []).append(item)
        for group, items in single.items():
            by_group.setdefault(group, []).append(items)
    return {group: _accuracy(by_group[group]) for group in groups if group in by_group}


def _accuracy(pieces: Sequence[list[Item] | tuple[PlainItems, npt.NDArray[np.intp]]]) -> Accuracy:
    plain = [piece for piece in pieces if isinstance(piece, tuple)]
    if len(plain) < len(pieces):
        return accuracy(
            [
                item
                for piece in pieces
                for item in (piece if isinstance(piece, list) else map(piece[0].__getitem__, piece[1].tolist()))
            ]
        )
    found = np.concatenate([part.found[rows] for part, rows in plain])
    golds = np.concatenate([part.golds[rows] for part, rows in plain])
    names = [name for name in plain[0][0].measures if all(name in part.measures for part, _ in plain)]
    measures = {name: np.concatenate([part.measures[name][rows] for part, rows in plain]).tolist() for name in names}
    return accuracy_of_counts(len(found), int((found == golds).sum()), int((found < 0).sum()), measures)


class Items(Lazy[Item]):
    """The items of a model, each made when it is looked at.

    Args:
        parts: The items, in parts.
        order: The groups in the order in which their items stand; those of a group keep theirs.
    """

    slice_type = tuple

    def __init__(self, parts: Sequence[list[Item] | PlainItems], order: Sequence[str]) -> None:
        self._parts = tuple(parts)
        self._starts = [0, *itertools.accumulate(map(len, parts))]
        rank = {group: number for number, group in enumerate(order)}
        ranks = [
            np.array([rank[name] for name in part.groups], np.intp)[part.codes]
            if isinstance(part, PlainItems)
            else np.array([rank[item.group] for item in part], np.intp)
            for part in parts
        ]
        self._rows: list[int] = np.argsort(np.concatenate(ranks), kind="stable").tolist()

    def __len__(self) -> int:
        """How many items there are."""
        return len(self._rows)

    def __repr__(self) -> str:
        """How many there are."""
        return f"<{len(self)} items>"

    def confidences(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
        """The confidence in each item's answer, and whether it is right; `None` unless all items have one."""
        columns = []
        for part in self._parts:
            if isinstance(part, PlainItems):
                columns.append((part.confidences, part.found == part.golds))
            else:
                each = [item.confidence for item in part]
                columns.append((None if None in each else np.array(each), np.array([item.correct for item in part])))
        known = [(np.asarray(one, np.float64), right) for one, right in columns if one is not None]
        if len(known) < len(columns):
            return None
        joined = [np.concatenate(column).astype(np.float64)[self._rows] for column in zip(*known, strict=True)]
        return joined[0], joined[1]

    def _made(self, row: int) -> Item:
        row = self._rows[row]
        part = bisect.bisect_right(self._starts, row) - 1
        return self._parts[part][row - self._starts[part]]
