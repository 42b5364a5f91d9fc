"""The command `textgauge score`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

import textgauge as tg
from textgauge.checks import ColumnChecks
from textgauge.cli.console import ending_on_errors, progress, tell
from textgauge.cli.options import (
    AsJson,
    By,
    Details,
    Format,
    Names,
    Options,
    Prediction,
    Reference,
    Stemmer,
    Threads,
    Tokenizer,
    chosen_metrics,
    fitted,
)
from textgauge.cli.tables import Groups, check_format, print_scores
from textgauge.io.columns import group
from textgauge.io.records import Columns, Part, naming_rows, read_parts
from textgauge.io.write import check_written, finite, output, without_nan, write_whole

__all__ = ["score"]


class Looker(Protocol):
    """What looks at the rows that are scored."""

    def look(self, part: Part) -> None:
        """Looks at some rows."""


class ErrorCounter:
    """Counts errors as one of the metrics reads texts."""

    def __init__(self, metrics: tuple[tg.Metric, ...], form: str, nulls: str, threads: int | None) -> None:
        metric = next((metric for metric in metrics if "compounds" in metric.option_names()), None)
        if metric is None:
            raise tg.ConfigError("--errors counts what wer, cer and their kin do; name one in --metrics", "bad-option")
        if form == "csv":
            raise tg.ConfigError("--errors makes tables of their own, which do not fit into one of CSV", "bad-option")
        names = ("tokenizer", "lowercase", "compounds", "transforms")
        self._options = {name: metric.fields()[name] for name in names} | {"nulls": nulls, "threads": threads}
        self._counts: tg.ErrorCounts | None = None

    def look(self, part: Part) -> None:
        """Counts those of some rows."""
        counts = tg.error_counts(part.predictions, part.references, **self._options)
        self._counts = counts if self._counts is None else self._counts + counts

    def counts(self, n: int | None) -> tg.ErrorCounts | None:
        """The `n` most frequent of each kind."""
        return self._counts and self._counts.top(n)


def score(
    file: Annotated[str, typer.Argument(help="JSON lines, plain or gzipped; - for standard input.")],
    prediction: Prediction = None,
    reference: Reference = None,
    metrics: Names = "rouge1,rouge2,rougeL",
    stemmer: Stemmer = None,
    tokenizer: Tokenizer = None,
    option: Options = None,
    nulls: Annotated[
        str, typer.Option(help="What to do about missing texts: error, propagate (no score), empty or drop.")
    ] = "error",
    by: By = None,
    out: Annotated[Path | None, typer.Option(help="File for the scores of each row, as JSON lines.")] = None,
    aggregate: Annotated[Path | None, typer.Option(help="File for the sums of all rows, for `merge`.")] = None,
    as_json: AsJson = False,
    form: Format = "table",
    details: Details = False,
    errors: Annotated[
        int | None,
        typer.Option(min=1, help="Print the N most frequent substitutions, deletions and insertions too."),
    ] = None,
    threads: Threads = None,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Warn about columns that look gamed or broken.")
    ] = True,
) -> None:
    """Score the predictions in a file."""
    with ending_on_errors(out, aggregate):
        check_format(form)
        check_written([out, aggregate], [file])
        columns = Columns(prediction, reference, by, tell=tell)
        scorer = tg.Scorer(chosen_metrics(metrics, stemmer, tokenizer, option), threads=threads)
        counter = None if errors is None else ErrorCounter(scorer.metrics, "json" if as_json else form, nulls, threads)
        scorer = fitted(scorer, file, columns)
        checks = ColumnChecks(scorer.metrics if check else [], threads)
        with output(out) as write:
            groups, total = _score_file(scorer, file, columns, nulls, write, [checks, *filter(None, [counter])])
        for warning in checks.warnings():
            typer.echo(f"warning: {warning}", err=True)
        if aggregate is not None:
            write_whole(aggregate, total.to_bytes())
    counts = None if counter is None else counter.counts(errors)
    print_scores(total, groups, by, "json" if as_json else form, details, counts)


def _score_file(
    scorer: tg.Scorer,
    file: str,
    columns: Columns,
    nulls: str,
    write: Callable[[dict[str, Any]], object] | None,
    lookers: list[Looker],
) -> tuple[Groups, tg.Aggregate]:
    """The aggregates of each group (without `by`, of one group None) and of all."""
    groups: Groups = {}
    for part in read_parts(file, columns, progress):
        with naming_rows(part.chunk):
            keys, codes = group(part.keys)
            scores, parts = scorer.run(
                part.predictions,
                part.references,
                nulls=nulls,  # type: ignore[arg-type] # the core checks it
                threads=None,
                sentences="lines",
                tokens=False,
                progress=None,
                groups=(keys, codes),
                columns=write is not None,
            )
            for looker in lookers:
                looker.look(part)
        for key, sums in zip(keys, parts, strict=True):
            groups[key] = groups[key] + sums if key in groups else sums
        if write is not None:
            _write_rows(write, part, scores)
    return groups, sum(groups.values(), start=scorer.aggregate([], []))


def _write_rows(write: Callable[[dict[str, Any]], object], part: Part, columns: dict[str, Any]) -> None:
    values = [column.tolist() for column in columns.values()]
    chunk = part.chunk
    for number, (record, scores) in enumerate(zip(chunk.records, zip(*values, strict=True), strict=True), chunk.first):
        row: dict[str, Any] = {"row": number}
        if "id" in record:
            row["id"] = without_nan(record["id"])
        row.update(zip(columns, map(finite, scores), strict=True))
        write(row)
