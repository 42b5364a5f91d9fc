"""evaluate's metrics of answers: `exact_match`, `squad`, `squad_v2`."""

from __future__ import annotations

import operator
import re
import string
import sys
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge import metrics
from textgauge.compat.evaluate._described import SINGLE, described
from textgauge.compat.evaluate._features import Features, List, Value
from textgauge.compat.evaluate.module import Metric
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textgauge.compat.evaluate.info import MetricInfo

_TEXT = Value("string")
_PREDICTED = Features(id=_TEXT, prediction_text=_TEXT)
_ANSWERS = Features(id=_TEXT, answers=Features(text=List(_TEXT), answer_start=List(Value("int32"))))
_PAGE = "https://rajpurkar.github.io/SQuAD-explorer/"


class ExactMatch(Metric):
    """The share of predictions that are the same text as their reference."""

    def _info(self) -> MetricInfo:
        return described(
            "Exact match: the share of predictions that are the same text as their reference; from 0 to 1.",
            "regexes_to_ignore, ignore_case, ignore_punctuation, ignore_numbers",
            SINGLE,
            "",
            "https://huggingface.co/spaces/evaluate-metric/exact_match",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        regexes_to_ignore: Sequence[str] | None = None,
        ignore_case: bool = False,
        ignore_punctuation: bool = False,
        ignore_numbers: bool = False,
    ) -> dict[str, Any]:
        ignored: Any = {
            "ignore_case": bool(ignore_case),
            "ignore_punctuation": bool(ignore_punctuation),
            "ignore_numbers": bool(ignore_numbers),
        }
        texts = [*predictions, *references]
        # An array may lack the room for the only character that becomes two in lower case.
        is_narrow = ignore_case and any(text is not None and "İ" in text for text in texts)
        if regexes_to_ignore is not None or is_narrow or not texts or None in texts:
            return {"exact_match": _exact_match_of_arrays(predictions, references, regexes_to_ignore, **ignored)}
        scores = Scorer(metrics.ExactMatch(**ignored)).aggregate(predictions, references).corpus
        return {"exact_match": np.float64(scores["exact_match"])}


def _exact_match_of_arrays(
    predictions: list[Any],
    references: list[Any],
    regexes: Sequence[str] | None,
    ignore_case: bool,
    ignore_punctuation: bool,
    ignore_numbers: bool,
) -> Any:  # noqa: ANN401 - a number of NumPy's
    """Exact match where NumPy has to say what comes of missing texts, of none at all, and of expressions."""
    # Without any expression in it, a list of them leaves lists, which are equal as a whole or not.
    sides: list[Any] = [predictions, references]
    if regexes is None:
        sides = [np.asarray(side) for side in sides]
    for regex in regexes or ():
        sides = [np.array([re.sub(regex, "", text) for text in side]) for side in sides]
    if ignore_case:
        sides = [np.char.lower(side) for side in sides]
    for removed in string.punctuation * ignore_punctuation, string.digits * ignore_numbers:
        if removed:
            table: Any = str.maketrans("", "", removed)
            sides = [np.char.translate(side, table) for side in sides]
    return np.mean(sides[0] == sides[1])


class Squad(Metric):
    """Exact match and F1 of answers, as SQuAD 1.1's script has them."""

    def _info(self) -> MetricInfo:
        return described(
            "SQuAD 1.1: exact match and F1 of the words of answers, in percent.",
            "none",
            Features(predictions=_PREDICTED, references=_ANSWERS),
            "Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text",
            _PAGE,
        )

    def _compute(  # type: ignore[override]
        self, predictions: list[Any], references: list[Any]
    ) -> dict[str, float]:
        predicted = {each["id"]: each["prediction_text"] for each in predictions}
        asked = [(each["id"], list(each["answers"]["text"])) for each in references]
        texts, answers = [], []
        for number, known in asked:
            if number in predicted:
                texts.append(predicted[number])
                answers.append(known)
            else:
                sys.stderr.write("Unanswered question " + number + " will receive score 0.\n")
        exact, f1 = _squad_rows(texts, answers, version=1)
        return {
            "exact_match": 100.0 * reduce(operator.add, exact, 0) / len(asked),
            "f1": 100.0 * reduce(operator.add, f1, 0) / len(asked),
        }


class SquadV2(Metric):
    """Exact match and F1 of answers where there may be none, as SQuAD 2.0's script has them."""

    def _info(self) -> MetricInfo:
        return described(
            "SQuAD 2.0: exact match and F1 of the words of answers where there may be none, in percent.",
            "no_answer_threshold",
            Features(
                predictions=Features(_PREDICTED, no_answer_probability=Value("float32")),
                references=_ANSWERS,
            ),
            "Rajpurkar et al. 2018, Know What You Don't Know: Unanswerable Questions for SQuAD",
            _PAGE,
        )

    def _compute(  # type: ignore[override]
        self, predictions: list[Any], references: list[Any], no_answer_threshold: float = 1.0
    ) -> dict[str, Any]:
        probability = {each["id"]: each["no_answer_probability"] for each in predictions}
        predicted = {each["id"]: each["prediction_text"] for each in predictions}
        answers = {each["id"]: each["answers"]["text"] for each in references}
        answerable = {number: bool(known) for number, known in answers.items()}
        for each in references:
            if each["id"] not in predicted:
                sys.stdout.write(f"Missing prediction for {each['id']}\n")
        numbers = [number for number in answers if number in predicted]
        exact, f1 = _squad_rows([predicted[each] for each in numbers], [answers[each] for each in numbers], version=2)
        raw = {"exact": dict(zip(numbers, exact, strict=True)), "f1": dict(zip(numbers, f1, strict=True))}

        def decided(number: str, score: float) -> float:
            """The score with the threshold's say in it."""
            return float(not answerable[number]) if probability[number] > no_answer_threshold else score

        after = {
            name: {number: decided(number, score) for number, score in scores.items()} for name, scores in raw.items()
        }
        report: dict[str, Any] = {}
        for prefix, chosen in (
            ("", numbers),
            ("HasAns_", [number for number, known in answerable.items() if known]),
            ("NoAns_", [number for number, known in answerable.items() if not known]),
        ):
            if chosen or not prefix:
                for name, scores in after.items():
                    report[prefix + name] = 100.0 * sum(scores[number] for number in chosen) / len(chosen)
                report[f"{prefix}total"] = len(chosen)
        for name, scores in raw.items():
            best, threshold = _best_threshold(scores, predicted, answerable, probability)
            report[f"best_{name}"], report[f"best_{name}_thresh"] = best, threshold
        return report


def _best_threshold(
    scores: dict[str, float], predicted: dict[str, str], answerable: dict[str, bool], probability: dict[str, float]
) -> tuple[float, float]:
    """The best score by any threshold, and the lowest such threshold."""
    # Below all probabilities every question is said to have no answer; from there on one more is answered at a time.
    score: float = list(answerable.values()).count(False)
    best, threshold = score, 0.0
    for number in sorted(probability, key=probability.__getitem__):
        if number in scores:
            score += scores[number] if answerable[number] else -bool(predicted[number])
            if score > best:
                best, threshold = score, probability[number]
    return 100.0 * best / len(scores), threshold


def _squad_rows(texts: list[str], answers: list[list[str]], *, version: Any) -> tuple[list[float], list[float]]:  # noqa: ANN401
    """Exact match and F1 of each pair, from 0 to 1.

    Raises:
        AttributeError: A text is missing.
        ValueError: A question has no answer where it needs one.
    """
    lower: Callable[[str], Any] = operator.attrgetter("lower")
    for text, known in zip(texts, answers, strict=True):
        if version == 1:
            max(known, key=id)  # raises what the peer does where there is no answer
        for each in (text, *known):
            lower(each)
    if not texts:
        return [], []
    result = Scorer(metrics.Squad(version=version, percent=False)).score(texts, answers)
    return result["squad.em"].tolist(), result["squad.f1"].tolist()
