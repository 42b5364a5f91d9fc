"""Scores of Spark's frames, computed by its workers.

A worker needs textgauge and nothing that Spark does not ask for itself. A row that cannot be scored ends the job with
Spark's own `PythonException`, whose message ends with textgauge's: the partition, the row in it, and what is wrong.
"""

from __future__ import annotations

import pickle
from functools import partial
from typing import TYPE_CHECKING, Any, overload

import pyarrow as pa
from pyspark import StorageLevel, TaskContext
from pyspark.sql.types import DoubleType, StructField, StructType

from textgauge.distributed._measured import DistributedMeasurements
from textgauge.distributed._partitions import Task, add_groups, add_sums, new_task, output_columns, placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyspark.broadcast import Broadcast
    from pyspark.sql import DataFrame, Row

    from textgauge import _core
    from textgauge.aggregate import Aggregate
    from textgauge.distributed._measured import Share
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
    """The frame with a column of doubles for each output of the metrics; computed when the frame is.

    Args:
        frame: A frame with a row for each pair.
        metrics: As for `Scorer`; or a scorer, which has to be fitted if it has metrics that ask for it.
        prediction: The column of predictions, at the top level of the frame.
        reference: The column of references: strings, or arrays of strings.
        keep: The columns of the frame that stay; by default all.
        nulls: As for `Scorer.score`; scores that are missing are null.
        threads: How many threads a task uses; Spark runs a task for each core.
        sentences: As for `Scorer.score`.
        tokens: As for `Scorer.score`.

    Returns:
        A frame; a column named `rouge1.f` is written with backticks in expressions.

    Raises:
        ConfigError: There is no such column, there is a column with the name of a score, or an argument is not one
            of its choices.
        InputError: A metric has to be fitted first.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(frame.columns, metrics, prediction, reference, **options)
    kept = output_columns(frame.columns, keep, task.scorer)
    fields = [frame.schema[name] for name in kept]
    schema = StructType([*fields, *(StructField(name, DoubleType()) for name in task.scorer.columns)])
    return frame.mapInArrow(partial(_scored, task, kept), schema)


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
        InputError: As for `score`.
        PythonException: A row cannot be scored.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(frame.columns, metrics, prediction, reference, by=by, **options)
    partitions = frame.mapInArrow(partial(_aggregated, task), "groups binary").rdd.map(_groups)
    nothing: Groups = {}
    return task.whole(partitions.treeAggregate(nothing, add_groups, add_groups))


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
    """What is counted of each row, kept by Spark in memory and on disk, for intervals and `textgauge.compare`.

    Rows have the order of the frame's partitions and of the rows in them, as in `frame.collect()`. What Spark loses it
    computes again from the frame, which must then have the same rows in the same order.

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
        InputError: As for `score`.
        PythonException: A row cannot be scored.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(frame.columns, metrics, prediction, reference, **options)
    empty = task.scorer.measure([], [], nulls=nulls)
    schema = "partition int, part int, rows bigint, measurements binary"
    return DistributedMeasurements(_Cached(frame.mapInArrow(partial(_measured, task), schema)), empty, threads)


class _Cached:
    """Measurements in a frame that Spark keeps."""

    def __init__(self, frame: DataFrame) -> None:
        self._frame = frame.persist(StorageLevel.MEMORY_AND_DISK)
        rows = sorted(self._frame.select("partition", "part", "rows").collect())
        self._places = [(row.partition, row.part) for row in rows]
        self.lengths = [row.rows for row in rows]

    def add_up(self, shares: Sequence[Share]) -> _core.SampleSums:
        context = self._frame.sparkSession.sparkContext
        sent = context.broadcast(dict(zip(self._places, shares, strict=True)))
        try:
            total: _core.SampleSums = self._frame.rdd.map(partial(_sums, sent)).treeReduce(add_sums)
            return total
        finally:
            sent.destroy()

    def parts(self) -> Iterator[bytes]:
        rows = sorted(self._frame.collect(), key=lambda row: (row.partition, row.part))
        return (bytes(row.measurements) for row in rows)

    def release(self) -> None:
        self._frame.unpersist()


# ---- on the workers


def _partition() -> int:
    context = TaskContext.get()
    assert context is not None, "called by a worker"
    partition: int = context.partitionId()
    return partition


def _scored(task: Task, kept: list[str], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    partition, first = _partition(), 0
    for batch in batches:
        scores = task.score(batch, partition, first).to_arrow()
        first += batch.num_rows
        columns = [*(batch[name] for name in kept), *(column.combine_chunks() for column in scores.columns)]
        yield pa.RecordBatch.from_arrays(columns, names=[*kept, *scores.column_names])


def _aggregated(task: Task, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    partition = _partition()
    groups = placed(task.aggregate(batches, partition), partition)
    yield pa.record_batch({"groups": pa.array([pickle.dumps(groups)], pa.binary())})


def _groups(row: Row) -> Groups:
    groups: Groups = pickle.loads(row.groups)
    return groups


def _measured(task: Task, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    partition = _partition()
    for number, part in enumerate(task.measure(batches, partition)):
        columns = {
            "partition": pa.array([partition], pa.int32()),
            "part": pa.array([number], pa.int32()),
            "rows": pa.array([len(part)], pa.int64()),
            "measurements": pa.array([part.to_bytes()], pa.binary()),
        }
        yield pa.record_batch(columns)


def _sums(shares: Broadcast[dict[tuple[int, int], Share]], row: Row) -> _core.SampleSums:
    share: Share = shares.value[row.partition, row.part]
    return share.sums(bytes(row.measurements))
