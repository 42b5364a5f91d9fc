"""Metrics of pandas frames: importing this gives every frame the accessor `tg`.

>>> import pandas as pd
>>> import textgauge.frames.pandas
>>> frame = pd.DataFrame({"prediction": ["the cat"], "reference": ["the cat sat"]}, index=["first"])
>>> frame.tg.score("prediction", "reference", metrics="rouge1").loc["first", "rouge1.f"]
np.float64(0.8)
"""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textgauge.errors import ConfigError
from textgauge.frames._batches import as_scorer, naming_rows, needed

with needed("pandas"):
    import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from textgauge.frames._batches import Metrics, Options

__all__ = ["Frame"]


@pd.api.extensions.register_dataframe_accessor("tg")
class Frame:
    """Scores of the texts in two columns of a frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def score(
        self,
        predictions: Hashable,
        references: Hashable | list[Hashable],
        metrics: Metrics,
        **options: Unpack[Options],
    ) -> pd.DataFrame:
        """The scores of each row.

        Args:
            predictions: The column of predictions.
            references: The column of references, which holds texts or lists of texts; or a list of columns, a
                reference each.
            metrics: As for `Scorer`; or a scorer.
            **options: `nulls`, `sentences`, `tokens`, `threads`, as for `Scorer.score`.

        Returns:
            A frame with the same index, and a float64 column for each output, such as `rouge1.f`; NaN in rows that were
            not scored. Its `attrs` hold the signatures.

        Raises:
            ConfigError: As for `Scorer`; or there is no such column.
            InputError: As for `Scorer.score`; the message has the index of the row too.
        """
        with self._texts(predictions, references) as texts:
            scores = as_scorer(metrics).score(*texts, **options).to_pandas()
        scores.index = self._frame.index
        return scores

    def corpus(
        self,
        predictions: Hashable,
        references: Hashable | list[Hashable],
        metrics: Metrics,
        *,
        by: Any = None,  # noqa: ANN401 - whatever pandas groups by
        **options: Unpack[Options],
    ) -> pd.Series[float] | pd.DataFrame:
        """The scores of all rows together, or of groups of them.

        Args:
            predictions: As for `score`.
            references: As for `score`.
            metrics: As for `score`.
            by: What `DataFrame.groupby` takes: a column, a list of them, a function of the index.
            **options: As for `score`.

        Returns:
            A series with an item for each output; with `by` a frame with a row for each key, missing ones too, in order
            of first appearance.

        Raises:
            ConfigError: As for `score`.
            InputError: As for `score`.
        """
        scorer = as_scorer(metrics)
        if by is None:
            with self._texts(predictions, references) as texts:
                return pd.Series(scorer.aggregate(*texts, **options).corpus)
        groups = self._frame.groupby(by, sort=False, dropna=False, observed=True)
        with self._texts(predictions, references) as texts:
            parts = scorer.aggregate(*texts, by=groups.ngroup(), **options)
        keys = groups.size().index
        return pd.DataFrame([parts[number].corpus for number in range(len(keys))], keys, scorer.columns)

    @contextmanager
    def _texts(self, predictions: Hashable, references: Hashable | list[Hashable]) -> Iterator[tuple[Any, Any]]:
        """Both columns; errors about a row then have its index too."""
        index = self._frame.index
        with naming_rows(lambda row: f"index {index[row]!r}"):
            yield self._column(predictions), self._references(references)

    def _references(self, names: Hashable | list[Hashable]) -> Any:  # noqa: ANN401
        if not isinstance(names, list):
            return self._column(names)
        return list(zip(*map(self._column, names), strict=True))

    def _column(self, name: Hashable) -> pd.Series[Any]:
        frame = self._frame
        if not isinstance(name, Hashable):
            raise ConfigError(f"a {type(name).__name__} is no name; pass the name of a column", "bad-option")
        if name not in frame.columns:
            there = ", ".join(map(str, frame.columns)) or "none"
            raise ConfigError(f"there is no column {name!r}; there are {there}", "bad-option")
        column = frame[name]
        if isinstance(column, pd.DataFrame):
            raise ConfigError(f"{name!r} is the name of {column.shape[1]} columns; pass that of one", "bad-option")
        return column
