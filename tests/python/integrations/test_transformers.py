"""Metrics of evaluations, as the trainers of transformers make them."""

from types import SimpleNamespace

import numpy as np
import pytest

import textgauge as tg
from textgauge.integrations.transformers import compute_metrics

WORDS = ["<pad>", "the", "cat", "sat", "down", "</s>"]
LABELS = np.array([[1, 2, 3, 5], [1, 2, 5, -100]])
PREDICTIONS = np.array([[1, 2, 5, 0, -100], [3, 4, 1, 2, 5]])
TEXTS = ["the cat", "sat down the cat"], ["the cat sat", "the cat"]


class Tokenizer:
    """One word a token, the first and the last special; it decodes with blanks around."""

    def batch_decode(self, sequences, *, skip_special_tokens):
        assert skip_special_tokens
        return [f" {' '.join(WORDS[token] for token in each if 0 < token < 5)} \n" for each in sequences]


def evaluation(predictions, labels=LABELS):
    return SimpleNamespace(predictions=predictions, label_ids=labels)


def logits(ids):
    """Numbers that are highest where the ids are."""
    return np.eye(len(WORDS))[ids]


@pytest.mark.parametrize("predictions", [PREDICTIONS, (PREDICTIONS, "hidden states"), PREDICTIONS.tolist()])
def test_tokens_are_decoded_and_scored_in_one_batch(predictions):
    metrics = ["rouge1", "rougeL", "bleu", tg.Chrf(word_order=2), "wer"]
    scores = compute_metrics(Tokenizer(), metrics)(evaluation(predictions))
    corpus = tg.Scorer(metrics).score(*TEXTS).corpus
    columns = {"rouge1": "rouge1.f", "rougeL": "rougeL.f", "bleu": "bleu", "chrf++": "chrf++", "wer": "wer"}
    assert scores == {name: corpus[column] for name, column in columns.items()}
    assert {type(score) for score in scores.values()} == {float}


def test_labels_may_be_in_a_tuple():
    assert compute_metrics(Tokenizer(), "rouge1")(evaluation(PREDICTIONS, (LABELS,))).keys() == {"rouge1"}


def test_of_logits_the_likeliest_tokens_count_where_there_are_labels():
    ids = np.array([[1, 2, 3, 5], [1, 2, 5, 4]])
    scores = compute_metrics(Tokenizer(), ["exact_match"])
    assert scores(evaluation(logits(ids))) == {"exact_match": 1.0}
    assert scores(evaluation((logits(ids), None))) == {"exact_match": 1.0}


def test_causal_logits_are_about_the_next_token():
    labels = np.array([[-100, -100, 3, 4, 5]])
    ids = np.array([[1, 3, 4, 5, 2]])
    assert compute_metrics(Tokenizer(), "exact_match", causal=True)(evaluation(logits(ids), labels)) == {
        "exact_match": 1.0
    }
    assert compute_metrics(Tokenizer(), "exact_match")(evaluation(logits(ids), labels)) == {"exact_match": 0.0}


def test_columns_by_name():
    scores = compute_metrics(Tokenizer(), "rouge1", columns=["rouge1.p", "rouge1", "rouge2.r"])(evaluation(PREDICTIONS))
    corpus = tg.Scorer(["rouge1", "rouge2"]).score(*TEXTS).corpus
    assert scores == {"rouge1.p": corpus["rouge1.p"], "rouge1": corpus["rouge1.f"], "rouge2.r": corpus["rouge2.r"]}


@pytest.mark.parametrize("arguments", [{"metrics": "nothing"}, {"metrics": "rouge1", "columns": ["rouge1.x"]}])
def test_what_is_refused(arguments):
    with pytest.raises(tg.ConfigError):
        compute_metrics(Tokenizer(), **arguments)
