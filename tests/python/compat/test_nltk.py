"""The drop-in for NLTK's scores of translations and its distances against NLTK itself."""

import copy
import fractions
import gzip
import itertools
import json
import math
import random
import sys
import warnings
from pathlib import Path

import nltk
import numpy as np
import pytest
from nltk.metrics import distance as peer_distance
from nltk.translate import bleu_score as peer_bleu
from nltk.translate import chrf_score as peer_chrf
from nltk.translate import gleu_score as peer_gleu
from nltk.translate import nist_score as peer_nist
from surface import outcome, public, signatures

import textgauge.compat.nltk as ours
from textgauge.compat.nltk.metrics import distance
from textgauge.compat.nltk.translate import bleu_score, chrf_score, gleu_score, nist_score

MODULES = [
    (peer_bleu, bleu_score),
    (peer_chrf, chrf_score),
    (peer_distance, distance),
    (peer_gleu, gleu_score),
    (peer_nist, nist_score),
]
# It prints examples.
GAPS = {"demo"}
METHODS = [f"method{number}" for number in range(8)]
DATA = Path(__file__).parents[4] / "shared" / "data" / "dev"
FILES = ["mt/wmt22.de-en.LT22.jsonl", "mt/wmt22.en-zh.GTCOM.jsonl", "multiref/webnlg2020.jsonl"]
FILES += ["hard_text/blns_neighbours.jsonl", "hard_text/wmt_special_characters.jsonl"]

A, B, C = ["the", "cat", "sat", "on", "the", "mat"], ["the", "cat", "is", "on", "the", "mat", "today"], ["a", "cat"]
TEXTS = [[], ["a"], A, B, C, tuple(A), "the cat sat", "", "the cat \x1c\u3000sat\n", "\ud800 naïve"]
TEXTS += [[1, True, 1.0, "1", b"1", ("x",)], ["a", "b", "c", "a", "b"], [None, "a"], np.array(["the", "cat"]), {"a": 1}]
# No lists of tokens, or not of any that can be hashed.
WRONG = [None, 5, [["a"], ["b"]], ["a", {}], iter(["a"])]
REFERENCES = [[], [A], [B, A], [C, [], B], [[], []], (A, B), "the cat", ["the cat sat", A], [None], [["a"], ["a", "b"]]]
REFERENCES += [[[1, "1", ("x",)]], ["ab"], [["ab"], ["b"]], [np.array(["the", "cat"])], [{"a": 1}], [[["a"]]], None, 5]
WEIGHTS = [
    (1,),
    (0.5, 0.5),
    [0.25] * 4,
    (0.25,) * 4,
    (1 / 3,) * 3,
    (0.1, 0.2, 0.3, 0.2, 0.2),
    (0.05,) * 20,
    (2, -1),
    (),
]
WEIGHTS += [[(0.5, 0.5), (0.25,) * 4], [(0.25,) * 4], np.array([0.5, 0.5], np.float32), (True, 0), "ab", 0.25]
WEIGHTS += [(fractions.Fraction(1, 2),) * 2, (math.nan, 0.5), (np.float32(0.3),) * 2, [[1]]]


def told(call, *args, **options):
    """The outcome of a call, with its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = outcome(call, *args, **options)
    return found, [(each.category, str(each.message)) for each in caught]


def check(name, peer, drop_in, *args, **options):
    """Both functions of that name give the same, and neither changes what it is given."""
    found = told(getattr(drop_in, name), *copy.deepcopy(args), **options)
    assert repr(found) == repr(told(getattr(peer, name), *args, **options)), (name, args, options)


def tokens(rng, least=0):
    return rng.choices("abcde", k=rng.randint(least, 12))


def rows(path, count=40):
    """The references and the hypothesis of each row of a file."""
    if not (DATA / path).exists():
        pytest.skip("the shared data are not here")
    opened = gzip.open if path.endswith(".gz") else open
    with opened(DATA / path, "rt", encoding="utf-8") as lines:
        return [(row["references"], row["hypothesis"]) for row in map(json.loads, itertools.islice(lines, count))]


@pytest.mark.parametrize(("peer", "drop_in"), MODULES, ids=lambda module: module.__name__)
def test_the_surface_is_that_of_the_peer(peer, drop_in):
    for name, value in public(peer).items():
        if name not in GAPS:
            assert signatures(getattr(drop_in, name)) == signatures(value), name
    assert set(public(drop_in)) == set(drop_in.__all__) <= set(public(peer))


def test_packages_offer_what_they_have_of_these_modules():
    for package, drop_in in [(nltk.translate, ours.translate), (nltk, ours), (peer_metrics(), ours.metrics)]:
        for name in vars(drop_in):
            if not name.startswith("_") and name not in ("translate", "metrics"):
                assert (
                    getattr(drop_in, name).__name__.rpartition(".")[2]
                    == getattr(package, name).__name__.rpartition(".")[2]
                )
    for module, drop_in in MODULES:
        for name in public(module).keys() & vars(nltk).keys() - GAPS:
            assert getattr(ours, name) is getattr(drop_in, name)


def peer_metrics():
    # The attribute `metrics` of the package is `nltk.translate.metrics`.
    return sys.modules["nltk.metrics"]


@pytest.mark.parametrize("method", [None, *METHODS])
def test_bleu_of_texts_of_any_kind(method):
    smoothings = [getattr(module.SmoothingFunction(), method) if method else None for module in (peer_bleu, bleu_score)]
    for references, hypothesis in itertools.product(REFERENCES, [*TEXTS, *WRONG[:-1]]):
        found = [
            told(module.sentence_bleu, references, hypothesis, smoothing_function=smoothing)
            for module, smoothing in zip((peer_bleu, bleu_score), smoothings, strict=True)
        ]
        assert repr(found[1]) == repr(found[0]), (references, hypothesis)


@pytest.mark.parametrize("reweigh", [False, True, 0, "yes"])
@pytest.mark.parametrize("method", [None, *METHODS])
def test_bleu_by_any_weights(method, reweigh):
    for weights in WEIGHTS:
        for references, hypothesis in [
            ([A, B], B),
            ([C], C),
            ([B], A),
            ([["a", "b", "c"]], ["a", "b", "c"]),
            ([A], ""),
        ]:
            found = [
                told(
                    module.sentence_bleu,
                    references,
                    hypothesis,
                    weights,
                    getattr(module.SmoothingFunction(), method) if method else None,
                    reweigh,
                )
                for module in (peer_bleu, bleu_score)
            ]
            assert repr(found[1]) == repr(found[0]), (weights, references, hypothesis)


@pytest.mark.parametrize("options", [{"epsilon": 0}, {"epsilon": -1}, {"alpha": 3}, {"alpha": 0.7, "k": 2.5}, {"k": 0}])
@pytest.mark.parametrize("method", METHODS)
def test_bleu_by_other_values_of_smoothing(method, options):
    rng = random.Random(method)
    smoothings = [getattr(module.SmoothingFunction(**options), method) for module in (peer_bleu, bleu_score)]
    for _ in range(40):
        references, hypothesis = [tokens(rng), tokens(rng)], tokens(rng)
        found = [
            told(module.sentence_bleu, references, hypothesis, smoothing_function=smoothing)
            for module, smoothing in zip((peer_bleu, bleu_score), smoothings, strict=True)
        ]
        assert repr(found[1]) == repr(found[0]), (references, hypothesis)


@pytest.mark.parametrize("method", [None, *METHODS])
def test_bleu_of_corpora(method):
    rng = random.Random(method)
    corpora = [
        ([], []),
        ([[A]], []),
        ([[A], [B]], [A, A]),
        ([["the", "cat"]], [A]),
        ([[]], [A]),
        ([[A], [None]], [A, A]),
    ]
    corpora += [
        ([[tokens(rng) for _ in range(rng.randint(1, 3))] for _ in range(size)], [tokens(rng) for _ in range(size)])
        for size in (1, 2, 5, 30)
    ]
    for corpus, weights in itertools.product(corpora, [(0.25,) * 4, (0.2,) * 5, [(1,), (0.5, 0.5), (0.2,) * 5]]):
        found = [
            told(
                module.corpus_bleu,
                *copy.deepcopy(corpus),
                weights,
                getattr(module.SmoothingFunction(), method) if method else None,
            )
            for module in (peer_bleu, bleu_score)
        ]
        assert repr(found[1]) == repr(found[0]), (corpus, weights)


@pytest.mark.parametrize("path", FILES)
def test_real_texts(path):
    texts = [([text.split() for text in references], hypothesis.split()) for references, hypothesis in rows(path)]
    for pair in texts:
        check("sentence_bleu", peer_bleu, bleu_score, *pair)
        check("sentence_gleu", peer_gleu, gleu_score, *pair)
        if sys.version_info < (3, 12):
            check("sentence_nist", peer_nist, nist_score, *pair)
        check("sentence_chrf", peer_chrf, chrf_score, pair[0][0], pair[1])
    for method in METHODS:
        for pair in texts:
            found = [
                told(module.sentence_bleu, *pair, smoothing_function=getattr(module.SmoothingFunction(), method))
                for module in (peer_bleu, bleu_score)
            ]
            assert found[1] == found[0]
    corpus = [list(column) for column in zip(*texts, strict=True)]
    check("corpus_bleu", peer_bleu, bleu_score, *corpus)
    check("corpus_gleu", peer_gleu, gleu_score, *corpus)
    if sys.version_info < (3, 12):
        check("corpus_nist", peer_nist, nist_score, *corpus)
    raw = [(references[0], hypothesis) for references, hypothesis in rows(path)]
    for whitespace in (True, False):
        for pair in raw:
            check("sentence_chrf", peer_chrf, chrf_score, *pair, ignore_whitespace=whitespace)
        check("corpus_chrf", peer_chrf, chrf_score, *zip(*raw, strict=True), ignore_whitespace=whitespace)
    for one, other in raw[:5]:
        check("edit_distance", peer_distance, distance, one[:200], other[:200])


def test_functions_of_ones_own_are_given_what_the_peer_gives_them():
    given = []

    def smooth(p_n, references, hypothesis, hyp_len=None, **others):
        given.append(
            (p_n, [(p.numerator, p.denominator, repr(p)) for p in p_n], references, hypothesis, hyp_len, others)
        )
        return [(p.numerator + 1) / (p.denominator + 2) for p in p_n]

    class Own(bleu_score.SmoothingFunction):
        method4 = bleu_score.SmoothingFunction.method3

    class PeersOwn(peer_bleu.SmoothingFunction):
        method4 = peer_bleu.SmoothingFunction.method3

    for corpus in [([[A, B]], [B]), ([[A], [B, C]], [B, C])]:
        check("corpus_bleu", peer_bleu, bleu_score, *corpus, smoothing_function=smooth)
        assert [type(each).__name__ for each in given[-1][0]] == ["Fraction"] * 4
        found, expected = (given.pop()[1:] for _ in range(2))
        assert found == expected
        for method in ("method4", "method7"):
            scores = [
                outcome(function, *corpus, smoothing_function=getattr(own(), method))
                for function, own in [(peer_bleu.corpus_bleu, PeersOwn), (bleu_score.corpus_bleu, Own)]
            ]
            assert scores[0] == scores[1]


@pytest.mark.parametrize("method", METHODS)
def test_methods_called_by_themselves(method):
    rng = random.Random(method)
    counts = [[(3, 6), (2, 4), (1, 3), (0, 2)], [(3, 6), (0, 1), (0, 1)], [(2, 2)] * 6, [(0, 5)] * 4, [(1, 2)]]
    for own in counts:
        for length in (None, 0, 1, 7):
            hypothesis, references = tokens(rng), [tokens(rng), tokens(rng)]
            found = []
            for module in (peer_bleu, bleu_score):
                p_n = [module.Fraction(*each) for each in own]
                smooth = getattr(module.SmoothingFunction(), method)
                found.append((told(smooth, p_n, references, hypothesis, length), repr(p_n)))
            assert repr(found[1]) == repr(found[0]), (own, length)
    for wrong in ([0.5, 0.0], [], (1,), None):
        found = [
            outcome(getattr(module.SmoothingFunction(), method), copy.copy(wrong), [A], A)
            for module in (peer_bleu, bleu_score)
        ]
        assert found[1][0] == found[0][0]


def test_fractions_keep_what_they_were_given():
    for arguments in [(2, 4), (0, 3), (2, 4, True), (3,), ("1/2",), (0.5,), (1, 0)]:
        found = [
            outcome(
                lambda module, arguments: [
                    (value := module.Fraction(*arguments)).numerator,
                    *(value.denominator, repr(value), str(value), value == fractions.Fraction(1, 2), hash(value)),
                    *(float(value), repr(value + 1), repr(value * value), repr(copy.copy(value))),
                ],
                module,
                arguments,
            )
            for module in (peer_bleu, bleu_score)
        ]
        assert found[1] == found[0], arguments


def test_precisions_and_lengths():
    for references, hypothesis in itertools.product(REFERENCES, [*TEXTS, *WRONG[:-1]]):
        for n in (1, 2, 4, 17, 0):
            check("modified_precision", peer_bleu, bleu_score, references, hypothesis, n)
        check("closest_ref_length", peer_bleu, bleu_score, references, 3)
    for n in (-1, 1.0, True, None, "1", [1]):
        check("modified_precision", peer_bleu, bleu_score, [A, B], C, n)
    for lengths in itertools.product((0, 1, 2.5, 7), (0, 1, 2.5, 7)):
        check("brevity_penalty", peer_bleu, bleu_score, *lengths)
        check("nist_length_penalty", peer_nist, nist_score, *lengths)


ORDERS = [(), (2, 3), (1, 1), (0, 2), (3, 2), (1, 20), (-2, 3), (1, -1), (1, -2), (1, "a"), (True, 2)]


def test_gleu_of_texts_of_any_kind():
    for references, hypothesis in itertools.product(REFERENCES, [*TEXTS, *WRONG[:-1]]):
        for orders in ORDERS if hypothesis is A or references is REFERENCES[1] else ORDERS[:1]:
            check("sentence_gleu", peer_gleu, gleu_score, references, hypothesis, *orders)
    for corpus in [
        ([], []),
        ([[A]], []),
        ([[A], [B, C]], [C, A]),
        ([[], [B]], [C, A]),
        ([["ab"]], [["a"]]),
        ([[A], [5]], [A, A]),
    ]:
        check("corpus_gleu", peer_gleu, gleu_score, *corpus)
        check("corpus_gleu", peer_gleu, gleu_score, *corpus, max_len=20)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the peer's last bits depend on Python")
def test_nist_of_texts_of_any_kind():
    for references, hypothesis in itertools.product(REFERENCES, [*TEXTS, *WRONG[:-1]]):
        for n in (1, 2, 5):
            check("sentence_nist", peer_nist, nist_score, references, hypothesis, n)
    rng = random.Random(0)
    corpora = [([], []), ([[A]], []), ([[A], [B, C]], [C, A]), ([[], [B]], [C, A]), ([["ab"]], [["a"]]), ([[[]]], [A])]
    corpora += [([[tokens(rng), tokens(rng)] for _ in range(50)], [tokens(rng) for _ in range(50)]) for _ in range(20)]
    for corpus, n in itertools.product(corpora, (5, 0, 1, 18, -1, 2.0, True)):
        check("corpus_nist", peer_nist, nist_score, *corpus, n)
    long = [["ab" * 20, "abc" * 20]], ["abca" * 20]
    check("corpus_nist", peer_nist, nist_score, *long, 20)


def test_chrf_of_texts_of_any_kind():
    sentences = [*TEXTS[2:9], ["", "a b", "\t"], np.str_("a b"), "日本 語", "a" * 50, None, 5, [5], ["a", None]]
    options = [{}, {"ignore_whitespace": False}, {"beta": 0}, {"beta": 2, "max_len": 2}, {"beta": "a"}, {"min_len": 4}]
    options += [{"max_len": 20}, {"min_len": 0}, {"min_len": -1}, {"min_len": 7}, {"max_len": "a"}, {"beta": -1.5}]
    for reference, hypothesis in itertools.product(sentences, sentences):
        for each in options:
            check("sentence_chrf", peer_chrf, chrf_score, reference, hypothesis, **each)
    for corpus in [([], []), ([A], []), ([A, "x"], [B, ""]), ([A, "abc"], ("the cat", "abd"))]:
        check("corpus_chrf", peer_chrf, chrf_score, *corpus)
    for reference, hypothesis, n in itertools.product(TEXTS[:7], TEXTS[:7], (0, 1, 3)):
        check("chrf_precision_recall_fscore_support", peer_chrf, chrf_score, reference, hypothesis, n)
        check("chrf_precision_recall_fscore_support", peer_chrf, chrf_score, reference, hypothesis, n, 1, 0)


def test_every_character_is_white_space_for_chrf_as_for_the_peer():
    text = "".join(map(chr, [*range(0x3100), 0xFEFF, 0x1F600]))
    for whitespace in (True, False):
        assert chrf_score._preprocess(text, whitespace) == peer_chrf._preprocess(text, whitespace)


SEQUENCES = ["", "a", "rain", "shine", "language", "lnaguaeg", "acbdef", "\ud800a", [], ["a", "b"], ["b", "a", "c"]]
SEQUENCES += [("a", "b"), [1, True, "1"], [math.nan], [math.nan, None], None, 5, [["a"]], "a" * 2001, np.array([1, 2])]


@pytest.mark.parametrize("cost", [1, 2, 3, 0, 0.5, 1.0, True])
def test_edit_distances(cost):
    for one, other in itertools.product(SEQUENCES, SEQUENCES):
        for transpositions in (False, True):
            check("edit_distance", peer_distance, distance, one, other, cost, transpositions)
        check("edit_distance_align", peer_distance, distance, one, other, cost)
    rng = random.Random(cost)
    for _ in range(200):
        one, other = ("".join(rng.choices("abc", k=rng.randint(0, 9))) for _ in range(2))
        check("edit_distance", peer_distance, distance, one, other, cost, True)
        check("edit_distance", peer_distance, distance, list(one), list(other), cost)
        check("edit_distance_align", peer_distance, distance, one, other, cost)


def test_longer_sequences_are_compared_if_that_is_wanted(monkeypatch):
    monkeypatch.setattr(distance, "MAX_DISTANCE_INPUT_LEN", 3000)
    assert distance.edit_distance("ab" * 1500, "ba" * 1500) == 2
    with pytest.raises(ValueError, match="3001 exceeds MAX_DISTANCE_INPUT_LEN \\(3000\\)"):
        distance.edit_distance("a" * 3001, "")


def test_distances_of_sets_and_labels(tmp_path, capsys, monkeypatch):
    sets = [set(), {1}, {1, 2}, {1, 2, 3, 4}, {3, 4, 5}, frozenset({1, 2}), "ab", None]
    for name in ("binary_distance", "jaccard_distance", "masi_distance", "interval_distance"):
        for one, other in itertools.product([*sets, 3, 2.5], repeat=2):
            check(name, peer_distance, distance, one, other)
            printed = capsys.readouterr().out.splitlines()
            assert printed[: len(printed) // 2] == printed[len(printed) // 2 :]
    for name in ("presence", "fractional_presence"):
        for one, other, label in itertools.product(sets[:6], sets[:6], (1, 5)):
            found = [outcome(getattr(module, name)(label), one, other) for module in (peer_distance, distance)]
            assert found[0] == found[1]
    file = tmp_path / "distances"
    file.write_text("a\tb\t0.5\na\tc\t2\n")
    found = outcome(distance.custom_distance, str(file)), outcome(peer_distance.custom_distance, str(file))
    assert found[0] == found[1]
    monkeypatch.setattr(peer_distance, "_secure_open", open)
    monkeypatch.setattr("nltk.pathsec.open", open)
    for pair in [({"a"}, {"b"}), ({"c"}, {"a"}), ({"b"}, {"c"})]:
        found = [
            outcome(module.custom_distance(str(file)), *map(frozenset, pair)) for module in (peer_distance, distance)
        ]
        assert found[0] == found[1]


def test_jaro_similarities():
    rng = random.Random(0)
    words = [*SEQUENCES[:13], *("".join(rng.choices("abcd", k=rng.randint(0, 12))) for _ in range(60))]
    for one, other in itertools.product(words, words):
        check("jaro_similarity", peer_distance, distance, one, other)
        check("jaro_winkler_similarity", peer_distance, distance, one, other)
    for options in [{"p": 0.2, "max_l": 5}, {"p": 0.5}, {"max_l": 0}, {"p": -0.1}]:
        check("jaro_winkler_similarity", peer_distance, distance, "martha", "marhta", **options)
    check("jaro_similarity", peer_distance, distance, "a" * 2001, "b")
