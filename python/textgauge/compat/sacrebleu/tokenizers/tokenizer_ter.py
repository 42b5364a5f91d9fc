"""The tokenizer of TER: `sacrebleu.tokenizers.tokenizer_ter` of sacrebleu 2.6.0."""

from __future__ import annotations

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import BaseTokenizer
from textgauge.scorer import tokenize

__all__ = ["TercomTokenizer"]

# What the name of the core's tokenizer has for each option.
_FLAGS = {"normalized": "+norm", "no_punct": "+nopunct", "asian_support": "+asian"}


class TercomTokenizer(BaseTokenizer):
    """Reads texts as tercom does.

    Attributes:
        options: How, as options of `textgauge.Ter`.
    """

    def __init__(
        self,
        normalized: bool = False,
        no_punct: bool = False,
        asian_support: bool = False,
        case_sensitive: bool = False,
    ) -> None:
        """Takes how texts are read.

        Args:
            normalized: Whether punctuation is cut off words, entities are resolved and so on.
            no_punct: Whether punctuation is removed.
            asian_support: Whether both go for Chinese, Japanese and Korean too.
            case_sensitive: Whether texts are left in their case.
        """
        self.options = {
            "normalized": bool(normalized),
            "no_punct": bool(no_punct),
            "asian_support": bool(asian_support),
            "case_sensitive": bool(case_sensitive),
        }

    def signature(self) -> str:
        """What signatures call it."""
        return "tercom"

    def __call__(self, sent: str) -> str:
        """The words of a text, with blanks between them."""
        flags = "".join(flag for option, flag in _FLAGS.items() if self.options[option])
        return " ".join(tokenize(sent, f"tercom{flags}", lowercase=not self.options["case_sensitive"]))
