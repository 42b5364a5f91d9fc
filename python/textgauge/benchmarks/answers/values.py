r"""Final answers to questions of mathematics as a person reads them: where they stand, and which are the same.

An answer is brought into one form: numbers are worked out (`\frac{2}{4}`, `1/2`, `0.50` and `50\%` are one half),
tuples, sets and intervals part by part, and what is left is compared as text. Nothing with a variable is worked out:
`(x+1)^2` is not `x^2+2x+1`, which is what some questions are about.

>>> same(r"1\frac{1}{2}", "1.5"), same("[1, 2)", "(1, 2)"), same(r"\$1{,}000", "1000 dollars")
(True, False, True)
>>> final_answer("She has 3 + 4 = 7 apples, so the answer is **7 apples**.")
'7 apples'
"""

from __future__ import annotations

import functools
import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from textgauge.benchmarks.answers import harness
from textgauge.benchmarks.answers.expressions import CLOSING, OPENING, evaluate, form
from textgauge.benchmarks.answers.math import last_boxed_only_string, strip_string

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["canonical", "final_answer", "final_value", "same"]

# ---- Where the answer stands.

CALCULATION = re.compile(r"<<[^<>]*>>")
BOX = re.compile(r"\\(?:boxed|fbox)\s*(?=[{\\\d-])")
LEAD = re.compile(
    r"####|\b(?:final\s+|correct\s+)?answer\b(?:\s+to\s+[^.:\n]{1,80}?)?(?:\*\*)?\s*(?:is\b(?!\s+(?:not|wrong|incorrect)\b)|[:=：])(?:\*\*)?\s*:?"
    r"|^[ \t]*(?:\*\*)?A(?:\*\*)?:|答案(?:是|为|為|[:：])|答え(?:は|[:：])|\bAntwort\b\s*(?:ist|lautet|:)"
    r"|\b(?:respuesta|réponse)\b(?:\s+\w+)?\s*(?:est|es|:)",
    re.IGNORECASE | re.MULTILINE,
)
# Dollars that enclose a formula touch it on the inside, and no digit behind; others are money: "$5 and $6".
FORMULA = re.compile(
    r"\$\$([^$]+)\$\$|(?<![\\$])\$(?![\s$])([^$\n]*[^\s\\$])\$(?![-−]?\.?\d)|\\\((.{1,400}?)\\\)|\\\[(.{1,400}?)\\\]",
    re.DOTALL,
)
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
SENTENCE_END = re.compile(r"(?<=[^.])[.!?](?=\s|\*|$)|[。！？\n]")
# What parts formulas, or boxes, that are one answer together.
BETWEEN = re.compile(r"[\s$.]*(?:,|,?\s*(?:and|or|und|oder|y|o|et|ou|和|或))[\s$]*(?:x\s*=\s*)?")
COURTESY = re.compile(
    r"\b(?:let me know|hope (?:this|that|it) helps|feel free|any (?:other |more |further )?questions)\b", re.I
)
# With separators of thousands, also India's; a decimal comma; a fraction.
GROUPED = (
    r"\d{1,3}(?:,\d{3})+(?![\d,])",
    r"\d{1,2}(?:,\d\d)+,\d{3}(?![\d,])",
    r"\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?!\d)",
    r"\d{1,3}(?:\.\d{3}){2,}(?!\d)",
    r"\d{1,3}(?:\.\d{3})+(?=,\d{1,2}(?!\d))",
)
NUMBER = re.compile(
    rf"(?<![A-Za-z0-9_.,])(?<!\d:)(?:{'|'.join(GROUPED)}|\d+)(?:\.\d+|,\d{{1,2}}(?!\d))?(?:\s?/\s?\d+(?![\d.]))?(?!\d|:\d)"
)
# A number behind these says by what, not how much: "18 dollars in 7 days".
HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
BESIDE = re.compile(r"\b(?:in|per|for|over|within|every|each|after|by|from|at)\s+[$€£¥]?$", re.IGNORECASE)

# ---- What it is worth.

UNIT_NAMES = (
    "$ dollar usd buck",
    "% percent",
    "cent ¢",
    "€ euro eur",
    "£ pound gbp",
    "degree °",
    "km kilometer kilometre",
    "m meter metre",
    "cm centimeter centimetre",
    "mm millimeter millimetre",
    "inch in",
    "foot feet ft",
    "yard yd",
    "mile mi",
    "kg kilogram",
    "g gram",
    "hour hr h",
    "minute min",
    "second sec s",
    "day",
    "week",
    "month",
    "year",
    "liter litre l",
    "ml milliliter millilitre",
    "mph",
)
UNITS = {name: names.split()[0] for names in UNIT_NAMES for name in names.split()}
SCALED = re.compile(r"(?<=\d)\s*(hundred|thousand|million|billion|trillion)\b", re.IGNORECASE)
POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
REWRITTEN = (
    ("−", "-"),
    ("–", "-"),
    ("，", ","),
    ("{,}", ","),
    (r",\! ", ","),
    (r"\dfrac", r"\frac"),
    (r"\tfrac", r"\frac"),
    (r"\cfrac", r"\frac"),
    (r"\%", "%"),
    ("％", "%"),
    ("×", r"\times "),
    ("·", r"\cdot "),
    ("÷", "/"),
    (r"\div", "/"),
    ("π", r"\pi "),
    (" pi", r" \pi"),
    ("∞", r"\infty"),
    ("∪", r"\cup"),
    ("±", r"\pm "),
    ("√", r"\sqrt"),
    (r"^{\circ}", " degrees"),
    (r"^\circ", " degrees"),
    ("°", " degrees"),
)
SPACES = re.compile(r"(?<!\\)\\(?:[!,;:]|(?:q?quad|displaystyle|left|right)(?![a-zA-Z]))")
BLANKS = re.compile(r"(?<!\\)\\ |~")
WRAPPED = re.compile(
    r"\\(?:text(?:bf|it|rm|normal)?|mbox|mathrm|mathbf|boldsymbol|operatorname|boxed|fbox)\s*\{([^{}]*)\}"
)
DELIMITERS = re.compile(r"\\?\$|\\[()]|\\\[|\\\]")
NAMED = re.compile(r"[A-Za-z](?:_\{?\w\}?|\([a-z]\))?\s*(?:=|\\in(?![a-zA-Z]))")
UNIT_BEHIND = re.compile(r"(?<=[\d)}%])(\s*)([A-Za-z]+|[%¢€£°])((?:[\s/^]+[A-Za-z0-9]+)*)\.?$")
MONEY_BEFORE = re.compile(r"^(-?)\s*([$€£¥])\s*(?=[\d.])")
SEPARATOR = re.compile(r",|;|\band\b|\bor\b")
# Longer answers are compared as they stand, so that no text takes long.
LONGEST = 400
DEEPEST = 20


class Reading(NamedTuple):
    """An answer in the one form that same answers share, and the unit that stood beside it."""

    form: str
    unit: str = ""
    value: Fraction | None = None


def final_answer(text: str) -> str | None:
    r"""The answer that a generated text ends with, as it is written there; `None` if there is none.

    The first of these that there is: the last `\boxed{…}`; what follows the last `####` or `the answer is`; the last
    formula, or bold text, of the last paragraph; its last number.
    """
    found = _statement(_readable(text))
    return found and (found.strip(" \t*:") or None)


def final_value(text: str) -> str | None:
    """The number that a generated text ends with, such as `1234`, `0.5` or `2/3`; `None` if there is none.

    It is looked for as `final_answer` does; numbers may have separators and units, be fractions, or English words.
    """
    text = _readable(text)
    found = _statement(text)
    return None if found is None else _number_in(found)


def canonical(answer: str) -> str:
    """The form that same answers share, but for units and percent signs: numbers are worked out."""
    return _read(answer).form


def same(first: str, second: str) -> bool:
    """Whether a person would take two answers for the same.

    A unit may be missing from one of them, but two must agree. `50%` is both `50` and `0.5`.
    """
    one, other = _read(first), _read(second)
    if one.unit and other.unit and one.unit != other.unit:
        return False
    if one.form == other.form:
        return True
    percents = [reading for reading in (one, other) if reading.unit == "%"]
    if len(percents) != 1 or one.value is None or other.value is None:
        return False
    return percents[0].value == 100 * (other if percents[0] is one else one).value  # type: ignore[operator] # both are numbers


def _readable(text: str) -> str:
    """A text without thoughts, special tokens and GSM8K's marks of calculations."""
    for clean in _cleaners():
        text = clean(text)
    return CALCULATION.sub("", text)


@functools.cache
def _cleaners() -> tuple[Callable[[str], str], ...]:
    from textgauge.text.transforms import RemoveReasoning, RemoveSpecialTokens  # slow to load

    return RemoveReasoning(), RemoveSpecialTokens()


def _statement(text: str) -> str | None:
    if BOX.search(text):
        return _boxed(text)
    for lead in reversed(list(LEAD.finditer(text))):
        stated = _stated(text[lead.end() :])
        if stated:
            return stated
    paragraphs = [paragraph for paragraph in text.strip().split("\n\n") if not COURTESY.search(paragraph)]
    paragraph = paragraphs[-1].strip() if paragraphs else ""
    line = paragraph.rpartition("\n")[2]
    for marked in (_formulas(paragraph), BOLD.findall(line)):
        if marked and any(map(str.isdigit, _behind_equals(marked[-1]))):
            return _behind_equals(marked[-1])
    return _last_number(line)


def _behind_equals(formula: str) -> str:
    """The result of a chain of equations; all of several formulas."""
    return formula if "," in formula else formula.rpartition("=")[2].strip()


def _boxed(text: str) -> str | None:
    """What stands in the last box, or in the last ones if they are one answer together; `None` if it is not closed."""
    boxes: list[str] = []
    end = len(text)
    for begun in reversed(list(BOX.finditer(text))):
        box, behind = _box(text[begun.end() : end])
        if box is None or (boxes and not BETWEEN.fullmatch(behind)):
            break
        boxes.insert(0, box)
        end = begun.start()
    return ", ".join(boxes) or None


def _box(text: str) -> tuple[str | None, str]:
    """What a box holds that begins with `text`, and what follows it; `None` if it is never closed."""
    if not text.startswith("{"):
        box = re.split(r"[\s$]", text, maxsplit=1)[0].rstrip(".")
        return box, text[len(box) :]
    closed = last_boxed_only_string(rf"\boxed{text}")
    if closed is None:
        return None, ""
    box = closed.removeprefix(r"\boxed")
    return box[1:-1].strip(), text[len(box) :]


def _stated(rest: str) -> str:
    """What a sentence states that goes on with `rest`."""
    line = rest.lstrip(" \t*:\n").split("\n\n", 1)[0]
    line = line if line.startswith(("$$", r"\[")) else line.split("\n", 1)[0]
    formulas = _formulas(line)
    return formulas[0] if formulas else SENTENCE_END.split(line, maxsplit=1)[0].strip(" \t*_`\"'")


def _formulas(text: str) -> list[str]:
    """The formulas of a text; those that only "and", "or" or a comma parts are one."""
    found: list[str] = []
    end = 0
    for match in FORMULA.finditer(text):
        if found and BETWEEN.fullmatch(text, end, match.start()):
            found[-1] += f", {_inner(match)}"
        else:
            found.append(_inner(match))
        end = match.end()
    return found


def _inner(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()), "")


def _last_number(line: str) -> str | None:
    """The number that follows the last `=` of a line; else its last one that does not say by what."""
    result = line.rpartition("=")[2]
    if "=" in line and (found := NUMBER.search(result)):
        return _signed(result, found)
    numbers = list(NUMBER.finditer(line))
    main = [number for number in numbers if not BESIDE.search(line, max(0, number.start() - 12), number.start())]
    found = next(reversed(main or numbers), None)
    return found and _signed(line, found)


def _number_in(statement: str) -> str | None:
    """The number that a short statement gives: what all of it is worth; else the first after the last `=`."""
    after = re.split(r"=|≈", statement)[-1]
    for part in (after, statement):
        reading = _read(part)
        if reading.value is not None:
            return reading.form
        number = NUMBER.search(part)
        if number and len(number[0]) <= LONGEST:
            return form(_worth(_signed(part, number)))
    return harness.number_in_words(HYPHEN.sub(" ", statement.lower()))


def _signed(text: str, number: re.Match[str]) -> str:
    """The number with the minus sign before it, which is none between two numbers."""
    before = text[: number.start()].rstrip("$€£¥")
    minus = before.endswith(("-", "−")) and not before[:-1].rstrip().endswith(tuple("0123456789)}"))
    return ("-" if minus else "") + number[0]


def _worth(number: str) -> Fraction:
    """The value of what `NUMBER` matches."""
    top, _, bottom = number.partition("/")
    top = re.sub(r"[ \u00a0\u202f']", "", top)
    if re.search(r"\.\d{3}\.|\.\d+,", top):
        top = top.replace(".", "")
    if re.search(r",\d{1,2}$", top) and top.count(",") == 1:
        top = top.replace(",", ".")
    value = Fraction(top.replace(",", ""))
    return value / int(bottom) if bottom and int(bottom) else value


def _read(answer: str) -> Reading:
    if len(answer) > LONGEST:
        return Reading("".join(answer.split()).casefold())
    text, unit = _without_unit(_clean(answer))
    listed = _listed(text)
    if listed is not None:
        return Reading(listed, unit)
    value = evaluate(text)
    if value is not None:
        return Reading(form(value), unit, value if isinstance(value, Fraction) else None)
    letter = re.fullmatch(r"\(([A-Z])\)", text)
    plain = letter[1] if letter else text
    stripped = strip_string(plain)
    return Reading((plain if stripped is None else stripped).replace(" ", "").casefold(), unit)


def _clean(answer: str) -> str:
    """An answer without what has no meaning: sizes, blanks, dollars, text around it, `x =` before it."""
    text = "".join(map(_ascii_digit, answer))
    for old, new in REWRITTEN:
        text = text.replace(old, new)
    text = BLANKS.sub(" ", SPACES.sub("", text))
    text = SCALED.sub(lambda match: rf"\times 10^{{{POWERS[match[1].lower()]}}}", text)
    for _ in range(DEEPEST):
        text, changed = WRAPPED.subn(r" \1 ", text)
        if not changed:
            break
    text = text.strip().rstrip(".").strip("`*_\"' ")
    if text.count("$") != 1:
        text = DELIMITERS.sub("", text)
    text = text.replace(r"\$", "$").strip()
    named = NAMED.match(text)
    return text[named.end() :].strip() if named and named.end() < len(text) else text


def _ascii_digit(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return f" {Fraction(unicodedata.numeric(character)).limit_denominator(100)}"
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _without_unit(text: str) -> tuple[str, str]:
    money = MONEY_BEFORE.match(text)
    if money:
        text = money[1] + text[money.end() :]
    behind = UNIT_BEHIND.search(text)
    if behind is None or SEPARATOR.search(behind[2] + behind[3]) or not _is_unit(behind[2], apart=bool(behind[1])):
        return text, UNITS.get(money[2], "") if money else ""
    names = [name for word in (behind[2] + behind[3]).lower().split() for name in _singular(word)]
    unit = next((UNITS[name] for name in names if name in UNITS), "")
    return text[: behind.start()].strip(), unit


def _is_unit(word: str, *, apart: bool) -> bool:
    """Whether a word behind a number is its unit, and no variables: `2 xy` and `2abc` have none."""
    return any(name in UNITS for name in _singular(word.lower())) or (apart and len(word) > 2)


def _singular(word: str) -> tuple[str, ...]:
    return word, word.removesuffix("s"), word.removesuffix("es")


def _listed(text: str) -> str | None:
    r"""The form of a tuple, an interval, a set or a list; `None` if the text is none. `\pm` stands for two answers."""
    text = text.replace(r"\{", "{").replace(r"\}", "}")
    if r"\pm" in text and len(_split(text, SEPARATOR)) == 1:
        text = f"{text.replace(chr(92) + 'pm', '+')} , {text.replace(chr(92) + 'pm', '-')}"
    intervals = text.split(r"\cup")
    if len(intervals) > 1:
        return r"\cup".join(sorted(_read(part).form for part in intervals))
    if _enclosed(text):
        parts = _split(text[1:-1], SEPARATOR)
        if len(parts) > 1 and text[0] != "{":
            return text[0] + ",".join(_read(part).form for part in parts) + text[-1]
        if len(parts) > 1:
            return _set(parts)
    if NUMBER.fullmatch(text.lstrip("-+ ")) and not re.search(r",\d{1,2}$", text):
        return None
    parts = [part for part in _split(text, SEPARATOR) if part.strip()]
    return _set(parts) if len(parts) > 1 else None


def _set(parts: list[str]) -> str:
    forms = sorted({_read(part).form for part in parts})
    return "{" + ",".join(forms) + "}" if len(forms) > 1 else forms[0]


def _enclosed(text: str) -> bool:
    """Whether one pair of brackets holds all of the text; those of an interval need not match."""
    if len(text) < 2 or text[0] not in OPENING or text[-1] not in CLOSING:
        return False
    depth = 0
    for place, character in enumerate(text):
        depth += (character in OPENING) - (character in CLOSING)
        if depth == 0 and place < len(text) - 1:
            return False
    return depth == 0


def _split(text: str, separator: re.Pattern[str]) -> list[str]:
    """The parts of a text between separators that stand in no brackets."""
    depths, depth = [], 0
    for character in text:
        depth += (character in OPENING) - (character in CLOSING)
        depths.append(depth)
    parts, start = [], 0
    for match in separator.finditer(text):
        if depths[match.start()] == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]
