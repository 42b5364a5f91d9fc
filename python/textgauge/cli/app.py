"""The command line's root. A command's module is loaded when the command runs: most are of no use to it."""

from __future__ import annotations

import gc
import importlib
import io
import sys
from typing import Any

import click

import textgauge as tg
from textgauge.cli.console import Group, print_text

__all__ = ["app"]

# Each is what its module holds under the module's own name.
COMMANDS = (
    "metrics",
    "score",
    "merge",
    "compare",
    "report",
    "explain",
    "rouge-score",
    "jiwer",
    "sacrebleu",
    "which-number",
    "benchmark",
)


class _Commands(Group):
    """Commands that are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(importlib.import_module(f"textgauge.cli.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - whatever a command returns
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(130)  # as shells say it; click's own status is 1, of errors


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        print_text(tg.__version__)
        context.exit()


@click.group(cls=_Commands, context_settings={"show_default": True})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def app() -> None:
    """Exact, fast metrics of generated text."""
    # The command's module is loaded: garbage is looked for again.
    gc.freeze()
    gc.enable()
    # What a terminal cannot show must not end a run that is done.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
