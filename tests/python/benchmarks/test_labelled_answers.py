"""The form of the labelled outputs of chat models, with which extraction is measured."""

from __future__ import annotations

import collections
import json
import string
from pathlib import Path

import pytest

from textgauge.benchmarks.bbh import TASKS

FILES = sorted((Path(__file__).resolve().parents[2] / "vectors" / "answers" / "chat").glob("*.jsonl"))
FIELDS = {"id", "benchmark", "style", "language", "trap", "output", "answer"}
LANGUAGES = {"en", "zh", "es", "de", "fr", "ja", "pt", "it", "ru", "ko"}
ANSWERS = {
    "truth": {"True", "False"},
    "yes or no": {"Yes", "No"},
    "honesty": {"Yes", "No"},
    "plausibility": {"yes", "no"},
    "validity": {"valid", "invalid"},
}


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ROWS = [row for path in FILES for row in rows(path)]

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def kind_of(row):
    return "choice" if row["benchmark"] == "mmlu" else TASKS[row["task"]]


def well_formed(row):
    """Whether the answer is one that its kind of question can have."""
    answer, kind = row["answer"], kind_of(row)
    if kind == "choice":
        letters = string.ascii_uppercase[: row.get("number", len(row.get("choices", ())))]
        return answer in ({f"({letter})" for letter in letters} if row["benchmark"] == "bbh" else set(letters))
    if kind == "number":
        return answer == str(int(answer))
    if kind == "brackets":
        return set(answer.split(" ")) <= set(")]}>")
    if kind == "words":
        return answer == " ".join(answer.split())
    return answer in ANSWERS[kind]


@each_file
def test_rows_are_numbered(path):
    assert [row["id"] for row in rows(path)] == [f"{path.stem}-{n:03}" for n in range(1, len(rows(path)) + 1)]


@each_file
def test_fields(path):
    for row in rows(path):
        wanted = FIELDS | ({"task"} if row["benchmark"] == "bbh" else set())
        if kind_of(row) == "choice":
            wanted |= {"choices"} if "choices" in row else {"number"}
        assert set(row) == wanted, row["id"]
        assert row["benchmark"] in {"mmlu", "bbh"}, row["id"]
        assert all(isinstance(row[field], str) for field in ("style", "language", "trap", "output")), row["id"]
        assert row["style"], row["id"]
        assert len(set(row.get("choices", ()))) == len(row.get("choices", ())), row["id"]


@each_file
def test_answers(path):
    assert not [row["id"] for row in rows(path) if row["answer"] is not None and not well_formed(row)]


def test_the_set_is_large_and_mixed():
    assert len(ROWS) >= 520
    assert {row["language"] for row in ROWS} == LANGUAGES
    assert sum(count >= 5 for count in collections.Counter(row["style"] for row in ROWS).values()) >= 10
    assert 0.1 < sum(row["answer"] is None for row in ROWS) / len(ROWS) < 0.25
    assert min(collections.Counter(row["benchmark"] for row in ROWS).values()) >= 100


def test_no_output_is_there_twice():
    # But for the knowledge of the choices, which may change the label.
    known = collections.Counter((row["output"], "choices" in row, row.get("number")) for row in ROWS)
    assert max(known.values()) == 1
