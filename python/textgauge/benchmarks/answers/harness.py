"""How the answer is found in a generated text; the rules are those of lm-evaluation-harness where one is named."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from textgauge.benchmarks.answers.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "choice",
    "find",
    "letter",
    "listed_choices",
    "mapped",
    "number",
    "number_in_words",
    "reading",
    "sorted_words",
]

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
    found = reading(pattern, text, which, "")
    return None if found is None else found.answer


def reading(pattern: re.Pattern[str], text: str, which: int, rule: str) -> Reading | None:
    """As `find`, with where it stands, found by the rule of that name."""
    matches = list(pattern.finditer(text))
    if not matches:
        return None
    match = matches[which]
    groups = range(1, pattern.groups + 1)
    group = next((group for group in groups if match[group]), pattern.groups)
    start, end = match.span(group)
    return stripped(text, start, end, rule)


def stripped(text: str, start: int, end: int, rule: str) -> Reading | None:
    """What stands from `start` to `end` without blanks around it; `None` if that is nothing."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    return Reading(piece, rule, start, start + len(piece)) if piece else None


def choice(text: str, choices: Sequence[str], which: int) -> Reading | None:
    """A choice such as `(B)`: so written; else by its text, whatever case and punctuation; else a letter after `:`."""
    found = reading(CHOICE, text, which, "parentheses")
    if found or not choices:
        return found
    letters = [chr(ord("A") + index) for index in range(len(choices))]
    plain = [_plain(each.strip()) for each in choices]
    found = reading(re.compile("|".join(map(re.escape, plain))), _plain(text), which, "text of a choice")
    if found:
        # Of choices that read alike the last one counts.
        named = {text: f"({letter})" for text, letter in zip(plain, letters, strict=True)}
        return _in_source(text, replace(found, answer=named.get(found.answer, found.answer)))
    found = reading(re.compile(rf":[\s]*({'|'.join(map(re.escape, letters))})"), text, which, "colon")
    return found and replace(found, answer=f"({found.answer})")


def letter(answer: str | None, choices: int) -> int | None:
    """The index of the choice that `B` or `(B)` names."""
    match = re.fullmatch(r"\(([A-Z])\)|([A-Z])", answer or "")
    if match is None:
        return None
    index = ord(match[1] or match[2]) - ord("A")
    return index if index < choices else None


def mapped(patterns: Mapping[str, str], text: str) -> Reading | None:
    """The value of the last match in `text`, in lower case, of any of the patterns."""
    found = reading(re.compile("|".join(patterns)), text.lower(), -1, "last")
    if found is None:
        return None
    value = next((value for pattern, value in patterns.items() if re.search(pattern, found.answer)), None)
    return None if value is None else _in_cases(text, replace(found, answer=value))


def number(text: str) -> Reading | None:
    """The last number in digits; if there is none, the last in English words."""
    found = reading(DIGITS, text, -1, "last")
    if found:
        return found
    words = _words_of_number(text.lower())
    return words and _in_cases(text, words)


def sorted_words(text: str, words: Sequence[str]) -> Reading | None:
    """Those of `words` that stand in `text`, each where it stands last, joined by blanks."""
    if not words:
        return None
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words))
    last = {match[0]: match for match in pattern.finditer(text)}
    found = sorted(last.values(), key=lambda match: match.start())
    joined = " ".join(match[0] for match in found)
    return Reading(joined, "last", found[0].start(), found[-1].end()) if joined else None


def listed_choices(question: str) -> list[str]:
    """The texts of the choices `(A) …` in a question."""
    return LISTED_CHOICE.findall(question)


def _plain(text: str) -> str:
    from textgauge.text.transforms import RemovePunctuation  # slow to load, and seldom needed

    return RemovePunctuation()(text.lower())


def number_in_words(text: str) -> str | None:
    """The last number in words, in lower case: see `_words_of_number`."""
    found = _words_of_number(text)
    return None if found is None else found.answer


def _in_source(text: str, found: Reading) -> Reading:
    """What was found in `_plain` of the text, where it stands in the text."""
    from textgauge.text.transforms import RemovePunctuation

    places = RemovePunctuation().traced(text.lower())[1]
    return _in_cases(text, replace(found, start=places[found.start][0], end=places[found.end - 1][1]))


def _in_cases(text: str, found: Reading) -> Reading:
    """What was found in lower case, where it stands in the text: few letters become two."""
    if len(text.lower()) == len(text):
        return found
    places = [place for place, each in enumerate(text) for _ in each.lower()]
    return replace(found, start=places[found.start], end=places[found.end - 1] + 1)


def _words_of_number(text: str) -> Reading | None:
    """The last number in words: a word that cannot go on with the number before it begins another."""
    total = current = 0
    # How large a word may follow: below `room` in this group of three digits, below `scale` as a scale.
    room, scale, start, end = 1000, 10**15, 0, None
    for match in NUMBER_WORD.finditer(text):
        word, value = match[0], NUMBER_WORDS[match[0]]
        joined = end is not None and re.fullmatch(r"(?:[^\S\r\n]|,|&|and)+", text[end : match.start()])
        small = value < 100
        fits = value < room and value > 0 if small else (0 < current < 100 if word == "hundred" else value < scale)
        if not joined or not fits:
            # A scale takes what stands right before it along: "one thousand two million" ends with two million.
            taken = current if joined and not small and word != "hundred" else 0
            total, current, room, scale = 0, taken, 1000, 10**15
            start = start if taken else match.start()
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
    return None if end is None else Reading(str(total + current), "last", start, end)
