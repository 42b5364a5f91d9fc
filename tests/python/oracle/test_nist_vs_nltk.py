"""NIST against nltk 3.10.4, float for float."""

from __future__ import annotations

import contextlib
import math
import pickle
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import nltk_texts
import numpy as np
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


# ---- weights


PAIRS = [
    nltk_texts.Pair("", "the cat sat", ["the cat sat down", "a cat sat"]),
    nltk_texts.Pair("", "a dog barked loudly", ["the dog barked"]),
    nltk_texts.Pair("", "internationalisation of the dog", ["of the internationalisation"]),
]
PREDICTIONS, REFERENCES = nltk_texts.columns(PAIRS)
PLAIN = tg.Nist(tokenizer="whitespace")


def test_fitted_weights_are_those_of_the_call() -> None:
    fitted = PLAIN.fit(REFERENCES)
    of_call, by_fit = (tg.Scorer(metric).score(PREDICTIONS, REFERENCES) for metric in (PLAIN, fitted))
    assert of_call.aggregate == by_fit.aggregate
    assert of_call.signatures == by_fit.signatures == tg.Scorer(fitted).signatures != tg.Scorer(PLAIN).signatures
    for column in of_call.columns:
        assert of_call[column].tolist() == by_fit[column].tolist()
    assert fitted == PLAIN.fit(iter(REFERENCES)) == PLAIN.fit(REFERENCES[::-1])
    assert hash(fitted) == hash(PLAIN.fit(REFERENCES[::-1]))
    assert fitted != PLAIN.fit(REFERENCES[:2]) != PLAIN


def test_fitted_metrics_come_back_from_pickles() -> None:
    fitted = PLAIN.fit(REFERENCES)
    again = pickle.loads(pickle.dumps(fitted))
    assert again == fitted
    assert repr(again) == repr(fitted)
    scores = [tg.Scorer(metric).score(PREDICTIONS, REFERENCES).corpus for metric in (fitted, again)]
    assert scores[0] == scores[1]


def test_bytes_that_are_no_weights() -> None:
    weights = PLAIN.fit(REFERENCES).weights
    assert weights is not None
    data = weights.to_bytes()
    assert type(weights).from_bytes(data) == weights
    for end in range(len(data)):
        with pytest.raises(tg.InputError) as raised:
            type(weights).from_bytes(data[:end])
        assert raised.value.code == "bad-weights"
    rng = np.random.default_rng(1)
    for _ in range(2000):
        damaged = bytearray(data)
        damaged[rng.integers(len(data))] = rng.integers(256)
        with contextlib.suppress(tg.InputError, UnicodeDecodeError):
            type(weights).from_bytes(bytes(damaged))


def test_parts_with_the_same_weights_add_up() -> None:
    scorer = tg.Scorer(PLAIN.fit(REFERENCES))
    whole = scorer.aggregate(PREDICTIONS, REFERENCES)
    parts = [scorer.aggregate([text], [texts]) for text, texts in zip(PREDICTIONS, REFERENCES, strict=True)]
    assert sum(parts) == whole
    again = tg.Aggregate.from_bytes(whole.to_bytes())
    assert again == whole
    assert again.corpus == whole.corpus
    plain = tg.Scorer(PLAIN)
    with pytest.raises(tg.SignatureMismatch):
        plain.aggregate(PREDICTIONS[:1], REFERENCES[:1]) + plain.aggregate(PREDICTIONS[1:], REFERENCES[1:])


def test_other_references_than_those_fitted() -> None:
    # What the references fitted have tells as much as among them, anything else nothing.
    fitted = PLAIN.fit(["a b", "a a", "c internationalisation"])
    result = tg.Scorer(fitted).score(["a x internationalisation z"], ["x a b internationalisation"])
    assert result["nist.num1"][0] == math.log(6 / 3, 2) + math.log(6 / 1, 2)
    assert result["nist.num2"][0] == 0


@pytest.mark.parametrize("how", ["iterator", "generator", "prepared", "stream"])
def test_references_that_can_be_read_only_once(how: str) -> None:
    scorer = tg.Scorer(PLAIN)
    references: Any
    if how == "stream":
        arrow = pytest.importorskip("pyarrow")
        table = arrow.table({"references": [texts[0] for texts in REFERENCES]})
        references = arrow.RecordBatchReader.from_batches(table.schema, table.to_batches())
    else:
        makers = {"iterator": iter, "generator": lambda texts: (each for each in texts), "prepared": scorer.prepare}
        references = makers[how](REFERENCES)
    with pytest.raises(tg.InputError, match="read them twice") as raised:
        scorer.score(PREDICTIONS, references)
    assert raised.value.code == "not-fitted"


def test_references_that_can_be_read_twice() -> None:
    expected = tg.Scorer(PLAIN).score(PREDICTIONS, REFERENCES)
    single = [texts[0] for texts in REFERENCES]
    expected_single = tg.Scorer(PLAIN).score(PREDICTIONS, single)
    arrow = pytest.importorskip("pyarrow")
    for references in (tuple(REFERENCES), np.array([*REFERENCES, None], object)[:-1], arrow.array(REFERENCES)):
        assert tg.Scorer(PLAIN).score(PREDICTIONS, references).aggregate == expected.aggregate
    for references in (dict(enumerate(single)).values(), arrow.array(single), arrow.chunked_array([single])):
        assert tg.Scorer(PLAIN).score(PREDICTIONS, references).aggregate == expected_single.aggregate


def test_prepared_references_and_matrices_of_fitted_metrics() -> None:
    scorer = tg.Scorer(PLAIN.fit(REFERENCES))
    prepared = scorer.prepare(REFERENCES)
    assert scorer.score(PREDICTIONS, prepared).aggregate == scorer.aggregate(PREDICTIONS, REFERENCES)
    single = [texts[0] for texts in REFERENCES]
    matrix = scorer.pairwise(PREDICTIONS, single)["nist"]
    assert np.diag(matrix).tolist() == scorer.score(PREDICTIONS, single)["nist"].tolist()
    with pytest.raises(tg.InputError, match="fit"):
        tg.Scorer(PLAIN).pairwise(PREDICTIONS, single)


def test_a_tokenizer_of_the_callers_own() -> None:
    own = tg.Scorer(tg.Nist(tokenizer=str.split).fit(REFERENCES)).score(PREDICTIONS, REFERENCES)
    assert own.corpus == tg.Scorer(PLAIN).score(PREDICTIONS, REFERENCES).corpus


def test_missing_texts_teach_nothing() -> None:
    references = [*REFERENCES, None]
    fitted = PLAIN.fit(references, nulls="propagate")
    assert fitted == PLAIN.fit(REFERENCES)
    result = tg.Scorer(PLAIN).score([*PREDICTIONS, "x"], references, nulls="propagate")
    assert result.corpus == tg.Scorer(PLAIN).score(PREDICTIONS, REFERENCES).corpus


def test_several_of_them_in_one_scorer() -> None:
    fitted = tg.Nist(tokenizer="whitespace", prefix="fitted_").fit(REFERENCES[:1])
    metrics = [PLAIN, tg.Nist(tokenizer="whitespace", n=2, prefix="short_"), fitted, tg.Gleu(tokenizer="whitespace")]
    together = tg.Scorer(metrics).score(PREDICTIONS, REFERENCES).corpus
    alone: dict[str, float] = {}
    for metric in metrics:
        alone |= tg.Scorer(metric).score(PREDICTIONS, REFERENCES).corpus
    assert together == alone


@pytest.mark.parametrize("n", [0, 17])
def test_orders_that_there_are_not(n: int) -> None:
    with pytest.raises(tg.ConfigError, match=f"n is {n}; it must be a whole number from 1 to 16"):
        tg.Nist(tokenizer="whitespace", n=n)


def test_weights_of_other_options() -> None:
    weights = PLAIN.fit(REFERENCES).weights
    tg.Nist(tokenizer="whitespace", n=3, weights=weights)
    for metric in ({"tokenizer": "words"}, {"lowercase": True}, {"n": 6}):
        with pytest.raises(tg.ConfigError, match="fit them again"):
            tg.Nist(**{"tokenizer": "whitespace", "weights": weights, **metric})  # type: ignore[arg-type]
