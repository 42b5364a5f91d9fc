"""Scorers fitted to a corpus before they score."""

from __future__ import annotations

import math
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import textgauge as tg
from textgauge.metrics.base import compile_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

PREDICTIONS = ["the cat sat", "a dog barked loudly", "internationalisation of the dog"]
REFERENCES = [["the cat sat down", "a cat sat"], ["the dog barked"], ["of the internationalisation"]]
PLAIN = tg.Scorer(tg.Nist(tokenizer="whitespace"))


def test_a_fitted_scorer_scores_as_the_call_does() -> None:
    fitted = PLAIN.fit(REFERENCES)
    of_call, by_fit = (scorer.score(PREDICTIONS, REFERENCES) for scorer in (PLAIN, fitted))
    assert of_call.aggregate == by_fit.aggregate
    assert of_call.signatures == by_fit.signatures == fitted.signatures != PLAIN.signatures
    for column in of_call.columns:
        assert of_call[column].tolist() == by_fit[column].tolist()
    assert (PLAIN.is_fitted, fitted.is_fitted) == (False, True)
    assert fitted == PLAIN.fit(iter(REFERENCES)) == PLAIN.fit(REFERENCES[::-1]) == fitted.fit(REFERENCES)
    assert hash(fitted) == hash(PLAIN.fit(REFERENCES[::-1]))
    assert fitted != PLAIN.fit(REFERENCES[:2]) != PLAIN


def test_threads_make_no_difference() -> None:
    references = [
        [f"{row % 97} {row % 89} {row % 7} internationalisation{row % 5}"] * (1 + row % 3) for row in range(30_000)
    ]
    one, two = (PLAIN.fit(references, threads=threads) for threads in (1, 2))
    assert pickle.dumps(one) == pickle.dumps(two)


def test_fitted_scorers_come_back_from_pickles() -> None:
    fitted = tg.Scorer(["rouge1", tg.Nist(tokenizer="whitespace")], threads=1).fit(REFERENCES)
    again = pickle.loads(pickle.dumps(fitted))
    assert again == fitted
    assert repr(again) == repr(fitted)
    scores = [scorer.score(PREDICTIONS, REFERENCES).corpus for scorer in (fitted, again)]
    assert scores[0] == scores[1]


def test_a_scorer_that_asks_for_nothing_stays_as_it_is() -> None:
    def unread() -> Iterator[str]:
        raise AssertionError
        yield

    scorer = tg.Scorer("rouge1")
    assert scorer.is_fitted
    assert scorer.fit(unread()) is scorer


def test_bytes_that_were_not_fitted() -> None:
    [fitted] = compile_metrics(PLAIN.metrics).fit(REFERENCES, nulls="error", threads=1)
    data = fitted.to_bytes()
    assert type(fitted).from_bytes(data) == fitted
    for end in range(len(data)):
        with pytest.raises(tg.InputError) as raised:
            type(fitted).from_bytes(data[:end])
        assert raised.value.code == "bad-fitted"


def test_parts_with_the_same_weights_add_up() -> None:
    scorer = PLAIN.fit(REFERENCES)
    whole = scorer.aggregate(PREDICTIONS, REFERENCES)
    parts = [scorer.aggregate([text], [texts]) for text, texts in zip(PREDICTIONS, REFERENCES, strict=True)]
    assert sum(parts) == whole
    again = tg.Aggregate.from_bytes(whole.to_bytes())
    assert again == whole
    assert again.corpus == whole.corpus
    with pytest.raises(tg.SignatureMismatch):
        PLAIN.aggregate(PREDICTIONS[:1], REFERENCES[:1]) + PLAIN.aggregate(PREDICTIONS[1:], REFERENCES[1:])


def test_other_references_than_those_fitted() -> None:
    # What the references fitted have tells as much as among them, anything else nothing.
    fitted = PLAIN.fit(["a b", "a a", "c internationalisation"])
    result = fitted.score(["a x internationalisation z"], ["x a b internationalisation"])
    assert result["nist.num1"][0] == math.log(6 / 3, 2) + math.log(6 / 1, 2)
    assert result["nist.num2"][0] == 0


@pytest.mark.parametrize("how", ["iterator", "generator", "prepared", "stream"])
def test_references_that_can_be_read_only_once(how: str) -> None:
    scorer = PLAIN
    references: Any
    if how == "stream":
        arrow = pytest.importorskip("pyarrow")
        table = arrow.table({"references": [texts[0] for texts in REFERENCES]})
        references = arrow.RecordBatchReader.from_batches(table.schema, table.to_batches())
    else:
        makers = {"iterator": iter, "generator": lambda texts: (each for each in texts), "prepared": scorer.prepare}
        references = makers[how](REFERENCES)
    with pytest.raises(tg.InputError, match="and then once more") as raised:
        scorer.score(PREDICTIONS, references)
    assert raised.value.code == "not-fitted"


def test_references_that_can_be_read_twice() -> None:
    expected = PLAIN.score(PREDICTIONS, REFERENCES)
    single = [texts[0] for texts in REFERENCES]
    expected_single = PLAIN.score(PREDICTIONS, single)
    arrow = pytest.importorskip("pyarrow")
    for references in (tuple(REFERENCES), np.array([*REFERENCES, None], object)[:-1], arrow.array(REFERENCES)):
        assert PLAIN.score(PREDICTIONS, references).aggregate == expected.aggregate
    for references in (dict(enumerate(single)).values(), arrow.array(single), arrow.chunked_array([single])):
        assert PLAIN.score(PREDICTIONS, references).aggregate == expected_single.aggregate


def test_prepared_references_and_matrices_of_fitted_metrics() -> None:
    scorer = PLAIN.fit(REFERENCES)
    prepared = scorer.prepare(REFERENCES)
    assert scorer.score(PREDICTIONS, prepared).aggregate == scorer.aggregate(PREDICTIONS, REFERENCES)
    single = [texts[0] for texts in REFERENCES]
    matrix = scorer.pairwise(PREDICTIONS, single)["nist"]
    assert np.diag(matrix).tolist() == scorer.score(PREDICTIONS, single)["nist"].tolist()
    with pytest.raises(tg.InputError, match="fit"):
        PLAIN.pairwise(PREDICTIONS, single)


def test_a_tokenizer_of_the_callers_own() -> None:
    own = tg.Scorer(tg.Nist(tokenizer=str.split)).fit(REFERENCES).score(PREDICTIONS, REFERENCES)
    assert own.corpus == PLAIN.score(PREDICTIONS, REFERENCES).corpus


def test_missing_texts_are_skipped() -> None:
    references = [*REFERENCES, None]
    fitted = PLAIN.fit(references, nulls="propagate")
    assert fitted == PLAIN.fit(REFERENCES)
    result = PLAIN.score([*PREDICTIONS, "x"], references, nulls="propagate")
    assert result.corpus == PLAIN.score(PREDICTIONS, REFERENCES).corpus


def test_several_of_them_in_one_scorer() -> None:
    options: list[dict[str, Any]] = [{}, {"n": 2, "prefix": "short_"}, {"tokenizer": "words", "prefix": "words_"}]
    metrics = [tg.Nist(**{"tokenizer": "whitespace", **own}) for own in options]
    together = tg.Scorer([*metrics, tg.Gleu(tokenizer="whitespace")])
    results = [scorer.score(PREDICTIONS, REFERENCES) for scorer in (together, together.fit(REFERENCES))]
    assert results[0].aggregate == results[1].aggregate
    for metric in metrics:
        alone = tg.Scorer(metric).score(PREDICTIONS, REFERENCES)
        assert alone.corpus.items() <= results[0].corpus.items()
        # What a signature says does not depend on what else was scored.
        assert alone.signatures.items() <= results[0].signatures.items()


@pytest.mark.parametrize("n", [0, 17])
def test_orders_that_there_are_not(n: int) -> None:
    with pytest.raises(tg.ConfigError, match=f"n is {n}; it must be a whole number from 1 to 16"):
        tg.Nist(tokenizer="whitespace", n=n)


def test_what_was_fitted_for_other_metrics() -> None:
    fitted = compile_metrics(PLAIN.metrics).fit(REFERENCES, nulls="error", threads=1)
    # Fewer orders than were counted will do.
    assert not compile_metrics([tg.Nist(tokenizer="whitespace", n=3)], fitted).must_be_fitted
    for other in (tg.Nist(tokenizer="words"), tg.Nist(tokenizer="whitespace", lowercase=True), tg.Nist(), tg.Gleu()):
        with pytest.raises(tg.SignatureMismatch, match="belongs to other metrics"):
            compile_metrics([other], fitted)
    with pytest.raises(tg.SignatureMismatch):
        compile_metrics(PLAIN.metrics, fitted * 2)
    with pytest.raises(tg.SignatureMismatch):
        compile_metrics([tg.Nist(tokenizer="whitespace", n=6)], fitted)
