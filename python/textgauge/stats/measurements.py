"""What is counted of each pair, and how sure that makes the scores of the corpus."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from textgauge import _core
from textgauge._value import whole_threads
from textgauge.errors import ConfigError, InputError, SignatureMismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

__all__ = [
    "DEFAULT_SEED",
    "MOST_SAMPLES",
    "Interval",
    "Jackknife",
    "Measured",
    "Measurements",
    "interval_of_differences",
    "intervals_of",
    "scores_of_trials",
    "whole_number",
]

DEFAULT_SEED = 12345

# Far more than serve any purpose; the scores of more would fill any memory.
MOST_SAMPLES = 2**32 - 1


class Interval(NamedTuple):
    """A score with what bootstrap samples say about it.

    Attributes:
        score: The score of the corpus itself.
        low: The lower end of the confidence interval.
        high: The upper end.
        standard_error: The standard deviation of the samples' scores.
    """

    score: float
    low: float
    high: float
    standard_error: float


class Jackknife(NamedTuple):
    """What leaving out each pair in turn says about a score.

    Attributes:
        score: The score of the corpus itself.
        standard_error: An estimate of its standard error.
        bias: An estimate of how much it is too high on average.
    """

    score: float
    standard_error: float
    bias: float


class Measured(ABC):
    """What is counted of each pair, wherever that is kept; what `compare` takes. `len()` is the number of pairs."""

    __slots__ = ()

    @abstractmethod
    def __len__(self) -> int: ...

    @property
    @abstractmethod
    def _kind(self) -> _core.Table:
        """A table of the same metrics, of any rows."""

    @abstractmethod
    def _scores(self) -> list[float]:
        """The scores of all rows together."""

    @abstractmethod
    def _bootstrap_sums(self, samples: int, seed: int, threads: int | None) -> _core.SampleSums:
        """The sums of bootstrap samples."""

    @abstractmethod
    def _randomization_sums(self, trials: int, seed: int, threads: int | None) -> _core.SampleSums:
        """The sums of those rows whose coin fell heads, for each trial."""

    @property
    def columns(self) -> list[str]:
        """The names of all outputs, such as `rouge1.p`, in order."""
        return self._kind.columns

    @property
    def headlines(self) -> list[str]:
        """The column of each metric's main score: `bleu`, `rouge1.f`."""
        return self._kind.headlines

    @property
    def corpus(self) -> dict[str, float]:
        """The scores of all rows together, by column; NaN of no rows.

        Means are of scores rounded to 2^-44, of those without an upper limit to 2^-30.
        """
        return dict(zip(self.columns, self._scores(), strict=True))

    @property
    def signatures(self) -> dict[str, str]:
        """For each metric, everything that its numbers depend on."""
        return dict(self._kind.signatures)

    def bootstrap(
        self,
        *,
        samples: int = 1000,
        confidence: float = 0.95,
        seed: int = DEFAULT_SEED,
        threads: int | None = None,
    ) -> dict[str, Interval]:
        """Confidence intervals by the percentiles of bootstrap samples (Efron 1979; Koehn 2004).

        A sample has as many pairs as there are, drawn with replacement; its score is that of its summed integers.
        The same seed gives the same numbers, whatever the number of threads or of machines.

        Args:
            samples: How many samples to draw, up to 2^32 - 1.
            confidence: The share of samples inside the interval, above 0 and below 1.
            seed: Random seed, from 0 to 2^64 - 1.
            threads: How many threads to use on this machine.

        Returns:
            An interval for each column.

        Raises:
            InputError: There are no rows.
            ConfigError: An argument is out of range.
        """
        return intervals_of([self], samples, confidence, seed, threads)[0][0]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} rows: {', '.join(self.columns)}>"


class Measurements(Measured):
    """The counts of each pair: a row of integers. The score of a corpus is a function of their sums.

    `Scorer.measure` makes them. `len()` is the number of pairs. `a + b` or `sum(parts)` puts their rows one after the
    other. They can be pickled, and stored with `to_bytes`.
    """

    __slots__ = ("_tables",)

    def __init__(self, *tables: _core.Table) -> None:
        self._tables = tables

    @property
    def _table(self) -> _core.Table:
        # Joined when it is first needed: a sum of many copies no row more than once.
        if len(self._tables) > 1:
            self._tables = (_core.concatenate(list(self._tables)),)
        return self._tables[0]

    def __len__(self) -> int:
        return sum(map(len, self._tables))

    @property
    def _kind(self) -> _core.Table:
        return self._tables[0]

    def _scores(self) -> list[float]:
        return self._table.scores()

    def _bootstrap_sums(self, samples: int, seed: int, threads: int | None) -> _core.SampleSums:
        draws = _core.segment_draws(len(self), samples, seed, threads)
        return _core.SampleSums.of_bootstrap(self._table, 0, len(self), draws, seed, threads)

    def _randomization_sums(self, trials: int, seed: int, threads: int | None) -> _core.SampleSums:
        return _core.SampleSums.of_randomization(self._table, 0, len(self), trials, seed, threads)

    def select(self, rows: Iterable[int]) -> Measurements:
        """The measurements of these rows, in this order.

        Args:
            rows: Numbers of rows, from 0.

        Raises:
            InputError: There is no such row.
        """
        count = len(self)

        def number_of(row: int) -> int:
            try:
                # A mask would pass for rows 0 and 1.
                number = -1 if isinstance(row, bool) else operator.index(row)
            except TypeError:
                number = -1
            if not 0 <= number < count:
                raise InputError(f"there is no row {row}; there are {count}, numbered from 0", "no-row")
            return number

        return Measurements(self._table.select(np.fromiter(map(number_of, rows), np.uintp)))

    def jackknife(self, *, threads: int | None = None) -> dict[str, Jackknife]:
        """Standard errors and biases by leaving out each pair in turn (Tukey 1958; Efron and Stein 1981).

        Args:
            threads: How many threads to use.

        Returns:
            One for each column; NaN of less than two rows.
        """
        errors, biases = self._table.jackknife(whole_threads(threads))
        parts = zip(self.columns, self._table.scores(), errors.tolist(), biases.tolist(), strict=True)
        return {column: Jackknife(score, error, bias) for column, score, error, bias in parts}

    def __add__(self, other: object) -> Measurements:
        """The rows of both, one after the other.

        Raises:
            SignatureMismatch: The two are of different metrics or options.
        """
        if not isinstance(other, Measurements):
            return NotImplemented
        if self.signatures != other.signatures:
            _core.concatenate([self._table, other._table])  # raises
        return Measurements(*self._tables, *other._tables)

    def __radd__(self, other: object) -> Measurements:
        # sum() begins with 0.
        return self if other == 0 else NotImplemented

    def to_bytes(self) -> bytes:
        """The measurements in a versioned format of bytes with a checksum, for `from_bytes`."""
        return self._table.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Measurements:
        """The measurements that `to_bytes` wrote.

        Raises:
            InputError: The bytes are damaged, or in a format that this version does not read.
            SignatureMismatch: This version measures something else under the same options.
        """
        return cls(_core.Table.from_bytes(data))

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return Measurements.from_bytes, (self.to_bytes(),)


def whole_number(name: str, value: int, least: int = 1, most: int = 2**64 - 1) -> int:
    """`value`, if it is a whole number from `least` to `most`.

    Raises:
        ConfigError: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= most:
        raise ConfigError(f"{name} is {value!r}; it must be a whole number from {least} to {most}", "bad-option")
    return int(value)


def intervals_of(
    systems: Sequence[Measured], samples: int, confidence: float, seed: int, threads: int | None
) -> tuple[list[dict[str, Interval]], npt.NDArray[np.float64]]:
    """The intervals of each system, and all samples' scores, of shape (samples, systems, columns).

    Raises:
        InputError: There are no rows.
        ConfigError: An argument is out of range.
    """
    whole_number("samples", samples, most=MOST_SAMPLES)
    whole_number("seed", seed, 0)
    if not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise ConfigError(f"confidence is {confidence!r}; it must be between 0 and 1", "bad-option")
    if not len(systems[0]):
        raise InputError("there are no rows to draw samples of", "no-row")
    drawn = _scores_of_samples(systems, samples, seed, whole_threads(threads))
    intervals = [
        dict(zip(system.columns, _percentiles(system._scores(), drawn[:, number], confidence), strict=True))
        for number, system in enumerate(systems)
    ]
    return intervals, drawn


def _scores_of_samples(
    systems: Sequence[Measured], samples: int, seed: int, threads: int | None
) -> npt.NDArray[np.float64]:
    """The scores of bootstrap samples, of shape (samples, systems, columns)."""
    here = [system for system in systems if isinstance(system, Measurements)]
    if len(here) == len(systems):
        return _core.bootstrap([system._table for system in here], samples, seed, threads)
    _check_alike(systems)
    drawn = [system._bootstrap_sums(samples, seed, threads).scores_of_samples() for system in systems]
    return np.stack(drawn, axis=1)


def scores_of_trials(
    base: Measured, system: Measured, trials: int, seed: int, threads: int | None
) -> npt.NDArray[np.float64]:
    """The scores of the pseudo-systems of approximate randomisation, of shape (trials, 2, columns)."""
    threads = whole_threads(threads)
    if isinstance(base, Measurements) and isinstance(system, Measurements):
        return _core.randomization(base._table, system._table, trials, seed, threads)
    _check_alike([base, system])
    sums = [each._randomization_sums(trials, seed, threads) for each in (base, system)]
    return _core.SampleSums.scores_of_trials(*sums)


def _check_alike(systems: Sequence[Measured]) -> None:
    """Refuses systems of other metrics or numbers of rows before anything is sent to where they are."""
    first = systems[0]
    for system in systems[1:]:
        if system.signatures != first.signatures:
            message = "systems can be compared only by the same metrics: "
            message += f"one has {first.signatures}, another {system.signatures}"
            raise SignatureMismatch(message, "signature-mismatch")
        if len(system) != len(first):
            message = "systems can be compared only on the same pairs, "
            message += f"but one has {len(first)}, another {len(system)}"
            raise InputError(message, "unequal-lengths")


def _percentiles(scores: Sequence[float], drawn: npt.NDArray[np.float64], confidence: float) -> list[Interval]:
    outside = (1 - confidence) / 2
    low, high = np.quantile(drawn, [outside, 1 - outside], axis=0)
    errors = drawn.std(axis=0, ddof=1) if len(drawn) > 1 else np.full(drawn.shape[1], np.nan)
    return [Interval(*parts) for parts in zip(scores, low.tolist(), high.tolist(), errors.tolist(), strict=True)]


def interval_of_differences(score: float, drawn: npt.NDArray[np.float64], confidence: float) -> Interval:
    """The interval of one score, given what samples have for it."""
    [interval] = _percentiles([score], drawn[:, None], confidence)
    return interval
