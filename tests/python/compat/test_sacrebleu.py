"""The drop-in for sacrebleu against the package itself."""

import gzip
import importlib
import inspect
import itertools
import json
import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sacrebleu
import sacrebleu.metrics.base
import sacrebleu.sacrebleu
import sacrebleu.significance
from surface import outcome, parameters

import textgauge.compat.sacrebleu as ours
import textgauge.patch
from textgauge.compat.sacrebleu import metrics, significance

MODULES = ["", *(f".{name}" for name in textgauge.patch.MODULES["sacrebleu"])]

# Public names that the drop-in lacks on purpose, with the reason.
FILES = "test sets are read where they are, and not made of what was downloaded"
GAPS = {
    "COUNTRIES": FILES,
    "DOMAINS": FILES,
    "FAIL_MESSAGE": "the message says what textgauge needs",
    "SPM_MODELS": "nothing is downloaded",
    "SUBSETS": FILES,
    "TYPE_CHECKING": "no part of the package",
    "commit_id": "the drop-in is of no commit of sacrebleu's",
    "download_file": "nothing is downloaded",
    "extract_tarball": "nothing is downloaded",
    "get_available_origlangs": FILES,
    "get_available_subsets": FILES,
    "get_md5sum": "nothing is downloaded",
    "print_subset_results": FILES,
    "version_tuple": "no part of what sacrebleu documents",
}
# What stands in one place only.
ELSEWHERE = {
    (".tokenizers.tokenizer_spm", "SACREBLEU_DIR"): "in utils",
    (".utils", "DATASETS"): "in dataset",
}
# Modules that it lacks.
LACKING = {
    "sacrebleu.dataset.base": FILES,
    "sacrebleu.dataset.fake_sgml": FILES,
    "sacrebleu.dataset.iwslt_xml": FILES,
    "sacrebleu.dataset.plain_text": FILES,
    "sacrebleu.dataset.tsv": FILES,
    "sacrebleu.dataset.wmt_xml": FILES,
    "sacrebleu.metrics.lib_ter": "steps of TER, which the core has",
    "sacrebleu.tokenizers.tokenizer_re": "a part of the tokenizers 13a and zh",
}
# Parameters that differ on purpose.
OTHER_PARAMETERS = {"TercomTokenizer": "no constants of patterns", "Dataset": FILES}

DATA = Path(__file__).parents[4] / "shared" / "data" / "dev" / "mt"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")

TEXTS = [
    *("", " ", "the cat sat on the mat.", "The cat, on 3.5 mats -\nhere", "a", "a b", "the the the the the the the"),
    *(
        "&lt;b&gt; &amp;quot; <skipped>x",
        "\u00a0x\u2028y\u0085 z",
        "東京は夜の七時。",
        "naïve\tcafé (hi)",
        "\ud800 x y z",
    ),
    *("İstanbul ΑΣ", "no match here at all", "x" * 50, "1,000.5-6 'tis .", "ﬁ ２０"),
]
FUNCTIONS = {
    "bleu": [
        {},
        {"smooth_method": "floor"},
        {"smooth_method": "floor", "smooth_value": 0.5},
        {"smooth_method": "add-k"},
        {"smooth_method": "add-k", "smooth_value": 2.5},
        {"smooth_method": "none"},
        {"lowercase": True},
        {"use_effective_order": False},
        {"use_effective_order": True},
        *({"tokenize": name} for name in ("none", "intl", "zh", "char", "ja-mecab", "ko-mecab", "13a")),
        {"tokenize": "bad"},
        {"smooth_method": "bad"},
    ],
    "chrf": [
        {},
        {"word_order": 2},
        {"word_order": 1, "char_order": 3, "beta": 1},
        {"beta": 3, "eps_smoothing": True},
        {"remove_whitespace": False},
        {"char_order": 1, "word_order": 3, "remove_whitespace": False, "eps_smoothing": True},
    ],
    "ter": [
        {},
        {"normalized": True},
        {"no_punct": True},
        {"normalized": True, "asian_support": True},
        {"no_punct": True, "asian_support": True, "normalized": True},
        {"case_sensitive": True},
    ],
}
CALLS = [(name, options) for name, each in FUNCTIONS.items() for options in each]
METRICS = {
    "BLEU": [
        {},
        {"lowercase": True, "smooth_method": "add-k"},
        {"max_ngram_order": 2, "effective_order": True, "smooth_method": "floor", "smooth_value": 0.25},
        {"tokenize": "char", "force": True},
        {"trg_lang": "zh"},
        {"trg_lang": "ja", "tokenize": "intl"},
    ],
    "CHRF": [{}, {"word_order": 2, "lowercase": True}, {"whitespace": True, "eps_smoothing": True}],
    "TER": [{}, {"normalized": True, "no_punct": True, "case_sensitive": True}],
}
OBJECTS = [(name, options) for name, each in METRICS.items() for options in each]
CORPORA = [
    (TEXTS, [TEXTS[::-1]]),
    (TEXTS, [TEXTS[::-1], TEXTS[2:] + TEXTS[:2]]),
    (tuple(TEXTS), (tuple(TEXTS),)),
    (TEXTS[:4], [[None, "a", "The cat", None], ["x", None, "on mats", "here"]]),
    (["a b", "c d"], [["a b", None]]),
    (["a b", ""], [["a b", None], [None, None]]),
    (["", "c d"], [[None, "c"]]),
    (["a b c", "d"], [["a b c"]]),
    (["a b c"], [["a b c", "d"]]),
    (["a", "b"], ["ab"]),
    ("ab", ["ab"]),
    (["a", "b"], ["a", "b"]),
    ([], [[]]),
    (["a"], []),
    (["a"], [[]]),
    (["a"], None),
    (["a", 5], [["a", "b"]]),
    (["a", None], [["a", "b"]]),
    (["a", "b"], [["a", 5]]),
    ([5], [["a"]]),
    (["a"], [[5]]),
    (None, [["a"]]),
    (["a"], 5),
    (np.array(["a"]), [["a"]]),
    (["a"], np.array([["a"]])),
    (["a"], [["a"], []]),
    (["a"], {"a": "b"}),
]
PAIRS = [
    *itertools.product(TEXTS, [[text] for text in TEXTS]),
    *((text, [TEXTS[2], TEXTS[3], text[::-1]]) for text in TEXTS),
    *(("a b", refs) for refs in ([None], [None, "a b"], [], "a b", ("a b",), [5], ["a", 5], None, 5, [None, 5])),
    *(("", [None]), (5, ["a"]), (None, ["a"])),
]


def described(score):
    """All of a score: its class by name, attributes, lines."""
    lines = [score.format(), score.format(3, True), score.format(1, signature="a:b|c:d")]
    lines.append(score.format(2, signature="a:b|c:d", is_json=True))
    # textgauge makes what stands behind a score when it is looked at.
    attributes = vars(score) | {"_verbose": score._verbose}
    return type(score).__name__, lines, str(score), sorted(attributes.items())


def told(caplog, call, *args, **options):
    """The outcome of a call that gives a score, and what it logged."""
    # Other tests may have silenced the logger.
    caplog.set_level(logging.WARNING, logger="sacrebleu")
    caplog.clear()
    found = outcome(lambda: described(call(*args, **options)))
    return found, [(record.name, record.levelname, record.getMessage()) for record in caplog.records]


def without_surrogates(calls, options):
    """Calls without lone surrogates, where the peer's tokenizer takes none."""
    if "mecab" not in str(options):
        return calls
    return [call for call in calls if "\\ud800" not in ascii(call)] + [(TEXTS[:11], [TEXTS[10::-1]])]


def both(path):
    """The module of the peer and the drop-in's."""
    return importlib.import_module(f"sacrebleu{path}"), importlib.import_module(f"textgauge.compat.sacrebleu{path}")


@pytest.mark.parametrize("path", MODULES)
def test_the_surface_is_that_of_the_peer(path):
    peer, drop_in = both(path)
    for name, value in vars(peer).items():
        of_peer = getattr(value, "__module__", peer.__name__)
        is_public = not name.startswith("_") and of_peer == peer.__name__
        if not is_public or inspect.ismodule(value) or name in GAPS or (path, name) in ELSEWHERE:
            continue
        found = getattr(drop_in, name)
        if inspect.isclass(value) and name not in OTHER_PARAMETERS:
            assert parameters(found) == parameters(value), name
            for method in (each for each in vars(value) if not each.startswith("_")):
                if inspect.isfunction(getattr(value, method)):
                    assert parameters(getattr(found, method)) == parameters(getattr(value, method)), (name, method)
        elif inspect.isfunction(value):
            assert parameters(found) == parameters(value), name


def test_modules_that_are_lacking_have_a_reason():
    import pkgutil

    names = {each.name for each in pkgutil.walk_packages(sacrebleu.__path__, "sacrebleu.")}
    covered = {f"sacrebleu{path}" for path in MODULES}
    assert {name for name in names - covered if not name.endswith("__main__")} == set(LACKING)


def test_every_name_of_the_package_is_there():
    assert set(sacrebleu.__all__) == set(ours.__all__)
    assert ours.__version__ == sacrebleu.__version__


@pytest.mark.parametrize(("name", "options"), CALLS, ids=str)
def test_functions_of_a_corpus(name, options, caplog):
    for hypotheses, references in without_surrogates(CORPORA, options):
        found = [
            told(caplog, getattr(module, f"corpus_{name}"), hypotheses, references, **options)
            for module in (sacrebleu, ours)
        ]
        assert found[1] == found[0], (hypotheses, references)


@pytest.mark.parametrize(("name", "options"), CALLS, ids=str)
def test_functions_of_a_pair(name, options, caplog):
    for hypothesis, references in without_surrogates(PAIRS, options):
        found = [
            told(caplog, getattr(module, f"sentence_{name}"), hypothesis, references, **options)
            for module in (sacrebleu, ours)
        ]
        assert found[1] == found[0], (hypothesis, references)


@pytest.mark.parametrize("value", [0.0, 0.1, None, 3])
def test_a_raw_corpus(value, caplog):
    for hypotheses, references in CORPORA:
        found = [told(caplog, module.raw_corpus_bleu, hypotheses, references, value) for module in (sacrebleu, ours)]
        assert found[1] == found[0], (hypotheses, references)


@pytest.mark.parametrize(("name", "options"), OBJECTS, ids=str)
def test_metrics_as_objects(name, options, caplog, monkeypatch):
    def history(module):
        caplog.clear()
        metric = getattr(module, name)(**options)
        told_so_far = [outcome(lambda: str(metric.get_signature()))]
        for hypotheses, references in CORPORA:
            told_so_far.append(told(caplog, metric.corpus_score, hypotheses, references))
            told_so_far.append(outcome(lambda: [metric.get_signature().format(short) for short in (False, True)]))
        for samples, seed in ((50, "7"), (41, "0")):
            monkeypatch.setenv("SACREBLEU_SEED", seed)
            told_so_far.append(told(caplog, metric.corpus_score, TEXTS, [TEXTS[::-1]], n_bootstrap=samples))
            told_so_far.append(str(metric.get_signature()))
        for pair in PAIRS[:: 1 + len(PAIRS) // 40]:
            told_so_far.append(told(caplog, metric.sentence_score, *pair))
            told_so_far.append(outcome(lambda: repr(metric.get_signature())))
        return told_so_far

    for found, expected in zip(history(ours.metrics), history(sacrebleu.metrics), strict=True):
        assert found == expected


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    "references", [[TEXTS[::-1]], [TEXTS[::-1], [None, *TEXTS[1:]]], [[5]], [["a", None]], [[]], [], [["a"], []]]
)
def test_references_that_a_metric_keeps(name, references, caplog):
    def history(module):
        try:
            metric = getattr(module, name)(references=references)
        except Exception as error:
            return type(error), str(error)
        return [
            told(caplog, metric.corpus_score, TEXTS, None),
            told(caplog, metric.corpus_score, TEXTS[:3], None),
            told(caplog, metric.corpus_score, TEXTS[:2], [TEXTS[:2]]),
            outcome(lambda: str(metric.get_signature())),
        ]

    assert history(ours.metrics) == history(sacrebleu.metrics)


def test_bleu_of_counts():
    methods = ["none", "exp", "floor", "add-k", "bad"]
    counts = [([5, 4, 3, 2], [7, 6, 5, 4]), ([1, 0, 0, 0], [7, 6, 5, 4]), ([0] * 4, [1, 0, 0, 0]), ([1, 0], [1, 0])]
    for method, value, effective, (correct, total), lengths in itertools.product(
        methods, (None, 0.5, 2), (False, True), counts, ((7, 9), (7, 7), (0, 3), (3, 0))
    ):
        found = []
        for module in (sacrebleu.metrics, metrics):
            counted = [list(correct), list(total)]
            options = [*lengths, method, value, effective, len(correct)]
            told_now = outcome(
                lambda call, *arguments: described(call(*arguments)),
                module.BLEU.compute_bleu,
                *counted,
                *options,
            )
            # Smoothing may have changed the lists.
            found.append((told_now, counted))
        assert found[1] == found[0]


def test_texts_that_look_tokenised_are_warned_of(caplog):
    lines = ["it is ."] * 100
    for force in (False, True):
        found = [told(caplog, module.corpus_bleu, lines, [lines], force=force) for module in (sacrebleu, ours)]
        assert found[1] == found[0]
        assert bool(found[0][1]) is not force


def test_tokenizers_and_methods_of_the_callers_own():
    class Halves:
        def signature(self):
            return "halves"

        def __call__(self, line):
            return " ".join((line[: len(line) // 2], line[len(line) // 2 :]))

    found = []
    for module in (sacrebleu.metrics, metrics):
        metric = module.BLEU()
        metric.tokenizer = Halves()

        class Reversed(module.CHRF):
            def _preprocess_segment(self, sent):
                return sent[::-1] + "x"

        class Shouting(module.TER):
            def _preprocess_segment(self, sent):
                return sent.upper() + " x"

        found.append(
            [
                str(each.corpus_score(TEXTS, [TEXTS[::-1], TEXTS[1:] + TEXTS[:1]]))
                + str(each.sentence_score("the cat sat", ["the cat sat down", "a cat"]))
                for each in (metric, Reversed(), Shouting())
            ]
        )
    assert found[1] == found[0]


@pytest.mark.parametrize("name", ["none", "zh", "13a", "intl", "char", "ja-mecab", "ko-mecab"])
def test_tokenizers_by_name(name):
    peer, drop_in = (module.metrics.BLEU(tokenize=name).tokenizer for module in (sacrebleu, ours))
    assert type(drop_in).__name__ == type(peer).__name__
    assert drop_in.signature() == peer.signature()
    for text in TEXTS:
        if "mecab" in name:
            # MeCab takes no lone surrogate, and leaves other white space where it is.
            text = text.replace("\ud800", "")
            assert drop_in(text).split() == peer(text).split(), text
        else:
            assert drop_in(text.rstrip()) == peer(text.rstrip()), text


def test_the_tokenizer_of_ter():
    from textgauge.compat.sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer

    peer = importlib.import_module("sacrebleu.tokenizers.tokenizer_ter").TercomTokenizer
    for options in itertools.product((False, True), repeat=4):
        for text in TEXTS:
            assert TercomTokenizer(*options)(text) == peer(*options)(text), (options, text)


def test_sentencepiece_models_that_are_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("SACREBLEU", str(tmp_path))
    with pytest.raises(RuntimeError, match="needs the model"):
        ours.metrics.BLEU(tokenize="spBLEU-1K")


def test_helpers():
    peer, drop_in = both(".metrics.helpers")
    for text, order in itertools.product(TEXTS, (1, 2, 5)):
        for name, arguments in (
            ("extract_all_word_ngrams", (text, 1, order)),
            ("extract_word_ngrams", (text.split(), order)),
            ("extract_char_ngrams", (text, order)),
            ("extract_char_ngrams", (text, order, True)),
            ("extract_all_char_ngrams", (text, order)),
            ("extract_all_char_ngrams", (text, order, True)),
        ):
            assert outcome(getattr(drop_in, name), *arguments) == outcome(getattr(peer, name), *arguments)
    peer, drop_in = both(".utils")
    for lists in ([[1, 2]], [[1, 2], [3, 4]], [[1, 2.5], [3, 4]], [], [[1], []], [[], []]):
        assert outcome(drop_in.sum_of_lists, lists) == outcome(peer.sum_of_lists, lists)
    for number in (0, 0.0, 1, 0.5, -1):
        assert outcome(drop_in.my_log, number) == outcome(peer.my_log, number)


def results_of(module, *args, **options):
    """All that a paired test says."""

    def run():
        found, scores = module.significance.PairedTest(*args, **options)()
        results = {
            name: [vars(value) if hasattr(value, "p_value") else value for value in values]
            for name, values in scores.items()
        }
        return {name: str(each) for name, each in found.items()}, results, repr(list(scores.values()))

    return outcome(run)


ONE = ["the cat sat on the mat", "it rains again today", "a b c d e", "", "this is the end of it"] * 5
OTHER = ["the cat sat on a mat", "it rains today", "a b x d e", "nothing", "this is the end"] * 5
REFERENCES = [["the cat sat on the mat", "it rains today again", "a b c e d", "", "this was the end of it all"] * 5]
MORE = [*REFERENCES, ["a cat sat on the mat", "it is raining", "a b c", "x", "the end"] * 5, ["cats"] * 25]


@pytest.mark.parametrize("seed", ["12345", "99"])
@pytest.mark.parametrize("references", [REFERENCES, MORE], ids=["one reference", "several"])
@pytest.mark.parametrize(
    "options",
    [
        {"test_type": "bs", "n_samples": 60},
        {"test_type": "ar", "n_samples": 70},
        {"test_type": "ar", "n_samples": 40, "n_ar_confidence": 50},
        {"test_type": "bs", "n_jobs": 0},
        {"test_type": "bad"},
    ],
    ids=str,
)
def test_paired_tests(options, references, seed, monkeypatch):
    monkeypatch.setenv("SACREBLEU_SEED", seed)
    systems = [("one", ONE), ("other", OTHER), ("one", ONE)]
    found = [
        results_of(
            module,
            systems,
            {"BLEU": module.metrics.BLEU(), "chr": module.metrics.CHRF(word_order=2), "TER": module.metrics.TER()},
            references,
            **options,
        )
        for module in (sacrebleu, ours)
    ]
    assert found[1] == found[0]


def test_paired_tests_of_kept_references():
    found = [
        results_of(module, [("a", ONE), ("b", OTHER)], {"BLEU": module.metrics.BLEU(references=REFERENCES)}, None)
        for module in (sacrebleu, ours)
    ]
    assert found[1] == found[0]


def test_a_metric_of_the_callers_own():
    def lengths_of(module):
        class Lengths(module.metrics.base.Metric):
            def _preprocess_segment(self, sent):
                return sent

            def _extract_reference_info(self, refs):
                return {"lengths": [len(text) for text in refs]}

            def _compute_segment_statistics(self, hypothesis, ref_kwargs):
                return [len(hypothesis), min(ref_kwargs["lengths"])]

            def _compute_score_from_stats(self, stats):
                return module.metrics.base.Score("LEN", 100 * stats[0] / (stats[1] + 1))

            def _aggregate_and_compute(self, stats):
                return self._compute_score_from_stats(np.sum(stats, 0))

        return Lengths()

    found = []
    for module in (sacrebleu, ours):
        metric = lengths_of(module)
        found.append((described(metric.corpus_score(ONE, MORE, n_bootstrap=30)), str(metric.get_signature())))
    assert found[1] == found[0]
    with pytest.raises(TypeError, match="tests BLEU, CHRF and TER, not Lengths"):
        significance.PairedTest([("a", ONE)], {"LEN": lengths_of(ours)}, MORE)


def test_results_and_intervals():
    scores = np.array([1.5, 2, 9, 3] * 20)
    assert significance.estimate_ci(scores) == sacrebleu.significance.estimate_ci(scores)
    for arguments in ((1.5,), (1, 0.5, 3.0, np.float32(0.1))):
        assert repr(significance.Result(*arguments)) == repr(sacrebleu.significance.Result(*arguments))


def test_scores_and_metrics_can_be_pickled():
    metric = ours.metrics.BLEU(references=REFERENCES)
    score = metric.corpus_score(ONE, None)
    again = pickle.loads(pickle.dumps((metric, score)))
    assert described(again[1]) == described(score)
    assert described(again[0].corpus_score(ONE, None)) == described(score)


def rows_of(name, count):
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in itertools.islice(lines, count)]


@needs_data
@pytest.mark.parametrize("name", ["wmt22.en-de.OpenNMT", "wmt22.en-ru.Online-G"])
def test_real_translations(name, caplog):
    rows = rows_of(name, 300)
    hypotheses = [row["hypothesis"] for row in rows]
    streams = [list(stream) for stream in zip(*(row["references"] for row in rows), strict=True)]
    for function, options in CALLS:
        if "bad" in options.values():
            continue
        found = [
            told(caplog, getattr(module, f"corpus_{function}"), hypotheses, streams, **options)
            for module in (sacrebleu, ours)
        ]
        assert found[1] == found[0], (function, options)
    for function, row in itertools.product(FUNCTIONS, rows):
        found = [
            told(caplog, getattr(module, f"sentence_{function}"), row["hypothesis"], row["references"])
            for module in (sacrebleu, ours)
        ]
        assert found[1] == found[0], row


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files of two systems and of references, and a test set as sacrebleu keeps it."""
    made = tmp_path_factory.mktemp("sacrebleu")
    texts = {"one": ONE, "other": OTHER, "ref": REFERENCES[0], "ref2": MORE[1]}
    texts["tabs"] = ["\t".join(row) for row in zip(*MORE[:2], strict=True)]
    texts["systems"] = ["\t".join(row) for row in zip(ONE, OTHER, strict=True)]
    texts["empty"] = []
    for name, lines in texts.items():
        (made / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    with gzip.open(made / "ref.gz", "wt", encoding="utf-8") as file:
        file.write((made / "ref").read_text(encoding="utf-8"))
    kept = made / "kept" / "wmt16"
    kept.mkdir(parents=True)
    fields = {"src": ONE, "ref": REFERENCES[0], "docid": ["d"] * 25, "genre": ["g"] * 25, "origlang": ["en"] * 25}
    for field, lines in fields.items():
        (kept / f"wmt16.en-de.{field}").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return made


ARGUMENTS = [
    "ref -i one",
    "ref -i one -m bleu chrf ter",
    "ref -i one -m bleu chrf ter -f text",
    "ref ref2 -i one -m ter chrf -w 4 -f text --short",
    "ref -i one -b",
    "ref -i one -b -m bleu chrf",
    "ref -i one -m bleu ter -b -f text",
    "ref.gz -i one -s floor -sv 0.2 -lc -tok intl -f text",
    "ref -i one -m chrf --chrf-word-order 2 --chrf-lowercase --chrf-beta 3 --chrf-whitespace --chrf-eps-smoothing",
    "ref -i one -m ter --ter-normalized --ter-no-punct --ter-asian-support --ter-case-sensitive -f text",
    "ref -i one --confidence -cin 40 -m bleu chrf -f text",
    "ref -i one --confidence -cin 40 -m bleu",
    "ref -i one -sl",
    "ref -i one -sl -m chrf -b -w 3",
    "ref -i one other -m bleu chrf",
    "ref -i one other -m bleu chrf -f text",
    "ref -i one other -m bleu ter -f latex --short -w 2",
    "ref -i one other one --paired-bs -pbsn 60 -m bleu ter -f text",
    "ref ref2 -i one other --paired-bs -pbsn 60 -m bleu -f json",
    "ref -i one other --paired-ar -parn 60 -m bleu chrf -f text -q",
    "ref -i one other -par -parn 40 -f latex -q",
    "tabs -nr 2 -i one",
    "tabs -nr 3 -i one",
    "ref ref2 -nr 2 -i one",
    "-t wmt16 -l en-de -i one",
    "-t wmt16 -l en-de -i one -tok none",
    "-t wmt16 -l en-de --echo src ref",
    "-t wmt16 -l en-de --echo all",
    "-t wmt16 -l en-de --echo bad",
    "-t wmt16 -i one",
    "-t wmt16 -l en-de ref -i one",
    "ref -i one one",
    "ref -i one other --confidence",
    "ref -i one --paired-bs",
    "ref -i one other -sl",
    "ref -i one -sl -m bleu chrf",
    "ref -i empty",
    "empty -i one",
    "--version",
]


def run(command, arguments, folder, **more):
    environment = os.environ | {"SACREBLEU": str(folder / "kept")}
    process = subprocess.run(
        [sys.executable, *command, *arguments.split()],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        **more,
    )
    return process.returncode, process.stdout.decode(), process.stderr.decode()


DROP_IN = ["-m", "textgauge.compat.sacrebleu.sacrebleu"]
PEER = ["-m", "sacrebleu.sacrebleu"]


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_the_command_prints_what_sacrebleu_prints(arguments, folder):
    peer, drop_in = (run(command, arguments, folder) for command in (PEER, DROP_IN))
    assert drop_in[:2] == peer[:2], (peer, drop_in)
    errors = [
        [line for line in found[2].splitlines() if line.startswith("sacreBLEU: ") and " > " not in line]
        for found in (peer, drop_in)
    ]
    assert errors[1] == errors[0]


@pytest.mark.parametrize("arguments", ["ref", "ref -m bleu chrf -f text", "ref --paired-bs -pbsn 50 -f text"])
@pytest.mark.parametrize("systems", ["one", "systems"])
def test_the_command_reads_standard_input(arguments, systems, folder):
    texts = (folder / systems).read_bytes()
    peer, drop_in = (run(command, arguments, folder, input=texts) for command in (PEER, DROP_IN))
    assert drop_in[:2] == peer[:2]


def test_the_command_of_the_package(folder):
    arguments = "ref -i one other -m bleu chrf -f text"
    found = run(["-m", "textgauge.cli", "sacrebleu"], arguments, folder)
    assert found[:2] == run(PEER, arguments, folder)[:2]
    assert run(["-m", "textgauge.cli", "sacrebleu"], "--help", folder)[1].startswith("usage: textgauge sacrebleu")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("-t wmt20 -l en-de -i one", "Unknown test set 'wmt20': it is not in "),
        ("-t wmt16 -l en-fr -i one", "No such language pair 'en-fr'"),
        ("ref -i one --detail", "textgauge has no --detail"),
        ("-t wmt16 -l en-de -i one --origlang en", "has no --origlang"),
        ("--download wmt20", "No such test set wmt20 in "),
    ],
)
def test_what_the_command_does_not_cover(arguments, message, folder):
    status, printed, errors = run(DROP_IN, arguments, folder)
    assert status == 1
    assert not printed
    assert message in errors


def test_test_sets_that_sacrebleu_has_downloaded(folder, monkeypatch):
    dataset = importlib.import_module("textgauge.compat.sacrebleu.dataset")
    monkeypatch.setattr(dataset, "SACREBLEU_DIR", str(folder / "kept"))
    assert ours.get_available_testsets() == ["wmt16"]
    assert ours.get_langpairs_for_testset("wmt16") == ["en-de"]
    assert ours.get_langpairs_for_testset("wmt17") == []
    assert Path(ours.get_source_file("wmt16", "en-de")).name == "wmt16.en-de.src"
    assert [Path(path).name for path in ours.get_reference_files("wmt16", "en-de")] == ["wmt16.en-de.ref"]
    assert len(ours.download_test_set("wmt16")) == 5
    with pytest.raises(Exception, match="textgauge downloads nothing"):
        ours.get_source_file("wmt17", "en-de")
    with pytest.raises(Exception, match="No such language pair wmt16/en-fr"):
        ours.get_source_file("wmt16", "en-fr")


def test_the_references_that_count_are_those_of_the_peer():
    xml = importlib.import_module("sacrebleu.dataset.wmt_xml").WMTXMLDataset
    chosen = importlib.import_module("textgauge.compat.sacrebleu.dataset")._CHOSEN
    of_peer = {name: each for name, each in sacrebleu.DATASETS.items() if isinstance(each, xml)}
    assert set(of_peer) == set(chosen)
    for name, each in of_peer.items():
        for pair in each.langpairs:
            assert set(each._get_langpair_allowed_refs(pair)) == set(chosen[name].get(pair, chosen[name][None]))
