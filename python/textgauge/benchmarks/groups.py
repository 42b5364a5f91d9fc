"""Scores of a benchmark whose items are in groups, one level of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textgauge.benchmarks.accuracy import Accuracy, Item, accuracy, pooled

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GroupScores", "grouped"]


@dataclass(frozen=True)
class GroupScores:
    """The scores of a model.

    Attributes:
        items: The scored items.
        groups: The accuracy in each group.
        micro: The accuracy over all items: what lm-evaluation-harness reports.
        macro: The mean of the accuracies of the groups.
        missing_groups: The groups without items, where the benchmark has known ones.
    """

    items: tuple[Item, ...]
    groups: dict[str, Accuracy]
    micro: Accuracy
    macro: float
    missing_groups: tuple[str, ...]

    @property
    def unanswered(self) -> tuple[Item, ...]:
        """The items without an answer; they count as wrong."""
        return tuple(item for item in self.items if item.prediction is None)


def grouped(items: Iterable[Item], known: Iterable[str] = ()) -> GroupScores:
    """The scores of `items`, of which there is at least one.

    Args:
        items: The scored items.
        known: The groups of the benchmark, in their order. Others come behind, in alphabetical order.
    """
    by_group: dict[str, list[Item]] = {name: [] for name in known}
    for item in items:
        by_group.setdefault(item.group, []).append(item)
    names = [*known, *sorted(by_group.keys() - set(known))]
    groups = {name: accuracy(by_group[name]) for name in names if by_group[name]}
    return GroupScores(
        items=tuple(item for name in groups for item in by_group[name]),
        groups=groups,
        micro=pooled(groups.values()),
        macro=sum(part.accuracy for part in groups.values()) / len(groups),
        missing_groups=tuple(name for name in known if name not in groups),
    )
