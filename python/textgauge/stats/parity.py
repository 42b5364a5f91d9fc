"""Statistics as other packages publish them, bit for bit, for tables that must agree with theirs.

`Measurements.bootstrap` and `textgauge.compare` are the exact and fast way. What is here draws the random numbers of
sacrebleu 2.6.0 and rouge-score 0.1.2, adds in their order and precision, and so gives their numbers to the last bit;
it takes about their time, but never their memory.
"""

from __future__ import annotations

import os
from numbers import Real
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from textgauge.errors import ConfigError, InputError
from textgauge.stats import peer_sampling
from textgauge.stats.measurements import MOST_SAMPLES, Measurements, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from textgauge import _core
    from textgauge.result import Result

__all__ = [
    "AggregateScore",
    "PairedResult",
    "PublishedScore",
    "rouge_score_bootstrap",
    "sacrebleu_bootstrap",
    "sacrebleu_paired_test",
]

SAMPLES = {"ar": 10_000, "bs": 1000}


class PublishedScore(NamedTuple):
    """A score as sacrebleu's `corpus_score(..., n_bootstrap=...)` has it.

    Attributes:
        score: The score of the corpus.
        mean: The mean of the samples' scores.
        ci: Half the width of the 95 % interval.
        signature: sacrebleu's signature.
    """

    score: float
    mean: float
    ci: float
    signature: str


class PairedResult(NamedTuple):
    """What sacrebleu's `PairedTest` says of a system by one metric.

    Attributes:
        score: The score of the corpus.
        p_value: Of the difference from the first system; `None` for that one.
        mean: The mean of bootstrap samples' scores, where there are any.
        ci: Half the width of their 95 % interval.
    """

    score: float
    p_value: float | None
    mean: float | None
    ci: float | None


class AggregateScore(NamedTuple):
    """Precision, recall and F at the ends and in the middle of an interval, as rouge-score's `BootstrapAggregator`."""

    low: tuple[float, float, float]
    mid: tuple[float, float, float]
    high: tuple[float, float, float]


def default_seed() -> int | None:
    """The seed that sacrebleu takes: the environment variable SACREBLEU_SEED, `none` for a random one, else 12345.

    Raises:
        ConfigError: The variable is neither `none` nor a whole number.
    """
    seed = os.environ.get("SACREBLEU_SEED", "12345")
    try:
        return None if seed.lower() == "none" else int(seed)
    except ValueError as error:
        raise ConfigError(
            f"the environment variable SACREBLEU_SEED is {seed!r}; it must be a number", "bad-option"
        ) from error


def sacrebleu_bootstrap(
    measurements: Measurements, *, samples: int = 1000, seed: int | Literal["environment"] | None = "environment"
) -> dict[str, PublishedScore]:
    """The confidence intervals of `corpus_score(..., n_bootstrap=samples)`, for each metric that sacrebleu has.

    Args:
        measurements: What was counted of each pair.
        samples: How many samples to draw.
        seed: Of NumPy's `default_rng`; `None` for a random one; by default as sacrebleu takes it.

    Raises:
        ConfigError: An argument is out of range, or sacrebleu has none of the metrics.
        InputError: There are no rows.
    """
    whole_number("samples", samples, 2, MOST_SAMPLES)
    seed = _seed(seed)
    table = _table_of(measurements)
    head = f"nrefs:{table.references or 'var'}|bs:{samples}|seed:{str(seed).lower()}"
    signatures = dict(table.sacrebleu_signatures(head))
    published = {}
    for number, column in table.sacrebleu_metrics:
        mean, ci = bootstrap_interval(measurements, number, samples, seed)
        published[column] = PublishedScore(measurements.corpus[column], float(mean), float(ci), signatures[column])
    return published


def bootstrap_interval(measurements: Measurements, number: int, samples: int, seed: int | None) -> tuple[float, float]:
    """What `corpus_score(..., n_bootstrap=samples)` says by one metric, in the precision in which it says it.

    Args:
        measurements: What was counted of each pair.
        number: Which metric of the measurements.
        samples: How many samples to draw.
        seed: Of NumPy's `default_rng`; `None` for a random one.

    Returns:
        The mean of the samples' scores, and half the width of their 95 % interval.
    """
    table = measurements._table
    rows = table.sacrebleu_statistics(number).astype(np.float32)
    sums = peer_sampling.sacrebleu_bootstrap_sums(rows, samples, seed)
    return peer_sampling.sacrebleu_interval(_scores(table, number, sums))


def sacrebleu_paired_test(
    systems: Mapping[str, Measurements],
    *,
    test: Literal["ar", "bs"] = "ar",
    samples: int | None = None,
    confidence_samples: int = 0,
    seed: int | Literal["environment"] | None = "environment",
) -> dict[str, dict[str, PairedResult]]:
    """The results of `PairedTest`, for each metric that sacrebleu has: by the metric's column, then by system.

    Args:
        systems: The measurements of each system by its name; the first is the baseline.
        test: `"ar"`, approximate randomisation, or `"bs"`, the paired bootstrap.
        samples: How many trials (default 10,000) or samples (1,000).
        confidence_samples: For `"ar"`: of how many bootstrap samples to make intervals besides; 0 for none.
        seed: As for `sacrebleu_bootstrap`.

    Raises:
        ConfigError: An argument is out of range, or sacrebleu has none of the metrics.
        InputError: The systems have different numbers of rows, or none.
        SignatureMismatch: They were measured with different metrics.
    """
    if test not in SAMPLES:
        raise ConfigError(f"test is {test!r}; choose 'ar' or 'bs'", "bad-option")
    if len(systems) < 2:
        raise ConfigError(f"a paired test takes at least two systems, not {len(systems)}", "bad-option")
    samples = SAMPLES[test] if samples is None else whole_number("samples", samples, most=MOST_SAMPLES)
    whole_number("confidence_samples", confidence_samples, 0, MOST_SAMPLES)
    seed = _seed(seed)
    base, *others = systems.values()
    table = _table_of(base)
    for other in others:
        _check_pair(base, other)
    results = {}
    for number, column in table.sacrebleu_metrics:
        scored = [(measured, measured.corpus[column]) for measured in systems.values()]
        found = paired_results(scored, number, test, samples, confidence_samples, seed)
        results[column] = dict(zip(systems, map(_in_double, found), strict=True))
    return results


def _in_double(result: PairedResult) -> PairedResult:
    return PairedResult(*(None if number is None else float(number) for number in result))  # type: ignore[arg-type]


def paired_results(
    systems: Sequence[tuple[Measurements, float]],
    number: int,
    test: Literal["ar", "bs"],
    samples: int,
    confidence_samples: int,
    seed: int | None,
) -> list[PairedResult]:
    """What `PairedTest` says of each system by one metric, in the precision in which it says it.

    Args:
        systems: The measurements and the score of each, of as many pairs; the first is the baseline.
        number: Which metric of the measurements.
        test: As for `sacrebleu_paired_test`.
        samples: How many trials or samples.
        confidence_samples: As for `sacrebleu_paired_test`.
        seed: Of NumPy's `default_rng`; `None` for a random one.
    """
    table = systems[0][0]._table
    rows = [measured._table.sacrebleu_statistics(number) for measured, _ in systems]
    scores = [score for _, score in systems]

    def sampled(statistics: npt.NDArray[np.float64], samples: int, seed: int | None) -> list[Sequence[float]]:
        """The scores of bootstrap samples of one or several systems side by side, with the same draws for all."""
        sums = peer_sampling.sacrebleu_bootstrap_sums(statistics.astype(np.float32), samples, seed)
        return [_scores(table, number, each) for each in np.hsplit(sums, sums.shape[1] // rows[0].shape[1])]

    # There 0 is no seed, but for the baseline's interval.
    paired_seed = seed or None
    interval = peer_sampling.sacrebleu_paired_interval
    if test == "bs":
        of_base, *of_others = sampled(np.hstack(rows), samples, paired_seed)
        of_base_alone = of_base if seed == paired_seed else sampled(rows[0], samples, seed)[0]
        results = [PairedResult(scores[0], None, *interval(of_base_alone))]
        for score, of_system in zip(scores[1:], of_others, strict=True):
            p_value = peer_sampling.sacrebleu_p_value(test, abs(scores[0] - score), of_base, of_system)
            results.append(PairedResult(score, p_value, *interval(of_system)))
        return results
    first = interval(sampled(rows[0], confidence_samples, seed)[0]) if confidence_samples else (None, None)
    results = [PairedResult(scores[0], None, *first)]
    for score, system in zip(scores[1:], rows[1:], strict=True):
        *shuffled, sums = peer_sampling.sacrebleu_randomization_sums(
            rows[0], system, samples, paired_seed, confidence_samples
        )
        both = (table.sacrebleu_scores_of_doubles(number, each.astype(np.float64)) for each in shuffled)
        p_value = peer_sampling.sacrebleu_p_value(test, abs(scores[0] - score), *both)
        own = interval(_scores(table, number, sums)) if confidence_samples else (None, None)
        results.append(PairedResult(score, p_value, *own))
    return results


def rouge_score_bootstrap(
    result: Result, *, samples: int = 1000, confidence: float = 0.95
) -> dict[str, AggregateScore]:
    """What rouge-score's `BootstrapAggregator` makes of the scores, for each ROUGE metric in order.

    It draws from NumPy's global generator (`numpy.random.seed`), as the original does. `mid` is the median of the
    samples' means, not the mean.

    Args:
        result: The scores of all pairs.
        samples: How many samples to draw.
        confidence: The share of samples inside the interval, from 0 to 1.

    Raises:
        ConfigError: An argument is out of range, or there is no ROUGE metric.
        InputError: There are no rows, or one without a score.
    """
    whole_number("samples", samples, most=MOST_SAMPLES)
    if not isinstance(confidence, Real) or not 0 <= confidence <= 1:
        raise ConfigError(f"confidence is {confidence!r}; it must be from 0 to 1", "bad-option")
    names = [name for name in result.signatures if all(f"{name}.{part}" in result for part in "prf")]
    if not names:
        raise ConfigError("there is no ROUGE metric among the scores", "bad-option")
    aggregates = {}
    for name in names:
        scores = np.stack([result[f"{name}.{part}"] for part in "prf"], axis=1)
        if not len(scores) or np.isnan(scores).any():
            raise InputError("there are no rows, or some have no score", "no-row")
        low, mid, high = peer_sampling.rouge_score_bootstrap(scores, samples, confidence)
        aggregates[name] = AggregateScore(*(tuple(part.tolist()) for part in (low, mid, high)))
    return aggregates


def _seed(seed: int | Literal["environment"] | None) -> int | None:
    """The seed that is meant, if NumPy takes it."""
    number = default_seed() if seed == "environment" else seed
    # NumPy's seeds have no upper end.
    if number is not None and (isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 0):
        message = f"seed is {number!r}; it must be a whole number of at least 0, None or 'environment'"
        raise ConfigError(message, "bad-option")
    return number


def _table_of(measurements: Measurements) -> _core.Table:
    table = measurements._table
    if not table.sacrebleu_metrics:
        raise ConfigError(f"sacrebleu has none of the metrics {', '.join(measurements.signatures)}", "bad-option")
    if not len(measurements):
        raise InputError("there are no rows to draw samples of", "no-row")
    return table


def _check_pair(base: Measurements, other: Measurements) -> None:
    # Refuses other metrics.
    base + other
    if len(base) != len(other):
        message = f"systems can be compared only on the same pairs, but one has {len(base)}, another {len(other)}"
        raise InputError(message, "unequal-lengths")


def _scores(table: _core.Table, number: int, sums: npt.NDArray[np.float32]) -> Sequence[float]:
    """Sacrebleu's scores of sums in single precision, in the precision that each has."""
    scores = table.sacrebleu_scores_of_singles(number, sums)
    return [np.float32(score) if single else score for score, single in scores]  # type: ignore[misc]
