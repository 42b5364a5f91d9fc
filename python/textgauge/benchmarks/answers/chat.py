"""The answer in a generated text, as a person would read it.

>>> answers(["The answer is **B**.", "Either A or B."], "choice", number=4)
['B', None]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textgauge import _core
from textgauge.benchmarks.answers.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import numpy.typing as npt

    from textgauge.io.columns import Column

__all__ = ["answers", "choices", "reading"]


def reading(text: str, kind: str, *, number: int = 0, texts: Sequence[str] = ()) -> Reading | None:
    """The answer in a text and the rule that found it; `None` where a person would not know.

    Args:
        text: The text.
        kind: `"choice"`, `"truth"`, `"yes or no"`, `"validity"`, `"plausibility"`, `"honesty"`, `"number"`,
            `"brackets"` or `"words"`.
        number: How many choices there are.
        texts: The texts of the choices, or the words to sort, where they are known.

    Raises:
        ConfigError: There is no such kind.
    """
    found = _core.read_answer(text, kind, len(texts) if kind == "choice" and texts else number, list(texts))
    return None if found is None else Reading(*found)


def choices(
    texts: Column, *, number: int, choices: Sequence[Sequence[str]] = (), threads: int | None = None
) -> npt.NDArray[np.int8]:
    """As `answers`, for choices: the index of each answer, -1 where there is none.

    Args:
        texts: A column of texts.
        number: How many choices each item has.
        choices: The texts of the choices of each item, where they are known.
        threads: How many threads may work. Default: all processors.
    """
    return _core.read_choices(texts, number, [list(each) for each in choices], threads)


def answers(
    texts: Iterable[str | None],
    kind: str,
    *,
    number: int = 0,
    choices: Sequence[Sequence[str]] = (),
    threads: int | None = None,
) -> list[str | None]:
    """The answers in many texts, each as `reading` finds it; a missing text has none.

    Args:
        texts: A column of texts: a list, or what Arrow, NumPy, pandas or Polars hold.
        kind: See `reading`.
        number: How many choices each item has.
        choices: The texts of the choices of each item, where they are known.
        threads: How many threads may work. Default: all processors.

    Raises:
        ConfigError: There is no such kind.
        InputTypeError: The texts are no column of texts.
    """
    listed: list[Any] = [list(each) for each in choices]
    return _core.read_answers(texts, kind, number, listed, threads)
