"""The drop-in for rouge, pltrdy's, against the package itself."""

import gzip
import itertools
import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
import rouge
import rouge.rouge
import rouge.rouge_score
from surface import outcome, public, signatures

import textgauge as tg
import textgauge.compat.rouge
from textgauge.compat.rouge import rouge_score

MODULES = [(rouge.rouge, sys.modules["textgauge.compat.rouge.rouge"]), (rouge.rouge_score, rouge_score)]

TEXTS = [
    *("the", "The cat sat. On the mat", "a b. \t. .c\u00a0d..", " ", ". ", "a a a b", "b a. a", "a. a. a b"),
    *("naïve café", "\ud800x y.", "300\u212a .", "x" * 30 + " y", "a\x1cb\nc\u3000d", "a b a b a b", "c d. a b. a"),
]
EMPTY = ["", ".", "...."]
NO_TEXTS = [None, 5, b"a b.", ["a"], float("nan")]
HOSTILE = [*TEXTS, *EMPTY, *NO_TEXTS]
OPTIONS = [
    {},
    {"exclusive": False},
    {"metrics": ["rouge-5", "ROUGE-L", "rouge-3"], "stats": ["F", "p"]},
    {"metrics": ("rouge-l",), "raw_results": True, "return_lengths": True},
    {"metrics": ["rouge-l"], "exclusive": 0, "return_lengths": 1},
    {"metrics": ["rouge-1", "rouge-1"], "stats": ["f", "f", "r"]},
    {"metrics": [], "return_lengths": True},
    {"metrics": ["rouge-4"], "stats": []},
    {"raw_results": True, "exclusive": False, "stats": ["nothing"]},
]

SUMMARIES = Path(__file__).parents[4] / "shared" / "data" / "dev" / "summarization"


def pairs_of(name, count):
    path = SUMMARIES / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip("the shared data are not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, count)]
    return [row["hypothesis"] for row in rows], [row["references"][0] for row in rows]


def both(options):
    return rouge.Rouge(**options), textgauge.compat.rouge.Rouge(**options)


@pytest.mark.parametrize(("peer", "ours"), MODULES, ids=lambda module: module.__name__)
def test_the_surface_is_that_of_the_peer(peer, ours):
    for name, value in public(peer).items():
        assert signatures(getattr(ours, name)) == signatures(value), name


def test_the_package_has_what_the_peer_has():
    assert textgauge.compat.rouge.__all__ == rouge.__all__
    assert textgauge.compat.rouge.__version__ == rouge.__version__
    for name in ("DEFAULT_METRICS", "DEFAULT_STATS", "AVAILABLE_STATS"):
        assert getattr(textgauge.compat.rouge.Rouge, name) == getattr(rouge.Rouge, name)
    ours, peer = textgauge.compat.rouge.Rouge.AVAILABLE_METRICS, rouge.Rouge.AVAILABLE_METRICS
    assert list(ours) == list(peer)
    texts = ["a b a", "c"], ["a b", "c d"]
    for name, raw_results in itertools.product(peer, [False, True]):
        options = {"raw_results": raw_results, "exclusive": False}
        assert outcome(ours[name], *texts, **options) == outcome(peer[name], *texts, **options)


@pytest.mark.parametrize("options", OPTIONS, ids=repr)
def test_scores_and_exceptions_are_those_of_the_peer(options):
    peer, ours = both(options)
    for hyp, ref in itertools.product(HOSTILE, HOSTILE):
        for avg in (False, True):
            expected = outcome(peer.get_scores, [hyp], [ref], avg)
            assert outcome(ours.get_scores, [hyp], [ref], avg) == expected, (hyp, ref, avg)
        assert outcome(ours.get_scores, hyp, ref) == outcome(peer.get_scores, hyp, ref), (hyp, ref)


@pytest.mark.parametrize("options", OPTIONS, ids=repr)
def test_many_pairs_at_once(options):
    peer, ours = both(options)
    rng = random.Random(3)
    for texts, avg, ignore_empty in itertools.product((TEXTS, [*TEXTS, *EMPTY], HOSTILE), [False, True], [False, True]):
        for count in range(8):
            columns = [rng.choices(texts, k=count) for _ in range(2)]
            arguments = {"avg": avg, "ignore_empty": ignore_empty}
            assert outcome(ours.get_scores, *columns, **arguments) == outcome(peer.get_scores, *columns, **arguments)


@pytest.mark.parametrize(
    ("hyps", "refs"),
    [
        (("a", "b"), ("a", "c")),
        (["a"], ("a",)),
        (["a"], ["a", "b"]),
        (["a"], "a"),
        ("a", ["a"]),
        ("a", "b"),
        (np.array(["a b", "b"]), np.array(["a", "b"])),
        ({"a": 1}, {"b": 2}),
        (None, None),
        (5, 5),
        ([["a", "b"]], [["a", "b"]]),
    ],
)
def test_containers(hyps, refs):
    peer, ours = both({})
    for arguments in itertools.product([False, True], [False, True]):
        assert outcome(ours.get_scores, hyps, refs, *arguments) == outcome(peer.get_scores, hyps, refs, *arguments)


def test_iterators_have_no_length():
    peer, ours = both({})
    for ignore_empty in (False, True):
        expected, found = (
            outcome(each.get_scores, iter(["a"]), iter(["a b"]), ignore_empty=ignore_empty) for each in (peer, ours)
        )
        assert found == expected


@pytest.mark.parametrize(
    "options",
    [
        {"metrics": ["rouge-6"]},
        {"metrics": "rouge-1"},
        {"metrics": [1]},
        {"stats": ["x"]},
        {"stats": "rp"},
        {"stats": 5},
    ],
    ids=repr,
)
def test_what_is_taken_and_what_is_refused(options):
    peer, ours = (outcome(lambda each=each: vars(each.Rouge(**options))) for each in (rouge, textgauge.compat.rouge))
    assert ours == peer


@pytest.mark.parametrize("options", [{}, {"exclusive": False}, {"raw_results": True, "return_lengths": True}], ids=repr)
@pytest.mark.parametrize("name", ["cnndm_simcls", "xsum_brio"])
def test_real_summaries(name, options):
    peer, ours = both({"metrics": ["rouge-1", "rouge-2", "rouge-4", "rouge-l"], **options})
    columns = pairs_of(name, 80)
    assert outcome(ours.get_scores, *columns) == outcome(peer.get_scores, *columns)
    if "raw_results" not in options:
        assert outcome(ours.get_scores, *columns, avg=True) == outcome(peer.get_scores, *columns, avg=True)


def test_long_texts_have_a_score():
    text = " ".join(["word", "other"] * 700)
    with pytest.raises(RecursionError):
        rouge.Rouge().get_scores(text, text)
    assert textgauge.compat.rouge.Rouge(["rouge-l"]).get_scores(text, text) == [
        {"rouge-l": {"r": 1.0, "p": 1.0, "f": 0.999999995}}
    ]
    assert rouge_score.rouge_l_summary_level([text], [text])["r"] == 1.0


def test_a_metric_of_the_caller(monkeypatch):
    def same(hyp, ref, **_):
        return {"f": float(hyp == ref), "p": 0.5, "r": 0.25}

    for module in (rouge, textgauge.compat.rouge):
        monkeypatch.setitem(module.Rouge.AVAILABLE_METRICS, "same", same)
    peer, ours = both({"metrics": ["same", "rouge-1"]})
    for avg in (False, True):
        assert outcome(ours.get_scores, ["a", "b"], ["a", "c"], avg) == outcome(
            peer.get_scores, ["a", "b"], ["a", "c"], avg
        )


def test_attributes_may_be_changed_between_calls():
    for each in (peer := rouge.Rouge()), (ours := textgauge.compat.rouge.Rouge()):
        each.get_scores("a b", "a")
        each.exclusive, each.metrics, each.stats, each.return_lengths = False, ["rouge-1"], ["p"], True
    assert outcome(ours.get_scores, "a a b", "a") == outcome(peer.get_scores, "a a b", "a")


SENTENCES = [[], [""], ["a b", "b c"], ["a  b", "a a a"], ("b a", "a"), "ab c", ["c a b", "x", "a c"], [None]]


@pytest.mark.parametrize("exclusive", [True, False])
def test_functions_over_sentences(exclusive):
    ours, peer = rouge_score, rouge.rouge_score
    for hyp, ref, raw in itertools.product(SENTENCES, SENTENCES, [False, True]):
        options = {"raw_results": raw, "exclusive": exclusive}
        for n in (-1, 0, 1, 2, 3):
            assert outcome(ours.rouge_n, hyp, ref, n, **options) == outcome(peer.rouge_n, hyp, ref, n, **options)
        expected = outcome(peer.rouge_l_summary_level, hyp, ref, **options, more=1)
        assert outcome(ours.rouge_l_summary_level, hyp, ref, **options, more=1) == expected
    for ids in ([], [(0, 1), (1, 0), (-1, 0)], [(0, 5)], [0]):
        for texts in ([["a b", "c"], ["a b c d"]], [["a"], []]):
            arguments = texts, ids, 2, exclusive
            assert outcome(ours.multi_rouge_n, *arguments) == outcome(peer.multi_rouge_n, *arguments)
    for counts in itertools.product(range(3), repeat=3):
        assert outcome(ours.f_r_p_rouge_n, *counts) == outcome(peer.f_r_p_rouge_n, *counts)


@pytest.mark.parametrize("exclusive", [True, False])
def test_ngrams(exclusive):
    def contents(module):
        first, second = module.Ngrams("aabc", exclusive), module.Ngrams("abbd", exclusive)
        first.add("d")
        made = [first, second, first.intersection(second), first.union(), first.union(second, second), module.Ngrams()]
        return [(len(each), each.exclusive, sorted(each._ngrams), type(each._ngrams)) for each in made]

    assert contents(rouge_score) == contents(rouge.rouge_score)


def test_files(tmp_path):
    contents = ["a b\nc d\n", "a b\nc d", "a\r\nb\n", "", "\n\n", "é.\n..\n", "a b\nc\n"]
    paths = [tmp_path / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content.encode())
    names = [*map(str, paths), str(tmp_path), str(tmp_path / "missing"), None]
    for module_options, arguments in itertools.product(
        [{}, {"metrics": ["rouge-l"]}], itertools.product([0, 1], [0, 1])
    ):
        peer, ours = rouge.FilesRouge(**module_options), textgauge.compat.rouge.FilesRouge(**module_options)
        for pair in itertools.product(names, names):
            assert outcome(ours.get_scores, *pair, *arguments) == outcome(peer.get_scores, *pair, *arguments), pair


def test_patch():
    with tg.patch("rouge"):
        from rouge import FilesRouge, Rouge
        from rouge.rouge_score import rouge_n

    assert (FilesRouge, Rouge) == (textgauge.compat.rouge.FilesRouge, textgauge.compat.rouge.Rouge)
    assert rouge_n is rouge_score.rouge_n
