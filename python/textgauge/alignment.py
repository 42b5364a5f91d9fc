"""Which tokens of a prediction stand for which of its reference."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from textgauge import _core
from textgauge.errors import InputError, InputTypeError
from textgauge.text.transforms import Transform, pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textgauge.metrics.base import Tokenizer

__all__ = ["Alignment", "Chunk", "align"]

Kind = Literal["equal", "substitute", "delete", "insert"]
Span = tuple[int, int]


@dataclass(frozen=True)
class Chunk:
    """Consecutive tokens with the same edit. Ranges are start and end, the end not included.

    Attributes:
        kind: `"equal"`; `"substitute"`, as many others in their place; `"delete"`, missing in the prediction; or
            `"insert"`, missing in the reference.
        reference: The tokens in the reference.
        prediction: The tokens in the prediction.
        reference_chars: The characters of the reference that the tokens span, or `None` if a token is not in the text
            as it is, because a tokenizer made it of others, or if lower-casing or a transform changes more of the text
            than the case of its letters.
        prediction_chars: The same of the prediction.
    """

    kind: Kind
    reference: Span
    prediction: Span
    reference_chars: Span | None
    prediction_chars: Span | None


@dataclass(frozen=True)
class Alignment:
    """A shortest way from a reference to a prediction, of several the one that jiwer 4.0.0 gives.

    Iterates over its chunks. Prints as two lines, the reference over the prediction, and a third below that marks
    substitutions `S`, deletions `D` and insertions `I`; `*` fills where there is nothing.

    Attributes:
        reference: The tokens of the reference.
        prediction: The tokens of the prediction.
        chunks: What becomes of them, in order.
        hits: Tokens that stay.
        substitutions: Tokens that others stand for.
        deletions: Tokens of the reference that are missing.
        insertions: Tokens of the prediction that are too many.
    """

    reference: tuple[str, ...]
    prediction: tuple[str, ...]
    chunks: tuple[Chunk, ...]
    hits: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def distance(self) -> int:
        """The edit distance."""
        return self.substitutions + self.deletions + self.insertions

    def __iter__(self) -> Iterator[Chunk]:
        return iter(self.chunks)

    def __len__(self) -> int:
        return len(self.chunks)

    def __str__(self) -> str:
        return self.text()

    def text(self, width: int | None = None) -> str:
        """The alignment as lines of text.

        Args:
            width: How many columns a line may have: columns of tokens that don't fit go into further blocks of three
                lines. `None` for one block.
        """
        names = ("REF", "HYP", "")
        block: list[list[str]] = [[], [], []]
        blocks = []
        used = len(names[0]) + 1
        for column in self._columns():
            cells = max(map(_cells, column)) + 1
            if width is not None and used + cells > width and block[0]:
                blocks.append(block)
                block, used = [[], [], []], len(names[0]) + 1
            used += cells
            for line, token in zip(block, column, strict=True):
                line.append(token + " " * (cells - 1 - _cells(token)))
        blocks.append(block)
        return "\n\n".join(
            "\n".join(f"{name:3} {' '.join(line)}".rstrip() for name, line in zip(names, block, strict=True)).rstrip()
            for block in blocks
        )

    def _columns(self) -> Iterator[tuple[str, str, str]]:
        marks = {"equal": "", "substitute": "S", "delete": "D", "insert": "I"}
        for chunk in self.chunks:
            above = islice(self.reference, *chunk.reference)
            below = islice(self.prediction, *chunk.prediction)
            count = max(chunk.reference[1] - chunk.reference[0], chunk.prediction[1] - chunk.prediction[0])
            for _ in range(count):
                reference, prediction = (_visible(next(side, None)) for side in (above, below))
                yield (
                    "*" * _cells(prediction or "") if reference is None else reference,
                    "*" * _cells(reference or "") if prediction is None else prediction,
                    marks[chunk.kind],
                )


def _visible(token: str | None) -> str | None:
    """The token as it can stand in a line."""
    if token is None:
        return None
    if token == " ":
        return "\u2423"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in token)


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _tokens(tokens: Iterable[str], role: str) -> list[str]:
    """What a tokenizer returned, if that is tokens."""
    wrong: list[object] = [tokens]
    if isinstance(tokens, Iterable) and not isinstance(tokens, str):
        tokens = list(tokens)
        wrong = [token for token in tokens if not isinstance(token, str)]
        if not wrong:
            return tokens
    made = type(wrong[0]).__name__
    raise InputError(f"the tokenizer made a {made} of the {role}; it must return str tokens", "bad-tokenizer")


def _spans(text: str, transformed: str, tokens: list[str]) -> list[Span | None]:
    """Where each token of the transformed text stands in the text."""
    # Only where nothing but case has changed is a place in the one surely the same in the other.
    if len(transformed) != len(text) or transformed.casefold() != text.casefold():
        return [None] * len(tokens)
    spans: list[Span | None] = []
    end = 0
    for token in tokens:
        start = transformed.find(token, end) if token else -1
        if start < 0:
            spans.append(None)
            continue
        end = start + len(token)
        spans.append((start, end))
    return spans


def _span(spans: list[Span | None], start: int, end: int) -> Span | None:
    """What tokens span together."""
    if start == end:
        # Where there is nothing: right behind the token before.
        before = spans[start - 1] if start else (0, 0)
        return before and (before[1], before[1])
    first, last = spans[start], spans[end - 1]
    return (first[0], last[1]) if first and last else None


def align(
    prediction: str,
    reference: str,
    *,
    tokenizer: str | Tokenizer = "jiwer-words",
    lowercase: bool = False,
    transforms: str | Transform | Iterable[str | Transform] = (),
) -> Alignment:
    """Which tokens of a prediction stand for which of its reference.

    Args:
        prediction: The text that was generated or recognised.
        reference: The text that was wanted.
        tokenizer: As `Wer` takes it; `"jiwer-characters"` aligns characters.
        lowercase: Whether texts are lower-cased first; after `transforms`.
        transforms: As `Wer` takes them.

    Raises:
        InputTypeError: A text is not a `str`.
        InputError: The tokenizer or a transform returned something of the wrong type.
        ConfigError: There is no such tokenizer or transform.

    >>> import textgauge as tg
    >>> print(tg.align("the cat sits on it now", "the black cat sat on it"))
    REF the black cat sat  on it ***
    HYP the ***** cat sits on it now
            D         S          I
    """
    for role, text in (("prediction", prediction), ("reference", reference)):
        if not isinstance(text, str):
            raise InputTypeError(f"the {role} is a {type(text).__name__}, not a str", "wrong-type")
    steps = pipeline(transforms, tokenizer, lowercase)
    transformed = (steps.transformed(prediction), steps.transformed(reference))
    predicted = _tokens(steps.cut(transformed[0]), "prediction")
    wanted = _tokens(steps.cut(transformed[1]), "reference")
    chunks, (hits, substitutions, deletions, insertions) = _core.align(predicted, wanted)
    predicted_at = _spans(prediction, transformed[0], predicted)
    wanted_at = _spans(reference, transformed[1], wanted)
    return Alignment(
        tuple(wanted),
        tuple(predicted),
        tuple(
            Chunk(kind, (i, j), (k, m), _span(wanted_at, i, j), _span(predicted_at, k, m))
            for kind, i, j, k, m in chunks
        ),
        hits,
        substitutions,
        deletions,
        insertions,
    )
