"""Files that may be compressed with gzip, bzip2, xz or Zstandard: read as a stream of bytes, and written."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import os
import sys
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol

from textgauge.errors import InputError
from textgauge.text.tokenizers import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PACKED", "Stream", "not_utf8", "packed"]

# Small, because a byte of an archive may stand for many thousand.
ARCHIVE_BYTES_AT_ONCE = 1 << 14
BUFFER_BYTES = 1 << 20


class Stream:
    """The bytes of a file, unpacked. Archives of several parts, one after the other, are read as one.

    The file is opened when it is first read, and opened anew, at its start, when it is read after `close`. Standard
    input is read once.

    Attributes:
        file: The path, or `-` for standard input.
        name: The file's name, for messages.
        size: The file's size in bytes, as it is stored; None if that is unknown.
        archive: How the file is compressed, such as `gzip`; None if it is not. Known when it has been read.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.name = "standard input" if file == "-" else file
        self.size = _size(file)
        self.archive: str | None = None
        self._raw: _Raw | None = None
        self._unpacked: Iterator[bytes] = iter(())
        self._ahead = memoryview(b"")

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay where they are; fewer than `size` only at the end.

        Raises:
            InputError: The file cannot be read.
        """
        self._ahead = self._take(size)
        return bytes(self._ahead[:size])

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only at the end.

        Raises:
            InputError: The file cannot be read, or an archive is damaged or ends too early.
        """
        # What follows what is ahead is read without a copy, if it need not be unpacked.
        is_plain = self._raw is not None and not self.archive
        data = self._ahead if is_plain else self._take(size)
        self._ahead = data[size:]
        head = bytes(data[:size])
        return head + self._read_raw(size - len(head)) if is_plain and len(head) < size else head

    def _read_raw(self, size: int) -> bytes:
        """The next bytes of a plain file."""
        raw = self._raw
        assert raw is not None
        try:
            data = raw.read(size)
        except OSError as error:
            raise InputError(f"cannot read {self.name}: {error.strerror or error}", "bad-file") from error
        if len(data) < size:
            raw.close()
        return data

    def unread(self, data: bytes) -> None:
        """Goes back: these bytes, the last that were read, are the next."""
        if data and self._raw and self._raw.can_go_back and not self.archive and not self._ahead:
            self._raw.go_back(len(data))
        elif data:
            self._ahead = memoryview(data + self._ahead)

    def position(self) -> int:
        """How many bytes of the file, as it is stored, have been read."""
        return self._raw.count if self._raw else 0

    def close(self) -> None:
        """Closes the file. Standard input stays open: what has been read of it could not be read again."""
        if self._raw and self.file != "-":
            self._raw.close()
            self._raw = None
            self._ahead = memoryview(b"")

    def _take(self, size: int) -> memoryview:
        """What has been read ahead and what follows, `size` bytes or more if there are so many."""
        missing = size - len(self._ahead)
        if missing <= 0:
            return self._ahead
        pieces: list[bytes | memoryview] = [self._ahead]
        try:
            while missing > 0 and (piece := next(self._pieces(), b"")):
                pieces.append(piece)
                missing -= len(piece)
        except OSError as error:
            raise InputError(f"cannot read {self.name}: {error.strerror or error}", "bad-file") from error
        finally:
            # At the end, or where reading failed.
            if missing > 0 and self._raw:
                self._raw.close()
        return memoryview(b"".join(pieces))

    def _pieces(self) -> Iterator[bytes]:
        if self._raw is None:
            # Standard input belongs to the process, and is never closed.
            is_own = self.file != "-"
            file = Path(self.file).open("rb", BUFFER_BYTES) if is_own else _standard_input()  # noqa: SIM115
            self._raw = _Raw(file, is_own)
            data = self._raw.read(ARCHIVE_BYTES_AT_ONCE)
            archive = next((archive for archive in ARCHIVES if data.startswith(archive.marks)), None)
            self.archive = archive and archive.kind
            self._unpacked = _unpacked(data, self._raw, archive, self.name) if archive else _as_it_is(data, self._raw)
        return self._unpacked


class _Raw:
    """A file as it is stored, with a count of what has been read. It is closed when nobody reads it any more."""

    def __init__(self, file: IO[bytes], is_own: bool) -> None:
        self._file = file
        self._is_own = is_own
        self.count = 0

    def __del__(self) -> None:
        self.close()

    def read(self, size: int) -> bytes:
        pieces: list[bytes] = []
        missing = 0 if self._file.closed else size
        while missing > 0 and (piece := self._file.read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        self.count += size - missing if pieces else 0
        return b"".join(pieces)

    @property
    def can_go_back(self) -> bool:
        """Whether bytes can be read again."""
        return not self._file.closed and self._file.seekable()

    def go_back(self, size: int) -> None:
        """Lets the last bytes be read again."""
        self._file.seek(-size, os.SEEK_CUR)
        self.count -= size

    def close(self) -> None:
        if self._is_own:
            self._file.close()


def _standard_input() -> IO[bytes]:
    # The buffer has a lock, which a thread that waits for input would hold when the process ends.
    buffer: Any = sys.stdin.buffer
    return getattr(buffer, "raw", buffer)  # type: ignore[no-any-return]


class _Decompressor(Protocol):
    """What all four packages have, each for one part of an archive."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class _Archive(NamedTuple):
    """A kind of archive.

    Attributes:
        kind: Its name, for messages.
        marks: What a part may begin with.
        load: Gives what makes a decompressor, and what that raises if the archive is damaged.
    """

    kind: str
    marks: tuple[bytes, ...]
    load: Callable[[], tuple[Callable[[], _Decompressor], type[Exception]]]


def load_zstd() -> tuple[Callable[[], _Decompressor], type[Exception]]:
    """What unpacks Zstandard, and the errors that it raises."""
    try:
        from compression import zstd  # Python 3.14
    except ImportError:
        (zstandard,) = need("reading Zstandard files", "cli", "zstandard")
        return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError
    return zstd.ZstdDecompressor, zstd.ZstdError


ARCHIVES = (
    _Archive("gzip", (b"\x1f\x8b",), lambda: (lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), zlib.error)),
    _Archive("bzip2", (b"BZh",), lambda: (bz2.BZ2Decompressor, OSError)),
    _Archive("xz", (b"\xfd7zXZ\0",), lambda: (lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), lzma.LZMAError)),
    # Of Zstandard also the frames that hold no data, which may stand before and between others.
    _Archive("zstd", (b"\x28\xb5\x2f\xfd", *(bytes([n]) + b"\x2a\x4d\x18" for n in range(0x50, 0x60))), load_zstd),
)
LONGEST_MARK = 6


def _as_it_is(data: bytes, raw: _Raw) -> Iterator[bytes]:
    while data:
        yield data
        data = raw.read(BUFFER_BYTES)


def _unpacked(data: bytes, raw: _Raw, archive: _Archive, name: str) -> Iterator[bytes]:
    make, damage = archive.load()
    where = f"{name}: after {{}} bytes the {archive.kind} archive"
    while data:
        if not data.startswith(archive.marks):
            raise InputError(f"{where.format(raw.count - len(data))} ends, and something else follows", "bad-file")
        part = make()
        while not part.eof:
            if not data:
                raise InputError(f"{where.format(raw.count)} breaks off; it is not whole", "bad-file")
            try:
                piece = part.decompress(data)
            except damage as error:
                raise InputError(f"{where.format(raw.count)} is damaged: {error}", "bad-file") from error
            if piece:
                yield piece
            data = part.unused_data if part.eof else raw.read(ARCHIVE_BYTES_AT_ONCE)
        data = _next_part(data, raw)


def _next_part(data: bytes, raw: _Raw) -> bytes:
    """What follows a part, without the zeros that archives are filled up with."""
    while not (data := data.lstrip(b"\0")):
        if not (data := raw.read(ARCHIVE_BYTES_AT_ONCE)):
            return b""
    return data if len(data) >= LONGEST_MARK else data + raw.read(ARCHIVE_BYTES_AT_ONCE)


def _size(file: str) -> int | None:
    """The size of a file; None of standard input, a pipe, or a file that cannot be opened, which reading will tell."""
    path = Path(file)
    return path.stat().st_size if file != "-" and path.is_file() else None


def not_utf8(error: UnicodeDecodeError) -> str:
    """What is wrong with a text that cannot be decoded, and what the bytes are."""
    near = error.object[error.start : error.start + 4]
    return f"not UTF-8: byte {error.start + 1} begins {near.hex(' ')}; texts in other encodings must be converted"


PACKED = (".gz", ".bz2", ".xz", ".zst")


@contextlib.contextmanager
def packed(sink: IO[bytes], ending: str) -> Iterator[Any]:
    """A file whose bytes come to `sink` compressed as the ending, one of `PACKED`, says; of others as they are."""
    if ending == ".gz":
        # Without a time stamp, so that the same bytes are the same archive.
        with gzip.GzipFile("", "wb", fileobj=sink, mtime=0) as file:
            yield file
    elif ending == ".bz2":
        with bz2.BZ2File(sink, "wb") as file:
            yield file
    elif ending == ".xz":
        with lzma.LZMAFile(sink, "wb") as file:
            yield file
    elif ending == ".zst":
        with _zstd_writer(sink) as file:
            yield file
    else:
        yield sink


def _zstd_writer(sink: IO[bytes]) -> contextlib.AbstractContextManager[Any]:
    try:
        from compression import zstd  # Python 3.14
    except ImportError:
        (zstandard,) = need("writing Zstandard files", "cli", "zstandard")
        return zstandard.ZstdCompressor().stream_writer(sink, closefd=False)  # type: ignore[no-any-return]
    return zstd.ZstdFile(sink, "wb")  # type: ignore[no-any-return]
