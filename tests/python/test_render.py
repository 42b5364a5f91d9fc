"""Tables as text, Markdown, LaTeX and HTML."""

from __future__ import annotations

import math

import pytest

from textgauge._render import Table, digits

TABLE = Table(("name", "score"), (("a_b & c|d", "1"), ("東京", "22.50")), title="scores")


@pytest.mark.parametrize(
    ("value", "highest", "shown"),
    [
        (0.5, 1.0, "0.5000"),
        (1.0, 1.0, "1.0000"),
        (27.345, 100.0, "27.34"),
        (1234567.0, math.inf, "1,234,567"),
        (0.25, math.inf, "0.2500"),
        (math.nan, 1.0, "nan"),
        (math.nan, math.inf, "nan"),
    ],
)
def test_digits_fit_the_scale(value, highest, shown):
    assert digits(value, highest) == shown


def test_text_lines_up_wide_characters_too():
    assert TABLE.text().splitlines() == ["scores", "name       score", "a_b & c|d      1", "東京       22.50"]


def test_what_does_not_fit_follows_below():
    wide = Table(("key", *(f"column{n}" for n in range(30))), (("x", *["1.0000"] * 30),))
    lines = wide.text().splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("x ") for line in lines) == 5
    assert " ".join(lines).count("column") == 30


def test_markdown_and_latex_escape_their_own_signs():
    lines = TABLE.markdown().splitlines()
    assert lines[:2] == ["scores", ""]
    assert lines[2:] == ["| name | score |", "| --- | --: |", r"| a_b & c\|d | 1 |", "| 東京 | 22.50 |"]
    assert r"a\_b \& c|d & 1 \\" in TABLE.latex().splitlines()
    assert TABLE.latex().splitlines()[:2] == [r"\begin{tabular}{lr}", r"\toprule"]


def test_html_escapes():
    html = Table(("<b>", "score"), (("<script>", "1"),), title="a & b").html()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "<caption>a &amp; b</caption>" in html
