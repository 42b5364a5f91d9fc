r"""MATH: problems whose answer is a formula, which solutions put into a box.

>>> from textgauge.benchmarks import math
>>> math.answer(r"Thus $x = \boxed{\frac{1}{2}}$.")
'\\frac{1}{2}'
>>> math.is_equiv(r"\frac12", "0.5")
True
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal

from textgauge.benchmarks.accuracy import check_extraction
from textgauge.benchmarks.answers import values
from textgauge.benchmarks.answers.math import (
    between_dollars,
    get_unnormalized_answer,
    is_equiv,
    last_boxed_only_string,
    normalize_final_answer,
    remove_boxed,
    strip_string,
)
from textgauge.benchmarks.groups import GroupScores, score_texts
from textgauge.benchmarks.records import Record, as_records
from textgauge.benchmarks.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "BY",
    "EXTRACTIONS",
    "Extraction",
    "answer",
    "is_equiv",
    "last_boxed_only_string",
    "normalize_final_answer",
    "remove_boxed",
    "same",
    "score",
    "strip_string",
]

Extraction = Literal["chat", "strict", "direct", "lm-eval", "lm-eval-minerva"]
EXTRACTIONS = ("chat", "strict", "direct", "lm-eval", "lm-eval-minerva")

BY = ("subject", "task", "level")
"""The fields that may name the group of a record, the first that it has; without one it is `math`."""


def answer(prediction: str, *, extraction: Extraction = "chat") -> str | None:
    r"""The answer in a generated text; `None` if none is found.

    Args:
        prediction: The text.
        extraction: `"chat"`: as a person would read it: see `values.final_answer`.
            `"strict"`: the last `\boxed{…}`, as in the benchmark's repository and in HELM's
            `math_equiv_chain_of_thought`.
            `"direct"`: all of the text, as in HELM's `math_equiv`.
            `"lm-eval"`: what stands between the first and the last `$`, or else all of the text, as in the tasks
            `hendrycks_math` of lm-evaluation-harness.
            `"lm-eval-minerva"`: what stands behind `Final Answer: The final answer is`, normalised, as in its tasks
            `minerva_math`.

    Raises:
        ConfigError: There is no such extraction.
    """
    check_extraction(extraction, EXTRACTIONS)
    if extraction == "chat":
        return values.final_answer(prediction)
    if extraction == "strict":
        return remove_boxed(last_boxed_only_string(prediction))
    if extraction == "direct":
        return prediction
    if extraction == "lm-eval":
        return between_dollars(prediction)
    found = get_unnormalized_answer(prediction)
    return None if found is None else normalize_final_answer(found)


def same(first: str, second: str, *, extraction: Extraction = "chat") -> bool:
    """Whether two answers are the same, by the rules that go with an extraction.

    Args:
        first: An answer.
        second: Another one.
        extraction: `"chat"`: as a person takes them: see `values.same`. `"strict"` and `"direct"`: `is_equiv` of the
            benchmark's repository. `"lm-eval"`: the harness's. `"lm-eval-minerva"`: they are written alike, once
            normalised; the harness also asks a solver of equations (sympy) about those that are not.

    Raises:
        ConfigError: There is no such extraction.
    """
    check_extraction(extraction, EXTRACTIONS)
    if extraction == "chat":
        return values.same(first, second)
    if extraction == "lm-eval-minerva":
        return first == second
    return is_equiv(first, second, rules="lm-eval" if extraction == "lm-eval" else "hendrycks")


def score(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    extraction: Extraction = "chat",
    repeats: str = "first",
    by: str | Sequence[str] = BY,
) -> GroupScores:
    r"""The scores of a model's outputs.

    Args:
        records: What `read` returns, or objects with `prediction` and `target`: the answer, or the solution, with the
            answer in `\boxed{…}`; and `subject`, `task` or `level`, if they are in groups.
        extraction: How answers are found in predictions, and which are the same; see `answer` and `same`.
        repeats: Which of several predictions of an item count; see `Repeats`. The votes of `"majority"` are for
            answers as they are written; with `"chat"` those that are the same by `values.canonical` go together.
        by: The field that names the group of objects, or several of which the first counts.

    Raises:
        InputError: There are no records, or one cannot be scored.
        ConfigError: There is no such extraction, or no such way to count repeats.
    """
    check_extraction(extraction, EXTRACTIONS)
    repeated = Repeats(repeats)
    return score_texts(
        as_records(records, by, "math"),
        repeated,
        find=functools.partial(_found, extraction=extraction, voting=repeated.rule == "maj"),
        right=functools.partial(_right, extraction=extraction),
        same=functools.partial(same, extraction=extraction),
    )


def _found(text: str, extraction: Extraction, *, voting: bool) -> str | None:
    found = answer(text, extraction=extraction)
    return values.canonical(found) if found and voting and extraction == "chat" else found


def _right(target: str, extraction: Extraction) -> str:
    """The answer of a target, which may be a whole solution."""
    rules: Literal["lm-eval", "hendrycks"] = "lm-eval" if extraction.startswith("lm-eval") else "hendrycks"
    boxed = None if extraction == "direct" else last_boxed_only_string(target, rules=rules)
    found = None if boxed is None else remove_boxed(boxed, rules=rules)
    found = target if found is None else found
    return normalize_final_answer(found) if extraction == "lm-eval-minerva" else found
