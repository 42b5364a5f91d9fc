"""No tokenizer: `sacrebleu.tokenizers.tokenizer_none` of sacrebleu 2.6.0."""

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import CoreTokenizer

__all__ = ["NoneTokenizer"]


class NoneTokenizer(CoreTokenizer):
    """Leaves texts as they are."""

    name = "none"

    def __call__(self, line: str) -> str:
        """The text itself."""
        return line
