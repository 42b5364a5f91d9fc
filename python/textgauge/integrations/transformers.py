"""Metrics for the trainers of Hugging Face's `transformers`, which need not be installed to import this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from textgauge.named_columns import headlines, scorer_of
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from textgauge.metrics import Metric

__all__ = ["compute_metrics"]

# What trainers put where there is no token.
_IGNORED = -100


class _Tokenizer(Protocol):
    def batch_decode(self, sequences: Any, *, skip_special_tokens: bool) -> list[str]: ...  # noqa: ANN401


class _EvalPrediction(Protocol):
    """What trainers evaluate: arrays, or tuples of which the first one counts."""

    @property
    def predictions(self) -> Any: ...  # noqa: ANN401
    @property
    def label_ids(self) -> Any: ...  # noqa: ANN401


def compute_metrics(
    tokenizer: _Tokenizer,
    metrics: str | Metric | Iterable[str | Metric],
    *,
    columns: Sequence[str] | None = None,
    causal: bool = False,
) -> Callable[[_EvalPrediction], dict[str, float]]:
    """What `Trainer` and `Seq2SeqTrainer` take as `compute_metrics`.

    It decodes predictions and labels without special tokens, strips both, and scores them in one batch.

    Args:
        tokenizer: What decodes tokens: a tokenizer, or a processor that has `batch_decode`.
        metrics: As for `Scorer`.
        columns: The columns to report, such as `["rouge1.p", "rouge1.r"]`. By default the score that stands for each
            metric, under the metric's own name: `rouge1` is the column `rouge1.f`.
        causal: Whether logits at a position are about the next one, as those of language models without an encoder.
            Generated tokens and logits of encoder-decoder models stand where their labels do.

    Returns:
        A function from an evaluation to the scores of the corpus. Logits become the likeliest tokens, and only those
        count that have a label. Trainers put `eval_` before the names.

    Raises:
        ConfigError: As for `Scorer`; or there is no such column.
    """
    scorer = Scorer(metrics)
    reported = headlines(scorer)
    if columns is not None:
        scorer, reported = scorer_of(columns, scorer.metrics)

    def scores_of(evaluation: _EvalPrediction) -> dict[str, float]:
        predictions, labels = _array(evaluation.predictions), _array(evaluation.label_ids)
        if predictions.ndim == 3:
            predictions = predictions.argmax(-1)
            if causal:
                predictions, labels = predictions[:, :-1], labels[:, 1:]
            predictions = np.where(labels == _IGNORED, _IGNORED, predictions)
        texts = (_decoded(tokenizer, ids) for ids in (predictions, labels))
        corpus = scorer.aggregate(*texts).corpus
        return {name: corpus[column] for name, column in reported.items()}

    return scores_of


def _array(values: Any) -> npt.NDArray[Any]:  # noqa: ANN401
    return np.asarray(values[0] if isinstance(values, tuple) else values)


def _decoded(tokenizer: _Tokenizer, ids: npt.NDArray[Any]) -> list[str]:
    sequences = [row[row != _IGNORED].tolist() for row in ids]
    return [text.strip() for text in tokenizer.batch_decode(sequences, skip_special_tokens=True)]
