r"""GSM8K: word problems whose answer is a number.

>>> from textgauge.benchmarks import gsm8k
>>> gsm8k.answer("She has 3 + 4 = 7 apples.\n#### 7")
'7'
>>> gsm8k.answer("She has 3 + 4 = 7 apples.", extraction="flexible")
'7'
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Literal

from textgauge.benchmarks.accuracy import check_extraction
from textgauge.benchmarks.answers import harness, values
from textgauge.benchmarks.answers.math import final_number
from textgauge.benchmarks.groups import GroupScores, score_texts
from textgauge.benchmarks.records import Record, as_records
from textgauge.benchmarks.repeats import Repeats
from textgauge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["BY", "EXTRACTIONS", "Extraction", "answer", "comparable", "score"]

Extraction = Literal["chat", "strict", "flexible", "helm", "lm-eval-strict", "lm-eval-cot"]
EXTRACTIONS = ("chat", "strict", "flexible", "helm", "lm-eval-strict", "lm-eval-cot")

BY = ("task", "subject")
"""The fields that may name the group of a record; without one it is `gsm8k`."""

MARKED = re.compile(r"#### (\-?[0-9\.\,]+)")
CHAIN_OF_THOUGHT = re.compile(r"The answer is (\-?[0-9\.\,]+).")
FLEXIBLE = re.compile(r"(-?[$0-9.,]{2,})|(-?[0-9]+)")
IGNORED = [re.compile(pattern) for pattern in (",", r"\$", "(?s).*#### ", r"\.$")]


def answer(prediction: str, *, extraction: Extraction = "chat") -> str | None:
    """The number that a generated text answers with; `None` if none is found.

    Args:
        prediction: The text.
        extraction: `"chat"`: as a person would read it: see `values.final_value`.
            `"strict"`: what stands behind the first `#### `, without commas, as in the benchmark's repository.
            `"flexible"`: the last number, as the `flexible-extract` of lm-evaluation-harness finds it.
            `"helm"`: the last number, as HELM's `final_number_exact_match` finds it.
            `"lm-eval-strict"`: what stands behind the first `#### `, the harness's `strict-match`.
            `"lm-eval-cot"`: what stands behind the first `The answer is `, the `strict-match` of its tasks
            `gsm8k_cot`.

    Raises:
        ConfigError: There is no such extraction.
    """
    check_extraction(extraction, EXTRACTIONS)
    if extraction == "chat":
        return values.final_value(prediction)
    if extraction == "strict":
        found = MARKED.search(prediction)
        return found and found[1].replace(",", "")
    if extraction == "helm":
        # What stands for the dot may be a blank, which HELM strips off before it compares.
        return final_number(prediction).strip() or None
    if extraction == "flexible":
        return harness.find(FLEXIBLE, prediction, -1)
    return harness.find(MARKED if extraction == "lm-eval-strict" else CHAIN_OF_THOUGHT, prediction, 0)


def comparable(text: str, extraction: Extraction) -> str:
    """The part of an answer that is compared.

    All of it; but for the extractions of lm-evaluation-harness without its case, commas, dollars, a full stop at its
    end, and what stands before the last `####` and a blank.
    """
    if extraction in ("flexible", "lm-eval-strict", "lm-eval-cot"):
        for pattern in IGNORED:
            text = pattern.sub("", text)
        return text.lower()
    return text


def score(
    records: Iterable[Record | Mapping[str, Any]], *, extraction: Extraction = "chat", repeats: str = "first"
) -> GroupScores:
    """The scores of a model's outputs.

    Args:
        records: What `read` returns, or objects with `prediction` and `target`: the number, or the solution, which ends
            with `#### ` and the number; and `task` or `subject`, if they are in groups.
        extraction: How numbers are found in predictions; see `answer`.
        repeats: Which of several predictions of an item count; see `Repeats`. The votes of `"majority"` are for what
            was found, as it is written.

    Raises:
        InputError: There are no records, or one cannot be scored.
        ConfigError: There is no such extraction, or no such way to count repeats.
    """
    check_extraction(extraction, EXTRACTIONS)
    return score_texts(
        as_records(records, BY, "gsm8k"),
        Repeats(repeats),
        find=functools.partial(answer, extraction=extraction),
        right=functools.partial(_right, extraction=extraction),
        same=lambda found, right: comparable(found, extraction) == comparable(right, extraction),
    )


def _right(target: str, extraction: Extraction) -> str:
    """The number of a target, which may be a whole solution."""
    if extraction in ("flexible", "lm-eval-strict", "lm-eval-cot"):
        return target.rpartition("#### ")[2]
    found = answer(target, extraction="strict")
    if extraction == "helm" or (found is None and extraction == "chat"):
        found = answer(target, extraction=extraction)
    elif extraction == "chat":
        found = values.canonical(found or "")
    else:
        found = found or target.replace(",", "").strip()
    if not found:
        raise InputError(f"the target is {target!r}, which holds no number", "bad-record")
    return found
