"""BIG-bench Hard: extraction by hand and against Python's own regular expressions, and published accuracies."""

from __future__ import annotations

import collections
import gzip
import json
import re
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgauge as tg
from textgauge.benchmarks import bbh, read

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev" / "qa" / "bbh_code_davinci.jsonl.gz"

# `accuracy` of *_eval_metrics.jsonl, which the benchmark's repository publishes with these outputs: with a chain of
# thought, and direct.
PUBLISHED = {
    "boolean_expressions": (92.8, 88.4),
    "date_understanding": (87.2, 63.6),
    "dyck_languages": (56.8, 46.8),
    "geometric_shapes": (54.4, 32.0),
    "logical_deduction_five_objects": (54.8, 32.4),
    "logical_deduction_three_objects": (87.6, 52.8),
    "multistep_arithmetic_two": (47.6, 1.2),
    "object_counting": (93.2, 45.2),
    "reasoning_about_colored_objects": (91.6, 67.6),
    "salient_translation_error_detection": (60.8, 62.0),
    "sports_understanding": (97.6, 72.8),
    "tracking_shuffled_objects_five_objects": (89.6, 20.4),
    "tracking_shuffled_objects_three_objects": (78.4, 37.6),
    "word_sorting": (40.4, 50.4),
}


@pytest.fixture(scope="module")
def outputs():
    if not DATA.exists():
        pytest.skip("needs the outputs of code-davinci-002")
    rows = collections.defaultdict(list)
    with gzip.open(DATA, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row = json.loads(line)
            task = re.fullmatch(r"bbh-(.+)-\d+", row["id"])[1]
            rows[row["system"].rpartition("-")[2]].append({**row, "task": task})
    return rows


def percents(scores):
    return {task: round(100 * part.accuracy, 9) for task, part in scores.tasks.items()}


def test_published_accuracies_with_a_chain_of_thought(outputs):
    scores = bbh.score(outputs["cot"], extraction="strict")
    assert percents(scores) == {task: cot for task, (cot, _) in PUBLISHED.items()}
    assert scores.micro.items == 3500
    assert len(scores.missing_tasks) == 13


def test_published_accuracies_direct(outputs):
    assert percents(bbh.score(outputs["direct"], extraction="direct")) == {
        task: direct for task, (_, direct) in PUBLISHED.items()
    }


def test_the_harness_drops_the_last_character_whatever_it_is(outputs):
    found = percents(bbh.score(outputs["cot"], extraction="lm-eval-fewshot"))
    # Three right answers end without a full stop.
    assert found == {task: cot for task, (cot, _) in PUBLISHED.items()} | {"dyck_languages": 55.6}


def test_the_page_shows_these_figures(outputs):
    page = Path(__file__).resolve().parents[3] / "docs" / "benchmarks.md"
    rows = re.findall(r"^\| `(\w+)` \|((?: [\d.]+ \|){7})$", page.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {task: [float(figure) for figure in figures.split("|")[:-1]] for task, figures in rows}
    ways = [
        ("cot", "strict"),
        ("cot", "lm-eval-fewshot"),
        ("cot", "flexible"),
        ("direct", "direct"),
        ("direct", "flexible"),
    ]
    found = [percents(bbh.score(outputs[system], extraction=extraction)) for system, extraction in ways]
    for task, (cot, direct) in PUBLISHED.items():
        strict, fewshot, flexible, raw, loose = (each[task] for each in found)
        assert shown[task] == [cot, strict, fewshot, flexible, direct, raw, loose]
    assert shown.keys() == PUBLISHED.keys()


def test_real_outputs_as_the_harness_reads_them(outputs):
    pattern = re.compile(r"(?<=the answer is )(.*)(?=.)")
    for row in outputs["cot"]:
        found = pattern.findall(row["hypothesis"])
        assert bbh.answer(row["hypothesis"], row["task"], extraction="lm-eval-fewshot") == (
            (found[0].strip() or None) if found else None
        )


def test_the_table_of_tasks():
    assert len(bbh.TASKS) == 27
    names = {re.sub(r"_(three|five|seven)_objects$", "", task) for task in bbh.TASKS}
    assert len(names) == 23


STRICT = [
    ("So the answer is (B).", "(B)"),
    ("So the answer is (B)", "(B)"),
    ("the answer is 1. So the answer is -2.", "-2"),
    ("So the answer is True.\nQ: another", "True"),
    ("So the answer is 2.5.", "2.5"),
    ("So the answer is ..", "."),
    ("So the answer is .", None),
    ("So the answer is ", None),
    ("So The answer is 5.", None),
    ("5", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "answer"), STRICT)
def test_strict(text, answer):
    assert bbh.answer(text, "object_counting", extraction="strict") == answer


HARNESS = [
    ("So the answer is (B).", "(B)", "(B)"),
    ("So the answer is (B)", "(B", "(B"),
    ("The answer is 12.", None, "12"),
    ("The answer: 12.", None, "12"),
    ("The final answer: yes.", None, "yes"),
    ("the answer is 1.\nthe answer is 2.", "1", "1"),
    ("the answer is .", None, None),
    ("nothing", None, None),
]


@pytest.mark.parametrize(("text", "fewshot", "strict"), HARNESS)
def test_as_the_harness(text, fewshot, strict):
    assert bbh.answer(text, "navigate", extraction="lm-eval-fewshot") == fewshot
    assert bbh.answer(text, "navigate", extraction="lm-eval-strict") == strict


OPTIONS = ["The red cup", "The blue cup", "St. John's", "A white cup"]
WORDS = ["oak", "it&t", "fir", "ash"]
FLEXIBLE = [
    ("boolean_expressions", "True and False is False", "False"),
    ("boolean_expressions", "Truer", None),
    ("causal_judgement", "Yes? No.", "No"),
    ("navigate", "no way, yes", "yes"),
    ("navigate", "know, YES", None),
    ("formal_fallacies", "valid or invalid", "invalid"),
    ("sports_understanding", "That is not plausible.", "no"),
    ("sports_understanding", "Plausible!", "yes"),
    ("sports_understanding", "Yes, no", "no"),
    ("sports_understanding", "implausible", None),
    ("web_of_lies", "Ada does not tell the truth", "no"),
    ("web_of_lies", "So Ada tells the truth.", "yes"),
    ("web_of_lies", "Ada lies", None),
    ("object_counting", "2 + 5 = 7 plums", "7"),
    ("object_counting", "twelve", "12"),
    ("object_counting", "There are one hundred and five.", "105"),
    ("object_counting", "six thousand, two hundred", "6200"),
    ("object_counting", "one, two, three", "3"),
    ("object_counting", "none, often, someone", None),
    ("multistep_arithmetic_two", "it is -17.", "-17"),
    ("multistep_arithmetic_two", "1,234", "234"),
    ("dyck_languages", "So: ] ) }", "] ) }"),
    ("dyck_languages", "stack [ ( then ) ]", ") ]"),
    ("dyck_languages", "x", None),
    ("word_sorting", "ash fir it&t oak", "ash fir it&t oak"),
    ("word_sorting", "oak? No: ash, fir, it&t, and oak", "ash fir it&t oak"),
    ("word_sorting", "ashes firs", None),
    ("date_understanding", "(A) or (C)", "(C)"),
    ("snarks", "It is THE BLUE CUP!", "(B)"),
    ("snarks", "Surely st johns", "(C)"),
    ("snarks", "My choice: A", "(A)"),
    ("snarks", "My choice: E", None),
    ("snarks", "B", None),
]


@pytest.mark.parametrize(("task", "text", "answer"), FLEXIBLE)
def test_flexible(task, text, answer):
    assert bbh.answer(text, task, extraction="flexible", choices=OPTIONS, words=WORDS) == answer


texts = st.text(alphabet=st.sampled_from("the answr isTY()[]{}<>.,:-01ABno \n\"'"), max_size=60)
PATTERNS = {
    "boolean_expressions": r"\b(True|False)\b",
    "navigate": r"\b(Yes|No|yes|no)\b",
    "formal_fallacies": r"\b(valid|invalid)\b",
    "multistep_arithmetic_two": r"([-0-9]+)",
    "dyck_languages": r'(?<= )([" \[\(<{}>\)\]]+)|([" \[\(<{}>\)\]]+)',
    "hyperbaton": r"(\([A-Z]\))",
}


@pytest.mark.parametrize("task", PATTERNS)
@given(text=st.lists(st.one_of(texts, st.sampled_from(["True", "no", "yes", "invalid", " ", ")"]))).map("".join))
def test_flexible_is_the_last_match(task, text):
    matches = list(re.finditer(PATTERNS[task], text))
    expected = next(filter(None, matches[-1].groups()), "").strip() if matches else ""
    if task == "multistep_arithmetic_two" and not matches:
        return
    assert bbh.answer(text, task, extraction="flexible") == (expected or None)


@given(texts.map(lambda text: "the answer is " + text))
def test_the_harness_takes_all_but_the_last_character_of_the_line(text):
    line = text.split("\n")[0].removeprefix("the answer is ")
    assert bbh.answer(text, "snarks", extraction="lm-eval-fewshot") == (line[:-1].strip() or None) or not line


@given(
    st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=4), min_size=1, max_size=6, unique=True), st.data()
)
def test_sorted_words_keep_their_last_places(words, data):
    said = data.draw(st.lists(st.sampled_from(words), max_size=12))
    last = {word: place for place, word in enumerate(said)}
    expected = " ".join(sorted(last, key=last.get))
    found = bbh.answer(", ".join(said), "word_sorting", extraction="flexible", words=words)
    assert found == (expected or None)


@given(st.text(max_size=80), st.sampled_from(list(bbh.TASKS)), st.sampled_from(bbh.EXTRACTIONS))
def test_any_text_has_an_answer_or_none(text, task, extraction):
    found = bbh.answer(text, task, extraction=extraction, choices=["(", "[a", ""], words=["(", "a+"])
    assert found is None or found


def row(task, target, prediction, **fields):
    return {"task": task, "target": target, "prediction": prediction, **fields}


def test_case_and_marks_are_ignored_where_the_harness_ignores_them():
    rows = [row("navigate", "Yes", "The answer is YES.."), row("object_counting", "1234", "The answer is 1,234.")]
    assert bbh.score(rows, extraction="lm-eval-strict").micro.correct == 2
    assert bbh.score(rows, extraction="strict").micro.correct == 0
    assert bbh.score(rows).micro.correct == 2


def test_choices_and_words_come_from_the_question():
    question = "Which?\nOptions:\n(A) The red cup\n(B) The blue cup"
    sort = "Sort the following words alphabetically: List: oak fir"
    rows = [
        row("snarks", "(B)", "the blue cup", input=question),
        row("hyperbaton", "(A)", "the red cup", choices=["The red cup", "The blue cup"]),
        row("word_sorting", "fir oak", "fir, then oak", input=sort),
        row("word_sorting", "fir oak", "fir, then oak", id="without a question"),
    ]
    assert bbh.score(rows, extraction="flexible").micro.correct == 4


DATES = {"choices": ["01/01", "02/02"]}


@pytest.mark.parametrize("target", [1, "B", "(B)", "02/02", ["B", "02/02"]])
def test_targets_of_choices(target):
    rows = [
        row("date_understanding", target, None, choice_logprobs=[-3, -1], **DATES),
        row("date_understanding", target, "So the answer is (B).", **DATES),
        row("date_understanding", target, "So the answer is B.", **DATES),
        row("date_understanding", target, "So the answer is 02/02.", **DATES),
        row("date_understanding", target, None, choice_logprobs=[-1, -3], **DATES),
        row("date_understanding", target, "So the answer is (A).", **DATES),
        row("date_understanding", target, "So the answer is b.", **DATES),
        row("date_understanding", target, "So the answer is (C).", **DATES),
    ]
    items = bbh.score(rows, extraction="strict").items
    assert [item.correct for item in items] == [True] * 4 + [False] * 4
    assert [item.correct for item in bbh.score(rows).items] == [True] * 4 + [False] * 2 + [True, False]
    assert {item.reference for item in items} == {"02/02"}
    # The rows of `--out` compare to the same.
    assert [item.prediction == item.reference for item in items] == [item.correct for item in items]


def test_targets_of_letters_by_log_probabilities_alone():
    rows = [row("snarks", target, None, choice_logprobs=[-3, -1]) for target in (1, "B", "(B)")]
    assert bbh.score(rows).micro.correct == 3


def test_choices_are_named_as_loosely_as_texts_are_compared():
    rows = [
        row("navigate", 0, "yes.", choices=["Yes", "No"]),
        row("navigate", "Yes", "So no", choices=["Yes", "No"]),
        row("ruin_names", "B", "(B)", choices=["r.e.m.", "r,e.m"]),
        row("ruin_names", "r,e.m", "(A)", choices=["r.e.m.", "r,e.m"]),
    ]
    assert [item.correct for item in bbh.score(rows, extraction="flexible").items] == [True, False, True, False]


def test_a_text_of_a_choice_goes_before_a_letter():
    rows = [row("snarks", "A", "So the answer is (B).", choices=["B", "A"])]
    assert bbh.score(rows, extraction="strict").micro.correct == 1
    # A person reads the letter of the second choice, whose text is A.
    assert bbh.score(rows).micro.correct == 1


@pytest.mark.parametrize("target", [2, -1, "C", "(C)", "03/03", ["B", "03/03"]])
def test_targets_that_are_no_choice(target):
    for fields in ({"prediction": "So the answer is (B)."}, {"choice_logprobs": [-3, -1]}):
        with pytest.raises(tg.InputError, match=r"row 0: the target is .*none of 2 choices") as caught:
            bbh.score([{"task": "date_understanding", "target": target, **DATES, **fields}])
        assert caught.value.code == "bad-record"


def test_targets_without_choices():
    rows = [
        row("object_counting", 5, "So the answer is 5."),
        row("boolean_expressions", "True", "So the answer is True.", choice_logprobs=[-1, -2]),
    ]
    assert bbh.score(rows).micro.correct == 2
    with pytest.raises(tg.InputError, match="row 0: the target is 1, none of 0 choices"):
        bbh.score([row("snarks", 1, "So the answer is (B).")])


def test_errors_carry_their_row(tmp_path):
    rows = [row("snarks", "(A)", ""), row("snark", "(A)", "")]
    with pytest.raises(tg.InputError, match="row 1: no task") as caught:
        bbh.score(rows)
    assert caught.value.row == 1
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(tg.InputError, match=r"a\.jsonl, line 2: no task") as caught:
        bbh.score(read(file, "task"))
    assert caught.value.row == 1


def test_average_counts_variants_as_one_task():
    rows = [
        row("logical_deduction_three_objects", "(A)", "So the answer is (A)."),
        row("logical_deduction_five_objects", "(A)", "So the answer is (B)."),
        row("snarks", "(A)", "So the answer is (A).", id="1"),
        row("snarks", "(A)", "So the answer is (A).", id="2"),
    ]
    scores = bbh.score(rows)
    assert scores.average == np.mean([np.mean([1, 0]), 1])
    assert scores.micro.accuracy == 0.75


def test_no_answer_is_wrong_and_listed():
    rows = [
        row("snarks", "(A)", "(A)", id="x"),
        row("snarks", "(A)", None, id="y"),
        row("snarks", "(A)", "So the answer is (A).", id="z"),
    ]
    scores = bbh.score(rows, extraction="strict")
    assert [item.id for item in scores.unanswered] == ["x", "y"]
    assert scores.tasks["snarks"].unanswered == 2
    assert [item.id for item in bbh.score(rows, extraction="direct").unanswered] == ["y"]


def test_logs_of_the_harness(tmp_path):
    doc = {"input": "not True is", "target": "False"}
    text = {"doc_id": 7, "doc": doc, "target": "False", "arguments": {}, "resps": [["So the answer is False."]]}
    (tmp_path / "samples_bbh_cot_fewshot_boolean_expressions_2024-05-06T07-08-09.jsonl").write_text(json.dumps(text))
    arguments = {
        f"gen_args_{k}": {"arg_0": "not True is", "arg_1": f" {word}"} for k, word in enumerate(["False", "True"])
    }
    pairs = [[["-1.0", "False"]], [["-0.5", "True"]]]
    chosen = {"doc_id": 0, "doc": doc, "target": "False", "arguments": arguments, "resps": pairs}
    (tmp_path / "samples_leaderboard_bbh_navigate.jsonl").write_text(json.dumps(chosen))
    scores = bbh.score(read(tmp_path, "task"))
    assert [(item.group, item.id, item.prediction) for item in scores.items] == [
        ("boolean_expressions", "7", "False"),
        ("navigate", "0", "True"),
    ]
    assert [item.correct for item in scores.items] == [True, False]


def test_logs_of_the_harness_are_named_for_their_task(tmp_path):
    text = {"doc_id": 7, "doc": {}, "target": "False", "resps": [["False"]]}
    (tmp_path / "log.jsonl").write_text(json.dumps(text))
    with pytest.raises(tg.InputError, match=r"log\.jsonl, line 1: which task\?"):
        read(tmp_path / "log.jsonl", "task")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no records"),
        ([row("snark", "(A)", "")], "row 0: no task of BIG-bench Hard is called 'snark'; did you mean 'snarks'?"),
        ([row("snarks", None, "")], "row 0: 'target' is empty"),
        ([row("snarks", "(A)", ["(A)", 1])], "row 0: 'prediction' is"),
        (["snarks"], "row 0: str is no object"),
    ],
)
def test_what_cannot_be_scored(rows, message):
    with pytest.raises(tg.InputError, match=message):
        bbh.score(rows)


def test_no_such_extraction():
    with pytest.raises(tg.ConfigError, match="one of chat, strict, flexible, direct, lm-eval-fewshot"):
        bbh.answer("", "snarks", extraction="loose")
