"""Working in a thread of its own: order, waiting, and errors."""

from __future__ import annotations

import threading
import time

import pytest

from textgauge.io.work_behind import ITEMS_AT_ONCE, Working, work_behind


class Held:
    """Work that says when it is begun, and goes on when it is let."""

    def __init__(self):
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()
        self.done = []

    def __call__(self, item):
        self.begun.release()
        assert self.go_on.wait(30)
        self.done.append(item)


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
    work = Held()
    put_so_far = []

    def fill(put):
        for item in range(10):
            put(item)
            put_so_far.append(item)

    with work_behind(work) as put:
        filler = threading.Thread(target=fill, args=(put,))
        filler.start()
        assert work.begun.acquire(timeout=30)
        time.sleep(0.2)
        assert len(put_so_far) <= ITEMS_AT_ONCE + 1
        work.go_on.set()
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


def test_an_error_of_the_caller_waits_for_one_item_alone(monkeypatch):
    work = Held()
    give_up = Working.give_up

    def give_up_and_let_go(working, error):
        give_up(working, error)
        work.go_on.set()

    def interrupted():
        with work_behind(work) as put:
            for item in range(ITEMS_AT_ONCE + 1):
                put(item)
            assert work.begun.acquire(timeout=30)
            raise KeyboardInterrupt

    monkeypatch.setattr(Working, "give_up", give_up_and_let_go)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert work.done == [0]
