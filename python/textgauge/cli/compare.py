"""The command `textgauge compare`."""

import dataclasses
import json
from typing import Annotated, NoReturn

import numpy as np
import numpy.typing as npt
import typer

import textgauge as tg
from textgauge.cli.console import Meter, ending_on_errors
from textgauge.cli.inputs import By, Input, InputFormat, Lists, Prediction, Reference, Where, fitted
from textgauge.cli.options import AsJson, Format, Names, Options, Stemmer, Threads, Tokenizer, chosen_metrics
from textgauge.cli.tables import check_format, print_comparison
from textgauge.io.job import Selection, read, readable
from textgauge.io.write import system_names
from textgauge.stats.comparison import adjust

__all__ = ["compare"]


def compare(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Outputs of the system to compare with, and of others for the same inputs, as for `score`; rows are "
            "matched by id, or else stand in the same order. One file, or none: a system for each --prediction.",
        ),
    ] = None,
    prediction: Prediction = None,
    reference: Reference = None,
    metrics: Names = "rouge1,rouge2,rougeL",
    stemmer: Stemmer = None,
    tokenizer: Tokenizer = None,
    option: Options = None,
    by: By = None,
    where: Where = None,
    input_format: InputFormat = None,
    sentences: Lists = "lines",
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
        form = check_format("json" if as_json else form)
        given = _inputs(files, input_format, prediction, reference, by, where, sentences)
        scorer = tg.Scorer(chosen_metrics(metrics, stemmer, tokenizer, option), threads=threads)
        scorer = fitted(scorer, given[0])
        measured = [_measure(scorer, each, nulls) for each in given]
        systems = _by_name(measured)

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
            members = measured[0].groups()
            each = [compared({name: of.select(rows) for name, of in systems.items()}) for rows in members.values()]
            groups = dict(zip(members, adjust(each), strict=True))
    print_comparison(whole, groups, by, scorer.signatures, form)
    if fail_on_regression and (whole.regressions or any(each.regressions for each in groups.values())):
        raise typer.Exit(3)


def _inputs(
    files: list[str] | None,
    form: str | None,
    prediction: list[str] | None,
    reference: list[str] | None,
    by: str | None,
    where: list[str] | None,
    sentences: str,
) -> list[Input]:
    """What is read: the base first; several systems may be columns of one."""

    def given(files: list[str] | None) -> Input:
        return Input.of(files, form, prediction, reference, by, where=where, sentences=sentences)

    several = len(prediction or ()) > 1
    if len(files or ()) > 1 and several:
        raise tg.ConfigError(
            "systems are files, or columns of one file: several --prediction ask for one", "bad-option"
        )
    if len(files or ()) <= 1 and not several:
        raise tg.ConfigError(
            "there is nothing to compare with: name another file, or another --prediction", "bad-option"
        )
    return [given([file]) for file in files] if files else [given(None)]


@dataclasses.dataclass
class _Measured:
    """The systems in a file, and what tells whether the rows of two files belong together."""

    given: Input
    name: str
    systems: dict[str, tg.Measurements]
    keys: list[str] = dataclasses.field(default_factory=list)
    """The key of each row's group."""
    identities: list[str | int] = dataclasses.field(default_factory=list)
    """The id of each row as JSON text, or what its references hash to if the file has no ids."""

    def groups(self) -> dict[str, list[int]]:
        """The rows of each group."""
        members: dict[str, list[int]] = {}
        for row, key in enumerate(self.keys):
            members.setdefault(key, []).append(row)
        return members

    def rows_by_id(self) -> dict[str, int] | None:
        """The row of each id; None if the file has no ids, or not each is one row's."""
        rows = {each: row for row, each in enumerate(self.identities) if isinstance(each, str)}
        return rows if len(rows) == len(self.identities) else None

    def place(self, row: int) -> str:
        """Where a row stands; the file is read again to find it."""
        seen = 0
        for rows, _ in read(self.given.open(), self.given.choice):
            if row < seen + len(rows):
                return rows.place(row - seen)
            seen += len(rows)
        raise AssertionError(row)


def _measure(scorer: tg.Scorer, given: Input, nulls: str) -> _Measured:
    sources = given.open()
    parts: dict[str, list[tg.Measurements]] = {}
    measured = _Measured(given, sources[0].name, {})
    with Meter([source.size for source in sources], quiet=False) as meter:
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
            measured.keys += _spread(*rows.groups())
            measured.identities += _identities(rows)
            meter.show(position, rows.batch)
    measured.systems = {column: sum(each[1:], start=each[0]) for column, each in parts.items()}
    return measured


def _identities(rows: Selection) -> list[str] | list[int]:
    if rows.picked.id is not None:
        return _spread(*rows.keys(rows.picked.id))
    columns = [rows.values(column) for column in rows.picked.references]
    return [hash(json.dumps(references)) for references in zip(*columns, strict=True)]


def _spread(keys: list[str], codes: npt.NDArray[np.uint32]) -> list[str]:
    return [keys[code] for code in codes.tolist()]


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
        order = _order(base, each)
        systems[name] = own if order is None else own.select(order)
    return systems


def _order(base: _Measured, other: _Measured) -> list[int] | None:
    """For each row of the base the other's row that belongs to it; None if they stand in the same order.

    Raises:
        InputError: The two have not the same rows.
    """
    if base.identities == other.identities:
        return None
    left, right = base.rows_by_id(), other.rows_by_id()
    if left is None or right is None:
        _raise_first_unlike(base, other)
    for one, another, rows in ((base, right, left), (other, left, right)):
        for key, row in rows.items():
            if key not in another:
                lacks = other.name if one is base else base.name
                raise tg.InputError(f"{one.place(row)}: {lacks} has no row with the id {key}", "bad-file", row)
    return [right[key] for key in left]


def _raise_first_unlike(base: _Measured, other: _Measured) -> NoReturn:
    for row, (left, right) in enumerate(zip(base.identities, other.identities, strict=False)):
        if left != right:
            ids = isinstance(left, str) and isinstance(right, str)
            what = f"the id {right}, not {left}" if ids else f"other references than {base.name}"
            raise tg.InputError(f"{other.place(row)}: {what}; {_IN_ORDER}", "bad-file", row)
    lengths = f"{other.name} has {len(other.identities)} rows, {base.name} has {len(base.identities)}"
    raise tg.InputError(f"{lengths}; {_IN_ORDER}", "unequal-lengths")


_IN_ORDER = "systems are compared row by row, unless each row has an id of its own"
