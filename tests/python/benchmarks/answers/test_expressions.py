r"""Expressions without variables, worked out."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgauge.benchmarks.answers.expressions import evaluate, form

NUMBERS = st.integers(0, 10**6).map(lambda number: (str(number), Fraction(number)))


def joined(parts):
    (left, one), sign, (right, other) = parts
    if sign == "/":
        return f"({left})/({right})", one / other if other else None
    value = {"+": one + other, "-": one - other, "*": one * other}[sign]
    return f"({left}){sign}({right})", value


def combined(inner):
    return st.tuples(inner, st.sampled_from("+-*/"), inner).map(joined).filter(lambda pair: pair[1] is not None)


@given(st.recursive(NUMBERS, combined, max_leaves=6))
def test_arithmetic(pair):
    text, value = pair
    assert evaluate(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("2^3^2", 512),
        ("2^{-2}", Fraction(1, 4)),
        ("-2^2", -4),
        ("4^{1/2}", 2.0),
        (r"\frac12", Fraction(1, 2)),
        (r"\frac{1}{2}3", None),
        (r"2\frac{3}{4}", Fraction(11, 4)),
        ("-2 3/4", Fraction(-11, 4)),
        (r"2(3+4)", 14),
        (r"\sqrt{16}", 4),
        (r"\sqrt[3]{2}", 2 ** (1 / 3)),
        (r"2\pi", 2 * math.pi),
        ("1,024.5", Fraction(2049, 2)),
        ("1.5e3", 1500),
        ("1,24", None),
        ("1/0", None),
        ("0^{-1}", None),
        (r"\sqrt{-1}", None),
        ("9^9^9", None),
        ("9^{100}", None),
        ("(1", None),
        ("1)", None),
        ("", None),
        ("x", None),
        ("1 2", None),
    ],
)
def test_values(text, value):
    assert evaluate(text) == (value if not isinstance(value, float) else pytest.approx(value))


@given(st.fractions(max_denominator=10**4))
def test_forms_say_the_value(value):
    assert Fraction(form(value)) == value


def test_forms():
    assert [form(Fraction(value)) for value in ("3", "0.50", "-1/3", "-0.125", "1e-12")] == [
        "3",
        "0.5",
        "-1/3",
        "-0.125",
        "0.000000000001",
    ]
    assert form(math.pi) == "3.141592654"
