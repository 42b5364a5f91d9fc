"""Every kind of column gives the same scores; what is no column, or no text, is refused with its row."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import textgauge as tg

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "summaries.jsonl"
RECORDS = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").split("\n") if line]
PREDICTIONS = [record["prediction"] for record in RECORDS]
RAGGED = [record["references"] for record in RECORDS]
REFERENCES = [references[0] for references in RAGGED]

SCORER = tg.Scorer(["rouge1", "rouge2", "rougeLsum", tg.Rouge("rouge1", tokenizer="characters", prefix="char_")])


class Exporter:
    """Exports Arrow data and nothing else."""

    def __init__(self, data):
        self.data = data

    def __arrow_c_stream__(self, requested_schema=None):
        return self.data.__arrow_c_stream__(requested_schema)


class ArrayExporter:
    """Exports one Arrow array and nothing else."""

    def __init__(self, data):
        self.data = data

    def __arrow_c_array__(self, requested_schema=None):
        return self.data.__arrow_c_array__(requested_schema)


def relation(texts):
    table = pa.table({"row": range(len(texts)), "text": texts})
    return duckdb.connect().from_arrow(table).order("row").select("text")


def sliced(texts):
    return pa.array(["before", *texts, "after"]).slice(1, len(texts))


def run_ends(values):
    return pa.RunEndEncodedArray.from_arrays(pa.array(range(1, len(values) + 1), pa.int32()), pa.array(values))


def long_run(text):
    """One row of a run of three."""
    return pa.RunEndEncodedArray.from_arrays(pa.array([2, 5, 6], pa.int16()), pa.array(["x", text, "y"])).slice(3, 1)


STRINGS = {
    "list": list,
    "tuple": tuple,
    "generator": lambda texts: (text for text in texts),
    "dict-values": lambda texts: dict(enumerate(texts)).values(),
    "map": lambda texts: map(str, texts),
    "str-subclass": lambda texts: [np.str_(text) for text in texts],
    "numpy-object": lambda texts: np.array(texts, object),
    "numpy-U": np.array,
    "numpy-U-reversed-view": lambda texts: np.array(texts[::-1])[::-1],
    "numpy-StringDType": lambda texts: np.array(texts, np.dtypes.StringDType()),
    "pandas-object": lambda texts: pd.Series(texts, dtype=object),
    "pandas-str": lambda texts: pd.Series(texts, dtype="str"),
    "pandas-python": lambda texts: pd.Series(texts, dtype="string[python]"),
    "pandas-pyarrow": lambda texts: pd.Series(texts, dtype="string[pyarrow]"),
    "pandas-arrow": lambda texts: pd.Series(texts, dtype=pd.ArrowDtype(pa.large_string())),
    "pandas-category": lambda texts: pd.Series(texts, dtype="category"),
    "pandas-odd-index": lambda texts: pd.Series(texts, index=range(len(texts))[::-1]),
    "pandas-index": pd.Index,
    "pandas-frame": lambda texts: pd.DataFrame({"text": texts}),
    "arrow-string": pa.array,
    "arrow-large-string": lambda texts: pa.array(texts, pa.large_string()),
    "arrow-string-view": lambda texts: pa.array(texts, pa.string_view()),
    "arrow-dictionary": lambda texts: pa.array(texts).dictionary_encode(),
    "arrow-sliced": sliced,
    "arrow-sliced-dictionary": lambda texts: sliced(texts).dictionary_encode(),
    "arrow-chunked": lambda texts: pa.chunked_array([texts[:7], [], texts[7:]], pa.string()),
    "arrow-chunked-dictionary": lambda texts: pa.chunked_array([texts[:7], texts[7:]]).dictionary_encode(),
    "arrow-run-end": lambda texts: run_ends(texts),
    "arrow-run-end-of-dictionary": lambda texts: run_ends(pa.array(texts).dictionary_encode()),
    "arrow-sliced-run-end": lambda texts: run_ends(["before", *texts, "after"]).slice(1, len(texts)),
    "arrow-long-runs": lambda texts: pa.chunked_array([long_run(text) for text in texts]),
    "arrow-table": lambda texts: pa.table({"text": texts}),
    "arrow-stream": lambda texts: Exporter(pa.chunked_array([texts])),
    "arrow-array": lambda texts: ArrayExporter(pa.array(texts)),
    "polars": lambda texts: pl.Series(texts, dtype=pl.String),
    "polars-categorical": lambda texts: pl.Series(texts, dtype=pl.Categorical),
    "polars-frame": lambda texts: pl.DataFrame({"text": texts}),
    "duckdb": relation,
}


def backwards(rows):
    """Lists whose texts stand in memory from the last list to the first."""
    sizes = [len(row) for row in rows]
    offsets = [sum(sizes[number + 1 :]) for number in range(len(rows))]
    values = pa.array([text for row in rows[::-1] for text in row])
    return pa.ListViewArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(sizes, pa.int32()), values)


def run_ends_of_lists(rows, kind):
    """Runs of lists, of which the first and the last one go further than the rows."""
    ends = [2, *range(3, len(rows) + 1), len(rows) + 2]
    return pa.RunEndEncodedArray.from_arrays(pa.array(ends, pa.int64()), pa.array(rows, kind)).slice(1, len(rows))


def dictionary_of_lists(rows):
    keys = pa.array(range(len(rows))[::-1], pa.int8())
    return pa.DictionaryArray.from_arrays(keys, pa.array([*rows[::-1], ["unused"]]))


def list_of_run_ends(rows):
    ends = np.cumsum([0, *map(len, rows)])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), run_ends([text for row in rows for text in row]))


LISTS = {
    "lists": list,
    "tuples": lambda rows: tuple(tuple(row) for row in rows),
    "mixed": lambda rows: [row[0] if len(row) == 1 else tuple(row) for row in rows],
    "generator": lambda rows: (row for row in rows),
    "pandas-object": pd.Series,
    "pandas-arrow": lambda rows: pd.Series(rows, dtype=pd.ArrowDtype(pa.list_(pa.string()))),
    "object-of-arrays": lambda rows: pd.Series([np.array(row, object) for row in rows]),
    "arrow-list": pa.array,
    "arrow-large-list": lambda rows: pa.array(rows, pa.large_list(pa.large_string())),
    "arrow-list-of-view": lambda rows: pa.array(rows, pa.list_(pa.string_view())),
    "arrow-list-of-dictionary": lambda rows: pa.array(rows, pa.list_(pa.dictionary(pa.int32(), pa.string()))),
    "arrow-list-view": lambda rows: pa.array(rows, pa.list_view(pa.string())),
    "arrow-large-list-view": lambda rows: pa.array(rows, pa.large_list_view(pa.string_view())),
    "arrow-list-view-backwards": lambda rows: backwards(rows),
    "arrow-list-of-run-end": lambda rows: list_of_run_ends(rows),
    "arrow-run-end-of-lists": lambda rows: run_ends_of_lists(rows, pa.list_(pa.string())),
    "arrow-run-end-of-list-views": lambda rows: run_ends_of_lists(rows, pa.list_view(pa.string_view())),
    "arrow-dictionary-of-lists": lambda rows: dictionary_of_lists(rows),
    "arrow-chunked-run-end-of-lists": lambda rows: pa.chunked_array(
        [run_ends_of_lists(part, pa.large_list(pa.string())) for part in (rows[:5], rows[5:])]
    ),
    "list-of-numpy": lambda rows: [np.array(row) for row in rows],
    "list-of-numpy-object": lambda rows: [np.array(row, object) for row in rows],
    "generator-of-numpy": lambda rows: (np.array(row) for row in rows),
    "tuple-of-arrow": lambda rows: tuple(pa.array(row) for row in rows),
    "list-of-polars": lambda rows: [pl.Series(row) for row in rows],
    "list-of-pandas": lambda rows: [pd.Series(row) for row in rows],
    "arrow-sliced": lambda rows: pa.array([["x", "y"], *rows, ["z"]]).slice(1, len(rows)),
    "arrow-chunked": lambda rows: pa.chunked_array([rows[:5], rows[5:]]),
    "polars": pl.Series,
    "polars-categorical": lambda rows: pl.Series(rows, dtype=pl.List(pl.Categorical)),
    "polars-object": lambda rows: pl.Series(rows, dtype=pl.Object),
    "duckdb": relation,
}


def bits(result):
    return {column: values.tobytes() for column, values in result.to_numpy().items()}


EXPECTED = bits(SCORER.score(PREDICTIONS, REFERENCES))
EXPECTED_RAGGED = bits(SCORER.score(PREDICTIONS, RAGGED))


@pytest.mark.parametrize("kind", STRINGS)
def test_kinds_of_strings_agree(kind):
    make = STRINGS[kind]
    assert bits(SCORER.score(make(PREDICTIONS), REFERENCES)) == EXPECTED
    assert bits(SCORER.score(PREDICTIONS, make(REFERENCES))) == EXPECTED
    assert bits(SCORER.score(make(PREDICTIONS), make(REFERENCES))) == EXPECTED
    assert bits(SCORER.score(make(PREDICTIONS), SCORER.prepare(make(REFERENCES)))) == EXPECTED


@pytest.mark.parametrize("kind", LISTS)
def test_kinds_of_lists_agree(kind):
    make = LISTS[kind]
    assert bits(SCORER.score(PREDICTIONS, make(RAGGED))) == EXPECTED_RAGGED
    assert bits(SCORER.score(pa.array(PREDICTIONS), SCORER.prepare(make(RAGGED)))) == EXPECTED_RAGGED


SAME_LENGTH = {
    "arrow": lambda rows: pa.array(rows, pa.list_(pa.string(), 2)),
    "arrow-sliced": lambda rows: pa.array([["x", "y"], *rows], pa.list_(pa.string(), 2)).slice(1),
    "arrow-dictionary": lambda rows: pa.FixedSizeListArray.from_arrays(
        pa.array([text for row in rows for text in row]).dictionary_encode(), 2
    ),
    "pandas": lambda rows: pd.Series(rows, dtype=pd.ArrowDtype(pa.list_(pa.string(), 2))),
    "polars": lambda rows: pl.Series(rows, dtype=pl.Array(pl.String, 2)),
    "polars-sliced": lambda rows: pl.Series([["x", "y"], *rows], dtype=pl.Array(pl.String, 2))[1:],
    "numpy": np.array,
    "numpy-object": lambda rows: np.array(rows, object),
    "numpy-transposed-view": lambda rows: np.array(rows).T.copy().T,
}


@pytest.mark.parametrize("kind", SAME_LENGTH)
def test_kinds_of_lists_of_one_length_agree(kind):
    rows = [[reference, other] for reference, other in zip(REFERENCES, REFERENCES[::-1], strict=True)]
    expected = bits(SCORER.score(PREDICTIONS, rows))
    assert expected != EXPECTED
    assert bits(SCORER.score(PREDICTIONS, SAME_LENGTH[kind](rows))) == expected
    assert bits(SCORER.score(PREDICTIONS, SCORER.prepare(SAME_LENGTH[kind](rows)))) == expected


def test_the_examples_tell_the_two_apart():
    assert EXPECTED != EXPECTED_RAGGED


@pytest.mark.parametrize("kind", ["list", "generator", "arrow-chunked", "polars", "numpy-U"])
def test_more_rows_than_are_read_at_once(kind):
    times = 70_000 // len(PREDICTIONS)
    one = SCORER.aggregate(PREDICTIONS, REFERENCES)
    many = SCORER.aggregate(STRINGS[kind](PREDICTIONS * times), STRINGS[kind](REFERENCES * times))
    assert many.rows == times * one.rows
    assert many.corpus == pytest.approx(one.corpus, rel=1e-15)


HOSTILE = [
    "",
    "\0",
    "a\0b",
    "\ud800",
    "x \udfff y",
    "😀 smile",
    "a\u2028b\x85c",
    "İstanbul",
    "\N{KELVIN SIGN}",
    "\r\n",
    "é" * 70,
]


def test_any_string_is_a_text():
    rows = HOSTILE
    result = SCORER.score(rows, rows)
    has_tokens = [bool(tg.tokenize(text, "characters")) for text in rows]
    assert (result["char_rouge1.f"] == 1.0).tolist() == has_tokens
    assert bits(SCORER.score(iter(rows), tuple(rows))) == bits(result)


def test_hostile_strings_through_arrow():
    rows = [text for text in HOSTILE if not any("\ud800" <= char <= "\udfff" for char in text)]
    expected = bits(SCORER.score(rows, rows))
    for kind in ("arrow-string", "arrow-string-view", "arrow-dictionary", "polars", "duckdb", "pandas-str"):
        assert bits(SCORER.score(STRINGS[kind](rows), rows)) == expected, kind


@pytest.mark.parametrize(
    "kind", ["list", "tuple", "generator", "numpy-object", "pandas-object", "arrow-string", "polars"]
)
def test_no_rows(kind):
    result = SCORER.score(STRINGS[kind]([]), [])
    assert len(result) == 0
    assert all(np.isnan(value) for value in result.corpus.values())


# Missing texts


def with_nulls(make):
    return lambda: make(["the cat", None, "a dog"])


def keys_and_nulls(keys):
    """A dictionary array whose middle row is missing, whatever its key."""
    buffers = [pa.py_buffer(b"\x05"), pa.py_buffer(np.array(keys, np.int32).tobytes())]
    kind = pa.dictionary(pa.int32(), pa.string())
    return pa.DictionaryArray.from_buffers(kind, 3, buffers, pa.array(["the cat", "a dog"]))


NULLS = {
    "list": with_nulls(list),
    "generator": with_nulls(iter),
    "nan": lambda: ["the cat", float("nan"), "a dog"],
    "numpy-object": lambda: np.array(["the cat", np.nan, "a dog"], object),
    "numpy-masked": lambda: np.ma.array(["the cat", "x", "a dog"], mask=[False, True, False]),
    "numpy-StringDType": lambda: np.array(["the cat", None, "a dog"], np.dtypes.StringDType(na_object=None)),
    "pandas-object": lambda: pd.Series(["the cat", pd.NaT, "a dog"], dtype=object),
    "pandas-NA": lambda: pd.Series(["the cat", pd.NA, "a dog"], dtype=object),
    "pandas-str": with_nulls(lambda texts: pd.Series(texts, dtype="str")),
    "pandas-python": with_nulls(lambda texts: pd.Series(texts, dtype="string[python]")),
    "pandas-pyarrow": with_nulls(lambda texts: pd.Series(texts, dtype="string[pyarrow]")),
    "pandas-category": with_nulls(lambda texts: pd.Series(texts, dtype="category")),
    "arrow-string": with_nulls(pa.array),
    "arrow-string-view": with_nulls(lambda texts: pa.array(texts, pa.string_view())),
    "arrow-dictionary": with_nulls(lambda texts: pa.array(texts).dictionary_encode()),
    "arrow-run-end": lambda: run_ends(["the cat", None, "a dog"]),
    "arrow-dictionary-with-null": lambda: pa.DictionaryArray.from_arrays([0, 1, 2], ["the cat", None, "a dog"]),
    "arrow-dictionary-any-key": lambda: keys_and_nulls([0, 999_999, 1]),
    "arrow-dictionary-negative-key": lambda: keys_and_nulls([0, -999_999, 1]),
    "arrow-sliced": lambda: pa.array([None, "the cat", None, "a dog"]).slice(1),
    "arrow-chunked": lambda: pa.chunked_array([["the cat"], [None], ["a dog"]]),
    "polars": with_nulls(pl.Series),
    "duckdb": with_nulls(relation),
}

LIST_NULLS = {
    "lists": lambda: [["the cat"], None, ["a dog"]],
    "inside": lambda: [["the cat"], ["x", None], ["a dog"]],
    "arrow": lambda: pa.array([["the cat"], None, ["a dog"]]),
    "arrow-inside": lambda: pa.array([["the cat"], ["x", None], ["a dog"]], pa.large_list(pa.string())),
    "arrow-fixed-size": lambda: pa.array([["the cat"], None, ["a dog"]], pa.list_(pa.string(), 1)),
    "arrow-view": lambda: pa.array([["the cat"], None, ["a dog"]], pa.list_view(pa.string())),
    "arrow-view-inside": lambda: pa.array([["the cat"], ["x", None], ["a dog"]], pa.large_list_view(pa.string())),
    "arrow-run-end": lambda: run_ends_of_lists([["the cat"], None, ["a dog"]], pa.list_(pa.string())),
    "arrow-dictionary": lambda: pa.DictionaryArray.from_arrays([0, None, 1], pa.array([["the cat"], ["a dog"]])),
    "arrow-dictionary-inside": lambda: dictionary_of_lists([["the cat"], ["x", None], ["a dog"]]),
    "numpy-inside": lambda: [np.array(row, object) for row in (["the cat"], ["x", None], ["a dog"])],
    "polars": lambda: pl.Series([["the cat"], None, ["a dog"]]),
    "duckdb": lambda: relation([["the cat"], None, ["a dog"]]),
}


@pytest.mark.parametrize("kind", NULLS)
@pytest.mark.parametrize("side", ["prediction", "reference"])
def test_missing_text_is_an_error_that_names_the_row(kind, side):
    whole = ["the cat", "it rains", "a dog"]
    with pytest.raises(tg.InputError, match=f"the {side} in row 1 is missing") as caught:
        SCORER.score(*((NULLS[kind](), whole) if side == "prediction" else (whole, NULLS[kind]())))
    assert (caught.value.code, caught.value.row) == ("missing-text", 1)


@pytest.mark.parametrize("kind", NULLS)
def test_missing_text_propagates(kind):
    whole = ["the cat", "it rains", "a dog"]
    for sides in [(NULLS[kind](), whole), (whole, NULLS[kind]())]:
        result = SCORER.score(*sides, nulls="propagate")
        for column in result.columns:
            assert np.isnan(result[column]).tolist() == [False, True, False]
        assert set(result.corpus.values()) == {1.0}
        assert (result.aggregate.rows, result.aggregate.nulls) == (2, 1)


@pytest.mark.parametrize("kind", NULLS)
def test_missing_text_counts_as_empty(kind):
    whole = ["the cat", "it rains", "a dog"]
    for sides in [(NULLS[kind](), whole), (whole, NULLS[kind]())]:
        result = SCORER.score(*sides, nulls="empty")
        assert result["rouge1.f"].tolist() == [1.0, 0.0, 1.0]
        assert (result.aggregate.rows, result.aggregate.nulls) == (3, 0)


@pytest.mark.parametrize("kind", LIST_NULLS)
def test_missing_references_in_lists(kind):
    predictions = ["the cat", "x", "a dog"]
    with pytest.raises(tg.InputError, match="row 1") as caught:
        SCORER.score(predictions, LIST_NULLS[kind]())
    assert (caught.value.code, caught.value.row) == ("missing-text", 1)
    result = SCORER.score(predictions, LIST_NULLS[kind](), nulls="propagate")
    assert np.isnan(result["rouge1.f"]).tolist() == [False, True, False]
    result = SCORER.score(predictions, LIST_NULLS[kind](), nulls="empty")
    assert result["rouge1.f"][1] == (1.0 if "inside" in kind else 0.0)


def test_a_null_far_down_is_named_by_its_own_row():
    rows = ["a"] * 100_000
    for texts in (
        ["a"] * 99_999 + [None],
        pa.chunked_array([["a"] * 50_000, ["a"] * 49_999 + [None]]),
        iter([*rows[1:], None]),
    ):
        with pytest.raises(tg.InputError) as caught:
            SCORER.score(texts, rows)
        assert caught.value.row == 99_999


@pytest.mark.parametrize(
    "make",
    [
        list,
        pa.nulls,
        pd.Series,
        relation,
        pl.Series,
        lambda texts: pl.DataFrame({"text": texts}),
        lambda texts: pl.Series(texts, dtype=pl.Object),
    ],
    ids=["list", "arrow", "pandas", "duckdb", "polars", "polars-frame", "polars-object"],
)
def test_nothing_but_missing_texts(make):
    column = make(3) if make is pa.nulls else make([None] * 3)
    assert SCORER.aggregate(column, ["a"] * 3, nulls="propagate").nulls == 3


@pytest.mark.parametrize("dtype", [pl.List(pl.Null), pl.Array(pl.Null, 1), pl.List(pl.String), pl.Array(pl.String, 1)])
def test_lists_of_nothing_but_missing_texts(dtype):
    assert SCORER.aggregate(["a"] * 2, pl.Series([[None]] * 2, dtype=dtype), nulls="propagate").nulls == 2


# What is refused


@pytest.mark.parametrize(
    ("predictions", "references", "code", "row", "words"),
    [
        ("the cat", ["the cat"], "wrong-type", None, "predictions are one str"),
        (["the cat"], "the cat", "wrong-type", None, "references are one str"),
        (b"the cat", ["the cat"], "wrong-type", None, "predictions are one bytes"),
        (bytearray(b"the cat"), ["the cat"], "wrong-type", None, "decode"),
        ({"a": "the cat"}, ["the cat"], "wrong-type", None, "a dict"),
        ({"the cat"}, ["the cat"], "wrong-type", None, "a set"),
        (7, ["the cat"], "wrong-type", None, "predictions are a int"),
        (None, ["the cat"], "wrong-type", None, "predictions are a NoneType"),
        (["a", 7], ["a", "b"], "wrong-type", 1, "the prediction in row 1 is a int"),
        (["a", "b"], ["a", b"b"], "wrong-type", 1, "the reference in row 1 is a bytes.*decode"),
        (["a", "b"], ["a", ["b", 7]], "wrong-type", 1, "the reference number 1 in row 1 is a int"),
        (["a", ["b"]], ["a", "b"], "wrong-type", 1, "sentences='given'"),
        (["a"], [{"b"}], "wrong-type", 0, "is a set, not a str or a list of str"),
        (np.array([1, 2]), ["a", "b"], "wrong-type", None, "an array of int64"),
        (np.array([["a"], ["b"]]), ["a", "b"], "wrong-type", None, r"an array of shape \(2, 1\)"),
        (np.array("a"), ["a"], "wrong-type", None, r"an array of shape \(\)"),
        (["a"], np.array([[["a"]]]), "wrong-type", None, r"an array of shape \(1, 1, 1\).*or two"),
        (["a"], np.empty((1, 0), object), "no-reference", 0, "empty list of references"),
        (["a"], [np.array([["a"]])], "wrong-type", 0, "the reference number 0 in row 0 is a list"),
        (["a"], [np.array([1])], "wrong-type", 0, "the reference number 0 in row 0 is a int"),
        (["a"], [np.array("a")], "wrong-type", 0, "the reference in row 0 is a ndarray"),
        ([np.array(["a"])], ["a"], "wrong-type", 0, "the prediction in row 0 is a ndarray"),
        (pd.Series([1, 2]), ["a", "b"], "wrong-type", 0, "the prediction in row 0 is a int"),
        (pa.array([1, 2]), ["a", "b"], "wrong-type", None, "Int64"),
        (pa.array([b"a"]), ["a"], "wrong-type", None, "Binary.*decode"),
        (pa.array([b"a"], pa.binary_view()), ["a"], "wrong-type", None, "BinaryView.*decode"),
        (pa.array([["a"]], pa.list_view(pa.string())), ["a"], "wrong-type", None, "ListView.*one text"),
        (["a"], pa.array([[["a"]]]), "wrong-type", None, "List.*one text"),
        (["a"], pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string())), "wrong-type", None, "Map"),
        (["a"], pa.array([[1]], pa.list_(pa.int64(), 1)), "wrong-type", None, "Int64"),
        (["a"], run_ends([[1]]), "wrong-type", None, "Int64"),
        (["a", "b"], dictionary_of_lists([["a"], []]), "no-reference", 1, "empty list of references"),
        (run_ends([["a"]]), ["a"], "wrong-type", None, "List.*one text"),
        (["a"], pl.LazyFrame({"x": ["a"]}).select(pl.col("x").implode()), "wrong-type", None, "collect it first"),
        (pa.array([1]).dictionary_encode(), ["a"], "wrong-type", None, "Int64"),
        (run_ends([1]), ["a"], "wrong-type", None, "Int64"),
        (pa.table({}), ["a"], "wrong-type", None, "a table without columns"),
        (pl.DataFrame(), ["a"], "wrong-type", None, "a table without columns"),
        (pa.StructArray.from_arrays([], []), [], "wrong-type", None, "a table without columns"),
        (pa.array([{"x": "a"}, None]), ["a"] * 2, "wrong-type", None, "structs, some of which are missing"),
        (pl.LazyFrame({"x": ["a"]}), ["a"], "wrong-type", None, "a Polars LazyFrame.*collect it first"),
        (["a"], pl.LazyFrame({"x": ["a"]}).select("x"), "wrong-type", None, "a Polars LazyFrame.*collect it first"),
        (pl.col("x"), ["a"], "wrong-type", None, "a Polars expression.*collect it first"),
        (pa.array([["a"]]), ["a"], "wrong-type", None, "List"),
        (pl.Series([1, 2]), ["a", "b"], "wrong-type", None, "Int64"),
        (pa.table({"x": ["a"], "y": ["a"]}), ["a"], "wrong-type", None, r"2 columns \(x, y\)"),
        (["a"], [[]], "no-reference", 0, "empty list of references"),
        (["a", "b"], pa.array([["a"], []]), "no-reference", 1, "empty list of references"),
        (["a"], ["a", "b"], "unequal-lengths", None, "1 predictions, but 2 references"),
        (["a", "b"], [["a", "b"], ["c", "d"], ["e", "f"]], "transposed", None, "zip"),
        (iter(["a", "b"]), ["a"], "unequal-lengths", 1, "references end after 1 rows"),
        (iter(["a"]), iter(["a", "b"]), "unequal-lengths", 1, "predictions end after 1 rows"),
        (pa.array(["a"]), pa.chunked_array([["a", "b"]]), "unequal-lengths", 1, "predictions end after 1 rows"),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value else "",
)
def test_refused(predictions, references, code, row, words):
    with pytest.raises(tg.InputError, match=words) as caught:
        SCORER.score(predictions, references)
    assert (caught.value.code, caught.value.row) == (code, row)
    assert isinstance(caught.value, TypeError if code == "wrong-type" else ValueError)


def test_a_relation_has_one_column():
    with pytest.raises(tg.InputTypeError, match="a relation of 2 columns"):
        SCORER.score(duckdb.connect().sql("select 'a', 'b'"), ["a"])


def test_errors_of_iterators_come_through():
    def broken():
        yield "a"
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        SCORER.score(broken(), ["a", "b"])


def test_a_list_that_changes_meanwhile():
    # The list is emptied while its rows are tokenised.
    texts = ["a b"] * 3

    def emptying(text):
        texts.clear()
        return text.split()

    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=emptying))
    assert scorer.score(texts, ["a b"] * 3)["rouge1.f"].tolist() == [1.0, 1.0, 1.0]


# Sentences

SENTENCES = [prediction.split("\n") for prediction in PREDICTIONS]
RAGGED_SENTENCES = [[text.split("\n") for text in row] for row in RAGGED]


@pytest.mark.parametrize(
    "make",
    [
        list,
        iter,
        pa.array,
        pl.Series,
        pd.Series,
        lambda rows: np.array([*rows, None], object)[:-1],
        lambda rows: [tuple(row) for row in rows],
        lambda rows: [np.array([*row, None], object)[:-1] for row in rows],
    ],
    ids=["list", "iterator", "arrow", "polars", "pandas", "numpy", "tuples", "arrays"],
)
def test_sentences_given_are_lines(make):
    given = SCORER.score(make(SENTENCES), RAGGED_SENTENCES, sentences="given")
    assert bits(given) == EXPECTED_RAGGED
    single = SCORER.score(SENTENCES, make([row[0] for row in RAGGED_SENTENCES]), sentences="given")
    assert bits(single) == EXPECTED
    prepared = SCORER.prepare(make(RAGGED_SENTENCES), sentences="given")
    assert bits(SCORER.score(PREDICTIONS, prepared)) == EXPECTED_RAGGED


def test_line_breaks_inside_given_sentences_end_no_sentence():
    scorer = tg.Scorer(["rougeLsum", "rouge2"])
    given = scorer.score([["b\nc", "a"]], [["a", "b", "c"]], sentences="given")
    assert bits(given) == bits(scorer.score(["b c\na"], ["a\nb\nc"]))


def test_missing_given_sentences():
    result = SCORER.score([["a"], None], [["a"], ["b"]], sentences="given", nulls="propagate")
    assert np.isnan(result["rouge1.f"]).tolist() == [False, True]
    result = SCORER.score([["a"], ["b"]], [[["a"]], [None, ["b"]]], sentences="given", nulls="empty")
    assert result["rouge1.f"].tolist() == [1.0, 1.0]
    with pytest.raises(tg.InputError) as caught:
        SCORER.score([["a"], None], [["a"], ["b"]], sentences="given")
    assert (caught.value.code, caught.value.row) == ("missing-text", 1)


@pytest.mark.parametrize(
    ("predictions", "references", "code", "words"),
    [
        ([["a"], "b"], [["a"], ["b"]], "wrong-type", "the prediction in row 1 is a str"),
        ([["a"], ["b"]], [["a"], "b"], "wrong-type", "the reference in row 1 is a str"),
        ([["a"], ["b", None]], [["a"], ["b"]], "wrong-type", "a sentence of the prediction in row 1 is a NoneType"),
        ([["a"], ["b"]], [["a"], [["b"], "c"]], "wrong-type", "the reference in row 1 is a str"),
        ([["a"], ["b"]], [["a"], []], "no-reference", "row 1 has an empty list"),
    ],
)
def test_refused_sentences(predictions, references, code, words):
    with pytest.raises(tg.InputError, match=words) as caught:
        SCORER.score(predictions, references, sentences="given")
    assert (caught.value.code, caught.value.row) == (code, 1)


def test_refused_columns_of_sentences():
    for column in ("a", {"a": ["b"]}, 7, Exporter(pa.chunked_array([[["a"]]]))):
        with pytest.raises(tg.InputTypeError, match="predictions are"):
            SCORER.score(column, [["a"]], sentences="given")
    with pytest.raises(tg.ConfigError, match="choose one of 'lines', 'given'"):
        SCORER.score(["a"], ["a"], sentences="split")


# Groups


@pytest.mark.parametrize(
    "make",
    [list, tuple, iter, np.array, pd.Series, pd.Categorical, pa.array, pl.Series, relation],
    ids=lambda make: make.__name__,
)
def test_kinds_of_keys_agree(make):
    topics = [record["topic"] for record in RECORDS]
    groups = SCORER.aggregate(PREDICTIONS, RAGGED, by=make(topics))
    assert list(groups) == list(dict.fromkeys(topics))
    for topic, part in groups.items():
        rows = [row for row, other in enumerate(topics) if other == topic]
        assert part == SCORER.aggregate([PREDICTIONS[row] for row in rows], [RAGGED[row] for row in rows])
    assert sum(groups.values()) == SCORER.aggregate(PREDICTIONS, RAGGED)


def test_keys_of_any_hashable_kind():
    groups = SCORER.aggregate(["a"] * 4, ["a"] * 4, by=[1, (2, "b"), np.int64(1), False])
    assert {key: part.rows for key, part in groups.items()} == {1: 2, (2, "b"): 1, False: 1}


@pytest.mark.parametrize(
    "by",
    [
        [None, "x", float("nan"), pd.NA],
        pd.Series([np.nan, 1.0, np.nan, np.nan]),
        pa.array([None, "x", None, None]),
        np.array([np.nan, 1.0, np.nan, np.nan]),
    ],
    ids=["list", "pandas", "arrow", "numpy"],
)
def test_missing_keys_are_one_group(by):
    groups = SCORER.aggregate(["a"] * 4, ["a"] * 4, by=by)
    assert [part.rows for part in groups.values()] == [3, 1]
    assert next(iter(groups)) is None


def test_groups_count_their_own_nulls():
    groups = SCORER.aggregate(["a", None, None], ["a", "a", "b"], by="xxy".replace("", " ").split(), nulls="propagate")
    assert {key: (part.rows, part.nulls) for key, part in groups.items()} == {"x": (1, 1), "y": (0, 1)}


def test_refused_keys():
    with pytest.raises(tg.InputTypeError, match="by is one str"):
        SCORER.aggregate(["a"], ["a"], by="topic")
    with pytest.raises(tg.InputTypeError, match="the key in row 1 is a list") as caught:
        SCORER.aggregate(["a", "b"], ["a", "b"], by=["x", []])
    assert caught.value.row == 1
    for texts in (["a", "b"], iter(["a", "b"])):
        for keys in (["x"], ["x", "y", "z"]):
            with pytest.raises(tg.InputError, match="group keys") as caught:
                SCORER.aggregate(texts if isinstance(texts, list) else iter(["a", "b"]), ["a", "b"], by=keys)
            assert caught.value.code == "unequal-lengths"


def all_missing_dictionary():
    return pa.array([None, None], pa.string()).dictionary_encode()


@pytest.mark.parametrize(
    "column",
    [
        all_missing_dictionary(),
        pa.chunked_array([all_missing_dictionary()]),
        pl.Series([None, None], dtype=pl.Categorical),
        pd.Series(pd.Categorical([None, None], categories=[])),
        pa.DictionaryArray.from_arrays(pa.array([None, None], pa.int32()), pa.array([], pa.string())),
    ],
    ids=["array", "chunked", "polars", "pandas", "from arrays"],
)
def test_a_dictionary_of_no_texts_is_missing_texts(column):
    scorer = tg.Scorer("rouge1")
    assert np.isnan(scorer.score(column, ["a", "b"], nulls="propagate")["rouge1.f"]).all()
    assert np.isnan(scorer.score(["a", "b"], column, nulls="propagate")["rouge1.f"]).all()
    with pytest.raises(tg.InputError, match="the prediction in row 0 is missing"):
        scorer.score(column, ["a", "b"])


class Capsules:
    """A column that hands out the same capsules again and again."""

    def __init__(self, method, column):
        self.column = column
        capsules = getattr(column, method)()
        setattr(type(self), method, lambda _self: capsules)

    def __len__(self):
        return len(self.column)


@pytest.mark.parametrize("method", ["__arrow_c_array__", "__arrow_c_stream__"])
def test_an_arrow_capsule_is_read_once(method):
    array = pa.array(["a", "b"])
    column = array if method == "__arrow_c_array__" else pa.chunked_array([array])
    once = type("Once", (Capsules,), {})(method, column)
    scorer = tg.Scorer("rouge1")
    assert scorer.score(once, ["a", "b"]).corpus["rouge1.f"] == 1
    with pytest.raises(tg.InputTypeError, match="something else has read already"):
        scorer.score(once, ["a", "b"])


def test_a_schema_that_something_else_has_read():
    schema, array = pa.array(["a", "b"]).__arrow_c_array__()
    pa.DataType._import_from_c_capsule(schema)
    column = type("Half", (), {"__arrow_c_array__": lambda _: (schema, array)})()
    with pytest.raises(tg.InputTypeError, match="something else has read already"):
        SCORER.score(column, ["a", "b"])


def capsules(kind):
    return getattr(pa.chunked_array([["a"]]) if kind == "stream" else pa.array(["a"]), f"__arrow_c_{kind}__")()


@pytest.mark.parametrize(
    ("method", "made"),
    [
        ("__arrow_c_stream__", lambda: None),
        ("__arrow_c_stream__", lambda: 5),
        ("__arrow_c_stream__", lambda: capsules("array")[0]),
        ("__arrow_c_array__", lambda: None),
        ("__arrow_c_array__", lambda: (1,)),
        ("__arrow_c_array__", lambda: (1, 2)),
        ("__arrow_c_array__", lambda: capsules("array")[::-1]),
        ("__arrow_c_array__", lambda: capsules("stream")),
    ],
)
def test_what_only_calls_itself_arrow_is_refused(method, made):
    column = type("NotArrow", (), {method: lambda _: made()})()
    with pytest.raises(tg.InputTypeError, match="not made of Arrow's capsules"):
        SCORER.score(column, ["a"])


def test_errors_of_an_arrow_export_come_through():
    def broken(_):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        SCORER.score(type("Broken", (), {"__arrow_c_stream__": broken})(), ["a"])


def test_a_stream_that_fails_half_way():
    def batches():
        yield pa.record_batch({"text": ["a"]})
        raise ValueError("no more")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("text", pa.string())]), batches())
    with pytest.raises(tg.InputTypeError, match=r"an Arrow stream that failed: .*no more"):
        SCORER.score(reader, iter(["a", "b"]))


def integers(*numbers):
    return pa.py_buffer(np.array(numbers, np.int32).tobytes())


def damaged_view():
    """The second text of these is said to stand in a buffer that is not there."""
    view = pa.array(["short", "much longer than twelve bytes"], pa.string_view())
    valid, views, *rest = view.buffers()
    changed = bytearray(views.to_pybytes())
    changed[24:28] = (7).to_bytes(4, "little")
    return pa.Array.from_buffers(pa.string_view(), 2, [valid, pa.py_buffer(bytes(changed)), *rest])


@pytest.mark.parametrize(
    "make",
    [
        lambda: pa.Array.from_buffers(pa.string(), 2, [None, integers(0, 1000, 3), pa.py_buffer(b"abc")]),
        lambda: pa.Array.from_buffers(pa.string(), 2, [None, integers(0, -5, 3), pa.py_buffer(b"abc")]),
        lambda: pa.Array.from_buffers(pa.string(), 2, [None, integers(2, 1, 3), pa.py_buffer(b"abc")]),
        lambda: pa.DictionaryArray.from_buffers(
            pa.dictionary(pa.int32(), pa.string()), 2, [None, integers(0, 99)], pa.array(["a", "b"])
        ),
        lambda: pa.DictionaryArray.from_buffers(
            pa.dictionary(pa.int32(), pa.string()), 2, [None, integers(0, -1)], pa.array(["a", "b"])
        ),
        lambda: pa.DictionaryArray.from_buffers(
            pa.dictionary(pa.int32(), pa.list_(pa.string())), 2, [None, integers(0, 99)], pa.array([["a"], ["b"]])
        ),
        lambda: pa.ListViewArray.from_arrays(
            pa.array([0, 9], pa.int32()), pa.array([1, 1], pa.int32()), pa.array(["a", "b"])
        ),
        damaged_view,
    ],
    ids=["offset", "negative offset", "offsets backwards", "key", "negative key", "key of a list", "list view", "view"],
)
def test_damaged_arrow_data_is_refused(make):
    column = make()
    with pytest.raises(tg.InputTypeError, match=r"damaged Arrow array|Arrow data that cannot be read"):
        SCORER.score(["a", "b"], column)
    with pytest.raises(tg.InputTypeError):
        SCORER.prepare(column)
