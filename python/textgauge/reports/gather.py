"""Everything that a report tells of systems: scores, intervals, comparisons, groups, errors, warnings."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from textgauge.aggregate import headline_name
from textgauge.checks import ColumnChecks
from textgauge.corpus_errors import ErrorCounts, error_counts, errors_as_read_by
from textgauge.errors import InputError
from textgauge.io.columns import as_list, group
from textgauge.io.job import Picked, Selection
from textgauge.io.text import TextBatch
from textgauge.metrics import Diagnostics
from textgauge.scorer import Scorer
from textgauge.stats.comparison import Comparison, adjust, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    import numpy.typing as npt

    from textgauge.aggregate import Aggregate
    from textgauge.io.columns import Column
    from textgauge.stats.measurements import Interval, Measurements

__all__ = ["Gathered", "Groups", "Output", "System", "Testing", "Texts", "gather"]

# The more tests there are, the smaller a p-value must be to count, and the more samples each of them takes.
MOST_TESTS = 100

# A column of each row that is no score of a metric that was asked for.
LENGTH_RATIO = "diagnostics.length_ratio"

MissingTexts = Literal["error", "empty", "drop"]


@dataclass(frozen=True)
class Groups:
    """Which group each row belongs to.

    Attributes:
        by: What makes groups, in words.
        names: The name of each group.
        codes: For each row the index of its group.
    """

    by: str
    names: list[str]
    codes: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, by: str, keys: Column) -> Groups:
        """The groups of a column of keys."""
        distinct, codes = group(keys)
        return cls(by, list(map(_group_name, distinct)), codes)


@dataclass(frozen=True)
class Texts:
    """The texts that are reported on.

    Attributes:
        systems: The predictions of each system by its name; the first is the one that others are compared with.
        references: The references of each row: a text, a list of texts, or None.
        ids: A name for each row.
        groups: What each row belongs to.
    """

    systems: dict[str, list[str | None]]
    references: list[Any]
    ids: list[str] | None
    groups: Groups | None

    @classmethod
    def of(cls, systems: Mapping[str, Column], references: Column, ids: Column | None, groups: Groups | None) -> Texts:
        """Columns in any form as lists.

        Raises:
            InputError: They have not the same number of rows, or none.
            InputTypeError: One is no column.
        """
        lists = {name: as_list(column, f"predictions of {name}") for name, column in systems.items()}
        every = as_list(references, "references")
        named = None if ids is None else list(map(_text, as_list(ids, "ids")))
        counts = {f"predictions of {name}": len(column) for name, column in lists.items()}
        counts |= {} if named is None else {"ids": len(named)}
        counts |= {} if groups is None else {"by": len(groups.codes)}
        for what, count in counts.items():
            if count != len(every):
                raise InputError(f"{what}: {count} rows, but references: {len(every)}", "unequal-lengths")
        if not every:
            raise InputError("there are no rows to report on", "no-row")
        return cls(lists, every, named, groups)

    def __len__(self) -> int:
        return len(self.references)


@dataclass(frozen=True)
class Testing:
    """How sure one wants to be.

    Attributes:
        samples: How many bootstrap samples.
        confidence: Confidence level of intervals and verdicts.
        seed: Random seed.
    """

    samples: int
    confidence: float
    seed: int


@dataclass(frozen=True)
class Output:
    """The column of scores that stands for a metric.

    Attributes:
        column: Its name.
        label: What it is called on the page.
        unit: As `OutputInfo` has it.
        higher_is_better: The same.
        signature: All that its numbers depend on.
    """

    column: str
    label: str
    unit: str
    higher_is_better: bool | None
    signature: str


@dataclass(frozen=True)
class System:
    """What there is to say of a system.

    Attributes:
        name: Its name.
        scores: For each output, the score of each row.
        whole: The sums of all rows.
        groups: The sums of each group; empty without groups.
        intervals: The interval of each output.
        errors: The changes between references and predictions.
        diagnostics: Length, repetition and novelty, of all rows.
        warnings: What makes its scores doubtful.
    """

    name: str
    scores: dict[str, npt.NDArray[np.float64]]
    whole: Aggregate
    groups: list[Aggregate]
    intervals: dict[str, Interval]
    errors: ErrorCounts
    diagnostics: Aggregate
    warnings: list[str]


@dataclass(frozen=True)
class Gathered:
    """All that a report tells.

    Attributes:
        texts: The texts.
        scorer: What they were scored by; fitted, if any metric asks for it.
        outputs: The columns of scores.
        systems: The systems, the base first.
        comparison: Each other system compared with the base; None of one alone.
        group_comparisons: The same for each group that was tested, by its index.
        testing: How sure intervals and verdicts are.
    """

    texts: Texts
    scorer: Scorer
    outputs: tuple[Output, ...]
    systems: tuple[System, ...]
    comparison: Comparison | None
    group_comparisons: dict[int, Comparison]
    testing: Testing


def gather(
    texts: Texts,
    scorer: Scorer,
    *,
    nulls: MissingTexts,
    testing: Testing,
    threads: int | None,
    step: Callable[[str], object],
) -> Gathered:
    """Finds all that a report tells.

    Args:
        texts: The texts.
        scorer: What they are scored by.
        nulls: What to do about missing texts.
        testing: How sure intervals and verdicts have to be.
        threads: How many threads to use.
        step: Called with what is done next.

    Raises:
        Error: As for `Scorer.measure`.
    """
    scorer = scorer.fit(texts.references, nulls="empty" if nulls == "error" else nulls, threads=threads)
    measured = {}
    for name, predictions in texts.systems.items():
        step(f"measuring {name}")
        measured[name] = scorer.measure(predictions, texts.references, nulls=nulls, threads=threads)
    outputs = _outputs(scorer, next(iter(measured.values())))
    step("drawing samples")
    comparison, intervals = _compared(measured, testing, threads)
    systems = []
    for name, predictions in texts.systems.items():
        step(f"scoring {name}")
        systems.append(_system(name, predictions, texts, scorer, outputs, intervals[name], nulls, threads))
    tested = {}
    if texts.groups is not None and comparison is not None:
        step(f"comparing groups by {texts.groups.by}")
        tested = _compared_groups(measured, texts.groups, testing, threads)
    return Gathered(texts, scorer, outputs, tuple(systems), comparison, tested, testing)


def _outputs(scorer: Scorer, measured: Measurements) -> tuple[Output, ...]:
    units = dict(zip(scorer.columns, scorer.aggregate([], [])._compiled.units, strict=True))
    directions = dict(zip(measured.columns, measured._kind.directions, strict=True))
    signatures = measured.signatures
    return tuple(
        Output(column, headline_name(column, signatures), units[column], directions[column], signature)
        for column, signature in zip(measured.headlines, signatures.values(), strict=True)
    )


def _compared(
    measured: dict[str, Measurements], testing: Testing, threads: int | None
) -> tuple[Comparison | None, dict[str, dict[str, Interval]]]:
    """The comparison of the systems, if there are several, and each one's intervals."""
    if len(measured) == 1:
        ((name, alone),) = measured.items()
        intervals = alone.bootstrap(
            samples=testing.samples, confidence=testing.confidence, seed=testing.seed, threads=threads
        )
        return None, {name: intervals}
    comparison = _compare(measured, testing, threads)
    by_system: dict[str, dict[str, Interval]] = {name: {} for name in measured}
    for difference in comparison:
        by_system[comparison.base][difference.column] = difference.base_score
        by_system[difference.system][difference.column] = difference.system_score
    return comparison, by_system


def _compare(measured: Mapping[str, Measurements], testing: Testing, threads: int | None) -> Comparison:
    return compare(measured, samples=testing.samples, confidence=testing.confidence, seed=testing.seed, threads=threads)


def _compared_groups(
    measured: dict[str, Measurements], groups: Groups, testing: Testing, threads: int | None
) -> dict[int, Comparison]:
    """The comparison within each group; of very many groups, within the largest."""
    sizes = np.bincount(groups.codes, minlength=len(groups.names))
    others = len(measured) - 1
    largest = np.argsort(-sizes, kind="stable")[: max(1, MOST_TESTS // others)].tolist()
    # The least p-value that samples can give has to be small enough after it is adjusted.
    needed = math.ceil(2 * len(largest) * others / (1 - testing.confidence))
    testing = replace(testing, samples=max(testing.samples, needed))
    order = np.argsort(groups.codes, kind="stable")
    ends = np.cumsum(sizes)
    compared = []
    for code in largest:
        rows = order[ends[code] - sizes[code] : ends[code]].tolist()
        parts = {name: each.select(rows) for name, each in measured.items()}
        compared.append(_compare(parts, testing, threads))
    return dict(zip(largest, adjust(compared), strict=True))


def _system(
    name: str,
    predictions: list[str | None],
    texts: Texts,
    scorer: Scorer,
    outputs: tuple[Output, ...],
    intervals: dict[str, Interval],
    nulls: MissingTexts,
    threads: int | None,
) -> System:
    groups = texts.groups

    def run(by: Scorer, keys: tuple[list[Hashable], npt.NDArray[np.uint32]] | None) -> Any:  # noqa: ANN401 - see `run`
        return by.run(
            predictions,
            texts.references,
            nulls=nulls,
            threads=threads,
            sentences="lines",
            tokens=False,
            progress=None,
            groups=keys,
            columns=True,
        )

    arrays, sums = run(scorer, None if groups is None else (list(range(len(groups.names))), groups.codes))
    lengths, (diagnostics,) = run(Scorer(Diagnostics()), None)
    scores = {output.column: arrays[output.column] for output in outputs}
    reading = errors_as_read_by(scorer.metrics) or {}
    return System(
        name=name,
        scores=scores | {LENGTH_RATIO: lengths[LENGTH_RATIO]},
        whole=sum(sums[1:], start=sums[0]),
        groups=[] if groups is None else sums,
        intervals=intervals,
        errors=error_counts(predictions, texts.references, **reading, nulls=nulls, threads=threads),
        diagnostics=diagnostics,
        warnings=_warnings(scorer, predictions, texts.references, threads),
    )


def _warnings(scorer: Scorer, predictions: list[str | None], references: list[Any], threads: int | None) -> list[str]:
    columns = {"predictions": predictions, "references": references}
    batch = TextBatch("rows", columns, len(predictions), "row {}".format, 0)
    picked = Picked(("predictions",), ("references",), by=None, id=None, keep=(), where=(), sentences="lines")
    checks = ColumnChecks(scorer.metrics, threads)
    checks.look(Selection(batch, picked), "predictions")
    return checks.warnings()


def _group_name(key: Hashable) -> str:
    return "(none)" if key is None else _text(key)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)
