r"""What expressions without variables are worth.

>>> form(evaluate(r"1\frac{1}{2} + 2^3"))
'9.5'
>>> evaluate("x + 1") is None
True
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

__all__ = ["CLOSING", "OPENING", "evaluate", "form"]

OPENING, CLOSING = "([{", ")]}"
DEEPEST = 20
MOST_BITS = 4096
TOKEN = re.compile(
    r"\s*(?:(\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d*)?(?:[eE][-+]?\d{1,3})?|\.\d+)|(\\[a-zA-Z]+|[-+*/^(){}\[\]]))"
)


def evaluate(text: str) -> Fraction | float | None:
    """What an expression without variables is worth: a fraction, or a float where roots or pi are in it."""
    if not text:
        return None
    try:
        expression = _Expression(text)
        value = expression.sum()
        return value if expression.ended() and _bits(value) <= MOST_BITS else None
    except (_NoValueError, ZeroDivisionError, OverflowError):
        return None


def form(value: Fraction | float) -> str:
    """A value as text: an integer, a decimal of at most 12 places, else a fraction; a float with ten digits."""
    if isinstance(value, float):
        return f"{value:.10g}"
    places = next((places for places in range(13) if 10**places % value.denominator == 0), None)
    if not places:
        return str(value)
    whole, rest = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{places}d}"


class _NoValueError(Exception):
    """What stands there is no number that can be worked out."""


class _Expression:
    """Works out an expression, from left to right: sums of products of powers of atoms."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str | Fraction] = []
        self.place = self.depth = 0
        end = 0
        while text[end:].strip():
            match = TOKEN.match(text, end)
            if match is None:
                raise _NoValueError
            self.tokens.append(Fraction(match[1].replace(",", "")) if match[1] else match[2])
            end = match.end()

    def ended(self) -> bool:
        return self.place == len(self.tokens)

    def sum(self) -> Fraction | float:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _NoValueError
        negative = self.take("-")
        if not negative:
            self.take("+")
        total = -self.product() if negative else self.product()
        while True:
            if self.take("+"):
                total = total + self.product()
            elif self.take("-"):
                total = total - self.product()
            else:
                self.depth -= 1
                return total

    def product(self) -> Fraction | float:
        product = self.power()
        while True:
            if self.take("*") or self.take(r"\times") or self.take(r"\cdot"):
                product = product * self.signed()
            elif self.take("/"):
                product = product / self.signed()
            elif self.next() in (r"\sqrt", r"\pi", "(", r"\frac"):
                product = product * self.power()
            else:
                return product

    def signed(self) -> Fraction | float:
        return -self.power() if self.take("-") else self.power()

    def power(self) -> Fraction | float:
        base = self.mixed()
        if not self.take("^"):
            return base
        exponent = self.signed()
        if not isinstance(exponent, Fraction) or not -64 <= exponent <= 64:
            raise _NoValueError
        if exponent.denominator == 1:
            if _bits(base) * abs(exponent) > MOST_BITS:
                raise _NoValueError
            # `**` of two types that are only known to be numbers has no type.
            power: Fraction | float = base ** int(exponent)
            return power
        if base < 0:
            raise _NoValueError
        return math.pow(base, exponent)

    def mixed(self) -> Fraction | float:
        r"""A number; a whole one and a fraction behind it are one, `1\frac{1}{2}` and `1 1/2`."""
        whole = self.atom()
        following = self.tokens[self.place : self.place + 3]
        if not isinstance(whole, Fraction) or whole.denominator != 1:
            return whole
        if following[1:2] == ["/"] and isinstance(following[0], Fraction) and isinstance(following[-1], Fraction):
            self.place += 3
            return whole + following[0] / following[2]  # type: ignore[operator] # both are numbers
        if following[:1] == [r"\frac"] and isinstance(self.tokens[self.place - 1], Fraction):
            return whole + self.atom()
        return whole

    def atom(self) -> Fraction | float:
        token = self.next()
        if token in ("(", "{"):
            return self.group()
        self.place += 1
        if isinstance(token, Fraction):
            return token
        if token == r"\pi":
            return math.pi
        if token == r"\frac":
            top = self.argument()
            return top / self.argument()
        if token == r"\sqrt":
            index = self.group() if self.next() == "[" else Fraction(2)
            return _root(self.argument(), index)
        raise _NoValueError

    def argument(self) -> Fraction | float:
        r"""What a command is about: `{…}`, or one digit, so that `\frac12` is a half."""
        token = self.next()
        if isinstance(token, Fraction) and token.denominator == 1 and token >= 10:
            digits = str(token)
            self.tokens[self.place] = Fraction(digits[1:])
            return Fraction(digits[0])
        return self.atom()

    def group(self) -> Fraction | float:
        closing = CLOSING[OPENING.index(str(self.next()))]
        self.place += 1
        value = self.sum()
        if not self.take(closing):
            raise _NoValueError
        return value

    def next(self) -> str | Fraction | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, token: str) -> bool:
        taken = self.next() == token
        self.place += taken
        return taken


def _bits(value: Fraction | float) -> int:
    if isinstance(value, float):
        return 0
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _root(value: Fraction | float, index: Fraction | float) -> Fraction | float:
    """The root of a number, as a fraction where it is one."""
    if value < 0 or not isinstance(index, Fraction) or index.denominator != 1 or not 2 <= index <= 9:
        raise _NoValueError
    root = float(value) ** (1.0 / float(index))
    exact = Fraction(root).limit_denominator(10**6)
    return exact if isinstance(value, Fraction) and exact ** int(index) == value else root
