"""Answers as a person would read them: cases from the field, the labelled outputs, published outputs, hostile texts."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgauge as tg
from textgauge.benchmarks import bbh, mmlu
from textgauge.benchmarks.answers import chat
from textgauge.benchmarks.differences import differences, snippet
from textgauge.benchmarks.records import as_records

ROOT = Path(__file__).resolve().parents[3]
LABELLED = sorted((ROOT / "tests" / "vectors" / "answers" / "chat").glob("*.jsonl"))
DATA = ROOT.parent / "shared" / "data" / "dev" / "qa" / "bbh_code_davinci.jsonl.gz"

FIELD = [
    ("B. 4", (), "B"),
    ("<think>\nMaybe: A. Hmm\n</think>\n\nB", (), "B"),
    ("(A) is wrong. So the answer is (C).", (), "C"),
    ("Antwort:\n\nAntwort: C", (), "C"),
    ("The answer is 1000.", ("10", "100", "1000", "1"), "C"),
    ("Answer: C\n\n1. Because", ("1", "2", "3", "4"), "C"),
    ("The answer is **B**.", (), "B"),
    (r"\boxed{B}", (), "B"),
    ("**Answer:** B", (), "B"),
    ("Option B", (), "B"),
    ("The correct option is B.", (), "B"),
    ("答案：C", (), "C"),
]


@pytest.mark.parametrize(("text", "choices", "letter"), FIELD)
def test_cases_from_the_field(text, choices, letter):
    assert mmlu.answer(text, choices=choices) == letter


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The answer is 1,024.", "1024"),
        ("24.0", "24"),
        ("twenty-four", "24"),
        ("So the answer is -7.", "-7"),
        ("$24", "24"),
        ("24 apples", "24"),
        ("The answer is 3/4.", "3/4"),
        ("There are 3 pears. The total is 3 + 4 = 7.", "7"),
        ("B12 has none", None),
    ],
)
def test_numbers(text, number):
    assert bbh.answer(text, "object_counting") == number


KINDS = [
    # Evidence in its order, and what takes it back.
    (r"\boxed{B} and not A", (), "B"),
    ("The answer is A. Wait, no — C.", (), "C"),
    (r"\boxed{A} Wait, I made a mistake. The answer is \textbf{D}.", (), "D"),
    ("The answer is either A or B.", (), None),
    ("I can't tell.", (), None),
    ("None of the above.", (), None),
    ("None of the above.", ("a", "b", "none of the above"), "C"),
    ("The answer is not A.", (), None),
    ("A is wrong.", (), None),
    ("A person would know.", (), None),
    ("I think so.", (), None),
    ("B is tempting, but C is correct.", (), "C"),
    ("Question: Which?\nA. red\nB. blue\nC. green", (), None),
    ("B\n\nQuestion: Another?\nAnswer: C", (), "B"),
    ("vitamin B", (), None),
    ("The answer is vitamin B.", ("vitamin A", "vitamin B"), "B"),
    ("The dark red cup", ("red cup", "dark red cup"), "B"),
    ("<think>A", (), None),
    ("A</think>B", (), "B"),
    ("<|channel|>analysis<|message|>A?<|end|><|start|>assistant<|channel|>final<|message|>B<|return|>", (), "B"),
    ('{"reasoning": "A is out", "answer": "B"}', (), "B"),
    ("<answer>B</answer>", (), "B"),
    ("（Ｂ）", (), "B"),
    ("Ⓑ", (), "B"),
    ("$\\mathbf{B}$", (), "B"),
    ("(b)", (), "B"),
    ("~~A~~ B", (), "B"),
    ("La respuesta correcta es B.", (), "B"),
    ("Die richtige Antwort ist (C).", (), "C"),
    ("La bonne réponse est D.", (), "D"),
    ("正解はBです。", (), "B"),
    ("D'accord", (), None),
    ("答案不是A，而是B。", (), "B"),
]


@pytest.mark.parametrize(("text", "choices", "letter"), KINDS)
def test_kinds(text, choices, letter):
    assert mmlu.answer(text, choices=choices) == letter


@pytest.mark.parametrize(
    ("text", "task", "found"),
    [
        ("So the answer is > ] ].", "dyck_languages", "> ] ]"),
        ("`>]]`", "dyck_languages", "> ] ]"),
        ("Sorted alphabetically:\n\n1. ash\n2. fir", "word_sorting", "ash fir"),
        ("The sorted list is: ash, fir.", "word_sorting", "ash fir"),
        ("No, this isn't plausible.", "sports_understanding", "no"),
        ("The argument is **invalid**.", "formal_fallacies", "invalid"),
        ("So the answer is (B)", "snarks", "(B)"),
        ("It is True if it rains, and False otherwise.", "boolean_expressions", None),
    ],
)
def test_other_answers(text, task, found):
    assert bbh.answer(text, task) == found


def labelled():
    for file in LABELLED:
        with file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def found_in(row):
    if row["benchmark"] == "bbh":
        return bbh.answer(row["output"], row["task"], choices=row.get("choices", ()), explain=True)
    choices = row.get("choices", ())
    return mmlu.answer(row["output"], choices=choices, number=row.get("number", 4), explain=True)


def test_the_labelled_outputs():
    rows = list(labelled())
    assert len(rows) >= 400
    right, false = 0, []
    for row in rows:
        found = found_in(row)
        answer = None if found is None else found.answer
        right += answer == row["answer"]
        if row["answer"] is None and answer is not None:
            false.append(row["id"])
    assert right / len(rows) >= 0.98
    assert not false


def test_the_page_shows_their_tables():
    tool = ROOT / "tools" / "labelled_answers.py"
    done = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_letter_stands_where_it_was_read():
    """Unless a choice was named by its text or its place, or is what the others leave."""
    for row in labelled():
        found = found_in(row)
        if found is None or row["benchmark"] != "mmlu" or row.get("choices"):
            continue
        letters = re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", row["output"])
        if found.answer in {letter.upper() for letter in letters}:
            piece = row["output"][found.start : found.end]
            assert len(piece) == 1
            assert piece.upper() == found.answer or not piece.isascii()


@pytest.fixture(scope="module")
def published():
    if not DATA.exists():
        pytest.skip("needs the outputs of code-davinci-002")
    with gzip.open(DATA, "rt", encoding="utf-8", newline="\n") as lines:
        rows = [json.loads(line) for line in lines]
    return [{**row, "task": re.fullmatch(r"bbh-(.+)-\d+", row["id"])[1]} for row in rows]


@pytest.mark.parametrize(("system", "extraction"), [("cot", "strict"), ("direct", "direct")])
def test_nothing_is_lost_that_the_paper_counts_as_right(published, system, extraction):
    rows = [row for row in published if row["system"].endswith(system)]
    right = {item.id for item in bbh.score(rows, extraction=extraction).items if item.correct}
    chat = {item.id for item in bbh.score(rows).items if item.correct}
    assert right <= chat


LARGE = [
    "A",
    "A ",
    "(",
    "<",
    "<think>",
    "</think>",
    "<|im_end|> ",
    "<answer>",
    "\\boxed{",
    "answer is ",
    "not ",
    "A? No. ",
    "A - no, ",
    "only A ",
    "first option ",
    "if B, otherwise A ",
    "] and ",
    "А ",
    "one hundred ",
    "1,",
    "答案是",
    "~~",
    "\x00",
    "\u202e",
    "\ud800",
]


@pytest.mark.parametrize("piece", LARGE)
@pytest.mark.parametrize("kind", ["choice", "number", "brackets", "words", "yes or no"])
def test_large_texts_end(piece, kind):
    text = piece * (1_000_000 // len(piece))
    found = chat.reading(text, kind, number=4)
    assert found is None or 0 <= found.start < found.end <= len(text)


PIECES = ["<think>", "</think>", "(A)", "B", "\n", "Ⓑ", "é", "答案", "是", "\\boxed{", "}", "**", "<b>", "~~", " "]
PIECES += [
    "<|im_end|>",
    "[INST]",
    "is ",
    "not ",
    "or ",
    "1,024",
    "十",
    "\x00",
    "\ud800",
    "\u202e",
    "Answer: ",
    "wait, ",
    "otherwise ",
    "not A but ",
    "ではなく",
    "✅ ",
    "А",
    "first option",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20), st.integers(2, 26))
def test_an_answer_is_a_choice_and_stands_in_the_text(pieces, number):
    text = "".join(pieces)
    found = mmlu.answer(text, number=number, explain=True)
    if found is not None:
        assert 0 <= ord(found.answer) - ord("A") < number
        piece = text[found.start : found.end]
        assert len(piece) == 1 or piece == "first option"
        assert found.answer == mmlu.answer(text, number=number)
    for kind in ("number", "brackets", "words", "truth"):
        other = chat.reading(text, kind, texts=["A", "B"] if kind == "words" else ())
        assert other is None or text[other.start : other.end]


@given(st.text(max_size=30), st.sampled_from(mmlu.EXTRACTIONS), st.lists(st.text(max_size=4), max_size=4))
def test_every_mode_says_where_a_letter_stands(text, extraction, choices):
    found = mmlu.answer(text, extraction=extraction, choices=choices, explain=True)
    assert mmlu.answer(text, extraction=extraction, choices=choices) == (found and found.answer)
    if found is not None:
        assert found.rule
        assert 0 <= found.start < found.end <= len(text)


@given(st.text(max_size=30), st.sampled_from(list(bbh.TASKS)), st.sampled_from(bbh.EXTRACTIONS))
def test_every_mode_says_where_an_answer_stands(text, task, extraction):
    found = bbh.answer(text, task, extraction=extraction, words=["a", "b"], choices=["x", "y"], explain=True)
    assert bbh.answer(text, task, extraction=extraction, words=["a", "b"], choices=["x", "y"]) == (
        found and found.answer
    )
    if found is not None:
        assert found.rule
        assert 0 <= found.start < found.end <= len(text)


def test_pieces_of_the_faithful_modes():
    text = "It is **Red fish**, İ say; the answer is C"
    found = mmlu.answer(text, extraction="flexible", choices=["blue fish", "red fish"], explain=True)
    assert (found.answer, text[found.start : found.end]) == ("B", "Red fish")
    text = "So the answer is  (B). \nQ"
    found = bbh.answer(text, "snarks", extraction="strict", explain=True)
    assert (found.rule, text[found.start : found.end]) == ("the answer is", "(B)")
    text = "İ count two pears, and then one thousand two"
    found = bbh.answer(text, "object_counting", extraction="flexible", explain=True)
    assert (found.answer, text[found.start : found.end]) == ("1002", "one thousand two")


def test_columns_of_texts():
    texts = ["B", None, "The answer is 10.", "Either A or B."]
    choices = [["1", "10"], ["1", "10"], ["1", "10"], ["1", "10"]]
    assert chat.answers(texts, "choice", number=2) == ["B", None, None, None]
    assert chat.answers(texts, "choice", choices=choices) == ["B", None, "B", None]
    assert chat.answers([], "choice", number=2) == []
    many = [f"The answer is {'ABCD'[number % 4]}." for number in range(70_000)]
    assert chat.answers(many, "choice", number=4, threads=2) == [text[-2] for text in many]
    with pytest.raises(tg.InputTypeError, match="row 1"):
        chat.answers(["A", 3], "choice", number=2)
    with pytest.raises(tg.ConfigError, match="the kind of answer is one of choice, truth"):
        chat.answers(["A"], "song", number=2)


def test_differences_between_modes():
    rows = [
        {"id": "a", "subject": "anatomy", "target": "B", "prediction": "I say:\n**B**"},
        {"id": "b", "subject": "anatomy", "target": "B", "prediction": "B"},
        {"id": "c", "subject": "anatomy", "target": "B", "prediction": None},
    ]
    [found] = differences(as_records(rows, "subject"), mmlu.reading, "chat", "strict")
    assert (found.record.id, found.first.answer, found.second) == ("a", "B", None)
    assert snippet(found.record.prediction, found.first, 20) == "I say: **B**"


def test_answers_of_chat_are_compared_fairly():
    rows = [
        {"task": "object_counting", "target": "1024", "prediction": "1,024.0"},
        {"task": "word_sorting", "target": "ash fir", "prediction": "The sorted list is: Ash, fir."},
        {"task": "dyck_languages", "target": "> ]", "prediction": "`>]`"},
        {"task": "snarks", "target": "B", "prediction": "(b)"},
        {"task": "navigate", "target": "yes", "prediction": "Yes."},
    ]
    items = bbh.score(rows).items
    assert all(item.correct for item in items)
    assert all(item.prediction == item.reference for item in items)
