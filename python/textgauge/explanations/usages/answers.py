"""Exact match and F1 of answers: evaluate's, SQuAD's, HELM's, torchmetrics'."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from textgauge.explanations.usages.base import Family, Numbers, Options, Pairs, Usage, mean_of
from textgauge.metrics import ExactMatch, Helm, Rouge
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["exact_match", "f1"]

_PLAIN: Options = {
    "case": "kept",
    "punctuation": "kept",
    "articles": "kept",
    "white space": "kept",
}
_STRIPPED: Options = {**_PLAIN, "white space": "stripped"}
_SQUAD: Options = {
    "case": "lowered",
    "punctuation": "removed",
    "articles": "removed",
    "white space": "between words only",
}
_F1: Options = {**_SQUAD, "repeated words": "count each time"}


def exact_match() -> Family:
    """The usages of exact match."""
    compute = "load('exact_match').compute(..."
    usages = (
        _usage("evaluate", f"{compute})", _evaluate_exact, _PLAIN),
        _usage(
            "evaluate",
            f"{compute}, ignore_case=True)",
            functools.partial(_evaluate_exact, ignore_case=True),
            {**_PLAIN, "case": "lowered"},
        ),
        _usage(
            "evaluate",
            f"{compute}, ignore_case=True, ignore_punctuation=True)",
            functools.partial(_evaluate_exact, ignore_case=True, ignore_punctuation=True),
            {**_PLAIN, "case": "lowered", "punctuation": "removed"},
        ),
        _squad("exact_match", _SQUAD),
        _helm("exact_match", _STRIPPED, rest="blank predictions: they match nothing"),
        _helm("quasi_exact_match", _SQUAD, rest="blank predictions: they match nothing"),
        _torchmetrics("exact_match", _SQUAD),
    )
    return Family(usages, _exact_model)


def f1() -> Family:
    """The usages of F1 over words."""
    usages = (
        _squad("f1", _F1),
        _helm("f1_score", {**_F1, "repeated words": "count once"}, rest="answers without words: they are equal"),
        _torchmetrics("f1", _F1),
    )
    return Family(usages, _f1_model)


def _usage(
    package: str,
    call: str,
    numbers: Callable[[Pairs], Numbers],
    options: Options,
    *,
    percent: bool = False,
    many_references: bool = False,
    rest: str = "",
) -> Usage:
    return Usage(package, call, call, numbers, options, percent, many_references, rest)


def _squad(score: str, options: Options) -> Usage:
    call = f"load('squad').compute(...)['{score}']"
    numbers = functools.partial(_evaluate_squad, score=score)
    return _usage("evaluate", call, numbers, options, percent=True, many_references=True)


def _helm(name: str, options: Options, rest: str) -> Usage:
    return _usage("crfm-helm", name, functools.partial(_of_helm, name=name), options, many_references=True, rest=rest)


def _torchmetrics(score: str, options: Options) -> Usage:
    call = f"squad(...)['{score}']"
    numbers = functools.partial(_torchmetrics_squad, score=score)
    return _usage("torchmetrics", call, numbers, options, percent=True, many_references=True)


def _evaluate_exact(pairs: Pairs, **arguments: bool) -> Numbers:
    from textgauge.compat import evaluate

    found = evaluate.load("exact_match").compute(predictions=pairs.predictions, references=pairs.firsts, **arguments)
    return {"exact match": float(found["exact_match"])}


def _evaluate_squad(pairs: Pairs, score: str) -> Numbers:
    from textgauge.compat import evaluate

    predictions, references = _questions(pairs)
    found = evaluate.load("squad").compute(predictions=predictions, references=references)
    return {score: found[score]}


def _torchmetrics_squad(pairs: Pairs, score: str) -> Numbers:
    from textgauge.compat.torchmetrics.functional.text import squad

    predictions, references = _questions(pairs)
    return {score: squad(predictions, references)[score].item()}


def _questions(pairs: Pairs) -> tuple[Any, Any]:
    """The pairs as questions of SQuAD."""
    predictions = [{"id": str(row), "prediction_text": text} for row, text in enumerate(pairs.predictions)]
    references = [
        {"id": str(row), "answers": {"text": own, "answer_start": [0] * len(own)}}
        for row, own in enumerate(pairs.references)
    ]
    return predictions, references


def _of_helm(pairs: Pairs, name: str) -> Numbers:
    return {name: Scorer(Helm(name)).aggregate(pairs.predictions, pairs.references).corpus[f"helm_{name}"]}


def _exact_model(pairs: Pairs, options: Options) -> float:
    return Scorer(ExactMatch()).aggregate(*_normalised(pairs, options)).corpus["exact_match"]


def _f1_model(pairs: Pairs, options: Options) -> float:
    is_once = options["repeated words"] == "count once"
    words: Any = {"tokenizer": "whitespace", "lowercase": False}
    if is_once:
        words |= {"variant": "pltrdy", "exclusive": True}
    found = Scorer(Rouge("rouge1", **words)).score(*_normalised(pairs, options))
    rows = zip(found["rouge1.p"].tolist(), found["rouge1.r"].tolist(), strict=True)
    return mean_of(2 * p * r / (p + r) if p + r else 0.0 for p, r in rows)


def _normalised(pairs: Pairs, options: Options) -> tuple[list[str], list[list[str]]]:
    def normalise(text: str) -> str:
        if options["case"] == "lowered":
            text = text.lower()
        if options["punctuation"] == "removed":
            text = re.sub(r"[!-/:-@\[-`{-~]", "", text)
        if options["articles"] == "removed":
            text = re.sub(r"\b(a|an|the)\b", " ", text)
        if options["white space"] == "between words only":
            text = " ".join(text.split())
        return text if options["white space"] == "kept" else text.strip()

    return list(map(normalise, pairs.predictions)), [list(map(normalise, own)) for own in pairs.references]
