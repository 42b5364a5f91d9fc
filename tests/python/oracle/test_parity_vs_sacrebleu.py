"""Resampling in parity mode against sacrebleu 2.6.0, number for number."""

from __future__ import annotations

import functools
import tracemalloc
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from parity import DATA, read_pairs
from sacrebleu import significance
from sacrebleu.metrics import BLEU, CHRF, TER

import textgauge.stats.peer_sampling as parity

SYSTEMS = ("wmt22.en-de.Online-B", "wmt22.en-de.OpenNMT")
METRICS = {"bleu": BLEU, "chrf": CHRF, "ter": TER}
# What sacrebleu takes seconds over.
PAIRS = {"bleu": 2037, "chrf": 1000, "ter": 200}
SEEDS = (12345, 20)

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data")
cases = pytest.mark.parametrize(
    ("name", "references"), [(name, references) for name in METRICS for references in (1, 2)]
)


class Case(NamedTuple):
    """Two systems, and what sacrebleu makes of them."""

    metric: Any
    hypotheses: tuple[list[str], list[str]]
    references: list[list[str]]
    statistics: tuple[list[list[float]], list[list[float]]]

    @property
    def tables(self):
        """The statistics as arrays."""
        base, system = (np.array(rows) for rows in self.statistics)
        return base, system

    @property
    def scores(self) -> tuple[float, float]:
        base, system = (self.metric._aggregate_and_compute(rows).score for rows in self.statistics)
        return base, system

    def sample_scores(self, sums) -> list[float]:
        """The scores of samples, of sums in single precision."""
        return [self.metric._compute_score_from_stats(row).score for row in sums]

    def trial_scores(self, sums) -> list[float]:
        """The scores of trials, of sums that are added to 0 first."""
        return [self.metric._aggregate_and_compute(row[np.newaxis]).score for row in sums]


@functools.cache
def case(name: str, references: int) -> Case:
    systems = [list(read_pairs(DATA / "mt" / f"{system}.jsonl.gz"))[: PAIRS[name]] for system in SYSTEMS]
    metric = METRICS[name]()
    streams = [[pair.references[stream] for pair in systems[0]] for stream in range(references)]
    hypotheses = tuple([pair.prediction for pair in system] for system in systems)
    statistics = tuple(metric._extract_corpus_statistics(system, streams) for system in hypotheses)
    return Case(metric, hypotheses, streams, statistics)


class Recorder:
    """A metric for sacrebleu whose scores are the sums that it is given."""

    def __init__(self, system_statistics=None) -> None:
        self.system_statistics = system_statistics
        self.trials: list[Any] = []
        self.samples: list[Any] = []

    def _extract_corpus_statistics(self, *_texts):
        return self.system_statistics

    def _aggregate_and_compute(self, statistics):
        if statistics is not self.system_statistics:
            self.trials.append(statistics[0])
        return SimpleNamespace(score=0.0)

    def _compute_score_from_stats(self, sums):
        self.samples.append(sums)
        return SimpleNamespace(score=0.0)


def their_randomization(base, system, trials: int, seed: int, interval_samples: int):
    """The sums of both shuffled systems, and of the samples for the interval."""
    recorder = Recorder(system)
    significance._paired_ar_test(
        {"metric": (base, significance.Result(0.0))},
        "system",
        ["" for _ in system],
        None,
        {"metric": recorder},
        trials,
        interval_samples,
        seed,
    )
    return np.array(recorder.trials[:trials]), np.array(recorder.trials[trials:]), np.array(recorder.samples)


def assert_same(ours, theirs) -> None:
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    assert (ours == theirs).all()


@cases
@pytest.mark.parametrize("seed", SEEDS)
def test_bootstrap_sums(name: str, references: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = case(name, references).statistics[0]
    monkeypatch.setenv("SACREBLEU_SEED", str(seed))
    recorder = Recorder()
    significance._bootstrap_resample(rows, recorder, 1000)
    ours = parity.sacrebleu_bootstrap_sums(np.array(rows, dtype=np.float32), 1000, seed)
    assert_same(ours, np.array(recorder.samples))
    assert len(np.unique(ours, axis=0)) > 900


@cases
@pytest.mark.parametrize("seed", SEEDS)
def test_randomization_sums(name: str, references: int, seed: int) -> None:
    base, system = case(name, references).statistics
    theirs = their_randomization(base, system, 1010, seed, 30)
    ours = parity.sacrebleu_randomization_sums(*case(name, references).tables, 1010, seed, 30)
    for one, other in zip(ours, theirs, strict=True):
        assert_same(one, other)
    assert not (ours[0] == ours[1]).all()


@pytest.mark.parametrize(
    ("rows", "trials"), [(1, 40), (7, 1), (31, 100), (33, 2000), (500, 3000), (2037, 1031), (5000, 150), (40_000, 70)]
)
@pytest.mark.parametrize("lanes", [1, 2, 10])
def test_sums_that_are_rounded(rows: int, trials: int, lanes: int) -> None:
    """Thirds, as TER's average lengths of three references are: their sums depend on the order of addition."""
    generator = np.random.default_rng(rows)
    base, system = (generator.integers(0, 200, (rows, lanes)) / 3 for _ in range(2))
    theirs = their_randomization(base.tolist(), system.tolist(), trials, 5, 3)
    for one, other in zip(parity.sacrebleu_randomization_sums(base, system, trials, 5, 3), theirs, strict=True):
        assert_same(one, other)


@cases
def test_interval_of_a_corpus(name: str, references: int, monkeypatch: pytest.MonkeyPatch) -> None:
    metric, hypotheses, streams, statistics = case(name, references)
    for seed, samples in ((SEEDS[0], 1000), (SEEDS[1], 39)):
        monkeypatch.setenv("SACREBLEU_SEED", str(seed))
        theirs = metric.corpus_score(hypotheses[0], streams, n_bootstrap=samples)
        sums = parity.sacrebleu_bootstrap_sums(np.array(statistics[0], dtype=np.float32), samples, seed)
        ours = parity.sacrebleu_interval(case(name, references).sample_scores(sums))
        assert ours == (theirs._mean, theirs._ci)
        assert ours[1] > 0


def their_paired_test(tested: Case, test: str, samples: int, interval_samples: int):
    """What is reported of both systems."""
    paired = significance.PairedTest(
        list(zip(SYSTEMS, tested.hypotheses, strict=True)),
        {"metric": tested.metric},
        tested.references,
        test,
        n_samples=samples,
        n_ar_confidence=interval_samples,
    )
    _, scores = paired()
    (results,) = [results for column, results in scores.items() if column != "System"]
    return results


@cases
@pytest.mark.parametrize("seed", SEEDS)
def test_paired_bootstrap(name: str, references: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tested = case(name, references)
    monkeypatch.setenv("SACREBLEU_SEED", str(seed))
    base, system = their_paired_test(tested, "bs", 500, -1)
    scores = [
        tested.sample_scores(parity.sacrebleu_bootstrap_sums(rows.astype(np.float32), 500, seed))
        for rows in tested.tables
    ]
    assert parity.sacrebleu_paired_interval(scores[0]) == (base.mean, base.ci)
    assert parity.sacrebleu_paired_interval(scores[1]) == (system.mean, system.ci)
    difference = abs(tested.scores[0] - tested.scores[1])
    assert parity.sacrebleu_p_value("bs", difference, *scores) == system.p_value


@cases
@pytest.mark.parametrize("seed", SEEDS)
def test_approximate_randomization(name: str, references: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tested = case(name, references)
    monkeypatch.setenv("SACREBLEU_SEED", str(seed))
    base, system = their_paired_test(tested, "ar", 300, 100)
    first, second, sums = parity.sacrebleu_randomization_sums(*tested.tables, 300, seed, 100)
    difference = abs(tested.scores[0] - tested.scores[1])
    p_value = parity.sacrebleu_p_value("ar", difference, tested.trial_scores(first), tested.trial_scores(second))
    assert p_value == system.p_value
    assert parity.sacrebleu_paired_interval(tested.sample_scores(sums)) == (system.mean, system.ci)
    base_sums = parity.sacrebleu_bootstrap_sums(tested.tables[0].astype(np.float32), 100, seed)
    assert parity.sacrebleu_paired_interval(tested.sample_scores(base_sums)) == (base.mean, base.ci)


@pytest.mark.parametrize("test", ["ar", "bs"])
def test_p_values_that_are_not_the_smallest(test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The systems differ so much that nothing shuffled does; a system and its slightly changed self do not."""
    whole = case("bleu", 2)
    hypotheses = whole.hypotheses[0][:150]
    changed = [hypothesis if row % 40 else whole.hypotheses[1][row] for row, hypothesis in enumerate(hypotheses)]
    references = [stream[:150] for stream in whole.references]
    rows = tuple(whole.metric._extract_corpus_statistics(system, references) for system in (hypotheses, changed))
    tested = Case(whole.metric, (hypotheses, changed), references, rows)
    monkeypatch.setenv("SACREBLEU_SEED", "12345")
    theirs = their_paired_test(tested, test, 400, -1)[1].p_value
    if test == "ar":
        scores = [
            tested.trial_scores(sums) for sums in parity.sacrebleu_randomization_sums(*tested.tables, 400, 12345)[:2]
        ]
    else:
        sums = [parity.sacrebleu_bootstrap_sums(table.astype(np.float32), 400, 12345) for table in tested.tables]
        scores = [tested.sample_scores(rows) for rows in sums]
    assert parity.sacrebleu_p_value(test, abs(tested.scores[0] - tested.scores[1]), *scores) == theirs
    assert 0.05 < theirs < 1


def test_a_system_against_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    tested = case("bleu", 1)
    monkeypatch.setenv("SACREBLEU_SEED", "12345")
    tested = tested._replace(hypotheses=tested.hypotheses[:1] * 2, statistics=tested.statistics[:1] * 2)
    first, second, _ = parity.sacrebleu_randomization_sums(*tested.tables, 50, 12345)
    ours = parity.sacrebleu_p_value("ar", 0.0, tested.trial_scores(first), tested.trial_scores(second))
    assert ours == their_paired_test(tested, "ar", 50, -1)[1].p_value == 1 / 51


def test_no_seed_draws_anew() -> None:
    rows = np.arange(400, dtype=np.float32).reshape(200, 2)
    one, other = (parity.sacrebleu_bootstrap_sums(rows, 5, None) for _ in range(2))
    assert (one != other).any()


def test_memory_does_not_grow_with_samples_times_rows() -> None:
    rows = np.ones((20_000, 10))
    tracemalloc.start()
    try:
        parity.sacrebleu_bootstrap_sums(rows.astype(np.float32), 300, 1)
        parity.sacrebleu_randomization_sums(rows, rows, 1000, 1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # All draws would take 48 MB, and all coins 160 MB as the numbers that NumPy multiplies.
    assert peak < 30_000_000
