"""What BLEU costs, by tokenizer, order and number of references: `just bench`."""

import pytest

import textgauge as tg
from corpus import headlines


@pytest.fixture(scope="session")
def texts():
    return headlines(5000)


@pytest.mark.parametrize("tokenizer", ["13a", "intl", "zh", "char", "none", str.split])
@pytest.mark.benchmark(group="BLEU by tokenizer, 5000 headlines")
def test_tokenizer(benchmark, texts, tokenizer):
    scorer = tg.Scorer(tg.Bleu(tokenizer=tokenizer), threads=1)
    assert benchmark(scorer.aggregate, *texts).rows == 5000


@pytest.mark.parametrize("order", [1, 4, 16])
@pytest.mark.benchmark(group="BLEU by longest n-grams, 5000 headlines")
def test_max_order(benchmark, texts, order):
    scorer = tg.Scorer(tg.Bleu(max_order=order), threads=1)
    assert benchmark(scorer.aggregate, *texts).rows == 5000


@pytest.mark.parametrize("references", [1, 2, 5])
@pytest.mark.benchmark(group="BLEU by references, 5000 headlines")
def test_references(benchmark, texts, references):
    predictions, column = texts
    several = [[column[(row + step) % 5000] for step in range(references)] for row in range(5000)]
    scorer = tg.Scorer("bleu", threads=1)
    assert benchmark(scorer.aggregate, predictions, several).rows == 5000


@pytest.mark.benchmark(group="BLEU, 5000 headlines")
class TestUses:
    def test_corpus(self, benchmark, texts):
        assert benchmark(tg.Scorer("bleu", threads=1).aggregate, *texts).rows == 5000

    def test_pairs(self, benchmark, texts):
        assert len(benchmark(tg.Scorer("bleu", threads=1).score, *texts)) == 5000

    def test_measure(self, benchmark, texts):
        assert len(benchmark(tg.Scorer("bleu", threads=1).measure, *texts)) == 5000

    def test_bootstrap(self, benchmark, texts):
        measured = tg.Scorer("bleu").measure(*texts)
        assert benchmark(measured.bootstrap, threads=1)["bleu"].score > 0
