"""Files are opened as what they hold, and what cannot be read is said to be what it looks like."""

import bz2
import gzip
import io
import pickle
import sys
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import textgauge as tg
from textgauge.io.arrow import ArrowIpc, Csv, Parquet
from textgauge.io.compressed import Stream
from textgauge.io.sources import (
    FORMATS,
    PARALLEL_FORMATS,
    RECORD_FORMATS,
    _expanded,
    _form,
    open_sources,
    parallel_sources,
)
from textgauge.io.text import FairseqGenerate, KeyedText, ParallelLines

RECORD = b'{"prediction": "a", "reference": "b"}\n'


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def form(here, name, data):
    (here / name).write_bytes(data)
    return _form(Stream(name))


def looks_like(here, name, data):
    (here / name).write_bytes(data)
    with pytest.raises(tg.InputError) as caught:
        open_sources([name])
    assert caught.value.code == "bad-file"
    assert str(caught.value).startswith(name)
    return str(caught.value)


def parquet_bytes():
    file = io.BytesIO()
    pq.write_table(pa.table({"p": ["x"]}), file)
    return file.getvalue()


def arrow_bytes(writer):
    file = io.BytesIO()
    table = pa.table({"p": ["x"]})
    with writer(file, table.schema) as opened:
        opened.write_table(table)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RECORD, "jsonl"),
        (b"\xef\xbb\xbf" + RECORD, "jsonl"),
        (b"\r\n\n  " + RECORD * 3, "jsonl"),
        (RECORD.rstrip(), "jsonl"),
        (b'{"a": "' + b"x" * 200_000 + b'"}', "jsonl"),
        (b'{"messages": [{"role": "user"}], "a": 1}\n', "jsonl"),
        (b'{"data": [{"a": 1}]}\n{"data": []}\n', "jsonl"),
        (b'{"broken": 1,}\n' + RECORD, "jsonl"),
        (b' [\n{"a": 1}]', "json"),
        (b"[]", "json"),
        (parquet_bytes(), "parquet"),
        (arrow_bytes(pa.ipc.new_file), "arrow"),
        (arrow_bytes(pa.ipc.new_stream), "arrow"),
        (b"log\nS-0\tx\nH-0\t-1\ty\n", "fairseq"),
        (b"", "jsonl"),
        (b"\n \n", "jsonl"),
    ],
)
def test_content_says_what_a_file_is(here, data, expected):
    for name in ("part-00000", "data.txt", "misnamed.csv" if data.strip() else "x"):
        assert form(here, name, data) == expected
    for pack in (gzip.compress, bz2.compress):
        assert form(here, "packed", pack(data)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.csv", "csv"), ("a.CSV", "csv"), ("a.tsv.gz", "tsv"), ("x.en.csv.zst", "csv"), ("a.jsonl", "jsonl")],
)
def test_otherwise_the_name_does(here, name, expected):
    assert form(here, name, b"a,b\n1,2\n") == expected


def test_files_are_opened_as_what_they_are(here):
    (here / "a.parquet").write_bytes(parquet_bytes())
    (here / "a.arrow").write_bytes(arrow_bytes(pa.ipc.new_file))
    (here / "a.csv").write_bytes(b"a;b\n1;2\n")
    (here / "a.tsv").write_bytes(b"a;b\tc\n1\t2\n")
    (here / "gen.out").write_bytes(b"H-0\t-1\ty\n")
    sources = open_sources(["a.parquet", "a.arrow", "a.csv", "a.tsv", "gen.out"])
    assert [type(source) for source in sources] == [Parquet, ArrowIpc, Csv, Csv, FairseqGenerate]
    assert [source.names() for source in sources] == [["p"], ["p"], ["a", "b"], ["a;b", "c"], ["id", "prediction"]]


def test_a_form_that_is_given_counts(here):
    (here / "table").write_bytes(b"a,b\n1,2\n")
    (source,) = open_sources(["table"], "csv")
    assert source.names() == ["a", "b"]
    with pytest.raises(tg.ConfigError, match="there is no format 'xlsx'; choose one of jsonl, json, csv") as caught:
        open_sources(["table"], "xlsx")
    assert caught.value.code == "bad-option"
    with pytest.raises(tg.ConfigError, match="the format kaldi needs predictions and references"):
        open_sources(["table"], "kaldi")
    with pytest.raises(tg.ConfigError, match="the format csv is of files that hold predictions and references both"):
        parallel_sources(["table"], ["table"], "csv")
    assert set(FORMATS) == {*RECORD_FORMATS, *PARALLEL_FORMATS}


def xlsx():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (xlsx(), "a ZIP archive (an .xlsx?)"),
        (pickle.dumps([1]), "a pickle"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x93NUMPY\x01\x00", "a NumPy file"),
        (b"PARE....", "an encrypted Parquet file"),
        ("a,b\n".encode("utf-16"), "text in UTF-16"),
        (b"<?xml version='1.0'?>", "XML or HTML"),
        (b"\x00\x01\x02", "binary data that begins 00 01 02"),
        ("café\n".encode("latin-1"), "text that is not UTF-8"),
        (b"one\ntwo\n", "plain text, a line each: give it as --prediction strange, with --reference"),
        ("ü".encode() * 40_000 + b"\nx", "plain text"),
    ],
)
def test_what_cannot_be_read_is_described(here, data, what):
    assert f"strange looks like {what}" in looks_like(here, "strange", data)
    assert f"looks like {what}" in looks_like(here, "strange", gzip.compress(data))


def test_a_table_that_is_none_is_described_whatever_its_name(here):
    assert "a ZIP archive" in looks_like(here, "a.csv", xlsx())


def test_json_objects_that_are_no_lines(here):
    assert "JSON object that stands in several lines" in looks_like(here, "a.json", b'{\n "a": 1\n}\n')
    assert "several lines" in looks_like(here, "a.jsonl", b'{"a": [\n1,\n2]}\n{"a": [\n3]}\n')
    assert "records under 'data'" in looks_like(here, "a.json", b'{"data": [{"a": 1}]}')
    squad = b'{"version": "1.1", "n": 3, "data": [' + b'{"title": "x"},' * 9_000
    assert "jq -c '.data[]'" in looks_like(here, "train.json", squad)


def test_a_file_that_is_not_there(here):
    with pytest.raises(tg.InputError, match=r"cannot read nothing.jsonl: No such file"):
        open_sources(["nothing.jsonl"])
    assert not list(here.iterdir())


def test_standard_input_is_looked_at_and_not_lost(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"H-0\t-1\ty\n"))))
    (source,) = open_sources(["-"])
    (load,) = source.batches(["prediction"])
    assert (source.name, load().texts("prediction")) == ("standard input", ["y"])


def tree(here, *names):
    for name in names:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(RECORD)


def expanded(file, form=None):
    return list(_expanded(file, form))


def test_of_folders_the_data_files_are_read(here):
    tree(
        here,
        "out/part-00001.json",
        "out/part-00000",
        "out/b.jsonl.gz",
        "out/_SUCCESS",
        "out/.part-00000.crc",
        "out/README.md",
        "out/state.json",
        "out/lang=en/part-1.json",
        "out/lang=de/x=1/part-0.json",
        "out/_temporary/part-7.json",
        "out/other/a.jsonl",
    )
    data = ["b.jsonl.gz", "lang=de/x=1/part-0.json", "lang=en/part-1.json", "part-00000", "part-00001.json"]
    assert expanded("out") == [f"out/{name}" for name in data]
    assert "out/README.md" in expanded("out", "jsonl")
    (here / "empty").mkdir()
    with pytest.raises(tg.InputError, match="empty holds no data files"):
        expanded("empty")


def test_patterns(here):
    tree(here, "a/2.jsonl", "a/1.jsonl", "a/_SUCCESS", "b/x=1/3.jsonl", "odd[1].jsonl", "t.txt")
    assert expanded("a/*") == ["a/1.jsonl", "a/2.jsonl"]
    assert expanded("*/**/*.jsonl") == ["a/1.jsonl", "a/2.jsonl", "b/x=1/3.jsonl"]
    assert expanded("b/x=*") == ["b/x=1/3.jsonl"]
    assert expanded("odd[1].jsonl") == ["odd[1].jsonl"]
    assert expanded("t.tx?") == ["t.txt"]
    with pytest.raises(tg.InputError, match=r"no file fits \*.parquet"):
        expanded("*.parquet")


def parallel(here, hyp, ref, form=None):
    for name, data in {**hyp, **ref}.items():
        (here / name).write_text(data)
    (source,) = parallel_sources(list(hyp), list(ref), form)
    return source


def test_files_side_by_side(here):
    assert isinstance(parallel(here, {"a.txt": "x\ny (z)\n"}, {"b.txt": "x\ny\n"}), ParallelLines)
    assert isinstance(parallel(here, {"a.trn": "x (u1)\n"}, {"b.trn": "y (u1)\n"}), KeyedText)
    keyed = parallel(here, {"hyp": "x (u1)\ny (u2)\n\n"}, {"ref": "y (u2)\nx (u1)"})
    assert [load().texts("ref") for load in keyed.batches(["ref"])] == [["y", "x"]]
    assert isinstance(parallel(here, {"hyp": "u1 x\n"}, {"ref": "u1 y\n"}, "kaldi"), KeyedText)
    (here / "data").mkdir()
    keyed = parallel(here, {"data/text": "u1 x\n"}, {"text": "u1 y\n"})
    assert [load().texts("text") for load in keyed.batches(["text"])] == [["y"]]
    (here / "hyp").write_text("")
    assert isinstance(parallel(here, {"hyp": ""}, {"ref": ""}), ParallelLines)


def test_files_side_by_side_that_are_not_alike(here):
    with pytest.raises(tg.InputError, match=r"a.txt as text, text as kaldi; say --input-format"):
        parallel(here, {"a.txt": "x\n"}, {"text": "y\n"})


def test_files_of_records_are_not_lines_side_by_side(here):
    (here / "hyp").write_bytes(parquet_bytes())
    (here / "ref").write_text("x\n")
    with pytest.raises(tg.InputError, match="hyp looks like parquet: give it as FILE, and its columns as --prediction"):
        parallel_sources(["hyp"], ["ref"])
    (here / "hyp").write_bytes(xlsx())
    with pytest.raises(tg.InputError, match="hyp looks like a ZIP archive"):
        parallel_sources(["hyp"], ["ref"])
