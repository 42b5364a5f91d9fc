"""What a scorer makes of a batch: a column of scores for each output of each metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from textgauge.aggregate import Aggregate, describe_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    import numpy.typing as npt
    import pandas
    import polars
    import pyarrow
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from textgauge._render import Table

__all__ = ["Result"]


class Result:
    """The scores of a batch: of each pair, and of the corpus.

    `Scorer.score` makes them. `result["rouge1.f"]` is a float64 array of shape (rows,), NaN in rows that were not
    scored because a text is missing. `len(result)` is the number of rows; iterating gives the names of the columns.
    """

    __slots__ = ("_arrays", "_whole")

    def __init__(self, arrays: dict[str, npt.NDArray[np.float64]], whole: Aggregate) -> None:
        self._arrays = arrays
        self._whole = whole

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self._arrays)

    @property
    def corpus(self) -> dict[str, float]:
        """The scores of all rows together, by column; NaN if there is no scored row."""
        return self._whole.corpus

    @property
    def aggregate(self) -> Aggregate:
        """The exact sums of all rows, which add up with those of other batches."""
        return self._whole

    @property
    def signatures(self) -> dict[str, str]:
        """For each metric, everything that its numbers depend on."""
        return self._whole.signatures

    def keys(self) -> list[str]:
        """The names of the columns, so that `dict(result)` works."""
        return self.columns

    def __getitem__(self, column: str) -> npt.NDArray[np.float64]:
        try:
            return self._arrays[column]
        except (KeyError, TypeError):
            raise KeyError(f"no column {column!r}; there are {', '.join(self.columns)}") from None

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(next(iter(self._arrays.values())))

    def to_numpy(self) -> dict[str, npt.NDArray[np.float64]]:
        """The columns as arrays of shape (rows,), without a copy."""
        return dict(self._arrays)

    def to_arrow(self) -> pyarrow.Table:
        """The columns as a PyArrow table, null in rows that were not scored.

        The schema's metadata holds the signatures as JSON, under `textgauge.signatures`.
        """
        import json

        import pyarrow as pa

        columns = {name: pa.array(values, from_pandas=True) for name, values in self._arrays.items()}
        return pa.table(columns, metadata={"textgauge.signatures": json.dumps(self.signatures)})

    def to_pandas(self) -> pandas.DataFrame:
        """The columns as a pandas frame, NaN in rows that were not scored; the signatures are in its `attrs`."""
        import pandas as pd

        frame = pd.DataFrame(self._arrays)
        frame.attrs["textgauge.signatures"] = self.signatures
        return frame

    def to_polars(self) -> polars.DataFrame:
        """The columns as a Polars frame, null in rows that were not scored."""
        import polars as pl

        return pl.DataFrame(self._arrays, nan_to_null=True)

    def details(self) -> Table:
        """Every number of the corpus: a row a column. It prints, and a notebook shows it."""
        return self._whole.details()

    @overload
    def plot(self, columns: Iterable[str] | None = None, *, ax: None = None, width: float = 3.3) -> Figure: ...
    @overload
    def plot(self, columns: Iterable[str] | None = None, *, ax: Axes, width: float = 3.3) -> Axes: ...
    def plot(
        self, columns: Iterable[str] | None = None, *, ax: Axes | None = None, width: float = 3.3
    ) -> Figure | Axes:
        """How the scores of rows are distributed; arguments and errors are those of `textgauge.plots.plot_result`."""
        from textgauge.plots import plot_result

        return plot_result(self, columns, ax=ax, width=width)

    def __repr__(self) -> str:
        return f"Result of {describe_rows(self._whole)}\n{self._whole.table()!r}"

    def _repr_html_(self) -> str:
        return f"<p>Result of {describe_rows(self._whole)}</p>{self._whole.table().html()}"
