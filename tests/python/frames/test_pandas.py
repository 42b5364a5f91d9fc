"""The accessor of pandas against the scorer itself."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import textgauge as tg
import textgauge.frames.pandas

METRICS = ["rouge1", tg.Bleu(lowercase=True), "wer"]
SCORER = tg.Scorer(METRICS)
FRAME = pd.DataFrame(
    {
        "topic": ["x", "y", None, "x", "z"],
        "year": [1, 2, 1, 2, 1],
        "prediction": ["the cat", "A dog barks", "it rains", "", "so long"],
        "reference": ["the cat sat", "a dog barks", "It rains today", "x", "so long"],
        "other": ["cats", None, "rain", "y", "long"],
        "references": [["the cat sat"], ["a dog", "dogs bark"], ["rain"], ["x", "y"], ["so long"]],
    },
    index=list("vwxyz"),
)


def assert_same(frame, result, index):
    assert list(frame.columns) == result.columns
    assert frame.index.equals(index)
    for column in result.columns:
        assert frame[column].to_numpy().tobytes() == result[column].tobytes(), column


@pytest.mark.parametrize("dtype", ["str", object, "string[python]", pd.ArrowDtype(pa.large_string()), "category"])
def test_scores_are_those_of_the_scorer(dtype):
    frame = FRAME.astype({"prediction": dtype, "reference": dtype})
    scores = frame.tg.score("prediction", "reference", metrics=METRICS)
    assert_same(scores, SCORER.score(list(FRAME["prediction"]), list(FRAME["reference"])), FRAME.index)
    assert scores.attrs["textgauge.signatures"] == SCORER.signatures
    joined = frame.join(scores)
    assert joined.loc["y", "rouge1.f"] == 0


@pytest.mark.parametrize("part", [slice(1, 4), slice(None, None, -2), slice(0, 0)])
def test_parts_of_frames(part):
    frame = FRAME[part]
    scores = frame.tg.score("prediction", "references", METRICS)
    assert_same(scores, SCORER.score(list(frame["prediction"]), list(frame["references"])), frame.index)


def test_several_columns_of_references():
    expected = SCORER.score(
        list(FRAME["prediction"]), list(zip(FRAME["reference"], FRAME["other"], strict=True)), nulls="drop"
    )
    assert_same(FRAME.tg.score("prediction", ["reference", "other"], METRICS, nulls="drop"), expected, FRAME.index)
    one = FRAME.tg.score("prediction", ["reference"], METRICS)
    assert_same(one, SCORER.score(list(FRAME["prediction"]), list(FRAME["reference"])), FRAME.index)


def test_frames_from_parquet(tmp_path):
    FRAME.to_parquet(tmp_path / "frame.parquet")
    frame = pd.read_parquet(tmp_path / "frame.parquet")
    expected = SCORER.score(list(FRAME["prediction"]), list(FRAME["references"]))
    assert isinstance(frame["references"].iloc[0], np.ndarray)
    assert_same(frame.tg.score("prediction", "references", METRICS), expected, FRAME.index)


def test_missing_texts():
    frame = FRAME.assign(prediction=FRAME["prediction"].where(FRAME.index != "w"))
    scores = frame.tg.score("prediction", "reference", METRICS, nulls="propagate")
    assert scores.isna().any(axis=1).tolist() == [False, True, False, False, False]
    scores = frame.tg.score("prediction", "reference", METRICS, nulls="empty")
    assert scores.loc["w", "rouge1.f"] == 0
    with pytest.raises(tg.InputError, match=r"the prediction in row 1 is missing.* \(index 'w'\)") as caught:
        frame.tg.score("prediction", "reference", METRICS)
    assert (caught.value.code, caught.value.row) == ("missing-text", 1)


def test_options_of_the_scorer():
    frame = pd.DataFrame({"prediction": [["b", "a"]], "reference": [["a", "b"]]})
    assert frame.tg.score("prediction", "reference", "rougeLsum", sentences="given", threads=1)["rougeLsum.f"][0] == 1
    assert frame.tg.corpus("prediction", "reference", "wer", tokens=True)["wer"] == 1


def test_the_corpus():
    texts = list(FRAME["prediction"]), list(FRAME["reference"])
    assert FRAME.tg.corpus("prediction", "reference", METRICS).to_dict() == SCORER.aggregate(*texts).corpus
    groups = FRAME.tg.corpus("prediction", "reference", METRICS, by="topic")
    parts = SCORER.aggregate(*texts, by=list(FRAME["topic"]))
    assert groups.index.name == "topic"
    assert [None if pd.isna(key) else key for key in groups.index] == list(parts)
    assert groups.to_dict("records") == [part.corpus for part in parts.values()]


def test_groups_are_those_of_pandas():
    groups = FRAME.tg.corpus("prediction", "reference", METRICS, by=["year", "topic"])
    assert groups.index.names == ["year", "topic"]
    assert groups.loc[(2, "x"), "rouge1.f"] == 0
    groups = FRAME.tg.corpus("prediction", "reference", METRICS, by=lambda index: index < "x")
    assert list(groups.index) == [True, False]
    kinds = FRAME.assign(topic=FRAME["topic"].astype("category"))
    assert list(kinds.tg.corpus("prediction", "reference", METRICS, by="topic").index.dropna()) == ["x", "y", "z"]


def test_metrics_that_weigh_all_references_weigh_those_of_the_frame():
    texts = list(FRAME["prediction"]), list(FRAME["reference"])
    scorer = tg.Scorer("nist")
    assert_same(FRAME.tg.score("prediction", "reference", scorer), scorer.score(*texts), FRAME.index)
    groups = FRAME.tg.corpus("prediction", "reference", "nist", by="year")
    assert groups.to_dict("index") == {
        key: part.corpus for key, part in scorer.aggregate(*texts, by=list(FRAME["year"])).items()
    }


def test_the_corpus_of_nothing():
    assert FRAME[:0].tg.corpus("prediction", "reference", METRICS).isna().all()
    groups = FRAME[:0].tg.corpus("prediction", "reference", METRICS, by="topic")
    assert groups.shape == (0, len(SCORER.columns))
    assert list(groups.columns) == SCORER.columns


@pytest.mark.parametrize("method", ["score", "corpus"])
def test_refused(method):
    call = getattr(FRAME.tg, method)
    with pytest.raises(tg.ConfigError, match="no column 'text'; there are topic, year, prediction"):
        call("text", "reference", METRICS)
    with pytest.raises(tg.ConfigError, match="no column 'text'"):
        call("prediction", ["reference", "text"], METRICS)
    with pytest.raises(tg.ConfigError, match="a Series is no name"):
        call(FRAME["prediction"], "reference", METRICS)
    with pytest.raises(tg.ConfigError, match="nulls is 'ignore'"):
        call("prediction", "reference", METRICS, nulls="ignore")
    with pytest.raises(tg.InputTypeError, match=r"the prediction in row 0 is a int.*index 'v'"):
        call("year", "reference", METRICS)
    twice = FRAME.set_axis(["a", "a", "prediction", "reference", "b", "c"], axis=1)
    with pytest.raises(tg.ConfigError, match="'a' is the name of 2 columns"):
        getattr(twice.tg, method)("a", "reference", METRICS)


def test_loading_it_registers_it():
    assert textgauge.frames.pandas is tg.frames.pandas
    assert isinstance(FRAME.tg, tg.frames.pandas.Frame)
