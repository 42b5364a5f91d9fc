"""The steps of `rouge_score.rouge_scorer` over lists of tokens, which the peer keeps private but other code calls.

`RougeScorer` does without them. They are slow, as there: a table of all prefixes, in Python.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from textgauge.compat.rouge_score.scoring import Score, fmeasure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Table = list[list[int]]


def _scored(hits: int, in_target: int, in_prediction: int) -> Score:
    precision, recall = hits / in_prediction, hits / in_target
    return Score(precision, recall, fmeasure(precision, recall))


def _create_ngrams(tokens: Sequence[Any], n: int) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1))


def _score_ngrams(target_ngrams: Counter[Any], prediction_ngrams: Counter[Any]) -> Score:
    hits = sum(min(count, prediction_ngrams[ngram]) for ngram, count in target_ngrams.items())
    return _scored(hits, max(sum(target_ngrams.values()), 1), max(sum(prediction_ngrams.values()), 1))


def _score_lcs(target_tokens: Sequence[Any], prediction_tokens: Sequence[Any]) -> Score:
    if not target_tokens or not prediction_tokens:
        return Score(0, 0, 0)
    length = _lcs_table(target_tokens, prediction_tokens)[-1][-1]
    return _scored(length, len(target_tokens), len(prediction_tokens))


def _lcs_table(ref: Sequence[Any], can: Sequence[Any]) -> Table:
    """The length of the longest common subsequence of each two prefixes."""
    table = [[0] * (len(can) + 1)]
    for token in ref:
        above, row = table[-1], [0]
        for column, other in enumerate(can):
            row.append(above[column] + 1 if token == other else max(above[column + 1], row[column]))
        table.append(row)
    return table


def _backtrack_norec(t: Table, ref: Sequence[Any], can: Sequence[Any]) -> list[int]:
    """The places in `ref` of one longest common subsequence; of two ways back the one up, unless left is longer."""
    places = []
    row, column = len(ref), len(can)
    while row and column:
        if ref[row - 1] == can[column - 1]:
            row, column = row - 1, column - 1
            places.append(row)
        elif t[row][column - 1] > t[row - 1][column]:
            column -= 1
        else:
            row -= 1
    return places[::-1]


def lcs_ind(ref: Sequence[Any], can: Sequence[Any]) -> list[int]:
    """The places in `ref` of a longest common subsequence of both."""
    return _backtrack_norec(_lcs_table(ref, can), ref, can)


def _find_union(lcs_list: Iterable[Iterable[int]]) -> list[int]:
    return sorted(set().union(*lcs_list))


def _union_lcs(ref: Sequence[Any], c_list: Iterable[Sequence[Any]]) -> list[Any]:
    """The tokens of a sentence that are in a longest common subsequence with any of some others."""
    return [ref[place] for place in _find_union(lcs_ind(ref, candidate) for candidate in c_list)]


def _summary_level_lcs(ref_sent: Sequence[Sequence[Any]], can_sent: Sequence[Sequence[Any]]) -> Score:
    in_target, in_prediction = sum(map(len, ref_sent)), sum(map(len, can_sent))
    if not in_target or not in_prediction:
        return Score(0, 0, 0)
    left = [Counter(token for sentence in sentences for token in sentence) for sentences in (ref_sent, can_sent)]
    hits = 0
    for sentence in ref_sent:
        for token in _union_lcs(sentence, can_sent):
            # A token counts as often as both texts have it.
            if all(counts[token] > 0 for counts in left):
                hits += 1
                for counts in left:
                    counts[token] -= 1
    return _scored(hits, in_target, in_prediction)
