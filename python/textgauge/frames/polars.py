"""Metrics as Polars expressions: importing this gives every expression the namespace `tg`.

>>> import polars as pl
>>> import textgauge.frames.polars
>>> frame = pl.DataFrame({"prediction": ["the cat"], "reference": ["the cat sat"]})
>>> scores = pl.col("prediction").tg.score("reference", metrics="rouge1")
>>> frame.select(scores.struct.field("rouge1.f")).item()
0.8
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from textgauge.errors import ConfigError, Error, InputTypeError
from textgauge.frames._batches import naming_rows, needed, pair_in_batch, scorer_of_batches

with needed("polars"):
    import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from textgauge.frames._batches import Metrics, Options

__all__ = ["Expressions"]


@pl.api.register_expr_namespace("tg")
class Expressions:
    """Scores of the texts that an expression stands for."""

    def __init__(self, predictions: pl.Expr) -> None:
        self._predictions = predictions

    def score(self, references: str | pl.Expr, metrics: Metrics, **options: Unpack[Options]) -> pl.Expr:
        """The scores of each row, elementwise: in `select` and `with_columns`, in lazy and streaming queries.

        Args:
            references: The column or expression of references: texts, or lists or arrays of texts.
            metrics: As for `Scorer`; or a scorer.
            **options: `nulls`, `sentences`, `tokens`, `threads`, as for `Scorer.score`.

        Returns:
            A struct with a Float64 field for each column, such as `rouge1.f`; null in rows that were not scored. It has
            the name that the predictions have.

        Raises:
            ConfigError: As for `Scorer`; or an option is not one of its choices.
            InputError: A metric such as `Nist` has to be fitted first. While the query runs: as for `Scorer.score`;
                rows are counted in the batch that Polars passes at once, so the message shows the texts too.
        """
        scorer = scorer_of_batches(metrics, options)
        return self._mapped(
            references,
            scorer.columns,
            lambda *texts: scorer.score(*texts, **options).to_polars(),
            is_elementwise=True,
        )

    def corpus(self, references: str | pl.Expr, metrics: Metrics, **options: Unpack[Options]) -> pl.Expr:
        """The scores of all rows together: in `select`, of each group in `group_by(...).agg`, or with `over`.

        Args:
            references: As for `score`.
            metrics: As for `score`.
            **options: As for `score`.

        Returns:
            A struct with a Float64 field for each column; null if no row was scored.

        Raises:
            ConfigError: As for `score`.
            InputError: As for `score`.
        """
        scorer = scorer_of_batches(metrics, options)

        def row_of_scores(*texts: pl.Series) -> pl.DataFrame:
            corpus = scorer.aggregate(*texts, **options).corpus
            # Polars' own fill_nan takes longer than scoring a small group.
            scores = {column: None if math.isnan(score) else score for column, score in corpus.items()}
            return pl.DataFrame([scores], dict.fromkeys(scores, pl.Float64))

        return self._mapped(references, scorer.columns, row_of_scores, returns_scalar=True)

    def _mapped(
        self,
        references: str | pl.Expr,
        columns: list[str],
        score: Callable[[pl.Series, pl.Series], pl.DataFrame],
        *,
        is_elementwise: bool = False,
        returns_scalar: bool = False,
    ) -> pl.Expr:
        """An expression that is the struct of what `score` makes of both sides."""

        def scored(pairs: pl.Series) -> pl.Series:
            predictions, reference_rows = pairs.struct.unnest().get_columns()
            try:
                with naming_rows(partial(pair_in_batch, predictions, reference_rows)):
                    return score(predictions, reference_rows).to_struct(pairs.name)
            except Error as error:
                raise _lasting(error) from error

        # A struct repeats a literal for all rows, and has the name of its first field.
        pairs = pl.struct(_one_column(self._predictions, "predictions"), _one_column(references, "references"))
        return pairs.map_batches(
            scored,
            pl.Struct(dict.fromkeys(columns, pl.Float64)),
            is_elementwise=is_elementwise,
            returns_scalar=returns_scalar,
        )


def _one_column(texts: str | pl.Expr, role: str) -> pl.Expr:
    expression = pl.col(texts) if isinstance(texts, str) else texts
    if not isinstance(expression, pl.Expr):
        message = f"{role} are a {type(texts).__name__}; pass the name of a column, or an expression"
        raise InputTypeError(message, "wrong-type")
    if expression.meta.has_multiple_outputs():
        raise ConfigError(f"{role} are several columns; pass an expression for each", "bad-option")
    # Both sides may be made of one column.
    return expression.alias("textgauge references") if role == "references" else expression


def _lasting(error: Error) -> Error:
    """The same error, of a class that can be made anew from a message: so Polars adds the expression to it."""
    kind = type(error)

    def anew(self: Error, message: str) -> None:
        kind.__init__(self, message, *error.args[1:])

    members = {"__init__": anew, "__reduce__": lambda self: (kind, self.args), "__module__": kind.__module__}
    lasting: type[Error] = type(kind.__name__, (kind,), members)
    return lasting(error.message)  # type: ignore[call-arg]
