"""The tokenizer of mteval-v13a: `sacrebleu.tokenizers.tokenizer_13a` of sacrebleu 2.6.0."""

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import CoreTokenizer

__all__ = ["Tokenizer13a"]


class Tokenizer13a(CoreTokenizer):
    """Cuts punctuation off, but for periods and commas in numbers."""

    name = "13a"
