"""What commands share: how they end on errors, write files and JSON, and name things."""

from __future__ import annotations

import contextlib
import gzip
import json
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import textgauge as tg

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Hashable, Iterator

__all__ = ["ending_on_errors", "finite", "key_name", "output", "system_names", "without_nan", "write_whole"]


@contextlib.contextmanager
def ending_on_errors(*written: Path | None) -> Iterator[None]:
    """Ends the command with a message and status 2 on an error of its input or of the files `written`."""
    try:
        yield
    except tg.Error as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None and not any(written):
            raise
        _fail(f"cannot write {error.filename or next(filter(None, written))}: {error.strerror or error}")


def _fail(message: str) -> None:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)


@contextlib.contextmanager
def _appearing(path: Path) -> Iterator[io.BufferedWriter]:
    """Yields a file that appears as `path` only when all is written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        # Nobody knows the name that the file has until then.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def output(path: Path | None) -> Iterator[Callable[[dict[str, Any]], object] | None]:
    """Yields a function that writes a row to `path`."""
    if path is None:
        yield None
        return
    with _appearing(path) as plain, contextlib.ExitStack() as stack:
        write_bytes: Callable[[bytes], object] = plain.write
        if path.suffix == ".gz":
            # Without a time stamp, so that the same rows are the same bytes.
            write_bytes = stack.enter_context(gzip.GzipFile("", "wb", fileobj=plain, mtime=0)).write
        yield lambda row: write_bytes(json.dumps(row).encode() + b"\n")


def write_whole(path: Path, data: bytes) -> None:
    with _appearing(path) as file:
        file.write(data)


def finite(score: float) -> float | None:
    # JSON has neither NaN nor infinities.
    return score if math.isfinite(score) else None


def without_nan(value: Any) -> Any:  # noqa: ANN401 - whatever JSON has
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
    short = [Path(file).name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json") for file in files]
    names = short if len(set(short)) == len(short) else files
    if len(set(names)) < len(names):
        raise tg.ConfigError("a file is compared with itself", "bad-option")
    return names


def key_name(key: Hashable) -> str:
    return key if isinstance(key, str) and key.isprintable() else json.dumps(key)
