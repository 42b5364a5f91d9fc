"""What TER costs, by length and option: `just bench`."""

import pytest

import textgauge as tg
from corpus import headlines, pairs


@pytest.fixture(scope="session")
def texts():
    return headlines(1000)


@pytest.mark.parametrize("options", [{}, {"normalized": True}, {"no_punct": True}, {"case_sensitive": True}])
@pytest.mark.benchmark(group="options of TER, 1000 headlines")
def test_options(benchmark, texts, options):
    scorer = tg.Scorer(tg.Ter(**options), threads=1)
    assert benchmark(scorer.aggregate, *texts).rows == 1000


@pytest.mark.parametrize("words", [10, 30, 100, 300, 1000])
@pytest.mark.benchmark(group="TER by length, 10 pairs")
def test_length(benchmark, words):
    predictions, references = pairs(10, words=(words, words), sentences=False)
    scorer = tg.Scorer("ter", threads=1)
    assert benchmark(scorer.aggregate, predictions, references).rows == 10


@pytest.mark.benchmark(group="TER of 1000 headlines that are the same")
def test_equal_texts(benchmark, texts):
    scorer = tg.Scorer("ter", threads=1)
    assert benchmark(scorer.aggregate, texts[0], texts[0]).corpus["ter"] == 0
