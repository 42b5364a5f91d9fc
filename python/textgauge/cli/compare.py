"""The command `textgauge compare`."""

import dataclasses
import json
from collections.abc import Hashable
from typing import Annotated, Any

import typer

import textgauge as tg
from textgauge.cli.console import ending_on_errors, progress, tell
from textgauge.cli.options import (
    AsJson,
    By,
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
from textgauge.cli.tables import check_format, print_comparison
from textgauge.io.columns import group
from textgauge.io.records import Columns, naming_rows, read_parts
from textgauge.io.write import system_names
from textgauge.stats.comparison import adjust

__all__ = ["compare"]


def compare(
    base: Annotated[str, typer.Argument(help="The outputs to compare with, as JSON lines, plain or gzipped.")],
    new: Annotated[list[str], typer.Argument(help="Outputs of other systems for the same inputs, in the same order.")],
    prediction: Prediction = None,
    reference: Reference = None,
    metrics: Names = "rouge1,rouge2,rougeL",
    stemmer: Stemmer = None,
    tokenizer: Tokenizer = None,
    option: Options = None,
    by: By = None,
    test: Annotated[str, typer.Option(help="bootstrap or randomization.")] = "bootstrap",
    samples: Annotated[
        int | None, typer.Option(help="Samples (default: 1000) or trials of randomization (10000).")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Confidence level of intervals and verdicts.")] = 0.95,
    seed: Annotated[int, typer.Option(help="Random seed.")] = 12345,
    nulls: Annotated[str, typer.Option(help="What to do about missing texts: error, empty or drop.")] = "error",
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit with status 3 if any score is significantly worse.")
    ] = False,
    form: Format = "table",
    as_json: AsJson = False,
    threads: Threads = None,
) -> None:
    """Tell whether systems are better or worse than a base, with intervals and p-values; by task with --by."""
    with ending_on_errors():
        check_format(form)
        columns = Columns(prediction, reference, by, tell=tell)
        scorer = tg.Scorer(chosen_metrics(metrics, stemmer, tokenizer, option), threads=threads)
        scorer = fitted(scorer, base, columns)
        names = system_names([base, *new])
        measured, rows = _measure(scorer, base, columns, nulls)
        systems = {names[0]: measured}
        for file, name in zip(new, names[1:], strict=True):
            systems[name], others = _measure(scorer, file, columns, nulls)
            _check_rows(rows, others, base, file)

        def compared(systems: dict[str, tg.Measurements]) -> tg.Comparison:
            return tg.compare(
                systems,
                test=test,  # type: ignore[arg-type] # it checks it
                samples=samples,
                confidence=confidence,
                seed=seed,
                threads=threads,
            )

        whole = compared(systems)
        groups: dict[Hashable, tg.Comparison] = {}
        if by is not None:
            keys, codes = group(rows.keys)
            members = [[] for _ in keys]  # type: list[list[int]]
            for row, code in enumerate(codes.tolist()):
                members[code].append(row)
            each = [compared({name: of.select(rows) for name, of in systems.items()}) for rows in members]
            groups = dict(zip(keys, adjust(each), strict=True))
    print_comparison(whole, groups, by, measured.signatures, "json" if as_json else form)
    if fail_on_regression and (whole.regressions or any(each.regressions for each in groups.values())):
        raise typer.Exit(3)


@dataclasses.dataclass
class _Rows:
    """What tells whether the rows of two files belong together."""

    keys: list[Hashable] = dataclasses.field(default_factory=list)
    """The values of the column that makes groups."""
    lines: list[int] = dataclasses.field(default_factory=list)
    identities: list[tuple[str, Hashable]] = dataclasses.field(default_factory=list)
    """The `id` of each record, or what its references hash to."""


def _measure(scorer: tg.Scorer, file: str, columns: Columns, nulls: str) -> tuple[tg.Measurements, _Rows]:
    rows = _Rows()
    measured = []
    for part in read_parts(file, columns, progress):
        with naming_rows(part.chunk):
            measured.append(scorer.measure(part.predictions, part.references, nulls=nulls))  # type: ignore[arg-type]
        rows.keys += part.keys
        rows.lines += part.chunk.lines
        for record, references in zip(part.chunk.records, part.references, strict=True):
            rows.identities.append(_identity(record, references))
    return sum(measured[1:], start=measured[0]), rows


def _identity(record: dict[str, Any], references: Any) -> tuple[str, Hashable]:  # noqa: ANN401 - a text or a list
    return ("id", json.dumps(record["id"])) if "id" in record else ("references", hash(json.dumps(references)))


def _check_rows(base: _Rows, other: _Rows, base_file: str, other_file: str) -> None:
    for row, (left, right) in enumerate(zip(base.identities, other.identities, strict=False)):
        if left != right:
            ids = left[0] == right[0] == "id"
            what = f"the id {right[1]}, not {left[1]}" if ids else f"other {right[0]} than {base_file}"
            where = f"{other_file}, line {other.lines[row]}"
            raise tg.InputError(f"{where}: {what}; systems are compared row by row", "bad-file", row)
    if len(base.identities) != len(other.identities):
        lengths = f"{other_file} has {len(other.identities)} rows, {base_file} has {len(base.identities)}"
        raise tg.InputError(f"{lengths}; systems are compared row by row", "unequal-lengths")
