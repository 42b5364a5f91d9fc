"""The command `textgauge explain`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import textgauge as tg
from textgauge.cli.app import app
from textgauge.cli.explain import _print_colours

ROWS = [
    {"id": "a", "prediction": "the cat", "reference": "the cat sat"},
    {"id": 7, "prediction": "a dog barks", "reference": ["the dog barked", "dogs bark"]},
    {"id": "c", "prediction": None, "reference": "x"},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return str(path)


def run(*arguments):
    return CliRunner().invoke(app, ["explain", *arguments])


def test_texts():
    shown = run("the the cat", "the cat sat", "a cat", "--metrics", "rouge1,bleu")
    assert shown.exit_code == 0
    expected = tg.explain("the the cat", ["the cat sat", "a cat"], metrics=["rouge1", "bleu"])
    assert shown.stdout.rstrip() == expected.text().rstrip()


def test_a_row_of_a_file(file):
    expected = tg.explain("a dog barks", ROWS[1]["reference"], metrics="rougeL").text().rstrip()
    for row in (["--row", "1"], ["--id", "7"]):
        shown = run(file, *row, "--metrics", "rougeL")
        assert shown.stdout.rstrip() == expected


def test_options_are_those_of_score(file):
    shown = run(file, "--row", "0", "--metrics", "rouge1", "--stemmer", "porter", "-o", "beta=2", "--json")
    expected = tg.explain("the cat", "the cat sat", metrics=tg.Rouge("rouge1", stemmer="porter", beta=2))
    assert json.loads(shown.stdout) == json.loads(json.dumps(expected.to_dict()))


def test_html():
    shown = run("<b>", "<i>", "--metrics", "bleu", "--format", "html")
    assert shown.stdout.startswith("<!doctype html>")
    assert tg.explain("<b>", "<i>", metrics="bleu")._repr_html_() in shown.stdout
    assert "<b>" not in shown.stdout


def test_a_scorer_that_must_be_fitted_reads_the_file_first(tmp_path):
    whole = tmp_path / "whole.jsonl"
    whole.write_text("".join(json.dumps(row) + "\n" for row in ROWS[:2]))
    shown = run(str(whole), "--row", "0", "--metrics", "nist", "--json")
    scorer = tg.Scorer("nist").fit([ROWS[0]["reference"], *ROWS[1]["reference"]])
    score = json.loads(shown.stdout)["metrics"][0]["scores"]["nist"]
    assert score > 0
    assert score == scorer.score_pair("the cat", "the cat sat")["nist"]


def test_texts_alone_fit_no_scorer():
    shown = run("a", "a", "--metrics", "nist")
    assert shown.exit_code == 2
    assert "nist" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["only one"], "pass a prediction and a reference"),
        (["a", "b", "--prediction", "x"], "pass a prediction and a reference"),
        (["a", "b", "--format", "xml"], "format is 'xml'; choose one of text, json, html"),
        (["a", "b", "--metrics", "rogue"], "no metric 'rogue'"),
        (["FILE", "--row", "9"], "the files have no row 9; they have 3, from 0"),
        (["FILE", "--id", "z"], "the files have no row with the id 'z'"),
        (["FILE", "--row", "1", "--id", "a"], "--row and --id each name a row"),
        (["FILE", "--row", "2"], "in.jsonl, line 3: the prediction is missing"),
        (["FILE", "--row", "0", "--prediction", "x"], "no column 'x'"),
    ],
)
def test_errors(file, arguments, message):
    shown = run(*(file if each == "FILE" else each for each in arguments))
    assert shown.exit_code == 2
    assert message in shown.stderr


def test_colours_add_nothing_but_colours(capsys, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    explanation = tg.explain("the [b]the[/b] cat \u202e", "the cat sat", metrics=["rouge1", "bleu", "wer"])
    _print_colours(explanation, 80)
    printed = [line.rstrip() for line in capsys.readouterr().out.split("\n")]
    assert "\n".join(printed).rstrip() == explanation.text(80).rstrip()
