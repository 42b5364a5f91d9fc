"""What can be done to a text before it is cut into tokens: jiwer 4.0.0's transforms of strings, Whisper's normalisers.

Each is a function from a text to a text, comparable and picklable. Metrics of the edit distance take them, or the names
of those without arguments:

>>> import textgauge as tg
>>> metric = tg.Wer(transforms=("ToLowerCase", tg.transforms.SubstituteWords({"u": "you"})))
>>> tg.Scorer(metric).score(["See u"], ["see you"])["wer"]
array([0.])
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
import string
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from textgauge import _core
from textgauge._tokenizers import is_python_tokenizer, named_tokenizer, need
from textgauge.errors import ConfigError

__all__ = [
    "ExpandCommonEnglishContractions",
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
    "Transform",
    "WhisperBasic",
    "WhisperEnglish",
]

Transform: TypeAlias = Callable[[str], str]


@dataclass(frozen=True)
class ToLowerCase:
    """Lower-cases."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.lower()


@dataclass(frozen=True)
class ToUpperCase:
    """Upper-cases."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.upper()


@dataclass(frozen=True)
class Strip:
    """Takes white space off both ends."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.strip()


@dataclass(frozen=True)
class RemoveMultipleSpaces:
    """Makes one blank of any two or more characters of white space."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return re.sub(r"\s{2,}", " ", text)


@dataclass(frozen=True)
class RemoveWhiteSpace:
    """Removes the white space of ASCII.

    Attributes:
        replace_by_space: Whether a blank is left in place of each character.
    """

    replace_by_space: bool = False

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.translate(dict.fromkeys(map(ord, string.whitespace), " " if self.replace_by_space else ""))


@functools.cache
def _punctuation() -> dict[int, None]:
    points = range(sys.maxunicode + 1)
    return dict.fromkeys(point for point in points if unicodedata.category(chr(point)).startswith("P"))


@dataclass(frozen=True)
class RemovePunctuation:
    """Removes punctuation: what Unicode puts into a category that starts with P."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.translate(_punctuation())


@dataclass(frozen=True)
class RemoveKaldiNonWords:
    """Removes what stands in square or angle brackets, such as `[laugh]` and `<unk>`."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return re.sub(r"[\[<][^\]>]*[\]>]", "", text)


# In this order: whole words before the endings of others.
_CONTRACTIONS = (
    ("won't", "will not"),
    ("can't", "can not"),
    ("let's", "let us"),
    ("n't", " not"),
    ("'re", " are"),
    ("'s", " is"),
    ("'d", " would"),
    ("'ll", " will"),
    ("'t", " not"),
    ("'ve", " have"),
    ("'m", " am"),
)


@dataclass(frozen=True)
class ExpandCommonEnglishContractions:
    """Writes out what an apostrophe stands for, `she'll` as `she will`, in lower-case English."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        for contraction, expansion in _CONTRACTIONS:
            text = text.replace(contraction, expansion)
        return text


@dataclass(frozen=True, init=False)
class SubstituteRegexes:
    """Replaces what regular expressions match, one expression after the other.

    Attributes:
        substitutions: Pairs of an expression and its replacement, as `re.sub` takes them; or a mapping.
    """

    substitutions: tuple[tuple[str, str], ...]

    def __init__(self, substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        object.__setattr__(self, "substitutions", _pairs(substitutions))

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        for expression, replacement in self.substitutions:
            text = re.sub(expression, replacement, text)
        return text


@dataclass(frozen=True, init=False)
class SubstituteWords:
    """Replaces words where they are not part of other words, one after the other.

    Attributes:
        substitutions: Pairs of a word and its replacement, in which `re.sub`'s escapes count; or a mapping.
    """

    substitutions: tuple[tuple[str, str], ...]

    def __init__(self, substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        object.__setattr__(self, "substitutions", _pairs(substitutions))

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        for word, replacement in self.substitutions:
            text = re.sub(rf"\b{re.escape(word)}\b", replacement, text)
        return text


@dataclass(frozen=True, init=False)
class RemoveSpecificWords:
    """Puts a blank in place of words where they are not part of other words.

    Attributes:
        words: The words.
    """

    words: tuple[str, ...]

    def __init__(self, words: Iterable[str]) -> None:
        object.__setattr__(self, "words", tuple(words))

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return SubstituteWords((word, " ") for word in dict.fromkeys(self.words))(text)


@functools.cache
def _whisper(module: str, normalizer: str, *arguments: bool) -> Transform:
    (found,) = need("Whisper's normaliser", "whisper", f"whisper_normalizer.{module}")
    loaded: Transform = getattr(found, normalizer)(*arguments)
    return loaded


def _whisper_version() -> str:
    need("Whisper's normaliser", "whisper", "whisper_normalizer")
    return importlib.metadata.version("whisper-normalizer")


@dataclass(frozen=True)
class WhisperBasic:
    """Whisper's normaliser for any language: lower case, neither symbols nor what stands in brackets.

    It is that of the package whisper-normalizer, extra `whisper`, whose version stands in signatures.

    Attributes:
        remove_diacritics: Whether letters lose their marks.
        split_letters: Whether a blank parts any two graphemes, for languages that write none.
        version: The version of the package.

    Raises:
        ConfigError: The package is not installed.
    """

    remove_diacritics: bool = False
    split_letters: bool = False
    version: str = field(init=False, default_factory=_whisper_version)

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return _whisper("basic", "BasicTextNormalizer", self.remove_diacritics, self.split_letters)(text)


@dataclass(frozen=True)
class WhisperEnglish:
    """Whisper's normaliser of English: contractions, numbers, currencies and British spellings written one way.

    It is that of the package whisper-normalizer, extra `whisper`, whose version stands in signatures.

    Attributes:
        version: The version of the package.

    Raises:
        ConfigError: The package is not installed.
    """

    version: str = field(init=False, default_factory=_whisper_version)

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return _whisper("english", "EnglishTextNormalizer")(text)


def _pairs(substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs = substitutions.items() if isinstance(substitutions, Mapping) else substitutions
    return tuple((before, after) for before, after in pairs)


_NAMED: dict[str, type] = {
    transform.__name__: transform
    for transform in (
        ToLowerCase,
        ToUpperCase,
        RemovePunctuation,
        RemoveMultipleSpaces,
        Strip,
        RemoveWhiteSpace,
        ExpandCommonEnglishContractions,
        RemoveKaldiNonWords,
        WhisperBasic,
        WhisperEnglish,
    )
}

BUILT_IN = (*_NAMED.values(), SubstituteRegexes, SubstituteWords, RemoveSpecificWords)


@dataclass(frozen=True)
class Pipeline:
    """A tokenizer that transforms texts first."""

    transforms: tuple[Transform, ...]
    tokenizer: str | Callable[[str], Iterable[str]]
    lowercase: bool

    def __call__(self, text: str) -> Iterable[str]:
        """The tokens."""
        for transform in self.transforms:
            text = transform(text)
        if self.lowercase:
            text = text.lower()
        if isinstance(self.tokenizer, str):
            return _core.tokenize(text, self.tokenizer, "none", False, False)[0]
        return self.tokenizer(text)


def pipeline(
    transforms: Iterable[str | Transform], tokenizer: str | Callable[[str], Iterable[str]], lowercase: bool
) -> Pipeline:
    """The pipeline of transforms, some of them by name, and a tokenizer.

    Raises:
        ConfigError: There is no transform or tokenizer of such a name, or a package that it needs is missing.
    """
    found = []
    for transform in transforms:
        named = _NAMED[transform]() if isinstance(transform, str) and transform in _NAMED else transform
        if not callable(named):
            known = ", ".join(_NAMED)
            raise ConfigError(
                f"there is no transform {transform!r}; choose one of {known}, or a function", "bad-option"
            )
        found.append(named)
    if isinstance(tokenizer, str):
        if is_python_tokenizer(tokenizer):
            tokenizer, _ = named_tokenizer(tokenizer)
        else:
            _core.tokenize("", tokenizer, "none", tokenizer == "rouge", False)  # refuses unknown names
    return Pipeline(tuple(found), tokenizer, lowercase)
