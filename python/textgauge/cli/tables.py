"""Scores and comparisons as text and JSON."""

import csv
import io
from collections.abc import Hashable
from typing import Any

import textgauge as tg
from textgauge._render import Table
from textgauge._value import nearest
from textgauge.aggregate import describe_rows, headline_scores
from textgauge.cli.console import print_json, print_text
from textgauge.io.write import key_name

__all__ = ["FORMATS", "Groups", "check_format", "print_comparison", "print_scores"]

FORMATS = ("table", "markdown", "latex", "csv", "json")
Groups = dict[Hashable, tg.Aggregate]


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
    total: tg.Aggregate,
    groups: Groups,
    by: str | None,
    form: str,
    details: bool = False,
    errors: tg.ErrorCounts | None = None,
) -> None:
    """Prints the scores of all rows and of each group, in one of `FORMATS`, and the most frequent errors."""
    if form == "json":
        print_json({**_as_json(total, groups, by), **_errors_as_json(errors)})
        return
    if form == "csv":
        print_text(_as_csv(total, groups, by))
        return
    signatures = total.signatures
    tables = [_table(total, groups, by)]
    if details:
        tables += [total.details(), *(_titled(part.details(), key_name(key)) for key, part in groups.items() if by)]
    tables += [] if errors is None else errors.tables()
    if form in ("markdown", "latex"):
        print_text(_for_a_paper(tables, signatures, form))
    else:
        print_text("\n\n".join([*(table.text() for table in tables), _signatures(signatures)]))


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


def _table(total: tg.Aggregate, groups: Groups, by: str | None) -> Table:
    """A row a metric; of groups a row a group, with the score that stands for each metric."""
    if by is None:
        return _titled(total.table().with_fields(title=describe_rows(total)), "all")
    head = (by, "rows", *headline_scores(total))
    named = [*((key_name(key), part) for key, part in groups.items()), ("all", total)]
    rows = tuple((name, f"{part.rows:,}", *headline_scores(part).values()) for name, part in named)
    return Table(head, rows)


def _as_csv(total: tg.Aggregate, groups: Groups, by: str | None) -> str:
    """A line for each number of each group, in full precision, with the signature of its metric."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([*([] if by is None else [by]), "rows", "column", "score", "signature"])
    parts = [] if by is None else [(key_name(key), part) for key, part in groups.items()]
    for name, part in [*parts, ("all", total)]:
        for column, score in part.corpus.items():
            signature = _signature_of(column, part.signatures)
            writer.writerow([*([] if by is None else [name]), part.rows, column, repr(score), signature])
    return lines.getvalue().rstrip("\n")


def _signature_of(column: str, signatures: dict[str, str]) -> str:
    """The signature of the metric that makes a column."""
    return signatures.get(column) or signatures[column.rsplit(".", 1)[0]]


def _signatures(signatures: dict[str, str]) -> str:
    return "\n".join(f"{name}  {signature}" for name, signature in signatures.items())


def _as_json(total: tg.Aggregate, groups: Groups, by: str | None) -> dict[str, Any]:
    document = {**_summary(total), "signatures": total.signatures, "sacrebleu": total.sacrebleu_signatures}
    if by is not None:
        document["groups"] = [{"key": key, **_summary(part)} for key, part in groups.items()]
    return document


def _summary(aggregate: tg.Aggregate) -> dict[str, Any]:
    return {"rows": aggregate.rows, "nulls": aggregate.nulls, "scores": aggregate.corpus}


def print_comparison(
    whole: tg.Comparison,
    groups: dict[Hashable, tg.Comparison],
    by: str | None,
    signatures: dict[str, str],
    form: str,
) -> None:
    """Prints the comparison of all rows and those of the groups, in one of `FORMATS`."""
    if form == "json":
        document: dict[str, Any] = {**whole.to_dict(), "signatures": signatures}
        if by is not None:
            document["groups"] = [{"key": key, **comparison.to_dict()} for key, comparison in groups.items()]
        print_json(document)
    elif form == "csv":
        print_text(_comparison_csv(whole, groups, by, signatures))
    else:
        # What got worse first, the worst of it before the rest.
        titled = [(f"{by} {key_name(key)}: {groups[key].rows} rows", groups[key]) for key in _worst_first(groups)]
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
    return f"all: {comparison.rows} rows, {comparison.samples} {kind}, seed {comparison.seed}"


def _worst_first(groups: dict[Hashable, tg.Comparison]) -> list[Hashable]:
    return sorted(groups, key=lambda key: min(map(_loss, groups[key].regressions), default=0.0))


def _comparison_csv(
    whole: tg.Comparison, groups: dict[Hashable, tg.Comparison], by: str | None, signatures: dict[str, str]
) -> str:
    """A line for each difference of all rows and of each group, in full precision, with its metric's signature."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = "column rows system score low high difference difference_low difference_high p p_holm verdict signature"
    writer.writerow([*([by] if by is not None else []), *head.split()])
    named = [("all", whole), *((key_name(key), each) for key, each in groups.items())]
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


def _regressions(groups: dict[Hashable, tg.Comparison], by: str) -> str:
    worse = [(difference, key) for key, each in groups.items() for difference in each.regressions]
    if not worse:
        return f"significantly worse: no {by}"
    lines = [
        f"  {key_name(key)}: {each.column} of {each.system} {each.difference.score:+.4f}, from "
        f"{each.base_score.score:.4f} to {each.system_score.score:.4f} (p {each.adjusted_p_value:.4f})"
        for each, key in sorted(worse, key=lambda pair: _loss(pair[0]))
    ]
    return "\n".join([f"significantly worse, {by} by {by}:", *lines])
