"""Scores of Ray's datasets, computed by its workers.

A row that cannot be scored ends the job with Ray's `RayTaskError`, whose message has textgauge's: the row in its block,
and what is wrong. Ray does not tell a task which block it has.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, overload

import pyarrow as pa
import ray

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
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from textgauge import _core
    from textgauge.aggregate import Aggregate
    from textgauge.distributed._partitions import Groups, Metrics
    from textgauge.io.columns import Sentences
    from textgauge.scorer import Nulls

__all__ = ["aggregate", "measure", "score"]


def score(
    dataset: ray.data.Dataset,
    metrics: Metrics,
    prediction: str = "prediction",
    reference: str = "reference",
    *,
    keep: Iterable[str] | None = None,
    nulls: Nulls = "error",
    threads: int | None = 1,
    sentences: Sentences = "lines",
    tokens: bool = False,
) -> ray.data.Dataset:
    """The dataset with a column of doubles for each output of the metrics; computed when the dataset is.

    Args:
        dataset: A dataset with a row for each pair.
        metrics: As for `Scorer`; or a scorer, which has to be fitted if it has metrics that ask for it.
        prediction: The column of predictions.
        reference: The column of references: strings, or lists of strings.
        keep: The columns of the dataset that stay; by default all.
        nulls: As for `Scorer.score`; scores that are missing are null.
        threads: How many threads a task uses; Ray runs a task for each core.
        sentences: As for `Scorer.score`.
        tokens: As for `Scorer.score`.

    Raises:
        ConfigError: There is no such column, there is a column with the name of a score, or an argument is not one
            of its choices.
        InputError: A metric has to be fitted first.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    columns = _columns(dataset)
    task = new_task(columns, metrics, prediction, reference, **options)
    return _mapped(dataset, _scored, task, output_columns(columns, keep, task.scorer))


@overload
def aggregate(
    dataset: ray.data.Dataset,
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
    dataset: ray.data.Dataset,
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
    dataset: ray.data.Dataset,
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
        dataset: As for `score`.
        metrics: As for `score`.
        prediction: As for `score`.
        reference: As for `score`.
        by: A column of keys; missing ones are the key None.
        nulls: As for `score`.
        threads: As for `score`.
        sentences: As for `score`.
        tokens: As for `score`.

    Returns:
        An aggregate, or with `by` one for each key, in the order in which the dataset has them first.

    Raises:
        ConfigError: As for `score`.
        InputError: As for `score`.
        RayTaskError: A row cannot be scored.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(_columns(dataset), metrics, prediction, reference, by=by, **options)
    blocks = _blocks_in_order(_mapped(dataset, _aggregated, task))
    groups = [ray.remote(_groups).remote(block, number) for number, block in enumerate(blocks)]
    return task.whole(ray.get(reduce_tree(groups, ray.remote(add_groups).remote)) if groups else {})


def measure(
    dataset: ray.data.Dataset,
    metrics: Metrics,
    prediction: str = "prediction",
    reference: str = "reference",
    *,
    nulls: Nulls = "error",
    threads: int | None = 1,
    sentences: Sentences = "lines",
    tokens: bool = False,
) -> DistributedMeasurements:
    """What is counted of each row, kept in Ray's object store, for intervals and `textgauge.compare`.

    Rows have the order of the dataset. What Ray loses with a node it computes again from the dataset, which must then
    have the same rows in the same order.

    Args:
        dataset: As for `score`.
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
        RayTaskError: A row cannot be scored.
    """
    options: Any = {"nulls": nulls, "threads": threads, "sentences": sentences, "tokens": tokens}
    task = new_task(_columns(dataset), metrics, prediction, reference, **options)
    empty = task.scorer.measure([], [], nulls=nulls)
    blocks = _blocks_in_order(_mapped(dataset, _measured, task))
    return DistributedMeasurements(_Blocks(blocks), empty, threads)


class _Blocks:
    """Measurements in blocks of Ray's object store."""

    def __init__(self, blocks: Sequence[ray.ObjectRef[pa.Table]]) -> None:
        self._blocks = blocks
        self._lengths = ray.get([ray.remote(_lengths).remote(block) for block in blocks])
        self.lengths = [length for lengths in self._lengths for length in lengths]

    def add_up(self, shares: Sequence[Share]) -> _core.SampleSums:
        left = iter(shares)
        sums = []
        for block, lengths in zip(self._blocks, self._lengths, strict=True):
            own = [next(left) for _ in lengths]
            if own:
                sums.append(ray.remote(_sums).remote(block, own))
        total: _core.SampleSums = ray.get(reduce_tree(sums, ray.remote(add_sums).remote))
        return total

    def parts(self) -> Iterator[bytes]:
        for block in self._blocks:
            if (table := ray.get(block)).num_rows:
                yield from table["measurements"].to_pylist()

    def release(self) -> None:
        self._blocks = []


def _columns(dataset: ray.data.Dataset) -> list[str]:
    columns: list[str] | None = dataset.columns()
    return columns or []


def _mapped(dataset: ray.data.Dataset, work: Callable[..., Any], *arguments: object) -> ray.data.Dataset:
    return dataset.map_batches(work, fn_args=arguments, batch_format="pyarrow", batch_size=None, zero_copy_batch=True)


def _blocks_in_order(dataset: ray.data.Dataset) -> list[ray.ObjectRef[pa.Table]]:
    """The dataset's blocks, computed, in the order of what they are made of."""
    # Datasets share these options with those that they are made of.
    options = dataset.context.execution_options
    before, options.preserve_order = options.preserve_order, True
    try:
        blocks: list[ray.ObjectRef[pa.Table]] = dataset.to_arrow_refs()
        return blocks
    finally:
        options.preserve_order = before


# ---- on the workers


def _scored(table: pa.Table, task: Task, kept: list[str]) -> pa.Table:
    scores = task.score(table).to_arrow()
    return pa.table([*(table[name] for name in kept), *scores.columns], names=[*kept, *scores.column_names])


def _aggregated(table: pa.Table, task: Task) -> pa.Table:
    groups = task.aggregate([table])
    return pa.table({"groups": pa.array([pickle.dumps(groups)], pa.binary())})


def _groups(block: pa.Table, number: int) -> Groups:
    records = block["groups"].to_pylist() if block.num_rows else []
    return placed(add_groups(*(placed(pickle.loads(groups), at) for at, groups in enumerate(records))), number)


def _measured(table: pa.Table, task: Task) -> pa.Table:
    parts = list(task.measure([table]))
    columns = {
        "rows": pa.array([len(part) for part in parts], pa.int64()),
        "measurements": pa.array([part.to_bytes() for part in parts], pa.binary()),
    }
    return pa.table(columns)


def _lengths(block: pa.Table) -> list[int]:
    lengths: list[int] = block["rows"].to_pylist() if block.num_rows else []
    return lengths


def _sums(block: pa.Table, shares: list[Share]) -> _core.SampleSums:
    parts = block["measurements"].to_pylist()
    return add_sums(*(share.sums(part) for part, share in zip(parts, shares, strict=True)))
