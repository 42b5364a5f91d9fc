"""Several systems in files: which rows of two files belong together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

from textgauge.errors import ConfigError, InputError
from textgauge.io.job import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    from textgauge.io.batch import Source
    from textgauge.io.job import Choice, Selection

__all__ = ["Matcher", "check_systems"]

_IN_ORDER = "systems are compared row by row, unless each row has an id of its own"


def check_systems(files: Sequence[str], predictions: Sequence[str]) -> None:
    """Makes sure that systems are files, or columns of one file.

    Raises:
        ConfigError: They are both.
    """
    if len(files) > 1 and len(predictions) > 1:
        raise ConfigError("systems are files, or columns of one file: several --prediction ask for one", "bad-option")


class Matcher:
    """What tells whether the rows of a file belong to those of another: ids, or else references.

    Args:
        open_sources: Opens the file from the beginning; it is read again to say where a row stands.
        choice: Which columns are read.
        name: The file's name, for messages.

    Attributes:
        keys: The key of each row's group, as JSON text.
        identities: The id of each row as JSON text, or what its references hash to if the file has no ids.
    """

    def __init__(self, open_sources: Callable[[], list[Source]], choice: Choice, name: str) -> None:
        self._open = open_sources
        self._choice = choice
        self.name = name
        self.keys: list[str] = []
        self.identities: list[str | int] = []

    def add(self, rows: Selection) -> None:
        """Takes up the next rows of the file."""
        self.keys += _spread(*rows.groups())
        self.identities += _identities(rows)

    def groups(self) -> dict[str, list[int]]:
        """The rows of each group."""
        members: dict[str, list[int]] = {}
        for row, key in enumerate(self.keys):
            members.setdefault(key, []).append(row)
        return members

    def order_of(self, other: Matcher) -> list[int] | None:
        """For each row of this file the other's row that belongs to it; None if they stand in the same order.

        Raises:
            InputError: The two have not the same rows.
        """
        if self.identities == other.identities:
            return None
        left, right = self._rows_by_id(), other._rows_by_id()
        if left is None or right is None:
            _raise_first_unlike(self, other)
        for one, another, rows in ((self, right, left), (other, left, right)):
            for key, row in rows.items():
                if key not in another:
                    lacks = other.name if one is self else self.name
                    raise InputError(f"{one._place(row)}: {lacks} has no row with the id {key}", "bad-file", row)
        return [right[key] for key in left]

    def _rows_by_id(self) -> dict[str, int] | None:
        """The row of each id; None if the file has no ids, or not each is one row's."""
        rows = {each: row for row, each in enumerate(self.identities) if isinstance(each, str)}
        return rows if len(rows) == len(self.identities) else None

    def _place(self, row: int) -> str:
        """Where a row stands."""
        seen = 0
        for rows, _ in read(self._open(), self._choice):
            if row < seen + len(rows):
                return rows.place(row - seen)
            seen += len(rows)
        raise AssertionError(row)


def _identities(rows: Selection) -> list[str] | list[int]:
    if rows.picked.id is not None:
        return _spread(*rows.keys(rows.picked.id))
    columns = [rows.values(column) for column in rows.picked.references]
    return [hash(json.dumps(references)) for references in zip(*columns, strict=True)]


def _spread(keys: list[str], codes: npt.NDArray[np.uint32]) -> list[str]:
    return [keys[code] for code in codes.tolist()]


def _raise_first_unlike(base: Matcher, other: Matcher) -> NoReturn:
    for row, (left, right) in enumerate(zip(base.identities, other.identities, strict=False)):
        if left != right:
            ids = isinstance(left, str) and isinstance(right, str)
            what = f"the id {right}, not {left}" if ids else f"other references than {base.name}"
            raise InputError(f"{other._place(row)}: {what}; {_IN_ORDER}", "bad-file", row)
    lengths = f"{other.name} has {len(other.identities)} rows, {base.name} has {len(base.identities)}"
    raise InputError(f"{lengths}; {_IN_ORDER}", "unequal-lengths")
