"""Exact sums of metrics over some rows."""

from __future__ import annotations

from typing import Literal

from textgauge import _core

__all__ = ["Aggregate"]


class Aggregate:
    """What is kept of some rows to give the score of a corpus: exact sums, a few hundred bytes.

    Aggregates of the same metrics add up, `a + b` or `sum(parts)`, to exactly what one call over all their
    rows gives, bit for bit and in whatever order. They can be pickled, and stored with `to_bytes`.
    `Scorer.aggregate` makes them.
    """

    __slots__ = ("_compiled",)

    def __init__(self, compiled: _core.Aggregate) -> None:
        self._compiled = compiled

    @property
    def rows(self) -> int:
        """How many rows were scored."""
        return self._compiled.rows

    @property
    def nulls(self) -> int:
        """How many rows have no score because a text is missing."""
        return self._compiled.nulls

    @property
    def corpus(self) -> dict[str, float]:
        """The scores of all rows together, by column; NaN if there is no scored row."""
        return dict(zip(self._compiled.columns, self._compiled.scores(), strict=True))

    @property
    def signatures(self) -> dict[str, str]:
        """For each metric, everything that its numbers depend on."""
        return dict(self._compiled.signatures)

    @property
    def references(self) -> int | None:
        """How many references every scored row has, `None` if rows differ in that."""
        return self._compiled.references

    @property
    def sacrebleu_signatures(self) -> dict[str, str]:
        """Sacrebleu 2.6.0's signature of each metric that it has too."""
        return dict(self._compiled.sacrebleu_signatures(f"nrefs:{self.references or 'var'}"))

    def to_bytes(self) -> bytes:
        """The aggregate in a versioned format of bytes, for `from_bytes`."""
        return self._compiled.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Aggregate:
        """The aggregate that `to_bytes` wrote.

        Raises:
            InputError: The bytes are damaged, or in a format that this version does not read.
            SignatureMismatch: This version measures something else under the same options.
        """
        return cls(_core.Aggregate.from_bytes(data))

    def __add__(self, other: object) -> Aggregate:
        """The aggregate of the rows of both.

        Raises:
            SignatureMismatch: The two are of different metrics or options.
        """
        if not isinstance(other, Aggregate):
            return NotImplemented
        return Aggregate(self._compiled.merge(other._compiled))

    def __radd__(self, other: object) -> Aggregate:
        # sum() begins with 0.
        return self if other == 0 else NotImplemented

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Aggregate) and self._compiled == other._compiled

    def __hash__(self) -> int:
        return hash((self.rows, self.nulls, *self.signatures.items()))

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return Aggregate.from_bytes, (self.to_bytes(),)

    def __repr__(self) -> str:
        return f"Aggregate of {describe_rows(self)}\n{table(self, 'text')}"

    def _repr_html_(self) -> str:
        return f"<p>Aggregate of {describe_rows(self)}</p>{table(self, 'html')}"


def describe_rows(aggregate: Aggregate) -> str:
    """The number of rows in words."""
    rows = f"{aggregate.rows} row{'' if aggregate.rows == 1 else 's'}"
    return f"{rows} ({aggregate.nulls} more without a score)" if aggregate.nulls else rows


def table(aggregate: Aggregate, form: Literal["text", "html"]) -> str:
    """The scores of the corpus, one metric a line, one part a column; metrics of other parts in tables of their own."""
    scores: dict[str, dict[str, float]] = {name: {} for name in aggregate.signatures}
    for column, score in aggregate.corpus.items():
        name, part = (column, "") if column in scores else column.rsplit(".", 1)
        scores[name][part] = score
    tables: dict[tuple[str, ...], list[str]] = {}
    for name, row in scores.items():
        tables.setdefault(tuple(row), []).append(name)
    lay_out, gap = (_html, "") if form == "html" else (_text, "\n")
    made = []
    for parts, names in tables.items():
        for some in (parts[first : first + _COLUMNS] for first in range(0, len(parts), _COLUMNS)):
            rows = [[name, *(f"{scores[name][part]:.4f}" for part in some)] for name in names]
            made.append(lay_out([["", *some], *rows] if any(some) else rows))
    return gap.join(made)


_COLUMNS = 9  # in a line of eighty characters


def _text(rows: list[list[str]]) -> str:
    first = max(len(row[0]) for row in rows)
    return "\n".join("  ".join([row[0].ljust(first), *(cell.rjust(6) for cell in row[1:])]).rstrip() for row in rows)


def _html(rows: list[list[str]]) -> str:
    from html import escape

    lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
