"""Scores of a benchmark whose items are in groups, one level of them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textgauge.benchmarks.accuracy import Accuracy, Item, accuracy, placing, pooled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textgauge.benchmarks.records import Record
    from textgauge.benchmarks.repeats import Repeats

__all__ = ["GroupScores", "grouped", "score_texts"]


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


def score_texts(
    records: Sequence[Record],
    repeated: Repeats,
    *,
    find: Callable[[str], str | None],
    right: Callable[[str], str],
    same: Callable[[str, str], bool],
) -> GroupScores:
    """The scores of records whose answers are texts.

    Args:
        records: The records.
        repeated: Which of several texts count.
        find: Finds the answer in a generated text.
        right: The answer that a target gives.
        same: Whether an answer that was found and a right one are the same.

    Raises:
        InputError: A record cannot be scored.
    """
    items = []
    for row, record in enumerate(repeated.joined(records)):
        with placing(record, row):
            references = [right(target) for target in record.references]
            answers = [None if text is None else find(text) for text in repeated.texts(record)]
            found, correct = repeated.verdict(answers, functools.partial(_is_among, references, same))
            items.append(Item(record.id, record.group, found, references[0], correct))
    return grouped(items)


def _is_among(references: Sequence[str], same: Callable[[str, str], bool], found: str) -> bool:
    return any(same(found, reference) for reference in references)


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
