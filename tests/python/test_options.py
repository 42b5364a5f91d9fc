"""Options of metrics and transforms: what is taken, and how the rest is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import textgauge as tg
from textgauge.text import transforms

if TYPE_CHECKING:
    from collections.abc import Callable

WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: tg.Chrf(word_order="x"), "chrf: word_order is 'x'; it must be a whole number"),
    (lambda: tg.Chrf(word_order=1.0), "chrf: word_order is 1.0"),
    (lambda: tg.Chrf(word_order=None), "chrf: word_order is None"),
    (lambda: tg.Bleu(weights=5), "bleu: weights is 5; it must be a list of numbers"),
    (lambda: tg.Bleu(variant="nltk", weights="x"), "bleu: weights is 'x'"),
    (lambda: tg.ExactMatch(regexes_to_ignore=5), "exact_match: regexes_to_ignore is 5; it must be a list of str"),
    (lambda: tg.Wer(transforms=5), "transforms is 5; it must be a list"),
    (lambda: tg.Wer(transforms=(5,)), "no transform 5"),
    (lambda: tg.Wer(transforms="Stripe"), "no transform 'Stripe'"),
    (lambda: tg.Wer(transforms=("Strip",), tokenizer=5), "no tokenizer 5; pass a name or a function"),
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
