"""Scores of answers that are more than the mean of their rows: SQuAD 2.0, where some questions have no answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, TypedDict, TypeVar

from textgauge.errors import InputError, InputTypeError
from textgauge.metrics import Squad
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SquadV2", "squad_v2"]

T = TypeVar("T")


class _Whole(TypedDict):
    exact: float
    f1: float
    total: int
    best_exact: float
    best_exact_thresh: float
    best_f1: float
    best_f1_thresh: float


class SquadV2(_Whole, total=False):
    """What SQuAD 2.0's script reports, in percent; those of `HasAns` or `NoAns` only if there are such questions."""

    HasAns_exact: float
    HasAns_f1: float
    HasAns_total: int
    NoAns_exact: float
    NoAns_f1: float
    NoAns_total: int


def squad_v2(
    predictions: Sequence[str],
    references: Sequence[str | Sequence[str]],
    no_answer_probability: Sequence[float] | None = None,
    threshold: float = 1.0,
    *,
    threads: int | None = None,
) -> SquadV2:
    """SQuAD 2.0: exact match and F1 where a question may have no answer, and then "" is right.

    Rajpurkar et al. 2018, "Know What You Don't Know: Unanswerable Questions for SQuAD". Every number is that of the
    official script, which evaluate's `squad_v2` is; evaluate rounds probabilities to single precision first.

    Args:
        predictions: One text a question.
        references: The right answers to each question. A question has none if the list is empty, or nothing in it but
            empty texts (which the script takes for an answer).
        no_answer_probability: How probable it is to the system that a question has no answer; 0 throughout, if
            `None`.
        threshold: Above this probability the system is taken to have said that there is no answer.
        threads: As for `Scorer`.

    Returns:
        The scores of all questions, of those with and those without an answer, and the best scores that any
        threshold would give, with that threshold.

    Raises:
        InputError: There are no questions, lengths differ, a text is missing, or a probability is NaN.
        InputTypeError: Something is no text, or no list of texts.
    """
    answers = [_answers(each, row) for row, each in enumerate(_rows(references, "references"))]
    texts = _rows(predictions, "predictions")
    probabilities = [0.0] * len(texts)
    if no_answer_probability is not None:
        probabilities = _rows(no_answer_probability, "probabilities")
    if not len(texts) == len(answers) == len(probabilities):
        message = f"there are {len(texts)} predictions, but {len(answers)} lists of references"
        if len(texts) == len(answers):
            message = f"there are {len(texts)} predictions, but {len(probabilities)} probabilities"
        raise InputError(message, "unequal-lengths")
    if not texts:
        raise InputError("there are no questions, and no scores of none", "no-row")
    for row, probability in enumerate(probabilities):
        if not isinstance(probability, Real) or math.isnan(probability):
            raise InputTypeError(f"the probability in row {row} is {probability!r}, not a number", "wrong-type", row)
    scorer = Scorer(Squad(version=2, percent=False), threads=threads)
    try:
        result = scorer.score(texts, answers)
    except InputError as error:
        if error.code != "missing-text":
            raise
        # The scorer's own message advises an option that this function lacks.
        message = f"a text in row {error.row} is missing; pass '' for what has no answer"
        raise InputError(message, "missing-text", error.row) from None
    answerable = [any(each) for each in answers]
    raw: dict[str, list[float]] = {"exact": result["squad.em"].tolist(), "f1": result["squad.f1"].tolist()}

    def decided(scores: list[float]) -> list[float]:
        """The scores with the threshold's say in them."""
        rows = zip(scores, answerable, probabilities, strict=True)
        return [float(not known) if probability > threshold else score for score, known, probability in rows]

    report: dict[str, float] = {}
    for prefix, rows in (
        ("", range(len(texts))),
        ("HasAns_", [row for row, known in enumerate(answerable) if known]),
        ("NoAns_", [row for row, known in enumerate(answerable) if not known]),
    ):
        if rows:
            for name, scores in raw.items():
                after = decided(scores)
                report[prefix + name] = 100.0 * sum(after[row] for row in rows) / len(rows)
            report[f"{prefix}total"] = len(rows)
    for name, scores in raw.items():
        best, at = _best_threshold(texts, scores, answerable, probabilities)
        report[f"best_{name}"], report[f"best_{name}_thresh"] = best, at
    return report  # type: ignore[return-value] # the keys are those of the type


def _rows(values: Iterable[T], role: str) -> list[T]:
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        message = f"{role} are a {type(values).__name__}; pass a list, with an item for each row"
        raise InputTypeError(message, "wrong-type")
    return list(values)


def _answers(given: str | Iterable[str], row: int) -> list[str]:
    if isinstance(given, str):
        return [given]
    if isinstance(given, (bytes, Mapping)) or not isinstance(given, Iterable):
        message = f"the references in row {row} are a {type(given).__name__}, not a list of str"
        raise InputTypeError(message, "wrong-type", row)
    return list(given)


def _best_threshold(
    predictions: list[str], scores: list[float], answerable: list[bool], probabilities: list[float]
) -> tuple[float, float]:
    """The best score by any threshold, and the lowest such threshold."""
    # Below all probabilities every question is said to have no answer; from there on one more is answered at a time.
    score: float = answerable.count(False)
    best, threshold = score, 0.0
    for row in sorted(range(len(scores)), key=probabilities.__getitem__):
        score += scores[row] if answerable[row] else -bool(predictions[row])
        if score > best:
            best, threshold = score, probabilities[row]
    return 100.0 * best / len(scores), threshold
