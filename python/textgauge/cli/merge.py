"""The command `textgauge merge`."""

from pathlib import Path
from typing import Annotated

import typer

import textgauge as tg
from textgauge.cli.console import ending_on_errors
from textgauge.cli.options import AsJson, Details, Format
from textgauge.cli.tables import Scores, check_format, print_scores
from textgauge.io.write import check_written, write_whole

__all__ = ["merge"]


def merge(
    files: Annotated[list[Path], typer.Argument(help="Files that `score --aggregate` wrote.")],
    aggregate: Annotated[Path | None, typer.Option(help="File for the merged aggregate.")] = None,
    as_json: AsJson = False,
    form: Format = "table",
    details: Details = False,
) -> None:
    """Merge aggregate files. The result equals scoring all rows in one run, bit for bit."""
    with ending_on_errors(aggregate):
        check_format(form)
        check_written([aggregate], files)
        total = _merged(files)
        if aggregate is not None:
            write_whole(aggregate, total.to_bytes())
    print_scores({"": Scores(total)}, None, "json" if as_json else form, details)


def _merged(files: list[Path]) -> tg.Aggregate:
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
