"""What is marked at each token of a pair, for terminals and pages alike: marks are letters, never colours alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textgauge.explanations.explanation import Explanation, ReadPair

__all__ = ["LEGEND", "MarkedText", "View", "marked_pair", "views_of"]

LCS, UNION, RUN, NOT_AGAIN, ELSEWHERE = "L", "U", "C", "×", "~"

LEGEND = {
    LCS: "on the longest common subsequence",
    UNION: "in the union of the longest common subsequences",
    RUN: "in the longest common run",
    NOT_AGAIN: "in the other text too, but not counted again",
    ELSEWHERE: "in the other text too, but off the path: in another order",
}
"""What each mark says, but for the digits: in a matched n-gram of this order."""


class MarkedText(NamedTuple):
    """The tokens of a text with the marks of each."""

    tokens: tuple[str, ...]
    marks: tuple[str, ...]


class View(NamedTuple):
    """What several metrics look at in one reading.

    Attributes:
        name: The name of the reading.
        metrics: The names of the metrics.
        orders: The orders of n-grams that they count.
        characters: Whether tokens are characters.
        pairs: The prediction with each reference that matters, and that reference's index.
    """

    name: str
    metrics: tuple[str, ...]
    orders: tuple[int, ...]
    characters: bool
    pairs: tuple[tuple[int, ReadPair], ...]


def views_of(explanation: Explanation) -> list[View]:
    """For each reading what is to be seen: of several references the best, where metrics take the best."""
    explainer = explanation._explainer
    views = []
    for number, (reading, (_, characters)) in enumerate(zip(explanation.readings, explainer.readings, strict=True)):
        both = zip(explainer.metrics, explanation.metrics, strict=True)
        here = [(laid_out, metric) for laid_out, metric in both if number in metric.readings]
        orders = sorted({order for laid_out, _ in here for order in laid_out.orders if _counts(reading.pairs, order)})
        best = {metric.reference for _, metric in here}
        wanted = range(len(reading.pairs)) if None in best else sorted(each for each in best if each is not None)
        pairs = tuple((index, reading.pairs[index]) for index in wanted)
        views.append(View(reading.name, tuple(metric.name for _, metric in here), tuple(orders), characters, pairs))
    return views


def _counts(pairs: Sequence[ReadPair], order: int) -> bool:
    return any(order in (pair.ngrams or {}) or order in (pair.distinct or {}) for pair in pairs)


def marked_pair(pair: ReadPair, orders: Iterable[int], *, characters: bool) -> tuple[MarkedText, MarkedText]:
    """The prediction and the reference with their marks."""
    texts = (pair.prediction, pair.reference)
    return (_marked(pair, 0, texts, tuple(orders), characters), _marked(pair, 1, texts, tuple(orders), characters))


def _marked(
    pair: ReadPair, side: int, texts: tuple[tuple[str, ...], ...], orders: tuple[int, ...], characters: bool
) -> MarkedText:
    tokens, others = texts[side], Counter(texts[1 - side])
    of_order = {order: _covered(pair, side, order) for order in orders}
    paths = {
        letter: {positions[side] for positions in path}
        for letter, path in ((LCS, pair.lcs), (UNION, pair.union))
        if path is not None
    }
    elsewhere = {letter: _elsewhere(tokens, others, path) for letter, path in paths.items()}
    run = range(0)
    if pair.run is not None:
        run = range(pair.run[side], pair.run[side] + pair.run[2])
    marks = []
    for position, token in enumerate(tokens):
        digits = [order for order in orders if position in of_order[order]]
        # Of characters, which stand side by side, the highest order stands for all.
        mark = "".join(_digit(order) for order in (digits[-1:] if characters else digits))
        is_counted = bool(digits) if characters else 1 in digits
        if 1 in orders and not is_counted and token in others:
            mark += NOT_AGAIN
        mark += "".join(letter for letter, path in paths.items() if position in path)
        if any(position in positions for positions in elsewhere.values()):
            mark += ELSEWHERE
        marks.append(mark + RUN if position in run else mark)
    return MarkedText(tokens, tuple(marks))


def _elsewhere(tokens: tuple[str, ...], others: Counter[str], path: set[int]) -> set[int]:
    """The tokens that both texts have more often than the path has them."""
    own = Counter(tokens)
    left = {token: min(count, others[token]) for token, count in own.items()}
    left = Counter(left) - Counter(tokens[position] for position in path)
    found = set()
    for position, token in enumerate(tokens):
        if position not in path and left[token] > 0:
            left[token] -= 1
            found.add(position)
    return found


def _digit(order: int) -> str:
    """An order as one letter: 9 is followed by a, as in hexadecimal numbers."""
    return "0123456789abcdefg"[order]


def _covered(pair: ReadPair, side: int, order: int) -> set[int]:
    """The tokens in matched n-grams of an order."""
    matches = (pair.ngrams or pair.distinct or {}).get(order, ())
    return {starts[side] + offset for starts in matches for offset in range(order)}
