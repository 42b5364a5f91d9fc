"""Files that appear only when they are whole, rows as JSON lines, and names for files and keys."""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textgauge.errors import ConfigError
from textgauge.io.compressed import packed

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Hashable, Iterable, Iterator

__all__ = [
    "appearing",
    "check_written",
    "finite",
    "is_stream",
    "key_name",
    "output",
    "system_names",
    "without_nan",
    "write_whole",
]


def is_stream(path: Path) -> bool:
    """Whether this is a device or a pipe, which can be neither replaced nor read twice."""
    return path.exists() and not path.is_file() and not path.is_dir()


def check_written(written: Iterable[Path | None], read: Iterable[str | Path]) -> None:
    """Makes sure, before there is anything to lose, that each file to be written is one of its own.

    Raises:
        ConfigError: One is a folder, or is read as well, or written twice.
    """
    taken = {os.path.realpath(file) for file in read if file != "-"}
    for path in written:
        if path is None or is_stream(path):
            continue
        if path.is_dir():
            raise ConfigError(f"cannot write {path}: it is a folder", "bad-option")
        place = os.path.realpath(path)
        if place in taken:
            raise ConfigError(f"cannot write {path}: this command reads or writes it already", "bad-option")
        taken.add(place)


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[io.BufferedWriter]:
    """Yields a file that appears as `path` only when all is written; a device or a pipe itself."""
    try:
        if is_stream(path):
            with path.open("wb") as file:
                yield file
        else:
            # A link stays a link: what it leads to is replaced.
            with _replacing(Path(os.path.realpath(path))) as file:
                yield file
    except OSError as error:
        # Nobody knows the name that the file has until then.
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[io.BufferedWriter]:
    # Slow to load, and of no use to jobs that print alone.
    import secrets
    import shutil

    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    part.touch(exist_ok=False)
    try:
        with part.open("wb") as file:
            yield file
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def output(path: Path | None) -> Iterator[Callable[[dict[str, Any]], object] | None]:
    """Yields a function that writes a row to `path`."""
    if path is None:
        yield None
        return
    with appearing(path) as plain, packed(plain, ".gz" if path.suffix == ".gz" else "") as file:
        yield lambda row: file.write(json.dumps(row).encode() + b"\n")


def write_whole(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Writes a file that appears only when it is whole; a durable one is there after a power cut too."""
    with appearing(path) as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def finite(score: float) -> float | None:
    """The score, or `None` where it is NaN or infinite."""
    # JSON has neither NaN nor infinities.
    return score if math.isfinite(score) else None


def without_nan(value: Any) -> Any:  # noqa: ANN401 - whatever JSON has
    """The value with `None` for each float that JSON does not have."""
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, dict):
        return {key: without_nan(part) for key, part in value.items()}
    if hasattr(value, "_asdict"):
        return without_nan(value._asdict())
    if isinstance(value, (list, tuple)):
        return [without_nan(part) for part in value]
    return value


def system_names(files: list[str]) -> list[str]:
    """A name for each file: its own without folder and endings, or all of it where those are not distinct."""
    short = [_ENDINGS.sub("", Path(file).name) for file in files]
    names = short if len(set(short)) == len(short) else files
    if len(set(names)) < len(names):
        raise ConfigError("a file is compared with itself", "bad-option")
    return names


_ENDINGS = re.compile(r"(\.(jsonl|ndjson|json|csv|tsv|parquet|arrow|feather|txt|trn))?(\.(gz|bz2|xz|zst))?$")


def key_name(key: Hashable) -> str:
    """A group's key as one reads it: texts as they are, all else as JSON."""
    return key if isinstance(key, str) and key.isprintable() else json.dumps(key)
