"""Resampling as sacrebleu 2.6.0 and rouge-score 0.1.2 do it, to the last bit.

Both draw all over the table and add in an order and precision of their own, which shows in their last digits. Here
the same random numbers are drawn and the same additions made, a few samples at a time: memory grows with the rows
and with the samples, never with their product. NumPy seeds its generators; where the core has them, it draws and adds.

sacrebleu's statistics are rows of numbers that metrics add up, and its scores are functions of the sums. Seeds are
numbers, or `None` for one from the system; calls that must see the same draws need the same number.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from textgauge import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]

# NumPy makes 32 random booleans of 32 random bits and forgets what is left over at the end of a call.
_TRIALS_AT_A_TIME = 32

# OpenBLAS adds in an order that depends on the size of both matrices, so no product is parted without need.
_MOST_COINS = 2**25


def sacrebleu_bootstrap_sums(rows: npt.NDArray[np.float32], samples: int, seed: int | None) -> npt.NDArray[np.float32]:
    """The sums from which `corpus_score(..., n_bootstrap=samples)` and `PairedTest(..., "bs")` compute scores.

    Args:
        rows: The statistics, a row a pair.
        samples: How many samples to draw.
        seed: The number in SACREBLEU_SEED. `PairedTest` takes 0 for `None`, except for the first system's interval.

    Returns:
        A row of sums a sample.
    """
    return _bootstrap_sums(rows, samples, np.random.default_rng(seed))


def _bootstrap_sums(
    rows: npt.NDArray[np.float32], samples: int, generator: np.random.Generator
) -> npt.NDArray[np.float32]:
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    if rows.shape[1] == 1:
        # NumPy adds a single column in an order of its own.
        drawn = (rows[generator.choice(len(rows), size=len(rows))].sum(0) for _ in range(samples))
        return np.fromiter(drawn, dtype=(np.float32, 1), count=samples)
    return _drawn(generator, lambda state: _core.single_bootstrap_sums(state, rows, samples))


# State, increment, and the half of a number that was not asked for yet.
_State = tuple[int, int, "int | None"]


def _drawn(
    generator: np.random.Generator, draw: Callable[[_State], tuple[npt.NDArray[Any], _State]]
) -> npt.NDArray[Any]:
    """What the core makes of a generator, which goes on from where the core has left it."""
    bits = generator.bit_generator
    before = cast("dict[str, Any]", bits.state)
    half = before["uinteger"] if before["has_uint32"] else None
    sums, (state, increment, half) = draw((before["state"]["state"], before["state"]["inc"], half))
    bits.state = before | {
        "state": {"state": state, "inc": increment},
        "has_uint32": int(half is not None),
        "uinteger": half or 0,
    }
    return sums


def sacrebleu_randomization_sums(
    base: Numbers, system: Numbers, trials: int, seed: int | None, interval_samples: int = 0
) -> tuple[Numbers, Numbers, npt.NDArray[np.float32]]:
    """The sums from which `PairedTest(..., "ar")` computes scores.

    Args:
        base: The statistics of the system compared with, a row a pair, in the precision that the metric gives them.
        system: Those of the other system.
        trials: How often to shuffle.
        seed: The number in SACREBLEU_SEED; `PairedTest` takes 0 for `None`.
        interval_samples: How many bootstrap samples of `system` to draw afterwards (`n_ar_confidence`).

    Returns:
        A row of sums a trial for each of the two shuffled systems, and a row of sums a bootstrap sample.
    """
    generator = np.random.default_rng(seed)
    dtype = np.result_type(base, system)
    if _is_whole(base) and _is_whole(system):
        differences = base.astype(np.int64) - system.astype(np.int64)
        moved = _drawn(generator, lambda state: _core.sums_of_chosen(state, differences, trials))
        first, second = (system.sum(0) + moved).astype(dtype), (base.sum(0) - moved).astype(dtype)
    else:
        first, second = _randomization_sums_of_floats(base, system, trials, generator)
    return first, second, _bootstrap_sums(system.astype(np.float32), interval_samples, generator)


def _is_whole(numbers: Numbers) -> bool:
    """Whether all are whole numbers, whose sums are the same in any order."""
    return bool((numbers == np.rint(numbers)).all())


def _randomization_sums_of_floats(
    base: Numbers, system: Numbers, trials: int, generator: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """The sums of each trial as NumPy's product of matrices adds them, in an order of its own."""
    shape, dtype = (trials, base.shape[1]), np.result_type(base, system)
    first, second = np.empty(shape, dtype=dtype), np.empty(shape, dtype=dtype)
    at_once = max(_MOST_COINS // len(base) // _TRIALS_AT_A_TIME, 1) * _TRIALS_AT_A_TIME
    for start in range(0, trials, at_once):
        part = slice(start, min(start + at_once, trials))
        chosen = generator.integers(2, size=(part.stop - start, len(base)), dtype=np.bool_)
        first[part] = chosen @ base + ~chosen @ system
        second[part] = ~chosen @ base + chosen @ system
    return first, second


def sacrebleu_interval(scores: Sequence[float]) -> tuple[float, float]:
    """The mean and the half width of the 95 % interval that `corpus_score(..., n_bootstrap=...)` reports.

    Args:
        scores: The scores of the samples, as the metric gives them: where they are in single precision, so is
            the interval.
    """
    ordered = sorted(scores)
    return statistics.mean(ordered), _half_width(ordered)


def sacrebleu_paired_interval(scores: Sequence[float] | npt.NDArray[np.float64]) -> tuple[float, float]:
    """The mean and the half width of the 95 % interval that `PairedTest` reports; its mean is a rounded one.

    Args:
        scores: As for `sacrebleu_interval`.
    """
    ordered = np.sort(scores)
    return ordered.mean(), _half_width(ordered)


def _half_width(ordered: Any) -> float:  # noqa: ANN401
    outside = len(ordered) // 40
    half: float = 0.5 * (ordered[len(ordered) - outside - 1] - ordered[outside])
    return half


def sacrebleu_p_value(
    test: Literal["ar", "bs"], difference: float, base_scores: Sequence[float], system_scores: Sequence[float]
) -> float:
    """The p-value that `PairedTest` reports.

    Args:
        test: Approximate randomisation or paired bootstrap.
        difference: How far apart the scores of the two systems are: not negative, and a Python float.
        base_scores: The scores of one of the shuffled systems, or those of the samples of the first system.
        system_scores: The scores of the other.
    """
    differences = np.abs(np.asarray(system_scores) - np.asarray(base_scores))
    if test == "bs":
        differences = differences - differences.mean()
    # The observed outcome counts as one of them. Equal differences do not: a system equals itself not by chance.
    extreme = int(np.count_nonzero(differences > difference))
    return (extreme + 1) / (len(differences) + 1)


def rouge_score_bootstrap(
    scores: npt.NDArray[np.float64], samples: int = 1000, confidence: float = 0.95
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """What `rouge_score.scoring.BootstrapAggregator` makes of one metric.

    It draws from NumPy's global generator. To get the aggregator's numbers for several metrics, call this for one
    after the other in the order in which the aggregator has met them.

    Args:
        scores: Precision, recall and F of each pair, a row a pair.
        samples: How many samples to draw.
        confidence: The share of samples inside the interval.

    Returns:
        Precision, recall and F at the lower end, in the middle (their medians) and at the upper end.
    """
    means = _drawn_means(np.ascontiguousarray(scores, dtype=np.float64), samples)
    outside = (1 - confidence) / 2
    low, middle, high = np.percentile(means, 100 * np.array([outside, 0.5, 1 - outside]), axis=0)
    return low, middle, high


def _drawn_means(rows: npt.NDArray[np.float64], samples: int) -> npt.NDArray[np.float64]:
    """The means of samples that NumPy's global generator draws."""
    generator: Any = np.random.get_state(legacy=False)
    if rows.shape[1] == 3 and len(rows) and generator["bit_generator"] == "MT19937":
        state = generator["state"]
        means, state["key"], state["pos"] = _core.drawn_means(rows, samples, state["key"], state["pos"])
        np.random.set_state(generator)
        return means
    means = np.empty((samples, rows.shape[1]))
    for mean in means:
        mean[:] = rows[np.random.choice(len(rows), size=len(rows))].mean(axis=0)
    return means
