"""What tokenizers are: `sacrebleu.tokenizers.tokenizer_base` of sacrebleu 2.6.0."""

from __future__ import annotations

from textgauge.errors import ConfigError
from textgauge.scorer import tokenize
from textgauge.text.tokenizers import named_tokenizer

__all__ = ["BaseTokenizer", "CoreTokenizer", "PackageTokenizer"]


class BaseTokenizer:
    """What a tokenizer of one's own derives from: an object that is called with a text."""

    def signature(self) -> str:
        """What signatures call it."""
        raise NotImplementedError

    def __call__(self, line: str) -> str:
        """The tokens of a text, with blanks between them."""
        raise NotImplementedError


class CoreTokenizer(BaseTokenizer):
    """A tokenizer of the core.

    Attributes:
        name: What textgauge calls it.
    """

    name: str

    def signature(self) -> str:
        """What signatures call it."""
        return self.name

    def __call__(self, line: str) -> str:
        """The tokens of a text, with blanks between them."""
        return " ".join(tokenize(line, self.name, lowercase=False))


class PackageTokenizer(BaseTokenizer):
    """A tokenizer of another package.

    Attributes:
        name: What textgauge calls it.
    """

    name: str

    def __init__(self) -> None:
        """Loads the package.

        Raises:
            RuntimeError: It is not installed, or its dictionary is another one.
        """
        try:
            self._tokenize, self._signature = named_tokenizer(self.name)
        except ConfigError as error:
            raise RuntimeError(str(error)) from error

    def signature(self) -> str:
        """What signatures call it, with the package's version."""
        return self._signature

    def __call__(self, line: str) -> str:
        """The tokens of a text, with blanks between them."""
        return " ".join(self._tokenize(line))
