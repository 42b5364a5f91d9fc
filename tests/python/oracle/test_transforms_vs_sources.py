"""Transforms against their sources: jiwer 4.0.0, whisper-normalizer 0.1.15, Python itself.

`transform_parity.py` compares all of the shared data; here are samples.
"""

from __future__ import annotations

import random
import unicodedata

import jiwer
import nltk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parity import data_files, read_pairs
from transform_parity import SOURCES, hostile_texts, mismatches
from whisper_normalizer.english import EnglishTextNormalizer

import textgauge as tg
from textgauge.text import transforms as ours
from textgauge.text.tokenizers import punkt

FILES = data_files()


def test_hostile_strings() -> None:
    count, found = mismatches(hostile_texts(1500, seed=2))
    assert count > 1000
    assert found == []


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cn"]), max_size=30))
def test_any_string(text: str) -> None:
    assert mismatches([text])[1] == []


@pytest.mark.skipif(not FILES, reason="there are no shared data")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_part_of_every_file(path) -> None:
    pairs = [pair for number, pair in enumerate(read_pairs(path)) if number % 97 == 0][:6]
    texts = {text[:5000] for pair in pairs for text in (pair.prediction, *pair.references)}
    count, found = mismatches(texts)
    assert found == []
    assert count > 0 or all(unicodedata.category(char) == "Cn" for text in texts for char in text if not char.isascii())


def test_every_transform_is_compared() -> None:
    compared = {type(transform).__name__ for transform, _ in SOURCES}
    # These have no package to be equal to, and tests of their own.
    assert set(ours.BUILT_IN) - compared == {"RemoveReasoning", "RemoveSpecialTokens", "NltkSentences"}


WORDS = "zero oh one two five nine ten twelve twenty thirty hundred thousand million point and a half double triple per"
WORDS += " cent percent dollars cents pounds minus plus first third twenties 1 20 3.5 $5 ¢7 1,000 2nd the cat . 's"


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join))
def test_spoken_numbers(text: str) -> None:
    assert ours.WhisperEnglish()(text) == EnglishTextNormalizer()(text)


def test_scores_after_whisper() -> None:
    draw = random.Random(4)
    pairs = [
        (" ".join(draw.choices(WORDS.split(), k=9)), " ".join(draw.choices(WORDS.split(), k=9))) for _ in range(300)
    ]
    clean = EnglishTextNormalizer()
    pairs = [pair for pair in pairs if clean(pair[1])]
    predictions, references = map(list, zip(*pairs, strict=True))
    result = tg.Scorer(["wer", "cer"], transforms="WhisperEnglish").score(predictions, references)
    cleaned = [*map(clean, references)], [*map(clean, predictions)]
    assert result.corpus["wer"] == jiwer.wer(*cleaned)
    assert result.corpus["cer"] == jiwer.cer(*cleaned)


def test_sentences_of_nltk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trained models cannot be had here; the untrained one has the same interface."""
    tokenizer = nltk.tokenize.punkt.PunktSentenceTokenizer()
    monkeypatch.setattr(nltk.tokenize, "PunktTokenizer", lambda _: tokenizer)
    punkt.cache_clear()
    try:
        for text in ["Snow fell. Roads closed! Why?  Nobody\nknows.", "", "One", " a. b.\n\nC. "]:
            transform = ours.NltkSentences()
            wanted = "\n".join(sentence.replace("\n", " ") for sentence in tokenizer.tokenize(text))
            made, spans = transform.traced(text)
            assert transform(text) == made == wanted
            assert all(
                text[start:end] == char or char.isspace() for char, (start, end) in zip(made, spans, strict=True)
            )
        metric = tg.Rouge("rougeLsum", transforms=ours.NltkSentences())
        assert (
            tg.Scorer(metric).score_pair("Snow fell today. Roads closed.", "Roads closed. Snow fell today.")[
                "rougeLsum.f"
            ]
            == 1
        )
        assert f"|transforms:NltkSentences(english)[{nltk.__version__}]|" in tg.Scorer(metric).signatures["rougeLsum"]
    finally:
        punkt.cache_clear()


def test_missing_data_of_nltk_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(language: str) -> None:
        raise LookupError(language)

    monkeypatch.setattr(nltk.tokenize, "PunktTokenizer", missing)
    punkt.cache_clear()
    with pytest.raises(tg.ConfigError, match=r"'punkt_tab' for 'english'.*nltk.download") as caught:
        tg.Rouge("rougeLsum", transforms="NltkSentences")
    assert caught.value.code == "missing-model"
