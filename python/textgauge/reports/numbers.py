"""What was gathered as plain values: some for the template, which writes them out, the rest for the scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from textgauge import _core
from textgauge._render import Table, digits, in_cell
from textgauge.reports.gather import LENGTH_RATIO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textgauge.corpus_errors import ErrorCounts
    from textgauge.reports.gather import Gathered, Output, System
    from textgauge.stats.comparison import Difference
    from textgauge.stats.measurements import Interval

__all__ = ["ERRORS_SHOWN", "for_the_scripts", "for_the_template", "score_table"]

ERRORS_SHOWN = 20

_VERDICTS = {"better": "▲ better", "worse": "▼ worse", "no evidence": "● no evidence"}
_ARROWS = {True: "↑", False: "↓", None: ""}
_DIRECTIONS = {True: "higher is better", False: "lower is better", None: ""}

# What the page says of texts besides scores: a column of the diagnostics, what it is called, and what it means.
_DIAGNOSTICS = {
    "length_ratio": ("length", "words of the predictions over words of the references"),
    "empty": ("empty", "share of predictions without any word"),
    "distinct1": (
        "distinct words",
        "share of different words among all words of a text: low if it repeats itself",
    ),
    "distinct2": ("distinct pairs", "the same of pairs of words"),
    "novel1": ("novel words", "share of different words that the reference does not have"),
    "novel2": ("novel pairs", "the same of pairs of words"),
    "order": ("order", "of the right words, the share that also stands in the right order"),
}


class Cell(NamedTuple):
    """A score in the table of systems and metrics.

    Attributes:
        score: The score.
        interval: What samples say of it.
        difference: By how much it differs from the base's; empty for the base.
        p_value: How sure that is.
        verdict: The same in words.
        kind: `better`, `worse` or `none`.
    """

    score: str
    interval: str
    difference: str = ""
    p_value: str = ""
    verdict: str = ""
    kind: str = "none"


def for_the_template(gathered: Gathered, listed: int, title: str, made_from: Mapping[str, str]) -> dict[str, Any]:
    """What the template writes out."""
    table = score_table(gathered)
    return {
        "title": title,
        "version": _core.__version__,
        "rows": len(gathered.texts),
        "listed": listed,
        "by": None if gathered.texts.groups is None else gathered.texts.groups.by,
        "group_count": 0 if gathered.texts.groups is None else len(gathered.texts.groups.names),
        "tested_count": len(gathered.group_comparisons),
        "outputs": [
            {
                "label": output.label,
                "column": output.column,
                "arrow": _ARROWS[output.higher_is_better],
                "direction": _DIRECTIONS[output.higher_is_better],
                "signature": output.signature,
            }
            for output in gathered.outputs
        ],
        "systems": [
            {
                "name": system.name,
                "cells": [_cell(gathered, system, output) for output in gathered.outputs],
                "diagnostics": _diagnostics(system),
                "errors": _errors(system.errors),
                "warnings": system.warnings,
            }
            for system in gathered.systems
        ],
        "diagnostics": [{"name": name, "meaning": meaning} for name, meaning in _DIAGNOSTICS.values()],
        "errors_signature": gathered.systems[0].errors.signature,
        "comparison": gathered.comparison,
        "group_samples": max((each.samples for each in gathered.group_comparisons.values()), default=0),
        "testing": gathered.testing,
        "percent": f"{100 * gathered.testing.confidence:g} %",
        "markdown": table.markdown(),
        "latex": table.latex(),
        "made_from": dict(made_from),
        "metrics": [repr(metric) for metric in gathered.scorer.metrics],
    }


def score_table(gathered: Gathered) -> Table:
    """Systems and metrics as one puts them into a paper; a star marks what differs from the base."""
    head = ("system", *(output.label for output in gathered.outputs))
    rows = []
    for system in gathered.systems:
        cells = [_cell(gathered, system, output) for output in gathered.outputs]
        rows.append((system.name, *(f"{each.score} {each.interval}{_star(each)}" for each in cells)))
    comparison = gathered.comparison
    level = 1 - gathered.testing.confidence
    title = "" if comparison is None else f"* differs from {comparison.base}, p < {level:.4g} (paired bootstrap, Holm)"
    return Table(head, tuple(rows), title=title)


def _star(cell: Cell) -> str:
    return "" if cell.kind == "none" else "*"


def _cell(gathered: Gathered, system: System, output: Output) -> Cell:
    own = system.intervals[output.column]
    score, interval = digits(own.score, output.unit), _interval(own, output.unit)
    difference = _difference(gathered, system, output)
    if difference is None:
        return Cell(score, interval)
    by = difference.difference
    kind = {"better": "better", "worse": "worse"}.get(difference.verdict, "none")
    # A minus is wider than a hyphen.
    signed = digits(by.score, output.unit).replace("-", "−")
    return Cell(
        score,
        interval,
        signed if signed.startswith("−") else f"+{signed}",
        f"p = {difference.adjusted_p_value:.4f}",
        _VERDICTS[difference.verdict],
        kind,
    )


def _difference(gathered: Gathered, system: System, output: Output) -> Difference | None:
    found = (each for each in gathered.comparison or () if each.system == system.name and each.column == output.column)
    return next(found, None)


def _interval(interval: Interval, unit: str) -> str:
    return f"[{digits(interval.low, unit)}, {digits(interval.high, unit)}]"


def _diagnostics(system: System) -> list[str]:
    corpus = system.diagnostics.corpus
    return [digits(corpus[f"diagnostics.{part}"], "share") for part in _DIAGNOSTICS]


def _errors(counts: ErrorCounts) -> list[dict[str, Any]]:
    top = counts.top(ERRORS_SHOWN)
    kinds = [
        ("substitutions", [(f"{_seen(was)} → {_seen(now)}", n) for (was, now), n in top.substitutions.items()]),
        ("deletions", [(_seen(text), n) for text, n in top.deletions.items()]),
        ("insertions", [(_seen(text), n) for text, n in top.insertions.items()]),
    ]
    totals = [sum(kind.values()) for kind in (counts.substitutions, counts.deletions, counts.insertions)]
    return [
        {"kind": kind, "total": f"{total:,}", "rows": [(text, f"{n:,}") for text, n in rows]}
        for (kind, rows), total in zip(kinds, totals, strict=True)
    ]


# A change of more letters than this is no frequent one, and would spoil the table.
_LONGEST_CHANGE = 60


def _seen(text: str) -> str:
    """A text as it can stand in a cell."""
    short = text if len(text) <= _LONGEST_CHANGE else text[:_LONGEST_CHANGE] + "…"
    return in_cell(short)


def for_the_scripts(gathered: Gathered, sizes: Mapping[str, int]) -> dict[str, Any]:
    """What the scripts draw, besides the scores and texts of rows.

    Args:
        gathered: All that was gathered.
        sizes: How many rows are listed, and how many stand in each kind of block.
    """
    outputs = [
        {
            "column": output.column,
            "label": output.label,
            "unit": output.unit,
            "higher": output.higher_is_better,
        }
        for output in gathered.outputs
    ]
    length = {"column": LENGTH_RATIO, "label": "length ratio", "unit": "number", "higher": None}
    return {
        "sizes": sizes,
        "systems": [system.name for system in gathered.systems],
        "outputs": outputs,
        # Rows can be sorted by these, groups and systems are not compared by the last.
        "rowOutputs": [*outputs, length],
        "level": 1 - gathered.testing.confidence,
        "groups": _groups(gathered),
    }


def _groups(gathered: Gathered) -> dict[str, Any] | None:
    groups = gathered.texts.groups
    if groups is None:
        return None
    corpora = [[part.corpus for part in system.groups] for system in gathered.systems]
    return {
        "by": groups.by,
        "names": groups.names,
        "sizes": np.bincount(groups.codes, minlength=len(groups.names)).tolist(),
        # For each system and output the score of each group.
        "scores": [
            [[_short(corpus[output.column]) for corpus in own] for output in gathered.outputs] for own in corpora
        ],
        # For each group that was tested, and each system but the base and output, the adjusted p-value and the verdict.
        "evidence": {
            code: [
                [[round(each.adjusted_p_value, 6), each.verdict] for each in comparison if each.system == system.name]
                for system in gathered.systems[1:]
            ]
            for code, comparison in gathered.group_comparisons.items()
        },
    }


def _short(score: float) -> float:
    """As many digits as anybody looks at: there may be many thousands of groups."""
    return float(f"{score:.6g}")
