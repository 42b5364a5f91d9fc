"""BIG-bench Hard: 27 files of 23 tasks, whose answers are read off generated texts.

>>> from textgauge.benchmarks import bbh
>>> bbh.answer("2 + 3 = 5. So the answer is 5.", "object_counting")
'5'
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from textgauge.benchmarks.accuracy import Accuracy, Item, accuracy, check_extraction, placing, pooled, resolve
from textgauge.benchmarks.answers import chat, harness
from textgauge.benchmarks.answers.reading import Reading
from textgauge.benchmarks.mmlu import best_choice
from textgauge.benchmarks.multiple_choice import measures_of
from textgauge.benchmarks.records import Record, as_records
from textgauge.benchmarks.repeats import Repeats
from textgauge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["EXTRACTIONS", "TASKS", "BbhScores", "Extraction", "answer", "comparable", "reading", "score"]

Extraction = Literal["chat", "strict", "flexible", "direct", "lm-eval-fewshot", "lm-eval-strict"]
EXTRACTIONS = ("chat", "strict", "flexible", "direct", "lm-eval-fewshot", "lm-eval-strict")

# The kind of answer decides what flexible extraction looks for.
_KINDS = {
    "truth": "boolean_expressions",
    "yes or no": "causal_judgement navigate",
    "validity": "formal_fallacies",
    "plausibility": "sports_understanding",
    "honesty": "web_of_lies",
    "number": "multistep_arithmetic_two object_counting",
    "brackets": "dyck_languages",
    "words": "word_sorting",
    "choice": (
        "date_understanding disambiguation_qa geometric_shapes hyperbaton logical_deduction_five_objects "
        "logical_deduction_seven_objects logical_deduction_three_objects movie_recommendation penguins_in_a_table "
        "reasoning_about_colored_objects ruin_names salient_translation_error_detection snarks temporal_sequences "
        "tracking_shuffled_objects_five_objects tracking_shuffled_objects_seven_objects "
        "tracking_shuffled_objects_three_objects"
    ),
}

TASKS: dict[str, str] = dict(sorted((task, kind) for kind, tasks in _KINDS.items() for task in tasks.split()))
"""The kind of answer that each task wants."""

# Of these the paper counts the three sizes as one task.
VARIANTS = ("logical_deduction", "tracking_shuffled_objects")

# What chain-of-thought prompts end with.
LEAD = "the answer is "
FEWSHOT = re.compile(r"(?<=the answer is )(.*)(?=.)")
STRICT = re.compile(
    r"((?<=The answer is )(.*)(?=.)|(?<=the answer is )(.*)(?=.)|(?<=The answer: )(.*)(?=.)"
    r"|(?<=The final answer: )(.*)(?=.))"
)
WORD_OF = {
    "truth": re.compile(r"\b(True|False)\b"),
    "yes or no": re.compile(r"\b(Yes|No|yes|no)\b"),
    "validity": re.compile(r"\b(valid|invalid)\b"),
    "brackets": re.compile(r'(?<= )([" \[\(<{}>\)\]]+)|([" \[\(<{}>\)\]]+)'),
}
MAP_OF = {
    "plausibility": {r"\b(no|not plausible)\b": "no", r"\b(yes|plausible)\b": "yes"},
    "honesty": {
        r"\b(no|does not tell the truth|is not telling the truth)\b": "no",
        r"\b(yes|tells the truth|is telling the truth)\b": "yes",
    },
}
# A number, whose value counts and not how it is written.
NUMBER = re.compile(r"(-?\d+|-?\d{1,3}(?:,\d{3})+)(?:\.(\d+))?")
IGNORED = [re.compile(pattern) for pattern in (r"\.$", ",", r"\\", "\n", '"')]


@dataclass(frozen=True)
class BbhScores:
    """The scores of a model.

    Attributes:
        items: The scored items.
        tasks: The accuracy in each task, in alphabetical order.
        micro: The accuracy over all items: what lm-evaluation-harness reports.
        average: The mean over tasks, of which the paper has 23: logical deduction and tracking shuffled objects are
            each the mean of their variants.
        missing_tasks: The tasks without items.
    """

    items: tuple[Item, ...]
    tasks: dict[str, Accuracy]
    micro: Accuracy
    average: float
    missing_tasks: tuple[str, ...]

    @property
    def unanswered(self) -> tuple[Item, ...]:
        """The items in whose text no answer was found; they count as wrong."""
        return tuple(item for item in self.items if item.prediction is None)


@overload
def answer(
    prediction: str,
    task: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    words: Sequence[str] = (),
    explain: Literal[False] = False,
) -> str | None: ...
@overload
def answer(
    prediction: str,
    task: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    words: Sequence[str] = (),
    explain: Literal[True],
) -> Reading | None: ...
def answer(
    prediction: str,
    task: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    words: Sequence[str] = (),
    explain: bool = False,
) -> str | Reading | None:
    """The answer in a generated text; `None` if none is found.

    Args:
        prediction: The text.
        task: One of `TASKS`.
        extraction: `"chat"`: what a person would read: see the order of evidence in the documentation. It is `(B)`,
            `True`, `Yes`, `yes`, `valid`, `24`, `> ]` or `alpha beta`, however the text writes it.
            `"strict"`: what stands after the last `the answer is ` to the end of the line, without a full
            stop at the end; this is how the paper's figures come about.
            `"flexible"`: the last thing in the text that looks like an answer to the task, as lm-evaluation-harness
            finds it in zero-shot outputs.
            `"direct"`: the text as it stands.
            `"lm-eval-fewshot"`: what stands after the first `the answer is ` without its last character, whatever
            that is.
            `"lm-eval-strict"`: the same after four such phrases.
        choices: The texts of the choices `(A)`, `(B)`, …, for chat and flexible extraction.
        words: The words to sort, for chat and flexible extraction.
        explain: Whether to return a `Reading`: the answer, the rule that found it, and where it stands.

    Raises:
        InputError: There is no such task.
        ConfigError: There is no such extraction.
    """
    check_extraction(extraction, EXTRACTIONS)
    kind = TASKS[resolve(task, TASKS, "task of BIG-bench Hard")]
    if extraction == "chat":
        found = _as_person(prediction, kind, choices, words)
    else:
        found = _as_harness(prediction, kind, extraction, choices, words)
    return found if explain or found is None else found.answer


def reading(record: Record, extraction: Extraction) -> Reading | None:
    """What `answer` finds in the text of a record and why; `None` if it has no text, or nothing was found.

    Raises:
        InputError: There is no such task.
        ConfigError: There is no such extraction.
    """
    return None if record.prediction is None else reader(record, extraction)(record.prediction)


def reader(record: Record, extraction: Extraction) -> Callable[[str], Reading | None]:
    """What finds the answer to the item of a record in a text."""
    listed, words = record.choices or harness.listed_choices(record.question), _words(record)
    return lambda text: answer(text, record.group, extraction=extraction, choices=listed, words=words, explain=True)


def _as_person(prediction: str, kind: str, choices: Sequence[str], words: Sequence[str]) -> Reading | None:
    if kind != "choice":
        return chat.reading(prediction, kind, texts=words if kind == "words" else ())
    found = chat.reading(prediction, kind, number=len(string.ascii_uppercase), texts=choices)
    return found and replace(found, answer=f"({found.answer})")


def _as_harness(
    prediction: str, kind: str, extraction: Extraction, choices: Sequence[str], words: Sequence[str]
) -> Reading | None:
    """What the paper or lm-evaluation-harness finds."""
    if extraction == "direct":
        return Reading(prediction, "whole text", 0, len(prediction)) if prediction else None
    if extraction == "strict":
        return _after_lead(prediction)
    if extraction == "lm-eval-fewshot":
        return harness.reading(FEWSHOT, prediction, 0, "the answer is")
    if extraction == "lm-eval-strict":
        return harness.reading(STRICT, prediction, 0, "the answer is")
    if kind == "choice":
        return harness.choice(prediction, choices, -1)
    if kind == "number":
        return harness.number(prediction)
    if kind == "words":
        return harness.sorted_words(prediction, words)
    if kind in MAP_OF:
        return harness.mapped(MAP_OF[kind], prediction)
    return harness.reading(WORD_OF[kind], prediction, -1, "last")


def _after_lead(prediction: str) -> Reading | None:
    start = prediction.rfind(LEAD)
    if start < 0:
        return None
    start += len(LEAD)
    end = prediction.find("\n", start)
    line = prediction[start : end if end >= 0 else None].rstrip()
    return harness.stripped(prediction, start, start + len(line.removesuffix(".")), "the answer is")


def comparable(text: str, extraction: Extraction) -> str:
    """What of an answer is compared.

    All of it; but after `"flexible"` and `"lm-eval-strict"` neither case nor a full stop at the end, commas,
    backslashes, line breaks and quotation marks. After `"chat"` neither case, punctuation around it (but for the
    brackets of an answer that has nothing else) nor how many blanks there are; and numbers by their value.
    """
    if extraction == "chat":
        return _compared(text)
    if extraction in ("flexible", "lm-eval-strict"):
        for pattern in IGNORED:
            text = pattern.sub("", text)
        return text.lower()
    return text


def _compared(text: str) -> str:
    """A text as answers that a person read are compared."""
    if not any(map(str.isalnum, text)):
        return "".join(text.split())
    plain = " ".join(text.lower().split()).strip(string.punctuation.replace("-", "") + " ")
    # A lone sign in front is of the number.
    number = NUMBER.fullmatch(plain)
    if number is None:
        return plain
    whole, fraction = number[1].replace(",", ""), (number[2] or "").rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def score(
    records: Iterable[Record | Mapping[str, Any]], *, extraction: Extraction = "chat", repeats: str = "first"
) -> BbhScores:
    """The scores of a model's outputs.

    Where a record has `choices`, its target and the extracted answer name one of them by letter or by text, and a
    target may be its index. Without choices the texts are compared as they are. Items with `choice_logprobs` and no
    prediction are answered by the most probable choice.

    Args:
        records: What `read` returns, or objects with `task`, `target` and `prediction`; for chat and flexible
            extraction the question as `input`, or its `choices`, helps to find answers that don't name a letter.
        extraction: How answers are found; see `answer`.
        repeats: Which of several predictions of an item count; see `Repeats`.

    Raises:
        InputError: There are no records, or one cannot be scored.
        ConfigError: There is no such extraction, or no such way to count repeats.
    """
    check_extraction(extraction, EXTRACTIONS)
    repeated = Repeats(repeats)
    by_task: dict[str, list[Item]] = {}
    for row, record in enumerate(repeated.joined(as_records(records, "task"))):
        with placing(record, row):
            task = resolve(record.group, TASKS, "task of BIG-bench Hard")
            by_task.setdefault(task, []).append(_item(record, task, extraction, repeated))
    tasks = {task: accuracy(by_task[task]) for task in TASKS if task in by_task}
    counted: dict[str, list[float]] = {}
    for task, part in tasks.items():
        name = next((variant for variant in VARIANTS if task.startswith(variant)), task)
        counted.setdefault(name, []).append(part.accuracy)
    return BbhScores(
        items=tuple(item for task in tasks for item in by_task[task]),
        tasks=tasks,
        micro=pooled(tasks.values()),
        average=float(np.mean([np.mean(variants) for variants in counted.values()])),
        missing_tasks=tuple(task for task in TASKS if task not in tasks),
    )


def _item(record: Record, task: str, extraction: Extraction, repeated: Repeats) -> Item:
    choices = record.choices
    if not choices and record.prediction is None:
        # Log-probabilities alone are those of the letters.
        choices = tuple(f"({chr(ord('A') + index)})" for index in range(len(record.choice_logprobs)))
    names = _names(choices, extraction)

    def meant(text: str) -> str:
        """The choice that a text names, or what of it is compared."""
        plain = comparable(text, extraction)
        return names.get(text, names.get(plain, plain))

    targets = _targets(record, task, choices)
    references = []
    for target in targets:
        references.append(meant(target))
        if choices and references[-1] not in choices:
            raise InputError(f"the target is {target!r}, none of {len(choices)} choices", "bad-record")
    found: str | None
    read, reference = None, references[0]
    if record.choice_logprobs and record.prediction is None:
        found = choices[best_choice(record.choice_logprobs)]
        correct: float = found in references
    else:

        def chosen(text: str) -> str:
            """The choice that an answer names: a letter that a person reads is never the text of another choice."""
            read_as_letter = extraction == "chat" and TASKS[task] == "choice"
            index = harness.letter(text, len(choices)) if read_as_letter else None
            return meant(text) if index is None else choices[index]

        # The votes are for what was found, as in lm-evaluation-harness, and not for what it means.
        read, correct = repeated.read(record, reader(record, extraction), lambda each: chosen(each) in references)
        found = None if read is None else chosen(read.answer)
        if extraction == "chat" and not choices:
            # As it was read, and not as it is compared.
            found, reference = read.answer if read else None, targets[0]
    right = found if found is not None and correct else reference
    gold = [choices.index(each) for each in references if each in choices]
    return Item(
        record.id, task, found, right, correct, reading=read, measures=measures_of(record, gold) if gold else {}
    )


def _targets(record: Record, task: str, choices: Sequence[str]) -> Sequence[str]:
    """The right answers as texts: a number is one where numbers are asked for, and else the index of a choice."""
    if record.answer is None or (TASKS[task] == "number" and not choices):
        return record.references
    if not 0 <= record.answer < len(choices):
        raise InputError(f"the target is {record.answer}, none of {len(choices)} choices", "bad-record")
    return [choices[record.answer]]


def _names(choices: Sequence[str], extraction: Extraction) -> dict[str, str]:
    """The choice that each letter and each text names; where a letter is the text of a choice, it is that one."""
    letters = {
        name: choice
        for letter, choice in zip(string.ascii_uppercase, choices, strict=False)
        for name in (letter, f"({letter})")
    }
    return {
        **{comparable(name, extraction): choice for name, choice in letters.items()},
        **{comparable(choice, extraction): choice for choice in reversed(choices)},
        **{choice: choice for choice in choices},
    }


def _words(record: Record) -> list[str]:
    """The words to sort, in the order of the question; without one, the words of the target."""
    _, listed, words = record.question.partition("List:")
    return words.split() if listed else record.references[0].split()
