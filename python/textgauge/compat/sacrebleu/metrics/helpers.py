"""N-grams with their counts: `sacrebleu.metrics.helpers` of sacrebleu 2.6.0. The metrics here do without them."""

from __future__ import annotations

from collections import Counter

__all__ = ["extract_all_char_ngrams", "extract_all_word_ngrams", "extract_char_ngrams", "extract_word_ngrams"]


def extract_all_word_ngrams(line: str, min_order: int, max_order: int) -> tuple[Counter[tuple[str, ...]], int]:
    """The n-grams of words of some orders, and the number of words."""
    words = line.split()
    ngrams: Counter[tuple[str, ...]] = Counter()
    for order in range(min_order, max_order + 1):
        ngrams.update(tuple(words[start : start + order]) for start in range(len(words) - order + 1))
    return ngrams, len(words)


def extract_word_ngrams(tokens: list[str], n: int) -> Counter[str]:
    """The n-grams of one order, their words joined by blanks."""
    return Counter(" ".join(tokens[start : start + n]) for start in range(len(tokens) - n + 1))


def extract_char_ngrams(line: str, n: int, include_whitespace: bool = False) -> Counter[str]:
    """The n-grams of characters of one order."""
    return _ngrams(_characters(line, include_whitespace), n)


def extract_all_char_ngrams(line: str, max_order: int, include_whitespace: bool = False) -> list[Counter[str]]:
    """The n-grams of characters of each order from 1 on."""
    characters = _characters(line, include_whitespace)
    return [_ngrams(characters, order) for order in range(1, max_order + 1)]


def _characters(line: str, include_whitespace: bool) -> str:
    return line if include_whitespace else "".join(line.split())


def _ngrams(characters: str, n: int) -> Counter[str]:
    return Counter(characters[start : start + n] for start in range(len(characters) - n + 1))
