"""The command `textgauge sacrebleu`, with the arguments of `sacrebleu`."""

from __future__ import annotations

import sys

import click

from textgauge.cli.console import ending_on_errors

__all__ = ["sacrebleu"]

# The command reads its arguments itself: sacrebleu has options of several values, and short ones of several letters.
ANY_ARGUMENTS = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@click.command(context_settings=ANY_ARGUMENTS)
@click.pass_context
def sacrebleu(context: click.Context) -> None:
    """Score text files as sacrebleu 2.6.0 does, with its arguments."""
    from textgauge.compat.sacrebleu.sacrebleu import main  # other commands do without

    sys.argv = ["textgauge sacrebleu", *context.args]
    with ending_on_errors():
        main()
