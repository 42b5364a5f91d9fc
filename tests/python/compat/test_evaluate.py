"""The drop-in for evaluate's metrics against the packages that they are made of.

evaluate's own scripts are published apart from it. What they do with those packages is said here again.
"""

import collections
import gzip
import importlib
import itertools
import json
import logging
import math
import re
import types
from pathlib import Path

import jiwer
import nltk.corpus
import nltk.translate.gleu_score
import nltk.translate.nist_score
import numpy as np
import pytest
import rouge_score.rouge_scorer
import rouge_score.scoring
import sacrebleu
from answer_definitions import normalised, squad_em, squad_f1, squad_v2_report
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from surface import outcome

import textgauge as tg
import textgauge.compat.evaluate as ours

DEV = Path(__file__).parents[4] / "shared" / "data" / "dev"

PREDICTIONS = ["the cat sat on the mat today .", "", "A naïve café-goer paid 3,000 now", "running dogs\nran away"]
REFERENCES = ["the cat sat on a mat today.", "not empty", "a naïve cafe-goer paid 3,000 now", "The dog runs\naway"]
SEVERAL = [[text, f"{text} again"] for text in REFERENCES]
HOSTILE = [*("", " ", ".", "İ &amp;lt; x-", "日本語 です。", "a\tb", "don't <skipped> 5-4", "\u00a0x", "9. 3.5 1,000!")]
HOSTILE_PAIRS = [list(column) for column in zip(*itertools.product(HOSTILE, HOSTILE), strict=True)]
CORPORA = [
    (PREDICTIONS, REFERENCES),
    (PREDICTIONS, SEVERAL),
    (REFERENCES, REFERENCES),
    (HOSTILE_PAIRS[0], HOSTILE_PAIRS[1]),
    (HOSTILE_PAIRS[0], [[text, text[::-1], "the"] for text in HOSTILE_PAIRS[1]]),
    (["a"], [["a"]]),
    ([""], [""]),
    ([], []),
    (["x y"], [[]]),
]
SINGLE = [corpus for corpus in CORPORA if not corpus[1] or isinstance(corpus[1][0], str)]


def lists(references):
    return [[each] for each in references] if isinstance(references[0], str) else references


def words(text):
    return Tokenizer13a()(text).split()


def rouge(predictions, references, rouge_types=None, use_aggregator=True, use_stemmer=False, tokenizer=None):
    """rouge-score pair by pair, and its aggregator."""
    own = tokenizer and type("Own", (), {"tokenize": staticmethod(tokenizer)})()
    types = ["rouge1", "rouge2", "rougeL", "rougeLsum"] if rouge_types is None else rouge_types
    several = isinstance(references[0], list)
    scorer = rouge_score.rouge_scorer.RougeScorer(types, use_stemmer=use_stemmer, tokenizer=own)
    score = scorer.score_multi if several else scorer.score
    scores = [score(reference, prediction) for reference, prediction in zip(references, predictions, strict=True)]
    if not use_aggregator:
        return {name: [each[name].fmeasure for each in scores] for name in scores[0]}
    aggregator = rouge_score.scoring.BootstrapAggregator()
    for each in scores:
        aggregator.add_scores(each)
    return {name: each.mid.fmeasure for name, each in aggregator.aggregate().items()}


def ngrams(tokens, order):
    return collections.Counter(tuple(tokens[at : at + order]) for at in range(len(tokens) - order + 1))


def bleu(predictions, references, tokenizer=words, max_order=4, smooth=False):
    """TensorFlow NMT's BLEU by its definition."""
    answers = [[tokenizer(text) for text in own] for own in lists(references)]
    texts = [tokenizer(text) for text in predictions]
    shortest = sum(min(len(tokens) for tokens in own) for own in answers)
    length = sum(map(len, texts))
    precisions = []
    for order in range(1, max_order + 1):
        shared = total = 0
        for tokens, own in zip(texts, answers, strict=True):
            joint = collections.Counter()
            for each in own:
                joint |= ngrams(each, order)
            shared += sum((ngrams(tokens, order) & joint).values())
            total += max(0, len(tokens) - order + 1)
        precisions.append((shared + 1.0) / (total + 1.0) if smooth else shared / total if total else 0.0)
    mean = math.exp(sum(1.0 / max_order * math.log(each) for each in precisions)) if min(precisions) > 0 else 0
    ratio = float(length) / shortest
    penalty = 1.0 if ratio > 1.0 else math.exp(1 - 1.0 / ratio)
    return {
        "bleu": mean * penalty,
        "precisions": precisions,
        "brevity_penalty": penalty,
        "length_ratio": ratio,
        "translation_length": length,
        "reference_length": shortest,
    }


def google_bleu(predictions, references, tokenizer=words, min_len=1, max_len=4):
    answers = [[tokenizer(text) for text in own] for own in lists(references)]
    texts = [tokenizer(text) for text in predictions]
    return {"google_bleu": nltk.translate.gleu_score.corpus_gleu(answers, texts, min_len, max_len)}


def streams(who, references):
    rows = lists(references)
    if any(len(each) != len(rows[0]) for each in rows):
        raise ValueError(f"{who} requires the same number of references for each prediction")
    return [list(each) for each in zip(*rows, strict=True)]


def sacrebleu_bleu(predictions, references, tokenize=None, **options):
    if tokenize:
        options["tokenize"] = tokenize
    score = sacrebleu.corpus_bleu(predictions, streams("Sacrebleu", references), **options)
    return {
        name: getattr(score, name) for name in ("score", "counts", "totals", "precisions", "bp", "sys_len", "ref_len")
    }


def chrf(predictions, references, **options):
    metric = sacrebleu.CHRF(**options)
    found = metric.corpus_score(predictions, streams("ChrF, as implemented by sacrebleu,", references))
    return {name: getattr(found, name) for name in ("score", "char_order", "word_order", "beta")}


def ter(predictions, references, normalized=False, ignore_punct=False, support_zh_ja_chars=False, case_sensitive=False):
    metric = sacrebleu.TER(normalized, ignore_punct, support_zh_ja_chars, case_sensitive)
    found = metric.corpus_score(predictions, streams("Sacrebleu", references))
    return {name: getattr(found, name) for name in ("score", "num_edits", "ref_length")}


def error_rate(process, name):
    def rate(predictions, references, concatenate_texts=False):
        if concatenate_texts:
            return getattr(process(references, predictions), name)
        found = [process(reference, text) for reference, text in zip(references, predictions, strict=True)]
        hits, *edits = (sum(getattr(each, f"{kind}s") for each in found) for kind in KINDS)
        return sum(edits) / (hits + edits[0] + edits[1])

    return rate


KINDS = ("hit", "substitution", "deletion", "insertion")


def exact_match(predictions, references, regexes_to_ignore=None, **ignored):
    sides = [predictions, references]
    if regexes_to_ignore is None:
        sides = [np.asarray(side) for side in sides]
    for regex in regexes_to_ignore or ():
        sides = [np.array([re.sub(regex, "", text) for text in side]) for side in sides]
    if ignored.get("ignore_case"):
        sides = [np.char.lower(side) for side in sides]
    for name, removed in (("punctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), ("numbers", "0123456789")):
        if ignored.get(f"ignore_{name}"):
            sides = [np.char.translate(side, str.maketrans("", "", removed)) for side in sides]
    return {"exact_match": np.mean(sides[0] == sides[1])}


PRODUCT = itertools.product
BOTH = (False, True)
CASES = {
    "rouge": (
        rouge,
        CORPORA,
        [
            {"use_aggregator": aggregated, "rouge_types": types, "use_stemmer": stemmed, "tokenizer": tokenizer}
            for aggregated, types, stemmed, tokenizer in PRODUCT(
                BOTH, (None, ["rougeL"], ["rouge1", "rouge1"], [], ["bad"], "rouge1"), BOTH, (None, str.split)
            )
        ],
    ),
    "bleu": (
        bleu,
        CORPORA,
        [
            {"max_order": order, "smooth": smooth, **own}
            for order, smooth, own in PRODUCT(
                (4, 2), BOTH, ({}, {"tokenizer": str.split}, {"tokenizer": lambda text: [ord(each) for each in text]})
            )
        ],
    ),
    "google_bleu": (
        google_bleu,
        CORPORA,
        [{}, {"min_len": 2, "max_len": 6}, {"tokenizer": str.split}, {"tokenizer": list, "max_len": 1}],
    ),
    "sacrebleu": (
        sacrebleu_bleu,
        CORPORA,
        [
            {"smooth_method": method, "smooth_value": value, "use_effective_order": effective, **more}
            for (method, value), effective, more in PRODUCT(
                (("exp", None), ("floor", None), ("floor", 0.5), ("add-k", None), ("add-k", 2), ("add-k", 0.5)),
                BOTH,
                ({}, {"lowercase": True}, {"tokenize": "zh"}, {"tokenize": "char"}),
            )
        ]
        + [{"smooth_method": "none"}, {"smooth_method": "bad"}, {"tokenize": "bad"}],
    ),
    "chrf": (
        chrf,
        CORPORA,
        [
            {"word_order": order, "lowercase": lower, "whitespace": blank, "eps_smoothing": eps, "beta": beta}
            for order, lower, blank, eps, beta in PRODUCT((0, 2), BOTH, BOTH, BOTH, (2, 1))
        ],
    ),
    "ter": (
        ter,
        CORPORA,
        [
            dict(zip(("normalized", "ignore_punct", "support_zh_ja_chars", "case_sensitive"), flags, strict=True))
            for flags in PRODUCT(*[BOTH] * 4)
        ],
    ),
    "wer": (error_rate(jiwer.process_words, "wer"), SINGLE, [{}, {"concatenate_texts": True}]),
    "cer": (error_rate(jiwer.process_characters, "cer"), SINGLE, [{}, {"concatenate_texts": True}]),
    "exact_match": (
        exact_match,
        SINGLE,
        [
            {"regexes_to_ignore": regexes, "ignore_case": case, "ignore_punctuation": marks, "ignore_numbers": numbers}
            for regexes, case, marks, numbers in PRODUCT((None, [], ["the ", r"\d"]), BOTH, BOTH, BOTH)
        ],
    ),
}


def check(name, expected, predictions, references, options):
    """The same result, or the same exception; and NumPy's generator is left as it was."""
    metric = ours.load(name, seed=7)
    np.random.seed(3)
    before = np.random.get_state()
    found = outcome(lambda: metric.compute(predictions=predictions, references=references, **options))
    assert all(np.array_equal(one, other) for one, other in zip(before, np.random.get_state(), strict=True))
    np.random.seed(7)
    assert str(found) == str(outcome(expected, predictions, references, **options)), options
    assert len(metric) == 0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of means of nothing, in both
@pytest.mark.parametrize("name", CASES)
def test_results_and_exceptions_are_those_of_the_packages_underneath(name):
    expected, corpora, all_options = CASES[name]
    for (predictions, references), options in itertools.product(corpora, all_options):
        check(name, expected, predictions, references, options)


REAL = {
    "rouge": "summarization/xsum_brio.jsonl.gz",
    "wer": "asr/earnings21_utt.jsonl.gz",
    "cer": "asr/earnings21_utt.jsonl.gz",
    "exact_match": "qa/NQ_FiD.jsonl",
}


def real_rows(name, count):
    if not DEV.exists():
        pytest.skip("the shared data are not here")
    path = DEV / name
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in itertools.islice(lines, count)]


@pytest.mark.parametrize("name", CASES)
def test_real_texts(name):
    expected, corpora, _ = CASES[name]
    rows = real_rows(REAL.get(name, "mt/wmt22.de-en.PROMT.jsonl"), 60)
    predictions = [row["hypothesis"] for row in rows]
    check(name, expected, predictions, [row["references"][0] for row in rows], {})
    if corpora is CORPORA:
        rows = real_rows("multiref/e2e_nlg.jsonl.gz", 40)
        references = [(row["references"] * 3)[:3] for row in rows]
        check(name, expected, [row["hypothesis"] for row in rows], references, {})


def test_a_hyphen_at_the_end_of_the_last_line_goes():
    assert ours.load("bleu").compute(predictions=["a b-\n"], references=["a b"])["translation_length"] == 2
    assert ours.load("google_bleu").compute(predictions=["a b -\n "], references=["a b"]) == {"google_bleu": 1.0}


def test_many_points_that_stand_alone_are_warned_of(caplog):
    texts = ["a b ."] * 100
    ours.load("sacrebleu").compute(predictions=texts, references=texts, force=True)
    assert not caplog.records
    for compute in (ours.load("sacrebleu").compute, sacrebleu_bleu):
        with caplog.at_level(logging.WARNING, logger="sacrebleu"):
            compute(predictions=texts, references=texts)
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == 6
    assert messages[:3] == messages[3:]


# ---- NIST


@pytest.mark.parametrize(("name", "peer"), [("sacrebleu", sacrebleu_bleu), ("chrf", chrf), ("ter", ter)])
def test_a_row_of_which_every_reference_is_missing(name, peer):
    inputs = {"predictions": ["a b", "c"], "references": [["a"], [None]]}
    assert outcome(ours.load(name).compute, **inputs) == outcome(peer, **inputs)


@pytest.fixture
def nist_words(monkeypatch):
    """NLTK's tokenizer. On import it reads data that are not published with it, for a method that is not called."""
    data = types.SimpleNamespace(chars=lambda _: ["1"])
    monkeypatch.setattr(nltk.corpus, "perluniprops", data, raising=False)
    tokenizer = importlib.import_module("nltk.tokenize.nist").NISTTokenizer()
    return lambda text, lowercase, western: tokenizer.tokenize(text, lowercase, western)


@pytest.mark.parametrize("options", list(PRODUCT((5, 1), BOTH, BOTH)))
def test_nist(options, nist_words):
    n, lowercase, western = options
    for predictions, references in CORPORA:
        expected = outcome(
            lambda predictions=predictions, references=references: {
                "nist_mt": nltk.translate.nist_score.corpus_nist(
                    [[nist_words(text, lowercase, western) for text in own] for own in lists(references)],
                    [nist_words(text, lowercase, western) for text in predictions],
                    n,
                )
            }
        )
        found = outcome(
            ours.load("nist_mt").compute,
            predictions=predictions,
            references=references,
            n=n,
            lowercase=lowercase,
            western_lang=western,
        )
        assert str(found) == str(expected), (predictions, references)


# ---- SQuAD

ANSWERS = [["The cat", "cat sat"], ["1976"], ["an"], ["big red dog"], ["İ x", "the"]]
TEXTS = ["a CAT!", "in 1976", "", "red dogs", "i\u0307 x"]


def questions(texts, answers, probabilities=None):
    rows = range(len(texts))
    predictions = [{"id": str(row), "prediction_text": texts[row]} for row in rows]
    for row, probability in enumerate(probabilities or ()):
        predictions[row]["no_answer_probability"] = probability
    known = [
        {"id": str(row), "answers": {"text": answers[row], "answer_start": [0] * len(answers[row])}} for row in rows
    ]
    return {"predictions": predictions, "references": known}


def test_squad():
    pairs = list(zip(TEXTS, ANSWERS, strict=True))
    exact = f1 = 0
    for text, known in pairs:
        exact += max(squad_em(text, each) for each in known)
        f1 += max(squad_f1(text, each) for each in known)
    found = ours.load("squad").compute(**questions(TEXTS, ANSWERS))
    assert found == {"exact_match": 100.0 * exact / len(pairs), "f1": 100.0 * f1 / len(pairs)}
    assert 0 < found["f1"] < 100


def test_unanswered_questions_of_squad_count_nothing(capsys):
    inputs = questions(TEXTS, ANSWERS)
    inputs["predictions"][1]["id"] = "other"
    found = ours.load("squad").compute(**{name: rows[:2] for name, rows in inputs.items()})
    assert found == {"exact_match": 50.0, "f1": 50.0}
    assert capsys.readouterr().err == "Unanswered question 1 will receive score 0.\n"


def test_squad_without_answers_or_questions():
    squad = ours.load("squad")
    with pytest.raises(ValueError, match=r"max\(\) "):
        squad.compute(**questions(["a"], [[]]))
    with pytest.raises(ZeroDivisionError):
        squad.compute(predictions=[], references=[])
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'lower'"):
        squad.compute(**questions(["a"], [["a", None]]))


@pytest.mark.parametrize("threshold", [1.0, 0.4])
def test_squad_v2(threshold):
    answers, texts = [*ANSWERS, [], [], ["x"]], [*TEXTS, "", "something", "y"]
    probabilities = [0.125, 0.75, 0.5, 0.0, 1.0, 0.25, 0.875, 0.5]
    expected = squad_v2_report(list(zip(texts, answers, strict=True)), probabilities, threshold)
    found = ours.load("squad_v2").compute(**questions(texts, answers, probabilities), no_answer_threshold=threshold)
    assert found == expected
    assert list(found) == [
        *("exact", "f1", "total", "HasAns_exact", "HasAns_f1", "HasAns_total", "NoAns_exact", "NoAns_f1"),
        *("NoAns_total", "best_exact", "best_exact_thresh", "best_f1", "best_f1_thresh"),
    ]


def test_squad_v2_takes_answers_without_words_for_answers_as_the_script_does(capsys):
    squad = ours.load("squad_v2")
    assert not normalised("the")
    found = squad.compute(**questions(["", "a"], [["the"], ["a"]], [0.0, 0.1]))
    assert (found["HasAns_total"], found["exact"]) == (2, 100.0)
    assert "NoAns_total" not in found
    # Probabilities are in single precision.
    assert squad.compute(**questions(["a"], [["a"]], [0.1]))["best_f1_thresh"] == float(np.float32(0.1))
    inputs = questions(["a", "b"], [["a"], ["b"]], [0.0, 0.0])
    inputs["predictions"][1]["id"] = "other"
    with pytest.raises(KeyError, match="'1'"):
        squad.compute(**inputs)
    assert capsys.readouterr().out == "Missing prediction for 1\n"


# ---- names


@pytest.mark.parametrize("name", [*CASES, "nist_mt", "squad", "squad_v2"])
def test_metrics_are_loaded_by_name(name):
    metric = ours.load(f"evaluate-metric/{name}", module_type="metric")
    assert type(metric) is type(ours.load(name))
    assert metric.name == {"chrf": "chr_f"}.get(name, name)
    assert metric.module_type == metric.info.module_type == "metric"
    assert metric.description
    assert metric.inputs_description in repr(metric)


def test_what_is_not_covered_says_so():
    with pytest.raises(FileNotFoundError, match=r"no metric 'bertscore'; its metrics are bleu, .*textgauge\.unpatch"):
        ours.load("bertscore")
    with pytest.raises(FileNotFoundError, match="no comparison 'rouge'"):
        ours.load("rouge", module_type="comparison")
    with pytest.raises(ImportError, match="drop-in for evaluate has no evaluator"):
        _ = ours.evaluator
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ours.nothing
    with pytest.raises(tg.ConfigError, match="writes no files"):
        ours.load("rouge", num_process=2)
    with tg.patch("evaluate"):
        import evaluate

        assert evaluate is ours
        with pytest.raises(ModuleNotFoundError, match=r"no module evaluate\.evaluator"):
            import evaluate.evaluator
