"""BLEU of lists of tokens: `nltk.translate.bleu_score` of NLTK 3.10.4."""

from __future__ import annotations

import fractions
import functools
import math
import sys
import warnings
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, NamedTuple

from textgauge.compat.nltk._tokens import as_columns, as_tokens, as_tokens_of_each, ngrams
from textgauge.metrics import Bleu
from textgauge.metrics.base import compile_metrics
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from textgauge import _core
    from textgauge.compat.nltk._tokens import Ngrams, Tokens

    Weights: TypeAlias = Sequence[float] | Sequence[Sequence[float]]
    Precisions: TypeAlias = list[Any]
    Smoothing: TypeAlias = Callable[..., Precisions]

__all__ = [
    "Fraction",
    "SmoothingFunction",
    "brevity_penalty",
    "closest_ref_length",
    "corpus_bleu",
    "modified_precision",
    "sentence_bleu",
]

_UNIFORM = (0.25, 0.25, 0.25, 0.25)

_NO_OVERLAP = (
    "\nThe hypothesis contains 0 counts of {}-gram overlaps.\n"
    "Therefore the BLEU score evaluates to 0, independently of\n"
    "how many N-gram overlaps of lower order it contains.\n"
    "Consider using lower n-gram order or use SmoothingFunction()"
)


class Fraction(fractions.Fraction):
    """A fraction that keeps the numerator and the denominator that it was given, unless it is to be reduced."""

    _given: tuple[Any, Any] | None

    def __new__(cls, numerator: Any = 0, denominator: Any = None, _normalize: bool = False) -> Fraction:  # noqa: ANN401
        """Takes what `fractions.Fraction` takes, and whether to reduce it."""
        # From Python 3.12 on the class has no such option.
        options = {} if sys.version_info >= (3, 12) else {"_normalize": _normalize}
        self = super().__new__(cls, numerator, denominator, **options)
        self._given = None if _normalize else (numerator, denominator)
        return self

    @property
    def numerator(self) -> Any:  # noqa: ANN401 - whatever was given
        """What stands above the line."""
        return self._given[0] if self._given else super().numerator

    @property
    def denominator(self) -> Any:  # noqa: ANN401
        """What stands below the line."""
        return self._given[1] if self._given else super().denominator


def sentence_bleu(
    references: Sequence[Tokens],
    hypothesis: Tokens,
    weights: Weights = (0.25, 0.25, 0.25, 0.25),
    smoothing_function: Smoothing | None = None,
    auto_reweigh: bool = False,
) -> float | list[float]:
    """The BLEU of a sentence, or one for each of several weights. The references come first.

    Args:
        references: Lists of tokens. Of a string the characters are the tokens.
        hypothesis: A list of tokens.
        weights: The weight of each order of n-grams, or a list of such.
        smoothing_function: A method of `SmoothingFunction`, or a function that is called as those are.
        auto_reweigh: Whether hypotheses of fewer than four tokens are measured by as many orders, if weights are the
            default.

    Raises:
        ValueError, KeyError: There is no reference.
        TypeError: Something is no list of tokens.
        AssertionError: `method6` finds no trigram that matches.
    """
    try:
        score = _score_of_core(references, hypothesis, weights, smoothing_function, auto_reweigh)
    except Exception:
        score = None  # unusual, or wrong: said below as the peer says it
    if score is None:
        return corpus_bleu([references], [hypothesis], weights, smoothing_function, auto_reweigh)
    return score


def corpus_bleu(
    list_of_references: Sequence[Sequence[Tokens]],
    hypotheses: Sequence[Tokens],
    weights: Weights = (0.25, 0.25, 0.25, 0.25),
    smoothing_function: Smoothing | None = None,
    auto_reweigh: bool = False,
) -> float | list[float]:
    """The BLEU of a corpus, by the counts of all its sentences together.

    Args:
        list_of_references: The references of each hypothesis.
        hypotheses: Lists of tokens.
        weights: As for `sentence_bleu`.
        smoothing_function: As for `sentence_bleu`. It is given the references and the hypothesis of the last pair.
        auto_reweigh: As for `sentence_bleu`.

    Raises:
        AssertionError: There are not as many of both; and as for `sentence_bleu`.
        ZeroDivisionError: There is no hypothesis.
        ValueError, KeyError, TypeError: As for `sentence_bleu`.
    """
    if len(list_of_references) != len(hypotheses):
        raise AssertionError("The number of hypotheses and their reference(s) should be the same ")
    each = _each(weights)
    counts = _counts(list_of_references, hypotheses, max(len(weights) for weights in each))
    penalty = brevity_penalty(counts.ref_len, counts.hyp_len)
    precisions: Precisions = [Fraction(*both) for both in zip(counts.correct, counts.total, strict=True)]
    if not any(counts.correct[:1]):
        return 0 if len(each) == 1 else [0] * len(each)
    ((references, hypothesis),) = deque(zip(list_of_references, hypotheses, strict=False), maxlen=1)
    smoothing = smoothing_function or SmoothingFunction().method0
    precisions = smoothing(precisions, references=references, hypothesis=hypothesis, hyp_len=counts.hyp_len)
    scores = []
    for own in each:
        if auto_reweigh and counts.hyp_len < 4 and own == _UNIFORM:
            own = (1 / counts.hyp_len,) * counts.hyp_len
        logarithms = (
            weight * math.log(precision) for weight, precision in zip(own, precisions, strict=False) if precision > 0
        )
        scores.append(penalty * math.exp(math.fsum(logarithms)))
    return scores[0] if len(each) == 1 else scores


def modified_precision(references: Sequence[Tokens], hypothesis: Tokens, n: int) -> Fraction:
    """The n-grams of a hypothesis that references have too, over all that it has, or over 1 if it has none.

    Args:
        references: As for `sentence_bleu`.
        hypothesis: As for `sentence_bleu`.
        n: The order.

    Raises:
        KeyError: There is no reference.
        TypeError: Something is no list of tokens.
        ValueError: `n` is negative or no whole number.
    """
    try:
        scores = _counter(n).score_pair(as_tokens(hypothesis), as_tokens_of_each(references), tokens=True)
        return Fraction(int(scores[f"bleu.correct{n}"]), int(scores[f"bleu.total{n}"]))
    except Exception:
        return Fraction(*_clipped(references, hypothesis, n))


def closest_ref_length(references: Sequence[Tokens], hyp_len: int) -> int:
    """The length of the reference that is nearest in length, of two the shorter one.

    Raises:
        ValueError: There is no reference.
    """
    return min(map(len, references), key=lambda length: (abs(length - hyp_len), length))


def brevity_penalty(closest_ref_len: float, hyp_len: float) -> float:
    """The factor for a hypothesis of this length: 1 if it is longer than the reference, 0 if it is empty."""
    if hyp_len > closest_ref_len:
        return 1
    if hyp_len == 0:
        return 0
    return math.exp(1 - closest_ref_len / hyp_len)


class SmoothingFunction:
    """What is done about orders of n-grams without a match (Chen and Cherry 2014).

    Each method takes the precisions of all orders and gives them back smoothed. Methods 3 to 7 change the list.
    """

    def __init__(self, epsilon: float = 0.1, alpha: float = 5, k: float = 5) -> None:
        """Takes what `method1` (`epsilon`), `method6` (`alpha`), and `method4` and `method7` (`k`) depend on."""
        self.epsilon = epsilon
        self.alpha = alpha
        self.k = k

    def method0(self, p_n: Precisions, *args: Any, **kwargs: Any) -> Precisions:  # noqa: ANN401, ARG002
        """Without a match the precision is the smallest there is, with a warning."""
        smoothed = []
        for order, precision in enumerate(p_n, start=1):
            if precision.numerator == 0:
                warnings.warn(_NO_OVERLAP.format(order), stacklevel=1)
                precision = sys.float_info.min
            smoothed.append(precision)
        return smoothed

    def method1(self, p_n: Precisions, *args: Any, **kwargs: Any) -> Precisions:  # noqa: ANN401, ARG002
        """Without a match there are `epsilon` of one."""
        return [
            precision if precision.numerator != 0 else (precision.numerator + self.epsilon) / precision.denominator
            for precision in p_n
        ]

    def method2(self, p_n: Precisions, *args: Any, **kwargs: Any) -> Precisions:  # noqa: ANN401, ARG002
        """Above order 1 there is one more n-gram, matched and in all."""
        return [
            Fraction(precision.numerator + 1, precision.denominator + 1) if place else precision
            for place, precision in enumerate(p_n)
        ]

    def method3(self, p_n: Precisions, *args: Any, **kwargs: Any) -> Precisions:  # noqa: ANN401, ARG002
        """The first order without a match has half of one, the next a quarter, and so on."""
        halved = 1
        for place, precision in enumerate(p_n):
            if precision.numerator == 0:
                halved *= 2
                p_n[place] = 1 / (halved * precision.denominator)
        return p_n

    def method4(
        self,
        p_n: Precisions,
        references: Sequence[Tokens],  # noqa: ARG002
        hypothesis: Tokens,
        hyp_len: int | None = None,
        *args: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Precisions:
        """As `method3`, over `k`, times the logarithm of the length of the hypothesis."""
        length = hyp_len or len(hypothesis)
        halved = 1
        for place, precision in enumerate(p_n):
            if precision.numerator == 0 and length > 1:
                halved *= 2
                p_n[place] = 1 / (halved * self.k / math.log(length)) / precision.denominator
        return p_n

    def method5(
        self,
        p_n: Precisions,
        references: Sequence[Tokens],
        hypothesis: Tokens,
        hyp_len: int | None = None,  # noqa: ARG002
        *args: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Precisions:
        """Each precision is the mean of the one before, already so averaged, its own, and the next.

        An order 0 has the first precision and 1 more, and after the last comes that of order 5.
        """
        following = [*p_n[1:], modified_precision(references, hypothesis, 5)]
        before = p_n[0] + 1
        for place, (precision, after) in enumerate(zip(p_n, following, strict=True)):
            before = p_n[place] = (before + precision + after) / 3
        return p_n

    def method6(
        self,
        p_n: Precisions,
        references: Sequence[Tokens],  # noqa: ARG002
        hypothesis: Tokens,
        hyp_len: int | None = None,  # noqa: ARG002
        *args: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Precisions:
        """Above order 2 precisions are drawn to what the two orders before let expect, as if seen `alpha` times.

        Raises:
            AssertionError: No trigram matches.
        """
        if not p_n[2]:
            raise AssertionError("This smoothing method requires non-zero precision for bigrams.")
        for place in range(2, len(p_n)):
            expected = 0 if p_n[place - 2] == 0 else p_n[place - 1] ** 2 / p_n[place - 2]
            matches, total = p_n[place].numerator, sum(1 for _ in ngrams(hypothesis, place + 1))
            p_n[place] = (matches + self.alpha * expected) / (total + self.alpha)
        return p_n

    def method7(
        self,
        p_n: Precisions,
        references: Sequence[Tokens],
        hypothesis: Tokens,
        hyp_len: int | None = None,
        *args: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Precisions:
        """`method4`, then `method5`."""
        length = hyp_len or len(hypothesis)
        p_n = self.method4(p_n, references, hypothesis, length)
        return self.method5(p_n, references, hypothesis, length)


# The methods as the core calls them, with the attribute that each depends on.
_METHODS: dict[Smoothing, tuple[str, str | None]] = {
    SmoothingFunction.method0: ("method0", None),
    SmoothingFunction.method1: ("method1", "epsilon"),
    SmoothingFunction.method2: ("method2", None),
    SmoothingFunction.method3: ("method3", None),
    SmoothingFunction.method4: ("method4", "k"),
    SmoothingFunction.method5: ("method5", None),
    SmoothingFunction.method6: ("method6", "alpha"),
    SmoothingFunction.method7: ("method7", "k"),
}
# With other numbers, such as NumPy's, Python may compute otherwise than the core.
_PLAIN = frozenset((int, float, type(None)))


def _score_of_core(
    references: Sequence[Tokens],
    hypothesis: Tokens,
    weights: Weights,
    smoothing_function: Smoothing | None,
    auto_reweigh: bool,
) -> float | None:
    """The score of a sentence; None where there is something to warn of, or the score is the whole number 0.

    Raises:
        Exception: The core does not score this.
    """
    method, value = "method0", None
    if smoothing_function:
        method, name = _METHODS[smoothing_function.__func__]  # type: ignore[attr-defined]
        holder = smoothing_function.__self__  # type: ignore[attr-defined]
        value = getattr(holder, name) if name else None
        if type(holder) is not SmoothingFunction:
            return None
    own = tuple(weights)
    # A string's first item is a string: then the core would take the references for one.
    if type(references[0]) is not list or not _PLAIN.issuperset(map(type, (*own, value))):
        return None
    reweigh = bool(auto_reweigh) and isinstance(weights, tuple)
    scorer, score, needed = _scorer(own, method, value, reweigh)
    values = scorer.pair_values(hypothesis, references, tokens=True)
    return values[score] if values[needed] else None


@functools.lru_cache(typed=True)
def _scorer(weights: tuple[Any, ...], method: str, value: float | None, reweigh: bool) -> tuple[_core.Scorer, int, int]:
    """What scores sentences, and the places of the score and of the count without which it has to be warned."""
    metric = Bleu(variant="nltk", weights=weights, smoothing=method, smoothing_value=value, auto_reweigh=reweigh)
    order = {"method0": len(weights), "method6": 3}.get(method, 1)
    scorer = compile_metrics([metric])
    return scorer, scorer.columns.index("bleu"), scorer.columns.index(f"bleu.correct{order}")


@functools.cache
def _counter(order: int) -> Scorer:
    """What counts the n-grams of orders up to `order`."""
    return Scorer(Bleu(variant="nltk", weights=(0,) * order))


class _Counts(NamedTuple):
    """What BLEU is made of: n-grams that match and n-grams of each order, and lengths."""

    correct: list[int]
    total: list[int]
    hyp_len: int
    ref_len: int


def _counts(list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens], order: int) -> _Counts:
    try:
        scores = _scores_of_counter(_counter(order), list_of_references, hypotheses)
        correct, total = (
            [int(scores[f"bleu.{name}{n}"]) for n in range(1, order + 1)] for name in ("correct", "total")
        )
        return _Counts(correct, total, int(scores["bleu.hyp_len"]), int(scores["bleu.ref_len"]))
    except Exception:
        pass
    return _counts_by_steps(list_of_references, hypotheses, order)


def _scores_of_counter(
    scorer: Scorer, list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens]
) -> Mapping[str, float]:
    references, texts = as_columns(list_of_references, hypotheses)
    if len(texts) == 1:
        return scorer.score_pair(texts[0], references[0], tokens=True)
    if not texts:
        raise ValueError("there is no hypothesis")
    return scorer.aggregate(texts, references, tokens=True).corpus


def _counts_by_steps(
    list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens], order: int
) -> _Counts:
    """The counts of what the core does not read, or the peer's exception."""
    correct, total = [0] * order, [0] * order
    hyp_len = ref_len = 0
    for references, hypothesis in zip(list_of_references, hypotheses, strict=False):
        for n in range(1, order + 1):
            matches, own = _clipped(references, hypothesis, n)
            correct[n - 1] += matches
            total[n - 1] += own
        hyp_len += len(hypothesis)
        ref_len += closest_ref_length(references, len(hypothesis))
    return _Counts(correct, total, hyp_len, ref_len)


def _clipped(references: Sequence[Tokens], hypothesis: Tokens, n: int) -> tuple[int, int]:
    """The n-grams of a hypothesis that match, and all that it has, at least 1."""
    own = _ngram_counts(hypothesis, n)
    most: dict[tuple[Any, ...], int] = {}
    for reference in references:
        counts = _ngram_counts(reference, n)
        for ngram in own:
            most[ngram] = max(most.get(ngram, 0), counts[ngram])
    return sum(min(count, most[ngram]) for ngram, count in own.items()), max(1, sum(own.values()))


def _ngram_counts(text: Tokens, n: int) -> Ngrams:
    return Counter(ngrams(text, n)) if len(text) >= n else Counter()


def _each(weights: Any) -> Sequence[Sequence[float]]:  # noqa: ANN401 - one tuple of weights, or several
    try:
        weights[0][0]
    except (TypeError, IndexError):
        return [weights]
    several: Sequence[Sequence[float]] = weights
    return several
