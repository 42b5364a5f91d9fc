"""ROUGE's tokenizer as a function: `rouge_score.tokenize` of rouge-score 0.1.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textgauge import _core

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["tokenize"]


def as_text(text: Any) -> str:  # noqa: ANN401 - the peer takes what has `lower`
    """A text that has the tokens that the peer finds in `text`: a `str`, or bytes of UTF-8.

    Raises:
        AttributeError: It cannot be put into lower case.
        TypeError: It is neither `str` nor `bytes`.
        UnicodeDecodeError: The bytes are not UTF-8.
    """
    if isinstance(text, str):
        return text
    lowered: bytes | Buffer = text.lower()
    if isinstance(lowered, bytes):
        # Lower case of bytes is that of ASCII, so no other character becomes a letter of ASCII.
        return lowered.decode().encode("ascii", "replace").decode()
    raise TypeError(f"not expecting type '{type(lowered)}'")


def tokenize(text: str | bytes, stemmer: Any) -> list[str]:  # noqa: ANN401 - any object with `stem`
    """The tokens of a text: runs of ASCII letters and digits, in lower case.

    Args:
        text: The text.
        stemmer: An object whose method `stem` is called with each token longer than three characters, or None.

    Raises:
        AttributeError, TypeError: It is no text.
    """
    tokens = _core.tokenize(as_text(text), "rouge", "none", True, False)[0]
    if not stemmer:
        return tokens
    stemmed = (stemmer.stem(token) if len(token) > 3 else token for token in tokens)
    return [token for token in stemmed if _is_valid(token)]


def _is_valid(token: str) -> bool:
    return token.isascii() and token.isalnum() and token == token.lower()
