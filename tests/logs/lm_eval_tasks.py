"""Tasks of lm-evaluation-harness over questions of our own, in the shape of the harness's own tasks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MMLU = [
    {
        "question": "Which part of the body holds the stapes?",
        "choices": ["knee", "middle ear", "lung", "heel"],
        "answer": 1,
    },
    {"question": "How many bones has the thumb?", "choices": ["2", "3", "1", "4"], "answer": 0},
    {"question": "What lies behind the iris?", "choices": ["the nail", "a rib", "the jaw", "the lens"], "answer": 3},
]  # fmt: skip
PRO = [
    {
        "question_id": 70 + number,
        "question": question,
        "options": [f"{number + index} metres" for index in range(10)],
        "answer": "ABCDEFGHIJ"[answer],
        "answer_index": answer,
        "category": category,
    }
    for number, (question, answer, category) in enumerate(
        [("How tall is the shed?", 9, "physics"), ("How wide is the pond?", 4, "biology"), ("How deep?", 2, "biology")]
    )
]
GLOBAL = [
    {
        "sample_id": f"{subject}/test/{number}",
        "subject": subject,
        "subject_category": "Business",
        "question": question,
        "option_a": "yes",
        "option_b": "no",
        "option_c": "seldom",
        "option_d": "always",
        "answer": "B",
    }
    for number, (question, subject) in enumerate(
        [
            ("Is a ledger a ladder?", "business_ethics"),
            ("Is a brand a tax?", "marketing"),
            ("Is a lease a loan?", "marketing"),
        ]
    )
]
TRUTH = [
    {"input": "not ( True ) and True is", "target": "False"},
    {"input": "True or ( not False ) is", "target": "True"},
    {"input": "( False or False ) is", "target": "False"},
]
COUNTING = [
    {"input": "I have two plums and a pear. How many fruits?", "target": "3"},
    {"input": "I have a drum. How many instruments?", "target": "1"},
    {"input": "I have two figs, a fork and two kiwis. How many fruits?", "target": "4"},
]
DATES = [
    {
        "input": "It is 2 May 2020. What is the date tomorrow in MM/DD/YYYY?\nOptions:\n(A) 05/03/2020\n(B) 05/01/2020",
        "target": "(A)",
    },
    {
        "input": "It is 1 May 2020. What was it yesterday in MM/DD/YYYY?\nOptions:\n(A) 05/02/2020\n(B) 04/30/2020",
        "target": "(B)",
    },
]
SUMS = [{"question": "What is 2 + 3?", "answer": "5"}, {"question": "What is 2 + 2?", "answer": "4"}]

LETTERS = (
    "{{question.strip()}}\\nA. {{choices[0]}}\\nB. {{choices[1]}}\\nC. {{choices[2]}}\\nD. {{choices[3]}}\\nAnswer:"
)
OPTIONS = "Q: {{question.strip()}}\\n(A) {{choices[0]}} (B) {{choices[1]}} (C) {{choices[2]}} (D) {{choices[3]}}\\nA:"
LETTERED = "{{question}}\\nA. {{option_a}}\\nB. {{option_b}}\\nC. {{option_c}}\\nD. {{option_d}}\\nAnswer:"


def _head(task: str, data: str) -> str:
    lines = (f"task: {task}", "dataset_path: json", "dataset_kwargs:", "  data_files:", f"    test: data/{data}.jsonl")
    return "\n".join((*lines, "test_split: test"))


def _metrics(*names: str) -> str:
    lines = [f"  - metric: {name}\n    aggregation: mean\n    higher_is_better: true" for name in names]
    return "\n".join(["metric_list:", *lines, "metadata:", "  version: 1.0"])


def _exact_match(**options: bool) -> str:
    lines = "".join(f"    {name}: {str(value).lower()}\n" for name, value in options.items())
    each = "metric_list:\n  - metric: exact_match\n    aggregation: mean\n    higher_is_better: true\n"
    return f"{each}{lines}metadata:\n  version: 1.0"


def letters(task: str, data: str = "mmlu") -> str:
    return f"""{_head(task, data)}
output_type: multiple_choice
doc_to_text: "{LETTERS}"
doc_to_choice: ["A", "B", "C", "D"]
doc_to_target: answer
{_metrics("acc")}
"""


def continuation(task: str, *, mutual: bool = False) -> str:
    names = ("acc", "acc_norm", *(("acc_mutual_info",) if mutual else ()))
    return f"""{_head(task, "mmlu")}
output_type: multiple_choice
doc_to_text: "Question: {{{{question.strip()}}}}\\nAnswer:"
doc_to_choice: "{{{{choices}}}}"
doc_to_target: "{{{{answer}}}}"
{_metrics(*names)}
"""


def generative(task: str, target: str = "{{['A', 'B', 'C', 'D'][answer]}}") -> str:
    return f"""{_head(task, "mmlu")}
output_type: generate_until
doc_to_text: "{LETTERS}"
doc_to_target: "{target}"
generation_kwargs:
  until: ["\\n"]
{_exact_match(ignore_case=True, ignore_punctuation=True)}
"""


def flan(task: str) -> str:
    """With two filters, so that each document is logged twice."""
    return f"""{_head(task, "mmlu")}
output_type: generate_until
doc_to_text: "{OPTIONS}"
doc_to_target: "{{{{['(A)', '(B)', '(C)', '(D)'][answer]}}}}"
generation_kwargs:
  until: ["Q:"]
filter_list:
  - name: strict-match
    filter:
      - function: take_first
  - name: flexible-extract
    filter:
      - function: regex
        regex_pattern: "(\\\\([A-Z]\\\\))"
      - function: take_first
{_exact_match()}
"""


def fewshot_cot(task: str, data: str, repeats: int = 1) -> str:
    return f"""{_head(task, data)}
output_type: generate_until
doc_to_text: "Q: {{{{input}}}}\\nA: Let's think step by step."
doc_to_target: "{{{{target}}}}"
repeats: {repeats}
generation_kwargs:
  until: ["Q:"]
filter_list:
  - name: get-answer
    filter:
      - function: regex
        regex_pattern: "(?<=the answer is )(.*)(?=.)"
      - function: take_first
{_exact_match()}
"""


def by_likelihood(task: str, data: str, choices: str) -> str:
    return f"""{_head(task, data)}
output_type: multiple_choice
doc_to_text: "Q: {{{{input}}}}\\nA:"
doc_to_choice: {choices}
doc_to_target: "{{{{target}}}}"
{_metrics("acc", "acc_norm")}
"""


def sums(task: str) -> str:
    return f"""{_head(task, "sums")}
output_type: generate_until
doc_to_text: "Question: {{{{question}}}}\\nAnswer:"
doc_to_target: "{{{{answer}}}}"
generation_kwargs:
  until: ["Question:"]
{_exact_match()}
"""


def pro(task: str) -> str:
    return f"""{_head(task, "pro")}
output_type: generate_until
doc_to_text: "Question: {{{{question}}}}\\nAnswer: Let's think step by step."
doc_to_target: answer
generation_kwargs:
  until: ["Question:"]
filter_list:
  - name: custom-extract
    filter:
      - function: regex
        regex_pattern: 'answer is \\(?([ABCDEFGHIJ])\\)?'
      - function: take_first
{_exact_match(ignore_case=True, ignore_punctuation=True)}
"""


def pro_by_likelihood(task: str) -> str:
    return f"""{_head(task, "pro")}
output_type: multiple_choice
doc_to_text: "{{{{question}}}}\\nAnswer:"
doc_to_choice: ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]
doc_to_target: answer
{_metrics("acc")}
"""


def in_language(task: str) -> str:
    return f"""{_head(task, "global")}
output_type: multiple_choice
doc_to_text: "{LETTERED}"
doc_to_choice: ["A", "B", "C", "D"]
doc_to_target: answer
{_metrics("acc")}
"""


COUNTS = json.dumps([str(number) for number in range(6)])

# What all versions run.
TASKS = {
    task: make(task)
    for task, make in {
        "mmlu_anatomy": letters,
        "mmlu_virology_continuation": lambda task: continuation(task, mutual=True),
        "mmlu_flan_n_shot_generative_human_aging": flan,
        "bbh_cot_fewshot_boolean_expressions": lambda task: fewshot_cot(task, "truth", repeats=3),
        "leaderboard_bbh_object_counting": lambda task: by_likelihood(task, "counting", COUNTS),
        "gsm8k": sums,
    }.items()
}
# Those whose logs are the largest.
LONG = ("mmlu_anatomy", "leaderboard_bbh_object_counting")
# What the newest version runs as well, each line a run of its own.
MORE = {
    "generative": {"mmlu_anatomy_generative": generative("mmlu_anatomy_generative")},
    "redux": {"mmlu_redux_anatomy_generative": generative("mmlu_redux_anatomy_generative")},
    "continuation": {"mmlu_nutrition_continuation": continuation("mmlu_nutrition_continuation")},
    "global": {
        "global_mmlu_en_business": in_language("global_mmlu_en_business"),
        "cmmlu_anatomy": letters("cmmlu_anatomy"),
    },
    "languages": {
        "global_mmlu_full_es_anatomy": letters("global_mmlu_full_es_anatomy"),
        "global_mmlu_full_de_anatomy": letters("global_mmlu_full_de_anatomy"),
    },
    "pro": {"mmlu_pro_biology": pro("mmlu_pro_biology")},
    "leaderboard": {
        "leaderboard_mmlu_pro": pro_by_likelihood("leaderboard_mmlu_pro"),
        "leaderboard_bbh_boolean_expressions": by_likelihood(
            "leaderboard_bbh_boolean_expressions", "truth", '["False", "True"]'
        ),
        "leaderboard_bbh_date_understanding": by_likelihood(
            "leaderboard_bbh_date_understanding", "dates", '["(A)", "(B)"]'
        ),
    },
}


def write(folder: Path, tasks: dict[str, str]) -> None:
    """The tasks and their data, below `folder`, which the harness must run in."""
    (folder / "tasks").mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    for task, text in tasks.items():
        (folder / "tasks" / f"{task}.yaml").write_text(text, encoding="utf-8")
    data = {"mmlu": MMLU, "pro": PRO, "global": GLOBAL, "truth": TRUTH}
    for name, rows in {**data, "counting": COUNTING, "dates": DATES, "sums": SUMS}.items():
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "data" / f"{name}.jsonl").write_text(text, encoding="utf-8")
