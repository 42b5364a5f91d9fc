"""Working in a thread of its own: order, waiting, and errors."""

from __future__ import annotations

import threading
import time

import pytest

from textgauge.io.work_behind import ITEMS_AT_ONCE, work_behind


def test_items_are_done_in_order_by_another_thread():
    done = []
    with work_behind(lambda item: done.append((item, threading.current_thread().name))) as put:
        for item in range(100):
            put(item)
        put.wait()
        assert len(done) == 100
        put(100)
    assert done == [(item, "textgauge-behind") for item in range(101)]


def test_no_more_than_some_items_wait():
    begun, go_on = threading.Semaphore(0), threading.Event()
    put_so_far = []

    def work(_item):
        begun.release()
        assert go_on.wait(30)

    def fill(put):
        for item in range(10):
            put(item)
            put_so_far.append(item)

    with work_behind(work) as put:
        filler = threading.Thread(target=fill, args=(put,))
        filler.start()
        assert begun.acquire(timeout=30)
        time.sleep(0.2)
        assert len(put_so_far) <= ITEMS_AT_ONCE + 1
        go_on.set()
        filler.join(30)
    assert put_so_far == list(range(10))


def test_what_the_work_raises_comes_out_and_nothing_more_is_done():
    done = []

    def work(item):
        if item == 3:
            raise OSError(28, "No space left on device")
        done.append(item)

    def put_all(items, *, wait=False):
        with work_behind(work) as put:
            for item in items:
                put(item)
            if wait:
                put.wait()

    with pytest.raises(OSError, match="No space left"):
        put_all(range(1000))
    assert done == [0, 1, 2]
    for wait in (False, True):
        with pytest.raises(OSError, match="No space left"):
            put_all([3], wait=wait)


def test_an_error_of_the_caller_ends_the_thread():
    before = threading.active_count()

    def interrupted():
        with work_behind(print):
            assert threading.active_count() == before + 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert threading.active_count() == before


def test_an_error_of_the_caller_waits_for_one_item_alone():
    begun, go_on = threading.Semaphore(0), threading.Event()
    done = []

    def work(item):
        begun.release()
        assert go_on.wait(30)
        done.append(item)

    def interrupted():
        with work_behind(work) as put:
            for item in range(ITEMS_AT_ONCE + 1):
                put(item)
            assert begun.acquire(timeout=30)
            threading.Timer(0.2, go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == [0]
