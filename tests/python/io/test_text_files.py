"""Plain text gives the records that its lines make, or an error that names the line."""

import io
import sys
from pathlib import Path

import pytest

import textgauge as tg
from textgauge.io.compressed import Stream
from textgauge.io.text import ROWS_AT_ONCE, FairseqGenerate, KeyedText, ParallelLines


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(name, data):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return Stream(name)

    return write


def read(source, columns=None, skip=0):
    columns = source.names() if columns is None else columns
    return [load() for load in source.batches(columns, skip)]


def table(source, columns=None):
    columns = source.names() if columns is None else columns
    batches = read(source, columns)
    return {column: [text for batch in batches for text in batch.texts(column)] for column in columns}


def test_lines_side_by_side(write):
    source = ParallelLines(
        [write("a.hyp", "one\ntwo\u2028zwei\x0b\r\n\n"), write("b.hyp", "\ufeffeins\n\nlast")],
        [write("x.ref", "1\n2\n3\n")],
    )
    assert source.names() == ["a.hyp", "b.hyp", "x.ref"]
    assert table(source) == {
        "a.hyp": ["one", "two\u2028zwei\x0b", ""],
        "b.hyp": ["eins", "", "last"],
        "x.ref": ["1", "2", "3"],
    }
    (batch,) = read(source)
    assert batch.place(1) == "a.hyp and b.hyp and x.ref, line 2"
    assert batch.read_bytes == source.size == sum(Path(name).stat().st_size for name in source.names())


def test_many_lines_come_in_batches_of_the_same_rows(write):
    count = 3 * ROWS_AT_ONCE + 5
    short = "".join(f"{row}\n" for row in range(count))
    long = "".join(f"{row} {'x' * 300}\n" for row in range(count))
    source = ParallelLines([write("short", short)], [write("long", long)])
    batches = read(source)
    assert max(map(len, batches)) <= ROWS_AT_ONCE
    assert table(source)["short"] == [str(row) for row in range(count)]
    assert [text.split()[0] for text in table(source)["long"]] == [str(row) for row in range(count)]
    for skip in (1, 3, len(batches)):
        rest = read(source, skip=skip)
        assert [(batch.first, batch.values("long")) for batch in rest] == [
            (batch.first, batch.values("long")) for batch in batches[skip:]
        ]


def test_a_line_longer_than_a_block(write):
    line = "word " * 2_000_000
    source = ParallelLines([write("hyp", line + "\nx\n")], [write("ref", "a\nb\n")])
    assert table(source) == {"hyp": [line, "x"], "ref": ["a", "b"]}


@pytest.mark.parametrize("more", [1, 100_000])
def test_files_of_different_lengths(write, more):
    source = ParallelLines([write("hyp", "a\n" * 10)], [write("ref", "a\n" * (10 + more)), write("ref2", "a\n" * 10)])
    with pytest.raises(tg.InputError, match=f"hyp has 10, ref has {10 + more}, ref2 has 10") as caught:
        read(source)
    assert caught.value.code == "unequal-lengths"


def test_empty_files_have_no_records(write):
    assert read(ParallelLines([write("hyp", "")], [write("ref", "")])) == []


def test_a_line_that_is_not_utf8_is_a_problem_of_its_row(write):
    source = ParallelLines([write("hyp", b"a\ncaf\xe9 x\nc\n")], [write("ref", "1\n2\n3\n")])
    (batch,) = read(source)
    assert batch.problems == {1: "hyp is not UTF-8: byte 4 begins e9 20 78; texts in other encodings must be converted"}
    assert (batch.texts("hyp"), batch.texts("ref")) == (["a", None, "c"], ["1", None, "3"])


def test_standard_input_may_be_one_of_the_files(write, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\ny\n")))
    source = ParallelLines([Stream("-")], [write("ref", "1\n2\n")])
    assert source.size is None
    assert table(source) == {"-": ["x", "y"], "ref": ["1", "2"]}


def test_a_file_that_is_not_there_has_no_column(write):
    source = ParallelLines([write("hyp", "a\n")], [write("ref", "b\n")])
    with pytest.raises(tg.InputError, match="hyp and ref: no column 'x'; there are hyp, ref"):
        read(source, ["x"])


def test_utterances_of_kaldi_are_matched_by_name(write):
    source = KeyedText(
        [write("hyp", "u2 zwei\u3000mal  \n\nu1\teins\nu3\n")],
        [write("text", "u1 one\nu2 two\nu3 three\n")],
        "kaldi",
    )
    assert table(source) == {
        "id": ["u1", "u2", "u3"],
        "hyp": ["eins", "zwei\u3000mal", ""],
        "text": ["one", "two", "three"],
    }
    assert read(source)[0].place(2) == "text, line 3"


def test_utterances_of_trn_are_matched_by_name(write):
    source = KeyedText(
        [write("a.trn", "(s-2)\nsaid (loud) words (s-1)\r\n"), write("b.trn", "x (s-1)\ny(s-2)\n")],
        [write("ref.trn", "one (s-1) \ntwo (s-2)\n")],
        "trn",
    )
    assert table(source) == {
        "id": ["s-1", "s-2"],
        "a.trn": ["said (loud) words", ""],
        "b.trn": ["x", "y"],
        "ref.trn": ["one", "two"],
    }


@pytest.mark.parametrize(
    ("hyp", "message"),
    [
        ("u1 a\n", "hyp has no utterance 'u2', as ref, line 2"),
        ("u2 a\nu1 a\nu3 b\n", "hyp, line 3: ref has no utterance 'u3'"),
        ("u1 a\nu2 b\nu1 c\n", "hyp, line 3: utterance 'u1' is in line 1 already"),
        (b"u1 a\nu2 \xff\n", "hyp, line 2: not UTF-8: byte 4 begins ff"),
    ],
)
def test_what_is_wrong_with_utterances(write, hyp, message):
    source = KeyedText([write("hyp", hyp)], [write("ref", "u1 x\nu2 y\n")], "kaldi")
    with pytest.raises(tg.InputError, match=message) as caught:
        read(source)
    assert caught.value.code == "bad-file"


def test_a_line_of_trn_without_a_name(write):
    source = KeyedText([write("hyp", "a (u1)\nb\n")], [write("ref", "a (u1)\n")], "trn")
    with pytest.raises(tg.InputError, match="hyp, line 2: no name of an utterance in parentheses"):
        read(source)


FAIRSEQ = """2020-05-01 | INFO | loaded
S-10\tzehn
T-10\tten
H-10\t-0.3\ttenn
D-10\t-0.3\tten .
H-10\t-0.9\tworse
D-10\t-0.9\tworse .
P-10\t-0.1 -0.2
S-2\tzwei
T-2\ttwo\twith a tab
H-2\t-0.2\ttwoo
Generate test with beam=5: BLEU4 = 1
"""


def test_output_of_fairseq(write):
    source = FairseqGenerate(write("gen.out", FAIRSEQ))
    assert table(source) == {
        "id": ["2", "10"],
        "source": ["zwei", "zehn"],
        "reference": ["two\twith a tab", "ten"],
        "prediction": ["twoo", "ten ."],
    }
    (batch,) = read(source)
    assert batch.place(1) == "gen.out, sentence 10"
    assert batch.keys("id")[0] == ['"2"', '"10"']


def test_output_of_fairseq_without_targets(write):
    source = FairseqGenerate(write("gen.out", "H-0\t-1\tx\nH-1\t-1\t\nS-2\ty\n"))
    assert table(source) == {
        "id": ["0", "1", "2"],
        "source": [None, None, "y"],
        "prediction": ["x", "", None],
    }


def test_what_is_wrong_with_output_of_fairseq(write):
    with pytest.raises(tg.InputError, match=r"gen.out, line 2: T-0 is there already"):
        FairseqGenerate(write("gen.out", "T-0\tx\nT-0\tx\n")).names()
    with pytest.raises(tg.InputError, match=r"gen.out has no line like 'H-0'"):
        FairseqGenerate(write("gen.out", "text\n")).names()
