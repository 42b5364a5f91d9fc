"""Answers against what their sources compute, float for float.

The sources are scripts that no package on an index holds in importable form; `answer_definitions.py` says once more
what they compute.
"""

from __future__ import annotations

import functools
import gzip
import json
import math
import random
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from answer_definitions import (
    EXACT_MATCH_OPTIONS,
    HELM,
    MLQA_LANGUAGES,
    Pair,
    drop_scores,
    em_and_f1,
    evaluate_exact_match,
    mlqa_words,
    squad_em,
    squad_f1,
    squad_v2_report,
    squad_v2_scores,
    triviaqa_words,
)

import textgauge as tg
from textgauge.benchmarks.drop import drop_pair
from textgauge.benchmarks.squad import squad_v2

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev" / "qa"
FILES = sorted(DATA.glob("*.jsonl*"))
HOSTILE_PAIRS = 1_500

# ---- what is compared

SCORER = tg.Scorer(
    [tg.Squad(), tg.Squad(version=2, percent=False, prefix="v2_"), tg.Triviaqa(percent=False)]
    + [tg.Mlqa(language=language, percent=False, prefix=f"{language}_") for language in MLQA_LANGUAGES]
    + [tg.Helm()]
    + [tg.ExactMatch(prefix=f"{number}_", **options) for number, options in enumerate(EXACT_MATCH_OPTIONS)]
)


def their_scores(prediction: str, references: list[str]) -> dict[str, float]:
    """Every score of a pair as the sources have it."""
    v2_em, v2_f1 = squad_v2_scores(prediction, references)
    scores = {
        "squad.em": 100.0 * max(squad_em(prediction, answer) for answer in references),
        "squad.f1": 100.0 * max(squad_f1(prediction, answer) for answer in references),
        "v2_squad.em": v2_em,
        "v2_squad.f1": v2_f1,
    }
    readers: dict[str, Callable[[str], list[str]]] = {"triviaqa": triviaqa_words}
    for language in MLQA_LANGUAGES:
        readers[f"{language}_" + "mlqa"] = functools.partial(mlqa_words, language=language)
    for name, words in readers.items():
        pairs = [em_and_f1(words(prediction), words(answer)) for answer in references]
        scores[f"{name}.em"], scores[f"{name}.f1"] = map(max, zip(*pairs, strict=True))
    # HELM strips a prediction before all else.
    for name, score in HELM.items():
        scores[name] = max(score(gold, prediction.strip()) for gold in references)
    for number, options in enumerate(EXACT_MATCH_OPTIONS):
        scores[f"{number}_exact_match"] = max(evaluate_exact_match(prediction, text, **options) for text in references)
    return scores


def mismatches(pairs: list[Pair]) -> list[Any]:
    """Every score that is not the very same number."""
    result = SCORER.score([prediction for prediction, _ in pairs], [references for _, references in pairs])
    found = []
    for row, pair in enumerate(pairs):
        theirs = their_scores(*pair)
        assert list(theirs) == result.columns
        ours = {column: float(result[column][row]) for column in theirs}
        found += [(column, ours[column], score, pair) for column, score in theirs.items() if ours[column] != score]
    return found


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [(record["hypothesis"], record["references"]) for record in map(json.loads, lines)]


# fmt: off
PIECES = (
    "the", "a", "an", "The", "A", "AN", "cat", "Cat", "answer", "is", "and", "Nothing.", " is ", " and ", "x", "y",
    "z.", "l\u2019an", "\u2018the\u2019", "a\u0301", "the\u200d", "a\x01", "an\x7f", "_a_", "the-", "(a)", "théa",
    "aé", "the日本", "1", "12", "007", "1,000", "1,000.50", "-3", "+4", "--5", "3.14", "5 3", ",", "1_000", "1__0",
    "_1", "\u0663", "\uff11", "\U0001d7d8", "\xb2", "\u2460", "99999999999999999999999", "9223372036854775807",
    "-9223372036854775808", "1e3", "0x1f", ".", "?", "!", "$", "'", "\"", "\u2019", "-", "_", "\u0130", "\u03a3",
    "\u212a", "\xdf", "\ud800", "\0", "\ufeff", "a very long answer indeed that no key holds",
    "internationalisation", "La", "unos", "của", "những", "der", "DES", "ال", "البيت", "والبيت", "东京塔",
    "tokyo", "。", "«", "¿", "।", "\u9fa6", "ー", "\xb4", "`", "\u2018", "\u0301",
)
SEPARATORS = (
    "", "", " ", " ", " ", "  ", "\n", "\t", "\r", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u2028", "\u3000",
)
# fmt: on


def hostile_text(rng: random.Random) -> str:
    """A short text of what normalisation may trip over, or a sentence that lists something."""
    if rng.random() < 0.2:
        members = " and ".join(rng.choices(("x", "y", "z", "", "and", "Nothing"), k=rng.randint(0, 3)))
        return rng.choice(("It is ", "", "It is is ", "is ")) + members + rng.choice((".", "", "\n", " and "))
    count = rng.choice((0, 1, 1, 2, 3, 6))
    return rng.choice(SEPARATORS) + "".join(rng.choice(PIECES) + rng.choice(SEPARATORS) for _ in range(count))


def hostile_pairs(count: int, seed: int) -> list[Pair]:
    """Predictions that are often nearly one of their references."""
    rng = random.Random(seed)
    changes: list[Callable[[str], str]] = [
        str.upper,
        str.strip,
        lambda text: text + rng.choice((*PIECES, *SEPARATORS)),
        lambda text: rng.choice((*PIECES, *SEPARATORS)) + text,
        lambda text: text.replace(" ", rng.choice(SEPARATORS)),
        lambda text: " and ".join(reversed(text.split(" and "))),
        lambda text: "".join(character for character in text if character not in string.punctuation),
        lambda text: text[: rng.randint(0, len(text))],
        lambda text: text,
        lambda _: hostile_text(rng),
    ]
    pairs = []
    for _ in range(count):
        references = [hostile_text(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        prediction = rng.choice(references)
        for _ in range(rng.randint(0, 2)):
            prediction = rng.choice(changes)(prediction)
        pairs.append((prediction, references))
    return pairs


@pytest.mark.skipif(not FILES, reason="the folder of shared data is missing")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_of_every_file(path: Path) -> None:
    pairs = read_pairs(path)
    assert mismatches(random.Random(path.name).sample(pairs, min(len(pairs), 300))) == []


def test_hostile_pairs() -> None:
    pairs = hostile_pairs(HOSTILE_PAIRS, seed=1)
    assert mismatches(pairs) == []
    # Which is no proof unless texts are often alike without being the same.
    scores = SCORER.score([prediction for prediction, _ in pairs], [references for _, references in pairs]).corpus
    assert all(0.05 < scores[f"helm_{name}"] < 0.9 for name in ("exact_match", "quasi_exact_match", "f1_set_match"))


def test_words_around_every_code_point() -> None:
    # An article ends where the class of word characters does, and a number where that of digits does.
    code_points = [chr(code_point) for code_point in range(0x110000)]
    texts = [f"x {character}a 7{character}the 3{character}" for character in code_points]
    result = tg.Scorer(tg.Helm("f1_score", "final_number_exact_match")).score(texts, ["x the 3"] * len(texts))
    for row, text in enumerate(texts):
        for name in ("helm_f1_score", "helm_final_number_exact_match"):
            assert result[name][row] == HELM[name]("x the 3", text), hex(row)


@pytest.mark.parametrize("digits", [17, 19, 30, 35, 4300, 4301])
def test_differences_of_long_numbers(digits: int) -> None:
    for number, other in ((10**digits - 1, 10**digits - 8), (1 - 10**digits, 10**digits - 8)):
        # CPython itself writes no more digits than it reads.
        texts = ["9" * digits if number > 0 else "-" + "9" * digits, "9" * (digits - 1) + "2"]
        ours = tg.Scorer("helm_absolute_value_difference").score([texts[0]], [texts[1]]).corpus
        difference = 0 if digits > 4300 else abs(number - other)
        if digits < 36 or digits > 4300:
            assert ours == {"helm_absolute_value_difference": float(min(difference, 2**63 - 1))}
        else:
            assert 0 <= ours["helm_absolute_value_difference"] <= 2**63


# ---- DROP

# fmt: off
SPAN_PIECES = (
    "4", "4.0", "5", "five", "the", "a", "Smith", "Jones", "smith's", "1,000", "1000", "$5", "5%", "km", "-3", "nan",
    "inf", "1e3", "two-way", "\u0663", " ", "x\ty", "théa", "", "!", "June", "1990", "a-the", "10_0", "b", "c",
)
# fmt: on


def test_hostile_spans_of_drop() -> None:
    rng = random.Random(4)

    def span() -> str:
        return " ".join(rng.choices(SPAN_PIECES, k=rng.randint(0, 4)))

    partial = 0
    for _ in range(1_000):
        answers = [[span() for _ in range(rng.choice((1, 1, 2, 3, 4)))] for _ in range(rng.randint(1, 3))]
        prediction = [span() for _ in range(rng.choice((1, 1, 2, 3, 5)))]
        if rng.random() < 0.5:
            prediction = rng.sample(answers[0], rng.randint(1, len(answers[0]))) + prediction[: rng.randint(0, 1)]
        assert drop_pair(prediction, answers) == drop_scores(prediction, answers), (prediction, answers)
        partial += 0 < drop_pair(prediction, answers).f1 < 1
    assert partial > 300


# ---- what the sources publish


@pytest.mark.parametrize(
    ("expected", "options"),
    [
        (0.25, {}),
        (0.5, {"regexes_to_ignore": ["the ", "yell"], "ignore_case": True, "ignore_punctuation": True}),
        (0.75, {"regexes_to_ignore": ["the ", "yell", "YELL"], "ignore_case": True, "ignore_punctuation": True}),
        (
            1.0,
            {
                "regexes_to_ignore": ["the ", "yell", "YELL"],
                "ignore_case": True,
                "ignore_punctuation": True,
                "ignore_numbers": True,
            },
        ),
    ],
)
def test_published_examples_of_exact_match(expected: float, options: dict[str, Any]) -> None:
    references = ["the cat", "theater", "YELLING", "agent007"]
    predictions = ["cat?", "theater", "yelling", "agent"]
    result = tg.Scorer(tg.ExactMatch(**options)).score(predictions, references)
    assert result.corpus == {"exact_match": expected}


def test_published_sentences_of_exact_match() -> None:
    references = ["The cat sat on the mat.", "Theaters are great.", "It's like comparing oranges and apples."]
    predictions = ["The cat sat on the mat?", "Theaters are great.", "It's like comparing apples and oranges."]
    assert tg.Scorer("exact_match").score(predictions, references).corpus == {"exact_match": 1 / 3}


def test_published_examples_of_squad() -> None:
    assert tg.Scorer("squad").score(["1976"], ["1976"]).corpus == {"squad.em": 100.0, "squad.f1": 100.0}
    predictions = ["1999", "Adams, Bradley, Covell, Carter, and James"]
    references = ["1976", "Adams, Bradley, Covell and Carter"]
    result = tg.Scorer("squad").score(predictions, references)
    assert [result["squad.f1"][row] for row in range(2)] == [0.0, 100.0 * squad_f1(predictions[1], references[1])]


def test_published_example_of_squad_v2() -> None:
    assert squad_v2(["1976"], [["1976"]], [0.0]) == {
        "exact": 100.0,
        "f1": 100.0,
        "total": 1,
        "HasAns_exact": 100.0,
        "HasAns_f1": 100.0,
        "HasAns_total": 1,
        "best_exact": 100.0,
        "best_exact_thresh": 0.0,
        "best_f1": 100.0,
        "best_f1_thresh": 0.0,
    }


# ---- SQuAD 2.0


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("kind", ["some", "no answers", "all answers"])
def test_reports_of_squad_v2(kind: str, threshold: float) -> None:
    rng = random.Random(kind)
    pairs = hostile_pairs(400, seed=2)
    for row, (prediction, references) in enumerate(pairs):
        if kind == "no answers" or (kind == "some" and rng.random() < 0.4):
            pairs[row] = (rng.choice(("", "", prediction)), rng.choice(([], [""])))
        elif kind == "all answers" and not any(references):
            pairs[row] = (prediction, ["x"])
    probabilities = [rng.choice((0.0, 0.25, 0.5, rng.random(), 1.0)) for _ in pairs]
    predictions, references = [prediction for prediction, _ in pairs], [references for _, references in pairs]
    ours = squad_v2(predictions, references, probabilities, threshold)
    assert ours == squad_v2_report(pairs, probabilities, threshold)
    assert squad_v2(predictions, references) == squad_v2_report(pairs, [0.0] * len(pairs), 1.0)


def test_squad_v2_refuses_what_it_cannot_score() -> None:
    with pytest.raises(tg.InputError, match="there are 1 predictions, but 2 lists"):
        squad_v2(["a"], [["a"], ["b"]])
    with pytest.raises(tg.InputError, match="there are 1 predictions, but 2 probabilities"):
        squad_v2(["a"], [["a"]], [0.0, 1.0])
    with pytest.raises(tg.InputError, match="no questions"):
        squad_v2([], [])
    with pytest.raises(tg.InputError, match="probability in row 1 is nan") as caught:
        squad_v2(["a", "b"], [["a"], ["b"]], [0.0, math.nan])
    assert caught.value.row == 1


@pytest.mark.parametrize("wrong", [None, 5, b"a", {"text": ["a"]}])
def test_squad_v2_names_the_row_without_a_list_of_answers(wrong: Any) -> None:
    with pytest.raises(tg.InputTypeError, match=r"references in row 1 are a \w+, not a list of str") as caught:
        squad_v2(["a", "b"], ["a", wrong])
    assert (caught.value.code, caught.value.row) == ("wrong-type", 1)


def test_squad_v2_names_the_row_of_a_missing_text() -> None:
    for predictions, references in ((["a", None], ["a", "b"]), (["a", "b"], ["a", ["b", math.nan]])):
        with pytest.raises(tg.InputError, match="a text in row 1 is missing; pass ''") as caught:
            squad_v2(predictions, references)  # type: ignore[arg-type]
        assert (caught.value.code, caught.value.row) == ("missing-text", 1)


def test_squad_v2_wants_columns() -> None:
    for arguments in (("a", ["a"]), (None, ["a"]), (["a"], "a"), (["a"], {"a": 1}), (["a"], ["a"], 5)):
        with pytest.raises(tg.InputTypeError, match="pass a list, with an item for each row"):
            squad_v2(*arguments)  # type: ignore[arg-type]


# ---- options


def test_regexes_are_part_of_the_signature() -> None:
    signatures = {
        tg.Scorer(tg.ExactMatch(regexes_to_ignore=regexes, ignore_case=case)).signatures["exact_match"]
        for regexes in (None, ["a"], ["b"], ["a", "b"])
        for case in (False, True)
    }
    assert len(signatures) == 8
    assert tg.ExactMatch(regexes_to_ignore=[]) == tg.ExactMatch()


def test_options_that_exact_match_refuses() -> None:
    for regexes in ("the ", [1], ["("]):
        with pytest.raises(tg.ConfigError, match="exact_match: "):
            tg.ExactMatch(regexes_to_ignore=regexes)
    with pytest.raises(tg.ConfigError, match="version is 3; it must be a whole number from 1 to 2"):
        tg.Squad(version=3)
    with pytest.raises(tg.ConfigError, match="helm_bleu"):
        tg.Helm("bleu")
