"""Bounds on scores."""

import pytest

import textgauge as tg
from textgauge.testing import assert_scores

PREDICTIONS = ["the cat", "x", "a b c d"]
REFERENCES = ["the cat sat", ["y", "z"], "a b c d"]


def failure(*texts, **bounds):
    with pytest.raises(AssertionError) as caught:
        assert_scores(*texts, **bounds)
    return str(caught.value).split("\n")


def test_scores_within_bounds():
    assert_scores(
        PREDICTIONS, REFERENCES, at_least={"rouge1": 0.6, "rouge1.p": 2 / 3, "bleu": 60}, at_most={"wer": 0.3}
    )
    assert_scores(iter(PREDICTIONS[:1]), iter(REFERENCES[:1]), at_least={"rouge1": 0.8}, per_row=True)


def test_a_failure_names_the_score_the_bound_and_the_worst_rows():
    assert failure(PREDICTIONS, REFERENCES, at_least={"rouge1": 0.9, "rouge1.p": 0.1}, at_most={"wer": 0.2}) == [
        "rouge1 is 0.6 over 3 rows; it must be at least 0.9",
        "  row 1: 0, prediction 'x', reference ['y', 'z']",
        "  row 0: 0.8, prediction 'the cat', reference 'the cat sat'",
        "  row 2: 1, prediction 'a b c d', reference 'a b c d'",
        "wer is 0.25 over 3 rows; it must be at most 0.2",
        "  row 1: 1, prediction 'x', reference ['y', 'z']",
        "  row 0: 0.333333, prediction 'the cat', reference 'the cat sat'",
        "  row 2: 0, prediction 'a b c d', reference 'a b c d'",
    ]


def test_of_rows_those_out_of_bounds_are_shown():
    assert failure(iter(PREDICTIONS), iter(REFERENCES), at_least={"rouge1.f": 0.5}, per_row=True) == [
        "rouge1.f is out of bounds in 1 of 3 rows; it must be at least 0.5",
        "  row 1: 0, prediction 'x', reference ['y', 'z']",
    ]


def test_long_texts_are_cut():
    assert (
        failure(["x" * 500], ["y"], at_least={"rouge1": 1})[1] == f"  row 0: 0, prediction '{'x' * 79}…, reference 'y'"
    )


def test_no_rows_are_within_no_bounds():
    assert failure([], [], at_least={"rouge1": 0}) == ["rouge1 is nan over 0 rows; it must be at least 0"]


def test_metrics_with_options():
    metrics = [tg.Rouge("rouge1", stemmer="porter"), tg.Wer(prefix="my.")]
    assert_scores(["cats"], ["cat"], at_least={"rouge1": 1, "rouge2": 0}, at_most={"my.wer": 1}, metrics=metrics)


@pytest.mark.parametrize("bounds", [{}, {"at_least": {}}, {"at_least": {"rouge1.x": 1}}, {"at_most": {"nothing": 1}}])
def test_what_cannot_be_asked_for(bounds):
    with pytest.raises(tg.ConfigError):
        assert_scores(["a"], ["a"], **bounds)
