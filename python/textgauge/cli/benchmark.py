"""The commands `textgauge benchmark`."""

# Typer reads the annotations when it runs, so nothing here is deferred.
import dataclasses
import functools
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from textgauge._render import LINE_WIDTH, Table
from textgauge.benchmarks import Record, Records, bbh, gsm8k, helm, math, mmlu, mmlu_pro, read
from textgauge.benchmarks.accuracy import Accuracy, Item
from textgauge.benchmarks.answers.reading import Reading
from textgauge.benchmarks.differences import Difference, differences, shortened, snippet
from textgauge.benchmarks.groups import GroupScores
from textgauge.cli.console import ending_on_errors, print_json, print_text, tell
from textgauge.errors import ConfigError
from textgauge.io.write import check_written, key_name, output, system_names, without_nan

__all__ = ["app"]

Scores = TypeVar("Scores", mmlu.MmluScores, mmlu_pro.MmluProScores, bbh.BbhScores, GroupScores, helm.HelmScores)

Files = Annotated[
    list[str],
    typer.Argument(
        help="Outputs of a model each: JSON lines, plain or compressed, - for standard input, or what a harness writes "
        "(lm-evaluation-harness, HELM, lighteval, Inspect, batches), a file or a folder."
    ),
]
Items = Annotated[
    Path | None, typer.Option(help="File of items that the results of a batch (OpenAI, Anthropic) answer by their ids.")
]
Tasks = Annotated[
    str | None,
    typer.Option(help="Pattern of a harness's tasks, such as 'mmlu_flan_*'. [default: all of the benchmark]"),
]
Filter = Annotated[
    str | None,
    typer.Option("--filter", help="Filter of lm-evaluation-harness whose answers are read. [default: unfiltered]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Repeats = Annotated[
    str,
    typer.Option(help="Which of several answers to an item count: first, majority, mean, maj@K, mean@K or pass@K."),
]
ListUnanswered = Annotated[bool, typer.Option("--list-unanswered", help="Name the items without an answer.")]
Differences = Annotated[
    str | None,
    typer.Option("--differences", help="Another extraction: list the items on which it finds another answer."),
]
Explain = Annotated[bool, typer.Option("--explain", help="Add the rule and the place of each answer to --out.")]
Out = Annotated[
    Path | None,
    typer.Option(help="File for the scored items, as JSON lines for `compare`; for several models, a folder."),
]


class Source:
    """Where the outputs of models are.

    Args:
        files: A file or a folder for each model.
        by: The field, or fields, that may name the group of a record.
        default: The group of records without such a field.
        options: Those of `read`.
    """

    def __init__(
        self, files: list[str], by: str | Sequence[str], default: str | None = None, **options: Path | str | None
    ) -> None:
        self.files = files
        self._by, self._default = by, default
        self._options: dict[str, Any] = options

    def read(self) -> dict[str, Records]:
        """The records of each model. Notes on what was left out of them are printed."""
        outputs = {}
        for name, file in zip(system_names(self.files), self.files, strict=True):
            outputs[name] = read(file, self._by, self._default, **self._options)
            for note in outputs[name].notes:
                tell(f"note: {note}")
        return outputs


@dataclasses.dataclass(frozen=True)
class Asked:
    """How answers are found and counted.

    Attributes:
        extraction: How they are found.
        repeats: Which of several count.
        other: Another way to find them, whose differences are listed.
    """

    extraction: str
    repeats: str
    other: str | None = None


@dataclasses.dataclass(frozen=True)
class Shown:
    """What is printed and written.

    Attributes:
        field: What the group is called in rows.
        list_unanswered: Whether items without an answer are named.
        explain: Whether rows say why an answer is one.
        out: Where rows are written.
        as_json: Whether JSON is printed.
    """

    field: str
    list_unanswered: bool
    out: Path | None
    as_json: bool
    explain: bool = False


app = typer.Typer(help="Score outputs of language models on a benchmark.", no_args_is_help=True, rich_markup_mode=None)


@app.command("mmlu")
def score_mmlu(
    files: Files,
    extraction: Annotated[str, typer.Option(help="Answer extraction: chat, strict, flexible or direct.")] = "chat",
    repeats: Repeats = "first",
    list_unanswered: ListUnanswered = False,
    other: Differences = None,
    explain: Explain = False,
    out: Out = None,
    as_json: AsJson = False,
    items: Items = None,
    tasks: Tasks = None,
    filter_name: Filter = None,
) -> None:
    """MMLU: accuracy by subject and category, micro and macro, and calibration."""
    source = Source(files, "subject", items=items, tasks=tasks, filter=filter_name)
    shown = Shown("subject", list_unanswered=list_unanswered, explain=explain, out=out, as_json=as_json)
    score = functools.partial(mmlu.score, explain=explain)
    _run(source, Asked(extraction, repeats, other), shown, score, _mmlu, mmlu.reading)


@app.command("bbh")
def score_bbh(
    files: Files,
    extraction: Annotated[
        str, typer.Option(help="Answer extraction: chat, strict, flexible, direct, lm-eval-fewshot or lm-eval-strict.")
    ] = "chat",
    repeats: Repeats = "first",
    list_unanswered: ListUnanswered = False,
    other: Differences = None,
    explain: Explain = False,
    out: Out = None,
    as_json: AsJson = False,
    items: Items = None,
    tasks: Tasks = None,
    filter_name: Filter = None,
) -> None:
    """BIG-bench Hard: accuracy by task, over all items, and the paper's average over tasks."""
    source = Source(files, "task", items=items, tasks=tasks, filter=filter_name)
    shown = Shown("task", list_unanswered=list_unanswered, explain=explain, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats, other), shown, bbh.score, _bbh, bbh.reading)


@app.command("mmlu-pro")
def score_mmlu_pro(
    files: Files,
    extraction: Annotated[str, typer.Option(help="Answer extraction: chat, strict, flexible or direct.")] = "chat",
    repeats: Repeats = "first",
    list_unanswered: ListUnanswered = False,
    other: Differences = None,
    explain: Explain = False,
    out: Out = None,
    as_json: AsJson = False,
    items: Items = None,
    tasks: Tasks = None,
    filter_name: Filter = None,
) -> None:
    """MMLU-Pro: accuracy by category, micro and macro, and calibration."""
    source = Source(files, mmlu_pro.BY, items=items, tasks=tasks, filter=filter_name)
    shown = Shown("category", list_unanswered=list_unanswered, explain=explain, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats, other), shown, mmlu_pro.score, _mmlu_pro, mmlu_pro.reading)


@app.command("gsm8k")
def score_gsm8k(
    files: Files,
    extraction: Annotated[
        str,
        typer.Option(help="Answer extraction: chat, strict, flexible, helm, lm-eval-strict or lm-eval-cot."),
    ] = "chat",
    repeats: Repeats = "first",
    list_unanswered: ListUnanswered = False,
    out: Out = None,
    as_json: AsJson = False,
    items: Items = None,
    tasks: Tasks = None,
    filter_name: Filter = None,
) -> None:
    """GSM8K: how many final numbers are right."""
    source = Source(files, gsm8k.BY, "gsm8k", items=items, tasks=tasks, filter=filter_name)
    shown = Shown("task", list_unanswered=list_unanswered, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats), shown, gsm8k.score, _groups)


@app.command("math")
def score_math(
    files: Files,
    extraction: Annotated[
        str, typer.Option(help="Answer extraction: chat, strict, direct, lm-eval, lm-eval-minerva.")
    ] = "chat",
    repeats: Repeats = "first",
    by: Annotated[
        str | None,
        typer.Option(help="Field that names the group. [default: the first there is of subject, task, level]"),
    ] = None,
    list_unanswered: ListUnanswered = False,
    out: Out = None,
    as_json: AsJson = False,
    items: Items = None,
    tasks: Tasks = None,
    filter_name: Filter = None,
) -> None:
    """MATH: how many final answers are right, whatever their LaTeX."""
    source = Source(files, by or math.BY, "math", items=items, tasks=tasks, filter=filter_name)
    shown = Shown(by or "subject", list_unanswered=list_unanswered, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats), shown, math.score, _groups)


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
    items: Items = None,
    tasks: Tasks = None,
    filter_name: Filter = None,
    threads: Annotated[int | None, typer.Option(help="How many threads to use. [default: all processors]")] = None,
) -> None:
    """HELM: the main metric of each scenario, robustness, fairness and calibration; win rates of several models."""
    with ending_on_errors(out):
        written = _written(out, files)
        chosen = None if metrics is None else {name: _helm_metric(name) for name in map(str.strip, metrics.split(","))}
        outputs = Source(files, "scenario", items=items, tasks=tasks, filter=filter_name).read()
        options: Any = {"board": board, "output_mapping_pattern": output_mapping_pattern, "threads": threads}
        models = {name: helm.score(records, metrics=chosen, **options) for name, records in outputs.items()}
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
            lines += [_values(values, f"  {part}: ") for part, values in parts.items() if values]
        lines += [f"not computed: {metric}: {reason}" for metric, reason in scores.left_out.items()]
        if scores.mean is not None:
            lines.append(f"mean of main metrics: {scores.mean:.4f}")
        _print(lines, [item.record for item in scores.unanswered] if list_unanswered else ())
    if len(models) > 1:
        width = max(map(len, rates))
        lines = [f"{name.ljust(width)}  {'-' if rate is None else f'{rate:.4f}'}" for name, rate in rates.items()]
        print_text("\n".join(["mean win rate", *lines]))


def _run(
    source: Source,
    asked: Asked,
    shown: Shown,
    score: Callable[..., Any],
    lines: Callable[[str, Any], Iterable[str]],
    reading: Callable[[Record, Any], Reading | None] | None = None,
) -> None:
    """Scores the outputs of all models and prints what `lines` makes of a name and its scores.

    Args:
        source: Where the outputs are.
        asked: How answers are found and counted.
        shown: What is printed and written.
        score: The benchmark's function.
        lines: What is printed.
        reading: What finds the answer of a record, for differences.
    """
    with ending_on_errors(shown.out):
        written = _written(shown.out, source.files)
        outputs = source.read()
        models = {
            name: score(records, extraction=asked.extraction, repeats=asked.repeats)
            for name, records in outputs.items()
        }
        _write(written, models, lambda item: item.row(shown.field, explain=shown.explain))
        differing = _differing(outputs, reading, asked)
    if shown.as_json:
        how = {"extraction": asked.extraction, "repeats": asked.repeats}
        _print_json(models, shown.list_unanswered, differing, **how)
        return
    for model in models:
        unanswered = models[model].unanswered if shown.list_unanswered else ()
        _print([*lines(model, models[model]), *_differences_listed(differing[model], asked)], unanswered)


def _mmlu(name: str, scores: mmlu.MmluScores) -> Iterator[str]:
    rows: list[tuple[str, Accuracy]] = []
    for category, accuracy in scores.categories.items():
        rows.append((category, accuracy))
        for part in (part for part in mmlu.CATEGORIES[category] if part in scores.subcategories):
            rows.append((f"  {part}", scores.subcategories[part]))
            rows += [(f"    {key}", each) for key, each in scores.subjects.items() if mmlu.SUBJECTS[key][0] == part]
    yield _heading(name, scores.micro)
    yield _table([*rows, ("all (micro)", scores.micro)])
    yield f"macro, mean of {len(scores.subjects)} subjects: {scores.macro:.4f}{_absent(scores.missing_subjects)}"
    yield from _of_logprobs(scores)


def _bbh(name: str, scores: bbh.BbhScores) -> Iterator[str]:
    yield _heading(name, scores.micro)
    yield _table([*scores.tasks.items(), ("all (micro)", scores.micro)])
    yield f"average over tasks: {scores.average:.4f}{_absent(scores.missing_tasks)}"


def _mmlu_pro(name: str, scores: mmlu_pro.MmluProScores) -> Iterator[str]:
    yield from _groups(name, scores, "categories")
    yield from _of_logprobs(scores)


def _differing(
    outputs: Mapping[str, Sequence[Record]], reading: Callable[[Record, Any], Reading | None] | None, asked: Asked
) -> dict[str, list[Difference]]:
    """The items of each model on which the other extraction finds something else."""
    if asked.other is None or reading is None:
        return {name: [] for name in outputs}
    other = asked.other
    return {name: list(differences(records, reading, asked.extraction, other)) for name, records in outputs.items()}


def _differences_listed(differing: list[Difference], asked: Asked) -> Iterator[str]:
    """Each item with both answers, their rules and where they were read off."""
    extraction, other = asked.extraction, asked.other
    if other is None:
        return
    yield f"items on which {other} differs: {len(differing)}"
    width = max(len(extraction), len(other))
    for each in differing:
        yield f"  {key_name(each.record.group)} {key_name(each.record.id)}"
        for name, found in ((extraction, each.first), (other, each.second)):
            head = f"    {name.ljust(width)}  "
            if found is None:
                yield f"{head}no answer"
                continue
            head += f"{shortened(found.answer, 20)}, {found.rule}: "
            yield head + snippet(each.record.prediction or "", found, max(20, LINE_WIDTH - len(head)))


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
            if write is not None:
                for item in scores.items:
                    write(without_nan(row(item)))


def _helm_metric(name: str) -> helm.HelmMetric:
    base, at, number = name.partition("@")
    if base not in helm.METRICS or (at and not number.isdecimal()):
        known = ", ".join(helm.METRICS)
        raise ConfigError(
            f"HELM has no metric {name!r} of predictions and references; there are {known}", "unknown-metric"
        )
    return helm.METRICS[base]


def _print_json(
    models: dict[str, Scores],
    list_unanswered: bool,
    differing: dict[str, list[Difference]] | None = None,
    **also: Any,  # noqa: ANN401 - JSON
) -> None:
    document: dict[str, Any] = {**also, "models": {}}
    for name, scores in models.items():
        fields = {field.name: getattr(scores, field.name) for field in dataclasses.fields(scores)}
        fields["items"], fields["unanswered"] = len(scores.items), _number_unanswered(scores)
        if list_unanswered:
            named = (item.record if isinstance(item, helm.HelmItem) else item for item in scores.unanswered)
            fields["unanswered_items"] = [{"group": item.group, "id": item.id} for item in named]
        if differing and differing[name]:
            fields["differences"] = [_difference(each) for each in differing[name]]
        document["models"][name] = _plain(fields)
    print_json(document)


def _number_unanswered(scores: Scores) -> int:
    # Counted already, where there are accuracies: of items, each would be made to be looked at.
    return len(scores.unanswered) if isinstance(scores, helm.HelmScores) else scores.micro.unanswered


def _difference(each: Difference) -> dict[str, Any]:
    found = {"first": each.first, "second": each.second}
    named = {name: reading and dataclasses.asdict(reading) for name, reading in found.items()}
    return {"group": each.record.group, "id": each.record.id, **named}


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
    # `acc` is the accuracy once more.
    measures = [name for name in rows[-1][1].measures if name != "acc"]
    cells = [
        (name, str(each.items), *map("{:.4f}".format, [each.accuracy, each.standard_error, *_means(each, measures)]))
        for name, each in rows
    ]
    return Table(("", "items", "accuracy", "std.error", *measures), tuple(cells)).text()


def _means(accuracy: Accuracy, measures: list[str]) -> list[float]:
    return [accuracy.measures[measure].mean for measure in measures]


def _groups(name: str, scores: GroupScores, what: str = "groups") -> list[str]:
    lines = [_heading(name, scores.micro), _table([*scores.groups.items(), ("all (micro)", scores.micro)])]
    if len(scores.groups) > 1 or scores.missing_groups:
        count = len(scores.groups)
        lines.append(f"macro, mean of {count} {what}: {scores.macro:.4f}{_absent(scores.missing_groups)}")
    return lines


def _of_logprobs(scores: mmlu.MmluScores | mmlu_pro.MmluProScores) -> Iterator[str]:
    if scores.missing_logprobs:
        yield f"choices without a log-probability, taken for -100: {scores.missing_logprobs}"
    if scores.calibration is not None:
        yield _values(dataclasses.asdict(scores.calibration))


def _absent(missing: tuple[str, ...]) -> str:
    return f" ({len(missing)} have no items)" if missing else ""


def _values(values: dict[str, float], head: str = "") -> str:
    """Names with their values behind a head, in lines that fit."""
    # A name and its value stay together.
    text = ", ".join(f"{name}\xa0{value:.4f}" for name, value in values.items())
    return textwrap.fill(text, LINE_WIDTH, initial_indent=head, subsequent_indent="    ").replace("\xa0", " ")


def _trials(number: int) -> str:
    return f"{number} trial{'' if number == 1 else 's'}"
