"""BLEU and GLEU: sacrebleu's, NLTK's, evaluate's, torchmetrics'."""

from __future__ import annotations

import functools
import math
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from textgauge.explanations.usages.base import Family, Numbers, Options, Pairs, Usage, mean_of
from textgauge.metrics import Bleu, Gleu
from textgauge.scorer import Scorer, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["bleu", "gleu"]

ORDERS = (1, 2, 3, 4)

_SACREBLEU: Options = {
    "tokens": "13a (punctuation apart)",
    "case": "kept",
    "orders without a match": "halved each time",
    "orders without n-grams": "score 0",
    "length of references": "nearest (the shorter of two)",
    "rows": "counts added up",
}
_SENTENCE: Options = {**_SACREBLEU, "orders without n-grams": "left out", "rows": "mean"}
_NLTK: Options = {
    **_SACREBLEU,
    "tokens": "between white space",
    "orders without a match": "smallest float",
    "orders without n-grams": "one n-gram a row",
}
_NMT: Options = {**_SACREBLEU, "orders without a match": "score 0", "length of references": "shortest"}
_TORCHMETRICS: Options = {
    **_SACREBLEU,
    "tokens": "between white space",
    "orders without a match": "score 0",
    "length of references": "nearest (the first of two)",
}
_EPSILON = "0.1 matches"
_ONE_MORE, _ONE_MORE_ABOVE = "one n-gram added to each", "score 0, else one added above order 1"

_TOKENIZERS = {_SACREBLEU["tokens"]: "13a", _NLTK["tokens"]: "none", "characters": "characters+space"}


def bleu() -> Family:
    """The usages of BLEU."""
    smooth = {**_NMT, "orders without a match": _ONE_MORE}
    usages = (
        _sacrebleu("corpus_bleu([prediction], [[reference]])", "corpus_bleu(predictions, [references])", _SACREBLEU),
        _sacrebleu("corpus_bleu(..., lowercase=True)", "", {**_SACREBLEU, "case": "lowered"}, lowercase=True),
        _sacrebleu("corpus_bleu(..., tokenize='none')", "", {**_SACREBLEU, "tokens": _NLTK["tokens"]}, tokenize="none"),
        Usage(
            "sacrebleu",
            "sentence_bleu(prediction, [reference])",
            "sentence_bleu(prediction, [reference]), mean",
            _sentence_bleu,
            _SENTENCE,
            percent=True,
        ),
        _nltk("sentence_bleu([reference.split()], prediction.split())", "corpus_bleu(...) of texts after .split()"),
        _nltk(
            "sentence_bleu(..., smoothing_function=method1)",
            "corpus_bleu(..., smoothing_function=method1)",
            smoothing="method1",
        ),
        _nltk("sentence_bleu([reference], prediction), not split", "corpus_bleu(...) of texts, not split", split=False),
        _evaluate("load('bleu').compute(...)", _NMT),
        _evaluate("load('bleu').compute(..., smooth=True)", smooth, smooth=True),
        _torchmetrics("bleu_score([prediction], [[reference]])", "bleu_score(predictions, references)", _TORCHMETRICS),
        _torchmetrics(
            "bleu_score(..., smooth=True)",
            "bleu_score(..., smooth=True)",
            {**_TORCHMETRICS, "orders without a match": _ONE_MORE_ABOVE},
            smooth=True,
        ),
    )
    return Family(usages, _model)


def gleu() -> Family:
    """The usages of Google's GLEU."""
    options: Options = {"tokens": _NLTK["tokens"]}
    call = "sentence_gleu([reference.split()], prediction.split())"
    compute = "load('google_bleu').compute(...)"
    usages = (
        Usage("nltk", call, "corpus_gleu(...) of texts after .split()", _nltk_gleu, options),
        Usage("evaluate", compute, compute, _evaluate_gleu, {"tokens": _SACREBLEU["tokens"]}),
    )
    return Family(usages, _gleu_model)


def _sacrebleu(call: str, corpus_call: str, options: Options, **arguments: Any) -> Usage:  # noqa: ANN401 - the peer's
    numbers = functools.partial(_corpus_bleu, **arguments)
    return Usage("sacrebleu", call, corpus_call or call, numbers, options, percent=True)


def _nltk(call: str, corpus_call: str, smoothing: str = "method0", split: bool = True) -> Usage:
    options = dict(_NLTK)
    if smoothing == "method1":
        options["orders without a match"] = _EPSILON
    if not split:
        options["tokens"] = "characters"
    return Usage("nltk", call, corpus_call, functools.partial(_nltk_bleu, smoothing=smoothing, split=split), options)


def _evaluate(call: str, options: Options, **arguments: Any) -> Usage:  # noqa: ANN401 - the peer's
    return Usage("evaluate", call, call, functools.partial(_evaluate_bleu, **arguments), options)


def _torchmetrics(call: str, corpus_call: str, options: Options, **arguments: Any) -> Usage:  # noqa: ANN401 - the peer's
    numbers = functools.partial(_torchmetrics_bleu, **arguments)
    return Usage("torchmetrics", call, corpus_call, numbers, options)


def _corpus_bleu(pairs: Pairs, **arguments: Any) -> Numbers:  # noqa: ANN401 - the peer's
    from textgauge.compat import sacrebleu

    return {"BLEU": sacrebleu.corpus_bleu(pairs.predictions, pairs.streams, force=True, **arguments).score}


def _sentence_bleu(pairs: Pairs) -> Numbers:
    from textgauge.compat import sacrebleu

    rows = zip(pairs.predictions, pairs.references, strict=True)
    return {"BLEU": mean_of(sacrebleu.sentence_bleu(text, own).score for text, own in rows)}


def _nltk_bleu(pairs: Pairs, smoothing: str, split: bool) -> Numbers:
    from textgauge.compat.nltk.translate.bleu_score import SmoothingFunction, corpus_bleu

    tokens: Any = str.split if split else str
    references = [[tokens(each) for each in own] for own in pairs.references]
    function = getattr(SmoothingFunction(), smoothing)
    found: Any = corpus_bleu(references, list(map(tokens, pairs.predictions)), smoothing_function=function)
    return {"BLEU": float(found)}


def _evaluate_bleu(pairs: Pairs, **arguments: bool) -> Numbers:
    from textgauge.compat import evaluate

    found = evaluate.load("bleu").compute(predictions=pairs.predictions, references=pairs.references, **arguments)
    return {"BLEU": found["bleu"]}


def _torchmetrics_bleu(pairs: Pairs, **arguments: Any) -> Numbers:  # noqa: ANN401 - the peer's
    from textgauge.compat.torchmetrics.functional.text import bleu_score

    return {"BLEU": bleu_score(pairs.predictions, pairs.references, **arguments).item()}


def _nltk_gleu(pairs: Pairs) -> Numbers:
    from textgauge.compat.nltk.translate.gleu_score import corpus_gleu

    references = [[each.split() for each in own] for own in pairs.references]
    return {"GLEU": corpus_gleu(references, [text.split() for text in pairs.predictions])}


def _evaluate_gleu(pairs: Pairs) -> Numbers:
    from textgauge.compat import evaluate

    found = evaluate.load("google_bleu").compute(predictions=pairs.predictions, references=pairs.references)
    return {"GLEU": found["google_bleu"]}


def _gleu_model(pairs: Pairs, options: Options) -> float:
    metric = Gleu(tokenizer=_TOKENIZERS[options["tokens"]])
    return Scorer(metric).aggregate(pairs.predictions, pairs.references).corpus["gleu"]


class _Counts(NamedTuple):
    """What BLEU is made of: for each row and order, and for each row."""

    correct: npt.NDArray[np.float64]
    total: npt.NDArray[np.float64]
    hyp_len: npt.NDArray[np.float64]
    ref_len: npt.NDArray[np.float64]


def _model(pairs: Pairs, options: Options) -> float:
    counts = _counted(pairs, options)
    if options["rows"] == "counts added up":
        return _score(counts, options)
    rows = range(len(pairs.predictions))
    return mean_of(_score(_Counts(*(part[row : row + 1] for part in counts)), options) for row in rows)


def _counted(pairs: Pairs, options: Options) -> _Counts:
    tokenizer, lowercase = _TOKENIZERS[options["tokens"]], options["case"] == "lowered"
    found = Scorer(Bleu(tokenizer=tokenizer, lowercase=lowercase)).score(pairs.predictions, pairs.references)
    rule = options["length of references"]
    hyp_len = found["bleu.hyp_len"]
    ref_len = [
        _length([len(tokenize(each, tokenizer, lowercase=lowercase)) for each in own], length, rule)
        for own, length in zip(pairs.references, hyp_len, strict=True)
    ]
    correct, total = (np.stack([found[f"bleu.{part}{n}"] for n in ORDERS], axis=1) for part in ("correct", "total"))
    return _Counts(correct, total, hyp_len, np.array(ref_len))


def _length(lengths: Sequence[int], hyp_len: float, rule: str) -> int:
    if rule == _NMT["length of references"]:
        return min(lengths)
    if rule == _TORCHMETRICS["length of references"]:
        return min(lengths, key=lambda length: abs(length - hyp_len))
    return min(lengths, key=lambda length: (abs(length - hyp_len), length))


def _score(counts: _Counts, options: Options) -> float:
    correct = counts.correct.sum(axis=0).tolist()
    short = options["orders without n-grams"]
    total = (np.maximum(counts.total, 1) if short == _NLTK["orders without n-grams"] else counts.total).sum(axis=0)
    hyp_len, ref_len = counts.hyp_len.sum(), counts.ref_len.sum()
    precisions = _precisions(correct, total.tolist(), options["orders without a match"])
    if short == _SENTENCE["orders without n-grams"]:
        precisions = precisions[: int(np.count_nonzero(total))]
    if not hyp_len or not precisions or min(precisions) <= 0:
        return 0.0
    penalty = 1.0 if hyp_len >= ref_len else math.exp(1 - ref_len / hyp_len)
    return penalty * math.exp(math.fsum(map(math.log, precisions)) / len(precisions))


def _precisions(correct: list[float], total: list[float], unmatched: str) -> list[float]:
    """The precision of each order; 0 where nothing is done about an order without a match."""
    each = list(zip(correct, total, strict=True))
    if unmatched == _ONE_MORE:
        return [(m + 1) / (t + 1) for m, t in each]
    if not correct[0] or (unmatched == _ONE_MORE_ABOVE and not all(correct)):
        return [0.0]
    if unmatched == _ONE_MORE_ABOVE:
        return [(m + (order > 0)) / (t + (order > 0)) for order, (m, t) in enumerate(each)]
    precisions = []
    halved = 1
    for m, t in each:
        if m:
            precisions.append(m / t)
        elif not t or unmatched == _NMT["orders without a match"]:
            precisions.append(0.0)
        elif unmatched == _SACREBLEU["orders without a match"]:
            halved *= 2
            precisions.append(1 / (halved * t))
        else:
            precisions.append(0.1 / t if unmatched == _EPSILON else sys.float_info.min)
    return precisions
