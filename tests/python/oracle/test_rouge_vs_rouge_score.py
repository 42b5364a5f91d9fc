"""ROUGE against rouge-score 0.1.2, float for float; `parity.py` compares all of the data."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer
from parity import COLUMNS, METRICS, Pair, cells, data_files, hostile_texts, mismatches, read_pairs, their_scores
from rouge_score import tokenize
from rouge_score.rouge_scorer import RougeScorer

import textgauge as tg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGER_ORDERS = ("rouge5", "rouge6", "rouge7", "rouge8", "rouge9")

# What rouge-score takes a second over; parity.py goes further.
MOST_CELLS = 400 * 400


@pytest.mark.skipif(not data_files(), reason="the folder of shared data is missing")
@pytest.mark.parametrize("path", data_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_of_every_file(path: Path) -> None:
    pairs = list(read_pairs(path))
    random.Random(path.name).shuffle(pairs)
    sample = list(itertools.islice((pair for pair in pairs if cells(pair) <= MOST_CELLS), 60))
    if not sample:
        sample = [Pair(f"start of {name}", text[:1000], [references[0][:1000]]) for name, text, references in pairs]
    assert mismatches(sample, their_scores(sample)) == []


@settings(max_examples=125, deadline=None)
@given(st.lists(hostile_texts(), min_size=14, max_size=20))
def test_hostile_texts(batch: list[tuple[str, list[str]]]) -> None:
    pairs = [Pair("hostile", prediction, references) for prediction, references in batch]
    assert mismatches(pairs, their_scores(pairs)) == []


def test_the_names_of_columns_are_those_compared() -> None:
    assert len(COLUMNS) == 2 * 3 * len(METRICS) == len(set(COLUMNS))


@pytest.mark.parametrize("stemmer", ["none", "porter"])
def test_longer_orders(stemmer: Literal["none", "porter"]) -> None:
    rng = random.Random(5)
    texts = [" ".join(rng.choices(["run", "runs", "cat"], k=rng.randint(0, 40))) for _ in range(200)]
    result = tg.Scorer(tg.Rouge(*LONGER_ORDERS, stemmer=stemmer)).score(texts[:100], texts[100:])
    theirs = RougeScorer(list(LONGER_ORDERS), use_stemmer=stemmer == "porter")
    for row, (prediction, reference) in enumerate(zip(texts[:100], texts[100:], strict=True)):
        for metric, score in theirs.score(reference, prediction).items():
            assert tuple(result[f"{metric}.{part}"][row] for part in "prf") == tuple(score)


@pytest.mark.parametrize("metric", METRICS)
def test_longer_than_position_masks(metric: str) -> None:
    rng = random.Random(metric)
    prediction, reference = (
        "".join(rng.choice(["a", "bb", "ccc", "d1"]) + rng.choice("   \n") for _ in range(1200)) for _ in range(2)
    )
    result = tg.Scorer(metric).score([prediction], [reference])
    (score,) = RougeScorer([metric]).score(reference, prediction).values()
    assert tuple(result[f"{metric}.{part}"][0] for part in "prf") == tuple(score)


# ---- tokens


def test_tokens_around_every_code_point() -> None:
    # A line break separates tokens, so a block of lines has the tokens of each line.
    for block in range(0, 0x110000, 0x400):
        text = "\n".join(f"a{chr(code_point)}b1" for code_point in range(block, block + 0x400))
        assert tg.tokenize(text) == tokenize.tokenize(text, None), hex(block)


@settings(max_examples=400, deadline=None)
@given(hostile_texts())
def test_tokens_of_hostile_texts(texts: tuple[str, list[str]]) -> None:
    stemmer = PorterStemmer()
    for text in (texts[0], *texts[1]):
        assert tg.tokenize(text) == tokenize.tokenize(text, None)
        assert tg.tokenize(text, stemmer="porter") == tokenize.tokenize(text, stemmer)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_tokens_of_any_text(text: str) -> None:
    assert tg.tokenize(text) == tokenize.tokenize(text, None)


# ---- the caller's own tokenizer


class Split:
    """A tokenizer as rouge-score takes one."""

    def __init__(self, tokenize: Callable[[str], list[str]]) -> None:
        self.tokenize = tokenize


def at_single_blanks(text: str) -> list[str]:
    """Tokens with empty ones among them."""
    return text.split(" ")


def code_points(text: str) -> list[str]:
    """Tokens that are characters, lone surrogates too."""
    return list(text)


def long_tokens(text: str) -> list[str]:
    """Tokens longer than a machine word holds."""
    return ["the same long beginning of every token " + word for word in re.findall(r"\w+", text)]


def no_tokens(text: str) -> list[str]:
    """Nothing at all."""
    return text.split()[:0]


@pytest.mark.parametrize("own", [str.split, at_single_blanks, code_points, long_tokens, no_tokens])
@settings(max_examples=40, deadline=None)
@given(batch=st.lists(hostile_texts(), min_size=1, max_size=10))
def test_own_tokenizer(own: Callable[[str], list[str]], batch: list[tuple[str, list[str]]]) -> None:
    metrics = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    ours = tg.Scorer(tg.Rouge(*metrics, tokenizer=own)).score(
        [prediction for prediction, _ in batch], [references for _, references in batch]
    )
    theirs = RougeScorer(metrics, tokenizer=Split(own))
    for row, (prediction, references) in enumerate(batch):
        for metric, score in theirs.score_multi(references, prediction).items():
            assert tuple(ours[f"{metric}.{part}"][row] for part in "prf") == tuple(score)


def test_own_tokenizer_beside_a_named_one() -> None:
    predictions, references = ["The cat sat.\nIt ran", "a b"], ["the cat\nit sat.", "b a"]
    metrics = ["rouge1", "rougeLsum"]
    scorer = tg.Scorer([tg.Rouge(*metrics), tg.Rouge(*metrics, tokenizer=str.split, prefix="own_")])
    both = scorer.score(predictions, references)
    for metric in (tg.Rouge(*metrics), tg.Rouge(*metrics, tokenizer=str.split, prefix="own_")):
        alone = tg.Scorer(metric).score(predictions, references)
        for column in alone.columns:
            np.testing.assert_array_equal(alone[column], both[column])
