"""`textgauge.parity` against sacrebleu's intervals and paired tests and rouge-score's aggregator, float for float."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from parity import DATA, read_pairs
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.scoring import BootstrapAggregator
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest

import textgauge as tg
from textgauge import parity

FILES = [DATA / "mt" / f"wmt22.en-de.{system}.jsonl.gz" for system in ("Online-B", "OpenNMT", "PROMT")]
pytestmark = pytest.mark.skipif(not FILES[0].exists(), reason="the folder of shared data is missing")

# Ours beside theirs.
METRICS: dict[str, tuple[tg.Metric, Any]] = {
    "bleu": (tg.Bleu(), BLEU),
    "chrf": (tg.Chrf(), CHRF),
    "chrf++": (tg.Chrf(word_order=2), lambda: CHRF(word_order=2)),
    "chrf eps": (tg.Chrf(eps_smoothing=True), lambda: CHRF(eps_smoothing=True)),
    "ter": (tg.Ter(), TER),
    "bleu add-k": (
        tg.Bleu(smoothing="add-k", smoothing_value=0.6),
        lambda: BLEU(smooth_method="add-k", smooth_value=0.6),
    ),
    "bleu floor": (
        tg.Bleu(smoothing="floor", max_order=6, effective_order=True),
        lambda: BLEU(smooth_method="floor", max_ngram_order=6, effective_order=True),
    ),
}


def load(rows: int) -> tuple[list[list[str]], list[list[str]]]:
    """The outputs of each system, and the references row by row."""
    files = [list(itertools.islice(read_pairs(path), rows)) for path in FILES]
    return [[pair.prediction for pair in pairs] for pairs in files], [pair.references for pair in files[0]]


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("references", [1, 2])
def test_intervals(name: str, references: int) -> None:
    (texts, *_), rows = load(60 if name == "ter" else 300)
    rows = [row[:references] for row in rows]
    metric, make = METRICS[name]
    theirs = make()
    score = theirs.corpus_score(texts, list(zip(*rows, strict=True)), n_bootstrap=200)
    [ours] = parity.sacrebleu_bootstrap(tg.Scorer(metric).measure(texts, rows), samples=200).values()
    assert (ours.score, ours.mean, ours.ci) == (score.score, score._mean, score._ci)
    assert ours.signature == str(theirs.get_signature())


@pytest.mark.parametrize("test", ["ar", "bs"])
@pytest.mark.parametrize("name", METRICS)
def test_paired_tests(name: str, test: Any) -> None:
    texts, rows = load(40 if name == "ter" else 200)
    names = ["Online-B", "OpenNMT", "PROMT"]
    metric, make = METRICS[name]
    paired = PairedTest(
        list(zip(names, texts, strict=True)),
        {"metric": make()},
        list(zip(*rows, strict=True)),
        test_type=test,
        n_samples=150,
        n_ar_confidence=50,
    )
    _, scores = paired()
    [theirs] = [column for key, column in scores.items() if key != "System"]
    scorer = tg.Scorer(metric)
    systems = {name: scorer.measure(each, rows) for name, each in zip(names, texts, strict=True)}
    [ours] = parity.sacrebleu_paired_test(systems, test=test, samples=150, confidence_samples=50).values()
    for name, result in zip(names, theirs, strict=True):
        assert ours[name] == (result.score, result.p_value, result.mean, result.ci)


def test_the_seed_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    (texts, *_), rows = load(50)
    measured = tg.Scorer("bleu").measure(texts, rows)
    plain = parity.sacrebleu_bootstrap(measured, samples=20)["bleu"]
    monkeypatch.setenv("SACREBLEU_SEED", "7")
    seven = parity.sacrebleu_bootstrap(measured, samples=20)["bleu"]
    assert seven == parity.sacrebleu_bootstrap(measured, samples=20, seed=7)["bleu"] != plain
    assert "|seed:7|" in seven.signature
    monkeypatch.setenv("SACREBLEU_SEED", "None")
    randomly = [parity.sacrebleu_bootstrap(measured, samples=20)["bleu"] for _ in range(2)]
    assert randomly[0].mean != randomly[1].mean
    assert "|seed:none|" in randomly[0].signature
    monkeypatch.setenv("SACREBLEU_SEED", "x")
    with pytest.raises(tg.ConfigError, match="SACREBLEU_SEED is 'x'"):
        parity.sacrebleu_bootstrap(measured)


def test_rouge_score_aggregator() -> None:
    (texts, *_), rows = load(120)
    references = [row[0] for row in rows]
    names = ["rouge1", "rougeL"]
    aggregator = BootstrapAggregator(confidence_interval=0.9, n_samples=200)
    scorer = RougeScorer(names)
    for reference, text in zip(references, texts, strict=True):
        aggregator.add_scores(scorer.score(reference, text))
    np.random.seed(3)
    theirs = aggregator.aggregate()
    np.random.seed(3)
    result = tg.Scorer(names).score(texts, references)
    ours = parity.rouge_score_bootstrap(result, samples=200, confidence=0.9)
    assert list(ours) == names
    for name in names:
        assert ours[name] == (tuple(theirs[name].low), tuple(theirs[name].mid), tuple(theirs[name].high))


def test_what_sacrebleu_does_not_have() -> None:
    with pytest.raises(tg.ConfigError, match="sacrebleu has none of the metrics rouge1"):
        parity.sacrebleu_bootstrap(tg.Scorer("rouge1").measure(["a"], ["a"]))
    with pytest.raises(tg.ConfigError, match="no ROUGE metric"):
        parity.rouge_score_bootstrap(tg.Scorer("bleu").score(["a"], ["a"]))
    empty = tg.Scorer("bleu").measure([], [])
    with pytest.raises(tg.InputError, match="no rows"):
        parity.sacrebleu_bootstrap(empty)
    one, two = (tg.Scorer("bleu").measure(["a"] * rows, ["a"] * rows) for rows in (1, 2))
    with pytest.raises(tg.InputError, match="one has 1, another 2"):
        parity.sacrebleu_paired_test({"one": one, "two": two})
    with pytest.raises(tg.ConfigError, match="choose 'ar' or 'bs'"):
        parity.sacrebleu_paired_test({"one": one, "other": one}, test="x")  # type: ignore[arg-type]
