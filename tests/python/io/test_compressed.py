"""Archives give the bytes that were packed, or an error that says where they end."""

import bz2
import gzip
import io
import lzma
import sys

import pytest
import zstandard

import textgauge as tg
from textgauge.io.compressed import Stream

TEXT = b"".join(b'{"row": %d}\n' % row for row in range(60_000))
HALF = len(TEXT) // 2
SKIPPED_FRAME = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    # Without its checksum nobody could tell a damaged text.
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
}

each_archive = pytest.mark.parametrize("kind", PACKERS)


@pytest.fixture
def stream(tmp_path):
    def stream(data):
        (tmp_path / "file").write_bytes(data)
        return Stream(str(tmp_path / "file"))

    return stream


def read(stream, size=1 << 16):
    pieces = []
    while piece := stream.read(size):
        pieces.append(piece)
    assert all(len(piece) == size for piece in pieces[:-1])
    return b"".join(pieces)


def test_a_plain_file(stream):
    file = stream(TEXT)
    assert file.peek(5) == TEXT[:5]
    assert read(file) == TEXT
    assert file.archive is None
    assert file.position() == file.size == len(TEXT)
    file.close()
    assert file.position() == 0
    assert file.read(3) == TEXT[:3]


def test_an_empty_file(stream):
    assert stream(b"").read(10) == b""
    assert stream(b"").peek(10) == b""


@each_archive
@pytest.mark.parametrize("size", [777, 1 << 16, 1 << 30])
def test_archives(stream, kind, size):
    packed = PACKERS[kind](TEXT)
    file = stream(packed)
    assert file.peek(9) == TEXT[:9]
    assert file.archive == kind
    assert read(file, size) == TEXT
    assert file.position() == file.size == len(packed)


@each_archive
@pytest.mark.parametrize("between", [b"", b"\0" * 4, b"\0" * 40_000])
def test_archives_of_several_parts(stream, kind, between):
    pack = PACKERS[kind]
    assert read(stream(pack(TEXT[:HALF]) + between + pack(b"") + pack(TEXT[HALF:]) + between)) == TEXT


def test_frames_of_zstandard_that_hold_no_data(stream):
    packed = zstandard.compress(TEXT)
    assert read(stream(SKIPPED_FRAME + packed + SKIPPED_FRAME + packed)) == TEXT * 2


@each_archive
def test_an_archive_that_is_cut_off(stream, kind):
    packed = PACKERS[kind](TEXT)
    for size in (len(packed) - 1, len(packed) // 2, 9):
        with pytest.raises(tg.InputError, match=f"file: after {size} bytes the {kind} archive breaks off") as caught:
            read(stream(packed[:size]))
        assert caught.value.code == "bad-file"
    # The next part is cut off in its first bytes.
    with pytest.raises(tg.InputError, match=f"the {kind} archive (breaks off|ends, and something else follows)"):
        read(stream(packed + packed[:3]))


@each_archive
@pytest.mark.parametrize("rest", [b"j", b"\0\0junk", b"and some more text"])
def test_an_archive_that_is_followed_by_something_else(stream, kind, rest):
    packed = PACKERS[kind](TEXT)
    end = len(packed) + len(rest) - len(rest.lstrip(b"\0"))
    with pytest.raises(tg.InputError, match=f"after {end} bytes the {kind} archive ends, and something else follows"):
        read(stream(packed + rest))


@each_archive
def test_a_damaged_archive(stream, kind):
    packed = bytearray(PACKERS[kind](TEXT))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"x" * 40
    with pytest.raises(tg.InputError, match=rf"after \d+ bytes the {kind} archive is damaged"):
        read(stream(bytes(packed)))


def test_standard_input_stays_open(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TEXT))))
    file = Stream("-")
    assert (file.name, file.size) == ("standard input", None)
    assert file.peek(4) == TEXT[:4]
    file.close()
    assert read(file) == TEXT


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(tg.InputError, match=r"cannot read .*nothing: No such file"):
        Stream(str(tmp_path / "nothing")).read(1)
    with pytest.raises(tg.InputError, match=r"cannot read .*: Is a directory"):
        Stream(str(tmp_path)).read(1)


def test_a_line_of_half_a_gigabyte_is_not_needed_to_look_at_its_start(stream):
    file = stream(gzip.compress(b"x" * 50_000_000))
    assert file.peek(10) == b"x" * 10
    assert file.position() < 50_000


def test_without_zstandard_the_error_says_what_to_install(stream, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setitem(sys.modules, "compression", None)
    with pytest.raises(tg.ConfigError, match=r"reading Zstandard files needs packages .*textgauge\[cli\]"):
        stream(PACKERS["zstd"](TEXT)).read(1)
