"""Which number is it? The same texts under the definitions that people confuse, and why they differ."""

from __future__ import annotations

import functools
import itertools
import math
import textwrap
import warnings
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from textgauge._render import LINE_WIDTH, Table
from textgauge._value import Value, nearest
from textgauge.errors import ConfigError, InputError
from textgauge.explanations.usages.base import VERSIONS, Family, Numbers, Pairs, Usage
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["SCORES", "Definition", "Definitions", "Reason", "which_number"]

SCORES = {
    "rouge": ("rouge1", "rouge2", "rougeL"),
    "rouge1": ("rouge1",),
    "rouge2": ("rouge2",),
    "rougeL": ("rougeL",),
    "bleu": ("bleu",),
    "gleu": ("gleu",),
    "chrf": ("chrf",),
    "wer": ("wer",),
    "answers": ("exact_match", "f1"),
    "exact_match": ("exact_match",),
    "f1": ("f1",),
}
"""What can be asked for, and the scores that are meant."""

# Digits behind the point, on a scale to 1.
DECIMALS, MOST_DECIMALS = 4, 17

# Room for a definition beside its numbers.
_WIDEST = LINE_WIDTH - len("     value  without it")
# Elsewhere lines are as long as they are.
_WIDE = 10_000


class Reason(Value):
    """An option that changes a number.

    Attributes:
        option: Its name; several that change the number together only are joined by `and`.
        here: What it is set to.
        there: What the first definition sets it to.
        without: The number that this definition would give with the first one's setting.
        percent: Whether `without` is on a scale to 100.
    """

    option: str
    here: str
    there: str
    without: float
    percent: bool

    def __str__(self) -> str:
        return f"{self.option}: {self.here}, not {self.there}" if self.there else self.option


class Definition(Value):
    """A call that people make, and its number.

    Attributes:
        score: The score's name.
        package: The package and its version; `textgauge` has none.
        call: The call.
        value: The number that people report, on the package's own scale.
        others: What else the call gives, such as precision and recall.
        percent: Whether the scale goes to 100.
        reasons: Why it differs from the first definition of the same score; none for the first.
        gives: How it gives the number that was asked about: `"yes"`, or for example `"recall"`, with the factor 100
            if it takes that; empty if it does not.
    """

    score: str
    package: str
    call: str
    value: float
    others: dict[str, float]
    percent: bool
    reasons: tuple[Reason, ...]
    gives: str


class Definitions(Value):
    """The same texts under all definitions of a score; iterating gives the definitions. It prints as tables.

    Attributes:
        definitions: The definitions, score by score.
        value: The number that was asked about, as it was written; empty if none was.
        decimals: How many digits behind the point numbers on a scale to 1 are shown and compared with.
        left_out: Calls that give no number here, and why.
    """

    definitions: tuple[Definition, ...]
    value: str
    decimals: int
    left_out: dict[str, str]

    def __iter__(self) -> Iterator[Definition]:
        return iter(self.definitions)

    def __len__(self) -> int:
        return len(self.definitions)

    @property
    def matches(self) -> list[Definition]:
        """The definitions that give the number that was asked about."""
        return [each for each in self if each.gives]

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values, fit for JSON."""
        definitions = [{**each.fields(), "reasons": [reason.fields() for reason in each.reasons]} for each in self]
        return {**self.fields(), "definitions": definitions}

    def tables(self) -> list[Table]:
        """A table for each score: each definition with its number, below it what makes the difference."""
        return [self._table(score, _WIDE) for score in self._scores()]

    def _scores(self) -> list[str]:
        return list(dict.fromkeys(each.score for each in self))

    def __repr__(self) -> str:
        gives = 2 + max([len(self.value) + 1, *(len(each.gives) for each in self)]) if self.value else 0
        tables = [self._table(score, _WIDEST - gives).text() for score in self._scores()]
        notes = [textwrap.fill(note, LINE_WIDTH, subsequent_indent="  ") for note in self._notes()]
        return "\n\n".join([*tables, *filter(None, ["\n".join(notes)])])

    def _repr_html_(self) -> str:
        from html import escape

        notes = [f"<p>{escape(note)}</p>" for note in self._notes()]
        return "".join([*(table.html() for table in self.tables()), *notes])

    def _table(self, score: str, width: int) -> Table:
        head = (score, "value", "without it", *([f"{self.value}?"] if self.value else []))
        rows: list[tuple[str, ...]] = []
        for each in (each for each in self if each.score == score):
            lines = [(f"{each.package}: {each.call}", self._shown(each.value, each.percent), "", each.gives)]
            lines += [(f"- {why}", "", self._shown(why.without, why.percent), "") for why in each.reasons]
            for text, *cells in lines:
                first, *further = textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)
                rows += [(first, *cells[: len(head) - 1]), *((more, *[""] * (len(head) - 1)) for more in further)]
        return Table(head, tuple(rows))

    def _shown(self, number: float, percent: bool) -> str:
        return shown(number, decimals_of(self.decimals, percent))

    def _notes(self) -> list[str]:
        notes = [f"none of these gives {self.value}"] if self.value and not self.matches else []
        for why in dict.fromkeys(self.left_out.values()):
            calls = [call for call, its in self.left_out.items() if its == why]
            notes.append(f"left out ({why}): {'; '.join(calls)}")
        return notes


def which_number(
    score: str,
    predictions: str | Sequence[str],
    references: str | Sequence[str] | Sequence[Sequence[str]],
    *,
    value: float | str | None = None,
    packages: Iterable[str] | None = None,
) -> Definitions:
    """The numbers that different packages give the same texts under one name, and why they differ.

    Each number is that of the package, to the last bit; the packages themselves are not used, but for torchmetrics,
    which the drop-in for it builds on. A reason is an option in which a definition differs from the first one, if it
    changes this number: beside it stands the number that the definition gives with the first one's setting. Options
    that make no difference here are not listed; those that do so only together are joined.

    >>> found = which_number("rougeL", "The cats sat.", "the cats sat", packages=["rouge-score", "rouge"])
    >>> [round(each.value, 4) for each in found]
    [1.0, 1.0, 1.0, 0.6667, 0.6667]
    >>> str(found.definitions[3].reasons[0])
    'words: between blanks and full stops, not runs of a-z and 0-9'

    Args:
        score: `"rouge"`, `"bleu"`, `"gleu"`, `"chrf"`, `"wer"` or `"answers"`; or one score of them, such as
            `"rougeL"` or `"f1"`.
        predictions: The text to judge, or a list of texts.
        references: The text to compare with, or a list of several; for a list of texts one text or list for each.
        value: A number whose origin is looked for. A definition gives it if it agrees in all digits that are written,
            on its own scale or multiplied or divided by 100. Zeros at the end count in a `str`: `"0.420"`.
        packages: The packages to look at, by their names on PyPI; by default all. Loading torchmetrics takes seconds.

    Raises:
        ConfigError: There is no such score or package, none of the packages has it, or `value` is no number.
        InputError: There are no texts, a text has no reference, or the lengths differ.
        InputTypeError: Something is no text.
    """
    if score not in SCORES:
        hint = nearest(score, SCORES)
        raise ConfigError(f"there is no score {score!r}{hint}; choose one of {', '.join(SCORES)}", "bad-option")
    chosen, asked, pairs = _chosen(packages), _asked(value), _pairs(predictions, references)
    is_corpus = not isinstance(predictions, str)
    definitions: list[Definition] = []
    left_out: dict[str, str] = {}
    for name in SCORES[score]:
        family = _family(name)
        measured = []
        for usage in family.usages:
            call = usage.corpus_call if is_corpus else usage.call
            if usage.package not in chosen or not call:
                continue
            try:
                measured.append((usage, call, _numbers(usage, pairs)))
            except _NoNumberError as error:
                left_out[f"{_package(usage)}: {call}"] = str(error)
        definitions += [
            _definition(name, family, pairs, measured[0], each, asked, is_first=number == 0)
            for number, each in enumerate(measured)
        ]
    if not definitions and not left_out:
        raise ConfigError(f"none of these packages has {score}: {', '.join(chosen)}", "bad-option")
    return Definitions(tuple(definitions), asked.text, asked.decimals, left_out)


def shown(number: float, decimals: int) -> str:
    """A number with so many digits behind the point; one that is too small for them is still told from 0."""
    text = f"{number:.{decimals}f}"
    return f"{number:.1e}" if number and not float(text) else text


def decimals_of(decimals: int, percent: bool) -> int:
    """How many digits a number on a scale to 100 has, where one on a scale to 1 has `decimals`."""
    return decimals - 2 * percent


class _NoNumberError(Exception):
    """A call gives no number for these texts."""


class _Asked(NamedTuple):
    """The number whose origin is looked for.

    Attributes:
        text: The number as it was written.
        number: The number; `None` if none is looked for.
        decimals: How many digits behind the point it takes to see it on a scale to 1.
    """

    text: str
    number: Decimal | None
    decimals: int

    def is_given_by(self, found: float, percent: bool) -> bool:
        """Whether `found` is the number, in all digits that are written."""
        assert self.number is not None
        # A whole number has no digit that could tell scores on a scale to 1 apart.
        digit = min(Decimal(1).scaleb(_exponent(self.number)), Decimal(1 if percent else "0.1"))
        # A float that lies in the middle may be rounded either way.
        return abs(Decimal(found) - self.number) <= digit / 2 * (1 + Decimal("1e-9"))


_Measured = tuple[Usage, str, Numbers]


def _definition(
    score: str, family: Family, pairs: Pairs, base: _Measured, measured: _Measured, asked: _Asked, *, is_first: bool
) -> Definition:
    usage, call, numbers = measured
    (_, value), *others = numbers.items()
    reasons = () if is_first else tuple(_reasons(family, pairs, base, measured, asked.decimals))
    gives = "" if asked.number is None else _how_given(asked, numbers, usage.percent)
    return Definition(score, _package(usage), call, value, dict(others), usage.percent, reasons, gives)


def _how_given(asked: _Asked, numbers: Numbers, percent: bool) -> str:
    """How one of the numbers is the one that is looked for."""
    other = ("÷ 100", 0.01) if percent else ("× 100", 100.0)
    for number, (name, found) in enumerate(numbers.items()):
        for (scale, factor), is_percent in ((("", 1.0), percent), (other, not percent)):
            if math.isfinite(found) and asked.is_given_by(found * factor, is_percent):
                return " ".join(filter(None, ["yes" if number == 0 else name, scale]))
    return ""


def _reasons(family: Family, pairs: Pairs, base: _Measured, measured: _Measured, decimals: int) -> Iterator[Reason]:
    (first, _, first_numbers), (usage, _, numbers) = base, measured
    scale = 100 if usage.percent else 1
    value, first_value = next(iter(numbers.values())) / scale, next(iter(first_numbers.values()))
    differs = functools.partial(_differs, decimals=decimals)

    def without(options: Sequence[str]) -> float:
        """The number with these options set as the first definition sets them."""
        return family.model(pairs, {**usage.options, **{option: first.options[option] for option in options}})

    if usage.percent != first.percent and value:
        here, there = (("0 to 1", "0 to 100")[of.percent] for of in (usage, first))
        yield Reason("scale", here, there, value * (100 if first.percent else 1), first.percent)
    if not differs(value, first_value / (100 if first.percent else 1)):
        return
    own = without(())
    if usage.rest and differs(own, value):
        yield Reason(usage.rest, "", "", own * scale, usage.percent)
    differing = [option for option, setting in usage.options.items() if setting != first.options[option]]
    for size in range(1, len(differing) + 1):
        changes = [
            (options, number)
            for options in itertools.combinations(differing, size)
            if differs(number := without(options), value)
        ]
        for options, number in changes:
            here, there = (", ".join(of.options[option] for option in options) for of in (usage, first))
            yield Reason(" and ".join(options), here, there, number * scale, usage.percent)
        if changes:
            return


def _differs(one: float, other: float, decimals: int) -> bool:
    """Whether two numbers on a scale to 1 are told apart by so many digits."""
    return f"{one:.{decimals}f}" != f"{other:.{decimals}f}"


def _numbers(usage: Usage, pairs: Pairs) -> Numbers:
    """What a call gives.

    Raises:
        _NoNumberError: It gives nothing: a package is missing, or it cannot take such texts.
    """
    if not usage.many_references and any(len(own) > 1 for own in pairs.references):
        raise _NoNumberError("takes one reference")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return usage.numbers(pairs)
    except (ArithmeticError, AssertionError, ImportError, LookupError, ValueError) as error:
        raise _NoNumberError(f"{type(error).__name__}: {error}") from error


def _package(usage: Usage) -> str:
    return f"{usage.package} {VERSIONS[usage.package]}".rstrip()


def _family(score: str) -> Family:
    from textgauge.explanations.usages import answers, bleu, chrf, edit, rouge

    made = {
        "bleu": bleu.bleu,
        "gleu": bleu.gleu,
        "chrf": chrf.family,
        "wer": edit.family,
        "exact_match": answers.exact_match,
        "f1": answers.f1,
    }
    return made[score]() if score in made else rouge.family(score)


def _chosen(packages: Iterable[str] | None) -> list[str]:
    if packages is None:
        return list(VERSIONS)
    if isinstance(packages, str):
        raise ConfigError(f"packages is {packages!r}; it must be a list of names", "bad-option")
    chosen = list(packages)
    for name in chosen:
        if name not in VERSIONS:
            hint = nearest(name, VERSIONS)
            raise ConfigError(f"no package {name!r}{hint}; there are {', '.join(VERSIONS)}", "bad-option")
    return chosen


def _asked(value: float | str | None) -> _Asked:
    if value is None:
        return _Asked("", None, DECIMALS)
    text = str(value).strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if isinstance(value, bool) or not number.is_finite():
        raise ConfigError(f"value is {value!r}; it must be a number such as 0.42 or '27.30'", "bad-option")
    return _Asked(text, number, min(max(DECIMALS, -_exponent(number)), MOST_DECIMALS))


def _exponent(number: Decimal) -> int:
    """Of the last digit that is written."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _pairs(predictions: str | Sequence[str], references: str | Sequence[str] | Sequence[Sequence[str]]) -> Pairs:
    """The texts as lists.

    Raises:
        InputError: There are none, a text has no reference, or the lengths differ.
        InputTypeError: Something is no text.
    """
    is_pair = isinstance(predictions, str)
    texts: Any = [predictions] if is_pair else list(predictions)
    each: Any = [references] if is_pair else references if isinstance(references, str) else list(references)
    # Says what is wrong as every scorer does.
    if not Scorer("exact_match").aggregate(texts, each).rows:
        raise InputError("there are no texts", "no-row")
    return Pairs(texts, [[own] if isinstance(own, str) else list(own) for own in each])
