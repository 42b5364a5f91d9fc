"""Texts that are given as tokens, against the peers that take them: NLTK, rapidfuzz, rouge-score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.translate import bleu_score, gleu_score
from rapidfuzz.distance import Levenshtein
from rouge_score.rouge_scorer import RougeScorer

import textgauge as tg

TOKENS = st.lists(st.sampled_from(["a", "b", "New York", "", " ", "\ud800", "a" * 40]), max_size=8)
HASHABLE = st.lists(
    st.one_of(
        st.integers(-3, 3), st.floats(-2, 2), st.booleans(), st.tuples(st.integers(0, 2)), st.text("ab", max_size=2)
    ),
    max_size=8,
)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=200, deadline=None)
@given(pairs=st.lists(st.tuples(TOKENS, st.lists(TOKENS.filter(bool), min_size=1, max_size=3)), min_size=1, max_size=4))
def test_bleu_and_gleu(pairs: list[tuple[list[str], list[list[str]]]]) -> None:
    predictions, references = map(list, zip(*pairs, strict=True))
    ours = tg.Scorer([tg.Bleu(variant="nltk"), "gleu"]).score(predictions, references, tokens=True).corpus
    assert ours["bleu"] == bleu_score.corpus_bleu(references, predictions)
    assert ours["gleu"] == gleu_score.corpus_gleu(references, predictions)


@settings(max_examples=300, deadline=None)
@given(prediction=HASHABLE, reference=HASHABLE)
def test_edit_distance_of_anything_hashable(prediction: list[Any], reference: list[Any]) -> None:
    result = tg.Scorer(["edit_distance", "edit_similarity"]).score([prediction], [[reference]], tokens=True)
    # rapidfuzz compares nothing but hashes, which 0 and "" or -1 and -2 have in common.
    numbers: dict[Any, int] = {}
    both = [[numbers.setdefault(token, len(numbers)) for token in tokens] for tokens in (prediction, reference)]
    assert result["edit_distance"][0] == Levenshtein.distance(*both)
    assert result["edit_similarity"][0] == Levenshtein.normalized_similarity(*both)


class Split:
    def tokenize(self, text: str) -> list[str]:
        return text.split()


def test_rouge_of_words() -> None:
    pairs = [("the Cat sat", "the cat sat on"), ("a b b", "b a b"), ("", "x"), ("x y z", "z y x")]
    scorer = tg.Scorer(tg.Rouge("rouge1", "rouge2", "rougeL", tokenizer="whitespace", lowercase=False))
    result = scorer.score([left.split() for left, _ in pairs], [[right.split()] for _, right in pairs], tokens=True)
    theirs = RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=Split())
    for row, (prediction, reference) in enumerate(pairs):
        for name, score in theirs.score(reference, prediction).items():
            assert (result[f"{name}.p"][row], result[f"{name}.r"][row], result[f"{name}.f"][row]) == tuple(score)


def test_integers_are_equal_whatever_their_type() -> None:
    result = tg.Scorer("wer").score([[1, 2.0, True, np.int64(4)]], [np.array([1, 2, 1, 4])], tokens=True)
    assert result["wer"][0] == 0
    # A number is not the text that writes it.
    assert tg.Scorer("wer").score([[1]], [["1"]], tokens=True)["wer"][0] == 1
