"""MMLU: multiple choice questions of 57 subjects.

>>> from textgauge.benchmarks import mmlu
>>> rows = [{"subject": "virology", "target": "B", "choice_logprobs": [-3.0, -0.1, None, -4.0]}]
>>> mmlu.score(rows).micro.accuracy
1.0
"""

from __future__ import annotations

import functools
import re
import string
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from textgauge.benchmarks.accuracy import Accuracy, Item, check_extraction, placing, pooled, resolve
from textgauge.benchmarks.answers import chat, harness
from textgauge.benchmarks.answers.reading import Reading
from textgauge.benchmarks.calibration import ece, rms_ce, rms_ce_hendrycks, softmax
from textgauge.benchmarks.items import Items, PlainItems, accuracies
from textgauge.benchmarks.multiple_choice import measures_of, plain_measures
from textgauge.benchmarks.plain import PlainRecords
from textgauge.benchmarks.records import Record, as_records, parts_of
from textgauge.benchmarks.repeats import Repeats
from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textgauge.benchmarks.calibration import Values

__all__ = [
    "CATEGORIES",
    "EXTRACTIONS",
    "SUBJECTS",
    "Calibration",
    "Extraction",
    "MmluScores",
    "answer",
    "best_choice",
    "calibrated",
    "choice_item",
    "reading",
    "score",
]

Extraction = Literal["chat", "strict", "flexible", "direct"]
EXTRACTIONS = ("chat", "strict", "flexible", "direct")

# By category and subcategory.
_TREE = {
    "STEM": {
        "physics": "astronomy college_physics conceptual_physics high_school_physics",
        "chemistry": "college_chemistry high_school_chemistry",
        "biology": "college_biology high_school_biology",
        "computer science": (
            "college_computer_science computer_security high_school_computer_science machine_learning"
        ),
        "math": (
            "abstract_algebra college_mathematics elementary_mathematics high_school_mathematics high_school_statistics"
        ),
        "engineering": "electrical_engineering",
    },
    "humanities": {
        "history": "high_school_european_history high_school_us_history high_school_world_history prehistory",
        "philosophy": ("formal_logic logical_fallacies moral_disputes moral_scenarios philosophy world_religions"),
        "law": "international_law jurisprudence professional_law",
    },
    "social sciences": {
        "politics": "high_school_government_and_politics public_relations security_studies us_foreign_policy",
        "culture": "human_sexuality sociology",
        "economics": "econometrics high_school_macroeconomics high_school_microeconomics",
        "geography": "high_school_geography",
        "psychology": "high_school_psychology professional_psychology",
    },
    "other (business, health, misc.)": {
        "other": "global_facts miscellaneous professional_accounting",
        "business": "business_ethics management marketing",
        "health": (
            "anatomy clinical_knowledge college_medicine human_aging medical_genetics nutrition "
            "professional_medicine virology"
        ),
    },
}

CATEGORIES: dict[str, tuple[str, ...]] = {category: tuple(parts) for category, parts in _TREE.items()}
"""The subcategories of each category."""

SUBJECTS: dict[str, tuple[str, str]] = dict(
    sorted(
        (subject, (subcategory, category))
        for category, parts in _TREE.items()
        for subcategory, subjects in parts.items()
        for subject in subjects.split()
    )
)
"""The subcategory and the category of each subject."""

MISSING = -100.0
# How many choices an item has whose record does not say.
USUAL = 4
ANSWER_IS = re.compile(r"[Aa]nswer is:?\s*\(?([A-Z])\b")
NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True)
class Calibration:
    """How well the probabilities of the chosen answers tell the accuracy.

    Attributes:
        confidence: The mean probability of the chosen answers.
        ece: The expected calibration error over 30 even bins.
        rms_ce: The root mean square calibration error.
        rms_ce_hendrycks: What the benchmark's own repository reports under that name.
    """

    confidence: float
    ece: float
    rms_ce: float
    rms_ce_hendrycks: float


@dataclass(frozen=True)
class MmluScores:
    """The scores of a model.

    Attributes:
        items: The scored items.
        subjects: The accuracy in each subject, in alphabetical order.
        subcategories: The accuracy over all questions of each subcategory.
        categories: The accuracy over all questions of each category.
        micro: The accuracy over all questions: what the benchmark's repository and lm-evaluation-harness report.
        macro: The mean of the accuracies of the subjects: what many papers and HELM report.
        calibration: `None` unless every item has the log-probabilities of its choices.
        missing_logprobs: The number of choices without a log-probability, which count as -100.
        missing_subjects: The subjects without items.
    """

    items: Sequence[Item]
    subjects: dict[str, Accuracy]
    subcategories: dict[str, Accuracy]
    categories: dict[str, Accuracy]
    micro: Accuracy
    macro: float
    calibration: Calibration | None
    missing_logprobs: int
    missing_subjects: tuple[str, ...]

    @property
    def unanswered(self) -> tuple[Item, ...]:
        """The items without an answer; they count as wrong."""
        return tuple(item for item in self.items if item.prediction is None)


def best_choice(logprobs: Sequence[float | None]) -> int:
    """The index of the most probable choice, the first of equals; a missing log-probability is -100."""
    return int(np.argmax(_filled(logprobs)))


@overload
def answer(
    prediction: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    number: int = 4,
    explain: Literal[False] = False,
) -> str | None: ...
@overload
def answer(
    prediction: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    number: int = 4,
    explain: Literal[True],
) -> Reading | None: ...
def answer(
    prediction: str,
    *,
    extraction: Extraction = "chat",
    choices: Sequence[str] = (),
    number: int = 4,
    explain: bool = False,
) -> str | Reading | None:
    """The letter that a generated text answers with.

    Args:
        prediction: The text.
        extraction: `"chat"`: the letter that a person would read: see the order of evidence in the documentation;
            `"strict"`: the first line is a letter, but for case, punctuation and blanks around it;
            `"flexible"`: the first `(A)`, else a choice by its text, else a letter after `:` (as in the FLAN tasks of
            lm-evaluation-harness), else as strict, else the letter after the last `answer is`;
            `"direct"`: all of the text is `A` or `(A)`.
        choices: The texts of the choices, for chat and flexible extraction.
        number: The number of choices, from 1 to 26, where `choices` are not given.
        explain: Whether to return a `Reading`: the answer, the rule that found it, and where it stands.

    Raises:
        ConfigError: There is no such extraction, or the number of choices is none that letters can tell apart.
    """
    check_extraction(extraction, EXTRACTIONS)
    if not choices and not 1 <= number <= len(string.ascii_uppercase):
        raise ConfigError(f"the number of choices is between 1 and 26, not {number!r}", "bad-option")
    if extraction == "chat":
        found = chat.reading(prediction, "choice", number=number, texts=choices)
    else:
        found = _as_harness(prediction, extraction, choices, len(choices) or number)
    return found if explain or found is None else found.answer


def reading(record: Record, extraction: Extraction) -> Reading | None:
    """What `answer` finds in the text of a record and why; `None` if it has no text, or nothing was found.

    Raises:
        ConfigError: There is no such extraction.
    """
    return None if record.prediction is None else reader(record, extraction)(record.prediction)


def reader(record: Record, extraction: Extraction) -> Callable[[str], Reading | None]:
    """What finds the letter of a record's choice in a text."""
    choices, number = record.choices, number_of_choices(record)
    return lambda text: answer(text, extraction=extraction, choices=choices, number=number, explain=True)


def number_of_choices(record: Record) -> int:
    """How many choices an item has."""
    return len(record.choice_logprobs) or len(record.choices) or USUAL


def _as_harness(prediction: str, extraction: Extraction, choices: Sequence[str], number: int) -> Reading | None:
    """The letter that lm-evaluation-harness finds, or something like it."""
    found = None
    if extraction == "direct":
        return _letter_of(Reading(prediction, "whole text", 0, len(prediction)), number)
    if extraction == "flexible":
        found = _letter_of(harness.choice(prediction, choices, 0), number)
        if found is None and not choices:
            found = _letter_of(harness.reading(_after_colon(number), prediction, 0, "colon"), number)
    if found is None:
        found = _letter_of(_first_line(prediction), number)
    if found is None and extraction == "flexible":
        found = _letter_of(harness.reading(ANSWER_IS, prediction, -1, "answer is"), number)
    return found


def _first_line(prediction: str) -> Reading | None:
    """The first line as a letter, if it is one but for case, ASCII punctuation and blanks."""
    line = prediction.split("\n", 1)[0]
    letter = line.strip().translate(NO_PUNCTUATION)
    if len(letter) != 1 or not letter.isascii():
        return None
    start = line.index(letter)
    return Reading(letter.upper(), "first line", start, start + 1)


def _letter_of(found: Reading | None, number: int) -> Reading | None:
    """What was found as a letter; `None` if it names no choice."""
    index = None if found is None else harness.letter(found.answer, number)
    return None if found is None or index is None else replace(found, answer=_letter(index))


def score(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    extraction: Extraction = "chat",
    repeats: str = "first",
    explain: bool = False,
) -> MmluScores:
    """The scores of a model's outputs.

    Items with `choice_logprobs` are answered by the most probable choice, others by the letter in `prediction`.

    Args:
        records: What `read` returns, or objects with `subject`, `target` (a letter, the index of the choice or its
            text) and `prediction` or `choice_logprobs`.
        extraction: How letters are found in predictions; see `answer`.
        repeats: Which of several predictions of an item count; see `Repeats`.
        explain: Whether items say why their answers are those: `Item.reading`.

    Raises:
        InputError: There are no records, or one cannot be scored.
        ConfigError: There is no such extraction, or no such way to count repeats.
    """
    check_extraction(extraction, EXTRACTIONS)
    repeated = Repeats(repeats)
    parts: list[list[Item] | PlainItems] = []
    missing = first = 0
    for part in parts_of(repeated.joined(as_records(records, "subject"))):
        plain = _plain_items(part, extraction) if isinstance(part, PlainRecords) and not explain else None
        parts.append(_items(part, first, extraction, repeated, explain=explain) if plain is None else plain)
        missing += _missing(part)
        first += len(part)
    subjects = accuracies(parts, SUBJECTS)
    items = Items(parts, list(subjects))

    def grouped(level: int, names: Iterable[str]) -> dict[str, Accuracy]:
        parts = {name: [part for key, part in subjects.items() if SUBJECTS[key][level] == name] for name in names}
        return {name: pooled(each) for name, each in parts.items() if each}

    return MmluScores(
        items=items,
        subjects=subjects,
        subcategories=grouped(0, [name for names in CATEGORIES.values() for name in names]),
        categories=grouped(1, CATEGORIES),
        micro=pooled(subjects.values()),
        macro=float(np.mean([part.accuracy for part in subjects.values()])),
        calibration=_calibration(*columns) if (columns := items.confidences()) else None,
        missing_logprobs=missing,
        missing_subjects=tuple(subject for subject in SUBJECTS if subject not in subjects),
    )


def _missing(records: Sequence[Record]) -> int:
    """How many log-probabilities of choices are missing."""
    if isinstance(records, PlainRecords):
        return 0 if records.choice_logprobs is None else int(np.isnan(records.choice_logprobs).sum())
    return sum(record.choice_logprobs.count(None) for record in records)


def _items(
    records: Sequence[Record], first: int, extraction: Extraction, repeated: Repeats, *, explain: bool
) -> list[Item]:
    """The items of records, of which the first is number `first` of all."""
    items = []
    for row, record in enumerate(records, first):
        with placing(record, row):
            subject = resolve(record.group, SUBJECTS, "subject of MMLU")
            find = reader(record, extraction)
            item = choice_item(record, subject, number_of_choices(record), find, repeated)
        items.append(item if explain else item._replace(reading=None))
    return items


def _plain_items(records: PlainRecords, extraction: Extraction) -> PlainItems | None:
    """The items of records that are columns, as `_items` makes them but for the readings.

    `None` if a record cannot be scored; then `_items` says which, and why.
    """
    try:
        subjects = [resolve(group, SUBJECTS, "subject of MMLU") for group in records.groups]
    except InputError:
        return None
    names = list(dict.fromkeys(subjects))
    codes = np.array([names.index(subject) for subject in subjects], np.intp)[records.codes]
    logprobs = records.choice_logprobs
    number = None if logprobs is None else logprobs.shape[1]
    if records.choices:
        targets = map(records.targets.__getitem__, records.target_codes.tolist())
        golds = np.array([_gold_index(*each) for each in zip(targets, records.choices, strict=True)], np.intp)
    else:
        golds = np.array([_gold_index(target, (), number) for target in records.targets], np.intp)[records.target_codes]
    if golds.min() < 0:
        return None
    if logprobs is not None:
        filled = np.where(np.isnan(logprobs), MISSING, logprobs)
        found = filled.argmax(axis=1)
        confidences = softmax(filled)[np.arange(len(found)), found]
        measures = plain_measures(logprobs, golds, records.choices)
        return PlainItems(records.ids, names, codes, found.astype(np.int8), golds, confidences, measures)
    if extraction == "chat" and records.predictions is not None:
        read = chat.choices(records.predictions, number=USUAL, choices=records.choices)
    else:
        read = np.array([_index_read(record, extraction) for record in records], np.int8)
    return PlainItems(records.ids, names, codes, read, golds)


def _index_read(record: Record, extraction: Extraction) -> int:
    found = reading(record, extraction)
    return -1 if found is None else ord(found.answer) - ord("A")


def choice_item(
    record: Record, group: str, number: int, find: Callable[[str], Reading | None], repeated: Repeats
) -> Item:
    """An item whose answer is the letter of a choice.

    Args:
        record: What the model answered.
        group: Its subject.
        number: The number of choices.
        find: Finds the letter in a text.
        repeated: Which of several texts count.

    Raises:
        InputError: The target is no choice, or there are too few texts.
    """
    gold = _gold(record, number)
    if record.choice_logprobs:
        index = best_choice(record.choice_logprobs)
        confidence = float(softmax(_filled(record.choice_logprobs))[index])
        found = _letter(index)
        measures = measures_of(record, [ord(gold) - ord("A")])
        return Item(record.id, group, found, gold, found == gold, confidence, measures=measures)
    read, correct = repeated.read(record, find, lambda each: each == gold)
    return Item(record.id, group, read.answer if read else None, gold, correct, reading=read)


def _gold(record: Record, number: int) -> str:
    target = record.references[0] if record.answer is None else record.answer
    index = _gold_index(target, record.choices, number)
    if index < 0:
        message = f"the target of item {record.id!r} of {record.group!r} is {target!r}, none of {number} choices"
        raise InputError(message, "bad-record")
    return _letter(index)


def _gold_index(target: str | int, choices: Sequence[str], number: int | None = None) -> int:
    """The choice that a target names by its index, its letter or its text; -1 if it names none."""
    index = _index_named(target, number or len(choices) or USUAL)
    if index < 0 and isinstance(target, str) and target.strip() in choices:
        return choices.index(target.strip())
    return index


@functools.lru_cache(maxsize=4096)
def _index_named(target: str | int, number: int) -> int:
    index = target if isinstance(target, int) else harness.letter(target.strip(), number)
    return index if index is not None and 0 <= index < number else -1


def calibrated(items: Sequence[Item]) -> Calibration | None:
    """The calibration over `items`; `None` unless all of them have the log-probabilities of their choices."""
    confidences = [item.confidence for item in items if item.confidence is not None]
    return None if len(confidences) < len(items) else _calibration(confidences, [item.correct for item in items])


def _calibration(confidences: Values, correct: Values) -> Calibration:
    return Calibration(
        confidence=float(np.mean(confidences)),
        ece=ece(confidences, correct),
        rms_ce=rms_ce(confidences, correct),
        rms_ce_hendrycks=rms_ce_hendrycks(confidences, correct),
    )


def _letter(index: int) -> str:
    return chr(ord("A") + index)


def _filled(logprobs: Sequence[float | None]) -> list[float]:
    return [MISSING if logprob is None else logprob for logprob in logprobs]


@functools.cache
def _after_colon(number: int) -> re.Pattern[str]:
    return re.compile(rf":[\s]*([A-{_letter(number - 1)}])")
