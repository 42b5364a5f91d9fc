"""How probable the outputs were to the model: HELM's measures of language modelling."""

from __future__ import annotations

import functools
import math
import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textgauge.benchmarks.helm.items import HelmItem

__all__ = ["likelihood"]


def likelihood(items: Sequence[HelmItem]) -> dict[str, float]:
    """`bits_per_byte`, `logprob_per_byte` and, where records have the number of tokens, `perplexity` of one trial.

    Empty unless all outputs are texts with a log-probability.
    """
    records = [item.record for item in items]
    if not records or any(record.logprob is None or record.prediction is None for record in records):
        return {}
    logprob = _sum(record.logprob or 0.0 for record in records)
    bytes_ = sum(len((record.prediction or "").encode("utf-8", "surrogatepass")) for record in records)
    tokens = sum(record.num_tokens or 0 for record in records)
    measures = {}
    if bytes_:
        measures = {"bits_per_byte": -logprob / bytes_ / math.log(2), "logprob_per_byte": logprob / bytes_}
    if tokens and all(record.num_tokens is not None for record in records):
        measures["perplexity"] = math.e ** (-logprob / tokens)
    return measures


def _sum(values: Iterable[float]) -> float:
    """The sum one by one, as HELM has it; newer Pythons' `sum` rounds less."""
    return functools.reduce(operator.add, values, 0.0)
