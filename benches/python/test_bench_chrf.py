"""What chrF costs, by variant, option and number of references: `just bench`."""

import pytest

import textgauge as tg
from corpus import headlines, pairs


@pytest.fixture(scope="session")
def texts():
    return headlines(2000)


@pytest.mark.parametrize("metric", ["chrf", "chrf+", "chrf++"])
@pytest.mark.benchmark(group="variants of chrF, 2000 headlines")
def test_variant(benchmark, texts, metric):
    scorer = tg.Scorer(metric, threads=1)
    assert benchmark(scorer.aggregate, *texts).rows == 2000


@pytest.mark.parametrize("options", [{"char_order": 1}, {"char_order": 16}, {"whitespace": True}, {"lowercase": True}])
@pytest.mark.benchmark(group="options of chrF, 2000 headlines")
def test_options(benchmark, texts, options):
    scorer = tg.Scorer(tg.Chrf(**options), threads=1)
    assert benchmark(scorer.aggregate, *texts).rows == 2000


@pytest.mark.parametrize("references", [2, 5])
@pytest.mark.benchmark(group="chrF by references, 2000 headlines")
def test_references(benchmark, texts, references):
    predictions, column = texts
    several = [[column[(row + step) % 2000] for step in range(references)] for row in range(2000)]
    scorer = tg.Scorer("chrf", threads=1)
    assert benchmark(scorer.aggregate, predictions, several).rows == 2000


@pytest.mark.benchmark(group="chrF of long texts")
def test_long_texts(benchmark):
    predictions, references = pairs(5, words=(10_000, 10_000))
    scorer = tg.Scorer("chrf", threads=1)
    assert benchmark(scorer.aggregate, predictions, references).rows == 5
