"""The tokenizer of Chinese: `sacrebleu.tokenizers.tokenizer_zh` of sacrebleu 2.6.0."""

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import CoreTokenizer

__all__ = ["TokenizerZh"]


class TokenizerZh(CoreTokenizer):
    """Parts Chinese characters, and reads the rest as `13a` does."""

    name = "zh"
