"""An explanation as HTML, for a notebook: nothing from elsewhere, and no text that is not escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from textgauge._render import visible
from textgauge.explanations.explanation import short
from textgauge.explanations.marks import LEGEND, View, marked_pair, views_of
from textgauge.explanations.terminal import MOST_TOKENS, kind_of, seen_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textgauge.explanations.explanation import Edit, Explanation, MeasuredMetric, ReadPair
    from textgauge.explanations.marks import MarkedText

__all__ = ["html"]

# Lines and half-transparent grounds are seen on light and dark pages alike.
_STYLES = {
    "matched": "border-bottom:2px solid #2e9e5b;background:rgba(46,158,91,.18)",
    "partly": "border-bottom:2px dotted #c98a00;background:rgba(201,138,0,.18)",
    "missed": "border-bottom:2px solid transparent",
    "equal": "border-bottom:2px solid #2e9e5b",
    "substitute": "border-bottom:2px dashed #c98a00;background:rgba(201,138,0,.18)",
    "delete": "border-bottom:2px double #d0455b;background:rgba(208,69,91,.18)",
    "insert": "border-bottom:2px double #d0455b;background:rgba(208,69,91,.18)",
}
_CELL = "display:inline-block;margin:1px 2px;padding:0 2px;text-align:center;vertical-align:top;line-height:1.3"
_MARKS = "display:block;font-size:75%;opacity:.8;min-height:1.1em"
_EDIT_MARKS = {"equal": "", "substitute": "S", "delete": "D", "insert": "I"}


def html(explanation: Explanation) -> str:
    """The explanation as one element."""
    body = []
    used: set[str] = set()
    for view in views_of(explanation):
        body.append(_head(f"{', '.join(view.metrics)}", view.name))
        for index, pair in view.pairs:
            name = "reference" if len(explanation.references) == 1 else f"reference {index + 1}"
            body += _pair(pair, view, name, used)
    body.append(_legend(used))
    body += map(_arithmetic, explanation.metrics)
    style = "color:inherit;font-family:system-ui,sans-serif;font-size:14px;max-width:72em;overflow-wrap:anywhere"
    return f'<div class="textgauge-explanation" style="{style}">{"".join(body)}</div>'


def _head(name: str, detail: str = "") -> str:
    small = f' <small style="opacity:.75;font-weight:normal">{_shown(detail)}</small>' if detail else ""
    return f'<p style="margin:1em 0 .3em;font-weight:600">{_shown(name)}{small}</p>'


def _shown(text: str) -> str:
    return escape("".join(map(visible, text)))


def _pair(pair: ReadPair, view: View, name: str, used: set[str]) -> Iterator[str]:
    if view.orders or not (pair.edits or pair.shifted):
        prediction, reference = marked_pair(pair, view.orders, characters=view.characters)
        for label, marked in (("prediction", prediction), (name, reference)):
            used.update("".join(marked.marks))
            yield _row(label, _tokens(marked, view))
    for what in pair.too_long:
        yield f"<p>The texts are too long to look for the path of {_shown(what)}.</p>"
    if pair.edits is not None:
        yield from _edits(pair.reference, pair.prediction, pair.edits, name, used)
    if pair.shifts is not None and pair.shifted is not None and pair.shifted_edits is not None:
        words = list(pair.prediction)
        for number, (start, middle, end) in enumerate(pair.shifts, 1):
            first, second = (_bdi(" ".join(words[i:j])) for i, j in ((start, middle), (middle, end)))
            words[start:end] = words[middle:end] + words[start:middle]
            yield f'<p style="margin:.2em 0">shift {number}: “{first}” changes places with “{second}”</p>'
        yield from _edits(pair.reference, pair.shifted, pair.shifted_edits, name, used)


def _row(label: str, cells: str) -> str:
    head = f'<span style="display:inline-block;min-width:6.5em;opacity:.75">{_shown(label)}</span>'
    return f'<div style="margin:.2em 0" dir="ltr">{head}{cells or "(no tokens)"}</div>'


def _bdi(text: str) -> str:
    return f'<bdi dir="auto">{_shown(text)}</bdi>'


def _cell(token: str, marks: str, kind: str) -> str:
    shown = f'<bdi dir="auto" style="{_STYLES[kind]}">{escape(seen_token(token))}</bdi>'
    return f'<span style="{_CELL}">{shown}<span style="{_MARKS}">{escape(marks)}</span></span>'


def _tokens(marked: MarkedText, view: View) -> str:
    both = list(zip(marked.tokens, marked.marks, strict=True))
    if view.characters:
        both = list(_joined(both))
    cells = "".join(_cell(token, marks, kind_of(marks)) for token, marks in both[:MOST_TOKENS])
    return cells + _more(len(both) - MOST_TOKENS)


def _joined(both: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Neighbouring characters with the same marks in one."""
    text, marks = "", ""
    for token, own in both:
        if text and own != marks:
            yield text, marks
            text = ""
        text, marks = text + token, own
    if text:
        yield text, marks


def _more(count: int) -> str:
    return f" … and {count:,} more" if count > 0 else ""


def _edits(
    reference: tuple[str, ...], prediction: tuple[str, ...], edits: tuple[Edit, ...], name: str, used: set[str]
) -> Iterator[str]:
    for label, tokens, side in ((name, reference, 0), ("prediction", prediction, 1)):
        cells = []
        for edit in edits:
            start, end = (edit.reference, edit.prediction)[side]
            marks = _EDIT_MARKS[edit.kind]
            used.update(marks)
            cells += [_cell(token, marks, edit.kind) for token in tokens[start : min(end, MOST_TOKENS)]]
        yield _row(label, "".join(cells) + _more(len(tokens) - MOST_TOKENS))


_EDIT_LEGEND = {
    "S": "substituted",
    "D": "deleted: missing in the prediction",
    "I": "inserted: missing in the reference",
}


def _legend(used: set[str]) -> str:
    said = ["digit: in a matched n-gram of this order"] if used & set("123456789") else []
    said += [f"{mark}: {meaning}" for mark, meaning in {**LEGEND, **_EDIT_LEGEND}.items() if mark in used]
    return f'<p style="font-size:85%;opacity:.8">{_shown("; ".join(said))}</p>' if said else ""


def _arithmetic(metric: MeasuredMetric) -> str:
    chosen = "" if metric.reference in (None, 0) else f"against reference {metric.reference + 1}"
    sums = ", ".join(f"{name}={value:,}" for name, value in metric.sums.items())
    rows = "".join(
        f'<tr><th style="{_LEFT};{_WHOLE}">{_shown(metric.name if step.result == "score" else step.result)}</th>'
        f'<td style="{_LEFT}">{_shown(step.words)}</td>'
        f'<td style="{_LEFT}">{_shown(step.numbers)}</td>'
        f'<td style="{_LEFT};{_WHOLE};font-weight:600">{_shown(short(step.value))}</td></tr>'
        for step in metric.steps
    )
    head = (
        "<tr>" + "".join(f'<th style="{_LEFT}">{name}</th>' for name in ("", "formula", "numbers", "value")) + "</tr>"
    )
    table = f'<table style="border-collapse:collapse">{head}{rows}</table>' if rows else ""
    return f'{_head(metric.name, chosen)}<p style="margin:.2em 0">{_shown(sums)}</p>{table}'


_WHOLE = "white-space:nowrap"
_LEFT = "text-align:left;vertical-align:top;padding:1px 8px 1px 0"
