"""Reading ahead: results in order, memory bounded, threads ended."""

import itertools
import os
import threading
import time

import pytest

from textgauge.io.read_ahead import read_ahead


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def tasks_of(functions, then=None):
    """An iterator over the functions, which may fail in the end."""
    yield from functions
    if then is not None:
        raise then


def returning(value):
    return lambda: value


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_results_come_in_order(threads, count):
    def slow(number):
        time.sleep(0.002 * (number % 3))
        return number

    tasks = (lambda number=number: slow(number) for number in range(count))
    assert list(read_ahead(tasks, threads)) == list(range(count))


def test_one_task_needs_no_thread():
    here = threading.current_thread()
    tasks = tasks_of([threading.current_thread])
    assert list(read_ahead(tasks, 4)) == [here]
    several = list(read_ahead(tasks_of([threading.current_thread] * 3), 4))
    assert here not in several


@pytest.mark.parametrize("threads", [1, 3])
def test_no_more_is_made_than_there_is_room_for(threads):
    made = itertools.count()
    last = 0

    def make():
        nonlocal last
        last = next(made)
        return last

    for number, result in enumerate(read_ahead(itertools.repeat(make, 200), threads)):
        # Tasks that run at once may draw their numbers in any order.
        assert abs(result - number) <= threads
        # What is in use, and what waits or is being made.
        assert last - number <= 2 * threads + 2
        time.sleep(0.0005)


@pytest.mark.parametrize("place", [0, 1, 2, 30])
def test_an_error_of_a_task_comes_at_its_place(place):
    def fail():
        raise KeyError(place)

    results = read_ahead(tasks_of([*map(returning, range(place)), fail, *map(returning, range(50))]), 3)
    assert list(itertools.islice(results, place)) == list(range(place))
    with pytest.raises(KeyError, match=str(place)):
        next(results)
    assert list(results) == []


@pytest.mark.parametrize("place", [0, 1, 2, 30])
def test_an_error_of_the_reader_comes_after_what_was_read(place):
    results = read_ahead(tasks_of(map(returning, range(place)), OSError("broken")), 3)
    assert list(itertools.islice(results, place)) == list(range(place))
    with pytest.raises(OSError, match="broken"):
        next(results)
    assert list(results) == []


def test_an_end_before_the_last_result_ends_the_threads():
    asked = itertools.count()
    results = read_ahead((returning(next(asked)) for _ in itertools.count()), 2)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    results.close()
    stopped = next(asked)
    time.sleep(0.01)
    assert next(asked) == stopped + 1


def test_an_error_of_the_consumer_ends_the_threads():
    def consume():
        for result in read_ahead(map(returning, itertools.count()), 2):
            if result == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        consume()


def test_tasks_that_wait_are_not_waited_for_longer_than_they_take():
    release = threading.Event()
    results = read_ahead(tasks_of([returning(0), *[release.wait] * 20]), 2)
    assert next(results) == 0
    release.set()
    results.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_can_close_what_it_has_inherited_and_read_itself():
    results = read_ahead(map(returning, range(1000)), 2)
    assert next(results) == 0
    child = os.fork()
    if child == 0:
        results.close()
        os._exit(0 if list(read_ahead(map(returning, range(100)), 2)) == list(range(100)) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list(results) == list(range(1, 1000))
