"""Metrics as functions of DuckDB.

>>> import duckdb
>>> from textgauge.frames.duckdb import register
>>> connection = duckdb.connect()
>>> register(connection, "rouge1")
>>> connection.sql("SELECT tg_score('the cat', 'the cat sat')['rouge1.f']").fetchall()
[(0.8,)]
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textgauge.errors import ConfigError
from textgauge.frames._batches import naming_rows, needed, pair_in_batch, scorer_of_batches

with needed("duckdb"):
    import duckdb
with needed("pyarrow"):
    import pyarrow as pa  # noqa: TC002 - the core makes tables of it

if TYPE_CHECKING:
    from typing import Unpack

    from textgauge.frames._batches import Metrics, Options

__all__ = ["register"]


def register(
    connection: duckdb.DuckDBPyConnection, metrics: Metrics, *, name: str = "tg_score", **options: Unpack[Options]
) -> None:
    """Gives a connection the function `tg_score(prediction, reference)`.

    The function returns a STRUCT with a DOUBLE for each output: `tg_score(p, r)['rouge1.f']`, or
    `unnest(tg_score(p, r))` for a column each. References are texts or lists of texts.

    Args:
        connection: The connection, or the module `duckdb` itself.
        metrics: As for `Scorer`; or a scorer.
        name: What the function is called in SQL.
        **options: `nulls`, `sentences`, `tokens`, `threads`, as for `Scorer.score`; but `nulls` is `"propagate"` unless
            given, as for all functions of SQL: NULL of a missing text.

    Raises:
        ConfigError: As for `Scorer`; or an option is not one of its choices.
        InputError: A metric such as `Nist` has to be fitted first.
    """
    options = {"nulls": "propagate", **options}
    scorer = scorer_of_batches(metrics, options)

    # DuckDB takes functions of any types only if their number is open too.
    def score(*texts: pa.ChunkedArray) -> pa.Array:
        if len(texts) != 2:
            raise ConfigError(f"{name} takes a prediction and a reference, not {len(texts)} arguments", "bad-option")
        with naming_rows(partial(pair_in_batch, *texts)):
            scores = scorer.score(*texts, **options).to_arrow()
        return scores.combine_chunks().to_struct_array()

    connection.create_function(
        name,
        score,
        return_type=duckdb.struct_type(dict.fromkeys(scorer.columns, "DOUBLE")),
        type="arrow",
        null_handling="default" if options["nulls"] == "propagate" else "special",
    )
