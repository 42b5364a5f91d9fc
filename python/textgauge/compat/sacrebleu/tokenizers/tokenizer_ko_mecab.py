"""The tokenizer of Korean: `sacrebleu.tokenizers.tokenizer_ko_mecab` of sacrebleu 2.6.0."""

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import PackageTokenizer

__all__ = ["TokenizerKoMecab"]


class TokenizerKoMecab(PackageTokenizer):
    """Parts Korean words by MeCab; needs the extra `ko` of textgauge."""

    name = "ko-mecab"
