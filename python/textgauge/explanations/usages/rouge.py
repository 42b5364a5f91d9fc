"""ROUGE: rouge-score's, evaluate's, pltrdy's, torchmetrics', and the contiguous ROUGE-L of some courses."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.explanations.usages.base import Family, Numbers, Options, Pairs, Usage, mean_of
from textgauge.metrics import Rouge
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["family"]

# evaluate draws its samples anew in every process, unless it is told a seed.
SEED = 0

_GOOGLE: Options = {
    "words": "runs of a-z and 0-9",
    "case": "lowered",
    "stemmer": "none",
    "repeated n-grams": "count each time",
    "sequence": "anywhere in the whole text",
    "F": "2PR / (P + R)",
    "rows": "mean",
}
_PLTRDY: Options = {
    **_GOOGLE,
    "words": "between blanks and full stops",
    "case": "kept",
    "repeated n-grams": "count once",
    "sequence": "distinct words, by sentences",
    "F": "2PR / (P + R + 1e-8)",
}
_LINES: Options = {**_GOOGLE, "sequence": "line by line, united"}
_CONTIGUOUS: Options = {**_GOOGLE, "sequence": "neighbouring words"}

# What the settings are in the metric `Rouge`.
_TOKENIZERS = {_GOOGLE["words"]: "rouge", _PLTRDY["words"]: "pltrdy"}
_NAMES = {_LINES["sequence"]: "rougeLsum", _CONTIGUOUS["sequence"]: "rougeLcontig"}
_MEDIAN = "median of 1,000 bootstrap means"


def family(score: str) -> Family:
    """The usages of `rouge1`, `rouge2` or `rougeL`."""
    scorer = f"RougeScorer(['{score}']"
    usages = [
        _google(score, f"{scorer}).score(reference, prediction)", _GOOGLE),
        _google(score, f"{scorer}, use_stemmer=True)", {**_GOOGLE, "stemmer": "Porter"}, use_stemmer=True),
        Usage(
            "evaluate",
            "load('rouge').compute(...)",
            f"load('rouge', seed={SEED}).compute(...)",
            functools.partial(_evaluate, score=score),
            {**_GOOGLE, "rows": _MEDIAN},
        ),
        _pltrdy(score, "Rouge().get_scores(prediction, reference)", _PLTRDY),
        _pltrdy(score, "Rouge(exclusive=False)", {**_PLTRDY, "repeated n-grams": "count each time"}, exclusive=False),
        Usage(
            "torchmetrics",
            "rouge_score(prediction, reference)",
            "rouge_score(predictions, references)",
            functools.partial(_torchmetrics, score=score),
            _GOOGLE,
        ),
    ]
    if score == "rougeL":
        usages.insert(2, _google("rougeLsum", "RougeScorer(['rougeLsum'])", _LINES))
        run = functools.partial(_textgauge, name="rougeLcontig")
        call = "Rouge('rougeLcontig'), as some courses teach it"
        usages.append(Usage("textgauge", call, call, run, _CONTIGUOUS))
    return Family(tuple(usages), functools.partial(_model, score=score))


def _google(score: str, call: str, options: Options, **arguments: Any) -> Usage:  # noqa: ANN401 - the peer's
    numbers = functools.partial(_rouge_score, score=score, **arguments)
    return Usage("rouge-score", call, f"{call}, mean", numbers, options)


def _pltrdy(score: str, call: str, options: Options, **arguments: Any) -> Usage:  # noqa: ANN401 - the peer's
    numbers = functools.partial(_rouge, score=score, **arguments)
    return Usage("rouge", call, f"{call}, mean", numbers, options, many_references=False)


def _rouge_score(pairs: Pairs, score: str, **arguments: Any) -> Numbers:  # noqa: ANN401 - the peer's
    from textgauge.compat.rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer([score], **arguments)
    rows = [scorer.score_multi(own, text)[score] for text, own in zip(pairs.predictions, pairs.references, strict=True)]
    return _means(*([getattr(row, part) for row in rows] for part in ("fmeasure", "precision", "recall")))


def _evaluate(pairs: Pairs, score: str) -> Numbers:
    from textgauge.compat import evaluate

    made = evaluate.load("rouge", seed=SEED).compute(
        predictions=pairs.predictions, references=pairs.references, rouge_types=[score]
    )
    return {"F": float(made[score])}


def _rouge(pairs: Pairs, score: str, **arguments: Any) -> Numbers:  # noqa: ANN401 - the peer's
    from textgauge.compat.rouge import Rouge as Peer

    name = f"rouge-{score.removeprefix('rouge').lower()}"
    found: Any = Peer(metrics=[name], **arguments).get_scores(pairs.predictions, pairs.firsts, avg=True)
    return {"F": found[name]["f"], "precision": found[name]["p"], "recall": found[name]["r"]}


def _torchmetrics(pairs: Pairs, score: str) -> Numbers:
    from textgauge.compat.torchmetrics.functional.text import rouge_score

    found = rouge_score(pairs.predictions, pairs.references, rouge_keys=score)
    parts = {"F": "fmeasure", "precision": "precision", "recall": "recall"}
    return {name: found[f"{score}_{part}"].item() for name, part in parts.items()}


def _textgauge(pairs: Pairs, name: str) -> Numbers:
    found = Scorer(Rouge(name)).score(pairs.predictions, pairs.references)
    return _means(*(found[f"{name}.{part}"].tolist() for part in "fpr"))


def _means(f: list[float], precision: list[float], recall: list[float]) -> Numbers:
    return {"F": mean_of(f), "precision": mean_of(precision), "recall": mean_of(recall)}


def _model(pairs: Pairs, options: Options, score: str) -> float:
    is_pltrdy = options["sequence"] == _PLTRDY["sequence"] or score != "rougeL"
    name = _NAMES.get(options["sequence"], "rougeL") if score == "rougeL" else score
    once: Any = {"variant": "pltrdy", "exclusive": options["repeated n-grams"] == "count once"} if is_pltrdy else {}
    tokenizer = _TOKENIZERS[options["words"]]
    metric = Rouge(
        name,
        tokenizer=tokenizer,
        lowercase=options["case"] == "lowered" or tokenizer == "rouge",
        stemmer="porter" if options["stemmer"] == "Porter" else "none",
        **once,
    )
    found = Scorer(metric).score(pairs.predictions, pairs.references)
    precision, recall = found[f"{name}.p"], found[f"{name}.r"]
    least = 1e-8 if options["F"] == _PLTRDY["F"] else 0.0
    both = precision + recall
    f = np.divide(2 * precision * recall, both + least, out=np.zeros_like(both), where=both > 0)
    return _median_of_means(f) if options["rows"] == _MEDIAN else mean_of(f)


def _median_of_means(rows: npt.NDArray[np.float64]) -> float:
    rng = np.random.RandomState(SEED)
    return float(np.median([rng.choice(rows, size=len(rows)).mean() for _ in range(1000)]))
