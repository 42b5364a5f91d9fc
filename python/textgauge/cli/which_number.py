"""The command `textgauge which-number`."""

from typing import Annotated

import typer

import textgauge as tg
from textgauge.cli.console import ending_on_errors, print_json, print_text
from textgauge.cli.options import AsJson

__all__ = ["which_number"]


def which_number(
    score: Annotated[
        str, typer.Argument(help="rouge, bleu, gleu, chrf, wer or answers; or one score such as rougeL or f1.")
    ],
    prediction: Annotated[str, typer.Argument(help="The text to judge.")],
    references: Annotated[list[str], typer.Argument(metavar="REFERENCE", help="The text to compare with, or several.")],
    value: Annotated[
        str | None, typer.Option(help="A number whose origin is looked for, such as 0.42 or 27.30.")
    ] = None,
    packages: Annotated[
        str | None, typer.Option(help="Comma-separated packages. [default: all; torchmetrics takes seconds to load]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what packages give the same texts under one name, and why the numbers differ."""
    with ending_on_errors():
        chosen = None if packages is None else [name.strip() for name in packages.split(",")]
        found = tg.which_number(score, prediction, references, value=value, packages=chosen)
    if as_json:
        print_json(found.to_dict())
    else:
        print_text(repr(found))
