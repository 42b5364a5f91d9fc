"""NIST against nltk 3.10.4, float for float."""

from __future__ import annotations

import contextlib
import math
import sys
from collections import Counter
from typing import TYPE_CHECKING

import nltk_texts
import pytest
from nltk.translate.nist_score import corpus_nist, nist_length_penalty, sentence_nist

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

    from nltk_texts import Tokens
    from parity import Pair

# From then on Python's sum() of floats is compensated, and nltk's numbers are others.
pytestmark = pytest.mark.skipif(sys.version_info >= (3, 12), reason="nltk's last bits depend on Python")


def score_of_sums(numerators: list[float], denominators: list[float], ref_len: float, hyp_len: float) -> float:
    """nltk's last step; orders without n-grams, where it divides by zero, are left out."""
    pairs = zip(numerators, denominators, strict=True)
    precision = sum(above / below for above, below in pairs if below)
    return precision * nist_length_penalty(ref_len, hyp_len) if ref_len else 0.0


def definition(hypotheses: list[Tokens], references: list[list[Tokens]], n: int) -> float:
    """The score of a corpus, also where nltk divides by zero."""

    def ngrams(text: Tokens, order: int) -> Counter[tuple[str, ...]]:
        return Counter(zip(*(text[start:] for start in range(order)), strict=False))

    counts: Counter[tuple[str, ...]] = Counter()
    words = 0
    for text in (text for texts in references for text in texts):
        words += len(text)
        for order in range(1, n + 1):
            counts += ngrams(text, order)
    numerators, denominators = [0.0] * n, [0] * n
    ref_len = 0
    for hypothesis, texts in zip(hypotheses, references, strict=True):
        for order in range(1, n + 1):
            own = ngrams(hypothesis, order)
            candidates = []
            for text in texts:
                other = ngrams(text, order)
                shared = 0.0
                for ngram, count in own.items():
                    if ngram in other:
                        above = counts[ngram[:-1]] if order > 1 else words
                        shared += math.log(above / counts[ngram], 2) * min(count, other[ngram])
                candidates.append((shared, len(text)))
            numerator, length = max(candidates)
            numerators[order - 1] += numerator
            denominators[order - 1] += sum(own.values())
            ref_len += length
    return score_of_sums(numerators, denominators, ref_len, n * sum(map(len, hypotheses)))


def check(pairs: list[Pair], tokenizer: str, n: int = 5) -> None:
    """Every score of the pairs, each alone and all of them together, is nltk's."""
    scorer = tg.Scorer(tg.Nist(tokenizer=tokenizer, n=n))
    hypotheses, references = nltk_texts.tokens(pairs, tokenizer)
    for pair, hypothesis, texts in zip(pairs, hypotheses, references, strict=True):
        ours = scorer.score([pair.prediction], [pair.references]).corpus["nist"]
        assert ours == definition([hypothesis], [texts], n), pair
        with contextlib.suppress(ZeroDivisionError):
            assert ours == sentence_nist(texts, hypothesis, n), pair

    result = scorer.score(*nltk_texts.columns(pairs))
    orders = range(1, n + 1)
    numerators = {order: [float(each) for each in result[f"nist.num{order}"]] for order in orders}
    denominators = [result.corpus[f"nist.den{order}"] for order in orders]
    lengths = result.corpus["nist.ref_len"], result.corpus["nist.hyp_len"]
    in_turn = score_of_sums([sum(numerators[order]) for order in orders], denominators, *lengths)
    assert in_turn == definition(hypotheses, references, n)
    with contextlib.suppress(ZeroDivisionError):
        assert in_turn == corpus_nist(references, hypotheses, n)
    # Ours is not rounded from row to row.
    exact = [math.fsum(numerators[order]) for order in orders]
    assert [result.corpus[f"nist.num{order}"] for order in orders] == exact
    assert result.corpus["nist"] == score_of_sums(exact, denominators, *lengths)
    assert math.isclose(result.corpus["nist"], in_turn, rel_tol=1e-13)
    for row in range(len(pairs)):
        parts = [[float(result[f"nist.{part}{order}"][row]) for order in orders] for part in ("num", "den")]
        own = score_of_sums(*parts, float(result["nist.ref_len"][row]), float(result["nist.hyp_len"][row]))
        assert result["nist"][row] == own


@pytest.mark.skipif(not nltk_texts.FILES, reason="the folder of shared data is missing")
@pytest.mark.parametrize("tokenizer", nltk_texts.TOKENIZERS)
@pytest.mark.parametrize("path", nltk_texts.FILES, ids=nltk_texts.name)
def test_a_sample_of_every_file(path: Path, tokenizer: str) -> None:
    check(nltk_texts.sample(path, 30), tokenizer)


@pytest.mark.parametrize("n", [5, 1, 2, 8])
@pytest.mark.parametrize("tokenizer", nltk_texts.TOKENIZERS)
def test_hostile_texts(tokenizer: str, n: int) -> None:
    check(nltk_texts.hostile(500), tokenizer, n)


def test_no_tokens() -> None:
    result = tg.Scorer(tg.Nist(tokenizer="whitespace")).score(["", "a", ""], ["", "", ["", "a"]])
    assert result["nist"].tolist() == [0, 0, 0]
    assert result.corpus["nist"] == 0
