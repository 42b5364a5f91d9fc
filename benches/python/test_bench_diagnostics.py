"""What looking at outputs costs beside scoring them: `just bench`."""

import pytest

import textgauge as tg
from corpus import pairs


@pytest.fixture(scope="session")
def texts():
    return pairs(2000)


@pytest.mark.parametrize("metrics", [["rouge1"], ["diagnostics"], ["rouge1", "diagnostics"], ["extractive"]])
@pytest.mark.benchmark(group="diagnostics, 2000 summaries")
def test_metric_set(benchmark, texts, metrics):
    scorer = tg.Scorer(metrics, threads=1)
    assert len(benchmark(scorer.score, *texts)) == 2000
