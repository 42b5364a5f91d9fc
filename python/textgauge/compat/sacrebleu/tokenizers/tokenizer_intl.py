"""The international tokenizer of mteval-v14: `sacrebleu.tokenizers.tokenizer_intl` of sacrebleu 2.6.0."""

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import CoreTokenizer

__all__ = ["TokenizerV14International"]


class TokenizerV14International(CoreTokenizer):
    """Cuts punctuation and symbols of all scripts off."""

    name = "intl"
