"""JSON lines, and one big JSON array, read by the core: only what is wanted is decoded."""

from __future__ import annotations

import abc
import contextlib
import functools
import itertools
import json
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from textgauge import _core
from textgauge.errors import ConfigError, InputError
from textgauge.io.batch import Batch, Source, json_text
from textgauge.io.paths import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from textgauge.io.columns import Column
    from textgauge.io.paths import Steps

__all__ = ["BLOCK_BYTES", "JsonArray", "JsonBatch", "JsonLines"]

BLOCK_BYTES = 4 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Stream(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


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
        self.problems = lines.problems
        self._unit = unit
        self._numbers = {column: number for number, column in enumerate(columns)}
        self._lines = lines

    def __len__(self) -> int:
        """How many records there are."""
        return len(self._lines)

    def texts(self, column: str) -> Column:
        """A wanted column as the core reads it: texts, or lists of texts; None where it is missing."""
        texts = self._lines.texts(self._numbers[column])
        # What is wrong with other values, the core says best.
        return self.values(column) if texts is None else texts

    def values(self, column: str) -> list[Any]:
        """A wanted column as Python objects, those that JSON has; None where it is missing."""
        return [_loaded(raw) for raw in self._lines.raw(self._numbers[column])]

    def json(self, column: str) -> list[bytes | None]:
        """A wanted column as the JSON that stands in the file; None where it is missing or null."""
        return self._lines.raw(self._numbers[column])

    def keys(self, column: str) -> tuple[list[str], npt.NDArray[np.uint32]]:
        """The distinct values of a wanted column, each as its JSON text, and for each row the index of its value.

        Texts keep JSON's types apart: `true`, `1` and `"1"` are three.
        """
        distinct, codes = self._lines.groups(self._numbers[column])
        # The same value may be written in several ways.
        numbers: dict[str, int] = {}
        merged = [numbers.setdefault(json_text(_loaded(raw)), len(numbers)) for raw in distinct]
        return list(numbers), np.array(merged, np.uint32)[codes]

    def place(self, row: int) -> str:
        """Where the record at index `row` stands, such as `a.jsonl, line 3`."""
        return f"{self.name}, {self._unit} {self._lines.line(row)}"

    def record(self, row: int) -> bytes:
        """The record at index `row` as it stands in the file."""
        return self._lines.record(row)


class _JsonSource(Source):
    """Records of JSON in a stream of bytes."""

    unit: str

    def __init__(self, name: str, size: int | None, stream: Stream, position: Callable[[], int]) -> None:
        """Makes a source.

        Args:
            name: The file's name, for messages.
            size: The file's size in bytes; None if that is unknown.
            stream: The file's bytes, unpacked.
            position: Tells how many bytes of the file have been read.
        """
        self.name = name
        self.size = size
        self._stream = stream
        self._position = position
        self._blocks = self._read()
        self._first: list[bytes] | None = None

    def names(self) -> list[str]:
        """The names of the columns: of the first record that can be read. Reads no further than its block."""
        if self._first is None:
            self._first = list(itertools.islice(self._blocks, 1))
        for block in self._first:
            lines = _core.decode_json_lines(block, 1, [])
            problems = lines.problems
            row = next((row for row in range(len(lines)) if row not in problems), None)
            if row is not None:
                return list(_loaded(lines.record(row)))
        return []

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
        for number, block in enumerate(itertools.chain(self._first or (), self._blocks)):
            self._first = None
            read_bytes = self._position()
            if number >= skip:
                yield functools.partial(_decode, self, wanted, block, first=first, line=line, read_bytes=read_bytes)
            lines, records = _core.count_json_lines(block)
            first, line = first + records, line + lines

    @abc.abstractmethod
    def _read(self) -> Iterator[bytes]:
        """The records as JSON lines, in blocks of whole lines."""

    def _raw_blocks(self) -> Iterator[tuple[bytes, bool]]:
        """The bytes of the file in blocks of one size, however the stream gives them, each with whether it is the last.

        The last one is shorter, and may be empty.
        """
        mark, last = BYTE_ORDER_MARK, False
        while not last:
            try:
                block = _read_full(self._stream, BLOCK_BYTES)
            except (OSError, EOFError) as error:
                raise InputError(f"{self.name}: cannot read on: {error}", "bad-file") from error
            last = len(block) < BLOCK_BYTES
            yield block.removeprefix(mark), last
            mark = b""


class JsonLines(_JsonSource):
    r"""A file of JSON lines. Lines end with the byte `\n` and nothing else: texts may hold other line separators."""

    unit = "line"

    def _read(self) -> Iterator[bytes]:
        held: list[bytes] = []
        for block, last in self._raw_blocks():
            end = len(block) if last else block.rfind(b"\n") + 1
            if end or last:
                lines = b"".join([*held, block[:end]])
                held = [block[end:]]
                if lines:
                    yield lines
            else:
                held.append(block)


class JsonArray(_JsonSource):
    """A file that is one JSON array of records."""

    unit = "record"

    def _read(self) -> Iterator[bytes]:
        cutter = _core.JsonArrayCutter()
        for block, _ in self._raw_blocks():
            with self._named():
                lines = cutter.feed(block)
            if lines:
                yield lines
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
    block: bytes,
    *,
    first: int,
    line: int,
    read_bytes: int,
) -> JsonBatch:
    columns = [column for column, _ in wanted]
    batch = JsonBatch(source.name, source.unit, columns, _core.decode_json_lines(block, line, wanted))
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


def _loaded(raw: bytes | None) -> Any:  # noqa: ANN401 - whatever JSON has
    return None if raw is None else json.loads(raw.decode())


def _read_full(stream: Stream, size: int) -> bytes:
    """So many bytes, fewer only at the end, also of a stream that gives them in pieces."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
