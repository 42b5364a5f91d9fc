"""Transforms that are ready to use: `jiwer.transformations` of jiwer 4.0.0."""

from __future__ import annotations

from textgauge.compat.jiwer import transforms as tr

__all__ = [
    "cer_contiguous",
    "cer_default",
    "wer_contiguous",
    "wer_default",
    "wer_standardize",
    "wer_standardize_contiguous",
]


def _standard() -> list[tr.AbstractTransform]:
    return [
        tr.ToLowerCase(),
        tr.ExpandCommonEnglishContractions(),
        tr.RemoveKaldiNonWords(),
        tr.RemoveWhiteSpace(replace_by_space=True),
    ]


def _words(*, contiguous: bool) -> list[tr.AbstractTransform]:
    joined = [tr.ReduceToSingleSentence()] if contiguous else []
    return [tr.RemoveMultipleSpaces(), tr.Strip(), *joined, tr.ReduceToListOfListOfWords()]


wer_default = tr.Compose(_words(contiguous=False))
"""Words between spaces, sentence by sentence."""

wer_contiguous = tr.Compose(_words(contiguous=True))
"""Words between spaces, of all sentences as one."""

wer_standardize = tr.Compose([*_standard(), *_words(contiguous=False)])
"""Words in lower case, with contractions in full and without Kaldi's non-words, sentence by sentence."""

wer_standardize_contiguous = tr.Compose([*_standard(), *_words(contiguous=True)])
"""The same, of all sentences as one."""

cer_default = tr.Compose([tr.Strip(), tr.ReduceToListOfListOfChars()])
"""Characters, sentence by sentence."""

cer_contiguous = tr.Compose([tr.Strip(), tr.ReduceToSingleSentence(), tr.ReduceToListOfListOfChars()])
"""Characters, of all sentences as one."""
