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
