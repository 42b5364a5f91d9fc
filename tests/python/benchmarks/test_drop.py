"""DROP: scores that can be checked by hand, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import textgauge as tg
from textgauge.benchmarks.drop import Drop, drop, drop_answer, drop_pair


@pytest.mark.parametrize(
    ("prediction", "answers", "em", "f1"),
    [
        ("The Cat!", ["a cat"], 1, 1),
        ("5.0", ["5"], 1, 1),
        ("5 yards", ["5"], 0, 0.67),
        ("6 yards", ["5 yards"], 0, 0),  # no number of the answer
        ("yards", ["five yards"], 0, 0.67),  # words are no numbers
        ("two-way", ["two way"], 1, 1),
        ("no no", ["no"], 0, 1),  # sets of words, but not the same span
        (["b", "c"], [["c", "b"]], 1, 1),
        (["b", "b"], [["b"]], 0, 0.5),
        (["b c", "d"], [["d", "b"]], 0, 0.83),
        ("b", ["c", "b"], 1, 1),
        ("b", [""], 0, 0),  # a blank answer is none
        ("b", [], 0, 0),
        ("the", ["an", "!"], 1, 1),
        ([], ["b"], 0, 0),
    ],
)
def test_pairs(prediction: Any, answers: Any, em: float, f1: float) -> None:
    assert drop_pair(prediction, answers) == (em, f1)


def test_all_questions() -> None:
    assert drop(["4", "x"], [["4.0"], ["y z", ["x y", "x"]]]) == Drop(0.5, 0.75, [(1.0, 1.0), (0.0, 0.5)])


def test_answers_of_the_data_set() -> None:
    date = {"day": "", "month": "May", "year": "1990"}
    assert drop_answer({"number": "3", "spans": ["x"], "date": date}) == ("3",)
    assert drop_answer({"number": "", "spans": ["x", "y"], "date": date}) == ("x", "y")
    assert drop_answer({"number": "", "spans": [], "date": date}) == ("May 1990",)
    with pytest.raises(tg.InputError, match="no field 'spans'"):
        drop_answer({"number": ""})


def test_what_is_refused() -> None:
    with pytest.raises(tg.InputError, match="there are 1 predictions, but 0 lists"):
        drop(["a"], [])
    with pytest.raises(tg.InputError, match="no questions"):
        drop([], [])
    wrong: list[tuple[Any, Any, str]] = [
        ("a", ["a"], "one str"),
        (["a", None], [["a"], ["a"]], "the prediction in row 1 is a NoneType, not a str"),
        (["a", ["b", 1]], [["a"], ["a"]], "the prediction in row 1 is a list, not a str or a list of str"),
        (["a", "a"], [["a"], "a"], "the references in row 1 are a str, not a list of answers"),
        (["a", "a"], [["a"], [b"a"]], "the reference in row 1 is a bytes, not a str"),
    ]
    for predictions, references, message in wrong:
        with pytest.raises(tg.InputTypeError, match=message):
            drop(predictions, references)
