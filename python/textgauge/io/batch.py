"""What all readers of files give: records, some thousand at a time, of which the wanted columns are read."""

from __future__ import annotations

import abc
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.errors import InputError
from textgauge.io.write import without_nan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    import numpy.typing as npt

    from textgauge._core import JsonColumn
    from textgauge.io.columns import Column

    JsonValues: TypeAlias = JsonColumn | list[bytes | None]
    """A value of each row as JSON text; None where it is missing."""

__all__ = ["Batch", "Source", "json_text"]

# The kinds of values that JSON has.
KINDS: dict[type, str] = {
    type(None): "missing",
    str: "text",
    int: "number",
    float: "number",
    bool: "truth",
    list: "list",
    dict: "object",
}


class Batch(abc.ABC):
    """Some consecutive records of a file.

    Attributes:
        name: The file's name, for messages.
        columns: The columns that are wanted.
        first: The row of the first record among all rows that are read, from 0.
        problems: For each record that cannot be read, its index in the batch and what is wrong with it. All its
            values are missing.
        read_bytes: How many bytes of the file have been read so far.
    """

    name: str
    columns: Sequence[str]
    first: int = 0
    problems: dict[int, str]
    read_bytes: int = 0

    @abc.abstractmethod
    def __len__(self) -> int:
        """How many records there are."""

    @abc.abstractmethod
    def texts(self, column: str) -> Column:
        """A wanted column as the core reads it: texts, or lists of texts; None where it is missing.

        It is made when it is first asked for, and kept.
        """

    @abc.abstractmethod
    def values(self, column: str, stop: int | None = None) -> list[Any]:
        """A wanted column as Python objects, those that JSON has; None where it is missing.

        Args:
            column: The column.
            stop: How many rows are wanted, from the first on; all by default.
        """

    def kinds(self, column: str) -> set[str]:
        """Of which kinds the values of a wanted column are: of `KINDS`, and `missing`."""
        return {KINDS[type(value)] for value in self.values(column)}

    @abc.abstractmethod
    def place(self, row: int) -> str:
        """Where the record at index `row` stands, such as `a.jsonl, line 3`."""

    def keys(self, column: str) -> tuple[list[str], npt.NDArray[np.uint32]]:
        """The distinct values of a wanted column, each as its JSON text, and for each row the index of its value.

        Texts keep JSON's types apart: `true`, `1` and `"1"` are three.
        """
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(json_text(value), len(numbers)) for value in self.values(column)]
        return list(numbers), np.array(codes, np.uint32)

    def records(self) -> list[dict[str, Any]]:
        """All records as Python objects: of all columns that are wanted, of JSON all that is there."""
        columns = {column: self.values(column) for column in self.columns}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def json_values(self, column: str) -> JsonValues:
        """A wanted column as JSON text; None where it is missing."""
        values = self.values(column)
        return [None if value is None else json.dumps(without_nan(value), default=str).encode() for value in values]

    def arrow(self, column: str) -> Any:  # noqa: ANN401 - pyarrow is optional
        """A wanted column as a PyArrow array of texts; what is no text as its JSON."""
        import pyarrow as pa

        values = self.values(column)
        texts = [value if value is None or isinstance(value, str) else json_text(value) for value in values]
        return pa.array(texts, pa.large_string())

    def error(self, problem: str, row: int, code: str = "bad-file") -> InputError:
        """An error about the record at index `row`."""
        return InputError(f"{self.place(row)}: {problem}", code, self.first + row)


class Source(abc.ABC):
    """Records in a file, or in files that stand side by side.

    Attributes:
        name: The file's name, for messages.
        size: The file's size in bytes; None if that is unknown.
        files: The paths of what is read; `-` is standard input.
        has_schema: Whether all records have the same columns.
    """

    name: str
    size: int | None
    files: tuple[str, ...]
    has_schema: bool = True

    @abc.abstractmethod
    def names(self) -> list[str]:
        """The names of the columns: of the schema, or of the first record. Reads no further.

        May be asked again while batches are read, and leaves them alone.
        """

    @abc.abstractmethod
    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Callable[[], Batch]]:
        """The batches in order, each as a function that decodes it, which may be called in any thread.

        The same file and columns give the same batches, so that a job can go on after the first `skip`.

        Args:
            columns: The columns that are wanted: names or paths, see `textgauge.io.paths`.
            skip: How many batches are passed over.

        Raises:
            InputError: The file cannot be read on, or has no such column.
        """

    def close(self) -> None:  # noqa: B027 - most read their files to the end
        """Closes the files, where they are not read to their end."""


def json_text(value: object) -> str:
    """The value as JSON in one form: keys sorted, no spaces; what JSON does not have as the text of it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
