"""The commands `textgauge benchmark`, as users run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from textgauge.benchmarks import bbh, gsm8k, helm, math, mmlu, mmlu_pro, read

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"
PAGE = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path):
    def run(*arguments, code=0, stdin=None):
        call = [sys.executable, "-m", "textgauge.cli", *map(str, arguments)]
        done = subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, input=stdin, check=False)
        assert done.returncode == code, done.stderr
        return done.stderr if code else done.stdout

    return run


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("extraction", ["chat", "strict", "flexible"])
def test_mmlu(run, tmp_path, extraction):
    rows = [json.loads(line) for line in (EXAMPLES / "mmlu.jsonl").read_text().splitlines()]
    file = write(tmp_path / "texts.jsonl", [{**row, "choice_logprobs": None} for row in rows])
    scores = mmlu.score(read(file, "subject"), extraction=extraction)
    document = json.loads(run("benchmark", "mmlu", file, "--json", "--extraction", extraction, "--list-unanswered"))
    model = document["models"]["texts"]
    assert document["extraction"] == extraction
    assert model["micro"]["accuracy"] == scores.micro.accuracy
    assert model["macro"] == scores.macro
    assert model["calibration"] is None
    assert model["unanswered_items"] == [{"group": item.group, "id": item.id} for item in scores.unanswered]
    text = run("benchmark", "mmlu", file, "--extraction", extraction, "--list-unanswered")
    assert f"texts: 12 items, {len(scores.unanswered)} unanswered" in text
    assert "  philosophy 3\n" in text


def test_mmlu_by_probability(run):
    scores = mmlu.score(read(EXAMPLES / "mmlu.jsonl", "subject"))
    model = json.loads(run("benchmark", "mmlu", EXAMPLES / "mmlu.jsonl", "--json"))["models"]["mmlu"]
    assert model["calibration"]["rms_ce_hendrycks"] == scores.calibration.rms_ce_hendrycks
    assert model["missing_logprobs"] == 2
    # One item has no standard error, and JSON no NaN.
    assert model["subjects"]["virology"]["standard_error"] is None


def test_bbh(run):
    scores = bbh.score(read(EXAMPLES / "bbh.jsonl", "task"), extraction="flexible")
    assert scores.micro.correct == 11
    text = run("benchmark", "bbh", EXAMPLES / "bbh.jsonl", "--extraction", "flexible")
    assert f"average over tasks: {scores.average:.4f} (17 have no items)" in text


def test_differences_are_listed(run, tmp_path):
    rows = [
        {
            "id": "a",
            "subject": "anatomy",
            "target": "B",
            "prediction": "All in all:\n\nthe answer is **B**. " + 80 * "x",
        },
        {"id": "b", "subject": "anatomy", "target": "B", "prediction": "B"},
        {"id": "c", "subject": "virology", "target": "B", "prediction": "A\n\nWait, no. The answer is B."},
    ]
    file = write(tmp_path / "texts.jsonl", rows)
    lines = run("benchmark", "mmlu", file, "--differences", "strict").splitlines()
    start = lines.index("items on which strict differs: 2")
    assert lines[start + 1 : start + 4] == [
        "  anatomy a",
        "    chat    B, statement:  in all:  the answer is **B**. xxxxxxxxxxxxxxxxxxxxxxx",
        "    strict  no answer",
    ]
    assert lines[start + 4 : start + 7] == [
        "  virology c",
        "    chat    B, statement: A  Wait, no. The answer is B.",
        "    strict  A, first line: A  Wait, no. The answer is B.",
    ]
    assert all(len(line) <= 80 for line in lines)
    model = json.loads(run("benchmark", "mmlu", file, "--differences", "strict", "--json"))["models"]["texts"]
    assert [each["id"] for each in model["differences"]] == ["a", "c"]
    assert model["differences"][1]["second"] == {"answer": "A", "rule": "first line", "start": 0, "end": 1}
    assert "differences" not in json.loads(run("benchmark", "mmlu", file, "--json"))["models"]["texts"]
    error = "error: the extraction is one of chat, strict, flexible, direct, not 'lenient'"
    assert error in run("benchmark", "mmlu", file, "--differences", "lenient", code=2)


def test_rows_with_the_rule_and_the_place_of_answers(run, tmp_path):
    run("benchmark", "bbh", EXAMPLES / "bbh.jsonl", "--explain", "--out", "a.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    examples = map(json.loads, (EXAMPLES / "bbh.jsonl").read_text().splitlines())
    texts = {row["id"] + row["task"]: row["prediction"] for row in examples}
    for row in rows:
        assert row["rule"] in ("statement", "mention", "alone")
        piece = texts[row["id"].rpartition("/")[2] + row["task"]][row["start"] : row["end"]]
        assert piece
    assert [row["rule"] for row in rows if row["task"] == "word_sorting"] == ["alone"]


def test_measures_are_columns(run):
    lines = run("benchmark", "mmlu", EXAMPLES / "mmlu.jsonl").splitlines()
    assert lines[1].split() == ["items", "accuracy", "std.error", "acc_norm", "acc_bytes"]
    assert "brier_score" in map(str.strip, lines)


def test_what_is_printed_fits_a_terminal(run):
    for arguments in (["mmlu", EXAMPLES / "mmlu.jsonl"], ["helm", EXAMPLES / "helm.jsonl"]):
        lines = run("benchmark", *arguments).splitlines()
        assert max(len(line) for line in lines if not line.startswith("not computed: ")) <= 80
    document = json.loads(run("benchmark", "mmlu", EXAMPLES / "mmlu.jsonl", "--json"))
    assert document["models"]["mmlu"]["micro"]["measures"]["acc"].keys() == {"mean", "standard_error"}


def test_mmlu_pro(run, tmp_path):
    rows = [
        {"category": category, "id": number, "target": "J", "prediction": f"The answer is ({letter})."}
        for category, letters in (("law", "JJA"), ("physics", "J"))
        for number, letter in enumerate(letters)
    ]
    file = write(tmp_path / "pro.jsonl", rows)
    text = run("benchmark", "mmlu-pro", file, "--out", "rows.jsonl")
    assert "macro, mean of 2 categories: 0.8333 (12 have no items)" in text
    first = json.loads((tmp_path / "rows.jsonl").read_text().splitlines()[0])
    assert (first["category"], first["prediction"]) == ("law", "J")
    model = json.loads(run("benchmark", "mmlu-pro", file, "--json"))["models"]["pro"]
    assert model["micro"]["accuracy"] == mmlu_pro.score(rows).micro.accuracy == 0.75


@pytest.mark.parametrize("extraction", ["chat", "flexible"])
def test_gsm8k(run, extraction):
    file = EXAMPLES / "gsm8k.jsonl"
    scores = gsm8k.score(read(file, gsm8k.BY, "gsm8k"), extraction=extraction)
    document = json.loads(run("benchmark", "gsm8k", file, "--json", "--extraction", extraction, "--list-unanswered"))
    model = document["models"]["gsm8k"]
    assert model["micro"]["correct"] == scores.micro.correct
    assert model["unanswered_items"] == [{"group": item.group, "id": item.id} for item in scores.unanswered]


def test_math_by_level(run, tmp_path):
    rows = [
        {"subject": "algebra", "level": f"Level {level}", "id": level, "target": "1/2", "prediction": r"\boxed{0.5}"}
        for level in (1, 5)
    ]
    file = write(tmp_path / "math.jsonl", rows)
    assert math.score(rows).micro.accuracy == 1.0
    assert "\nalgebra          2    1.0000" in run("benchmark", "math", file)
    by_level = run("benchmark", "math", file, "--by", "level", "--extraction", "strict")
    assert "\nLevel 5          1    1.0000" in by_level


def test_repeats(run):
    accuracies = []
    for repeats in ("first", "maj", "mean", "pass@1"):
        call = ["benchmark", "gsm8k", EXAMPLES / "gsm8k.jsonl", "--json", "--repeats", repeats]
        document = json.loads(run(*call))
        assert document["repeats"] == repeats
        accuracies.append(document["models"]["gsm8k"]["micro"]["accuracy"])
    assert accuracies == pytest.approx([0.6, 0.8, 2 / 3, 2 / 3])


@pytest.mark.parametrize("command", ["mmlu", "mmlu-pro", "bbh", "gsm8k", "math", "helm"])
def test_help_fits_narrow_terminals(run, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, run("benchmark", command, "--help").splitlines())) <= 80


def test_standard_input(run):
    text = run("benchmark", "bbh", "-", stdin=(EXAMPLES / "bbh.jsonl").read_text())
    assert "12 items" in text


def test_rows_are_what_compare_reads(run, tmp_path):
    for name, extraction in (("a", "strict"), ("b", "flexible")):
        run("benchmark", "bbh", EXAMPLES / "bbh.jsonl", "--extraction", extraction, "--out", f"{name}.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert {"id", "task", "prediction", "reference", "correct"} == set(rows[0])
    assert all((row["prediction"] == row["reference"]) == row["correct"] for row in rows)
    call = ["compare", "a.jsonl", "b.jsonl", "--metrics", "exact_match", "--by", "task", "--samples", "20", "--json"]
    groups = json.loads(run(*call))["groups"]
    assert [group["key"] for group in groups] == list(dict.fromkeys(row["task"] for row in rows))


def test_several_models(run, tmp_path):
    worse = [json.loads(line) for line in (EXAMPLES / "helm.jsonl").read_text().splitlines()]
    write(tmp_path / "worse.jsonl", [{**row, "prediction": "a river"} for row in worse])
    call = ["benchmark", "helm", EXAMPLES / "helm.jsonl", "worse.jsonl", "--metrics", "rouge_2", "--out", "rows"]
    document = json.loads(run(*call, "--json"))
    assert document["mean_win_rates"] == {"helm": 1.0, "worse": 0.0}
    each = {"rouge_2": helm.METRICS["rouge_2"]}
    expected = helm.score(read(EXAMPLES / "helm.jsonl", "scenario"), metrics=each)
    summaries = document["models"]["helm"]["scenarios"]["summarization_xsum"]
    assert summaries["main"] == expected.main["summarization_xsum"]
    assert summaries["robustness"] == expected.scenarios["summarization_xsum"].robustness
    assert sorted(file.name for file in (tmp_path / "rows").iterdir()) == ["helm.jsonl", "worse.jsonl"]
    assert "mean win rate\nhelm   1.0000\nworse  0.0000" in run(*call)


def test_every_model_has_a_file_of_its_own(run, tmp_path):
    text = (EXAMPLES / "bbh.jsonl").read_text()
    (tmp_path / "x").mkdir()
    for name in ("x/0", "0"):
        (tmp_path / name).write_text(text)
    run("benchmark", "bbh", "x/0", "0", "--out", "rows")
    assert sorted(file.name for file in (tmp_path / "rows").iterdir()) == ["0.jsonl", "1.jsonl"]


@pytest.mark.parametrize(
    "arguments",
    [["in/a.jsonl", "--out", "in/a.jsonl"], ["in", "--out", "in/a.jsonl"], ["in/a.jsonl", "b", "--out", "in"]],
)
def test_outputs_of_models_are_not_overwritten(run, tmp_path, arguments):
    text = (EXAMPLES / "bbh.jsonl").read_text()
    (tmp_path / "in").mkdir()
    for name in ("in/a.jsonl", "b"):
        (tmp_path / name).write_text(text)
    assert "error: cannot write in/a.jsonl: " in run("benchmark", "bbh", *arguments, code=2)
    assert (tmp_path / "in" / "a.jsonl").read_text() == text
    assert [file.name for file in (tmp_path / "in").iterdir()] == ["a.jsonl"]


def test_names_of_metrics_may_stand_apart(run):
    assert "rouge_2" in run("benchmark", "helm", EXAMPLES / "helm.jsonl", "--metrics", "rouge_2, f1_score")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mmlu", "bad.jsonl"], "error: bad.jsonl, line 2: no subject of MMLU is called 'alchemy'"),
        (["bbh", "bad.jsonl"], "error: bad.jsonl, line 1: no field 'task'"),
        (["mmlu", "absent.jsonl"], "error: cannot read absent.jsonl"),
        (
            ["mmlu", "bad.jsonl", "--extraction", "lenient"],
            "error: the extraction is one of chat, strict, flexible, direct",
        ),
        (
            ["mmlu", "bad.jsonl", "--repeats", "most"],
            "error: repeats is first, majority, mean, maj@K, mean@K or pass@K",
        ),
        (["mmlu-pro", "bad.jsonl"], "error: bad.jsonl, line 1: no category of MMLU-Pro is called 'anatomy'"),
        (["gsm8k", "bad.jsonl"], "error: bad.jsonl, line 1: the target is 'A', which holds no number"),
        (["math", "bad.jsonl", "--by", "level", "--extraction", "loose"], "error: the extraction is one of chat"),
        (["helm", "bad.jsonl", "--metrics", "rouge_9"], "error: HELM has no metric 'rouge_9'"),
        (["mmlu", "bad.jsonl", "bad.jsonl"], "error: a file is compared with itself"),
        (["mmlu", "empty.jsonl"], "error: empty.jsonl has no records"),
    ],
)
def test_errors(run, tmp_path, arguments, message):
    row = {"subject": "anatomy", "target": "A", "prediction": "A"}
    write(tmp_path / "bad.jsonl", [row, {**row, "subject": "alchemy"}])
    (tmp_path / "empty.jsonl").touch()
    assert message in run("benchmark", *arguments, code=2)


def test_the_page_names_every_main_metric():
    rows = re.findall(r"^\| (`.+`) \| (`.+) \|$", PAGE.partition("| Main metric |")[2], re.MULTILINE)
    named = {name: metrics for names, metrics in rows for name in re.findall(r"`(.+?)`", names)}
    assert named.keys() == helm.SCENARIOS.keys()
    assert all(f"`{metric}`" in named[scenario] for scenario, metric in helm.SCENARIOS.items())
