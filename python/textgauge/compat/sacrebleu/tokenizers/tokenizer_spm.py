"""Tokenizers of SentencePiece: `sacrebleu.tokenizers.tokenizer_spm` of sacrebleu 2.6.0."""

from __future__ import annotations

import logging

from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import PackageTokenizer

__all__ = ["Flores101Tokenizer", "Flores200Tokenizer", "TokenizerSPM", "spBLEU1KTokenizer"]

sacrelogger = logging.getLogger("sacrebleu")


class TokenizerSPM(PackageTokenizer):
    """Parts texts into pieces; needs the extra `spm` of textgauge, and the model where sacrebleu keeps it."""

    def __init__(self, key: str = "spm") -> None:
        """Loads a model, from `models` in the folder of sacrebleu.

        Args:
            key: `spm`, `flores101`, `flores200` or `spBLEU-1K`.

        Raises:
            RuntimeError: The package or the model is missing. Nothing is downloaded.
        """
        if key == "spm":
            sacrelogger.warning("Tokenizer 'spm' has been changed to 'flores101', and may be removed in the future.")
        self.name = key
        super().__init__()


class Flores200Tokenizer(TokenizerSPM):
    """Pieces of the model of FLORES-200."""

    def __init__(self) -> None:
        super().__init__("flores200")


class Flores101Tokenizer(TokenizerSPM):
    """Pieces of the model of FLORES-101."""

    def __init__(self) -> None:
        super().__init__("flores101")


class spBLEU1KTokenizer(TokenizerSPM):  # noqa: N801 - the peer's name
    """Pieces of the model of spBLEU-1K."""

    def __init__(self) -> None:
        super().__init__("spBLEU-1K")
