"""Statistics from parts of the rows: those of all rows, bit for bit, whatever the parts."""

from __future__ import annotations

import pickle
import random
from itertools import pairwise

import numpy as np
import pytest

import textgauge as tg
from textgauge import _core
from textgauge.distributed._measured import DistributedMeasurements
from textgauge.distributed._partitions import add_sums, reduce_tree

WORDS = ["the", "old", "cat", "sat", "on", "a", "mat"]
SCORER = tg.Scorer(["rouge1", "bleu"])
# One segment of rows and a bit of another.
ROWS = _core.SEGMENT_ROWS + 300


class Stored:
    """Parts that an engine would keep; shares travel as they would."""

    def __init__(self, parts):
        self.stored = [part.to_bytes() for part in parts]
        self.lengths = [len(part) for part in parts]

    def add_up(self, shares):
        sent = map(pickle.loads, map(pickle.dumps, shares))
        sums = [pickle.dumps(share.sums(part)) for share, part in zip(sent, self.stored, strict=True)]
        return reduce_tree(list(map(pickle.loads, sums)), add_sums)

    def parts(self):
        return iter(self.stored)

    def release(self):
        self.stored = []


def measured_of(seed: str, rows: int = ROWS) -> tg.Measurements:
    rng = random.Random(seed)
    texts = [" ".join(rng.choices(WORDS, k=5)) for _ in range(rows + 1)]
    return SCORER.measure(texts[:-1], texts[1:])


def distributed(whole: tg.Measurements, cuts: list[int]) -> DistributedMeasurements:
    borders = [0, *cuts, len(whole)]
    parts = [whole.select(range(start, end)) for start, end in pairwise(borders)]
    return DistributedMeasurements(Stored(parts), SCORER.measure([], []), threads=1)


@pytest.fixture(scope="module")
def systems() -> dict[str, tg.Measurements]:
    return {name: measured_of(name) for name in ("before", "after")}


CUTS = [[], [1], [100, 101, _core.SEGMENT_ROWS], [_core.SEGMENT_ROWS - 64, ROWS - 1], [63, 64, 65, 1000, 30_000]]


@pytest.mark.parametrize("cuts", CUTS, ids=str)
def test_intervals_are_those_of_all_rows(systems: dict[str, tg.Measurements], cuts: list[int]) -> None:
    whole = systems["before"]
    parts = distributed(whole, cuts)
    assert len(parts) == len(whole)
    assert (parts.columns, parts.headlines, parts.signatures) == (whole.columns, whole.headlines, whole.signatures)
    assert parts.corpus == whole.corpus
    assert parts.bootstrap(samples=30) == whole.bootstrap(samples=30)
    assert parts.collect().to_bytes() == whole.to_bytes()


@pytest.mark.parametrize("test", ["bootstrap", "randomization"])
def test_comparisons_are_those_of_all_rows(systems: dict[str, tg.Measurements], test: str) -> None:
    expected = tg.compare(systems, test=test, samples=25, seed=4)
    # Each system may have partitions of its own, or none.
    there = {name: distributed(whole, cuts) for (name, whole), cuts in zip(systems.items(), CUTS[2:], strict=False)}
    assert tg.compare(there, test=test, samples=25, seed=4) == expected
    assert tg.compare({**there, "after": systems["after"]}, test=test, samples=25, seed=4) == expected


def test_repr_and_release(systems: dict[str, tg.Measurements]) -> None:
    parts = distributed(systems["before"], [5])
    assert repr(parts).startswith(f"<DistributedMeasurements of {ROWS} rows: rouge1.p, ")
    parts.release()
    assert list(parts.collect().columns) == SCORER.columns
    assert len(parts.collect()) == 0


def test_systems_that_cannot_be_compared() -> None:
    ten, nine = (distributed(measured_of("x", rows), [3]) for rows in (10, 9))
    with pytest.raises(tg.InputError, match="one has 10, another 9") as caught:
        tg.compare({"a": ten, "b": nine})
    assert caught.value.code == "unequal-lengths"
    others = tg.Scorer("wer").measure(["a"] * 10, ["b"] * 10)
    for test in ("bootstrap", "randomization"):
        with pytest.raises(tg.SignatureMismatch, match="only by the same metrics"):
            tg.compare({"a": ten, "b": others}, test=test, columns=["bleu"])


def test_sums_that_do_not_belong_together() -> None:
    table = measured_of("x", 10)._table
    draws = _core.segment_draws(10, 5, 1, None)
    sums = _core.SampleSums.of_bootstrap(table, 0, 10, draws, 1, None)
    assert sums.scores_of_samples().shape == (5, len(SCORER.columns))
    with pytest.raises(tg.InputError, match="5 samples cannot be put together with those of 4"):
        sums.merge(_core.SampleSums.of_randomization(table, 0, 10, 4, 1, None))
    other = tg.Scorer("wer").measure(["a"], ["b"])._table
    with pytest.raises(tg.SignatureMismatch):
        sums.merge(_core.SampleSums.of_randomization(other, 0, 1, 5, 1, None))
    with pytest.raises(tg.InputError, match="there are 12 rows, but 10 of them should begin at row 3"):
        _core.SampleSums.of_randomization(table, 3, 12, 4, 1, None)
    with pytest.raises(tg.InputError, match="the draws are of 2 segments, but the rows reach into 1"):
        _core.SampleSums.of_bootstrap(table, 0, 10, np.zeros((5, 2), np.uint64), 1, None)


def test_stored_sums_are_whole_or_refused() -> None:
    sums = _core.SampleSums.of_randomization(measured_of("x", 10)._table, 0, 10, 3, 1, None)
    stored = sums.to_bytes()
    assert _core.SampleSums.from_bytes(stored).to_bytes() == stored
    for damaged in (stored[:-1], stored[1:], stored[:50] + b"x" + stored[51:], b""):
        with pytest.raises(tg.InputError) as caught:
            _core.SampleSums.from_bytes(damaged)
        assert caught.value.code == "bad-measurements"
