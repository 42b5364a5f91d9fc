"""Options of metrics and transforms: what is taken, and how the rest is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import CHRF

import textgauge as tg
from textgauge.text import transforms

if TYPE_CHECKING:
    from collections.abc import Callable

WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: tg.Chrf(word_order="x"), "chrf: word_order is 'x'; it must be a whole number"),
    (lambda: tg.Chrf(word_order=-(10**30)), "chrf: word_order is -1000"),
    (lambda: tg.Chrf(word_order=1.0), "chrf: word_order is 1.0"),
    (lambda: tg.Chrf(word_order=None), "chrf: word_order is None"),
    (lambda: tg.Bleu(weights=5), "bleu: weights is 5; it must be a list of numbers"),
    (lambda: tg.Bleu(variant="nltk", weights="x"), "bleu: weights is 'x'"),
    (lambda: tg.ExactMatch(regexes_to_ignore=5), "exact_match: regexes_to_ignore is 5; it must be a list of str"),
    (lambda: tg.Wer(transforms=5), "transforms is 5; it must be a list"),
    (lambda: tg.Wer(transforms=(5,)), "no transform 5"),
    (lambda: tg.Wer(transforms="Stripe"), "no transform 'Stripe'"),
    (lambda: tg.Wer(transforms=("Strip",), tokenizer=5), "wer: tokenizer is 5; it must be one of"),
    (lambda: tg.Wer(transforms=("Strip",), lowercase="x"), "lowercase is 'x'; it must be True or False"),
    (lambda: tg.Wer(transforms=("Strip",), tokenizer="rouge"), "always lower-cases"),
    (lambda: tg.align("a", "a", tokenizer=5), "no tokenizer 5"),
    (lambda: tg.align("a", "a", lowercase="x"), "lowercase is 'x'"),
    (lambda: tg.align("a", "a", transforms=5), "transforms is 5"),
    (lambda: transforms.SubstituteRegexes({"(": ""}), r"'\(' cannot be replaced by '': missing \)"),
    (lambda: transforms.SubstituteRegexes({"a": r"\1"}), "invalid group reference"),
    (lambda: transforms.SubstituteRegexes({"a": r"\g<name>"}), "unknown group name"),
    (lambda: transforms.SubstituteRegexes({"a": 5}), "substitutions is .* pairs of str"),
    (lambda: transforms.SubstituteRegexes(5), "substitutions is 5"),
    (lambda: transforms.SubstituteWords({"a": r"\1"}), "invalid group reference"),
    (lambda: transforms.SubstituteWords([("a",)]), "substitutions is .* pairs of str"),
]


@pytest.mark.parametrize(("make", "problem"), WRONG)
def test_what_cannot_be(make: Callable[[], object], problem: str) -> None:
    with pytest.raises(tg.ConfigError, match=problem) as caught:
        make()
    assert caught.value.code == "bad-option"


@pytest.mark.parametrize("transform", ["ToLowerCase", transforms.ToLowerCase(), str.lower])
def test_one_transform_needs_no_list(transform: Any) -> None:
    metric = tg.Wer(transforms=transform)
    assert metric == tg.Wer(transforms=[transform])
    assert tg.Scorer(metric).score(["A"], ["a"])["wer"][0] == 0
    assert tg.align("A", "a", transforms=transform).distance == 0


def test_iterators_are_read_once() -> None:
    assert tg.ExactMatch(regexes_to_ignore=iter(["a", "b"])) == tg.ExactMatch(regexes_to_ignore=["a", "b"])


def test_a_tokenizer_that_wants_lower_case_has_it_after_transforms() -> None:
    scorer = tg.Scorer(tg.Wer(transforms="Strip", tokenizer="rouge", lowercase=True))
    assert scorer.score([" A-b"], ["a b"])["wer"][0] == 0


# Every class, as often as its options differ, with what it takes to have each option looked at.
CLASSES: dict[str, Callable[..., tg.Metric]] = {
    "rouge1": lambda **options: tg.Rouge("rouge1", **options),
    "bleu": tg.Bleu,
    "chrf": tg.Chrf,
    "ter": tg.Ter,
    "gleu": tg.Gleu,
    "nist": tg.Nist,
    **{cls.__name__.lower(): cls for cls in (tg.Wer, tg.Cer, tg.Mer, tg.Wil, tg.Wip)},
    "edit_distance": tg.EditDistance,
    "edit_similarity": tg.EditSimilarity,
    "diagnostics": tg.Diagnostics,
    "extractive": tg.Extractive,
    "exact_match": tg.ExactMatch,
    "squad": tg.Squad,
    "mlqa": tg.Mlqa,
    "triviaqa": tg.Triviaqa,
}
INFO = {info.name: info for info in tg.list_metrics()}
OPTIONS = [(name, option) for name in CLASSES for option in INFO[name].options]
IDS = [f"{name}.{option.name}" for name, option in OPTIONS]

# What stands in quotes is a value's own word.
RUST = re.compile(
    r"(?<!['\"])\b(null|usize|u\d+|i\d+|f\d+|string|str\w*uct|enum|boolean|expected|invalid type|unknown field|"
    r"variant of|Some|map|sequence|line \d+|column \d+|serde|missing field|untagged)\b"
)


def any_value() -> st.SearchStrategy[Any]:
    """Values of every kind, few of which any option takes."""
    numbers = st.integers() | st.integers(-3, 20) | st.floats() | st.booleans() | st.complex_numbers() | st.fractions()
    texts = st.text(max_size=8) | st.binary(max_size=8) | st.sampled_from(["none", "porter", "13a", "exp", "nltk"])
    numpy = st.sampled_from(
        [np.int64(4), np.uint8(3), np.float32(0.5), np.float64("nan"), np.True_, np.str_("x"), np.array([1.0, 2.0])]
    )
    plain = st.none() | numbers | texts | numpy | st.sampled_from([object(), type, 10**400, {"source": 9}])
    return (
        plain | st.lists(plain, max_size=3) | st.tuples(plain) | st.dictionaries(st.text(max_size=3), plain, max_size=2)
    )


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=IDS)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(value=any_value())
def test_any_value_is_taken_or_refused_in_the_words_of_python(name: str, option: tg.OptionInfo, value: Any) -> None:
    refused = None
    try:
        assert tg.Scorer(CLASSES[name](**{option.name: value})).columns
    except tg.ConfigError as error:
        refused = error
    if refused is not None and refused.code == "missing-model":
        # A name that is right, of something whose data are not installed.
        assert "nltk" in str(value).lower()
    elif refused is not None:
        assert refused.code == "bad-option"
        message, shown = str(refused), repr(value)[:100]
        assert option.name in message
        # What does not go together is told by names alone; what is no list was made a tuple.
        assert shown in message or "takes no" in message or "regular" in message or repr(tuple(value))[:100] in message
        # Its own words, not those of the value.
        assert not RUST.search(message.replace(repr(value), "").replace(shown, ""))


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=IDS)
def test_classes_have_the_defaults_of_the_registry(name: str, option: tg.OptionInfo) -> None:
    metric = CLASSES[name]()
    # What the class leaves to the variant, the core has as its own default.
    assert getattr(metric, option.name) == option.default or option.default is None
    assert option.meaning
    assert option.allowed


@pytest.mark.parametrize("name", CLASSES)
def test_classes_have_the_options_of_the_registry(name: str) -> None:
    own = {*CLASSES[name]().option_names()} - {"prefix"}
    assert own == {option.name for option in INFO[name].options}


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (lambda: tg.Bleu(max_order=np.int64(3)), lambda: tg.Bleu(max_order=3)),
        (lambda: tg.Rouge("rouge1", beta=np.float32(0.5)), lambda: tg.Rouge("rouge1", beta=0.5)),
        (lambda: tg.Bleu(lowercase=np.True_), lambda: tg.Bleu(lowercase=True)),
        (lambda: tg.Rouge("rouge1", stemmer=None), lambda: tg.Rouge("rouge1")),
    ],
)
def test_numbers_and_truth_values_of_numpy_are_taken(made: Callable[[], Any], same: Callable[[], Any]) -> None:
    assert tg.Scorer(made()).signatures == tg.Scorer(same()).signatures


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tg.Bleu(prefix=None), "bleu: prefix is None; it must be a str"),
        (lambda: tg.Rouge("bleu"), "there is no metric 'bleu' of ROUGE"),
        (lambda: tg.Wer(tokenizer="jiwer-word"), "did you mean 'jiwer-words'?"),
        (lambda: tg.Bleu(smoothing="addk"), "did you mean 'add-k'?"),
        (lambda: tg.Bleu(max_order=4.0), "max_order is 4.0; it must be a whole number from 1 to 16"),
        (lambda: tg.Bleu(max_order=True), "max_order is True"),
        (lambda: tg.Gleu(min_len=3, max_len=2), "min_len is 3; it must be at most max_len, which is 2"),
        (lambda: tg.Wer(tokenizer={"source": 0}), "tokenizer is {'source': 0}; it must be one of"),
        (lambda: tg.tokenize("a", stemmer=5), "there is no stemmer 5"),
    ],
)
def test_what_is_wrong_is_said(make: Callable[[], object], message: str) -> None:
    with pytest.raises(tg.ConfigError, match=re.escape(message)):
        make()


@settings(max_examples=100, deadline=None)
@given(beta=st.floats(min_value=1e-3, max_value=1e3))
def test_floats_come_back_as_they_were(beta: float) -> None:
    theirs = CHRF(beta=beta).sentence_score("the cat sat", ["a cat sat on"]).score
    scorer = tg.Scorer(tg.Chrf(beta=beta))
    assert scorer.score_pair("the cat sat", "a cat sat on")["chrf"] == theirs
    again = tg.Aggregate.from_bytes(scorer.aggregate(["the cat sat"], ["a cat sat on"]).to_bytes())
    assert again.corpus["chrf"] == scorer.aggregate(["the cat sat"], ["a cat sat on"]).corpus["chrf"]


MEASURED = tg.Scorer("wer").measure(["a b", "c"], ["a c", "c"])


@pytest.mark.parametrize("threads", ["4", 0, -1, 1.5, True, []])
@pytest.mark.parametrize(
    "call",
    [
        lambda threads: MEASURED.bootstrap(samples=10, threads=threads),
        lambda threads: MEASURED.jackknife(threads=threads),
        lambda threads: tg.compare({"a": MEASURED, "b": MEASURED}, samples=10, threads=threads),
        lambda threads: tg.compare({"a": MEASURED, "b": MEASURED}, test="randomization", samples=10, threads=threads),
        lambda threads: tg.Scorer("wer", threads=threads),
    ],
)
def test_numbers_of_threads_that_are_none(call: Callable[[Any], object], threads: Any) -> None:
    with pytest.raises(tg.ConfigError, match=re.escape(f"threads is {threads!r}; it must be")):
        call(threads)


def test_more_threads_than_there_can_be_are_as_many_as_there_are() -> None:
    assert MEASURED.bootstrap(samples=10, threads=2**70) == MEASURED.bootstrap(samples=10)
    assert MEASURED.jackknife(threads=2**70) == MEASURED.jackknife()


@pytest.mark.parametrize("metrics", [None, 5, 1.5, object])
def test_what_is_no_metric_is_told(metrics: Any) -> None:
    with pytest.raises(tg.ConfigError, match="is no metric; pass a name such as 'rouge1'"):
        tg.Scorer(metrics)
