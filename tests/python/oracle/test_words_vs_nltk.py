"""The tokenizers `nltk-words`, `treebank` and `nltk` against NLTK 3.10.4's, token by token."""

from __future__ import annotations

import itertools
import random

import nltk
import pytest
from nltk.tokenize import NLTKWordTokenizer, TreebankWordTokenizer, word_tokenize
from parity import data_files, read_pairs
from transform_parity import hostile_texts

import textgauge as tg
from textgauge.text import tokenizers

THEIRS = {"nltk-words": NLTKWordTokenizer(), "treebank": TreebankWordTokenizer()}
# Each rule finds something to do, at either end of a text too.
PIECES = (
    *(" \t\n\r\x0b\x1c\x85\xa0\u3000.,:;@#$%&?!*'\"`()[]{}<>-\u00ab\u00bb\u201c\u201d\u2018\u2019\u201e\u2012\u2015"),
    *("aAsStTdDmM019\u00e9\u0661\u0130\u0131\u017f_\u212a\u0301\u200b\x00\udc80\ud83d\U0001f600\U00010d40"),
    *(
        "''",
        "``",
        "--",
        "...",
        "..",
        "cannot",
        "d'ye",
        "Gimme",
        "g\u0131mme",
        "gonna",
        "gotta",
        "lemme",
        "more'n",
        "wanna",
    ),
    *(
        " 'tis",
        " 'Twas",
        " 't\u0131s",
        " 'ti\u017f",
        "n't ",
        "'ll ",
        "'re ",
        "'VE ",
        "N'T ",
        "'s ",
        "' ",
        "'n ",
        "the ",
        "word",
    ),
)


def odd_texts(count, seed):
    draw = random.Random(seed)
    return ["".join(draw.choices(PIECES, k=draw.randint(0, 14))) for _ in range(count)]


@pytest.mark.parametrize("name", THEIRS)
def test_words_of_hostile_texts(name):
    texts = [*odd_texts(12_000, 3), *hostile_texts(2_000, 4)]
    different = [text for text in texts if tg.tokenize(text, name, lowercase=False) != THEIRS[name].tokenize(text)]
    assert not different, f"{len(different)}, such as {different[0]!r}"


@pytest.mark.parametrize("name", THEIRS)
def test_words_of_real_texts(name):
    for path in data_files():
        for pair in itertools.islice(read_pairs(path), 10):
            for text in (pair.prediction, *pair.references):
                assert tg.tokenize(text, name, lowercase=False) == THEIRS[name].tokenize(text)


def test_words_of_each_sentence(monkeypatch):
    """The trained models cannot be had here; the untrained one has the same interface."""
    sentences = nltk.tokenize.punkt.PunktSentenceTokenizer()
    monkeypatch.setattr(nltk.tokenize, "PunktTokenizer", lambda _: sentences)
    monkeypatch.setattr(nltk.tokenize, "_get_punkt_tokenizer", lambda _: sentences)
    tokenizers.punkt.cache_clear()
    tokenizers._load.cache_clear()
    try:
        words, signature = tokenizers.named_tokenizer("nltk")
        assert signature == f"nltk-{nltk.__version__}"
        texts = [*odd_texts(2_000, 5), 'He left. She can\'t.\nWhy? "Nobody" knows...']
        assert [words(text) for text in texts] == [word_tokenize(text) for text in texts]
    finally:
        tokenizers.punkt.cache_clear()
        tokenizers._load.cache_clear()


def test_the_tables_are_in_the_signature():
    signature = tg.Scorer(tg.Bleu(tokenizer="treebank")).signatures["bleu"]
    assert "tok:treebank[" in signature
