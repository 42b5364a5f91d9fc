"""The command line's root: every command registers here."""

# Typer reads the annotations when it runs, so nothing here is deferred.
import io
import sys
from typing import Annotated

import typer

import textgauge as tg
from textgauge.cli import benchmark
from textgauge.cli.compare import compare
from textgauge.cli.console import print_text
from textgauge.cli.jiwer import jiwer
from textgauge.cli.merge import merge
from textgauge.cli.metrics import list_metrics
from textgauge.cli.rouge_score import rouge_score
from textgauge.cli.sacrebleu import ANY_ARGUMENTS, sacrebleu
from textgauge.cli.score import score

__all__ = ["app"]

app = typer.Typer(
    help="Exact, fast metrics of generated text.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print_text(tg.__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    # What a terminal cannot show must not end a run that is done.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


app.command("metrics")(list_metrics)
app.command()(score)
app.command()(merge)
app.command()(compare)
app.command("rouge-score")(rouge_score)
app.command()(jiwer)
app.command(context_settings=ANY_ARGUMENTS)(sacrebleu)
app.add_typer(benchmark.app, name="benchmark")
