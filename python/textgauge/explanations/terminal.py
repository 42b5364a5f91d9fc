"""An explanation as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textgauge._render import cells, visible
from textgauge.alignment import Alignment, Chunk
from textgauge.explanations.explanation import short
from textgauge.explanations.marks import LEGEND, MarkedText, View, marked_pair, views_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textgauge.explanations.explanation import Edit, Explanation, MeasuredMetric, ReadPair

__all__ = ["Piece", "lines", "text"]

# Of longer texts the beginning is shown.
MOST_TOKENS = 300


class Piece(NamedTuple):
    """A piece of a line, with what it is: `head`, `matched`, `partly`, `missed`, `marks`, or nothing of the kind."""

    text: str
    kind: str = ""


Row = list[Piece]


def text(explanation: Explanation, width: int) -> str:
    """The lines as plain text."""
    return "\n".join("".join(piece.text for piece in row).rstrip() for row in lines(explanation, width)).rstrip()


def lines(explanation: Explanation, width: int) -> Iterator[Row]:
    """The lines, of at most `width` cells but where a token alone is wider."""
    seen: set[str] = set()
    for view in views_of(explanation):
        yield from _wrapped(f"{view.name}: {', '.join(view.metrics)}", width, "head")
        for index, pair in view.pairs:
            name = "REF" if len(explanation.references) == 1 else f"REF {index + 1}"
            yield from _pair(pair, view, name, width, seen)
        yield []
    said = (
        [f"digit: in a matched n-gram of this order; {_of_characters(explanation)}"] if seen & set("123456789") else []
    )
    said += [f"{mark}: {meaning}" for mark, meaning in LEGEND.items() if mark in seen]
    for legend in said:
        yield from _wrapped(legend, width, "marks", hanging=3)
    if said:
        yield []
    for metric in explanation.metrics:
        yield from _arithmetic(metric, width)
        yield []


def _of_characters(explanation: Explanation) -> str:
    highest = any(view.characters for view in views_of(explanation))
    return "of characters the highest" if highest else "unmarked: in none"


def _pair(pair: ReadPair, view: View, name: str, width: int, seen: set[str]) -> Iterator[Row]:
    if view.orders or any(path is not None for path in (pair.lcs, pair.union, pair.run)):
        prediction, reference = marked_pair(pair, view.orders, characters=view.characters)
        for label, marked in (("HYP", prediction), (name, reference)):
            seen.update("".join(marked.marks))
            yield from _tape(label, marked, width, gap=0 if view.characters else 1)
    for what in pair.too_long:
        yield from _wrapped(f"The texts are too long to look for the path of {what}.", width)
    if pair.edits is not None:
        yield from _edits(pair.reference, pair.prediction, pair.edits, width)
    if pair.shifts is not None and pair.shifted is not None and pair.shifted_edits is not None:
        yield from _shifts(pair, width)
        yield from _edits(pair.reference, pair.shifted, pair.shifted_edits, width)
    if not (view.orders or pair.lcs or pair.union or pair.run or pair.edits or pair.shifted):
        for label, tokens in (("HYP", pair.prediction), (name, pair.reference)):
            yield from _tape(label, MarkedText(tokens, ("",) * len(tokens)), width, gap=1)


def _tape(label: str, marked: MarkedText, width: int, gap: int) -> Iterator[Row]:
    """Tokens side by side, the marks of each below it, in as many blocks of two lines as it takes."""
    indent = len(label) + 1
    above, below = [Piece(f"{label} ", "head")], [Piece(" " * indent)]
    used = indent
    for token, marks in zip(marked.tokens[:MOST_TOKENS], marked.marks, strict=False):
        shown = seen_token(token)
        taken = max(cells(shown), len(marks)) + gap
        if used + taken - gap > width and used > indent:
            yield from _block(above, below)
            above, below, used = [Piece(" " * indent)], [Piece(" " * indent)], indent
        above.append(Piece(shown, kind_of(marks)))
        above.append(Piece(" " * (taken - cells(shown))))
        below.append(Piece(marks.ljust(taken), "marks"))
        used += taken
    yield from _block(above, below)
    if len(marked.tokens) > MOST_TOKENS:
        yield [Piece(f"{' ' * indent}… and {len(marked.tokens) - MOST_TOKENS:,} more tokens")]
    if not marked.tokens:
        yield [Piece(f"{' ' * indent}(no tokens)")]


def _block(above: Row, below: Row) -> Iterator[Row]:
    if len(above) > 1:
        yield above
    if any(piece.text.strip() for piece in below):
        yield below


def seen_token(token: str) -> str:
    """A token as it can stand in a line."""
    return "".join("\u2423" if letter == " " else visible(letter) for letter in token) or "\u2205"


def kind_of(marks: str) -> str:
    """What marks say of a token: whether it is matched, partly, or not at all."""
    if not marks:
        return "missed"
    return "partly" if "×" in marks or "~" in marks else "matched"


def _edits(
    reference: tuple[str, ...], prediction: tuple[str, ...], edits: tuple[Edit, ...], width: int
) -> Iterator[Row]:
    chunks = tuple(Chunk(edit.kind, edit.reference, edit.prediction, None, None) for edit in _first(edits))
    ends = chunks[-1] if chunks else Chunk("equal", (0, 0), (0, 0), None, None)
    shown = Alignment(
        tuple(map(seen_token, reference[: ends.reference[1]])),
        tuple(map(seen_token, prediction[: ends.prediction[1]])),
        chunks,
        *(0, 0, 0, 0),
    )
    for line in shown.text(width).split("\n"):
        yield [Piece(line[:4], "head"), Piece(line[4:], "" if line.startswith(("REF", "HYP")) else "marks")]
    left = len(reference) + len(prediction) - ends.reference[1] - ends.prediction[1]
    if left > 0:
        yield [Piece(f"    … and {left:,} more tokens")]


def _first(edits: tuple[Edit, ...]) -> Iterator[Edit]:
    """The edits of the first tokens."""
    for edit in edits:
        (i, j), (k, m) = edit.reference, edit.prediction
        if max(i, k) >= MOST_TOKENS:
            return
        most = MOST_TOKENS - max(i, k)
        yield edit._replace(reference=(i, min(j, i + most)), prediction=(k, min(m, k + most)))


def _shifts(pair: ReadPair, width: int) -> Iterator[Row]:
    words = list(pair.prediction)
    for number, (start, middle, end) in enumerate(pair.shifts or (), 1):
        first, second = (" ".join(map(seen_token, words[i:j])) for i, j in ((start, middle), (middle, end)))
        words[start:end] = words[middle:end] + words[start:middle]
        yield from _wrapped(f"shift {number}: “{first}” changes places with “{second}”", width, hanging=9)


def _arithmetic(metric: MeasuredMetric, width: int) -> Iterator[Row]:
    chosen = "" if metric.reference in (None, 0) else f" (against reference {metric.reference + 1})"
    yield from _wrapped(f"{metric.name}{chosen}", width, "head")
    sums = ", ".join(f"{name}={value:,}" for name, value in metric.sums.items())
    yield from _wrapped(f"  {sums}", width, hanging=4)
    for step in metric.steps:
        name = metric.name if step.result == "score" else step.result
        parts = [name, step.words, step.numbers, short(step.value)]
        said = [part for number, part in enumerate(parts) if part and part not in parts[:number]]
        line = f"  {' = '.join(said)}"
        if len(line) <= width:
            yield [Piece(line)]
            continue
        # Too long for one line: what each is equal to stands below.
        yield from _wrapped(f"  {said[0]} = {said[1]}", width, hanging=6)
        rest = f"    = {' = '.join(said[2:])}"
        for part in [rest] if len(rest) <= width else [f"    = {part}" for part in said[2:]]:
            yield from _wrapped(part, width, hanging=6)


def _wrapped(line: str, width: int, kind: str = "", hanging: int = 0) -> Iterator[Row]:
    """The words of a line, in as many lines as it takes; all but the first begin with `hanging` blanks."""
    indent = " " * (len(line) - len(line.lstrip()))
    first, *others = "".join(map(visible, line.strip())).split(" ")
    part = indent + first
    for word in others:
        if cells(part) + 1 + cells(word) > width:
            yield [Piece(part, kind)]
            part = " " * hanging + word
        else:
            part += f" {word}"
    yield [Piece(part, kind)]
