"""How the answer is found in a generated text; the rules are those of lm-evaluation-harness where one is named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["choice", "find", "letter", "listed_choices", "mapped", "number", "number_in_words", "sorted_words"]

CHOICE = re.compile(r"(\([A-Z]\))")
LISTED_CHOICE = re.compile(r"\([A-Z]\)([^\n^(]*)")
DIGITS = re.compile(r"([-0-9]+)")

UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
NUMBER_WORDS = {
    **{word: number for number, word in enumerate(UNITS)},
    **{word: number for number, word in enumerate(TEENS, 10)},
    **{word: 10 * number for number, word in enumerate(TENS, 2)},
    "hundred": 100,
    **SCALES,
}
NUMBER_WORD = re.compile(r"\b(?:" + "|".join(NUMBER_WORDS) + r")\b")


def find(pattern: re.Pattern[str], text: str, which: int) -> str | None:
    """The match number `which` of all in `text`: of a pattern with several groups the first that is not empty."""
    matches = pattern.findall(text)
    if not matches:
        return None
    match = matches[which]
    if isinstance(match, tuple):
        match = next(filter(None, match), "")
    return str(match).strip() or None


def choice(text: str, choices: Sequence[str], which: int) -> str | None:
    """A choice such as `(B)`: so written; else by its text, whatever case and punctuation; else a letter after `:`."""
    found = find(CHOICE, text, which)
    if found or not choices:
        return found
    letters = [chr(ord("A") + index) for index in range(len(choices))]
    plain = [_plain(each.strip()) for each in choices]
    found = find(re.compile("|".join(map(re.escape, plain))), _plain(text), which)
    if found:
        # Of choices that read alike the last one counts.
        return {text: f"({letter})" for text, letter in zip(plain, letters, strict=True)}.get(found, found)
    found = find(re.compile(rf":[\s]*({'|'.join(map(re.escape, letters))})"), text, which)
    return found and f"({found})"


def letter(answer: str | None, choices: int) -> int | None:
    """The index of the choice that `B` or `(B)` names."""
    match = re.fullmatch(r"\(([A-Z])\)|([A-Z])", answer or "")
    if match is None:
        return None
    index = ord(match[1] or match[2]) - ord("A")
    return index if index < choices else None


def mapped(patterns: Mapping[str, str], text: str) -> str | None:
    """The value of the last match in `text`, in lower case, of any of the patterns."""
    found = find(re.compile("|".join(patterns)), text.lower(), -1)
    if found is None:
        return None
    return next((value for pattern, value in patterns.items() if re.search(pattern, found)), None)


def number(text: str) -> str | None:
    """The last number in digits; if there is none, the last in English words."""
    return find(DIGITS, text, -1) or number_in_words(text.lower())


def sorted_words(text: str, words: Sequence[str]) -> str | None:
    """Those of `words` that stand in `text`, each where it stands last, joined by blanks."""
    if not words:
        return None
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words))
    last_first = dict.fromkeys(reversed(pattern.findall(text)))
    return " ".join(reversed(last_first)) or None


def listed_choices(question: str) -> list[str]:
    """The texts of the choices `(A) …` in a question."""
    return LISTED_CHOICE.findall(question)


def _plain(text: str) -> str:
    from textgauge.text.transforms import RemovePunctuation  # slow to load, and seldom needed

    return RemovePunctuation()(text.lower())


def number_in_words(text: str) -> str | None:
    """The last number in words: a word that cannot go on with the number before it begins another."""
    total = current = 0
    # How large a word may follow: below `room` in this group of three digits, below `scale` as a scale.
    room, scale, end = 1000, 10**15, None
    for match in NUMBER_WORD.finditer(text):
        word, value = match[0], NUMBER_WORDS[match[0]]
        joined = end is not None and re.fullmatch(r"(?:[^\S\r\n]|,|&|and)+", text[end : match.start()])
        small = value < 100
        fits = value < room and value > 0 if small else (0 < current < 100 if word == "hundred" else value < scale)
        if not joined or not fits:
            # A scale takes what stands right before it along: "one thousand two million" ends with two million.
            taken = current if joined and not small and word != "hundred" else 0
            total, current, room, scale = 0, taken, 1000, 10**15
        if small:
            current += value
            room = 10 if value >= 20 else 1
        elif word == "hundred":
            current = (current or 1) * 100
            room = 100
        else:
            total += (current or 1) * value
            current, room, scale = 0, 1000, value
        end = match.end()
    return None if end is None else str(total + current)
