"""The references' rules for answers to questions of mathematics, in cases that one can check by hand."""

import pytest

from textgauge.benchmarks.answers import math

# Equality with the references on thousands of texts: `test_reference_calls.py`, and `tests/harnesses`.


@pytest.mark.parametrize(
    ("text", "box", "inner"),
    [
        (r"so $\boxed{\frac{1}{2}}$.", r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        (r"\boxed{1} and \boxed{2}", r"\boxed{2}", "2"),
        (r"\fbox{3}", r"\fbox{3}", None),
        (r"\boxed{1", None, None),
        ("no box", None, None),
        (r"\boxed 5$", None, None),
    ],
)
def test_boxes(text, box, inner):
    assert math.last_boxed_only_string(text) == box
    assert math.remove_boxed(box) == inner


def test_boxes_without_braces_are_boxes_to_the_harness():
    assert math.last_boxed_only_string(r"so $\boxed 5$.", rules="lm-eval") == r"\boxed 5"
    assert math.remove_boxed(r"\boxed 5", rules="lm-eval") == "5"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\dfrac12", r"\frac{1}{2}"),
        (r"\frac1{72}", r"\frac{1}{72}"),
        ("0.5", r"\frac{1}{2}"),
        (".5", r"\frac{1}{2}"),
        ("3/4", r"\frac{3}{4}"),
        ("x = 5", "5"),
        (r"\sqrt3 + 1", r"\sqrt{3}+1"),
        (r"10\text{ cm}", "10"),
        (r"50\%", "50"),
        (r"90^\circ", "90"),
        ("", ""),
    ],
)
def test_stripped(text, plain):
    assert math.strip_string(text) == plain


@pytest.mark.parametrize("text", [r"\frac", r"1 + \sqrt", r"1\text{ a}2\text{ b}"])
def test_where_the_references_give_up_answers_are_compared_as_they_stand(text):
    assert math.strip_string(text) is None
    assert math.is_equiv(text, text)
    assert not math.is_equiv(text, text + " ")


def test_the_harness_gives_up_on_fractions_of_variables():
    assert math.is_equiv("x/2", "x/2 ")
    assert not math.is_equiv("x/2", "x/2 ", rules="lm-eval")


def test_nothing_is_equal_to_nothing_alone():
    assert math.is_equiv(None, None)
    assert not math.is_equiv(None, "1")


def test_final_numbers():
    assert math.final_number("3 and 1,024 apples") == "1024"
    # The dot stands for any character, as in HELM.
    assert math.final_number("from 3 to 4-5") == "4-5"
    assert math.final_number("none") == ""


def test_minervas_answers():
    assert math.get_unnormalized_answer("Final Answer: The final answer is $5$. I hope it is correct.") == "$5$"
    assert math.get_unnormalized_answer("The final answer is 5.") is None
    assert math.normalize_final_answer(r"x = \text{about }10,000\text{ dollars}") == "about10,000"
    assert math.normalize_final_answer("10,000 dollars") == "10000"
    assert math.normalize_final_answer("(0,1)") == "(0,1)"
    assert math.normalize_final_answer(r"\frac12 cm") == r"\frac{1}{2}"
