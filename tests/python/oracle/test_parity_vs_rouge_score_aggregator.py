"""The bootstrap in parity mode against rouge-score's aggregator, number for number."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from parity import DATA, read_pairs
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.scoring import BootstrapAggregator, Score

from textgauge.stats.peer_sampling import rouge_score_bootstrap

METRICS = ["rouge2", "rouge1", "rougeL"]


@functools.cache
def real_scores() -> list[dict[str, Score]]:
    if not DATA.is_dir():
        pytest.skip("needs the shared data")
    scorer = RougeScorer(METRICS)
    pairs = list(read_pairs(DATA / "mt" / "wmt22.en-de.Online-B.jsonl.gz"))[:400]
    return [scorer.score(pair.references[0], pair.prediction) for pair in pairs]


def check(scores: list[dict[str, Score]], samples: int, confidence: float) -> None:
    aggregator = BootstrapAggregator(confidence, samples)
    for by_metric in scores:
        aggregator.add_scores(by_metric)
    state = np.random.get_state()
    theirs = aggregator.aggregate()
    after = np.random.get_state()
    np.random.set_state(state)
    for metric, (low, mid, high) in theirs.items():
        rows = np.array([by_metric[metric] for by_metric in scores])
        ours = rouge_score_bootstrap(rows, samples, confidence)
        for one, other in zip(ours, (low, mid, high), strict=True):
            assert tuple(one) == tuple(other)
    assert all(np.array_equal(one, other) for one, other in zip(np.random.get_state(), after, strict=True))


@pytest.mark.parametrize("seed", [0, 12345])
def test_real_scores(seed: int) -> None:
    np.random.seed(seed)
    check(real_scores(), 1000, 0.95)


@pytest.mark.parametrize(("samples", "confidence"), [(1, 0.95), (37, 0.5), (200, 0.0), (200, 1.0)])
def test_other_samples_and_intervals(samples: int, confidence: float) -> None:
    np.random.seed(3)
    check(real_scores(), samples, confidence)


@pytest.mark.parametrize("rows", [1, 2, 7, 8, 9, 127, 128, 129, 1000])
def test_rows_around_borders_of_pairwise_sums(rows: int) -> None:
    np.random.seed(rows)
    values = np.random.default_rng(rows).random((rows, 3))
    # Empty texts get whole zeros from rouge-score.
    check(
        [{"rouge1": Score(*row), "rougeL": Score(0, 0, 0) if row[0] < 0.3 else Score(*row)} for row in values], 50, 0.9
    )


def test_defaults_are_the_aggregators() -> None:
    np.random.seed(1)
    aggregator = BootstrapAggregator()
    rows = np.random.default_rng(1).random((20, 3))
    for row in rows:
        aggregator.add_scores({"rouge1": Score(*row)})
    theirs = aggregator.aggregate()["rouge1"]
    np.random.seed(1)
    low, mid, high = rouge_score_bootstrap(rows)
    assert (tuple(low), tuple(mid), tuple(high)) == (tuple(theirs.low), tuple(theirs.mid), tuple(theirs.high))
