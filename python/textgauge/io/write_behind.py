"""Writing in a thread of its own, while the caller goes on."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Writing", "write_behind"]

Item = TypeVar("Item")

ITEMS_AT_ONCE = 2


class Writing(Generic[Item]):
    """A thread that writes items in the order in which they are put. `write_behind` makes it.

    Args:
        write: Writes one item.
    """

    def __init__(self, write: Callable[[Item], object]) -> None:
        self._write = write
        self._items: queue.Queue[Item | None] = queue.Queue(ITEMS_AT_ONCE)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="textgauge-write", daemon=True)
        self._thread.start()

    def __call__(self, item: Item) -> None:
        """Puts an item; waits while others are to be written.

        Raises:
            BaseException: What writing an earlier item raised.
        """
        self._raise()
        self._items.put(item)

    def wait(self) -> None:
        """Waits until all items are written.

        Raises:
            BaseException: What writing one raised.
        """
        self._items.join()
        self._raise()

    def end(self) -> None:
        """Waits for the thread to end."""
        self._items.put(None)
        self._thread.join()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while True:
            item = self._items.get()
            try:
                if item is None:
                    return
                if self._error is None:
                    self._write(item)
            except BaseException as error:
                self._error = error
            finally:
                self._items.task_done()


@contextlib.contextmanager
def write_behind(write: Callable[[Item], object]) -> Iterator[Writing[Item]]:
    """Lets items be written in a thread of its own; at the end of the context all are.

    Args:
        write: Writes one item.

    Raises:
        BaseException: What writing an item raised.
    """
    writing = Writing(write)
    try:
        yield writing
        writing.wait()
    finally:
        writing.end()
