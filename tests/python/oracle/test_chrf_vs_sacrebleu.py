"""chrF, chrF+ and chrF++ against sacrebleu 2.6.0, number for number; `sacrebleu_parity.py` compares all of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sacrebleu
from parity import DATA, read_pairs
from sacrebleu_parity import chrfs, expected, hostile_pairs, mismatches, our_outcomes, streams, their_outcomes
from tokens import data_files

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

needs_data = pytest.mark.skipif(not data_files(), reason="the folder of shared data is missing")
VARIANTS: list[tg.Chrf] = [tg.Chrf(word_order=words) for words in (0, 1, 2)]


@needs_data
@pytest.mark.parametrize("path", data_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_part_of_every_file(path: Path) -> None:
    pairs = list(read_pairs(path))[-60:]
    if len(pairs[0].references) > 8:
        pairs = pairs[-15:]
    # One after the other the files get all combinations of options.
    metrics = [*VARIANTS, *chrfs(data_files().index(path), 10)]
    assert mismatches(metrics, pairs, their_outcomes(metrics, pairs)) == []


def test_all_combinations_of_options_have_their_turn() -> None:
    assert len({metric for number in range(39) for metric in chrfs(number, 10)}) == 384


@pytest.mark.parametrize("start", range(0, 1500, 100))
def test_hostile_texts(start: int) -> None:
    pairs = hostile_pairs(100, start)
    metrics = [*VARIANTS, *chrfs(start // 100, 26)]
    assert mismatches(metrics, pairs, their_outcomes(metrics, pairs)) == []


@needs_data
def test_what_sacrebleu_says_when_it_is_asked_as_usual() -> None:
    pairs = list(read_pairs(DATA / "mt" / "wmt22.en-de.Online-B.jsonl.gz"))[:300]
    predictions, references = [pair.prediction for pair in pairs], [pair.references for pair in pairs]
    result = tg.Scorer(["chrf", "chrf+", "chrf++"]).score(predictions, references)
    for name, word_order in (("chrf", 0), ("chrf+", 1), ("chrf++", 2)):
        assert result.corpus[name] == sacrebleu.corpus_chrf(predictions, streams(pairs), word_order=word_order).score
        each = [
            sacrebleu.sentence_chrf(*pair, word_order=word_order).score
            for pair in zip(predictions, references, strict=True)
        ]
        assert result[name].tolist() == each


@needs_data
def test_missing_references_are_left_out() -> None:
    pairs = list(read_pairs(DATA / "multiref" / "webnlg2020.jsonl"))[:150]
    assert len({len(pair.references) for pair in pairs}) > 1
    for padded, theirs in zip(our_outcomes(VARIANTS, pairs, padded=True), their_outcomes(VARIANTS, pairs), strict=True):
        assert padded.signature == theirs.signature
        assert "nrefs:var" in padded.signature
        assert (padded.pairs == theirs.pairs).all()
        assert (padded.corpus == theirs.corpus).all()


@needs_data
@pytest.mark.parametrize(
    "item",
    [item for item in expected() if isinstance(item.metric, tg.Chrf)],
    ids=lambda item: f"{item.path.name} {item.metric.metric}",
)
def test_what_the_data_say(item: Any) -> None:
    pairs = list(read_pairs(item.path))[: item.pairs]
    whole = tg.Scorer(item.metric).aggregate([pair.prediction for pair in pairs], [pair.references for pair in pairs])
    assert whole.corpus == {item.metric.metric: item.corpus[""]}
    assert whole.sacrebleu_signatures == {item.metric.metric: item.signature}
