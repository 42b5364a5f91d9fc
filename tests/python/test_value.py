"""Values: what frozen dataclasses promise, and errors that offer the nearest name."""

from __future__ import annotations

import copy
import pickle
import sys

import pytest

import textgauge as tg
from textgauge._value import Value


class Point(Value):
    """A value with a field that is required."""

    x: int
    y: int = 2


class Shifted(Point, kw_only=True):
    """A value that begins with the fields of its base."""

    y: int = 5
    by: float = 0.5


def test_fields_are_those_of_the_bases_first():
    assert Point(1).fields() == {"x": 1, "y": 2}
    assert Shifted(x=1).fields() == {"x": 1, "y": 5, "by": 0.5}
    assert repr(Shifted(x=1)) == "Shifted(x=1, y=5, by=0.5)"


def test_values_are_compared_by_class_and_fields():
    assert Point(1) == Point(1, y=2)
    assert hash(Point(1)) == hash(Point(1, 2))
    assert Point(1) != Point(2)
    assert Point(1, 5) != Shifted(x=1)
    assert Point(1) != (1, 2)


def test_values_never_change():
    with pytest.raises(AttributeError, match="never changes"):
        Point(1).x = 3
    with pytest.raises(AttributeError, match="never changes"):
        del Point(1).x


def test_copies_with_changes():
    assert Point(1).with_fields(y=3) == Point(1, 3)
    assert pickle.loads(pickle.dumps(Shifted(x=1, by=2))) == Shifted(x=1, by=2)
    assert tg.Rouge("rouge1").with_fields(beta=2) == tg.Rouge("rouge1", beta=2)
    assert tg.Rouge("rouge1").with_fields(names=("rougeL",)) == tg.Rouge("rougeL")
    assert tg.Helm("f1_score").with_fields(prefix="x") == tg.Helm("f1_score", prefix="x")
    if sys.version_info >= (3, 13):
        assert copy.replace(tg.Bleu(), max_order=2) == tg.Bleu(max_order=2)


def test_wrong_fields_are_refused():
    with pytest.raises(TypeError, match="Point lacks x"):
        Point()
    with pytest.raises(TypeError, match="takes its options by name"):
        tg.Bleu("13a")
    with pytest.raises(TypeError, match="takes its options by name"):
        Point(1, 2, 3)


@pytest.mark.parametrize(
    ("call", "offered"),
    [
        (lambda: tg.Bleu(tokeniser="13a"), "'tokenizer'"),
        (lambda: tg.Wer(transform=()), "'transforms'"),
        (lambda: tg.Scorer("rogue1"), "'rouge1'"),
        (lambda: tg.Scorer("chrf+++"), "'chrf++'"),
        (lambda: tg.Scorer("BLEU"), "'bleu'"),
        (lambda: tg.Scorer("rougel"), "'rougeL'"),
        (lambda: tg.transforms.RemoveWhiteSpace(replace_with_space=True), "'replace_by_space'"),
    ],
)
def test_the_nearest_name_is_offered(call, offered):
    with pytest.raises(tg.ConfigError, match=rf"did you mean {offered.replace('+', '.')}\?"):
        call()
