"""DROP: exact match and F1 where an answer is a number, a date, or several spans of a text.

A metric of the scorer compares one text with texts; here either side may be several spans, which are paired off so that
their F1 is highest. So it is a function of its own.
"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from textgauge.errors import InputError, InputTypeError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Drop", "DropPair", "drop", "drop_answer", "drop_pair"]


class DropPair(NamedTuple):
    """The scores of one question, from 0 to 1.

    Attributes:
        em: Whether the prediction has the same spans as an answer.
        f1: The highest F1 with an answer, to two digits.
    """

    em: float
    f1: float


class Drop(NamedTuple):
    """The scores of all questions, from 0 to 1.

    Attributes:
        em: The mean exact match.
        f1: The mean F1.
        rows: The scores of each question.
    """

    em: float
    f1: float
    rows: list[DropPair]


def drop(predictions: Sequence[str | Sequence[str]], references: Sequence[Sequence[str | Sequence[str]]]) -> Drop:
    """DROP's exact match and F1.

    Dua et al. 2019, "DROP: A Reading Comprehension Benchmark Requiring Discrete Reasoning Over Paragraphs". The scores
    of a question are those of the official script, and of lm-evaluation-harness's `drop`. Where spans can be paired
    off in several best ways, which differ in the last digit of a sum, F1 may be rounded otherwise.

    >>> drop(["4 yards", ["Smith", "Jones"]], [["4"], [["Jones", "Smith", "Lee"]]]).f1
    0.67

    Args:
        predictions: For each question a text, or several spans.
        references: For each question its answers, each a text or several spans. Those whose first span is blank do not
            count. `drop_answer` makes an answer of the form that the data set has.

    Raises:
        InputError: There are no questions, or lengths differ.
        InputTypeError: Something is no text and no list of texts.
    """
    if isinstance(predictions, str) or isinstance(references, str):
        raise InputTypeError("this is one str; pass a list, with an item for each row", "wrong-type")
    if len(predictions) != len(references):
        message = f"there are {len(predictions)} predictions, but {len(references)} lists of references"
        raise InputError(message, "unequal-lengths")
    if not predictions:
        raise InputError("there are no questions, and no scores of none", "no-row")
    pairs = zip(predictions, references, strict=True)
    rows = [_scores(prediction, answers, row) for row, (prediction, answers) in enumerate(pairs)]
    em, f1 = np.mean(rows, axis=0)
    return Drop(float(em), float(f1), rows)


def drop_pair(prediction: str | Sequence[str], answers: Sequence[str | Sequence[str]]) -> DropPair:
    """The scores of one question; arguments and errors are those of `drop`.

    >>> drop_pair("5.0 km", ["5 km", ["five", "kilometres"]])
    DropPair(em=1.0, f1=1.0)
    """
    return _scores(prediction, answers, None)


def drop_answer(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The spans of an answer as the data set has it: its number, or else its spans, or else its date.

    >>> drop_answer({"number": "", "spans": [], "date": {"day": "", "month": "May", "year": "1990"}})
    ('May 1990',)

    Raises:
        InputError: A field is missing.
    """
    try:
        if answer["number"] != "":
            return (str(answer["number"]),)
        if len(answer["spans"]) > 0:
            return tuple(answer["spans"])
        return (" ".join(answer["date"][part] for part in ("day", "month", "year")).strip(),)
    except KeyError as error:
        raise InputError(f"an answer of DROP has no field {error}", "bad-record") from None


def _scores(prediction: object, answers: object, row: int | None) -> DropPair:
    place = "" if row is None else f" in row {row}"
    if isinstance(answers, (str, bytes, Mapping)) or not isinstance(answers, Iterable):
        message = f"the references{place} are a {type(answers).__name__}, not a list of answers"
        raise InputTypeError(message, "wrong-type", row)
    predicted = _spans(prediction, "prediction", place, row)
    known = [_spans(answer, "reference", place, row) for answer in answers]
    scores = [_compared(predicted, spans) for spans in known if spans and spans[0].strip()]
    ems, f1s = zip(*scores, strict=True) if scores else ((), ())
    return DropPair(max(ems, default=0.0), max(f1s, default=0.0))


def _spans(answer: object, role: str, place: str, row: int | None) -> list[str]:
    spans = [answer] if isinstance(answer, str) else answer
    if not isinstance(spans, (bytes, Mapping)) and isinstance(spans, Iterable):
        spans = list(spans)
        if all(isinstance(span, str) for span in spans):
            return spans
    message = f"the {role}{place} is a {type(answer).__name__}, not a str or a list of str"
    raise InputTypeError(message, "wrong-type", row)


def _compared(predicted: list[str], known: list[str]) -> tuple[float, float]:
    """Exact match and F1 of spans with those of one answer."""
    ours, theirs = [[_normalised(span) for span in spans] for spans in (predicted, known)]
    em = float(len(ours) == len(theirs) and set(ours) == set(theirs))
    bags = [[set(span.split()) for span in spans] for spans in (theirs, ours)]
    table = np.array([[_bag_f1(bag, known_bag) for bag in bags[1]] for known_bag in bags[0]])
    best = np.zeros(max(len(ours), len(theirs)))
    for known_place, place in _pairing(table.reshape(len(theirs), len(ours))):
        best[known_place] = table[known_place, place]
    return em, float(np.round(np.mean(best), 2)) if len(best) else 0.0


def _bag_f1(predicted: set[str], known: set[str]) -> float:
    """F1 of sets of words; 0 if the answer has numbers, and the prediction none of them."""
    numbers = {word for word in known if _is_number(word)}
    if numbers and not numbers & predicted:
        return 0.0
    shared = len(known & predicted)
    precision = shared / len(predicted) if predicted else 1.0
    recall = shared / len(known) if known else 1.0
    return 2 * precision * recall / (precision + recall) if precision or recall else 0.0


def _pairing(scores: np.ndarray[Any, np.dtype[np.float64]]) -> list[tuple[int, int]]:
    """Pairs of a row and a column, each in one pair at most, whose scores add up to the most.

    The Hungarian method (Kuhn 1955) with potentials: rows are added one by one, each along a shortest path of changes
    to the pairs so far. Cost: O(rows² columns).
    """
    if scores.shape[0] > scores.shape[1]:
        return [(row, column) for column, row in _pairing(scores.T)]
    rows, columns = scores.shape
    potentials = [0.0] * rows, [0.0] * (columns + 1)
    row_of: list[int | None] = [None] * (columns + 1)  # the last column stands for none
    for new in range(rows):
        row_of[columns] = new
        distance, before, done = [np.inf] * columns, [columns] * columns, [False] * (columns + 1)
        at = columns
        while (row := row_of[at]) is not None:
            done[at] = True
            for column in itertools.filterfalse(done.__getitem__, range(columns)):
                step = -scores[row, column] - potentials[0][row] - potentials[1][column]
                if step < distance[column]:
                    distance[column], before[column] = step, at
            nearest = min(itertools.filterfalse(done.__getitem__, range(columns)), key=distance.__getitem__)
            shift = distance[nearest]
            for column in range(columns + 1):
                if done[column]:
                    potentials[0][row_of[column]] += shift  # type: ignore[index] # what is done has a row
                    potentials[1][column] -= shift
                elif column < columns:
                    distance[column] -= shift
            at = nearest
        while at != columns:
            row_of[at] = row_of[before[at]]
            at = before[at]
    return [(row, column) for column, row in enumerate(row_of[:columns]) if row is not None]


_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def _normalised(span: str) -> str:
    """The words of a span, cut at blanks and hyphens: numbers in one form, others without punctuation and articles."""
    words = (_normalised_word(word.lower()) for word in re.split("[ -]", span))
    return " ".join(word for word in words if word)


def _normalised_word(word: str) -> str:
    if not _is_number(word):
        word = word.translate(_NO_PUNCTUATION)
    if _is_number(word):
        word = str(float(word))
    return " ".join(_ARTICLES.sub(" ", word).split())


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
