"""`textgauge compare`, `textgauge merge` and the options of metrics on the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import textgauge as tg

WORDS = ("the", "a", "cat", "dog", "sat", "ran", "on", "mat", "home", "not", "very", "old")


@pytest.fixture
def run(tmp_path):
    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "textgauge.cli", *map(str, arguments)],
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, **environment},
            text=True,
            check=False,
        )

    return run


def make_records(quality, seed, count=240):
    """Outputs that get so many words right, by task."""
    rng, texts = random.Random(seed), random.Random("references")
    records = []
    for row in range(count):
        task = ("sums", "names", "dates")[row % 3]
        words = texts.choices(WORDS, k=texts.randint(5, 12))
        right = quality[task] if isinstance(quality, dict) else quality
        output = " ".join(word if rng.random() < right else "x" for word in words)
        records.append({"id": row, "task": task, "prediction": output, "reference": " ".join(words)})
    return records


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture
def base(tmp_path):
    return write(tmp_path / "base.jsonl", make_records(0.7, "base"))


@pytest.fixture
def tuned(tmp_path):
    """Better at sums, worse at names, as good at dates."""
    return write(tmp_path / "tuned.jsonl", make_records({"sums": 0.95, "names": 0.4, "dates": 0.7}, "tuned"))


def measure(records, metrics="bleu"):
    return tg.Scorer(metrics).measure([each["prediction"] for each in records], [each["reference"] for each in records])


# compare


def test_compare_prints_what_the_api_says(run, base, tuned):
    done = run("compare", base, tuned, "--metrics", "bleu,ter", "--samples", 200)
    assert done.returncode == 0, done.stderr
    systems = {"base": measure(make_records(0.7, "base"), ["bleu", "ter"])}
    tuned_records = make_records({"sums": 0.95, "names": 0.4, "dates": 0.7}, "tuned")
    systems["tuned"] = measure(tuned_records, ["bleu", "ter"])
    expected = tg.compare(systems, samples=200)
    head, *blocks = done.stdout.strip().split("\n\n")
    first, _, rest = head.partition("\n")
    assert first == "all: 240 rows, 200 paired bootstrap samples, seed 12345"
    assert "\n\n".join([rest, *blocks[:-1]]) == repr(expected)
    assert blocks[-1].startswith("bleu  order:4|")


@pytest.mark.usefixtures("base")
def test_guessed_columns_are_told_once_for_each_file(run, tmp_path):
    renamed = [{"output": record.pop("prediction"), **record} for record in make_records(0.7, "other")]
    write(tmp_path / "other.jsonl", renamed)
    done = run("compare", "base.jsonl", "other.jsonl", "--metrics", "nist", "--samples", 10)
    assert done.stderr.splitlines() == [
        "predictions of base.jsonl: column 'prediction'; --prediction names another",
        "references of base.jsonl: column 'reference'; --reference names another",
        "predictions of other.jsonl: column 'output'; --prediction names another",
        "references of other.jsonl: column 'reference'; --reference names another",
    ]


def test_a_full_disk_ends_a_comparison(base, tuned):
    if not (full := Path("/dev/full")).exists():
        pytest.skip("no device that is always full")
    call = [sys.executable, "-m", "textgauge.cli", "compare", base, tuned, "--samples", "10", "--json"]
    with full.open("wb") as output:
        done = subprocess.run(call, stdout=output, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith("error: cannot write standard output: No space left on device\n")


def test_by_task_what_got_worse_comes_first(run, base, tuned):
    done = run("compare", base, tuned, "--metrics", "bleu", "--by", "task", "--samples", 300)
    blocks = done.stdout.strip().split("\n\n")
    worse = blocks[0].split("\n")
    assert worse[0] == "significantly worse, task by task:"
    assert len(worse) == 2
    assert worse[1].startswith("  names: bleu of tuned -")
    heads = [block.split("\n")[0] for block in blocks[1:4]]
    assert heads == ["task names: 80 rows", "task sums: 80 rows", "task dates: 80 rows"]
    verdicts = [block.split("\n")[-2] for block in blocks[1:4]]
    assert verdicts[0].endswith("worse")
    assert verdicts[1].endswith("better")
    assert verdicts[2].endswith("no evidence")
    assert max(len(line) for block in blocks[:4] for line in block.split("\n")) <= 80
    assert run("compare", base, tuned, "--metrics", "bleu", "--by", "task", "--samples", 300).stdout == done.stdout


def test_json(run, base, tuned):
    done = run("compare", base, tuned, "--metrics", "bleu", "--by", "task", "--test", "randomization", "--json")
    document = json.loads(done.stdout)
    assert document["base"] == "base"
    assert document["test"] == "randomization"
    assert document["samples"] == 10_000
    assert [group["key"] for group in document["groups"]] == ["sums", "names", "dates"]
    [names] = document["groups"][1]["differences"]
    assert names["verdict"] == "worse"
    assert set(names["base_score"]) == {"score", "low", "high", "standard_error"}
    assert document["signatures"] == tg.Scorer("bleu").signatures


def test_fail_on_regression(run, base, tuned):
    options = ("--metrics", "bleu", "--samples", 200, "--fail-on-regression")
    assert run("compare", base, tuned, *options, "--by", "task").returncode == 3
    # On the whole nothing got significantly worse, or names would weigh too much.
    same = run("compare", base, base.parent / "base.jsonl", *options)
    assert same.returncode == 2
    copy = write(base.parent / "copy.jsonl", make_records(0.7, "base"))
    assert run("compare", base, copy, *options, "--by", "task").returncode == 0
    worse = write(base.parent / "worse.jsonl", make_records(0.3, "worse"))
    failed = run("compare", base, worse, *options)
    assert failed.returncode == 3
    assert "worse" in failed.stdout


def test_no_regression_says_so(run, base):
    copy = write(base.parent / "copy.jsonl", make_records(0.7, "base"))
    done = run("compare", base, copy, "--metrics", "bleu", "--by", "task", "--samples", 50)
    assert done.stdout.startswith("significantly worse: no task\n")


def test_systems_must_be_of_the_same_rows(run, base, tmp_path):
    records = make_records(0.7, "other")
    shuffled = write(tmp_path / "shuffled.jsonl", records[1:] + records[:1])
    (tmp_path / "straight").mkdir()
    straight = write(tmp_path / "straight" / "shuffled.jsonl", records)
    done = [run("compare", base, other, "--json").stdout for other in (straight, shuffled)]
    assert done[0] == done[1] != ""
    shorter = write(tmp_path / "shorter.jsonl", records[:9])
    last = len(records) - 1
    assert f"line 10: {shorter} has no row with the id 9" in run("compare", base, shorter).stderr
    twice = write(tmp_path / "twice.jsonl", [*records[:-1], records[0]])
    assert f"twice.jsonl, line {last + 1}: the id 0, not {last}; systems are" in run("compare", base, twice).stderr
    without = [{key: value for key, value in record.items() if key != "id"} for record in records]
    left = write(tmp_path / "left.jsonl", without)
    without[5] = {**without[5], "reference": "something else"}
    right = write(tmp_path / "right.jsonl", without)
    assert "right.jsonl, line 6: other references than" in run("compare", left, right, PYTHONHASHSEED="0").stderr


def test_errors_of_compare(run, base, tuned):
    for arguments, words in [
        (("--test", "t"), "choose one of 'bootstrap', 'randomization'"),
        (("--samples", 0), "samples is 0"),
        (("--confidence", 2), "confidence is 2"),
        (("--by", "topic"), "no column 'topic'"),
        (("--nulls", "propagate"), "propagate"),
        (("--metrics", "blue"), "there is no metric"),
    ]:
        done = run("compare", base, tuned, *arguments)
        assert done.returncode == 2, arguments
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert run("compare", base, base.parent / "nowhere.jsonl").returncode == 2


# aggregates


@pytest.mark.parametrize("metrics", ["rouge1,rougeL", "bleu,chrf++,ter", "rouge2,bleu"])
def test_parts_merge_to_the_whole_bit_by_bit(run, tmp_path, metrics):
    records = make_records(0.6, "parts", 90)
    write(tmp_path / "all.jsonl", records)
    whole = run("score", "all.jsonl", "--metrics", metrics, "--json", "--aggregate", "all.agg")
    assert whole.returncode == 0, whole.stderr
    random.Random(1).shuffle(records)
    parts = []
    for number, (start, end) in enumerate([(0, 1), (1, 40), (40, 90)]):
        path = write(tmp_path / f"{number}.jsonl", records[start:end])
        assert run("score", path, "--metrics", metrics, "--aggregate", f"{number}.agg").returncode == 0
        parts.append(f"{number}.agg")
    merged = run("merge", *parts[::-1], "--json", "--aggregate", "merged.agg")
    assert json.loads(merged.stdout) == json.loads(whole.stdout)
    assert (tmp_path / "merged.agg").read_bytes() == (tmp_path / "all.agg").read_bytes()
    assert run("merge", "merged.agg").stdout == run("score", "all.jsonl", "--metrics", metrics).stdout


def test_errors_of_merge(run, base, tmp_path):
    run("score", base, "--metrics", "bleu", "--aggregate", "bleu.agg")
    run("score", base, "--metrics", "bleu", "--option", "lowercase=true", "--aggregate", "lower.agg")
    refused = run("merge", "bleu.agg", "lower.agg")
    assert refused.returncode == 2
    assert "aggregates of different metrics don't add up" in refused.stderr
    named = run("merge", "bleu.agg", "bleu.agg", "lower.agg")
    assert named.stderr.startswith("error: lower.agg is unlike bleu.agg: ")
    before = (tmp_path / "bleu.agg").read_bytes()
    assert "cannot write bleu.agg" in run("merge", "bleu.agg", "bleu.agg", "--aggregate", "bleu.agg").stderr
    assert (tmp_path / "bleu.agg").read_bytes() == before
    (tmp_path / "bad.agg").write_bytes(b"x")
    assert "bad.agg: these bytes are not an aggregate" in run("merge", "bleu.agg", "bad.agg").stderr
    assert "cannot read none.agg" in run("merge", "none.agg").stderr
    assert run("score", base, "--aggregate", "no/folder.agg").returncode == 2
    assert not list(tmp_path.glob(".*"))


# options of metrics


def test_options_reach_their_metrics(run, base):
    done = run(
        *("score", base, "--metrics", "rouge1,bleu,chrf", "--json", "--tokenizer", "words"),
        *("--option", "lowercase=true", "-o", "bleu.smoothing=floor", "-o", "chrf.beta=3"),
    )
    assert done.returncode == 0, done.stderr
    expected = tg.Scorer(
        [
            tg.Rouge("rouge1", tokenizer="words"),
            tg.Bleu(tokenizer="words", lowercase=True, smoothing="floor"),
            tg.Chrf(lowercase=True, beta=3),
        ]
    )
    assert json.loads(done.stdout)["signatures"] == expected.signatures


def test_options_that_nobody_has(run, base):
    for arguments, words in [
        (("--metrics", "chrf", "--tokenizer", "words"), "'tokenizer' is no option of any of the metrics chrf"),
        (("--option", "blue.beta=1"), "'beta' is no option of the metric 'blue'"),
        (("--option", "beta"), "an option is NAME=VALUE or METRIC.NAME=VALUE, not 'beta'"),
        (("--metrics", "bleu", "-o", "max_order=17"), "max_order is 17; it must be a whole number from 1 to 16"),
        (("--metrics", "bleu", "--stemmer", "porter"), "'stemmer' is no option"),
    ]:
        done = run("score", base, *arguments)
        assert done.returncode == 2, arguments
        assert words in done.stderr


def test_signatures_of_sacrebleu_are_in_the_json(run, base):
    document = json.loads(run("score", base, "--metrics", "bleu,rouge1", "--json").stdout)
    assert document["sacrebleu"] == {"bleu": "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0"}


# warnings


def records_of(texts):
    return [{"prediction": prediction, "reference": reference} for prediction, reference in texts]


def test_a_wrong_tokenizer_is_noticed(run, tmp_path):
    texts = [("東京は晴れ", "東京は雨")] * 30 + [("the cat sat", "a cat sat")] * 10 + [("", " ")] * 2
    file = write(tmp_path / "zh.jsonl", records_of(texts))
    done = run("score", file)
    assert done.returncode == 0
    warnings = [line for line in done.stderr.split("\n") if line.startswith("warning: ")]
    [warning] = warnings
    assert "in 71 % of predictions and references half of the words or more lose letters" in warning
    assert "(rows 0, 1, 2, 3, 4, …): --tokenizer words" in warning
    assert "warning" not in run("score", file, "--tokenizer", "words").stderr
    assert "warning" not in run("score", file, "--no-check").stderr
    assert "warning" not in run("score", file, "--metrics", "chrf").stderr


def test_gamed_outputs_are_noticed(run, tmp_path):
    rng = random.Random(3)
    references = [" ".join(rng.sample([f"w{number}" for number in range(99)], 20)) for _ in range(40)]
    shuffled = [" ".join(rng.sample(text.split(), 20)) for text in references]
    repeated = [" ".join([text.split()[0]] * 20) for text in references]
    honest = write(tmp_path / "honest.jsonl", records_of(zip(references, references, strict=True)))
    assert "warning" not in run("score", honest, "--metrics", "bleu").stderr
    for name, texts, words in [
        ("shuffled", shuffled, "in another order"),
        ("repeated", repeated, "repeat right words"),
    ]:
        file = write(tmp_path / f"{name}.jsonl", records_of(zip(texts, references, strict=True)))
        [warning] = [line for line in run("score", file, "--metrics", "bleu").stderr.split("\n") if "warning" in line]
        assert words in warning
        assert "(rows 0, 1, " in warning


def test_compare_prints_what_goes_into_a_paper(run, base, tuned):
    def printed(form):
        done = run("compare", base, tuned, "--metrics", "rouge1,wer", "--by", "task", "--samples", 50, "--format", form)
        assert done.returncode == 0, done.stderr
        return done.stdout

    document = json.loads(printed("json"))
    signatures = document["signatures"]
    markdown = printed("markdown")
    assert markdown.count("| rouge1.f, higher is better |") == 4
    assert all(f"- {name}: `{signature}`" in markdown for name, signature in signatures.items())
    latex = printed("latex")
    assert latex.count(r"\begin{tabular}") == latex.count(r"\bottomrule") == 8
    assert "% task names: 80 rows" in latex
    assert "% all: 240 rows, 50 paired bootstrap samples" in latex
    assert all(f"% {name}: {signature}" in latex for name, signature in signatures.items())

    rows = list(csv.DictReader(io.StringIO(printed("csv"))))
    assert [row["task"] for row in rows[::4]] == ["all", "sums", "names", "dates"]
    assert {row["column"]: row["signature"] for row in rows} == {
        "rouge1.f": signatures["rouge1"],
        "wer": signatures["wer"],
    }
    differences = iter(
        document["differences"] + [each for group in document["groups"] for each in group["differences"]]
    )
    for row in rows:
        if row["system"] == "base":
            assert row["difference"] == row["verdict"] == ""
            continue
        each = next(differences)
        assert float(row["score"]) == each["system_score"]["score"]
        assert float(row["difference_low"]) == each["difference"]["low"]
        assert float(row["p_holm"]) == each["adjusted_p_value"]
        assert row["verdict"] == each["verdict"]
    assert next(differences, None) is None

    failed = run("compare", base, tuned, "--format", "latx")
    assert failed.returncode == 2
    assert "did you mean 'latex'?" in failed.stderr


def test_compare_warns_of_systems_that_look_gamed(run, tmp_path):
    references = [f"a man went to town number {number} by train" for number in range(40)]
    plain = write(tmp_path / "plain.jsonl", records_of([(text.replace("train", "bus"), text) for text in references]))
    gamed = write(tmp_path / "gamed.jsonl", records_of([("train " * 20, text) for text in references]))
    call = ("compare", plain, gamed, "--metrics", "rouge1", "--samples", 10, "--quiet")
    assert run(*call).stderr == (
        "warning: gamed: 100 % of predictions repeat right words: if all of them counted, precision would soar "
        "(rows 0, 1, 2, 3, 4, …)\n"
    )
    assert run(*call, "--no-check").stderr == ""


def test_compare_warns_once_of_what_all_systems_share(run, tmp_path):
    texts = [("東京は晴れ", "東京は雨")] * 30
    files = [write(tmp_path / f"{name}.jsonl", records_of(texts)) for name in ("one", "two")]
    [warning] = run("compare", *files, "--metrics", "rouge1", "--samples", 10, "--quiet").stderr.splitlines()
    assert warning.startswith("warning: one, two: in 100 % of predictions and references half of the words")


@pytest.mark.parametrize("group", [(), ("benchmark",)])
def test_a_file_in_place_of_a_command_is_told_of_commands(run, base, group):
    done = run(*group, base)
    assert done.returncode == 2
    word = "mmlu, bbh" if group else "metrics, score"
    assert f"base.jsonl is a file or a folder; say before it what to do with it: {word}" in done.stderr
    assert "No such command 'none'" in run(*group, "none").stderr
