"""The steps of ROUGE over lists of sentences: `rouge.rouge_score` of rouge 1.0.1.

`Rouge` does without them, unless a text is none. They are slow, as there: sets and tables in Python. But they do not
call themselves, so that long sentences have a score.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    Scores: TypeAlias = dict[str, Any]
    """Precision, recall and F; or, as they are counted, `hyp`, `ref` and `overlap`."""

__all__ = ["Ngrams", "f_r_p_rouge_n", "multi_rouge_n", "rouge_l_summary_level", "rouge_n"]


class Ngrams:
    """N-grams, each once, or with `exclusive=False` as often as they are added."""

    def __init__(self, ngrams: Iterable[Any] = {}, exclusive: bool = True) -> None:
        """Takes the first of them, and whether each is kept once."""
        self._ngrams: Any = set(ngrams) if exclusive else list(ngrams)
        self.exclusive = exclusive

    def add(self, o: Any) -> None:  # noqa: ANN401
        """Adds an n-gram."""
        if self.exclusive:
            self._ngrams.add(o)
        else:
            self._ngrams.append(o)

    def __len__(self) -> int:
        return len(self._ngrams)

    def intersection(self, o: Ngrams) -> Ngrams:
        """Those that are in both, as often as in the one that has fewer."""
        if self.exclusive:
            return Ngrams(self._ngrams.intersection(o._ngrams), exclusive=True)
        left = Counter(o._ngrams)
        shared = []
        for ngram in self._ngrams:
            if left[ngram] > 0:
                left[ngram] -= 1
                shared.append(ngram)
        return Ngrams(shared, exclusive=False)

    def union(self, *ngrams: Ngrams) -> Ngrams:
        """Those that are in any; with `exclusive=False`, all one after the other."""
        if self.exclusive:
            return Ngrams(self._ngrams.union(*(each._ngrams for each in ngrams)), exclusive=True)
        return Ngrams(chain(self._ngrams, *(each._ngrams for each in ngrams)), exclusive=False)


def multi_rouge_n(
    sequences: Sequence[Sequence[str]], scores_ids: Iterable[tuple[int, int]], n: int = 2, exclusive: bool = True
) -> list[Scores]:
    """ROUGE-N of many pairs among some texts.

    Args:
        sequences: The texts, each a list of sentences.
        scores_ids: For each pair the numbers of the hypothesis and of the reference.
        n: How many words an n-gram has.
        exclusive: Whether repeated n-grams count once.

    Raises:
        AssertionError: A text has no sentence, or `n` is not above 0.
        IndexError: There is no text of that number.
    """
    ngrams = [_get_word_ngrams(n, sequence, exclusive) for sequence in sequences]
    scores = []
    for hypothesis, reference in scores_ids:
        evaluated, expected = ngrams[hypothesis], ngrams[reference]
        overlap = len(evaluated.intersection(expected))
        scores.append(f_r_p_rouge_n(len(evaluated), len(expected), overlap))
    return scores


def rouge_n(
    evaluated_sentences: Sequence[str],
    reference_sentences: Sequence[str],
    n: int = 2,
    raw_results: bool = False,
    exclusive: bool = True,
) -> Scores:
    """ROUGE-N of two texts. The hypothesis comes first.

    Args:
        evaluated_sentences: The sentences of the hypothesis, their words with a blank between.
        reference_sentences: The sentences of the reference.
        n: How many words an n-gram has.
        raw_results: Whether counts are given instead of scores.
        exclusive: Whether repeated n-grams count once.

    Raises:
        ValueError: A text has no sentence.
        AssertionError: `n` is not above 0.
    """
    if len(evaluated_sentences) <= 0:
        raise ValueError("Hypothesis is empty.")
    if len(reference_sentences) <= 0:
        raise ValueError("Reference is empty.")
    evaluated = _get_word_ngrams(n, evaluated_sentences, exclusive)
    expected = _get_word_ngrams(n, reference_sentences, exclusive)
    overlap = len(evaluated.intersection(expected))
    if raw_results:
        return {"hyp": len(evaluated), "ref": len(expected), "overlap": overlap}
    return f_r_p_rouge_n(len(evaluated), len(expected), overlap)


def f_r_p_rouge_n(evaluated_count: int, reference_count: int, overlapping_count: int) -> dict[str, float]:
    """F, precision and recall of counts."""
    precision = overlapping_count / evaluated_count if evaluated_count != 0 else 0.0
    recall = overlapping_count / reference_count if reference_count != 0 else 0.0
    return {"f": _f(precision, recall), "p": precision, "r": recall}


def rouge_l_summary_level(
    evaluated_sentences: Sequence[str],
    reference_sentences: Sequence[str],
    raw_results: bool = False,
    exclusive: bool = True,
    **_: object,
) -> Scores:
    """ROUGE-L of two texts by sentences. The hypothesis comes first.

    Args:
        evaluated_sentences: The sentences of the hypothesis, their words with a blank between.
        reference_sentences: The sentences of the reference.
        raw_results: Whether counts are given instead of scores.
        exclusive: Whether repeated words count once.

    Raises:
        ValueError: A text has no sentence.
    """
    if len(evaluated_sentences) <= 0 or len(reference_sentences) <= 0:
        raise ValueError("Collections must contain at least 1 sentence.")
    in_reference = len(Ngrams(_words(reference_sentences), exclusive))
    in_hypothesis = len(Ngrams(_words(evaluated_sentences), exclusive))
    common = [
        Ngrams(_common_words(sentence.split(" "), other.split(" ")), exclusive)
        for sentence in reference_sentences
        for other in evaluated_sentences
    ]
    overlap = len(Ngrams(exclusive=exclusive).union(*common))
    if raw_results:
        return {"hyp": in_hypothesis, "ref": in_reference, "overlap": overlap}
    recall, precision = overlap / in_reference, overlap / in_hypothesis
    return {"f": _f(precision, recall), "p": precision, "r": recall}


def _f(precision: float, recall: float) -> float:
    return 2.0 * ((precision * recall) / (precision + recall + 1e-8))


def _words(sentences: Sequence[str]) -> list[str]:
    return [word for sentence in sentences for word in sentence.split(" ")]


def _get_word_ngrams(n: int, sentences: Sequence[str], exclusive: bool) -> Ngrams:
    """The n-grams of a text, over the ends of its sentences.

    Raises:
        AssertionError: It has no sentence, or `n` is not above 0.
    """
    if len(sentences) == 0 or n <= 0:
        raise AssertionError
    words = _words(sentences)
    return Ngrams((tuple(words[start : start + n]) for start in range(len(words) - n + 1)), exclusive)


def _common_words(x: Sequence[str], y: Sequence[str]) -> list[str]:
    """A longest common subsequence, backwards; of two ways back the one in `y`, unless that loses a word."""
    table = [[0] * (len(y) + 1)]
    for word in x:
        above, row = table[-1], [0]
        for column, other in enumerate(y):
            row.append(above[column] + 1 if word == other else max(above[column + 1], row[column]))
        table.append(row)
    found = []
    row_number, column = len(x), len(y)
    while row_number and column:
        if x[row_number - 1] == y[column - 1]:
            row_number, column = row_number - 1, column - 1
            found.append(x[row_number])
        elif table[row_number - 1][column] > table[row_number][column - 1]:
            row_number -= 1
        else:
            column -= 1
    return found
