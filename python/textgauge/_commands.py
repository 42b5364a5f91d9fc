"""The commands of the command line."""

# Typer reads the annotations when it runs, so nothing here is deferred.
import dataclasses
import io
import json
import sys
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Annotated, Any

import typer

import textgauge as tg
from textgauge import _benchmark_commands
from textgauge._columns import group
from textgauge._files import Columns, Part, naming_rows, read_parts
from textgauge._output import (
    check_written,
    ending_on_errors,
    finite,
    is_stream,
    key_name,
    output,
    print_json,
    print_text,
    system_names,
    without_nan,
    write_whole,
)
from textgauge._watch import Watch
from textgauge.aggregate import describe_rows, table
from textgauge.comparison import adjust
from textgauge.metrics import by_name

__all__ = ["app"]

Groups = dict[Hashable, tg.Aggregate]

Prediction = Annotated[str | None, typer.Option(help="Column with the texts to judge. [default: guessed]")]
Reference = Annotated[
    str | None, typer.Option(help="Column with a text or a list of texts to compare with. [default: guessed]")
]
Names = Annotated[str, typer.Option("--metrics", help="Comma-separated names.")]
Stemmer = Annotated[str | None, typer.Option(help="How words are reduced for ROUGE: none or porter.")]
Tokenizer = Annotated[str | None, typer.Option(help="How texts become words, for metrics that can be told.")]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option", "-o", help="An option of metrics as NAME=VALUE, or of one metric as METRIC.NAME=VALUE; repeatable."
    ),
]
By = Annotated[str | None, typer.Option(help="Column whose values make groups.")]
Threads = Annotated[int | None, typer.Option(help="How many threads to use. [default: all processors]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

app = typer.Typer(
    help="Exact, fast metrics of generated text.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

app.add_typer(_benchmark_commands.app, name="benchmark")


def _print_version(wanted: bool) -> None:
    if wanted:
        print_text(tg.__version__)
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
    print_text("\n".join(f"{metric.name.ljust(width)}  {metric.summary} ({metric.source})" for metric in metrics))


@app.command()
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
    threads: Threads = None,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Warn about columns that look gamed or broken.")
    ] = True,
) -> None:
    """Score the predictions in a file."""
    with ending_on_errors(out, aggregate):
        check_written([out, aggregate], [file])
        columns = Columns(prediction, reference, by)
        scorer = tg.Scorer(_fitted(_metrics(metrics, stemmer, tokenizer, option), file, columns), threads=threads)
        watch = Watch(scorer.metrics if check else [], threads)
        with output(out) as write:
            groups, total = _score_file(scorer, file, columns, nulls, write, watch)
        if aggregate is not None:
            write_whole(aggregate, total.to_bytes())
    _print_scores(total, groups, by, as_json)


@app.command()
def merge(
    files: Annotated[list[Path], typer.Argument(help="Files that `score --aggregate` wrote.")],
    aggregate: Annotated[Path | None, typer.Option(help="File for the sums of all of them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add up what was scored in parts: the very scores of scoring everything at once."""
    with ending_on_errors(aggregate):
        check_written([aggregate], files)
        total = _merged(files)
        if aggregate is not None:
            write_whole(aggregate, total.to_bytes())
    _print_scores(total, {}, None, as_json)


@app.command()
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
    confidence: Annotated[float, typer.Option(help="Of the intervals and of the verdicts.")] = 0.95,
    seed: Annotated[int, typer.Option(help="Of the random numbers.")] = 12345,
    nulls: Annotated[str, typer.Option(help="What to do about missing texts: error, empty or drop.")] = "error",
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit with 3 if anything got worse by the evidence.")
    ] = False,
    as_json: AsJson = False,
    threads: Threads = None,
) -> None:
    """Tell whether systems are better or worse than a base, with intervals and p-values; by task with --by."""
    with ending_on_errors():
        columns = Columns(prediction, reference, by)
        scorer = tg.Scorer(_fitted(_metrics(metrics, stemmer, tokenizer, option), base, columns), threads=threads)
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
    if as_json:
        document: dict[str, Any] = {**whole.to_dict(), "signatures": measured.signatures}
        if by is not None:
            document["groups"] = [{"key": key, **comparison.to_dict()} for key, comparison in groups.items()]
        print_json(document)
    else:
        print_text(_comparison_text(whole, groups, by, measured.signatures))
    if fail_on_regression and (whole.regressions or any(each.regressions for each in groups.values())):
        raise typer.Exit(3)


def _metrics(names: str, stemmer: str | None, tokenizer: str | None, given: list[str] | None) -> list[tg.Metric]:
    """The metrics of these names, each with those options that it has.

    Raises:
        ConfigError: There is no such metric, or none has one of the options.
    """
    options: list[tuple[str, str, Any]] = [("", "stemmer", stemmer), ("", "tokenizer", tokenizer)]
    options = [option for option in options if option[2] is not None]
    for text in given or []:
        name, equals, value = text.partition("=")
        if not equals:
            raise tg.ConfigError(f"an option is NAME=VALUE or METRIC.NAME=VALUE, not {text!r}", "bad-option")
        of, _, name = name.rpartition(".")
        options.append((of, name, _value(value)))
    used: set[int] = set()
    metrics = []
    for metric_name in (name.strip() for name in names.split(",")):
        metric = by_name(metric_name)
        own = {}
        for number, (of, name, value) in enumerate(options):
            if of in ("", metric_name) and name in metric.option_names():
                own[name] = value
                used.add(number)
        metrics.append(metric.with_options(**own))
    for number, (of, name, _) in enumerate(options):
        if number not in used:
            whose = f"the metric {of!r}" if of else f"any of the metrics {names}"
            raise tg.ConfigError(f"{name!r} is no option of {whose}", "bad-option")
    return metrics


def _fitted(metrics: list[tg.Metric], file: str, columns: Columns) -> list[tg.Metric]:
    """The metrics, NIST with the weights of the references in the file, which is scored in parts."""

    def fit(metric: tg.Metric) -> tg.Metric:
        if not isinstance(metric, tg.Nist):
            return metric
        if file == "-" or is_stream(Path(file)):
            stream = "standard input" if file == "-" else file
            raise tg.InputError(f"nist reads references twice, which {stream} cannot be: name a file", "not-fitted")
        # What is wrong with a text is said when its row is scored.
        references = (texts for part in read_parts(file, columns) for texts in part.references)
        return metric.fit(references, nulls="propagate")

    return [fit(metric) for metric in metrics]


def _value(text: str) -> Any:  # noqa: ANN401 - whatever JSON has
    try:
        return json.loads(text)
    except ValueError:
        return text


def _score_file(
    scorer: tg.Scorer,
    file: str,
    columns: Columns,
    nulls: str,
    write: Callable[[dict[str, Any]], object] | None,
    watch: Watch,
) -> tuple[Groups, tg.Aggregate]:
    """The aggregates of each group (without `by`, of one group None) and of all."""
    groups: Groups = {}
    for part in read_parts(file, columns):
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
            watch.look(part)
        for key, sums in zip(keys, parts, strict=True):
            groups[key] = groups[key] + sums if key in groups else sums
        if write is not None:
            _write_rows(write, part, scores)
    for warning in watch.warnings():
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


def _merged(files: list[Path]) -> tg.Aggregate:
    total = _read_aggregate(files[0])
    for file in files[1:]:
        part = _read_aggregate(file)
        try:
            total += part
        except tg.SignatureMismatch as error:
            raise tg.SignatureMismatch(f"{file} is unlike {files[0]}: {error.message}", error.code) from error
    return total


def _read_aggregate(path: Path) -> tg.Aggregate:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise tg.InputError(f"cannot read {path}: {error.strerror or error}", "bad-file") from error
    try:
        return tg.Aggregate.from_bytes(data)
    except (tg.InputError, tg.SignatureMismatch) as error:
        raise type(error)(f"{path}: {error.message}", error.code) from error


def _print_scores(total: tg.Aggregate, groups: Groups, by: str | None, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(total, groups, by))
    else:
        print_text(_as_text(total, groups, by))


def _as_text(total: tg.Aggregate, groups: Groups, by: str | None) -> str:
    blocks = [] if by is None else [_block(key_name(key), part) for key, part in groups.items()]
    blocks.append(_block("all", total))
    return "\n\n".join([*blocks, _signatures(total.signatures)])


def _signatures(signatures: dict[str, str]) -> str:
    return "\n".join(f"{name}  {signature}" for name, signature in signatures.items())


def _block(name: str, aggregate: tg.Aggregate) -> str:
    return f"{name}: {describe_rows(aggregate)}\n{table(aggregate, 'text')}"


def _as_json(total: tg.Aggregate, groups: Groups, by: str | None) -> dict[str, Any]:
    document = {**_summary(total), "signatures": total.signatures, "sacrebleu": total.sacrebleu_signatures}
    if by is not None:
        document["groups"] = [{"key": key, **_summary(part)} for key, part in groups.items()]
    return document


def _summary(aggregate: tg.Aggregate) -> dict[str, Any]:
    return {"rows": aggregate.rows, "nulls": aggregate.nulls, "scores": aggregate.corpus}


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
    for part in read_parts(file, columns):
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


def _comparison_text(
    whole: tg.Comparison, groups: dict[Hashable, tg.Comparison], by: str | None, signatures: dict[str, str]
) -> str:
    blocks = []
    if by is not None:
        blocks.append(_regressions(groups, by))
        # What got worse first, the worst of it before the rest.
        order = sorted(groups, key=lambda key: min(map(_loss, groups[key].regressions), default=0.0))
        blocks += [f"{by} {key_name(key)}: {groups[key].rows} rows\n{groups[key]!r}" for key in order]
    kind = "paired bootstrap samples" if whole.test == "bootstrap" else "trials of approximate randomization"
    blocks.append(f"all: {whole.rows} rows, {whole.samples} {kind}, seed {whole.seed}\n{whole!r}")
    return "\n\n".join([*blocks, _signatures(signatures)])


def _loss(difference: tg.Difference) -> float:
    """How far the system fell behind, as a share of the base's score; below 0."""
    return -abs(difference.difference.score) / (abs(difference.base_score.score) or 1.0)


def _regressions(groups: dict[Hashable, tg.Comparison], by: str) -> str:
    worse = [(difference, key) for key, each in groups.items() for difference in each.regressions]
    if not worse:
        return f"worse by the evidence: no {by}"
    lines = [
        f"  {key_name(key)}: {each.column} of {each.system} {each.difference.score:+.4f}, from "
        f"{each.base_score.score:.4f} to {each.system_score.score:.4f} (p {each.adjusted_p_value:.4f})"
        for each, key in sorted(worse, key=lambda pair: _loss(pair[0]))
    ]
    return "\n".join([f"worse by the evidence, {by} by {by}:", *lines])
