"""Checks on columns: what is said, once, and of which rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

import textgauge as tg
from textgauge.checks import ColumnChecks
from textgauge.io.job import Picked, Selection
from textgauge.io.text import TextBatch


def warnings(metrics: Any, predictions: list[Any], references: list[Any] | None = None, parts: int = 1) -> list[str]:
    """What is said of columns, looked at in parts."""
    references = predictions if references is None else references
    checks = ColumnChecks(tg.Scorer(metrics).metrics, threads=1)
    size = -(-len(predictions) // parts) or 1
    picked = Picked(("p",), ("r",), by=None, id=None, keep=(), where=(), sentences="lines")
    for first in range(0, len(predictions), size):
        rows = slice(first, first + size)
        columns = {"p": predictions[rows], "r": references[rows]}
        batch = TextBatch("rows", columns, len(columns["p"]), str, first)
        checks.look(Selection(batch, picked), "p")
        state = json.loads(json.dumps(checks.state()))
        checks = ColumnChecks(tg.Scorer(metrics).metrics, threads=1)
        checks.restore(state)
    return checks.warnings()


CHINESE = [f"20{year:02}年公司亏损严重，前景不明" for year in range(24)]
VIETNAMESE = ["Việc này phù hợp", "Trời hôm nay rất đẹp", "Cô ấy đang học tiếng Việt"] * 8
FRENCH = ["Le gouvernement a annoncé de nouvelles mesures", "Il fait beau à Paris", "Les élèves sont partis hier"] * 8
ENGLISH = ["The cat sat on the mat.", "Nobody knows why", "C'est la vie, said he"] * 8


@pytest.mark.parametrize("texts", [CHINESE, VIETNAMESE], ids=["Chinese", "Vietnamese"])
def test_letters_that_rouge_loses(texts: list[str]) -> None:
    [warning] = warnings(["rouge1", "rougeL"], texts)
    assert warning.startswith("in 100 % of predictions and references half of the words or more lose letters")
    assert "'rouge'" in warning
    assert "(rows 0, 1, 2, 3, 4, …): --tokenizer words" in warning
    assert warnings(tg.Rouge("rouge1", tokenizer="words"), texts) == []


@pytest.mark.parametrize("texts", [FRENCH, ENGLISH, []], ids=["French", "English", "nothing"])
def test_honest_columns(texts: list[str]) -> None:
    assert warnings(["rouge1", "bleu", "wer", "ter", "chrf"], texts) == []


def test_one_token_a_line() -> None:
    for metrics, tokenizer, helps in [
        ("bleu", "'13a'", "--tokenizer zh"),
        ("wer", "'jiwer-words'", "--tokenizer zh"),
        ("ter", "'tercom'", "-o ter.normalized=true -o ter.asian_support=true"),
        (["bleu", "ter", "wer"], "'13a' and 'tercom' and 'jiwer-words'", "; for ter, -o ter.normalized=true"),
    ]:
        [warning] = warnings(metrics, CHINESE)
        assert f"100 % of predictions and references are one token each under the tokenizer {tokenizer}" in warning
        assert helps in warning
    assert warnings([tg.Bleu(tokenizer="zh"), tg.Ter(normalized=True, asian_support=True), "cer"], CHINESE) == []


def test_tokenised_texts_as_sacrebleu_sees_them() -> None:
    texts = [f"This is line {number} ." for number in range(100)]
    [warning] = warnings("bleu", texts)
    assert "100 % of predictions end in a blank and a period" in warning
    assert "--tokenizer none" in warning
    assert warnings("bleu", texts[:99]) == []
    assert warnings(["rouge1", tg.Bleu(tokenizer="none")], texts) == []


@pytest.mark.parametrize(
    ("text", "words", "helps"),
    [
        ("<think>hm</think> Paris", "what a model thought", "-o transforms=RemoveReasoning"),
        ("<think>hm", "what a model thought", "-o transforms=RemoveReasoning"),
        ("Paris<|im_end|>", "special tokens", "-o transforms=RemoveSpecialTokens"),
        ("Paris</s>", "special tokens", "-o transforms=RemoveSpecialTokens"),
        ("a new@@ er line", "split into sub-words", "-o 'transforms=JoinSubwords(bpe)'"),
        ("▁a ▁new er ▁line", "split into sub-words", "-o 'transforms=JoinSubwords(sentencepiece)'"),
        ("a new ##er line", "split into sub-words", "-o 'transforms=JoinSubwords(wordpiece)'"),
    ],
)
def test_marks_that_no_honest_output_has(text: str, words: str, helps: str) -> None:
    predictions = [*["Nothing to see"] * 90, *[text] * 3]
    for parts in (1, 4):
        [warning] = warnings(["rouge1", "bleu"], predictions, ["Nothing to see"] * 93, parts)
        assert words in warning
        assert "(rows 90, 91, 92)" in warning
        assert helps in warning
    transform = helps.removeprefix("-o ").strip("'").removeprefix("transforms=")
    assert warnings(tg.Rouge("rouge1", transforms=transform), predictions, ["Nothing to see"] * 93) == []
    # One in a thousand may be an accident; in references it may be meant.
    assert warnings("rouge1", [*["Nothing to see"] * 999, text]) == []
    assert warnings("rouge1", ["Nothing to see"] * 93, predictions) == []


def test_consequences_are_not_warned_of() -> None:
    """Under the wrong tokenizer right words repeat and stand in another order, which says nothing more."""
    texts = [" ".join(reversed(text.split())) for text in VIETNAMESE]
    assert len(warnings("rouge1", texts, VIETNAMESE)) == 1


def test_code_and_markup_are_no_tokens_of_models() -> None:
    texts = ["if a[i] < b: x ##", "<b>bold</b> [1]", "a <- c(1)", "<unk> here", "e@mail @@"] * 10
    assert warnings(["rouge1", "bleu"], texts) == []
