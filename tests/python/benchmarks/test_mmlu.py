"""MMLU against the reference formulas, worked out anew here."""

from __future__ import annotations

import collections
import json
import math
import re
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgauge as tg
from textgauge.benchmarks import calibration, mmlu, read

CHOICES = ["one fish", "two fish", "red fish", "blue fish"]


@pytest.fixture(scope="module")
def table():
    """Outputs of uneven number over all subjects, with some log-probabilities missing and some equal."""
    random = np.random.default_rng(57)
    rows = []
    for subject in mmlu.SUBJECTS:
        for number in range(int(random.integers(1, 40))):
            logprobs = np.round(random.normal(-2.0, 1.5, 4), 1).tolist()
            if random.random() < 0.2:
                logprobs[int(random.integers(4))] = None
            gold = int(random.integers(4))
            rows.append({"id": number, "subject": subject, "choice_logprobs": logprobs, "target": gold})
    return rows


def is_right(row):
    filled = [-100.0 if logprob is None else logprob for logprob in row["choice_logprobs"]]
    return int(filled.index(max(filled)) == row["target"])


def test_the_table_of_subjects():
    assert len(mmlu.SUBJECTS) == 57
    assert len({subcategory for subcategory, _ in mmlu.SUBJECTS.values()}) == 17
    assert len(mmlu.CATEGORIES) == 4
    assert mmlu.SUBJECTS["human_sexuality"] == ("culture", "social sciences")
    assert mmlu.SUBJECTS["professional_accounting"] == ("other", "other (business, health, misc.)")
    sizes = collections.Counter(category for _, category in mmlu.SUBJECTS.values())
    assert sorted(sizes.values()) == [12, 13, 14, 18]


def test_accuracies_are_means_of_concatenated_questions(table):
    scores = mmlu.score(table)
    right = collections.defaultdict(list)
    for row in table:
        right[row["subject"]].append(is_right(row))
    assert list(scores.subjects) == sorted(right)
    for subject, values in right.items():
        part = scores.subjects[subject]
        assert part.accuracy == np.mean(values)
        if len(values) > 1:
            assert part.standard_error == pytest.approx(statistics.stdev(values) / math.sqrt(len(values)))
        else:
            assert math.isnan(part.standard_error)
    for level, parts in ((0, scores.subcategories), (1, scores.categories)):
        assert len(parts) == (17, 4)[level]
        for name, part in parts.items():
            members = [right[subject] for subject in right if mmlu.SUBJECTS[subject][level] == name]
            assert part.accuracy == np.mean(np.concatenate(members))
    assert scores.micro.accuracy == np.mean(np.concatenate(list(right.values())))
    assert scores.macro == pytest.approx(np.mean([np.mean(values) for values in right.values()]))
    assert scores.micro.accuracy != scores.macro
    assert scores.missing_subjects == ()


def test_standard_error_of_a_group_pools_variances(table):
    scores = mmlu.score(table)
    values = [[is_right(row) for row in table if row["subject"] == subject] for subject in scores.subjects]
    total = sum(map(len, values))
    within = sum((len(each) - 1) * statistics.variance(each) for each in values if len(each) > 1)
    expected = math.sqrt(within / (total - len(values)) / total)
    assert scores.micro.standard_error == pytest.approx(expected)


def test_calibration_is_of_the_chosen_answers(table):
    scores = mmlu.score(table)
    confidences = []
    for subject in scores.subjects:
        for row in (row for row in table if row["subject"] == subject):
            filled = np.array([-100.0 if logprob is None else logprob for logprob in row["choice_logprobs"]])
            confidences.append((np.exp(filled) / np.exp(filled).sum()).max())
    assert [item.confidence for item in scores.items] == pytest.approx(confidences)
    assert scores.calibration.confidence == pytest.approx(np.mean(confidences))
    correct = [item.correct for item in scores.items]
    for name in ("ece", "rms_ce", "rms_ce_hendrycks"):
        assert getattr(scores.calibration, name) == pytest.approx(getattr(calibration, name)(confidences, correct))
    assert scores.missing_logprobs == sum(row["choice_logprobs"].count(None) for row in table)
    assert mmlu.score([{"subject": "anatomy", "target": "A", "prediction": "A"}]).calibration is None


@pytest.mark.parametrize(
    ("logprobs", "index"),
    [
        ([-1.0, -1.0, -0.5, -0.5], 2),
        ([None, None, None, None], 0),
        ([None, -99.0, None, None], 1),
        ([-150.0, None, -150.0, -150.0], 1),
    ],
)
def test_the_most_probable_choice(logprobs, index):
    assert mmlu.best_choice(logprobs) == index


STRICT = [
    ("A", "A"),
    (" b\n", "B"),
    ("(C)", "C"),
    ("D.", "D"),
    ("**d**", "D"),
    ("A\nB", "A"),
    ("", None),
    ("\nA", None),
    ("E", None),
    ("A bird", None),
    ("AB", None),
    ("the answer is A", None),
    ("\u0392", None),
    ("ſ", None),
]


@pytest.mark.parametrize(("text", "letter"), STRICT)
def test_strict_letters(text, letter):
    assert mmlu.answer(text, extraction="strict") == letter


@given(st.text("ABCDEabcd ().\n:\t*é", max_size=12))
def test_strict_letters_are_those_of_the_harness(text):
    """Its filters `^(.*?)(?=\\n|$)` and `^(.*?)\\s*$`, then equality but for case and ASCII punctuation."""
    line = re.findall(r"^(.*?)(?=\n|$)", text)[0].strip()
    line = re.findall(r"^(.*?)\s*$", line)[0].strip()
    plain = re.sub(r"[!-/:-@\[-`{-~]", "", line).lower()
    expected = [letter for letter in "ABCD" if letter.lower() == plain]
    assert mmlu.answer(text, extraction="strict") == (expected[0] if expected else None)


FLEXIBLE = [
    ("It is (B), not (C).", "B"),
    ("(B) or C", "B"),
    ("Surely: Red *fish*!", "C"),
    ("two fish or red fish", "B"),
    ("Answer: D", "D"),
    ("Answer:\n  A", "A"),
    ("c)", "C"),
    ("So the answer is D.", "D"),
    ("The answer is A. No, the answer is B", "B"),
    ("(E)", None),
    ("no idea", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "letter"), FLEXIBLE)
def test_flexible_letters(text, letter):
    assert mmlu.answer(text, extraction="flexible", choices=CHOICES) == letter


def test_flexible_letters_without_texts_of_choices():
    assert mmlu.answer("red fish", extraction="flexible") is None
    assert mmlu.answer("Answer: D", extraction="flexible") == "D"
    assert mmlu.answer("Answer: E", extraction="flexible") is None
    assert mmlu.answer("Answer: E", extraction="flexible", number=5) == "E"


@given(st.text(max_size=20), st.lists(st.text(max_size=5), max_size=4))
def test_flexible_finds_what_strict_finds_or_something_before_it(text, choices):
    strict = mmlu.answer(text, extraction="strict", choices=choices)
    flexible = mmlu.answer(text, extraction="flexible", choices=choices)
    assert strict is None or flexible is not None


def test_direct_letters():
    assert mmlu.answer("(B)", extraction="direct") == "B"
    assert mmlu.answer("B", extraction="direct") == "B"
    assert mmlu.answer(" B", extraction="direct") is None


def test_no_answer_is_wrong_and_listed():
    rows = [
        {"id": "x", "subject": "anatomy", "target": "A", "prediction": "who knows"},
        {"id": "y", "subject": "anatomy", "target": "A", "prediction": None},
        {"id": "z", "subject": "anatomy", "target": "A", "prediction": "A"},
    ]
    scores = mmlu.score(rows)
    assert [item.id for item in scores.unanswered] == ["x", "y"]
    assert scores.micro.accuracy == pytest.approx(1 / 3)
    assert scores.subjects["anatomy"].unanswered == 2


@pytest.mark.parametrize("target", ["B", "(B)", 1, "two fish", ["B"]])
def test_targets(target):
    row = {"subject": "anatomy", "target": target, "choices": CHOICES, "prediction": "B"}
    assert mmlu.score([row]).micro.correct == 1


@pytest.mark.parametrize("subject", ["High School Biology", "high_school_biology", "hendrycksTest-high_school_biology"])
def test_names_of_subjects(subject):
    assert list(mmlu.score([{"subject": subject, "target": "A", "prediction": "A"}]).subjects) == [
        "high_school_biology"
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, "row 0: no field 'subject'; there are none"),
        ({"subject": "anatomy", "target": "A"}, "row 0: neither 'prediction' nor 'choice_logprobs'"),
        ({"subject": "anatomy", "prediction": "A"}, "row 0: neither 'target' nor 'references'"),
        ({"subject": "anatomie", "target": "A", "prediction": "A"}, "row 0: .*'anatomie'; did you mean 'anatomy'?"),
        ({"subject": "anatomy", "target": "E", "prediction": "A"}, "row 0: the target .* 'E', none of 4 choices"),
        ({"subject": "anatomy", "target": 4, "prediction": "A"}, "row 0: the target .* 4, none of 4 choices"),
        ({"subject": "anatomy", "target": -1, "prediction": "A"}, "row 0: the target .* -1, none of 4 choices"),
        ({"subject": "anatomy", "target": True, "prediction": "A"}, "row 0: 'target' is True"),
        ({"subject": "anatomy", "target": [], "prediction": "A"}, "row 0: 'target' is empty"),
        ({"subject": "anatomy", "target": "A", "prediction": 3}, "row 0: 'prediction' is 3, not a text"),
        ({"subject": None, "target": "A", "prediction": "A"}, "row 0: no subject of MMLU is called ''"),
        ({"subject": "anatomy", "target": "A", "choice_logprobs": [math.nan, 0]}, "row 0: .*choice_logprobs is nan"),
        ({"subject": "anatomy", "target": "A", "choice_logprobs": [math.inf, 0]}, "row 0: .*choice_logprobs is inf"),
        ({"subject": "anatomy", "target": "A", "choice_logprobs": ["-1"]}, "row 0: .*'-1', not a number"),
        ({"subject": "anatomy", "target": "A", "choice_logprobs": [-1], "choices": CHOICES}, "4 choices, but 1"),
    ],
)
def test_rows_that_cannot_be_scored(row, message):
    with pytest.raises(tg.InputError, match=message) as caught:
        mmlu.score([row])
    assert caught.value.code == "bad-record"


def test_an_item_is_there_once():
    row = {"id": 3, "subject": "anatomy", "target": "A", "prediction": "A"}
    with pytest.raises(tg.InputError, match="row 1: the item '3' of 'anatomy' is there already, in row 0"):
        mmlu.score([row, row])
    assert mmlu.score([row, {**row, "subject": "virology"}, {**row, "trial": 1}]).micro.items == 3


def test_nothing_to_score():
    with pytest.raises(tg.InputError, match="no records"):
        mmlu.score([])


@pytest.mark.parametrize("number", [0, 27, 28, -1])
def test_letters_are_26(number):
    for extraction in mmlu.EXTRACTIONS:
        with pytest.raises(tg.ConfigError, match=f"the number of choices is between 1 and 26, not {number}") as caught:
            mmlu.answer("x: A", extraction=extraction, number=number)
        assert caught.value.code == "bad-option"
    assert mmlu.answer("x: Z", extraction="flexible", number=26) == "Z"


def test_errors_of_scoring_carry_their_row():
    good = {"subject": "anatomy", "target": "A", "prediction": "A"}
    with pytest.raises(tg.InputError, match="row 1: the target") as caught:
        mmlu.score([good, {**good, "target": "Z"}])
    assert caught.value.row == 1


def test_no_such_extraction():
    row = {"subject": "anatomy", "target": "A", "prediction": "A"}
    with pytest.raises(tg.ConfigError, match="one of chat, strict, flexible, direct"):
        mmlu.score([row], extraction="lenient")


def test_minus_infinity_is_missing():
    row = {"subject": "anatomy", "target": "B", "choice_logprobs": [-math.inf, -50.0, -math.inf, -math.inf]}
    scores = mmlu.score([row])
    assert scores.micro.correct == 1
    assert scores.missing_logprobs == 3


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def harness(doc_id, **fields):
    doc = {"question": "Which?", "subject": "philosophy", "choices": CHOICES, "answer": 1}
    arguments = {f"gen_args_{k}": {"arg_0": "Which?\nAnswer:", "arg_1": f" {'ABCD'[k]}"} for k in range(4)}
    return {"doc_id": doc_id, "doc": doc, "target": "1", "arguments": arguments, **fields}


def test_logs_of_the_harness_with_choices(tmp_path):
    logprobs = [["-2.5", "False"], ["-0.5", "True"], ["-3.0", "False"], ["-1.0", "False"]]
    rows = [
        harness(0, resps=[[pair] for pair in logprobs], filtered_resps=logprobs, acc=1.0),
        harness(1, resps=[[[float(pair[0]), False]] for pair in reversed(logprobs)], acc=0.0),
        harness(2, filtered_resps=logprobs, acc=1.0),
        harness(3, resps=[[pair] for pair in logprobs + logprobs[::-1]], acc=1.0),
    ]
    file = write(tmp_path / "samples_mmlu_philosophy_2024-10-31T10-11-12.123456.jsonl", rows)
    scores = mmlu.score(read(file, "subject"))
    assert [item.correct for item in scores.items] == [bool(row["acc"]) for row in rows]
    assert list(scores.subjects) == ["philosophy"]


def test_logs_of_the_harness_with_texts(tmp_path):
    row = harness(0, target="B", arguments={"gen_args_0": {"arg_0": "Which?", "arg_1": {"until": ["\n"]}}})
    rows = [
        {**row, "resps": [[" B"]], "filtered_resps": ["B"], "filter": "get_response"},
        {**row, "resps": [[" B"]], "filtered_resps": ["(B)"], "filter": "flexible-extract"},
        {**row, "doc_id": 1, "resps": [["I think (B)"]], "filter": "get_response"},
    ]
    file = write(tmp_path / "samples_mmlu_philosophy_generative.jsonl", rows)
    records = read(file, "subject")
    assert [record.prediction for record in records] == [" B", "I think (B)"]
    assert mmlu.score(records, extraction="strict").micro.correct == 1
    assert mmlu.score(records).micro.correct == 2
    assert mmlu.score(records, extraction="flexible").micro.correct == 2


def test_a_folder_is_a_model(tmp_path):
    for subject in ("anatomy", "virology"):
        write(tmp_path / f"{subject}.jsonl", [{"id": 0, "subject": subject, "target": "A", "prediction": "A"}])
    assert list(mmlu.score(read(tmp_path, "subject")).subjects) == ["anatomy", "virology"]


def test_records_without_ids_are_counted_through_a_folder(tmp_path):
    row = {"subject": "anatomy", "target": "A", "prediction": "A"}
    for shard in ("0", "1"):
        write(tmp_path / f"{shard}.jsonl", [row, row])
    assert [record.id for record in read(tmp_path, "subject")] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([harness(0, resps=[[[10**400, False]]] * 4)], "line 1: 'resps' holds .*not a log-probability"),
        (
            [{"subject": "anatomy", "target": "A", "choice_logprobs": [10**400]}],
            "line 1: a part of choice_logprobs is too large a number",
        ),
        ([harness(0, resps=[])], "line 1: 'resps' is \\[\\]"),
        ([harness(0, resps=[[["x", "False"]]] * 4)], "line 1: 'resps' holds .*not a log-probability"),
        ([harness(0, resps=[[["-1", "False"]]] * 3)], "line 1: 4 choices, but 3 responses"),
        ([harness(0, resps=[[" A"]], target=None)], "line 1: 'target' is None"),
        ([harness(0, resps=[[" A"]], doc=3)], "line 1: 'doc' is 3"),
        ([{"subject": "anatomy", "target": "A", "prediction": "A"}, {"target": "A"}], "line 2: no field 'subject'"),
    ],
)
def test_errors_name_file_and_line(tmp_path, rows, message):
    file = write(tmp_path / "samples_mmlu_philosophy.jsonl", rows)
    with pytest.raises(tg.InputError, match=rf"samples_mmlu_philosophy\.jsonl, {message}"):
        mmlu.score(read(file, "subject"))


def test_later_errors_name_file_and_line(tmp_path):
    good = {"subject": "anatomy", "target": "A", "prediction": "A"}
    file = write(tmp_path / "a.jsonl", [good, {**good, "subject": "alchemy"}])
    with pytest.raises(tg.InputError, match=r"a\.jsonl, line 2: no subject of MMLU is called 'alchemy'"):
        mmlu.score(read(file, "subject"))
    file = write(tmp_path / "b.jsonl", [good, {**good, "target": "Z"}])
    with pytest.raises(tg.InputError, match=r"b\.jsonl, line 2: the target"):
        mmlu.score(read(file, "subject"))


def test_empty_files_and_folders(tmp_path):
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(tg.InputError, match=r"empty\.jsonl has no records"):
        read(tmp_path / "empty.jsonl", "subject")
    (tmp_path / "folder").mkdir()
    with pytest.raises(tg.InputError, match="holds no file"):
        read(tmp_path / "folder", "subject")
    with pytest.raises(tg.InputError, match="cannot read"):
        read(tmp_path / "absent.jsonl", "subject")
