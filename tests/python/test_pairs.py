"""One pair at a time: the same scores as in a batch, and errors that speak of a pair."""

from __future__ import annotations

import inspect
import math
import signal
import struct
import threading
import time
import typing

import pytest

import textgauge as tg
from textgauge import pairs

PAIRS = [
    ("", "the cat"),
    ("the cat sat on the mat", "the cat on the mat sat"),
    ("A cat, sat.", ["The cat sat.", "A dog", ""]),
    ("The dog\nruns 300 km", ("dog\nruns", "he")),
    ("naïve 日本 cat", "naive 日本"),
    ("a", "a"),
]


def bits(scores):
    return {column: struct.pack("<d", score) for column, score in scores.items()}


def of_batch(scorer, prediction, reference):
    result = scorer.score([prediction], [reference], threads=1)
    return bits({column: values[0] for column, values in result.to_numpy().items()})


def test_metrics_measured_together_score_as_each_alone():
    names = [info.name for info in tg.list_metrics() if info.name != "nist"]
    together = tg.Scorer(names)
    alone = [tg.Scorer(name) for name in names]
    for prediction, reference in PAIRS:
        expected = {}
        for scorer in alone:
            expected |= scorer.score_pair(prediction, reference)
        assert bits(together.score_pair(prediction, reference)) == bits(expected)


def test_each_call_makes_a_dict_of_its_own():
    scorer = tg.Scorer("wer")
    first = scorer.score_pair("a", "b")
    first.clear()
    first["wer"] = -1.0
    assert scorer.score_pair("a", "b")["wer"] == 1.0


def test_nist_has_to_be_fitted():
    with pytest.raises(tg.InputError, match=r"^nist: all references .*fit the scorer first") as error:
        tg.Scorer("nist").score_pair("a", "a")
    assert error.value.code == "not-fitted"
    references = ["a b", "a c", "d"]
    scorer = tg.Scorer(["nist", "wer"]).fit(references)
    assert scorer.is_fitted
    whole = scorer.score(["a b", "a", "d"], references)
    pairs = [scorer.score_pair(text, own) for text, own in zip(["a b", "a", "d"], references, strict=True)]
    assert {name: [pair[name] for pair in pairs] for name in scorer.columns} == {
        name: whole[name].tolist() for name in scorer.columns
    }


@pytest.mark.parametrize("missing", [None, math.nan])
def test_a_missing_text_is_an_error_without_a_row(missing):
    scorer = tg.Scorer("rouge1")
    for arguments, what in [
        ((missing, "a"), "the prediction is missing"),
        (("a", missing), "the reference is missing"),
        (("a", ["b", missing]), "the reference number 1 is missing"),
    ]:
        with pytest.raises(tg.InputError, match=what) as error:
            scorer.score_pair(*arguments)
        assert (error.value.code, error.value.row) == ("missing-text", None)
        assert "row" not in str(error.value)


def test_what_is_no_text_is_an_error_without_a_row():
    scorer = tg.Scorer("rouge1")
    for arguments, message in [
        ((b"a", "a"), "the prediction is a bytes, not a str; decode it first"),
        ((["a"], "a"), "the prediction is a list, not a str"),
        (("a", 5), "the reference is a int, not a str or a list of str"),
        (("a", {"a"}), "the reference is a set, not a str or a list of str"),
        (("a", ["a", ["b"]]), "the reference number 1 is a list, not a str"),
    ]:
        with pytest.raises(tg.InputTypeError) as error:
            scorer.score_pair(*arguments)
        assert str(error.value) == message
        assert (error.value.code, error.value.row) == ("wrong-type", None)
    for nothing in ([], ()):
        with pytest.raises(tg.InputError, match="the list of references is empty") as error:
            scorer.score_pair("a", nothing)
        assert error.value.code == "no-reference"


def test_a_tokenizer_that_fails_is_told_without_a_row():
    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=lambda text: text))
    with pytest.raises(tg.InputError, match="made a str of a text; it must return str tokens") as error:
        scorer.score_pair("a", "b")
    assert (error.value.code, error.value.row) == ("bad-tokenizer", None)

    def fails(text):
        raise RuntimeError(text)

    with pytest.raises(RuntimeError, match="the text"):
        tg.Scorer(tg.Rouge("rouge1", tokenizer=fails)).score_pair("the text", "b")


def test_a_tokenizer_may_score_pairs_itself():
    inner = tg.Scorer(["rouge1", "bleu"])
    expected = inner.score_pair("a b c d e", "a b c e")

    def tokens(text):
        assert inner.score_pair("a b c d e", "a b c e") == expected
        return text.split()

    scores = tg.Scorer(tg.Rouge("rouge1", tokenizer=tokens)).score_pair("the cat", "the cat sat")
    assert scores == tg.Scorer(tg.Rouge("rouge1", tokenizer="whitespace")).score_pair("the cat", "the cat sat")


def test_texts_of_any_length_score_as_in_a_batch():
    scorer = tg.Scorer(["rouge1", "rougeLsum", "bleu", "chrf", "wer"])
    for words in (100, 2000, 5000, 40_000):
        prediction = " ".join(f"w{i * i % 97}" for i in range(words))
        reference = " ".join(f"w{i * i * i % 89}" for i in range(words))
        assert bits(scorer.score_pair(prediction, reference)) == of_batch(scorer, prediction, reference)
        assert bits(scorer.score_pair("short", [reference, "short"])) == of_batch(scorer, "short", [reference, "short"])


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers that interrupt")
def test_a_long_pair_can_be_interrupted():
    class Alarm(Exception):  # noqa: N818 - no error
        pass

    def ring(_signal, _frame):
        tg.Scorer("rouge1").score_pair("a", "b")  # a handler may score, too
        raise Alarm

    squares = [row * row for row in range(1_000_000)]
    prediction, reference = ("".join(chr(0x4E00 + square % prime) for square in squares) for prime in (9973, 9967))
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    start = time.perf_counter()
    try:
        with pytest.raises(Alarm):
            tg.Scorer("cer").score_pair(prediction, reference)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.perf_counter() - start < 10


def test_threads_score_pairs_at_once():
    scorer = tg.Scorer(["rouge1", "rouge2", "rougeL", "bleu", "wer"])
    expected = [scorer.score_pair(*pair) for pair in PAIRS]
    wrong = []

    def work():
        for _ in range(300):
            for (prediction, reference), scores in zip(PAIRS, expected, strict=True):
                if scorer.score_pair(prediction, reference) != scores:
                    wrong.append(prediction)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# Each function, the metric it stands for, the column it gives, and its options turned.
FIGURES = {
    "bleu": (tg.Bleu, "bleu", {"variant": "nltk", "weights": [0.5, 0.5]}),
    "chrf": (tg.Chrf, "chrf", {"beta": 3.0}),
    "ter": (tg.Ter, "ter", {"no_punct": True}),
    "gleu": (tg.Gleu, "gleu", {"max_len": 2}),
    "wer": (tg.Wer, "wer", {"transforms": ["ToLowerCase"]}),
    "cer": (tg.Cer, "cer", {"lowercase": True}),
    "mer": (tg.Mer, "mer", {"tokenizer": str.split}),
    "wil": (tg.Wil, "wil", {"tokenizer": "words"}),
    "wip": (tg.Wip, "wip", {"lowercase": True}),
    "edit_distance": (tg.EditDistance, "edit_distance", {"tokenizer": "characters"}),
    "edit_similarity": (tg.EditSimilarity, "edit_similarity", {"tokenizer": "characters"}),
    "exact_match": (tg.ExactMatch, "exact_match", {"ignore_case": True, "regexes_to_ignore": ["a"]}),
    "squad_em": (tg.Squad, "squad.em", {"percent": False}),
    "squad_f1": (tg.Squad, "squad.f1", {"version": 2, "percent": False}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_functions_give_the_figure_of_their_metric(name):
    metric, column, turned = FIGURES[name]
    function = getattr(tg, name)
    for options in ({}, turned):
        scorer = tg.Scorer(metric(**options))
        for prediction, reference in PAIRS:
            figure = function(prediction, reference, **options)
            assert type(figure) is float
            assert figure == scorer.score_pair(prediction, reference)[column]


def test_the_figure_of_chrf_plus_plus_is_its_own():
    assert (
        tg.chrf("the cat", "the cats", word_order=2) == tg.Scorer("chrf++").score_pair("the cat", "the cats")["chrf++"]
    )


def test_there_is_a_function_for_every_figure_and_no_other():
    assert {*FIGURES, "rouge", "Score"} == set(pairs.__all__)


@pytest.mark.parametrize("name", [*FIGURES, "rouge"])
def test_functions_take_the_options_of_their_metric(name):
    metric = tg.Rouge if name == "rouge" else FIGURES[name][0]
    annotation = inspect.signature(getattr(tg, name)).parameters["options"].annotation
    options = getattr(pairs, annotation.removeprefix("Unpack[").removesuffix("]"))
    assert issubclass(options, dict) or typing.is_typeddict(options)
    assert set(options.__annotations__) == set(metric().option_names()) - {"prefix"}


def test_options_are_checked_each_time():
    for _ in range(2):
        with pytest.raises(tg.ConfigError, match="beta"):
            tg.chrf("a", "a", beta=-1)
        with pytest.raises(TypeError, match="stemming"):
            tg.rouge("a", "a", stemming=True)
    assert tg.wer("A", "a", lowercase=True) == 0.0
    with pytest.raises(tg.ConfigError, match="lowercase is 1; it must be True or False"):
        tg.wer("A", "a", lowercase=1)


def test_an_option_without_a_hash_is_taken():
    class Splits:
        __hash__ = None

        def __call__(self, text):
            return text.split()

    assert tg.rouge("the cat", "the cat sat", tokenizer=Splits())["rouge1"] == (1.0, 2 / 3, 0.8)


def test_functions_raise_what_score_pair_raises():
    for function in (tg.rouge, tg.bleu, tg.squad_f1):
        with pytest.raises(tg.InputError, match="the prediction is missing"):
            function(None, "a")
