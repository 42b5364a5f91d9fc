"""Several answers to one item."""

import math

import pytest

import textgauge as tg
from textgauge.benchmarks import bbh, gsm8k, mmlu
from textgauge.benchmarks.repeats import Repeats

TEXTS = ["A", "?", "B", "?", "B"]


def row(texts, **also):
    return {"subject": "anatomy", "target": "B", "prediction": texts, **also}


@pytest.mark.parametrize(
    ("repeats", "prediction", "accuracy"),
    [
        ("first", "A", 0.0),
        # Two votes for none and two for B: the first of equals.
        ("majority", None, 0.0),
        ("maj", None, 0.0),
        ("maj@3", "A", 0.0),
        ("mean", "A", 0.4),
        ("mean@3", "A", 1 / 3),
        ("pass@1", "A", 0.4),
        ("pass@2", "A", 1 - 3 / 10),
        ("pass@5", "A", 1.0),
    ],
)
def test_what_counts(repeats, prediction, accuracy):
    scores = mmlu.score([row(TEXTS)], repeats=repeats)
    assert scores.items[0].prediction == prediction
    assert scores.micro.accuracy == pytest.approx(accuracy)


def test_the_majority():
    assert mmlu.score([row(["A", "B", "B."])], repeats="majority").micro.accuracy == 1.0
    assert mmlu.score([row(["B", "A"])], repeats="majority").items[0].prediction == "B"


def test_one_text_is_its_own_majority():
    rows = [row("B", id=1), row("A", id=2), row(None, id=3)]
    each = [mmlu.score(rows, repeats=repeats).micro for repeats in ("first", "majority", "mean", "pass@1")]
    assert all(part == each[0] for part in each)


def test_standard_errors_are_of_the_shares():
    rows = [row(["B", "A"], id=1), row(["B", "B"], id=2), row(["A", "A"], id=3)]
    micro = mmlu.score(rows, repeats="mean").micro
    assert (micro.correct, micro.accuracy) == (1.5, 0.5)
    assert micro.standard_error == pytest.approx(0.5 / math.sqrt(3))


def test_trials_of_an_item_are_its_repeats():
    rows = [row(text, id=7, trial=trial) for trial, text in enumerate(["A", "B", "B"])]
    assert mmlu.score(rows).micro.items == 3
    voted = mmlu.score(rows, repeats="majority").micro
    assert (voted.items, voted.accuracy) == (1, 1.0)


def test_log_probabilities_of_trials_stay_apart():
    rows = [row(None, id=7, trial=trial, choice_logprobs=[-1, -2, -3, -4]) for trial in range(2)]
    assert mmlu.score(rows, repeats="majority").micro.items == 2


def test_the_votes_of_bbh_are_for_what_was_found():
    texts = ["the answer is (A).", "the answer is (B).", "the answer is (B)."]
    rows = [{"task": "snarks", "target": "(B)", "prediction": texts}]
    assert bbh.score(rows).micro.accuracy == 0.0
    assert bbh.score(rows, repeats="majority").micro.accuracy == 1.0


def test_the_votes_of_chat_are_for_values():
    texts = ["The answer is 7.", "The answer is 1,024.", "The answer is 1024.0"]
    rows = [{"target": "#### 1024", "prediction": texts}]
    assert gsm8k.score(rows, repeats="majority").micro.accuracy == 1.0
    assert gsm8k.score(rows, repeats="majority", extraction="helm").items[0].prediction == "7"


def test_too_few_answers():
    with pytest.raises(tg.InputError, match="row 0: item '0' of 'anatomy' has 5 answers, not 8"):
        mmlu.score([row(TEXTS)], repeats="maj@8")


@pytest.mark.parametrize("repeats", ["most", "maj@0", "pass", "first@2", "mean@-1", "", None, 3])
def test_unknown_ways(repeats):
    with pytest.raises(tg.ConfigError, match="repeats is first, majority"):
        Repeats(repeats)
