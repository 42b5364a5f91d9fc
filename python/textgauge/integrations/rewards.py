"""Metrics as rewards, in the shape that the trainers of TRL call: GRPO, RLOO and others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.errors import ConfigError
from textgauge.metrics import Metric
from textgauge.named_columns import headlines, is_lower_better, scorer_of
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Reward", "reward"]


class Reward:
    """A weighted sum of scores of each completion. It can be pickled; `__name__` is what TRL logs it under."""

    def __init__(self, scorer: Scorer, weights: Mapping[str, float], reference_column: str, name: str) -> None:
        """Takes what measures, the weight of each column, where references are, and the name."""
        self.scorer = scorer
        self.weights = dict(weights)
        self.reference_column = reference_column
        self.__name__ = name

    def __call__(self, completions: Sequence[Any], **columns: Any) -> list[float | None]:  # noqa: ANN401
        """The reward of each completion, None where there is no reference.

        Args:
            completions: Texts, or conversations, of which the last message counts.
            **columns: What trainers pass besides; the references are among it.

        Raises:
            ConfigError: There is no column of references.
            InputError: As for `Scorer.score`.
        """
        if self.reference_column not in columns:
            message = f"there is no column {self.reference_column!r} of references; there are {', '.join(columns)}"
            raise ConfigError(message, "bad-option")
        texts = [_text(completion) for completion in completions]
        result = self.scorer.score(texts, columns[self.reference_column], nulls="propagate")
        weighted = [weight * result[column] for column, weight in self.weights.items()]
        totals: list[float] = np.sum(weighted, axis=0).tolist()
        return [None if math.isnan(total) else total for total in totals]

    def __repr__(self) -> str:
        return f"<Reward {self.__name__}>"


def reward(
    of: str | Metric | Mapping[str, float],
    *,
    metrics: Iterable[str | Metric] = (),
    reference_column: str = "reference",
    name: str | None = None,
) -> Reward:
    """A reward for reinforcement learning: `GRPOTrainer(reward_funcs=reward("rougeL"), …)`.

    Several scores become one reward, a weighted sum, because then the completions are read once. Where TRL shall log
    each by itself, pass it several rewards.

    Args:
        of: A column, such as `"rougeL.r"`; a metric, by name or as an object, which stands for its headline score; or
            such names with weights. Scores where less is better, such as `"wer"`, count negative.
        metrics: Metrics with options of their own, where `of` names columns of theirs.
        reference_column: The column of the data set that holds the references: a text a row, or a list of several.
        name: What TRL logs it under; by default what it is made of.

    Raises:
        ConfigError: There is no such metric or column, or nothing to sum up.
    """
    if isinstance(of, Metric):
        metrics = (of,)
        of = dict.fromkeys(headlines(Scorer(of)), 1.0)
        if len(of) > 1:
            raise ConfigError(f"the metric has several scores: {', '.join(of)}; give weights", "bad-option")
    asked = dict(of) if isinstance(of, Mapping) else {of: 1.0}
    if not asked:
        raise ConfigError("there is nothing to sum up", "bad-option")
    scorer, columns = scorer_of(asked, metrics)
    lower = is_lower_better(scorer)
    weights = {column: -asked[each] if lower[column] else asked[each] for each, column in columns.items()}
    return Reward(scorer, weights, reference_column, name or "+".join(asked))


def _text(completion: Any) -> Any:  # noqa: ANN401 - the scorer refuses what is no text
    """The text of a completion, or of the last message of a conversation."""
    if not isinstance(completion, (list, tuple)):
        return completion
    content = completion[-1]["content"] if completion else ""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""
