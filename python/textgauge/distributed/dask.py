"""Scores of Dask's frames, computed by its workers.

A row that cannot be scored raises textgauge's own `InputError` when the frame is computed; its message has the
partition, the row in it, and what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import dask
import numpy as np

from textgauge.distributed._measured import DistributedMeasurements, Share
from textgauge.distributed._partitions import (
    Task,
    add_groups,
    add_sums,
    new_task,
    output_columns,
    placed,
    reduce_tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas
    from dask.dataframe import DataFrame
    from dask.delayed import Delayed

    from textgauge import _core
    from textgauge.aggregate import Aggregate
    from textgauge.distributed._partitions import Groups, Metrics
    from textgauge.io.columns import Sentences
    from textgauge.scorer import Nulls

__all__ = ["aggregate", "measure", "score"]


def score(
    frame: DataFrame,
    metrics: Metrics,
    prediction: str = "prediction",
    reference: str = "reference",
    *,
    keep: Iterable[str] | None = None,
    nulls: Nulls = "error",
    threads: int | None = 1,
    sentences: Sentences = "lines",
    tokens: bool = False,
) -> DataFrame:
    """The frame with a column of floats for each output of the metrics; computed when the frame is.

    Args:
        frame: A frame with a row for each pair.
        metrics: As for `Scorer`; or a scorer, which has to be fitted if it has metrics that ask for it.
        prediction: The column of predictions.
        reference: The column of references: strings, or lists of strings.
        keep: The columns of the frame that stay; by default all.
        nulls: As for `Scorer.score`; scores that are missing are NaN.
        threads: How many threads a task uses; Dask runs a task for each of its own.
        sentences: As for `Scorer.score`.
        tokens: As for `Scorer.score`.

    Raises:
        ConfigError: There is no such column, there is a column with the name of a score, or an argument is not one
            of its choices.
        InputError: A metric has to be fitted first.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(list(frame.columns), metrics, prediction, reference, **options)
    kept = output_columns(list(frame.columns), keep, task.scorer)
    meta = frame._meta[kept].assign(**{name: np.empty(0) for name in task.scorer.columns})
    return frame.map_partitions(_scored, task, kept, meta=meta)


@overload
def aggregate(
    frame: DataFrame,
    metrics: Metrics,
    prediction: str = "prediction",
    reference: str = "reference",
    *,
    by: None = None,
    nulls: Nulls = "error",
    threads: int | None = 1,
    sentences: Sentences = "lines",
    tokens: bool = False,
) -> Aggregate: ...
@overload
def aggregate(
    frame: DataFrame,
    metrics: Metrics,
    prediction: str = "prediction",
    reference: str = "reference",
    *,
    by: str,
    nulls: Nulls = "error",
    threads: int | None = 1,
    sentences: Sentences = "lines",
    tokens: bool = False,
) -> dict[Any, Aggregate]: ...
def aggregate(
    frame: DataFrame,
    metrics: Metrics,
    prediction: str = "prediction",
    reference: str = "reference",
    *,
    by: str | None = None,
    nulls: Nulls = "error",
    threads: int | None = 1,
    sentences: Sentences = "lines",
    tokens: bool = False,
) -> Aggregate | dict[Any, Aggregate]:
    """The scores of all rows together, or of groups of them; only sums travel, and add up in a tree.

    Args:
        frame: As for `score`.
        metrics: As for `score`.
        prediction: As for `score`.
        reference: As for `score`.
        by: A column of keys; missing ones are the key None.
        nulls: As for `score`.
        threads: As for `score`.
        sentences: As for `score`.
        tokens: As for `score`.

    Returns:
        An aggregate, or with `by` one for each key, in the order in which the frame has them first.

    Raises:
        ConfigError: As for `score`.
        InputError: As for `score`, or a row cannot be scored.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(list(frame.columns), metrics, prediction, reference, by=by, **options)
    aggregated = dask.delayed(_aggregated)
    parts = [aggregated(task, part, number) for number, part in enumerate(frame.to_delayed())]
    return task.whole(reduce_tree(parts, dask.delayed(add_groups)).compute())


def measure(
    frame: DataFrame,
    metrics: Metrics,
    prediction: str = "prediction",
    reference: str = "reference",
    *,
    nulls: Nulls = "error",
    threads: int | None = 1,
    sentences: Sentences = "lines",
    tokens: bool = False,
) -> DistributedMeasurements:
    """What is counted of each row, kept by the workers, for intervals and `textgauge.compare`.

    Rows have the order of the frame. What Dask loses with a worker it computes again from the frame, which must then
    have the same rows in the same order.

    Args:
        frame: As for `score`.
        metrics: As for `score`.
        prediction: As for `score`.
        reference: As for `score`.
        nulls: As for `score`, but every row must be scored.
        threads: As for `score`.
        sentences: As for `score`.
        tokens: As for `score`.

    Raises:
        ConfigError: As for `score`.
        InputError: As for `score`, or a row cannot be scored.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(list(frame.columns), metrics, prediction, reference, **options)
    empty = task.scorer.measure([], [], nulls=nulls)
    measured = dask.delayed(_measured)
    parts = [measured(task, part, number) for number, part in enumerate(frame.to_delayed())]
    return DistributedMeasurements(_Persisted(parts), empty, threads)


class _Persisted:
    """Measurements of partitions that Dask keeps: of each, the lengths of its parts and the parts."""

    def __init__(self, partitions: Sequence[Delayed]) -> None:
        self._partitions = list(dask.persist(*partitions))
        # Nothing but lengths comes here.
        self._lengths = dask.compute(*map(dask.delayed(_lengths), self._partitions))
        self.lengths = [length for lengths in self._lengths for length in lengths]

    def add_up(self, shares: Sequence[Share]) -> _core.SampleSums:
        left = iter(shares)
        added = dask.delayed(_sums)
        sums = []
        for partition, lengths in zip(self._partitions, self._lengths, strict=True):
            own = [next(left) for _ in lengths]
            if own:
                sums.append(added(partition, own))
        total: _core.SampleSums = reduce_tree(sums, dask.delayed(add_sums)).compute()
        return total

    def parts(self) -> Iterator[bytes]:
        for partition in self._partitions:
            for _, part in partition.compute():
                yield part

    def release(self) -> None:
        self._partitions = []


# ---- on the workers


def _scored(
    frame: pandas.DataFrame, task: Task, kept: list[str], partition_info: dict[str, Any] | None = None
) -> pandas.DataFrame:
    partition = None if partition_info is None else partition_info["number"]
    return frame[kept].assign(**task.score(frame, partition).to_numpy())


def _aggregated(task: Task, frame: pandas.DataFrame, partition: int) -> Groups:
    return placed(task.aggregate([frame], partition), partition)


def _measured(task: Task, frame: pandas.DataFrame, partition: int) -> list[tuple[int, bytes]]:
    return [(len(part), part.to_bytes()) for part in task.measure([frame], partition)]


def _lengths(parts: list[tuple[int, bytes]]) -> list[int]:
    return [length for length, _ in parts]


def _sums(parts: list[tuple[int, bytes]], shares: list[Share]) -> _core.SampleSums:
    return add_sums(*(share.sums(part) for (_, part), share in zip(parts, shares, strict=True)))
