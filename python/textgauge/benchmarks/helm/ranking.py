"""The passages of a query, ranked by what a model says of each: HELM's `RankingMetric`, by trec_eval's definitions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from textgauge.benchmarks.helm.tables import run_arguments, run_group
from textgauge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textgauge.benchmarks.helm.items import HelmItem
    from textgauge.benchmarks.records import Record

__all__ = ["score_queries"]

CUTS = (1, 2, 3, 5, 10, 20)
DEEP_CUTS = (5, 10, 20)


def score_queries(items: Iterable[HelmItem]) -> None:
    """Gives the first passage of each query the scores of the query: `RR@10`, `Success@1`, `Recall@5` and the like.

    Queries of TREC have `NDCG@10` and the like, too. With `valid_topk=N` in the name of the run there are scores
    `… (topk=N)` of the passages of at most that `rank`.

    Raises:
        InputError: A passage has no log-probability; the message names it.
    """
    queries: dict[tuple[str | None, ...], list[HelmItem]] = {}
    for item in items:
        record = item.record
        if item.is_passage:
            queries.setdefault((record.group, record.trial, record.perturbation, record.instance), []).append(item)
    for passages in queries.values():
        passages[0].scores.update(_scores([item.record for item in passages]))


def _scores(passages: Sequence[Record]) -> dict[str, float]:
    group = passages[0].group
    is_trec = run_group(group) == "msmarco_trec"
    ranked = sorted(passages, key=_strength, reverse=True)
    known = [_relevance(passage) for passage in passages]
    scores = _measures(list(map(_relevance, ranked)), known, is_trec)
    limit = run_arguments(group).get("valid_topk", "None")
    if limit != "None":
        kept = [passage for passage in ranked if passage.rank is not None and 0 < passage.rank <= int(limit)]
        limited = _measures(list(map(_relevance, kept)), known, is_trec)
        scores.update({f"{name} (topk={limit})": value for name, value in limited.items()})
    return scores


def _relevance(passage: Record) -> int:
    return passage.relevance or 0


def _strength(passage: Record) -> tuple[int, float]:
    """A confident yes comes first, a confident no comes late, what is neither last."""
    if passage.logprob is None:
        raise InputError(f"the passage {passage.id!r} of {passage.instance!r} has no logprob", "bad-record")
    said = (passage.prediction or "").strip().lower()
    if said == "yes":
        return 2, passage.logprob
    return int(said == "no"), -passage.logprob


def _measures(ranked: Sequence[int], known: Sequence[int], is_trec: bool) -> dict[str, float]:
    """The measures of a ranking, by the relevance of its passages and of all that are known."""
    # TREC's passages have several degrees, the least of which counts as none.
    least = 2 if is_trec else 1
    hits = [int(relevance >= least) for relevance in ranked]
    relevant = sum(relevance >= least for relevance in known)
    first = next((place for place, hit in enumerate(hits, 1) if hit), None)
    scores = {f"Success@{cut}": float(any(hits[:cut])) for cut in CUTS}
    scores.update({f"Recall@{cut}": sum(hits[:cut]) / relevant if relevant else 0.0 for cut in CUTS})
    scores.update({f"RR@{cut}": 1.0 / first if first is not None and first <= cut else 0.0 for cut in DEEP_CUTS})
    if is_trec:
        ideal = sorted(known, reverse=True)
        scores.update({f"NDCG@{cut}": _share(_gain(ranked[:cut]), _gain(ideal[:cut])) for cut in DEEP_CUTS})
    return scores


def _gain(relevances: Sequence[int]) -> float:
    total = 0.0
    for place, relevance in enumerate(relevances, 2):
        total += relevance / math.log2(place)
    return total


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
