"""What NIST costs, by whether its weights are there: `just bench`."""

import pytest

import textgauge as tg
from corpus import headlines, pairs


@pytest.fixture(scope="session")
def texts():
    return pairs(2000)


@pytest.fixture(scope="session")
def short_texts():
    return headlines(5000)


@pytest.mark.parametrize("n", [2, 5, 9])
@pytest.mark.benchmark(group="NIST by order, 2000 summaries")
def test_orders(benchmark, texts, n):
    scorer = tg.Scorer(tg.Nist(n=n), threads=1)
    assert len(benchmark(scorer.score, *texts)) == 2000


@pytest.mark.benchmark(group="NIST, 5000 headlines")
class TestWeights:
    def test_of_the_call(self, benchmark, short_texts):
        scorer = tg.Scorer("nist", threads=1)
        assert len(benchmark(scorer.score, *short_texts)) == 5000

    def test_fitted(self, benchmark, short_texts):
        scorer = tg.Scorer(tg.Nist().fit(short_texts[1]), threads=1)
        assert len(benchmark(scorer.score, *short_texts)) == 5000

    def test_fitting(self, benchmark, short_texts):
        assert benchmark(tg.Nist().fit, short_texts[1]).weights is not None
