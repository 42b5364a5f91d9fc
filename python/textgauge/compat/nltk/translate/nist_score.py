"""NIST of lists of tokens: `nltk.translate.nist_score` of NLTK 3.10.4."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from textgauge.compat.nltk._tokens import as_columns, ngrams
from textgauge.metrics import Nist
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textgauge.compat.nltk._tokens import Ngrams, Tokens

__all__ = ["corpus_nist", "nist_length_penalty", "sentence_nist"]


def sentence_nist(references: Sequence[Tokens], hypothesis: Tokens, n: int = 5) -> float:
    """The NIST of a sentence, with what its own references tell of n-grams. The references come first.

    Args:
        references: Lists of tokens. Of a string the characters are the tokens.
        hypothesis: A list of tokens.
        n: The longest n-grams.

    Raises:
        ZeroDivisionError: The hypothesis has fewer than `n` tokens, or no reference has a token.
        TypeError: Something is no list of tokens.
        ValueError: There is no reference.
    """
    return corpus_nist([references], [hypothesis], n)


def corpus_nist(list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens], n: int = 5) -> float:
    """The NIST of a corpus, by the sums of all its sentences together.

    Args:
        list_of_references: The references of each hypothesis.
        hypotheses: Lists of tokens.
        n: As for `sentence_nist`.

    Raises:
        AssertionError: There are not as many of both.
        ZeroDivisionError: No hypothesis has `n` tokens, or no reference has a token.
        TypeError, ValueError: As for `sentence_nist`.
    """
    if len(list_of_references) != len(hypotheses):
        raise AssertionError("The number of hypotheses and their reference(s) should be the same")
    try:
        sums = _sums_of_core(list_of_references, hypotheses, n)
    except Exception:
        sums = _sums_by_steps(list_of_references, hypotheses, n)
    precision = _added(map(operator.truediv, sums.information, sums.total))
    return precision * nist_length_penalty(sums.ref_len, sums.hyp_len)


def nist_length_penalty(ref_len: float, hyp_len: float) -> float:
    """The factor for these lengths: 1 if the hypothesis is as long as the reference, a half at two thirds of it.

    Raises:
        ZeroDivisionError: `ref_len` is 0.
    """
    ratio = hyp_len / ref_len
    if 0 < ratio < 1:
        beta = math.log(0.5) / math.log(1.5) ** 2
        return math.exp(beta * math.log(ratio) ** 2)
    return max(min(ratio, 1.0), 0.0)


class _Sums(NamedTuple):
    """The information of shared n-grams and the n-grams of hypotheses, by order, and lengths, once for each order."""

    information: list[float]
    total: list[int]
    ref_len: int
    hyp_len: int


@functools.lru_cache(typed=True)
def _scorer(n: int) -> Scorer:
    return Scorer(Nist(n=n))


def _sums_of_core(list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens], n: int) -> _Sums:
    references, texts = as_columns(list_of_references, hypotheses)
    if len(texts) == 1:
        scores = _scorer(n).aggregate(texts, references, tokens=True).corpus
        information = [scores[f"nist.num{order}"] for order in range(1, n + 1)]
    else:
        result = _scorer(n).score(texts, references, tokens=True)
        scores = result.corpus
        # The core adds up exactly, and the peer sentence by sentence.
        information = [_added(result[f"nist.num{order}"].tolist()) for order in range(1, n + 1)]
    total = [int(scores[f"nist.den{order}"]) for order in range(1, n + 1)]
    if not all(total):
        raise ValueError("an order has no n-gram, and the peer divides by their number")
    return _Sums(information, total, int(scores["nist.ref_len"]), int(scores["nist.hyp_len"]))


def _sums_by_steps(list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens], n: int) -> _Sums:
    """The sums of what the core does not read, or the peer's exception."""
    information = _information(itertools.chain.from_iterable(list_of_references), n)
    shared: list[float] = []
    total: list[int] = []
    ref_len = hyp_len = 0
    for order in range(1, n + 1):
        best = []
        for references, hypothesis in zip(list_of_references, hypotheses, strict=False):
            hyp_len += len(hypothesis)
            best.append(max(_compared(hypothesis, reference, order, information) for reference in references))
        if best:
            shared.append(_added(each[1] for each in best))
            total.append(sum(each[2] for each in best))
            ref_len += sum(each[3] for each in best)
    return _Sums(shared, total, ref_len, hyp_len)


def _information(references: Iterable[Tokens], n: int) -> dict[tuple[object, ...], float]:
    """How much each n-gram tells: the rarer it is after those before its last token, the more."""
    counts: Ngrams = Counter()
    words = 0
    for reference in references:
        for order in range(1, n + 1):
            counts.update(ngrams(reference, order))
        words += len(reference)
    return {
        ngram: math.log((counts[ngram[:-1]] if len(ngram) > 1 else words) / count, 2) for ngram, count in counts.items()
    }


def _compared(
    hypothesis: Tokens, reference: Tokens, order: int, information: dict[tuple[object, ...], float]
) -> tuple[float, float, int, int]:
    """The share of information that a hypothesis has of a reference, above and below the line, and their length."""
    own, other = Counter(ngrams(hypothesis, order)), Counter(ngrams(reference, order))
    shared = sum(information[ngram] * count for ngram, count in (own & other).items())
    total = sum(own.values())
    return shared / total if total else 0, shared, total, len(reference)


def _added(values: Iterable[float]) -> float:
    # Rounded after each, unlike `sum` from Python 3.12 on.
    return functools.reduce(operator.add, values, 0)
