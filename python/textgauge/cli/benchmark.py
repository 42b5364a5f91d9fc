"""The commands `textgauge benchmark`."""

# Typer reads the annotations when it runs, so nothing here is deferred.
import dataclasses
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from textgauge.benchmarks import Record, bbh, helm, mmlu, read
from textgauge.benchmarks.accuracy import Accuracy, Item
from textgauge.cli.console import ending_on_errors, print_json, print_text
from textgauge.errors import ConfigError
from textgauge.io.write import check_written, key_name, output, system_names, without_nan

__all__ = ["app"]

Scores = TypeVar("Scores", mmlu.MmluScores, bbh.BbhScores, helm.HelmScores)

Files = Annotated[
    list[str],
    typer.Argument(
        help="Outputs of a model each, as JSON lines, plain or gzipped: a file, - for standard input, or a folder "
        "such as lm-evaluation-harness writes."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
ListUnanswered = Annotated[bool, typer.Option("--list-unanswered", help="Name the items without an answer.")]
Out = Annotated[
    Path | None,
    typer.Option(help="File for the scored items, as JSON lines for `compare`; for several models, a folder."),
]

app = typer.Typer(help="Score outputs of language models on a benchmark.", no_args_is_help=True, rich_markup_mode=None)


@app.command("mmlu")
def score_mmlu(
    files: Files,
    extraction: Annotated[str, typer.Option(help="Answer extraction: strict, flexible or direct.")] = "strict",
    list_unanswered: ListUnanswered = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """MMLU: accuracy by subject and category, micro and macro, and calibration."""
    with ending_on_errors(out):
        written = _written(out, files)
        models = _score(files, "subject", lambda records: mmlu.score(records, extraction=extraction))  # type: ignore[arg-type] # it checks it
        _write(written, models, lambda item: item.row("subject"))
    if as_json:
        _print_json(models, list_unanswered, extraction=extraction)
        return
    for name, scores in models.items():
        rows: list[tuple[str, Accuracy]] = []
        for category, accuracy in scores.categories.items():
            rows.append((category, accuracy))
            for part in (part for part in mmlu.CATEGORIES[category] if part in scores.subcategories):
                rows.append((f"  {part}", scores.subcategories[part]))
                rows += [(f"    {key}", each) for key, each in scores.subjects.items() if mmlu.SUBJECTS[key][0] == part]
        lines = [_heading(name, scores.micro), _table([*rows, ("all (micro)", scores.micro)])]
        lines.append(
            f"macro, mean of {len(scores.subjects)} subjects: {scores.macro:.4f}{_absent(scores.missing_subjects)}"
        )
        if scores.missing_logprobs:
            lines.append(f"choices without a log-probability, taken for -100: {scores.missing_logprobs}")
        if scores.calibration is not None:
            lines.append(_values(dataclasses.asdict(scores.calibration)))
        _print(lines, scores.unanswered if list_unanswered else ())


@app.command("bbh")
def score_bbh(
    files: Files,
    extraction: Annotated[
        str, typer.Option(help="Answer extraction: strict, flexible, direct, lm-eval-fewshot or lm-eval-strict.")
    ] = "strict",
    list_unanswered: ListUnanswered = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """BIG-bench Hard: accuracy by task, over all items, and the paper's average over tasks."""
    with ending_on_errors(out):
        written = _written(out, files)
        models = _score(files, "task", lambda records: bbh.score(records, extraction=extraction))  # type: ignore[arg-type] # it checks it
        _write(written, models, lambda item: item.row("task"))
    if as_json:
        _print_json(models, list_unanswered, extraction=extraction)
        return
    for name, scores in models.items():
        lines = [_heading(name, scores.micro), _table([*scores.tasks.items(), ("all (micro)", scores.micro)])]
        lines.append(f"average over tasks: {scores.average:.4f}{_absent(scores.missing_tasks)}")
        _print(lines, scores.unanswered if list_unanswered else ())


@app.command("helm")
def score_helm(
    files: Files,
    metrics: Annotated[
        str | None, typer.Option(help="Comma-separated names, as NAME@3 for the best of three. [default: all]")
    ] = None,
    board: Annotated[
        str | None, typer.Option(help="Whose main metrics: classic or lite. [default: Lite's where they differ]")
    ] = None,
    output_mapping_pattern: Annotated[
        str | None, typer.Option(help="Regular expression that finds the letter of a choice in a text.")
    ] = None,
    list_unanswered: ListUnanswered = False,
    out: Out = None,
    as_json: AsJson = False,
    threads: Annotated[int | None, typer.Option(help="How many threads to use. [default: all processors]")] = None,
) -> None:
    """HELM: the main metric of each scenario, robustness, fairness and calibration; win rates of several models."""
    with ending_on_errors(out):
        written = _written(out, files)
        chosen = None if metrics is None else {name: _helm_metric(name) for name in map(str.strip, metrics.split(","))}
        options: Any = {"board": board, "output_mapping_pattern": output_mapping_pattern, "threads": threads}
        models = _score(files, "scenario", lambda records: helm.score(records, metrics=chosen, **options))
        _write(written, models, lambda item: item.row())
    rates = helm.mean_win_rates({name: scores.main for name, scores in models.items()})
    if as_json:
        _print_json(models, list_unanswered, mean_win_rates=rates)
        return
    for name, scores in models.items():
        lines = [f"{name}: {len(scores.items)} outputs, {len(scores.unanswered)} unanswered"]
        for scenario, each in scores.scenarios.items():
            main = "not computed" if each.main is None else f"{each.main:.4f}"
            lines.append(f"{scenario}: {each.main_metric} {main} ({each.instances} instances, {_trials(each.trials)})")
            parts = {"metrics": each.metrics, "robustness": each.robustness, "fairness": each.fairness}
            parts.update(classes=each.classes, likelihood=each.likelihood, calibration=each.calibration)
            lines += [f"  {part}: {_values(values)}" for part, values in parts.items() if values]
        lines += [f"not computed: {metric}: {reason}" for metric, reason in scores.left_out.items()]
        if scores.mean is not None:
            lines.append(f"mean of main metrics: {scores.mean:.4f}")
        _print(lines, [item.record for item in scores.unanswered] if list_unanswered else ())
    if len(models) > 1:
        width = max(map(len, rates))
        lines = [f"{name.ljust(width)}  {'-' if rate is None else f'{rate:.4f}'}" for name, rate in rates.items()]
        print_text("\n".join(["mean win rate", *lines]))


def _score(files: list[str], by: str, score: Callable[[Any], Scores]) -> dict[str, Scores]:
    return {name: score(read(file, by)) for name, file in zip(system_names(files), files, strict=True)}


def _written(out: Path | None, files: list[str]) -> list[Path | None]:
    """The file to write for each model, which is none of those that are read."""
    if out is None:
        return [None] * len(files)
    written: list[Path | None] = [out]
    if len(files) > 1:
        names = system_names(files)
        # A name that is a path is no name of a file.
        if any(Path(name).name != name or not name for name in names):
            names = list(map(str, range(len(files))))
        written = [out / f"{name}.jsonl" for name in names]
    read = [each for file in map(Path, files) for each in (file.iterdir() if file.is_dir() else [file])]
    check_written(written, read)
    return written


def _write(written: list[Path | None], models: dict[str, Scores], row: Callable[[Any], dict[str, Any]]) -> None:
    for path, scores in zip(written, models.values(), strict=True):
        if path is not None and len(written) > 1:
            path.parent.mkdir(parents=True, exist_ok=True)
        with output(path) as write:
            for item in scores.items:
                if write is not None:
                    write(without_nan(row(item)))


def _helm_metric(name: str) -> helm.HelmMetric:
    base, at, number = name.partition("@")
    if base not in helm.METRICS or (at and not number.isdecimal()):
        known = ", ".join(helm.METRICS)
        raise ConfigError(
            f"HELM has no metric {name!r} of predictions and references; there are {known}", "unknown-metric"
        )
    return helm.METRICS[base]


def _print_json(models: dict[str, Scores], list_unanswered: bool, **also: Any) -> None:  # noqa: ANN401 - JSON
    document: dict[str, Any] = {**also, "models": {}}
    for name, scores in models.items():
        fields = {field.name: getattr(scores, field.name) for field in dataclasses.fields(scores)}
        fields["items"], fields["unanswered"] = len(scores.items), len(scores.unanswered)
        if list_unanswered:
            named = (item.record if isinstance(item, helm.HelmItem) else item for item in scores.unanswered)
            fields["unanswered_items"] = [{"group": item.group, "id": item.id} for item in named]
        document["models"][name] = _plain(fields)
    print_json(document)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever scores hold
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return {key: _plain(part) for key, part in value.items()} if isinstance(value, dict) else value


def _print(lines: Iterable[str], unanswered: Iterable[Item | Record]) -> None:
    print_text("\n".join([*lines, *_unanswered(unanswered), ""]))


def _unanswered(items: Iterable[Item | Record]) -> Iterator[str]:
    for number, item in enumerate(items):
        if not number:
            yield "unanswered:"
        yield f"  {key_name(item.group)} {key_name(item.id)}"


def _heading(name: str, total: Accuracy) -> str:
    return f"{name}: {total.items} items, {total.unanswered} unanswered"


def _table(rows: list[tuple[str, Accuracy]]) -> str:
    width = max(len(name) for name, _ in rows)
    lines = [f"{''.ljust(width)}  items  accuracy  std.error"]
    lines += [
        f"{name.ljust(width)}  {each.items:5}  {each.accuracy:8.4f}  {each.standard_error:9.4f}" for name, each in rows
    ]
    return "\n".join(lines)


def _absent(missing: tuple[str, ...]) -> str:
    return f" ({len(missing)} have no items)" if missing else ""


def _values(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in values.items())


def _trials(number: int) -> str:
    return f"{number} trial{'' if number == 1 else 's'}"
