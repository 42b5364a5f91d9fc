"""Edits of pairs of texts, by word or by character."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from textgauge.compat.torchmetrics._usual import EXACT_IN_SINGLE, pairs_of
from textgauge.metrics import Cer, Wer
from textgauge.scorer import Scorer

_OF_WORDS = Scorer(Wer(tokenizer="whitespace"))
_OF_CHARACTERS = Scorer(Cer(tokenizer="characters"))


class Edits(NamedTuple):
    """Sums over pairs.

    Attributes:
        edits: The fewest edits that make the prediction of the reference.
        target: Tokens of the references.
        preds: Tokens of the predictions.
        longest: Tokens of the longer of both.
    """

    edits: int
    target: int
    preds: int
    longest: int


def of_words(preds: Any, target: Any) -> Edits | None:  # noqa: ANN401
    """The edits of words; `None` if that is for torchmetrics to say."""
    return _counted(_OF_WORDS, "wer", preds, target)


def of_characters(preds: Any, target: Any) -> Edits | None:  # noqa: ANN401
    """The edits of characters; `None` if that is for torchmetrics to say."""
    return _counted(_OF_CHARACTERS, "cer", preds, target)


def _counted(scorer: Scorer, name: str, preds: Any, target: Any) -> Edits | None:  # noqa: ANN401
    pairs = pairs_of(preds, target)
    if pairs is None:
        return None
    scores = scorer.score(*pairs)
    in_target, in_preds = scores[f"{name}.ref_len"], scores[f"{name}.hyp_len"]
    edits = scores[f"{name}.sub"] + scores[f"{name}.del"] + scores[f"{name}.ins"]
    columns = edits, in_target, in_preds, np.maximum(in_target, in_preds)
    sums = Edits._make(int(column.sum()) for column in columns)
    return sums if max(sums) <= EXACT_IN_SINGLE else None
