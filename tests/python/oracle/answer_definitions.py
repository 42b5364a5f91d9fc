"""What answers are scored by, as literally as can be, where the source is no package that could be imported.

The sources are the `exact_match`, `squad` and `squad_v2` of Hugging Face evaluate (the latter two are SQuAD's own
scripts), the scripts of MLQA, TriviaQA and DROP (the first and the last as lm-evaluation-harness 0.4.13 has them), and
`evaluate_reference_metrics.py` of crfm-helm 0.5.16.
"""

from __future__ import annotations

import functools
import itertools
import re
import string
import sys
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from nltk.metrics.scores import f_measure

if TYPE_CHECKING:
    from collections.abc import Callable

Pair = tuple[str, list[str]]

# ---- evaluate: exact_match


def evaluate_exact_match(
    prediction: str,
    reference: str,
    regexes_to_ignore: list[str] | None = None,
    ignore_case: bool = False,
    ignore_punctuation: bool = False,
    ignore_numbers: bool = False,
) -> float:
    """One pair through NumPy arrays, as evaluate does all of them."""
    texts = np.array([prediction, reference])
    for regex in regexes_to_ignore or ():
        texts = np.array([re.sub(regex, "", text) for text in texts])
    if ignore_case:
        # In an array of all texts of a call İ may lose its dot, for want of room.
        texts = np.array([text.lower() for text in texts])
    for wanted, removed in ((ignore_punctuation, string.punctuation), (ignore_numbers, string.digits)):
        if wanted:
            texts = np.char.translate(texts, str.maketrans("", "", removed))
    return float(texts[0] == texts[1])


EXACT_MATCH_OPTIONS: list[dict[str, Any]] = [
    {},
    {"ignore_case": True},
    {"ignore_punctuation": True},
    {"ignore_numbers": True},
    {"ignore_case": True, "ignore_punctuation": True, "ignore_numbers": True},
    {"regexes_to_ignore": [r"\bthe\b", r"\s+", "A.?"]},
    {"regexes_to_ignore": [r"[,.]$"], "ignore_case": True, "ignore_punctuation": True, "ignore_numbers": True},
]

# ---- SQuAD


def normalised(text: str, *, articles: bool = False) -> str:
    """What SQuAD, and HELM after it, compare of a text."""
    text = "".join(character for character in text.lower() if character not in string.punctuation)
    if not articles:
        text = re.sub(r"\b(a|an|the)\b", " ", text)
    return " ".join(text.split())


def squad_em(prediction: str, answer: str) -> float:
    """Exact match of one answer."""
    return float(normalised(prediction) == normalised(answer))


def squad_f1(prediction: str, answer: str, version: int = 1) -> float:
    """F1 with one answer."""
    ours, theirs = normalised(prediction).split(), normalised(answer).split()
    if version == 2 and not (ours and theirs):
        return float(ours == theirs)
    same = sum((Counter(ours) & Counter(theirs)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(ours), same / len(theirs)
    return (2 * precision * recall) / (precision + recall)


def squad_v2_scores(prediction: str, answers: list[str]) -> tuple[float, float]:
    """Exact match and F1 of a question of SQuAD 2.0."""
    answers = [answer for answer in answers if normalised(answer)] or [""]
    return (
        max(squad_em(prediction, answer) for answer in answers),
        max(squad_f1(prediction, answer, version=2) for answer in answers),
    )


def squad_v2_report(pairs: list[Pair], probabilities: list[float], threshold: float) -> dict[str, float]:
    """SQuAD 2.0's report, step by step as its script has them, for questions numbered by row."""
    scores = {row: squad_v2_scores(*pair) for row, pair in enumerate(pairs)}
    has_answer = {row: any(answers) for row, (_, answers) in enumerate(pairs)}
    report: dict[str, float] = {}
    for part, name in enumerate(("exact", "f1")):
        raw = {row: score[part] for row, score in scores.items()}
        final = {
            row: float(not has_answer[row]) if probabilities[row] > threshold else score for row, score in raw.items()
        }
        report[name] = 100.0 * sum(final.values()) / len(final)
        for kind, prefix in ((True, "HasAns"), (False, "NoAns")):
            rows = [row for row in final if has_answer[row] == kind]
            if rows:
                report[f"{prefix}_{name}"] = 100.0 * sum(final[row] for row in rows) / len(rows)
                report[f"{prefix}_total"] = len(rows)
        current = best = float(sum(not kind for kind in has_answer.values()))
        at = 0.0
        for row in sorted(raw, key=lambda row: probabilities[row]):
            if has_answer[row]:
                current += raw[row]
            elif pairs[row][0]:
                current -= 1
            if current > best:
                best, at = current, probabilities[row]
        report[f"best_{name}"], report[f"best_{name}_thresh"] = 100.0 * best / len(raw), at
    return report | {"total": len(pairs)}


# ---- the kin of SQuAD


def em_and_f1(prediction: list[str], answer: list[str]) -> tuple[float, float]:
    """Exact match and F1 of words, as SQuAD 1.1 has them."""
    same = sum((Counter(prediction) & Counter(answer)).values())
    if same == 0:
        return float(prediction == answer), 0.0
    precision, recall = same / len(prediction), same / len(answer)
    return float(prediction == answer), (2 * precision * recall) / (precision + recall)


MLQA_ARTICLES = {
    "en": r"\b(a|an|the)\b",
    "es": r"\b(un|una|unos|unas|el|la|los|las)\b",
    "vi": r"\b(của|là|cái|chiếc|những)\b",
    "de": r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b",
    "ar": r"(?:^|\s)ال",
}
MLQA_LANGUAGES = [*MLQA_ARTICLES, "hi", "zh"]


@functools.cache
def mlqa_punctuation() -> set[str]:
    """Punctuation of Unicode, and what else of ASCII Python calls so."""
    characters = map(chr, range(sys.maxunicode))
    return {each for each in characters if unicodedata.category(each).startswith("P")} | set(string.punctuation)


def mlqa_words(text: str, language: str) -> list[str]:
    """What MLQA compares of a text."""
    text = "".join(character for character in text.lower() if character not in mlqa_punctuation())
    if language in MLQA_ARTICLES:
        text = re.sub(MLQA_ARTICLES[language], " ", text)
    if language == "zh":
        text = re.sub(r"([\u4e00-\u9fa5])", r" \1 ", text)
    return text.split()


def triviaqa_words(text: str) -> list[str]:
    """What TriviaQA compares of a text."""
    text = text.replace("_", " ").lower()
    text = "".join(" " if character in string.punctuation + "‘’´`" else character for character in text)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


# ---- DROP


def drop_number(text: str) -> bool:
    """Whether Python reads it as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def drop_words(text: str) -> str:
    """What DROP compares of a span."""
    kept = []
    for word in re.split(" |-", text):
        lowered = word.lower()
        if not drop_number(lowered):
            lowered = "".join(character for character in lowered if character not in string.punctuation)
        lowered = str(float(lowered)) if drop_number(lowered) else lowered
        kept.append(" ".join(re.sub(r"\b(a|an|the)\b", " ", lowered).split()))
    return " ".join(word for word in kept if word)


def drop_bag_f1(prediction: set[str], answer: set[str]) -> float:
    """F1 of the words of two spans, if their numbers allow it."""
    numbers, ours = ({word for word in bag if drop_number(word)} for bag in (answer, prediction))
    if numbers and not numbers & ours:
        return 0.0
    same = len(answer & prediction)
    precision = same / len(prediction) if prediction else 1.0
    recall = same / len(answer) if answer else 1.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def drop_scores(prediction: list[str], answers: list[list[str]]) -> tuple[float, float]:
    """Exact match and F1 of a question: every way to pair spans off is tried."""
    best = 0.0, 0.0
    for answer in answers:
        if not answer[0].strip():
            continue
        ours, theirs = [*map(drop_words, prediction)], [*map(drop_words, answer)]
        table = [[drop_bag_f1(set(one.split()), set(other.split())) for one in ours] for other in theirs]
        size = max(len(ours), len(theirs))
        square = np.zeros((size, size))
        square[: len(theirs), : len(ours)] = table
        sums = (square[range(size), list(order)].sum() for order in itertools.permutations(range(size)))
        f1 = float(np.round(max(sums) / size, 2))
        best = max(best[0], float(set(ours) == set(theirs) and len(ours) == len(theirs))), max(best[1], f1)
    return best


# ---- HELM

# Differences end where 64 bits do; HELM's don't.
FARTHEST = float(2**63)


def helm_match(gold: str, prediction: str) -> float:
    """Nothing is matched by an empty prediction."""
    return float(bool(prediction) and gold.strip() == prediction.strip())


def last_number(text: str) -> str:
    """The last number, without its commas."""
    numbers = re.findall(r"-?[\d,]+(?:.\d+)?", text)
    return numbers[-1].replace(",", "") if numbers else ""


def helm_set(text: str) -> set[str]:
    """What a sentence lists."""
    if text == "Nothing.":
        return set()
    return set(text.replace(".", "").split(" is ")[-1].split(" and "))


def helm_sets(gold: str, prediction: str) -> tuple[set[str], set[str]]:
    """What both list; of a prediction only the first line counts."""
    return helm_set(gold), helm_set(prediction.split("\n")[0])


def helm_iou(gold: str, prediction: str) -> float:
    """Intersection over union; two empty sets are the same."""
    ours, theirs = helm_sets(gold, prediction)
    return len(ours & theirs) / len(ours | theirs) if ours else float(not theirs)


def helm_set_f1(gold: str, prediction: str) -> float:
    """F1 of sets; two empty sets are the same."""
    ours, theirs = helm_sets(gold, prediction)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours else float(not theirs)


def as_int(text: str) -> int | float:
    """A number, or else 0."""
    try:
        return int(text.replace(",", ""))
    except ValueError:
        return 0.0


HELM: dict[str, Callable[[str, str], float]] = {
    "helm_exact_match": helm_match,
    "helm_quasi_exact_match": lambda gold, p: float(bool(p) and normalised(gold) == normalised(p)),
    "helm_quasi_leave_articles_exact_match": lambda gold, p: float(
        bool(p) and normalised(gold, articles=True) == normalised(p, articles=True)
    ),
    "helm_prefix_exact_match": lambda gold, p: float(bool(p) and p.strip().startswith(gold.strip())),
    "helm_quasi_prefix_exact_match": lambda gold, p: float(bool(p) and normalised(p).startswith(normalised(gold))),
    "helm_f1_score": lambda gold, p: f_measure(set(normalised(gold).split()), set(normalised(p).split())) or 0.0,
    "helm_final_number_exact_match": lambda gold, p: helm_match(last_number(gold), last_number(p)),
    "helm_exact_match_indicator": lambda gold, p: helm_match(gold.split(" ")[-1].strip(), p.split(" ")[-1].strip()),
    "helm_exact_set_match": lambda gold, p: float(helm_set(gold) == helm_set(p.split("\n")[0])),
    "helm_iou_set_match": helm_iou,
    "helm_f1_set_match": helm_set_f1,
    "helm_absolute_value_difference": lambda gold, p: min(float(abs(as_int(gold) - as_int(p))), FARTHEST),
}
