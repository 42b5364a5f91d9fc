"""GSM8K; equality with the harnesses: `test_reference_calls.py`."""

import gzip
import json
from pathlib import Path

import pytest

import textgauge as tg
from textgauge.benchmarks import gsm8k, read

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev" / "qa" / "gsm8k_6b.jsonl.gz"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("so 1,000 + 24\n#### 1,024", ["1024", "1024", "1,024", "1024", "1,024", None]),
        ("The answer is 18.", ["18", None, "18.", "18", None, "18"]),
        ("She has 18 apples.", ["18", None, "18", "18", None, None]),
        ("#### 5.\n#### 6", ["6", "5.", "6", "6", "5.", None]),
        ("$18.50 in 2 parts", ["18.5", None, "2", "2", None, None]),
        (", 18 apples", ["18", None, "18", "18", None, None]),
        ("none", [None] * 6),
    ],
)
def test_answers(text, answers):
    assert [gsm8k.answer(text, extraction=extraction) for extraction in gsm8k.EXTRACTIONS] == answers


@pytest.mark.parametrize("target", ["18", "#### 18", "He has 9 + 9 = <<9+9=18>>18.\n#### 18"])
@pytest.mark.parametrize("extraction", gsm8k.EXTRACTIONS)
def test_targets(target, extraction):
    text = "The answer is 18.\n#### 18"
    assert gsm8k.score([{"target": target, "prediction": text}], extraction=extraction).micro.accuracy == 1.0


def test_numbers_are_compared_by_value_in_chat_alone():
    row = {"target": "1024", "prediction": "#### 1,024.00"}
    right = [gsm8k.score([row], extraction=each).micro.correct for each in gsm8k.EXTRACTIONS]
    assert right == [1, 0, 0, 0, 0, 0]


def test_what_the_harness_ignores():
    row = {"target": "#### 1,024", "prediction": "#### 1024."}
    assert gsm8k.score([row], extraction="lm-eval-strict").micro.correct == 1
    assert gsm8k.score([row], extraction="strict").micro.correct == 0


def test_groups_are_optional():
    rows = [{"target": "1", "prediction": "#### 1", "id": 0}, {"target": "1", "prediction": "?", "id": 1}]
    assert list(gsm8k.score(rows).groups) == ["gsm8k"]
    rows[1]["task"] = "hard"
    scores = gsm8k.score(rows)
    assert list(scores.groups) == ["gsm8k", "hard"]
    assert scores.macro == 0.5
    assert [item.group for item in scores.unanswered] == ["hard"]


def test_logs_of_the_harness(tmp_path):
    doc = {"question": "?", "answer": "9 + 9 = <<9+9=18>>18\n#### 18"}
    row = {
        "doc_id": 0,
        "doc": doc,
        "target": doc["answer"],
        "resps": [[" 9 + 9 = 18\n#### 18"]],
        "filter": "strict-match",
    }
    rows = [row, {**row, "filter": "flexible-extract"}]
    file = tmp_path / "samples_gsm8k_2025-01-01T00-00-00.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in rows))
    assert gsm8k.score(read(file, gsm8k.BY, "gsm8k")).groups["gsm8k"].items == 1


def test_errors():
    with pytest.raises(tg.InputError, match="row 0: the target is 'none', which holds no number"):
        gsm8k.score([{"target": "none", "prediction": "1"}])
    with pytest.raises(tg.InputError, match="row 0: neither 'target' nor"):
        gsm8k.score([{"prediction": "1"}])
    with pytest.raises(tg.ConfigError, match="the extraction is one of chat"):
        gsm8k.score([{"target": "1", "prediction": "1"}], extraction="direct")


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_published_outputs():
    """A person reads no number that the marks of the outputs don't give, and finds most where the marks are cut off."""
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    records = [
        {
            "id": f"{row['system']} {row['id']}",
            "target": row["references"][0].replace("\nA: ", "\n#### "),
            "prediction": row["hypothesis"].replace("\nA: ", "\n#### "),
        }
        for row in rows
    ]
    strict, chat = (gsm8k.score(records, extraction=extraction) for extraction in ("strict", "chat"))
    assert strict.micro.correct == chat.micro.correct == 801
    assert len(strict.unanswered) == 5
    cut = [{**row, "prediction": row["prediction"].rpartition("\n#### ")[0] or row["prediction"]} for row in records]
    assert gsm8k.score(cut).micro.correct == 798
    assert gsm8k.score(cut, extraction="flexible").micro.correct == 677
