"""Columns of texts in whatever form users have them, made into one that the core reads.

The core reads lists, tuples, iterators and everything that speaks Arrow's PyCapsule interface. What is left to do
here: NumPy arrays, pandas series whose strings are not in Arrow memory, DuckDB relations, and texts given as lists of
sentences.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Hashable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import numpy as np

from textgauge.errors import ConfigError, InputError, InputTypeError

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Column", "Sentences", "as_column", "as_list", "group"]

Column: TypeAlias = Any  # lists, arrays, series, Arrow and iterators have no type in common
Sentences: TypeAlias = Literal["lines", "given"]


def as_column(values: Column, role: str, sentences: Sentences = "lines", *, tokens: bool = False) -> Column:
    """`values`, the predictions or references, as something that the core reads.

    Args:
        values: One item a row, in any form.
        role: What the values are, `"predictions"` or `"references"`.
        sentences: `"lines"` if texts are strings, `"given"` if each is a list of its sentences.
        tokens: Whether each text is a list of its tokens.

    Returns:
        A list or tuple, an iterator, or an object that exports Arrow data.

    Raises:
        InputTypeError: This is no column of texts.
        ConfigError: There is no such way to give sentences.
    """
    if sentences == "lines":
        return _items(values, role) if tokens else _unwrapped(values, role)
    if sentences != "given":
        hint = "; for other sentences give metrics transforms='SplitSentences', or with a separator or NLTK"
        raise ConfigError(f"sentences is {sentences!r}; choose one of 'lines', 'given'{hint}", "bad-option")
    if tokens:
        raise ConfigError("sentences is 'given' and tokens is True; pass one of them", "bad-option")
    rows = _items(values, role)
    join = _join_references if role == "references" else _join_prediction
    joined = (join(row, number) for number, row in enumerate(rows))
    # The core checks lengths before it starts, if it can.
    return list(joined) if isinstance(rows, Collection) else joined


def as_list(values: Column, role: str) -> list[Any]:
    """The rows of `values` as Python objects.

    Raises:
        InputTypeError: This is no column.
    """
    return list(_items(values, role))


def group(by: Column) -> tuple[list[Hashable], npt.NDArray[np.uint32]]:
    """The distinct keys of `by` in order of first appearance, and for each row the index of its key.

    Missing keys (None, NaN, pandas.NA) are all the same: None.

    Raises:
        InputTypeError: A key cannot be hashed, or this is no column.
    """
    numbers: dict[Hashable, int] = {}
    codes = []
    for row, item in enumerate(_items(by, "by")):
        key = None if _is_missing(item) else item
        try:
            codes.append(numbers.setdefault(key, len(numbers)))
        except TypeError:
            message = (
                f"the key in row {row} is a {type(key).__name__}, by which rows cannot be grouped; keys are hashable"
            )
            raise InputTypeError(message, "wrong-type", row) from None
    return list(numbers), np.array(codes, np.uint32)


def _unwrapped(values: Column, role: str) -> Column:
    if isinstance(values, (list, tuple)):
        return values
    if isinstance(values, (bytes, bytearray, memoryview)):
        raise _wrong(role, f"one {type(values).__name__}; decode each text, and pass a list of them, one for each row")
    if isinstance(values, np.ndarray):
        return _array_items(values, role)
    pandas = _loaded("pandas", "Index")
    if pandas is not None and isinstance(values, (pandas.Series, pandas.Index)):
        dtype = values.dtype
        in_arrow = isinstance(dtype, pandas.ArrowDtype) or getattr(dtype, "storage", None) == "pyarrow"
        # pandas before 3.0 has no Arrow export of a series, and an index never has.
        if in_arrow and hasattr(values, "__arrow_c_stream__"):
            return values
        return values.tolist()
    polars = _loaded("polars", "LazyFrame")
    if polars is not None and isinstance(values, (polars.LazyFrame, polars.Expr)):
        kind = "LazyFrame" if isinstance(values, polars.LazyFrame) else "expression"
        raise _wrong(role, f"a Polars {kind}, which holds no rows yet; collect it first, frame.select(...).collect()")
    if polars is not None and isinstance(values, (polars.Series, polars.DataFrame)):
        series = values.to_series() if isinstance(values, polars.DataFrame) and values.width == 1 else values
        dtype = getattr(series, "dtype", None)
        # Polars exports nothing but nulls, and Python objects, in forms of its own.
        if dtype == polars.Object or polars.Null in (dtype, getattr(dtype, "inner", None)):
            return series.to_list()
    duckdb = _loaded("duckdb", "DuckDBPyRelation")
    if duckdb is not None and isinstance(values, duckdb.DuckDBPyRelation):
        if len(values.columns) != 1:
            raise _wrong(role, f"a relation of {len(values.columns)} columns; select one of them")
        # Not as a stream: a connection has only one at a time, and predictions and references need two.
        return [item for (item,) in values.fetchall()]
    return values


def _loaded(package: str, name: str) -> Any:  # noqa: ANN401 - a module
    """The package, if it is loaded already: else no value can be of its types."""
    module = sys.modules.get(package)
    # While another thread loads it, it is there without its names.
    return module if hasattr(module, name) else None


def _array_items(values: npt.NDArray[Any], role: str) -> list[Any]:
    if values.dtype.kind not in "OUT":
        raise _wrong(role, f"an array of {values.dtype}; pass one of str or object")
    if role == "references":
        wanted, most = "one dimension, an item for each row, or two, a list of references for each row", 2
    else:
        wanted, most = "one dimension, an item for each row", 1
    if not 1 <= values.ndim <= most:
        raise _wrong(role, f"an array of shape {values.shape}; pass {wanted}")
    return cast("list[Any]", values.tolist())


def _items(values: Column, role: str) -> Iterable[Any]:
    """The rows of `values` as Python objects."""
    if isinstance(values, (str, dict, set, frozenset)):
        raise _wrong(role, f"one {type(values).__name__}; pass a list, with an item for each row")
    if isinstance(values, np.ndarray) and values.ndim == 1:
        return cast("list[Any]", values.tolist())
    values = _unwrapped(values, role)
    for method in ("to_pylist", "tolist", "to_list"):  # PyArrow, pandas, Polars
        if hasattr(values, method):
            return cast("list[Any]", getattr(values, method)())
    if not isinstance(values, Iterable) or hasattr(values, "__arrow_c_stream__"):
        raise _wrong(role, f"a {type(values).__name__}; pass a list, with an item for each row")
    return values


def _is_missing(item: object) -> bool:
    return item is None or (isinstance(item, float) and item != item) or type(item).__name__ in ("NAType", "NaTType")


def _join_prediction(row: object, number: int) -> object:
    return row if _is_missing(row) else _joined(row, "prediction", number)


def _join_references(row: object, number: int) -> object:
    row = _without_array(row)
    if _is_missing(row):
        return row
    if isinstance(row, (list, tuple)):
        if not row:
            message = f"row {number} has an empty list of references; pass [''] for a reference without words"
            raise InputError(message, "no-reference", number)
        if not isinstance(row[0], str):
            # A list of texts, each of which is a list of sentences.
            return [text if _is_missing(text) else _joined(text, "reference", number) for text in row]
    return _joined(row, "reference", number)


def _without_array(item: object) -> object:
    # Tables read from Parquet hold lists as arrays.
    return item.tolist() if isinstance(item, np.ndarray) else item


def _joined(sentences: object, role: str, number: int) -> str:
    sentences = _without_array(sentences)
    if not isinstance(sentences, (list, tuple)):
        message = (
            f"the {role} in row {number} is a {type(sentences).__name__}; with sentences='given' it is a list of str"
        )
        raise InputTypeError(message, "wrong-type", number)
    for sentence in sentences:
        if not isinstance(sentence, str):
            message = f"a sentence of the {role} in row {number} is a {type(sentence).__name__}, not a str"
            raise InputTypeError(message, "wrong-type", number)
    # A line break inside a sentence separates words like a space, but would begin another sentence.
    return "\n".join(sentence.replace("\n", " ") for sentence in sentences)


def _wrong(role: str, problem: str) -> InputTypeError:
    verb = "is" if role == "by" else "are"
    return InputTypeError(f"{role} {verb} {problem}", "wrong-type")
