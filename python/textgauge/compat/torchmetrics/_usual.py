"""Which arguments are usual: the core counts those. All others go torchmetrics' way."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt
    from torch import Tensor


class Rows(NamedTuple):
    """Predictions, and the references of each: texts, or lists of their tokens.

    Attributes:
        preds: A text a row.
        target: One or more references a row.
    """

    preds: list[Any]
    target: list[Sequence[Any]]

    @property
    def is_single(self) -> bool:
        """Whether every row has one reference."""
        return set(map(len, self.target)) == {1}

    def pairs(self) -> tuple[list[Any], list[Any]]:
        """Each prediction with each of its references."""
        references = [*chain.from_iterable(self.target)]
        if self.is_single:
            return self.preds, references
        return [pred for pred, others in zip(self.preds, self.target, strict=True) for _ in others], references

    def starts(self) -> npt.NDArray[np.intp]:
        """Where the pairs of each row begin among all."""
        lengths = np.fromiter(map(len, self.target), np.intp, len(self.target))
        return lengths.cumsum() - lengths

    def parts(self) -> Iterator[slice]:
        """Where the pairs of each row stand among all."""
        for start, references in zip(self.starts().tolist(), self.target, strict=True):
            yield slice(start, start + len(references))

    def where(self, is_chosen: Iterable[bool]) -> Rows:
        """Some of the rows."""
        chosen = [row for row, is_one in enumerate(is_chosen) if is_one]
        return Rows([self.preds[row] for row in chosen], [self.target[row] for row in chosen])

    def mapped(self, function: Callable[[Any], Any]) -> Rows:
        """What a function makes of each text."""
        return Rows([*map(function, self.preds)], [[*map(function, references)] for references in self.target])


def pairs_of(preds: Any, target: Any) -> tuple[list[str], list[str]] | None:  # noqa: ANN401
    """Texts, or one, with a reference each; `None` if they are anything else."""
    preds, target = ([each] if isinstance(each, str) else each for each in (preds, target))
    if _are_texts(preds) and _are_texts(target) and len(preds) == len(target) and _are_floats_single():
        return list(preds), list(target)
    return None


def rows_of(preds: Any, target: Any) -> Rows | None:  # noqa: ANN401
    """Texts with lists of references; `None` if they are anything else."""
    if not (_are_texts(preds) and isinstance(target, (list, tuple)) and len(preds) == len(target)):
        return None
    if _are_all(target, (list, tuple)) and all(target) and _are_all(chain.from_iterable(target), str):
        return Rows([*preds], [*target]) if _are_floats_single() else None
    return None


def validated(preds: Any, target: Any) -> Rows | None:  # noqa: ANN401
    """As `rows_of`, of what chrF and TER take besides: one text, and one reference a row."""
    if isinstance(preds, str):
        preds = [preds]
    if _are_texts(preds) and _are_texts(target):
        # Texts beside a single one are its references.
        target = [target] if len(preds) == 1 else [[reference] for reference in target]
    return rows_of(preds, target)


def _are_texts(column: Any) -> bool:  # noqa: ANN401
    return isinstance(column, (list, tuple)) and len(column) > 0 and _are_all(column, str)


def _are_all(values: Iterable[Any], kinds: type | tuple[type, ...]) -> bool:
    return all(issubclass(kind, kinds) for kind in set(map(type, values)))


def _are_floats_single() -> bool:
    return torch.get_default_dtype() is torch.float32


def tells_apart(sums: Sequence[float], states: Sequence[Tensor]) -> bool:
    """Whether states stay exact when whole numbers are added: floats leave numbers out from some number on.

    torchmetrics adds one by one, and sums that large come out otherwise.
    """
    pairs = zip(sums, states, strict=True)
    return all(float(state) + sum_ <= 2 / torch.finfo(state.dtype).eps for sum_, state in pairs)


EXACT_IN_SINGLE = 2**24
"""The largest whole number up to which floats of single precision leave none out."""
