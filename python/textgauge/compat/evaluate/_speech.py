"""evaluate's metrics of transcripts: `wer` and `cer`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textgauge.compat import jiwer
from textgauge.compat.evaluate._described import SINGLE, described
from textgauge.compat.evaluate.module import Metric
from textgauge.metrics import Cer, Wer
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable

    from textgauge.compat.evaluate.info import MetricInfo

_PAGE = "https://github.com/jitsi/jiwer/"


class WER(Metric):
    """Word error rate as jiwer has it."""

    def _info(self) -> MetricInfo:
        description = "WER: the edits that make the reference of the prediction, for each word of the reference."
        return described(description, "concatenate_texts", SINGLE, "Morris et al. 2004, From WER and RIL to MER", _PAGE)

    def _compute(  # type: ignore[override]
        self, predictions: list[Any], references: list[Any], concatenate_texts: bool = False
    ) -> float:
        if concatenate_texts:
            return jiwer.wer(references, predictions)
        return _error_rate(Scorer(Wer()), "wer", predictions, references, jiwer.process_words)


class CER(Metric):
    """Character error rate as jiwer has it."""

    def _info(self) -> MetricInfo:
        description = "CER: the edits that make the reference of the prediction, for each character of the reference."
        return described(description, "concatenate_texts", SINGLE, "Morris et al. 2004, From WER and RIL to MER", _PAGE)

    def _compute(  # type: ignore[override]
        self, predictions: list[Any], references: list[Any], concatenate_texts: bool = False
    ) -> float:
        if concatenate_texts:
            return jiwer.cer(references, predictions)
        return _error_rate(Scorer(Cer()), "cer", predictions, references, jiwer.process_characters)


def _error_rate(
    scorer: Scorer, name: str, predictions: list[Any], references: list[Any], of_pair: Callable[[str, str], object]
) -> float:
    """The edits of all pairs for each token of the references.

    Raises:
        ZeroDivisionError: There are no such tokens.
        ValueError: A text is missing.
    """
    if None in predictions or None in references:
        for reference, prediction in zip(references, predictions, strict=True):
            of_pair(reference, prediction)  # raises what the peer does
    counts = scorer.score(predictions, references)
    hits, replaced, deleted, inserted = (int(counts[f"{name}.{part}"].sum()) for part in ("hits", "sub", "del", "ins"))
    return (replaced + deleted + inserted) / (hits + replaced + deleted)
