"""The edit distance: `torchmetrics.functional.text.edit` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import torch
from torchmetrics.functional.text import edit_distance as of_peer
from torchmetrics.functional.text.edit import _edit_distance_compute

from textgauge.compat.torchmetrics._usual import pairs_of
from textgauge.compat.torchmetrics.functional.text._beam import BEAM, MOST_COSTLY, distances_in_beam
from textgauge.metrics import EditDistance
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

__all__ = ["edit_distance"]

_OF_CHARACTERS = Scorer(EditDistance(tokenizer="characters"))


def edit_distance(
    preds: str | Sequence[str],
    target: str | Sequence[str],
    substitution_cost: int = 1,
    reduction: Literal["mean", "sum", "none"] | None = "mean",
) -> Tensor:
    """The edits of characters from predictions to references. Predictions come first.

    Args:
        preds: The texts to judge, or one.
        target: A reference for each.
        substitution_cost: What it costs to put a character in place of another.
        reduction: Whether the `"mean"` or the `"sum"` is returned; else the distance of each pair.

    Raises:
        ValueError: Something is no text, there are not as many references as texts, or there is no such reduction.
    """
    distances = distances_of(preds, target, substitution_cost)
    if distances is None:
        return of_peer(preds, target, substitution_cost, reduction)
    return _edit_distance_compute(distances, num_elements=distances.numel(), reduction=reduction)


def distances_of(preds: Any, target: Any, substitution_cost: int) -> Tensor | None:  # noqa: ANN401
    """The distance of each pair; `None` if that is for torchmetrics to say.

    torchmetrics looks for the fewest edits near the diagonal only. Where there are few, it finds them.
    """
    pairs = pairs_of(preds, target)
    if pairs is None or not isinstance(substitution_cost, int) or not 0 <= substitution_cost <= MOST_COSTLY:
        return None
    preds, target = pairs
    distances = _OF_CHARACTERS.score(preds, target)["edit_distance"]
    beyond = distances > (BEAM - 2 if substitution_cost == 1 else 0)
    far = [row for row in beyond.nonzero()[0].tolist() if preds[row]]
    distances[far] = distances_in_beam([preds[row] for row in far], [target[row] for row in far], substitution_cost)
    return torch.tensor(distances.tolist(), dtype=torch.int)
