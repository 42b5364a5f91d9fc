"""Transforms: how they are named, what they do to scores and signatures, and what is shared."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import textgauge as tg
from textgauge.text.transforms import BUILT_IN, Pipeline, as_transforms

T = tg.transforms

# Every metric, in a form that scores a pair of short texts.
METRICS = [
    tg.Rouge("rouge1", "rougeL", "rougeLsum"),
    tg.Bleu(),
    tg.Bleu(variant="nltk", prefix="nltk_"),
    tg.Chrf(word_order=2),
    tg.Ter(),
    tg.Gleu(),
    tg.Nist(),
    tg.Wer(),
    tg.Cer(),
    tg.Mer(),
    tg.Wil(),
    tg.Wip(),
    tg.EditDistance(),
    tg.EditSimilarity(),
    tg.Diagnostics(),
    tg.Extractive(),
    tg.ExactMatch(),
    tg.ExactMatch(regexes_to_ignore=["x"], prefix="regex_"),
    tg.Squad(),
    tg.Helm(),
    tg.Rouge("rouge2", tokenizer=str.split, prefix="own_"),
]
RAW = (
    ["<think>So?</think> The CAFE\u0301 is  open, 24/7!", "b", "It's [noise] HERE"],
    ["the café is closed 24/7", "B!", ""],
)


def clean(text: str) -> str:
    """What `NAMES` do, by hand."""
    for transform in (T.RemoveReasoning(), T.NormalizeUnicode("NFC"), T.ToLowerCase(), T.RemovePunctuation()):
        text = transform(text)
    return text


NAMES = ("RemoveReasoning", "NormalizeUnicode", "ToLowerCase", "RemovePunctuation")


@pytest.mark.parametrize("metric", METRICS, ids=repr)
@pytest.mark.parametrize("transforms", [NAMES, (clean,), ("RemoveReasoning", clean)], ids=["core", "function", "both"])
def test_every_metric_scores_what_comes_out(metric: tg.Metric, transforms: Any) -> None:
    cleaned = [[*map(clean, column)] for column in RAW]
    wanted = tg.Scorer(metric).score(*cleaned)
    own, of_scorer = tg.Scorer(metric.with_fields(transforms=transforms)), tg.Scorer(metric, transforms=transforms)
    assert own == of_scorer
    for threads in (1, 2):
        result = own.score(*RAW, threads=threads)
        for column in wanted:
            np.testing.assert_array_equal(result[column], wanted[column])
        assert str(result.corpus) == str(wanted.corpus)
    for name, signature in own.signatures.items():
        assert "transforms:" in signature
        assert signature != tg.Scorer(metric).signatures[name]
    if own.is_fitted:
        assert str(own.score_pair(RAW[0][0], RAW[1][0])) == str({column: float(wanted[column][0]) for column in wanted})
    # The same way round through references that are prepared, and through parts.
    fitted = own.fit(RAW[1])
    np.testing.assert_array_equal(
        fitted.score(RAW[0], fitted.prepare(RAW[1]))[own.columns[0]], fitted.score(*RAW)[own.columns[0]]
    )
    parts = [fitted.aggregate(RAW[0][part], RAW[1][part]) for part in (slice(1), slice(1, None))]
    assert str((parts[0] + parts[1]).corpus) == str(fitted.score(*RAW).corpus)


def test_all_pairs_are_scored_after_transforms() -> None:
    scorer = tg.Scorer("wer", transforms=NAMES)
    plain = tg.Scorer("wer").pairwise(*([*map(clean, column)] for column in RAW))
    np.testing.assert_array_equal(scorer.pairwise(*RAW)["wer"], plain["wer"])


def test_stored_aggregates_know_their_transforms() -> None:
    scorer = tg.Scorer("wer", transforms=[T.SubstituteWords({"a": "b"}), clean])
    stored = tg.Aggregate.from_bytes(scorer.aggregate(["a"], ["b"]).to_bytes())
    assert stored.signatures == scorer.signatures
    assert (stored + stored).corpus["wer"] == 0
    with pytest.raises(tg.SignatureMismatch):
        stored + tg.Scorer("wer").aggregate(["a"], ["b"])


def test_what_is_fitted_belongs_to_its_transforms() -> None:
    scorer = tg.Scorer("nist", transforms="ToLowerCase").fit(["A b", "a c"])
    same = pickle.loads(pickle.dumps(scorer))
    assert same == scorer
    assert same.score_pair("A B", "a b") == tg.Scorer("nist").fit(["a b", "a c"]).score_pair("a b", "a b")


def test_a_function_runs_once_a_text_however_many_metrics_share_it() -> None:
    seen = []

    def watched(text: str) -> str:
        seen.append(text)
        return text.lower()

    tg.Scorer(["wer", "cer", "rouge1", "bleu"], transforms=[watched, "Strip"]).score(["A", "B"], ["a", "b"])
    assert sorted(seen) == ["A", "B", "a", "b"]


@pytest.mark.parametrize(
    "metric",
    [tg.Wer(tokenizer=str.split), tg.ExactMatch(regexes_to_ignore=["x"]), tg.Rouge("rougeLsum", tokenizer=str.split)],
)
def test_a_function_runs_once_before_one_that_makes_tokens(metric: tg.Metric) -> None:
    seen = []

    def watched(text: str) -> str:
        seen.append(text)
        return text.lower()

    tg.Scorer(metric, transforms=[watched]).score(["A"], ["a"])
    assert sorted(seen) == ["A", "a"]


def test_order_is_that_of_the_pipeline() -> None:
    # The scorer's, the metric's own, lower case, tokenizer.
    metric = tg.Wer(transforms=T.SubstituteWords({"B": "C"}), lowercase=True)
    scorer = tg.Scorer(metric, transforms=T.SubstituteWords({"A": "B"}))
    assert scorer.score_pair("A", "c")["wer"] == 0
    assert [type(each).__name__ for each in scorer.metrics[0].transforms] == ["SubstituteWords"] * 2


def test_names_objects_classes_and_texts_are_one() -> None:
    words = T.SubstituteWords({"u": "you"})
    same = [
        ("Strip", words, T.FirstWords(3)),
        [T.Strip(), words, T.FirstWords(3)],
        [T.Strip, {"SubstituteWords": {"u": "you"}}, {"FirstWords": {"n": 3}}],
        'Strip, SubstituteWords({"u": "you"}), FirstWords(3)',
        'Strip,SubstituteWords(substitutions=[["u","you"]]),FirstWords(n=3)',
        ["Strip", 'SubstituteWords({"u":"you"}),FirstWords(3)'],
        [{"Strip": None, "SubstituteWords": [["u", "you"]], "FirstWords": 3}],
    ]
    for transforms in same:
        assert as_transforms(transforms) == same[0]
    assert as_transforms("NormalizeUnicode(NFKC)") == (T.NormalizeUnicode("NFKC"),)
    assert as_transforms("NormalizeUnicode(NFC), SplitSentences(null)") == ("NormalizeUnicode", "SplitSentences")
    assert as_transforms(None) == as_transforms("") == as_transforms([]) == ()
    metric = tg.Wer(transforms=same[3])
    assert pickle.loads(pickle.dumps(metric)) == metric
    scope = {**vars(tg), **vars(T)}
    assert eval(repr(metric), scope) == metric


@pytest.mark.parametrize(
    ("transforms", "problem"),
    [
        ("Strip(", r"transforms is 'Strip\('; write NAME"),
        ("Strip()", "write NAME"),
        ("Strip Strip", "write NAME"),
        ("FirstWords(3", "write NAME"),
        ("FirstWords", "FirstWords: FirstWords lacks n"),
        ("FirstWords(x)", "FirstWords: n is 'x'; it must be a whole number from 0"),
        ("FirstWords(-1)", "n is -1"),
        ("FirstWords(true)", "n is True"),
        ("FirstWords(3, 4)", "FirstWords takes"),
        ("FirstWords(m=4)", "no option 'm'"),
        ("NormalizeUnicode(NFX)", "form is 'NFX'; it must be one of NFC, NFD, NFKC, NFKD"),
        ("JoinSubwords(x)", "marks is 'x'; it must be one of bpe, sentencepiece, wordpiece"),
        ('SplitSentences("")', "separator is ''; it must be a str that is not empty"),
        ("SplitSentences(5)", "separator is 5"),
        ("WhisperBasic(1)", "remove_diacritics is 1; it must be True or False"),
        ("WhisperBasic(remove_diacritics=true, preserve_marks=true)", "contradict each other"),
        ("RemoveSpecificWords([1])", "words is .*; it must be a list of str"),
        ("RemovePunctation", "did you mean 'RemovePunctuation'"),
        ([3], r"transforms is \(3,\); there is no transform 3"),
        (b"Strip", "transforms is b'Strip'; it must be a list"),
    ],
)
def test_what_is_no_transform(transforms: Any, problem: str) -> None:
    with pytest.raises(tg.ConfigError, match=problem) as caught:
        tg.Wer(transforms=transforms)
    assert caught.value.code == "bad-option"


def test_a_function_that_makes_no_text_is_named_with_the_row() -> None:
    def broken(text: str) -> Any:
        return text if text != "c" else 5

    scorer = tg.Scorer(["wer", "rouge1"], transforms=[broken, "ToLowerCase"])
    with pytest.raises(tg.InputError, match=r"broken.* made a int of a text in row 2; it must return a str") as caught:
        scorer.score(["a", "b", "c"], ["a", "b", "c"])
    assert caught.value.row == 2

    def raises(text: str) -> str:
        raise KeyError(text)

    with pytest.raises(KeyError):
        tg.Scorer("wer", transforms=raises).score(["a"], ["b"])


REASONING = [
    ("<think>\nhm\n</think>\n\nYes.", "Yes."),
    ("hm</think> Yes.", "Yes."),
    ("<think>hm, and then", ""),
    ("So <think>a</think>b<THINK>c</Think> d", "So bd"),
    ("<reasoning>a<think>b</think></reasoning>c", "c"),
    ("[THINK]a[/THINK]b", "b"),
    ("◁think▷a◁/think▷b", "b"),
    ("<|channel|>analysis<|message|>a<|end|>b", "b"),
    ("a<|end|>b", "a<|end|>b"),
    ("1 < 2 and [x]", "1 < 2 and [x]"),
    ("a <thinker> b", "a <thinker> b"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "left"), REASONING)
def test_reasoning(text: str, left: str) -> None:
    assert T.RemoveReasoning()(text) == left
    assert T.RemoveReasoning()(left) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<s> Yes</s><pad><pad>", " Yes"),
        ("<|im_start|>assistant\nYes<|im_end|>", "assistant\nYes"),
        ("Ja<｜end▁of▁sentence｜>", "Ja"),
        ("[INST] <<SYS>>x<</SYS>> [/INST]", " x "),
        ("<unk> <b> [1] <| |> <|a b|>", "<unk> <b> [1] <| |> <|a b|>"),
        ("<<s>>", "<>"),
    ],
)
def test_special_tokens(text: str, left: str) -> None:
    assert T.RemoveSpecialTokens()(text) == left


def test_sentences() -> None:
    assert (
        T.SplitSentences()("Snow fell. It is 3.5 m!  Roads\nclosed? Yes")
        == "Snow fell.\nIt is 3.5 m!\nRoads\nclosed?\nYes"
    )
    assert T.SplitSentences("<q>")("a b<q> c\nd <q><q>e") == "a b\nc d\ne"


def test_every_built_in_stands_in_the_documentation() -> None:
    assert sorted(BUILT_IN) == sorted({*T.__all__} - {"Transform"})


def test_traces_go_through_several_transforms() -> None:
    text, spans = Pipeline(("RemoveKaldiNonWords", T.SubstituteRegexes({r"\bfoo\b": "barbar"}), "ToUpperCase")).traced(
        "[x]a foo ß"
    )
    assert text == "A BARBAR SS"
    assert spans is not None
    assert [spans[at] for at in (0, 2, 7, 9, 10)] == [(3, 4), (5, 8), (5, 8), (9, 10), (9, 10)]
    assert Pipeline((str.lower, "Strip")).traced(" A") == ("a", None)
