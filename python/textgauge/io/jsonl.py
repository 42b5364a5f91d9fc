"""JSON lines, read in chunks: memory stays bounded however large the file."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from textgauge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Chunk", "open_lines", "read_chunks"]

RECORDS_AT_ONCE = 8192
BYTES_AT_ONCE = 32 << 20


@dataclass
class Chunk:
    """Some consecutive records.

    Attributes:
        name: The file's name, for messages.
        first: The row of the first record, from 0.
        records: The records.
        lines: The line that each record stands in, from 1.
    """

    name: str
    first: int
    records: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def column(self, name: str) -> list[Any]:
        """The values under `name`.

        Raises:
            InputError: A record lacks it.
        """
        try:
            return [record[name] for record in self.records]
        except KeyError:
            row = next(row for row, record in enumerate(self.records) if name not in record)
            there = ", ".join(self.records[row]) or "none"
            raise self.error(f"no column {name!r}; there are {there}", row) from None

    def error(self, problem: str, row: int, code: str = "bad-file") -> InputError:
        """An error about the record at index `row` of this chunk."""
        return InputError(f"{self.name}, line {self.lines[row]}: {problem}", code, self.first + row)


@contextlib.contextmanager
def open_lines(path: str) -> Iterator[tuple[Iterable[bytes], Callable[[], int], int | None]]:
    """Opens a file, or standard input for `-`, unpacking gzip.

    Yields:
        The lines; a function that tells how many bytes of the file have been read; the file's size, `None` if
        that is unknown.

    Raises:
        InputError: The file cannot be opened.
    """
    with contextlib.ExitStack() as stack:
        size = None
        try:
            if path == "-":
                source: IO[bytes] = sys.stdin.buffer
            else:
                source = stack.enter_context(Path(path).open("rb"))
                size = Path(path).stat().st_size
            counted = _Counted(source)
            reader = io.BufferedReader(counted, 1 << 20)
            packed = reader.peek(2)[:2] == b"\x1f\x8b"
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror or error}", "bad-file") from error
        lines: Iterable[bytes] = stack.enter_context(gzip.open(reader)) if packed else reader
        yield lines, lambda: counted.read_bytes, size or None


def read_chunks(lines: Iterable[bytes], name: str) -> Iterator[Chunk]:
    r"""The records of `lines`, some thousand at a time; blank lines are skipped.

    Lines end with the byte `\n` and nothing else: texts may hold other line separators.

    Raises:
        InputError: A line is no JSON object, or the file cannot be read to its end.
    """
    chunk = Chunk(name, 0)
    held = 0
    for number, line in enumerate(_whole_lines(lines, name), 1):
        if not line.strip():
            continue
        chunk.lines.append(number)
        chunk.records.append(_record(chunk, line))
        held += len(line)
        if len(chunk.records) == RECORDS_AT_ONCE or held >= BYTES_AT_ONCE:
            yield chunk
            chunk, held = Chunk(name, chunk.first + len(chunk.records)), 0
    if chunk.records:
        yield chunk


def _whole_lines(lines: Iterable[bytes], name: str) -> Iterator[bytes]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            yield line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}, after line {number}: cannot read on: {error}", "bad-file") from error


def _record(chunk: Chunk, line: bytes) -> dict[str, Any]:
    row = len(chunk.records)
    try:
        record = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise chunk.error(f"not JSON: {error}", row) from error
    if not isinstance(record, dict):
        raise chunk.error(f"a JSON {type(record).__name__}, not an object", row)
    return record


class _Counted(io.RawIOBase):
    """Counts the bytes that are read from a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a buffer, which has no type before Python 3.12
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.read_bytes += len(data)
        return len(data)
