"""Parquet, Arrow and CSV files give the records that were written, or an error that says where."""

import gzip
import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

import textgauge as tg
from textgauge.io.arrow import ROWS_AT_ONCE, ArrowIpc, Csv, Parquet
from textgauge.io.compressed import Stream

ROWS = [
    {"id": 1, "p": "the cat", "r": ["a cat", "the cat sat"], "answers": {"text": ["x", "y"], "start": [1, 2]}},
    {"id": 2, "p": None, "r": None, "answers": None},
    {"id": None, "p": "", "r": [], "answers": {"text": [], "start": None}},
    {"id": 2, "p": "ünï 👍", "r": [None, "z"], "answers": {"text": [None], "start": [3]}},
]


def write_parquet(table, path):
    pq.write_table(table, path, row_group_size=2)


def write_ipc_file(table, path):
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(3, len(table) // 3))


def write_ipc_stream(table, path):
    with pa.ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(3, len(table) // 3))


WRITERS = {
    "parquet": (write_parquet, Parquet),
    "ipc-file": (write_ipc_file, ArrowIpc),
    "ipc-stream": (write_ipc_stream, ArrowIpc),
    "feather": (feather.write_feather, ArrowIpc),
}
each_form = pytest.mark.parametrize("form", WRITERS)


def source(table, form, path):
    write, reader = WRITERS[form]
    write(table, str(path))
    return reader(Stream(str(path)))


def csv_source(path, data, separator=None):
    path.write_bytes(data)
    return Csv(Stream(str(path)), separator)


def read(source, columns, skip=0):
    return [load() for load in source.batches(columns, skip)]


def values(source, column):
    return [value for batch in read(source, [column]) for value in batch.values(column)]


def texts(source, column):
    return [text for batch in read(source, [column]) for text in batch.texts(column).to_pylist()]


@each_form
def test_columns_come_back_by_name_and_by_path(form, tmp_path):
    file = source(pa.Table.from_pylist(ROWS), form, tmp_path / "file")
    assert file.names() == ["id", "p", "r", "answers"]
    assert file.size == (tmp_path / "file").stat().st_size
    assert texts(file, "p") == [row["p"] for row in ROWS]
    assert texts(file, "r") == [row["r"] for row in ROWS]
    assert values(file, "answers.text") == [["x", "y"], None, [], [None]]
    assert values(file, "answers.start[-1]") == [2, None, None, 3]
    assert values(file, "answers") == [row["answers"] for row in ROWS]


@each_form
def test_batches_say_where_they_are(form, tmp_path):
    file = source(pa.Table.from_pylist(ROWS), form, tmp_path / "file")
    batches = read(file, ["p"])
    assert sum(map(len, batches)) == len(ROWS)
    assert [batch.first for batch in batches] == np.cumsum([0, *map(len, batches[:-1])]).tolist()
    assert batches[-1].place(len(batches[-1]) - 1) == f"{tmp_path}/file, row 3"
    assert batches[-1].read_bytes > 0
    assert batches[0].error("bad", 1).row == 1


@each_form
def test_skipped_batches_change_nothing_of_the_others(form, tmp_path):
    table = pa.table({"p": [f"text {row}" for row in range(100_000)]})
    path = tmp_path / "file"
    file = source(table, form, path)
    if form == "parquet":
        pq.write_table(table, path, row_group_size=40_000)
    whole = read(file, ["p"])
    assert max(map(len, whole)) <= ROWS_AT_ONCE
    assert sum(map(len, whole)) == 100_000
    for skip in range(len(whole) + 2):
        rest = read(file, ["p"], skip)
        assert [batch.first for batch in rest] == [batch.first for batch in whole[skip:]]
        assert all(one.texts("p") == other.texts("p") for one, other in zip(rest, whole[skip:], strict=True))


@each_form
def test_long_rows_make_small_batches(form, tmp_path):
    file = source(pa.table({"p": ["x" * 1_000_000] * 9, "q": ["y"] * 9}), form, tmp_path / "file")
    pq.write_table(pa.table({"p": [f"{row}" * 1_000_000 for row in range(9)]}), tmp_path / "one")
    assert [len(batch) for batch in read(Parquet(Stream(str(tmp_path / "one"))), ["p"])] == [4, 4, 1]
    assert values(file, "q") == ["y"] * 9


@each_form
def test_every_kind_of_text(form, tmp_path):
    given = ["b", None, "a", "b"]
    kinds = {
        "large": pa.array(given, pa.large_string()),
        "view": pa.array(given, pa.string_view()),
        "dictionary": pa.array(given).dictionary_encode(),
        "bytes": pa.array([text and text.encode() for text in given], pa.binary()),
        "lists": pa.array([["b"], None, ["a"], ["a", "b"]], pa.large_list(pa.large_string())),
        "nulls": pa.nulls(4),
    }
    if form == "feather":
        del kinds["view"]
    file = source(pa.table(kinds), form, tmp_path / "file")
    for name, array in kinds.items():
        expected = given if name == "bytes" else array.to_pylist()
        assert texts(file, name) == expected
        assert values(file, name) == expected
    for batch in read(file, ["large", "lists"]):
        scores = tg.Scorer("rouge1").score(batch.texts("large"), batch.texts("lists"), nulls="propagate")
        assert len(scores["rouge1.f"]) == len(batch)


@each_form
def test_keys_keep_types_apart(form, tmp_path):
    columns = {
        "text": (["1", None, "true", "1"], ['"1"', "null", '"true"'], [0, 1, 2, 0]),
        "whole": ([1, None, 7, 1], ["1", "null", "7"], [0, 1, 2, 0]),
        "truth": ([True, None, False, True], ["true", "null", "false"], [0, 1, 2, 0]),
        "real": ([1.0, None, 0.5, 1.0], ["1.0", "null", "0.5"], [0, 1, 2, 0]),
        "list": ([[1], None, [], [1]], ["[1]", "null", "[]"], [0, 1, 2, 0]),
    }
    table = pa.table({name: given for name, (given, _, _) in columns.items()})
    table = table.append_column("dictionary", pa.array(["1", None, "true", "1"]).dictionary_encode())
    file = source(table, form, tmp_path / "file")
    columns["dictionary"] = columns["text"]
    for name, (_, keys, codes) in columns.items():
        read_keys, read_codes = [], []
        for batch in read(file, [name]):
            found, numbers = batch.keys(name)
            assert numbers.dtype == np.uint32
            read_keys += [found[number] for number in numbers]
        assert read_keys == [keys[code] for code in codes], (name, read_codes)


def test_keys_of_a_dictionary_that_holds_more_than_its_rows(tmp_path):
    array = pa.DictionaryArray.from_arrays([2, 0, 1], ["a", "b", "a"])
    file = source(pa.table({"k": array}), "ipc-file", tmp_path / "file")
    (batch,) = read(file, ["k"])
    keys, codes = batch.keys("k")
    assert (keys, codes.tolist()) == (['"a"', '"b"'], [0, 0, 1])


@each_form
def test_values_are_those_that_json_has(form, tmp_path):
    import datetime
    import decimal

    table = pa.table(
        {
            "day": [datetime.date(2024, 5, 1), None],
            "price": pa.array([decimal.Decimal("1.50"), None]),
            "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
        }
    )
    file = source(table, form, tmp_path / "file")
    assert values(file, "day") == ["2024-05-01", None]
    assert values(file, "price") == ["1.50", None]
    assert values(file, "map") == [{"k": 1}, None]
    assert values(file, "map.k") == [1, None]
    json.dumps(values(file, "map"))


@each_form
def test_files_without_rows(form, tmp_path):
    empty = pa.table({"p": pa.array([], pa.string())})
    assert read(source(empty, form, tmp_path / "file"), ["p"]) == []


def test_batches_without_rows(tmp_path):
    schema = pa.schema([("p", pa.string())])
    some = pa.RecordBatch.from_pylist([{"p": "x"}], schema)
    nothing = pa.RecordBatch.from_pylist([], schema)
    with pa.ipc.new_stream(tmp_path / "file", schema) as writer:
        for batch in (nothing, some, nothing, some):
            writer.write_batch(batch)
    assert values(ArrowIpc(Stream(str(tmp_path / "file"))), "p") == ["x", "x"]
    with pq.ParquetWriter(tmp_path / "rows", schema) as writer:
        for batch in (nothing, some, nothing, some):
            writer.write_batch(batch)
    assert values(Parquet(Stream(str(tmp_path / "rows"))), "p") == ["x", "x"]


@each_form
def test_a_missing_column_is_named_with_those_that_are_there(form, tmp_path):
    file = source(pa.Table.from_pylist(ROWS), form, tmp_path / "file")
    for column in ("q", "answers.q", "p.q", "p[0]", "a..b"):
        with pytest.raises(tg.InputError, match=r"file: no column .*; there are id, p, r, answers") as caught:
            read(file, [column])
        assert caught.value.code == "bad-file"


def test_a_column_name_with_a_dot_comes_before_the_path(tmp_path):
    table = pa.table({"a.b": ["name"], "a": [{"b": "path", "c": "other"}]})
    file = source(table, "parquet", tmp_path / "file")
    assert texts(file, "a.b") == ["name"]
    assert texts(file, "a.c") == ["other"]


def test_of_nested_columns_only_the_wanted_fields_are_read(tmp_path):
    rows = [{"m": [{"role": "a", "text": {"x": "1", "y": "2"}}], "k": [("q", "v")]}]
    types = pa.list_(pa.struct({"role": pa.string(), "text": pa.struct({"x": pa.string(), "y": pa.string()})}))
    schema = pa.schema({"m": types, "k": pa.map_(pa.string(), pa.string())})
    file = source(pa.Table.from_pylist(rows, schema), "parquet", tmp_path / "file")
    assert values(file, "m[0].text.y") == ["2"]
    assert values(file, "m.text.x") == [["1"]]
    assert values(file, "m.text") == [[{"x": "1", "y": "2"}]]
    assert values(file, "k.q") == ["v"]
    (batch,) = read(file, ["m.role", "k.q", "m[-1].text.y"])
    assert [batch.values(name) for name in ("m.role", "k.q", "m[-1].text.y")] == [[["a"]], ["v"], ["2"]]


@each_form
def test_no_column_wanted_still_gives_the_rows(form, tmp_path):
    file = source(pa.Table.from_pylist(ROWS), form, tmp_path / "file")
    assert sum(map(len, read(file, []))) == len(ROWS)


@each_form
def test_texts_that_are_not_utf8_are_problems_of_their_rows(form, tmp_path):
    broken = pa.array([b"fine", b"caf\xe9", None], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, broken.buffers())
    table = pa.table({"p": text, "r": ["1", "2", "3"], "bytes": broken})
    file = source(table, form, tmp_path / "file")
    for column in ("p", "bytes"):
        found = {}
        kept = []
        for batch in read(file, [column, "r"]):
            found.update({batch.place(row): problem for row, problem in batch.problems.items()})
            assert batch.texts(column).to_pylist() == batch.values(column)
            kept += zip(batch.values(column), batch.values("r"), strict=True)
        assert list(found) == [f"{tmp_path}/file, row 1"]
        assert f"column {column!r} is not UTF-8: byte 4 begins e9" in next(iter(found.values()))
        assert kept == [("fine", "1"), (None, None), (None, "3")]


@each_form
def test_a_file_that_is_cut_off_is_an_error(form, tmp_path):
    path = tmp_path / "file"
    file = source(pa.table({"p": [f"{row} text" for row in range(50_000)]}), form, path)
    whole = path.read_bytes()
    for size in (10, len(whole) // 2, len(whole) - 12):
        path.write_bytes(whole[:size])
        with pytest.raises(tg.InputError, match=r"file.*: cannot read on") as caught:
            read(WRITERS[form][1](Stream(str(path))), ["p"])
        assert caught.value.code == "bad-file"
    assert file.name == str(path)


def test_an_arrow_file_whose_offsets_lead_nowhere_is_damaged(tmp_path):
    offsets = np.array([0, 5, 3, 900_000], np.int32)
    array = pa.Array.from_buffers(pa.string(), 3, [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"x" * 900_000)])
    file = source(pa.table({"p": array}), "ipc-file", tmp_path / "file")
    with pytest.raises(tg.InputError, match="file, row 0: the file is damaged here or below"):
        read(file, ["p"])


def test_what_is_read_from_its_end_must_be_a_plain_file(tmp_path):
    source(pa.table({"p": ["x"]}), "parquet", tmp_path / "file")
    (tmp_path / "file.gz").write_bytes(gzip.compress((tmp_path / "file").read_bytes()))
    with pytest.raises(tg.InputError, match=r"file.gz is compressed with gzip; Parquet is read from a plain file"):
        Parquet(Stream(str(tmp_path / "file.gz")))
    source(pa.table({"p": ["x"]}), "ipc-file", tmp_path / "ipc")
    (tmp_path / "ipc.gz").write_bytes(gzip.compress((tmp_path / "ipc").read_bytes()))
    with pytest.raises(tg.InputError, match=r"ipc.gz is compressed with gzip; an Arrow file is read from a plain file"):
        ArrowIpc(Stream(str(tmp_path / "ipc.gz"))).names()


def test_arrow_streams_may_be_compressed(tmp_path):
    source(pa.table({"p": ["x"]}), "ipc-stream", tmp_path / "file")
    (tmp_path / "file.gz").write_bytes(gzip.compress((tmp_path / "file").read_bytes()))
    file = ArrowIpc(Stream(str(tmp_path / "file.gz")))
    assert (file.names(), values(file, "p")) == (["p"], ["x"])


def test_csv_keeps_texts_as_they_stand(tmp_path):
    data = b'\xef\xbb\xbfid,p,"long, name"\r\n007,"two\r\nlines ""q""",1e3\r\n,,\r\nNA,null,true\r\n'
    file = csv_source(tmp_path / "a.csv", data)
    assert file.names() == ["id", "p", "long, name"]
    assert texts(file, "id") == ["007", "", "NA"]
    assert texts(file, "p") == ['two\r\nlines "q"', "", "null"]
    assert values(file, "long, name") == ["1e3", "", "true"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_separator_is_found_in_the_first_line(separator, tmp_path):
    data = separator.join(["a", "b", "c"]) + "\n" + separator.join(["1", "2", "3"]) + "\n"
    file = csv_source(tmp_path / "a.csv", data.encode())
    assert file.names() == ["a", "b", "c"]
    assert texts(file, "b") == ["2"]


def test_a_separator_can_be_given(tmp_path):
    file = csv_source(tmp_path / "a.tsv", b"a,x,y\tb\n1\t2\n", "\t")
    assert file.names() == ["a,x,y", "b"]
    assert texts(file, "b") == ["2"]


def test_csv_is_cut_into_batches_of_many_rows(tmp_path):
    data = b"p,r\n" + b"".join(b"text %d,x\n" % row for row in range(40_000))
    file = csv_source(tmp_path / "a.csv", data)
    batches = read(file, ["p"])
    assert [len(batch) for batch in batches] == [16_384, 16_384, 7_232]
    assert batches[2].values("p")[-1] == "text 39999"
    assert [batch.first for batch in read(file, ["p"], 1)] == [16_384, 32_768]
    assert batches[-1].read_bytes == len(data)


def test_a_row_of_csv_with_too_many_values_is_named(tmp_path):
    file = csv_source(tmp_path / "a.csv", b"a,b\n1,2\n1,2,3\n")
    with pytest.raises(
        tg.InputError, match=r"a.csv: cannot read on: CSV parse error: Row #3: Expected 2 columns, got 3"
    ):
        read(file, ["a"])


def test_csv_in_another_encoding_says_where(tmp_path):
    file = csv_source(tmp_path / "a.csv", "a,b\nx,1\ncafé,2\n".encode("latin-1"))
    (batch,) = read(file, ["a"])
    assert list(batch.problems) == [1]
    assert "column 'a' is not UTF-8: byte 4 begins e9" in batch.problems[1]
    file = csv_source(tmp_path / "b.csv", "é,b\nx,1\n".encode("latin-1"))
    with pytest.raises(tg.InputError, match=r"b.csv, at its start: not UTF-8: byte 1 begins e9 2c 62"):
        file.names()


def test_csv_without_a_header(tmp_path):
    for data in (b"", b"\n1,2\n"):
        with pytest.raises(tg.InputError, match="the first line is empty"):
            csv_source(tmp_path / "a.csv", data).names()
    assert read(csv_source(tmp_path / "a.csv", b"a,b\n"), ["a"]) == []


def test_two_csv_columns_of_one_name(tmp_path):
    file = csv_source(tmp_path / "a.csv", b"a,a,b\n1,2,3\n")
    assert texts(file, "b") == ["3"]
    with pytest.raises(tg.InputError, match="two columns are called 'a'"):
        read(file, ["a"])


def test_a_row_of_csv_that_is_too_long(tmp_path):
    file = csv_source(tmp_path / "a.csv", b"a,b\n1,2\n" + b"x" * (20 << 20) + b",2\n")
    with pytest.raises(tg.InputError, match=r"a.csv.*: cannot read on: .*straddl"):
        read(file, ["a"])


@pytest.mark.parametrize(("reader", "what"), [(Parquet, "Parquet"), (ArrowIpc, "Arrow"), (Csv, "CSV")])
def test_without_pyarrow_the_error_says_what_to_install(reader, what, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"a,b\n")
    for name in ("pyarrow", "pyarrow.parquet", "pyarrow.ipc"):
        monkeypatch.setitem(sys.modules, name, None)
    source = reader(Stream(str(tmp_path / "file")))
    with pytest.raises(tg.ConfigError, match=rf"reading .*{what}.* needs packages .*'textgauge\[cli\]'") as caught:
        source.names()
    assert caught.value.code == "missing-package"


def test_pyarrow_is_loaded_by_what_reads_with_it():
    code = "import sys, textgauge.io.sources; print('pyarrow' in sys.modules, 'zstandard' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_compressed_csv(tmp_path):
    file = csv_source(tmp_path / "a.csv.gz", gzip.compress(b"a,b\n1,2\n"))
    assert (file.names(), texts(file, "b")) == (["a", "b"], ["2"])
