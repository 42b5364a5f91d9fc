"""The translation edit rate: `torchmetrics.functional.text.ter` of torchmetrics 1.9.0."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, tensor
from torchmetrics.functional.text import translation_edit_rate as of_peer
from torchmetrics.functional.text.ter import _ter_compute

from textgauge.compat.torchmetrics._usual import EXACT_IN_SINGLE, validated
from textgauge.metrics import Ter
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["translation_edit_rate"]


class Options(NamedTuple):
    """How texts are read; the fields are arguments of `translation_edit_rate`."""

    normalize: bool
    no_punctuation: bool
    lowercase: bool
    asian_support: bool


class Edits(NamedTuple):
    """What is counted of each row.

    Attributes:
        edits: Those to the reference that takes fewest.
        lengths: The mean length of the references.
    """

    edits: npt.NDArray[np.float32]
    lengths: npt.NDArray[np.float32]

    def added_to(self, edits: float, length: float) -> tuple[float, float] | None:
        """The sums of earlier rows and these; `None` if they are too large for whole numbers."""
        edits += float(self.edits.sum(dtype=np.float64))
        # Means are rounded after each addition, from first to last.
        lengths = np.add.accumulate(np.concatenate([[length], self.lengths]), dtype=np.float32)
        return (edits, float(lengths[-1])) if edits <= EXACT_IN_SINGLE else None

    def rates(self) -> list[Tensor]:
        """The rate of each row, in a tensor of its own."""
        edits, lengths = torch.from_numpy(self.edits), torch.from_numpy(self.lengths)
        rates = torch.where(lengths > 0, edits / lengths, 1.0)
        return list(torch.split_copy(torch.where(edits > 0, rates, 0.0), 1))


def translation_edit_rate(
    preds: str | Sequence[str],
    target: Sequence[str | Sequence[str]],
    normalize: bool = False,
    no_punctuation: bool = False,
    lowercase: bool = True,
    asian_support: bool = False,
    return_sentence_level_score: bool = False,
) -> Tensor | tuple[Tensor, list[Tensor]]:
    """TER of texts. Predictions come first.

    Args:
        preds: The texts to judge, or one.
        target: For each a reference, or several.
        normalize: Whether punctuation is cut off words, entities are resolved and so on.
        no_punctuation: Whether punctuation is removed.
        lowercase: Whether texts are lower-cased first.
        asian_support: Whether both go for Chinese, Japanese and Korean too.
        return_sentence_level_score: Whether the rates of each text are returned too.

    Raises:
        ValueError: An option is no `bool`, or there are not as many references as texts.
    """
    options = Options(normalize, no_punctuation, lowercase, asian_support)
    found = edits_of(preds, target, options)
    sums = found and found.added_to(0.0, 0.0)
    if not (found and sums):
        return of_peer(preds, target, *options, return_sentence_level_score=return_sentence_level_score)
    rate = _ter_compute(*map(tensor, sums))
    return (rate, found.rates()) if return_sentence_level_score else rate


def edits_of(preds: Any, target: Any, options: Options) -> Edits | None:  # noqa: ANN401
    """The edits of texts; `None` if that is for torchmetrics to say."""
    rows = validated(preds, target)
    if rows is None or not all(isinstance(option, bool) for option in options):
        return None
    scorer = _scorer(options)
    of_preds, references = rows.pairs()
    # torchmetrics edits references until they are the predictions, which can take other shifts than the way back.
    scores = scorer.score(references, of_preds)
    # Nothing is to be done for predictions without words.
    edits = np.where(scores["ter.ref_len"] > 0, scores["ter.edits"], 0.0)
    lengths = scorer.score(references, references)["ter.ref_len"]
    starts = rows.starts()
    counts = np.array([len(each) for each in rows.target], np.float32)
    return Edits(
        np.minimum.reduceat(edits, starts).astype(np.float32),
        np.add.reduceat(lengths, starts).astype(np.float32) / counts,
    )


@functools.lru_cache(maxsize=16)
def _scorer(options: Options) -> Scorer:
    return Scorer(
        Ter(
            normalized=options.normalize,
            no_punct=options.no_punctuation,
            asian_support=options.asian_support,
            case_sensitive=not options.lowercase,
        )
    )
