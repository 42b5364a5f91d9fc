"""Reading, decoding and using at the same time, in threads, with results in order and memory bounded."""

from __future__ import annotations

import itertools
import os
import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Future

__all__ = ["read_ahead"]

T = TypeVar("T")

# A thread may wait for input that never comes, from a terminal or a pipe. Nobody waits longer for it than this.
SECONDS_TO_STOP = 0.5


def read_ahead(tasks: Iterator[Callable[[], T]], threads: int) -> Generator[T, None, None]:
    """The results of the tasks, in their order, made ahead of need.

    One thread goes through `tasks`, up to `threads` others run them. At most `2 * threads + 2` results are made or in
    the making. Where there is only one task no thread is started. Closing the iterator ends all threads.

    Args:
        tasks: The tasks: functions that may run in any thread.
        threads: In how many threads they run, at least 1.

    Raises:
        BaseException: Whatever a task or the iterator over them raises, after the results before it.
    """
    first = list(itertools.islice(tasks, 1))
    try:
        second = list(itertools.islice(tasks, 1))
    except Exception:
        yield from (task() for task in first)
        raise
    if not second:
        yield from (task() for task in first)
        return
    ahead = _Ahead(itertools.chain(first, second, tasks), threads)
    try:
        yield from ahead.results()
    finally:
        ahead.stop()


class _Ahead(Generic[T]):
    """The threads, and what they have made so far."""

    def __init__(self, tasks: Iterator[Callable[[], T]], threads: int) -> None:
        from concurrent.futures import ThreadPoolExecutor  # slow to load, and of no use to small files

        self.tasks = tasks
        self.process = os.getpid()
        self.stopped = threading.Event()
        self.room = threading.Semaphore(2 * threads + 2)
        self.made: queue.SimpleQueue[Future[T] | None] = queue.SimpleQueue()
        self.workers = ThreadPoolExecutor(threads, "textgauge-decode")
        self.reader = threading.Thread(target=self.read, name="textgauge-read", daemon=True)
        self.reader.start()

    def read(self) -> None:
        """Hands on the tasks, as long as there is room for their results."""
        try:
            while self.room.acquire() and not self.stopped.is_set():
                task = next(self.tasks, None)
                if task is None or self.stopped.is_set():
                    break
                self.made.put(self.workers.submit(task))
        except BaseException as error:
            from concurrent.futures import Future

            failed: Future[T] = Future()
            failed.set_exception(error)
            self.made.put(failed)
        self.made.put(None)

    def results(self) -> Iterator[T]:
        while (future := self.made.get()) is not None:
            yield future.result()
            # Not before: what is in use takes room, too.
            self.room.release()

    def stop(self) -> None:
        # A forked process has none of the threads, and perhaps a lock that one of them held.
        if os.getpid() != self.process:
            return
        self.stopped.set()
        self.room.release()
        self.reader.join(SECONDS_TO_STOP)
        self.workers.shutdown(cancel_futures=True)
