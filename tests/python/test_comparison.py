"""Systems compared on the same pairs."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest

import textgauge as tg
from textgauge.stats.comparison import adjust
from textgauge.stats.significance import holm

WORDS = ("the", "a", "cat", "dog", "sat", "ran", "on", "mat", "home", "not", "very", "old")
SCORER = tg.Scorer(["bleu", "ter", "rouge1"])


def make_texts(seed: str, count: int) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=rng.randint(4, 12))) for _ in range(count)]


REFERENCES = make_texts("references", 200)


def system(quality: float, seed: str) -> tg.Measurements:
    """A system that gets so many words right."""
    rng = random.Random(seed)
    texts = [" ".join(word if rng.random() < quality else "x" for word in text.split()) for text in REFERENCES]
    return SCORER.measure(texts, REFERENCES)


BASE, BETTER, EQUAL, WORSE = system(0.7, "base"), system(0.85, "better"), system(0.7, "equal"), system(0.55, "worse")


@pytest.mark.parametrize("test", ["bootstrap", "randomization"])
def test_verdicts(test: Any) -> None:
    comparison = tg.compare({"base": BASE, "better": BETTER, "equal": EQUAL, "worse": WORSE}, test=test, samples=500)
    assert len(comparison) == 9
    assert [each.column for each in comparison][::3] == ["bleu", "ter", "rouge1.f"]
    for difference in comparison:
        expected = {"better": "better", "worse": "worse", "equal": "no evidence"}[difference.system]
        assert difference.verdict == expected
        gain = difference.system_score.score - difference.base_score.score
        assert difference.difference.score == gain
        assert difference.difference.low <= gain <= difference.difference.high
        assert difference.p_value <= difference.adjusted_p_value <= 1
        if expected != "no evidence":
            # By TER, less is better.
            assert (gain > 0) == ((expected == "better") == (difference.column != "ter"))
            assert difference.p_value == 1 / 501
    assert {each.system for each in comparison.regressions} == {"worse"}


@pytest.mark.parametrize("test", ["bootstrap", "randomization"])
def test_a_system_equals_itself(test: Any) -> None:
    comparison = tg.compare({"base": BASE, "same": BASE}, test=test, samples=100)
    assert [each.p_value for each in comparison] == [1, 1, 1]
    assert {each.verdict for each in comparison} == {"no evidence"}
    assert all(each.difference == (0, 0, 0, 0) for each in comparison)


def test_randomization_finds_the_share_of_all_swaps() -> None:
    # Of ten rows all 1,024 ways to swap can be tried.
    scorer = tg.Scorer("bleu")
    texts = [make_texts(seed, 10) for seed in ("left", "right")]
    left, right = (scorer.measure(each, REFERENCES[:10]) for each in texts)
    observed = abs(left.corpus["bleu"] - right.corpus["bleu"])
    extreme = 0
    both = left + right
    for swaps in itertools.product([False, True], repeat=10):
        rows = [row + 10 * swap for row, swap in enumerate(swaps)]
        others = [row + 10 * (not swap) for row, swap in enumerate(swaps)]
        extreme += abs(both.select(rows).corpus["bleu"] - both.select(others).corpus["bleu"]) >= observed
    found = tg.compare({"left": left, "right": right}, test="randomization", samples=20_000, columns=["bleu"])
    assert found.differences[0].p_value == pytest.approx(extreme / 1024, abs=0.015)


def test_p_values_of_equal_systems_are_spread_evenly() -> None:
    scorer = tg.Scorer("rouge1")
    p_values = []
    for trial in range(100):
        rng = random.Random(trial)
        sides = [["yes" if rng.random() < 0.5 else "no" for _ in range(60)] for _ in range(2)]
        left, right = (scorer.measure(side, ["yes"] * 60) for side in sides)
        for test in ("bootstrap", "randomization"):
            comparison = tg.compare({"left": left, "right": right}, test=test, samples=199, seed=trial)  # type: ignore[arg-type]
            p_values.append(comparison.differences[0].p_value)
    assert sum(p_value < 0.05 for p_value in p_values) <= 22
    assert 70 <= sum(p_value < 0.5 for p_value in p_values) <= 130


def test_holm_over_systems_and_over_groups() -> None:
    comparison = tg.compare({"base": BASE, "better": BETTER, "worse": WORSE}, columns=["bleu"], samples=99)
    assert [each.p_value for each in comparison] == [0.01, 0.01]
    assert [each.adjusted_p_value for each in comparison] == [0.02, 0.02]
    groups = [
        tg.compare({"base": BASE.select(rows), "worse": WORSE.select(rows)}, columns=["bleu"], samples=99)
        for rows in (range(100), range(100, 200), range(5))
    ]
    p_values = [each.differences[0].p_value for each in groups]
    assert min(p_values) == 0.01
    assert [each.differences[0].adjusted_p_value for each in adjust(groups)] == holm(p_values)
    # Six at the level of one in a hundred are no evidence at five in a hundred.
    many = adjust([groups[0]] * 6)
    assert {each.differences[0].verdict for each in many} == {"no evidence"}


def test_threads_and_seeds() -> None:
    systems = {"base": BASE, "equal": EQUAL}
    for test in ("bootstrap", "randomization"):
        one = tg.compare(systems, test=test, threads=1)  # type: ignore[arg-type]
        assert tg.compare(systems, test=test, threads=3) == one  # type: ignore[arg-type]
        assert tg.compare(systems, test=test, seed=7) != one  # type: ignore[arg-type]


def test_what_neither_direction_improves_has_no_verdict() -> None:
    comparison = tg.compare({"base": BASE, "better": BETTER}, columns=["bleu.correct1"], samples=100)
    assert comparison.differences[0].p_value < 0.05
    assert comparison.differences[0].higher_is_better is None
    assert comparison.differences[0].verdict == "no evidence"


def test_as_text_and_json() -> None:
    comparison = tg.compare({"base": BASE, "better": BETTER, "worse": WORSE}, samples=100)
    text = repr(comparison)
    assert text.count("base") == 3
    lines = text.splitlines()
    assert lines[0] == "bleu, higher is better; intervals of 95 %"
    assert max(map(len, lines)) <= 80
    assert lines[1].split() == ["score", "difference", "p", "Holm"]
    # The interval stands below its number, and ends where that does.
    assert lines[3].strip().startswith("[")
    assert len(lines[2].rstrip()) == len(lines[3].rstrip())
    assert "ter, lower is better" in text
    document = json.loads(comparison.to_json())
    assert document["base"] == "base"
    assert document["differences"][0]["base_score"][0] == BASE.corpus["bleu"]


def test_p_values_that_are_not_adjusted_are_shown_once() -> None:
    text = repr(tg.compare({"base": BASE, "better": BETTER}, samples=100))
    assert text.splitlines()[1].split() == ["score", "difference", "p"]


def test_markdown_keeps_a_system_in_one_row() -> None:
    [table, _] = tg.compare({"base": BASE, "better": BETTER}, columns=["bleu", "ter"], samples=100).tables()
    assert len(table.rows) == 2
    assert table.head == ("bleu, higher is better", "score", "95 %", "difference", "95 %", "p", "Holm", "")


def test_wrong_arguments() -> None:
    systems = {"base": BASE, "equal": EQUAL}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"test": "t"}, "choose one of 'bootstrap', 'randomization'"),
        ({"columns": ["blue"]}, "no column 'blue'"),
        ({"samples": -1}, "samples is -1"),
        ({"samples": 2**32}, "samples is 4294967296"),
        ({"confidence": 0}, "confidence is 0"),
    ]
    for options, problem in wrong:
        with pytest.raises(tg.ConfigError, match=problem):
            tg.compare(systems, **options)
    with pytest.raises(tg.ConfigError, match="at least two systems, not 1"):
        tg.compare({"base": BASE})
    with pytest.raises(tg.InputError, match="one has 200, another 3"):
        tg.compare({"base": BASE, "part": EQUAL.select(range(3))})
    with pytest.raises(tg.SignatureMismatch):
        tg.compare({"base": BASE, "other": tg.Scorer("bleu").measure(REFERENCES, REFERENCES)})
    with pytest.raises(tg.InputError, match="no rows"):
        tg.compare({"base": BASE.select([]), "other": EQUAL.select([])})
