"""What error rates cost, over utterances and over documents."""

import pytest

import textgauge as tg
from corpus import headlines, pairs

METRICS = ["wer", "cer", "mer", "wil", "wip", "edit_distance", "edit_similarity"]


@pytest.fixture(scope="session")
def utterances():
    return headlines(5000)


@pytest.fixture(scope="session")
def documents():
    return pairs(4, words=(4000, 5000), sentences=False)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.benchmark(group="error rates, 5000 headlines")
def test_metric(benchmark, utterances, metric):
    scorer = tg.Scorer(metric, threads=1)
    assert len(benchmark(scorer.score, *utterances)) == 5000


@pytest.mark.parametrize("metric", ["wer", "edit_distance"])
@pytest.mark.benchmark(group="error rates, 4 documents")
def test_documents(benchmark, documents, metric):
    scorer = tg.Scorer(metric, threads=1)
    assert len(benchmark(scorer.score, *documents)) == 4


@pytest.mark.benchmark(group="error rates, transforms")
def test_transforms(benchmark, utterances):
    scorer = tg.Scorer(tg.Wer(transforms=("ToLowerCase", "RemovePunctuation")), threads=1)
    assert len(benchmark(scorer.score, *utterances)) == 5000


@pytest.mark.benchmark(group="alignment, one headline")
def test_align(benchmark, utterances):
    prediction, reference = (column[0] for column in utterances)
    assert benchmark(tg.align, prediction, reference).hits >= 0
