"""Measurements that stay where the workers put them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

import numpy as np

from textgauge import _core
from textgauge.distributed._partitions import joined
from textgauge.stats.measurements import Measured, Measurements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

__all__ = ["DistributedMeasurements", "Share", "Storage"]


@dataclass(frozen=True)
class Share:
    """What a part of all rows adds to samples of them. It is sent to where the part is.

    Attributes:
        first: The number of the part's first row among all.
        rows: How many rows there are in all.
        seed: Random seed.
        threads: How many threads to use.
        trials: How many trials of approximate randomisation there are, unless it is the bootstrap.
        draws: For each sample of the bootstrap how many draws fall into each segment that the part reaches into.
    """

    first: int
    rows: int
    seed: int
    threads: int | None
    trials: int
    draws: npt.NDArray[np.uint64] | None

    def sums(self, part: bytes) -> _core.SampleSums:
        """The sums of the part's rows, given as stored measurements."""
        table = _core.Table.from_bytes(part)
        if self.draws is None:
            return _core.SampleSums.of_randomization(table, self.first, self.rows, self.trials, self.seed, self.threads)
        return _core.SampleSums.of_bootstrap(table, self.first, self.rows, self.draws, self.seed, self.threads)


class Storage(Protocol):
    """Parts of measurements in an engine's storage, in the order of the frame's rows."""

    @property
    def lengths(self) -> Sequence[int]:
        """How many rows each part has: one at least."""

    def add_up(self, shares: Sequence[Share]) -> _core.SampleSums:
        """The sum of the parts' shares, made where the parts are. There is one part at least."""

    def parts(self) -> Iterator[bytes]:
        """The parts, brought here."""

    def release(self) -> None:
        """Gives the storage back."""


class DistributedMeasurements(Measured):
    """What is counted of each row of a frame, in the storage of the engine that counted it.

    `textgauge.compare` takes it. Its numbers are those of `Measurements` of the same rows in the same order, bit for
    bit: each worker draws from the rows that it has, and only sums of samples travel.
    """

    __slots__ = ("_empty", "_scores_of_all", "_storage", "_threads")

    def __init__(self, storage: Storage, empty: Measurements, threads: int | None) -> None:
        """Takes the parts, measurements of no rows by the same scorer, and how many threads a worker uses."""
        self._storage = storage
        self._empty = empty
        self._threads = threads
        self._scores_of_all: list[float] | None = None

    def __len__(self) -> int:
        return sum(self._storage.lengths)

    def collect(self) -> Measurements:
        """The same measurements on this machine, for whatever is not offered here: `select`, `jackknife`, `parity`."""
        parts = list(map(Measurements.from_bytes, self._storage.parts()))
        return joined(parts) if parts else self._empty

    def release(self) -> None:
        """Gives back the engine's storage; the measurements cannot be used afterwards."""
        self._storage.release()

    @property
    def _kind(self) -> _core.Table:
        return self._empty._kind

    def _scores(self) -> list[float]:
        if self._scores_of_all is None:
            self._scores_of_all = self._randomization_sums(0, 0, None).scores()
        return self._scores_of_all

    def _bootstrap_sums(self, samples: int, seed: int, threads: int | None) -> _core.SampleSums:
        draws = _core.segment_draws(len(self), samples, seed, threads)
        return self._sums(seed, 0, draws)

    def _randomization_sums(self, trials: int, seed: int, threads: int | None) -> _core.SampleSums:
        if not len(self):
            return self._empty._randomization_sums(trials, seed, threads)
        return self._sums(seed, trials, None)

    def _sums(self, seed: int, trials: int, draws: npt.NDArray[np.uint64] | None) -> _core.SampleSums:
        lengths, rows = self._storage.lengths, len(self)
        shares = []
        for first, length in zip(accumulate(lengths, initial=0), lengths, strict=False):
            segments = slice(first // _core.SEGMENT_ROWS, -(-(first + length) // _core.SEGMENT_ROWS))
            own = None if draws is None else np.ascontiguousarray(draws[:, segments])
            shares.append(Share(first, rows, seed, self._threads, trials, own))
        return self._storage.add_up(shares)
