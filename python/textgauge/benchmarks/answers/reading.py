"""What was found in a text, and why."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Reading"]


@dataclass(frozen=True)
class Reading:
    """An answer found in a text.

    Attributes:
        answer: The answer.
        rule: The rule by which it was found.
        start: Where the piece of text that it was read off starts, in code points.
        end: Where that ends.
    """

    answer: str
    rule: str
    start: int
    end: int
