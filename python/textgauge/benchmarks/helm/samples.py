"""Several texts drawn for one prompt: HELM's `DisinformationMetric`, but for what people judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textgauge.benchmarks.helm.tables import run_group
from textgauge.metrics import Bleu
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.benchmarks.helm.items import HelmItem
    from textgauge.benchmarks.records import Record

__all__ = ["score_samples"]


def score_samples(items: Sequence[HelmItem], threads: int | None) -> None:
    """Gives items `self_bleu` and, with log-probabilities, `monte_carlo_entropy`."""
    sampled = [item for item in items if run_group(item.record.group).startswith("disinformation_")]
    for item in sampled:
        logprobs = [value for value in (item.record.logprob, *item.record.alternative_logprobs) if value is not None]
        if logprobs:
            item.scores["monte_carlo_entropy"] = sum(-logprob for logprob in logprobs) / len(logprobs)
    samples = [_samples(item.record) for item in sampled]
    # Each text against all the others.
    predictions = [text for texts in samples for text in texts]
    others = [[*texts[:index], *texts[index + 1 :]] for texts in samples for index in range(len(texts))]
    bleu = iter(Scorer(Bleu(), threads=threads).score(predictions, others)["bleu"].tolist() if predictions else ())
    for item, texts in zip(sampled, samples, strict=True):
        scores = [next(bleu) for _ in texts]
        item.scores["self_bleu"] = sum(scores) / len(scores) if scores else 0.0


def _samples(record: Record) -> list[str]:
    """The texts that say something; none if there is one alone, which has no other to be like."""
    texts = [text for each in (record.prediction or "", *record.alternatives) if (text := each.strip())]
    return texts if len(texts) > 1 else []
