"""The command `textgauge report`."""

from __future__ import annotations

import dataclasses
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

import textgauge as tg
from textgauge.cli import inputs, options
from textgauge.cli.console import Meter, ending_on_errors, tell
from textgauge.cli.inputs import Input
from textgauge.cli.options import PATH, chosen_metrics
from textgauge.cli.tables import shown_key
from textgauge.io.job import read, readable
from textgauge.io.systems import Matcher, check_systems
from textgauge.io.write import check_written, system_names

if TYPE_CHECKING:
    from pathlib import Path

    from textgauge.io.batch import Source

__all__ = ["report"]


@dataclasses.dataclass
class _File:
    """The texts of a file: of one system, or of several in columns of their own."""

    matcher: Matcher
    predictions: dict[str, list[Any]] = dataclasses.field(default_factory=dict)
    references: list[Any] = dataclasses.field(default_factory=list)


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--out", type=PATH, default="report.html", help="File for the page.")
@inputs.prediction
@inputs.reference
@options.of_metrics("rouge1,rouge2,rougeL")
@inputs.by
@inputs.where
@inputs.input_format
@click.option("--title", help="The page's title. [default: the systems]")
@click.option("--rows", default=100_000, help="How many rows can be looked at; of more, so many are chosen at random.")
@options.nulls
@click.option("--samples", default=1000, help="Bootstrap samples.")
@options.confidence
@options.seed
@options.threads
@options.quiet
def report(
    files: tuple[str, ...],
    out: Path,
    prediction: tuple[str, ...],
    reference: tuple[str, ...],
    metrics: str,
    stemmer: str | None,
    tokenizer: str | None,
    option: tuple[str, ...],
    by: str | None,
    where: tuple[str, ...],
    input_format: str | None,
    title: str | None,
    rows: int,
    nulls: str,
    samples: int,
    confidence: float,
    seed: int,
    threads: int | None,
    quiet: bool,
) -> None:
    """Write a page of HTML to look at: scores, groups, charts, and every row with its alignment.

    Each FILE holds outputs of a system, as for `score`, for the same inputs; rows are matched by id, or else stand in
    the same order. The first is the base that others are compared with.
    """
    with ending_on_errors(out):
        check_systems(files, prediction)
        given = [
            Input.of(each, input_format, prediction, reference, by, where=where, quiet=quiet)
            for each in ([(file,) for file in files] if files else [()])
        ]
        chosen = chosen_metrics(metrics, stemmer, tokenizer, option)
        sources = [each.open() for each in given]
        check_written([out], [file for own in sources for source in own for file in source.files])
        with Meter([source.size for own in sources for source in own], quiet=quiet) as meter:
            texts = [_texts(each, own, meter) for each, own in zip(given, sources, strict=True)]
            systems = _by_name(texts, files)
            base = texts[0]
            page = tg.report(
                systems,
                base.references,
                out=out,
                metrics=chosen,
                by=None if by is None else list(map(shown_key, base.matcher.keys)),
                by_name=by or "",
                ids=[shown_key(each) for each in base.matcher.identities if isinstance(each, str)] or None,
                title=title or " · ".join(systems),
                rows=rows,
                nulls=nulls,  # type: ignore[arg-type] # it checks it
                samples=samples,
                confidence=confidence,
                seed=seed,
                threads=threads,
                made_from=_made_from(systems, files),
                step=meter.tell,
            )
    if not quiet:
        tell(f"wrote {page.path}, {page.path.stat().st_size / 1e6:.1f} MB")


def _texts(given: Input, sources: list[Source], meter: Meter) -> _File:
    file = _File(Matcher(given.open, given.choice, sources[0].name))
    for rows, _ in read(sources, given.choice):
        readable(rows)
        for column in rows.picked.predictions:
            file.predictions.setdefault(column, []).extend(rows.values(column))
        file.references += rows.reference_values()
        file.matcher.add(rows)
        meter.tell(f"reading {sources[0].name}")
    return file


def _by_name(texts: list[_File], files: tuple[str, ...]) -> dict[str, list[Any]]:
    """All systems, their rows in the order of the base's."""
    base = texts[0]
    if len(texts) == 1:
        names = system_names(list(base.predictions if len(base.predictions) > 1 or not files else files))
        return dict(zip(names, base.predictions.values(), strict=True))
    systems = {}
    for name, each in zip(system_names(list(files)), texts, strict=True):
        (own,) = each.predictions.values()
        order = base.matcher.order_of(each.matcher)
        systems[name] = own if order is None else [own[row] for row in order]
    return systems


def _made_from(systems: dict[str, list[Any]], files: tuple[str, ...]) -> dict[str, str]:
    """What the page says of its making."""
    made = {"systems": ", ".join(systems), "files": ", ".join(files)}
    made["command"] = shlex.join(["textgauge", *sys.argv[1:]])
    return {what: value for what, value in made.items() if value}
