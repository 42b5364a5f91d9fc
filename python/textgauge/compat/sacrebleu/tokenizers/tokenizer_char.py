"""The tokenizer of characters: `sacrebleu.tokenizers.tokenizer_char` of sacrebleu 2.6.0."""

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import CoreTokenizer

__all__ = ["TokenizerChar"]


class TokenizerChar(CoreTokenizer):
    """Parts all characters."""

    name = "char"

    def __call__(self, line: str) -> str:
        """The characters of a text, with blanks between them; a blank stays one."""
        return " ".join(line)
