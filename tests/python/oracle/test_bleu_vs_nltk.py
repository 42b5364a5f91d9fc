"""BLEU in NLTK's variant against nltk 3.10.4, float for float."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import nltk_texts
import pytest
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu, sentence_bleu

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

    from nltk_texts import Tokens
    from parity import Pair

METHODS = [f"method{number}" for number in range(8)]
# What nltk calls the one value that a method takes.
PARAMETERS = {"method1": "epsilon", "method4": "k", "method6": "alpha", "method7": "k"}
# Those for which nltk looks at the last pair of a corpus alone.
LAST_PAIR = ("method5", "method6", "method7")
UNIFORM = (0.25,) * 4

pytestmark = pytest.mark.filterwarnings(r"ignore:\s*The hypothesis contains 0 counts")


def theirs(method: str, value: float | None) -> Any:
    """The method of nltk."""
    return getattr(SmoothingFunction(**({} if value is None else {PARAMETERS[method]: value})), method)


def sentence(references: list[Tokens], hypothesis: Tokens, *options: Any) -> float:
    """nltk's score; 0 where method 6 finds no trigram and nltk breaks off."""
    try:
        return float(sentence_bleu(references, hypothesis, *options))
    except AssertionError:
        return 0.0


def check(
    pairs: list[Pair],
    tokenizer: str,
    method: str,
    value: float | None = None,
    weights: tuple[float, ...] = UNIFORM,
    *,
    auto_reweigh: bool = False,
) -> None:
    """Every score of the pairs, and of all of them together, is nltk's."""
    metric = tg.Bleu(
        variant="nltk",
        tokenizer=tokenizer,
        smoothing=method,
        smoothing_value=value,
        weights=weights,
        auto_reweigh=auto_reweigh,
    )
    result = tg.Scorer(metric).score(*nltk_texts.columns(pairs))
    hypotheses, references = nltk_texts.tokens(pairs, tokenizer)
    options = (weights, theirs(method, value), auto_reweigh)
    expected = [sentence(texts, text, *options) for texts, text in zip(references, hypotheses, strict=True)]
    wrong = [each for each in zip(pairs, result["bleu"], expected, strict=True) if each[1] != each[2]]
    assert wrong == []
    if method not in LAST_PAIR:
        assert result.corpus["bleu"] == corpus_bleu(references, hypotheses, *options)


@pytest.mark.skipif(not nltk_texts.FILES, reason="the folder of shared data is missing")
@pytest.mark.parametrize("tokenizer", nltk_texts.TOKENIZERS)
@pytest.mark.parametrize("path", nltk_texts.FILES, ids=nltk_texts.name)
def test_a_sample_of_every_file(path: Path, tokenizer: str) -> None:
    pairs = nltk_texts.sample(path, 12)
    for method in METHODS:
        check(pairs, tokenizer, method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tokenizer", nltk_texts.TOKENIZERS)
def test_hostile_texts(tokenizer: str, method: str) -> None:
    check(nltk_texts.hostile(300), tokenizer, method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "weights", [(1,), (0.5, 0.5), (0.2, 0.3, 0.5), (0.4, 0, 0.3, 0.1, 0.2), (0.1,) * 7, (0.0625,) * 16], ids=len
)
def test_weights(method: str, weights: tuple[float, ...]) -> None:
    if method == "method6" and not 3 <= len(weights) <= 8:
        with pytest.raises(tg.ConfigError, match="method6 takes weights of 3 to 8 orders"):
            check([], "whitespace", method, weights=weights)
    else:
        check(nltk_texts.hostile(100, 1000), "whitespace", method, weights=weights)


@pytest.mark.parametrize("value", [1, 2, 0.3, 7.5, 5.0])
@pytest.mark.parametrize("method", PARAMETERS)
def test_values(method: str, value: float) -> None:
    check(nltk_texts.hostile(200, 1000), "whitespace", method, value, (0.2,) * 5)


@pytest.mark.parametrize("method", METHODS)
def test_auto_reweigh(method: str) -> None:
    rng = random.Random(method)
    texts = [[" ".join(rng.choices("abc", k=rng.randint(0, 5))) for _ in range(3)] for _ in range(300)]
    pairs = [nltk_texts.Pair("short", text, references) for text, *references in texts]
    check(pairs, "whitespace", method, auto_reweigh=True)
    check(pairs, "whitespace", method, weights=(0.3, 0.3, 0.4), auto_reweigh=True)
    # A corpus of so few tokens.
    check([nltk_texts.Pair("short", "a b", ["a b"])], "whitespace", method, auto_reweigh=True)


@pytest.mark.parametrize("value", [None, 3, 0.7])
@pytest.mark.parametrize("weights", [UNIFORM, (0.3, 0.3, 0.4), (0.2,) * 5, (0.125,) * 8], ids=len)
@pytest.mark.parametrize("start", range(2))
def test_corpora_by_the_counts_of_all_pairs(start: int, weights: tuple[float, ...], value: float | None) -> None:
    """Methods 5, 6 and 7 of a corpus, where nltk has what is no score of it."""
    pairs = nltk_texts.hostile(300, 1000 * start)
    hypotheses, _ = nltk_texts.tokens(pairs, "whitespace")
    tokens = sum(map(len, hypotheses))
    orders = range(1, max(len(weights), 5) + 1)
    ngrams = [sum(max(len(text) - order + 1, 0) for text in hypotheses) for order in orders]
    counts = tg.Scorer(tg.Bleu(variant="nltk", tokenizer="whitespace", weights=(0,) * len(ngrams)))
    corpus = counts.score(*nltk_texts.columns(pairs)).corpus
    precisions = [Fraction(int(corpus[f"bleu.correct{order}"]), int(corpus[f"bleu.total{order}"])) for order in orders]
    penalty = corpus["bleu.bp"]

    def neighbours(values: list[Any]) -> list[Any]:
        before = values[0] + 1
        after = [*values[1:], precisions[4]]
        smoothed = []
        for own, next_one in zip(values, after, strict=True):
            before = (before + own + next_one) / 3
            smoothed.append(before)
        return smoothed

    def estimate(alpha: float) -> list[Any]:
        smoothed: list[Any] = precisions[:2]
        for order in range(2, len(weights)):
            expected = smoothed[-1] ** 2 / smoothed[-2] if smoothed[-2] else 0
            matches = int(corpus[f"bleu.correct{order + 1}"])
            smoothed.append((matches + alpha * expected) / (ngrams[order] + alpha))
        return smoothed

    def halve(k: float) -> list[Any]:
        halvings = 0
        smoothed: list[Any] = []
        for order, precision in zip(orders, precisions[: len(weights)], strict=False):
            if precision:
                smoothed.append(precision)
            else:
                halvings += 1
                smoothed.append(1 / (2**halvings * k / math.log(tokens)) / int(corpus[f"bleu.total{order}"]))
        return smoothed

    value_or_five = 5 if value is None else value
    expected = {
        "method5": neighbours(precisions[: len(weights)]),
        "method6": estimate(value_or_five),
        "method7": neighbours(halve(value_or_five)),
    }
    for method, smoothed in expected.items():
        logarithms = (weight * math.log(each) for weight, each in zip(weights, smoothed, strict=True) if each > 0)
        metric = tg.Bleu(
            variant="nltk",
            tokenizer="whitespace",
            smoothing=method,
            smoothing_value=value if method in PARAMETERS else None,
            weights=weights,
        )
        ours = tg.Scorer(metric).score(*nltk_texts.columns(pairs)).corpus
        assert ours["bleu"] == penalty * math.exp(math.fsum(logarithms))
        assert [ours[f"bleu.p{order}"] for order, _ in enumerate(weights, 1)] == [float(each) for each in smoothed]


def test_a_corpus_of_one_pair() -> None:
    for pair in nltk_texts.hostile(100):
        for method in LAST_PAIR:
            result = tg.Scorer(tg.Bleu(variant="nltk", tokenizer="whitespace", smoothing=method)).score(
                [pair.prediction], [pair.references]
            )
            assert result.corpus["bleu"] == result["bleu"][0]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"max_order": 3}, "variant 'nltk' takes no max_order"),
        ({"effective_order": True}, "variant 'nltk' takes no effective_order"),
        ({"weights": ()}, "weights is .*; it must be a list of 1 to 16 numbers from 0 to 1"),
        ({"weights": (0.5, 1.5)}, "weights is .*; it must be a list of 1 to 16 numbers from 0 to 1"),
        ({"weights": (0.1,) * 17}, "weights is .*; it must be a list of 1 to 16 numbers from 0 to 1"),
        ({"weights": (math.nan,)}, "bleu"),
        ({"smoothing": "exp"}, "smoothing is 'exp'; it must be one of method0, method1"),
        ({"smoothing_value": 1}, "smoothing 'method0' takes no smoothing_value"),
        ({"smoothing": "method4", "smoothing_value": 0}, "smoothing_value is 0; it must be a number above 0"),
        ({"smoothing": "method1", "smoothing_value": -1}, "smoothing_value is -1; it must be a number of at least 0"),
    ],
)
def test_options_that_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(tg.ConfigError, match=problem):
        tg.Bleu(variant="nltk", tokenizer="whitespace", **options)
