"""The tokenizer of Japanese: `sacrebleu.tokenizers.tokenizer_ja_mecab` of sacrebleu 2.6.0."""

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import PackageTokenizer

__all__ = ["TokenizerJaMecab"]


class TokenizerJaMecab(PackageTokenizer):
    """Parts Japanese words by MeCab; needs the extra `ja` of textgauge."""

    name = "ja-mecab"
