"""TER against sacrebleu 2.6.0, number for number; `sacrebleu_parity.py` compares more of the data."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import sacrebleu
from parity import DATA, Pair, read_pairs
from sacrebleu_parity import (
    TER_TOLERANCE,
    expected,
    hostile_pairs,
    mismatches,
    our_outcomes,
    streams,
    ter_in_file_order,
    ters,
    their_outcomes,
)
from tokens import data_files

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

needs_data = pytest.mark.skipif(not data_files(), reason="the folder of shared data is missing")
# What sacrebleu takes seconds over otherwise.
FEWER = {
    "multiref/e2e_nlg.jsonl.gz": 12,
    "multiref/webnlg2020.jsonl": 40,
    "multiref/simplification_turkcorpus8.jsonl.gz": 40,
}


def name_of(path: Path) -> str:
    """The file with its family."""
    return f"{path.parent.name}/{path.name}"


@needs_data
@pytest.mark.parametrize("path", data_files(), ids=name_of)
def test_the_start_of_every_file(path: Path) -> None:
    pairs = list(read_pairs(path))[: FEWER.get(name_of(path), 150)]
    metrics = [tg.Ter()]
    assert mismatches(metrics, pairs, their_outcomes(metrics, pairs)) == []
    # One after the other the files get all combinations of options, several times.
    metrics, pairs = ters(data_files().index(path), 5), pairs[:15]
    assert mismatches(metrics, pairs, their_outcomes(metrics, pairs)) == []


def test_all_combinations_of_options_have_their_turn() -> None:
    assert len(set(ters())) == 16
    assert {metric for number in range(4) for metric in ters(number, 5)} == set(ters())


@pytest.mark.parametrize("start", range(0, 1500, 100))
def test_hostile_texts(start: int) -> None:
    pairs = hostile_pairs(100, start)
    assert mismatches(ters(), pairs, their_outcomes(ters(), pairs)) == []


@needs_data
def test_what_sacrebleu_says_when_it_is_asked_as_usual() -> None:
    pairs = list(read_pairs(DATA / "mt" / "wmt22.en-de.Online-B.jsonl.gz"))[:150]
    predictions, references = [pair.prediction for pair in pairs], [pair.references for pair in pairs]
    result = tg.Scorer("ter").score(predictions, references)
    whole = sacrebleu.corpus_ter(predictions, streams(pairs))
    assert result.corpus == {"ter": whole.score, "ter.edits": whole.num_edits, "ter.ref_len": whole.ref_length}
    each = [sacrebleu.sentence_ter(*pair) for pair in zip(predictions, references, strict=True)]
    assert result["ter"].tolist() == [score.score for score in each]


@needs_data
def test_missing_references_are_left_out() -> None:
    pairs = list(read_pairs(DATA / "multiref" / "webnlg2020.jsonl"))[:30]
    assert len({len(pair.references) for pair in pairs}) > 1
    [padded], [theirs] = our_outcomes([tg.Ter()], pairs, padded=True), their_outcomes([tg.Ter()], pairs)
    assert padded.signature == theirs.signature
    assert "nrefs:var" in padded.signature
    assert (padded.pairs == theirs.pairs).all()
    assert ter_in_file_order(padded.pairs) == theirs.corpus.tolist()


@needs_data
@pytest.mark.parametrize(
    "item",
    [item for item in expected() if isinstance(item.metric, tg.Ter)],
    ids=lambda item: f"{item.path.name}{' asian' * item.metric.asian_support}",
)
def test_what_the_data_say(item: Any) -> None:
    pairs = list(read_pairs(item.path))[: item.pairs]
    result = tg.Scorer(item.metric).score([pair.prediction for pair in pairs], [pair.references for pair in pairs])
    assert result.aggregate.sacrebleu_signatures == {"ter": item.signature}
    theirs = [item.corpus[part] for part in ("", "edits", "ref_len")]
    assert list(result.corpus.values()) == pytest.approx(theirs, rel=TER_TOLERANCE, abs=0)
    rows = our_outcomes([item.metric], pairs)[0].pairs
    assert ter_in_file_order(rows) == theirs


@pytest.mark.parametrize("count", [17, 29, 31, 97])
def test_any_number_of_references(count: int) -> None:
    pairs = [Pair("made", "x y", ["x " * (number * row % 7) for number in range(count)]) for row in range(1, 30)]
    assert mismatches([tg.Ter()], pairs, their_outcomes([tg.Ter()], pairs)) == []


def test_references_are_tokenised_twice() -> None:
    """As sacrebleu does with them, but not with predictions: a text may differ from itself."""
    text = "It's."
    metric = tg.Ter(normalized=True)
    pairs = [Pair("made", text, [text])]
    [theirs] = their_outcomes([metric], pairs)
    assert theirs.pairs.tolist() == [[pytest.approx(200 / 3), 2, 3]]
    assert mismatches([metric], pairs, [theirs]) == []
    scorer = tg.Scorer(metric)
    prepared = scorer.prepare([text])
    assert scorer.score([text], prepared)["ter.ref_len"].tolist() == [3]
    for predictions in ([text], prepared):
        assert scorer.pairwise(predictions, prepared)["ter.edits"].tolist() == [[2]]


def test_a_corpus_is_divided_by_the_exact_sum_of_lengths() -> None:
    """Where sacrebleu's sum depends on the order of rows, ours is that of the fractions."""
    lengths = [[1, 1, 2], [2, 3, 3], [1, 2, 2], [5, 6, 6]] * 25
    pairs = [Pair("made", "x y", [" ".join("x" * length) for length in row]) for row in lengths]
    ours, theirs = our_outcomes([tg.Ter()], pairs)[0], their_outcomes([tg.Ter()], pairs)[0]
    exact = sum(Fraction(sum(row), 3) for row in lengths)
    assert ours.corpus[2] == float(exact)
    assert theirs.corpus[2] != float(exact)
    assert ter_in_file_order(ours.pairs) == theirs.corpus.tolist()
