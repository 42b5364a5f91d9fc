"""Which number is it: each value is the package's own, and each reason's number is what one gets."""

from __future__ import annotations

import doctest
import json
import random
import sys
import warnings

import numpy as np
import pytest

import textgauge as tg
from textgauge.explanations import definitions
from textgauge.explanations.definitions import SCORES, _family, _pairs
from textgauge.explanations.usages.base import VERSIONS

PAIR = ("The cat's sat on the mat. It slept, twice.", "the cats sat on a mat. It was sleeping twice!")
WITHOUT_TORCH = [name for name in VERSIONS if name != "torchmetrics"]
WORDS = ("the", "The", "a", "cat", "cat.", "sat,", "mats", "running", "runs", "don't", "5", "x\ty", "é", "\n")


def texts(seed, count):
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=rng.randint(1, 9))) for _ in range(count)]


PREDICTIONS, REFERENCES = texts("predictions", 30), texts("references", 30)
SEVERAL = [[first, second] for first, second in zip(REFERENCES, texts("others", 30), strict=True)]


def number(found, call, package=""):
    """The value of the definition whose call begins so."""
    (value,) = [each.value for each in found if each.call.startswith(call) and each.package.startswith(package)]
    return value


def which(score, *given, packages=WITHOUT_TORCH, **options):
    return tg.which_number(score, *given, packages=packages, **options)


def quiet(function, *given, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*given, **options)


@pytest.mark.parametrize("score", ["rouge1", "rouge2", "rougeL"])
@pytest.mark.parametrize(("text", "reference"), [PAIR, *zip(PREDICTIONS[:8], REFERENCES, strict=False)])
def test_rouge_of_pairs(score, text, reference):
    rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
    rouge = pytest.importorskip("rouge")
    found = which(score, text, reference)
    plain = rouge_scorer.RougeScorer([score]).score(reference, text)[score]
    assert number(found, f"RougeScorer(['{score}']).score") == plain.fmeasure == number(found, "load('rouge')")
    assert found.definitions[0].others == {"precision": plain.precision, "recall": plain.recall}
    stemmed = rouge_scorer.RougeScorer([score], use_stemmer=True).score(reference, text)[score]
    assert number(found, f"RougeScorer(['{score}'], use_stemmer") == stemmed.fmeasure
    name = f"rouge-{score[-1].lower()}"
    for call, options in (("Rouge().", {}), ("Rouge(exclusive=False)", {"exclusive": False})):
        assert number(found, call) == rouge.Rouge([name], **options).get_scores(text, reference)[0][name]["f"]
    if score == "rougeL":
        lsum = rouge_scorer.RougeScorer(["rougeLsum"]).score(reference, text)["rougeLsum"]
        assert number(found, "RougeScorer(['rougeLsum'])") == lsum.fmeasure
        assert (
            number(found, "Rouge('rougeLcontig')")
            == tg.Scorer("rougeLcontig").score_pair(text, reference)["rougeLcontig.f"]
        )


def test_rouge_of_corpora():
    rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
    scoring = pytest.importorskip("rouge_score.scoring")
    found = which("rougeL", PREDICTIONS, SEVERAL)
    scorer = rouge_scorer.RougeScorer(["rougeL"])
    rows = [scorer.score_multi(own, text)["rougeL"] for text, own in zip(PREDICTIONS, SEVERAL, strict=True)]
    assert number(found, "RougeScorer(['rougeL']).score") == np.mean([row.fmeasure for row in rows])
    state = np.random.get_state()
    np.random.seed(0)
    aggregator = scoring.BootstrapAggregator()
    for row in rows:
        aggregator.add_scores({"rougeL": row})
    assert number(found, "load('rouge', seed=0)") == aggregator.aggregate()["rougeL"].mid.fmeasure
    np.random.set_state(state)
    assert [why for call, why in found.left_out.items() if call.startswith("rouge 1.0.1")] == [
        "takes one reference"
    ] * 2


@pytest.mark.parametrize(("predictions", "references"), [PAIR, (PREDICTIONS, REFERENCES), (PREDICTIONS, SEVERAL)])
def test_bleu(predictions, references):
    sacrebleu = pytest.importorskip("sacrebleu")
    nltk = pytest.importorskip("nltk.translate.bleu_score")
    found = which("bleu", predictions, references)
    pairs = _pairs(predictions, references)
    streams = pairs.streams
    values = [each.value for each in found if each.package == "sacrebleu 2.6.0"]
    corpus = [
        sacrebleu.corpus_bleu(pairs.predictions, streams, force=True, **options).score
        for options in ({}, {"lowercase": True}, {"tokenize": "none"})
    ]
    sentences = [
        sacrebleu.sentence_bleu(text, own).score for text, own in zip(pairs.predictions, pairs.references, strict=True)
    ]
    assert values == [*corpus, np.mean(sentences)]
    split = [[one.split() for one in own] for own in pairs.references]
    tokens = [text.split() for text in pairs.predictions]
    method1 = nltk.SmoothingFunction().method1
    assert [each.value for each in found if each.package == "nltk 3.10.4"] == [
        quiet(nltk.corpus_bleu, split, tokens),
        quiet(nltk.corpus_bleu, split, tokens, smoothing_function=method1),
        quiet(nltk.corpus_bleu, pairs.references, pairs.predictions),
    ]


def test_evaluate_of_bleu_is_that_of_tensorflow_nmt():
    found = which("bleu", PREDICTIONS, SEVERAL)
    for call, smoothing in (("load('bleu').compute(...)", "none"), ("load('bleu').compute(..., smooth", "add-1")):
        metric = tg.Bleu(variant="nmt", smoothing=smoothing)
        assert number(found, call) == tg.Scorer(metric).aggregate(PREDICTIONS, SEVERAL).corpus["bleu"]


@pytest.mark.parametrize(("predictions", "references"), [PAIR, (PREDICTIONS, REFERENCES)])
def test_chrf_and_gleu(predictions, references):
    sacrebleu = pytest.importorskip("sacrebleu")
    chrf = pytest.importorskip("nltk.translate.chrf_score")
    gleu = pytest.importorskip("nltk.translate.gleu_score")
    pairs = _pairs(predictions, references)
    assert [each.value for each in which("chrf", predictions, references)] == [
        *(sacrebleu.corpus_chrf(pairs.predictions, pairs.streams, word_order=order).score for order in (0, 2)),
        chrf.corpus_chrf(pairs.firsts, pairs.predictions),
    ]
    split = [[own.split()] for own in pairs.firsts], [text.split() for text in pairs.predictions]
    assert which("gleu", predictions, references).definitions[0].value == gleu.corpus_gleu(*split)


@pytest.mark.parametrize(("predictions", "references"), [PAIR, (PREDICTIONS, REFERENCES)])
def test_wer(predictions, references):
    jiwer = pytest.importorskip("jiwer")
    whisper = pytest.importorskip("whisper_normalizer.english")
    pairs = _pairs(predictions, references)
    texts, firsts = pairs.predictions, pairs.firsts
    end = [jiwer.RemoveMultipleSpaces(), jiwer.Strip(), jiwer.ReduceToListOfListOfWords()]

    def after(*transforms):
        both = jiwer.Compose([*transforms, *end])
        return jiwer.wer(firsts, texts, reference_transform=both, hypothesis_transform=both)

    normalise = whisper.EnglishTextNormalizer()
    means = (
        [] if isinstance(predictions, str) else [np.mean([jiwer.wer(*row) for row in zip(firsts, texts, strict=True)])]
    )
    plain = jiwer.wer(firsts, texts)
    assert [each.value for each in which("wer", predictions, references)] == [
        plain,
        jiwer.wer(texts, firsts),
        *means,
        after(jiwer.ToLowerCase()),
        after(jiwer.ToLowerCase(), jiwer.RemovePunctuation()),
        jiwer.wer([normalise(text) for text in firsts], [normalise(text) for text in texts]),
        plain,
    ]


@pytest.mark.parametrize(
    ("text", "reference", "exact", "f1"),
    [
        ("The cat!", "cat", [0, 0, 0, 100, 0, 1], [100, 1]),
        ("Cat", "cat", [0, 1, 1, 100, 0, 1], [100, 1]),
        (" cat", "cat", [0, 0, 0, 100, 1, 1], [100, 1]),
        ("no no dog", "no cat", [0, 0, 0, 0, 0, 0], [40, 0.5]),
    ],
)
def test_answers(text, reference, exact, f1):
    found = which("answers", text, reference)
    assert [each.value for each in found if each.score == "exact_match"] == exact
    assert [each.value for each in found if each.score == "f1"] == pytest.approx(f1, rel=1e-15)


@pytest.mark.parametrize("score", ["rouge1", "rougeL", "bleu", "chrf", "wer", "exact_match", "f1"])
@pytest.mark.parametrize(("predictions", "references"), [PAIR, (PREDICTIONS, REFERENCES)])
def test_torchmetrics(score, predictions, references):
    text = pytest.importorskip("torchmetrics.functional.text")
    pairs = _pairs(predictions, references)
    questions = [{"id": str(row), "prediction_text": one} for row, one in enumerate(pairs.predictions)]
    answers = [
        {"id": str(row), "answers": {"text": own, "answer_start": [0]}} for row, own in enumerate(pairs.references)
    ]
    calls = {
        "bleu": lambda: [text.bleu_score(*pairs), text.bleu_score(*pairs, smooth=True)],
        "chrf": lambda: [text.chrf_score(*pairs)],
        "wer": lambda: [text.word_error_rate(pairs.predictions, pairs.firsts)],
        "exact_match": lambda: [text.squad(questions, answers)["exact_match"]],
        "f1": lambda: [text.squad(questions, answers)["f1"]],
    }
    rouge = lambda: [text.rouge_score(*pairs, rouge_keys=score)[f"{score}_fmeasure"]]  # noqa: E731
    expected = [each.item() for each in calls.get(score, rouge)()]
    assert [each.value for each in which(score, predictions, references, packages=["torchmetrics"])] == expected


@pytest.mark.parametrize("score", [name for name, scores in SCORES.items() if scores == (name,)])
@pytest.mark.parametrize(
    ("predictions", "references"),
    [PAIR, (PREDICTIONS, REFERENCES), (PREDICTIONS, SEVERAL), *zip(PREDICTIONS[:12], REFERENCES, strict=False)],
)
def test_options_say_all_that_makes_a_number(score, predictions, references):
    """A usage's options give its number, and those of the first usage the first one's."""
    pairs = _pairs(predictions, references)
    family = _family(score)
    for usage in family.usages:
        if usage.package == "torchmetrics" or (not usage.many_references and max(map(len, pairs.references)) > 1):
            continue
        _check_options(family, usage, pairs, 1e-9)


def _check_options(family, usage, pairs, precision):
    value = next(iter(quiet(usage.numbers, pairs).values())) / (100 if usage.percent else 1)
    assert family.model(pairs, usage.options) == pytest.approx(value, rel=precision, abs=1e-12), usage.call
    assert usage.options.keys() == family.usages[0].options.keys()


@pytest.mark.parametrize("score", ["rouge1", "rougeL", "bleu", "chrf", "wer", "exact_match", "f1"])
@pytest.mark.parametrize(
    ("predictions", "references"), [PAIR, (PREDICTIONS, REFERENCES), *zip(PREDICTIONS[:4], REFERENCES, strict=False)]
)
def test_options_of_torchmetrics(score, predictions, references):
    pytest.importorskip("torchmetrics")
    family = _family(score)
    for usage in family.usages:
        if usage.package == "torchmetrics" and (isinstance(predictions, str) or not usage.rest):
            # In single precision.
            _check_options(family, usage, _pairs(predictions, references), 1e-5)


def test_what_no_option_says():
    pytest.importorskip("torchmetrics")
    texts = ["a cat sat here", "x"], ["a cat sat there", "yyyyyyyyyy"]
    why = reasons(tg.which_number("chrf", *texts, packages=["sacrebleu", "torchmetrics"]), "chrf_score")
    # As torchmetrics would score them if the second row counted as all others.
    family = _family("chrf")
    assert why["rows that share nothing, or are too short, count otherwise"] == family.model(
        _pairs(*texts), family.usages[-1].options
    )


def reasons(found, call):
    (definition,) = [each for each in found if each.call.startswith(call)]
    return {reason.option: reason.without for reason in definition.reasons}


def test_reasons_of_rouge_are_what_one_gets():
    rouge = pytest.importorskip("rouge")
    text, reference = PAIR
    why = reasons(which("rougeL", text, reference), "Rouge().")
    lower = rouge.Rouge(["rouge-l"]).get_scores(text.lower(), reference.lower())[0]["rouge-l"]["f"]
    assert why["case"] == pytest.approx(lower, rel=1e-12)
    why = reasons(which("rouge1", text, reference), "RougeScorer(['rouge1'], use_stemmer")
    assert why == {"stemmer": which("rouge1", text, reference).definitions[0].value}
    once = "a a a b", "a b b b"
    why = reasons(which("rouge1", *once), "Rouge().")
    repeats = rouge.Rouge(["rouge-1"], exclusive=False).get_scores(*once)[0]["rouge-1"]["f"]
    assert why == {"repeated n-grams": pytest.approx(repeats, rel=1e-12)}


def test_reasons_of_bleu_are_what_one_gets():
    sacrebleu = pytest.importorskip("sacrebleu")
    nltk = pytest.importorskip("nltk.translate.bleu_score")
    text, reference = PAIR
    found = which("bleu", text, reference)
    assert reasons(found, "corpus_bleu(..., tokenize='none')") == {"tokens": pytest.approx(found.definitions[0].value)}
    why = reasons(found, "sentence_bleu(..., smoothing_function=method1)")
    tokenizer = sacrebleu.metrics.BLEU().tokenizer
    method1 = nltk.SmoothingFunction().method1
    split = [[tokenizer(reference).split()]], [tokenizer(text).split()]
    assert why["tokens"] == pytest.approx(nltk.corpus_bleu(*split, smoothing_function=method1), rel=1e-12)
    none = sacrebleu.corpus_bleu([text], [[reference]], tokenize="none").score
    assert why["orders without a match"] == pytest.approx(none / 100, rel=1e-12)
    assert why["scale"] == 100 * number(found, "sentence_bleu(..., smoothing_function=method1)")


def test_reasons_of_chrf_and_wer_are_what_one_gets():
    chrf = pytest.importorskip("nltk.translate.chrf_score")
    jiwer = pytest.importorskip("jiwer")
    text, reference = PAIR
    why = reasons(which("chrf", text, reference), "sentence_chrf")
    assert why["weight of recall"] == pytest.approx(chrf.sentence_chrf(reference, text, beta=2), rel=1e-12)
    why = reasons(which("wer", text, reference), "wer(...) after ToLowerCase, RemovePunctuation")
    assert why["punctuation"] == pytest.approx(jiwer.wer(reference.lower(), text.lower()), rel=1e-12)


def test_reasons_of_corpora():
    why = reasons(which("wer", ["a b c d", "x"], ["a b c d", "y"]), "wer(reference, prediction), mean")
    assert why == {"rows": 0.2}
    why = reasons(which("bleu", ["a b c d e"], [["a b c d e f", "a b"]]), "load('bleu').compute(...)")
    assert set(why) == {"scale", "length of references"}


def test_options_that_change_nothing_are_not_listed():
    found = which("rouge1", "the cat", "the cat")
    assert [each.reasons for each in found] == [()] * len(found)
    assert "F" in reasons(which("rouge1", "the cat", "the cat", value="0.999999995"), "Rouge().")


def test_options_that_change_a_number_only_together_are_joined():
    found = which("wer", "Cat", "cat", packages=["jiwer"])
    # Whisper's normaliser lowers texts itself.
    assert reasons(found, "wer(...) after Whisper") == {"case and spellings": 1.0}
    assert reasons(found, "wer(...) after ToLowerCase, RemovePunctuation") == {"case": 1.0}


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (0.8, ["yes", "yes", "yes"]),
        ("0.80", ["yes", "yes", "yes"]),
        (80, ["yes × 100", "yes × 100", "yes × 100"]),
        ("80.0", ["yes × 100", "yes × 100", "yes × 100"]),
        (1, ["precision", "precision", ""]),
        ("0.667", ["recall", "recall", ""]),
        (66.67, ["recall × 100", "recall × 100", ""]),
        ("0.8001", ["", "", ""]),
        (0.79, ["", "", ""]),
        (1e-3, ["", "", ""]),
        (0, ["", "", ""]),
        ("0e5", ["", "", ""]),
        ("1e-999999", ["", "", ""]),
        ("1e999999", ["", "", ""]),
    ],
)
def test_where_a_number_comes_from(value, given):
    found = which("rouge1", "the cat", "the cat sat", value=value, packages=["rouge-score", "evaluate"])
    assert [each.gives for each in found] == given
    assert found.matches == [each for each in found if each.gives]
    assert found.value == str(value)


def test_a_number_on_a_scale_to_100():
    found = which("bleu", "a b c d", "a b c d", value=1, packages=["sacrebleu", "nltk"])
    assert found.definitions[0].gives == "yes ÷ 100"
    assert number(found, "sentence_bleu([reference.split()]") == 1


def test_digits_follow_the_number():
    found = which("rouge1", "the cat", "the cat", value="0.999999995", packages=["rouge-score", "rouge"])
    assert [bool(each.gives) for each in found] == [False, False, True, True]
    assert "0.999999995" in repr(found)


def test_print():
    found = which("rougeL", *PAIR, value="0.5", packages=["rouge-score", "rouge"])
    text = repr(found)
    assert all(len(line) <= 80 for line in text.split("\n"))
    assert text.split("\n")[0].split() == ["rougeL", "value", "without", "it", "0.5?"]
    html = found._repr_html_()
    assert "- case: kept, not lowered" in html
    assert json.loads(json.dumps(found.to_dict()))["definitions"][0]["value"] == found.definitions[0].value


@pytest.mark.parametrize("score", SCORES)
def test_all_fit_the_terminal(score):
    for given in (PAIR, (PREDICTIONS, REFERENCES), (PREDICTIONS, SEVERAL)):
        for value in (None, "0.12345"):
            lines = repr(which(score, *given, value=value)).split("\n")
            assert all(len(line) <= 80 for line in lines)


def test_nothing_gives_it():
    assert "none of these gives 0.123" in repr(which("rougeL", *PAIR, value=0.123))


def test_what_a_package_refuses_is_said():
    found = which("rouge1", "", "the cat")
    why = {call: error for call, error in found.left_out.items() if call.startswith("rouge 1.0.1")}
    assert list(why.values()) == ["ValueError: Hypothesis is empty."] * 2
    assert "Hypothesis is empty." in repr(found)


def test_without_torchmetrics(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("textgauge.compat.torchmetrics")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torchmetrics", None)
    found = tg.which_number("wer", "a", "b")
    assert (
        "pip install 'textgauge[torchmetrics]'"
        in found.left_out["torchmetrics 1.9.0: word_error_rate(prediction, reference)"]
    )


@pytest.mark.parametrize(
    ("given", "error", "problem"),
    [
        (("rogue", "a", "b"), tg.ConfigError, "there is no score 'rogue'; did you mean 'rouge'"),
        (("wer", ["a"], ["b", "c"]), tg.InputError, "1 predictions, but 2 references"),
        (("wer", ["a"], "a"), tg.InputTypeError, "references"),
        (("wer", [], []), tg.InputError, "there are no texts"),
        (("wer", "a", []), tg.InputError, "row 0 has an empty list of references"),
        (("wer", ["a", None], ["a", "b"]), tg.InputError, "the prediction in row 1 is missing"),
        (("wer", "a", ["b", 3]), tg.InputTypeError, "reference number 1 in row 0 is a int, not a str"),
    ],
)
def test_errors(given, error, problem):
    with pytest.raises(error, match=problem):
        which(*given)


@pytest.mark.parametrize("value", ["much", "nan", "", True, float("inf")])
def test_values_that_are_no_numbers(value):
    with pytest.raises(tg.ConfigError, match="it must be a number"):
        which("wer", "a", "b", value=value)


@pytest.mark.parametrize(
    ("packages", "problem"),
    [
        (["rouge_score"], "did you mean 'rouge-score'"),
        ("nltk", "must be a list of names"),
        (["nltk", "sacrebleu"], "none of these packages has wer: nltk, sacrebleu"),
        ([], "none of these packages has wer"),
    ],
)
def test_packages_that_are_none(packages, problem):
    with pytest.raises(tg.ConfigError, match=problem):
        which("wer", "a", "b", packages=packages)


def test_examples_of_the_docstrings():
    assert doctest.testmod(definitions) == (0, 3)


def test_rows_with_different_numbers_of_references():
    ragged = [["the cat", "a cat sat"], ["it rained"]]
    found = which("bleu", ["the cat sat", "it rained"], ragged)
    assert (
        found.definitions[0].value == tg.Scorer("bleu").aggregate(["the cat sat", "it rained"], ragged).corpus["bleu"]
    )
    assert not found.left_out


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("text", ["", " ", ".", "\ud800", "\0", "<b>&amp;", "東京。", "é" * 300, "a\r\n\tb", "🏳️‍🌈"])
def test_any_text_has_a_table(score, text):
    for given in ((text, "a b. c"), ("a b. c", text), (text, text), ([text, "a"], [[text, "b"], ["a"]])):
        assert repr(which(score, *given, value=0.5))
