"""The command line's root. A command's module is loaded when the command runs: most are of no use to it."""

# Typer reads the annotations when it runs, so nothing here is deferred.
import importlib
import io
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import textgauge as tg
from textgauge.cli.console import print_text

__all__ = ["app"]

# For each command the module that holds it, and its name there; a group of commands is called `app`.
COMMANDS = {
    "metrics": ("metrics", "list_metrics"),
    "score": ("score", "score"),
    "merge": ("merge", "merge"),
    "compare": ("compare", "compare"),
    "report": ("report", "report"),
    "explain": ("explain", "explain"),
    "rouge-score": ("rouge_score", "rouge_score"),
    "jiwer": ("jiwer", "jiwer"),
    "sacrebleu": ("sacrebleu", "app"),
    "which-number": ("which_number", "which_number"),
    "benchmark": ("benchmark", "app"),
}


class _Commands(TyperGroup):
    """Commands that are loaded when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer's own type moves between versions
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(f"textgauge.cli.{module}"), name)
        if not isinstance(command, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(cmd_name)(command)
            command = alone
        built = typer.main.get_command(command)
        built.name = cmd_name
        return built


app = typer.Typer(
    cls=_Commands,
    help="Exact, fast metrics of generated text.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
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
