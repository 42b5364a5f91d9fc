"""Rows as the page shows them, block by block: their texts, and why each prediction has its scores."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textgauge.explanations import Explainer
    from textgauge.reports.gather import Texts

__all__ = ["LONGEST_EXPLAINED", "Explanations", "texts_of"]

# Letters of a prediction and its references. Longer ones would make the page large, and nobody reads their alignment.
LONGEST_EXPLAINED = 20_000


def texts_of(texts: Texts, rows: Sequence[int]) -> str:
    """The texts of some rows as JSON, column by column."""
    columns = {
        "ids": None if texts.ids is None else [texts.ids[row] for row in rows],
        "references": [_references(texts.references[row]) for row in rows],
        "predictions": [[predictions[row] for row in rows] for predictions in texts.systems.values()],
    }
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":"))


class Explanations:
    """Why predictions have their scores.

    It is what `Explanation.compact` has, without what the page finds out itself: which n-grams are matched, and scores
    that the arithmetic gives.
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

    def of(self, rows: Sequence[int]) -> str:
        """Those of some rows as JSON: for each row a list of all systems, null where texts are too long."""
        return _json_list(map(self._of_row, rows)).decode("utf-8", "surrogatepass")

    def _of_row(self, row: int) -> bytes:
        references = _references(self._texts.references[row])
        return _json_list(self._of_pair(column[row] or "", references) for column in self._texts.systems.values())

    def _of_pair(self, prediction: str, references: list[str]) -> bytes:
        if len(prediction) + sum(map(len, references)) > LONGEST_EXPLAINED:
            return b"null"
        # A missing reference was scored as an empty one.
        return self._explainer.brief(prediction, references or [""], self._kept)


def _json_list(items: Iterable[bytes]) -> bytes:
    return b"[%b]" % b",".join(items)


def _references(item: Any) -> list[str]:  # noqa: ANN401 - a text, texts, or nothing
    """The references of a row as a list; those that are missing are left out."""
    if isinstance(item, str):
        return [item]
    return [] if item is None else [text for text in item if isinstance(text, str)]
