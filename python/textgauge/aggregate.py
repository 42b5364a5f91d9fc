"""Exact sums of metrics over some rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textgauge import _core
from textgauge._render import Table, digits

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Aggregate"]


class Aggregate:
    """Exact sums over some rows: all that the score of a corpus needs, in a few hundred bytes.

    `Scorer.aggregate` makes them. Aggregates of the same metrics add up, with `a + b` or `sum(parts)`, to exactly what
    one call over all their rows gives, bit for bit, in any order. They can be pickled, and stored with `to_bytes`.
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
        """How many references every scored row has; `None` if rows have different numbers."""
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

    def table(self) -> Table:
        """The scores of the corpus: a row a metric, its score first, then precision and recall where it has them."""
        return _table(self)

    def details(self) -> Table:
        """Every number of the corpus: a row a column."""
        cells = zip(self.corpus.items(), self._compiled.units, strict=True)
        rows = tuple((column, digits(score, unit)) for (column, score), unit in cells)
        return Table(("column", "score"), rows, title=describe_rows(self))

    def __repr__(self) -> str:
        return f"Aggregate of {describe_rows(self)}\n{self.table()!r}"

    def _repr_html_(self) -> str:
        return f"<p>Aggregate of {describe_rows(self)}</p>{self.table().html()}"


def describe_rows(aggregate: Aggregate) -> str:
    """The number of rows in words."""
    rows = f"{aggregate.rows:,} row{'' if aggregate.rows == 1 else 's'}"
    return f"{rows} ({aggregate.nulls:,} more without a score)" if aggregate.nulls else rows


def headline_name(column: str, names: Iterable[str]) -> str:
    """A headline's column as one reads it: `rouge1` for `rouge1.f`, the F that a metric is known for."""
    name = column.removesuffix(".f")
    return name if name in names else column


def headline_scores(aggregate: Aggregate) -> dict[str, str]:
    """The score that stands for each metric, under its short name."""
    compiled, corpus = aggregate._compiled, aggregate.corpus
    units = dict(zip(corpus, compiled.units, strict=True))
    names = aggregate.signatures
    return {headline_name(each, names): digits(corpus[each], units[each]) for each in compiled.headlines}


def _table(aggregate: Aggregate) -> Table:
    corpus = aggregate.corpus
    units = dict(zip(corpus, aggregate._compiled.units, strict=True))
    further = {".p": "precision", ".r": "recall"}
    parts = {
        name: [digits(corpus[name + part], units[name + part]) if name + part in corpus else "" for part in further]
        for name in aggregate.signatures
    }
    shown = [at for at in range(len(further)) if any(cells[at] for cells in parts.values())]
    head = ("metric", "score", *(list(further.values())[at] for at in shown))
    scores = zip(aggregate.signatures, headline_scores(aggregate).items(), strict=True)
    return Table(head, tuple((label, score, *(parts[name][at] for at in shown)) for name, (label, score) in scores))
