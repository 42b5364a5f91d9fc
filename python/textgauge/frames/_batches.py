"""What frames of all kinds share: packages, scorers, options, and errors that show the row."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from textgauge.errors import InputError
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from textgauge.io.columns import Sentences
    from textgauge.metrics import Metric
    from textgauge.scorer import Nulls

    Metrics: TypeAlias = str | Metric | Iterable[str | Metric] | Scorer

__all__ = ["Options", "as_scorer", "naming_rows", "needed", "pair_in_batch", "scorer_of_batches"]


class Options(TypedDict, total=False):
    """How columns are read and scored, each as for `Scorer.score`."""

    nulls: Nulls
    sentences: Sentences
    tokens: bool
    threads: int | None


@contextlib.contextmanager
def needed(package: str) -> Iterator[None]:
    """Makes the error about a package that cannot be imported say what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        message = f"textgauge.frames needs {package}, which is not installed: pip install {package}"
        raise ModuleNotFoundError(message, name=package) from error


def as_scorer(metrics: Metrics) -> Scorer:
    """The scorer itself, or one of these metrics.

    Raises:
        ConfigError: As for `Scorer`.
    """
    return metrics if isinstance(metrics, Scorer) else Scorer(metrics)


def scorer_of_batches(metrics: Metrics, options: Options) -> Scorer:
    """A scorer for rows that come in batches, of whatever size: what it gives a row depends on that row alone.

    Raises:
        ConfigError: As for `Scorer`; or an option is not one of its choices.
        InputError: A metric has to be fitted to all references first.
    """
    scorer = as_scorer(metrics)
    if not scorer.is_fitted:
        unfitted = ", ".join(repr(metric) for metric in scorer.metrics if not Scorer(metric).is_fitted)
        message = f"{unfitted} weighs all references, but here rows come in batches: fit a scorer to them first, "
        raise InputError(message + "and pass it as the metrics, metrics=Scorer(...).fit(references)", "not-fitted")
    # Wrong options are told here, and not by a query that may run much later.
    scorer.score([], [], **options)
    return scorer


@contextlib.contextmanager
def naming_rows(name: Callable[[int], str]) -> Iterator[None]:
    """Makes errors about a row add what the caller knows it by."""
    try:
        yield
    except InputError as error:
        if error.row is None:
            raise
        raise type(error)(f"{error.message} ({name(error.row)})", error.code, error.row) from error


def pair_in_batch(predictions: Any, references: Any, row: int) -> str:  # noqa: ANN401 - of PyArrow or Polars
    """A row of two columns as one can find it, wherever the batch begins."""
    return f"row {row} of a batch of {len(predictions):,}: {_shown(predictions, row)}, {_shown(references, row)}"


def _shown(column: Any, row: int) -> str:  # noqa: ANN401
    """The beginning of what stands in a row."""
    longest = 60
    one = column.slice(row, 1)
    [item] = one.to_pylist() if hasattr(one, "to_pylist") else one.to_list()
    text = repr(item)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
