"""The command `textgauge which-number`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import textgauge as tg
from textgauge.cli.app import app


def run(*arguments):
    return CliRunner().invoke(app, ["which-number", *arguments])


def test_it_prints_what_python_shows():
    done = run("rouge1", "the cat", "the cat sat", "a cat", "--value", "0.80", "--packages", "rouge-score, rouge")
    found = tg.which_number(
        "rouge1", "the cat", ["the cat sat", "a cat"], value="0.80", packages=["rouge-score", "rouge"]
    )
    assert done.exit_code == 0
    assert done.stdout == f"{found!r}\n"
    assert "takes one reference" in done.stdout


def test_json():
    done = run("wer", "the cat", "The cat", "--packages", "jiwer", "--json")
    found = tg.which_number("wer", "the cat", "The cat", packages=["jiwer"])
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_dict()))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("wer", "a", "b", "--value", "x"), "value is 'x'; it must be a number"),
        (("rogue", "a", "b"), "there is no score 'rogue'; did you mean 'rouge'?"),
        (("wer", "a", "b", "--packages", "jiwr"), "no package 'jiwr'; did you mean 'jiwer'?"),
    ],
)
def test_errors(arguments, problem):
    done = run(*arguments)
    assert done.exit_code == 2
    assert problem in done.stderr
    assert "Traceback" not in done.stderr
