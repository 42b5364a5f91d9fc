"""Functions of DuckDB against the scorer itself."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

import textgauge as tg
from textgauge.frames.duckdb import register

METRICS = ["rouge1", tg.Bleu(lowercase=True), "wer"]
SCORER = tg.Scorer(METRICS)
PREDICTIONS = ["the cat", "A dog barks", "it rains", "", "so long, and thanks for all the fish"]
REFERENCES = ["the cat sat", "a dog barks", "It rains today", "x", "so long"]
LISTS = [["the cat sat"], ["a dog", "dogs bark"], ["rain"], ["x", "y", "z"], ["so long"]]


@pytest.fixture
def connection():
    with duckdb.connect() as made:
        register(made, METRICS)
        yield made


def rows(connection, times=1, **columns):
    """A table `texts` of these columns."""
    numbers = range(times * len(next(iter(columns.values()))))
    table = pa.table({"row": numbers, **{name: values * times for name, values in columns.items()}})
    connection.register("arrow_texts", table)
    connection.execute("CREATE TABLE texts AS FROM arrow_texts")


def scores(connection, call):
    """The columns of what a call gives each row, NaN for NULL."""
    columns = connection.execute(f"SELECT unnest({call}) FROM texts ORDER BY row").fetchnumpy()
    return {name: np.ma.filled(values, np.nan) for name, values in columns.items()}


def assert_same(found, result):
    assert list(found) == result.columns
    for column in result.columns:
        assert found[column].tobytes() == result[column].tobytes(), column


@pytest.mark.parametrize("times", [1, 1000], ids=["one batch", "more rows than DuckDB passes at once"])
@pytest.mark.parametrize("references", [REFERENCES, LISTS], ids=["texts", "lists"])
def test_scores_are_those_of_the_scorer(connection, references, times):
    rows(connection, times, prediction=PREDICTIONS, reference=references)
    assert_same(
        scores(connection, "tg_score(prediction, reference)"), SCORER.score(PREDICTIONS * times, references * times)
    )


def test_one_function_takes_texts_and_lists(connection):
    rows(connection, prediction=PREDICTIONS, reference=REFERENCES)
    both = "list_value(reference, 'the cat')"
    expected = SCORER.score(PREDICTIONS, [[text, "the cat"] for text in REFERENCES])
    assert_same(scores(connection, f"tg_score(prediction, {both})"), expected)
    array = "array_value(reference, 'the cat')"
    assert_same(scores(connection, f"tg_score(prediction, {array})"), expected)
    expected = SCORER.score(PREDICTIONS, ["the cat"] * len(PREDICTIONS))
    assert_same(scores(connection, "tg_score(prediction, 'the cat')"), expected)
    assert connection.execute("SELECT tg_score('a', 'a')['rouge1.f']").fetchall() == [(1.0,)]


def test_scores_inside_queries(connection):
    rows(connection, prediction=PREDICTIONS, reference=REFERENCES)
    query = "SELECT row FROM texts WHERE tg_score(prediction, reference)['rouge1.f'] = 1 ORDER BY row"
    assert connection.execute(query).fetchall() == [(1,)]
    query = "SELECT avg(tg_score(prediction, reference)['rouge1.f']) FROM texts"
    (mean,) = connection.execute(query).fetchone()
    assert mean == pytest.approx(SCORER.aggregate(PREDICTIONS, REFERENCES).corpus["rouge1.f"], rel=1e-15)
    assert connection.execute("SELECT tg_score(prediction, reference) FROM texts WHERE false").fetchall() == []


def test_missing_texts(connection):
    rows(connection, prediction=["a", None, "c", "d"], reference=["a", "b", None, "d"])
    query = "SELECT tg_score(prediction, reference) IS NULL FROM texts ORDER BY row"
    assert connection.execute(query).fetchall() == [(False,), (True,), (True,), (False,)]
    assert connection.execute("SELECT tg_score(prediction, NULL) IS NULL FROM texts").fetchall() == [(True,)] * 4
    register(connection, "rouge1", name="empty_score", nulls="empty")
    found = scores(connection, "empty_score(prediction, reference)")
    assert found["rouge1.f"].tolist() == [1, 0, 0, 1]
    register(connection, "rouge1", name="strict_score", nulls="error")
    words = r"the prediction in row 1 is missing.*\(row 1 of a batch of 4: None, 'b'\)"
    with pytest.raises(duckdb.InvalidInputException, match=words):
        scores(connection, "strict_score(prediction, reference)")


def test_missing_texts_in_lists(connection):
    rows(connection, prediction=["a", "b"], reference=[["a", None], ["b"]])
    found = scores(connection, "tg_score(prediction, reference)")
    assert np.isnan(found["rouge1.f"]).tolist() == [True, False]
    register(connection, "rouge1", name="drop_score", nulls="drop")
    assert scores(connection, "drop_score(prediction, reference)")["rouge1.f"].tolist() == [1, 1]


def test_options_of_the_scorer(connection):
    register(connection, "rougeLsum", name="lsum", sentences="given", threads=1)
    assert connection.execute("SELECT lsum(['b', 'a'], ['a', 'b'])['rougeLsum.f']").fetchall() == [(1.0,)]
    register(connection, "wer", name="token_wer", tokens=True)
    assert connection.execute("SELECT token_wer([7, 3, 5], [7, 3])['wer']").fetchall() == [(0.5,)]
    register(connection, tg.Scorer("rouge1", transforms="FirstWords(1)"), name="first_words")
    assert connection.execute("SELECT first_words('a b', 'a c')['rouge1.f']").fetchall() == [(1.0,)]


def test_a_fitted_scorer(connection):
    with pytest.raises(tg.InputError, match=r"Nist\(\) weighs all references") as caught:
        register(connection, "nist", name="nist_score")
    assert caught.value.code == "not-fitted"
    register(connection, tg.Scorer("nist").fit(REFERENCES), name="nist_score")
    rows(connection, prediction=PREDICTIONS, reference=REFERENCES)
    assert_same(
        scores(connection, "nist_score(prediction, reference)"), tg.Scorer("nist").score(PREDICTIONS, REFERENCES)
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("tg_score('a')", "tg_score takes a prediction and a reference, not 1 arguments"),
        ("tg_score('a', 1)", "references are an Arrow array of Int32"),
        ("tg_score(['a'], 'a')", "predictions are an Arrow array of List"),
        ("tg_score('a', [])", r"row 0 has an empty list of references \(row 0 of a batch of 1: 'a', \[\]\)"),
    ],
)
def test_refused_in_queries(connection, call, words):
    with pytest.raises(duckdb.InvalidInputException, match=words):
        connection.execute(f"SELECT {call}").fetchall()


def test_refused_options(connection):
    with pytest.raises(tg.ConfigError, match="nulls is 'ignore'"):
        register(connection, "rouge1", name="other", nulls="ignore")
    with pytest.raises(tg.ConfigError, match="no metric"):
        register(connection, "rouge", name="other")
    with pytest.raises(TypeError, match="null"):
        register(connection, "rouge1", name="other", null="drop")
