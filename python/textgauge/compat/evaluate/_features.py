"""What evaluate's inputs have to look like, as `datasets` says and shows it."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

__all__ = ["Feature", "Features", "List", "Value"]


class Value:
    """A text (`string`) or a number (`int32`, `float32`)."""

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype

    def __repr__(self) -> str:
        return f"Value('{self.dtype}')"

    def check(self, value: Any) -> None:  # noqa: ANN401 - whatever the caller gave
        """Refuses what is no text where one is wanted.

        Raises:
            TypeError: It is none.
        """
        if self.dtype == "string" and not isinstance(value, str):
            raise TypeError(f"Expected type str but got {type(value)}.")

    def encode(self, value: Any) -> Any:  # noqa: ANN401
        """The value as it is kept: None stays, all else becomes a text or a number.

        Raises:
            UnicodeEncodeError: A text has lone surrogates.
            TypeError, ValueError: It cannot become a number.
        """
        if value is None:
            return None
        if self.dtype == "string":
            text = str(value)
            text.encode()
            return text
        return int(value) if self.dtype == "int32" else float(np.float32(value))


class List:
    """Several values of one kind."""

    def __init__(self, feature: Value) -> None:
        self.feature = feature

    def __repr__(self) -> str:
        return f"List({self.feature})"

    def check(self, values: Any) -> None:  # noqa: ANN401
        """Refuses a text, and lists in which the first value is of the wrong kind. Lists in lists are not looked into.

        Raises:
            ValueError, TypeError: It is one of these.
        """
        if isinstance(values, str):
            raise ValueError(f"Got a string but expected a list instead: '{values}'")
        if values is None or len(values) == 0:
            return
        first = next((value for value in values if value is not None), None)
        if not isinstance(first, list):
            self.feature.check(first)

    def encode(self, values: Any) -> list[Any] | None:  # noqa: ANN401
        """The values as they are kept.

        Raises:
            UnicodeEncodeError, TypeError, ValueError: As for `Value`; or these are no values.
        """
        return None if values is None else [self.feature.encode(value) for value in values]


class Features(dict[str, "Feature"]):
    """Named fields, each with its kind."""

    def check(self, fields: Any) -> None:  # noqa: ANN401
        """Refuses fields of the wrong kind.

        Raises:
            KeyError: A field is missing, or unknown.
            ValueError, TypeError: A field is of the wrong kind, or these are no fields.
        """
        for name in dict.fromkeys([*self, *fields]):
            self[name].check(fields[name])

    def encode(self, fields: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """The fields as they are kept; those that are missing are None.

        Raises:
            AttributeError: These are no fields.
            UnicodeEncodeError, TypeError, ValueError: As for `Value`.
        """
        return None if fields is None else {name: feature.encode(fields.get(name)) for name, feature in self.items()}


Feature: TypeAlias = Value | List | Features
