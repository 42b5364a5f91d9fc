"""ROUGE of the variant "pltrdy" against the package rouge 1.0.1, float for float; the drop-in's tests go further."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parity import data_files, read_pairs, texts_that_share
from rouge import Rouge

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"rouge1": "rouge-1", "rouge2": "rouge-2", "rouge5": "rouge-5", "rougeL": "rouge-l"}
WORDS = st.sampled_from(["a", "b", "c", "A", "a\u0301", "\ud800", "\u65e5\u672c", "x" * 20]) | st.text(max_size=3)
SEPARATORS = [" ", ".", ". ", " . ", "..", "\n", "\u00a0", "\x1c", "\u3000"]


def check(predictions: list[str], references: list[str], *, exclusive: bool) -> None:
    """Every score is the package's."""
    texts = [pair for pair in zip(predictions, references, strict=True) if all(text.strip(".") for text in pair)]
    if not texts:
        return
    predictions, references = map(list, zip(*texts, strict=True))
    options = {"variant": "pltrdy", "tokenizer": "pltrdy", "lowercase": False, "exclusive": exclusive}
    result = tg.Scorer(tg.Rouge(*NAMES, **options)).score(predictions, references)
    theirs = Rouge(list(NAMES.values()), exclusive=exclusive).get_scores(predictions, references)
    for (name, peer), part in itertools.product(NAMES.items(), "prf"):
        assert result[f"{name}.{part}"].tolist() == [scores[peer][part] for scores in theirs], (name, part)


@pytest.mark.skipif(not data_files(), reason="the folder of shared data is missing")
@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("path", data_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_of_every_file(path: Path, exclusive: bool) -> None:
    # The package calls itself for every word of a sentence, and fills tables in Python.
    pairs = [(text[:600], references[0][:600]) for _, text, references in itertools.islice(read_pairs(path), 15)]
    check(*map(list, zip(*pairs, strict=True)), exclusive=exclusive)


@pytest.mark.parametrize("exclusive", [True, False])
@settings(max_examples=150, deadline=None)
@given(batch=st.lists(texts_that_share(WORDS, SEPARATORS), min_size=5, max_size=10))
def test_hostile_texts(batch: list[tuple[str, list[str]]], exclusive: bool) -> None:
    check([text for text, _ in batch], [references[0] for _, references in batch], exclusive=exclusive)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"beta": 2}, "takes no beta"),
        ({"multiref": "mean"}, "takes no multiref 'mean'"),
        ({"variant": "rouge-score", "exclusive": True}, "takes no exclusive"),
    ],
)
def test_options_that_a_variant_does_not_take(options: dict[str, object], problem: str) -> None:
    with pytest.raises(tg.ConfigError, match=problem):
        tg.Rouge("rouge1", **{"variant": "pltrdy", **options})


@pytest.mark.parametrize("kind", ["sum", "contig"])
def test_metrics_that_it_has_not(kind: str) -> None:
    with pytest.raises(tg.ConfigError, match="its rougeL goes by sentences"):
        tg.Rouge(f"rougeL{kind}", variant="pltrdy")


def test_one_pair() -> None:
    scores = tg.rouge("a b. c", "c. a", variant="pltrdy", tokenizer="pltrdy", lowercase=False)
    (theirs,) = Rouge().get_scores("a b. c", "c. a")
    assert [list(score) for score in scores.values()] == [
        [theirs[name][part] for part in "prf"] for name in ("rouge-1", "rouge-2", "rouge-l")
    ]
