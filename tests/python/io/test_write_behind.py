"""Writing in a thread of its own: order, waiting, and errors."""

from __future__ import annotations

import threading
import time

import pytest

from textgauge.io.write_behind import ITEMS_AT_ONCE, write_behind


def test_items_are_written_in_order_by_another_thread():
    written = []
    with write_behind(lambda item: written.append((item, threading.current_thread().name))) as put:
        for item in range(100):
            put(item)
        put.wait()
        assert len(written) == 100
        put(100)
    assert written == [(item, "textgauge-write") for item in range(101)]


def test_no_more_than_some_items_wait():
    begun, go_on = threading.Semaphore(0), threading.Event()
    put_so_far = []

    def write(_item):
        begun.release()
        assert go_on.wait(30)

    def fill(put):
        for item in range(10):
            put(item)
            put_so_far.append(item)

    with write_behind(write) as put:
        filler = threading.Thread(target=fill, args=(put,))
        filler.start()
        assert begun.acquire(timeout=30)
        time.sleep(0.2)
        assert len(put_so_far) <= ITEMS_AT_ONCE + 1
        go_on.set()
        filler.join(30)
    assert put_so_far == list(range(10))


def test_what_writing_raises_comes_out_and_nothing_more_is_written():
    written = []

    def write(item):
        if item == 3:
            raise OSError(28, "No space left on device")
        written.append(item)

    def put_all(items, *, wait=False):
        with write_behind(write) as put:
            for item in items:
                put(item)
            if wait:
                put.wait()

    with pytest.raises(OSError, match="No space left"):
        put_all(range(1000))
    assert written == [0, 1, 2]
    for wait in (False, True):
        with pytest.raises(OSError, match="No space left"):
            put_all([3], wait=wait)


def test_an_error_of_the_caller_ends_the_thread():
    before = threading.active_count()

    def interrupted():
        with write_behind(print):
            assert threading.active_count() == before + 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert threading.active_count() == before
