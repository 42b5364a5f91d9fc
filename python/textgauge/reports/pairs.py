"""Rows as the page shows them, block by block: their texts, and why each prediction has its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.reports.gather import Texts

__all__ = ["references_of", "texts_of"]


def texts_of(texts: Texts, rows: Sequence[int]) -> dict[str, Any]:
    """The texts of some rows, column by column."""
    return {
        "ids": None if texts.ids is None else [texts.ids[row] for row in rows],
        "references": [references_of(texts.references[row]) for row in rows],
        "predictions": [[predictions[row] for row in rows] for predictions in texts.systems.values()],
    }


def references_of(item: Any) -> list[str]:  # noqa: ANN401 - a text, texts, or nothing
    """The references of a row as a list; those that are missing are left out."""
    if isinstance(item, str):
        return [item]
    return [] if item is None else [text for text in item if isinstance(text, str)]
