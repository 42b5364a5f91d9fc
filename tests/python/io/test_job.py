"""Files as the command line scores them: every format in and out, long jobs, rows that cannot be scored."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from pyarrow import csv as arrow_csv

import textgauge as tg
from textgauge.io.job import Choice, Job
from textgauge.io.sources import open_sources

ROWS = [
    {"id": "a", "task": "cats", "prediction": "the cat", "reference": "the cat sat"},
    {"id": "b", "task": "dogs", "prediction": 'a "dog", barks\nloud', "reference": "the dog barked"},
    {"id": "c", "task": "cats", "prediction": "naïve café ☕", "reference": "naive cafe ☕"},
    {"id": "d", "task": "dogs", "prediction": "", "reference": "not a word"},
]
SCORER = tg.Scorer(["rouge1", "bleu"])
EXPECTED = SCORER.score([row["prediction"] for row in ROWS], [row["reference"] for row in ROWS])


def write(path, rows=ROWS):
    name = path.name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif name.endswith((".arrow", ".feather")):
        feather.write_feather(pa.Table.from_pylist(rows), path)
    elif name.endswith((".csv", ".tsv")):
        options = arrow_csv.WriteOptions(delimiter="\t" if name.endswith(".tsv") else ",")
        arrow_csv.write_csv(pa.Table.from_pylist(rows), path, options)
    elif name.endswith(".json"):
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    else:
        path.write_bytes(packed(name, "".join(json.dumps(row) + "\n" for row in rows).encode()))
    return path


def packed(name, data):
    import bz2
    import lzma

    import zstandard

    packs = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstandard.compress}
    return packs.get("." + name.rpartition(".")[2], bytes)(data)


def unpacked(path):
    import bz2
    import lzma

    import zstandard

    data = path.read_bytes()
    packs = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}
    packs[".zst"] = lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()
    return packs.get(path.suffix, bytes)(data).decode()


def read(path):
    """What was written, as columns of Python values; NaN as None."""
    name = path.name
    if name.endswith(".parquet"):
        columns = pq.read_table(path).to_pydict()
    elif name.endswith((".arrow", ".feather")):
        columns = pa.ipc.open_file(path).read_all().to_pydict()
    elif ".csv" in name or ".tsv" in name:
        rows = list(csv.DictReader(io.StringIO(unpacked(path)), delimiter="\t" if ".tsv" in name else ","))
        columns = {key: [row[key] for row in rows] for key in rows[0]}
        numbers = [key for key in columns if key not in ("id", "task", "prediction")]
        columns |= {key: [float(value) if value else None for value in columns[key]] for key in numbers}
    else:
        rows = [json.loads(line) for line in unpacked(path).splitlines()]
        columns = {key: [row[key] for row in rows] for key in rows[0]}
    return {key: [None if value != value else value for value in values] for key, values in columns.items()}


@pytest.fixture
def run(tmp_path):
    def run(*arguments, stdin=b"", status=0):
        done = subprocess.run(
            [sys.executable, "-m", "textgauge.cli", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == status, done.stderr.decode()
        return done

    return run


IN = ["jsonl", "jsonl.gz", "jsonl.bz2", "jsonl.xz", "jsonl.zst", "json", "csv", "tsv", "parquet", "arrow"]
OUT = ["jsonl", "jsonl.zst", "jsonl.xz", "jsonl.bz2", "csv", "tsv.gz", "parquet", "arrow"]


@pytest.mark.parametrize("given", IN)
def test_every_format_in_and_out(tmp_path, run, given):
    file = write(tmp_path / f"in.{given}")
    results = []
    for name in (f"out.{ending}" for ending in OUT):
        out = tmp_path / name
        done = run(
            "score", file, "--metrics", "rouge1,bleu", "--out", out, "--keep", "task", "--json", "--quiet", "--no-check"
        )
        assert done.stderr == b""
        results.append(json.loads(done.stdout))
        columns = read(out)
        assert list(columns) == ["row", "id", "task", *SCORER.columns]
        assert columns["row"] == [0, 1, 2, 3]
        assert columns["id"] == [row["id"] for row in ROWS]
        assert columns["task"] == [row["task"] for row in ROWS]
        for column in SCORER.columns:
            assert columns[column] == EXPECTED[column].tolist(), (name, column)
        if name.endswith((".parquet", ".arrow")):
            schema = pq.read_schema(out) if name.endswith(".parquet") else pa.ipc.open_file(out).schema
            signatures = json.loads(schema.metadata[b"textgauge"])
        else:
            signatures = json.loads((tmp_path / f"{name}.signatures.json").read_text())
        assert signatures == SCORER.signatures
    assert all(result == results[0] for result in results)
    assert results[0]["scores"] == EXPECTED.corpus


@pytest.mark.parametrize("given", ["in.jsonl", "in.json", "in.csv", "in.parquet", "in.arrow"])
def test_groups_and_conditions(tmp_path, run, given):
    file = write(tmp_path / given)
    document = json.loads(run("score", file, "--metrics", "bleu", "--by", "task", "--json").stdout)
    assert [(group["key"], group["rows"]) for group in document["groups"]] == [("cats", 2), ("dogs", 2)]
    out = tmp_path / "out.jsonl"
    done = run("score", file, "--metrics", "rouge1", "--where", "task=dogs", "--json", "--out", out)
    assert json.loads(done.stdout)["rows"] == 2
    assert read(out)["row"] == [1, 3]
    assert read(out)["rouge1.f"] == EXPECTED["rouge1.f"].tolist()[1::2]
    done = run("score", file, "--metrics", "rouge1", "--where", "task!=dogs", "--where", "id!=a", "--json")
    assert json.loads(done.stdout)["rows"] == 1
    done = run("score", file, "--metrics", "rouge1", "--where", "task=birds", "--json", "--out", out)
    assert json.loads(done.stdout)["rows"] == 0
    assert b"warning: no row was scored that fits --where task=birds" in done.stderr
    assert out.read_bytes() == b""


def test_types_of_keys_are_kept_apart(tmp_path, run):
    rows = [{**ROWS[0], "key": key} for key in (1, True, "1", 1.0, None, "true", [1], {"b": 1, "a": 2})]
    file = write(tmp_path / "in.jsonl", rows)
    document = json.loads(run("score", file, "--by", "key", "--json").stdout)
    keys = [group["key"] for group in document["groups"]]
    assert list(map(repr, keys)) == list(map(repr, [1, True, "1", 1.0, None, "true", [1], {"a": 2, "b": 1}]))
    assert json.loads(run("score", file, "--where", "key=1", "--json").stdout)["rows"] == 1
    assert json.loads(run("score", file, "--where", 'key="1"', "--json").stdout)["rows"] == 1


@pytest.mark.parametrize("given", ["in.jsonl", "in.json", "in.parquet", "in.arrow"])
def test_nested_columns_ragged_references_and_missing_keys(tmp_path, run, given):
    rows = [
        {"answers": {"text": ["the cat", "a cat"]}, "response": {"choices": [{"text": "the cat"}]}},
        {"answers": {"text": ["it rains"]}, "response": {"choices": [{"text": "it snows"}, {"text": "no"}]}},
        {"answers": {"text": ["x", "y", "z"]}, "response": None},
    ]
    file = write(tmp_path / given, rows)
    columns = ("--prediction", "response.choices[0].text", "--reference", "answers.text")
    done = run("score", file, *columns, "--nulls", "propagate", "--metrics", "rouge1", "--json")
    document = json.loads(done.stdout)
    assert (document["rows"], document["nulls"]) == (2, 1)
    expected = tg.Scorer("rouge1").aggregate(["the cat", "it snows"], [["the cat", "a cat"], ["it rains"]])
    assert document["scores"] == expected.corpus
    done = run("score", file, *columns, status=2)
    assert b"row 2" in done.stderr
    assert b"in." in done.stderr


def test_texts_side_by_side(tmp_path, run):
    texts = {"base.txt": "a b c\nd e\n", "new.txt": "a b d\nd e f\n"}
    texts |= {"one.txt": "a b c d\nd e f\n", "two.txt": "a b\nd\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    systems = ("--prediction", "base.txt", "--prediction", "new.txt")
    references = ("--reference", "one.txt", "--reference", "two.txt", "--metrics", "bleu")
    done = run("score", *systems, *references, "--json", "--out", "out.jsonl")
    document = json.loads(done.stdout)
    scorer = tg.Scorer("bleu")
    for system in document["systems"]:
        predictions = texts[f"{system['name']}.txt"].splitlines()
        expected = scorer.aggregate(predictions, [["a b c d", "a b"], ["d e f", "d"]])
        assert system["scores"] == expected.corpus
    assert [system["name"] for system in document["systems"]] == ["base", "new"]
    columns = read(tmp_path / "out.jsonl")
    assert {"row", "base.bleu", "new.bleu"} <= columns.keys()
    table = run("score", *systems, *references).stdout.decode()
    assert table.splitlines()[0].split() == ["system", "rows", "bleu"]
    done = run("compare", *systems, *references, "--json")
    assert json.loads(done.stdout)["rows"] == 2


def test_sentences(tmp_path, run):
    rows = [{"prediction": ["the cat sat", "it slept"], "reference": ["a cat sat", "it slept well"]}]
    file = write(tmp_path / "in.jsonl", rows)
    done = run("score", file, "--metrics", "rougeLsum", "--sentences", "given", "--json")
    expected = tg.Scorer("rougeLsum").aggregate(["the cat sat\nit slept"], ["a cat sat\nit slept well"])
    assert json.loads(done.stdout)["scores"] == expected.corpus
    assert b"line 1: the prediction in row 0 is a list" in run("score", file, status=2).stderr
    assert b"pass --sentences given" in run("score", file, status=2).stderr

    rows = [
        {"p": ["the cat sat"], "one": ["a cat sat", "it slept"], "two": [["a dog"], ["the cat", "sat"]], "none": None}
    ]
    file = write(tmp_path / "several.jsonl", rows)
    columns = [option for name in ("one", "two", "none") for option in ("--reference", name)]
    done = run("score", file, "--prediction", "p", *columns, "--metrics", "rougeLsum", "--sentences", "given", "--json")
    references = [["a cat sat\nit slept", "a dog", "the cat\nsat"]]
    expected = tg.Scorer("rougeLsum").aggregate(["the cat sat"], references)
    assert json.loads(done.stdout)["scores"] == expected.corpus


def test_options_that_do_not_go_together(tmp_path, run):
    file = write(tmp_path / "in.jsonl")
    for options, words in [
        (("--errors", 3, "--metrics", "wer", "--sentences", "given"), "not in lists of sentences"),
        (("--aggregate", "sums", "--prediction", "prediction", "--prediction", "reference"), "the sums of one system"),
        (("--sentences", "words"), "choose one of lines, given"),
        (("--where", "=3"), "a condition is COLUMN=VALUE"),
        (("--input-format", "xml"), "there is no format 'xml'"),
        (("--input-format", "trn"), "needs predictions and references in files side by side"),
    ]:
        assert words in run("score", file, *options, status=2).stderr.decode()
    assert b"name a FILE of records" in run("score", status=2).stderr
    assert b"nothing to compare with" in run("compare", file, status=2).stderr


# Rows that cannot be scored.


def spoilt(tmp_path):
    lines = [json.dumps(row) for row in ROWS]
    lines.insert(1, '{"prediction": "cut o')
    lines.insert(3, '{"prediction": 5, "reference": "five"}')
    lines.append("[1, 2]")
    lines.append('{"id": "z", "prediction": "no reference"}')
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_bad_row_ends_the_job_and_says_where(tmp_path, run):
    out = tmp_path / "out.jsonl"
    done = run("score", spoilt(tmp_path), "--out", out, status=2)
    assert b"line 2: not JSON" in done.stderr
    assert not out.exists()


def test_bad_rows_are_skipped(tmp_path, run):
    file, out, rejected = spoilt(tmp_path), tmp_path / "out.jsonl", tmp_path / "rejected.jsonl"
    done = run(
        "score", file, "--on-error", "skip", "--out", out, "--rejected", rejected, "--metrics", "rouge1,bleu", "--json"
    )
    assert json.loads(done.stdout)["scores"] == EXPECTED.corpus
    assert b"rows skipped: 4" in done.stderr
    columns = read(out)
    assert columns["row"] == [0, 2, 4, 5]
    assert columns["id"] == ["a", "b", "c", "d"]
    assert columns["bleu"] == EXPECTED["bleu"].tolist()
    left_out = [json.loads(line) for line in rejected.read_text().splitlines()]
    assert [row["row"] for row in left_out] == [1, 3, 6, 7]
    assert [row["place"].rpartition(", ")[2] for row in left_out] == ["line 2", "line 4", "line 7", "line 8"]
    assert [row["code"] for row in left_out] == ["bad-file", "wrong-type", "bad-file", "missing-text"]


def test_bad_rows_have_no_score(tmp_path, run):
    file, out = spoilt(tmp_path), tmp_path / "out.jsonl"
    done = run("score", file, "--on-error", "null", "--out", out, "--metrics", "rouge1,bleu", "--json")
    document = json.loads(done.stdout)
    assert (document["rows"], document["nulls"]) == (4, 4)
    assert document["scores"] == EXPECTED.corpus
    columns = read(out)
    assert columns["row"] == list(range(8))
    assert [row for row, score in enumerate(columns["bleu"]) if score is None] == [1, 3, 6, 7]


def test_rows_are_looked_at_once_though_another_system_fails(tmp_path, run):
    rows = [{"base": "a x", "new": "a y", "reference": "a b"} for _ in range(3)]
    rows[1]["new"] = 5
    file = write(tmp_path / "in.jsonl", rows)
    systems = ("--prediction", "base", "--prediction", "new", "--metrics", "wer", "--errors", 9)
    done = run("score", file, *systems, "--on-error", "skip", "--json")
    found = json.loads(done.stdout)["errors"]["substitutions"]
    assert [(each["prediction"], each["count"]) for each in found] == [("x", 2), ("y", 2)]


@pytest.mark.parametrize("policy", ["stop", ""])
def test_a_policy_that_is_not_there(tmp_path, run, policy):
    done = run("score", write(tmp_path / "in.jsonl"), "--on-error", policy, status=2)
    assert b"choose one of fail, skip, null" in done.stderr


# Long jobs.


def start(folder, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "textgauge.cli", "score", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
    )


def long_job(folder, rows):
    """A file that takes a while: many small row groups of long texts."""
    generator = random.Random(7)
    words = [f"word{number}" for number in range(300)]
    texts = [" ".join(generator.choices(words, k=120)) for _ in range(400)]
    path = folder / "in.parquet"
    schema = pa.schema({"id": pa.int64(), "task": pa.string(), "prediction": pa.string(), "reference": pa.string()})
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, 500):
            ids = list(range(first, min(first + 500, rows)))
            table = {"id": ids, "task": [str(number % 3) for number in ids]}
            table |= {side: generator.choices(texts, k=len(ids)) for side in ("prediction", "reference")}
            writer.write_table(pa.table(table, schema))
    return path


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["out.parquet", "out.jsonl.gz"])
def test_a_job_killed_at_any_moment_makes_the_same_bytes(tmp_path, name):
    file = long_job(tmp_path, 100_000)
    options = ("--metrics", "chrf++,rougeL", "--by", "task", "--threads", "1", "--json", "--aggregate", "sums")
    whole = start(tmp_path, file, "--out", f"whole-{name}", *options)
    document, _ = whole.communicate()
    assert whole.returncode == 0
    sums = (tmp_path / "sums").read_bytes()
    (tmp_path / "sums").unlink()

    generator = random.Random(name)
    resumable = (file, "--out", name, "--checkpoint", "state", *options)
    kills = 0
    while kills < 20:
        job = start(tmp_path, *resumable)
        try:
            job.wait(generator.uniform(0.2, 1.5))
        except subprocess.TimeoutExpired:
            job.kill()
            kills += 1
            assert not (tmp_path / name).exists()
            assert not (tmp_path / "sums").exists()
        else:
            assert job.returncode == 0, job.stderr.read().decode()
            break
        finally:
            job.communicate()
    else:
        job = start(tmp_path, *resumable)
        output, errors = job.communicate()
        assert job.returncode == 0, errors.decode()
        assert output == document
    assert kills == 20
    assert (tmp_path / name).read_bytes() == (tmp_path / f"whole-{name}").read_bytes()
    assert (tmp_path / "sums").read_bytes() == sums
    assert not (tmp_path / "state").exists()


def test_a_checkpoint_of_another_job_is_refused(tmp_path):
    file = long_job(tmp_path, 20_000)
    options = ("--metrics", "chrf++", "--threads", "1", "--checkpoint", "state")
    job = start(tmp_path, file, *options)
    while not (tmp_path / "state" / "state.json").exists():
        time.sleep(0.05)
        assert job.poll() is None
    second = start(tmp_path, file, *options)
    _, errors = second.communicate()
    assert second.returncode == 2
    assert b"another process works on the checkpoint" in errors
    job.kill()
    job.communicate()
    changed = start(tmp_path, file, *options, "--metrics", "chrf")
    _, errors = changed.communicate()
    assert changed.returncode == 2
    assert b"its metrics differ" in errors
    os.utime(file, (1, 1))
    changed = start(tmp_path, file, *options)
    _, errors = changed.communicate()
    assert changed.returncode == 2
    assert b"its files differ" in errors


def test_a_folder_of_other_files_is_no_checkpoint(tmp_path, run):
    file = write(tmp_path / "in.jsonl")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.tex").write_text("x")
    done = run("score", file, "--checkpoint", folder, status=2)
    assert b"it holds thesis.tex" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) in (["thesis.tex"], ["lock", "thesis.tex"])
    done = run("score", "-", "--checkpoint", tmp_path / "state", stdin=file.read_bytes(), status=2)
    assert b"standard input cannot be read again" in done.stderr


def test_a_full_disk_loses_nothing(tmp_path, run):
    import resource

    file = long_job(tmp_path, 6_000)
    out = tmp_path / "out.jsonl"
    options = (file, "--metrics", "rouge1,rouge2", "--out", out)
    run("score", *options)
    whole = out.read_bytes()
    out.write_text("old")

    def limited():
        # No file may be longer.
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) // 2, len(whole) // 2))

    for more, place in (((), out), (("--checkpoint", "state"), "state")):
        command = [sys.executable, "-m", "textgauge.cli", "score", *map(str, options), *more]
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, preexec_fn=limited, check=False)
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr.decode().splitlines()[-1] == f"error: cannot write {place}: File too large"
        assert out.read_text() == "old"
        assert not list(tmp_path.glob(".*"))
    run("score", *options, "--checkpoint", "state")
    assert out.read_bytes() == whole
    assert b"No space left" in run("score", file, "--out", "/dev/full", status=2).stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path, run):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    done = run("score", write(tmp_path / "in.jsonl"), "--out", folder / "out.jsonl", status=2)
    assert b"Permission denied" in done.stderr


class Seen:
    """Keeps the numbers of the rows that it is shown."""

    def __init__(self, fails_at=None):
        self.fails_at = fails_at
        self.numbers = []

    def look(self, rows, prediction):
        assert prediction == "prediction"
        for number in rows.numbers().tolist():
            if number == self.fails_at:
                raise ValueError(f"row {number}")
            self.numbers.append(number)


def test_lookers_see_all_rows_in_order_and_their_errors_come_out(tmp_path):
    path = write(tmp_path / "a.jsonl", ROWS * 5_000)
    seen = Seen()
    sums = Job(SCORER, Choice(), lookers=[seen]).run(open_sources([str(path)]))
    assert sums[""][""].rows == len(seen.numbers) == 20_000
    assert seen.numbers == list(range(20_000))
    with pytest.raises(ValueError, match="row 3333"):
        Job(SCORER, Choice(), lookers=[Seen(fails_at=3333)]).run(open_sources([str(path)]))
