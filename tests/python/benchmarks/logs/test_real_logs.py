"""Logs that the real harnesses wrote: what is read of them, and the harness's own figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from textgauge.benchmarks import bbh, helm, mmlu, mmlu_pro, read

LOGS = Path(__file__).parents[3] / "data" / "logs"
LM_EVAL = sorted(LOGS.glob("lm_eval-*"))
VERSIONS = [folder.name.removeprefix("lm_eval-") for folder in LM_EVAL]
NEWEST = LOGS / "lm_eval-0.4.13"
HELM = next(LOGS.glob("helm-*"))
LIGHTEVAL = next(LOGS.glob("lighteval-*"))
INSPECT = next(LOGS.glob("inspect-*"))


def model(folder):
    """The folder of a model, which the harness makes since 0.4.3."""
    return folder / "tiny__scripted" if (folder / "tiny__scripted").is_dir() else folder


def version(folder):
    return tuple(map(int, folder.name.removeprefix("lm_eval-").split(".")))


def results(folder):
    (file,) = model(folder).glob("results*.json")
    return json.loads(file.read_text(encoding="utf-8"))["results"]


def by_task(records):
    return {record.group: [each for each in records if each.group == record.group] for record in records}


def share(records, is_right):
    return sum(map(is_right, records)) / len(records)


def best(values):
    return max(range(len(values)), key=values.__getitem__)


def test_there_are_logs_of_every_version():
    assert len(VERSIONS) == 15
    assert {"0.4.0", "0.4.2", "0.4.3", "0.4.9.2", "0.4.13"} <= set(VERSIONS)


@pytest.mark.parametrize("folder", LM_EVAL, ids=VERSIONS)
def test_mmlu_of_the_harness(folder):
    expected = results(folder)
    records = read(model(folder), "subject")
    if "mmlu_anatomy" in expected:
        scores = mmlu.score(records)
        assert scores.subjects["anatomy"].accuracy == pytest.approx(expected["mmlu_anatomy"]["acc,none"])
    named = by_task(records)
    assert {task for task in expected if "mmlu" in task} == set(named)
    # What was left out is said, and why.
    left_out = [task for task in expected if "mmlu" not in task]
    assert len(records.notes) == len(left_out)
    assert all(any(f"{task} is no task of MMLU" in note for note in records.notes) for task in left_out)

    figures = expected["mmlu_virology_continuation"]
    if not (0, 4, 5) <= version(folder) < (0, 4, 9):
        measures = mmlu.score(records).subjects["virology"].measures
        for name in ("acc", "acc_norm", "acc_mutual_info"):
            assert measures[name].mean == pytest.approx(figures[f"{name},none"])
    found = {"acc": 0.0, "acc_norm": 0.0, "acc_mutual_info": 0.0}
    for record in named["mmlu_virology_continuation"]:
        asked = conditional_and_not(record, folder)
        found["acc"] += best(asked[0]) == record.answer
        found["acc_norm"] += best(per_length(asked[0], record.choices)) == record.answer
        found["acc_mutual_info"] += best([one - other for one, other in zip(*asked, strict=True)]) == record.answer
    for name, right in found.items():
        assert right / 3 == pytest.approx(figures[f"{name},none"]), name


def conditional_and_not(record, folder):
    """The log-probabilities with and without the question, as the version of the harness told them apart.

    From 0.4.5 to 0.4.8 it took every other one, though by then those without the question came after all others: its
    figures are those of mixed-up requests.
    """
    both = [*record.choice_logprobs, *record.unconditional_logprobs]
    if (0, 4, 5) <= version(folder) < (0, 4, 9):
        return both[::2], both[1::2]
    return record.choice_logprobs, record.unconditional_logprobs


def per_length(logprobs, texts):
    return [value / len(text) for value, text in zip(logprobs, texts, strict=True)]


@pytest.mark.parametrize("folder", LM_EVAL, ids=VERSIONS)
def test_texts_are_unfiltered(folder):
    task = "mmlu_flan_n_shot_generative_human_aging"
    records = by_task(read(model(folder), "subject"))[task]
    # Each document is logged twice, once for each filter.
    assert [record.id for record in records] == ["0", "1", "2"]
    assert all(record.choices and record.references[0].startswith("(") for record in records)
    strict = share(records, lambda each: each.prediction == each.references[0])
    assert strict == pytest.approx(results(folder)[task]["exact_match,strict-match"])


@pytest.mark.parametrize("folder", LM_EVAL, ids=VERSIONS)
def test_a_filter_may_be_asked_for(folder):
    task = "mmlu_flan_n_shot_generative_human_aging"
    if not any(b'"filter":' in file.read_bytes() for file in model(folder).glob(f"*{task}*")):
        with pytest.raises(ValueError, match=r"has no filter 'flexible-extract'; there are none that are named"):
            read(model(folder), "subject", tasks=task, filter="flexible-extract")
        return
    for name in ("strict-match", "flexible-extract"):
        records = read(model(folder), "subject", tasks=task, filter=name)
        found = share(records, lambda each: each.prediction == each.references[0])
        assert found == pytest.approx(results(folder)[task][f"exact_match,{name}"])
    with pytest.raises(ValueError, match=r"has no filter 'flexible'; there are strict-match, flexible-extract"):
        read(model(folder), "subject", tasks=task, filter="flexible")


@pytest.mark.parametrize("folder", LM_EVAL, ids=VERSIONS)
def test_bbh_of_the_harness(folder):
    expected = results(folder)
    records = read(model(folder), "task")
    scores = bbh.score(records, extraction="lm-eval-fewshot")
    figures = expected["bbh_cot_fewshot_boolean_expressions"]
    assert scores.tasks["boolean_expressions"].accuracy == pytest.approx(figures["exact_match,get-answer"])
    # Three texts were drawn for each document.
    assert all(len(each.alternatives) == 2 for each in by_task(records)["bbh_cot_fewshot_boolean_expressions"])
    task = "leaderboard_bbh_object_counting"
    if task in expected:
        assert scores.tasks["object_counting"].accuracy == pytest.approx(expected[task]["acc,none"])
        assert all(each.choices == tuple("012345") for each in by_task(records)[task])


@pytest.mark.parametrize("name", ["generative", "redux"])
def test_other_names_of_the_harness(name):
    (task,) = results(NEWEST / name)
    scores = mmlu.score(read(NEWEST / name, "subject"), extraction="strict")
    assert scores.subjects["anatomy"].accuracy == pytest.approx(results(NEWEST / name)[task]["exact_match,none"])


def test_subjects_stand_in_the_documents_of_global_mmlu():
    records = read(NEWEST / "global", "subject")
    assert [record.group for record in records] == ["business_ethics", "marketing", "marketing"]
    scores = mmlu.score(records)
    figures = results(NEWEST / "global")
    assert scores.micro.accuracy == pytest.approx(figures["global_mmlu_en_business"]["acc,none"])
    # Another benchmark has subjects of the same names.
    assert len(records.notes) == 1
    assert "cmmlu_anatomy is no task of MMLU" in records.notes[0]


def test_two_languages_are_two_benchmarks():
    with pytest.raises(ValueError, match=r"global_mmlu_full_de_anatomy.* and .*es_anatomy.* are both anatomy"):
        read(NEWEST / "languages", "subject")
    records = read(NEWEST / "languages", "subject", tasks="*_es_*")
    figures = results(NEWEST / "languages")["global_mmlu_full_es_anatomy"]
    assert mmlu.score(records).micro.accuracy == pytest.approx(figures["acc,none"])
    assert "global_mmlu_full_de_anatomy does not fit *_es_*" in records.notes[0]


def test_mmlu_pro():
    generated = read(NEWEST / "pro", mmlu_pro.BY)
    assert all(len(record.choices) == 10 for record in generated)
    figures = results(NEWEST / "pro")["mmlu_pro_biology"]
    scores = mmlu_pro.score(generated, extraction="strict")
    assert scores.micro.accuracy == pytest.approx(figures["exact_match,custom-extract"])
    asked = mmlu_pro.score(read(NEWEST / "leaderboard", mmlu_pro.BY))
    figures = results(NEWEST / "leaderboard")["leaderboard_mmlu_pro"]
    assert asked.micro.accuracy == pytest.approx(figures["acc,none"])
    assert {item.group for item in asked.items} == {"biology", "physics"}
    with pytest.raises(ValueError, match="holds nothing of MMLU; there are mmlu_pro_biology"):
        read(NEWEST / "pro", "subject")


def test_leaderboard_bbh():
    records = read(NEWEST / "leaderboard", "task")
    scores = bbh.score(records)
    figures = results(NEWEST / "leaderboard")
    for task in ("boolean_expressions", "date_understanding"):
        accuracy = scores.tasks[task].accuracy
        assert accuracy == pytest.approx(figures[f"leaderboard_bbh_{task}"]["acc,none"])
    asked = by_task(records)["leaderboard_bbh_boolean_expressions"]
    normed = share(
        asked, lambda each: each.choices[best(per_length(each.choice_logprobs, each.choices))] == each.references[0]
    )
    assert normed == pytest.approx(figures["leaderboard_bbh_boolean_expressions"]["acc_norm,none"])


def helm_figure(run, name, split="test"):
    stats = json.loads((run / "stats.json").read_text(encoding="utf-8"))
    (stat,) = (each for each in stats if each["name"] == {"name": name, "split": split})
    return stat["mean"]


def helm_run(start):
    (run,) = (run for run in HELM.iterdir() if run.name.startswith(start))
    return run


def test_a_suite_of_helm():
    scores = helm.score(read(HELM, "scenario"))
    for subject in ("anatomy", "virology", "nutrition"):
        figure = helm_figure(helm_run(f"mmlu:subject={subject},"), "exact_match")
        assert scores.scenarios[f"mmlu:subject={subject}"].metrics["exact_match"] == pytest.approx(figure)
    questions = scores.scenarios["natural_qa:mode=closedbook"]
    assert questions.trials == 2
    assert questions.metrics["f1_score"] == pytest.approx(helm_figure(helm_run("natural_qa"), "f1_score"))


def test_perturbed_items_of_helm():
    records = read(helm_run("mmlu:subject=anatomy"), "scenario")
    originals, changed = ([each for each in records if each.perturbation == name] for name in (None, "lowercase"))
    assert len(originals) == len(changed) == 4
    assert {record.instance for record in originals} == {record.instance for record in changed}
    stats = json.loads((helm_run("mmlu:subject=anatomy") / "stats.json").read_text(encoding="utf-8"))
    (worst,) = (
        each["mean"]
        for each in stats
        if each["name"]["name"] == "exact_match"
        and each["name"]["split"] == "test"
        and each["name"].get("perturbation", {}).get("name") == "lowercase"
        and each["name"]["perturbation"]["computed_on"] == "worst"
    )
    scores = helm.score(records).scenarios["mmlu:subject=anatomy"]
    assert scores.perturbations["lowercase"]["exact_match"] == pytest.approx(worst)


def test_mmlu_in_helm():
    records = read(HELM, "subject")
    scores = mmlu.score(records)
    for subject, each in scores.subjects.items():
        assert each.accuracy == pytest.approx(helm_figure(helm_run(f"mmlu:subject={subject},"), "exact_match"))
    assert sorted(scores.subjects) == ["anatomy", "nutrition", "virology"]
    assert any("natural_qa" in note and "is no task of MMLU" in note for note in records.notes)
    assert any("their questions were perturbed" in note for note in records.notes)
    assert any("they are of the split valid" in note for note in records.notes)


def test_completions_of_helm_are_read_best_first():
    for record in read(helm_run("natural_qa"), "scenario"):
        assert record.prediction
        assert len(record.alternatives) == 1
        assert record.logprob <= 0


def test_lighteval():
    (file,) = (LIGHTEVAL / "results").rglob("*.json")
    figures = json.loads(file.read_text(encoding="utf-8"))["results"]
    scores = mmlu.score(read(LIGHTEVAL, "subject"))
    assert scores.subjects["anatomy"].accuracy == pytest.approx(figures["mmlu:anatomy|0"]["em"])
    assert scores.subjects["virology"].accuracy == pytest.approx(figures["mmlu:virology|0"]["acc"])
    tasks = bbh.score(read(LIGHTEVAL, "task"), extraction="direct").tasks
    assert tasks["boolean_expressions"].accuracy == pytest.approx(figures["bigbench_hard:boolean_expressions|0"]["em"])
    (model_folder,) = (LIGHTEVAL / "details").glob("*/*")
    (date_folder,) = model_folder.iterdir()
    assert read(model_folder, "subject") == read(date_folder, "subject") == read(LIGHTEVAL, "subject")


@pytest.mark.parametrize("kind", ["json", "eval"])
def test_inspect(kind):
    records = read(INSPECT / kind, "subject")
    (file,) = (INSPECT / kind).glob("*mmlu*")
    assert read(file, "subject") == records
    assert [(record.id, record.group) for record in records] == [
        ("q0", "virology"),
        ("q1", "anatomy"),
        ("q2", "anatomy"),
    ]
    # Two epochs, and thoughts that name other letters.
    assert all(len(record.alternatives) == 1 for record in records)
    assert all(record.prediction.startswith("ANSWER: ") for record in records)
    assert all(len(record.choices) == 4 for record in records)


def test_inspects_own_figures():
    (file,) = (INSPECT / "json").glob("*mmlu*")
    log = json.loads(file.read_text(encoding="utf-8"))
    answered = {(str(sample["id"]), sample["epoch"]): sample["scores"]["choice"]["answer"] for sample in log["samples"]}
    for record in read(file, "subject"):
        texts = (record.prediction, *record.alternatives)
        assert [text.removeprefix("ANSWER: ") for text in texts] == [answered[record.id, 1], answered[record.id, 2]]
    (file,) = (INSPECT / "json").glob("*bbh*")
    log = json.loads(file.read_text(encoding="utf-8"))
    scores = bbh.score(read(INSPECT / "json", "task"), extraction="direct")
    figure = log["results"]["scores"][0]["metrics"]["accuracy"]["value"]
    assert scores.tasks["boolean_expressions"].accuracy == pytest.approx(figure)
