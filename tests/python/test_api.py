"""What users build: scorers, metrics, the functions of one line."""

from __future__ import annotations

import functools
import inspect
import os
import pickle
import re
import subprocess
import sys
import threading

import numpy as np
import pytest

import textgauge as tg
from textgauge import errors


def split_at_dashes(text):
    return text.split("-")


class Splitter:
    """A tokenizer that is an object."""

    def __init__(self, by):
        self.by = by

    def __call__(self, text):
        return text.split(self.by)

    def __eq__(self, other):
        return isinstance(other, Splitter) and self.by == other.by

    def __hash__(self):
        return hash(self.by)


METRICS = [
    tg.Rouge(),
    tg.Rouge("rouge9", "rougeLcontig"),
    tg.Rouge("rouge1", stemmer="porter"),
    tg.Rouge("rouge1", tokenizer="words", lowercase=False),
    tg.Rouge("rouge1", multiref="mean", beta=0.5),
    tg.Rouge("rouge1", prefix='it\'s "quoted" \\ ü '),
]


# Metrics


@pytest.mark.parametrize("metric", METRICS, ids=repr)
def test_metric_is_a_value(metric):
    assert eval(repr(metric), {"Rouge": tg.Rouge}) == metric
    copy = pickle.loads(pickle.dumps(metric))
    assert copy == metric
    assert hash(copy) == hash(metric)
    assert repr(copy) == repr(metric)
    assert [other for other in METRICS if other == metric] == [metric]
    with pytest.raises(AttributeError):
        metric.beta = 3


def test_repr_leaves_out_defaults():
    assert repr(tg.Rouge()) == "Rouge('rouge1', 'rouge2', 'rougeL')"
    assert repr(tg.Rouge("rouge1", stemmer="porter", beta=2)) == "Rouge('rouge1', stemmer='porter', beta=2)"


def test_metric_with_a_function():
    metric = tg.Rouge("rouge1", tokenizer=split_at_dashes)
    assert metric == pickle.loads(pickle.dumps(metric))
    assert metric != tg.Rouge("rouge1", tokenizer=str.split)
    assert tg.Scorer(metric).score(["a-b"], ["b-c"])["rouge1.f"].tolist() == [0.5]


@pytest.mark.parametrize(
    ("tokenizer", "name"),
    [
        (split_at_dashes, "split_at_dashes"),
        (Splitter("-"), "Splitter"),
        (functools.partial(str.split, sep="-"), "functools.partial"),
        (lambda text: text.split("-"), "<lambda>"),
        (Splitter("-").__call__, "Splitter.__call__"),
        (re.compile("[a-z]").findall, "Pattern.findall"),
    ],
    ids=["function", "object", "partial", "lambda", "method", "method in C"],
)
def test_signature_names_the_function(tokenizer, name):
    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=tokenizer))
    assert f"{name}|" in scorer.signatures["rouge1"]
    assert scorer.score(["a-b"], ["b-c"]).corpus["rouge1.f"] == 0.5


def test_function_gets_texts_as_they_are_and_lines_for_lsum():
    seen = []

    def tokenizer(text):
        seen.append(text)
        return text.split()

    tg.Scorer(tg.Rouge("rouge1", "rougeL", tokenizer=tokenizer)).score(["A b\nC"], ["D"])
    assert sorted(seen) == ["A b\nC", "D"]
    seen.clear()
    tg.Scorer(tg.Rouge("rougeLsum", tokenizer=tokenizer)).score(["A b\n\nC"], ["D"])
    assert sorted(seen) == ["A b", "C", "D"]


def test_functions_of_several_metrics_are_kept_apart():
    scorer = tg.Scorer(
        [
            tg.Rouge("rouge1", "rougeLsum", tokenizer=split_at_dashes, prefix="dash_"),
            tg.Rouge("rouge1", tokenizer=str.split, prefix="space_"),
            "rouge1",
        ]
    )
    result = scorer.score(["a-b c"], ["a b-c"])
    assert [result[f"{name}.f"][0] for name in ("dash_rouge1", "dash_rougeLsum", "space_rouge1", "rouge1")] == [
        0,
        0,
        0,
        1,
    ]
    result = scorer.score(["a-b c"], ["a-x c"])
    assert [result[f"{name}.f"][0] for name in ("dash_rouge1", "space_rouge1")] == [0.5, 0.5]


@pytest.mark.parametrize("returned", [None, 7, "a b", ["a", 7], [b"a"], [None]])
def test_bad_tokenizer(returned):
    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=lambda text: returned if text == "bad" else [text]))
    with pytest.raises(tg.InputError, match="row 1") as caught:
        scorer.score(["a", "bad"], ["a", "b"])
    assert (caught.value.code, caught.value.row) == ("bad-tokenizer", 1)


def test_errors_of_tokenizers_come_through():
    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=lambda text: [text, 1 / 0]))
    with pytest.raises(ZeroDivisionError):
        scorer.score(["a"], ["a"])


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda: tg.Rouge("rouge0"), "unknown-metric", "rouge1, rouge2"),
        (lambda: tg.Rouge("rouge10"), "unknown-metric", "rouge10"),
        (lambda: tg.Rouge("ROUGE1"), "unknown-metric", "ROUGE1"),
        (lambda: tg.Rouge(1), "unknown-metric", "no metric 1 of ROUGE"),
        (lambda: tg.Rouge("rouge1", "rouge1"), "same-column", r"rouge1\.p"),
        (lambda: tg.Rouge(stemmer="snowball"), "bad-option", "must be one of none, porter"),
        (lambda: tg.Rouge(tokenizer="moses"), "bad-option", "must be one of rouge, "),
        (lambda: tg.Rouge(tokenizer=object()), "bad-option", "tokenizer is <object"),
        (lambda: tg.Rouge(tokenizer={"source": 1}), "bad-option", "tokenizer"),
        (lambda: tg.Rouge(lowercase=False), "bad-option", "always lower-cases"),
        (lambda: tg.Rouge(lowercase="no"), "bad-option", "lowercase is 'no'; it must be True or False"),
        (lambda: tg.Rouge(multiref="max"), "bad-option", "best"),
        (lambda: tg.Rouge(beta=0), "bad-option", "beta is 0; it must be a number above 0"),
        (lambda: tg.Rouge(beta=-1.0), "bad-option", "beta is -1.0; it must be"),
        (lambda: tg.Rouge(beta=float("nan")), "bad-option", "nan"),
        (lambda: tg.Rouge(beta=float("inf")), "bad-option", "inf"),
        (lambda: tg.Rouge(beta="1"), "bad-option", "beta is '1'; it must be a number"),
        (lambda: tg.Scorer([]), "no-metric", "at least one"),
        (lambda: tg.Scorer(""), "unknown-metric", "no metric"),
        (lambda: tg.Scorer(["rouge1", 7]), "unknown-metric", "7 is no metric"),
        (lambda: tg.Scorer(["rouge1", tg.Rouge()]), "same-column", r"rouge1\.p"),
        (lambda: tg.Scorer("rouge1", threads=0), "bad-threads", "threads is 0"),
        (lambda: tg.Scorer("rouge1", threads=-3), "bad-threads", "threads is -3"),
        (lambda: tg.Scorer("rouge1", threads=1.5), "bad-threads", "1.5"),
        (lambda: tg.Scorer("rouge1", threads=True), "bad-threads", "True"),
        (lambda: tg.Scorer("rouge1").score(["a"], ["a"], threads=0), "bad-threads", "threads is 0"),
        (lambda: tg.Scorer("rouge1").score(["a"], ["a"], nulls="skip"), "bad-null-policy", "'propagate'"),
        (lambda: tg.Scorer("rouge1").prepare(["a"], nulls=None), "bad-null-policy", "'propagate'"),
        (lambda: tg.tokenize("a", "bert"), "bad-option", "must be one of rouge, "),
        (lambda: tg.tokenize("a", stemmer="snowball"), "bad-option", "must be one of none, porter"),
        (lambda: tg.tokenize("a", str.split), "bad-option", "a name is wanted"),
    ],
)
def test_what_cannot_be_built(make, code, words):
    with pytest.raises(tg.ConfigError, match=words) as caught:
        make()
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


# Scorers


SCORERS = [
    tg.Scorer("rouge1"),
    tg.Scorer("rouge1", threads=2),
    tg.Scorer(["rouge1", "rougeL"]),
    *[tg.Scorer([metric, tg.Rouge("rouge3", prefix="x")]) for metric in METRICS],
]


@pytest.mark.parametrize("scorer", SCORERS, ids=repr)
def test_scorer_is_a_value(scorer):
    assert eval(repr(scorer), {"Scorer": tg.Scorer, "Rouge": tg.Rouge}) == scorer
    copy = pickle.loads(pickle.dumps(scorer))
    assert copy == scorer
    assert hash(copy) == hash(scorer)
    assert (copy.columns, copy.signatures, copy.threads) == (scorer.columns, scorer.signatures, scorer.threads)
    assert copy.aggregate(["a b"], ["a c"]) == scorer.aggregate(["a b"], ["a c"])
    assert [other for other in SCORERS if other == scorer] == [scorer]
    with pytest.raises(AttributeError):
        scorer.threads = 3
    with pytest.raises(AttributeError):
        scorer.other = 3


def test_names_are_short_for_objects():
    assert tg.Scorer("rougeL") == tg.Scorer(tg.Rouge("rougeL")) == tg.Scorer([tg.Rouge("rougeL")])
    assert tg.Scorer(iter(["rouge1", "rouge2"])).metrics == (tg.Rouge("rouge1"), tg.Rouge("rouge2"))


def test_order_is_predictions_first():
    scorer = tg.Scorer("rouge1")
    for method in (scorer.score, scorer.aggregate, scorer.pairwise):
        assert list(inspect.signature(method).parameters)[:2] == ["predictions", "references"]
    named = scorer.score(references=["a b"], predictions=["a"])
    assert (named["rouge1.p"][0], named["rouge1.r"][0]) == (1.0, 0.5)


def test_threads_change_nothing():
    predictions = [f"w{i % 7} w{i % 11} w{i % 13}" for i in range(5000)]
    references = predictions[1:] + predictions[:1]
    scorer = tg.Scorer(["rouge1", "rouge2", "rougeLsum"])
    expected = scorer.score(predictions, references, threads=1)
    for threads in (None, 2, 3, np.int64(4)):
        result = scorer.score(predictions, references, threads=threads)
        assert all(result[column].tobytes() == expected[column].tobytes() for column in expected)
        assert result.aggregate == expected.aggregate
        assert tg.Scorer(scorer.metrics, threads=threads).aggregate(predictions, references) == expected.aggregate


def test_one_scorer_in_many_threads():
    scorer = tg.Scorer(["rouge1", "rougeL"])
    texts = [f"w{i % 7} w{i % 11}" for i in range(2000)]
    expected = scorer.aggregate(texts, texts[::-1])
    seen = []
    workers = [threading.Thread(target=lambda: seen.append(scorer.aggregate(texts, texts[::-1]))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert seen == [expected] * 8


def test_progress():
    seen = []
    rows = ["a"] * 100_000
    tg.Scorer("rouge1").aggregate(rows, rows, progress=seen.append)
    assert seen == sorted(set(seen))
    assert seen[-1] == 100_000
    assert len(seen) > 1
    with pytest.raises(ZeroDivisionError):
        tg.Scorer("rouge1").score(["a"], ["a"], progress=lambda done: 1 / (done - 1))


# Prepared references and pairs


def test_prepared_references():
    scorer = tg.Scorer(["rouge1", "rougeLsum"])
    predictions, references = ["the cat\nsat", "a dog"], [["the cat", "cats\nsat"], "dogs"]
    prepared = scorer.prepare(references)
    assert len(prepared) == 2
    assert "2 rows" in repr(prepared)
    assert scorer.aggregate(predictions, prepared) == scorer.aggregate(predictions, references)
    assert tg.Scorer(scorer.metrics, threads=2).aggregate(predictions, prepared).rows == 2
    with pytest.raises(tg.InputError) as caught:
        scorer.score(["a"], prepared)
    assert caught.value.code == "unequal-lengths"
    nulls = scorer.prepare(["a", None], nulls="propagate")
    assert scorer.aggregate(["a", "b"], nulls).nulls == 1


@pytest.mark.parametrize(
    "other",
    [
        tg.Scorer("rouge2"),
        tg.Scorer(tg.Rouge("rouge1", tokenizer="words")),
        # Another function of the same name.
        tg.Scorer(tg.Rouge("rouge1", tokenizer=lambda text: text.split(","))),
    ],
    ids=["metric", "tokenizer", "function"],
)
def test_prepared_by_another_scorer(other):
    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=lambda text: text.split()))
    for call in (scorer.score, scorer.aggregate, scorer.pairwise):
        with pytest.raises(tg.SignatureMismatch) as caught:
            call(["a"], other.prepare(["a"]))
        assert caught.value.code == "signature-mismatch"


def test_pairwise():
    scorer = tg.Scorer(["rouge1", "rougeL"])
    predictions, references = ["the cat", "a dog", ""], ["the cat sat", "a dog"]
    expected = {
        column: [[scorer.score([p], [r])[column][0] for r in references] for p in predictions]
        for column in scorer.columns
    }
    for left in (predictions, scorer.prepare(predictions), np.array(predictions)):
        for right in (references, scorer.prepare(references)):
            matrices = scorer.pairwise(left, right, threads=1)
            assert {column: matrix.tolist() for column, matrix in matrices.items()} == expected
            assert matrices["rouge1.f"].dtype == np.float64
    assert scorer.pairwise([], references)["rouge1.f"].shape == (0, 2)


def test_pairwise_nulls():
    scorer = tg.Scorer("rouge1")
    matrix = scorer.pairwise(["a", None], ["a", "b"], nulls="propagate")["rouge1.f"]
    assert np.isnan(matrix).tolist() == [[False, False], [True, True]]
    with pytest.raises(tg.InputError) as caught:
        scorer.pairwise(["a", None], ["a", "b"])
    assert (caught.value.code, caught.value.row) == ("missing-text", 1)
    with pytest.raises(tg.InputError, match="single texts"):
        scorer.pairwise(["a"], [["a", "b"]])


# One line


def test_rouge_of_one_pair():
    scores = tg.rouge("the cat", "the cat sat")
    assert scores == {"rouge1": (1.0, 2 / 3, 0.8), "rouge2": (1.0, 0.5, 2 / 3), "rougeL": (1.0, 2 / 3, 0.8)}
    assert scores["rouge1"].p == 1.0
    assert scores["rouge1"].r == 2 / 3
    assert scores["rouge1"].f == 0.8
    assert tg.rouge(reference="the cat sat", prediction="the cat") == scores
    assert tg.rouge("the cat", ["a", "the cat sat"]) == scores
    assert tg.rouge("cats", "cat", stemmer="porter")["rouge1"].f == 1.0
    assert tg.rouge("東", "東")["rouge1"].f == 0.0
    assert tg.rouge("東", "東", tokenizer="characters")["rouge1"].f == 1.0
    assert tg.rouge("A", "a", tokenizer="whitespace", lowercase=False)["rouge1"].f == 0.0
    assert tg.rouge("a", ["a", "b"], multiref="mean")["rouge1"].f == 0.5
    assert tg.rouge("the cat", "the cat sat", beta=2)["rouge1"].f == pytest.approx(5 / 7)
    assert tg.rouge("a-b", "b-a", tokenizer=split_at_dashes)["rouge1"].f == 1.0


@pytest.mark.parametrize(
    ("prediction", "reference"), [(None, "a"), ("a", None), (["a"], "a"), ("a", []), ("a", 7), (b"a", "a")]
)
def test_rouge_refuses(prediction, reference):
    with pytest.raises(tg.InputError):
        tg.rouge(prediction, reference)


def test_tokenize():
    assert tg.tokenize("Don't run, 300\N{KELVIN SIGN}!") == ["don", "t", "run", "300k"]
    assert tg.tokenize("Running cats", stemmer="porter") == ["run", "cat"]
    assert tg.tokenize("Don't  RUN", "whitespace", lowercase=False) == ["Don't", "RUN"]
    assert tg.tokenize("a\nb") == ["a", "b"]
    assert tg.tokenize("") == []
    with pytest.raises(tg.InputTypeError):
        tg.tokenize(None)


# The package


def test_list_metrics():
    metrics = tg.list_metrics()
    names = [metric.name for metric in metrics]
    rouge = [*(f"rouge{n}" for n in range(1, 10)), "rougeL", "rougeLsum", "rougeLcontig"]
    assert names[: len(rouge)] == rouge
    assert {"bleu", "chrf", "chrf+", "chrf++", "ter"} <= set(names)
    for metric in metrics:
        columns = tg.Scorer(metric.name).columns
        assert columns == [f"{metric.name}.{output.part}".rstrip(".") for output in metric.outputs]
        assert metric.headline in [output.part for output in metric.outputs]
    for metric in metrics[: len(rouge)]:
        assert {option.name: option.default for option in metric.options} == {
            "variant": "rouge-score",
            "tokenizer": "rouge",
            "stemmer": "none",
            "lowercase": True,
            "multiref": "best",
            "beta": 1.0,
            "exclusive": None,
            "transforms": (),
        }
        assert metric.corpus == "mean"
        assert all(
            (output.lowest, output.highest, output.higher_is_better) == (0, 1, True) for output in metric.outputs
        )


def test_everything_public_has_a_docstring():
    for name in tg.__all__:
        if name == "__version__":
            continue
        thing = getattr(tg, name)
        assert thing.__doc__
        if inspect.isclass(thing):
            for method, value in vars(thing).items():
                if not method.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    assert value.__doc__, f"{name}.{method}"


def test_errors_pickle_with_all_they_carry():
    for name in errors.__all__:
        error = getattr(errors, name)
        if name == "CODES":
            continue
        made = error("words", "bad-file", 7) if issubclass(error, tg.InputError) else error("words", "bad-file")
        copy = pickle.loads(pickle.dumps(made))
        assert type(copy) is error
        assert str(copy) == "words"
        assert copy.__dict__ == made.__dict__


def test_import_needs_numpy_alone():
    code = (
        "import sys, numpy; before = set(sys.modules); import textgauge;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["textgauge"]


def test_threads_by_environment():
    code = "import textgauge as tg; print(tg.Scorer('rouge1').score(['a'], ['a']))"
    for value, status in [("2", 0), ("0", 1), ("many", 1)]:
        environment = {**os.environ, "TEXTGAUGE_NUM_THREADS": value}
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
        assert run.returncode == status
        assert ("TEXTGAUGE_NUM_THREADS" in run.stderr) == bool(status)
