"""Scores and comparisons as text and JSON."""

from collections.abc import Hashable
from typing import Any

import textgauge as tg
from textgauge.aggregate import describe_rows, table
from textgauge.cli.console import print_json, print_text
from textgauge.io.write import key_name

__all__ = ["Groups", "comparison_text", "print_scores"]

Groups = dict[Hashable, tg.Aggregate]


def print_scores(total: tg.Aggregate, groups: Groups, by: str | None, as_json: bool) -> None:
    """Prints the scores of all rows and of each group."""
    if as_json:
        print_json(_as_json(total, groups, by))
    else:
        print_text(_as_text(total, groups, by))


def _as_text(total: tg.Aggregate, groups: Groups, by: str | None) -> str:
    blocks = [] if by is None else [_block(key_name(key), part) for key, part in groups.items()]
    blocks.append(_block("all", total))
    return "\n\n".join([*blocks, _signatures(total.signatures)])


def _signatures(signatures: dict[str, str]) -> str:
    return "\n".join(f"{name}  {signature}" for name, signature in signatures.items())


def _block(name: str, aggregate: tg.Aggregate) -> str:
    return f"{name}: {describe_rows(aggregate)}\n{table(aggregate, 'text')}"


def _as_json(total: tg.Aggregate, groups: Groups, by: str | None) -> dict[str, Any]:
    document = {**_summary(total), "signatures": total.signatures, "sacrebleu": total.sacrebleu_signatures}
    if by is not None:
        document["groups"] = [{"key": key, **_summary(part)} for key, part in groups.items()]
    return document


def _summary(aggregate: tg.Aggregate) -> dict[str, Any]:
    return {"rows": aggregate.rows, "nulls": aggregate.nulls, "scores": aggregate.corpus}


def comparison_text(
    whole: tg.Comparison, groups: dict[Hashable, tg.Comparison], by: str | None, signatures: dict[str, str]
) -> str:
    """The comparison of all rows, and before it those of the groups: what got worse first."""
    blocks = []
    if by is not None:
        blocks.append(_regressions(groups, by))
        # What got worse first, the worst of it before the rest.
        order = sorted(groups, key=lambda key: min(map(_loss, groups[key].regressions), default=0.0))
        blocks += [f"{by} {key_name(key)}: {groups[key].rows} rows\n{groups[key]!r}" for key in order]
    kind = "paired bootstrap samples" if whole.test == "bootstrap" else "trials of approximate randomization"
    blocks.append(f"all: {whole.rows} rows, {whole.samples} {kind}, seed {whole.seed}\n{whole!r}")
    return "\n\n".join([*blocks, _signatures(signatures)])


def _loss(difference: tg.Difference) -> float:
    """How far the system fell behind, as a share of the base's score; below 0."""
    return -abs(difference.difference.score) / (abs(difference.base_score.score) or 1.0)


def _regressions(groups: dict[Hashable, tg.Comparison], by: str) -> str:
    worse = [(difference, key) for key, each in groups.items() for difference in each.regressions]
    if not worse:
        return f"worse by the evidence: no {by}"
    lines = [
        f"  {key_name(key)}: {each.column} of {each.system} {each.difference.score:+.4f}, from "
        f"{each.base_score.score:.4f} to {each.system_score.score:.4f} (p {each.adjusted_p_value:.4f})"
        for each, key in sorted(worse, key=lambda pair: _loss(pair[0]))
    ]
    return "\n".join([f"worse by the evidence, {by} by {by}:", *lines])
