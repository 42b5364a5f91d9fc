"""Which tokens of a prediction stand for which of its reference."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from textgauge import _core
from textgauge._render import cells, visible
from textgauge.errors import ConfigError, InputError, InputTypeError
from textgauge.text.tokenizers import is_python_tokenizer, named_tokenizer
from textgauge.text.transforms import Pipeline, ToLowerCase, Transform, as_transforms, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textgauge.metrics.base import Tokenizer

__all__ = ["Alignment", "Chunk", "align"]

Kind = Literal["equal", "substitute", "delete", "insert"]
Span = tuple[int, int]


@dataclass(frozen=True)
class Chunk:
    """Neighbouring tokens with the same edit. Ranges are start and end; the end is not included.

    Attributes:
        kind: `"equal"`; `"substitute"`, replaced by as many other tokens; `"delete"`, missing in the prediction; or
            `"insert"`, missing in the reference.
        reference: The tokens in the reference.
        prediction: The tokens in the prediction.
        reference_chars: The characters of the reference, as it was given, that the tokens span. Lower-casing and the
            transforms of `textgauge.transforms` know where each character came from. `None` if it is not known: a
            function of your own transformed the text, or the tokenizer changed the token.
        prediction_chars: The same for the prediction.
    """

    kind: Kind
    reference: Span
    prediction: Span
    reference_chars: Span | None
    prediction_chars: Span | None


@dataclass(frozen=True)
class Alignment:
    """A shortest way from a reference to a prediction; if there are several, the one that jiwer 4.0.0 gives.

    Iterates over its chunks. Prints as two lines, the reference over the prediction, and a third below that marks
    substitutions `S`, deletions `D` and insertions `I`; `*` fills where there is nothing.

    Attributes:
        reference: The tokens of the reference.
        prediction: The tokens of the prediction.
        chunks: The edits, in order.
        hits: How many tokens stay.
        substitutions: How many tokens are replaced.
        deletions: How many tokens of the reference are missing.
        insertions: How many tokens of the prediction are not in the reference.
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
            width: The longest line. Tokens that don't fit go into further blocks of three lines. `None` for one block.
        """
        names = ("REF", "HYP", "")
        block: list[list[str]] = [[], [], []]
        blocks = []
        used = len(names[0]) + 1
        for column in self._columns():
            taken = max(map(cells, column)) + 1
            if width is not None and used + taken > width and block[0]:
                blocks.append(block)
                block, used = [[], [], []], len(names[0]) + 1
            used += taken
            for line, token in zip(block, column, strict=True):
                line.append(token + " " * (taken - 1 - cells(token)))
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
                    "*" * cells(prediction or "") if reference is None else reference,
                    "*" * cells(reference or "") if prediction is None else prediction,
                    marks[chunk.kind],
                )


def _visible(token: str | None) -> str | None:
    """The token as it can stand in a line."""
    if token is None:
        return None
    if token == " ":
        return "\u2423"
    return "".join(map(visible, token))


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


def _places(text: str, tokens: list[str], *, is_verbatim: bool, is_own: bool) -> list[Span | None]:
    """Where each token stands in the text that was tokenised.

    Args:
        text: The text.
        tokens: Its tokens.
        is_verbatim: Whether each token stands in the text, behind the one before.
        is_own: Whether the tokenizer is one of the caller's own, of which nothing is known.
    """
    if is_verbatim:
        places: list[Span | None] = []
        end = 0
        for token in tokens:
            start = text.find(token, end)
            end = start + len(token)
            places.append((start, end))
        return places
    # Tokens are known to be where they are as long as nothing but white space is between them; from the start, ...
    ahead = _covering(text, tokens)
    if len(ahead) == len(tokens) and not text[ahead[-1][1] if ahead else 0 :].strip():
        return [*ahead]
    if is_own:
        return [None] * len(tokens)
    # ... and from the end.
    behind = _covering(text[::-1], [token[::-1] for token in reversed(tokens)])[: len(tokens) - len(ahead)]
    size = len(text)
    back = [(size - end, size - start) for start, end in reversed(behind)]
    return [*ahead, *[None] * (len(tokens) - len(ahead) - len(back)), *back]


_NEXT = re.compile(r"\S")


def _covering(text: str, tokens: Iterable[str]) -> list[Span]:
    """The places of the first tokens, up to one that is not what comes next in the text but for white space."""
    places: list[Span] = []
    end = 0
    for token in tokens:
        found = _NEXT.search(text, end)
        if found is None or not token or not text.startswith(token, found.start()):
            break
        end = found.start() + len(token)
        places.append((found.start(), end))
    return places


class TracedText(NamedTuple):
    """A text before it is cut into tokens, after transforms and lower-casing.

    Attributes:
        text: The text.
        origins: Where each of its characters stood in the text as it was given; `None` if that is not known.
        is_as_given: Whether nothing was changed; then `origins` are not spelled out.
    """

    text: str
    origins: list[Span] | None
    is_as_given: bool = False

    def places(self, tokens: list[str], tokenizer: str | None) -> list[Span | None]:
        """Where in the text as it was given each of its tokens stands, if that is known.

        Args:
            tokens: The tokens.
            tokenizer: The name of the tokenizer of the core that made them; `None` if another did.
        """
        origins = self.origins
        if origins is None and not self.is_as_given:
            return [None] * len(tokens)
        is_verbatim = tokenizer in _verbatim_tokenizers()
        places = _places(self.text, tokens, is_verbatim=is_verbatim, is_own=tokenizer is None)
        return places if origins is None else [place and joined(origins, *place) for place in places]


def traced(text: str, pipeline: Pipeline, *, lowercase: bool) -> TracedText:
    """A text after transforms, and in lower case if it is to be, with where each character came from."""
    if not pipeline.transforms and not lowercase:
        return TracedText(text, None, is_as_given=True)
    transformed, origins = pipeline.traced(text)
    if lowercase:
        transformed, lowered = ToLowerCase().traced(transformed)
        origins = None if origins is None else [joined(origins, *span) for span in lowered]
    return TracedText(transformed, origins)


@functools.cache
def _verbatim_tokenizers() -> frozenset[str]:
    return frozenset(_core.verbatim_tokenizers())


def _read(
    text: str, role: str, pipeline: Pipeline, tokenizer: str | Tokenizer, lowercase: bool
) -> tuple[list[str], list[Span | None]]:
    """The tokens of a text, and where in it each of them stands, if that is known."""
    read = traced(text, pipeline, lowercase=lowercase)
    if isinstance(tokenizer, str) and not is_python_tokenizer(tokenizer):
        tokens = _core.tokenize(read.text, tokenizer, "none", lowercase, False)[0]
        return tokens, read.places(tokens, tokenizer)
    function = named_tokenizer(tokenizer)[0] if isinstance(tokenizer, str) else tokenizer
    tokens = _tokens(function(read.text), role)
    return tokens, read.places(tokens, None)


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
    """Aligns a prediction with its reference: which tokens are equal, substituted, deleted and inserted.

    >>> import textgauge as tg
    >>> print(tg.align("the cat sits on it now", "the black cat sat on it"))
    REF the black cat sat  on it ***
    HYP the ***** cat sits on it now
            D         S          I

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
    """
    for role, text in (("prediction", prediction), ("reference", reference)):
        if not isinstance(text, str):
            raise InputTypeError(f"the {role} is a {type(text).__name__}, not a str", "wrong-type")
    if not isinstance(lowercase, bool):
        raise ConfigError(f"lowercase is {lowercase!r}; it must be True or False", "bad-option")
    if not isinstance(tokenizer, str) and not callable(tokenizer):
        raise ConfigError(f"there is no tokenizer {tokenizer!r}; pass a name or a function", "bad-option")
    pipeline = Pipeline(as_transforms(transforms))
    predicted, predicted_at = _read(prediction, "prediction", pipeline, tokenizer, lowercase)
    wanted, wanted_at = _read(reference, "reference", pipeline, tokenizer, lowercase)
    chunks, (hits, substitutions, deletions, insertions) = _core.align(predicted, wanted)
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
