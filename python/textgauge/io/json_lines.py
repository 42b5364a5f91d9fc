"""JSON lines, and one big JSON array, read by the core: only what is wanted is decoded."""

from __future__ import annotations

import abc
import contextlib
import functools
import itertools
import json
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from textgauge import _core
from textgauge.errors import ConfigError, InputError
from textgauge.io.batch import Batch, Source, json_text
from textgauge.io.paths import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from textgauge.io.columns import Column
    from textgauge.io.compressed import Stream
    from textgauge.io.paths import Steps

    Block: TypeAlias = tuple[bytes, int | None]
    """Bytes, and how many of them are whole lines; None if all are."""

__all__ = ["BLOCK_BYTES", "JsonArray", "JsonBatch", "JsonLines"]

BLOCK_BYTES = 4 << 20
# The first block is small, and the next ones grow: scoring begins soon.
FIRST_BLOCK_BYTES = 256 << 10
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class JsonBatch(Batch):
    """Records that stand in one block of JSON lines."""

    def __init__(self, name: str, unit: str, columns: Sequence[str], lines: _core.JsonLines) -> None:
        """Makes a batch.

        Args:
            name: The file's name, for messages.
            unit: What a line is in this file, `"line"` or `"record"`.
            columns: The columns that are wanted.
            lines: The records, decoded for these columns.
        """
        self.name = name
        self.columns = columns
        self.problems = lines.problems
        self._unit = unit
        self._numbers = {column: number for number, column in enumerate(columns)}
        self._lines = lines
        self._texts: dict[str, Column] = {}

    def __len__(self) -> int:
        """How many records there are."""
        return len(self._lines)

    def texts(self, column: str) -> Column:
        """A wanted column as the core reads it: texts, or lists of texts; None where it is missing."""
        if column not in self._texts:
            texts = self._lines.texts(self._numbers[column])
            # What is wrong with other values, the core says best.
            self._texts[column] = self.values(column) if texts is None else texts
        return self._texts[column]

    def values(self, column: str, stop: int | None = None) -> list[Any]:
        """A wanted column as Python objects, those that JSON has; None where it is missing."""
        texts = self._lines.texts(self._numbers[column]) if stop is None and self._are_texts(column) else None
        if texts is not None:
            return texts.to_pylist()
        return _loaded_all([raw or b"null" for raw in self._lines.raw(self._numbers[column], stop)])

    def kinds(self, column: str) -> set[str]:
        """Of which kinds the values of a wanted column are: of `KINDS`, and `missing`."""
        return set(self._lines.kinds(self._numbers[column]))

    def json_values(self, column: str) -> _core.JsonColumn:
        """A wanted column as the JSON that stands in the file; None where it is missing or null."""
        return self._lines.column(self._numbers[column])

    def arrow(self, column: str) -> Any:  # noqa: ANN401 - pyarrow is optional
        """A wanted column as a PyArrow array of texts; what is no text as the JSON that stands in the file."""
        import pyarrow as pa

        number = self._numbers[column]
        texts = self._lines.texts(number)
        array = None if texts is None else pa.array(texts)
        if array is None or not pa.types.is_string_view(array.type):
            array = pa.array([_text(raw) for raw in self._lines.raw(number)], pa.large_string())
        return array.cast(pa.large_string())

    def keys(self, column: str) -> tuple[list[str], npt.NDArray[np.uint32]]:
        """The distinct values of a wanted column, each as its JSON text, and for each row the index of its value.

        Texts keep JSON's types apart: `true`, `1` and `"1"` are three.
        """
        distinct, codes = self._lines.groups(self._numbers[column])
        # The same value may be written in several ways.
        numbers: dict[str, int] = {}
        merged = [numbers.setdefault(json_text(_loaded(raw)), len(numbers)) for raw in distinct]
        return list(numbers), np.array(merged, np.uint32)[codes]

    def _are_texts(self, column: str) -> bool:
        return self.kinds(column) <= {"text", "missing"}

    def place(self, row: int) -> str:
        """Where the record at index `row` stands, such as `a.jsonl, line 3`."""
        return f"{self.name}, {self._unit} {self._lines.line(row)}"

    def records(self) -> list[dict[str, Any]]:
        """All records; those that cannot be read are empty."""
        unread = self.problems
        return _loaded_all([b"{}" if row in unread else self.record(row) for row in range(len(self))])

    def record(self, row: int) -> bytes:
        """The record at index `row` as it stands in the file."""
        return self._lines.record(row)


class _JsonSource(Source):
    """Records of JSON in a stream of bytes."""

    unit: str
    has_schema = False

    def __init__(self, stream: Stream) -> None:
        """Makes a source.

        Args:
            stream: The file.
        """
        self.name = stream.name
        self.size = stream.size
        self.files = (stream.file,)
        self._stream = stream
        self._blocks = self._read()
        self._names: list[str] | None = None
        self._first: list[Block] = []

    def names(self) -> list[str]:
        """The names of the columns: of the first record that can be read. Reads no further than its block."""
        if self._names is None:
            self._first = list(itertools.islice(self._blocks, 1))
            self._names = next(map(_names, self._first), [])
        return self._names

    def close(self) -> None:
        """Closes the file, where it is not read to its end."""
        self._stream.close()

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Callable[[], JsonBatch]]:
        """The batches in order, each as a function that decodes it, which may be called in any thread.

        The same file and columns give the same batches. A stream can be read only once.

        Args:
            columns: The columns that are wanted: names or paths, see `textgauge.io.paths`.
            skip: How many batches are passed over.

        Raises:
            ConfigError: The first record has no such column, and the name is no path.
            InputError: The file cannot be read on.
        """
        names = self.names()
        wanted = [(column, _steps(column, names)) for column in columns]
        first, line = 0, 1
        for number, block in enumerate(itertools.chain(self._first, self._blocks)):
            self._first = []
            read_bytes = self._stream.position()
            if number >= skip:
                yield functools.partial(_decode, self, wanted, block, first=first, line=line, read_bytes=read_bytes)
            lines, records = _core.count_json_lines(*block)
            first, line = first + records, line + lines

    @abc.abstractmethod
    def _read(self) -> Iterator[Block]:
        """The records as JSON lines, in blocks of whole lines."""

    def _raw_blocks(self) -> Iterator[tuple[bytes, bool]]:
        """The bytes of the file in blocks, each with whether it is the last.

        The last one is shorter than it would be, and may be empty.
        """
        mark, last, size = BYTE_ORDER_MARK, False, min(FIRST_BLOCK_BYTES, BLOCK_BYTES)
        while not last:
            block = self._stream.read(size)
            last = len(block) < size
            yield block.removeprefix(mark), last
            mark, size = b"", min(2 * size, BLOCK_BYTES)


class JsonLines(_JsonSource):
    r"""A file of JSON lines. Lines end with the byte `\n` and nothing else: texts may hold other line separators."""

    unit = "line"

    def _read(self) -> Iterator[Block]:
        held: list[bytes] = []
        for block, last in self._raw_blocks():
            end = len(block) if last else block.rfind(b"\n") + 1
            if not end and not last:
                held.append(block)
                continue
            # What follows the last line end is read again, which costs less than to put blocks together.
            self._stream.unread(block[end:])
            lines, size = (b"".join([*held, block[:end]]), None) if held else (block, end)
            held = []
            if lines:
                yield lines, size


class JsonArray(_JsonSource):
    """A file that is one JSON array of records."""

    unit = "record"

    def _read(self) -> Iterator[Block]:
        cutter = _core.JsonArrayCutter()
        for block, _ in self._raw_blocks():
            with self._named():
                lines = cutter.feed(block)
            if lines:
                yield lines, None
        with self._named():
            cutter.finish()

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        """Makes errors of the core name the file."""
        try:
            yield
        except InputError as error:
            raise InputError(f"{self.name}: {error.message}", error.code) from None


def _decode(
    source: _JsonSource,
    wanted: list[tuple[str, Steps]],
    block: Block,
    *,
    first: int,
    line: int,
    read_bytes: int,
) -> JsonBatch:
    columns = [column for column, _ in wanted]
    lines, size = block
    batch = JsonBatch(source.name, source.unit, columns, _core.decode_json_lines(lines, line, wanted, size))
    batch.first = first
    batch.read_bytes = read_bytes
    return batch


def _steps(column: str, names: list[str]) -> Steps:
    try:
        return parse(column)
    except ConfigError:
        # A name may be anything.
        if column in names:
            return (column,)
        raise


def _names(block: Block) -> list[str]:
    """The names in the first record that can be read."""
    lines, size = block
    end = len(lines) if size is None else size
    stop = 0
    while stop < end:
        # Most often it is the first line.
        stop = lines.find(b"\n", 2 * stop, end) + 1 or end
        records = _core.decode_json_lines(lines, 1, [], stop)
        row = next((row for row in range(len(records)) if row not in records.problems), None)
        if row is not None:
            return list(_loaded(records.record(row)))
    return []


def _text(raw: bytes | None) -> str | None:
    """What a string says; other JSON as it stands there."""
    if raw is None:
        return None
    return str(_loaded(raw)) if raw.startswith(b'"') else raw.decode()


def _loaded_all(values: list[bytes]) -> list[Any]:
    """Many values, read in one go."""
    loaded: list[Any] = _loaded(b"[" + b",".join(values) + b"]")
    return loaded


def _loaded(raw: bytes | None) -> Any:  # noqa: ANN401 - whatever JSON has
    return None if raw is None else json.loads(raw.decode())
