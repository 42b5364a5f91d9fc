"""Transforms of sentences: `jiwer.transforms` of jiwer 4.0.0.

`textgauge.transforms` has the same for all metrics, in the core, and they know what each character was made of.
"""

from __future__ import annotations

import functools
import re
import string
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "AbstractTransform",
    "Compose",
    "ExpandCommonEnglishContractions",
    "ReduceToListOfListOfChars",
    "ReduceToListOfListOfWords",
    "ReduceToSingleSentence",
    "RemoveEmptyStrings",
    "RemoveKaldiNonWords",
    "RemoveMultipleSpaces",
    "RemovePunctuation",
    "RemoveSpecificWords",
    "RemoveWhiteSpace",
    "Strip",
    "SubstituteRegexes",
    "SubstituteWords",
    "ToLowerCase",
    "ToUpperCase",
]

# Annotations here say `Any` where a subclass may take or return what it likes.


class AbstractTransform:
    """What is done to a sentence, or to each of a list. Subclasses say how in `process_string` or `process_list`."""

    def __call__(self, sentences: str | list[str]) -> Any:  # noqa: ANN401
        """What becomes of them.

        Raises:
            ValueError: They are neither a `str` nor a list.
        """
        if isinstance(sentences, str):
            return self.process_string(sentences)
        if isinstance(sentences, list):
            return self.process_list(sentences)
        raise ValueError(f"input {sentences} was expected to be a string or list of strings")

    def process_string(self, s: str) -> Any:  # noqa: ANN401
        """What becomes of a sentence."""
        raise NotImplementedError

    def process_list(self, inp: list[str]) -> Any:  # noqa: ANN401
        """What becomes of a list of sentences."""
        return [self.process_string(s) for s in inp]


class Compose:
    """Transforms, one after the other."""

    def __init__(self, transforms: list[AbstractTransform]) -> None:
        """Takes the transforms, first to last."""
        self.transforms = transforms

    def __call__(self, text: Any) -> Any:  # noqa: ANN401
        """What becomes of a sentence or a list of them."""
        for transform in self.transforms:
            text = transform(text)
        return text


class _Punctuation(frozenset[str]):
    """All that Unicode calls punctuation: some eight hundred characters, which are removed in one pass."""


@functools.cache
def _punctuation() -> _Punctuation:
    characters = map(chr, range(sys.maxunicode + 1))
    return _Punctuation(each for each in characters if unicodedata.category(each).startswith("P"))


@functools.cache
def _without_punctuation() -> dict[int, None]:
    """The table by which `str.translate` removes it."""
    return dict.fromkeys(map(ord, _punctuation()))


class BaseRemoveTransform(AbstractTransform):
    """Replaces strings by one other."""

    def __init__(self, tokens_to_remove: Iterable[str], replace_token: str = "") -> None:
        """Takes the strings, and what stands in their place."""
        self.tokens_to_remove = tokens_to_remove
        self.replace_token = replace_token

    def process_string(self, s: str) -> str:
        """The sentence without them."""
        if isinstance(self.tokens_to_remove, _Punctuation) and not self.replace_token and type(s) is str:
            return s.translate(_without_punctuation())
        for token in self.tokens_to_remove:
            s = s.replace(token, self.replace_token)
        return s

    def process_list(self, inp: list[str]) -> list[str]:
        """Each sentence without them."""
        return [self.process_string(s) for s in inp]


class _Reduce(AbstractTransform):
    """Makes a list of tokens of each sentence; no sentence is taken for an empty one."""

    def process_list(self, inp: list[str]) -> list[list[str]]:
        """The tokens of each sentence."""
        return [self.process_string(sentence)[0] for sentence in inp] or [[]]


class ReduceToListOfListOfWords(_Reduce):
    """Splits each sentence into words; empty ones are dropped."""

    def __init__(self, word_delimiter: str = " ") -> None:
        """Takes what stands between words."""
        self.word_delimiter = word_delimiter

    def process_string(self, s: str) -> list[list[str]]:
        """A list of one list, the words."""
        return [list(filter(None, s.split(self.word_delimiter)))]

    def process_list(self, inp: list[str]) -> list[list[str]]:
        """The words of each sentence."""
        return super().process_list(inp)


class ReduceToListOfListOfChars(_Reduce):
    """Splits each sentence into characters."""

    def process_string(self, s: str) -> list[list[str]]:
        """A list of one list, the characters."""
        return [list(s)]

    def process_list(self, inp: list[str]) -> list[list[str]]:
        """The characters of each sentence."""
        return super().process_list(inp)


class ReduceToSingleSentence(AbstractTransform):
    """Joins a list of sentences to one; empty ones are dropped."""

    def __init__(self, word_delimiter: str = " ") -> None:
        """Takes what is put between sentences."""
        self.word_delimiter = word_delimiter

    def process_string(self, s: str) -> str:
        """The sentence as it is."""
        return s

    def process_list(self, inp: list[str]) -> list[str]:
        """A list of the one sentence, or an empty list."""
        sentences = [sentence for sentence in inp if len(sentence) >= 1]
        return [self.word_delimiter.join(sentences)] if sentences else []


class SubstituteRegexes(AbstractTransform):
    """Replaces what regular expressions match."""

    def __init__(self, substitutions: Mapping[str, str]) -> None:
        """Takes a replacement for each expression."""
        self.substitutions = substitutions

    def process_string(self, s: str) -> str:
        """The sentence with the replacements."""
        for pattern, replacement in self.substitutions.items():
            s = re.sub(pattern, replacement, s)
        return s


class SubstituteWords(AbstractTransform):
    """Replaces words, where they are whole."""

    def __init__(self, substitutions: Mapping[str, str]) -> None:
        """Takes a replacement for each word."""
        self.substitutions = substitutions

    def process_string(self, s: str) -> str:
        """The sentence with the replacements."""
        for word, replacement in self.substitutions.items():
            s = re.sub(rf"\b{re.escape(word)}\b", replacement, s)
        return s


class RemoveSpecificWords(SubstituteWords):
    """Puts a space in the place of words."""

    def __init__(self, words_to_remove: list[str]) -> None:
        """Takes the words."""
        super().__init__(dict.fromkeys(words_to_remove, " "))


class RemoveWhiteSpace(BaseRemoveTransform):
    """Removes ASCII white space."""

    def __init__(self, replace_by_space: bool = False) -> None:
        """Takes whether a space stands for each of them."""
        super().__init__(list(string.whitespace), replace_token=" " if replace_by_space else "")


class RemovePunctuation(BaseRemoveTransform):
    """Removes all that Unicode calls punctuation."""

    def __init__(self) -> None:
        """Takes nothing."""
        super().__init__(_punctuation())


class RemoveMultipleSpaces(AbstractTransform):
    """Puts a space in the place of two or more characters of white space."""

    def process_string(self, s: str) -> str:
        """The sentence without them."""
        return re.sub(r"\s\s+", " ", s)

    def process_list(self, inp: list[str]) -> list[str]:
        """Each sentence without them."""
        return [self.process_string(s) for s in inp]


class Strip(AbstractTransform):
    """Removes white space at both ends."""

    def process_string(self, s: str) -> str:
        """The sentence without it."""
        return s.strip()


class RemoveEmptyStrings(AbstractTransform):
    """Drops sentences of white space from a list."""

    def process_string(self, s: str) -> str:
        """The sentence without white space at both ends."""
        return s.strip()

    def process_list(self, inp: list[str]) -> list[str]:
        """The sentences that are left, as they are."""
        return [s for s in inp if self.process_string(s) != ""]


# The first rules are about whole words: "n't" alone would make "ca not" of "can't".
_CONTRACTIONS = {
    "won't": "will not",
    "can't": "can not",
    "let's": "let us",
    "n't": " not",
    "'re": " are",
    "'s": " is",
    "'d": " would",
    "'ll": " will",
    "'t": " not",
    "'ve": " have",
    "'m": " am",
}


class ExpandCommonEnglishContractions(AbstractTransform):
    """Writes English contractions in full: `won't` becomes `will not`."""

    def process_string(self, s: str) -> str:
        """The sentence without them."""
        for short, long in _CONTRACTIONS.items():
            s = re.sub(short, long, s)
        return s


class ToLowerCase(AbstractTransform):
    """Puts sentences into lower case."""

    def process_string(self, s: str) -> str:
        """The sentence in lower case."""
        return s.lower()


class ToUpperCase(AbstractTransform):
    """Puts sentences into upper case."""

    def process_string(self, s: str) -> str:
        """The sentence in upper case."""
        return s.upper()


class RemoveKaldiNonWords(AbstractTransform):
    """Removes what stands in `[]` and `<>`, such as `[laugh]`."""

    def process_string(self, s: str) -> str:
        """The sentence without it."""
        return re.sub(r"[<\[][^>\]]*[>\]]", "", s)
