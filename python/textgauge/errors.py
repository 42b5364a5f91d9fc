"""Every error that textgauge raises of its own accord.

Each is a `textgauge.Error` and also the built-in exception that one would expect, and each carries a stable
`code`; `CODES` lists them all, each with its meaning.
"""

from __future__ import annotations

from textgauge import _core

__all__ = [
    "CODES",
    "ConfigError",
    "Error",
    "InputError",
    "InputTypeError",
    "InternalError",
    "NoMemoryError",
    "SignatureMismatch",
]

# The one table stands in the core, whose own errors have codes as well: src/metrics/src/code.rs.
CODES: dict[str, str] = dict(_core.error_codes())


class Error(Exception):
    """The root of all errors that textgauge raises.

    Attributes:
        code: The kind of error, one of `CODES`.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message


class ConfigError(Error, ValueError):
    """Something was asked for that cannot be: an unknown metric, an option out of range."""


class InputError(Error, ValueError):
    """The data cannot be scored.

    Attributes:
        row: The index of the row, from 0, or `None` where the fault is not in one row.
    """

    def __init__(self, message: str, code: str, row: int | None = None) -> None:
        super().__init__(message, code)
        self.args = (message, code, row)
        self.row = row


class InputTypeError(InputError, TypeError):
    """A text is not a string, or a column is not something with texts in it."""


class NoMemoryError(Error, MemoryError):
    """There is no memory for as many scores as were asked for."""


class SignatureMismatch(Error, ValueError):  # noqa: N818 - the plan's name, which says more than "...Error" would
    """Two things don't belong together because they were made with other options."""


class InternalError(Error, RuntimeError):
    """A defect in textgauge itself."""
