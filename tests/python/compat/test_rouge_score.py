"""The drop-in for rouge-score against the package itself."""

import copy
import gzip
import itertools
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rouge_score.io
import rouge_score.rouge_scorer
import rouge_score.scoring
import rouge_score.tokenize
import rouge_score.tokenizers
from nltk.stem.porter import PorterStemmer
from surface import outcome, public, signatures

import textgauge.compat.rouge_score
from textgauge.compat.rouge_score import io, rouge_scorer, scoring, tokenize, tokenizers

MODULES = [
    (rouge_score.io, io),
    (rouge_score.rouge_scorer, rouge_scorer),
    (rouge_score.scoring, scoring),
    (rouge_score.tokenize, tokenize),
    (rouge_score.tokenizers, tokenizers),
]

# Public names that the drop-in lacks on purpose, with the reason.
GAPS = {
    "SPACES_PATTERN": "a part of the peer's way of making tokens",
    "SPACES_RE": "a part of the peer's way of making tokens",
    "NON_ALPHANUM_PATTERN": "a part of the peer's way of making tokens",
    "NON_ALPHANUM_RE": "a part of the peer's way of making tokens",
    "VALID_TOKEN_PATTERN": "a part of the peer's way of making tokens",
    "VALID_TOKEN_RE": "a part of the peer's way of making tokens",
}

TYPES = [
    ["rouge1", "rouge2", "rougeL", "rougeLsum"],
    ["rougeLsum"],
    ("rouge9", "rougeLsum"),
    ["rouge1", "rouge1", "rougeL"],
    ["rouge3\n"],
    [b"rouge1"],
    [],
    "rouge1",
    ["rouge0"],
    ["rouge10"],
    ["rougeL", "bad"],
    [1],
]

TEXTS = [
    *("", "the", "The cat sat.\nOn the mat", "İstanbul 300\u212a", "a1ing dying skies running"),
    *("!!!", "\n\n", "\ud800x", "naïve café", b"The cat sat", b"\xe2\x84\xaa 3 cat"),
]
HOSTILE = [*TEXTS, b"\xff", None, 5, ["a"], bytearray(b"a")]

SUMMARIES = Path(__file__).parents[4] / "shared" / "data" / "dev" / "summarization"


class Blanks(rouge_score.tokenizers.Tokenizer):
    def tokenize(self, text):
        return text.split(" ")


def pairs_of(name, count):
    path = SUMMARIES / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip("the shared data are not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, count)]
    return [(row["references"], row["hypothesis"]) for row in rows]


@pytest.mark.parametrize(("peer", "ours"), MODULES, ids=lambda module: module.__name__)
def test_the_surface_is_that_of_the_peer(peer, ours):
    for name, value in public(peer).items():
        if name not in GAPS:
            assert signatures(getattr(ours, name)) == signatures(value), name
    constants = {name for name in vars(peer) if name.isupper()}
    assert constants <= GAPS.keys()


@pytest.mark.parametrize("stemmed", [False, True])
@pytest.mark.parametrize("types", TYPES, ids=repr)
def test_scores_and_exceptions_are_those_of_the_peer(types, stemmed):
    peer = rouge_score.rouge_scorer.RougeScorer(types, use_stemmer=stemmed)
    ours = rouge_scorer.RougeScorer(types, use_stemmer=stemmed)
    for target, prediction in itertools.product(HOSTILE, HOSTILE):
        assert outcome(ours.score, target, prediction) == outcome(peer.score, target, prediction), (target, prediction)
    for count in range(3):
        for targets, prediction in itertools.product(itertools.product(HOSTILE[:13], repeat=count), TEXTS[:9]):
            expected = outcome(peer.score_multi, list(targets), prediction)
            assert outcome(ours.score_multi, list(targets), prediction) == expected, (targets, prediction)


@pytest.mark.parametrize("stemmed", [False, True])
@pytest.mark.parametrize("name", ["cnndm_simcls", "xsum_brio"])
def test_real_summaries(name, stemmed):
    types = ["rouge1", "rouge2", "rouge5", "rougeL", "rougeLsum"]
    peer = rouge_score.rouge_scorer.RougeScorer(types, use_stemmer=stemmed)
    ours = rouge_scorer.RougeScorer(types, use_stemmer=stemmed)
    for references, prediction in pairs_of(name, 150):
        assert outcome(ours.score, references[0], prediction) == outcome(peer.score, references[0], prediction)
        several = [*references, prediction[:40], ""]
        assert outcome(ours.score_multi, several, prediction) == outcome(peer.score_multi, several, prediction)


def test_tokenizers_of_the_caller():
    types = ["rouge1", "rougeL", "rougeLsum"]
    peer = rouge_score.rouge_scorer.RougeScorer(types, tokenizer=Blanks())
    ours = rouge_scorer.RougeScorer(types, tokenizer=Blanks())
    for target, prediction in itertools.product(TEXTS[:9], TEXTS[:9]):
        assert outcome(ours.score, target, prediction) == outcome(peer.score, target, prediction)


def test_types_may_be_changed_between_calls():
    types = ["rouge1"]
    scorer = rouge_scorer.RougeScorer(types)
    assert list(scorer.score("a", "a")) == ["rouge1"]
    types.append("rougeL")
    assert list(scorer.score("a", "a")) == ["rouge1", "rougeL"]


@pytest.mark.parametrize("kind", [list, tuple, dict.fromkeys])
def test_the_scorer_of_the_core_is_made_once(kind):
    scorer = rouge_scorer.RougeScorer(kind(["rouge1", "rougeL"]))
    scorer.score("a", "a")
    made = scorer._compiled
    scorer.score(b"a", "b")
    scorer.score_multi(["a"], "b")
    assert scorer._compiled is made


def test_scorers_can_be_sent_to_other_processes():
    scorer = rouge_scorer.RougeScorer(["rouge1", "rougeL"], use_stemmer=True)
    for _ in range(2):
        for sent in (pickle.loads(pickle.dumps(scorer)), copy.deepcopy(scorer)):
            assert sent.score("dying cats", "dying dogs") == scorer.score("dying cats", "dying dogs")


def test_tokens_are_those_of_the_peer():
    stemmer = PorterStemmer()
    for text in HOSTILE:
        for each in (None, stemmer):
            assert outcome(tokenize.tokenize, text, each) == outcome(rouge_score.tokenize.tokenize, text, each)
        for stemmed in (False, True):
            peer = rouge_score.tokenizers.DefaultTokenizer(stemmed)
            assert outcome(tokenizers.DefaultTokenizer(stemmed).tokenize, text) == outcome(peer.tokenize, text)


def test_aggregates_are_those_of_the_peer():
    values = [(0.1, 0.2, 0.15), (0.7, 0.5, 0.6), (0.3, 0.9, 0.4)]
    found = []
    for module in (rouge_score.scoring, scoring):
        np.random.seed(7)
        aggregator = module.BootstrapAggregator(confidence_interval=0.9, n_samples=50)
        for value in values:
            aggregator.add_scores({"rouge2": module.Score(*value), "other": module.Score(*value[::-1])})
        found.append(outcome(aggregator.aggregate))
    assert found[0] == found[1]
    for arguments in ((-0.1,), (1.1,), (0.5, 0), (0.5, -1)):
        peer = outcome(rouge_score.scoring.BootstrapAggregator, *arguments)
        assert outcome(scoring.BootstrapAggregator, *arguments) == peer
    for pair in itertools.product((0, 0.0, 0.3, 1), repeat=2):
        assert outcome(scoring.fmeasure, *pair) == outcome(rouge_score.scoring.fmeasure, *pair)


STEPS = ["_backtrack_norec", "_create_ngrams", "_find_union", "_lcs_table", "_score_lcs", "_score_ngrams"]
STEPS += ["_summary_level_lcs", "_union_lcs", "lcs_ind"]


def test_the_steps_are_those_of_the_peer():
    peer = rouge_score.rouge_scorer
    for name in STEPS:
        assert signatures(getattr(rouge_scorer, name)) == signatures(getattr(peer, name))
    texts = [list(text) for text in ("", "a", "abcab", "cabba", "aab", "bcdab")]
    for one, other in itertools.product(texts, texts):
        for name in ("_lcs_table", "_score_lcs", "lcs_ind"):
            assert outcome(getattr(rouge_scorer, name), one, other) == outcome(getattr(peer, name), one, other)
        for n in (1, 2, 3):
            sides = [peer._create_ngrams(each, n) for each in (one, other)]
            assert [rouge_scorer._create_ngrams(each, n) for each in (one, other)] == sides
            assert outcome(rouge_scorer._score_ngrams, *sides) == outcome(peer._score_ngrams, *sides)
        for sentences in itertools.product(texts, texts):
            expected = outcome(peer._summary_level_lcs, [one, other], list(sentences))
            assert outcome(rouge_scorer._summary_level_lcs, [one, other], list(sentences)) == expected
            expected = outcome(peer._union_lcs, one, list(sentences))
            assert outcome(rouge_scorer._union_lcs, one, list(sentences)) == expected


FILES = {
    "t1": "the cat\nsat on\n",
    "t2": "a mat\n\n",
    "p1": "the cats\non it\n",
    "p2": "a mat\nb\n",
    "no_end": "the cat\nsat on",
    "short": "the cat\n",
    "empty": "",
}


@pytest.mark.filterwarnings("ignore:The 'warn' function is deprecated")  # the peer's own
@pytest.mark.parametrize("aggregated", [False, True])
@pytest.mark.parametrize("delimiter", ["\n", b"\n", " "])
@pytest.mark.parametrize(
    ("targets", "predictions"),
    [("t*", "p*"), ("t1", "no_end"), ("t1", "short"), ("empty", "empty"), ("t*", "p1"), ("x", "p1"), ("t1", "p2")],
)
def test_files_are_those_of_the_peer(tmp_path, targets, predictions, delimiter, aggregated):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    written = []
    for files, scorers, scores in (
        (rouge_score.io, rouge_score.rouge_scorer, rouge_score.scoring),
        (io, rouge_scorer, scoring),
    ):
        out = tmp_path / "out.csv"
        np.random.seed(3)
        raised = outcome(
            files.compute_scores_and_write_to_csv,
            str(tmp_path / targets),
            str(tmp_path / predictions),
            str(out),
            scorers.RougeScorer(["rouge2", "rougeL", "rouge1"]),
            scores.BootstrapAggregator(n_samples=20) if aggregated else None,
            delimiter=delimiter,
        )
        written.append((raised, out.read_text() if out.exists() else None))
        out.unlink(missing_ok=True)
    assert written[0] == written[1]


@pytest.mark.parametrize("flags", [[], ["--use_stemmer"], ["--rouge_types=rougeLsum,rouge1", "--delimiter", "\n"]])
def test_the_command_writes_the_file_of_the_peer(tmp_path, flags):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    common = ["--noaggregate", f"--target_filepattern={tmp_path}/t*", f"--prediction_filepattern={tmp_path}/p*"]
    for command, out in (("rouge_score.rouge", "of_peer"), ("textgauge.cli rouge-score", "ours")):
        arguments = [sys.executable, "-m", *command.split(), *common, f"--output_filename={tmp_path}/{out}.csv", *flags]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        assert done.stdout == ""
    assert (tmp_path / "ours.csv").read_bytes() == (tmp_path / "of_peer.csv").read_bytes()


def test_the_command_names_what_is_wrong(tmp_path):
    arguments = ["--target_filepattern=x", "--prediction_filepattern=y", f"--output_filename={tmp_path}/out.csv"]
    command = [sys.executable, "-m", "textgauge.cli", "rouge-score", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Found: 0 target files (x), 0 prediction files (y)." in " ".join(done.stderr.split())


def test_the_package_says_which_version_it_follows():
    assert "rouge-score 0.1.2" in textgauge.compat.rouge_score.__doc__


def test_scorers_made_in_turn_do_not_share_their_options():
    pair = ("the cats were sitting", "a cat was sitting down")
    for options in ({}, {"use_stemmer": True}, {"tokenizer": Blanks()}, {"use_stemmer": True}, {}):
        results = [
            outcome(module.RougeScorer(["rouge1", "rougeLsum"], **options).score, *pair)
            for module in (rouge_score.rouge_scorer, rouge_scorer)
        ]
        assert results[0] == results[1]
