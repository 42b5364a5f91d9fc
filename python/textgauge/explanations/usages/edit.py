"""WER: jiwer's before and after texts are normalised, evaluate's, torchmetrics'."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from textgauge.explanations.usages.base import Family, Numbers, Options, Pairs, Usage, mean_of
from textgauge.metrics import Wer
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["family"]

_JIWER: Options = {
    "case": "kept",
    "punctuation": "kept",
    "spellings": "as they are",
    "words": "between blanks",
    "divided by": "words of the reference",
    "rows": "edits added up",
}
_LOWER: Options = {**_JIWER, "case": "lowered"}
_BARE: Options = {**_LOWER, "punctuation": "removed"}
_WHISPER: Options = {**_BARE, "spellings": "Whisper's English ones"}
_SWAPPED: Options = {**_JIWER, "divided by": "words of the prediction"}
_MEAN: Options = {**_JIWER, "rows": "mean of rates"}
_TORCHMETRICS: Options = {**_JIWER, "words": "between any white space"}


def family() -> Family:
    """The usages of WER."""
    compute = "load('wer').compute(...)"
    usages = (
        _usage("jiwer", "wer(reference, prediction)", "wer(references, predictions)", _wer, _JIWER),
        _usage("jiwer", "wer(prediction, reference), swapped", "wer(predictions, references)", _swapped, _SWAPPED),
        _usage("jiwer", "", "wer(reference, prediction), mean", _mean, _MEAN),
        _normalised("wer(...) after ToLowerCase", ["ToLowerCase"], _LOWER),
        _normalised("wer(...) after ToLowerCase, RemovePunctuation", ["ToLowerCase", "RemovePunctuation"], _BARE),
        _normalised("wer(...) after Whisper's EnglishTextNormalizer", ["WhisperEnglish"], _WHISPER),
        _usage("evaluate", compute, compute, _evaluate, _JIWER),
        _usage(
            "torchmetrics",
            "word_error_rate(prediction, reference)",
            "word_error_rate(predictions, references)",
            _torchmetrics,
            _TORCHMETRICS,
        ),
    )
    return Family(usages, _model)


def _usage(package: str, call: str, corpus_call: str, numbers: Callable[[Pairs], Numbers], options: Options) -> Usage:
    return Usage(package, call, corpus_call, numbers, options, many_references=False)


def _normalised(call: str, transforms: Sequence[str], options: Options) -> Usage:
    return _usage("jiwer", call, call, functools.partial(_wer_after, transforms=transforms), options)


def _wer(pairs: Pairs) -> Numbers:
    from textgauge.compat import jiwer

    return {"WER": float(jiwer.wer(pairs.firsts, pairs.predictions))}


def _swapped(pairs: Pairs) -> Numbers:
    from textgauge.compat import jiwer

    return {"WER": float(jiwer.wer(pairs.predictions, pairs.firsts))}


def _mean(pairs: Pairs) -> Numbers:
    from textgauge.compat import jiwer

    return {"WER": mean_of(jiwer.wer(own, text) for own, text in zip(pairs.firsts, pairs.predictions, strict=True))}


def _wer_after(pairs: Pairs, transforms: Sequence[str]) -> Numbers:
    found = Scorer(Wer(transforms=transforms)).aggregate(pairs.predictions, pairs.firsts)
    return {"WER": found.corpus["wer"]}


def _evaluate(pairs: Pairs) -> Numbers:
    from textgauge.compat import evaluate

    found: Any = evaluate.load("wer").compute(predictions=pairs.predictions, references=pairs.firsts)
    return {"WER": float(found)}


def _torchmetrics(pairs: Pairs) -> Numbers:
    from textgauge.compat.torchmetrics.functional.text import word_error_rate

    return {"WER": word_error_rate(pairs.predictions, pairs.firsts).item()}


def _model(pairs: Pairs, options: Options) -> float:
    transforms = []
    if options["spellings"] != "as they are":
        transforms.append("WhisperEnglish")
    if options["case"] == "lowered":
        transforms.append("ToLowerCase")
    if options["punctuation"] == "removed":
        transforms.append("RemovePunctuation")
    tokenizer = "jiwer-words" if options["words"] == _JIWER["words"] else "whitespace"
    found = Scorer(Wer(transforms=transforms, tokenizer=tokenizer)).score(pairs.predictions, pairs.firsts)
    edits = found["wer.sub"] + found["wer.del"] + found["wer.ins"]
    words = found["wer.hyp_len" if options["divided by"] == _SWAPPED["divided by"] else "wer.ref_len"]
    if options["rows"] == _JIWER["rows"]:
        edits, words = edits.sum(keepdims=True), words.sum(keepdims=True)
    # Without a word to divide by, jiwer counts the words inserted.
    return mean_of(edit / word if word else edit for edit, word in zip(edits.tolist(), words.tolist(), strict=True))
