"""The Porter stemmer against NLTK's, which it must equal on every word."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer
from rouge_score.tokenize import tokenize

from textgauge import _core

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev"

NLTK = PorterStemmer()

# Every suffix that a rule names, the endings that the rules leave behind, and a literal "*d", which
# NLTK takes for letters of the word when its condition of that name does not hold.
SUFFIXES = [
    "s",
    "es",
    "ies",
    "sses",
    "ied",
    "eed",
    "ed",
    "ing",
    "y",
    "ational",
    "tional",
    "enci",
    "anci",
    "ency",
    "ancy",
    "izer",
    "bli",
    "bly",
    "abli",
    "ably",
    "alli",
    "ally",
    "entli",
    "ently",
    "eli",
    "ely",
    "ousli",
    "ously",
    "ization",
    "ation",
    "ator",
    "alism",
    "iveness",
    "fulness",
    "ousness",
    "aliti",
    "ality",
    "iviti",
    "ivity",
    "biliti",
    "bility",
    "fulli",
    "fully",
    "logi",
    "logy",
    "icate",
    "ative",
    "alize",
    "iciti",
    "icity",
    "ical",
    "ful",
    "ness",
    "al",
    "ance",
    "ence",
    "er",
    "ic",
    "able",
    "ible",
    "ant",
    "ement",
    "ment",
    "ent",
    "ion",
    "sion",
    "tion",
    "ou",
    "ism",
    "ate",
    "iti",
    "ity",
    "ous",
    "ive",
    "ize",
    "e",
    "ll",
    "l",
    "ly",
    "at",
    "bl",
    "iz",
    "tt",
    "zz",
    "*d",
]

IRREGULAR = [
    "sky",
    "skies",
    "dying",
    "lying",
    "tying",
    "news",
    "innings",
    "inning",
    "outings",
    "outing",
    "cannings",
    "canning",
    "howe",
    "proceed",
    "exceed",
    "succeed",
]


def differences(words: Iterable[str]) -> list[tuple[str, str, str]]:
    """The words on which the two differ, with the stem here and NLTK's."""
    stems = ((word, _core.stem(word), NLTK.stem(word)) for word in words)
    return [(word, ours, theirs) for word, ours, theirs in stems if ours != theirs]


def texts() -> Iterator[str]:
    """Every text of the shared data."""
    if not DATA.is_dir():
        pytest.skip("the folder of shared data is missing")
    for path in sorted(DATA.rglob("*.jsonl*")):
        # What other tools computed stands next to the data, without texts.
        if path.parent.name == "expected_items":
            continue
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield record["hypothesis"]
                yield from record["references"]


def test_every_rouge_token_of_the_data() -> None:
    words = {token for text in texts() for token in tokenize(text, None)}
    assert len(words) > 50_000
    assert differences(words) == []


def test_every_word_of_the_data_outside_ascii() -> None:
    words = {word for text in texts() for word in text.lower().split() if not word.isascii()}
    assert len(words) > 50_000
    assert differences(words) == []


def test_irregular_forms_and_their_neighbours() -> None:
    around = ["", "s", "es", "ed", "ing", "e", "d"]
    words = {before + word + after for word in IRREGULAR for before in ("", "a", "un") for after in around}
    assert differences(words | {word[:-1] for word in IRREGULAR}) == []


def test_short_words_over_the_letters_that_rules_name() -> None:
    # Short words decide about lengths, runs of y and doubled letters; all of them up to four letters.
    words = [""]
    for _ in range(4):
        words += [word + letter for word in words for letter in "aeiydsglnté" if len(word) < 4]
        words = list(dict.fromkeys(words))
    assert len(words) == sum(11**length for length in range(5))
    assert differences(words) == []


@pytest.mark.parametrize(
    "alphabet", ["aeiouybcdlst", "aeiouybcdlstnmgrzvxw", "ayed", "aingybl", "aey\u00e9\U00030000\ud800dings*"]
)
def test_random_words(alphabet: str) -> None:
    rng = random.Random(ascii(alphabet))
    words = {"".join(rng.choices(alphabet, k=rng.randint(1, 12))) for _ in range(40_000)}
    assert differences(words) == []


def test_a_long_run_of_y_is_neither_slow_nor_wrong() -> None:
    words = ["y" * length + ending for length in (63, 64, 65, 100_001) for ending in ("", "s", "ed", "ing")]
    assert differences(words) == []


@settings(max_examples=2000)
@given(
    st.text(st.sampled_from("aeiouybcdlstwxz\u00e9\u0142"), max_size=6),
    st.lists(st.sampled_from(SUFFIXES), max_size=3),
)
def test_combined_suffixes(root: str, suffixes: list[str]) -> None:
    word = root + "".join(suffixes)
    assert _core.stem(word) == NLTK.stem(word)


@settings(max_examples=1000)
@given(st.text(), st.sampled_from(["", *SUFFIXES]))
def test_any_text_before_a_suffix(root: str, suffix: str) -> None:
    word = (root + suffix).lower()
    assert _core.stem(word) == NLTK.stem(word)
