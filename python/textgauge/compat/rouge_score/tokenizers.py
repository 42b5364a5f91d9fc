"""Tokenizers as objects: `rouge_score.tokenizers` of rouge-score 0.1.2."""

from __future__ import annotations

import abc

from textgauge import _core
from textgauge.compat.rouge_score.tokenize import as_text

__all__ = ["DefaultTokenizer", "Tokenizer"]


class Tokenizer(abc.ABC):
    """What makes tokens of a text."""

    @abc.abstractmethod
    def tokenize(self, text: str | bytes) -> list[str]:
        """The tokens of a text."""


class DefaultTokenizer(Tokenizer):
    """Runs of ASCII letters and digits, in lower case, stemmed if wanted."""

    def __init__(self, use_stemmer: bool = False) -> None:
        """Takes whether tokens of more than three characters are stemmed with NLTK's Porter stemmer."""
        self._stemmer = "porter" if use_stemmer else "none"

    def tokenize(self, text: str | bytes) -> list[str]:
        """The tokens of a text."""
        return _core.tokenize(as_text(text), "rouge", self._stemmer, True, False)[0]
