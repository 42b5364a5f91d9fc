"""What log-probabilities say; equality with lm-evaluation-harness: `test_reference_calls.py`."""

import json
import math

import pytest

import textgauge as tg
from textgauge.benchmarks import bbh, mmlu, read
from textgauge.benchmarks.multiple_choice import measures

HARNESS = {
    "doc_id": 0,
    "doc": {"input": "How many?", "target": "17"},
    "target": "17",
    "arguments": {"gen_args_0": {"arg_0": "Q", "arg_1": " 5"}, "gen_args_1": {"arg_0": "Q", "arg_1": " 17"}},
    "resps": [[["-9.0", "False"]], [["-10.0", "True"]]],
    "filtered_resps": [["-9.0", "False"], ["-10.0", "True"]],
}


def test_lengths_of_choices():
    rows = [{"task": "object_counting", "choices": ["5", "17"], "choice_logprobs": [-9, -10], "target": "17"}]
    micro = bbh.score(rows).micro
    assert micro.accuracy == 0.0
    assert {name: each.mean for name, each in micro.measures.items() if name.startswith("acc")} == {
        "acc": 0.0,
        "acc_norm": 1.0,
        "acc_bytes": 1.0,
    }


def test_logs_of_the_harness(tmp_path):
    file = tmp_path / "samples_leaderboard_bbh_object_counting_2024-01-01T00-00-00.jsonl"
    file.write_text(json.dumps(HARNESS) + "\n")
    part = bbh.score(read(file, "task")).tasks["object_counting"]
    assert (part.measures["acc"].mean, part.measures["acc_norm"].mean) == (0.0, 1.0)


def test_letters_are_equally_long_whatever_they_stand_for(tmp_path):
    doc = {"question": "?", "choices": ["short", "a much longer choice"], "subject": "anatomy", "answer": 0}
    arguments = [["Q", " A"], ["Q", " B"]]
    row = {**HARNESS, "doc": doc, "target": 0, "arguments": arguments}
    file = tmp_path / "samples_mmlu_anatomy.jsonl"
    file.write_text(json.dumps(row) + "\n")
    assert mmlu.score(read(file, "subject")).micro.measures["acc_norm"].mean == 1.0
    own = {"subject": "anatomy", "choices": doc["choices"], "choice_logprobs": [-9, -10], "target": 0}
    assert mmlu.score([own]).micro.measures["acc_norm"].mean == 0.0
    assert mmlu.score([{**own, "continuations": ["A", "B"]}]).micro.measures["acc_norm"].mean == 1.0


def test_characters_and_bytes():
    found = measures([-3.0, -4.0], gold=[0], texts=["日本", "abc"])
    assert (found["acc"], found["acc_norm"], found["acc_bytes"]) == (1.0, 0.0, 1.0)


def test_brier_score():
    found = measures([math.log(0.5), math.log(0.25), math.log(0.25)], gold=[0], texts="ABC")
    assert found["brier_score"] == pytest.approx(0.5**2 + 2 * 0.25**2)


def test_mutual_information_and_greedy_choices():
    found = measures([-1.0, -2.0], gold=[1], texts="AB", unconditional=[-1.0, -9.0], greedy=[False, True])
    assert (found["acc"], found["acc_mutual_info"], found["exact_match"]) == (0.0, 1.0, 1.0)
    assert {"acc_mutual_info", "exact_match"}.isdisjoint(measures([-1.0, -2.0], gold=[1], texts="AB"))


def test_the_first_of_equals_is_chosen():
    assert measures([-1.0, -1.0], gold=[0], texts="AB")["acc"] == 1.0
    assert measures([-1.0, -1.0], gold=[1], texts="AB")["acc_norm"] == 0.0


def test_what_is_missing_has_no_probability():
    found = measures([None, -150.0], gold=[1], texts=["x", "y"])
    assert (found["acc"], found["brier_score"]) == (1.0, 0.0)
    assert math.isnan(measures([None, None], gold=[1], texts="AB")["brier_score"])
    # The accuracy of MMLU is the repository's, to which what is missing is -100.
    row = {"subject": "anatomy", "choice_logprobs": [None, -150.0], "target": 1}
    assert mmlu.score([row]).micro.accuracy == 0.0


def test_several_right_choices():
    found = measures([-1.0, -2.0, -3.0], gold=[1, 0], texts="ABC", unconditional=[-1, -1, -1])
    assert found == {"acc": 1.0, "acc_norm": 1.0, "acc_bytes": 1.0}


def test_groups_have_the_measures_of_all_their_items():
    row = {"subject": "anatomy", "choice_logprobs": [-1, -2], "target": 0}
    rows = [{**row, "id": 0, "choice_greedy": [True, False]}, {**row, "id": 1}]
    assert list(mmlu.score(rows).micro.measures) == ["acc", "acc_norm", "acc_bytes", "brier_score"]
    rows.append({"subject": "anatomy", "prediction": "A", "target": 0, "id": 2})
    assert mmlu.score(rows).micro.measures == {}


def test_measures_are_pooled():
    rows = [
        {"subject": subject, "id": number, "choice_logprobs": [-1, -2], "target": number % divisor % 2}
        for subject, size, divisor in (("anatomy", 5, 2), ("virology", 8, 3))
        for number in range(size)
    ]
    scores = mmlu.score(rows)
    assert scores.micro.measures["acc"].mean == pytest.approx(scores.micro.accuracy)
    assert scores.micro.measures["acc"].standard_error == pytest.approx(scores.micro.standard_error)
    brier = scores.micro.measures["brier_score"]
    assert brier.mean == pytest.approx(sum(item.measures["brier_score"] for item in scores.items) / 13)
    assert brier.standard_error > 0


@pytest.mark.parametrize(
    ("also", "message"),
    [
        ({"continuations": ["A"]}, "2 choice_logprobs, but 1 continuations"),
        ({"choice_greedy": [True]}, "2 choice_logprobs, but 1 choice_greedy"),
        ({"choice_greedy": [1, 0]}, "not a list of true and false"),
    ],
)
def test_fields_that_do_not_fit(also, message):
    with pytest.raises(tg.InputError, match=message):
        mmlu.score([{"subject": "anatomy", "choice_logprobs": [-1, -2], "target": 0, **also}])
