"""Error rates of sentences: `jiwer.measures` of jiwer 4.0.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textgauge.compat.jiwer.process import rates
from textgauge.compat.jiwer.transformations import cer_default, wer_default

if TYPE_CHECKING:
    from textgauge.compat.jiwer.process import Transform

__all__ = ["cer", "mer", "wer", "wil", "wip"]


def wer(
    reference: str | list[str] | None = None,
    hypothesis: str | list[str] | None = None,
    reference_transform: Transform = wer_default,
    hypothesis_transform: Transform = wer_default,
) -> float:
    """The word error rate of one or several pairs of sentences. The reference comes first.

    Raises:
        ValueError: As for `process_words`.
    """
    return rates(reference, hypothesis, reference_transform, hypothesis_transform).wer


def mer(
    reference: str | list[str] | None = None,
    hypothesis: str | list[str] | None = None,
    reference_transform: Transform = wer_default,
    hypothesis_transform: Transform = wer_default,
) -> float:
    """The match error rate of one or several pairs of sentences. The reference comes first.

    Raises:
        ValueError: As for `process_words`.
    """
    return rates(reference, hypothesis, reference_transform, hypothesis_transform).mer


def wip(
    reference: str | list[str] | None = None,
    hypothesis: str | list[str] | None = None,
    reference_transform: Transform = wer_default,
    hypothesis_transform: Transform = wer_default,
) -> float:
    """The word information preserved of one or several pairs of sentences. The reference comes first.

    Raises:
        ValueError: As for `process_words`.
    """
    return rates(reference, hypothesis, reference_transform, hypothesis_transform).wip


def wil(
    reference: str | list[str] | None = None,
    hypothesis: str | list[str] | None = None,
    reference_transform: Transform = wer_default,
    hypothesis_transform: Transform = wer_default,
) -> float:
    """The word information lost of one or several pairs of sentences. The reference comes first.

    Raises:
        ValueError: As for `process_words`.
    """
    return 1 - rates(reference, hypothesis, reference_transform, hypothesis_transform).wip


def cer(
    reference: str | list[str] | None = None,
    hypothesis: str | list[str] | None = None,
    reference_transform: Transform = cer_default,
    hypothesis_transform: Transform = cer_default,
) -> float:
    """The character error rate of one or several pairs of sentences. The reference comes first.

    Raises:
        ValueError: As for `process_words`.
    """
    return rates(reference, hypothesis, reference_transform, hypothesis_transform).wer
