"""Lists of tokens as the core reads them, and n-grams in Python for all else."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Ngrams", "Tokens", "as_columns", "as_tokens", "as_tokens_of_each", "everygrams", "ngrams"]

Tokens: TypeAlias = "Sequence[Any]"
Ngrams: TypeAlias = "Counter[tuple[Any, ...]]"


def as_tokens(text: Tokens) -> Sequence[Any]:
    """The tokens of a text: a list or tuple as it is, of a string its characters.

    Raises:
        TypeError: It is something else, which the core might read otherwise than the peer.
    """
    if isinstance(text, (list, tuple)):
        return text
    if isinstance(text, str):
        return list(text)
    raise TypeError(f"a {type(text).__name__} is no list of tokens")


def as_tokens_of_each(references: Iterable[Tokens]) -> list[Sequence[Any]]:
    """The tokens of all references of a text.

    Raises:
        TypeError: One is no list of tokens.
        ValueError: There is none. The core would take the empty list for an empty text.
    """
    tokens = [*map(as_tokens, references)]
    if not tokens:
        raise ValueError("there is no reference")
    return tokens


def as_columns(
    list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens]
) -> tuple[Sequence[Sequence[Tokens]], Sequence[Tokens]]:
    """The references and the hypotheses of a corpus, as they are if there is nothing but lists and tuples.

    Raises:
        TypeError: A text is no list of tokens.
        ValueError: A hypothesis has no reference.
    """
    usual = _are_lists((list_of_references, hypotheses)) and _are_lists(list_of_references) and all(list_of_references)
    if usual and _are_lists(hypotheses) and _are_lists(itertools.chain.from_iterable(list_of_references)):
        return list_of_references, hypotheses
    return [as_tokens_of_each(each) for each in list_of_references], [as_tokens(each) for each in hypotheses]


def _are_lists(texts: Iterable[Any]) -> bool:
    return {*map(type, texts)} <= {list, tuple}


def ngrams(sequence: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """The n-grams of a sequence, from the left.

    Raises:
        ValueError: `n` is negative or no whole number.
    """
    tokens = iter(sequence)
    window = tuple(itertools.islice(tokens, n))
    if len(window) == n:
        yield window
    for token in tokens:
        window = (*window, token)[1:]
        yield window


def everygrams(sequence: Tokens, min_len: int, max_len: int) -> Iterator[tuple[Any, ...]]:
    """The n-grams of all orders from `min_len` to `max_len`, where -1 is the length of the sequence.

    Raises:
        ValueError: `max_len` is below -1 or no whole number.
    """
    if max_len == -1:
        sequence = list(sequence)
        max_len = len(sequence)
    tokens = iter(sequence)
    window = list(itertools.islice(tokens, max_len))
    while window:
        for n in range(min_len, len(window) + 1):
            yield tuple(window[:n])
        window = [*window[1:], *itertools.islice(tokens, 1)]
