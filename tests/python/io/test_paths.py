"""A path leads to the same values in Python's objects and in Arrow's arrays."""

import pyarrow as pa
import pytest

import textgauge as tg
from textgauge.io.paths import array_at, parse, value_at

RECORDS = [
    {"a": [{"t": "x", "n": 1}, {"t": "y"}, None], "b": {"c": [["p", "q"], []]}, "m": [1, 2], "s": "text"},
    {"a": None, "b": None, "m": [], "s": None},
    {"a": [], "b": {"c": None}, "m": None, "s": ""},
    {"a": [{"t": None}], "b": {"c": [["z"], None]}, "m": [5], "s": "x"},
]
PATHS = [
    "a",
    "a.t",
    "a[0].t",
    "a[-1].t",
    "a[1].n",
    "b.c",
    "b.c[0]",
    "b.c[0][0]",
    "b.c[-1][-1]",
    "m[0]",
    "m[-2]",
    "m[7]",
]


@pytest.mark.parametrize(
    ("column", "steps"),
    [
        ("text", ("text",)),
        ("answers.text", ("answers", "text")),
        ("a[0]", ("a", 0)),
        ("a[-1][2].b c", ("a", -1, 2, "b c")),
        ("response.body.choices[0].message.content", ("response", "body", "choices", 0, "message", "content")),
        ("ünï.0", ("ünï", "0")),
    ],
)
def test_steps(column, steps):
    assert parse(column) == steps


@pytest.mark.parametrize("column", ["", ".a", "a.", "a..b", "a[", "a[x]", "a[]", "[0]", "a]", "a[0]b", "a[0", "a[1.5]"])
def test_what_is_no_path(column):
    with pytest.raises(tg.ConfigError, match=r"is no path: .* stands .*; paths look like") as caught:
        parse(column)
    assert caught.value.code == "bad-option"


@pytest.mark.parametrize("column", PATHS)
@pytest.mark.parametrize("start", [0, 1, 3])
def test_arrays_and_objects_agree(column, start):
    batch = pa.RecordBatch.from_pylist(RECORDS).slice(start)
    expected = [value_at(record, column) for record in RECORDS[start:]]
    if column == "a":
        # Arrow's records have all fields.
        expected = [items and [item and {"t": None, "n": None, **item} for item in items] for items in expected]
    assert array_at(batch, column).to_pylist() == expected


LISTS = [pa.list_(pa.string()), pa.large_list(pa.string()), pa.list_view(pa.string()), pa.list_(pa.string(), 2)]


@pytest.mark.parametrize("kind", LISTS, ids=str)
def test_lists_of_all_kinds(kind):
    given = [["skip", "skip"], ["a", "b"], None, ["c", None]]
    batch = pa.record_batch({"l": pa.array(given, kind)}).slice(1)
    assert array_at(batch, "l[0]").to_pylist() == ["a", None, "c"]
    assert array_at(batch, "l[-1]").to_pylist() == ["b", None, None]
    assert array_at(batch, "l[2]").to_pylist() == [None, None, None]


def test_maps_are_objects_in_arrow():
    given = [[("k", [1, 2]), ("other", [3])], None, [("other", None)], []]
    batch = pa.record_batch({"m": pa.array(given, pa.map_(pa.string(), pa.list_(pa.int64())))})
    assert array_at(batch, "m.k").to_pylist() == [[1, 2], None, None, None]
    assert array_at(batch, "m.k[1]").to_pylist() == [2, None, None, None]


def test_columns_of_nothing_but_nulls_lead_to_nulls():
    batch = pa.record_batch({"n": pa.nulls(2)})
    assert array_at(batch, "n.a[0]").to_pylist() == [None, None]


def test_a_name_comes_before_the_path():
    record = {"a.b": "name", "a": {"b": "path"}, "c[": 1}
    assert value_at(record, "a.b") == "name"
    assert value_at(record, "c[") == 1
    batch = pa.RecordBatch.from_pylist([record])
    assert array_at(batch, "a.b").to_pylist() == ["name"]
    assert array_at(batch, "c[").to_pylist() == [1]


@pytest.mark.parametrize("column", ["x", "a.x", "m.t", "s.t", "s[0]", "b[0]", "a.t.u", "a.t[0]", "a..t"])
def test_a_schema_without_the_column(column):
    with pytest.raises(tg.InputError, match=r"no column .*; there are a, b, m, s"):
        array_at(pa.RecordBatch.from_pylist(RECORDS), column)
    if column != "a..t":
        assert not any(value for record in RECORDS for value in (value_at(record, column) or []))
