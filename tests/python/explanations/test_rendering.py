"""Explanations as people see them: in a terminal and in a notebook."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import textgauge as tg
from textgauge._render import cells

HOSTILE = [
    "<script>alert(1)</script>",
    "\u202eabc",
    "\x1b[31mred",
    "x\ud800",
    "a&b",
    "שלום עולם",
    "\x00",
    "</div>",
    "日本",
]


class Page(HTMLParser):
    """What a browser would make of it: its elements, and whether they are closed as they should be."""

    def __init__(self, html):
        super().__init__()
        self.names, self.open, self.texts = [], [], []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.open.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_text_shows_marks_sums_and_arithmetic():
    explanation = tg.explain("the the cat", "the cat sat", metrics=["rouge1", "rougeL"])
    assert explanation.text() == (
        "tok:rouge|case:lower|stem:none: rouge1, rougeL\n"
        "HYP the the cat\n"
        "    1   ×L  1L\n"
        "REF the cat sat\n"
        "    1L  1L\n"
        "\n"
        "digit: in a matched n-gram of this order; unmarked: in none\n"
        "L: on the longest common subsequence\n"
        "×: in the other text too, but not counted again\n"
        "\n"
        "rouge1\n"
        "  matches=2, prediction_ngrams=3, reference_ngrams=3\n"
        "  p = matched n-grams / n-grams of the prediction = 2 / 3 = 0.6667\n"
        "  r = matched n-grams / n-grams of the reference = 2 / 3 = 0.6667\n"
        "  f = 2 × precision × recall / (precision + recall)\n"
        "    = 2 × 0.6667 × 0.6667 / (0.6667 + 0.6667) = 0.6667\n"
        "\n"
        "rougeL\n"
        "  lcs=2, prediction_tokens=3, reference_tokens=3\n"
        "  p = longest common subsequence / tokens of the prediction = 2 / 3 = 0.6667\n"
        "  r = longest common subsequence / tokens of the reference = 2 / 3 = 0.6667\n"
        "  f = 2 × precision × recall / (precision + recall)\n"
        "    = 2 × 0.6667 × 0.6667 / (0.6667 + 0.6667) = 0.6667"
    )
    assert repr(explanation) == explanation.text()


def test_right_words_in_another_order_are_off_the_path():
    shown = tg.explain("the postman bit the dog", "the dog bit the postman", metrics=["rouge1", "rougeL"]).text()
    assert "HYP the postman bit the dog\n    1L  1~      1L  1L  1~\n" in shown


def test_shifts_and_edits_are_shown():
    shown = tg.explain("on the mat sat the cat", "sat the cat on the mat", metrics="ter").text()
    assert "shift 1: “on the mat” changes places with “sat the cat”" in shown
    shown = tg.explain("the cat sits on", "the black cat sat on", metrics="wer").text()
    assert "REF the black cat sat  on\nHYP the ***** cat sits on\n        D         S\n" in shown


@settings(max_examples=40, deadline=None)
@given(
    prediction=st.lists(st.sampled_from([*HOSTILE, "the", "cat"]), max_size=40).map(" ".join),
    reference=st.lists(st.sampled_from([*HOSTILE, "the", "cat"]), max_size=40).map(" ".join),
    width=st.sampled_from([40, 80, 120]),
)
def test_lines_keep_to_the_width_and_hold_nothing_that_a_terminal_obeys(prediction, reference, width):
    explanation = tg.explain(prediction, reference, metrics=["rouge1", "rougeL", "bleu", "chrf", "ter", "wer"])
    for line in explanation.text(width).split("\n"):
        assert cells(line) <= width
        assert not set(line) & {"\x1b", "\u202e", "\x00", "\ud800"}


def test_long_texts_are_cut():
    shown = tg.explain("a " * 1000, "b " * 1000, metrics=["rouge1", "wer"])
    assert "… and 700 more tokens" in shown.text()
    assert "… and 1,400 more tokens" in shown.text()
    assert "… and 700 more" in shown._repr_html_()


@settings(max_examples=30, deadline=None)
@given(
    prediction=st.lists(st.sampled_from([*HOSTILE, "the"]), max_size=12).map(" ".join) | st.text(max_size=20),
    references=st.lists(
        st.lists(st.sampled_from([*HOSTILE, "the"]), max_size=12).map(" ".join), min_size=1, max_size=2
    ),
)
def test_html_is_inert_and_whole(prediction, references):
    metrics = ["rouge1", "rougeL", "bleu", "chrf", "ter", "wer", "squad", tg.Wer(tokenizer="whitespace", prefix="own_")]
    html = tg.explain(prediction, references, metrics=metrics)._repr_html_()
    page = Page(html)
    assert set(page.names) <= {"div", "p", "small", "span", "bdi", "table", "tr", "th", "td"}
    assert not set("".join(page.texts)) & {"\x1b", "\u202e", "\x00", "\ud800"}
    html.encode()


@pytest.mark.parametrize("name", ["exact_match", "squad", "helm_exact_match", "extractive", "diagnostics"])
def test_metrics_without_marks_show_what_they_read(name):
    explanation = tg.explain("Paris!", "paris", metrics=name)
    assert "aris" in explanation.text()
    assert "aris" in explanation._repr_html_()
