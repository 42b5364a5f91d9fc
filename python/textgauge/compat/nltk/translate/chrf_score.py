"""chrF with one score for each order of n-grams: `nltk.translate.chrf_score` of NLTK 3.10.4."""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import TYPE_CHECKING

from textgauge.compat.nltk._tokens import ngrams
from textgauge.metrics import Bleu
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    Sentence: TypeAlias = str | Sequence[str]

__all__ = ["chrf_precision_recall_fscore_support", "corpus_chrf", "sentence_chrf"]

# For the package `regex`, which the peer uses, these four are no white space.
_WHITE_SPACE = re.compile(r"[^\S\x1c-\x1f]+")


def sentence_chrf(
    reference: Sentence,
    hypothesis: Sentence,
    min_len: int = 1,
    max_len: int = 6,
    beta: float = 3.0,
    ignore_whitespace: bool = True,
) -> float:
    """The chrF of a sentence. The reference comes first, and there is one.

    Args:
        reference: A string, or a list of tokens, which are joined by blanks.
        hypothesis: The same.
        min_len: The shortest n-grams of characters.
        max_len: The longest n-grams of characters.
        beta: Weight of recall.
        ignore_whitespace: Whether white space does not count as characters.

    Raises:
        ZeroDivisionError: `min_len` is above `max_len`.
        TypeError: Something is no sentence.
    """
    return corpus_chrf([reference], [hypothesis], min_len, max_len, beta=beta, ignore_whitespace=ignore_whitespace)


def chrf_precision_recall_fscore_support(
    reference: Iterable[object], hypothesis: Iterable[object], n: int, beta: float = 3.0, epsilon: float = 1e-16
) -> tuple[float, float, float, int]:
    """Precision, recall and F of the n-grams of one order, and how many both texts have.

    Args:
        reference: A string or any list of tokens.
        hypothesis: The same.
        n: The order.
        beta: Weight of recall.
        epsilon: What stands for all three where there is something to divide by 0.

    Raises:
        TypeError: Something is no sequence of hashable items.
        ValueError: `n` is negative or no whole number.
    """
    in_reference, in_hypothesis = Counter(ngrams(reference, n)), Counter(ngrams(hypothesis, n))
    shared = sum((in_reference & in_hypothesis).values())
    totals = sum(in_hypothesis.values()), sum(in_reference.values())
    return *_precision_recall_f(shared, *totals, beta, epsilon), shared


def corpus_chrf(
    references: Sequence[Sentence],
    hypotheses: Sequence[Sentence],
    min_len: int = 1,
    max_len: int = 6,
    beta: float = 3.0,
    ignore_whitespace: bool = True,
) -> float:
    """The mean chrF of sentences and orders of n-grams.

    Args:
        references: One for each hypothesis.
        hypotheses: Strings, or lists of tokens.
        min_len: As for `sentence_chrf`.
        max_len: As for `sentence_chrf`.
        beta: As for `sentence_chrf`.
        ignore_whitespace: As for `sentence_chrf`.

    Raises:
        AssertionError: There are not as many of both.
        ZeroDivisionError: There is no sentence, or `min_len` is above `max_len`.
        TypeError: Something is no sentence.
    """
    if len(references) != len(hypotheses):
        raise AssertionError("The number of hypotheses and their references should be the same")
    pairs = [
        (_preprocess(reference, ignore_whitespace), _preprocess(hypothesis, ignore_whitespace))
        for reference, hypothesis in zip(references, hypotheses, strict=False)
    ]
    orders = range(min_len, max_len + 1) if pairs else ()
    by_order: Sequence[Sequence[float]]
    try:
        by_order = _of_core(pairs, orders, beta)
    except Exception:
        by_order = [[chrf_precision_recall_fscore_support(*pair, n, beta=beta)[2] for pair in pairs] for n in orders]
    return (sum(sum(scores) for scores in by_order) / len(by_order)) / len(hypotheses)


def _preprocess(sent: Sentence, ignore_whitespace: bool) -> str:
    text = sent if type(sent) is str else " ".join(sent)
    if not ignore_whitespace:
        return text
    # All other white space is not printable.
    return text.replace(" ", "") if text.isprintable() else _WHITE_SPACE.sub("", text)


def _of_core(pairs: Sequence[tuple[str, str]], orders: range | tuple[()], beta: float) -> list[tuple[float, ...]]:
    """The F of each pair, by order of n-grams.

    Raises:
        Exception: The core does not score this.
    """
    if min(orders) < 1:
        raise ValueError("the core counts n-grams from order 1 on")
    count = _counter(max(orders))._compiled.pair_values
    of_pairs = [_f_by_order(count(hypothesis, reference), orders, beta) for reference, hypothesis in pairs]
    return [*zip(*of_pairs, strict=True)]


def _f_by_order(outputs: Sequence[float], orders: Iterable[int], beta: float) -> list[float]:
    """The F of each order, of the outputs of BLEU."""
    _, _, _, hyp_len, ref_len, *of_orders = outputs
    correct = of_orders[1::3]
    return [
        _precision_recall_f(correct[n - 1], max(0.0, hyp_len - n + 1), max(0.0, ref_len - n + 1), beta, 1e-16)[2]
        for n in orders
    ]


@functools.cache
def _counter(order: int) -> Scorer:
    """What counts the n-grams of characters that a pair shares."""
    return Scorer(Bleu(tokenizer="characters+space", max_order=order))


def _precision_recall_f(
    shared: float, in_hypothesis: float, in_reference: float, beta: float, epsilon: float
) -> tuple[float, float, float]:
    try:
        precision, recall = shared / in_hypothesis, shared / in_reference
        factor = beta**2
        return precision, recall, (1 + factor) * (precision * recall) / (factor * precision + recall)
    except ZeroDivisionError:
        return epsilon, epsilon, epsilon
