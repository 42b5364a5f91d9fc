"""What commands share of the terminal: messages, progress, how they end on errors."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

import textgauge as tg
from textgauge.io.write import without_nan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["ending_on_errors", "print_json", "print_text", "progress", "tell"]


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


def print_text(text: str) -> None:
    """Prints to standard output; ends the command with a message and status 2 if that cannot be written."""
    try:
        typer.echo(text)
    except BrokenPipeError:
        raise  # whoever read has seen enough, which typer knows
    except OSError as error:
        # Python would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"cannot write standard output: {error.strerror or error}")


def print_json(document: dict[str, Any]) -> None:
    """Prints to standard output, as `print_text`."""
    print_text(json.dumps(without_nan(document), allow_nan=False, indent=2))


@contextlib.contextmanager
def progress(size: int | None) -> Iterator[Callable[[int], None]]:
    """Yields a function that shows how many bytes of `size` are read; on a terminal only."""
    console = Console(stderr=True)
    if size is None or not console.is_terminal:
        yield lambda _done: None
        return
    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=size)
        yield lambda done: progress.update(task, completed=done)


def tell(note: str) -> None:
    """Prints a note to standard error."""
    typer.echo(note, err=True)
