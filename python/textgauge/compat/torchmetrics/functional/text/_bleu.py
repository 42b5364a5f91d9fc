"""Matches of n-grams, as both kinds of BLEU count them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from textgauge.errors import ConfigError
from textgauge.metrics import Bleu
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from textgauge.compat.torchmetrics._usual import Rows


class Matches(NamedTuple):
    """Sums over rows.

    Attributes:
        preds_len: Tokens of the predictions.
        target_len: Tokens of the references, of each row those of the reference that is closest in length.
        numerator: For each order the n-grams that a prediction shares with a reference.
        denominator: For each order the n-grams of the predictions.
    """

    preds_len: float
    target_len: float
    numerator: list[float]
    denominator: list[float]

    def plus(self, others: Matches) -> Matches:
        """The sums over more rows."""
        return Matches(
            self.preds_len + others.preds_len,
            self.target_len + others.target_len,
            [one + other for one, other in zip(self.numerator, others.numerator, strict=True)],
            [one + other for one, other in zip(self.denominator, others.denominator, strict=True)],
        )


def matches_of(
    rows: Rows, n_gram: int, tokenizer: str = "none", lowercase: bool = False, tokens: bool = False
) -> Matches | None:
    """The matches of texts, or of lists of tokens; `None` if the core has no such n-grams."""
    try:
        scorer = _scorer(n_gram, tokenizer, lowercase)
    except (ConfigError, TypeError):
        return None
    return _summed(scorer, n_gram, rows, tokens)


@functools.lru_cache(maxsize=64, typed=True)
def _scorer(n_gram: int, tokenizer: str, lowercase: bool) -> Scorer:
    return Scorer(Bleu(tokenizer=tokenizer, lowercase=lowercase, max_order=n_gram))


def _summed(scorer: Scorer, n_gram: int, rows: Rows, tokens: bool) -> Matches:
    scores = scorer.score(rows.preds, rows.target, tokens=tokens)
    sums = scores.corpus
    orders = range(1, n_gram + 1)
    return Matches(
        sums["bleu.hyp_len"],
        sums["bleu.ref_len"] if rows.is_single else _closest(scorer, scores["bleu.hyp_len"].tolist(), rows, tokens),
        [sums[f"bleu.correct{order}"] for order in orders],
        [sums[f"bleu.total{order}"] for order in orders],
    )


def _closest(scorer: Scorer, lengths: list[float], rows: Rows, tokens: bool) -> float:
    """The summed lengths of the closest references. Of two that are as close the first counts, not the shorter."""
    references = rows.pairs()[1]
    scores = scorer.score(references, [[each] for each in references], tokens=tokens)
    of_references: list[float] = scores["bleu.hyp_len"].tolist()
    return sum(
        min(of_references[part], key=lambda other: abs(other - length))
        for part, length in zip(rows.parts(), lengths, strict=True)
    )
