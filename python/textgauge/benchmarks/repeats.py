"""Several answers of a model to one item: which of them count, and how.

>>> Repeats("majority").verdict(["A", "B", "B"], lambda answer: answer == "B")
('B', True)
>>> Repeats("mean").verdict(["A", "B", "B", "A"], lambda answer: answer == "B")
('A', 0.5)
"""

from __future__ import annotations

import collections
import dataclasses
import math
import re
from typing import TYPE_CHECKING

from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textgauge.benchmarks.answers.reading import Reading
    from textgauge.benchmarks.records import Record

__all__ = ["Repeats"]

NAMED = re.compile(r"(first)|(majority|maj|mean|pass)(?:@([1-9]\d{0,5}))?")


class Repeats:
    """Which of several answers to an item count.

    Args:
        name: `"first"`: the first one. `"majority"`, or `"maj"`: the most frequent one, of equals the one that came
            first. No answer is a vote like others, so an item is unanswered when that wins; so it is in
            lm-evaluation-harness. `"mean"`: the share of all answers that is right. `"maj@8"` and `"mean@8"`: the same
            over the first 8. `"pass@8"`: the chance that of 8 answers one is right, estimated without bias from all
            that there are: 1 - C(n-c, 8) / C(n, 8), where c of n are right.

    Raises:
        ConfigError: There is no such way.
    """

    def __init__(self, name: str) -> None:
        found = NAMED.fullmatch(name) if isinstance(name, str) else None
        if found is None or (found[2] == "pass" and not found[3]):
            known = "first, majority, mean, maj@K, mean@K or pass@K, where K is a number"
            raise ConfigError(f"repeats is {known}, not {name!r}", "bad-option")
        self.rule = found[1] or found[2].replace("majority", "maj")
        self.number = int(found[3]) if found[3] else None

    def texts(self, record: Record) -> list[str | None]:
        """The texts of a record that count.

        Raises:
            InputError: It has fewer than are asked for.
        """
        texts = [record.prediction, *record.alternatives]
        if self.number is not None and len(texts) < self.number:
            message = f"item {record.id!r} of {record.group!r} has {len(texts)} answers, not {self.number}"
            raise InputError(message, "bad-record")
        if self.rule == "first":
            return texts[:1]
        return texts if self.rule == "pass" else texts[: self.number]

    def joined(self, records: Sequence[Record]) -> Sequence[Record]:
        """The records, those of one item that differ by their trial as one, unless only the first answers count."""
        if self.rule == "first":
            return records
        by_item: dict[tuple[str | None, ...], list[Record]] = {}
        for record in records:
            generated = record.prediction is not None or not record.choice_logprobs
            key = (record.group, record.id, record.perturbation, None if generated else record.trial)
            by_item.setdefault(key, []).append(record)
        return [_one(trials) for trials in by_item.values()]

    def read(
        self, record: Record, find: Callable[[str], Reading | None], is_right: Callable[[str], bool]
    ) -> tuple[Reading | None, float]:
        """The answer to an item, as it was read first, and the verdict on it.

        Args:
            record: What the model answered.
            find: Finds the answer in a text.
            is_right: Whether an answer is right.

        Raises:
            InputError: There are fewer texts than are asked for.
        """
        readings = [None if text is None else find(text) for text in self.texts(record)]
        found, correct = self.verdict([reading.answer if reading else None for reading in readings], is_right)
        return next((reading for reading in readings if reading and reading.answer == found), None), correct

    def verdict(self, answers: Sequence[str | None], is_right: Callable[[str], bool]) -> tuple[str | None, float]:
        """The answer to an item, and whether it is right, or the share that is.

        Args:
            answers: What was found in the texts; `None` where nothing was.
            is_right: Whether an answer is right.
        """
        if self.rule == "maj":
            voted = collections.Counter(answers).most_common(1)[0][0]
            return voted, voted is not None and is_right(voted)
        if self.rule == "first":
            return answers[0], answers[0] is not None and is_right(answers[0])
        right = sum(answer is not None and is_right(answer) for answer in answers)
        found = next((answer for answer in answers if answer is not None), None)
        if self.rule == "mean":
            return found, right / len(answers)
        return found, _pass(len(answers), right, self.number or 1)


def _one(trials: list[Record]) -> Record:
    first, *others = trials
    # A trial without an answer is one, too: an empty text, in which nothing is found.
    texts = [text or "" for trial in others for text in (trial.prediction, *trial.alternatives)]
    return dataclasses.replace(first, alternatives=(*first.alternatives, *texts))


def _pass(answers: int, right: int, number: int) -> float:
    return 1.0 - math.comb(answers - right, number) / math.comb(answers, number)
