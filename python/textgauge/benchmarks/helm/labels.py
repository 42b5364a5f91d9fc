"""F1 over the classes of a whole scenario: HELM's `ClassificationMetric`."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import numpy as np

from textgauge.benchmarks.helm.tables import run_arguments, run_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.benchmarks.helm.items import HelmItem

__all__ = ["classification"]

SCENARIOS = ("raft", "civil_comments", "imdb", "lextreme", "lex_glue")
# Subsets whose items have several labels each, with commas between.
SEVERAL = frozenset(
    [
        "online_terms_of_service_clause_topics",
        "covid19_emergency_event",
        "multi_eurlex_level_1",
        "multi_eurlex_level_2",
        "multi_eurlex_level_3",
        "ecthr_a",
        "ecthr_b",
        "eurlex",
        "unfair_tos",
    ]
)
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def classification(items: Sequence[HelmItem]) -> dict[str, float]:
    """`classification_macro_f1` and `classification_micro_f1` of the items of one trial.

    The classes are those of the right answers. A prediction that is none of them counts for no class. Empty for
    scenarios that HELM doesn't measure so, and for choices.
    """
    texts = [item for item in items if item.completions and item.references and not item.record.choices]
    if not texts or run_group(texts[0].record.group) not in SCENARIOS:
        return {}
    several = run_arguments(texts[0].record.group).get("subset") in SEVERAL
    right = [_labels(item.references) for item in texts]
    said = [_labels((item.record.prediction or "").split(", ") if several else [item.prediction]) for item in texts]
    classes = sorted(set().union(*right))
    hits, wanted, found = (
        np.array([sum(label in each for each in labels) for label in classes], np.float64)
        for labels in ([a & b for a, b in zip(right, said, strict=True)], right, said)
    )
    return {
        "classification_macro_f1": float(np.average(2.0 * hits / (wanted + found))),
        "classification_micro_f1": float(2.0 * hits.sum() / (wanted.sum() + found.sum())),
    }


def _labels(texts: Sequence[str]) -> set[str]:
    return {" ".join(text.lower().translate(_PUNCTUATION).split()) for text in texts if text}
