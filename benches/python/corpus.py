"""Synthetic pairs of texts, and how a file of real ones is read.

Words follow Zipf's law; lengths and overlap are those of news summaries and of one-line headlines. The same
seed gives the same texts on every machine.
"""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

ONSETS = ["b", "c", "d", "f", "l", "m", "n", "p", "r", "s", "t", "st"]
VOWELS = ["a", "e", "i", "o", "u"]
ENDS = ["", "", "", "n", "s", "ed", "ing", "ly", "ation", "er"]
VOCABULARY = 30_000

Pairs = tuple[list[str], list[str]]


def _words(rng: random.Random) -> list[str]:
    """The vocabulary by rank: frequent words are short, some of the others end as English words do."""

    def word(rank: int) -> str:
        syllables = 1 if rank < 30 else 2 if rank < 3000 else 8 if rank % 400 == 0 else 3
        stem = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(syllables))
        return stem if rank < 30 else stem + rng.choice(ENDS)

    return [word(rank) for rank in range(VOCABULARY)]


def _draw(words: list[str], rng: random.Random, count: int) -> list[str]:
    """Words whose rank is log-uniform, which is Zipf's law with exponent 1."""
    return [words[int(VOCABULARY ** rng.random()) - 1] for _ in range(count)]


def _render(words: list[str], rng: random.Random, sentences: bool) -> str:
    pieces = []
    left = rng.randint(12, 27)
    for word in words:
        if left == 0 and sentences:
            pieces.append(".\n" + word)
            left = rng.randint(12, 27)
        else:
            pieces.append(", " + word if rng.random() < 0.08 else word)
            left -= 1
    return " ".join(pieces) + " ."


def pairs(count: int, *, words: tuple[int, int] = (35, 85), sentences: bool = True, seed: int = 0) -> Pairs:
    """Makes predictions and references of `words` words (from, to), the former partly spans of the latter."""
    rng = random.Random(seed)
    vocabulary = _words(rng)
    predictions, references = [], []
    for _ in range(count):
        reference = _draw(vocabulary, rng, rng.randint(*words))
        length = rng.randint(*words)
        prediction: list[str] = []
        while len(prediction) < length:
            if rng.random() < 0.1:
                start = rng.randrange(len(reference))
                prediction += reference[start : start + rng.randint(2, 8)]
            else:
                prediction += _draw(vocabulary, rng, 1)
        predictions.append(_render(prediction[:length], rng, sentences))
        references.append(_render(reference, rng, sentences))
    return predictions, references


def headlines(count: int, *, seed: int = 0) -> Pairs:
    """Makes pairs of one sentence each."""
    return pairs(count, words=(15, 31), sentences=False, seed=seed)


def growing(lengths: tuple[int, ...] = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 31_000)) -> Pairs:
    """Makes one pair of each length in words."""
    made = [pairs(1, words=(length, length), seed=length) for length in lengths]
    return [prediction for [prediction], _ in made], [reference for _, [reference] in made]


def _records(path: Path) -> Iterator[dict]:
    with (gzip.open if path.suffix == ".gz" else Path.open)(path, "rb") as lines:
        yield from map(json.loads, lines)  # bytes: only a line feed ends a line


def read(path: Path) -> Pairs:
    """Reads the pairs of a JSONL file with `hypothesis` and `references`, of which the first is taken."""
    predictions, references = read_all(path)
    return predictions, [several[0] for several in references]


def read_all(path: Path) -> tuple[list[str], list[list[str]]]:
    """Reads the pairs of a JSONL file with all their references."""
    records = list(_records(path))
    return [record["hypothesis"] for record in records], [record["references"] for record in records]
