"""The spellings of subjects and tasks."""

from __future__ import annotations

import pytest

import textgauge as tg
from textgauge.benchmarks import bbh, mmlu
from textgauge.benchmarks.accuracy import resolve
from textgauge.benchmarks.names import plain, split


@pytest.mark.parametrize(
    "name",
    [
        "anatomy",
        "Anatomy",
        "anatomy_test",
        "anatomy_test.csv",
        "anatomy_val",
        "mmlu_anatomy",
        "mmlu_anatomy_generative",
        "mmlu_anatomy_continuation",
        "mmlu_anatomy_generative_spanish",
        "mmlu_redux_anatomy_generative",
        "mmlu_flan_n_shot_generative_anatomy",
        "mmlu_flan_cot_zeroshot_anatomy",
        "global_mmlu_full_es_anatomy",
        "mmmlu_de_de_anatomy",
        "hendrycksTest-anatomy",
        "mmlu:subject=anatomy,method=multiple_choice_joint,model=openai_gpt2",
        "mmlu:subject=anatomy",
        "lighteval|mmlu:anatomy|5|0",
        "mmlu:anatomy|5",
        "harness|hendrycksTest-anatomy|5",
        "mmlu/anatomy",
    ],
)
def test_subjects(name):
    assert resolve(name, mmlu.SUBJECTS, "subject of MMLU") == "anatomy"


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("High School Biology", "high_school_biology"),
        ("mmlu_high_school_biology", "high_school_biology"),
        ("High School Government & Politics", "high_school_government_and_politics"),
        ("U.S. Foreign Policy", "us_foreign_policy"),
        ("mmlu_world_religions", "world_religions"),
    ],
)
def test_longer_subjects(name, subject):
    assert resolve(name, mmlu.SUBJECTS, "subject of MMLU") == subject


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("bbh_cot_fewshot_web_of_lies", "web_of_lies"),
        ("leaderboard_bbh_causal_judgement", "causal_judgement"),
        ("bbh_zeroshot_causal_judgment", "causal_judgement"),
        ("Tracking Shuffled Objects (three objects)", "tracking_shuffled_objects_three_objects"),
        ("lighteval|bigbench_hard:snarks|3|0", "snarks"),
    ],
)
def test_tasks(name, task):
    assert resolve(name, bbh.TASKS, "task of BIG-bench Hard") == task


@pytest.mark.parametrize(
    "name", ["", "mmlu_stem", "alchemy", "testanatomy", "anatomy_of_melancholy", "mmlu:subject=all"]
)
def test_no_subject(name):
    with pytest.raises(tg.InputError, match="no subject of MMLU is called"):
        resolve(name, mmlu.SUBJECTS, "subject of MMLU")


def test_what_stands_before_the_name():
    assert split("cmmlu_anatomy", mmlu.SUBJECTS) == ("cmmlu", "anatomy")
    assert split("anatomy", mmlu.SUBJECTS) == ("", "anatomy")
    assert split("mmlu_stem", mmlu.SUBJECTS) is None


def test_every_subject_and_task_is_its_own_plain_name():
    for name in (*mmlu.SUBJECTS, *bbh.TASKS):
        assert plain(name) == name
