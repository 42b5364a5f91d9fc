"""Diagnostics against their definitions in plain Python, and whether they see what they are for."""

from __future__ import annotations

import gzip
import itertools
import json
import random
from collections import Counter
from pathlib import Path

import pytest

import textgauge as tg

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev" / "summarization" / "cnndm_simcls.jsonl.gz"


def ngrams(tokens: list[str], order: int) -> list[tuple[str, ...]]:
    return [tuple(tokens[start : start + order]) for start in range(len(tokens) - order + 1)]


def lcs(left: list[str], right: list[str]) -> int:
    row = [0] * (len(right) + 1)
    for token in left:
        before = 0
        for index, other in enumerate(right, 1):
            before, row[index] = row[index], before + 1 if token == other else max(row[index], row[index - 1])
    return row[-1]


def expected(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """What the outputs are by their descriptions, over all pairs."""
    counts: Counter[str] = Counter()
    for prediction, reference in pairs:
        left, right = (tg.tokenize(text, "words") for text in (prediction, reference))
        counts["rows"] += 1
        counts["empty"] += not left
        counts["empty_reference"] += not right
        counts["left"] += len(left)
        counts["right"] += len(right)
        counts["lcs"] += lcs(left, right)
        for order in range(1, 5):
            own, others = Counter(ngrams(left, order)), Counter(ngrams(right, order))
            counts[f"total{order}"] += own.total()
            counts[f"distinct{order}"] += len(own)
            counts[f"novel{order}"] += len(own.keys() - others.keys())
            counts[f"clipped{order}"] += (own & others).total()
            counts[f"unclipped{order}"] += sum(count for gram, count in own.items() if gram in others)

    def ratio(above: str, below: str) -> float:
        return counts[above] / counts[below] if counts[below] else 0.0

    outputs = {"order": ratio("lcs", "clipped1"), "length_ratio": ratio("left", "right")}
    outputs |= {"empty": ratio("empty", "rows"), "empty_reference": ratio("empty_reference", "rows")}
    for order in range(1, 5):
        outputs[f"distinct{order}"] = ratio(f"distinct{order}", f"total{order}")
        outputs[f"novel{order}"] = ratio(f"novel{order}", f"distinct{order}")
        outputs[f"clipped{order}"] = ratio(f"clipped{order}", f"total{order}")
        outputs[f"unclipped{order}"] = ratio(f"unclipped{order}", f"total{order}")
    return {f"diagnostics.{part}": value for part, value in outputs.items()}


def fragments(left: list[str], right: list[str]) -> list[int]:
    """Lengths of the extractive fragments, as the program of the Newsroom paper finds them."""
    lengths, at = [], 0
    while at < len(left):
        longest = place = 0
        while place < len(right):
            same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(left[at:], right[place:])))  # noqa: B905
            longest = max(longest, same)
            place += max(1, same)
        lengths += [longest] if longest else []
        at += max(1, longest)
    return lengths


def random_pairs(count: int) -> list[tuple[str, str]]:
    rng = random.Random(5)
    words = ["the", "The", "a", "cat", "sat", "on", ".", "mat", "日本", "x"]
    return [tuple(" ".join(rng.choices(words, k=rng.randint(0, 15))) for _ in range(2)) for _ in range(count)]  # type: ignore[misc]


def real_pairs(count: int) -> list[tuple[str, str]]:
    if not FILE.exists():
        pytest.skip("the folder of shared data is missing")
    with gzip.open(FILE, "rt", encoding="utf-8", newline="\n") as lines:
        records = [json.loads(line) for line in itertools.islice(lines, count)]
    return [(record["hypothesis"], record["references"][0]) for record in records]


def test_definitions() -> None:
    for pairs in (random_pairs(300), real_pairs(100)):
        result = tg.Scorer("diagnostics").score(*map(list, zip(*pairs, strict=True)))
        assert result.corpus == expected(pairs)
        for row, pair in enumerate(pairs[:100]):
            assert {column: result[column][row] for column in result} == expected([pair])


def test_extractive_definitions() -> None:
    for pairs in (random_pairs(300), real_pairs(100)):
        result = tg.Scorer("extractive").score(*map(list, zip(*pairs, strict=True)))
        for row, pair in enumerate(pairs):
            left, right = (tg.tokenize(text, "words") for text in pair)
            lengths, total = fragments(left, right), len(left)
            scores = [sum(lengths), sum(length**2 for length in lengths), len(right)]
            found = [result[f"extractive.{part}"][row] for part in ("coverage", "density", "compression")]
            assert found == [score / total if total else 0 for score in scores]


def test_they_see_what_rouge1_does_not() -> None:
    pairs = real_pairs(1000)
    rng = random.Random(1)
    predictions, references = map(list, zip(*pairs, strict=True))

    def shuffle(text: str) -> str:
        words = text.split()
        rng.shuffle(words)
        return " ".join(words)

    def pad(text: str, reference: str) -> str:
        """The text, half as long again by one of its right words."""
        words = text.split()
        right = [word for word in words if word in set(reference.split())] or words
        return " ".join([*words, *[right[0]] * (len(words) // 2)])

    scorer = tg.Scorer(["rouge1", "diagnostics"])
    original = scorer.score(predictions, references).corpus
    shuffled = scorer.score([shuffle(text) for text in predictions], references).corpus
    padded = scorer.score(list(map(pad, predictions, references)), references).corpus
    assert shuffled["rouge1.f"] == original["rouge1.f"]
    assert shuffled["diagnostics.order"] < original["diagnostics.order"] - 0.2
    assert padded["rouge1.r"] >= original["rouge1.r"]

    def gain(scores: dict[str, float]) -> float:
        """What repetition would have gained."""
        return scores["diagnostics.unclipped1"] - scores["diagnostics.clipped1"]

    assert gain(padded) > gain(original) + 0.2
    assert padded["diagnostics.distinct1"] < original["diagnostics.distinct1"] - 0.2
