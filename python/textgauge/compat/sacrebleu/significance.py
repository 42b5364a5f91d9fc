"""Is a system better than another: `sacrebleu.significance` of sacrebleu 2.6.0."""

from __future__ import annotations

import logging
import multiprocessing
import os
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from textgauge.compat.sacrebleu.metrics._counted import CountedMetric
from textgauge.stats import parity, peer_sampling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from textgauge.compat.sacrebleu.metrics.base import Metric, Score, Signature, Streams
    from textgauge.stats.measurements import Measurements

__all__ = ["IS_WINDOWS", "PairedTest", "Result", "estimate_ci"]

IS_WINDOWS = os.name == "nt"

sacrelogger = logging.getLogger("sacrebleu")


class Result:
    """What a test says of a system by one metric.

    Attributes:
        score: The score of the corpus.
        p_value: Of the difference from the baseline; `None` for the baseline.
        mean: The mean of bootstrap samples' scores, if there are any.
        ci: Half the width of their 95 % interval.
    """

    def __init__(
        self, score: float, p_value: float | None = None, mean: float | None = None, ci: float | None = None
    ) -> None:
        self.score = score
        self.p_value = p_value
        self.mean = mean
        self.ci = ci

    def __repr__(self) -> str:
        return ",".join(f"{name}={value!s}" for name, value in vars(self).items())


def estimate_ci(scores: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The mean of scores, and half the width of the interval that holds 95 % of them."""
    return peer_sampling.sacrebleu_paired_interval(scores)


def _bootstrap_resample(stats: list[list[Any]], metric: Metric, n_samples: int = 1000) -> tuple[str, list[Score]]:
    """The seed, and the scores of bootstrap samples, of a metric of the caller's own."""
    seed = parity.default_seed()
    rows = np.array(stats, dtype=np.float32)
    sums = peer_sampling.sacrebleu_bootstrap_sums(rows, n_samples, seed)
    return str(seed).lower(), [metric._compute_score_from_stats(each) for each in sums]


class PairedTest:
    """Paired tests of systems against the first one.

    With approximate randomisation or the paired bootstrap; the random numbers are those of sacrebleu. The environment
    variable SACREBLEU_SEED has the seed, 12345 by default, `none` for a random one.
    """

    _DEFAULT_SAMPLES: ClassVar = {"ar": 10000, "bs": 1000}

    def __init__(
        self,
        named_systems: Sequence[tuple[str, Sequence[str]]],
        metrics: Mapping[str, Metric],
        references: Streams | None,
        test_type: Literal["ar", "bs"] = "ar",
        n_samples: int = 0,
        n_ar_confidence: int = -1,
        n_jobs: int = 1,
    ) -> None:
        """Measures all systems.

        Args:
            named_systems: Names and hypotheses; the first is the baseline.
            metrics: The metrics: `BLEU`, `CHRF` or `TER`.
            references: Columns of references; `None` for those that the metrics keep.
            test_type: `ar`, approximate randomisation, or `bs`, the paired bootstrap.
            n_samples: How many trials (0 for 10,000) or samples (0 for 1,000).
            n_ar_confidence: For `ar`: how many bootstrap samples to make intervals of; 0 for 1,000, -1 for none.
            n_jobs: Without effect: all processors are used, or as many as TEXTGAUGE_NUM_THREADS says.

        Raises:
            AssertionError: There is no such test.
            TypeError: A metric is of the caller's own; that is not covered.
        """
        assert test_type in self._DEFAULT_SAMPLES, f"Unknown test type {test_type!r}"
        self.test_type = test_type
        self._seed = parity.default_seed()
        self.references = references
        self.named_systems = named_systems
        self.n_ar_confidence = n_ar_confidence if n_ar_confidence != 0 else self._DEFAULT_SAMPLES["bs"]
        self.n_samples = n_samples if n_samples > 0 else self._DEFAULT_SAMPLES[test_type]
        self.n_systems = len(named_systems) - 1
        self.n_jobs = n_jobs
        if n_jobs == 0:
            self.n_jobs = min(multiprocessing.cpu_count() // 2, self.n_systems) or 1
        self.metrics: dict[str, CountedMetric] = {}
        self._signatures: dict[str, Signature] = {}
        self._baselines: dict[str, tuple[Measurements, float]] = {}
        name, hypotheses = named_systems[0]
        for title, metric in metrics.items():
            if not isinstance(metric, CountedMetric):
                raise TypeError(
                    f"textgauge's drop-in tests BLEU, CHRF and TER, not {type(metric).__name__}; "
                    "use sacrebleu's PairedTest for metrics of your own"
                )
            sacrelogger.info(f"Pre-computing {title} statistics for {name!r}")
            measured, score = metric.measured(hypotheses, references)
            self.metrics[score.name] = metric
            self._baselines[score.name] = measured, score.score
            self._signatures[score.name] = self._signature_of(metric)

    def _signature_of(self, metric: Metric) -> Signature:
        signature = metric.get_signature()
        signature.update("seed", str(self._seed).lower())
        signature.update(self.test_type, self.n_samples)
        if self.n_ar_confidence > 0:
            signature.update("bs", self.n_ar_confidence)
        return signature

    def __call__(self) -> tuple[dict[str, Signature], dict[str, list[Any]]]:
        """Runs the tests.

        Returns:
            The signature of each metric; and the names of the systems, as `System`, with a `Result` for each system
            by metric.
        """
        scores: dict[str, list[Any]] = {"System": [name for name, _ in self.named_systems]}
        for title, metric in self.metrics.items():
            systems = [self._baselines[title]]
            for name, hypotheses in self.named_systems[1:]:
                sacrelogger.info(f"Computing {title} for {name!r} and extracting sufficient statistics")
                measured, score = metric.measured(hypotheses, self.references)
                systems.append((measured, score.score))
            confidence_samples = max(self.n_ar_confidence, 0)
            results = parity.paired_results(systems, 0, self.test_type, self.n_samples, confidence_samples, self._seed)
            scores[title] = [Result(*each) for each in results]
        return self._signatures, scores
