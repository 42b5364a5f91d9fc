"""The columns that files of well-known programs have are found, and no others taken for them."""

import pytest

from textgauge.benchmarks.records import as_records
from textgauge.io.names import LAYOUTS, NAMES, RECORD_PREDICTIONS, RECORD_TARGETS, guess
from textgauge.io.paths import parse

CONTENT = "response.body.choices[0].message.content"


@pytest.mark.parametrize(
    ("program", "names", "prediction", "reference"),
    [
        ("ours", ["prediction", "reference"], "prediction", "reference"),
        ("NeMo", ["audio_filepath", "duration", "text", "pred_text"], "pred_text", "text"),
        ("LLaMA-Factory", ["prompt", "predict", "label"], "predict", "label"),
        ("OpenAI batches", ["id", "custom_id", "response", "error"], CONTENT, None),
        ("with references", ["custom_id", "response", "error", "reference"], CONTENT, "reference"),
        ("Anthropic batches", ["custom_id", "result"], "result.message.content[0].text", None),
        ("lm-eval", ["doc_id", "doc", "target", "resps", "filtered_resps"], "filtered_resps[0]", "target"),
        ("older lm-eval", ["doc_id", "doc", "target", "resps"], "resps[0][0]", "target"),
        ("SQuAD", ["id", "title", "context", "question", "answers", "prediction"], "prediction", "answers.text"),
        ("open questions", ["question", "answers", "prediction"], "prediction", "answers"),
        ("Ragas", ["question", "answer", "contexts", "ground_truth"], "answer", "ground_truth"),
        ("COMET", ["src", "mt", "ref"], "mt", "ref"),
        ("jiwer's page", ["Reference", "Hypothesis"], "Hypothesis", "Reference"),
        ("DeepEval", ["input", "actual_output", "expected_output"], "actual_output", "expected_output"),
        ("plain chat", ["prompt", "response", "reference"], "response", "reference"),
        ("nothing", ["text", "words"], None, None),
        ("none", [], None, None),
    ],
)
def test_files_of_programs(program, names, prediction, reference):
    assert guess(names, "prediction")[0] == prediction, program
    assert guess(names, "reference")[0] == reference, program


def test_others_are_told():
    assert guess(["Output", "prediction", "x", "system"], "prediction") == ("prediction", ["Output", "system"])
    assert guess(["x", "label"], "reference") == ("label", [])


def test_a_column_is_not_told_beside_a_path_into_it():
    assert guess(["custom_id", "response", "error", "output"], "prediction") == (CONTENT, ["output"])


def test_of_names_that_differ_in_case_the_first_counts():
    assert guess(["REF", "ref"], "reference") == ("REF", [])


def test_ids_and_groups():
    assert guess(["custom_id", "response"], "id") == ("custom_id", [])
    assert guess(["audio_filepath", "text"], "id")[0] == "audio_filepath"
    assert guess(["lang", "p"], "group") == ("lang", [])
    assert guess(["p"], "id") == (None, [])


def test_the_lists_are_sound():
    for names in NAMES.values():
        assert len(set(names)) == len(names)
        assert all(name == name.lower() for name in names)
    assert not set(NAMES["prediction"]) & set(NAMES["reference"])
    for marks, columns in LAYOUTS:
        assert all(parse(column)[0] in marks for column in columns.values())


def test_the_names_of_records_are_usual_ones():
    assert set(RECORD_PREDICTIONS) <= set(NAMES["prediction"])
    assert set(RECORD_TARGETS) <= set(NAMES["reference"])
    for prediction in RECORD_PREDICTIONS:
        for target in RECORD_TARGETS:
            (record,) = as_records([{"task": "t", prediction: "p", target: "r", "system": "be kind"}], "task")
            assert (record.prediction, record.references) == ("p", ("r",))
