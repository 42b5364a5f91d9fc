"""The command `textgauge jiwer`, with the flags of `jiwer`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from textgauge.cli.console import ending_on_errors, print_text
from textgauge.cli.options import PATH
from textgauge.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["jiwer"]


@click.command()
@click.option("-r", "--reference", required=True, type=PATH, help="Text file of references, one a line.")
@click.option("-h", "--hypothesis", required=True, type=PATH, help="Text file of hypotheses, one a line.")
@click.option("-c", "--cer", is_flag=True, help="CER, not WER.")
@click.option("-a", "--align", is_flag=True, help="Print the alignment of each pair.")
@click.option(
    "-g", "--global", "as_one", is_flag=True, help="All lines as one, where files have different numbers of lines."
)
def jiwer(reference: Path, hypothesis: Path, cer: bool, align: bool, as_one: bool) -> None:
    """Score transcripts as jiwer 4.0.0 does, with its flags. Lines of less than two characters are skipped."""
    from textgauge.compat import jiwer as drop_in  # other commands do without

    with ending_on_errors():
        references, hypotheses = _lines(reference), _lines(hypothesis)
        if not as_one and len(references) != len(hypotheses):
            message = f"{reference} has {len(references)} sentences, {hypothesis} has {len(hypotheses)}: "
            raise InputError(message + "--global scores all of a file as one", "unequal-lengths")
        chain = getattr(drop_in, f"{'cer' if cer else 'wer'}_{'contiguous' if as_one else 'default'}")
        if align:
            process = drop_in.process_characters if cer else drop_in.process_words
            text = drop_in.visualize_alignment(process(references, hypotheses, chain, chain))
        else:
            text = f"{drop_in.wer(references, hypotheses, chain, chain)}\n"
    print_text(text, nl=False)


def _lines(path: Path) -> list[str]:
    try:
        with path.open() as file:  # in the encoding of the system, as jiwer
            return [line.strip() for line in file if len(line.strip()) > 1]
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot read {path}: {reason}", "bad-file") from error
