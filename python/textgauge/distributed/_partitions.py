"""The work on one partition, the same for every engine.

A `Task` is sent to the workers. Whatever it makes of partitions adds up exactly and in any order, so the result
depends neither on how rows are cut into partitions nor on which worker does them, nor how often.
"""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from textgauge import _core
from textgauge.errors import ConfigError, InputError
from textgauge.io.columns import group
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from textgauge.aggregate import Aggregate
    from textgauge.io.columns import Column, Sentences
    from textgauge.metrics import Metric
    from textgauge.result import Result
    from textgauge.scorer import Nulls
    from textgauge.stats.measurements import Measurements

__all__ = [
    "Groups",
    "Metrics",
    "Task",
    "add_groups",
    "add_sums",
    "joined",
    "new_task",
    "output_columns",
    "placed",
    "reduce_tree",
]

Metrics: TypeAlias = "str | Metric | Iterable[str | Metric] | Scorer"

# For each key where it comes first, as numbers that sort like rows, and the sums of its rows.
Groups: TypeAlias = "dict[Hashable, tuple[tuple[int, ...], Aggregate]]"

# So many rows are measured together: a part of their own, which is small beside a partition and has few neighbours.
ROWS_OF_PART = 1 << 17

# So many parts are added up by one call.
FAN_IN = 8


@dataclass(frozen=True)
class Task:
    """What is done to each partition. A batch is anything that has columns under names: Arrow data, pandas frames.

    Attributes:
        scorer: What measures.
        prediction: The column of predictions.
        reference: The column of references.
        by: The column of keys, if there are groups.
        options: Further arguments of the scorer's methods.
    """

    scorer: Scorer
    prediction: str
    reference: str
    by: str | None
    options: dict[str, Any]

    def score(self, batch: Column, partition: int | None = None, first: int = 0) -> Result:
        """The scores of a batch, whose first row has number `first` in its partition."""
        with _naming_rows(partition, first):
            return self.scorer.score(batch[self.prediction], batch[self.reference], **self.options)

    def aggregate(self, batches: Iterable[Column], partition: int | None = None) -> Groups:
        """The sums of a partition by key; without keys all are of the key None."""
        groups: Groups = {}
        for first, batch in _numbered(batches):
            with _naming_rows(partition, first):
                grouped = None if self.by is None else group(batch[self.by])
                _, sums = self.scorer.run(
                    batch[self.prediction],
                    batch[self.reference],
                    **self.options,
                    progress=None,
                    groups=grouped,
                    columns=False,
                )
            keys = [None] if grouped is None else grouped[0]
            places = ((first, rank) for rank in range(len(keys)))
            groups = add_groups(groups, dict(zip(keys, zip(places, sums, strict=True), strict=True)))
        return groups

    def measure(self, batches: Iterable[Column], partition: int | None = None) -> Iterator[Measurements]:
        """What is counted of each row of a partition, in parts that have rows."""
        part: list[Measurements] = []
        for first, batch in _numbered(batches):
            with _naming_rows(partition, first):
                part.append(self.scorer.measure(batch[self.prediction], batch[self.reference], **self.options))
            if sum(map(len, part)) >= ROWS_OF_PART:
                yield joined(part)
                part = []
        if part:
            yield joined(part)

    def whole(self, groups: Groups) -> Aggregate | dict[Any, Aggregate]:
        """The groups of all partitions, as `Scorer.aggregate` has them."""
        aggregates = {key: sums for key, (_, sums) in sorted(groups.items(), key=lambda item: item[1][0])}
        if self.by is not None:
            return aggregates
        return aggregates[None] if aggregates else self.scorer.aggregate([], [])


def new_task(
    columns: Sequence[str],
    metrics: Metrics,
    prediction: str,
    reference: str,
    *,
    by: str | None = None,
    nulls: Nulls,
    threads: int | None,
    sentences: Sentences,
    tokens: bool,
) -> Task:
    """A task for a frame of these columns.

    Raises:
        ConfigError: There is no such column, or an argument is not one of its choices.
        InputError: A metric has to be fitted first.
    """
    scorer = metrics if isinstance(metrics, Scorer) else Scorer(metrics)
    if not scorer.is_fitted:
        message = "a metric weighs n-grams by all references, which no partition has: fit the scorer first, "
        message += "Scorer(...).fit(references), on all references or a sample of them, and pass it as metrics"
        raise InputError(message, "not-fitted")
    for name in (prediction, reference, *([] if by is None else [by])):
        check_column(name, columns)
    options: dict[str, Any] = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    # Wrong options are found here, and not by the first worker.
    scorer.aggregate([], [], **options)
    return Task(scorer, prediction, reference, by, options)


def check_column(name: str, columns: Sequence[str]) -> None:
    """Refuses a column that is not there.

    Raises:
        ConfigError: It is not.
    """
    if name not in columns:
        raise ConfigError(f"the frame has no column {name!r}; there are {', '.join(map(str, columns))}", "bad-option")


def output_columns(columns: Sequence[str], keep: Iterable[str] | None, scorer: Scorer) -> list[str]:
    """Which of a frame's columns stand beside the scores.

    Raises:
        ConfigError: There is no such column, or it has the name of a score.
    """
    kept = list(columns) if keep is None else list(keep)
    for name in kept:
        check_column(name, columns)
        if name in scorer.columns:
            message = f"the frame has a column {name!r} already; rename it, or leave it out with keep"
            raise ConfigError(message, "same-column")
    return kept


def joined(parts: Sequence[Measurements]) -> Measurements:
    """The rows of all parts, of which there is one at least."""
    return sum(parts[1:], parts[0])


def placed(groups: Groups, number: int) -> Groups:
    """The groups of partition number `number`."""
    return {key: ((number, *place), sums) for key, (place, sums) in groups.items()}


def add_groups(*parts: Groups) -> Groups:
    """The groups of the rows of all parts."""
    both: Groups = {}
    for part in parts:
        for key, (place, sums) in part.items():
            there = both.get(key)
            both[key] = (place, sums) if there is None else (min(there[0], place), there[1] + sums)
    return both


def add_sums(*parts: _core.SampleSums) -> _core.SampleSums:
    """The sums of the rows of all parts."""
    return functools.reduce(_core.SampleSums.merge, parts)


def reduce_tree(parts: Sequence[Any], merge: Callable[..., Any]) -> Any:  # noqa: ANN401 - whatever the engine calls later
    """What `merge` makes of all parts, called for some of them at a time; there is one at least."""
    while len(parts) > 1:
        parts = [merge(*parts[start : start + FAN_IN]) for start in range(0, len(parts), FAN_IN)]
    return parts[0]


def _numbered(batches: Iterable[Column]) -> Iterator[tuple[int, Column]]:
    """The batches that have rows, each with the number of its first row in the partition."""
    first = 0
    for batch in batches:
        if len(batch):
            yield first, batch
        first += len(batch)


@contextlib.contextmanager
def _naming_rows(partition: int | None, first: int) -> Iterator[None]:
    """Makes errors about a row of a batch say where that row stands in its partition."""
    try:
        yield
    except InputError as error:
        if error.row is None:
            raise
        row = first + error.row
        message = error.message.replace(f"row {error.row}", f"row {row}")
        # Ray does not tell which of its blocks a task has.
        where = "a block" if partition is None else f"partition {partition}"
        raise type(error)(f"{where}, row {row}: {message}", error.code, row) from None
