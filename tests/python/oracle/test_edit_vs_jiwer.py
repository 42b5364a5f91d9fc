"""Error rates and alignments against jiwer 4.0.0 and rapidfuzz 3.14.6, float for float and edit for edit."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import jiwer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parity import DATA, hostile_pairs, hostile_texts, read_pairs
from rapidfuzz.distance import Levenshtein
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

import textgauge as tg
from textgauge import _core

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

RATES = ("wer", "mer", "wil", "wip")
COUNTS = {"hits": "hits", "sub": "substitutions", "del": "deletions", "ins": "insertions"}
SCORER = tg.Scorer(["wer", "cer", "mer", "wil", "wip", "edit_distance", "edit_similarity"])

Texts = tuple[str, str]


def theirs(predictions: list[str], references: list[str]) -> dict[str, float]:
    """What jiwer makes of the texts together, by our names."""
    words = jiwer.process_words(references, predictions)
    characters = jiwer.process_characters(references, predictions)
    scores: dict[str, Any] = {rate: getattr(words, rate) for rate in RATES} | {"cer": characters.cer}
    for name, output in (("wer", words), ("cer", characters)):
        scores |= {f"{name}.{part}": getattr(output, their_name) for part, their_name in COUNTS.items()}
        scores[f"{name}.ref_len"] = sum(map(len, output.references))
        scores[f"{name}.hyp_len"] = sum(map(len, output.hypotheses))
    return scores


def chunks(output: Any) -> list[tuple[Any, ...]]:
    """jiwer's only alignment, by what our chunks have."""
    (alignment,) = output.alignments
    return [(c.type, (c.ref_start_idx, c.ref_end_idx), (c.hyp_start_idx, c.hyp_end_idx)) for c in alignment]


def check(pairs: Sequence[Texts]) -> int:
    """Compares each pair, their alignments and all of them as a corpus; returns how many numbers were compared."""
    predictions, references = [text for text, _ in pairs], [text for _, text in pairs]
    result = SCORER.score(predictions, references)
    compared = 0
    for row, (prediction, reference) in enumerate(pairs):
        expected = theirs([prediction], [reference])
        words = jiwer.process_words(reference, prediction)
        (wanted,), (said,) = words.references, words.hypotheses
        expected["edit_distance"] = Levenshtein.distance(wanted, said)
        expected["edit_similarity"] = Levenshtein.normalized_similarity(wanted, said)
        got = {name: result[name][row] for name in expected}
        assert got == expected, (prediction, reference)
        compared += len(expected)
        for output, tokenizer in (
            (words, "jiwer-words"),
            (jiwer.process_characters(reference, prediction), "jiwer-characters"),
        ):
            ours = tg.align(prediction, reference, tokenizer=tokenizer)
            assert [(c.kind, c.reference, c.prediction) for c in ours] == chunks(output), (prediction, reference)
            check_characters(prediction, reference, ours)
    corpus = theirs(predictions, references)
    assert {name: result.corpus[name] for name in corpus} == corpus
    return compared + len(corpus)


def check_characters(prediction: str, reference: str, alignment: tg.Alignment) -> None:
    """The characters that chunks span are their tokens, and what is between these."""
    for chunk in alignment:
        for text, tokens, (start, end), span in (
            (reference, alignment.reference, chunk.reference, chunk.reference_chars),
            (prediction, alignment.prediction, chunk.prediction, chunk.prediction_chars),
        ):
            assert span is not None
            spanned = text[slice(*span)]
            assert [*"".join(spanned.split())] == [*"".join("".join(tokens[start:end]).split())]


ASR = sorted((DATA / "asr").glob("*.jsonl*"))
MT = sorted((DATA / "mt").glob("*.jsonl*"))[::4]


def real_pairs(path: Path, count: int) -> list[Texts]:
    """A sample of a file, each prediction with its first reference."""
    pairs = [(pair.prediction, pair.references[0]) for pair in read_pairs(path)]
    return random.Random(path.name).sample(pairs, min(count, len(pairs)))


@pytest.mark.skipif(not ASR, reason="the folder of shared data is missing")
@pytest.mark.parametrize(
    ("path", "count"),
    [(path, 1500) for path in ASR] + [(path, 150) for path in MT],
    ids=lambda value: getattr(value, "name", None),
)
def test_real_pairs(path: Path, count: int) -> None:
    assert check(real_pairs(path, count)) > 0


@settings(max_examples=100, deadline=None)
@given(st.lists(hostile_texts(), min_size=14, max_size=16))
def test_hostile_texts(batch: list[tuple[str, list[str]]]) -> None:
    check([(prediction, references[0]) for prediction, references in batch])


@pytest.mark.parametrize("separator", ["\t", "\xa0", "\x1c", "\u3000", " \t", "\t ", "\n", "\r\n", "\x85", "\u200b"])
def test_white_space(separator: str) -> None:
    parts = ["", "a", "b"]
    texts = [separator.join(text) for text in itertools.product(parts, repeat=4)]
    check(list(zip(texts, texts[::-1], strict=True)))


def misheard(rng: random.Random, tokens: list[int], letters: int, share: float) -> list[int]:
    """Tokens with so many of them left out, said otherwise or followed by another."""
    heard = []
    for token in tokens:
        fate = rng.random() / share
        if fate >= 1 / 3:
            heard.append(rng.randrange(letters) if fate < 2 / 3 else token)
        if 2 / 3 < fate < 1:
            heard.append(rng.randrange(letters))
    return heard


def check_script(reference: Iterable[int], prediction: Iterable[int]) -> None:
    """Compares the edits of long texts with rapidfuzz's, as jiwer calls it."""
    said, wanted = [str(token) for token in prediction], [str(token) for token in reference]
    chunks, _ = _core.align(said, wanted)
    named = {"replace": "substitute"}
    expected = [
        (named.get(op.tag, op.tag), op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in Levenshtein.opcodes(wanted, said)
    ]
    assert chunks == expected


@pytest.mark.parametrize("letters", [2, 3, 20, 300])
@pytest.mark.parametrize("length", [60, 300, 2100, 2500, 4000, 5000])
def test_scripts_of_long_texts(length: int, letters: int) -> None:
    # From about 2000 tokens on rapidfuzz halves texts, and with few letters there are many shortest scripts.
    rng = random.Random(f"{length} {letters}")
    for share in (0.1, 0.5, 0.9):
        tokens = [rng.randrange(letters) for _ in range(length)]
        check_script(tokens, misheard(rng, tokens, letters, share))
        check_script(misheard(rng, tokens, letters, share), tokens)
        check_script(tokens, rng.choices(range(letters + 1), k=rng.randrange(length // 2, length)))
        # Much that was never said goes before, so that a text is halved within it.
        check_script(tokens, [*rng.choices([999, *range(letters)], k=length), *misheard(rng, tokens, letters, share)])


def test_hits_of_long_texts() -> None:
    rng = random.Random(3)
    for _ in range(3):
        reference, prediction = ("".join(rng.choices("abc", k=4000)) for _ in range(2))
        result = tg.Scorer("cer").score([prediction], [reference])
        expected = jiwer.process_characters(reference, prediction)
        assert {part: result[f"cer.{part}"][0] for part in COUNTS} == {
            part: getattr(expected, name) for part, name in COUNTS.items()
        }


# ---- transforms

ARGUMENTS: list[tuple[str, list[Any]]] = [
    ("ToLowerCase", []),
    ("ToUpperCase", []),
    ("RemovePunctuation", []),
    ("RemoveMultipleSpaces", []),
    ("Strip", []),
    ("RemoveWhiteSpace", []),
    ("RemoveWhiteSpace", [True]),
    ("ExpandCommonEnglishContractions", []),
    ("RemoveKaldiNonWords", []),
    ("SubstituteWords", [{"the": "a", "a": r"\g<0>b", "don't": "do not", "x9": ""}]),
    ("SubstituteRegexes", [{r"(\w)s\b": r"\1", "[aeiou]+": "-"}]),
    ("RemoveSpecificWords", [["the", "run", "is", "the"]]),
]
HEARD = st.lists(
    st.sampled_from(["she'll", " won't", "can't", " let's", "n't", "'t", "[laugh]", "<unk", ">", "[", " the ", "don't"])
).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.one_of(hostile_texts().map(lambda texts: texts[0]), HEARD))
def test_transforms(text: str) -> None:
    for name, arguments in ARGUMENTS:
        assert getattr(tg.transforms, name)(*arguments)(text) == getattr(jiwer, name)(*arguments)(text), name


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(hostile_texts().map(lambda texts: texts[0]), HEARD, st.sampled_from(["Mr. Grey's $20m", "twenty-two"]))
)
def test_whisper_normalisers(text: str) -> None:
    assert tg.transforms.WhisperEnglish()(text) == EnglishTextNormalizer()(text)
    for arguments in itertools.product([False, True], repeat=2):
        assert tg.transforms.WhisperBasic(*arguments)(text) == BasicTextNormalizer(*arguments)(text)


def test_scores_after_transforms() -> None:
    names = ("ToLowerCase", "ExpandCommonEnglishContractions", "RemoveKaldiNonWords")
    ours = (*names, tg.transforms.RemoveWhiteSpace(replace_by_space=True), "RemoveMultipleSpaces", "Strip")
    pairs = [(pair.prediction, pair.references[0]) for pair in hostile_pairs(200, 5)]
    pairs += [("She'll [laugh] go\tHome", "she will GO home"), ("won't", "Will Not <unk>")]
    result = tg.Scorer(tg.Wer(transforms=ours)).score(*map(list, zip(*pairs, strict=True)))
    for row, (prediction, reference) in enumerate(pairs):
        standard = (jiwer.wer_standardize, jiwer.wer_standardize)
        assert result["wer"][row] == jiwer.wer(reference, prediction, *standard)


# ---- several references


def test_the_nearest_of_several_references() -> None:
    pairs = hostile_pairs(300, 11)
    result = SCORER.score([pair.prediction for pair in pairs], [pair.references for pair in pairs])
    for row, (_, prediction, references) in enumerate(pairs):
        each = [theirs([prediction], [reference]) for reference in references]
        for name in ("wer", "cer", "mer", "wil"):
            assert result[name][row] == min(scores[name] for scores in each)
        assert result["wip"][row] == max(scores["wip"] for scores in each)


@pytest.mark.parametrize("options", [{}, {"transforms": "Strip"}], ids=["plain", "transforms"])
@settings(max_examples=200, deadline=None)
@given(texts=hostile_texts())
def test_the_distance_of_characters_is_that_of_the_strings(
    texts: tuple[str, list[str]], options: dict[str, Any]
) -> None:
    prediction, reference = texts[0], texts[1][0]
    scorer = tg.Scorer([of(tokenizer="characters", **options) for of in (tg.EditDistance, tg.EditSimilarity)])
    scores = scorer.score_pair(prediction, reference)
    if options:
        prediction, reference = prediction.strip(), reference.strip()
    assert scores["edit_distance"] == Levenshtein.distance(prediction, reference)
    assert scores["edit_similarity"] == Levenshtein.normalized_similarity(prediction, reference)
