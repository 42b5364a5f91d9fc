"""Results of batches, joined to the items that were asked."""

from __future__ import annotations

import json

import pytest

import textgauge as tg
from textgauge.benchmarks import bbh, mmlu, read

ITEMS = [
    {"id": f"q{number}", "subject": "anatomy", "target": letter, "choices": ["hand", "foot", "ear", "eye"]}
    for number, letter in enumerate("ABCD")
]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def openai(name, *texts, **body):
    choices = [{"index": index, "message": {"content": text}} for index, text in enumerate(texts)]
    return {"custom_id": name, "response": {"status_code": 200, "body": {"choices": choices, **body}}, "error": None}


def anthropic(name, *texts):
    content = [{"type": "text", "text": text} for text in texts]
    return {"custom_id": name, "result": {"type": "succeeded", "message": {"content": content}}}


def test_openai(tmp_path):
    rows = [openai("q1", "B"), openai("q0", "B", "A"), openai("q3", "D"), openai("q2", "C")]
    records = read(write(tmp_path / "r.jsonl", rows), "subject", items=write(tmp_path / "items.jsonl", ITEMS))
    assert [(record.id, record.prediction) for record in records] == [
        ("q0", "B"),
        ("q1", "B"),
        ("q2", "C"),
        ("q3", "D"),
    ]
    assert records[0].alternatives == ("A",)
    assert records[0].place.endswith("r.jsonl, line 2")
    assert mmlu.score(records).micro.accuracy == 0.75
    assert records.notes == ()


def test_anthropic(tmp_path):
    rows = [anthropic("q0", "A"), anthropic("q1", "So: ", "B"), anthropic("q2", "A"), anthropic("q3", "D")]
    rows[2]["result"]["message"]["content"].insert(0, {"type": "thinking", "thinking": "C?"})
    records = read(write(tmp_path / "r.jsonl", rows), "subject", items=write(tmp_path / "items.jsonl", ITEMS))
    assert [record.prediction for record in records] == ["A", "So: B", "A", "D"]


def test_other_shapes_of_openais_answers(tmp_path):
    thought = {"type": "reasoning", "summary": []}
    message = {"type": "message", "content": [{"type": "output_text", "text": "A"}]}
    tokens = [{"token": "B", "logprob": -0.25}, {"token": ".", "logprob": -0.5}]
    rows = [
        {"custom_id": "q0", "response": {"status_code": 200, "body": {"output": [thought, message]}}},
        {"custom_id": "q1", "response": {"status_code": 200, "body": {"choices": [{"text": " B"}]}}},
        openai("q2", [{"type": "text", "text": "C"}]),
        openai("q3", "B."),
    ]
    rows[3]["response"]["body"]["choices"][0]["logprobs"] = {"content": tokens}
    records = read(write(tmp_path / "r.jsonl", rows), "subject", items=write(tmp_path / "items.jsonl", ITEMS))
    assert [record.prediction for record in records] == ["A", " B", "C", "B."]
    assert [record.logprob for record in records] == [None, None, None, -0.75]


def test_what_failed_is_said_and_counts_as_unanswered(tmp_path):
    rows = [
        openai("q0", "A"),
        {"custom_id": "q1", "response": None, "error": {"code": "batch_expired", "message": "too late"}},
        {"custom_id": "q2", "response": {"status_code": 429, "body": {"error": {"message": "slow down"}}}},
        openai("q9", "A"),
    ]
    results = write(tmp_path / "r.jsonl", rows)
    records = read(results, "subject", items=write(tmp_path / "items.jsonl", ITEMS))
    assert [record.prediction for record in records] == ["A", None, None, None]
    assert mmlu.score(records).micro.unanswered == 3
    assert records.notes == (
        f"{results}: no answer to 'q1': too late",
        f"{results}: no answer to 'q2': slow down",
        f"{results}: no result for 'q3'",
        f"left out results in {results}: {tmp_path / 'items.jsonl'} has no item 'q9'",
    )


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"type": "errored", "error": {"type": "error", "error": {"message": "overloaded"}}}, "overloaded"),
        ({"type": "expired"}, "expired"),
        ({"type": "succeeded", "message": {"content": []}}, "no text"),
    ],
)
def test_what_failed_at_anthropic(tmp_path, result, reason):
    rows = [anthropic("q0", "A"), {"custom_id": "q1", "result": result}]
    records = read(write(tmp_path / "r.jsonl", rows), "subject", items=write(tmp_path / "items.jsonl", ITEMS[:2]))
    assert records[1].prediction is None
    assert records.notes == (f"{tmp_path / 'r.jsonl'}: no answer to 'q1': {reason}",)


def test_a_request_that_was_tried_again_is_answered_once(tmp_path):
    failed = {"custom_id": "q0", "response": None, "error": {"message": "no"}}
    items = write(tmp_path / "items.jsonl", ITEMS[:1])
    for rows in ([failed, openai("q0", "A")], [openai("q0", "A"), failed]):
        records = read(write(tmp_path / "r.jsonl", rows), "subject", items=items)
        assert [record.prediction for record in records] == ["A"]
        assert records.notes == ()
    with pytest.raises(tg.InputError, match=r"line 2: 'q0' is answered already, in .*r\.jsonl, line 1"):
        read(write(tmp_path / "r.jsonl", [openai("q0", "A"), openai("q0", "B")]), "subject", items=items)


def test_results_may_stand_in_several_files(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    write(folder / "a.jsonl", [openai("x", "So the answer is True.")])
    write(folder / "b.jsonl", [anthropic("y", "So the answer is True.")])
    items = [{"id": name, "task": "boolean_expressions", "target": "True"} for name in "xy"]
    records = read(folder, "task", items=write(tmp_path / "items.jsonl", items))
    assert bbh.score(records).micro.correct == 2


def test_results_alone_are_not_enough(tmp_path):
    results = write(tmp_path / "r.jsonl", [openai("q0", "A")])
    with pytest.raises(tg.ConfigError, match=r"r\.jsonl holds the results of a batch, .*name the file of items"):
        read(results, "subject")
    with pytest.raises(tg.ConfigError, match=r"items\.jsonl is not"):
        read(write(tmp_path / "items.jsonl", [{**ITEMS[0], "prediction": "A"}]), "subject", items=results)
    with pytest.raises(tg.InputError, match=r"no result in .* has the id of an item"):
        read(results, "subject", items=write(tmp_path / "items.jsonl", ITEMS[1:]))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "q1"}, "line 2: no result of a batch"),
        ({"custom_id": 3, "response": {}}, "line 2: 'custom_id' is 3, not a text"),
        ({"custom_id": "q1", "result": "B"}, "line 2: 'result' is 'B', no result of a request"),
    ],
)
def test_rows_that_are_no_results(tmp_path, row, message):
    results = write(tmp_path / "r.jsonl", [openai("q0", "A"), row])
    with pytest.raises(tg.InputError, match=message):
        read(results, "subject", items=write(tmp_path / "items.jsonl", ITEMS))
