"""Intervals of corpus scores, by the bootstrap and the jackknife."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

import textgauge as tg
from textgauge import parity

WORDS = ("the", "a", "cat", "dog", "sat", "ran", "on", "mat", "home", ".", ",", "not", "very", "old")
# Weights of its own references, which a part of them would change.
EVERY = tg.Scorer([info.name for info in tg.list_metrics()]).fit(
    ["the cat sat on the mat .", "a very old dog ran home"]
)
# Columns in which all of these pairs may have the same score.
CONSTANT = {"diagnostics.order", "helm_final_number_exact_match", "helm_absolute_value_difference"}


def make_texts(seed: str, count: int) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=rng.randint(3, 12))) for _ in range(count)]


REFERENCES = make_texts("references", 300)
PREDICTIONS = [
    " ".join(word if random.Random(f"{row}{word}").random() < 0.7 else "x" for word in text.split())
    for row, text in enumerate(REFERENCES)
]


@pytest.fixture(scope="module")
def measured() -> tg.Measurements:
    """Every metric, together."""
    return EVERY.measure(PREDICTIONS, REFERENCES)


def test_scores_are_those_of_the_scorer(measured: tg.Measurements) -> None:
    corpus = EVERY.score(PREDICTIONS, REFERENCES).corpus
    assert list(measured.corpus) == list(corpus)
    for column, score in corpus.items():
        # Means are of rounded scores, pooled scores are the very same.
        unlimited = column in ("extractive.density", "extractive.compression")
        assert measured.corpus[column] == pytest.approx(score, rel=0, abs=2**-30 if unlimited else 2**-44), column
    for info in tg.list_metrics():
        if info.corpus == "pooled":
            columns = [column for column in corpus if column.split(".")[0] == info.name]
            assert [measured.corpus[column] for column in columns] == [corpus[column] for column in columns]


def test_headlines_are_one_of_each_metric(measured: tg.Measurements) -> None:
    expected = [f"{info.name}.{info.headline}" if info.headline else info.name for info in tg.list_metrics()]
    assert measured.headlines == expected
    assert set(measured.headlines) <= set(measured.columns)


def test_every_metric_has_an_interval_around_its_score(measured: tg.Measurements) -> None:
    intervals = measured.bootstrap(samples=400)
    assert list(intervals) == measured.columns
    for column in measured.headlines:
        score, low, high, error = intervals[column]
        assert score == measured.corpus[column]
        assert low <= score <= high
        if column in CONSTANT:
            assert (low, high, error) == (score, score, 0)
            continue
        assert low < high
        assert 0 < error < high - low


def test_the_bootstrap_agrees_with_the_jackknife_and_with_theory() -> None:
    scorer = tg.Scorer(["bleu", "chrf", "rouge1"])
    measured = scorer.measure(PREDICTIONS, REFERENCES)
    bootstrap, jackknife = measured.bootstrap(samples=4000), measured.jackknife()
    for column in measured.headlines:
        assert jackknife[column].score == bootstrap[column].score
        assert jackknife[column].standard_error == pytest.approx(bootstrap[column].standard_error, rel=0.1)
        assert abs(jackknife[column].bias) < jackknife[column].standard_error
    # A mean's standard error is known.
    scores = scorer.score(PREDICTIONS, REFERENCES)["rouge1.f"]
    error = scores.std(ddof=1) / math.sqrt(len(scores))
    assert jackknife["rouge1.f"].standard_error == pytest.approx(error, rel=1e-9)
    assert jackknife["rouge1.f"].bias == pytest.approx(0, abs=1e-9)


def test_the_jackknife_by_hand() -> None:
    measured = tg.Scorer(tg.Bleu(max_order=1)).measure(PREDICTIONS[:7], REFERENCES[:7])
    left_out = []
    for row in range(7):
        rest = [number for number in range(7) if number != row]
        left_out.append(measured.select(rest).corpus["bleu"])
    mean = math.fsum(left_out) / 7
    error = math.sqrt(6 / 7 * math.fsum((score - mean) ** 2 for score in left_out))
    found = measured.jackknife()["bleu"]
    assert found.standard_error == pytest.approx(error, rel=1e-9)
    assert found.bias == pytest.approx(6 * (mean - measured.corpus["bleu"]), rel=1e-9)


def test_neither_threads_nor_other_metrics_change_a_bit() -> None:
    alone = tg.Scorer("bleu").measure(PREDICTIONS, REFERENCES)
    together = tg.Scorer(["rouge1", "bleu", "ter"]).measure(PREDICTIONS, REFERENCES)
    expected = alone.bootstrap(samples=3000, threads=1)
    for threads in (2, 5):
        assert alone.bootstrap(samples=3000, threads=threads) == expected
        assert together.bootstrap(samples=3000, threads=threads)["bleu"] == expected["bleu"]
        assert together.jackknife(threads=threads) == together.jackknife(threads=1)


def test_seeds(measured: tg.Measurements) -> None:
    assert measured.bootstrap(samples=50) == measured.bootstrap(samples=50, seed=12345)
    assert measured.bootstrap(samples=50) != measured.bootstrap(samples=50, seed=2**64 - 1)


def test_a_sample_of_one_row_is_that_row() -> None:
    measured = tg.Scorer("chrf").measure(PREDICTIONS[:1], REFERENCES[:1])
    assert len(measured) == 1
    score, low, high, error = measured.bootstrap(samples=20)["chrf"]
    assert low == high == score
    assert error == pytest.approx(0, abs=1e-12)
    jackknife = measured.jackknife()["chrf"]
    assert math.isnan(jackknife.standard_error)
    assert math.isnan(jackknife.bias)


def test_samples_cover_as_often_as_they_say() -> None:
    # The mean of 0/1 scores, drawn many times from a known share: the interval holds it about 95 times in 100.
    rng = np.random.default_rng(1)
    scorer = tg.Scorer("rouge1")
    held = 0
    for trial in range(200):
        right = rng.random(100) < 0.3
        measured = scorer.measure(["yes" if each else "no" for each in right], ["yes"] * 100)
        low, high = measured.bootstrap(samples=300, seed=trial)["rouge1.f"][1:3]
        held += low <= 0.3 <= high
    assert 180 <= held <= 200


def test_select_and_add(measured: tg.Measurements) -> None:
    rows = [5, 3, 3, 299]
    part = measured.select(rows)
    scorer = EVERY
    assert part.corpus == scorer.measure([PREDICTIONS[row] for row in rows], [REFERENCES[row] for row in rows]).corpus
    halves = measured.select(range(150)) + measured.select(range(150, 300))
    assert halves.corpus == measured.corpus
    assert halves.bootstrap(samples=20) == measured.bootstrap(samples=20)
    assert len(measured.select([])) == 0
    assert math.isnan(measured.select([]).corpus["bleu"])
    for wrong in ([300], [-1], [1.7], [True], ["1"], [2**70]):
        with pytest.raises(tg.InputError, match="there is no row") as caught:
            measured.select(wrong)  # type: ignore[arg-type]
        assert caught.value.code == "no-row"


def test_other_metrics_do_not_add_up(measured: tg.Measurements) -> None:
    with pytest.raises(tg.SignatureMismatch):
        measured + tg.Scorer("bleu").measure(["a"], ["a"])
    with pytest.raises(TypeError):
        measured + 1  # type: ignore[operator]


def test_missing_texts() -> None:
    scorer = tg.Scorer("bleu")
    with pytest.raises(tg.InputError, match="row 1 is missing"):
        scorer.measure(["a", None], ["a", "b"])
    with pytest.raises(tg.ConfigError, match="propagate"):
        scorer.measure(["a"], ["a"], nulls="propagate")
    dropped = scorer.measure(["a b", "c"], [["a", None], ["c", "d"]], nulls="drop")
    assert dropped.corpus == scorer.measure(["a b", "c"], [["a"], ["c", "d"]]).corpus
    assert scorer.measure(["a", None], ["a", "b"], nulls="empty").corpus["bleu.hyp_len"] == 1


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"samples": 0}, "samples is 0"),
        ({"samples": 1.5}, "samples is 1.5"),
        ({"samples": True}, "samples is True"),
        ({"samples": 2**32}, "samples is 4294967296; it must be a whole number from 1 to 4294967295"),
        ({"confidence": 1.0}, "confidence is 1.0"),
        ({"confidence": "x"}, "confidence is 'x'"),
        ({"confidence": float("nan")}, "confidence is nan"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, "seed is"),
        ({"threads": 0}, "threads is 0"),
    ],
)
def test_wrong_arguments(measured: tg.Measurements, options: dict[str, Any], problem: str) -> None:
    with pytest.raises(tg.ConfigError, match=problem):
        measured.bootstrap(**options)


SACREBLEU_WRONG: list[tuple[dict[str, Any], str]] = [
    ({"seed": -1}, "seed is -1"),
    ({"seed": "foo"}, "seed is 'foo'"),
    ({"seed": 1.5}, "seed is 1.5"),
    ({"samples": 2**32}, "samples is 4294967296"),
]


@pytest.mark.parametrize(("options", "problem"), SACREBLEU_WRONG)
def test_wrong_arguments_of_sacrebleu(options: dict[str, Any], problem: str) -> None:
    bleu = tg.Scorer("bleu").measure(PREDICTIONS, REFERENCES)
    with pytest.raises(tg.ConfigError, match=problem):
        parity.sacrebleu_bootstrap(bleu, **options)
    for test in ("ar", "bs"):
        with pytest.raises(tg.ConfigError, match=problem):
            parity.sacrebleu_paired_test({"a": bleu, "b": bleu}, test=test, **options)
    with pytest.raises(tg.ConfigError, match="confidence_samples is 4294967296"):
        parity.sacrebleu_paired_test({"a": bleu, "b": bleu}, confidence_samples=2**32)


def test_a_wrong_seed_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SACREBLEU_SEED", "-1")
    with pytest.raises(tg.ConfigError, match="seed is -1"):
        parity.sacrebleu_bootstrap(tg.Scorer("bleu").measure(["a"], ["a"]))


@pytest.mark.parametrize("options", [{"confidence": 2}, {"confidence": "x"}, {"samples": 2**32}])
def test_wrong_arguments_of_rouge_score(options: dict[str, Any]) -> None:
    result = tg.Scorer("rouge1").score(["a"], ["a"])
    with pytest.raises(tg.ConfigError, match=f"{next(iter(options))} is"):
        parity.rouge_score_bootstrap(result, **options)


def test_no_rows() -> None:
    empty = tg.Scorer("bleu").measure([], [])
    with pytest.raises(tg.InputError, match="no rows"):
        empty.bootstrap()
    assert math.isnan(empty.jackknife()["bleu"].standard_error)
    assert repr(empty).startswith("<Measurements of 0 rows: bleu, bleu.bp")
