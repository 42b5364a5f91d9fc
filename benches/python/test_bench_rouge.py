"""What scoring costs, by what is asked for and by what kind of column comes in: `just bench`."""

import pytest

import textgauge as tg
from corpus import headlines, pairs

METRIC_SETS = {
    "rouge1": ["rouge1"],
    "rougeL": ["rougeL"],
    "rougeLsum": ["rougeLsum"],
    "rouge1-2-L": ["rouge1", "rouge2", "rougeL"],
    "rouge1-2-L-Lsum": ["rouge1", "rouge2", "rougeL", "rougeLsum"],
    "rouge1-to-9": [f"rouge{order}" for order in range(1, 10)],
    "pltrdy": tg.Rouge(variant="pltrdy", tokenizer="pltrdy", lowercase=False),
}
STANDARD = ["rouge1", "rouge2", "rougeL"]


@pytest.fixture(scope="session")
def texts():
    return pairs(2000)


@pytest.fixture(scope="session")
def short_texts():
    return headlines(5000)


@pytest.mark.parametrize("metrics", METRIC_SETS.values(), ids=METRIC_SETS)
@pytest.mark.benchmark(group="metric sets, 2000 summaries")
def test_metric_set(benchmark, texts, metrics):
    scorer = tg.Scorer(metrics, threads=1)
    assert len(benchmark(scorer.score, *texts)) == 2000


@pytest.mark.parametrize("stemmer", ["none", "porter"])
@pytest.mark.benchmark(group="stemmers, 2000 summaries")
def test_stemmer(benchmark, texts, stemmer):
    scorer = tg.Scorer(tg.Rouge(stemmer=stemmer), threads=1)
    assert len(benchmark(scorer.score, *texts)) == 2000


@pytest.mark.parametrize("tokenizer", ["rouge", "whitespace", "words", "characters", "graphemes", str.split])
@pytest.mark.benchmark(group="tokenizers, 2000 summaries")
def test_tokenizer(benchmark, texts, tokenizer):
    scorer = tg.Scorer(tg.Rouge(tokenizer=tokenizer), threads=1)
    assert len(benchmark(scorer.score, *texts)) == 2000


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.benchmark(group="threads, 2000 summaries")
def test_threads(benchmark, texts, threads):
    scorer = tg.Scorer(STANDARD, threads=threads)
    assert len(benchmark(scorer.score, *texts)) == 2000


def _arrow(column):
    return pytest.importorskip("pyarrow").array(column)


def _polars(column):
    return pytest.importorskip("polars").Series(column)


def _pandas(column):
    return pytest.importorskip("pandas").Series(column)


def _numpy(column):
    return pytest.importorskip("numpy").array(column, dtype=object)


@pytest.mark.parametrize("make", [list, tuple, _numpy, _arrow, _polars, _pandas, iter])
@pytest.mark.benchmark(group="columns, 5000 headlines")
def test_column(benchmark, short_texts, make):
    scorer = tg.Scorer(STANDARD, threads=1)

    def columns():
        return tuple(make(column) for column in short_texts), {}

    result = benchmark.pedantic(scorer.score, setup=columns, rounds=30)
    assert len(result) == 5000


@pytest.mark.benchmark(group="references, 5000 headlines")
class TestReferences:
    def test_as_texts(self, benchmark, short_texts):
        scorer = tg.Scorer(STANDARD, threads=1)
        assert len(benchmark(scorer.score, *short_texts)) == 5000

    def test_prepared(self, benchmark, short_texts):
        predictions, references = short_texts
        scorer = tg.Scorer(STANDARD, threads=1)
        prepared = scorer.prepare(references)
        assert len(benchmark(scorer.score, predictions, prepared)) == 5000

    def test_preparing(self, benchmark, short_texts):
        scorer = tg.Scorer(STANDARD, threads=1)
        assert len(benchmark(scorer.prepare, short_texts[1])) == 5000

    @pytest.mark.parametrize("multiref", ["best", "mean"])
    def test_five_a_row(self, benchmark, short_texts, multiref):
        predictions, references = short_texts
        several = [[references[(row + step) % 5000] for step in range(5)] for row in range(5000)]
        scorer = tg.Scorer(tg.Rouge(multiref=multiref), threads=1)
        assert len(benchmark(scorer.score, predictions, several)) == 5000


@pytest.mark.benchmark(group="aggregate, 5000 headlines")
class TestAggregate:
    def test_whole(self, benchmark, short_texts):
        scorer = tg.Scorer(STANDARD, threads=1)
        assert benchmark(scorer.aggregate, *short_texts).rows == 5000

    def test_by_group(self, benchmark, short_texts):
        scorer = tg.Scorer(STANDARD, threads=1)
        systems = [f"system-{row % 12}" for row in range(5000)]
        assert len(benchmark(scorer.aggregate, *short_texts, by=systems)) == 12

    def test_merge(self, benchmark, short_texts):
        predictions, references = short_texts
        scorer = tg.Scorer(STANDARD, threads=1)
        parts = [scorer.aggregate(predictions[row::100], references[row::100]) for row in range(100)]
        assert benchmark(sum, parts).rows == 5000


@pytest.mark.benchmark(group="pairwise, 100 by 100 headlines")
def test_pairwise(benchmark, short_texts):
    predictions, references = (column[:100] for column in short_texts)
    scorer = tg.Scorer(STANDARD, threads=1)
    assert benchmark(scorer.pairwise, predictions, references)["rouge1.f"].shape == (100, 100)


@pytest.mark.benchmark(group="one pair")
def test_one_pair(benchmark, texts):
    prediction, reference = texts[0][0], texts[1][0]
    assert 0 <= benchmark(tg.rouge, prediction, reference)["rouge1"][2] <= 1
