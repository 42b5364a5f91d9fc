"""chrF: sacrebleu's, NLTK's, torchmetrics'."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.explanations.usages.base import Family, Numbers, Options, Pairs, Usage, mean_of
from textgauge.metrics import Chrf
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    import numpy.typing as npt

    Counts = npt.NDArray[np.float64]

__all__ = ["family"]

CHARACTER_ORDER, WORD_ORDER = 6, 2

_SACREBLEU: Options = {
    "n-grams of words": "none",
    "weight of recall": "2",
    "F": "of the orders' mean P and R",
    "white space": "all left out",
    "rows": "counts added up",
}
_PLUS: Options = {**_SACREBLEU, "n-grams of words": "orders 1 and 2"}
_NLTK: Options = {**_SACREBLEU, "weight of recall": "3", "F": "mean of the orders' F", "rows": "mean"}
_TORCHMETRICS: Options = {**_PLUS, "F": _NLTK["F"], "white space": "only blanks left out"}


def family() -> Family:
    """The usages of chrF."""
    usages = (
        _sacrebleu("corpus_chrf([prediction], [[reference]])", "corpus_chrf(predictions, [references])", _SACREBLEU),
        _sacrebleu("corpus_chrf(..., word_order=2), chrF++", "", _PLUS, word_order=2),
        Usage(
            "nltk",
            "sentence_chrf(reference, prediction)",
            "corpus_chrf(references, predictions)",
            _nltk,
            _NLTK,
            many_references=False,
        ),
        Usage(
            "torchmetrics",
            "chrf_score([prediction], [[reference]])",
            "chrf_score(predictions, references)",
            _torchmetrics,
            _TORCHMETRICS,
            rest="rows that share nothing, or are too short, count otherwise",
        ),
    )
    return Family(usages, _model)


def _sacrebleu(call: str, corpus_call: str, options: Options, **arguments: Any) -> Usage:  # noqa: ANN401 - the peer's
    numbers = functools.partial(_corpus_chrf, **arguments)
    return Usage("sacrebleu", call, corpus_call or call, numbers, options, percent=True)


def _corpus_chrf(pairs: Pairs, **arguments: Any) -> Numbers:  # noqa: ANN401 - the peer's
    from textgauge.compat import sacrebleu

    return {"chrF": sacrebleu.corpus_chrf(pairs.predictions, pairs.streams, **arguments).score}


def _nltk(pairs: Pairs) -> Numbers:
    from textgauge.compat.nltk.translate.chrf_score import corpus_chrf

    return {"chrF": corpus_chrf(pairs.firsts, pairs.predictions)}


def _torchmetrics(pairs: Pairs) -> Numbers:
    from textgauge.compat.torchmetrics.functional.text import chrf_score

    found: Any = chrf_score(pairs.predictions, pairs.references)
    return {"chrF": found.item()}


def _model(pairs: Pairs, options: Options) -> float:
    counts = _counts(pairs, options)
    if options["rows"] == "counts added up":
        counts = counts.sum(axis=0, keepdims=True)
    return mean_of(_score(row, options) for row in counts)


def _counts(pairs: Pairs, options: Options) -> Counts:
    """n-grams of the prediction, of the reference, and shared ones: for each row and order."""
    word_order = 0 if options["n-grams of words"] == "none" else WORD_ORDER
    beta = float(options["weight of recall"])
    if options["white space"] == _SACREBLEU["white space"]:
        return _measured(Chrf(char_order=CHARACTER_ORDER, word_order=word_order, beta=beta), pairs)
    squeezed = Pairs(list(map(_squeezed, pairs.predictions)), [list(map(_squeezed, own)) for own in pairs.references])
    characters = _measured(Chrf(char_order=CHARACTER_ORDER, whitespace=True, beta=beta), squeezed)
    # Its one order of characters is not needed.
    words = _measured(Chrf(char_order=1, word_order=word_order, beta=beta), pairs)[:, 1:]
    return np.concatenate([characters, words], axis=1)


def _squeezed(text: str) -> str:
    return text.strip().replace(" ", "")


def _measured(metric: Chrf, pairs: Pairs) -> Counts:
    statistics = Scorer(metric).measure(pairs.predictions, pairs.references)._table.sacrebleu_statistics(0)
    return statistics.reshape(len(pairs.predictions), -1, 3)


def _score(counts: Counts, options: Options) -> float:
    rates = [(match / hyp, match / ref) for hyp, ref, match in counts.tolist() if hyp and ref]
    if not rates:
        return 0.0
    beta = float(options["weight of recall"])
    if options["F"] == _NLTK["F"]:
        return sum(_f(precision, recall, beta) for precision, recall in rates) / len(counts)
    precision, recall = (sum(each) / len(rates) for each in zip(*rates, strict=True))
    return _f(precision, recall, beta)


def _f(precision: float, recall: float, beta: float) -> float:
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below else 0.0
