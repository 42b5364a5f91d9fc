"""BLEU in TensorFlow NMT's variant against bleuscore 0.2.0 and against its definition, float for float."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import bleuscore
import nltk_texts
import pytest

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

    from nltk_texts import Tokens
    from parity import Pair

SETTINGS = list(itertools.product((4, 1, 2, 9), (False, True)))


def ngrams(text: Tokens, order: int) -> Counter[tuple[str, ...]]:
    """How often each n-gram occurs."""
    return Counter(zip(*(text[start:] for start in range(order)), strict=False))


def definition(
    hypotheses: list[Tokens], references: list[list[Tokens]], max_order: int, *, smooth: bool
) -> dict[str, float]:
    """The score of a corpus; 0 where the definition divides by zero."""
    add = 1 if smooth else 0
    precisions = []
    counts = {}
    for order in range(1, max_order + 1):
        matches = total = 0
        for hypothesis, texts in zip(hypotheses, references, strict=True):
            highest: Counter[tuple[str, ...]] = Counter()
            for text in texts:
                highest |= ngrams(text, order)
            matches += sum((ngrams(hypothesis, order) & highest).values())
            total += max(len(hypothesis) - order + 1, 0)
        precisions.append((matches + add) / (total + add) if total + add else 0.0)
        counts |= {f"p{order}": precisions[-1], f"correct{order}": matches, f"total{order}": total}
    hypothesis_length = sum(map(len, hypotheses))
    reference_length = sum(min(map(len, texts)) for texts in references)
    ratio = hypothesis_length / reference_length if reference_length else 0.0
    penalty = 1.0 if ratio > 1 else math.exp(1 - 1 / ratio) if ratio else 0.0
    mean = 0.0
    if min(precisions) > 0:
        logarithms = 0.0
        for precision in precisions:
            logarithms += 1 / max_order * math.log(precision)
        mean = math.exp(logarithms)
    lengths = {"ratio": ratio, "hyp_len": hypothesis_length, "ref_len": reference_length}
    return {"": mean * penalty, "bp": penalty, **lengths, **counts}


def columns(scores: dict[str, float]) -> dict[str, float]:
    """The scores under the names of our columns."""
    return {f"bleu.{part}" if part else "bleu": score for part, score in scores.items()}


def theirs(predictions: list[str], references: list[list[str]], max_order: int, *, smooth: bool) -> dict[str, float]:
    """bleuscore's figures, under the names of ours."""
    scores: dict[str, Any] = bleuscore.compute(references, predictions, max_order, smooth)
    precisions = {f"p{order}": each for order, each in enumerate(scores["precisions"], 1)}
    return columns(
        {
            "": scores["bleu"],
            "bp": scores["brevity_penalty"],
            "ratio": scores["length_ratio"],
            "hyp_len": scores["translation_length"],
            "ref_len": scores["reference_length"],
            **precisions,
        }
    )


def scorer(tokenizer: Any, max_order: int, *, smooth: bool) -> tg.Scorer:
    """Our scorer of this setting."""
    smoothing = "add-1" if smooth else "none"
    return tg.Scorer(tg.Bleu(variant="nmt", tokenizer=tokenizer, max_order=max_order, smoothing=smoothing))


def check(pairs: list[Pair], settings: list[tuple[int, bool]]) -> None:
    """Every figure of the pairs, and of all together, is the definition's, and where it has one, bleuscore's."""
    # bleuscore takes texts in UTF-8 alone, and cuts them itself.
    whole = [
        pair._replace(
            prediction=pair.prediction.encode("utf-8", "replace").decode(),
            references=[text.encode("utf-8", "replace").decode() for text in pair.references],
        )
        for pair in pairs
    ]
    predictions, references = nltk_texts.columns(whole)
    hypotheses = [bleuscore.tokenizer_13a(text) for text in predictions]
    tokens = [[bleuscore.tokenizer_13a(text) for text in texts] for texts in references]
    for max_order, smooth in settings:
        result = scorer(bleuscore.tokenizer_13a, max_order, smooth=smooth).score(predictions, references)
        assert result.corpus == columns(definition(hypotheses, tokens, max_order, smooth=smooth))
        # bleuscore divides the sum of logarithms and not each: the same only where the division is exact.
        exact = max_order & (max_order - 1) == 0
        if exact:
            expected = theirs(predictions, references, max_order, smooth=smooth)
            assert {name: result.corpus[name] for name in expected} == expected
        for row, (hypothesis, texts) in enumerate(zip(hypotheses, tokens, strict=True)):
            ours = {name: float(result[name][row]) for name in result.columns}
            assert ours == columns(definition([hypothesis], [texts], max_order, smooth=smooth)), whole[row]
            if exact and hypothesis and all(texts):
                alone = theirs([predictions[row]], [references[row]], max_order, smooth=smooth)
                assert {name: ours[name] for name in alone} == alone, whole[row]


@pytest.mark.skipif(not nltk_texts.FILES, reason="the folder of shared data is missing")
@pytest.mark.parametrize("path", nltk_texts.FILES, ids=nltk_texts.name)
def test_a_sample_of_every_file(path: Path) -> None:
    check(nltk_texts.sample(path, 25), [(4, False), (4, True)])


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_hostile_texts(setting: tuple[int, bool]) -> None:
    check(nltk_texts.hostile(1000), [setting])


def test_nothing_to_divide_by() -> None:
    for smooth in (False, True):
        result = scorer("whitespace", 2, smooth=smooth).score(["", "a b", ""], ["", "", "a b"])
        for column in ("bleu", "bleu.bp", "bleu.ratio"):
            assert result[column].tolist() == [0, 0, 0]


@pytest.mark.parametrize("option", ["smoothing_value", "effective_order", "weights", "auto_reweigh"])
def test_options_that_are_refused(option: str) -> None:
    values: dict[str, Any] = {"smoothing_value": 1, "effective_order": True, "weights": (1,), "auto_reweigh": True}
    with pytest.raises(tg.ConfigError, match=f"variant 'nmt' takes no {option}"):
        tg.Bleu(variant="nmt", tokenizer="whitespace", **{option: values[option]})
    if option in ("weights", "auto_reweigh"):
        with pytest.raises(tg.ConfigError, match=f"variant 'sacrebleu' takes no {option}"):
            tg.Bleu(tokenizer="whitespace", **{option: values[option]})
