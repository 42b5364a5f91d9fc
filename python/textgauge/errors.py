"""Every error that textgauge raises of its own accord.

Each is a `textgauge.Error` and also the built-in exception that one would expect, and each carries a stable
`code`; `CODES` lists them all.
"""

from __future__ import annotations

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

CODES: dict[str, str] = {
    "unknown-metric": "No metric has this name.",
    "bad-option": "A metric's option is unknown, of the wrong type, or out of range.",
    "no-metric": "A scorer was made without metrics.",
    "same-column": "Two metrics would make columns of the same name.",
    "bad-threads": "The number of threads is not a whole number above 0.",
    "bad-null-policy": "The null policy is not one of those that the call knows.",
    "wrong-type": "A text is not a string, or a column is not something with texts in it.",
    "missing-text": "A text is None, NaN or null, and the null policy is 'error'.",
    "no-reference": "A row has an empty list of references.",
    "several-references": "A row has several references where one is wanted.",
    "unequal-lengths": "Predictions and references differ in number.",
    "transposed": "References look like one list for each set instead of one for each row.",
    "bad-tokenizer": "A tokenizer or transform returned something other than strings.",
    "missing-package": "A tokenizer or transform needs a package that is not installed.",
    "missing-model": "A tokenizer's model or dictionary is missing, unreadable, or not the one it should be.",
    "no-memory": "There is no memory for the scores of so many rows, samples or pairs.",
    "too-large": "A token is 4 GiB or longer, or sums are larger than those of any rows can be.",
    "no-row": "There is no such row, or none at all.",
    "bad-file": "A file cannot be read as JSON lines, or lacks a column.",
    "bad-record": "An output of a language model lacks a field, or holds a value that cannot be scored.",
    "signature-mismatch": "Aggregates or prepared texts were made with other options.",
    "bad-aggregate": "Bytes are not an aggregate that this version reads.",
    "bad-measurements": "Bytes are not measurements that this version reads.",
    "not-fitted": "NIST has no weights and cannot learn them, because references can be read only once.",
    "bad-weights": "Bytes are not information weights that this version reads.",
    "no-threads": "The system refused to start threads.",
    "internal": "A defect in textgauge itself; please report it.",
}


class Error(Exception):
    """The root of all errors that textgauge raises.

    Attributes:
        code: The kind of error, one of `CODES`.
    """

    def __init__(self, message: str, code: str = "internal") -> None:
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

    def __init__(self, message: str, code: str = "internal", row: int | None = None) -> None:
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
