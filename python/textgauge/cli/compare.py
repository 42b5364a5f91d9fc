"""The command `textgauge compare`."""

from __future__ import annotations

import dataclasses
import sys

import click

import textgauge as tg
from textgauge.checks import ColumnChecks
from textgauge.cli import inputs, options
from textgauge.cli.console import Meter, ending_on_errors, tell
from textgauge.cli.inputs import Input, fitted
from textgauge.cli.options import chosen_metrics
from textgauge.cli.tables import check_format, print_comparison
from textgauge.io.job import read, readable
from textgauge.io.systems import Matcher, check_systems
from textgauge.io.write import system_names
from textgauge.stats.comparison import adjust

__all__ = ["compare"]


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@inputs.prediction
@inputs.reference
@options.of_metrics("rouge1,rouge2,rougeL")
@inputs.by
@inputs.where
@inputs.input_format
@inputs.sentences
@click.option("--test", default="bootstrap", help="bootstrap or randomization.")
@click.option("--samples", type=int, help="Samples (default: 1000) or trials of randomization (10000).")
@options.confidence
@options.seed
@options.nulls
@click.option("--fail-on-regression", is_flag=True, help="Exit with status 3 if any score is significantly worse.")
@options.form
@options.as_json
@options.threads
@options.check
@options.quiet
def compare(
    files: tuple[str, ...],
    prediction: tuple[str, ...],
    reference: tuple[str, ...],
    metrics: str,
    stemmer: str | None,
    tokenizer: str | None,
    option: tuple[str, ...],
    by: str | None,
    where: tuple[str, ...],
    input_format: str | None,
    sentences: str,
    test: str,
    samples: int | None,
    confidence: float,
    seed: int,
    nulls: str,
    fail_on_regression: bool,
    form: str,
    as_json: bool,
    threads: int | None,
    check: bool,
    quiet: bool,
) -> None:
    """Tell whether systems are better or worse than a base, with intervals and p-values; by task with --by.

    The first FILE holds outputs of the system to compare with, others those of further systems for the same inputs,
    as for `score`; rows are matched by id, or else stand in the same order. One FILE, or none: a system for each
    --prediction.
    """
    with ending_on_errors():
        form = check_format("json" if as_json else form)
        given = _inputs(files, input_format, prediction, reference, by, where, sentences, quiet=quiet)
        scorer = tg.Scorer(chosen_metrics(metrics, stemmer, tokenizer, option), threads=threads)
        scorer = fitted(scorer, given[0])
        measured = [_measure(scorer, each, nulls, check=check, quiet=quiet) for each in given]
        systems = _by_name(measured)
        if check:
            _warn(dict(zip(systems, (checks for each in measured for checks in each.checks), strict=True)))

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
        groups: dict[str, tg.Comparison] = {}
        if by is not None:
            members = measured[0].matcher.groups()
            each = [compared({name: of.select(rows) for name, of in systems.items()}) for rows in members.values()]
            groups = dict(zip(members, adjust(each), strict=True))
    print_comparison(whole, groups, by, scorer.signatures, form)
    if fail_on_regression and (whole.regressions or any(each.regressions for each in groups.values())):
        sys.exit(3)


def _inputs(
    files: tuple[str, ...],
    form: str | None,
    prediction: tuple[str, ...],
    reference: tuple[str, ...],
    by: str | None,
    where: tuple[str, ...],
    sentences: str,
    *,
    quiet: bool,
) -> list[Input]:
    """What is read: the base first; several systems may be columns of one."""

    def given(*files: str) -> Input:
        return Input.of(files, form, prediction, reference, by, where=where, sentences=sentences, quiet=quiet)

    check_systems(files, prediction)
    if len(files) <= 1 and len(prediction) <= 1:
        raise tg.ConfigError(
            "there is nothing to compare with: name another file, or another --prediction", "bad-option"
        )
    return list(map(given, files)) if files else [given()]


@dataclasses.dataclass
class _Measured:
    """The systems in a file."""

    given: Input
    matcher: Matcher
    systems: dict[str, tg.Measurements]
    checks: list[ColumnChecks]


def _measure(scorer: tg.Scorer, given: Input, nulls: str, *, check: bool, quiet: bool) -> _Measured:
    sources = given.open()
    checks: dict[str, ColumnChecks] = {}
    parts: dict[str, list[tg.Measurements]] = {}
    matcher = Matcher(given.open, given.choice, sources[0].name)
    with Meter([source.size for source in sources], quiet=quiet) as meter:
        for rows, position in read(sources, given.choice, scorer.threads):
            readable(rows)
            with rows.naming_rows():
                for column in rows.picked.predictions:
                    part = scorer.measure(
                        rows.predictions(column),
                        rows.references(),
                        nulls=nulls,  # type: ignore[arg-type] # the core checks it
                        sentences=rows.picked.sentences,
                    )
                    parts.setdefault(column, []).append(part)
                    if check:
                        checks.setdefault(column, ColumnChecks(scorer.metrics, scorer.threads)).look(rows, column)
            matcher.add(rows)
            meter.show(position, rows.batch)
    systems = {column: sum(each[1:], start=each[0]) for column, each in parts.items()}
    return _Measured(given, matcher, systems, list(checks.values()))


def _warn(checks: dict[str, ColumnChecks]) -> None:
    """Says of each system what makes its scores doubtful; what all have in common, such as their references, once."""
    systems: dict[str, list[str]] = {}
    for system, own in checks.items():
        for warning in own.warnings():
            systems.setdefault(warning, []).append(system)
    for warning, names in systems.items():
        tell(f"warning: {', '.join(names)}: {warning}")


def _by_name(measured: list[_Measured]) -> dict[str, tg.Measurements]:
    """All systems, their rows in the order of the base's."""
    base = measured[0]
    if len(measured) == 1:
        names = system_names(list(base.systems))
        return dict(zip(names, base.systems.values(), strict=True))
    names = system_names([each.given.files[0] for each in measured])
    systems = {}
    for name, each in zip(names, measured, strict=True):
        (own,) = each.systems.values()
        order = base.matcher.order_of(each.matcher)
        systems[name] = own if order is None else own.select(order)
    return systems
