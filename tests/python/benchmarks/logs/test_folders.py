"""Folders of HELM, lighteval and Inspect that are rarer than those of the real logs, and what is no log."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from pathlib import Path

import pytest

import textgauge as tg
from textgauge.benchmarks import mmlu, read

LOGS = Path(__file__).parents[3] / "data" / "logs"
HELM = next(LOGS.glob("helm-*"))
LIGHTEVAL = next(LOGS.glob("lighteval-*"))
INSPECT = next(LOGS.glob("inspect-*"))
ANATOMY = next(HELM.glob("mmlu:subject=anatomy*"))


@pytest.fixture
def run(tmp_path):
    """A copy of a run, to be changed."""
    return Path(shutil.copytree(ANATOMY, tmp_path / "suite" / ANATOMY.name))


def change(file, edit):
    document = json.loads(file.read_text(encoding="utf-8"))
    edit(document)
    file.write_text(json.dumps(document), encoding="utf-8")


def test_a_run_of_helm_is_read_by_its_folder_its_state_or_its_suite(run):
    state = run / "scenario_state.json"
    records = read(run, "scenario")
    assert read(state, "scenario") == read(run.parent, "scenario") == records
    state.with_suffix(".json.gz").write_bytes(gzip.compress(state.read_bytes()))
    state.unlink()
    assert read(run, "scenario") == records
    # The name may have been lost with the folder's; it stands in the run's specification.
    moved = run.rename(run.with_name("moved"))
    assert {record.group for record in read(moved, "scenario")} == {"mmlu:subject=anatomy"}
    (moved / "run_spec.json").unlink()
    assert {record.group for record in read(moved, "scenario")} == {"moved"}


def test_runs_of_several_models(run):
    shutil.copytree(run, run.with_name(run.name.replace("simple_model1", "other")))
    with pytest.raises(tg.InputError, match="holds logs of several models, other, simple_model1"):
        read(run.parent, "scenario")
    assert len(read(run.parent, "scenario", tasks="*model=other")) == 8


def test_the_folder_that_helm_writes_to(run, tmp_path):
    suite = tmp_path / "benchmark_output" / "runs" / "v1"
    shutil.copytree(run.parent, suite)
    (suite.parent / "latest").symlink_to(suite, target_is_directory=True)
    assert len(read(tmp_path / "benchmark_output", "scenario")) == 8
    shutil.copytree(suite, suite.with_name("v2"))
    with pytest.raises(tg.InputError, match="holds several suites of HELM, v1, v2"):
        read(tmp_path / "benchmark_output", "scenario")


def test_options_that_do_not_go_with_what_is_read(run, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.jsonl").write_text(json.dumps({"subject": "anatomy", "target": "A", "prediction": "A"}))
    with pytest.raises(tg.ConfigError, match="items go with the results of a batch, which"):
        read(run, "scenario", items="items.jsonl")
    with pytest.raises(tg.ConfigError, match="filter goes with a log of lm-evaluation-harness, which"):
        read(run, "scenario", filter="strict-match")
    with pytest.raises(tg.ConfigError, match="filter goes with a log of lm-evaluation-harness, which"):
        read(own, "subject", filter="strict-match")
    with pytest.raises(tg.ConfigError, match="tasks are chosen among the logs of a harness, which"):
        read(own, "subject", tasks="mmlu_*")
    with pytest.raises(tg.ConfigError, match=r"tasks are chosen in a folder, which .*a\.jsonl is not"):
        read(own / "a.jsonl", "subject", tasks="mmlu_*")


def test_a_run_without_texts(run):
    (run / "scenario_state.json").unlink()
    with pytest.raises(tg.InputError, match=r"is a run of HELM without scenario_state\.json, which holds the texts"):
        read(run, "scenario")


def test_requests_that_failed_are_unanswered(run):
    def fail(document):
        for state in document["request_states"]:
            state["result"] = {"success": False, "error": "too long", "completions": []}

    change(run / "scenario_state.json", fail)
    scores = mmlu.score(read(run, "subject"))
    assert (scores.micro.items, scores.micro.unanswered) == (4, 4)


def test_perturbations_of_one_name_are_different_items(run):
    def twice(document):
        document["request_states"] += [
            state for state in document["request_states"] if state["instance"].get("perturbation")
        ]

    change(run / "scenario_state.json", twice)
    changed = [record for record in read(run, "scenario") if record.perturbation]
    assert len({record.id for record in changed}) == len(changed) == 8
    assert len({record.instance for record in changed}) == 4


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda document: document.pop("request_states"), "holds no 'request_states'"),
        (
            lambda document: document["request_states"][0].pop("instance"),
            "request 0: no request of HELM: no 'instance'",
        ),
        (lambda document: document["request_states"][3]["instance"].pop("input"), "request 3: .*no 'input'"),
        (lambda document: document["request_states"][2]["result"].pop("completions"), "request 2: .*no 'completions'"),
    ],
)
def test_states_that_are_none(run, edit, message):
    change(run / "scenario_state.json", edit)
    with pytest.raises(tg.InputError, match=rf"scenario_state\.json.*{message}"):
        read(run, "scenario")


def test_states_that_are_no_json(run):
    (run / "scenario_state.json").write_text("{")
    with pytest.raises(tg.InputError, match=r"cannot read .*scenario_state\.json"):
        read(run, "scenario")


def test_a_later_run_of_lighteval(tmp_path):
    copied = Path(shutil.copytree(LIGHTEVAL, tmp_path / "out"))
    (date,) = (copied / "details").glob("*/*/*")
    later = Path(shutil.copytree(date, date.with_name("2031-01-01T00-00-00.000000")))
    for file in later.iterdir():
        file.rename(file.with_name(file.name.replace(date.name, later.name)))
    records = read(copied, "subject")
    assert all(later.name in record.place for record in records)
    assert sum("is a later run of mmlu:" in note for note in records.notes) == 2


def test_details_of_lighteval_before_0_11(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    rows = [
        {"example": "Which?", "predictions": [-2.0, -1.0], "choices": [" A", " B"], "gold_index": [1], "gold": []},
        {"example": "What?", "predictions": [-1.0, -2.0], "choices": [" A", " B"], "gold_index": [1], "gold": []},
    ]
    asked = tmp_path / "details_harness|hendrycksTest-anatomy|5_2023-09-03T10-57-04.203304.parquet"
    parquet.write_table(arrow.Table.from_pylist(rows), asked)
    assert mmlu.score(read(asked, "subject")).subjects["anatomy"].accuracy == 0.5
    # Nested values were once written as texts.
    texts = [{"example": "Which?", "predictions": "['B', 'A']", "choices": "[' A', ' B']", "gold_index": "1"}]
    generated = tmp_path / "details_lighteval|mmlu:virology|5|0_2024-09-03T10-57-04.203304.parquet"
    parquet.write_table(arrow.Table.from_pylist(texts), generated)
    (record,) = read(generated, "subject")
    assert (record.prediction, record.alternatives, record.references) == ("B", ("A",), (" B",))
    assert (record.choices, record.answer) == (("A", "B"), 1)
    assert len(read(tmp_path, "subject")) == 3
    wrong = [{**rows[0], "predictions": [-1.0]}]
    parquet.write_table(arrow.Table.from_pylist(wrong), asked)
    with pytest.raises(tg.InputError, match="row 0: 2 choices, but 1 log-probabilities"):
        read(asked, "subject")


def test_samples_of_inspect_that_failed(tmp_path):
    (file,) = (INSPECT / "json").glob("*mmlu*")
    copied = Path(shutil.copy(file, tmp_path))

    def fail(document):
        document["samples"][0].update(error={"message": "no network"}, output={"choices": []})

    change(copied, fail)
    records = read(tmp_path, "subject")
    assert records.notes == (f"{copied}, sample 'q0': no answer: no network",)
    # The other epoch answered.
    assert (records[0].prediction, records[0].alternatives) == (read(file, "subject")[0].alternatives[0], ())


def test_archives_of_inspect_that_are_damaged(tmp_path):
    (file,) = (INSPECT / "eval").glob("*")
    copied = Path(shutil.copy(file, tmp_path))
    with zipfile.ZipFile(copied) as archive:
        start = archive.getinfo("header.json").header_offset
    data = bytearray(copied.read_bytes())
    data[start + 60 : start + 80] = bytes(20)
    copied.write_bytes(data)
    with pytest.raises(tg.InputError, match=r"cannot read .*\.eval"):
        read(copied, "subject")


def test_subjects_that_inspect_does_not_tell(tmp_path):
    (file,) = (INSPECT / "json").glob("*mmlu*")
    copied = Path(shutil.copy(file, tmp_path))
    change(copied, lambda document: [sample.pop("metadata") for sample in document["samples"]])
    with pytest.raises(tg.InputError, match="sample 'q0': which subject"):
        read(copied, "subject")
