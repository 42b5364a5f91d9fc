"""Columns inside columns: `answers.text`, `response.body.choices[0].message.content`.

A path is names with dots between them and indices in brackets after them; a negative index counts from the end. A
name that is looked for in a list is looked for in each of its elements, which gives a list. What is missing on the
way is None. A column that is called exactly so comes before the path.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    import pyarrow

    Steps: TypeAlias = tuple[str | int, ...]

__all__ = ["array_at", "no_column", "parse", "value_at"]

FIRST = re.compile(r"[^.\[\]]+")
NEXT = re.compile(r"\.([^.\[\]]+)|\[(-?\d{1,9})\]")


@functools.lru_cache
def parse(column: str) -> Steps:
    """The steps of a path: `answers.text[0]` is `("answers", "text", 0)`.

    Raises:
        ConfigError: This is no path.
    """
    first = FIRST.match(column)
    steps: list[str | int] = [first[0]] if first else []
    end = first.end() if first else 0
    while first and (step := NEXT.match(column, end)):
        steps.append(step[1] or int(step[2]))
        end = step.end()
    if not first or end < len(column):
        where = f"after {column[:end]!r}" if end else "at its start"
        raise ConfigError(
            f"column {column!r} is no path: {where} stands {column[end:]!r}; "
            "paths look like answers.text or choices[0].message.content",
            "bad-option",
        )
    return tuple(steps)


def value_at(record: Mapping[str, Any], column: str) -> Any:  # noqa: ANN401 - whatever JSON has
    """The value of a column, given by its name or its path; None if it is missing.

    Raises:
        ConfigError: There is no such name, and it is no path.
    """
    if column in record:
        return record[column]
    return _walk(record, parse(column))


def array_at(batch: pyarrow.RecordBatch, column: str) -> pyarrow.Array:
    """A column of a batch, given by its name or its path. What is missing is null.

    Raises:
        InputError: The batch's schema has no such column.
    """
    index = batch.schema.get_field_index(column)
    if index >= 0:
        return batch.column(index)
    problem = no_column(column, batch.schema.names)
    try:
        name, *steps = parse(column)
    except ConfigError as error:
        raise problem from error
    index = batch.schema.get_field_index(name)
    array = _array_at(batch.column(index), tuple(steps)) if index >= 0 else None
    if array is None:
        raise problem
    return array


def no_column(column: str, names: list[str]) -> InputError:
    """The error that there is no such column among these."""
    twice = "two columns are called" if column in names else "no column"
    return InputError(f"{twice} {column!r}; there are {', '.join(names) or 'none'}", "bad-file")


def _walk(value: Any, steps: Steps) -> Any:  # noqa: ANN401 - whatever JSON has
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(value, list):
        if isinstance(step, str):
            return [_walk(each, steps) for each in value]
        return _walk(value[step], rest) if -len(value) <= step < len(value) else None
    if isinstance(value, dict) and isinstance(step, str):
        return _walk(value.get(step), rest)
    return None


def _array_at(array: pyarrow.Array, steps: Steps) -> pyarrow.Array | None:
    """What the steps lead to; None if the array's type leads nowhere."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not steps or pa.types.is_null(array.type):
        return array
    step, rest = steps[0], steps[1:]
    if isinstance(array, pa.ExtensionArray):
        return _array_at(array.storage, steps)
    if pa.types.is_map(array.type) and isinstance(step, str):
        if not pa.types.is_string(array.type.key_type):
            return None
        return _array_at(pc.map_lookup(array, step, "first"), rest)
    if pa.types.is_struct(array.type) and isinstance(step, str):
        index = array.type.get_field_index(step)
        return _array_at(pc.struct_field(array, [index]), rest) if index >= 0 else None
    if not hasattr(array, "flatten") or pa.types.is_struct(array.type):
        return None
    if isinstance(step, int):
        return _array_at(_elements(array, step), rest)
    inner = _array_at(array.flatten(), steps)
    if inner is None:
        return None
    _, ends = _bounds(array)
    mask = array.is_null() if array.null_count else None
    return pa.LargeListArray.from_arrays(pa.array(np.append(0, ends)), inner, mask=mask)


def _elements(lists: pyarrow.Array, index: int) -> pyarrow.Array:
    """The element at the index of each list; null where a list is null or too short."""
    import pyarrow as pa

    starts, ends = _bounds(lists)
    at = (starts if index >= 0 else ends) + index
    return lists.flatten().take(pa.array(at, mask=(at < starts) | (at >= ends)))


def _bounds(lists: pyarrow.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where each list starts and ends in the array of all elements; a null list is empty."""
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    ends = np.cumsum(lengths)
    return ends - lengths, ends
