"""MMLU-Pro: multiple choice questions with up to ten options, in 14 categories.

>>> from textgauge.benchmarks import mmlu_pro
>>> rows = [{"category": "law", "target": "I", "prediction": "Let's see. The answer is (I)."}]
>>> mmlu_pro.score(rows).micro.accuracy
1.0
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from textgauge.benchmarks import mmlu
from textgauge.benchmarks.accuracy import check_extraction, placing, resolve
from textgauge.benchmarks.answers.reading import Reading
from textgauge.benchmarks.groups import GroupScores, grouped
from textgauge.benchmarks.records import Record, as_records
from textgauge.benchmarks.repeats import Repeats
from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["BY", "CATEGORIES", "EXTRACTIONS", "Extraction", "MmluProScores", "answer", "reading", "score"]

Extraction = Literal["chat", "strict", "flexible", "direct"]
EXTRACTIONS = ("chat", "strict", "flexible", "direct")

CATEGORIES: tuple[str, ...] = (
    *("biology", "business", "chemistry", "computer_science", "economics", "engineering", "health", "history", "law"),
    *("math", "other", "philosophy", "physics", "psychology"),
)
"""The categories, by the names that lm-evaluation-harness gives their tasks."""

BY = ("category", "subject")
"""The fields that may name the category of a record."""

OPTIONS = 10


@dataclass(frozen=True)
class MmluProScores(GroupScores):
    """The scores of a model, by category.

    Attributes:
        calibration: `None` unless every item has the log-probabilities of its options.
        missing_logprobs: The number of options without a log-probability, which count as -100.
    """

    calibration: mmlu.Calibration | None
    missing_logprobs: int


@overload
def answer(
    prediction: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    number: int = OPTIONS,
    explain: Literal[False] = False,
) -> str | None: ...
@overload
def answer(
    prediction: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    number: int = OPTIONS,
    explain: Literal[True],
) -> Reading | None: ...
def answer(
    prediction: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    number: int = OPTIONS,
    explain: bool = False,
) -> str | Reading | None:
    """The letter that a generated text answers with.

    Args:
        prediction: The text.
        extraction: `"chat"`: the letter that a person would read, as for MMLU;
            `"strict"`: the letter after the first `answer is `, as in lm-evaluation-harness;
            `"flexible"`: as the benchmark's own script: so, or else the letter after the first `answer:` of the text,
            in its line the last one; or else the last letter that stands alone, `I` and `A` as words among them;
            `"direct"`: all of the text is `A` or `(A)`.
        choices: The texts of the options.
        number: The number of options, from 1 to 26, where `choices` are not given. Both references look for a letter up
            to J even where there are fewer.
        explain: Whether to return a `Reading`: the answer, the rule that found it, and where it stands.

    Raises:
        ConfigError: There is no such extraction, or the number of options is none that letters can tell apart.
    """
    check_extraction(extraction, EXTRACTIONS)
    if extraction in ("chat", "direct"):
        found = mmlu.answer(prediction, extraction=extraction, choices=choices, number=number, explain=True)
    else:
        found = _as_script(prediction, extraction, len(choices) or number)
    return found if explain or found is None else found.answer


def reading(record: Record, extraction: Extraction) -> Reading | None:
    """What `answer` finds in the text of a record and why; `None` if it has no text, or nothing was found.

    Raises:
        ConfigError: There is no such extraction.
    """
    return None if record.prediction is None else reader(record, extraction)(record.prediction)


def reader(record: Record, extraction: Extraction) -> Callable[[str], Reading | None]:
    """What finds the letter of a record's option in a text."""
    choices, number = record.choices, _number_of_options(record)
    return lambda text: answer(text, extraction=extraction, choices=choices, number=number, explain=True)


def _number_of_options(record: Record) -> int:
    return len(record.choice_logprobs) or len(record.choices) or OPTIONS


def _as_script(prediction: str, extraction: Extraction, number: int) -> Reading | None:
    """The letter that the benchmark's script finds, or lm-evaluation-harness."""
    if not 1 <= number <= 26:
        raise ConfigError(f"the number of choices is between 1 and 26, not {number!r}", "bad-option")
    rules = _rules(chr(ord("A") + max(number, OPTIONS) - 1))
    for rule, pattern in rules[: 1 if extraction == "strict" else None]:
        found = pattern.search(prediction)
        if found:
            return Reading(found[1], rule, *found.span(1))
    return None


@functools.cache
def _rules(last: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What the benchmark's script looks for, one after the other, in letters up to `last`."""
    return (
        ("answer is", re.compile(rf"answer is \(?([A-{last}])\)?")),
        ("answer:", re.compile(rf".*[aA]nswer:\s*([A-{last}])")),
        # Anchored at the end, so that it is found in one walk.
        ("last letter", re.compile(rf"(?s:.*)\b([A-{last}])\b")),
    )


def score(
    records: Iterable[Record | Mapping[str, Any]], *, extraction: Extraction = "chat", repeats: str = "first"
) -> MmluProScores:
    """The scores of a model's outputs.

    Items with `choice_logprobs` are answered by the most probable option, others by the letter in `prediction`. One
    without an answer is wrong; the benchmark's own script guesses at random there, which is worth about a tenth.

    Args:
        records: What `read` returns, or objects with `category`, `target` (a letter, the index of the option or its
            text) and `prediction` or `choice_logprobs`.
        extraction: How letters are found in predictions; see `answer`.
        repeats: Which of several predictions of an item count; see `Repeats`.

    Raises:
        InputError: There are no records, or one cannot be scored.
        ConfigError: There is no such extraction, or no such way to count repeats.
    """
    check_extraction(extraction, EXTRACTIONS)
    repeated = Repeats(repeats)
    items = []
    missing = 0
    for row, record in enumerate(repeated.joined(as_records(records, BY))):
        with placing(record, row):
            category = resolve(record.group, CATEGORIES, "category of MMLU-Pro")
            find = reader(record, extraction)
            items.append(mmlu.choice_item(record, category, _number_of_options(record), find, repeated))
        missing += record.choice_logprobs.count(None)
    scores = grouped(items, CATEGORIES)
    return MmluProScores(**vars(scores), calibration=mmlu.calibrated(scores.items), missing_logprobs=missing)
