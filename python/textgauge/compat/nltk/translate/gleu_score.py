"""Google's GLEU of lists of tokens: `nltk.translate.gleu_score` of NLTK 3.10.4."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING

from textgauge.compat.nltk._tokens import as_columns, as_tokens, as_tokens_of_each, everygrams
from textgauge.metrics import Gleu
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.compat.nltk._tokens import Tokens

__all__ = ["corpus_gleu", "sentence_gleu"]


def sentence_gleu(references: Sequence[Tokens], hypothesis: Tokens, min_len: int = 1, max_len: int = 4) -> float:
    """The GLEU of a sentence. The references come first.

    Args:
        references: Lists of tokens. Of a string the characters are the tokens.
        hypothesis: A list of tokens.
        min_len: The shortest n-grams.
        max_len: The longest n-grams.

    Raises:
        TypeError: Something is no list of tokens.
        ValueError: `max_len` is negative.
    """
    try:
        scorer = _scorer(min_len, max_len)._compiled
        return scorer.pair_values(as_tokens(hypothesis), as_tokens_of_each(references), tokens=True)[0]
    except Exception:
        return _by_steps([references], [hypothesis], min_len, max_len)


def corpus_gleu(
    list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens], min_len: int = 1, max_len: int = 4
) -> float:
    """The GLEU of a corpus, by the counts of all its sentences together.

    Args:
        list_of_references: The references of each hypothesis.
        hypotheses: Lists of tokens.
        min_len: As for `sentence_gleu`.
        max_len: As for `sentence_gleu`.

    Raises:
        AssertionError: There are not as many of both.
        TypeError, ValueError: As for `sentence_gleu`.
    """
    if len(list_of_references) != len(hypotheses):
        raise AssertionError("The number of hypotheses and their reference(s) should be the same")
    if len(hypotheses) == 0:
        return 0.0
    try:
        references, texts = as_columns(list_of_references, hypotheses)
        return _scorer(min_len, max_len).aggregate(texts, references, tokens=True).corpus["gleu"]
    except Exception:
        return _by_steps(list_of_references, hypotheses, min_len, max_len)


@functools.lru_cache(typed=True)
def _scorer(min_len: int, max_len: int) -> Scorer:
    return Scorer(Gleu(min_len=min_len, max_len=max_len))


def _by_steps(
    list_of_references: Sequence[Sequence[Tokens]], hypotheses: Sequence[Tokens], min_len: int, max_len: int
) -> float:
    """The score of what the core does not read, or the peer's exception."""
    matches = ngrams = 0
    for references, hypothesis in zip(list_of_references, hypotheses, strict=False):
        own = Counter(everygrams(hypothesis, min_len, max_len))
        candidates = []
        for reference in references:
            other = Counter(everygrams(reference, min_len, max_len))
            larger = max(sum(own.values()), sum(other.values()))
            if larger > 0:
                candidates.append((sum((own & other).values()), larger))
        if candidates:
            best = max(candidates, key=lambda counts: counts[0] / counts[1])
            matches += best[0]
            ngrams += best[1]
    return matches / ngrams if ngrams else 0.0
