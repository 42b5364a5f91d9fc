"""How a summary relates to its source: HELM's `SummarizationMetric` without the parts that need a model."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks.helm.tables import run_group
from textgauge.errors import ConfigError
from textgauge.metrics import Extractive
from textgauge.scorer import Scorer
from textgauge.text.tokenizers import SelfNamed, need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.benchmarks.helm.items import HelmItem
    from textgauge.benchmarks.records import Record

__all__ = ["is_summary", "score_sources", "without_braces"]


class SpacyTokens(SelfNamed):
    """spaCy's tokens of English, in lower case as Newsroom's `Fragments` compares them."""

    def __call__(self, text: str) -> list[str]:
        """The tokens of a text."""
        return [token.text.lower() for token in _spacy().tokenizer(text)]

    def signature_name(self) -> str:
        """What signatures call it, with the version of spaCy."""
        (spacy,) = need("summarization_coverage", "spacy", "spacy")
        return f"spacy-en-{spacy.__version__}+lower"


@functools.cache
def _spacy() -> Any:  # noqa: ANN401 - spaCy is not among what types are checked with
    (spacy,) = need("summarization_coverage", "spacy", "spacy")
    return spacy.blank("en")


def is_summary(record: Record) -> bool:
    """Whether the record belongs to one of the scenarios of summarisation."""
    return "summarization" in run_group(record.group)


def without_braces(text: str) -> str:
    """The text without a brace at the start and one at the end, which HELM takes for marks of the prompt."""
    return text.removeprefix("{").removesuffix("}")


def score_sources(items: Sequence[HelmItem], threads: int | None) -> dict[str, str]:
    """Gives summaries `summarization_coverage`, `_density` and `_compression`, where `input` has the source.

    Returns:
        What could not be computed, with what it needs: they take spaCy.
    """
    summaries = [item for item in items if is_summary(item.record) and item.record.question]
    if not summaries:
        return {}
    try:
        _spacy()
    except ConfigError as error:
        return {"summarization_coverage, summarization_density, summarization_compression": str(error)}
    metric = Extractive(tokenizer=SpacyTokens(), lowercase=False)
    predictions = [item.prediction for item in summaries]
    sources = [without_braces(item.record.question) for item in summaries]
    result = Scorer(metric, threads=threads).score(predictions, sources)
    for part in ("coverage", "density", "compression"):
        for item, value in zip(summaries, result[f"extractive.{part}"].tolist(), strict=True):
            item.scores[f"summarization_{part}"] = value
    return {}
