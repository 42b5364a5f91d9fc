"""The command `textgauge explain`."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

import textgauge as tg
from textgauge._render import LINE_WIDTH
from textgauge.cli import inputs, options
from textgauge.cli.console import ending_on_errors, print_json, print_text
from textgauge.cli.inputs import Input, fitted
from textgauge.cli.options import chosen_metrics
from textgauge.explanations.terminal import lines
from textgauge.io.job import read

if TYPE_CHECKING:
    from textgauge.io.job import Selection

__all__ = ["explain"]

FORMATS = ("text", "json", "html")

PAGE = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title>textgauge explain</title></head>\n<body>{}</body></html>'
)

# For a terminal that shows colours; what they say stands there without them too.
STYLES = {"head": "bold", "matched": "green", "partly": "yellow", "missed": "red", "marks": "cyan"}


@click.command()
@click.argument("texts", metavar="PREDICTION REFERENCE... | FILE", nargs=-1)
@click.option("--row", type=click.IntRange(min=0), help="The row of the file, from 0, as messages count.")
@click.option("--id", "row_id", help="The id of the row, in the column `id`.")
@inputs.prediction
@inputs.reference
@options.of_metrics("rouge1,rouge2,rougeL,bleu,chrf,ter,wer")
@inputs.where
@inputs.input_format
@click.option("--format", "form", default="text", help=", ".join(FORMATS) + ".")
@options.as_json
def explain(
    texts: tuple[str, ...],
    row: int | None,
    row_id: str | None,
    prediction: tuple[str, ...],
    reference: tuple[str, ...],
    metrics: str,
    stemmer: str | None,
    tokenizer: str | None,
    option: tuple[str, ...],
    where: tuple[str, ...],
    input_format: str | None,
    form: str,
    as_json: bool,
) -> None:
    """Show why one pair has its scores: tokens, matches, and the arithmetic.

    PREDICTION is the text to judge, and each REFERENCE one to compare it with; or with --row or --id, FILE is as for
    `score`.
    """
    with ending_on_errors():
        form = "json" if as_json else form
        if form not in FORMATS:
            raise tg.ConfigError(f"format is {form!r}; choose one of {', '.join(FORMATS)}", "bad-option")
        scorer = tg.Scorer(chosen_metrics(metrics, stemmer, tokenizer, option))
        if row is None and row_id is None:
            explanation = _of_texts(scorer, texts, [prediction, reference, where, input_format])
        else:
            given = Input.of(texts, input_format, prediction, reference, None, where=where)
            explanation = _of_row(scorer, given, row, row_id)
    _print(explanation, form)


def _of_texts(scorer: tg.Scorer, texts: tuple[str, ...], of_files: list[object]) -> tg.Explanation:
    if any(of_files) or len(texts) < 2:
        message = "pass a prediction and a reference; or name the row of a file with --row or --id"
        raise tg.ConfigError(message, "bad-option")
    return tg.explain(texts[0], texts[1:], metrics=scorer)


def _of_row(scorer: tg.Scorer, given: Input, row: int | None, row_id: str | None) -> tg.Explanation:
    if row is not None and row_id is not None:
        raise tg.ConfigError("--row and --id each name a row; give one of them", "bad-option")
    if len(given.choice.predictions) > 1 and given.texts is None:
        raise tg.ConfigError("explain takes one system; there are several --prediction", "bad-option")
    scorer = fitted(scorer, given)
    seen = 0
    for rows, _ in read(given.open(), given.choice):
        index = _index(rows, row, row_id)
        if index is not None:
            return _explained(scorer, rows, index)
        seen += len(rows.batch)
    wanted = f"row {row}; they have {seen:,}, from 0" if row is not None else f"row with the id {row_id!r}"
    raise tg.InputError(f"the files have no {wanted}", "bad-file")


def _index(rows: Selection, row: int | None, row_id: str | None) -> int | None:
    """The index of the wanted row among these, if it is there."""
    if row is not None:
        found = [index for index, number in enumerate(rows.numbers().tolist()) if number == row]
    else:
        if rows.picked.id is None:
            raise tg.InputError("the file has no column 'id'; name the row with --row", "bad-file")
        found = [index for index, value in enumerate(rows.values(rows.picked.id)) if str(value) == row_id]
    return found[0] if found else None


def _explained(scorer: tg.Scorer, rows: Selection, index: int) -> tg.Explanation:
    number = rows.row(index)
    if number in rows.batch.problems:
        raise rows.batch.error(rows.batch.problems[number], number)
    chosen = rows.among([index])
    (prediction,) = chosen.values(rows.picked.predictions[0])
    (reference,) = list(chosen.references())
    try:
        return tg.explain(prediction, reference, metrics=scorer)
    except tg.InputError as error:
        raise rows.batch.error(error.message, number, error.code) from error


def _print(explanation: tg.Explanation, form: str) -> None:
    if form == "json":
        print_json(explanation.to_dict())
    elif form == "html":
        print_text(PAGE.format(explanation._repr_html_()))
    elif sys.stdout.isatty():
        _print_colours(explanation, shutil.get_terminal_size().columns)
    else:
        print_text(explanation.text(LINE_WIDTH))


def _print_colours(explanation: tg.Explanation, width: int) -> None:
    # Slow to load, and of no use elsewhere.
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for row in lines(explanation, width):
        line = Text()
        for piece in row:
            line.append(piece.text, STYLES.get(piece.kind, ""))
        console.print(line, soft_wrap=True, highlight=False)
