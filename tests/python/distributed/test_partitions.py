"""The work on one partition, without an engine."""

from __future__ import annotations

import pickle
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import textgauge as tg
from textgauge.distributed import _partitions
from textgauge.distributed._partitions import Task, add_groups, joined, new_task, output_columns, placed, reduce_tree

PREDICTIONS = ["the cat sat", "a dog", "it rains", "snow fell", "the sun"]
REFERENCES = [["the cat"], ["a dog", "one dog"], ["rain"], ["snow fell"], ["a sun", "sun"]]
KEYS = ["x", None, "y", "x", "z"]
TABLE = pa.table({"prediction": PREDICTIONS, "reference": REFERENCES, "key": KEYS})
SCORER = tg.Scorer(["rouge1", "bleu"])
OPTIONS: dict[str, Any] = {"nulls": "error", "threads": 1, "sentences": "lines", "tokens": False}


def task_of(by: str | None = None, **options: Any) -> Task:
    task = new_task(TABLE.column_names, SCORER, "prediction", "reference", by=by, **{**OPTIONS, **options})
    return pickle.loads(pickle.dumps(task))


def batches() -> list[Any]:
    return [TABLE[:0], TABLE[:2], TABLE[2:2], TABLE[2:]]


def test_scores_of_a_batch() -> None:
    expected = SCORER.score(PREDICTIONS, REFERENCES)
    for batch in (TABLE, TABLE.to_batches()[0], TABLE.to_pandas()):
        scores = task_of().score(batch)
        assert {name: scores[name].tolist() for name in scores} == {name: expected[name].tolist() for name in expected}


def test_groups_come_in_the_order_of_the_frame_however_they_are_added() -> None:
    task = task_of(by="key")
    expected = SCORER.aggregate(PREDICTIONS, REFERENCES, by=KEYS)
    first, second = (placed(task.aggregate([part]), at) for at, part in enumerate((TABLE[:2], TABLE[2:])))
    for whole in (task.aggregate(batches()), add_groups(first, second), add_groups(second, first)):
        assert task.whole(whole) == expected
        assert list(task.whole(whole)) == list(expected)


def test_one_group_of_all_rows() -> None:
    task = task_of()
    assert task.whole(task.aggregate(batches())) == SCORER.aggregate(PREDICTIONS, REFERENCES)
    assert task.whole(task.aggregate([TABLE[:0]])) == SCORER.aggregate([], [])


def test_measurements_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = SCORER.measure(PREDICTIONS, REFERENCES)
    assert joined(list(task_of().measure(batches()))).to_bytes() == whole.to_bytes()
    monkeypatch.setattr(_partitions, "ROWS_OF_PART", 2)
    parts = list(task_of().measure(batches()))
    assert [len(part) for part in parts] == [2, 3]
    assert joined(parts).to_bytes() == whole.to_bytes()
    assert list(task_of().measure([TABLE[:0]])) == []


@pytest.mark.parametrize("kind", [pa.Table.to_batches, lambda table: [table.to_pandas()]])
def test_errors_name_the_row_in_the_partition(kind: Any) -> None:
    missing = pa.array([*PREDICTIONS[:4], None])
    bad = TABLE.set_column(0, "prediction", missing)
    task = task_of(by="key")
    for call in (lambda parts: task.aggregate(parts, 7), lambda parts: list(task.measure(parts, 7))):
        with pytest.raises(tg.InputError, match=r"^partition 7, row 9: the prediction in row 9 is missing") as caught:
            call([*kind(TABLE), *kind(bad)])
        assert (caught.value.row, caught.value.code) == (9, "missing-text")
    with pytest.raises(tg.InputError, match=r"^a block, row 14: the prediction in row 14 is missing"):
        task.score(kind(bad)[0], None, 10)
    numbers = pd.DataFrame({"prediction": [1], "reference": ["a"], "key": ["x"]})
    with pytest.raises(tg.InputTypeError):
        task.score(numbers, 0)


def test_options_reach_the_scorer() -> None:
    missing = TABLE.set_column(0, "prediction", pa.array([*PREDICTIONS[:4], None]))
    task = task_of(nulls="propagate")
    whole = task.whole(task.aggregate([missing]))
    assert whole == SCORER.aggregate([*PREDICTIONS[:4], None], REFERENCES, nulls="propagate")


def test_what_cannot_be() -> None:
    with pytest.raises(tg.ConfigError, match="no column 'topic'; there are prediction, reference, key"):
        task_of(by="topic")
    with pytest.raises(tg.ConfigError, match="nulls is 'skip'"):
        task_of(nulls="skip")
    with pytest.raises(tg.ConfigError, match="threads is 0"):
        task_of(threads=0)
    with pytest.raises(tg.InputError, match="fit the scorer first") as caught:
        new_task(TABLE.column_names, "nist", "prediction", "reference", **OPTIONS)
    assert caught.value.code == "not-fitted"


def test_columns_that_stay() -> None:
    assert output_columns(["a", "b"], None, SCORER) == ["a", "b"]
    assert output_columns(["a", "bleu"], ["a"], SCORER) == ["a"]
    assert output_columns(["a"], [], SCORER) == []
    with pytest.raises(tg.ConfigError, match="no column 'c'; there are a, b"):
        output_columns(["a", "b"], ["c"], SCORER)
    with pytest.raises(tg.ConfigError, match="a column 'bleu' already") as caught:
        output_columns(["a", "bleu"], None, SCORER)
    assert caught.value.code == "same-column"


@pytest.mark.parametrize("count", [1, 7, 8, 9, 64, 65, 200])
def test_a_tree_keeps_every_part_once(count: int) -> None:
    most = []

    def merge(*parts: list[int]) -> list[int]:
        most.append(len(parts))
        return [number for part in parts for number in part]

    assert reduce_tree([[number] for number in range(count)], merge) == list(range(count))
    assert max(most, default=0) <= _partitions.FAN_IN
