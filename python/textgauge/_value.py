"""Values: immutable objects of named fields, as frozen dataclasses are, but without code made at import.

A dataclass costs 0.4 ms when it is defined, and there are dozens of metrics and transforms.
"""

from __future__ import annotations

import operator
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_options: object) -> Any:  # noqa: ANN401 - whatever it decorates
        """What type checkers know of; nothing else needs it."""
        return lambda decorated: decorated


__all__ = ["Value", "nearest", "whole_threads"]

_REQUIRED: Any = object()


@dataclass_transform(frozen_default=True)
class Value:
    """Fields are the annotated names of the class, after those of its bases; their values are the defaults.

    Values of the same class and the same fields are equal, and have equal hashes. They pickle, and `copy.replace` and
    `with_fields` make others of them.
    """

    _defaults: ClassVar[dict[str, Any]] = {}
    _keyword_only: ClassVar[bool] = False

    def __init_subclass__(cls, *, kw_only: bool = False) -> None:
        super().__init_subclass__()
        own = [name for name, kind in cls.__annotations__.items() if not str(kind).startswith("ClassVar")]
        cls._defaults = {**cls._defaults, **{name: cls.__dict__.get(name, _REQUIRED) for name in own}}
        cls._keyword_only = cls._keyword_only or kw_only

    def __init__(self, *values: Any, **named: Any) -> None:  # noqa: ANN401 - type checkers see the fields
        cls = type(self)
        if values:
            if cls._keyword_only or len(values) > len(cls._defaults):
                raise TypeError(f"{cls.__name__} takes its options by name, such as {next(iter(cls._defaults))}=...")
            named.update(zip(cls._defaults, values, strict=False))
        for name in named:
            if name not in cls._defaults:
                known = ", ".join(cls._defaults)
                raise UnknownFieldError(
                    f"{cls.__name__} has no option {name!r}{nearest(name, cls._defaults)}; there are {known}",
                    "bad-option",
                )
        fields = {**cls._defaults, **named}
        for name, value in fields.items():
            if value is _REQUIRED:
                raise TypeError(f"{cls.__name__} lacks {name}")
        self.__dict__.update(fields)
        self.__post_init__()

    def __post_init__(self) -> None:
        """Checks and tidies the fields of a new value, which may still be set with `_set`."""

    def _set(self, name: str, value: object) -> None:
        self.__dict__[name] = value

    def fields(self) -> dict[str, Any]:
        """The fields by name."""
        return {name: self.__dict__[name] for name in self._defaults}

    def with_fields(self, **changes: Any) -> Self:  # noqa: ANN401 - as for `__init__`
        """The same value with some fields changed."""
        return type(self)(**{**self.fields(), **changes})

    def __replace__(self, **changes: Any) -> Self:  # noqa: ANN401 - as for `__init__`
        return self.with_fields(**changes)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} never changes; {name} of another one can be set when it is made")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} never changes")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.fields() == other.fields()

    def __hash__(self) -> int:
        return hash((type(self), *self.fields().values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.fields().items())})"


class UnknownFieldError(ConfigError, TypeError):
    """An option that a class does not have."""


def nearest(name: str, known: Any) -> str:  # noqa: ANN401 - any iterable of names
    """A question that offers the known name most like `name`, whatever their case; empty if none is."""
    from difflib import get_close_matches  # needed only for errors

    names = {str(each).lower(): str(each) for each in known}
    found = get_close_matches(str(name).lower(), names, n=1)
    return f"; did you mean {names[found[0]]!r}?" if found else ""


def whole_threads(threads: int | None) -> int | None:
    """The number of threads, if it is a whole number above 0, or `None`.

    Raises:
        ConfigError: It is neither.
    """
    if threads is None:
        return None
    try:
        number = operator.index(threads)
    except TypeError:
        number = 0
    if number < 1 or isinstance(threads, bool):
        raise ConfigError(f"threads is {threads!r}; it must be a whole number above 0", "bad-threads")
    return min(number, sys.maxsize)
