"""The string rules of the text crate against those of the running Python.

Letter case depends on the Unicode version. The tables hold one, ``_core.unicode_version()``; a Python
of the same version must agree on every code point. With any other Python only what cannot have changed
in between is compared: code points that it has assigned, and of those not the ones to which one side
gives no case at all, because their small letters may be younger than that side.
"""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgauge import _core

ROOT = Path(__file__).resolve().parents[3]

CODE_POINTS = range(sys.maxunicode + 1)
SAME_UNICODE = unicodedata.unidata_version == _core.unicode_version()

needs_same_unicode = pytest.mark.skipif(
    not SAME_UNICODE,
    reason=f"tables of Unicode {_core.unicode_version()}, Python of {unicodedata.unidata_version}",
)

# Letters with and without case, what is skipped next to a sigma (marks, full stop, soft hyphen, a
# modifier letter that is cased too), what is not (digit, space), and lone surrogates.
SIGMA_NEIGHBOURS = (
    "\u03a3\u03a3\u03a3\u03c3\u03c2aZ\u0391\u03b1\u00c9\u0130\u01c5\U00010400"
    ".':^`\u0301\u00ad\u02b0\u2019\u200d\u0345"
    "1 -\n\u65e5\u00a0\ud800\udc00\udfff"
)
# Without a Unicode version in common, letters that only one side knows must not occur.
ANY_CHARACTER = st.characters() if SAME_UNICODE else st.characters(max_codepoint=0x24F)


def may_differ(character: str) -> bool:
    """Whether another Unicode version explains a difference at ``character``."""
    if SAME_UNICODE:
        return False
    unchanged = character in (_core.py_lower(character), character.lower())
    return unicodedata.category(character) == "Cn" or unchanged


def test_lower_of_every_code_point() -> None:
    wrong = [c for c in CODE_POINTS if _core.py_lower(chr(c)) != chr(c).lower()]
    assert [hex(c) for c in wrong if not may_differ(chr(c))] == []


@needs_same_unicode
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\u03a3"),  # cased
        ("a", "\u03a3"),  # cased or skipped
        ("a\u03a3", ""),
        ("a\u03a3", "a"),
        ("1", "\u03a3"),
    ],
)
def test_final_sigma_beside_every_code_point(before: str, after: str) -> None:
    around = ((c, before + chr(c) + after) for c in CODE_POINTS)
    assert [hex(c) for c, text in around if _core.py_lower(text) != text.lower()] == []


@settings(max_examples=2000)
@given(st.text(st.sampled_from(SIGMA_NEIGHBOURS)))
def test_lower_around_sigmas(text: str) -> None:
    assert _core.py_lower(text) == text.lower()


@settings(max_examples=1000)
@given(st.text(st.one_of(ANY_CHARACTER, st.characters(categories=["Cs"]))))
def test_lower_of_any_text(text: str) -> None:
    assert _core.py_lower(text) == text.lower()


@pytest.mark.parametrize("length", range(34))
def test_lower_of_ascii_runs(length: int) -> None:
    # The runs are worked through several bytes at a time; every length has another rest.
    ascii_run = "AZ@[`{z"[:length] + "Q" * max(0, length - 7)
    for text in (ascii_run, ascii_run + "\u00c9", "\u00c9" + ascii_run, ascii_run + "\u03a3" + ascii_run):
        assert _core.py_lower(text) == text.lower()


@settings(max_examples=500)
@given(st.text(ANY_CHARACTER))
def test_lower_is_stable(text: str) -> None:
    once = _core.py_lower(text)
    assert _core.py_lower(once) == once


def test_white_space_is_that_of_every_code_point() -> None:
    # White space is the same in every Unicode version that a supported Python carries.
    split = [c for c in CODE_POINTS if _core.py_split(f"a{chr(c)}b") == ["a", "b"]]
    assert split == [c for c in CODE_POINTS if chr(c).isspace()]
    assert {0x1C, 0x1D, 0x1E, 0x1F, 0x85} < set(split)


@settings(max_examples=1000)
@given(
    st.text(st.sampled_from("ab\u00e9\u65e5\U0001f600\ud800\u200b \t\n\x0b\x1c\x1f\x85\xa0\u1680\u2003\u2028\u3000"))
)
def test_split_around_white_space(text: str) -> None:
    assert _core.py_split(text) == text.split()


@settings(max_examples=500)
@given(st.text(st.one_of(st.characters(), st.characters(categories=["Cs"]))))
def test_split_of_any_text(text: str) -> None:
    assert _core.py_split(text) == text.split()


@needs_same_unicode
def test_tables_are_what_the_generator_writes() -> None:
    script = ROOT / "tools" / "generate_pystr_tables.py"
    checked = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
