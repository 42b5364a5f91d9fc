"""The arithmetic of every metric: what it comes to is the score, to the last bit."""

from __future__ import annotations

import gzip
import itertools
import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import textgauge as tg
from textgauge.explanations.arithmetic import evaluate, names_in

ROUGE = [*(f"rouge{order}" for order in range(1, 10)), "rougeL", "rougeLsum", "rougeLcontig"]
DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev"


def first_letters(text):
    return [word[:1] for word in text.split()]


METRICS = [
    tg.Rouge(*ROUGE),
    tg.Rouge(*ROUGE, stemmer="porter", beta=2.5),
    tg.Rouge("rouge1", "rougeL", multiref="mean", beta=0.3),
    tg.Rouge("rouge1", "rouge2", "rougeL", variant="pltrdy", tokenizer="pltrdy", lowercase=False),
    tg.Rouge("rouge1", "rouge2", "rougeL", variant="pltrdy", exclusive=False),
    tg.Rouge("rouge1", "rougeLsum", tokenizer=first_letters, transforms=["ToLowerCase", str.strip]),
    *(
        tg.Bleu(smoothing=smoothing, effective_order=effective, max_order=order)
        for smoothing, effective, order in itertools.product(
            ("none", "floor", "add-k", "exp"), (None, True, False), (1, 2, 4, 6)
        )
    ),
    tg.Bleu(smoothing="floor", smoothing_value=0),
    tg.Bleu(smoothing="add-k", smoothing_value=0.7, tokenizer="words", lowercase=True),
    *(
        tg.Bleu(variant="nltk", smoothing=f"method{number}", auto_reweigh=reweigh)
        for number, reweigh in itertools.product(range(8), (False, True))
    ),
    tg.Bleu(variant="nltk", smoothing="method3", weights=(0.5, 0.3, 0.2)),
    tg.Bleu(variant="nmt"),
    tg.Bleu(variant="nmt", smoothing="add-1", max_order=3),
    *(tg.Chrf(word_order=order) for order in (0, 1, 2)),
    tg.Chrf(beta=3, whitespace=True, lowercase=True, char_order=3),
    tg.Chrf(word_order=2, eps_smoothing=True, beta=0.7),
    tg.Ter(),
    tg.Ter(normalized=True, no_punct=True, asian_support=True),
    tg.Gleu(),
    tg.Gleu(min_len=2, max_len=3),
    *(
        metric(empty_references=empty)
        for metric in (tg.Wer, tg.Cer, tg.Mer, tg.Wil, tg.Wip, tg.EditDistance, tg.EditSimilarity)
        for empty in ("count", "drop")
    ),
    tg.Wer(compounds=True, lowercase=True),
    tg.ExactMatch(),
    tg.ExactMatch(ignore_case=True, regexes_to_ignore=["a+"]),
    tg.Squad(),
    tg.Squad(version=2, percent=False),
    *(metric.name for metric in tg.list_metrics() if metric.family == "answers" and metric.name != "squad"),
    "diagnostics",
    "extractive",
]
EXPLAINERS = [tg.Explainer(metric) for metric in METRICS]

# What no step makes, because it comes of fractions or of a corpus.
GIVEN = {("bleu", f"p{order}") for order in range(1, 5)} | {("nist", f"num{order}") for order in range(1, 6)}

words = st.sampled_from(
    [
        *("the", "cat", "The", "a", "sat", "on", "mat.", "42", "0.5", "dogs", "running", "New York", "cat-like"),
        *("x\ud800", "\x1f", "\n", "É", "…", "\t", "中文", "It is a and b.", "שלום", "\u202e", "<script>"),
    ]
)
texts = st.lists(words, max_size=14).map(" ".join) | st.text(max_size=30) | st.lists(words, max_size=5).map("".join)
pairs = st.tuples(texts, texts | st.lists(texts, min_size=1, max_size=3))


def check(explainer, prediction, references):
    explanation = explainer.explain(prediction, references)
    # As text: NaN is not equal to itself.
    assert repr(explanation.scores) == repr(explainer.scorer.score_pair(prediction, references))
    for laid_out, metric in zip(explainer.metrics, explanation.metrics, strict=True):
        made = {line.result: line.value for line in metric.steps}
        known = {**dict(zip(laid_out.parts, metric.scores.values(), strict=True)), **metric.sums, **made}
        named = {step.result: evaluate(step.template, known) for step in laid_out.steps if step.is_naming}
        for part, score in zip(laid_out.parts, metric.scores.values(), strict=True):
            if score != score:
                assert part not in made
            elif part in made or part in named or part in metric.sums:
                assert made.get(part, named.get(part, metric.sums.get(part))) == score, (part, metric)
            else:
                assert (laid_out.spec["metric"], part) in GIVEN


def short_name(explainer):
    """Without addresses, which differ from process to process."""
    return re.sub(r" at 0x\w+", "", repr(explainer))


@pytest.mark.parametrize("explainer", EXPLAINERS, ids=short_name)
@settings(max_examples=30, deadline=None)
@given(pair=pairs)
@example(("", ""))
@example(("a", ""))
@example(("", ["", "a"]))
@example(("the the the cat", ["the cat the", "a cat", "the the cat"]))
def test_what_it_comes_to_is_the_score(explainer, pair):
    check(explainer, *pair)


def rows(name, count):
    with gzip.open(next((DATA / name).glob("**/*.jsonl.gz")), "rt", encoding="utf-8") as file:
        for line in itertools.islice(file, count):
            row = json.loads(line)
            yield row["hypothesis"], row["references"]


@pytest.mark.skipif(not DATA.exists(), reason="the shared data are not there")
@pytest.mark.parametrize("name", ["mt", "summarization", "asr", "qa", "captions", "hard_text"])
def test_it_is_so_for_real_texts_too(name):
    for pair in rows(name, 6):
        for explainer in EXPLAINERS:
            check(explainer, *pair)


@pytest.mark.parametrize("n", [1, 5])
def test_nist_needs_a_corpus_first(n):
    metric = tg.Nist(n=n)
    with pytest.raises(tg.InputError, match="fit"):
        tg.explain("a b", "a b", metrics=metric)
    scorer = tg.Scorer(metric).fit(["the cat sat on the mat", "a dog sat", "cats and dogs"])
    explainer = tg.Explainer(scorer)
    for prediction, reference in [
        ("the cat sat", "a cat sat on the mat"),
        ("", "a"),
        ("a", ""),
        ("a dog sat", "a dog sat"),
    ]:
        check(explainer, prediction, [reference, "the dog"])


@pytest.mark.parametrize("explainer", EXPLAINERS, ids=short_name)
def test_names_mean_one_thing(explainer):
    for metric in explainer.metrics:
        made = [step.result for step in metric.steps]
        known = {*metric.sums, *metric.parts}
        for step in metric.steps:
            for name in names_in(step.template) + names_in(step.when):
                assert name in known, step
            assert step.words or step.is_naming or step.template == "0", step
            known.add(step.result)
        # The last of the steps with one result applies whenever no other does.
        last = {step.result: step for step in metric.steps}
        halved = {result for result in last if result.startswith("p")} | {"score"}
        assert all(step.when == "" or step.result in halved for step in last.values())
        # A column that is also a sum is that sum.
        assert not {*made} & {*metric.sums}


def test_layout_is_fit_for_json():
    for explainer in EXPLAINERS:
        assert json.loads(json.dumps(explainer.layout())) == explainer.layout()
