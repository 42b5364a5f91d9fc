"""Scores and comparisons as text and JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import textgauge as tg
from textgauge._render import Table
from textgauge._value import nearest
from textgauge.aggregate import describe_rows, headline_scores
from textgauge.cli.console import print_json, print_text
from textgauge.io.write import key_name

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FORMATS", "Scores", "Systems", "check_format", "print_comparison", "print_scores", "shown_key"]

FORMATS = ("table", "markdown", "latex", "csv", "json")


@dataclass(frozen=True)
class Scores:
    """The sums of a system.

    Attributes:
        total: Those of all rows.
        groups: Those of each group, by the JSON text of its key.
    """

    total: tg.Aggregate
    groups: dict[str, tg.Aggregate] = field(default_factory=dict)


Systems = dict[str, Scores]


def shown_key(key: str) -> str:
    """The key of a group, given as JSON text, as one reads it."""
    return key_name(json.loads(key))


def check_format(form: str) -> str:
    """The format, if it is one.

    Raises:
        ConfigError: It is none.
    """
    if form not in FORMATS:
        hint = nearest(form, FORMATS)
        raise tg.ConfigError(f"there is no format {form!r}{hint}; choose one of {', '.join(FORMATS)}", "bad-option")
    return form


def print_scores(
    systems: Systems,
    by: str | None,
    form: str,
    details: bool = False,
    errors: tg.ErrorCounts | None = None,
) -> None:
    """Prints the scores of all rows and of each group, in one of `FORMATS`, and the most frequent errors.

    Args:
        systems: The scores of each system; one alone has no name.
        by: What makes groups.
        form: The format.
        details: Whether every number of each metric is printed too.
        errors: The most frequent errors.
    """
    if form == "json":
        print_json({**_as_json(systems, by), **_errors_as_json(errors)})
        return
    if form == "csv":
        print_text(_as_csv(systems, by))
        return
    total = next(iter(systems.values())).total
    tables = [_table(systems, by)]
    if details:
        for system, scores in systems.items():
            tables.append(_titled(scores.total.details(), system) if system else scores.total.details())
            groups = scores.groups.items() if by is not None else ()
            tables += [_titled(part.details(), _about_group(system, key)) for key, part in groups]
    tables += [] if errors is None else errors.tables()
    if form in ("markdown", "latex"):
        sacrebleu = {f"{name} (sacrebleu)": signature for name, signature in total.sacrebleu_signatures.items()}
        print_text(_for_a_paper(tables, total.signatures | sacrebleu, form))
    else:
        print_text("\n\n".join([*(table.text() for table in tables), _signatures(total.signatures)]))


def _about_group(system: str, key: str) -> str:
    return " ".join(filter(None, [system, shown_key(key)]))


def _errors_as_json(errors: tg.ErrorCounts | None) -> dict[str, Any]:
    if errors is None:
        return {}
    substitutions = [
        {"reference": before, "prediction": after, "count": count}
        for (before, after), count in errors.substitutions.items()
    ]
    deletions = [{"reference": text, "count": count} for text, count in errors.deletions.items()]
    insertions = [{"prediction": text, "count": count} for text, count in errors.insertions.items()]
    return {"errors": {"substitutions": substitutions, "deletions": deletions, "insertions": insertions}}


def _for_a_paper(tables: list[Table], signatures: dict[str, str], form: str) -> str:
    """Tables as Markdown or LaTeX, with the signatures."""
    if form == "markdown":
        lines = "\n".join(f"- {name}: `{signature}`" for name, signature in signatures.items())
        return "\n\n".join([*(table.markdown() for table in tables), lines])
    lines = "\n".join(f"% {name}: {signature}" for name, signature in signatures.items())
    return "\n\n".join([*(table.latex() for table in tables), lines])


def _titled(table: Table, title: str) -> Table:
    return table.with_fields(title=f"{title}: {table.title}")


def _table(systems: Systems, by: str | None) -> Table:
    """A row a metric; of groups or systems a row each, with the score that stands for each metric."""
    several = len(systems) > 1
    if by is None and not several:
        (scores,) = systems.values()
        return _titled(scores.total.table().with_fields(title=describe_rows(scores.total)), "all")
    first = next(iter(systems.values())).total
    parts = list(_parts(systems, by))
    counts = ("rows", "unscored") if any(part.nulls for _, _, part in parts) else ("rows",)
    head = (*(["system"] if several else []), *([] if by is None else [by]), *counts, *headline_scores(first))
    rows = tuple(
        (
            *([system] if several else []),
            *named,
            *(f"{count:,}" for count in (part.rows, part.nulls)[: len(counts)]),
            *headline_scores(part).values(),
        )
        for system, named, part in parts
    )
    return Table(head, rows)


def _parts(systems: Systems, by: str | None) -> Iterator[tuple[str, tuple[str, ...], tg.Aggregate]]:
    """Each system's groups and all its rows: the system, the group's name if there are groups, the sums."""
    for system, scores in systems.items():
        if by is not None:
            yield from ((system, (shown_key(key),), part) for key, part in scores.groups.items())
        yield system, () if by is None else ("all",), scores.total


def _as_csv(systems: Systems, by: str | None) -> str:
    """A line for each number of each group, in full precision, with the signature of its metric."""
    several = len(systems) > 1
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(
        [*(["system"] if several else []), *([] if by is None else [by]), "rows", "column", "score", "signature"]
    )
    for system, named, part in _parts(systems, by):
        for column, score in part.corpus.items():
            signature = _signature_of(column, part.signatures)
            writer.writerow([*([system] if several else []), *named, part.rows, column, repr(score), signature])
    return lines.getvalue().rstrip("\n")


def _signature_of(column: str, signatures: dict[str, str]) -> str:
    """The signature of the metric that makes a column."""
    return signatures.get(column) or signatures[column.rsplit(".", 1)[0]]


def _signatures(signatures: dict[str, str]) -> str:
    return "\n".join(f"{name}  {signature}" for name, signature in signatures.items())


def _as_json(systems: Systems, by: str | None) -> dict[str, Any]:
    first = next(iter(systems.values())).total
    about = {"signatures": first.signatures, "sacrebleu": first.sacrebleu_signatures}
    if len(systems) > 1:
        return {"systems": [{"name": name, **_of_system(scores, by)} for name, scores in systems.items()], **about}
    (scores,) = systems.values()
    document = _of_system(scores, by)
    groups = {name: document.pop(name) for name in ("groups",) if name in document}
    return {**document, **about, **groups}


def _of_system(scores: Scores, by: str | None) -> dict[str, Any]:
    document = _summary(scores.total)
    if by is not None:
        document["groups"] = [{"key": json.loads(key), **_summary(part)} for key, part in scores.groups.items()]
    return document


def _summary(aggregate: tg.Aggregate) -> dict[str, Any]:
    return {"rows": aggregate.rows, "nulls": aggregate.nulls, "scores": aggregate.corpus}


def print_comparison(
    whole: tg.Comparison,
    groups: dict[str, tg.Comparison],
    by: str | None,
    signatures: dict[str, str],
    form: str,
) -> None:
    """Prints the comparison of all rows and those of the groups, in one of `FORMATS`."""
    if form == "json":
        document: dict[str, Any] = {**whole.to_dict(), "signatures": signatures}
        if by is not None:
            document["groups"] = [
                {"key": json.loads(key), **comparison.to_dict()} for key, comparison in groups.items()
            ]
        print_json(document)
    elif form == "csv":
        print_text(_comparison_csv(whole, groups, by, signatures))
    else:
        # What got worse first, the worst of it before the rest.
        titled = [(f"{by} {shown_key(key)}: {groups[key].rows:,} rows", groups[key]) for key in _worst_first(groups)]
        titled.append((_about(whole), whole))
        if form in ("markdown", "latex"):
            tables = [table.with_fields(title=title) for title, each in titled for table in each.tables()]
            print_text(_for_a_paper(tables, signatures, form))
            return
        blocks = [_regressions(groups, by)] if by is not None else []
        blocks += [f"{title}\n{each!r}" for title, each in titled]
        print_text("\n\n".join([*blocks, _signatures(signatures)]))


def _about(comparison: tg.Comparison) -> str:
    """The rows of a comparison and how they were tested."""
    bootstrap = comparison.test == "bootstrap"
    kind = "paired bootstrap samples" if bootstrap else "trials of approximate randomization"
    return f"all: {comparison.rows:,} rows, {comparison.samples:,} {kind}, seed {comparison.seed}"


def _worst_first(groups: dict[str, tg.Comparison]) -> list[str]:
    return sorted(groups, key=lambda key: min(map(_loss, groups[key].regressions), default=0.0))


def _comparison_csv(
    whole: tg.Comparison, groups: dict[str, tg.Comparison], by: str | None, signatures: dict[str, str]
) -> str:
    """A line for each difference of all rows and of each group, in full precision, with its metric's signature."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = "column rows system score low high difference difference_low difference_high p p_holm verdict signature"
    writer.writerow([*([by] if by is not None else []), *head.split()])
    named = [("all", whole), *((shown_key(key), each) for key, each in groups.items())]
    for name, comparison in named:
        first = [name] if by is not None else []
        for column in dict.fromkeys(each.column for each in comparison):
            own = [each for each in comparison if each.column == column]
            signature = _signature_of(column, signatures)
            base = own[0].base_score
            start = [*first, column, comparison.rows]
            writer.writerow([*start, comparison.base, base.score, base.low, base.high, *[""] * 6, signature])
            for each in own:
                intervals = [(of.score, of.low, of.high) for of in (each.system_score, each.difference)]
                numbers = [number for interval in intervals for number in interval]
                tests = [each.p_value, each.adjusted_p_value, each.verdict]
                writer.writerow([*start, each.system, *numbers, *tests, signature])
    return text.getvalue().rstrip("\n")


def _loss(difference: tg.Difference) -> float:
    """How far the system fell behind, as a share of the base's score; below 0."""
    return -abs(difference.difference.score) / (abs(difference.base_score.score) or 1.0)


def _regressions(groups: dict[str, tg.Comparison], by: str) -> str:
    worse = [(difference, key) for key, each in groups.items() for difference in each.regressions]
    if not worse:
        return f"significantly worse: no {by}"
    lines = [
        f"  {shown_key(key)}: {each.column} of {each.system} {each.difference.score:+.4f}, from "
        f"{each.base_score.score:.4f} to {each.system_score.score:.4f} (p {each.adjusted_p_value:.4f})"
        for each, key in sorted(worse, key=lambda pair: _loss(pair[0]))
    ]
    return "\n".join([f"significantly worse, {by} by {by}:", *lines])
