"""What the classes of error rates have in common: sums of edits are added to their states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import tensor

from textgauge.compat.torchmetrics.functional.text._edits import Edits, of_words
from textgauge.compat.torchmetrics.text._states import QuickStates

if TYPE_CHECKING:
    from collections.abc import Callable


class OfEdits(QuickStates):
    """Goes before torchmetrics' own class, which gets what the core does not count."""

    _count: Callable[[Any, Any], Edits | None] = staticmethod(of_words)

    def _sums(self, found: Edits) -> dict[str, int]:
        """What is added to each state.

        Raises:
            NotImplementedError: A class has to say so itself.
        """
        raise NotImplementedError

    def update(self, preds: str | list[str], target: str | list[str]) -> None:
        """Adds one or several texts. Predictions come first.

        Raises:
            AttributeError, TypeError: Something is no text.
        """
        found = self._count(preds, target)
        if found is None:
            super().update(preds, target)  # type: ignore[misc]
            return
        for state, number in self._sums(found).items():
            getattr(self, state).add_(tensor(float(number)))


class OfInformation(OfEdits):
    """The states of both measures of word information."""

    def _sums(self, found: Edits) -> dict[str, int]:
        return {
            "errors": found.edits - found.longest,
            "target_total": found.target,
            "preds_total": found.preds,
        }
