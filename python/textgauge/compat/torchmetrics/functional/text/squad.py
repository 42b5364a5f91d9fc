"""SQuAD: `torchmetrics.functional.text.squad` of torchmetrics 1.9.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from torch import Tensor, tensor
from torchmetrics.functional.text import squad as of_peer
from torchmetrics.functional.text.squad import _squad_compute

from textgauge.compat.torchmetrics._usual import Rows, rows_of
from textgauge.metrics import Squad
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["squad"]

Preds: TypeAlias = "dict[str, str] | list[dict[str, str]]"
Targets: TypeAlias = "dict[str, Any] | list[dict[str, Any]]"

# A text without words has the F1 of its version 2 here.
_SCORER = Scorer(Squad(version=2, percent=False))


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
    pairs = rows.pairs()
    scores = _SCORER.score(*pairs)
    best = np.maximum.reduceat(_in_single(scores["squad.f1"], *pairs), starts)
    # Rounded after each addition, from first to last.
    f1 = np.add.accumulate(best, dtype=np.float32)[-1]
    return Sums(float(f1), float(np.maximum.reduceat(scores["squad.em"], starts).sum()), len(starts))


def _rows_of(preds: Any, target: Any) -> Rows | None:  # noqa: ANN401
    preds, target = ([each] if isinstance(each, dict) else each for each in (preds, target))
    if not (isinstance(preds, (list, tuple)) and isinstance(target, (list, tuple))):
        return None
    try:
        texts = {each["id"]: each["prediction_text"] for each in preds}
        return rows_of([texts[each["id"]] for each in target], [each["answers"]["text"] for each in target])
    except (KeyError, TypeError):
        return None


def _in_single(f1: npt.NDArray[np.float64], preds: list[str], target: list[str]) -> npt.NDArray[np.float32]:
    """F1 in torchmetrics' precision, which rounds precision and recall first."""
    in_single = f1.astype(np.float32)
    partly = ((f1 > 0) & (f1 < 1)).nonzero()[0]
    if not len(partly):
        return in_single
    words = _words_in([column[pair] for column in (preds, target) for pair in partly.tolist()])
    in_preds, in_target = words[: len(partly)], words[len(partly) :]
    shared = (f1[partly] * (in_preds + in_target) / 2).round().astype(np.float32)
    precision, recall = shared / in_preds, shared / in_target
    in_single[partly] = (2 * precision * recall) / (precision + recall)
    return in_single


def _words_in(answers: list[str]) -> npt.NDArray[np.float32]:
    """How many words the core finds in texts: F1 of so many and one more with that one is `2 / (n + 2)`."""
    f1 = _SCORER.score([f"{answer} x" for answer in answers], ["x"] * len(answers))["squad.f1"]
    return (2 / f1 - 2).round().astype(np.float32)
