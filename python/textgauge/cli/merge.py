"""The command `textgauge merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import textgauge as tg
from textgauge.cli import options
from textgauge.cli.console import ending_on_errors
from textgauge.cli.tables import Scores, check_format, print_scores
from textgauge.io.write import check_written, write_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["merge"]


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=options.PATH)
@click.option("--aggregate", type=options.PATH, help="File for the merged aggregate.")
@options.as_json
@options.form
@options.details
def merge(files: tuple[Path, ...], aggregate: Path | None, as_json: bool, form: str, details: bool) -> None:
    """Merge aggregate files. The result equals scoring all rows in one run, bit for bit.

    Each FILE is one that `score --aggregate` wrote.
    """
    with ending_on_errors(aggregate):
        check_format(form)
        check_written([aggregate], files)
        total = _merged(files)
        if aggregate is not None:
            write_whole(aggregate, total.to_bytes())
    print_scores({"": Scores(total)}, None, "json" if as_json else form, details)


def _merged(files: tuple[Path, ...]) -> tg.Aggregate:
    total = _read_aggregate(files[0])
    for file in files[1:]:
        part = _read_aggregate(file)
        try:
            total += part
        except tg.SignatureMismatch as error:
            raise tg.SignatureMismatch(f"{file} is unlike {files[0]}: {error.message}", error.code) from error
    return total


def _read_aggregate(path: Path) -> tg.Aggregate:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise tg.InputError(f"cannot read {path}: {error.strerror or error}", "bad-file") from error
    try:
        return tg.Aggregate.from_bytes(data)
    except (tg.InputError, tg.SignatureMismatch) as error:
        raise type(error)(f"{path}: {error.message}", error.code) from error
