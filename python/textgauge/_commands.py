"""The commands of the command line."""

# Typer reads the annotations when it runs, so nothing here is deferred.
import contextlib
import gzip
import io
import json
import math
import os
import sys
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

import textgauge as tg
from textgauge._columns import group
from textgauge._jsonl import Chunk, open_lines, read_chunks
from textgauge.aggregate import describe_rows, table

__all__ = ["app"]

PREDICTIONS = [
    "prediction",
    "predictions",
    "hypothesis",
    "hypotheses",
    "hyp",
    "completion",
    "completions",
    "output",
    "outputs",
    "model_output",
    "generated",
    "generation",
    "generated_text",
    "generated_summary",
    "response",
    "candidate",
    "decoded",
    "system_output",
    "system",
]
REFERENCES = [
    "references",
    "reference",
    "refs",
    "ref",
    "targets",
    "target",
    "labels",
    "label",
    "gold",
    "golds",
    "ground_truth",
    "ground_truths",
    "summary",
    "highlights",
    "expected",
    "expected_output",
    "ideal",
]

Groups = dict[Hashable, tg.Aggregate]

app = typer.Typer(
    help="Exact, fast metrics of generated text.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(tg.__version__)
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


@app.command("metrics")
def list_metrics() -> None:
    """List the metrics."""
    metrics = tg.list_metrics()
    width = max(len(metric.name) for metric in metrics)
    for metric in metrics:
        typer.echo(f"{metric.name.ljust(width)}  {metric.summary} ({metric.source})")


@app.command()
def score(
    file: Annotated[str, typer.Argument(help="JSON lines, plain or gzipped; - for standard input.")],
    prediction: Annotated[str | None, typer.Option(help="Column with the texts to judge. [default: guessed]")] = None,
    reference: Annotated[
        str | None, typer.Option(help="Column with a text or a list of texts to compare with. [default: guessed]")
    ] = None,
    metrics: Annotated[str, typer.Option(help="Comma-separated names.")] = "rouge1,rouge2,rougeL",
    stemmer: Annotated[str, typer.Option(help="How words are reduced: none or porter.")] = "none",
    tokenizer: Annotated[
        str, typer.Option(help="How texts become words: rouge, whitespace, words, characters or graphemes.")
    ] = "rouge",
    nulls: Annotated[
        str, typer.Option(help="What to do about missing texts: error, propagate (no score) or empty.")
    ] = "error",
    by: Annotated[str | None, typer.Option(help="Column whose values make groups.")] = None,
    out: Annotated[Path | None, typer.Option(help="File for the scores of each row, as JSON lines.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    threads: Annotated[int | None, typer.Option(help="How many threads to use. [default: all processors]")] = None,
) -> None:
    """Score the predictions in a file."""
    try:
        metric = tg.Rouge(
            *(name.strip() for name in metrics.split(",")),
            stemmer=stemmer,  # type: ignore[arg-type] # the core checks it
            tokenizer=tokenizer,  # type: ignore[arg-type] # likewise
        )
        scorer = tg.Scorer(metric, threads=threads)
        with _output(out) as write:
            groups, total = _score_file(scorer, file, prediction, reference, nulls, by, write)
    except tg.Error as error:
        _fail(str(error))
    except OSError as error:
        if out is None:
            raise
        _fail(f"cannot write {out}: {error.strerror or error}")
    if as_json:
        typer.echo(json.dumps(_as_json(total, groups, by), allow_nan=False, indent=2))
    else:
        typer.echo(_as_text(total, groups, by))


def _fail(message: str) -> None:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)


def _score_file(
    scorer: tg.Scorer,
    file: str,
    prediction: str | None,
    reference: str | None,
    nulls: str,
    by: str | None,
    write: Callable[[dict[str, Any]], object] | None,
) -> tuple[Groups, tg.Aggregate]:
    """The aggregates of each group (without `by`, of one group None) and of all."""
    groups: Groups = {}
    with open_lines(file) as (lines, position, size), _progress(size) as show:
        for chunk in read_chunks(lines, "standard input" if file == "-" else file):
            if prediction is None:
                prediction = _guess(chunk, PREDICTIONS, "prediction")
            if reference is None:
                reference = _guess(chunk, REFERENCES, "reference")
            try:
                keys, codes = group(chunk.column(by) if by is not None else [None] * len(chunk.records))
                columns, parts = scorer.run(
                    chunk.column(prediction),
                    chunk.column(reference),
                    nulls=nulls,  # type: ignore[arg-type] # the core checks it
                    threads=None,
                    sentences="lines",
                    progress=None,
                    groups=(keys, codes),
                    columns=write is not None,
                )
            except tg.InputError as error:
                if error.row is None or error.code == "bad-file":
                    raise
                # The scorer has seen this chunk only.
                row = error.row
                message = error.message.replace(f"row {row}", f"row {chunk.first + row}")
                raise chunk.error(message, row, error.code) from error
            for key, part in zip(keys, parts, strict=True):
                groups[key] = groups[key] + part if key in groups else part
            if write is not None:
                _write_rows(write, chunk, columns)
            show(position())
    if not groups:
        raise tg.InputError(f"{file} has no records", "bad-file")
    return groups, sum(groups.values(), start=scorer.aggregate([], []))


def _guess(chunk: Chunk, candidates: list[str], role: str) -> str:
    names = {name.lower(): name for name in reversed(chunk.records[0])}
    found = [names[candidate] for candidate in candidates if candidate in names]
    if not found:
        there = ", ".join(chunk.records[0]) or "none"
        raise chunk.error(f"which column holds the {role}? Say --{role}; there are {there}", 0)
    also = f" (not {', '.join(found[1:])})" if len(found) > 1 else ""
    typer.echo(f"{role}s: column {found[0]!r}{also}; --{role} names another", err=True)
    return found[0]


def _write_rows(write: Callable[[dict[str, Any]], object], chunk: Chunk, columns: dict[str, Any]) -> None:
    values = [column.tolist() for column in columns.values()]
    for number, (record, scores) in enumerate(zip(chunk.records, zip(*values, strict=True), strict=True), chunk.first):
        row: dict[str, Any] = {"row": number}
        if "id" in record:
            row["id"] = record["id"]
        row.update(zip(columns, map(_finite, scores), strict=True))
        write(row)


def _finite(score: float) -> float | None:
    # JSON has no NaN.
    return None if math.isnan(score) else score


@contextlib.contextmanager
def _output(path: Path | None) -> Iterator[Callable[[dict[str, Any]], object] | None]:
    """Yields a function that writes a row to `path`, which appears only when all is written."""
    if path is None:
        yield None
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with contextlib.ExitStack() as stack:
            plain = stack.enter_context(part.open("xb"))
            write_bytes: Callable[[bytes], object] = plain.write
            if path.suffix == ".gz":
                # Without a time stamp, so that the same rows are the same bytes.
                write_bytes = stack.enter_context(gzip.GzipFile("", "wb", fileobj=plain, mtime=0)).write
            yield lambda row: write_bytes(json.dumps(row).encode() + b"\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _progress(size: int | None) -> Iterator[Callable[[int], None]]:
    """Yields a function that shows how many bytes of `size` are read; on a terminal only."""
    console = Console(stderr=True)
    if size is None or not console.is_terminal:
        yield lambda _done: None
        return
    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=size)
        yield lambda done: progress.update(task, completed=done)


def _as_text(total: tg.Aggregate, groups: Groups, by: str | None) -> str:
    blocks = [] if by is None else [_block(_key_name(key), part) for key, part in groups.items()]
    blocks.append(_block("all", total))
    signatures = [f"{name}  {signature}" for name, signature in total.signatures.items()]
    return "\n\n".join([*blocks, "\n".join(signatures)])


def _block(name: str, aggregate: tg.Aggregate) -> str:
    return f"{name}: {describe_rows(aggregate)}\n{table(aggregate, 'text')}"


def _key_name(key: Hashable) -> str:
    return key if isinstance(key, str) and key.isprintable() else json.dumps(key)


def _as_json(total: tg.Aggregate, groups: Groups, by: str | None) -> dict[str, Any]:
    document = {**_summary(total), "signatures": total.signatures}
    if by is not None:
        document["groups"] = [{"key": key, **_summary(part)} for key, part in groups.items()]
    return document


def _summary(aggregate: tg.Aggregate) -> dict[str, Any]:
    scores = {column: _finite(value) for column, value in aggregate.corpus.items()}
    return {"rows": aggregate.rows, "nulls": aggregate.nulls, "scores": scores}
