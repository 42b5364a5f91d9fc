"""What GLEU costs: `just bench`."""

import pytest

import textgauge as tg
from corpus import headlines, pairs


@pytest.fixture(scope="session")
def texts():
    return pairs(2000)


@pytest.fixture(scope="session")
def short_texts():
    return headlines(5000)


@pytest.mark.parametrize("max_len", [2, 4, 8])
@pytest.mark.benchmark(group="GLEU by order, 2000 summaries")
def test_orders(benchmark, texts, max_len):
    scorer = tg.Scorer(tg.Gleu(max_len=max_len), threads=1)
    assert len(benchmark(scorer.score, *texts)) == 2000


@pytest.mark.parametrize("tokenizer", ["13a", "whitespace", "words"])
@pytest.mark.benchmark(group="GLEU by tokenizer, 5000 headlines")
def test_tokenizer(benchmark, short_texts, tokenizer):
    scorer = tg.Scorer(tg.Gleu(tokenizer=tokenizer), threads=1)
    assert len(benchmark(scorer.score, *short_texts)) == 5000


@pytest.mark.parametrize("variant", ["sacrebleu", "nltk", "nmt"])
@pytest.mark.benchmark(group="BLEU by variant, 5000 headlines")
def test_variants_of_bleu(benchmark, short_texts, variant):
    scorer = tg.Scorer(tg.Bleu(variant=variant), threads=1)
    assert len(benchmark(scorer.score, *short_texts)) == 5000


@pytest.mark.parametrize("method", [f"method{number}" for number in range(8)])
@pytest.mark.benchmark(group="NLTK's smoothing methods, 5000 headlines")
def test_smoothing_methods(benchmark, short_texts, method):
    scorer = tg.Scorer(tg.Bleu(variant="nltk", smoothing=method), threads=1)
    assert len(benchmark(scorer.score, *short_texts)) == 5000
