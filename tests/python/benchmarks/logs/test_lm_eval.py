"""Folders and rows of lm-evaluation-harness that are rarer than those of the real logs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import textgauge as tg
from textgauge.benchmarks import bbh, helm, mmlu, mmlu_pro, read


def row(doc_id=0, target="B", texts=("B",), **doc):
    doc = {"question": "Which?", "choices": ["w", "x", "y", "z"], **doc}
    arguments = {"gen_args_0": {"arg_0": "Which?", "arg_1": {"until": []}}}
    return {"doc_id": doc_id, "doc": doc, "target": target, "arguments": arguments, "resps": [list(texts)]}


def asked(logprobs, target, doc=None, delimiter=" ", contexts=None):
    contexts = contexts or ["Which?"] * len(logprobs)
    arguments = {
        f"gen_args_{number}": {"arg_0": context, "arg_1": f"{delimiter}{text}"}
        for number, (context, (text, _)) in enumerate(zip(contexts, logprobs, strict=True))
    }
    resps = [[[str(value), "False"]] for _, value in logprobs]
    return {"doc_id": 0, "doc": doc or {}, "target": target, "arguments": arguments, "resps": resps}


def write(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return path


def test_the_latest_run_of_each_task_is_read(tmp_path):
    for date, text in (("2024-05-01T10-00-00.5", "A"), ("2024-11-01T09-00-00.5", "B"), ("2024-06-01T09-00-00.5", "C")):
        write(tmp_path / f"samples_mmlu_anatomy_{date}.jsonl", row(texts=[text]))
    write(tmp_path / "samples_mmlu_virology_2024-05-01T10-00-00.5.jsonl", row(texts=["D"]))
    records = read(tmp_path, "subject")
    assert {record.group: record.prediction for record in records} == {"mmlu_anatomy": "B", "mmlu_virology": "D"}
    assert len(records.notes) == 2
    assert all("samples_mmlu_anatomy_2024-11-01T09-00-00.5.jsonl is a later run" in note for note in records.notes)


def test_other_tasks_are_left_out_and_said_on_standard_error(tmp_path):
    write(tmp_path / "samples_mmlu_anatomy_2024-05-01T10-00-00.5.jsonl", row())
    write(tmp_path / "samples_gsm8k_2024-05-01T10-00-00.5.jsonl", row())
    call = [sys.executable, "-m", "textgauge.cli", "benchmark", "mmlu", str(tmp_path)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert "1 items, 0 unanswered" in done.stdout
    assert done.stderr.splitlines() == [
        f"note: left out {tmp_path}/samples_gsm8k_2024-05-01T10-00-00.5.jsonl: gsm8k is no task of MMLU"
    ]


def test_a_run_with_nothing_of_the_benchmark_says_what_is_there(tmp_path):
    for task in ("gsm8k", "arc_easy"):
        write(tmp_path / f"samples_{task}_2024-05-01T10-00-00.5.jsonl", row())
    with pytest.raises(tg.InputError, match="holds nothing of MMLU; there are arc_easy, gsm8k"):
        read(tmp_path, "subject")
    with pytest.raises(tg.InputError, match="holds nothing of BIG-bench Hard; there are arc_easy, gsm8k"):
        read(tmp_path, "task")
    # For HELM everything is a scenario.
    assert {record.group for record in read(tmp_path, "scenario")} == {"arc_easy", "gsm8k"}


@pytest.mark.parametrize("task", ["cmmlu_anatomy", "kmmlu_direct_marketing", "mmlusr_question_only_anatomy"])
def test_benchmarks_with_subjects_of_the_same_names(tmp_path, task):
    write(tmp_path / "samples_mmlu_virology.jsonl", row())
    write(tmp_path / f"samples_{task}.jsonl", row())
    records = read(tmp_path, "subject")
    assert [record.group for record in records] == ["mmlu_virology"]
    assert f"{task} is no task of MMLU" in records.notes[0]


def test_mmlu_pros_categories_are_no_subjects(tmp_path):
    pro = write(tmp_path / "samples_mmlu_pro_philosophy.jsonl", row(category="philosophy"))
    write(tmp_path / "samples_mmlu_philosophy.jsonl", row())
    write(tmp_path / "samples_mmlu_prox_de_philosophy.jsonl", row(category="philosophy"))
    assert {record.group for record in read(tmp_path, "subject")} == {"mmlu_philosophy"}
    (record,) = read(tmp_path, mmlu_pro.BY)
    assert (record.group, record.place) == ("philosophy", f"{pro}, line 1")
    with pytest.raises(tg.InputError, match="line 1: mmlu_pro_philosophy is no task of MMLU"):
        read(pro, "subject")


def test_a_folder_with_one_file_is_a_folder(tmp_path):
    write(tmp_path / "samples_cmmlu_anatomy.jsonl", row())
    with pytest.raises(tg.InputError, match="holds nothing of MMLU; there are cmmlu_anatomy"):
        read(tmp_path, "subject")


def test_the_folder_of_a_model_is_found_in_the_folder_that_was_named(tmp_path):
    write(tmp_path / "out" / "org__model" / "samples_mmlu_anatomy.jsonl", row())
    assert len(read(tmp_path / "out", "subject")) == 1
    write(tmp_path / "out" / "org__other" / "samples_mmlu_anatomy.jsonl", row())
    with pytest.raises(tg.InputError, match="several folders, org__model, org__other: give one for each model"):
        read(tmp_path / "out", "subject")


def test_old_arrays_are_named_for_model_and_task(tmp_path):
    """Of a name such as `pretrained__a_b_mmlu_anatomy` the results tell which part is the task."""
    for task in ("mmlu_anatomy", "gsm8k", "exam"):
        file = tmp_path / f"pretrained__me__mmlu_7b_{task}.jsonl"
        file.write_text(json.dumps([row(subject="virology" if task == "exam" else None)], indent=2))
    assert {record.group for record in read(tmp_path, "subject")} == {
        "virology",
        "pretrained__me__mmlu_7b_mmlu_anatomy",
    }
    (tmp_path / "results.json").write_text(json.dumps({"configs": {"mmlu_anatomy": {}, "gsm8k": {}, "exam": {}}}))
    records = read(tmp_path, "subject")
    assert [record.group for record in records] == ["mmlu_anatomy"]
    assert [note.rpartition(": ")[2] for note in records.notes] == [
        "exam is no task of MMLU",
        "gsm8k is no task of MMLU",
    ]
    # One file alone is read for what its documents say.
    assert read(tmp_path / "pretrained__me__mmlu_7b_exam.jsonl", "subject")[0].group == "virology"


def test_files_of_other_kinds_beside(tmp_path):
    write(tmp_path / "samples_mmlu_anatomy.jsonl", row())
    write(tmp_path / "scored.jsonl", {"subject": "anatomy", "target": "A", "prediction": "A"})
    records = read(tmp_path, "subject")
    assert len(records) == 1
    assert records.notes == (
        f"left out {tmp_path}/scored.jsonl: it is no log of lm-evaluation-harness, unlike others here",
    )


def test_repeats_are_alternatives(tmp_path):
    file = write(tmp_path / "samples_mmlu_anatomy.jsonl", row(texts=["A", "B", "B"]))
    (record,) = read(file, "subject")
    assert (record.prediction, record.alternatives) == ("A", ("B", "B"))
    twice = asked([("A", -2), ("B", -1)], 1)
    twice["resps"] = [[*pairs, ["-9", "False"]] for pairs in twice["resps"]]
    (record,) = read(write(tmp_path / "samples_mmlu_virology.jsonl", twice), "subject")
    assert record.choice_logprobs == (-2.0, -1.0)


def test_texts_of_choices_are_those_that_were_asked_for(tmp_path):
    """So that log-probabilities can be divided by lengths: -10/2 is more than -9/1."""
    doc = {"input": "How many?", "target": "17"}
    file = write(tmp_path / "samples_leaderboard_bbh_object_counting.jsonl", asked([("5", -9), ("17", -10)], "17", doc))
    (record,) = read(file, "task")
    assert record.choices == ("5", "17")
    assert record.references == ("17",)
    scores = bbh.score([record])
    assert scores.micro.correct == 0
    assert scores.micro.measures["acc_norm"].mean == 1.0


@pytest.mark.parametrize(("doc", "right"), [({"answer": 1}, "4"), ({"target": "1"}, "1"), ({"input": "?"}, "4")])
def test_digits_are_an_index_unless_the_document_has_them_as_a_text(tmp_path, doc, right):
    rows = asked([("3", -1), ("4", -2), ("1", -3)], "1", doc)
    (record,) = read(write(tmp_path / "samples_bbh_object_counting.jsonl", rows), "task")
    assert record.references == (right,)
    assert record.choices[record.answer] == right


@pytest.mark.parametrize(("target", "answer", "right"), [("1", 1, 1), (2, 2, 2), ("1", "B", None), ("B", 1, None)])
def test_an_index_that_the_document_has_is_one_for_texts_too(tmp_path, target, answer, right):
    log = write(tmp_path / "samples_mmlu_anatomy.jsonl", row(target=target, answer=answer))
    (record,) = read(log, "subject")
    assert record.answer == right
    assert record.references == ("wxyz"[right] if right is not None else target,)


def test_requests_without_the_question(tmp_path):
    texts = ["x", "y", "x", "y"]
    for contexts, expected in (
        (["Q", "Q", "", ""], ((-1.0, -2.0), (-3.0, -4.0))),
        (["Q", "", "Q", ""], ((-1.0, -3.0), (-2.0, -4.0))),
    ):
        order = texts if contexts[1] else ["x", "x", "y", "y"]
        logprobs = list(zip(order, (-1, -2, -3, -4), strict=True))
        (record,) = read(
            write(tmp_path / "samples_mmlu_anatomy.jsonl", asked(logprobs, 0, contexts=contexts)), "subject"
        )
        assert record.choices == ("x", "y")
        assert (record.choice_logprobs, record.unconditional_logprobs) == expected


def test_the_delimiter_is_that_of_the_results(tmp_path):
    file = write(tmp_path / "samples_mmlu_anatomy_2024-05-01T10-00-00.jsonl", asked([(" a", -1), ("b", -2)], 0))
    assert read(file, "subject")[0].choices == (" a", "b")
    configs = {"configs": {"mmlu_anatomy": {"target_delimiter": ""}}}
    (tmp_path / "results_2024-05-01T10-00-00.json").write_text(json.dumps(configs))
    assert read(file, "subject")[0].choices == ("  a", " b")


def test_documents_of_other_benchmarks_name_their_choices_otherwise(tmp_path):
    options = {f"option_{letter}": letter * 2 for letter in "abcd"}
    upper = {letter: letter * 3 for letter in "ABCD"}
    for number, doc in enumerate(({**options}, {**upper}, {"options": ["p", "q", "r"]})):
        file = write(tmp_path / f"samples_mmlu_anatomy_{number}.jsonl", row(choices=None, **doc))
        (record,) = read(file, "scenario")
        assert record.choices == tuple(doc.get("options") or doc.values())


def test_logs_for_helm(tmp_path):
    write(tmp_path / "samples_boolq.jsonl", row(target="yes", texts=["Yes."], choices=None))
    assert helm.score(read(tmp_path, "scenario")).main == {"boolq": 1.0}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(), {"doc_id": 1}], "line 2: no document of lm-evaluation-harness"),
        ([row(), {**row(1), "target": None}], "line 2: 'target' is None"),
        ([row(), {**row(1), "doc": "x"}], "line 2: 'doc' is 'x'"),
        ([{**row(), "resps": [[]]}], "line 1: 'resps' begins with"),
        ([{**asked([("a", -1), ("b", -2)], 0), "arguments": []}], "line 1: 0 arguments, but 2 responses"),
        ([{**asked([("a", -1), ("b", -2)], 0), "arguments": [["a"], ["b"]]}], "line 1: 'arguments' holds"),
    ],
)
def test_rows_that_are_none(tmp_path, rows, message):
    with pytest.raises(tg.InputError, match=message):
        read(write(tmp_path / "samples_mmlu_anatomy.jsonl", *rows), "subject")


def test_a_subject_that_there_is_none_of(tmp_path):
    file = write(tmp_path / "samples_mmlu_alchemy.jsonl", row())
    with pytest.raises(tg.InputError, match=r"line 1: no subject of MMLU is called 'mmlu_alchemy'"):
        mmlu.score(read(file, "subject"))
    with pytest.raises(tg.InputError, match=r"line 1: which subject\?"):
        read(write(tmp_path / "log.jsonl", row()), "subject")
