"""The drop-ins for torchmetrics' metrics of texts against the package itself."""

import copy
import gzip
import importlib
import itertools
import json
import pickle
import random
import subprocess
import sys
import types
import warnings
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
torchmetrics = pytest.importorskip("torchmetrics")

import nltk  # noqa: E402
import torchmetrics.functional.text as peer_functions  # noqa: E402
import torchmetrics.text as peer  # noqa: E402
from nltk.tokenize.punkt import PunktSentenceTokenizer  # noqa: E402
from surface import outcome, public, signatures  # noqa: E402
from torchmetrics_parts import bits, compute_together, rows  # noqa: E402

import textgauge as tg  # noqa: E402
import textgauge.compat.torchmetrics.functional.text as functions  # noqa: E402
from textgauge.compat.torchmetrics import text as ours  # noqa: E402
from textgauge.compat.torchmetrics.functional.text._beam import distances_in_beam  # noqa: E402

DATA = Path(__file__).parents[4] / "shared" / "data" / "dev"
MODULES = ["bleu", "cer", "chrf", "edit", "mer", "rouge", "sacre_bleu", "squad", "ter", "wer", "wil", "wip"]
# Its code is not for every use; the others compare vectors or probabilities and not texts.
LEFT_OUT = {"ExtendedEditDistance", "Perplexity", "BERTScore", "InfoLM"}
LEFT_OUT |= {"extended_edit_distance", "perplexity", "bert_score", "infolm"}

SPEECH = {
    "WordErrorRate": "word_error_rate",
    "CharErrorRate": "char_error_rate",
    "MatchErrorRate": "match_error_rate",
    "WordInfoLost": "word_information_lost",
    "WordInfoPreserved": "word_information_preserved",
}
# For each class its function, and the options to try.
OF_REFERENCES = {
    "BLEUScore": (
        "bleu_score",
        [{}, {"n_gram": 2}, {"n_gram": 17}, {"smooth": True}, {"n_gram": 2, "weights": [0.3, 0.7]}],
    ),
    "SacreBLEUScore": (
        "sacre_bleu_score",
        [
            *({"tokenize": name, "n_gram": 2} for name in ("none", "13a", "zh", "intl", "char")),
            *({"tokenize": name, "n_gram": 2, "lowercase": True} for name in ("none", "13a", "zh", "intl", "char")),
            {"smooth": True},
            {"n_gram": 1, "weights": [1.0]},
        ],
    ),
    "CHRFScore": (
        "chrf_score",
        [
            {},
            {"n_char_order": 3, "n_word_order": 0, "beta": 1},
            {"lowercase": True, "return_sentence_level_score": True},
            {"whitespace": True, "n_word_order": 1, "beta": 0.5},
            {"n_char_order": 1, "n_word_order": 3, "beta": 0, "return_sentence_level_score": True},
        ],
    ),
    "TranslationEditRate": (
        "translation_edit_rate",
        [
            {},
            {"return_sentence_level_score": True},
            *(
                {"normalize": normalize, "no_punctuation": no_punctuation, "asian_support": True, "lowercase": False}
                for normalize, no_punctuation in itertools.product((False, True), repeat=2)
            ),
            {"normalize": True},
        ],
    ),
    "ROUGEScore": (
        "rouge_score",
        [
            {},
            {"accumulate": "avg", "use_stemmer": True},
            {"rouge_keys": "rougeL"},
            {"rouge_keys": ("rouge9", "rougeLsum", "rouge1"), "use_stemmer": True},
            {"tokenizer": str.split, "use_stemmer": True},
            {"normalizer": str.upper, "tokenizer": lambda text: [*text, None, ""]},
            {"normalizer": lambda text: text.replace("a", "b"), "accumulate": "avg"},
            {"tokenizer": "no function"},
        ],
    ),
}

TEXTS = [
    *("", " ", "a", "the cat sat on the mat", "The Cat sat, on the mat.", "the the the cat", "a b c d e f g h i j"),
    *("b  a\tc", "\u00a0x y ", "naïve café 1,000.5 -\n", "&AMP; &amp; <SKIPPED> <skipped>x", "\ud800 z Z"),
    *(
        "我爱你 ABC。",
        "ΑΣ ΣΑΣ.",
        "İstanbul İ",
        "5\u212a \u2126 \u212b",
        "3. ",
        "カタカナ、ひらがな",
        "won't [laugh] LET'S! 'tis",
    ),
    *("Running runners run. They ran!\nDogs  barked. The end", "on the mat the cat sat down", "e f g h i j a b c d k"),
]


def found(call, *args, **options):
    """What a call gives and warns of, by bits."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = outcome(lambda: bits(call(*args, **options)))
    return value, [(each.category, str(each.message)) for each in caught]


def states(metric):
    return bits({name: getattr(metric, name) for name in metric._defaults})


def assert_alike(name, batches, **options):
    """Holds a class to the peer's over some updates: states, results, and what comes of parts."""
    of_peer, drop_in = (getattr(module, name)(**options) for module in (peer, ours))
    for batch in batches:
        assert found(drop_in.update, *batch) == found(of_peer.update, *batch), batch
        assert states(drop_in) == states(of_peer), batch
    assert found(drop_in.compute) == found(of_peer.compute)
    assert found(drop_in, *batches[-1]) == found(of_peer, *batches[-1])
    assert states(drop_in) == states(of_peer)
    assert found(drop_in.compute) == found(of_peer.compute)


@pytest.fixture(autouse=True)
def sentences(monkeypatch):
    """NLTK's model is data that may not be here: one that learnt nothing stands for it, in both packages."""
    rouge = importlib.import_module("torchmetrics.functional.text.rouge")
    monkeypatch.setattr(rouge, "_ensure_nltk_punkt_is_downloaded", lambda: None)
    monkeypatch.setattr(nltk, "sent_tokenize", PunktSentenceTokenizer().tokenize)


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("room", ["text", "functional.text"])
def test_the_surface_is_that_of_the_peer(room, name):
    of_peer, drop_in = (
        importlib.import_module(f"{package}.{room}.{name}")
        for package in ("torchmetrics", "textgauge.compat.torchmetrics")
    )
    (member,) = drop_in.__all__
    theirs, own = getattr(of_peer, member), getattr(drop_in, member)
    assert member in public(of_peer)
    if room == "text":
        assert issubclass(own, theirs)
        assert own.__name__ == theirs.__name__
        assert signatures(own.__init__) == signatures(theirs.__init__)
        assert signatures(own.update) == signatures(theirs.update)
    else:
        assert signatures(own) == signatures(theirs)


def test_every_name_is_there_or_left_out_for_a_reason():
    assert set(ours.__all__) == set(peer.__all__) - LEFT_OUT
    assert set(functions.__all__) == set(peer_functions.__all__) - LEFT_OUT
    assert issubclass(ours.SacreBLEUScore, ours.BLEUScore)


@pytest.mark.parametrize("name", [*SPEECH, "EditDistance"])
def test_pairs_of_texts(name):
    pairs = list(itertools.product(TEXTS, TEXTS))
    columns = tuple([list(column) for column in zip(*pairs, strict=True)])
    assert_alike(
        name, [columns, (TEXTS[4], TEXTS[3]), (["a"], ("b",)), *(((pred,), target) for pred, target in pairs[:60])]
    )
    function = SPEECH.get(name, "edit_distance")
    for pred, target in [*pairs, columns]:
        expected = found(getattr(peer_functions, function), pred, target)
        assert found(getattr(functions, function), pred, target) == expected, (pred, target)


UNUSUAL = [
    *(([], []), (["a"], ["a", "b"]), (["a", "b"], ["a"]), (["a"], [None]), ([5], ["a"]), ("a", ["a", "b"])),
    *(([["a", "b"]], ["a c"]), (None, "a"), ({"a": 1}, ["a"]), (["a b"], [["a b"]]), (["a b"], [[]]), (["a"], "a")),
    *((["a", "b"], [["a"], []]), (["a b"], [["a b", 3]]), (("a",), (("a",),)), (["a b", "b"], ["a b", "c"])),
    *(("a b", [["a c", "a b"]]), ("a b", ["a c", "a b"]), ("a b", "a c"), (["a b"], ["a c", "a b"])),
    *((["a", "b"], ("a", "b")), ("", ""), ("", [""]), ([""], [["", "a"]]), (["a"], [["", ""]])),
]


@pytest.mark.parametrize("name", [*SPEECH, "EditDistance", *OF_REFERENCES, "SQuAD"])
def test_unusual_arguments_go_the_peers_way(name):
    function = (
        SPEECH.get(name) or {"EditDistance": "edit_distance", "SQuAD": "squad"}.get(name) or OF_REFERENCES[name][0]
    )
    for arguments in UNUSUAL:
        assert_alike(name, [arguments])
        expected = found(getattr(peer_functions, function), *arguments)
        assert found(getattr(functions, function), *arguments) == expected, arguments


@pytest.mark.parametrize(
    ("name", "options"), [(name, options) for name, (_, each) in OF_REFERENCES.items() for options in each]
)
def test_texts_with_references(name, options):
    draw = random.Random(1)
    hostile = [(text, draw.sample(TEXTS, draw.choice([1, 1, 2, 3]))) for text in 2 * TEXTS]
    single = [[text for text, _ in hostile], [references[:1] for _, references in hostile]]
    several = [[text for text, _ in hostile], [references for _, references in hostile]]
    plain = rows(40)
    batches = [single, several, plain, (["the cat"], [["the cat", "a cat"]])]
    assert_alike(name, batches, **options)
    function = OF_REFERENCES[name][0]
    for batch in batches:
        expected = found(getattr(peer_functions, function), *batch, **options)
        assert found(getattr(functions, function), *batch, **options) == expected, batch


@pytest.mark.parametrize("tokenize", ["ja-mecab", "ko-mecab"])
@pytest.mark.parametrize("lowercase", [False, True])
def test_tokenizers_that_run_in_python(tokenize, lowercase):
    texts = ["カタカナ、ひらがな。 ABC", " x\n", "한국어 문장입니다.", ""]
    batch = texts, [[text, "ひらがな カタカナ 문장입니다"] for text in reversed(texts)]
    assert_alike("SacreBLEUScore", [batch], tokenize=tokenize, lowercase=lowercase, n_gram=1)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        *(("BLEUScore", options) for options in ({"weights": [1.0]}, {"n_gram": "x"}, {"n_gram": 0}, {"n_gram": 4.0})),
        *(("SacreBLEUScore", options) for options in ({"tokenize": "x"}, {"weights": [1.0]})),
        *(("CHRFScore", options) for options in ({"n_char_order": 0}, {"n_char_order": 6.0}, {"n_word_order": -1})),
        *(("CHRFScore", options) for options in ({"beta": -1.0}, {"n_char_order": 17}, {"n_word_order": True})),
        *(
            ("TranslationEditRate", {option: 1})
            for option in ("normalize", "no_punctuation", "lowercase", "asian_support")
        ),
        *(
            ("ROUGEScore", options)
            for options in ({"rouge_keys": "x"}, {"accumulate": "x"}, {"rouge_keys": ["rouge1"]})
        ),
        *(("ROUGEScore", options) for options in ({"rouge_keys": ("rouge1", "rouge1")}, {"tokenizer": lambda _: 5})),
    ],
)
def test_options_out_of_range(name, options):
    preds, target = ["the cat sat"], [["the cat sat on", "a cat"]]

    def used(module):
        metric = getattr(module, name)(**options)
        metric.update(preds, target)
        return metric.compute()

    assert found(used, ours) == found(used, peer)
    function = OF_REFERENCES[name][0]
    expected = found(getattr(peer_functions, function), preds, target, **options)
    assert found(getattr(functions, function), preds, target, **options) == expected


@pytest.mark.parametrize("cost", [0, 1, 2, 3, 1000, 1001, -1, 1.5, True])
def test_edit_distances_of_long_texts(cost):
    draw = random.Random(2)
    text = lambda most: "".join(draw.choices("abc \ud800我", k=draw.randrange(most)))  # noqa: E731
    columns = [text(120) for _ in range(16)], [text(120) for _ in range(16)]
    # Moved parts, far from the diagonal, and lengths that widen the beam.
    columns[0].extend(["x" * 40 + "a" * 60, "ab", "a", "", "a" * 200])
    columns[1].extend(["a" * 60 + "x" * 40, "ab" * 60, "b" * 90, "a" * 90, "b"])
    for reduction in ("mean", "sum", "none", None, "x"):
        arguments = (*columns, cost, reduction)
        expected = found(peer_functions.edit_distance, *arguments)
        assert found(functions.edit_distance, *arguments) == expected
        made = [found(module.EditDistance, cost, reduction)[0] for module in (peer, ours)]
        if isinstance(made[0][0], type):
            assert made[0] == made[1]
        else:
            assert_alike("EditDistance", [columns, columns], substitution_cost=cost, reduction=reduction)


def test_no_distance_of_no_pair():
    assert distances_in_beam([], [], 1).tolist() == []


ANSWERS = [
    "",
    "the",
    "The Cat",
    "a cat",
    "cat sat the mat",
    "cat cat, sat",
    "naïve–the cat",
    "1,000 dogs ran",
    "ran dogs",
]


def questions(pairs):
    preds = [{"prediction_text": pred, "id": str(number)} for number, (pred, _) in enumerate(pairs)]
    target = [{"answers": {"answer_start": [0], "text": texts}, "id": str(n)} for n, (_, texts) in enumerate(pairs)]
    return preds, target


def test_answers():
    draw = random.Random(3)
    single = questions([(pred, [answer]) for pred, answer in itertools.product(ANSWERS, ANSWERS)])
    several = questions([(draw.choice(ANSWERS), draw.choices(ANSWERS, k=draw.randrange(1, 4))) for _ in range(300)])
    one = tuple(column[0] for column in questions([("a cat", ["the cat sat"])]))
    missing = single[0][:5], single[1]
    keyless = [([{"id": "1"}], single[1]), (single[0], [{"id": "1"}]), (single[0], [{"id": "1", "answers": {}}])]
    empty = questions([("a", [])])
    batches = [single, several, one, missing, empty, *keyless]
    assert_alike("SQuAD", batches)
    for batch in batches:
        assert found(functions.squad, *batch) == found(peer_functions.squad, *batch)


def real_rows(name, count):
    path = DATA / name
    if not path.exists():
        pytest.skip("the shared data are not here")
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        each = [json.loads(line) for line in itertools.islice(lines, count)]
    return [row["hypothesis"] for row in each], [row["references"] for row in each]


@pytest.mark.parametrize(
    ("file", "names", "count"),
    [
        ("asr/earnings21_utt.jsonl.gz", [*SPEECH, "EditDistance"], 60),
        ("mt/wmt22.en-cs.Online-A.jsonl.gz", ["BLEUScore", "SacreBLEUScore", "TranslationEditRate"], 200),
        ("mt/wmt22.en-zh.GTCOM.jsonl", ["EditDistance", "CharErrorRate"], 100),
        ("mt/wmt22.en-ru.SRPOL.jsonl.gz", ["CHRFScore"], 8),
        ("multiref/e2e_nlg.jsonl.gz", ["BLEUScore", "SacreBLEUScore", "TranslationEditRate"], 8),
        ("multiref/simplification_turkcorpus8.jsonl.gz", ["ROUGEScore"], 15),
        ("summarization/xsum_brio.jsonl.gz", ["ROUGEScore"], 60),
    ],
)
def test_real_texts(file, names, count):
    preds, target = real_rows(file, count)
    for name in names:
        references = target if name in OF_REFERENCES else [each[0] for each in target]
        half = count // 2
        assert_alike(name, [(preds[:half], references[:half]), (preds[half:], references[half:])])


def test_real_answers():
    preds, target = real_rows("qa/evouna_NQ.jsonl.gz", 400)
    assert_alike("SQuAD", [questions(list(zip(preds, target, strict=True)))])


def test_references_by_their_mean():
    preds, target = real_rows("multiref/simplification_turkcorpus8.jsonl.gz", 10)
    assert_alike("ROUGEScore", [(preds, target)], accumulate="avg", rouge_keys=("rouge1", "rouge2", "rougeL"))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("name", [*SPEECH, *OF_REFERENCES, "SQuAD"])
def test_states_of_other_precisions(name, dtype):
    batch = rows(20)
    if name in SPEECH:
        batch = batch[0], [references[0] for references in batch[1]]
    elif name == "SQuAD":
        batch = questions(list(zip(*batch, strict=True)))
    metrics = [getattr(module, name)().set_dtype(dtype) for module in (peer, ours)]
    for _ in range(3):
        for metric in metrics:
            metric.update(*batch)
        assert states(metrics[0]) == states(metrics[1])
    assert found(metrics[0].compute) == found(metrics[1].compute)


def test_another_default_precision():
    torch.set_default_dtype(torch.float64)
    try:
        for name in OF_REFERENCES:
            assert_alike(name, [rows(6)])
        assert_alike("WordErrorRate", [(["a b"], ["a c"])])
        assert_alike("WordInfoLost", [(["a b"], ["a c"])])
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("name", ["BLEUScore", "CHRFScore", "TranslationEditRate"])
def test_sums_that_floats_cannot_hold(name):
    metrics = [getattr(module, name)() for module in (peer, ours)]
    for metric in metrics:
        for state in metric._defaults:
            getattr(metric, state).fill_(2**24 - 3)
        metric.update(*rows(20))
    assert states(metrics[0]) == states(metrics[1])


@pytest.mark.parametrize("name", [*OF_REFERENCES, "EditDistance"])
def test_copies_parts_and_resets(name):
    batches = [rows(20, seed) for seed in range(2)]
    if name == "EditDistance":
        batches = [(preds, [references[0] for references in target]) for preds, target in batches]
    metrics = [getattr(module, name)() for module in (peer, ours)]
    for metric in metrics:
        metric.update(*batches[0])
    copies = [pickle.loads(pickle.dumps(metrics[1])), copy.deepcopy(metrics[1])]
    for each in copies:
        assert type(each) is type(metrics[1])
        assert states(each) == states(metrics[0])
    assert repr(metrics[1]) == repr(metrics[0])
    assert (hash(metrics[1]) == hash(metrics[0])) == (hash(copies[0]) == hash(metrics[0]))
    parts = [getattr(module, name)() for module in (peer, ours)]
    for part in parts:
        part.update(*batches[1])
    merged = [found(metric.merge_state, part) for metric, part in zip(metrics, parts, strict=True)]
    assert merged[0] == merged[1]  # for some classes torchmetrics refuses it
    assert found(metrics[1].compute) == found(metrics[0].compute)
    for metric in metrics:
        metric.reset()
    assert states(metrics[1]) == states(metrics[0])


@pytest.mark.parametrize(
    "default",
    [[], torch.tensor([1.5, 2.5]), torch.arange(6).reshape(2, 3).T, torch.tensor(1.0, requires_grad=True), 0, [1]],
    ids=str,
)
def test_states_of_ones_own(default):
    metrics = [module.WordErrorRate() for module in (peer, ours)]
    of_peer, drop_in = (found(metric.add_state, "own", default, "sum", persistent=True) for metric in metrics)
    assert drop_in == of_peer
    for parts in ("_defaults", "_persistent", "_reductions"):
        assert found(getattr, metrics[1], parts) == found(getattr, metrics[0], parts)
    for metric in metrics:
        metric.update("a b", "a c")
        if isinstance(default, torch.Tensor) and not default.requires_grad:
            metric.own += 1
        metric.reset()
    assert states(metrics[1]) == states(metrics[0])


def test_rouge_of_nothing():
    metrics = [module.ROUGEScore(rouge_keys=("rouge1", "rougeL")) for module in (peer, ours)]
    assert found(metrics[1].compute) == found(metrics[0].compute)


def test_pickles_hold_each_value_once():
    metrics = [module.ROUGEScore(rouge_keys="rouge1") for module in (peer, ours)]
    for metric in metrics:
        metric.update(*rows(300))
    sizes = [len(pickle.dumps(metric)) for metric in metrics]
    assert sizes[1] < 1.1 * sizes[0]


def test_collections_hold_them():
    names = ["WordErrorRate", "CharErrorRate", "MatchErrorRate", "WordInfoLost"]
    collections = [
        torchmetrics.MetricCollection([getattr(module, name)() for name in names]) for module in (peer, ours)
    ]
    for _ in range(2):
        assert found(collections[1], ["a b c", "d"], ["a c", "d e"]) == found(
            collections[0], ["a b c", "d"], ["a c", "d e"]
        )
    assert found(collections[1].compute) == found(collections[0].compute)


def test_patch_replaces_the_metrics_of_texts_and_leaves_the_rest():
    someone = types.ModuleType("someones_module")
    sys.modules[someone.__name__] = someone
    exec(
        "from torchmetrics.text import BLEUScore as Class\nimport torchmetrics.functional.text as module", vars(someone)
    )
    original = peer.BLEUScore
    assert someone.Class is original
    with tg.patch("torchmetrics") as patch:
        assert patch.packages == ("torchmetrics",)
        from torchmetrics.text import SacreBLEUScore
        from torchmetrics.text.bleu import BLEUScore

        assert (SacreBLEUScore, BLEUScore, someone.Class) == (ours.SacreBLEUScore, ours.BLEUScore, ours.BLEUScore)
        assert someone.module.chrf_score is functions.chrf_score
        assert someone.module is peer_functions
        assert bits(someone.module.word_error_rate(["a", 5], ["b"])) == bits(torch.tensor(1.0))
        with pytest.raises(AttributeError):
            someone.module.word_error_rate([5], ["b"])
        assert issubclass(BLEUScore, original)
        assert torchmetrics.classification.BinaryAccuracy.__module__.startswith("torchmetrics.")
        assert peer.Perplexity.__module__ == "torchmetrics.text.perplexity"
        with pytest.warns(FutureWarning, match="bleu_score"):
            assert bits(torchmetrics.functional.bleu_score(["a b c d"], [["a b c d"]])) == bits(torch.tensor(1.0))
    assert (peer.BLEUScore, someone.Class) == (original, original)
    del sys.modules[someone.__name__]


def test_patch_waits_for_the_package():
    code = """
import sys
import textgauge as tg
with tg.patch():
    assert "torch" not in sys.modules
    from torchmetrics.text import WordErrorRate
    from torchmetrics.functional.text.wer import word_error_rate
    print(WordErrorRate.__module__, word_error_rate.__module__)
from torchmetrics.text import WordErrorRate
print(WordErrorRate.__module__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    home = "textgauge.compat.torchmetrics"
    assert done.stdout.splitlines() == [f"{home}.text.wer {home}.functional.text.wer", "torchmetrics.text.wer"]


def test_without_the_package_an_error_says_how_to_get_it():
    code = "import sys; sys.modules['torchmetrics'] = None; import textgauge.compat.torchmetrics.text"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ImportError: textgauge.compat.torchmetrics needs torchmetrics: pip install 'textgauge[torchmetrics]'" in (
        done.stderr
    )


def test_two_processes_have_the_results_of_the_peer(tmp_path):
    arguments = f"file://{tmp_path / 'meeting'}", str(tmp_path / "results")
    torch.multiprocessing.start_processes(compute_together, arguments, nprocs=2, start_method="spawn")
    results = [pickle.loads((tmp_path / f"results{rank}").read_bytes()) for rank in range(2)]
    assert results[0] == results[1]
    assert all(of_peer == of_drop_in for of_peer, of_drop_in in results[0])
