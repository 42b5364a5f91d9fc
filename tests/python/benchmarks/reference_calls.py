"""Functions of the harnesses by name, as this package computes them, and inputs for them that are hostile.

`tests/data/reference_calls.jsonl` holds inputs with what the real functions gave; `tests/harnesses/calls.py` makes
that file, and the tests beside it compare on many more inputs.
"""

from __future__ import annotations

import functools
import json
import random
from pathlib import Path

import pytest

from textgauge.benchmarks import gsm8k, math, mmlu_pro
from textgauge.benchmarks.accuracy import Accuracy, Item, accuracy, pooled
from textgauge.benchmarks.answers.math import (
    between_dollars,
    get_unnormalized_answer,
    is_equiv,
    last_boxed_only_string,
    normalize_final_answer,
    remove_boxed,
    strip_string,
)
from textgauge.benchmarks.multiple_choice import measures
from textgauge.benchmarks.repeats import Repeats

VECTORS = Path(__file__).resolve().parents[2] / "data" / "reference_calls.jsonl"


def vectors():
    """Lines of `call`, `given` and `gives`."""
    return [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


# ---- What is computed here.


def is_right(module, extraction, texts, target, repeats="first"):
    row = {"prediction": texts, "target": target}
    return module.score([row], extraction=extraction, repeats=repeats).micro.accuracy


def multiple_choice(choices, logprobs, greedy, gold, unconditional):
    return measures(logprobs, gold=gold, texts=choices, unconditional=unconditional, greedy=greedy)


def mean_and_error(values):
    total = accuracy([Item(str(number), "x", "A", "A", value) for number, value in enumerate(values)])
    return [total.accuracy, total.standard_error]


def pooled_error(errors, sizes):
    return pooled([Accuracy(size, 0, 0, 0.0, error) for error, size in zip(errors, sizes, strict=True)]).standard_error


def pass_at(answers, right, number):
    verdicts = ["right"] * right + ["wrong"] * (answers - right)
    return Repeats(f"pass@{number}").verdict(verdicts, lambda answer: answer == "right")[1]


def majority(answers):
    return Repeats("majority").verdict(answers, lambda _: True)[0]


LM_EVAL = {"rules": "lm-eval"}
OURS = {
    "helm.remove_boxed": remove_boxed,
    "helm.last_boxed_only_string": last_boxed_only_string,
    "helm._strip_string": strip_string,
    "helm.is_equiv": is_equiv,
    "helm.is_equiv_chain_of_thought": lambda gold, text: is_right(math, "strict", text, gold),
    "helm.final_number_exact_match": lambda gold, text: is_right(gsm8k, "helm", text, gold),
    "helm.pass_at_k_estimator": pass_at,
    "hendrycks_math.remove_boxed": functools.partial(remove_boxed, **LM_EVAL),
    "hendrycks_math.last_boxed_only_string": functools.partial(last_boxed_only_string, **LM_EVAL),
    "hendrycks_math.strip_string": functools.partial(strip_string, **LM_EVAL),
    "hendrycks_math.is_equiv": functools.partial(is_equiv, **LM_EVAL),
    "hendrycks_math.process_results": lambda solution, text: is_right(math, "lm-eval", text, solution),
    "hendrycks_math.answer": between_dollars,
    "minerva_math.normalize_final_answer": normalize_final_answer,
    "minerva_math.get_unnormalized_answer": get_unnormalized_answer,
    "gsm8k.strict-match": lambda text, target: is_right(gsm8k, "lm-eval-strict", text, target),
    "gsm8k.flexible-extract": lambda text, target: is_right(gsm8k, "flexible", text, target),
    "gsm8k_cot.strict-match": lambda text, target: is_right(gsm8k, "lm-eval-cot", text, target),
    "gsm8k.maj": lambda texts, target: is_right(gsm8k, "flexible", texts, target, "majority"),
    "gsm8k.maj@3": lambda texts, target: is_right(gsm8k, "lm-eval-strict", texts, target, "maj@3"),
    "mmlu_pro.custom-extract": functools.partial(mmlu_pro.answer, extraction="strict"),
    "filters.majority_vote": majority,
    "multiple_choice": multiple_choice,
    "metrics.mean": mean_and_error,
    "metrics.pooled_sample_stderr": pooled_error,
}


def agree(ours, theirs):
    """Whether two results are equal, numbers up to rounding."""
    if theirs is None or isinstance(theirs, str):
        return ours == theirs
    return ours == pytest.approx(theirs, rel=1e-12, abs=1e-15, nan_ok=True)


# ---- Inputs.

LATEX = (
    *("\\frac", "\\dfrac", "\\tfrac", "\\sqrt", "\\text{ ", "\\text{", "\\boxed", "\\boxed ", "\\boxed{", "\\fbox{"),
    *(
        "{",
        "}",
        "$",
        "\\$",
        "=",
        "/",
        "1",
        "2",
        "12",
        "-",
        "+",
        "x",
        "y",
        " ",
        ".",
        "0.5",
        ",",
        "\\!",
        "\\\\",
        "^\\circ",
    ),
    *("^{\\circ}", "\\left", "\\right", "(", ")", "%", "\\%", "\n", "cm", "ft", "units", "a ", "an ", "mbox", "\\pi"),
    *(
        "\\text{m}",
        "\\textbf{",
        "\\overline{",
        "square",
        "1,234",
        "[3]",
        "\\;",
        "_",
        "٣",
        "dollars",
        "\\ldots",
        '"',
        "½",
    ),
    *("Final Answer: The final answer is", " I hope it is correct.", "{,}", ",\\!", "\\text{}", "k="),
)
PROSE = (
    *("#### ", "The answer is ", "the answer is ", "answer is ", "Answer: ", "answer:", "(", ")", "A", "B", "J", "K"),
    *("18", "1,024", "-7", "$", "3.5", ".", ",", " ", "\n", "5", "%", "a", "I", "½", "٣", "--", "$.", "1.", "apples"),
)


def texts(pieces, random_, most=9):
    return "".join(random_.choice(pieces) for _ in range(random_.randint(0, most)))


def pair(pieces, random_):
    """Two texts, often alike but for one piece."""
    first = texts(pieces, random_)
    if random_.random() < 0.5:
        return [first, first.replace(random_.choice(pieces), random_.choice(pieces))]
    return [first, texts(pieces, random_)]


def box(random_):
    """A box, but now and then with something before it, without its end, or more."""
    text = texts(LATEX, random_)
    return random_.choice(["\\boxed{%s}", "so \\boxed{%s}.", "\\boxed %s$ or", "\\fbox{%s}", "\\boxed{%s", "%s"]) % text


def boxed_pair(random_):
    """A solution with its answer in a box, and a text that may have the same one."""
    gold, answer = (text.translate(str.maketrans("", "", "{}$")) for text in pair(LATEX, random_))
    gold, answer = (text.replace("\\boxed", "").replace("\\fbox", "") for text in (gold, answer))
    given = random_.choice(["so \\boxed{%s}.", "it is $%s$.", "%s", "$x$ and $%s$"]) % random_.choice([gold, answer])
    return [f"So \\boxed{{{gold}}}.", given]


def minervas(random_):
    """Texts that may have the sentence that Minerva's prompt wants."""
    text = texts(LATEX, random_)
    return (
        random_.choice(["Final Answer: The final answer is %s. I hope it is correct.", "The final answer is %s.", "%s"])
        % text
    )


def completion(random_, answer):
    """A text that may end with the answer, in words of several kinds."""
    kinds = ["#### %s", "The answer is %s.", "the answer is (%s)", "so %s", "Answer: %s", "%s apples", "#### $%s.", ""]
    said = random_.choice(kinds).replace("%s", answer)
    return texts(PROSE, random_, 3) + said + (texts(PROSE, random_, 2) if random_.random() < 0.3 else "")


def numbered(random_):
    number, other = random_.choices(["18", "1,024", "-7", "3.5", "5"], k=2)
    target = random_.choice(["%s", "9 + 9\n#### %s", "#### %s."]) % number
    return [completion(random_, random_.choice([number, number, other])), target]


def many_numbered(random_):
    _, target = numbered(random_)
    number = target.rpartition(" ")[2]
    answers = [random_.choice([number, "18", "5"]) for _ in range(random_.randint(3, 6))]
    marked = random_.random() < 0.7
    return [[f"so\n#### {answer}" if marked else completion(random_, answer) for answer in answers], target]


def choices_with_logprobs(random_):
    number = random_.randint(2, 10)
    texts_ = [
        random_.choice(["", "5", "17", "yes", "Ünïcödé", "日本語", "👍🏽", "a longer choice"]) for _ in range(number)
    ]
    logprobs = [random_.choice([0.0, -1.0, -2.0, -3.5, -8.0, -40.0, random_.uniform(-9, 0)]) for _ in range(number)]
    if random_.random() < 0.1:
        logprobs[random_.randrange(number)] = None
    greedy = [random_.random() < 0.3 for _ in range(number)]
    several = random_.random() < 0.2
    gold = sorted(random_.sample(range(number), 2 if several else 1))
    unconditional = [random_.uniform(-9, 0) for _ in range(number)] if not several and random_.random() < 0.5 else []
    return [texts_, logprobs, greedy, gold, unconditional]


def passes(random_):
    answers = random_.randint(1, 12)
    return [answers, random_.randint(0, answers), random_.randint(1, answers)]


def values(random_):
    kind = random_.choice([[0.0, 1.0], [0.0, 0.25, 0.5, 1.0]])
    return [[random_.choice(kind) for _ in range(random_.randint(2, 40))]]


def groups(random_):
    sizes = [random_.randint(2, 40) for _ in range(random_.randint(1, 6))]
    return [[random_.uniform(0, 0.2) for _ in sizes], sizes]


BOXES = [
    f"{source}.{name}" for source in ("helm", "hendrycks_math") for name in ("remove_boxed", "last_boxed_only_string")
]


def inputs(call, number, seed):
    """As many lists of arguments for a function."""
    random_ = random.Random(f"{call} {seed}")
    one = {
        **dict.fromkeys(BOXES, lambda: [box(random_)]),
        "helm.is_equiv": lambda: pair(LATEX, random_),
        "hendrycks_math.is_equiv": lambda: pair(LATEX, random_),
        "helm.is_equiv_chain_of_thought": lambda: boxed_pair(random_),
        "hendrycks_math.process_results": lambda: boxed_pair(random_),
        "helm.final_number_exact_match": lambda: numbered(random_)[::-1],
        "minerva_math.get_unnormalized_answer": lambda: [minervas(random_)],
        "helm.pass_at_k_estimator": lambda: passes(random_),
        "gsm8k.strict-match": lambda: numbered(random_),
        "gsm8k.flexible-extract": lambda: numbered(random_),
        "gsm8k_cot.strict-match": lambda: numbered(random_),
        "gsm8k.maj": lambda: many_numbered(random_),
        "gsm8k.maj@3": lambda: many_numbered(random_),
        "mmlu_pro.custom-extract": lambda: [completion(random_, random_.choice("ABIJKa"))],
        "filters.majority_vote": lambda: [[random_.choice("ABC") for _ in range(random_.randint(1, 7))]],
        "multiple_choice": lambda: choices_with_logprobs(random_),
        "metrics.mean": lambda: values(random_),
        "metrics.pooled_sample_stderr": lambda: groups(random_),
    }.get(call, lambda: [texts(LATEX, random_)])
    return [one() for _ in range(number)]
