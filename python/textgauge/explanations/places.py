"""Where the tokens that a metric sees stand in the texts as they were given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textgauge import _core
from textgauge.alignment import traced
from textgauge.text.transforms import Pipeline, as_transforms

if TYPE_CHECKING:
    from textgauge.metrics.base import Metric

__all__ = ["Places", "TokenPlaces"]

# Names no tokenizer: tokens are where they are found from either end of the text.
REWRITTEN = ""

Places = tuple["tuple[int, int] | None", ...]


class TokenPlaces:
    """Finds tokens of one reading in texts.

    Args:
        name: The name of the reading, as in signatures.
        metric: A metric that reads texts so.
    """

    def __init__(self, name: str, metric: Metric) -> None:
        self._pipeline = Pipeline(as_transforms(metric.transforms))
        tokenizer, case, stemmer = re.findall(r"tok:([^|]*)\|case:(\w+)[^|]*\|stem:(\w+)", name)[-1]
        tokenizer = re.sub(r"\+symbols|\[.*", "", tokenizer)
        self._tokenizer = None if tokenizer == "given" else tokenizer
        self._lowercase = case == "lower"
        self._is_stemmed = stemmer != "none"

    def of(self, text: str, tokens: tuple[str, ...], *, as_cut: bool = True) -> Places:
        """Start and end of each token in a text; `None` where that is not known.

        A function of the caller's own may have transformed the text, or a tokenizer made the token of something else.

        Args:
            text: The text.
            tokens: Its tokens.
            as_cut: Whether the tokens are as they were cut; if not, some of them were joined or cut again.
        """
        read = traced(text, self._pipeline, lowercase=self._lowercase)
        found = list(tokens)
        if self._is_stemmed and self._tokenizer is not None:
            # What was cut out of the text is what stems were made of.
            words = _core.tokenize(read.text, self._tokenizer, "none", self._lowercase, False)[0]
            found = words if len(words) == len(tokens) else found
        return tuple(read.places(found, self._tokenizer if as_cut else REWRITTEN))
