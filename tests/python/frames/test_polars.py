"""Expressions of Polars against the scorer itself."""

import pickle
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

import textgauge as tg
import textgauge.frames.polars

METRICS = ["rouge1", tg.Bleu(lowercase=True), "wer"]
SCORER = tg.Scorer(METRICS)
FRAME = pl.DataFrame(
    {
        "topic": ["x", "y", "x", "x", "z"] * 40,
        "prediction": ["the cat", "A dog barks", "it rains", "", "so long"] * 40,
        "reference": ["the cat sat", "a dog barks", "It rains today", "x", "so long"] * 40,
        "references": [["the cat sat"], ["a dog", "dogs bark"], ["rain"], ["x", "y", "z"], ["so long"]] * 40,
        "both": pl.Series([["the cat sat", "cats"], ["a dog", "dogs"], ["rain", "x"], ["x", ""], ["so", "long"]] * 40),
        "number": range(200),
    }
).with_columns(pl.col("both").list.to_array(2))
SCORES = pl.col("prediction").tg.score("reference", METRICS)


def assert_same(scores, result):
    """Every bit of a struct column is that of a result."""
    assert scores.dtype == pl.Struct(dict.fromkeys(result.columns, pl.Float64))
    for column in result.columns:
        values = scores.struct.field(column)
        assert np.isnan(result[column]).tolist() == values.is_null().to_list()
        assert values.fill_null(np.nan).to_numpy().tobytes() == result[column].tobytes(), column


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("references", ["reference", "references", "both"])
def test_scores_are_those_of_the_scorer(engine, references):
    query = FRAME.lazy().with_columns(scores=pl.col("prediction").tg.score(references, METRICS))
    frame = query.collect(engine=engine)
    assert frame.drop("scores").equals(FRAME)
    assert_same(frame["scores"], SCORER.score(FRAME["prediction"], FRAME[references]))


def test_eager_frames():
    result = SCORER.score(FRAME["prediction"], FRAME["reference"])
    assert_same(FRAME.with_columns(SCORES.alias("scores"))["scores"], result)
    assert_same(FRAME.select(SCORES)["prediction"], result)  # named as its predictions, as all expressions are
    fields = FRAME.select(SCORES.struct.unnest())
    assert fields.columns == result.columns


def test_more_rows_than_are_scored_at_once():
    frame = pl.concat([FRAME] * 700)
    means = frame.lazy().select(SCORES.struct.field("rouge1.f").sum()).collect(engine="streaming").item()
    assert means == pytest.approx(SCORER.score(frame["prediction"], frame["reference"])["rouge1.f"].sum(), rel=1e-12)


def test_a_file_goes_through_in_a_stream(tmp_path):
    FRAME.drop("both").write_parquet(tmp_path / "in.parquet", row_group_size=50)
    pl.scan_parquet(tmp_path / "in.parquet").with_columns(scores=SCORES).sink_parquet(tmp_path / "out.parquet")
    written = pl.read_parquet(tmp_path / "out.parquet")
    assert_same(written["scores"], SCORER.score(FRAME["prediction"], FRAME["reference"]))


@pytest.mark.parametrize(
    "frame",
    [FRAME[3:77], FRAME.drop("both")[::-3], pl.concat([FRAME[:7], FRAME[7:7], FRAME[7:]]), FRAME[:0], FRAME[:1]],
    ids=["slice", "steps", "chunks", "empty", "one"],
)
def test_parts_of_frames(frame):
    assert_same(frame.select(SCORES).to_series(), SCORER.score(frame["prediction"], frame["reference"]))


def test_expressions_on_either_side():
    scores = pl.col("prediction").str.to_uppercase().tg.score(pl.col("prediction"), METRICS)
    assert_same(
        FRAME.select(scores).to_series(), SCORER.score(FRAME["prediction"].str.to_uppercase(), FRAME["prediction"])
    )
    one = FRAME.select(pl.col("prediction").tg.score(pl.lit("the cat"), METRICS)).to_series()
    assert_same(one, SCORER.score(FRAME["prediction"], ["the cat"] * len(FRAME)))
    one = FRAME.select(pl.lit("the cat").tg.score("reference", METRICS)).to_series()
    assert_same(one, SCORER.score(["the cat"] * len(FRAME), FRAME["reference"]))
    lists = FRAME.select(pl.col("prediction").tg.score(pl.concat_list("reference", "topic"), METRICS)).to_series()
    assert_same(lists, SCORER.score(FRAME["prediction"], list(zip(FRAME["reference"], FRAME["topic"], strict=True))))


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["", "the cat", "A dog barks", "it rains", "so long"])])
def test_texts_by_number(dtype):
    frame = FRAME.with_columns(pl.col("prediction").cast(dtype))
    assert_same(frame.select(SCORES).to_series(), SCORER.score(FRAME["prediction"], FRAME["reference"]))


def test_rows_stay_where_they_are():
    result = SCORER.score(FRAME["prediction"], FRAME["reference"])
    kept = FRAME.lazy().with_columns(scores=SCORES).filter(pl.col("number") % 7 == 3).collect()
    assert kept["scores"].struct.field("rouge1.f").to_list() == result["rouge1.f"][3::7].tolist()
    over = FRAME.select(SCORES.over("topic")).to_series()
    assert_same(over, result)
    lists = FRAME.group_by("topic", maintain_order=True).agg(scores=SCORES)
    assert lists["scores"].list.len().to_list() == [120, 40, 40]


def test_missing_texts():
    texts = {"prediction": ["a", None, "c", "d"], "reference": [["a"], ["b"], None, ["d", None]]}
    frame = pl.DataFrame(texts)
    for nulls in ("propagate", "empty"):
        scores = frame.select(pl.col("prediction").tg.score("reference", "rouge1", nulls=nulls)).to_series()
        assert_same(scores, tg.Scorer("rouge1").score(*texts.values(), nulls=nulls))
    nothing = frame.select(pl.lit(None).tg.score("reference", "rouge1", nulls="propagate")).to_series()
    assert nothing.struct.field("rouge1.f").null_count() == 4


def test_options_of_the_scorer():
    sentences = pl.DataFrame({"prediction": [["b", "a"]], "reference": [["a", "b"]]})
    given = pl.col("prediction").tg.score("reference", ["rougeLsum"], sentences="given", threads=1)
    assert sentences.select(given.struct.field("rougeLsum.f")).item() == 1
    tokens = pl.DataFrame({"prediction": [[7, 3, 5]], "reference": [[7, 3]]})
    assert (
        tokens.select(pl.col("prediction").tg.score("reference", "wer", tokens=True).struct.field("wer")).item() == 0.5
    )
    scorer = tg.Scorer("rouge1", transforms="ToUpperCase")
    assert_same(
        FRAME.select(pl.col("prediction").tg.score("reference", scorer)).to_series(),
        scorer.score(FRAME["prediction"], FRAME["reference"]),
    )


# The corpus


def corpus(frame, **options):
    return SCORER.aggregate(frame["prediction"], frame["reference"], **options).corpus


CORPUS = pl.col("prediction").tg.corpus("reference", METRICS)


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_the_corpus(engine):
    assert FRAME.lazy().select(CORPUS).collect(engine=engine).item() == corpus(FRAME)
    groups = FRAME.lazy().group_by("topic").agg(scores=CORPUS, rows=pl.len()).collect(engine=engine)
    parts = SCORER.aggregate(FRAME["prediction"], FRAME["reference"], by=FRAME["topic"])
    assert dict(groups.select("topic", "scores").iter_rows()) == {topic: part.corpus for topic, part in parts.items()}
    assert dict(groups.select("topic", "rows").iter_rows()) == {topic: part.rows for topic, part in parts.items()}


def test_the_corpus_beside_rows():
    frame = FRAME.with_columns(whole=CORPUS, group=CORPUS.over("topic"))
    assert frame["whole"].to_list() == [corpus(FRAME)] * len(FRAME)
    for (topic,), part in frame.group_by("topic"):
        assert part["group"].to_list() == [corpus(FRAME.filter(topic=topic))] * len(part)


def test_the_corpus_of_nothing():
    assert set(FRAME[:0].select(CORPUS).item().values()) == {None}
    assert FRAME[:0].group_by("topic").agg(scores=CORPUS).shape == (0, 2)
    filtered = [pl.col(name).filter(pl.col("number") < 0) for name in ("prediction", "reference")]
    groups = FRAME.group_by("topic").agg(scores=filtered[0].tg.corpus(filtered[1], METRICS))
    assert {value for scores in groups["scores"] for value in scores.values()} == {None}


def test_the_corpus_without_what_is_missing():
    frame = pl.DataFrame({"prediction": ["a", None, "c d"], "reference": ["a", "b", "c"]})
    expression = pl.col("prediction").tg.corpus("reference", METRICS, nulls="propagate")
    assert frame.select(expression).item() == corpus(frame, nulls="propagate")


# What is refused


def test_metrics_that_weigh_all_references_are_fitted_first():
    for method in (pl.col("prediction").tg.score, pl.col("prediction").tg.corpus):
        with pytest.raises(tg.InputError, match=r"Nist\(\) weighs all references.*fit\(references\)") as caught:
            method("reference", ["rouge1", "nist"])
        assert caught.value.code == "not-fitted"
    fitted = tg.Scorer("nist").fit(FRAME["reference"])
    scores = FRAME.lazy().select(pl.col("prediction").tg.score("reference", fitted)).collect(engine="streaming")
    assert_same(scores.to_series(), tg.Scorer("nist").score(FRAME["prediction"], FRAME["reference"]))


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        (("reference", "rouge"), {}, tg.ConfigError, "rouge"),
        (("reference", "rouge1"), {"nulls": "ignore"}, tg.ConfigError, "nulls is 'ignore'"),
        (("reference", "rouge1"), {"sentences": "x"}, tg.ConfigError, "sentences is 'x'"),
        (("reference", "chrf"), {"tokens": True}, tg.ConfigError, "chrf"),
        (("reference", "rouge1"), {"threads": 0}, tg.ConfigError, "threads"),
        (("reference", "rouge1"), {"null": "drop"}, TypeError, "null"),
        ((["a", "b"], "rouge1"), {}, tg.InputTypeError, "references are a list; pass the name of a column"),
        ((pl.col("a", "b"), "rouge1"), {}, tg.ConfigError, "references are several columns"),
        ((pl.all(), "rouge1"), {}, tg.ConfigError, "references are several columns"),
    ],
)
def test_refused_before_the_query_runs(arguments, options, error, words):
    for method in (pl.col("prediction").tg.score, pl.col("prediction").tg.corpus):
        with pytest.raises(error, match=words):
            method(*arguments, **options)


def test_predictions_are_one_column():
    with pytest.raises(tg.ConfigError, match="predictions are several columns"):
        pl.col("prediction", "topic").tg.score("reference", "rouge1")


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("method", ["score", "corpus"])
def test_errors_show_the_row(engine, method):
    frame = FRAME.with_columns(prediction=pl.when(pl.col("number") != 77).then("prediction"))
    frame = frame.with_columns(reference=pl.when(pl.col("number") == 77).then(pl.lit("w " * 99)).otherwise("reference"))
    expression = getattr(pl.col("prediction").tg, method)("reference", METRICS)
    with pytest.raises(tg.InputError) as caught:
        frame.lazy().select(expression).collect(engine=engine)
    error = caught.value
    row = error.row
    assert f"the prediction in row {row} is missing" in str(error)
    assert f"(row {row} of a batch of " in str(error)
    assert "None, 'w w w w" in str(error)
    assert "…)" in str(error)
    assert error.code == "missing-text"
    if engine == "in-memory":
        assert row == 77
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.args, again.row) == (tg.InputError, error.args, row)


def test_other_errors_keep_their_classes():
    with pytest.raises(tg.InputTypeError, match="predictions are an Arrow array of Int64") as caught:
        FRAME.select(pl.col("number").tg.score("reference", "rouge1"))
    assert (caught.value.code, caught.value.row) == ("wrong-type", None)
    bad = tg.Rouge("rouge1", tokenizer=lambda text: [len(text)])
    with pytest.raises(tg.InputError, match="of a text in row 0") as caught:
        FRAME.select(pl.col("prediction").tg.score("reference", bad))
    assert (caught.value.code, caught.value.row) == ("bad-tokenizer", 0)
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="nothing"):
        FRAME.select(pl.col("prediction").tg.score("nothing", "rouge1"))


# Loading


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_loading_it_registers_it():
    assert textgauge.frames.polars is tg.frames.polars
    there = "print(hasattr(pl.col('a'), 'tg'))"
    assert run(f"import textgauge as tg, polars as pl; {there}; tg.frames.polars; {there}") == ["False", "True"]
    loaded = run("import sys, textgauge.frames.polars; print(*sys.modules)")
    assert not {"pandas", "duckdb", "textgauge.frames.pandas", "textgauge.frames.duckdb"} & {*loaded}
    loaded = run("import sys, textgauge; textgauge.frames; print(*sys.modules)")
    assert not {"polars", "pandas", "duckdb"} & {*loaded}
    assert dir(tg.frames) == ["duckdb", "pandas", "polars"]
    with pytest.raises(AttributeError, match="no attribute 'spark'"):
        _ = tg.frames.spark


@pytest.mark.parametrize("package", ["polars", "pandas", "duckdb", "pyarrow"])
def test_a_package_that_is_missing(package):
    room = "duckdb" if package == "pyarrow" else package
    code = f"""
import sys
sys.modules[{package!r}] = None
try:
    import textgauge.frames.{room}
except ModuleNotFoundError as error:
    print(error)
"""
    assert " ".join(run(code)) == f"textgauge.frames needs {package}, which is not installed: pip install {package}"
