r"""Final answers to questions of mathematics, and which are the same, as the references of GSM8K and MATH define it.

The functions have the references' names. Two answers are the same when they read alike after rules that rewrite LaTeX;
nothing is computed: `\frac{2}{4}` is not `\frac{1}{2}`. What a person would take for the same is in `values`.

>>> remove_boxed(last_boxed_only_string(r"so it is $\boxed{\frac12}$."))
'\\frac12'
>>> is_equiv(r"\frac12", "0.5")
True
"""

from __future__ import annotations

import re
from typing import Literal

__all__ = [
    "between_dollars",
    "final_number",
    "get_unnormalized_answer",
    "is_equiv",
    "last_boxed_only_string",
    "normalize_final_answer",
    "remove_boxed",
    "strip_string",
]

Rules = Literal["hendrycks", "lm-eval"]

# HELM's: the dot stands for any character.
FINAL_NUMBER = re.compile(r"-?[\d,]+(?:.\d+)?")

# What `strip_string` drops or writes otherwise, in this order.
REWRITTEN = (
    ("\n", ""),
    (r"\!", ""),
    (r"\\", "\\"),
    ("tfrac", "frac"),
    ("dfrac", "frac"),
    (r"\left", ""),
    (r"\right", ""),
    (r"^{\circ}", ""),
    (r"^\circ", ""),
    (r"\$", ""),
)
UNIT = r"\text{ "

MINERVA_ANSWER = re.compile(r"Final Answer: The final answer is(.*?). I hope it is correct.")
MINERVA_END = "I hope it is correct."
MINERVA_REWRITTEN = (
    ("an ", ""),
    ("a ", ""),
    (".$", "$"),
    (r"\$", ""),
    ("\\ ", ""),
    (" ", ""),
    ("mbox", "text"),
    (r",\text{and}", ","),
    (r"\text{and}", ","),
    (r"\text{m}", r"\text{}"),
)
# The words for what is counted or measured, and marks around them. They are dropped in this order.
MINERVA_DROPPED = (
    *("square", "ways", "integers", "dollars", "mph", "inches", "ft", "hours", "km", "units", r"\ldots", "sue"),
    *("points", "feet", "minutes", "digits", "cents", "degrees", "cm", "gm", "pounds", "meters", "meals", "edges"),
    *("students", "childrentickets", "multiples", r"\text{s}", r"\text{.}", "\\text{\ns}", r"\text{}^2"),
    *(r"\text{}^3", "\\text{\n}", r"\text{}", r"\mathrm{th}", r"^\circ", r"^{\circ}", r"\;", r",\!", "{,}", '"'),
    r"\dots",
)
COMMAND = re.compile(r"(\\[a-zA-Z]+)")
MINERVA_PATTERNS = tuple(
    (re.compile(pattern), becomes)
    for pattern, becomes in (
        # What stands between dollars, in bold or in a box is all that counts.
        (r"(.*?)(\$)(.*?)(\$)(.*)", r"$\3$"),
        (r"(\\text\{)(.*?)(\})", r"\2"),
        (r"(\\textbf\{)(.*?)(\})", r"\2"),
        (r"(\\overline\{)(.*?)(\})", r"\2"),
        (r"(\\boxed\{)(.*)(\})", r"\2"),
        # \fracab is \frac{a}{b}, and \sqrta is \sqrt{a}.
        (r"(frac)([^{])(.)", r"frac{\2}{\3}"),
        (r"(sqrt)(\[[^\]]*\])(\w)", r"\1\2{\3}"),
        (r"(sqrt)(?!\[)([^{])", r"sqrt{\2}"),
    )
)
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+")


def final_number(text: str) -> str:
    """The last number in a text without its commas, as HELM's `final_number_exact_match` finds it; empty if none."""
    numbers = FINAL_NUMBER.findall(text)
    return numbers[-1].replace(",", "") if numbers else ""


def last_boxed_only_string(text: str, *, rules: Rules = "hendrycks") -> str | None:
    r"""The last `\boxed{…}` of a text, or else the last `\fbox{…}`; `None` if there is none, or it is never closed.

    Args:
        text: The text.
        rules: `"hendrycks"`, of MATH's repository and HELM; or `"lm-eval"`, of lm-evaluation-harness, which also
            takes `\boxed 5` to the next dollar sign.
    """
    if rules == "lm-eval" and r"\boxed " in text:
        return r"\boxed " + text.rpartition(r"\boxed ")[2].partition("$")[0]
    start = text.rfind(r"\boxed")
    if start < 0:
        start = text.rfind(r"\fbox")
    depth = 0
    for place in range(start, len(text)) if start >= 0 else ():
        if text[place] == "{":
            depth += 1
        elif text[place] == "}":
            depth -= 1
            if depth == 0:
                return text[start : place + 1]
    return None


def remove_boxed(text: str | None, *, rules: Rules = "hendrycks") -> str | None:
    r"""What stands in `\boxed{…}`; `None` if the text is no such box, as `\fbox{…}` is none.

    Args:
        text: A box as `last_boxed_only_string` finds it.
        rules: As there.
    """
    text = text or ""
    if rules == "lm-eval" and r"\boxed " in text:
        return text.removeprefix(r"\boxed ") if text.startswith(r"\boxed ") else None
    if text.startswith(r"\boxed{") and text.endswith("}"):
        return text[len(r"\boxed{") : -1]
    return None


def between_dollars(text: str) -> str:
    """What stands between the first and the last `$`, all of the text if there are not two: the harness's answer."""
    _, dollar, rest = text.partition("$")
    inner, closing, _ = rest.rpartition("$")
    return inner if dollar and closing else text


def is_equiv(first: str | None, second: str | None, *, rules: Rules = "hendrycks") -> bool:
    """Whether two answers are the same by MATH's rules; two that are `None` are.

    Args:
        first: An answer.
        second: Another one.
        rules: `"hendrycks"`, of MATH's repository and HELM; or `"lm-eval"`, of lm-evaluation-harness: see
            `strip_string`.
    """
    if first is None or second is None:
        return first is second
    plain = strip_string(first, rules=rules), strip_string(second, rules=rules)
    return first == second if None in plain else plain[0] == plain[1]


def strip_string(text: str, *, rules: Rules = "hendrycks") -> str | None:
    r"""An answer without blanks, sizes of brackets, degrees, dollars, percent signs, a unit, `x=` before it.

    `\frac12`, `\sqrt3` and `1/2` get their braces, and 0.5 is a half.

    Args:
        text: The answer.
        rules: `"hendrycks"`, of MATH's repository and HELM; or `"lm-eval"`, of lm-evaluation-harness, which gives up
            on any other fraction with one slash, such as `x/2`.

    Returns:
        `None` where the reference gives up, and compares the answers as they stand: two units, a `\frac` or `\sqrt`
        with nothing behind it.
    """
    for old, new in REWRITTEN:
        text = text.replace(old, new)
    if text.count(UNIT) > 1:
        return None
    text = text.partition(UNIT)[0]
    # Twice, as the references do: what the first leaves may join.
    text = text.replace(r"\%", "").replace(r"\%", "")
    text = text.replace(" .", " 0.").replace("{.", "{0.")
    if not text:
        return text
    if text.startswith("."):
        text = "0" + text
    name, _, value = text.partition("=")
    if text.count("=") == 1 and len(name) <= 2:
        text = value
    braced = _with_braced_roots(text)
    braced = None if braced is None else _with_braced_fractions(braced.replace(" ", ""))
    if braced is None:
        return None
    return _slash_fraction(r"\frac{1}{2}" if braced == "0.5" else braced, rules)


def _with_braced_roots(text: str) -> str | None:
    before, *roots = text.split(r"\sqrt")
    if not all(roots):
        return None
    return before + "".join(rf"\sqrt{root}" if root[0] == "{" else rf"\sqrt{{{root[0]}}}{root[1:]}" for root in roots)


def _with_braced_fractions(text: str) -> str | None:
    before, *fractions = text.split(r"\frac")
    braced = [before]
    for fraction in fractions:
        if not fraction:
            return None
        if fraction[0] == "{":
            braced.append(rf"\frac{fraction}")
        elif len(fraction) == 1:
            return text
        else:
            rest = fraction[1:] if fraction[1] == "{" else f"{{{fraction[1]}}}{fraction[2:]}"
            braced.append(rf"\frac{{{fraction[0]}}}{rest}")
    return "".join(braced)


def _slash_fraction(text: str, rules: Rules) -> str | None:
    r"""`a/b` of whole numbers as `\frac{a}{b}`."""
    if text.count("/") != 1:
        return text
    top, _, bottom = text.partition("/")
    try:
        plain = f"{int(top)}/{int(bottom)}" == text
    except ValueError:
        return text if rules == "hendrycks" else None
    return rf"\frac{{{top}}}{{{bottom}}}" if plain else text


def get_unnormalized_answer(text: str) -> str | None:
    """The answer in `Final Answer: The final answer is …. I hope it is correct.`, as Minerva's prompt wants it.

    The end of the text counts as that end, too; without such a sentence it is `None`.
    """
    found = MINERVA_ANSWER.search(text + MINERVA_END)
    return None if found is None else found[1].strip()


def normalize_final_answer(answer: str) -> str:
    """An answer without units, dollars, text around the formula and shorthand, by the rules of Minerva's paper.

    They are those of `minerva_math` in lm-evaluation-harness 0.4.13, which no longer cuts units out of commands.
    """
    answer = answer.rpartition("=")[2]
    words = [dropped for dropped in MINERVA_DROPPED if dropped.isalpha()]
    for word in words:
        answer = re.sub(rf"(?<!\\)\b{word}\b", "", answer)
    for old, new in MINERVA_REWRITTEN:
        answer = answer.replace(old, new)
    for dropped in MINERVA_DROPPED:
        answer = _without_word(answer, dropped) if dropped.isalpha() else answer.replace(dropped, "")
    for pattern, becomes in MINERVA_PATTERNS:
        answer = pattern.sub(becomes, answer)
    answer = answer.replace("$", "")
    return answer.replace(",", "") if THOUSANDS.fullmatch(answer) else answer


def _without_word(text: str, word: str) -> str:
    """The text without `word`, but for LaTeX commands, which stay whole."""
    parts = COMMAND.split(text)
    return "".join(part if number % 2 else part.replace(word, "") for number, part in enumerate(parts))
