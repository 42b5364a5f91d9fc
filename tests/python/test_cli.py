"""The command line, as users run it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import textgauge as tg
from textgauge.io import json_lines

RECORDS = [
    {"id": "a", "topic": "cats", "prediction": "the cat", "reference": "the cat sat", "n": 1},
    {"id": "b", "topic": "dogs", "prediction": "a dog barks", "reference": ["the dog barked", "dogs bark"], "n": 2},
    {"id": "c", "topic": "cats", "prediction": "cats\u2028sleep\x85x", "reference": "cats sleep", "n": 1},
]
PREDICTIONS = [record["prediction"] for record in RECORDS]
REFERENCES = [record["reference"] for record in RECORDS]
FULL = Path("/dev/full")
PAD = "x" * (3 * json_lines.BLOCK_BYTES // 20_000)


def lines(records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode("utf-8", "surrogatepass")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def run(tmp_path):
    def run(*arguments, stdin=b"", module="textgauge.cli", **environment):
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, **environment},
            check=False,
        )

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines(RECORDS))
    return path


def scores(*names, **options):
    return tg.Scorer(tg.Rouge(*names, **options)).score(PREDICTIONS, REFERENCES)


def failed(run, *words, status=2):
    assert run.returncode == status, run.stderr
    assert run.stdout == b""
    error = run.stderr.decode()
    assert "Traceback" not in error
    assert error.strip().split("\n")[-1].startswith("error: ")
    for word in words:
        assert word in error
    return True


# What comes out


def test_table(run, file):
    done = run("score", file)
    assert done.returncode == 0
    blocks = done.stdout.decode().strip().split("\n\n")
    assert blocks[0] == "all: 3 rows\n" + repr(scores()).partition("\n")[2]
    assert blocks[1].split("\n") == [f"{name}  {signature}" for name, signature in scores().signatures.items()]


def test_guessed_columns_are_told(run, file):
    error = run("score", file).stderr.decode()
    assert f"predictions of {file}: column 'prediction'" in error
    assert f"references of {file}: column 'reference'" in error
    # NIST reads the file once more.
    assert run("score", file, "--metrics", "nist").stderr.decode() == error


@pytest.mark.parametrize(
    ("prediction", "reference"),
    [("Completion", "target"), ("output", "labels"), ("hypothesis", "references"), ("generated_text", "Summary")],
)
def test_guessed_names(run, prediction, reference):
    records = [{"id": 1, prediction: record["prediction"], reference: record["reference"]} for record in RECORDS]
    done = run("score", "-", "--json", stdin=lines(records))
    assert json.loads(done.stdout)["scores"] == scores().corpus
    assert f"predictions of standard input: column {prediction!r}" in done.stderr.decode()


def test_of_several_usual_names_one_is_taken_and_the_others_told(run):
    done = run("score", "-", stdin=lines([{"output": "a", "prediction": "b", "reference": "b"}]))
    assert "column 'prediction' (not output)" in done.stderr.decode()


def test_named_columns_are_not_guessed(run, file):
    done = run("score", file, "--prediction", "topic", "--reference", "id", "--json")
    assert done.returncode == 0
    assert done.stderr == b""
    assert json.loads(done.stdout)["scores"]["rouge1.f"] == 0.0


def test_json(run, file):
    document = json.loads(run("score", file, "--json", "--metrics", "rouge1, rougeLsum").stdout)
    expected = scores("rouge1", "rougeLsum")
    assert document == {
        "rows": 3,
        "nulls": 0,
        "scores": expected.corpus,
        "signatures": expected.signatures,
        "sacrebleu": {},
    }


def test_options(run, file):
    options = ["--metrics", "rouge2", "--stemmer", "porter", "--tokenizer", "words", "--threads", "1"]
    document = json.loads(run("score", file, "--json", *options).stdout)
    assert document["scores"] == scores("rouge2", stemmer="porter", tokenizer="words").corpus


def test_groups(run, file):
    done = run("score", file, "--by", "topic", "--json")
    document = json.loads(done.stdout)
    groups = tg.Scorer(tg.Rouge()).aggregate(PREDICTIONS, REFERENCES, by=["cats", "dogs", "cats"])
    assert document["groups"] == [
        {"key": key, "rows": part.rows, "nulls": 0, "scores": part.corpus} for key, part in groups.items()
    ]
    assert document["scores"] == scores().corpus
    table = run("score", file, "--by", "topic").stdout.decode().split("\n\n")[0].splitlines()
    assert table[0].split() == ["topic", "rows", "rouge1", "rouge2", "rougeL"]
    assert [line.split()[:2] for line in table[1:]] == [["cats", "2"], ["dogs", "1"], ["all", "3"]]


def test_keys_are_shown_safely(run):
    records = [{"prediction": "a", "reference": "a", "k": key} for key in ("\x1b[31mred", "東", 1.5, None)]
    done = run("score", "-", "--by", "k", stdin=lines(records))
    keys = [line.split()[0] for line in done.stdout.decode().split("\n\n")[0].splitlines()]
    assert keys == ["k", '"\\u001b[31mred"', "東", "1.5", "null", "all"]
    done = run("score", "-", "--by", "k", stdin=lines(records), PYTHONIOENCODING="latin-1")
    assert b"\n\\u6771 " in done.stdout


@pytest.mark.parametrize("form", ["table", "markdown", "latex", "csv", "json"])
def test_formats(run, file, form):
    done = run("score", file, "--metrics", "rouge1,bleu", "--by", "topic", "--format", form)
    assert done.returncode == 0
    text = done.stdout.decode()
    aggregate = tg.Scorer(["rouge1", "bleu"]).aggregate(PREDICTIONS, REFERENCES)
    shown = [f"{aggregate.corpus['rouge1.f']:.4f}", f"{aggregate.corpus['bleu']:.2f}"]
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        of_all = {row["column"]: row for row in rows if row["topic"] == "all"}
        assert {column: float(row["score"]) for column, row in of_all.items()} == aggregate.corpus
        assert {of_all[column]["signature"] for column in ("rouge1.f", "bleu.bp")} == {*aggregate.signatures.values()}
        return
    if form == "json":
        assert json.loads(text)["scores"] == aggregate.corpus
        return
    assert all(signature in text for signature in aggregate.signatures.values())
    for_papers = "bleu (sacrebleu)" in text and aggregate.sacrebleu_signatures["bleu"] in text
    assert for_papers == (form in ("markdown", "latex"))
    rows = {
        "table": ["all", "3", *shown],
        "markdown": ["|", "all", "|", "3", "|", shown[0], "|", shown[1], "|"],
        "latex": ["all", "&", "3", "&", shown[0], "&", shown[1], r"\\"],
    }
    assert rows[form] in [line.split() for line in text.splitlines()]


def test_a_format_that_is_not_there(run, file):
    done = run("score", file, "--format", "markdwon")
    assert done.returncode == 2
    assert b"did you mean 'markdown'?" in done.stderr


def test_details_print_every_number(run, file):
    text = run("score", file, "--metrics", "wer", "--details").stdout.decode()
    lines = [line.split() for line in text.splitlines()]
    for column, score in tg.Scorer("wer").aggregate(PREDICTIONS, REFERENCES).corpus.items():
        assert [column, f"{score:.4f}" if column == "wer" and not score.is_integer() else f"{score:,.0f}"] in lines


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows(run, file, tmp_path, name):
    done = run("score", file, "--out", name, "--by", "topic")
    assert done.returncode == 0
    data = (tmp_path / name).read_bytes()
    rows = [json.loads(line) for line in (gzip.decompress(data) if name.endswith("gz") else data).splitlines()]
    expected = scores()
    assert rows == [
        {"row": row, "id": "abc"[row], **{column: expected[column][row] for column in expected}} for row in range(3)
    ]
    assert names(tmp_path) == sorted(["in.jsonl", name, f"{name}.signatures.json"])
    assert json.loads((tmp_path / f"{name}.signatures.json").read_text()) == tg.Scorer(tg.Rouge()).signatures
    run("score", file, "--out", name, "--by", "topic")
    assert (tmp_path / name).read_bytes() == data


def test_rows_without_ids_and_without_scores(run, tmp_path):
    records = [{"prediction": None, "reference": "a"}, {"prediction": "a", "reference": "a"}]
    done = run(
        "score", "-", "--nulls", "propagate", "--metrics", "rouge1", "--out", "rows", "--json", stdin=lines(records)
    )
    rows = [json.loads(line) for line in (tmp_path / "rows").read_text().splitlines()]
    assert rows == [
        {"row": 0, "rouge1.p": None, "rouge1.r": None, "rouge1.f": None},
        {"row": 1, "rouge1.p": 1.0, "rouge1.r": 1.0, "rouge1.f": 1.0},
    ]
    document = json.loads(done.stdout)
    assert (document["rows"], document["nulls"], document["scores"]["rouge1.f"]) == (1, 1, 1.0)


def test_json_has_no_nan(run, tmp_path):
    records = [{"id": float("nan"), "k": float("inf"), "prediction": "a", "reference": "a"}]
    done = run("score", "-", "--out", "rows", "--by", "k", "--json", stdin=lines(records))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["groups"][0]["key"] is None
    assert '"id": null' in (tmp_path / "rows").read_text()


def test_no_scored_row(run):
    done = run("score", "-", "--nulls", "propagate", "--json", stdin=lines([{"prediction": None, "reference": "a"}]))
    assert set(json.loads(done.stdout)["scores"].values()) == {None}


def test_groups_show_their_rows_without_a_score(run):
    records = [{"k": "x", "prediction": None, "reference": "a"}, {"k": "x", "prediction": "a", "reference": "a"}]
    records += [{"k": "y", "prediction": "a", "reference": "a"}]
    arguments = ["score", "-", "--nulls", "propagate", "--by", "k", "--metrics", "exact_match"]
    table = [line.split() for line in run(*arguments, stdin=lines(records)).stdout.decode().splitlines()]
    assert table[:2] == [["k", "rows", "unscored", "exact_match"], ["x", "1", "1", "1.0000"]]
    assert table[2:4] == [["y", "1", "0", "1.0000"], ["all", "2", "1", "1.0000"]]
    assert b"unscored" not in run(*arguments, stdin=lines(records[1:])).stdout


def test_nulls_as_empty(run):
    records = [{"prediction": None, "reference": "a"}, {"prediction": "a", "reference": "a"}]
    document = json.loads(run("score", "-", "--nulls", "empty", "--json", stdin=lines(records)).stdout)
    assert document["scores"]["rouge1.f"] == 0.5


def test_metrics(run):
    done = run("metrics")
    assert [line.split()[0] for line in done.stdout.decode().splitlines()] == [
        metric.name for metric in tg.list_metrics()
    ]


def test_version(run):
    assert run("--version").stdout.decode().strip() == tg.__version__


def test_no_progress_bar_in_a_pipe(run, file):
    done = run("score", file, "--prediction", "prediction", "--reference", "reference")
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
    assert b"%" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_progress_bar_on_a_terminal(file):
    import pty

    leader, follower = pty.openpty()
    call = [sys.executable, "-m", "textgauge.cli", "score", str(file), "--json"]
    environment = {**os.environ, "TERM": "xterm"}
    done = subprocess.run(call, stdout=subprocess.PIPE, stderr=follower, env=environment, check=False)
    os.close(follower)
    seen = b""
    try:
        while data := os.read(leader, 4096):
            seen += data
    except OSError:  # Linux: the terminal has no more writers
        pass
    os.close(leader)
    assert done.returncode == 0
    assert json.loads(done.stdout)["rows"] == 3
    assert b"3 rows" in seen
    assert b"100 %" in seen


# What goes in


def test_gzip_and_standard_input(run, file, tmp_path):
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    expected = run("score", file).stdout
    assert run("score", packed).stdout == expected
    assert run("score", "-", stdin=file.read_bytes()).stdout == expected
    assert run("score", "-", stdin=packed.read_bytes()).stdout == expected


def test_blank_lines_byte_order_mark_and_missing_last_line_end(run, file):
    data = b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n\r\n  \n").rstrip()
    assert run("score", "-", stdin=data).stdout == run("score", file).stdout


def test_lone_surrogates(run):
    data = b'{"prediction": "\\ud800 a", "reference": "a \\udfff", "k": "\\ud800"}\n'
    done = run("score", "-", "--by", "k", "--json", "--metrics", "rouge1", stdin=data)
    assert json.loads(done.stdout)["scores"]["rouge1.f"] == 1.0
    assert json.loads(done.stdout)["groups"][0]["key"] == "\ud800"
    assert run("score", "-", "--by", "k", stdin=data).returncode == 0


def test_more_records_than_are_read_at_once(run, tmp_path):
    count = 20_005
    records = (
        {"pad": PAD, "k": i % 2, "prediction": f"w{i % 7} w{i % 5}", "reference": f"w{i % 3} w{i % 5}"}
        for i in range(count)
    )
    done = run("score", "-", "--json", "--by", "k", "--out", "rows", stdin=lines(records))
    document = json.loads(done.stdout)
    texts = [f"w{i % 7} w{i % 5}" for i in range(count)], [f"w{i % 3} w{i % 5}" for i in range(count)]
    result = tg.Scorer(tg.Rouge()).score(*texts)
    assert document["scores"] == result.corpus
    assert [group["rows"] for group in document["groups"]] == [count - count // 2, count // 2]
    rows = [json.loads(line) for line in (tmp_path / "rows").read_text().splitlines()]
    assert [row["row"] for row in rows] == list(range(count))
    assert [row["rougeL.f"] for row in rows] == result["rougeL.f"].tolist()


# What goes wrong


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"prediction": "a"', "not JSON"),
        (b'{"prediction": "a", "reference": "\xff"}', "not UTF-8 at column 35"),
        (b"[1, 2]", "a JSON list, not an object"),
        (b"7", "a JSON number, not an object"),
        (b"[" * 100_000, "too many lists and objects in each other"),
        (b'{"prediction": "a"}', "reference in row 1 is missing"),
        (b'{"prediction": 7, "reference": "a"}', "the prediction in row 1 is a int"),
        (b'{"prediction": null, "reference": "a"}', "the prediction in row 1 is missing"),
        (b'{"prediction": "a", "reference": []}', "row 1 has an empty list of references"),
        (b'{"prediction": "a", "reference": ["a", 7]}', "the reference number 1 in row 1 is a int"),
    ],
)
def test_bad_lines(run, tmp_path, line, words):
    (tmp_path / "bad.jsonl").write_bytes(b'{"prediction": "a", "reference": "a"}\n\n' + line + b"\n")
    done = run("score", "bad.jsonl", "--out", "rows")
    assert failed(done, "bad.jsonl, line 3: ", words)
    assert names(tmp_path) == ["bad.jsonl"]


def test_bad_line_far_down(run):
    good = 15_000
    records = [{"prediction": "a", "reference": "a", "pad": PAD}] * good + [{"prediction": 7, "reference": "a"}]
    assert failed(run("score", "-", stdin=lines(records)), f"standard input, line {good + 1}: ", f"in row {good} is")


def test_bad_keys(run, file):
    assert failed(run("score", file, "--by", "nope"), "in.jsonl: no column 'nope'; there are id, topic, ")
    assert failed(run("score", file, "--by", "a..b"), "column 'a..b' is no path")


def test_missing_columns(run, file):
    assert failed(run("score", file, "--prediction", "nope"), "no column 'nope'; there are id, topic, prediction")
    done = run("score", "-", stdin=lines([{"said": "a", "reference": "a"}]))
    assert failed(done, "which column holds the prediction? Say --prediction; there are said, reference")


@pytest.mark.parametrize("data", [b"", b"\n \n", gzip.compress(b"", mtime=0)])
def test_empty_file(run, tmp_path, data):
    (tmp_path / "empty").write_bytes(data)
    assert failed(run("score", "empty", "--out", "rows"), "empty has no records")
    assert names(tmp_path) == ["empty"]


def test_unreadable_files(run, tmp_path, file):
    assert failed(run("score", "nope.jsonl"), "cannot read nope.jsonl")
    (tmp_path / "void").mkdir()
    assert failed(run("score", "void"), "void holds no data files")
    packed = gzip.compress(file.read_bytes() * 100)
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])
    assert failed(run("score", "cut.gz"), "cut.gz: after ", "the gzip archive breaks off")


def test_unwritable_file(run, file):
    assert failed(run("score", file, "--out", "nowhere/rows"), "cannot write nowhere/rows")


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")
def test_a_file_is_replaced_where_it_is(run, file, tmp_path):
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "rows", tmp_path / "rows"
    link.symlink_to(target)
    assert run("score", file, "--out", "rows").returncode == 0
    (tmp_path / "new").touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE((tmp_path / "new").stat().st_mode)
    target.write_text("old")
    target.chmod(0o640)
    assert run("score", file, "--out", "rows").returncode == 0
    assert link.is_symlink()
    assert len(target.read_text().splitlines()) == 3
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(target.parent) == ["rows"]


@pytest.mark.skipif(sys.platform == "win32", reason="devices and pipes of POSIX")
def test_devices_and_pipes_are_written_to(run, file, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert run("score", file, "--out", "pipe").returncode == 0
        if not stat.S_ISFIFO(pipe.stat().st_mode):
            reader.kill()  # it waits for the pipe that is gone
        assert len(reader.communicate(timeout=60)[0].splitlines()) == 3
    # A link: a mistake of the command must not cost the machine its null device.
    null = tmp_path / "null"
    null.symlink_to(os.devnull)
    assert run("score", file, "--out", "null").returncode == 0
    assert null.is_symlink()
    assert stat.S_ISCHR(null.stat().st_mode)
    assert run("score", file, "--out", "null", "--aggregate", "null").returncode == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "in.jsonl"],
        ["--aggregate", "folder/../in.jsonl"],
        ["--out", "new", "--aggregate", "./new"],
        ["--out", "."],
        ["--aggregate", "folder"],
    ],
)
def test_each_file_is_one_of_its_own(run, file, tmp_path, options):
    (tmp_path / "folder").mkdir()
    before = file.read_bytes()
    assert failed(run("score", "in.jsonl", *options), f"error: cannot write {options[-1].removeprefix('./')}: ")
    assert file.read_bytes() == before
    assert names(tmp_path) == ["folder", "in.jsonl"]


@pytest.mark.usefixtures("file")
def test_unfinished_files_of_others_are_left_alone(tmp_path):
    # A killed run can have had the very process number of this one, as happens in containers.
    code = (
        "import os, pathlib, sys; pathlib.Path(f'.rows.{os.getpid()}.part').write_text('old');"
        "sys.argv = ['textgauge', 'score', 'in.jsonl', '--out', 'rows'];"
        "from textgauge.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    [left] = tmp_path.glob(".rows.*.part")
    assert left.read_text() == "old"
    assert len((tmp_path / "rows").read_text().splitlines()) == 3


@pytest.mark.usefixtures("file")
@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "in.jsonl"],
        ["score", "in.jsonl", "--json"],
        ["jiwer", "-r", "in.jsonl", "-h", "in.jsonl"],
        ["metrics"],
        ["--version"],
    ],
)
def test_full_disk(tmp_path, arguments):
    call = [sys.executable, "-m", "textgauge.cli", *arguments]
    with FULL.open("wb") as full:
        done = subprocess.run(call, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().endswith("error: cannot write standard output: No space left on device\n")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--metrics", "rouge1,blue"], "no metric"),
        (["--metrics", "rouge1,rouge1"], "same"),
        (["--stemmer", "snowball"], "must be one of none, porter"),
        (["--tokenizer", "moses"], "must be one of rouge, "),
        (["--nulls", "skip"], "choose one of 'error', "),
        (["--threads", "0"], "threads is 0"),
    ],
)
def test_bad_options(run, file, options, words):
    done = run("score", file, *options)
    failed(done, words if words != "same" else "rouge1.p")


@pytest.mark.parametrize(
    "arguments", [["merge"], ["score", "x", "--nope"], ["nope"], ["score", "x", "--threads", "many"]]
)
def test_wrong_usage(run, arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert b"Usage: textgauge" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c(tmp_path):
    call = [sys.executable, "-m", "textgauge.cli", "score", "-", "--out", "rows"]
    process = subprocess.Popen(
        call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    process.stdin.write(lines([{"prediction": "a", "reference": "a", "pad": PAD}] * 20_000))
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while not names(tmp_path):  # the unfinished file is there: the command is at work
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == b""
    assert b"Traceback" not in error
    assert names(tmp_path) == []


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize("package", ["click", "rich"])
def test_without_the_extra(tmp_path, package):
    (tmp_path / f"{package}.py").write_text(f"raise ModuleNotFoundError('no', name={package!r})")
    code = (
        "import sys; sys.stderr.isatty = lambda: True; sys.argv = ['textgauge', 'score', 'in.jsonl'];"
        "from textgauge.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith('the command line needs more packages: pip install "textgauge[cli]"\n')
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize(
    ("arguments", "threads"), [(["score", "in.jsonl"], "1"), (["sacrebleu", "in.jsonl", "-i", "in.jsonl"], "None")]
)
def test_blas_starts_no_threads_but_for_the_tests_of_sacrebleu(tmp_path, arguments, threads):
    code = (
        "import atexit, os, sys; from textgauge.cli import main; assert 'numpy' not in sys.modules;"
        "atexit.register(lambda: sys.stderr.write(str(os.environ.get('OPENBLAS_NUM_THREADS'))));"
        f"sys.argv = ['textgauge', *{arguments}]; main()"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=environment, check=True
    )
    assert done.stderr.endswith(threads)


def test_commands_are_listed_under_their_own_names():
    from textgauge.cli.app import app

    names = app.list_commands(None)
    assert [app.get_command(None, name).name for name in names] == names


def test_nist_learns_from_the_whole_file(run, tmp_path):
    # So many rows that they are scored in parts.
    rows = 20_001
    records = [{"prediction": f"a b {row % 7}", "reference": f"a {row % 5} b", "pad": PAD} for row in range(rows)]
    path = tmp_path / "many.jsonl"
    path.write_bytes(lines(records))
    expected = tg.Scorer("nist").score(*([record[name] for record in records] for name in ("prediction", "reference")))
    outcome = run("score", path, "--metrics", "nist", "--json")
    assert outcome.returncode == 0, outcome.stderr
    assert expected.corpus["nist"] > 1
    assert json.loads(outcome.stdout)["scores"] == expected.corpus
    assert json.loads(outcome.stdout)["signatures"] == expected.signatures


def test_nist_cannot_read_standard_input(run):
    outcome = run("score", "-", "--metrics", "nist", stdin=lines(RECORDS))
    assert outcome.returncode == 2
    assert b"name a file" in outcome.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_nist_cannot_read_a_pipe(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert failed(run("score", "pipe", "--metrics", "nist"), "nist reads references twice, which pipe cannot be")


@pytest.mark.parametrize("metric", tg.list_metrics(), ids=lambda metric: metric.name)
def test_a_metric_has_a_page(metric):
    from click.testing import CliRunner

    from textgauge.cli.app import app

    done = CliRunner().invoke(app, ["metrics", metric.name])
    assert done.exit_code == 0
    assert metric.summary in done.stdout
    assert metric.source in done.stdout
    for output in metric.outputs:
        assert f"{metric.name}.{output.part}".rstrip(".") in done.stdout
    for option in metric.options:
        assert f"\n  {option.name}\n" in done.stdout
    assert max(map(len, done.stdout.splitlines()[3:])) <= 80


def test_a_page_that_is_not_there_offers_the_nearest():
    from click.testing import CliRunner

    from textgauge.cli.app import app

    done = CliRunner().invoke(app, ["metrics", "rogueL"])
    assert done.exit_code == 2
    assert "did you mean 'rougeL'?" in done.output
