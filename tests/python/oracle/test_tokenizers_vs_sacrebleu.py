"""Tokenizers against sacrebleu 2.6.0's own, token for token; `tokens.py` compares all of the data."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokens import THEIRS, data_files, hostile_sample, hostile_texts, mismatches, ours, texts_of

import textgauge as tg
from textgauge import _core
from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(not data_files(), reason="the folder of shared data is missing")
@pytest.mark.parametrize("path", data_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_of_every_file(path: Path) -> None:
    texts = [text[:2000] for text in texts_of(path)]
    assert mismatches(random.Random(path.name).sample(texts, min(len(texts), 60))) == []


def test_hostile_texts_that_are_always_the_same() -> None:
    assert mismatches(hostile_sample(1000, 1)) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(hostile_texts(), min_size=8, max_size=8))
def test_hostile_texts(texts: list[str]) -> None:
    assert mismatches(texts) == []


def test_every_code_point_in_every_place_that_rules_look_at() -> None:
    # Blocks of code points, each between letters, between digits and beside marks.
    frames = ("a{}b", "1{}2", ".{}.", "a,{}5", "5{},7", "{}-", "&{}", "'s{}")
    blocks = [
        " ".join(frame.format(chr(code_point)) for code_point in range(start, start + 0x100))
        for start in (
            *range(0, 0x3400, 0x100),
            0x3F00,
            0x4D00,
            0x9F00,
            *range(0xF900, 0x10000, 0x100),
            0x1D700,
            0x1F600,
        )
        for frame in frames
    ]
    assert mismatches(blocks) == []


@pytest.mark.parametrize("category", [r"\p{P}", r"\p{S}", r"\p{N}"])
def test_the_whole_of_the_categories(category: str) -> None:
    import regex

    every = "".join(map(chr, range(0x110000)))
    theirs = THEIRS["intl"]
    members = regex.findall(category, every)
    assert len(members) > 500
    for start in range(0, len(members), 500):
        text = " ".join(f"a{member}1 2{member}3" for member in members[start : start + 500])
        assert ours(text, "intl") == theirs(text)


@pytest.mark.parametrize(
    "text", ["", ".", "5.", ".5", ",,5", "5,,", "-", "5-", "-5", "'s", ".5.", "\u30ab", " .5", "5. "]
)
def test_ends_of_texts(text: str) -> None:
    assert mismatches([text, text + "\n", text + "x", "x" + text, text + "\u4e2d", "\u4e2d" + text]) == []


@pytest.mark.parametrize("tokenizer", ["13a", "intl", "zh", "tercom+norm"])
@pytest.mark.parametrize("length", [15, 16, 17, 63, 64, 65, 127, 128, 129, 200])
def test_marks_across_the_borders_of_blocks(tokenizer: str, length: int) -> None:
    theirs = THEIRS[tokenizer]
    for filler in ("x", "5", "\u4e2d", " ", "."):
        for middle in ("3.5", "3..5", "...5", "a.5", "3-5", "\u3000", "\u0663\u060c\u0664", "&lt;"):
            text = (filler * length)[:length] + middle + filler * 70
            assert ours(text, tokenizer) == theirs(text)


@pytest.mark.parametrize("tokenizer", [name for name in THEIRS if name != "characters+space"])
@settings(max_examples=50, deadline=None)
@given(text=hostile_texts())
def test_lines_are_read_one_by_one(tokenizer: str, text: str) -> None:
    lines = _core.tokenize(text, tokenizer, "none", False, True)
    assert lines == [THEIRS[tokenizer](line) for line in text.split("\n")]


@pytest.mark.parametrize("tokenizer", ["13a", "intl", "zh", "characters+space", "words"])
def test_a_metric_that_wants_lines_changes_no_other(tokenizer: str) -> None:
    predictions, references = ["a well-\nknown 5.\nfact", "5.\n5"], ["a wellknown 5. fact", "5. 5"]
    metrics = [tg.Rouge(name, tokenizer=tokenizer) for name in ("rouge1", "rougeLsum", "rouge2")]
    together = tg.Scorer(metrics).score(predictions, references)
    for metric in metrics:
        alone = tg.Scorer(metric).score(predictions, references)
        assert all((alone[column] == together[column]).all() for column in alone.columns)


def test_only_tercom_takes_flags() -> None:
    for name in ("tercom+", "tercom+norm+x", "13a+norm", "tercomnorm"):
        with pytest.raises(ConfigError, match=r"tokenizer is .*; it must be one of"):
            ours("a", name)
