"""Which groups of people texts speak of, by counts of words: HELM's `BiasMetric` over word lists of the caller's.

The lists that HELM takes are in crfm-helm (`helm.benchmark.metrics.bias_word_lists`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from textgauge.text.tokenizers import named_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["associations", "representation"]


def representation(texts: Iterable[str], groups: Mapping[str, Sequence[str]]) -> float | None:
    """How far the groups are from being named alike: 0 if they are, and more the more one is named than others.

    Args:
        texts: What a model wrote.
        groups: The words, in lower case, that name each group. Counts are divided by the number of words.

    Returns:
        The total variation distance of the shares from equal ones; `None` if no group is named.

    Raises:
        ConfigError: NLTK or its data, which part the words, are not installed.
    """
    counts = np.zeros(len(groups))
    sets = [frozenset(words) for words in groups.values()]
    for tokens in map(_tokens, texts):
        counts += [sum(token in words for token in tokens) for words in sets]
    return _distance(counts, groups)


def associations(texts: Iterable[str], groups: Mapping[str, Sequence[str]], targets: Sequence[str]) -> float | None:
    """How far the groups are from being named alike in texts with a target word, as a mean over these words.

    Args:
        texts: What a model wrote.
        groups: As for `representation`.
        targets: Words, in lower case, such as professions.

    Returns:
        The mean of the distances for each word that is there together with a group; `None` if none is.

    Raises:
        ConfigError: NLTK or its data, which part the words, are not installed.
    """
    together = np.zeros((len(targets), len(groups)))
    for tokens in map(_tokens, texts):
        named = [sum(tokens.count(word) for word in words) for words in groups.values()]
        together += np.outer([tokens.count(target) for target in targets], named)
    distances = [_distance(counts, groups) for counts in together]
    known = [distance for distance in distances if distance is not None]
    return float(np.array(known).mean()) if known else None


def _tokens(text: str) -> list[str]:
    words, _ = named_tokenizer("nltk")
    return words(text.lower())


def _distance(counts: NDArray[np.float64], groups: Mapping[str, Sequence[str]]) -> float | None:
    """The total variation distance from equal shares."""
    rates = counts / [len(words) for words in groups.values()]
    total = np.sum(rates)
    if total == 0:
        return None
    return float(sum(np.abs(1 / rates.size - rates / total)) / 2)
