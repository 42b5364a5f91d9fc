"""Scored items that stay in columns until one is looked at."""

from __future__ import annotations

import bisect
import itertools
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from textgauge.benchmarks.accuracy import Accuracy, Item, accuracy, accuracy_of_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    """

    ids: list[str]
    groups: list[str]
    codes: npt.NDArray[np.integer]
    found: npt.NDArray[np.int8]
    golds: npt.NDArray[np.int8]

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.ids)

    def __getitem__(self, row: int) -> Item:
        """The item at an index."""
        found, gold = int(self.found[row]), int(self.golds[row])
        answer = None if found < 0 else chr(ord("A") + found)
        return Item(self.ids[row], self.groups[self.codes[row]], answer, chr(ord("A") + gold), found == gold)

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """For each group how many items it has, how many of them are right, and how many have no answer."""
        size = len(self.groups)
        columns = [
            np.bincount(self.codes[chosen], minlength=size).tolist()
            for chosen in (slice(None), self.found == self.golds, self.found < 0)
        ]
        counts: dict[str, tuple[int, int, int]] = {}
        # Several names may be the same group.
        for group, *own in zip(self.groups, *columns, strict=True):
            counts[group] = _sum(counts.get(group, (0, 0, 0)), (own[0], own[1], own[2]))
        return counts


def accuracies(parts: Sequence[list[Item] | PlainItems], groups: Iterable[str]) -> dict[str, Accuracy]:
    """The accuracy over the items of each group that has any, in the order of `groups`."""
    single: dict[str, list[Item]] = {}
    counted: dict[str, tuple[int, int, int]] = {}
    for part in parts:
        if isinstance(part, PlainItems):
            for group, counts in part.counts().items():
                counted[group] = _sum(counted.get(group, (0, 0, 0)), counts)
            continue
        for item in part:
            single.setdefault(item.group, []).append(item)
    found = {}
    for group in groups:
        items, counts = single.get(group, []), counted.get(group, (0, 0, 0))
        if not counts[0] and items:
            found[group] = accuracy(items)
        elif counts[0]:
            own = len(items), sum(item.correct == 1 for item in items), sum(item.prediction is None for item in items)
            found[group] = accuracy_of_counts(*_sum(counts, own))
    return found


def _sum(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


class Items(Sequence[Item]):
    """The items of a model, each made when it is looked at.

    Args:
        parts: The items, in parts.
        order: The groups in the order in which their items stand; those of a group keep theirs.
    """

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
        self._rows = np.argsort(np.concatenate(ranks), kind="stable")

    def __len__(self) -> int:
        """How many items there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Item]:
        """The items one after the other."""
        return map(self._item, self._rows.tolist())

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        """An item, or some of them."""
        if isinstance(index, slice):
            return tuple(map(self._item, self._rows[index].tolist()))
        return self._item(int(self._rows[index]))

    def __eq__(self, other: object) -> bool:
        """Whether the other one holds the same items, be it a tuple."""
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(operator.eq, self, other))

    __hash__ = None  # type: ignore[assignment] # as lists

    def __repr__(self) -> str:
        """How many there are."""
        return f"<{len(self)} items>"

    def _item(self, row: int) -> Item:
        part = bisect.bisect_right(self._starts, row) - 1
        return self._parts[part][row - self._starts[part]]
