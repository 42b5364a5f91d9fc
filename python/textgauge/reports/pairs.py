"""Rows as the page shows them, block by block: their texts, and why each prediction has its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.explanations import Explainer
    from textgauge.reports.gather import Texts

__all__ = ["LONGEST_EXPLAINED", "Explanations", "texts_of"]

# Letters of a prediction and its references. Longer ones would make the page large, and nobody reads their alignment.
LONGEST_EXPLAINED = 20_000


def texts_of(texts: Texts, rows: Sequence[int]) -> dict[str, Any]:
    """The texts of some rows, column by column."""
    return {
        "ids": None if texts.ids is None else [texts.ids[row] for row in rows],
        "references": [_references(texts.references[row]) for row in rows],
        "predictions": [[predictions[row] for row in rows] for predictions in texts.systems.values()],
    }


class Explanations:
    """Why predictions have their scores.

    It is what `Explanation.compact` has, without what the page finds out itself: which n-grams are matched, which
    follows from the tokens, and scores that the arithmetic gives. For a pair a list of the sums, of the references that
    were chosen, of the readings, and of the scores that no step makes; or None if the texts are too long.
    """

    def __init__(self, texts: Texts, explainer: Explainer) -> None:
        self._texts = texts
        self._explainer = explainer
        made = [{step.result for step in metric.steps} for metric in explainer.metrics]
        each = zip(explainer.metrics, made, strict=True)
        parts = [(part, part not in own) for metric, own in each for part in metric.parts]
        self._kept = [place for place, (_, is_kept) in enumerate(parts) if is_kept]

    def layout(self) -> dict[str, Any]:
        """What is the same for all pairs: see `Explainer.layout`; `kept` names the scores that no step makes."""
        names = [(number, part) for number, metric in enumerate(self._explainer.metrics) for part in metric.parts]
        return {**self._explainer.layout(), "kept": [names[place] for place in self._kept]}

    def of(self, rows: Sequence[int]) -> list[list[list[Any] | None]]:
        """Those of some rows: for each the explanations of all systems."""
        return [self._of_row(row) for row in rows]

    def _of_row(self, row: int) -> list[list[Any] | None]:
        references = _references(self._texts.references[row])
        return [self._of_pair(column[row] or "", references) for column in self._texts.systems.values()]

    def _of_pair(self, prediction: str, references: list[str]) -> list[Any] | None:
        if len(prediction) + sum(map(len, references)) > LONGEST_EXPLAINED:
            return None
        # A missing reference was scored as an empty one.
        scores, sums, best, readings = self._explainer.explain(prediction, references or [""]).compact()
        for reading in readings:
            for reference in reading["references"]:
                reference.pop("ngrams", None)
                reference.pop("distinct", None)
        return [sums, best, readings, [scores[place] for place in self._kept]]


def _references(item: Any) -> list[str]:  # noqa: ANN401 - a text, texts, or nothing
    """The references of a row as a list; those that are missing are left out."""
    if isinstance(item, str):
        return [item]
    return [] if item is None else [text for text in item if isinstance(text, str)]
