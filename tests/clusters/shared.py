"""What holds for every engine: its numbers are those of one machine, bit for bit, however rows are cut and who dies."""

import os
import random
from itertools import accumulate

import pytest

import textgauge as tg

WORDS = ["the", "old", "cat", "sat", "on", "a", "mat", "and", "slept", "all", "day"]
METRICS = ["rouge1", "rougeL", "bleu", "wer"]
ROWS = 300
# How many rows each partition has.
PARTITIONINGS = [[ROWS], [0, 120, 1, 0, 179]]


def data():
    """Pairs with one to three references, the outputs of another system, and keys."""
    rng = random.Random(5)

    def text():
        return " ".join(rng.choices(WORDS, k=rng.randint(1, 9)))

    return {
        "id": list(range(ROWS)),
        "prediction": [text() for _ in range(ROWS)],
        "other": [text() for _ in range(ROWS)],
        "reference": [[text() for _ in range(rng.randint(1, 3))] for _ in range(ROWS)],
        "task": [rng.choice(["zebra", "ant", None]) for _ in range(ROWS)],
    }


def parts(columns, lengths):
    """The columns, cut into partitions."""
    ends = list(accumulate(lengths))
    return [
        {name: values[end - length : end] for name, values in columns.items()}
        for end, length in zip(ends, lengths, strict=True)
    ]


def exits_once(marker, text, leave):
    """A tokenizer that ends its process, by `leave`, when it first sees this text."""

    def words(given):
        if given == text:
            try:
                os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                leave()
        return given.split()

    return words


class Laws:
    """The tests of an engine. A module's fixture `engine` makes frames and says what they hold."""

    @pytest.mark.parametrize("lengths", PARTITIONINGS, ids=str)
    def test_scores_are_those_of_one_machine(self, engine, lengths):
        columns = data()
        frame = engine.frame(columns, lengths)
        expected = tg.Scorer(METRICS).score(columns["prediction"], columns["reference"])
        scored = engine.columns(engine.module.score(frame, METRICS))
        assert list(scored) == [*columns, *expected.columns]
        for name in expected:
            assert scored[name] == expected[name].tolist()
        assert scored["reference"] == columns["reference"]

    @pytest.mark.parametrize("lengths", PARTITIONINGS, ids=str)
    def test_sums_are_those_of_one_machine(self, engine, lengths):
        columns = data()
        frame = engine.frame(columns, lengths)
        scorer = tg.Scorer(METRICS)
        pairs = columns["prediction"], columns["reference"]
        assert engine.module.aggregate(frame, scorer) == scorer.aggregate(*pairs)
        expected = scorer.aggregate(*pairs, by=columns["task"])
        groups = engine.module.aggregate(frame, scorer, by="task")
        assert groups == expected
        assert list(groups) == list(expected)

    @pytest.mark.parametrize("lengths", PARTITIONINGS, ids=str)
    def test_statistics_are_those_of_one_machine(self, engine, lengths):
        columns = data()
        frame = engine.frame(columns, lengths)
        scorer = tg.Scorer(METRICS)
        here = {name: scorer.measure(columns[name], columns["reference"]) for name in ("prediction", "other")}
        there = {name: engine.module.measure(frame, scorer, name) for name in here}
        measured = there["prediction"]
        assert len(measured) == ROWS
        assert measured.corpus == here["prediction"].corpus
        assert measured.bootstrap(samples=100) == here["prediction"].bootstrap(samples=100)
        assert measured.collect().to_bytes() == here["prediction"].to_bytes()
        for test in ("bootstrap", "randomization"):
            assert tg.compare(there, test=test, samples=100) == tg.compare(here, test=test, samples=100)
        for each in there.values():
            each.release()

    def test_missing_texts(self, engine):
        columns = data()
        for row in (3, 140):
            columns["prediction"][row] = None
        frame = engine.frame(columns, [100, 200])
        scorer = tg.Scorer(METRICS)
        pairs = columns["prediction"], columns["reference"]
        for nulls in ("propagate", "empty"):
            whole = engine.module.aggregate(frame, scorer, nulls=nulls)
            assert whole == scorer.aggregate(*pairs, nulls=nulls)
            assert whole.nulls == (2 if nulls == "propagate" else 0)
        scored = engine.columns(engine.module.score(frame, scorer, nulls="propagate", keep=["id"]))
        assert list(scored) == ["id", *scorer.columns]
        missing = [row for row, score in enumerate(scored["bleu"]) if score is None or score != score]
        assert missing == [3, 140]

    def test_a_partition_of_nothing_but_nulls(self, engine):
        columns = data()
        columns["prediction"][:100] = [None] * 100
        frame = engine.frame(columns, [100, 200])
        scorer = tg.Scorer(METRICS)
        expected = scorer.aggregate(columns["prediction"], columns["reference"], nulls="propagate")
        assert engine.module.aggregate(frame, scorer, nulls="propagate") == expected

    def test_one_reference_a_row(self, engine):
        columns = data()
        columns["reference"] = [references[0] for references in columns["reference"]]
        frame = engine.frame(columns, [120, 180])
        scorer = tg.Scorer("chrf")
        expected = scorer.aggregate(columns["prediction"], columns["reference"])
        assert engine.module.aggregate(frame, "chrf") == expected

    def test_no_rows(self, engine):
        frame = engine.frame({name: [] for name in data()}, [0, 0])
        scorer = tg.Scorer(METRICS)
        assert engine.module.aggregate(frame, scorer) == scorer.aggregate([], [])
        assert engine.module.aggregate(frame, scorer, by="task") == {}
        measured = engine.module.measure(frame, scorer)
        assert len(measured) == len(measured.collect()) == 0
        assert all(score != score for score in measured.corpus.values())
        with pytest.raises(tg.InputError, match="no rows"):
            measured.bootstrap()

    def test_a_fitted_scorer(self, engine):
        columns = data()
        frame = engine.frame(columns, [100, 200])
        with pytest.raises(tg.InputError, match="fit the scorer first") as caught:
            engine.module.aggregate(frame, "nist")
        assert caught.value.code == "not-fitted"
        scorer = tg.Scorer(["nist", "rouge1"]).fit(columns["reference"])
        expected = scorer.aggregate(columns["prediction"], columns["reference"])
        assert engine.module.aggregate(frame, scorer) == expected

    def test_what_cannot_be_is_refused_before_anything_runs(self, engine):
        frame = engine.frame({**data(), "wer": [0.5] * ROWS}, [ROWS])
        for call in (engine.module.score, engine.module.aggregate, engine.module.measure):
            with pytest.raises(tg.ConfigError, match="no column 'hypothesis'; there are id, prediction"):
                call(frame, METRICS, "hypothesis")
            with pytest.raises(tg.ConfigError, match="nulls is 'ignore'"):
                call(frame, METRICS, nulls="ignore")
        with pytest.raises(tg.ConfigError, match="has a column 'wer' already"):
            engine.module.score(frame, METRICS)
        with pytest.raises(tg.ConfigError, match="no column 'mood'"):
            engine.module.aggregate(frame, METRICS, by="mood")

    def test_a_bad_row_is_named(self, engine):
        columns = data()
        columns["prediction"][140] = None
        frame = engine.frame(columns, [100, 200])
        where = engine.place(partition=1, row=40)
        for call in (engine.module.aggregate, engine.module.measure, engine.module.score):
            with pytest.raises(engine.error, match=f"{where}: the prediction in row 40 is missing"):
                engine.columns(call(frame, METRICS))

    def test_a_worker_that_dies_changes_nothing(self, engine, tmp_path):
        columns = data()
        columns["prediction"][200] = "so it ends"
        frame = engine.frame(columns, [100, 150, 50])
        for number, leave in enumerate(engine.deaths):
            marker = tmp_path / str(number)
            metric = tg.Wer(tokenizer=exits_once(str(marker), "so it ends", leave))
            groups = engine.module.aggregate(frame, metric, by="task")
            assert marker.exists()
            expected = tg.Scorer(metric).aggregate(columns["prediction"], columns["reference"], by=columns["task"])
            assert {key: sums.corpus for key, sums in groups.items()} == {
                key: sums.corpus for key, sums in expected.items()
            }
