r"""MATH; equality with the harnesses: `test_reference_calls.py`."""

import json

import pytest

import textgauge as tg
from textgauge.benchmarks import math, read

BOXED = r"We get $x = \boxed{\frac{1}{2}}$."
MINERVA = "Final Answer: The final answer is $0.5$. I hope it is correct."


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (BOXED, [r"\frac{1}{2}", r"\frac{1}{2}", BOXED, r"x = \boxed{\frac{1}{2}}", None]),
        (MINERVA, ["0.5", None, MINERVA, "0.5", "0.5"]),
        ("$2$", ["2", None, "$2$", "2", None]),
        ("no", [None, None, "no", "no", None]),
    ],
)
def test_answers(text, answers):
    assert [math.answer(text, extraction=extraction) for extraction in math.EXTRACTIONS] == answers


def right(target, prediction):
    return [
        math.score([{"target": target, "prediction": prediction}], extraction=extraction).micro.correct
        for extraction in math.EXTRACTIONS
    ]


def test_targets_may_be_solutions():
    assert right(BOXED, BOXED) == [1, 1, 1, 0, 0]
    assert right(r"\frac{1}{2}", BOXED) == [1, 1, 0, 0, 0]
    assert right(r"\boxed{0.5}", MINERVA) == [1, 0, 0, 1, 1]


def test_direct_answers():
    assert right("1/2", "0.5") == [1, 0, 1, 1, 0]


def test_what_only_a_person_takes_for_the_same():
    assert right(r"\boxed{\frac{3}{2}}", r"\boxed{1\frac{1}{2}}") == [1, 0, 0, 0, 0]
    assert right(r"\boxed{\sqrt{12}}", r"\boxed{2\sqrt{3}}")[0] == 1
    assert math.same("3/6", "0.5")
    assert not math.same("3/6", "0.5", extraction="strict")


def test_groups():
    rows = [
        {"subject": "algebra", "level": "Level 1", "id": 0, "target": "1", "prediction": r"\boxed{1}"},
        {"subject": "geometry", "level": "Level 1", "id": 1, "target": "1", "prediction": r"\boxed{2}"},
        {"subject": "geometry", "level": "Level 5", "id": 2, "target": "1", "prediction": "?"},
    ]
    scores = math.score(rows)
    assert {name: part.accuracy for name, part in scores.groups.items()} == {"algebra": 1.0, "geometry": 0.0}
    assert (scores.micro.accuracy, scores.macro) == (pytest.approx(1 / 3), 0.5)
    assert [item.id for item in scores.unanswered] == ["2"]
    levels = math.score(rows, by="level").groups
    assert {name: part.items for name, part in levels.items()} == {"Level 1": 2, "Level 5": 1}
    assert list(math.score([{"target": "1", "prediction": "1"}]).groups) == ["math"]


def test_votes_are_for_values_in_chat():
    texts = [r"\boxed{3}", r"\boxed{1/2}", r"\boxed{0.5}"]
    row = {"target": r"\frac12", "prediction": texts}
    assert math.score([row], repeats="majority").micro.correct == 1
    assert math.score([row], repeats="majority", extraction="strict").micro.correct == 0
    assert math.score([row], repeats="mean").micro.accuracy == pytest.approx(2 / 3)


def test_logs_of_the_harness(tmp_path):
    doc = {"problem": "?", "solution": BOXED, "answer": r"\frac{1}{2}"}
    row = {"doc_id": 0, "doc": doc, "target": doc["answer"], "resps": [["$0.5$"]]}
    file = tmp_path / "samples_hendrycks_math_algebra_2025-01-01T00-00-00.jsonl"
    file.write_text(json.dumps(row) + "\n")
    scores = math.score(read(file, math.BY, "math"), extraction="lm-eval")
    assert scores.groups["hendrycks_math_algebra"].accuracy == 1.0


def test_errors():
    with pytest.raises(tg.ConfigError, match="the extraction is one of chat"):
        math.answer("1", extraction="flexible")
    with pytest.raises(tg.ConfigError, match="the extraction is one of chat"):
        math.same("1", "1", extraction="flexible")
    with pytest.raises(tg.InputError, match="there are no records"):
        math.score([])
