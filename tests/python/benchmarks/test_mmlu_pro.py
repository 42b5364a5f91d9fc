"""MMLU-Pro; equality with lm-evaluation-harness: `test_reference_calls.py`."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgauge as tg
from textgauge.benchmarks import mmlu_pro, read

STRICT = [
    ("The answer is (I).", "I"),
    ("the answer is J", "J"),
    ("The answer is (A). No, the answer is (B).", "A"),
    ("Answer: C", None),
    ("The answer is (K).", None),
    ("The answer is **C**.", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "letter"), STRICT)
def test_strict_letters(text, letter):
    assert mmlu_pro.answer(text, extraction="strict") == letter


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("The answer is (I).", "I"),
        ("Answer: C", "C"),
        ("answer: C or Answer: D\nAnswer: E", "D"),
        ("It is B, or rather C.", "C"),
        ("I am not sure.", "I"),
        ("no idea", None),
    ],
)
def test_flexible_letters(text, letter):
    assert mmlu_pro.answer(text, extraction="flexible") == letter


def script(text):
    """The three steps of the benchmark's own script, as their paper's repository describes them."""
    for pattern, flags in ((r"answer is \(?([A-J])\)?", 0), (r".*[aA]nswer:\s*([A-J])", 0)):
        found = re.search(pattern, text, flags)
        if found:
            return found[1]
    alone = re.findall(r"\b[A-J]\b", text)
    return alone[-1] if alone else None


@given(st.lists(st.sampled_from(["answer is ", "Answer: ", "answer:", "(", ")", "A", "J", "K", " ", "\n", ".", "x"])))
def test_flexible_letters_are_those_of_the_script(pieces):
    text = "".join(pieces)
    assert mmlu_pro.answer(text, extraction="flexible") == script(text)


def test_direct_letters():
    assert mmlu_pro.answer("(J)", extraction="direct") == "J"
    assert mmlu_pro.answer("J.", extraction="direct") is None


def test_twelve_options():
    assert mmlu_pro.answer("The answer is (L).", extraction="strict", number=12) == "L"


def test_scores_by_category():
    rows = [
        {"category": "computer science", "id": 1, "target": "J", "prediction": "The answer is (J)."},
        {"category": "law", "id": 1, "target": 3, "prediction": "The answer is (D)."},
        {"category": "law", "id": 2, "target": "A", "prediction": "The answer is (D)."},
        {"category": "law", "id": 3, "target": "A", "prediction": "Who knows?"},
    ]
    scores = mmlu_pro.score(rows)
    assert list(scores.groups) == ["computer_science", "law"]
    assert scores.groups["law"].accuracy == pytest.approx(1 / 3)
    assert (scores.micro.accuracy, scores.macro) == (0.5, pytest.approx(2 / 3))
    assert len(scores.missing_groups) == 12
    assert [item.id for item in scores.unanswered] == ["3"]
    assert scores.calibration is None


def test_fields_and_names_of_categories():
    names = ["biology", "mmlu_pro_biology", "Biology"]
    rows = [{"subject": name, "id": name, "target": "A", "prediction": "the answer is A"} for name in names]
    assert mmlu_pro.score(rows).groups["biology"].correct == 3


def test_log_probabilities():
    logprobs = [-2.0] * 9 + [-1.0]
    scores = mmlu_pro.score([{"category": "law", "target": "J", "choice_logprobs": logprobs}])
    assert scores.micro.accuracy == 1.0
    assert scores.calibration is not None
    assert scores.micro.measures["acc_norm"].mean == 1.0
    assert mmlu_pro.score(
        [{"category": "law", "target": "J", "choice_logprobs": [None, *logprobs[1:]]}]
    ).missing_logprobs


@pytest.mark.parametrize(
    "name", ["samples_mmlu_pro_law_2025-01-01T00-00-00.jsonl", "samples_leaderboard_mmlu_pro.jsonl"]
)
def test_logs_of_the_harness(tmp_path, name):
    doc = {"question": "?", "options": ["x"] * 10, "answer": "I", "answer_index": 8, "category": "law"}
    row = {"doc_id": 0, "doc": doc, "target": "I", "resps": [["So the answer is (I)."]], "filter": "custom-extract"}
    (tmp_path / name).write_text(json.dumps(row) + "\n")
    assert mmlu_pro.score(read(tmp_path / name, mmlu_pro.BY)).groups["law"].correct == 1


def test_errors():
    row = {"category": "law", "target": "A", "prediction": "A"}
    with pytest.raises(tg.InputError, match="row 0: no category of MMLU-Pro is called 'alchemy'"):
        mmlu_pro.score([{**row, "category": "alchemy"}])
    with pytest.raises(tg.InputError, match="row 0: the target of item '0' of 'law' is 'K', none of 10 choices"):
        mmlu_pro.score([{**row, "target": "K"}])
    with pytest.raises(tg.InputError, match="row 0: no field 'category'"):
        mmlu_pro.score([{"target": "A", "prediction": "A"}])
    with pytest.raises(tg.ConfigError, match="the extraction is one of"):
        mmlu_pro.answer("A", extraction="loose")
    with pytest.raises(tg.ConfigError, match="between 1 and 26"):
        mmlu_pro.answer("A", number=27)
