"""Records that stay in columns, against the same records made one by one."""

from __future__ import annotations

import itertools
import json
import random

import pytest

import textgauge as tg
from textgauge.benchmarks import mmlu, read
from textgauge.benchmarks.plain import PlainRecords

TEXTS = ["B", "The answer is (C).", "It is A. No, B.", "", "blue", "answer: d", "1, 2 and 3", "\ud800 A", "😀\n\nD"]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def rows_of(number, *, choices):
    random_ = random.Random(number)
    for row in range(number):
        listed = random_.sample(["red", "blue", "A", "1", "10"], random_.choice([2, 4, 5]))
        target = random_.choice(["A", "(B)", 0, 1, *((listed[0],) if choices else ())])
        yield {
            "id": row if row % 3 else f"q{row}",
            "subject": random_.choice(["anatomy", "mmlu_virology", "High School Biology"]),
            "target": target,
            "prediction": random_.choice(TEXTS),
            **({"choices": listed} if choices else {}),
        }


@pytest.mark.parametrize("choices", [False, True])
@pytest.mark.parametrize("extraction", mmlu.EXTRACTIONS)
def test_columns_are_scored_as_records(tmp_path, choices, extraction):
    records = read(write(tmp_path / "a.jsonl", rows_of(400, choices=choices)), "subject")
    assert all(isinstance(part, PlainRecords) for part in records.parts)
    scores = mmlu.score(records, extraction=extraction)
    assert scores == mmlu.score(list(records), extraction=extraction)
    assert 0 < scores.micro.correct < 400


@pytest.mark.parametrize("choices", [False, True])
@pytest.mark.parametrize("size", [1, 2, 4, 7])
def test_log_probabilities_in_columns_are_scored_as_in_records(tmp_path, choices, size):
    random_ = random.Random(size)
    values = [-1, -0.5, -2.25, -150.5, None, float("-inf")]
    rows = [
        {
            "id": row,
            "subject": random_.choice(["anatomy", "virology", "mmlu_virology"]),
            "target": random_.randrange(size),
            "choice_logprobs": [random_.choice(values) if row % 2 else random_.uniform(-9, 0) for _ in range(size)],
            **({"choices": [random_.choice(["", "a", "ä", "b c"]) + str(n) for n in range(size)]} if choices else {}),
        }
        for row in range(300)
    ]
    records = read(write(tmp_path / "a.jsonl", rows), "subject")
    assert [type(part) for part in records.parts] == [PlainRecords]
    in_columns, in_records = mmlu.score(records), mmlu.score(list(records))
    # Not by ==, for which NaN is no NaN.
    assert repr(tuple(in_columns.items)) == repr(tuple(in_records.items))
    for name in ("subjects", "micro", "macro", "calibration", "missing_logprobs"):
        assert repr(getattr(in_columns, name)) == repr(getattr(in_records, name))
    assert in_columns.calibration is not None
    assert in_columns.micro.measures.keys() == {"acc", "acc_norm", "acc_bytes", "brier_score"}


def test_columns_and_records_beside(tmp_path):
    rows = [row for row in rows_of(40, choices=False) if isinstance(row["id"], int)]
    logprobs = [{"id": f"l{n}", "subject": "anatomy", "target": 1, "choice_logprobs": [-1, -n / 9]} for n in range(20)]
    (tmp_path / "run").mkdir()
    write(tmp_path / "run" / "a.jsonl", rows)
    write(tmp_path / "run" / "b.jsonl", logprobs)
    write(tmp_path / "run" / "c.jsonl", [row | {"id": f"t{row['id']}", "trial": "1"} for row in rows])
    records = read(tmp_path / "run", "subject")
    assert [isinstance(part, PlainRecords) for part in records.parts] == [True, True, False]
    scores, one_by_one = mmlu.score(records), mmlu.score(list(records))
    assert scores == one_by_one
    assert scores.calibration is None
    assert scores.items[:3] == tuple(one_by_one.items)[:3]


def test_more_choices_than_letters(tmp_path):
    choices = [f"choice number {number}" for number in range(300)]
    rows = [{"subject": "anatomy", "target": 299 - row, "choices": choices, "prediction": "B"} for row in range(3)]
    records = read(write(tmp_path / "a.jsonl", rows), "subject")
    assert isinstance(records.parts[0], PlainRecords)
    assert mmlu.score(records) == mmlu.score(list(records))


def test_records_of_columns_are_those_of_rows(tmp_path):
    rows = list(rows_of(50, choices=True))
    file = write(tmp_path / "a.jsonl", rows)
    columns = read(file, "subject")
    # A value that nothing reads makes no difference, one that something reads does.
    assert isinstance(
        read(write(tmp_path / "b.jsonl", [{**row, "note": 1} for row in rows]), "subject").parts[0], PlainRecords
    )
    one_by_one = read(write(tmp_path / "c.jsonl", [{**rows[0], "trial": "0"}, *rows[1:]]), "subject")
    assert not isinstance(one_by_one.parts[0], PlainRecords)
    assert columns == one_by_one
    assert columns[3:5] == one_by_one[3:5]
    assert columns[-1].place == f"{file}, line 50"
    with pytest.raises(IndexError):
        columns[50]


@pytest.mark.parametrize(
    ("name", "value", "is_error"),
    [
        ("id", None, False),
        ("id", "", False),
        ("id", True, True),
        ("id", 1.5, True),
        ("subject", "", False),
        ("target", True, True),
        ("target", ["A"], False),
        ("prediction", None, False),
        ("prediction", ["A", "B"], False),
        ("prediction", 1, True),
        ("choices", [1, 2], True),
        ("choices", None, False),
        ("perturbation", "typos", False),
        ("choice_logprobs", [-1, -2, -3], True),
        ("choice_logprobs", [-1, -2], False),
        ("logprob", -1, False),
    ],
)
def test_one_value_of_another_kind_is_enough(tmp_path, name, value, is_error):
    rows = [row | {"choices": ["red", "blue"], "target": "A"} for row in rows_of(5, choices=True)]
    rows[3][name] = value
    file = write(tmp_path / "a.jsonl", rows)
    if is_error:
        with pytest.raises(tg.InputError, match=r"a\.jsonl, line 4"):
            read(file, "subject")
    else:
        assert not isinstance(read(file, "subject").parts[0], PlainRecords)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"subject": "alchemy"}, "'alchemy'"),
        ({"target": "E"}, "none of"),
        ({"target": 9}, "none of"),
        ({"target": -1}, "none of"),
    ],
)
def test_what_cannot_be_scored_is_named(tmp_path, change, message):
    rows = list(rows_of(5, choices=False))
    rows[3] |= change
    records = read(write(tmp_path / "a.jsonl", rows), "subject")
    assert isinstance(records.parts[0], PlainRecords)
    with pytest.raises(tg.InputError, match=message) as raised:
        mmlu.score(records)
    assert raised.value.row == 3
    assert "a.jsonl, line 4" in str(raised.value)


def test_numbers_name_records_over_all_files(tmp_path):
    rows = [{key: value for key, value in row.items() if key != "id"} for row in rows_of(5, choices=False)]
    write(tmp_path / "a.jsonl", rows)
    write(tmp_path / "b.jsonl", rows)
    records = read(tmp_path, "subject")
    assert [record.id for record in records] == list(map(str, range(10)))
    assert len(records.parts) == 2


def test_an_item_is_there_once(tmp_path):
    rows = list(rows_of(5, choices=False))
    with pytest.raises(tg.InputError, match=r"line 5: the item '1' of 'anatomy' is there already, in .*line 2"):
        read(
            write(
                tmp_path / "a.jsonl",
                [
                    *(row | {"id": i, "subject": "anatomy"} for i, row in enumerate(rows[:4])),
                    rows[0] | {"id": 1, "subject": "anatomy"},
                ],
            ),
            "subject",
        )


def test_readings_are_there_when_asked_for(tmp_path):
    records = read(write(tmp_path / "a.jsonl", rows_of(30, choices=False)), "subject")
    assert {item.reading for item in mmlu.score(records).items} == {None}
    explained = mmlu.score(records, explain=True)
    assert all((item.reading is None) == (item.prediction is None) for item in explained.items)
    bare = tuple(item._replace(reading=None) for item in explained.items)
    assert bare == mmlu.score(records).items
    assert len(list(itertools.chain.from_iterable(records.parts))) == len(records) == 30
