"""What commands read: files, columns, and the options that say which."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import textgauge as tg
from textgauge.cli.console import tell
from textgauge.io.job import Choice, Condition, read
from textgauge.io.sources import FORMATS, open_sources, parallel_sources
from textgauge.io.write import is_stream

if TYPE_CHECKING:
    from textgauge.io.batch import Source

__all__ = ["Input", "by", "fitted", "input_format", "prediction", "reference", "sentences", "where"]

prediction = click.option(
    "--prediction",
    multiple=True,
    help="Column with the texts to judge, such as output or choices[0].text; several: a system each. Without "
    "FILE, a file with a text a line. [default: guessed]",
)
reference = click.option(
    "--reference",
    multiple=True,
    help="Column with a text or a list of texts to compare with; several count together. Without FILE, a file with "
    "a text a line. [default: guessed]",
)
by = click.option("--by", help="Column whose values make groups.")
where = click.option(
    "--where", multiple=True, help="Only rows with COLUMN=VALUE, or COLUMN!=VALUE; repeatable, all must hold."
)
input_format = click.option("--input-format", help=f"{', '.join(FORMATS)}. [default: recognised]")
sentences = click.option("--sentences", default="lines", help="lines, or given: each text is a list of its sentences.")


@dataclasses.dataclass(frozen=True)
class Input:
    """Files and what is read of them.

    Attributes:
        files: Files of records, globs and folders; none if texts stand in files of their own, a line each.
        form: How they are written; None to recognise it.
        choice: Which columns are read.
        texts: The files of predictions and those of references, if there are no files of records.
    """

    files: tuple[str, ...]
    form: str | None
    choice: Choice
    texts: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @classmethod
    def of(
        cls,
        files: tuple[str, ...],
        form: str | None,
        predictions: tuple[str, ...],
        references: tuple[str, ...],
        by: str | None,
        *,
        keep: tuple[str, ...] = (),
        where: tuple[str, ...] = (),
        sentences: str = "lines",
        quiet: bool = False,
    ) -> Input:
        """What the options of a command say.

        Raises:
            ConfigError: They say too little, or a condition is none.
        """
        if sentences not in ("lines", "given"):
            raise tg.ConfigError(f"sentences is {sentences!r}; choose one of lines, given", "bad-option")
        conditions = tuple(map(Condition.parse, where))
        note = _say_nothing if quiet else tell
        choice = Choice(predictions, references, by, keep, conditions, sentences, note)  # type: ignore[arg-type] # just checked
        if files:
            return cls(files, form, choice)
        if not predictions or not references:
            message = "name a FILE of records, or files of texts: --prediction FILE --reference FILE"
            raise tg.ConfigError(message, "bad-option")
        return cls((), form, choice, (predictions, references))

    def open(self) -> list[Source]:
        """The files, to be read from the beginning.

        Raises:
            InputError: One cannot be read, or is of no known kind.
        """
        return open_sources(self.files, self.form) if self.texts is None else parallel_sources(*self.texts, self.form)


def _say_nothing(_note: str) -> None: ...


def fitted(scorer: tg.Scorer, given: Input) -> tg.Scorer:
    """The scorer, fitted to the references in the files if any metric asks for it: files are scored in parts."""
    if scorer.is_fitted:
        return scorer
    files = given.files if given.texts is None else given.texts[1]
    for file in files:
        if file == "-" or is_stream(Path(file)):
            alone = [tg.Scorer(metric) for metric in scorer.metrics]
            names = ", ".join(name for each in alone if not each.is_fitted for name in each.signatures)
            stream = "standard input" if file == "-" else file
            message = f"{names} reads references twice, which {stream} cannot be: name a file"
            raise tg.InputError(message, "not-fitted")
    return scorer.fit(_references(given), nulls="propagate", sentences=given.choice.sentences)


def _references(given: Input) -> Any:  # noqa: ANN401 - an iterator of texts and lists of texts
    # What is wrong with a text is said when its row is scored.
    for rows, _ in read(given.open(), given.choice):
        yield from rows.reference_values()
