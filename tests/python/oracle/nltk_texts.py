"""Texts for the translation metrics: samples of real data, hostile strings, and their tokens."""

from __future__ import annotations

import functools
import itertools
import random
from typing import TYPE_CHECKING

from parity import Pair, data_files, hostile_pairs, read_pairs

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = ("mt", "multiref", "captions", "hard_text")
FILES = [path for path in data_files() if path.parent.name in FAMILIES]
# Words by UAX #29, so that languages without spaces have n-grams too.
TOKENIZERS = ("whitespace", "words")

# What the peers take a second over.
LONGEST = 2000

Tokens = list[str]


def name(path: Path) -> str:
    """The name of a file, for messages."""
    return f"{path.parent.name}/{path.name}"


def sample(path: Path, count: int) -> list[Pair]:
    """That many pairs of a file, those with long texts left out; always the same."""
    pairs = [pair for pair in read_pairs(path) if max(map(len, (pair.prediction, *pair.references))) <= LONGEST]
    random.Random(path.name).shuffle(pairs)
    return pairs[:count]


def hostile(count: int, start: int = 0) -> list[Pair]:
    """That many pairs of hostile strings; the same for the same `start`."""
    starts = range(start, start + count, 1000)
    return list(itertools.chain.from_iterable(map(_thousand, starts)))[:count]


@functools.cache
def _thousand(start: int) -> list[Pair]:
    return hostile_pairs(1000, start)


def columns(pairs: list[Pair]) -> tuple[list[str], list[list[str]]]:
    """Predictions and references, as scorers take them."""
    return [pair.prediction for pair in pairs], [pair.references for pair in pairs]


def tokens(pairs: list[Pair], tokenizer: str) -> tuple[list[Tokens], list[list[Tokens]]]:
    """The tokens of predictions and references, as NLTK takes them."""

    def cut(text: str) -> Tokens:
        return tg.tokenize(text, tokenizer, lowercase=False)

    return [cut(pair.prediction) for pair in pairs], [[cut(text) for text in pair.references] for pair in pairs]
