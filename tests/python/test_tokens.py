"""Texts that are given as their tokens."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import textgauge as tg

WORDS = [["New York", "is", "big"], [], ["a", "b", "a"]]
OTHERS = [["New York", "was", "big"], ["x"], ["a", "a"]]
METRICS = ["rouge1", "rouge2", "rougeL", "rougeLsum", "bleu", "gleu", "nist", "ter", "wer", "mer", "edit_distance"]
METRICS += ["diagnostics", tg.Bleu(variant="nltk", prefix="n")]


def ids(texts: list[list[str]]) -> list[list[int]]:
    return [[sum(map(ord, token)) for token in text] for text in texts]


def test_tokens_of_any_kind_count_alike() -> None:
    scorer = tg.Scorer(METRICS)
    wanted = scorer.score(WORDS, [[text] for text in OTHERS], tokens=True)
    for threads in (1, 2):
        for left, right in [
            (WORDS, OTHERS),
            (ids(WORDS), ids(OTHERS)),
            (ids(WORDS), pa.array(ids(OTHERS))),
            (pa.array(WORDS), pa.array([[text] for text in OTHERS])),
            (pd.Series(WORDS), pl.Series(OTHERS)),
            ([np.array(text, object) for text in WORDS], iter([tuple(text) for text in OTHERS])),
        ]:
            if left is not WORDS and isinstance(left, list) and isinstance(right, list):
                # Stems and lower case mean nothing to numbers.
                assert not isinstance(left[0][0], str)
            result = scorer.score(left, right, tokens=True, threads=threads) if "nist" not in METRICS else None
            if result is None:
                without = tg.Scorer([metric for metric in METRICS if metric != "nist"])
                result = without.score(left, right, tokens=True, threads=threads)
            for column in result:
                np.testing.assert_array_equal(result[column], wanted[column], column)


def test_one_token_with_a_blank_is_one() -> None:
    assert tg.Scorer("wer").score([["New York"]], [["New", "York"]], tokens=True)["wer.ref_len"][0] == 2
    assert tg.Scorer("wer").score([["New York"]], [["New York"]], tokens=True)["wer.hits"][0] == 1


def test_lower_case_and_stems_are_of_each_token() -> None:
    scorer = tg.Scorer(tg.Rouge("rouge1", stemmer="porter"))
    assert scorer.score([["RUNNING", "New York"]], [["runs", "new york"]], tokens=True)["rouge1.f"][0] == 1
    assert tg.Scorer("bleu").score([["A"]], [["a"]], tokens=True)["bleu.correct1"][0] == 0
    assert tg.Scorer(tg.Bleu(lowercase=True)).score([["A"]], [["a"]], tokens=True)["bleu.correct1"][0] == 1


def test_numbers_have_neither_case_nor_stem() -> None:
    scorer = tg.Scorer(tg.Rouge("rouge1", stemmer="porter"))
    assert scorer.score([[65, 10**40, -5]], [[97, 10**40, "5"]], tokens=True)["rouge1.f"][0] == 1 / 3


def test_several_references() -> None:
    result = tg.Scorer("wer").score([["a", "b"]] * 2, [[["a"], ["a", "b"]], (["b", "a"], ("a", "b"))], tokens=True)
    assert result["wer"].tolist() == [0, 0]


def test_signatures_tell_tokens_from_texts() -> None:
    scorer = tg.Scorer(["rouge1", tg.Wer(tokenizer=str.split)])
    given, texts = scorer.aggregate([["a"]], [["a"]], tokens=True), scorer.aggregate(["a"], ["a"])
    assert all("|tok:given|" in signature for signature in given.signatures.values())
    assert given.sacrebleu_signatures == texts.sacrebleu_signatures == {}
    with pytest.raises(tg.SignatureMismatch):
        given + texts
    assert tg.Aggregate.from_bytes(given.to_bytes()).signatures == given.signatures
    assert len(scorer.measure([["a"]] * 3, [["b"]] * 3, tokens=True)) == 3


def test_missing_texts() -> None:
    result = tg.Scorer("wer").score([["a"], None], [["b"], ["a"]], tokens=True, nulls="propagate")
    assert str(result["wer"].tolist()) == "[1.0, nan]"
    with pytest.raises(tg.InputError, match="prediction in row 1 is missing"):
        tg.Scorer("wer").score([["a"], None], [["b"], ["a"]], tokens=True)


@pytest.mark.parametrize(
    ("metrics", "predictions", "references", "options", "error", "problem"),
    [
        ("wer", ["ab"], [["a"]], {}, tg.InputTypeError, "prediction in row 0 is a str; with tokens=True it is a list"),
        ("wer", [["a"]], ["ab"], {}, tg.InputTypeError, "reference in row 0 is a str"),
        ("wer", [["a"]], [[["a"], "b"]], {}, tg.InputTypeError, "reference number 1 in row 0 is a str"),
        (
            "wer",
            [["a"], [["b"]]],
            [["a"], ["b"]],
            {},
            tg.InputTypeError,
            "row 1 is a list, which cannot be",
        ),
        ("wer", [["a"]], [["a"], ["b"]], {}, tg.InputError, "1 predictions, but 2 references"),
        ("wer", [["a"]], [["a"]], {"sentences": "given"}, tg.ConfigError, "pass one of them"),
        ("wer", [["a"]], [["a"]], {"tokens": 1}, tg.ConfigError, "tokens is 1; it must be True or False"),
        ("chrf", [["a"]], [["a"]], {}, tg.ConfigError, "chrf: it reads characters or whole texts"),
        ("cer", [["a"]], [["a"]], {}, tg.ConfigError, "cer: it reads characters"),
        ("exact_match", [["a"]], [["a"]], {}, tg.ConfigError, "exact_match: it reads"),
        (tg.Wer(transforms="Strip"), [["a"]], [["a"]], {}, tg.ConfigError, "wer: transforms change texts"),
    ],
)
def test_what_holds_no_tokens(
    metrics: Any, predictions: Any, references: Any, options: Any, error: Any, problem: str
) -> None:
    with pytest.raises(error, match=problem):
        tg.Scorer(metrics).score(predictions, references, **{"tokens": True, **options})


def test_what_was_fitted_to_texts_takes_no_tokens() -> None:
    with pytest.raises(tg.ConfigError, match="fitted to texts, so it takes no tokens"):
        tg.Scorer("nist").fit(["a b"]).score([["a"]], [["a"]], tokens=True)


def test_lists_without_the_word_are_told_of_it() -> None:
    with pytest.raises(tg.InputTypeError, match="for lists of tokens tokens=True"):
        tg.Scorer("wer").score([["a"]], ["a"])


PAIR_METRICS = [each for each in METRICS if each != "nist"]


def test_a_pair_of_tokens_scores_as_in_a_batch() -> None:
    scorer = tg.Scorer(PAIR_METRICS)
    odd = [(1, True, None, b"a", ("x", "y"), 2.5, 10**40, "\ud800"), [1.0, 1, None, b"a", ("x", "y"), 2.5, 10**40]]
    pairs: list[tuple[Any, Any]] = [
        *zip(WORDS, OTHERS, strict=True),
        (WORDS[0], OTHERS),
        (tuple(WORDS[2]), (OTHERS[2], tuple(WORDS[0]))),
        (odd[0], [odd[1]]),
        (odd[1], [odd[0], []]),
        (np.array([3, 1, 2]), [np.array([3, 1]), [2, 1, 3]]),
        (["a"] * 5000, [["a", "b"] * 2500]),
        ([], []),
    ]
    for prediction, reference in pairs:
        wanted = scorer.score([prediction], [reference], tokens=True)
        found = scorer.score_pair(prediction, reference, tokens=True)
        assert list(found) == list(wanted)
        np.testing.assert_array_equal(list(found.values()), [wanted[column][0] for column in wanted])


@pytest.mark.parametrize(
    ("prediction", "reference", "error", "problem"),
    [
        ("ab", ["a"], tg.InputTypeError, "^the prediction is a str, not a list of tokens$"),
        (["a"], "ab", tg.InputTypeError, "^the reference is a str, not a list of tokens$"),
        (["a"], [["a"], "b"], tg.InputTypeError, "^the reference number 1 is a str, not a list of tokens$"),
        (["a", ["b"]], ["a"], tg.InputTypeError, "^a token of the prediction is a list, which cannot be hashed$"),
        (["a"], [["a"], [{}]], tg.InputTypeError, "^a token of the reference is a dict, which cannot be hashed$"),
        (None, ["a"], tg.InputError, r"^the prediction is missing; pass \[\] to score an empty text$"),
        (["a"], [["a"], None], tg.InputError, "^the reference number 1 is missing"),
    ],
)
def test_a_pair_that_holds_no_tokens(prediction: Any, reference: Any, error: Any, problem: str) -> None:
    with pytest.raises(error, match=problem) as raised:
        tg.Scorer("wer").score_pair(prediction, reference, tokens=True)
    assert raised.value.row is None


def test_pairs_of_tokens_need_a_scorer_that_takes_them() -> None:
    with pytest.raises(tg.ConfigError, match="chrf: it reads characters or whole texts"):
        tg.Scorer("chrf").score_pair(["a"], ["a"], tokens=True)
    with pytest.raises(tg.ConfigError, match="fitted to texts, so it takes no tokens"):
        tg.Scorer("nist").fit(["a b"]).score_pair(["a"], ["a"], tokens=True)
    with pytest.raises(tg.InputError, match="fit the scorer first"):
        tg.Scorer("nist").score_pair(["a"], ["a"], tokens=True)
    with pytest.raises(tg.ConfigError, match="tokens is 1; it must be True or False"):
        tg.Scorer("wer").score_pair(["a"], ["a"], tokens=1)  # type: ignore[call-overload]


def test_a_token_may_score_pairs_itself() -> None:
    class Token:
        def __hash__(self) -> int:
            assert tg.Scorer("wer").score_pair(["a"], ["b"], tokens=True)["wer"] == 1
            return 1

    token = Token()
    assert tg.Scorer("wer").score_pair([token, "a"], [[token, "a"]], tokens=True)["wer"] == 0
