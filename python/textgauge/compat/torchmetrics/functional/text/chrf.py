"""chrF and chrF++: `torchmetrics.functional.text.chrf` of torchmetrics 1.9.0."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, tensor
from torchmetrics.functional.text import chrf_score as of_peer
from torchmetrics.functional.text.chrf import _chrf_score_compute

from textgauge.compat.torchmetrics._usual import EXACT_IN_SINGLE, validated
from textgauge.errors import ConfigError
from textgauge.metrics import Chrf
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Counts = npt.NDArray[np.float64]

__all__ = ["chrf_score"]

_LEAST = tensor(1e-16)


class Options(NamedTuple):
    """What texts are read for; the fields are the arguments of `chrf_score`."""

    n_char_order: int
    n_word_order: int
    beta: float
    lowercase: bool
    whitespace: bool


class Ngrams(NamedTuple):
    """Sums over rows, for each order of characters and then of words; and the score of each row.

    Attributes:
        preds: n-grams of the predictions.
        target: n-grams of the best references.
        matching: n-grams that both share.
        scores: The best score of each row.
    """

    preds: list[float]
    target: list[float]
    matching: list[float]
    scores: Tensor

    def by_level(self, n_char_order: int) -> list[list[float]]:
        """The sums as torchmetrics orders them."""
        return [part for sums in self[:3] for part in (sums[:n_char_order], sums[n_char_order:])]


def chrf_score(
    preds: str | Sequence[str],
    target: Sequence[str | Sequence[str]],
    n_char_order: int = 6,
    n_word_order: int = 2,
    beta: float = 2.0,
    lowercase: bool = False,
    whitespace: bool = False,
    return_sentence_level_score: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """chrF++ of texts, from 0 to 1, or chrF without words. Predictions come first.

    Args:
        preds: The texts to judge, or one.
        target: For each a reference, or several.
        n_char_order: The longest n-grams of characters.
        n_word_order: The longest n-grams of words, 0 for chrF.
        beta: Weight of recall in F.
        lowercase: Whether texts are lower-cased first.
        whitespace: Whether white space counts as characters.
        return_sentence_level_score: Whether the scores of each text are returned too.

    Raises:
        ValueError: An option is out of range, or there are not as many references as texts.
    """
    options = Options(n_char_order, n_word_order, beta, lowercase, whitespace)
    found = ngrams_of(preds, target, options)
    if found is None or max(found.preds + found.target) > EXACT_IN_SINGLE:
        return of_peer(preds, target, *options, return_sentence_level_score=return_sentence_level_score)
    sums = [dict(enumerate(map(tensor, level), start=1)) for level in found.by_level(n_char_order)]
    score = _chrf_score_compute(*sums, n_order=float(n_char_order + n_word_order), beta=beta)
    return (score, found.scores) if return_sentence_level_score else score


def ngrams_of(preds: Any, target: Any, options: Options) -> Ngrams | None:  # noqa: ANN401
    """The n-grams of texts; `None` if that is for torchmetrics to say."""
    rows = validated(preds, target)
    orders = options.n_char_order, options.n_word_order
    if rows is None or options.beta < 0 or not all(isinstance(order, int) for order in orders):
        return None
    try:
        scorers = _scorers(*orders)
    except ConfigError:
        return None
    # The core leaves out n-grams of predictions in orders of which the reference has none.
    in_preds = _counted(scorers, rows.preds, rows.preds, options)[1]
    _, in_target, matching = _counted(scorers, *rows.pairs(), options)
    repeated = in_preds.repeat([len(references) for references in rows.target], axis=0)
    scores = _scores(matching, repeated, in_target, options)
    best = np.array([part.start + scores[part].argmax() for part in rows.parts()])
    # Only a reference with a score above 0 is the best.
    matched = best[scores[best] > 0]
    return Ngrams(
        in_preds.sum(0).tolist(),
        in_target[matched].sum(0).tolist(),
        matching[matched].sum(0).tolist(),
        torch.from_numpy(scores[best]),
    )


@functools.lru_cache(maxsize=64)
def _scorers(n_char_order: int, n_word_order: int) -> tuple[Scorer, Scorer]:
    """What counts characters, white space included, and what counts words, with an order of characters too many."""
    return (
        Scorer(Chrf(char_order=n_char_order, whitespace=True)),
        Scorer(Chrf(char_order=1, word_order=n_word_order)),
    )


def _counted(scorers: tuple[Scorer, Scorer], preds: list[str], target: list[str], options: Options) -> list[Counts]:
    """n-grams of predictions, of references, and shared ones: for each pair and order."""
    columns = [[text.lower() for text in column] if options.lowercase else column for column in (preds, target)]
    squeezed = columns
    if not options.whitespace:
        # Blanks are no characters, but any other white space between words is.
        squeezed = [[text.strip().replace(" ", "") for text in column] for column in columns]
    characters, words = (
        scorer.measure(*texts)._table.sacrebleu_statistics(0).reshape(len(preds), -1, 3)
        for scorer, texts in zip(scorers, (squeezed, columns), strict=True)
    )
    return [*np.concatenate([characters, words[:, 1:]], axis=1).transpose(2, 0, 1)]


def _scores(matching: Counts, preds: Counts, target: Counts, options: Options) -> npt.NDArray[np.float32]:
    """Scores of each pair, in torchmetrics' precision and order of additions."""
    matches, *totals = (torch.from_numpy(counts.astype(np.float32)) for counts in (matching, preds, target))
    precision, recall = (torch.where(total > 0, matches / total, 0.0) for total in totals)
    squared = options.beta**2
    of_orders = (1 + squared) * precision * recall / torch.maximum(squared * precision + recall, _LEAST)
    by_order = of_orders.unbind(1)
    characters, words = by_order[: options.n_char_order], by_order[options.n_char_order :]
    scores: npt.NDArray[np.float32] = ((sum(characters) + sum(words)) / float(len(by_order))).numpy()
    return scores
