"""Systems compared on the same pairs: is one better, or was it luck?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from textgauge._render import Table
from textgauge.errors import ConfigError
from textgauge.stats.measurements import (
    DEFAULT_SEED,
    MOST_SAMPLES,
    Interval,
    Measured,
    interval_of_differences,
    intervals_of,
    scores_of_trials,
    whole_number,
)
from textgauge.stats.significance import holm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Comparison", "Difference", "Test", "Verdict", "adjust", "compare"]

Test = Literal["bootstrap", "randomization"]
Verdict = Literal["better", "worse", "no evidence"]

DEFAULT_SAMPLES: dict[Test, int] = {"bootstrap": 1000, "randomization": 10_000}


@dataclass(frozen=True)
class Difference:
    """What one score says about a system and the base.

    Attributes:
        column: The score's name.
        system: The system's name.
        base_score: The base's score with its interval.
        system_score: The system's.
        difference: The system's minus the base's, with its interval.
        p_value: How likely a difference at least as large is, in either direction, if both are equally good.
        adjusted_p_value: The same, adjusted for all comparisons that are made together, by Holm's method.
        verdict: `"better"` or `"worse"` than the base, or `"no evidence"` of either at the level asked for.
        higher_is_better: Of the score; `None` if neither is, and then there is never evidence.
    """

    column: str
    system: str
    base_score: Interval
    system_score: Interval
    difference: Interval
    p_value: float
    adjusted_p_value: float
    verdict: Verdict
    higher_is_better: bool | None


@dataclass(frozen=True)
class Comparison:
    """Systems compared with a base; iterating gives the differences, score by score, system by system.

    Attributes:
        base: The name of the system that the others are compared with.
        differences: All differences.
        rows: How many pairs there are.
        test: How p-values were computed.
        samples: The number of samples or trials.
        confidence: Confidence level of intervals and verdicts.
        seed: Random seed.
    """

    base: str
    differences: tuple[Difference, ...]
    rows: int
    test: Test
    samples: int
    confidence: float
    seed: int

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.differences)

    def __len__(self) -> int:
        return len(self.differences)

    @property
    def regressions(self) -> list[Difference]:
        """Where a system is significantly worse than the base."""
        return [difference for difference in self.differences if difference.verdict == "worse"]

    def to_dict(self) -> dict[str, object]:
        """All of it in plain values, fit for JSON."""
        return asdict(self)

    def to_json(self) -> str:
        """All of it as JSON."""
        return json.dumps(self.to_dict(), indent=2)

    def tables(self) -> list[Table]:
        """A table for each score: the base, and each system with its difference."""
        return [self._table(column) for column in dict.fromkeys(each.column for each in self)]

    @overload
    def plot(self, columns: Iterable[str] | None = None, *, ax: None = None, width: float = 3.3) -> Figure: ...
    @overload
    def plot(self, columns: Iterable[str] | None = None, *, ax: Axes, width: float = 3.3) -> Axes: ...
    def plot(
        self, columns: Iterable[str] | None = None, *, ax: Axes | None = None, width: float = 3.3
    ) -> Figure | Axes:
        """Every difference with its interval; arguments and errors are those of `textgauge.plots.plot_comparison`."""
        from textgauge.plots import plot_comparison

        return plot_comparison(self, columns, ax=ax, width=width)

    def __repr__(self) -> str:
        return "\n\n".join(_narrow(table).text() for table in self.tables())

    def _repr_html_(self) -> str:
        return "".join(table.html() for table in self.tables())

    def _table(self, column: str) -> Table:
        each = [difference for difference in self if difference.column == column]
        direction = {True: ", higher is better", False: ", lower is better", None: ""}[each[0].higher_is_better]
        percent = f"{100 * self.confidence:g} %"
        head = (f"{column}{direction}", "score", percent, "difference", percent, "p", "Holm", "")
        rows = [(self.base, *_cells(each[0].base_score), "", "", "", "", "")]
        for difference in each:
            by = _cells(difference.difference, sign="+")
            p_values = [f"{value:.4f}" for value in (difference.p_value, difference.adjusted_p_value)]
            rows.append((difference.system, *_cells(difference.system_score), *by, *p_values, difference.verdict))
        return Table(head, tuple(rows))


def _narrow(table: Table) -> Table:
    """The table for lines of eighty characters: each interval below its number, and no p-values twice."""
    about, score, interval, difference, _, *others = table.head
    is_adjusted = any(row[5] != row[6] for row in table.rows)
    rows: list[tuple[str, ...]] = []
    for name, *numbers, p_value, adjusted, verdict in table.rows:
        of_score, score_interval, of_difference, difference_interval = numbers
        tests = [p_value, adjusted, verdict] if is_adjusted else [p_value, verdict]
        rows.append((name, of_score, of_difference, *tests))
        rows.append(("", score_interval, difference_interval, *[""] * len(tests)))
    head = ("", score, difference, *(others if is_adjusted else [others[0], others[2]]))
    return Table(head, tuple(rows), title=f"{about}; intervals of {interval}")


def _cells(interval: Interval, sign: str = "") -> list[str]:
    return [f"{interval.score:{sign}.4f}", f"[{interval.low:{sign}.4f}, {interval.high:{sign}.4f}]"]


def compare(
    systems: Mapping[str, Measured],
    *,
    columns: Iterable[str] | None = None,
    test: Test = "bootstrap",
    samples: int | None = None,
    confidence: float = 0.95,
    seed: int = DEFAULT_SEED,
    threads: int | None = None,
) -> Comparison:
    """Compares systems with the first of them, on the same pairs.

    The paired bootstrap (Koehn 2004) draws the same pairs for all systems; its p-value is the share of samples whose
    difference is as far from the observed one as that is from none. Approximate randomisation (Noreen 1989; Riezler
    and Maxwell 2005) swaps the two systems' outputs by a coin for each pair; its p-value is the share of trials whose
    difference is as large as the observed one. Both are two-sided and count the observed outcome itself, so that
    p is never 0; nor is it below 2^(1 - rows), the least that a coin for each pair allows. With several systems
    p-values are adjusted, score by score, by Holm's method (1979).

    Args:
        systems: The measurements of each system by its name; the first is the base.
        columns: The scores to compare; by default one of each metric, its headline.
        test: `"bootstrap"` or `"randomization"`.
        samples: How many samples (default 1,000) or trials (10,000). With `"randomization"`, intervals are always of
            1,000 samples.
        confidence: Confidence level of intervals and verdicts, above 0 and below 1. A system is better or worse if its
            adjusted p-value is below 1 - `confidence`.
        seed: Random seed.
        threads: How many threads to use. They change nothing but the time.

    Raises:
        ConfigError: There are less than two systems, there is no such column or test, an argument is out of range.
        InputError: The systems have different numbers of rows, or none.
        SignatureMismatch: They were measured with different metrics.
    """
    if len(systems) < 2:
        raise ConfigError(f"a comparison takes at least two systems, not {len(systems)}", "bad-option")
    if test not in DEFAULT_SAMPLES:
        raise ConfigError(f"test is {test!r}; choose one of {', '.join(map(repr, DEFAULT_SAMPLES))}", "bad-option")
    samples = DEFAULT_SAMPLES[test] if samples is None else whole_number("samples", samples, most=MOST_SAMPLES)
    (base_name, base), *others = systems.items()
    chosen = base.headlines if columns is None else list(columns)
    for column in chosen:
        if column not in base.columns:
            raise ConfigError(f"no column {column!r}; there are {', '.join(base.columns)}", "bad-option")
    drawn_samples = samples if test == "bootstrap" else DEFAULT_SAMPLES["bootstrap"]
    intervals, drawn = intervals_of(list(systems.values()), drawn_samples, confidence, seed, threads)
    shuffled = [
        scores_of_trials(base, other, samples, seed, threads) if test == "randomization" else None
        for _, other in others
    ]
    # Of n coins the two outcomes that are farthest out have this probability; the bootstrap of few rows claims less.
    lowest = 2.0 ** (1 - len(base))
    differences = []
    for column in chosen:
        at = base.columns.index(column)
        for number, (name, _) in enumerate(others):
            observed = intervals[number + 1][column].score - intervals[0][column].score
            of_samples = drawn[:, number + 1, at] - drawn[:, 0, at]
            trials = shuffled[number]
            extreme = np.abs(of_samples - observed if trials is None else trials[:, 1, at] - trials[:, 0, at])
            p_value = (int(np.count_nonzero(extreme >= abs(observed))) + 1) / (samples + 1)
            p_value = max(p_value, lowest)
            difference = Difference(
                column=column,
                system=name,
                base_score=intervals[0][column],
                system_score=intervals[number + 1][column],
                difference=interval_of_differences(observed, of_samples, confidence),
                p_value=p_value,
                adjusted_p_value=p_value,
                verdict="no evidence",
                higher_is_better=base._kind.directions[at],
            )
            differences.append(difference)
    made = Comparison(base_name, tuple(differences), len(base), test, samples, confidence, seed)
    return adjust([made])[0]


def adjust(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Comparisons with p-values adjusted for all of them together, score by score, and verdicts to match.

    Args:
        comparisons: For example of the same systems on each of several tasks.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for number, comparison in enumerate(comparisons):
        for index, difference in enumerate(comparison):
            places.setdefault(difference.column, []).append((number, index))
    made = [list(comparison) for comparison in comparisons]
    for same in places.values():
        adjusted = holm([made[number][index].p_value for number, index in same])
        for (number, index), p_value in zip(same, adjusted, strict=True):
            difference = made[number][index]
            verdict = _verdict(difference, p_value, 1 - comparisons[number].confidence)
            made[number][index] = replace(difference, adjusted_p_value=p_value, verdict=verdict)
    return [replace(old, differences=tuple(new)) for old, new in zip(comparisons, made, strict=True)]


def _verdict(difference: Difference, p_value: float, level: float) -> Verdict:
    if p_value >= level or difference.higher_is_better is None:
        return "no evidence"
    return "better" if (difference.difference.score > 0) == difference.higher_is_better else "worse"
