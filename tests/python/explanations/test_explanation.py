"""Explanations: what they say is matched, in full and in little room."""

from __future__ import annotations

import json
import pickle
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import textgauge as tg

WORDS = ("rouge1", "rouge2", "rougeL", "rougeLsum", "rougeLcontig", "bleu", "chrf", "ter", "wer", "cer", "gleu")

texts = st.lists(st.sampled_from(["the", "cat", "sat", "a", "\n", "x\ud800", "\x1f", "É."]), max_size=12).map(" ".join)


def read(prediction, reference, metric, **options):
    return tg.explain(prediction, reference, metrics=metric, **options).readings[0].pairs[0]


def test_repeated_words_count_as_often_as_both_have_them():
    pair = read("the the the cat", "the cat the", "rouge1")
    assert pair.ngrams == {1: ((0, 0), (1, 2), (3, 1))}
    pair = read("the cat the cat", "the cat", "rouge2")
    assert pair.ngrams[2] == ((0, 0),)


def test_distinct_ngrams_count_once():
    metric = tg.Rouge("rouge1", variant="pltrdy")
    assert read("a b a b", "b a b a", metric).distinct == {1: ((0, 1), (1, 0))}


def test_the_path_leaves_out_what_is_in_another_order():
    pair = read("on the mat sat the cat", "the cat sat on the mat", "rougeL")
    assert len(pair.lcs) == 3
    assert all(pair.prediction[i] == pair.reference[j] for i, j in pair.lcs)


def test_sentences_and_their_union():
    pair = read("b a\nc", "a b\nc d", "rougeLsum")
    assert pair.prediction_breaks == pair.reference_breaks == (2,)
    assert len(pair.union) == 2


def test_the_longest_run():
    assert read("x a b c", "a b c y", "rougeLcontig").run == (1, 0, 3)
    assert read("x", "y", "rougeLcontig").run is None


def test_edits_are_those_of_align():
    prediction, reference = "the cat sits on it now", "the black cat sat on it"
    edits = [tuple(edit) for edit in read(prediction, reference, "wer").edits]
    assert edits == [(chunk.kind, chunk.reference, chunk.prediction) for chunk in tg.align(prediction, reference)]


def test_shifts():
    pair = read("on the mat sat the cat", "sat the cat on the mat", "ter")
    assert pair.shifts == ((0, 3, 6),)
    assert pair.shifted == pair.reference
    assert [edit.kind for edit in pair.shifted_edits] == ["equal"]


def test_words_written_as_one():
    pair = read("a base ball", "a baseball", tg.Wer(compounds=True))
    assert pair.prediction == ("a", "baseball")
    assert [edit.kind for edit in pair.edits] == ["equal"]


def test_the_best_of_several_references():
    explanation = tg.explain("a b c", ["x y z", "a b d", "a b d"], metrics=["rouge1", "bleu", "wer", "ter", "squad"])
    assert {metric.name: metric.reference for metric in explanation.metrics} == {
        "rouge1": 1,
        "bleu": None,
        "wer": 1,
        "ter": 1,
        "squad": 1,
    }


def places(prediction, reference, metric):
    return tg.explain(prediction, reference, metrics=metric).places()


def test_places():
    stemmed = tg.Rouge("rouge1", stemmer="porter")
    assert read("The  Cats!", "é the CAT", stemmed).prediction == ("the", "cat")
    assert places("The  Cats!", "é the CATS", stemmed) == (((0, 3), (5, 9)), ((2, 5), (6, 10)))
    assert places("a b", "a", tg.Wer(transforms=[str.upper])) == ((None, None), (None,))
    assert places("x, y", "x", "bleu") == (((0, 1), (1, 2), (3, 4)), ((0, 1),))
    assert places("ab c", "", "chrf") == (((0, 1), (1, 2), (3, 4)), ())
    expanded = tg.Wer(transforms=["ExpandCommonEnglishContractions"])
    assert places("I won't", "", expanded) == (((0, 1), (2, 7), (2, 7)), ())
    assert places("a base ball b", "a baseball b", tg.Wer(compounds=True))[0] == ((0, 1), None, (12, 13))


def test_tokenizers_of_the_callers_own():
    pair = read("a-b", "a-c", tg.Wer(tokenizer=lambda text: text.split("-")))
    assert (pair.prediction, pair.reference) == (("a", "b"), ("a", "c"))
    assert tg.explain("a-b", "a", metrics=tg.Wer(tokenizer=list)).places()[1] == ((0, 1),)


@settings(max_examples=60, deadline=None)
@given(prediction=texts, references=st.lists(texts, min_size=1, max_size=2))
def test_matches_are_as_many_as_were_counted(prediction, references):
    explanation = tg.explain(prediction, references, metrics=WORDS)
    by_name = {metric.name: metric for metric in explanation.metrics}

    def best(name):
        metric = by_name[name]
        return explanation.readings[metric.readings[0]].pairs[metric.reference], metric.sums

    for name, order in (("rouge1", 1), ("rouge2", 2)):
        pair, sums = best(name)
        assert len(pair.ngrams[order]) == sums["matches"]
        for i, j in pair.ngrams[order]:
            assert pair.prediction[i : i + order] == pair.reference[j : j + order]
    for name, field in (("rougeL", "lcs"), ("rougeLsum", "union")):
        pair, sums = best(name)
        assert len(getattr(pair, field)) == sums["lcs" if field == "lcs" else "union_lcs"]
    pair, sums = best("rougeLcontig")
    assert (pair.run[2] if pair.run else 0) == sums["run"]
    pair, sums = best("chrf")
    for order in range(1, 7):
        assert len(pair.ngrams[order]) == sums[f"matched_chars{order}"]
    pairs = explanation.readings[by_name["bleu"].readings[0]].pairs
    for order in range(1, 5):
        jointly = {start for pair in pairs for start, _ in pair.ngrams[order]}
        assert len(jointly) == by_name["bleu"].sums[f"matches{order}"]
    for name in ("wer", "ter"):
        pair, sums = best(name)
        edits = pair.shifted_edits if name == "ter" else pair.edits
        lengths = (max(j - i, m - k) for kind, (i, j), (k, m) in edits if kind != "equal")
        assert sum(lengths) + len(pair.shifts or ()) == sums["edits"]


@settings(max_examples=60, deadline=None)
@given(prediction=texts | st.text(max_size=20), reference=texts | st.text(max_size=20))
def test_everything_is_fit_for_json(prediction, reference):
    explanation = tg.explain(prediction, reference, metrics=WORDS)
    assert json.loads(json.dumps(explanation.compact(), allow_nan=False)) == explanation.compact()
    spelled_out = json.loads(json.dumps(explanation.to_dict(), allow_nan=False))
    assert spelled_out["prediction"] == prediction
    assert [metric["name"] for metric in spelled_out["metrics"]] == list(WORDS)
    assert spelled_out["readings"][0]["pairs"][0]["prediction"] == list(explanation.readings[0].pairs[0].prediction)


def test_tokens_that_hold_the_separator_are_a_list():
    (reading,) = tg.explain("a\x1fb c", "", metrics=tg.Wer())._compact[3]
    assert reading["tokens"] == ["a\x1fb", "c"]
    assert reading["references"][0]["tokens"] == []
    # Two lone surrogates would be one character to JavaScript.
    (reading,) = tg.explain("\ud83d\ude00", "😀", metrics="cer").compact()[3]
    assert reading["tokens"] == ["\ud83d", "\ude00"]
    assert reading["references"][0]["tokens"] == "😀"


def test_texts_pass_through_json_as_they_are():
    text = '\ud83d\ude00 \udc80\ud800 a"b \\ \\ud83d \x00\x01 é 😀'
    assert tg.explain(text, text, metrics=tg.Wer()).readings[0].pairs[0].reference == tuple(text.split(" "))
    text = 'é"\\\n\t\x00\x7f\u2028😀\ud800'
    (reading,) = tg.explain(text, text, metrics=tg.Cer(tokenizer="characters")).compact()[3]
    assert "".join(reading["tokens"]) == text


def test_a_brief_explanation_lacks_what_follows_from_the_tokens():
    explainer = tg.Explainer(WORDS)
    prediction, reference = "the cat sat on the mat", ["the cat sat", "a cat on the mat"]
    scores, sums, best, readings = explainer.explain(prediction, reference).compact()
    for reading in readings:
        for each in reading["references"]:
            for name in ("ngrams", "distinct"):
                each.pop(name, None)
    assert json.loads(explainer.brief(prediction, reference, [1, 0])) == [[scores[1], scores[0]], sums, best, readings]
    with pytest.raises(tg.ConfigError, match=f"there is no column 999 of {len(scores)}"):
        explainer.brief(prediction, reference, [0, 999])


def test_a_score_that_is_none():
    explanation = tg.explain("a", "", metrics=tg.Wer(empty_references="drop"))
    assert explanation.compact()[0][0] is None
    assert explanation.scores["wer"] != explanation.scores["wer"]
    assert explanation.to_dict()["metrics"][0]["scores"]["wer"] is None
    assert explanation.metrics[0].steps == ()


def test_very_long_texts_take_little_room():
    resource = pytest.importorskip("resource")
    line = " ".join(f"w{number * number % 5003}" for number in range(60_000))
    other = " ".join(f"w{number * 7 % 5003}" for number in range(60_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    explanation = tg.explain(line, other, metrics=["rouge1", "rougeL", "bleu"])
    prediction, reference = explanation.compact()[3][0]["references"][0]["lcs"]
    assert prediction.count("1") == reference.count("1") == explanation.metrics[1].sums["lcs"]
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


def test_paths_of_texts_that_are_too_long_are_not_looked_for():
    metric = tg.Rouge("rougeL", tokenizer="characters")
    explanation = tg.explain("a" * 400_000, "b" * 400_000, metrics=metric)
    assert explanation.compact()[3][0]["references"][0]["lcs"] is None
    assert explanation.readings[0].pairs[0].too_long == ("lcs",)
    assert explanation.readings[0].pairs[0].lcs is None
    assert "too long to look for the path of lcs" in explanation.text()


def test_values():
    explainer = tg.Explainer(["rouge1", "wer"])
    first, second = explainer.explain("a b", "a"), explainer.explain("a b", ["a"])
    assert first == second
    assert hash(first) == hash(second)
    assert first != explainer.explain("a b", "b")
    assert first != "a b"
    assert pickle.loads(pickle.dumps(first)) == first
    assert repr(explainer) == "Explainer([Rouge('rouge1'), Wer()])"


def test_wrong_input():
    with pytest.raises(tg.InputTypeError, match="the prediction is a int, not a str"):
        tg.explain(1, "a")
    with pytest.raises(tg.InputError, match="reference is missing"):
        tg.explain("a", None)
    with pytest.raises(tg.InputError, match="list of references is empty"):
        tg.explain("a", [])
    with pytest.raises(tg.ConfigError, match="no metric 'rogue'"):
        tg.explain("a", "b", metrics="rogue")
