"""Alignments: what they hold, how they print."""

from __future__ import annotations

import importlib.metadata
import sys

import pytest

import textgauge as tg


def test_chunks() -> None:
    alignment = tg.align("the cat sits on it now", " the  black cat sat on it")
    assert [(c.kind, c.reference, c.prediction) for c in alignment] == [
        ("equal", (0, 1), (0, 1)),
        ("delete", (1, 2), (1, 1)),
        ("equal", (2, 3), (1, 2)),
        ("substitute", (3, 4), (2, 3)),
        ("equal", (4, 6), (3, 5)),
        ("insert", (6, 6), (5, 6)),
    ]
    assert [c.reference_chars for c in alignment] == [(1, 4), (6, 11), (12, 15), (16, 19), (20, 25), (25, 25)]
    assert [c.prediction_chars for c in alignment] == [(0, 3), (3, 3), (4, 7), (8, 12), (13, 18), (19, 22)]
    assert (alignment.hits, alignment.substitutions, alignment.deletions, alignment.insertions) == (4, 1, 1, 1)
    assert (alignment.distance, len(alignment)) == (3, 6)
    assert alignment.reference == ("the", "black", "cat", "sat", "on", "it")


def test_empty_texts() -> None:
    assert tg.align("", "").chunks == ()
    assert str(tg.align("", "")) == "REF\nHYP"
    (chunk,) = tg.align("", "a b")
    assert (chunk.kind, chunk.reference, chunk.prediction_chars) == ("delete", (0, 2), (0, 0))


def test_lower_case_and_transforms() -> None:
    alignment = tg.align("THE Cat!", "the cat", lowercase=True, transforms=["RemovePunctuation"])
    assert alignment.distance == 0
    assert alignment.chunks[0].prediction_chars == (0, 7)
    # A token that is not in the text is not pointed at.
    alignment = tg.align("won't", "will not", transforms=("ExpandCommonEnglishContractions",))
    assert alignment.chunks[0].prediction_chars is None


def test_text() -> None:
    alignment = tg.align("日本 b\u0301 x", "日 b\u0301 y z")
    assert str(alignment).splitlines() == ["REF 日   b\u0301 y z", "HYP 日本 b\u0301 x *", "    S      S D"]
    blocks = alignment.text(width=11).split("\n\n")
    assert blocks == ["REF 日   b\u0301\nHYP 日本 b\u0301\n    S", "REF y z\nHYP x *\n    S D"]
    # A token wider than a line has one of its own.
    assert len(alignment.text(width=1).split("\n\n")) == 4


def test_characters_that_cannot_be_seen() -> None:
    assert str(tg.align("a b", "a\nb", tokenizer="jiwer-characters")).splitlines() == [
        "REF a \\n b",
        "HYP a \u2423  b",
        "      S",
    ]


def test_wrong_arguments() -> None:
    with pytest.raises(tg.InputTypeError, match="reference is a list"):
        tg.align("a", ["a"])  # type: ignore[arg-type]
    with pytest.raises(tg.ConfigError, match="no tokenizer"):
        tg.align("a", "a", tokenizer="x")
    with pytest.raises(tg.ConfigError, match="no transform 'x'"):
        tg.align("a", "a", transforms=("x",))
    with pytest.raises(tg.ConfigError, match="no transform 'SubstituteWords'"):
        tg.Wer(transforms=("SubstituteWords",))


def test_whisper_normalisers_name_their_version() -> None:
    scorer = tg.Scorer(tg.Wer(transforms=["WhisperEnglish"]))
    assert scorer.score(["Mister Smith's colour: 22"], ["Mr. Smith is color twenty-two"])["wer"][0] == 0
    version = importlib.metadata.version("whisper-normalizer")
    assert f"WhisperEnglish(version='{version}')" in scorer.signatures["wer"]


def test_a_missing_normaliser_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "whisper_normalizer", None)
    with pytest.raises(tg.ConfigError, match=r"Whisper's normaliser needs .* pip install 'textgauge\[whisper\]'"):
        tg.transforms.WhisperBasic()


def test_transforms_stand_in_the_signature() -> None:
    plain, lower, other = (
        tg.Scorer(tg.Wer(transforms=transforms)).signatures["wer"]
        for transforms in ((), ("ToLowerCase",), (tg.transforms.SubstituteWords({"a|b:c": "d"}),))
    )
    assert "tok:jiwer-words|" in plain
    assert "tok:ToLowerCase()>jiwer-words|" in lower
    assert r"tok:SubstituteWords(substitutions=(('a\x7cb\x3ac', 'd'),))>jiwer-words|" in other
