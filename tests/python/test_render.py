"""Tables as text, Markdown, LaTeX and HTML."""

from __future__ import annotations

import math

import pytest

from textgauge._render import Table, digits

TABLE = Table(("name", "score"), (("a_b & c|d", "1"), ("東京", "22.50")), title="scores")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.5, "share", "0.5000"),
        (1.0, "share", "1.0000"),
        (27.345, "percent", "27.34"),
        (60.0, "percent", "60.00"),
        (1234567.0, "count", "1,234,567"),
        (0.25, "count", "0.2500"),
        (2.0, "number", "2.0000"),
        (math.nan, "share", "nan"),
        (math.nan, "count", "nan"),
    ],
)
def test_digits_fit_the_unit(value, unit, shown):
    assert digits(value, unit) == shown


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
    assert TABLE.latex().splitlines()[:3] == ["% scores", r"\begin{tabular}{lr}", r"\toprule"]


def test_html_escapes():
    html = Table(("<b>", "score"), (("<script>", "1"),), title="a & b").html()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "<caption>a &amp; b</caption>" in html
