"""The commands `textgauge benchmark`."""

from __future__ import annotations

import dataclasses
import functools
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from textgauge._render import LINE_WIDTH, Table
from textgauge.benchmarks import bbh, gsm8k, helm, math, mmlu, mmlu_pro, read
from textgauge.benchmarks.differences import differences, shortened, snippet
from textgauge.benchmarks.groups import GroupScores
from textgauge.cli import options
from textgauge.cli.console import Group, ending_on_errors, print_json, print_text, tell
from textgauge.cli.options import PATH
from textgauge.errors import ConfigError
from textgauge.io.write import check_written, key_name, output, system_names, without_nan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from textgauge.benchmarks import Record, Records
    from textgauge.benchmarks.accuracy import Accuracy, Item
    from textgauge.benchmarks.answers.reading import Reading
    from textgauge.benchmarks.differences import Difference

__all__ = ["benchmark"]

Scores = TypeVar("Scores", mmlu.MmluScores, mmlu_pro.MmluProScores, bbh.BbhScores, GroupScores, helm.HelmScores)

FILES = (
    "Each FILE holds the outputs of a model: JSON lines, plain or compressed, - for standard input, or what a harness "
    "writes (lm-evaluation-harness, HELM, lighteval, Inspect, batches), a file or a folder."
)

files = click.argument("files", metavar="FILE...", nargs=-1, required=True)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
repeats = click.option(
    "--repeats",
    default="first",
    help="Which of several answers to an item count: first, majority, mean, maj@K, mean@K or pass@K.",
)
list_unanswered = click.option("--list-unanswered", is_flag=True, help="Name the items without an answer.")
other = click.option(
    "--differences", "other", help="Another extraction: list the items on which it finds another answer."
)
explain = click.option("--explain", is_flag=True, help="Add the rule and the place of each answer to --out.")
out = click.option(
    "--out", type=PATH, help="File for the scored items, as JSON lines for `compare`; for several models, a folder."
)


def of_logs(command: Callable[..., None]) -> Callable[..., None]:
    """Options that say what is read of a harness's logs; `benchmarks.read` has them too."""
    items = click.option(
        "--items", type=PATH, help="File of items that the results of a batch (OpenAI, Anthropic) answer by their ids."
    )
    tasks = click.option(
        "--tasks", help="Pattern of a harness's tasks, such as 'mmlu_flan_*'. [default: all of the benchmark]"
    )
    filter_ = click.option(
        "--filter", help="Filter of lm-evaluation-harness whose answers are read. [default: unfiltered]"
    )
    return items(tasks(filter_(command)))


def of_chat(command: Callable[..., None]) -> Callable[..., None]:
    """Options of benchmarks whose answers are read in what chat models say: of how they are counted and shown."""
    return repeats(list_unanswered(other(explain(out(as_json(of_logs(command)))))))


class Source:
    """Where the outputs of models are.

    Args:
        files: A file or a folder for each model.
        logs: The options `of_logs`.
        by: The field, or fields, that may name the group of a record.
        default: The group of records without such a field.
    """

    def __init__(
        self, files: tuple[str, ...], logs: dict[str, Any], by: str | Sequence[str], default: str | None = None
    ) -> None:
        self.files = files
        self._logs, self._by, self._default = logs, by, default

    def read(self) -> dict[str, Records]:
        """The records of each model. Notes on what was left out of them are printed."""
        outputs = {}
        for name, file in zip(system_names(list(self.files)), self.files, strict=True):
            outputs[name] = read(file, self._by, self._default, **self._logs)
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


@click.group(cls=Group)
def benchmark() -> None:
    """Score outputs of language models on a benchmark."""


@benchmark.command("mmlu", epilog=FILES)
@files
@click.option("--extraction", default="chat", help="Answer extraction: chat, strict, flexible or direct.")
@of_chat
def score_mmlu(
    files: tuple[str, ...],
    extraction: str,
    repeats: str,
    list_unanswered: bool,
    other: str | None,
    explain: bool,
    out: Path | None,
    as_json: bool,
    **logs: Path | str | None,
) -> None:
    """MMLU: accuracy by subject and category, micro and macro, and calibration."""
    source = Source(files, logs, "subject")
    shown = Shown("subject", list_unanswered=list_unanswered, explain=explain, out=out, as_json=as_json)
    score = functools.partial(mmlu.score, explain=explain)
    _run(source, Asked(extraction, repeats, other), shown, score, _mmlu, mmlu.reading)


@benchmark.command("bbh", epilog=FILES)
@files
@click.option(
    "--extraction",
    default="chat",
    help="Answer extraction: chat, strict, flexible, direct, lm-eval-fewshot or lm-eval-strict.",
)
@of_chat
def score_bbh(
    files: tuple[str, ...],
    extraction: str,
    repeats: str,
    list_unanswered: bool,
    other: str | None,
    explain: bool,
    out: Path | None,
    as_json: bool,
    **logs: Path | str | None,
) -> None:
    """BIG-bench Hard: accuracy by task, over all items, and the paper's average over tasks."""
    source = Source(files, logs, "task")
    shown = Shown("task", list_unanswered=list_unanswered, explain=explain, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats, other), shown, bbh.score, _bbh, bbh.reading)


@benchmark.command("mmlu-pro", epilog=FILES)
@files
@click.option("--extraction", default="chat", help="Answer extraction: chat, strict, flexible or direct.")
@of_chat
def score_mmlu_pro(
    files: tuple[str, ...],
    extraction: str,
    repeats: str,
    list_unanswered: bool,
    other: str | None,
    explain: bool,
    out: Path | None,
    as_json: bool,
    **logs: Path | str | None,
) -> None:
    """MMLU-Pro: accuracy by category, micro and macro, and calibration."""
    source = Source(files, logs, mmlu_pro.BY)
    shown = Shown("category", list_unanswered=list_unanswered, explain=explain, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats, other), shown, mmlu_pro.score, _mmlu_pro, mmlu_pro.reading)


@benchmark.command("gsm8k", epilog=FILES)
@files
@click.option(
    "--extraction",
    default="chat",
    help="Answer extraction: chat, strict, flexible, helm, lm-eval-strict or lm-eval-cot.",
)
@repeats
@list_unanswered
@out
@as_json
@of_logs
def score_gsm8k(
    files: tuple[str, ...],
    extraction: str,
    repeats: str,
    list_unanswered: bool,
    out: Path | None,
    as_json: bool,
    **logs: Path | str | None,
) -> None:
    """GSM8K: how many final numbers are right."""
    source = Source(files, logs, gsm8k.BY, "gsm8k")
    shown = Shown("task", list_unanswered=list_unanswered, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats), shown, gsm8k.score, _groups)


@benchmark.command("math", epilog=FILES)
@files
@click.option("--extraction", default="chat", help="Answer extraction: chat, strict, direct, lm-eval, lm-eval-minerva.")
@repeats
@click.option("--by", help="Field that names the group. [default: the first there is of subject, task, level]")
@list_unanswered
@out
@as_json
@of_logs
def score_math(
    files: tuple[str, ...],
    extraction: str,
    repeats: str,
    by: str | None,
    list_unanswered: bool,
    out: Path | None,
    as_json: bool,
    **logs: Path | str | None,
) -> None:
    """MATH: how many final answers are right, whatever their LaTeX."""
    source = Source(files, logs, by or math.BY, "math")
    shown = Shown(by or "subject", list_unanswered=list_unanswered, out=out, as_json=as_json)
    _run(source, Asked(extraction, repeats), shown, math.score, _groups)


@benchmark.command("helm", epilog=FILES)
@files
@click.option("--metrics", help="Comma-separated names, as NAME@3 for the best of three. [default: all]")
@click.option("--board", help="Whose main metrics: classic or lite. [default: Lite's where they differ]")
@click.option("--output-mapping-pattern", help="Regular expression that finds the letter of a choice in a text.")
@list_unanswered
@out
@as_json
@of_logs
@options.threads
def score_helm(
    files: tuple[str, ...],
    metrics: str | None,
    board: str | None,
    output_mapping_pattern: str | None,
    list_unanswered: bool,
    out: Path | None,
    as_json: bool,
    threads: int | None,
    **logs: Path | str | None,
) -> None:
    """HELM: the main metric of each scenario, robustness, fairness and calibration; win rates of several models."""
    with ending_on_errors(out):
        written = _written(out, files)
        chosen = None if metrics is None else {name: _helm_metric(name) for name in map(str.strip, metrics.split(","))}
        outputs = Source(files, logs, "scenario").read()
        how: Any = {"board": board, "output_mapping_pattern": output_mapping_pattern, "threads": threads}
        models = {name: helm.score(records, metrics=chosen, **how) for name, records in outputs.items()}
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


def _written(out: Path | None, files: tuple[str, ...]) -> list[Path | None]:
    """The file to write for each model, which is none of those that are read."""
    if out is None:
        return [None] * len(files)
    written: list[Path | None] = [out]
    if len(files) > 1:
        names = system_names(list(files))
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
