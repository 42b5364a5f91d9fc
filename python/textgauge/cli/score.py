"""The command `textgauge score`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

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
        scorer = fitted(scorer, file, columns)
        checks = ColumnChecks(scorer.metrics if check else [], threads)
        with output(out) as write:
            groups, total = _score_file(scorer, file, columns, nulls, write, checks)
        if aggregate is not None:
            write_whole(aggregate, total.to_bytes())
    print_scores(total, groups, by, "json" if as_json else form, details)


def _score_file(
    scorer: tg.Scorer,
    file: str,
    columns: Columns,
    nulls: str,
    write: Callable[[dict[str, Any]], object] | None,
    checks: ColumnChecks,
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
                progress=None,
                groups=(keys, codes),
                columns=write is not None,
            )
            checks.look(part)
        for key, sums in zip(keys, parts, strict=True):
            groups[key] = groups[key] + sums if key in groups else sums
        if write is not None:
            _write_rows(write, part, scores)
    for warning in checks.warnings():
        typer.echo(f"warning: {warning}", err=True)
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
