"""Working in a thread of its own, while the caller goes on."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Working", "work_behind"]

Item = TypeVar("Item")

ITEMS_AT_ONCE = 2


class Working(Generic[Item]):
    """A thread that works on items in the order in which they are put. `work_behind` makes it.

    Args:
        work: Does what is to be done with one item.
    """

    def __init__(self, work: Callable[[Item], object]) -> None:
        self._work = work
        self._items: queue.Queue[Item | None] = queue.Queue(ITEMS_AT_ONCE)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="textgauge-behind", daemon=True)
        self._thread.start()

    def __call__(self, item: Item) -> None:
        """Puts an item; waits while others are to be worked on.

        Raises:
            BaseException: What the work on an earlier item raised.
        """
        self._raise()
        self._items.put(item)

    def wait(self) -> None:
        """Waits until all items are done.

        Raises:
            BaseException: What the work on one raised.
        """
        self._items.join()
        self._raise()

    def give_up(self, error: BaseException) -> None:
        """Leaves the items undone that wait."""
        self._error = error

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
                    self._work(item)
            except BaseException as error:
                self._error = error
            finally:
                self._items.task_done()


@contextlib.contextmanager
def work_behind(work: Callable[[Item], object]) -> Iterator[Working[Item]]:
    """Lets items be worked on in a thread of its own; at the end of the context all are done.

    An error of the caller, such as an interruption, waits for no more than the item that is being worked on.

    Args:
        work: Does what is to be done with one item.

    Raises:
        BaseException: What the work on an item raised.
    """
    working = Working(work)
    try:
        yield working
        working.wait()
    except BaseException as error:
        working.give_up(error)
        raise
    finally:
        working.end()
