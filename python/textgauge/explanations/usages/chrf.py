"""chrF: sacrebleu's, NLTK's, torchmetrics'."""

from __future__ import annotations

import functools
from typing import Any

from textgauge.explanations.usages.base import Family, Numbers, Options, Pairs, Usage
from textgauge.metrics import Chrf
from textgauge.scorer import Scorer

__all__ = ["family"]

_SACREBLEU: Options = {
    "n-grams of words": "none",
    "weight of recall": "2",
    "F": "of the orders' mean P and R",
}
_PLUS: Options = {**_SACREBLEU, "n-grams of words": "orders 1 and 2"}
_NLTK: Options = {**_SACREBLEU, "weight of recall": "3", "F": "mean over orders and rows"}


def family() -> Family:
    """The usages of chrF."""
    usages = (
        _sacrebleu("corpus_chrf([prediction], [[reference]])", "corpus_chrf(predictions, [references])", _SACREBLEU),
        _sacrebleu("corpus_chrf(..., word_order=2), chrF++", "", _PLUS, word_order=2),
        Usage(
            "nltk",
            "sentence_chrf(reference, prediction)",
            "corpus_chrf(references, predictions)",
            functools.partial(_nltk, beta=3.0),
            _NLTK,
            many_references=False,
        ),
        Usage(
            "torchmetrics",
            "chrf_score([prediction], [[reference]])",
            "chrf_score(predictions, references)",
            _torchmetrics,
            _PLUS,
            rest="rows that share nothing: their references don't count",
        ),
    )
    return Family(usages, _model)


def _sacrebleu(call: str, corpus_call: str, options: Options, **arguments: Any) -> Usage:  # noqa: ANN401 - the peer's
    numbers = functools.partial(_corpus_chrf, **arguments)
    return Usage("sacrebleu", call, corpus_call or call, numbers, options, percent=True)


def _corpus_chrf(pairs: Pairs, **arguments: Any) -> Numbers:  # noqa: ANN401 - the peer's
    from textgauge.compat import sacrebleu

    return {"chrF": sacrebleu.corpus_chrf(pairs.predictions, pairs.streams, **arguments).score}


def _nltk(pairs: Pairs, beta: float) -> Numbers:
    from textgauge.compat.nltk.translate.chrf_score import corpus_chrf

    return {"chrF": corpus_chrf(pairs.firsts, pairs.predictions, beta=beta)}


def _torchmetrics(pairs: Pairs) -> Numbers:
    from textgauge.compat.torchmetrics.functional.text import chrf_score

    found: Any = chrf_score(pairs.predictions, pairs.references)
    return {"chrF": found.item()}


def _model(pairs: Pairs, options: Options) -> float | None:
    beta = float(options["weight of recall"])
    has_words = options["n-grams of words"] != "none"
    if options["F"] == _NLTK["F"]:
        # NLTK has no n-grams of words, and one reference.
        return None if has_words or max(map(len, pairs.references)) > 1 else _nltk(pairs, beta)["chrF"]
    metric = Chrf(word_order=2 if has_words else 0, beta=beta)
    return Scorer(metric).aggregate(pairs.predictions, pairs.references).corpus[metric.metric] / 100
