"""The command `textgauge score`."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import click

import textgauge as tg
from textgauge.checks import ColumnChecks
from textgauge.cli import inputs, options
from textgauge.cli.console import Meter, ending_on_errors, tell, with_flags
from textgauge.cli.inputs import Input, fitted
from textgauge.cli.options import PATH, chosen_metrics
from textgauge.cli.tables import Scores, check_format, print_scores
from textgauge.corpus_errors import errors_as_read_by
from textgauge.io.checkpoint import Checkpoint, describe_file
from textgauge.io.job import Job
from textgauge.io.rows import RowFile, row_format
from textgauge.io.write import check_written, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textgauge.cli.tables import Systems
    from textgauge.io.batch import Source
    from textgauge.io.job import Picked, Selection, Sums

__all__ = ["score"]


class ErrorCounter:
    """Counts errors as one of the metrics reads texts."""

    def __init__(
        self, metrics: tuple[tg.Metric, ...], form: str, nulls: str, sentences: str, threads: int | None
    ) -> None:
        reading = errors_as_read_by(metrics)
        if reading is None:
            raise tg.ConfigError("--errors counts what wer, cer and their kin do; name one in --metrics", "bad-option")
        if sentences == "given":
            raise tg.ConfigError("--errors counts in texts, not in lists of sentences", "bad-option")
        if form == "csv":
            raise tg.ConfigError("--errors makes tables of their own, which do not fit into one of CSV", "bad-option")
        self._options = reading | {"nulls": nulls, "threads": threads}
        self._counts: tg.ErrorCounts | None = None

    def look(self, rows: Selection, prediction: str) -> None:
        """Counts those of some rows."""
        predictions, references = (rows.predictions(prediction), rows.references())
        counts = tg.error_counts(predictions, references, **self._options)
        self._counts = counts if self._counts is None else self._counts + counts

    def state(self) -> Any:  # noqa: ANN401 - JSON
        """What was counted so far, as JSON."""
        counts = self._counts
        if counts is None:
            return None
        kinds = (counts.substitutions, counts.deletions, counts.insertions)
        return {"signature": counts.signature, "kinds": [list(kind.items()) for kind in kinds]}

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON
        """Goes on from what was counted before."""
        if state is not None:
            substitutions, deletions, insertions = state["kinds"]
            changes = {(before, after): count for (before, after), count in substitutions}
            self._counts = tg.ErrorCounts(changes, dict(deletions), dict(insertions), state["signature"])

    def counts(self, n: int | None) -> tg.ErrorCounts | None:
        """The `n` most frequent of each kind."""
        return self._counts and self._counts.top(n)


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@inputs.prediction
@inputs.reference
@options.of_metrics("rouge1,rouge2,rougeL")
@click.option(
    "--nulls",
    default="error",
    help="What to do about missing texts: error, propagate (no score), empty or drop.",
)
@inputs.by
@inputs.where
@inputs.input_format
@inputs.sentences
@click.option("--out", type=PATH, help="File for the scores of each row: .jsonl, .csv, .tsv, .parquet or .arrow.")
@click.option("--keep", multiple=True, help="Column that is carried over to --out; repeatable. The id always is.")
@click.option("--aggregate", type=PATH, help="File for the sums of all rows, for `merge`.")
@click.option(
    "--on-error",
    default="fail",
    help="What to do about rows that cannot be read or scored: fail, skip, or null (no score).",
)
@click.option("--rejected", type=PATH, help="File for the rows that were left out and why, as JSON lines.")
@click.option("--checkpoint", type=PATH, help="Folder for the state: the same command goes on where it was stopped.")
@options.as_json
@options.form
@options.details
@click.option(
    "--errors",
    type=click.IntRange(min=1),
    help="Print the N most frequent substitutions, deletions and insertions too.",
)
@options.threads
@options.check
@options.quiet
def score(
    files: tuple[str, ...],
    prediction: tuple[str, ...],
    reference: tuple[str, ...],
    metrics: str,
    stemmer: str | None,
    tokenizer: str | None,
    option: tuple[str, ...],
    nulls: str,
    by: str | None,
    where: tuple[str, ...],
    input_format: str | None,
    sentences: str,
    out: Path | None,
    keep: tuple[str, ...],
    aggregate: Path | None,
    on_error: str,
    rejected: Path | None,
    checkpoint: Path | None,
    as_json: bool,
    form: str,
    details: bool,
    errors: int | None,
    threads: int | None,
    check: bool,
    quiet: bool,
) -> None:
    """Score the predictions in files.

    Each FILE holds records: JSON lines, JSON, CSV, Parquet, Arrow, fairseq-generate; packed or not; folders and globs
    too; - for standard input. Without FILE, --prediction and --reference are files.
    """
    with ending_on_errors(out, aggregate, rejected):
        form = check_format("json" if as_json else form)
        given = Input.of(
            files,
            input_format,
            prediction,
            reference,
            by,
            keep=keep,
            where=where,
            sentences=sentences,
            quiet=quiet,
        )
        if aggregate is not None and len(given.choice.predictions) > 1:
            raise tg.ConfigError("--aggregate takes the sums of one system; there are several", "bad-option")
        scorer = tg.Scorer(chosen_metrics(metrics, stemmer, tokenizer, option), threads=threads)
        counter = None if errors is None else ErrorCounter(scorer.metrics, form, nulls, sentences, threads)
        scorer = fitted(scorer, given)
        sources = given.open()
        check_written([out, aggregate, rejected], [file for source in sources for file in source.files])
        checks = ColumnChecks(scorer.metrics, threads) if check else None
        lookers = [looker for looker in (checks, counter) if looker is not None]
        with Meter([source.size for source in sources], quiet=quiet) as meter:
            job = Job(scorer, given.choice, nulls=nulls, on_error=on_error, lookers=lookers, progress=meter.show)
            rows = None if out is None else _row_file(out, job, given.choice.of(sources[0]))
            with _saved(checkpoint, job, sources, out) as saved:
                systems = _scores(scorer, job.run(sources, rows, saved))
                if aggregate is not None:
                    write_whole(aggregate, systems[""].total.to_bytes())
                if rejected is not None:
                    write_whole(rejected, b"".join(map(_rejected_line, job.rejected)))
        for warning in (*_warnings(job, checks), *_warnings_of_none(systems, where)):
            tell(f"warning: {warning}")
    print_scores(systems, by, form, details, None if counter is None else counter.counts(errors))


def _row_file(path: Path, job: Job, picked: Picked) -> RowFile:
    names = job.columns(picked.predictions)
    return RowFile(path, row_format(path, picked.kept, names, job.scorer.signatures))


@contextlib.contextmanager
def _saved(folder: Path | None, job: Job, sources: list[Source], out: Path | None) -> Iterator[Checkpoint | None]:
    """The checkpoint of a job in `folder`; it is removed when all is written."""
    if folder is None:
        yield None
        return
    described = {
        **job.describe(),
        "rows written": out is not None and "".join(out.suffixes),
        "files": [describe_file(file) for source in sources for file in source.files],
    }
    checkpoint = Checkpoint(folder, described)
    try:
        yield checkpoint
        checkpoint.remove()
    finally:
        checkpoint.close()


def _scores(scorer: tg.Scorer, sums: Sums) -> Systems:
    empty = scorer.aggregate([], [])
    return {system: Scores(sum(groups.values(), start=empty), groups) for system, groups in sums.items()}


def _rejected_line(row: dict[str, Any]) -> bytes:
    return json.dumps({**row, "problem": with_flags(row["problem"])}).encode() + b"\n"


def _warnings(job: Job, checks: ColumnChecks | None) -> Iterator[str]:
    if job.rejected:
        first = job.rejected[0]
        what = "skipped" if job.on_error == "skip" else "without a score"
        yield f"rows {what}: {len(job.rejected):,}, the first: {with_flags(first['problem'])}"
    if checks is not None:
        yield from checks.warnings()


def _warnings_of_none(systems: Systems, where: tuple[str, ...]) -> Iterator[str]:
    if where and not any(scores.total.rows or scores.total.nulls for scores in systems.values()):
        yield f"no row was scored that fits {' '.join(f'--where {condition}' for condition in where)}"
