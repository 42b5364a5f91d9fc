"""SQuAD: `torchmetrics.functional.text.squad` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from torch import Tensor, tensor
from torchmetrics.functional.text import squad as of_peer
from torchmetrics.functional.text.squad import _squad_compute

from textgauge.compat.torchmetrics._usual import Rows, rows_of
from textgauge.metrics import Rouge, Squad
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["squad"]

Preds: TypeAlias = "dict[str, str] | list[dict[str, str]]"
Targets: TypeAlias = "dict[str, Any] | list[dict[str, Any]]"

# A text without words has the F1 of its version 2 here. Precision and recall are those of the same words.
_SCORER = Scorer([Squad(version=2, percent=False), Rouge("rouge1", tokenizer="squad")])


class Sums(NamedTuple):
    """Sums over questions.

    Attributes:
        f1: The best F1 of each.
        exact_match: The number of exact matches.
        total: The number of questions.
    """

    f1: float
    exact_match: float
    total: int


def squad(preds: Preds, target: Targets) -> dict[str, Tensor]:
    """Exact match and F1 of answers, from 0 to 100. Predictions come first.

    Args:
        preds: Dictionaries with `prediction_text` and `id`, or one.
        target: Dictionaries with `answers`, which have `text`, and `id`, or one.

    Raises:
        KeyError: A key is missing.
        ValueError: A question has no answer.
    """
    found = sums_of(preds, target)
    scores: dict[str, Tensor] = of_peer(preds, target) if found is None else _squad_compute(*map(tensor, found))
    return scores


def sums_of(preds: Any, target: Any) -> Sums | None:  # noqa: ANN401
    """The sums over questions; `None` if that is for torchmetrics to say, or it has to warn."""
    rows = _rows_of(preds, target)
    if rows is None:
        return None
    starts = rows.starts()
    scores = _SCORER.score(*rows.pairs())
    f1 = _in_single(scores["squad.f1"], scores["rouge1.p"], scores["rouge1.r"])
    # Rounded after each addition, from first to last.
    sum_of_best = np.add.accumulate(np.maximum.reduceat(f1, starts), dtype=np.float32)[-1]
    return Sums(float(sum_of_best), float(np.maximum.reduceat(scores["squad.em"], starts).sum()), len(starts))


def _rows_of(preds: Any, target: Any) -> Rows | None:  # noqa: ANN401
    preds, target = ([each] if isinstance(each, dict) else each for each in (preds, target))
    if not (isinstance(preds, (list, tuple)) and isinstance(target, (list, tuple))):
        return None
    try:
        texts = {each["id"]: each["prediction_text"] for each in preds}
        return rows_of([texts[each["id"]] for each in target], [each["answers"]["text"] for each in target])
    except (KeyError, TypeError):
        return None


def _in_single(*shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """F1 in torchmetrics' precision, which rounds precision and recall first, of F1, precision and recall."""
    f1, precision, recall = (share.astype(np.float32) for share in shares)
    np.divide(2 * precision * recall, precision + recall, out=f1, where=precision > 0)
    return f1
