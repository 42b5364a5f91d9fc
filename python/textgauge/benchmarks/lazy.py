"""Sequences whose parts are made when they are looked at."""

from __future__ import annotations

import abc
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Lazy"]

T = TypeVar("T")


class Lazy(Sequence[T]):
    """A sequence that makes its elements anew each time. It equals any other sequence of the same elements.

    Attributes:
        slice_type: What some of them are in.
    """

    slice_type: ClassVar[type[list[Any]] | type[tuple[Any, ...]]] = list

    @abc.abstractmethod
    def _made(self, row: int) -> T:
        """The element at an index, which is not negative and not too large."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """An element, or some of them.

        Raises:
            IndexError: There is no such element.
        """
        rows = range(len(self))[index]
        return self._made(rows) if isinstance(rows, int) else self.slice_type(map(self._made, rows))

    def __iter__(self) -> Iterator[T]:
        """The elements one after the other."""
        return map(self._made, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Whether the other one holds the same elements, be it a list or a tuple."""
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(operator.eq, self, other))

    __hash__ = None  # type: ignore[assignment] # as lists
