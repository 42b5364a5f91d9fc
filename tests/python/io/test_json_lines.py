"""JSON lines and JSON arrays read by the core, held to `json.loads` line by line."""

import io
import json
import math
import struct

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgauge import _core
from textgauge.errors import ConfigError, InputError
from textgauge.io import json_lines
from textgauge.io.batch import json_text
from textgauge.io.json_lines import JsonArray, JsonLines
from textgauge.io.paths import value_at

COLUMNS = ["a", "b", "a.b", "a[0]", "a[-1].b", "b.a[1]", "a.b.a", "é"]


class Stream(io.BytesIO):
    """A file in memory."""

    name = file = "f.jsonl"
    position = io.BytesIO.tell

    def unread(self, data):
        self.seek(-len(data), io.SEEK_CUR)

    @property
    def size(self):
        return len(self.getvalue())


def source_of(data, kind=JsonLines):
    return kind(Stream(data))


def batch_of(data, columns=(), kind=JsonLines):
    [task] = source_of(data, kind).batches(columns)
    return task()


def loaded(line):
    """The record in a line as Python reads it; None if there is none."""
    try:
        record = json.loads(line.decode())
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def check(data):
    """Holds all wanted columns of a block to what Python reads, line by line."""
    columns = [*COLUMNS, *(f"a.{name}" for name in "xy")]
    batch = batch_of(data, columns)
    lines = [line for line in data.split(b"\n") if line.strip(b" \t\r")]
    records = [loaded(line) for line in lines]
    assert len(batch) == len(lines)
    assert sorted(batch.problems) == [row for row, record in enumerate(records) if record is None]
    assert [batch.record(row) for row in range(len(batch))] == lines
    for column in columns:
        wanted = [None if record is None else value_at(record, column) for record in records]
        assert json_text(batch.values(column)) == json_text(wanted), column
        texts = batch.texts(column)
        if not isinstance(texts, list):
            wanted = lists(wanted) if any(isinstance(value, list) for value in wanted) else wanted
            assert pa.array(texts).to_pylist() == texts.to_pylist() == wanted
        keys, codes = batch.keys(column)
        assert [keys[code] for code in codes] == [json_text(value) for value in batch.values(column)]
        assert len(set(keys)) == len(keys)


def lists(values):
    return [[value] if isinstance(value, str) else value for value in values]


NAMES = st.sampled_from(["a", "b", "a.b", "é", "", 'x"\\'])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
RECORDS = st.dictionaries(NAMES, VALUES, max_size=5)


@st.composite
def written(draw):
    """A value, mostly an object, in one of the ways in which JSON can be written."""
    value = draw(st.one_of(RECORDS, RECORDS, RECORDS, VALUES))
    separators = draw(st.sampled_from([(", ", ": "), (",", ":"), ("\t,\r", " :  ")]))
    return json.dumps(value, ensure_ascii=draw(st.booleans()), separators=separators).encode("utf-8", "surrogatepass")


DAMAGE = [b"", b"{", b"]", b'"', b"\\", b"\\u12", b"\xff", b"\0", b"\xc3", b"-", b"1e", b"nul"]


@st.composite
def hostile(draw):
    """A line that is JSON, or nearly."""
    line = draw(written())
    for _ in range(draw(st.integers(0, 2))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(line))] * 2)))
        put = draw(
            st.sampled_from([b"", b"{", b"]", b'"', b"\\", b"\\u12", b"\xff", b"\0", b"\xc3", b"-", b"1e", b"nul"])
        )
        line = line[:start] + put + (line[end:] if draw(st.booleans()) else line[start:])
    return line.replace(b"\n", b"")


@given(st.lists(hostile() | written() | st.sampled_from([b"", b" ", b"\r"]), max_size=6), st.booleans())
def test_all_lines_are_read_as_python_reads_them(lines, ended):
    data = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    if data:
        check(data)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": NaN, "b": -Infinity, "a.b": Infinity}',
        b'{"a": -nan}',
        b'{"a": 1, "a": 2, "a": {"b": 3}, "a": {"x": 4}}',
        b'{"a": {"b": 1}, "a.b": null}',
        b'{"\\u0061": "escaped", "\\u00e9": "\\ud83d\\ude00"}',
        b'{"a": "\\ud800", "b": ["\\udc00\\ud800"]}',
        b'{"a": "\\ud83d\\u0041"}',
        b'{"a": [{"b": 1}, {"b": null}, {}, 3, [{"b": {"a": 5}}], null]}',
        b'{"a": [[{"b": "x"}], {"b": [{"a": "y"}, {"a": "z"}]}]}',
        b'{"a": []}',
        b'{"a": 01}',
        b'{"a": 1.}',
        b'{"a": .5}',
        b'{"a": 1e5, "b": -0, "a.b": -0.0}',
        b'{"a": 1E+400}',
        b'{"a": "\t"}',
        b'{"a": "\x7f\xc2\x80"}',
        b'{"a": "\\x41"}',
        b'{"a": "\\u12G4"}',
        b'{"a" 1}',
        b"{a: 1}",
        b'{"a": 1,}',
        b'{"a": [1,]}',
        b'{"a": 1} x',
        b'{"a": 1}{"b": 2}',
        b'"a"',
        b"null",
        b"[1]",
        b"nul",
        b"-",
        b"{",
        b'{"a',
        b"\x0c{}",
        b"\xef\xbb\xbf{}",
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\xc3"}',
        b'{"a": "\0"}',
        b"{}\0",
        b'{"a": ' + b"9" * 4300 + b"}",
        b'{"a": ' + b"9" * 4301 + b"}",
        b'{"a": ' + b"9" * 5000 + b".5}",
    ],
)
def test_a_line_is_read_as_python_reads_it(line):
    # Not at the start of the file, where a byte order mark means nothing.
    check(b'{"a": "x"}\n' + line + b'\n{"b": ["y", null]}\n')


@pytest.mark.parametrize("depth", [490, 501, 100_000])
@pytest.mark.parametrize("inner", [b"[", b'{"a":'])
def test_deep_nesting_is_a_problem_and_not_the_end(depth, inner):
    closing = b"]" if inner == b"[" else b"}"
    line = b'{"x": ' + inner * depth + b"1" + closing * depth + b"}"
    batch = batch_of(line + b'\n{"x": 2}\n', ["x", "a.a"])
    if depth > 500:
        assert batch.problems[0].startswith("too many lists and objects in each other at column ")
    assert (0 in batch.problems) == (depth > 500)
    assert batch.values("x")[1] == 2


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"a": 1 "b": 2}', "not JSON: expected `,` or `}` at column 9"),
        ('{"é": "ü" 1}'.encode(), "not JSON: expected `,` or `}` at column 11"),
        (b'{"a": "x', 'not JSON: expected `"` at column 9'),
        (b'{"a": x}', "not JSON: expected a value at column 7"),
        (b"{} 1", "not JSON: expected the end of the line at column 4"),
        (b'{"a": "\x01"}', "not JSON: a control character in a string at column 8"),
        (b'{"a": "\xff"}', "not UTF-8 at column 8"),
        (b"[1]", "a JSON list, not an object"),
        (b'"x"', "a JSON string, not an object"),
        (b"3", "a JSON number, not an object"),
        (b"true", "a JSON boolean, not an object"),
        (b"null", "a JSON null, not an object"),
        (b'{"a": ' + b"1" * 4301 + b"}", "a whole number of too many digits at column 7"),
    ],
)
def test_problems_are_said_in_plain_words(line, problem):
    batch = batch_of(b'\n{"a": "x"}\n' + line + b'\n{"a": "y"}', ["a"])
    assert batch.problems == {1: problem}
    assert batch.values("a") == ["x", None, "y"]
    error = batch.error(batch.problems[1], 1)
    assert (str(error), error.row) == (f"f.jsonl, line 3: {problem}", 1)


def test_a_byte_order_mark_line_ends_and_blank_lines_are_no_part_of_the_records():
    data = b'\xef\xbb\xbf{"a": "x"}\r\n\r\n  \n{"a": "y"}\r\n{"a": "z\xe2\x80\xa8"}'
    source = source_of(data)
    assert source.names() == ["a"]
    [task] = source.batches(["a"])
    batch = task()
    assert batch.texts("a").to_pylist() == ["x", "y", "z\u2028"]
    assert [batch.place(row) for row in range(3)] == ["f.jsonl, line 1", "f.jsonl, line 4", "f.jsonl, line 5"]
    assert batch.read_bytes == len(data)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["x", None, ""], ["x", None, ""]),
        ([None, None], [None, None]),
        (["x", ["y", None, "z"], None, []], [["x"], ["y", None, "z"], None, []]),
    ],
)
def test_texts_and_lists_of_texts_are_arrow(values, texts):
    batch = batch_of(b"\n".join(json.dumps({"a": value}).encode() for value in values), ["a"])
    column = batch.texts("a")
    assert pa.array(column).to_pylist() == column.to_pylist() == texts
    assert len(column) == len(texts)


@pytest.mark.parametrize("value", [3, 0.5, True, {"b": "x"}, "\ud800", ["x", 3], [["x"]], ["\udfff"]])
def test_what_is_no_text_is_left_to_python(value):
    batch = batch_of(b"\n".join(json.dumps({"a": value}).encode() for value in ["x", value, None]), ["a"])
    assert batch.texts("a") == ["x", value, None]


def test_keys_are_one_for_each_value_however_it_is_written():
    batch = batch_of(b'{"k":"\\u0061"}\n{"k":"a"}\n{"k":1}\n{"k":1.0}\n{"k":true}\n{}\n{"k":null}\n{"k":"1"}', ["k"])
    keys, codes = batch.keys("k")
    assert keys == ['"a"', "1", "1.0", "true", "null", '"1"']
    assert codes.tolist() == [0, 0, 1, 2, 3, 4, 4, 5]
    assert codes.dtype == np.uint32


def test_blocks_end_at_lines_and_lines_may_be_longer_than_blocks(monkeypatch):
    monkeypatch.setattr(json_lines, "BLOCK_BYTES", 64)
    values = ["x" * length for length in (1, 500, 0, 63, 64, 65, 20, 20, 20, 20)]
    data = b"\n".join(json.dumps({"a": value}).encode() for value in values)
    source = source_of(data)
    assert source.names() == ["a"]
    batches = [task() for task in source.batches(["a"])]
    assert len(batches) > 4
    assert [text for batch in batches for text in batch.texts("a").to_pylist()] == values
    places = [(batch.first + row, batch.place(row)) for batch in batches for row in range(len(batch))]
    assert places == [(row, f"f.jsonl, line {row + 1}") for row in range(len(values))]
    for skip in range(len(batches) + 2):
        left = [task() for task in source_of(data).batches(["a"], skip)]
        assert [(batch.first, batch.values("a")) for batch in left] == [
            (batch.first, batch.values("a")) for batch in batches[skip:]
        ]


def test_a_long_line_takes_linear_time():
    text = "x" * (64 << 20)
    batch = batch_of(b'{"a": "' + text.encode() + b'"}\n', ["a"])
    assert batch.texts("a").to_pylist() == [text]


def test_names_are_those_of_the_first_record_that_can_be_read():
    source = source_of(b'\n[]\n{"b": 1, "a": 2}\n{"c": 3}\n')
    assert source.names() == source.names() == ["b", "a"]
    assert sum(len(task()) for task in source.batches([])) == 3
    assert source_of(b"").names() == []
    assert list(source_of(b"").batches(["a"])) == []


def test_names_are_found_behind_many_records_that_cannot_be_read():
    data = b"[]\n" * 1_000 + b'{"a": 1}' + b"\n{}" * 10
    assert source_of(data).names() == ["a"]
    assert source_of(b"[]\n" * 1_000 + b"[]").names() == []


def test_the_first_blocks_are_small(monkeypatch):
    monkeypatch.setattr(json_lines, "FIRST_BLOCK_BYTES", 1_000)
    monkeypatch.setattr(json_lines, "BLOCK_BYTES", 4_000)
    line = b'{"a": "' + b"x" * 91 + b'"}\n'
    assert len(line) == 101
    lengths = [len(task()) for task in source_of(line * 200).batches(["a"])]
    assert lengths[:4] == [9, 19, 39, 39]
    assert sum(lengths) == 200


def test_values_that_are_passed_on_are_a_sequence():
    batch = batch_of(b'{"a": "x"}\n{"a": null}\n{"a": [1,  2]}', ["a"])
    values = batch.json_values("a")
    assert len(values) == 3
    assert [values[row] for row in range(3)] == [b'"x"', None, b"[1,  2]"]
    with pytest.raises(InputError, match="no record 3; there are 3"):
        values[3]


def test_a_name_that_is_no_path_is_fine_if_the_first_record_has_it():
    data = b'{"a..b": "x", "[": "y"}'
    assert batch_of(data, ["a..b", "["]).values("a..b") == ["x"]
    with pytest.raises(ConfigError, match="no path"):
        batch_of(data, ["c..d"])


def test_the_core_refuses_columns_and_records_that_are_not_there():
    lines = _core.decode_json_lines(b'{"a": 1}', 1, [("a", ("a",))])
    for wrong in (lambda: lines.raw(1), lambda: lines.texts(1), lambda: lines.groups(1)):
        with pytest.raises(InputError, match="no wanted column 1; there are 1"):
            wrong()
    for wrong in (lambda: lines.record(1), lambda: lines.line(1)):
        with pytest.raises(InputError, match="no record 1; there are 1"):
            wrong()


@given(st.lists(RECORDS, max_size=5), st.sampled_from([None, 1, "\t"]), st.integers(1, 40), st.booleans())
def test_an_array_is_its_elements(records, indent, size, mark):
    data = b"\xef\xbb\xbf" * mark + json.dumps(records, indent=indent).encode() + b" \n"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_lines, "BLOCK_BYTES", size + 3)
        batches = [task() for task in source_of(data, JsonArray).batches(["a", "a.b"])]
    for column in ("a", "a.b"):
        values = [value for batch in batches for value in batch.values(column)]
        assert json_text(values) == json_text([value_at(record, column) for record in records])
    places = [batch.place(row) for batch in batches for row in range(len(batch))]
    assert places == [f"f.jsonl, record {number}" for number in range(1, len(records) + 1)]


@pytest.mark.parametrize("size", [3, 4, 1000])
@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not a JSON array: it does not begin with `[`"),
        (b'{"a": 1}', "not a JSON array: it does not begin with `[`"),
        (b'[{"a": 1}', "the JSON array is cut off, or a bracket is missing"),
        (b'[{"a": "]', "the JSON array is cut off, or a bracket is missing"),
        (b'[{"a": 1}] {}', "something follows the JSON array"),
        (b'[{"a": 1},,{"a": 1}]', "not a JSON array: a value is missing at a comma"),
        (b'[{"a": 1},]', "not a JSON array: a value is missing at a comma"),
        (b"[,]", "not a JSON array: a value is missing at a comma"),
    ],
)
def test_what_is_no_whole_array_is_an_error(monkeypatch, data, problem, size):
    monkeypatch.setattr(json_lines, "BLOCK_BYTES", size)
    with pytest.raises(InputError) as caught:
        list(source_of(data, JsonArray).batches(["a"]))
    assert (str(caught.value), caught.value.code) == (f"f.jsonl: {problem}", "bad-file")


def test_a_bad_element_is_a_problem_of_its_own():
    batch = batch_of(b'[{"a": 1}, {"a" 2}, 3, {"a": "x\ny"}, {"a": 4} {"a": 5}, {"a": [}], {"a": 6}]', ["a"], JsonArray)
    assert batch.values("a") == [1, None, None, None, None, None, 6]
    assert sorted(batch.problems) == [1, 2, 3, 4, 5]
    assert batch.problems[3] == "not JSON: a control character in a string at column 9"
    assert str(batch.error("bad", 2)) == "f.jsonl, record 3: bad"


def without_nan(value):
    """The value with null for the numbers that JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_nan(part) for key, part in value.items()}
    return [without_nan(part) for part in value] if isinstance(value, list) else value


BITS = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("d", struct.pack("Q", bits))[0])
FLOATS = st.floats() | BITS | st.floats(0, 1) | st.integers(-330, 310).map(lambda power: float(f"1.25e{power}"))


@given(st.lists(st.tuples(FLOATS, FLOATS, written()), min_size=1), st.text(), st.integers(0, 2**40))
def test_rows_are_written_as_python_writes_them(rows, name, first):
    name = name.encode("utf-8", "replace").decode()
    one, two, kept = zip(*rows, strict=True)
    scores = [(name + "1", np.array(one, float)), ("2", np.array(two, float))]
    numbers = np.arange(first, first + len(rows), dtype=np.uint64)
    lines = _core.encode_json_lines(numbers, [(name, [*kept])], scores)
    for number, (line, (*scores, value)) in enumerate(zip(lines.splitlines(), rows, strict=True), first):
        names = ["row", name, name + "1", "2"]
        values = [number, json.loads(value), *scores]
        wanted = "{" + ", ".join(
            f"{json.dumps(key)}: {json.dumps(without_nan(each))}" for key, each in zip(names, values, strict=True)
        )
        assert line.decode() == wanted + "}"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (None, ""),
        (b'""', '""'),
        (b'"plain"', "plain"),
        (b'"a,b"', '"a,b"'),
        (b'"a\\nb\\""', '"a\nb"""'),
        (b"[1,2]", '"[1, 2]"'),
        (b'{"a":1.50}', '"{""a"": 1.5}"'),
        (b"true", "true"),
        ('"é"'.encode(), "é"),
        (b'"\\ud800"', '"""\\ud800"""'),
    ],
)
def test_fields_of_csv_are_quoted_where_they_must_be(raw, field):
    scores = [np.array([0.5]), np.array([math.nan]), np.array([-math.inf]), np.array([1e-5])]
    seven = np.array([7], np.uint64)
    assert _core.encode_csv(seven, [("k", [raw])], scores, ",").decode() == f"7,{field},0.5,,-inf,1e-05\n"


def test_fields_are_quoted_for_the_separator_that_there_is():
    kept = [("k", [b'"a,b"', b'"a\\tb"'])]
    assert _core.encode_csv(np.arange(2, dtype=np.uint64), kept, [], "\t") == b'0\ta,b\n1\t"a\tb"\n'


def test_rows_that_do_not_fit_are_refused():
    one, two = np.zeros(1, np.uint64), np.zeros(2)
    with pytest.raises(InputError, match="columns of unequal lengths, 1 and 2"):
        _core.encode_json_lines(one, [], [("a", two)])
    with pytest.raises(InputError, match="columns of unequal lengths, 1 and 2"):
        _core.encode_csv(one, [], [two], ",")
    for wrong in (b"", b"{", b"1 2", b"\xff", b'"\\u12"'):
        with pytest.raises(InputError, match="the kept value in row 0 is not JSON"):
            _core.encode_json_lines(one, [("k", [wrong])], [])
        with pytest.raises(InputError, match="the kept value in row 0 is not JSON"):
            _core.encode_csv(one, [("k", [wrong])], [], ",")
