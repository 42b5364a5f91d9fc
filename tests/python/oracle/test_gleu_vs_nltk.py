"""GLEU against nltk 3.10.4, float for float."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nltk_texts
import pytest
from nltk.translate.gleu_score import corpus_gleu, sentence_gleu

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

    from parity import Pair

ORDERS = [(1, 4), (1, 1), (2, 3), (1, 9)]


def check(pairs: list[Pair], tokenizer: str, min_len: int = 1, max_len: int = 4) -> None:
    """Every score of the pairs, and of all of them together, is nltk's."""
    scorer = tg.Scorer(tg.Gleu(tokenizer=tokenizer, min_len=min_len, max_len=max_len))
    result = scorer.score(*nltk_texts.columns(pairs))
    hypotheses, references = nltk_texts.tokens(pairs, tokenizer)
    theirs = [
        sentence_gleu(texts, hypothesis, min_len, max_len)
        for texts, hypothesis in zip(references, hypotheses, strict=True)
    ]
    assert [
        (pair, ours, other) for pair, ours, other in zip(pairs, result["gleu"], theirs, strict=True) if ours != other
    ] == []
    assert result.corpus["gleu"] == corpus_gleu(references, hypotheses, min_len, max_len)


@pytest.mark.skipif(not nltk_texts.FILES, reason="the folder of shared data is missing")
@pytest.mark.parametrize("tokenizer", nltk_texts.TOKENIZERS)
@pytest.mark.parametrize("path", nltk_texts.FILES, ids=nltk_texts.name)
def test_a_sample_of_every_file(path: Path, tokenizer: str) -> None:
    check(nltk_texts.sample(path, 40), tokenizer)


@pytest.mark.parametrize("orders", ORDERS, ids=str)
@pytest.mark.parametrize("tokenizer", nltk_texts.TOKENIZERS)
def test_hostile_texts(tokenizer: str, orders: tuple[int, int]) -> None:
    check(nltk_texts.hostile(1000), tokenizer, *orders)


@pytest.mark.parametrize("orders", [(0, 4), (3, 2), (1, 17)])
def test_orders_that_there_are_not(orders: tuple[int, int]) -> None:
    with pytest.raises(tg.ConfigError, match=r"(min|max)_len is"):
        tg.Gleu(tokenizer="whitespace", min_len=orders[0], max_len=orders[1])


def test_no_tokens() -> None:
    result = tg.Scorer(tg.Gleu(tokenizer="whitespace")).score(["", "a", ""], ["", "", ["", "a"]])
    assert result["gleu"].tolist() == [0, 0, 0]
    assert result.corpus["gleu"] == corpus_gleu([[[]], [[]], [[], ["a"]]], [[], ["a"], []]) == 0
