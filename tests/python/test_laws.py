"""Laws that every registered metric obeys, whatever it measures."""

from __future__ import annotations

import functools
import itertools
import math
import pickle
import random
from typing import Any

import numpy as np
import pytest

import textgauge as tg


def split(text: str) -> list[str]:
    """A tokenizer of the caller's own."""
    return text.split()


INFO = {info.name: info for info in tg.list_metrics()}

ROUGE = [name for name in INFO if INFO[name].family == "rouge"]

# Every metric with its defaults, and each family once more with its options turned.
METRICS: dict[str, str | tg.Metric] = {name: name for name in INFO}
METRICS |= {
    "mean of references": tg.Rouge(*ROUGE, multiref="mean"),
    "stems and beta": tg.Rouge("rouge1", "rougeL", "rougeLsum", stemmer="porter", beta=0.5),
    "graphemes": tg.Rouge("rouge2", "rougeLcontig", tokenizer="graphemes", lowercase=False),
    "own tokenizer": tg.Rouge("rouge1", "rougeLsum", tokenizer=split),
    "pltrdy": tg.Rouge("rouge1", "rouge3", "rougeL", variant="pltrdy", tokenizer="pltrdy", lowercase=False),
    "pltrdy with repeats": tg.Rouge("rouge2", "rougeL", variant="pltrdy", exclusive=False),
    "pltrdy with own tokenizer": tg.Rouge("rouge9", "rougeL", variant="pltrdy", tokenizer=split),
    "bleu of two orders": tg.Bleu(max_order=2, smoothing="floor", effective_order=True, lowercase=True),
    "bleu of characters": tg.Bleu(tokenizer="char", max_order=16, smoothing="add-k", smoothing_value=0.5),
    "bleu of own tokens": tg.Bleu(tokenizer=split, lowercase=True),
    "bleu of nltk": tg.Bleu(variant="nltk", weights=(0.5, 0.5), smoothing="method7"),
    "bleu of nmt": tg.Bleu(variant="nmt", smoothing="add-1", max_order=3),
    "gleu of bigrams": tg.Gleu(tokenizer="words", min_len=2, max_len=2),
    "ter of tokens": tg.Ter(normalized=True, asian_support=True, case_sensitive=True),
    "ter without punctuation": tg.Ter(no_punct=True),
    "exact match of what is left": tg.ExactMatch(
        regexes_to_ignore=["[aeiou]", r"\n"], ignore_case=True, ignore_punctuation=True, ignore_numbers=True
    ),
    "exact match of letters": tg.ExactMatch(ignore_case=True, ignore_punctuation=True, ignore_numbers=True),
    "squad v2": tg.Squad(version=2, percent=False),
    "wer after transforms": tg.Wer(transforms=("ToLowerCase", tg.transforms.SubstituteWords({"cats": "cat"}))),
    "mer of own tokens": tg.Mer(tokenizer=split, lowercase=True),
    "chrf with spaces": tg.Chrf(char_order=3, word_order=1, whitespace=True, lowercase=True, eps_smoothing=True),
}

# fmt: off
WORDS = (
    "the", "The", "cat", "cats", "sat", "running", "ran", "on", "mat", "İstanbul", "300K", "naïve", "日本", ".", "!",
    "internationalisation", "x1",
)
# fmt: on


def make_texts(seed: str, count: int, longest: int) -> list[str]:
    """Texts of a few repeated words, with line breaks; some are empty."""
    rng = random.Random(seed)
    return [
        "".join(rng.choice(WORDS) + rng.choice("    \n") for _ in range(rng.randint(0, longest))) for _ in range(count)
    ]


PREDICTIONS = make_texts("predictions", 60, 25)
REFERENCES: list[Any] = [
    texts[0] if len(texts) == 1 else texts
    for texts in (make_texts(f"references {row}", 1 + row % 3, 25) for row in range(60))
]
REFERENCES[7] = [PREDICTIONS[7], PREDICTIONS[7]]


@pytest.fixture(params=list(METRICS.values()), ids=list(METRICS), scope="module")
def scorer(request: pytest.FixtureRequest) -> tg.Scorer:
    """A scorer of one metric."""
    # Unfitted, every call would be of another metric.
    return tg.Scorer(request.param).fit(REFERENCES)


def bits(columns: dict[str, Any]) -> dict[str, bytes]:
    """The columns as bytes, in which NaN equals itself and 0.0 differs from -0.0."""
    return {name: np.asarray(column, np.float64).tobytes() for name, column in columns.items()}


def scores(scorer: tg.Scorer, predictions: list[str], references: Any, **options: Any) -> dict[str, bytes]:
    """All columns and corpus scores of a call, as bits."""
    result = scorer.score(predictions, references, **options)
    assert list(result.columns) == scorer.columns
    return bits(result.to_numpy()) | {f"corpus {name}": value for name, value in bits(result.corpus).items()}


def parts(scorer: tg.Scorer) -> list[tg.Aggregate]:
    """Aggregates of unequal parts of the rows, one of them of no rows."""
    cuts = [0, 0, 1, 5, 20, 21, 60]
    return [scorer.aggregate(PREDICTIONS[a:b], REFERENCES[a:b]) for a, b in itertools.pairwise(cuts)]


def test_merge_is_associative_and_commutative(scorer: tg.Scorer) -> None:
    whole = scorer.aggregate(PREDICTIONS, REFERENCES)
    pieces = parts(scorer)
    middle = len(pieces) // 2
    for merged in (
        sum(pieces),
        sum(pieces[::-1]),
        sum(pieces[:middle]) + sum(pieces[middle:]),
        functools.reduce(lambda right, left: left + right, pieces[::-1]),
    ):
        assert isinstance(merged, tg.Aggregate)
        assert merged == whole
        assert bits(merged.corpus) == bits(whole.corpus)
        assert merged.rows == len(PREDICTIONS)


def test_any_partition_merges_to_the_whole(scorer: tg.Scorer) -> None:
    whole = scorer.aggregate(PREDICTIONS, REFERENCES)
    for seed in range(16):
        rng = random.Random(seed)
        parts = rng.randint(2, 9)
        by = [rng.randrange(parts) for _ in PREDICTIONS]
        pieces = list(scorer.aggregate(PREDICTIONS, REFERENCES, by=by).values())
        rng.shuffle(pieces)
        assert sum(pieces) == whole


def test_threads_change_no_bit(scorer: tg.Scorer) -> None:
    # Enough text that threads get to work.
    predictions, references = PREDICTIONS * 40, REFERENCES * 40
    expected = scores(scorer, predictions, references, threads=1)
    for threads in (2, 3, 8):
        assert scores(scorer, predictions, references, threads=threads) == expected


def test_a_batch_is_a_loop_of_singles(scorer: tg.Scorer) -> None:
    batch = scorer.score(PREDICTIONS, REFERENCES)
    for row, (prediction, reference) in enumerate(zip(PREDICTIONS, REFERENCES, strict=True)):
        single = scorer.score([prediction], [reference])
        assert bits(single.to_numpy()) == {name: batch[name][row].tobytes() for name in batch.columns}


def test_permuted_rows_permute_scores(scorer: tg.Scorer) -> None:
    order = list(range(len(PREDICTIONS)))
    random.Random(3).shuffle(order)
    straight = scorer.score(PREDICTIONS, REFERENCES)
    permuted = scorer.score([PREDICTIONS[row] for row in order], [REFERENCES[row] for row in order])
    assert bits(permuted.to_numpy()) == bits({name: straight[name][order] for name in straight.columns})
    assert permuted.aggregate == straight.aggregate


def test_aggregates_come_back_from_pickles_and_bytes(scorer: tg.Scorer) -> None:
    aggregate = scorer.aggregate([*PREDICTIONS, "x"], [*REFERENCES, None], nulls="propagate")
    for again in (pickle.loads(pickle.dumps(aggregate)), tg.Aggregate.from_bytes(aggregate.to_bytes())):
        assert again == aggregate
        assert bits(again.corpus) == bits(aggregate.corpus)
        assert (again.rows, again.nulls, again.signatures) == (60, 1, aggregate.signatures)
        assert again + aggregate == aggregate + again


def test_scorers_come_back_from_pickles(scorer: tg.Scorer) -> None:
    again = pickle.loads(pickle.dumps(scorer))
    assert again == scorer
    assert hash(again) == hash(scorer)
    assert (again.columns, again.signatures) == (scorer.columns, scorer.signatures)
    assert scores(again, PREDICTIONS, REFERENCES) == scores(scorer, PREDICTIONS, REFERENCES)


@pytest.mark.parametrize("name", INFO)
def test_scores_are_in_the_declared_range(name: str) -> None:
    result = tg.Scorer(name).score(PREDICTIONS, REFERENCES)
    outputs = INFO[name].outputs
    assert result.columns == [f"{name}.{output.part}" if output.part else name for output in outputs]
    for column, output in zip(result.columns, outputs, strict=True):
        values = [*result[column], result.corpus[column]]
        assert all(output.lowest <= value <= output.highest for value in values), column
        # A range is no use if nothing comes near: equal texts reach the better end.
        same = tg.Scorer(name).score([" ".join(WORDS)], [" ".join(WORDS)])[column][0]
        if output.higher_is_better is not None:
            best = output.highest if output.higher_is_better else output.lowest
            # By some orders of operations a perfect score is a hair off, and some have no end.
            assert same == pytest.approx(best, rel=1e-13) or math.isinf(best)


def test_no_score_is_nan_unless_a_text_is_missing(scorer: tg.Scorer) -> None:
    result = scorer.score(PREDICTIONS, REFERENCES)
    assert not any(np.isnan(result[name]).any() for name in result.columns)
    assert not any(map(math.isnan, result.corpus.values()))
    missing = scorer.score([None, *PREDICTIONS], ["a", *REFERENCES], nulls="propagate")
    for name in result.columns:
        assert np.isnan(missing[name][0])
        assert missing[name][1:].tobytes() == result[name].tobytes()
    assert bits(missing.corpus) == bits(result.corpus)


MEANS: list[str | tg.Metric] = [name for name in INFO if INFO[name].corpus == "mean"]


@pytest.mark.parametrize("metric", [*MEANS, *(tg.Rouge(name, multiref="mean") for name in ROUGE)], ids=str)
def test_the_corpus_score_is_the_mean(metric: str | tg.Metric) -> None:
    result = tg.Scorer(metric).score(PREDICTIONS, REFERENCES)
    for column, corpus in result.corpus.items():
        mean = math.fsum(result[column]) / len(PREDICTIONS)
        assert abs(corpus - mean) <= math.ulp(mean)


def test_prepared_references_score_as_the_texts_do(scorer: tg.Scorer) -> None:
    prepared = scorer.prepare(REFERENCES)
    assert len(prepared) == len(REFERENCES)
    assert scores(scorer, PREDICTIONS, prepared) == scores(scorer, PREDICTIONS, REFERENCES)
    assert scorer.aggregate(PREDICTIONS[::-1], prepared) == scorer.aggregate(PREDICTIONS[::-1], REFERENCES)


def test_the_diagonal_of_pairwise_is_score(scorer: tg.Scorer) -> None:
    references = make_texts("pairwise", len(PREDICTIONS), 25)
    matrices = scorer.pairwise(PREDICTIONS, references)
    result = scorer.score(PREDICTIONS, references)
    for name in result.columns:
        assert matrices[name].shape == (len(PREDICTIONS), len(references))
        assert np.diagonal(matrices[name]).tobytes() == result[name].tobytes()
    # Off the diagonal: the first reference moved against each prediction.
    shifted = scorer.score(PREDICTIONS, [references[0]] * len(PREDICTIONS))
    assert bits({name: matrices[name][:, 0] for name in result.columns}) == bits(shifted.to_numpy())


def test_groups_are_aggregates_of_their_rows(scorer: tg.Scorer) -> None:
    keys = [("even", "odd")[row % 2] if row > 3 else None for row in range(len(PREDICTIONS))]
    by_key = scorer.aggregate(PREDICTIONS, REFERENCES, by=keys)
    assert list(by_key) == [None, "even", "odd"]
    for key, aggregate in by_key.items():
        rows = [row for row, other in enumerate(keys) if other == key]
        own = scorer.aggregate([PREDICTIONS[row] for row in rows], [REFERENCES[row] for row in rows])
        assert aggregate == own


def test_metrics_together_are_metrics_alone() -> None:
    together = tg.Scorer([*INFO, tg.Rouge(*ROUGE, stemmer="porter", prefix="stem_")])
    both = bits(together.score(PREDICTIONS, REFERENCES).to_numpy())
    alone: dict[str, bytes] = {}
    for name in INFO:
        alone |= bits(tg.Scorer(name).score(PREDICTIONS, REFERENCES).to_numpy())
    for name in ROUGE:
        metric = tg.Rouge(name, stemmer="porter", prefix="stem_")
        alone |= bits(tg.Scorer(metric).score(PREDICTIONS, REFERENCES).to_numpy())
    assert both == alone
    assert list(both) == list(alone)


def test_aggregates_of_other_options_do_not_add_up(scorer: tg.Scorer) -> None:
    other = tg.Scorer(tg.Rouge("rouge1", stemmer="porter", prefix="other_"))
    with pytest.raises(tg.SignatureMismatch):
        scorer.aggregate(PREDICTIONS, REFERENCES) + other.aggregate(PREDICTIONS, REFERENCES)


SURROGATES = "a \ud800 lone\udfff surrogate"
ODD_PAIRS: list[tuple[str, Any]] = [
    ("", ""),
    ("", "the cat"),
    ("the cat", ""),
    ("the cat", ["", "the cat"]),
    (SURROGATES, SURROGATES),
    (SURROGATES, ["the cat", f"not {SURROGATES}"]),
    ("the cat", ("the cat", "a cat")),
    ("nul\0 in\0", "nul\0 in"),
]


def test_a_pair_by_itself_scores_as_in_a_batch(scorer: tg.Scorer) -> None:
    for prediction, reference in [*zip(PREDICTIONS, REFERENCES, strict=True), *ODD_PAIRS]:
        scores = scorer.score_pair(prediction, reference)
        assert list(scores) == scorer.columns
        assert {type(score) for score in scores.values()} == {float}
        assert bits(scores) == bits(scorer.score([prediction], [reference]).to_numpy())
