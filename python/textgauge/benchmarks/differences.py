"""Items on which two ways of extraction find different answers.

>>> from textgauge.benchmarks import mmlu
>>> from textgauge.benchmarks.records import as_records
>>> rows = [{"id": "1", "subject": "anatomy", "target": "B", "prediction": "It is **B**."}]
>>> [found] = differences(as_records(rows, "subject"), mmlu.reading, "chat", "strict")
>>> found.first.answer, found.second
('B', None)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from textgauge.benchmarks.answers.reading import Reading
    from textgauge.benchmarks.records import Record

__all__ = ["Difference", "differences", "shortened", "snippet"]


@dataclass(frozen=True)
class Difference:
    """An item on which two ways of extraction differ.

    Attributes:
        record: The item.
        first: What the one way found; `None` for nothing.
        second: What the other way found.
    """

    record: Record
    first: Reading | None
    second: Reading | None


def differences(
    records: Iterable[Record], reading: Callable[[Record, Any], Reading | None], first: str, second: str
) -> Iterator[Difference]:
    """The items on which the extractions `first` and `second` find different answers.

    Args:
        records: The items.
        reading: `mmlu.reading` or `bbh.reading`.
        first: A way of extraction.
        second: Another one.

    Raises:
        ConfigError: There is no such extraction.
    """
    for record in records:
        found = [reading(record, extraction) for extraction in (first, second)]
        answers = {None if each is None else each.answer for each in found}
        if len(answers) > 1:
            yield Difference(record, *found)


def snippet(text: str, found: Reading, width: int) -> str:
    """The piece of text that an answer was read off, with what stands around it, in one line of `width` characters."""
    around = max(0, width - (found.end - found.start)) // 2
    start = max(0, min(found.start - around, len(text) - width))
    return _one_line(text[start : start + width])


def shortened(text: str, width: int) -> str:
    """A text in one line of at most `width` characters."""
    line = _one_line(text)
    return line if len(line) <= width else line[: width - 1] + "…"


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
