"""Rewards, called as the trainers of TRL call them."""

import pickle

import pytest

import textgauge as tg
from textgauge.integrations.rewards import reward

PROMPTS = ["say it", "say it", "say it"]
TEXTS = ["the cat sat", "the cat", "x"]
REFERENCES = ["the cat", ["a", "the cat"], "y"]


def messages(text):
    return [{"role": "assistant", "content": text}]


@pytest.mark.parametrize("of", ["rougeL", "rougeL.f", tg.Rouge("rougeL")])
def test_a_score_is_a_reward(of):
    made = reward(of)
    rewards = made(prompts=PROMPTS, completions=TEXTS, reference=REFERENCES, completion_ids=[[1]], trainer_state=None)
    assert rewards == [0.8, 1.0, 0.0]
    assert [type(each) for each in rewards] == [float] * 3


@pytest.mark.parametrize(
    ("of", "name"),
    [("rougeL", "rougeL"), ("rougeL.p", "rougeL.p"), ({"rougeL": 1, "wer": 2}, "rougeL+wer"), (tg.Wer(), "wer")],
)
def test_names_are_what_is_logged(of, name):
    assert reward(of).__name__ == name
    assert repr(reward(of)) == f"<Reward {name}>"
    assert reward(of, name="mine").__name__ == "mine"


def test_conversations_count_by_their_last_message():
    made = reward("exact_match", reference_column="answer")
    parts = [{"role": "assistant", "content": [{"type": "text", "text": "4"}, {"type": "text", "text": "2"}]}]
    long = [*messages("let me see"), {"role": "tool", "content": "42"}, *messages("42")]
    completions = [messages("42"), long, parts, [], [{"role": "assistant", "content": None}], messages("41")]
    assert made(completions, answer=["42"] * 6) == [1, 1, 1, 0, 0, 0]


def test_less_is_better_counts_negative():
    assert reward("wer")(["a b"], reference=["a c"]) == [-0.5]
    both = reward({"wer": 2.0, "wer.hits": 0.25, "rouge1": 1})
    assert both(["a b"], reference=["a c"]) == [-1 + 0.25 + 0.5]


def test_metrics_with_options():
    made = reward({"rouge1": 1, "my_rouge1": 1}, metrics=[tg.Rouge("rouge1", stemmer="porter", prefix="my_")])
    assert made(["cats"], reference=["cat"]) == [1.0]


def test_a_row_without_a_reference_has_no_reward():
    assert reward("rougeL")(["a", "a"], reference=[None, "a"]) == [None, 1.0]


def test_no_rows():
    assert reward("rougeL")([], reference=[]) == []


def test_rewards_are_pickled():
    made = pickle.loads(pickle.dumps(reward({"rougeL": 1, "wer": 1}, reference_column="summary")))
    assert made.__name__ == "rougeL+wer"
    assert made(["a"], summary=["a"]) == [1.0]


@pytest.mark.parametrize("of", ["nothing", "rougeL.x", {}, tg.Rouge(), tg.Rouge("rouge1", "rouge2")])
def test_what_is_no_reward(of):
    with pytest.raises(tg.ConfigError):
        reward(of)


def test_a_column_that_is_not_there():
    with pytest.raises(tg.ConfigError, match="no column 'reference' of references; there are prompts, answer"):
        reward("rougeL")(["a"], prompts=["b"], answer=["a"])


def test_what_is_no_text():
    with pytest.raises(tg.InputTypeError):
        reward("rougeL")([5], reference=["a"])
