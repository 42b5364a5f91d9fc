"""The recipe of docs/frames.md for Hugging Face's datasets, run with the package."""

import pytest

import textgauge as tg

PREDICTIONS = ["the cat", "a dog barks", "so long"] * 500
REFERENCES = [["the cat sat"], ["the dog", "dogs bark"], ["so long"]] * 500
SCORER = tg.Scorer(["rouge1", "bleu"])


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    datasets = pytest.importorskip("datasets")
    return datasets.Dataset.from_dict({"prediction": PREDICTIONS, "references": REFERENCES})


def of_lists(batch):
    return SCORER.score(batch["prediction"], batch["references"]).to_numpy()


def of_arrow(table):
    return SCORER.score(table["prediction"], table["references"]).to_arrow()


def test_batches_of_lists(data):
    scored = data.map(of_lists, batched=True)
    expected = SCORER.score(PREDICTIONS, REFERENCES)
    assert scored.column_names == ["prediction", "references", *expected.columns]
    for column in expected.columns:
        assert scored[column][:] == expected[column].tolist()


def test_batches_of_arrow(data):
    scored = data.with_format("arrow").map(of_arrow, batched=True, remove_columns=data.column_names)
    expected = SCORER.score(PREDICTIONS, REFERENCES)
    assert scored.column_names == expected.columns
    for column in expected.columns:
        assert scored.with_format(None)[column][:] == expected[column].tolist()


def test_the_corpus(data):
    assert SCORER.aggregate(data["prediction"], data["references"]) == SCORER.aggregate(PREDICTIONS, REFERENCES)
