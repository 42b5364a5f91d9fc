"""Error rates: compounds and references without tokens."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

import textgauge as tg

PARTS = st.lists(st.sampled_from(["a", "b", "ab", "ba", "aab", "abab", "c", "ca"]), max_size=6)


def edits_with_compounds(prediction: list[str], reference: list[str]) -> int:
    """The fewest edits if up to four words of one text that make one of the other cost nothing: by recursion."""

    @functools.cache
    def cost(left: int, right: int) -> int:
        ways = [0] if left == right == 0 else []
        if left:
            ways.append(cost(left - 1, right) + 1)
        if right:
            ways.append(cost(left, right - 1) + 1)
        if left and right:
            ways.append(cost(left - 1, right - 1) + (prediction[left - 1] != reference[right - 1]))
        for parts in (2, 3, 4):
            if left >= parts and right and "".join(prediction[left - parts : left]) == reference[right - 1]:
                ways.append(cost(left - parts, right - 1))
            if right >= parts and left and "".join(reference[right - parts : right]) == prediction[left - 1]:
                ways.append(cost(left - 1, right - parts))
        return min(ways)

    return cost(len(prediction), len(reference))


def rewritings(prediction: list[str], reference: list[str]) -> set[tuple[str, ...]]:
    """The prediction with word boundaries of the reference, in every way that there is."""
    known = set(reference)
    ways: list[set[tuple[str, ...]]] = [{()}]
    for end in range(1, len(prediction) + 1):
        word = prediction[end - 1]
        now = {(*before, word) for before in ways[end - 1]}
        for start in range(len(reference)):
            for parts in (2, 3, 4):
                some = tuple(reference[start : start + parts])
                if "".join(some) == word:
                    now |= {(*before, *some) for before in ways[end - 1]}
        for parts in (2, 3, 4):
            whole = "".join(prediction[end - parts : end]) if end >= parts else ""
            if whole in known:
                now |= {(*before, whole) for before in ways[end - parts]}
        ways.append(now)
    return ways[-1]


@settings(max_examples=500, deadline=None)
@given(prediction=PARTS, reference=PARTS)
def test_compounds_are_no_errors(prediction: list[str], reference: list[str]) -> None:
    scorer = tg.Scorer([tg.Wer(compounds=True), tg.EditDistance(compounds=True)])
    scores = scorer.score_pair(" ".join(prediction), " ".join(reference))
    # What is split may fit better elsewhere than where it was found, so that there may be fewer edits still.
    assert scores["edit_distance"] <= edits_with_compounds(prediction, reference)
    found = {Levenshtein.distance(rewriting, reference) for rewriting in rewritings(prediction, reference)}
    assert scores["edit_distance"] in found
    assert scores["wer.sub"] + scores["wer.del"] + scores["wer.ins"] == scores["edit_distance"]
    # The reference keeps its words.
    assert scores["wer.ref_len"] == len(reference)
    counts = tg.error_counts([" ".join(prediction)], [" ".join(reference)], compounds=True)
    assert bool(counts.substitutions or counts.deletions or counts.insertions) == (scores["edit_distance"] > 0)


def test_compounds_of_several_references() -> None:
    scorer = tg.Scorer(tg.Wer(compounds=True))
    predictions, references = ["ice cream x"] * 2, [["icecream y", "ice creamx", "q"], ["z", "icecream x"]]
    assert scorer.score(predictions, references)["wer"].tolist() == [0, 0]
    prepared = scorer.prepare(references)
    assert scorer.score(predictions, prepared)["wer"].tolist() == [0, 0]
    assert scorer.pairwise(["ice cream"], ["icecream", "ice cream", "icecreams"])["wer"].tolist() == [[0, 0, 2]]
    # They are those of the tokens, so whatever makes them.
    assert tg.wer("Ice Cream", "icecream", compounds=True, lowercase=True) == 0
    assert tg.wer("ice cream", "icecream", compounds=True, tokenizer=str.split) == 0
    assert tg.wer("x" * 20 + " " + "y" * 20, "x" * 20 + "y" * 20, compounds=True) == 0
    with pytest.raises(tg.ConfigError, match="compounds is True, but a tokenizer of characters takes no compounds"):
        tg.Cer(compounds=True)


EMPTY = ["a b", "", "c", "  "], ["a", "", ["", "c d"], " "]


@pytest.mark.parametrize("name", ["wer", "mer", "wil", "wip", "edit_distance", "edit_similarity"])
def test_references_without_tokens(name: str) -> None:
    by_name = type(tg.Scorer(name).metrics[0])
    left = [0, 2]
    wanted = tg.Scorer(name).score([EMPTY[0][row] for row in left], ["a", "c d"])
    for threads in (1, 2):
        dropped = tg.Scorer(by_name(empty_references="drop")).score(*EMPTY, threads=threads)
        assert np.flatnonzero(np.isnan(dropped[name])).tolist() == [1, 3]
        assert dropped[name][left].tolist() == wanted[name].tolist()
        assert dropped.corpus == wanted.corpus
    nothing = tg.Scorer(by_name(empty_references="drop")).score(["x"], [""])
    assert math.isnan(nothing.corpus[name])
    assert "|empty:drop|" in tg.Scorer(by_name(empty_references="drop")).signatures[name]

    refused = tg.Scorer(by_name(empty_references="error"))
    assert refused.score(["a b", "c"], ["a", ["", "c d"]]).corpus == wanted.corpus
    for call in (
        lambda: refused.score(*EMPTY),
        lambda: refused.score(iter(EMPTY[0]), iter(EMPTY[1])),
        lambda: refused.score(EMPTY[0], refused.prepare(EMPTY[1])),
        lambda: refused.aggregate(*EMPTY),
        lambda: refused.measure(*EMPTY),
    ):
        with pytest.raises(
            tg.InputError, match=rf"{name}: a reference in row \d has no tokens; with empty_ref"
        ) as caught:
            call()
        assert caught.value.code == "empty-reference"
        assert caught.value.row in (1, 3)
    with pytest.raises(tg.InputError, match="has no tokens"):
        refused.score_pair("a", "")
    with pytest.raises(tg.InputError, match="has no tokens"):
        refused.pairwise(["a"], ["b", ""])


def test_a_row_far_down_is_named() -> None:
    rows = 50_000
    references = ["a"] * rows
    references[43_210] = " "
    with pytest.raises(tg.InputError) as caught:
        tg.Scorer(tg.Wer(empty_references="error")).score(["a"] * rows, references, threads=2)
    assert caught.value.row == 43_210
