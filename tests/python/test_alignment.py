"""Alignments: what they hold, how they print."""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Any

import pytest

import textgauge as tg
from textgauge.alignment import _read as read_text
from textgauge.text.transforms import Pipeline


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
    assert [(c.reference_chars, c.prediction_chars) for c in alignment] == [((0, 7), (0, 7))]
    # What a token was made of is pointed at, ...
    alignment = tg.align("I won't", "I will not", transforms=("ExpandCommonEnglishContractions",))
    assert [(c.reference_chars, c.prediction_chars) for c in alignment] == [((0, 10), (0, 7))]
    # ... and not what looks like it.
    alignment = tg.align("a", "[a] a", transforms=("RemoveKaldiNonWords",))
    assert [(c.reference_chars, c.prediction_chars) for c in alignment] == [((4, 5), (0, 1))]


def test_places_after_a_function_are_not_known() -> None:
    alignment = tg.align("a b", "A B", transforms=["ToLowerCase", str.strip])
    assert alignment.distance == 0
    assert [(c.reference_chars, c.prediction_chars) for c in alignment] == [(None, None)]


@pytest.mark.parametrize(
    ("tokenizer", "text", "places"),
    [
        # Which "the" is the second token cannot be told from tokens alone.
        (lambda text: text.lower().split(), "The a the", [None] * 3),
        (lambda text: sorted(text.split()), "b a", [None] * 2),
        (str.split, "b  a", [(0, 1), (3, 4)]),
        # An entity is not what the token is, so it alone is not pointed at.
        ("13a", "a &quot;b c.", [(0, 1), None, (8, 9), (10, 11), (11, 12)]),
        ("rouge", "It's THE end", [(0, 2), (3, 4), (5, 8), (9, 12)]),
        ("words", "a, (b) c", [(0, 1), (4, 5), (7, 8)]),
        ("zh", "中文a", [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_places_of_tokens(tokenizer: Any, text: str, places: list[tuple[int, int] | None]) -> None:
    lowercase = tokenizer == "rouge"
    tokens = tg.align(text, "", tokenizer=tokenizer, lowercase=lowercase).prediction
    assert len(tokens) == len(places)
    found = read_text(text, "text", Pipeline(()), tokenizer, lowercase)
    assert found == (list(tokens), places)


@pytest.mark.parametrize("options", [{"lowercase": True}, {"transforms": "ToLowerCase"}, {"transforms": "ToUpperCase"}])
def test_case_moves_no_character(options: dict[str, Any]) -> None:
    alignment = tg.align("a dog b", "A cat a", **options)
    assert [c.kind for c in alignment] == ["equal", "substitute"]
    assert [c.reference_chars for c in alignment] == [(0, 1), (2, 7)]
    # Another lower-case letter at the end of a word.
    (chunk,) = tg.align("\u03b1\u03c2 b", "\u0391\u03a3 B", lowercase=True)
    assert chunk.reference_chars == chunk.prediction_chars == (0, 4)


def test_a_text_that_grows_in_lower_case() -> None:
    alignment = tg.align("x a y", "\u0130 A cat", lowercase=True)
    assert [c.reference_chars for c in alignment] == [(0, 1), (2, 3), (4, 7)]
    assert all(c.prediction_chars for c in alignment)


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
    with pytest.raises(tg.ConfigError, match="tokenizer is 'x'; it must be one of"):
        tg.align("a", "a", tokenizer="x")
    with pytest.raises(tg.ConfigError, match="no transform 'x'"):
        tg.align("a", "a", transforms=("x",))
    with pytest.raises(tg.ConfigError, match=r"SubstituteWords: .*missing"):
        tg.Wer(transforms=("SubstituteWords",))


@pytest.mark.parametrize("returned", [None, 7, "a b", ["a", 7], [b"a"], [None]])
def test_bad_tokenizer(returned: Any) -> None:
    with pytest.raises(tg.InputError, match=r"made a \w+ of the reference; it must return str") as caught:
        tg.align("a", "bad", tokenizer=lambda text: returned if text == "bad" else [text])
    assert caught.value.code == "bad-tokenizer"


def test_a_transform_that_returns_no_text() -> None:
    def forgetful(text: str) -> None:
        text.strip()

    for call in (
        lambda: tg.align("a", "a", transforms=(forgetful,)),
        lambda: tg.Scorer(tg.Wer(transforms=(forgetful,))).score(["a"], ["a"]),
    ):
        with pytest.raises(
            tg.InputError, match=r"forgetful.* made a NoneType of a text( in row 0)?; it must return"
        ) as caught:
            call()
        assert caught.value.code == "bad-tokenizer"


def test_whisper_normalisers_name_their_version() -> None:
    scorer = tg.Scorer(tg.Wer(transforms=["WhisperEnglish"]))
    assert scorer.score(["Mister Smith's colour: 22"], ["Mr. Smith is color twenty-two"])["wer"][0] == 0
    version = importlib.metadata.version("whisper-normalizer")
    assert f"|transforms:WhisperEnglish[{version};" in scorer.signatures["wer"]


def test_a_missing_normaliser_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    caches = (tg.text.transforms._compiled, tg.text.transforms._british_spellings)
    monkeypatch.setitem(sys.modules, "whisper_normalizer", None)
    for cache in caches:
        cache.cache_clear()
    with pytest.raises(tg.ConfigError, match=r"WhisperEnglish needs .* pip install 'textgauge\[whisper\]'"):
        tg.transforms.WhisperEnglish()
    tg.transforms.WhisperBasic()


def test_transforms_stand_in_the_signature() -> None:
    plain, lower, other = (
        tg.Scorer(tg.Wer(transforms=transforms)).signatures["wer"]
        for transforms in ((), ("ToLowerCase",), (tg.transforms.SubstituteWords({"a|b:c": "d"}),))
    )
    unicode = tg._core.unicode_version()
    assert "transforms" not in plain
    assert f"|transforms:ToLowerCase[{unicode}]|tok:jiwer-words|" in lower
    assert rf"|transforms:SubstituteWords('a\x7cb\x3ac'='d')[{unicode}]|tok:jiwer-words|" in other
