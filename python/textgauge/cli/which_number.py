"""The command `textgauge which-number`."""

from __future__ import annotations

import click

import textgauge as tg
from textgauge.cli import options
from textgauge.cli.console import ending_on_errors, print_json, print_text

__all__ = ["which_number"]


@click.command("which-number")
@click.argument("score")
@click.argument("prediction")
@click.argument("references", metavar="REFERENCE...", nargs=-1, required=True)
@click.option("--value", help="A number whose origin is looked for, such as 0.42 or 27.30.")
@click.option("--packages", help="Comma-separated packages. [default: all; torchmetrics takes seconds to load]")
@options.as_json
def which_number(
    score: str,
    prediction: str,
    references: tuple[str, ...],
    value: str | None,
    packages: str | None,
    as_json: bool,
) -> None:
    """Show what packages give the same texts under one name, and why the numbers differ.

    SCORE is rouge, bleu, gleu, chrf, wer or answers; or one score such as rougeL or f1. PREDICTION is the text to
    judge, REFERENCE the text to compare with, or several.
    """
    with ending_on_errors():
        chosen = None if packages is None else [name.strip() for name in packages.split(",")]
        found = tg.which_number(score, prediction, references, value=value, packages=chosen)
    if as_json:
        print_json(found.to_dict())
    else:
        print_text(repr(found))
