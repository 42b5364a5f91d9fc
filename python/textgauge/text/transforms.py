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
import re
import string
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from textgauge import _core
from textgauge._value import Value
from textgauge.errors import ConfigError, InputError
from textgauge.text.tokenizers import SelfNamed, is_python_tokenizer, named_tokenizer, need, signature_name

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


class ToLowerCase(Value):
    """Lower-cases."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.lower()


class ToUpperCase(Value):
    """Upper-cases."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.upper()


class Strip(Value):
    """Takes white space off both ends."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.strip()


class RemoveMultipleSpaces(Value):
    """Makes one blank of any two or more characters of white space."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return re.sub(r"\s{2,}", " ", text)


class RemoveWhiteSpace(Value):
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


class RemovePunctuation(Value):
    """Removes punctuation: what Unicode puts into a category that starts with P."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return text.translate(_punctuation())


class RemoveKaldiNonWords(Value):
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


class ExpandCommonEnglishContractions(Value):
    """Writes out what an apostrophe stands for, `she'll` as `she will`, in lower-case English."""

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        for contraction, expansion in _CONTRACTIONS:
            text = text.replace(contraction, expansion)
        return text


class SubstituteRegexes(Value):
    """Replaces what regular expressions match, one expression after the other.

    Attributes:
        substitutions: Pairs of an expression and its replacement, as `re.sub` takes them; or a mapping.

    Raises:
        ConfigError: An expression or a replacement is none.
    """

    substitutions: tuple[tuple[str, str], ...]

    def __init__(self, substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self._set("substitutions", _pairs(substitutions))
        self("")  # refuses what is no expression or replacement

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        for expression, replacement in self.substitutions:
            text = _substituted(expression, replacement, text)
        return text


class SubstituteWords(Value):
    """Replaces words where they are not part of other words, one after the other.

    Attributes:
        substitutions: Pairs of a word and its replacement, in which `re.sub`'s escapes count; or a mapping.

    Raises:
        ConfigError: A replacement is none.
    """

    substitutions: tuple[tuple[str, str], ...]

    def __init__(self, substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self._set("substitutions", _pairs(substitutions))
        self("")  # refuses what is no replacement

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        for word, replacement in self.substitutions:
            text = _substituted(rf"\b{re.escape(word)}\b", replacement, text)
        return text


class RemoveSpecificWords(Value):
    """Puts a blank in place of words where they are not part of other words.

    Attributes:
        words: The words.
    """

    words: tuple[str, ...]

    def __init__(self, words: str | Iterable[str]) -> None:
        self._set("words", (words,) if isinstance(words, str) else tuple(words))

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return SubstituteWords((word, " ") for word in dict.fromkeys(self.words))(text)


@functools.cache
def _whisper(module: str, normalizer: str, *arguments: bool) -> Transform:
    (found,) = need("Whisper's normaliser", "whisper", f"whisper_normalizer.{module}")
    loaded: Transform = getattr(found, normalizer)(*arguments)
    return loaded


def _whisper_version() -> str:
    import importlib.metadata  # slow to load, and seldom needed

    need("Whisper's normaliser", "whisper", "whisper_normalizer")
    return importlib.metadata.version("whisper-normalizer")


class _OfWhisper(Value):
    """A normaliser of Whisper's. The version of its package stands in its representation, and so in signatures."""

    def __post_init__(self) -> None:
        self._set("version", _whisper_version())

    def __repr__(self) -> str:
        fields = {**self.fields(), "version": self.__dict__["version"]}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields.items())})"


class WhisperBasic(_OfWhisper):
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

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return _whisper("basic", "BasicTextNormalizer", self.remove_diacritics, self.split_letters)(text)


class WhisperEnglish(_OfWhisper):
    """Whisper's normaliser of English: contractions, numbers, currencies and British spellings written one way.

    It is that of the package whisper-normalizer, extra `whisper`, whose version stands in signatures.

    Attributes:
        version: The version of the package.

    Raises:
        ConfigError: The package is not installed.
    """

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        return _whisper("english", "EnglishTextNormalizer")(text)


def _pairs(substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs = substitutions.items() if isinstance(substitutions, Mapping) else substitutions
    try:
        found = tuple((before, after) for before, after in pairs)
    except (TypeError, ValueError):
        found = ((None, None),)
    if not all(isinstance(text, str) for pair in found for text in pair):
        message = f"substitutions is {substitutions!r}; it must be a mapping of str to str, or pairs of str"
        raise ConfigError(message, "bad-option")
    return found


def _substituted(expression: str, replacement: str, text: str) -> str:
    try:
        return re.sub(expression, replacement, text)
    except (re.error, IndexError) as error:  # the latter of groups by names that there are not
        message = f"{expression!r} cannot be replaced by {replacement!r}: {error}"
        raise ConfigError(message, "bad-option") from error


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


def _signature_name(transform: Transform) -> str:
    """A transform as signatures name it; `|` and `:` would part them."""
    name = repr(transform) if isinstance(transform, BUILT_IN) else signature_name(transform)
    return name.replace("|", "\\x7c").replace(":", "\\x3a").replace("\n", "\\n")


class Pipeline(SelfNamed):
    """A tokenizer that transforms texts first."""

    transforms: tuple[Transform, ...]
    tokenizer: str | Callable[[str], Iterable[str]]
    lowercase: bool

    def __call__(self, text: str) -> Iterable[str]:
        """The tokens."""
        return self.cut(self.transformed(text))

    def signature_name(self) -> str:
        """The transforms and the tokenizer, in order."""
        before = ">".join(map(_signature_name, self.transforms))
        cut = self.tokenizer if isinstance(self.tokenizer, str) else signature_name(self.tokenizer)
        return f"{before}>{cut}{'[lower]' if self.lowercase else ''}"

    def transformed(self, text: str) -> str:
        """The text as the tokenizer is given it.

        Raises:
            InputError: A transform returned something other than a text.
        """
        for transform in self.transforms:
            text = transform(text)
            if not isinstance(text, str):
                message = f"the transform {transform!r} made a {type(text).__name__} of a text; it must return a str"
                raise InputError(message, "bad-tokenizer")
        return text.lower() if self.lowercase else text

    def cut(self, transformed: str) -> Iterable[str]:
        """The tokens of a transformed text."""
        if isinstance(self.tokenizer, str):
            # "rouge" insists on lower case, even of what is so already.
            return _core.tokenize(transformed, self.tokenizer, "none", self.lowercase, False)[0]
        return self.tokenizer(transformed)


def as_transforms(transforms: str | Transform | Iterable[str | Transform]) -> tuple[str | Transform, ...]:
    """Transforms as a tuple: one that is given by itself is the only one.

    Raises:
        ConfigError: These are no transforms.
    """
    if isinstance(transforms, str) or callable(transforms):
        return (transforms,)
    if not isinstance(transforms, Iterable):
        raise ConfigError(
            f"transforms is {transforms!r}; it must be a list of names or functions, or one of them", "bad-option"
        )
    return tuple(transforms)


def pipeline(
    transforms: str | Transform | Iterable[str | Transform],
    tokenizer: str | Callable[[str], Iterable[str]],
    lowercase: bool,
) -> Pipeline:
    """The pipeline of transforms, some of them by name, and a tokenizer.

    Raises:
        ConfigError: There is no transform or tokenizer of such a name, a package that it needs is missing, or an
            argument is of the wrong type.
    """
    if not isinstance(lowercase, bool):
        raise ConfigError(f"lowercase is {lowercase!r}; it must be True or False", "bad-option")
    found = []
    for transform in as_transforms(transforms):
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
            _core.tokenize("", tokenizer, "none", lowercase, False)  # refuses unknown names
    elif not callable(tokenizer):
        raise ConfigError(f"there is no tokenizer {tokenizer!r}; pass a name or a function", "bad-option")
    return Pipeline(tuple(found), tokenizer, lowercase)
