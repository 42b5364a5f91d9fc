"""ROUGE: `torchmetrics.functional.text.rouge` of torchmetrics 1.9.0."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import torch
from torchmetrics.functional.text import rouge_score as of_peer

from textgauge.compat.torchmetrics._usual import Rows, rows_of
from textgauge.metrics import Rouge
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt
    from torch import Tensor

__all__ = ["rouge_score"]

_ACCUMULATE = ("avg", "best")
PARTS = ("fmeasure", "precision", "recall")


class Options(NamedTuple):
    """What is measured, and how texts are read; the fields are arguments of `rouge_score`."""

    rouge_keys: tuple[str, ...]
    accumulate: str
    use_stemmer: bool
    normalizer: Callable[[str], str] | None
    tokenizer: Callable[[str], Sequence[str]] | None


def rouge_score(
    preds: str | Sequence[str],
    target: str | Sequence[str] | Sequence[Sequence[str]],
    accumulate: Literal["avg", "best"] = "best",
    use_stemmer: bool = False,
    normalizer: Callable[[str], str] | None = None,
    tokenizer: Callable[[str], Sequence[str]] | None = None,
    rouge_keys: str | tuple[str, ...] = ("rouge1", "rouge2", "rougeL", "rougeLsum"),
) -> dict[str, Tensor]:
    """ROUGE of texts: means of F, precision and recall. Predictions come first.

    Args:
        preds: The texts to judge, or one.
        target: For each a reference, or several.
        accumulate: What is made of several references: the `"best"` by F, or the average (`"avg"`).
        use_stemmer: Whether words of more than three characters are stemmed.
        normalizer: What is done to texts before they are tokenised; else all but a-z and 0-9 becomes a blank.
        tokenizer: What makes tokens of a text; else words stand between white space.
        rouge_keys: `"rouge1"` to `"rouge9"`, `"rougeL"`, `"rougeLsum"`, or several of them.

    Raises:
        ValueError: A key is unknown.
        ModuleNotFoundError: NLTK is not installed, but stems or finds the sentences of `"rougeLsum"`.
    """
    keys = rouge_keys if isinstance(rouge_keys, tuple) else (rouge_keys,)
    found = values_of(preds, target, Options(keys, accumulate, use_stemmer, normalizer, tokenizer))
    if found is None:
        scores: dict[str, Tensor] = of_peer(preds, target, accumulate, use_stemmer, normalizer, tokenizer, rouge_keys)
        return scores
    return {name: values.mean() for name, values in found.items()}


def values_of(preds: Any, target: Any, options: Options) -> dict[str, Tensor] | None:  # noqa: ANN401
    """The values of each row, such as `rouge1_fmeasure`; `None` if that is for torchmetrics to say."""
    if isinstance(target, str):
        target = [[target]]
    elif isinstance(target, list) and all(isinstance(each, str) for each in target):
        target = [target] if isinstance(preds, str) else [[each] for each in target]
    rows = rows_of([preds] if isinstance(preds, str) else preds, target)
    is_known = options.accumulate in _ACCUMULATE and len(set(options.rouge_keys)) == len(options.rouge_keys)
    if rows is None or not is_known:
        return None
    try:
        scores = _scores(rows, options)
    except Exception:
        return None  # torchmetrics has its own words for it, and gives those of the caller's functions
    return {
        f"{key}_{part}": values
        for key in options.rouge_keys
        for part, values in _of_rows(rows, {part: scores[f"{key}.{part[0]}"] for part in PARTS}, options.accumulate)
    }


def _scores(rows: Rows, options: Options) -> dict[str, npt.NDArray[np.float64]]:
    """The scores of each prediction with each of its references."""
    read = _reader(options)
    scores: dict[str, npt.NDArray[np.float64]] = {}
    of_texts = tuple(key for key in options.rouge_keys if key != "rougeLsum")
    if of_texts:
        scores |= _scorer(of_texts, bool(options.use_stemmer), read).score(*rows.pairs())
    if "rougeLsum" in options.rouge_keys:
        import nltk  # seldom needed, and slow to load

        split = functools.lru_cache(maxsize=None)(nltk.sent_tokenize)
        preds, target = ([split(text) for text in column] for column in rows.pairs())
        scorer = _scorer(("rougeLsum",), bool(options.use_stemmer), read)
        scores |= scorer.score(preds, [[each] for each in target], sentences="given")
    return scores


def _of_rows(rows: Rows, scores: dict[str, npt.NDArray[np.float64]], accumulate: str) -> Iterator[tuple[str, Tensor]]:
    """What is made of the references of each row, in single precision."""
    in_single = {part: torch.from_numpy(values.astype(np.float32)) for part, values in scores.items()}
    if rows.is_single:
        yield from in_single.items()
        return
    parts = list(rows.parts())
    # Only then is the best looked for: it is the first of those that are equal in single precision.
    fmeasures = in_single["fmeasure"].numpy()
    best = [part.start + int(fmeasures[part].argmax()) for part in parts]
    for name, values in in_single.items():
        yield name, values[best] if accumulate == "best" else torch.stack([values[part].mean() for part in parts])


def _scorer(keys: tuple[str, ...], use_stemmer: bool, read: Callable[[str], list[str]] | None) -> Scorer:
    if read:
        return Scorer(Rouge(*keys, tokenizer=read, lowercase=False))
    return _default_scorer(keys, use_stemmer)


@functools.lru_cache(maxsize=64)
def _default_scorer(keys: tuple[str, ...], use_stemmer: bool) -> Scorer:
    return Scorer(Rouge(*keys, stemmer="porter" if use_stemmer else "none"))


def _reader(options: Options) -> Callable[[str], list[str]] | None:
    """What makes tokens of texts with the caller's functions, if there are any."""
    normalizer, tokenizer = options.normalizer, options.tokenizer
    if not (callable(normalizer) or callable(tokenizer)):
        return None
    stem = _porter() if options.use_stemmer else None

    def read(text: str) -> list[str]:
        text = normalizer(text) if callable(normalizer) else re.sub("[^a-z0-9]+", " ", text.lower())
        tokens = tokenizer(text) if callable(tokenizer) else re.split(r"\s+", text)
        if stem:
            tokens = [stem(token) if len(token) > 3 else token for token in tokens]
        return [token for token in tokens if isinstance(token, str) and token]

    return read


def _porter() -> Callable[[str], str]:
    from nltk.stem.porter import PorterStemmer  # seldom needed, and slow to load

    stem: Callable[[str], str] = PorterStemmer().stem
    return stem
