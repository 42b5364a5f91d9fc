"""What the log-probabilities of choices say, by the definitions of lm-evaluation-harness.

>>> scores = measures([-9.0, -10.0], gold=[1], texts=["5", "17"])
>>> scores["acc"], scores["acc_norm"]
(0.0, 1.0)
"""

from __future__ import annotations

import math
import string
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from textgauge.benchmarks.records import Record

__all__ = ["brier_scores", "letters", "measures", "measures_of", "plain_measures"]


Floats: TypeAlias = "npt.NDArray[np.float64]"


def letters(number: int) -> list[str]:
    """The names of as many choices: A, B, C and so on, at most 26."""
    return list(string.ascii_uppercase[:number])


def measures_of(record: Record, gold: Collection[int]) -> dict[str, float]:
    """The measures of a record with log-probabilities, none of one without.

    Args:
        record: Its `continuations` are what the log-probabilities are of, else its `choices`; without both all count as
            equally long.
        gold: The indices of the right choices.
    """
    if not record.choice_logprobs:
        return {}
    texts = record.continuations or record.choices or letters(len(record.choice_logprobs))
    return measures(
        record.choice_logprobs,
        gold=gold,
        texts=texts,
        unconditional=record.unconditional_logprobs,
        greedy=record.choice_greedy,
    )


def measures(
    logprobs: Sequence[float | None],
    *,
    gold: Collection[int],
    texts: Sequence[str],
    unconditional: Sequence[float | None] = (),
    greedy: Sequence[bool] = (),
) -> dict[str, float]:
    """What the log-probabilities of an item's choices say, under the names of lm-evaluation-harness.

    `acc`, `acc_norm` and `acc_bytes` are 1 where the most probable choice is right: by its log-probability, by that
    over its length in characters (code points), and in bytes of UTF-8. `brier_score` is the squared distance between
    the probabilities of the choices and certainty of the right one, from 0 to 2. `acc_mutual_info` is 1 where the
    choice whose log-probability grows most by the question is right; `exact_match` where the right choice is what the
    model would have generated. Of equals the first one counts.

    Args:
        logprobs: The log-probability of each choice. A missing one stands for no probability at all.
        gold: The indices of the right choices. Of several there are no `brier_score` and `acc_mutual_info`.
        texts: What the log-probabilities are of, for the lengths. A text without length has no probability, as
            dividing by 0 gives it.
        unconditional: The log-probability of each choice without the question, for `acc_mutual_info`.
        greedy: Whether each choice is what the model would have generated, for `exact_match`.
    """
    filled = _filled(logprobs)
    by_length = [_over(logprob, len(text)) for logprob, text in zip(filled, texts, strict=True)]
    by_bytes = [_over(logprob, len(text.encode())) for logprob, text in zip(filled, texts, strict=True)]
    found = {
        "acc": float(_best(filled) in gold),
        "acc_norm": float(_best(by_length) in gold),
        "acc_bytes": float(_best(by_bytes) in gold),
    }
    if greedy:
        found["exact_match"] = float(any(greedy[index] for index in gold))
    if len(gold) == 1:
        found["brier_score"] = float(brier_scores(np.array([filled]), np.array([*gold]))[0])
        if unconditional:
            gains = [logprob - prior for logprob, prior in zip(filled, _filled(unconditional), strict=True)]
            found["acc_mutual_info"] = float(_best(gains) in gold)
    return found


def _filled(logprobs: Sequence[float | None]) -> list[float]:
    return [-math.inf if logprob is None else logprob for logprob in logprobs]


def _over(logprob: float, length: int) -> float:
    return logprob / length if length else logprob * math.inf


def _best(values: Sequence[float]) -> int:
    """The index of the largest value, the first of equals; what is not a number counts as the largest, as in NumPy."""
    for index, value in enumerate(values):
        if math.isnan(value):
            return index
    return values.index(max(values))


def brier_scores(logprobs: Floats, golds: npt.NDArray[np.integer]) -> Floats:
    """The Brier score of each item; NaN where no choice has a probability.

    Args:
        logprobs: The log-probabilities of its choices, (items, choices).
        golds: The index of the right choice.
    """
    largest = logprobs.max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        weights = np.exp(logprobs - largest)
    errors = weights / weights.sum(axis=1, keepdims=True)
    errors[np.arange(len(golds)), golds] -= 1.0
    return np.asarray((errors * errors).sum(axis=1))


def plain_measures(
    logprobs: Floats, golds: npt.NDArray[np.integer], choices: Sequence[Sequence[str]] = ()
) -> dict[str, Floats]:
    """As `measures`, for many items with as many choices each and one right choice.

    Args:
        logprobs: The log-probabilities of the choices, (items, choices); NaN for one that is missing.
        golds: The index of the right choice of each item.
        choices: The texts of the choices; if there are none, all are equally long.
    """
    filled = np.where(np.isnan(logprobs), -np.inf, logprobs)
    found = {"acc": filled, "acc_norm": filled, "acc_bytes": filled}
    if choices:
        found["acc_norm"] = _all_over(filled, [[len(text) for text in texts] for texts in choices])
        found["acc_bytes"] = _all_over(filled, [[len(text.encode()) for text in texts] for texts in choices])
    right = {name: (values.argmax(axis=1) == golds).astype(np.float64) for name, values in found.items()}
    return right | {"brier_score": brier_scores(filled, golds)}


def _all_over(logprobs: Floats, lengths: Sequence[Sequence[int]]) -> Floats:
    whole = np.array(lengths, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, logprobs / whole, logprobs * np.inf)
