"""Which words or characters are substituted, deleted and inserted most often."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from textgauge import _core
from textgauge._render import Table, in_cell
from textgauge._value import Value, whole_threads
from textgauge.errors import ConfigError, InputTypeError, SignatureMismatch
from textgauge.io.columns import Column, as_column
from textgauge.metrics import Wer
from textgauge.metrics.base import compile_metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textgauge.metrics import Metric
    from textgauge.metrics.base import Tokenizer
    from textgauge.scorer import Nulls
    from textgauge.text.transforms import Transform

__all__ = ["ErrorCounts", "error_counts", "errors_as_read_by"]

_Change = TypeVar("_Change", str, "tuple[str, str]")

_CHARACTERS = ("characters", "char", "graphemes", "jiwer-characters")


class ErrorCounts(Value):
    """How often each change was made between references and predictions. Counts of parts add up with `+`.

    Neighbouring tokens with the same edit are one change, as in jiwer 4.0.0's `collect_error_counts`. Mappings are in
    order of counts, the highest first.

    Attributes:
        substitutions: How often a text of the reference became another; the key has both.
        deletions: How often a text of the reference was missing.
        insertions: How often a text of the prediction was not in the reference.
        signature: How texts were read.
    """

    substitutions: Mapping[tuple[str, str], int]
    deletions: Mapping[str, int]
    insertions: Mapping[str, int]
    signature: str

    def __add__(self, other: ErrorCounts) -> ErrorCounts:
        if not isinstance(other, ErrorCounts):
            return NotImplemented
        if self.signature != other.signature:
            message = f"errors counted in different ways don't add up: {self.signature} and {other.signature}"
            raise SignatureMismatch(message, "signature-mismatch")
        return ErrorCounts(
            _added(self.substitutions, other.substitutions),
            _added(self.deletions, other.deletions),
            _added(self.insertions, other.insertions),
            self.signature,
        )

    def __hash__(self) -> int:
        kinds = (self.substitutions, self.deletions, self.insertions)
        return hash((self.signature, *(frozenset(kind.items()) for kind in kinds)))

    def top(self, n: int | None = None) -> ErrorCounts:
        """The same with no more than the `n` most frequent changes of each kind."""
        return ErrorCounts(
            dict(islice(self.substitutions.items(), n)),
            dict(islice(self.deletions.items(), n)),
            dict(islice(self.insertions.items(), n)),
            self.signature,
        )

    def tables(self) -> list[Table]:
        """A table for each kind of change that there is."""
        kinds = {
            "substitutions": {
                f"{in_cell(before)} → {in_cell(after)}": n for (before, after), n in self.substitutions.items()
            },
            "deletions": {in_cell(text): n for text, n in self.deletions.items()},
            "insertions": {in_cell(text): n for text, n in self.insertions.items()},
        }
        return [
            Table((kind, "count"), tuple((change, f"{count:,}") for change, count in counts.items()))
            for kind, counts in kinds.items()
            if counts
        ]

    def __str__(self) -> str:
        return "\n\n".join(table.text() for table in self.tables()) or repr(self)

    def _repr_html_(self) -> str:
        return "".join(table.html() for table in self.tables()) or repr(self)

    def __repr__(self) -> str:
        counts = {
            "substitutions": self.substitutions.values(),
            "deletions": self.deletions.values(),
            "insertions": self.insertions.values(),
        }
        told = (f"{sum(each):,} {name} of {len(each):,} kinds" for name, each in counts.items())
        return f"<ErrorCounts: {', '.join(told)}>"


def _added(left: Mapping[_Change, int], right: Mapping[_Change, int]) -> dict[_Change, int]:
    total = dict(left)
    for change, count in right.items():
        total[change] = total.get(change, 0) + count
    # As the core sorts them.
    return dict(sorted(total.items(), key=lambda item: (-item[1], _utf8(item[0]))))


def _utf8(change: str | tuple[str, str]) -> tuple[bytes, ...]:
    texts = (change,) if isinstance(change, str) else change
    return tuple(text.encode("utf-8", "surrogatepass") for text in texts)


def error_counts(
    predictions: Column,
    references: Column,
    *,
    tokenizer: str | Tokenizer = "jiwer-words",
    lowercase: bool = False,
    compounds: bool = False,
    transforms: str | Transform | Iterable[str | Transform] = (),
    separator: str | None = None,
    nulls: Nulls = "error",
    threads: int | None = None,
) -> ErrorCounts:
    """How often each word, or each character, was substituted, deleted and inserted.

    >>> import textgauge as tg
    >>> tg.error_counts(["a cat sat", "the cat"], ["the cat sat", "the cat did"]).substitutions
    {('the', 'a'): 1}

    Args:
        predictions: As for `Scorer.score`.
        references: As for `Scorer.score`. Of several, the one with the lowest word error rate counts.
        tokenizer: As `Wer` takes it; `"jiwer-characters"` for characters.
        lowercase: Whether texts are lower-cased first; after `transforms`.
        compounds: As `Wer` takes it.
        transforms: As `Wer` takes them.
        separator: What stands between tokens of one change; `None` for nothing between characters and else a blank.
        nulls: As for `Scorer.score`; rows that lack a text are skipped with `"propagate"`.
        threads: As for `Scorer.score`.

    Raises:
        Error: As for `Scorer.score`.
    """
    if separator is None:
        separator = "" if tokenizer in _CHARACTERS else " "
    if not isinstance(separator, str):
        raise ConfigError(f"separator is {separator!r}; it must be a str or None", "bad-option")
    metric = Wer(tokenizer=tokenizer, lowercase=lowercase, compounds=compounds, transforms=transforms)  # type: ignore[arg-type]
    compiled = compile_metrics([metric])
    if isinstance(references, _core.Prepared):
        raise InputTypeError("references are prepared; pass their texts", "wrong-type")
    changes = compiled.error_counts(
        as_column(predictions, "predictions"),
        as_column(references, "references"),
        nulls=nulls,
        threads=whole_threads(threads),
        separator=separator,
    )
    substitutions = {(before, after): count for kind, before, after, count in changes if kind == "substitute"}
    deletions = {before: count for kind, before, _, count in changes if kind == "delete"}
    insertions = {after: count for kind, _, after, count in changes if kind == "insert"}
    (signature,) = dict(compiled.signatures).values()
    return ErrorCounts(substitutions, deletions, insertions, signature)


def errors_as_read_by(metrics: Iterable[Metric]) -> dict[str, Any] | None:
    """What makes `error_counts` read texts as the first of these metrics that counts edits; None if none does."""
    metric = next((metric for metric in metrics if "compounds" in metric.option_names()), None)
    if metric is None:
        return None
    return {name: metric.fields()[name] for name in ("tokenizer", "lowercase", "compounds", "transforms")}
