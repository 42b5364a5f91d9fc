"""What evaluate itself does before and after a metric computes: inputs, their checks, messages, combinations."""

import inspect
import itertools

import numpy as np
import pandas as pd
import pytest
from surface import outcome, public, signatures

import textgauge.compat.evaluate as ours
from textgauge.compat.evaluate import _features as features

evaluate = pytest.importorskip("evaluate", reason="the extra `test-evaluate` is not installed")
datasets = pytest.importorskip("datasets")

# Public names that the drop-in lacks on purpose, with the reason.
GAPS = {
    "FileFreeLock": "there are no files",
    "write_to_directory": "nothing is written",
    "from_directory": "nothing is written",
    "from_dict": "nothing is written",
}


def echo(module, value, sequence, record, inputs):
    """A metric that gives back its inputs, made with either package."""
    text, number = value("string"), value("int32")
    ways = {
        "single": record({"predictions": text, "references": text}),
        "several": [
            record({"predictions": text, "references": sequence(text)}),
            record({"predictions": text, "references": text}),
        ],
        "fields": record(
            {
                "predictions": type(record({}))({"id": text, "sure": value("float32")})
                if module is ours
                else {"id": text, "sure": value("float32")},
                "references": {"id": text, "answers": sequence({"text": text, "start": number})}
                if module is not ours
                else record({"id": text, "answers": record({"text": sequence(text), "start": sequence(number)})}),
            }
        ),
    }

    class EchoMetric(module.Metric):
        def _info(self):
            return module.MetricInfo(
                description="d", citation="c", inputs_description="i", features=ways[inputs], homepage="h"
            )

        def _compute(self, predictions, references, factor=1):
            return {"predictions": predictions * factor, "references": references, "drawn": np.random.randint(2**30)}

    return EchoMetric


@pytest.fixture
def make(tmp_path):
    """Makes a metric of each package."""

    def made(inputs, **options):
        theirs = echo(evaluate, datasets.Value, datasets.Sequence, datasets.Features, inputs)
        mine = echo(ours, features.Value, features.List, features.Features, inputs)
        return [theirs(cache_dir=str(tmp_path), **options), mine(cache_dir=str(tmp_path), **options)]

    return made


def same(metrics, call):
    theirs, mine = (str(outcome(call, metric)) for metric in metrics)
    assert mine == theirs


COLUMNS = [
    *([], ["a"], ["a", "b"], ("a", "b"), "ab", ["a", None], [None, "a"], ["a", 2], [1, "b"], ["a", 1.5], [b"a"], None),
    *([["a"], ["b", "c"]], [("a",), ["b"]], [[], ["a"]], [["a"], "b"], ["a", ["b"]], [[None], ["a"]], [["a"], None]),
    *([["a"], [1]], [[1], ["a"]], [[["a"]]], 5, {"a"}, {"a": 1}, ["x"] * 8, [["x"]] * 8, ["\ud800"], ["a\0"]),
    *(np.array(["a", "b"]), np.array(["a", "b"], object), pd.Series(["a", "b"]), pd.Series(["a", "b"], index=[3, 4])),
]


@pytest.mark.parametrize("inputs", ["single", "several"])
@pytest.mark.parametrize("number", range(len(COLUMNS)))
def test_inputs_are_checked_and_kept_as_by_the_peer(make, inputs, number):
    column = COLUMNS[number]
    for batch in (
        {"predictions": column, "references": column},
        {"predictions": ["a", "b"], "references": column},
        {"predictions": column, "references": [["a"], ["b", "c"]]},
    ):
        metrics = make(inputs, seed=1)
        same(metrics, lambda metric, batch=batch: metric.compute(**batch))
        same(metrics, lambda metric, batch=batch: metric.add_batch(**batch))
        same(metrics, len)
        # What was refused leaves no trace but how inputs have to look.
        same(metrics, lambda metric: metric.compute(predictions=["c"], references=["d"]))
        same(metrics, len)


ROWS = [
    *({"prediction": "a", "reference": "b"}, {"prediction": "a", "reference": ["b", "c"]}, {"prediction": 1}, {}),
    *({"prediction": "a", "reference": None}, {"predictions": "a", "references": "b"}, {"prediction": "a", "more": 1}),
    {"prediction": ["a"] * 8, "reference": [1]},
]


@pytest.mark.parametrize("inputs", ["single", "several"])
def test_single_rows_are_checked_and_kept_as_by_the_peer(make, inputs):
    for first, second in itertools.product(ROWS, ROWS[:3]):
        metrics = make(inputs, seed=1, keep_in_memory=True)
        same(metrics, lambda metric, row=first: metric.add(**row))
        same(metrics, lambda metric, row=second: metric.add(**row))
        same(metrics, len)
        same(metrics, lambda metric: metric.compute(predictions=["x"], references=["y"], factor=2))


RECORDS = [
    {"id": "1", "sure": 0.1},
    {"id": "1", "sure": 1},
    {"id": "1"},
    {"id": 1, "sure": 0.1},
    {"id": "1", "sure": 0.1, "more": 2},
    "text",
    None,
]
KNOWN = [
    {"id": "1", "answers": {"text": ["a", "b"], "start": [0, 1]}},
    {"id": "1", "answers": {"text": [], "start": []}},
    {"id": "1", "answers": {"text": "a", "start": [0]}},
    {"id": "1", "answers": {"text": [5], "start": [0]}},
    {"id": "1", "answers": {"text": ["a"]}},
    {"id": "1", "answers": "a"},
    {"id": "1"},
]


def test_records_are_checked_and_kept_as_by_the_peer(make):
    for record, known in itertools.product(RECORDS, KNOWN):
        metrics = make("fields", seed=1, keep_in_memory=True)
        same(
            metrics, lambda metric, record=record, known=known: metric.compute(predictions=[record], references=[known])
        )


def test_calls_without_inputs_or_with_unknown_ones(make):
    for inputs in ("single", "several"):
        same(make(inputs), lambda metric: metric.compute())
        same(make(inputs), lambda metric: metric.compute(predictions=["a"], references=["b"], wrong=1))
        same(make(inputs), lambda metric: metric.add_batch(predictions=["a"], references=["b"], sources=["c"]))
        same(make(inputs), lambda metric: metric.compute(["a"], ["b"]))


@pytest.mark.parametrize(
    "options",
    [
        *({"process_id": -1}, {"process_id": "a"}, {"num_process": 0}, {"num_process": 1, "process_id": 1}),
        *({"keep_in_memory": True, "num_process": 2}, {"seed": 5}, {"experiment_id": "x", "config_name": "y"}),
    ],
)
def test_arguments_are_checked_as_by_the_peer(make, options):
    def described(metrics):
        metric = metrics()
        names = [
            name for name, _ in inspect.getmembers(evaluate.module.EvaluationModuleInfoMixin, inspect.isdatadescriptor)
        ]
        shown = {name: str(getattr(metric, name)) for name in names if name not in ("info", "__weakref__", "features")}
        return shown, metric.config_name, metric.num_process, metric.process_id, metric.timeout

    theirs, mine = (outcome(described, lambda at=at: make("single", **options)[at]) for at in (0, 1))
    assert str(mine) == str(theirs)


def test_the_seed_is_taken_from_numpys_generator_and_given_to_it(make):
    for place in (0, 1, 700):
        np.random.seed(11)
        np.random.random(place)
        state = np.random.get_state()
        metrics = make("single")
        assert metrics[0].seed == metrics[1].seed
        for metric in metrics:
            np.random.set_state(state)
            drawn = metric.compute(predictions=["a"], references=["b"])["drawn"]
            assert np.random.get_state()[2] == state[2]
            np.random.seed(metric.seed)
            assert drawn == np.random.randint(2**30)


def test_what_is_shown_is_what_the_peer_shows(make):
    for inputs in ("single", "several", "fields"):
        metrics = make(inputs)
        same(metrics, repr)
        same(metrics, lambda metric: str(metric.features))
        same(metrics, lambda metric: metric.info.module_name)


@pytest.mark.parametrize("form", ["list", "names", "same"])
@pytest.mark.parametrize("prefixed", [False, True])
def test_combinations_name_their_results_as_the_peer_does(make, form, prefixed):
    packages = (evaluate, ours)
    chosen = [[make("single", seed=1)[at], make("several", seed=2)[at]] for at in (0, 1)]
    for metrics in chosen:
        metrics[1]._compute = lambda predictions, references: {"length": len(predictions), "drawn": references}
    forms = {
        "list": lambda metrics: metrics,
        "names": lambda metrics: {"one": metrics[0], "two": metrics[1]},
        "same": lambda metrics: [metrics[0], metrics[1], metrics[0]],
    }
    combined = [
        package.combine(forms[form](metrics), force_prefix=prefixed)
        for package, metrics in zip(packages, chosen, strict=True)
    ]
    same(combined, lambda each: each.add_batch(predictions=["a", "b"], references=["c", "d"]))
    same(combined, lambda each: each.add("e", "f"))
    same(combined, lambda each: each.compute(predictions=["g"], references=["h"]))
    same(combined, lambda each: (each.evaluation_module_names, each.force_prefix))


def test_combinations_load_metrics_by_name():
    found = ours.combine(["exact_match", "rouge"]).compute(predictions=["a b"], references=["a b"])
    assert found == {"exact_match": 1.0, "rouge1": 1.0, "rouge2": 1.0, "rougeL": 1.0, "rougeLsum": 1.0}
    with pytest.raises(AttributeError, match="'float' object has no attribute 'keys'"):
        ours.combine(["wer"]).compute(predictions=["a"], references=["a"])


@pytest.mark.parametrize("name", ["info", "module"])
def test_the_surface_is_that_of_the_peer(name):
    drop_in = getattr(ours, name)
    for each, value in public(getattr(evaluate, name)).items():
        if each in GAPS or each.isupper():
            continue
        theirs, mine = signatures(value), signatures(getattr(drop_in, each))
        if inspect.isclass(value):
            methods = {method: shape for method, shape in theirs[0].items() if method not in GAPS}
            theirs, mine = methods, {method: mine[0].get(method) for method in methods}
        assert mine == theirs, each
    assert signatures(ours.load) == signatures(evaluate.load)


def test_every_name_of_the_package_is_there_or_said_to_be_missing():
    for name in dir(evaluate):
        if name.startswith("_"):
            continue
        if name not in vars(ours):
            with pytest.raises(ImportError, match=f"has no {name};"):
                getattr(ours, name)
