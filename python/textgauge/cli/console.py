"""What commands share of the terminal: messages, progress, how they end on errors."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import textgauge as tg
from textgauge.io.write import without_nan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textgauge.io.batch import Batch
    from textgauge.io.job import Position

__all__ = ["Group", "Meter", "ending_on_errors", "print_json", "print_text", "tell", "with_flags"]

SECONDS_BETWEEN_LINES = 10.0


@contextlib.contextmanager
def ending_on_errors(*written: Path | None) -> Iterator[None]:
    """Ends the command with a message and status 2 on an error of its input or of the files `written`."""
    try:
        yield
    except tg.Error as error:
        _fail(with_flags(str(error)))
    except OSError as error:
        if error.filename is None and not any(written):
            raise
        _fail(f"cannot write {error.filename or next(filter(None, written))}: {error.strerror or error}")


def with_flags(message: str) -> str:
    """The message with options as one gives them here."""
    return re.sub(r"\b(nulls|sentences)='(\w+)'", r"--\1 \2", message)


def _fail(message: str) -> None:
    tell(f"error: {message}")
    sys.exit(2)


def print_text(text: str, *, nl: bool = True) -> None:
    """Prints to standard output, with a line end after it if `nl`.

    Ends the command with a message and status 2 if that cannot be written.
    """
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:
        raise  # whoever read has seen enough, which click knows
    except OSError as error:
        # Python would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"cannot write standard output: {error.strerror or error}")


def print_json(document: dict[str, Any]) -> None:
    """Prints to standard output, as `print_text`."""
    print_text(json.dumps(without_nan(document), allow_nan=False, indent=2))


class Group(click.Group):
    """Commands, listed as they stand in the code. Who names a file where a command is wanted is told of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, and the others."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            if not Path(args[0]).exists():
                raise
            commands = ", ".join(self.list_commands(ctx))
            ctx.fail(f"{args[0]} is a file or a folder; say before it what to do with it: {commands}")


class Meter(contextlib.AbstractContextManager["Meter"]):
    """Shows how far a job is: a bar on a terminal, a line now and then elsewhere.

    Args:
        sizes: The size of each file in bytes; None where it is unknown.
        quiet: Whether nothing is shown.
    """

    def __init__(self, sizes: Sequence[int | None], *, quiet: bool) -> None:
        known = [size for size in sizes if size is not None]
        self._sizes = known if len(known) == len(sizes) else []
        self._total = sum(self._sizes)
        self._quiet = quiet
        self._begun = self._told = time.monotonic()
        self._begun_at: tuple[int, int] | None = None
        self._bar = None if quiet or not sys.stderr.isatty() else _Bar(self._total)

    def show(self, position: Position, batch: Batch) -> None:
        """Shows that the rows up to `position` are done; `batch` is the last of them."""
        done = sum(self._sizes[: position.file]) + batch.read_bytes if self._sizes else 0
        if self._begun_at is None:  # a job that goes on from a checkpoint
            self._begun_at = (position.rows - len(batch), done)
        if self._bar is not None:
            self._bar.show(done, self._text(position.rows, done))
        elif not self._quiet and time.monotonic() - self._told >= SECONDS_BETWEEN_LINES:
            self._told = time.monotonic()
            tell(self._text(position.rows, done))

    def tell(self, what: str) -> None:
        """Shows what is being done, where that cannot be measured: on a terminal alone."""
        if self._bar is not None:
            self._bar.show(0, what)

    def _text(self, rows: int, done: int) -> str:
        first_rows, first_done = self._begun_at or (0, 0)
        seconds = max(time.monotonic() - self._begun, 1e-9)
        parts = [f"{rows:,} rows", f"{_short((rows - first_rows) / seconds)} rows/s"]
        if self._total:
            parts.append(f"{100 * done / self._total:.0f} %")
        if done > first_done:
            parts.append(f"{_clock((self._total - done) / (done - first_done) * seconds)} left")
        return ", ".join(parts)

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.end()


class _Bar:
    """A progress bar on a terminal, which is gone when all is done."""

    def __init__(self, total: int) -> None:
        # Slow to load, and of no use elsewhere.
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.start()
        self._task = self._progress.add_task("", total=total or None)

    def show(self, done: int, text: str) -> None:
        self._progress.update(self._task, completed=done, description=text)

    def end(self) -> None:
        self._progress.stop()


def _short(number: float) -> str:
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            return f"{number / limit:.3g} {unit}"
    return f"{number:.3g}"


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def tell(note: str) -> None:
    """Prints a note to standard error."""
    click.echo(note, err=True)
