"""Tables as text, Markdown, LaTeX and HTML."""

from __future__ import annotations

import unicodedata

from textgauge._value import Value

__all__ = ["LINE_WIDTH", "Table", "cells", "digits", "in_cell", "visible"]

LINE_WIDTH = 80
_GAP = "  "


def digits(value: float, unit: str) -> str:
    """A score as one reads it: percentages with two digits, whole counts without any, all else with four."""
    if unit == "count" and value.is_integer():
        return f"{value:,.0f}"
    return f"{value:.2f}" if unit == "percent" else f"{value:.4f}"


class Table(Value):
    """Cells of text under a head; the first column names the rows, the others hold numbers.

    Attributes:
        head: The names of the columns.
        rows: Rows of as many cells.
        title: What stands above it; may be empty.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""

    def text(self, width: int = LINE_WIDTH) -> str:
        """Aligned columns; what does not fit beside the first column follows below, under the same names."""
        every = [self.head, *self.rows]
        widths = [max(cells(row[column]) for row in every) for column in range(len(self.head))]
        parts: list[list[int]] = [[]]
        left = width - widths[0]
        for column in range(1, len(widths)):
            needed = widths[column] + len(_GAP)
            if needed > left and parts[-1]:
                parts.append([])
                left = width - widths[0]
            parts[-1].append(column)
            left -= needed
        blocks = []
        for columns in parts:
            lines = [
                _GAP.join(
                    [row[0] + _blank(row[0], widths[0]), *(_blank(row[at], widths[at]) + row[at] for at in columns)]
                )
                for row in every
            ]
            blocks.append("\n".join(line.rstrip() for line in lines))
        return "\n".join([*filter(None, [self.title]), "\n\n".join(blocks)])

    def markdown(self) -> str:
        """A table of GitHub's Markdown."""
        lines = [self.head, ("---", *["--:"] * (len(self.head) - 1)), *self.rows]
        table = "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
        return "\n\n".join([*filter(None, [self.title]), table])

    def latex(self) -> str:
        """A tabular of LaTeX, for the package booktabs."""

        def line(cells: tuple[str, ...]) -> str:
            return " & ".join(map(_escaped, cells)) + r" \\"

        columns = "l" + "r" * (len(self.head) - 1)
        body = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", line(self.head), r"\midrule"]
        title = [f"% {self.title}"] if self.title else []
        return "\n".join([*title, *body, *map(line, self.rows), r"\bottomrule", r"\end{tabular}"])

    def html(self) -> str:
        """A table of HTML, with nothing from elsewhere."""
        from html import escape

        right = ' style="text-align:right"'

        def line(cells: tuple[str, ...], tag: str) -> str:
            first, *others = map(escape, cells)
            numbers = "".join(f"<{tag}{right}>{cell}</{tag}>" for cell in others)
            return f'<tr><{tag} style="text-align:left">{first}</{tag}>{numbers}</tr>'

        title = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        rows = "".join(line(row, "td") for row in self.rows)
        return f"<table>{title}<thead>{line(self.head, 'th')}</thead><tbody>{rows}</tbody></table>"

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: wide letters two, marks on letters none.

    What is joined to an emoji takes none: another one behind a joiner, a skin tone. A mark of how emoji look (U+FE0F)
    makes a narrow one wide.
    """
    if text.isascii():
        return len(text)
    total = last = 0
    before = ""
    for letter in text:
        if letter == "\ufe0f" and last == 1 and unicodedata.category(before) == "So":
            taken = 1
        elif unicodedata.category(letter) in ("Mn", "Me", "Cf") or _is_joined(letter, before):
            taken = 0
        else:
            taken = last = 1 + (unicodedata.east_asian_width(letter) in "WF")
        total += taken
        before = letter
    return total


def _is_joined(letter: str, before: str) -> bool:
    """Whether a letter is drawn into the emoji before it."""
    is_tone = "\U0001f3fb" <= letter <= "\U0001f3ff" and before != ""
    return is_tone or (before == "\u200d" and unicodedata.east_asian_width(letter) == "W")


def visible(letter: str) -> str:
    """A letter as it can stand in a line: joiners and the tags of flags belong to how words and emoji are written."""
    is_seen = letter.isprintable() or letter in "\u200c\u200d" or "\U000e0020" <= letter <= "\U000e007f"
    return letter if is_seen else letter.encode("unicode_escape").decode()


def in_cell(text: str) -> str:
    """A text as it can stand in a cell."""
    return "".join(map(visible, text)) if text.strip() else repr(text)


def _blank(text: str, width: int) -> str:
    return " " * (width - cells(text))


_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_LATEX |= {special: f"\\{special}" for special in "&%$#_{}"}


def _escaped(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text)
