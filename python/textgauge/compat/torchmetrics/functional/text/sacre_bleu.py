"""BLEU of texts that are tokenised first: `torchmetrics.functional.text.sacre_bleu` of torchmetrics 1.9.0."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal

from torchmetrics.functional.text import sacre_bleu_score as of_peer
from torchmetrics.functional.text.sacre_bleu import _SacreBLEUTokenizer

from textgauge.compat.torchmetrics._usual import Rows, rows_of
from textgauge.compat.torchmetrics.functional.text._bleu import Matches, matches_of
from textgauge.compat.torchmetrics.functional.text.bleu import is_weighted, score_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

__all__ = ["sacre_bleu_score"]

Tokenize = Literal["none", "13a", "zh", "intl", "char", "ja-mecab", "ko-mecab", "flores101", "flores200"]

_NEVER, _ALWAYS = re.compile("(?!)"), re.compile("")
_ENDS_WITH_BLANK = re.compile(r"\s\Z")
_ENDS_WITH_HYPHEN_AND_BREAK = re.compile(r"-\n\s*\Z")
# What the tokenizers of the core, those of sacrebleu, read otherwise: torchmetrics does not cut off blanks at the end.
_OTHERWISE = {
    "none": _NEVER,
    "13a": _ENDS_WITH_HYPHEN_AND_BREAK,
    "zh": _NEVER,
    "intl": _ENDS_WITH_BLANK,
    "char": _NEVER,
    "ja-mecab": _NEVER,
    "ko-mecab": _NEVER,
}
# The same in lower case, which torchmetrics makes of tokens, and sacrebleu of texts. `&AMP;` is an entity in lower case
# only; the signs of ångström, ohm and kelvin count as Chinese in upper case only; one capital has two small letters.
_OTHERWISE_IN_LOWER_CASE = {
    "none": _NEVER,
    "13a": re.compile(rf"[&<]|{_ENDS_WITH_HYPHEN_AND_BREAK.pattern}"),
    "zh": re.compile("[\u2126\u212a\u212b]"),
    "intl": _ENDS_WITH_BLANK,
    "char": re.compile("\u0130"),
}


def sacre_bleu_score(
    preds: Sequence[str],
    target: Sequence[Sequence[str]],
    n_gram: int = 4,
    smooth: bool = False,
    tokenize: Tokenize = "13a",
    lowercase: bool = False,
    weights: Sequence[float] | None = None,
) -> Tensor:
    """BLEU of texts, from 0 to 1. Predictions come first.

    Args:
        preds: The texts to judge.
        target: For each its references.
        n_gram: The longest n-grams.
        smooth: As for `bleu_score`.
        tokenize: The tokenizer.
        lowercase: Whether tokens are lower-cased.
        weights: As for `bleu_score`.

    Raises:
        ValueError: As for `bleu_score`, or there is no such tokenizer.
        ModuleNotFoundError: A package that the tokenizer needs is missing.
    """
    rows = rows_of(preds, target)
    found = None
    if rows and (weights is None or len(weights) == n_gram):
        tokenizer = functools.partial(_SacreBLEUTokenizer.tokenize, tokenize=tokenize, lowercase=lowercase)
        found = matches(rows, n_gram, tokenize, lowercase, tokenizer)
    if not found or not is_weighted(found, n_gram, weights):
        return of_peer(preds, target, n_gram, smooth, tokenize, lowercase, weights)
    return score_of(found, n_gram, smooth, weights)


def matches(
    rows: Rows, n_gram: int, tokenize: Tokenize, lowercase: bool, tokenizer: Callable[[str], Sequence[str]]
) -> Matches | None:
    """The matches of texts. Rows that the core would read otherwise are tokenised by torchmetrics."""
    otherwise = (_OTHERWISE_IN_LOWER_CASE if lowercase else _OTHERWISE).get(tokenize, _ALWAYS)
    is_special = [any(map(otherwise.search, (pred, *references))) for pred, references in zip(*rows, strict=True)]
    if not any(is_special):
        return matches_of(rows, n_gram, tokenize, bool(lowercase))

    def tokens_of(text: str) -> list[str]:
        return list(tokenizer(text)) if text else []

    found = matches_of(rows.where(is_special).mapped(tokens_of), n_gram, tokens=True)
    if found and not all(is_special):
        rest = matches_of(rows.where(not each for each in is_special), n_gram, tokenize, bool(lowercase))
        return rest and found.plus(rest)
    return found
