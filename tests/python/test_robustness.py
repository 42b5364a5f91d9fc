"""Hostile input and hostile circumstances: nothing hangs, crashes or goes unnoticed."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import textgauge as tg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALL = [info.name for info in tg.list_metrics()]
ROUGE = [info.name for info in tg.list_metrics() if info.family == "rouge"]
TRANSLATION = ["bleu", "chrf", "chrf++", "ter"]
POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals")

# Enough text that threads get to work, and a scorer that uses them.
MANY = [" ".join(f"w{row * at % 97}" for at in range(40)) for row in range(2000)]
PARALLEL = 'import textgauge as tg\nMANY = [" ".join(f"w{row * at % 97}" for at in range(40)) for row in range(2000)]\n'


def run_script(script: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs Python in a process of its own; a crash there is seen here, a hang ends in an error."""
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", PARALLEL + textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def check_script(script: str, expected: str) -> None:
    """Runs a script that must end well after printing what is expected."""
    done = run_script(script)
    assert (done.returncode, done.stdout.strip()) == (0, expected), done.stderr[-2000:]


# ---- texts


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n\x0b\x0c", "...", "\0", "\ud800", "日本", "\u200d\u0301"])
@pytest.mark.parametrize("other", ["", "a b"])
def test_texts_without_tokens_score_nothing(text: str, other: str) -> None:
    result = tg.Scorer(ROUGE).score([text, other], [other, text])
    assert all((result[name] == 0).all() for name in result.columns)
    assert set(result.corpus.values()) == {0.0}


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n\x0b\x0c", "...", "\0", "\ud800", "日本", "\u200d\u0301"])
@pytest.mark.parametrize("other", ["", "a b"])
def test_strange_texts_have_scores_in_range(text: str, other: str) -> None:
    metrics = [*ALL, tg.Ter(normalized=True, no_punct=True, asian_support=True, prefix="cut_")]
    result = tg.Scorer(metrics).score([text, other, text], [other, text, text])
    bounds = {f"{info.name}.{each.part}".rstrip("."): each for info in tg.list_metrics() for each in info.outputs}
    for column in result.columns:
        output = bounds[column.removeprefix("cut_")]
        values = [*result[column], result.corpus[column]]
        assert all(output.lowest <= value <= output.highest for value in values), column


def test_no_rows() -> None:
    result = tg.Scorer(ALL).score([], [])
    assert len(result) == 0
    assert all(result[name].shape == (0,) for name in result.columns)
    assert np.isnan(list(result.corpus.values())).all()
    matrices = tg.Scorer("rouge1").pairwise([], ["a", "b"])
    assert matrices["rouge1.f"].shape == (0, 2)
    assert tg.Scorer("rouge1").pairwise(["a"], [])["rouge1.f"].shape == (1, 0)


def test_nul_is_a_character_like_others() -> None:
    result = tg.Scorer(["rouge1", tg.Rouge("rouge1", tokenizer="whitespace", prefix="ws_")]).score(
        ["a\0b"], ["a\0b a b"]
    )
    assert result["rouge1.p"][0] == 1.0
    assert result["rouge1.r"][0] == 0.5
    assert result["ws_rouge1.r"][0] == 1 / 3


@pytest.mark.parametrize("tokenizer", ["rouge", "whitespace", "words"])
@pytest.mark.parametrize("stemmer", ["none", "porter"])
def test_a_token_of_ten_megabytes(tokenizer: Any, stemmer: Any) -> None:
    word = "ab" * 5_000_000
    scorer = tg.Scorer(tg.Rouge(*ROUGE, tokenizer=tokenizer, stemmer=stemmer))
    result = scorer.score([word, word], [word, word + "c"])
    assert result["rouge1.f"].tolist() == [1.0, 0.0]
    assert result["rougeLsum.f"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("tokenizer", ["13a", "intl", "zh", "none"])
def test_a_token_of_ten_megabytes_in_a_translation(tokenizer: str) -> None:
    word = "ab" * 5_000_000
    scorer = tg.Scorer([tg.Bleu(tokenizer=tokenizer), tg.Ter(normalized=True)])
    result = scorer.score([word, word], [word, word + "c"])
    assert result["bleu"].tolist() == [pytest.approx(100), 0]
    assert result["ter"].tolist() == [0, 100]


def test_a_hundred_thousand_tokens_a_translation() -> None:
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(20_000)]
    prediction, reference = (" ".join(rng.choices(vocabulary, k=100_000)) for _ in range(2))
    result = tg.Scorer(TRANSLATION).score([prediction, prediction], [prediction, reference])
    assert [round(result[name][0].item(), 9) for name in TRANSLATION] == [100, 100, 100, 0]
    assert all(0 < result[name][1] < 100 for name in TRANSLATION)


def test_a_hundred_thousand_tokens_a_side() -> None:
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(20_000)]
    prediction, reference = (" ".join(rng.choices(vocabulary, k=100_000)) for _ in range(2))
    result = tg.Scorer(ROUGE).score([prediction, prediction], [prediction, reference])
    # The one line is longer than what the union keeps: with itself it is whole all the same.
    assert all(result[name][0] == 1.0 for name in result.columns)
    assert all(0.0 <= result[name][1] < 1.0 for name in result.columns)
    # Of one sentence a side the union is the longest common subsequence itself.
    assert result["rougeLsum.r"][1] == result["rougeL.r"][1]


# ---- wrong input


@pytest.mark.parametrize(("wrong", "code"), [(3, "wrong-type"), (b"x", "wrong-type"), (None, "missing-text")])
def test_the_error_names_the_row(wrong: Any, code: str) -> None:
    texts = ["a"] * 100_000
    for row in (0, 7321, 32_768, 99_999):
        broken: list[Any] = list(texts)
        broken[row] = wrong
        nested: list[Any] = [["a", "b"]] * 100_000
        nested[row] = ["a", wrong]
        for predictions, references in ((broken, texts), (texts, broken), (texts, nested), (iter(broken), iter(texts))):
            with pytest.raises(tg.InputError) as caught:
                tg.Scorer("rouge1").score(predictions, references)
            assert (caught.value.row, caught.value.code) == (row, code)
            assert isinstance(caught.value, tg.InputTypeError) == (code == "wrong-type")
            assert str(row) in str(caught.value)


@pytest.mark.parametrize("depth", [3, 4])
def test_references_nested_too_deep(depth: int) -> None:
    nested: Any = "a"
    for _ in range(depth - 1):
        nested = [nested]
    with pytest.raises(tg.InputTypeError) as caught:
        tg.Scorer("rouge1").score(["a", "a"], ["a", nested])
    assert caught.value.row == 1


def test_nested_predictions() -> None:
    with pytest.raises(tg.InputTypeError, match="sentences='given'") as caught:
        tg.Scorer("rouge1").score(["a", ["a"]], ["a", "a"])
    assert caught.value.row == 1


def test_transposed_references() -> None:
    with pytest.raises(tg.InputError) as caught:
        tg.Scorer("rouge1").score(["a", "b", "c"], [["a", "b", "c"], ["d", "e", "f"]])
    assert caught.value.code == "transposed"
    assert "2" in str(caught.value)
    assert "3" in str(caught.value)


@pytest.mark.parametrize("as_iterators", [False, True])
@pytest.mark.parametrize(("predictions", "references"), [(2, 3), (3, 2), (0, 1), (1, 0), (70_000, 70_001)])
def test_unequal_lengths(predictions: int, references: int, as_iterators: bool) -> None:
    sides: list[Any] = [["a"] * predictions, ["a"] * references]
    if as_iterators:
        sides = [iter(side) for side in sides]
    with pytest.raises(tg.InputError) as caught:
        tg.Scorer("rouge1").score(*sides)
    assert caught.value.code == "unequal-lengths"


@pytest.mark.parametrize("predictions", [0, 2, 4])
def test_prepared_references_are_as_many_as_an_iterator_gives(predictions: int) -> None:
    scorer = tg.Scorer("rouge1")
    prepared = scorer.prepare(["a", "b", "c"])
    with pytest.raises(tg.InputError, match=f"{predictions} predictions, but 3 references") as caught:
        scorer.score(iter(["a"] * predictions), prepared)
    assert caught.value.code == "unequal-lengths"


def test_scores_without_bound() -> None:
    numbers = ["9223372036854775807"] * 4
    difference = tg.Scorer("helm_absolute_value_difference")
    assert difference.score(["0"] * 4, numbers).corpus["helm_absolute_value_difference"] == 2.0**63
    source = "word " * 9_000_000
    scorer = tg.Scorer("extractive")
    for corpus in (scorer.score(["word"], [source]).corpus, scorer.measure(["word"], [source]).corpus):
        assert corpus["extractive.compression"] == 9_000_000


@pytest.mark.parametrize(
    "metric",
    [
        lambda: tg.Rouge("rouge1", beta=1e200),
        lambda: tg.Chrf(beta=1e200),
        lambda: tg.Bleu(smoothing="floor", smoothing_value=1e307),
    ],
    ids=["rouge", "chrf", "bleu"],
)
def test_options_whose_scores_would_overflow(metric: Callable[[], tg.Metric]) -> None:
    with pytest.raises(tg.ConfigError, match=r"to 1e300|at most 1e100"):
        tg.Scorer(metric())


@pytest.mark.parametrize(
    "column", ["text", b"text", {"a": "b"}, {"a"}, 3, None, 1.5, object()], ids=lambda x: type(x).__name__
)
def test_what_is_no_column(column: Any) -> None:
    for predictions, references in ((column, ["a"]), (["a"], column)):
        with pytest.raises(tg.InputTypeError):
            tg.Scorer("rouge1").score(predictions, references)


def test_an_empty_list_of_references() -> None:
    with pytest.raises(tg.InputError) as caught:
        tg.Scorer("rouge1").score(["a", "b"], ["a", []])
    assert (caught.value.code, caught.value.row) == ("no-reference", 1)


class HalfWayError(Exception):
    """Raised by the callers' own code."""


@pytest.mark.parametrize("rows", [0, 3, 70_000])
def test_an_iterator_that_raises(rows: int) -> None:
    def broken() -> Iterator[str]:
        yield from itertools.repeat("a", rows)
        raise HalfWayError(rows)

    for predictions, references in ((broken(), ["a"] * 100_000), (itertools.repeat("a"), broken())):
        with pytest.raises(HalfWayError) as caught:
            tg.Scorer("rouge1").score(predictions, references)
        assert caught.value.args == (rows,)


def test_a_progress_callback_that_raises() -> None:
    seen: list[int] = []

    def progress(rows: int) -> None:
        seen.append(rows)
        if rows > 40_000:
            raise HalfWayError(rows)

    with pytest.raises(HalfWayError):
        tg.Scorer("rouge1").score(["a"] * 200_000, ["a"] * 200_000, progress=progress)
    assert seen == sorted(set(seen))
    assert seen[-1] < 200_000


def test_progress_ends_at_the_number_of_rows() -> None:
    seen: list[int] = []
    tg.Scorer("rouge1").score(["a"] * 100_000, ["a"] * 100_000, progress=seen.append)
    assert seen == sorted(set(seen))
    assert seen[-1] == 100_000


# ---- the caller's own tokenizers


def test_a_tokenizer_that_raises() -> None:
    def broken(text: str) -> list[str]:
        if text == "b":
            raise HalfWayError(text)
        return [text]

    with pytest.raises(HalfWayError):
        tg.Scorer(tg.Rouge("rouge1", "rougeLsum", tokenizer=broken)).score(["a", "b"], ["a", "a"])


@pytest.mark.parametrize("made", [[1], [None], [b"a"], [["a"]], None, 3], ids=repr)
def test_a_tokenizer_that_makes_no_strings(made: Any) -> None:
    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=lambda text: made if text == "b" else [text]))
    with pytest.raises(tg.InputError) as caught:
        scorer.score(["a", "b"], ["a", "a"])
    assert (caught.value.code, caught.value.row) == ("bad-tokenizer", 1)


def test_a_tokenizer_may_be_lazy() -> None:
    scorer = tg.Scorer(tg.Rouge("rouge1", tokenizer=lambda text: (word for word in text.split())))
    assert scorer.score(["a b"], ["b a"])["rouge1.f"][0] == 1.0


def test_a_tokenizer_that_scores() -> None:
    inner = tg.Scorer("rouge1")

    def tokenizer(text: str) -> list[str]:
        assert inner.score(MANY, MANY).corpus["rouge1.f"] == 1.0
        return text.split()

    assert tg.Scorer(tg.Rouge("rouge1", tokenizer=tokenizer)).score(["a"], ["a"])["rouge1.f"][0] == 1.0


# ---- threads and processes


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", " ", "99999999999999999999999"])
def test_a_bad_number_of_threads_in_the_environment(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTGAUGE_NUM_THREADS", value)
    with pytest.raises(tg.ConfigError, match="TEXTGAUGE_NUM_THREADS") as caught:
        tg.Scorer("rouge1").score(["a"], ["a"])
    assert caught.value.code == "bad-threads"
    # Who says how many does not depend on it.
    assert len(tg.Scorer("rouge1", threads=1).score(["a"], ["a"])) == 1


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", True])
def test_a_bad_number_of_threads(threads: Any) -> None:
    with pytest.raises(tg.ConfigError) as caught:
        tg.Scorer("rouge1", threads=threads)
    assert caught.value.code == "bad-threads"
    with pytest.raises(tg.ConfigError):
        tg.Scorer("rouge1").score(["a"], ["a"], threads=threads)


def test_sixteen_threads_share_a_scorer() -> None:
    scorer = tg.Scorer([*ALL, tg.Rouge("rouge1", tokenizer=str.split, prefix="own_")], threads=2)
    expected = scorer.score(MANY, MANY[::-1])

    def work(_: int) -> bool:
        result = scorer.score(MANY, MANY[::-1])
        same = all(result[name].tobytes() == expected[name].tobytes() for name in expected.columns)
        return same and result.aggregate == expected.aggregate

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(work, range(32)))


FORK_BY = {
    "os.fork": """
        import os
        child = os.fork()
        if child == 0:
            os._exit(0 if work() == expected else 1)
        print(os.waitpid(child, 0)[1])
        """,
    "multiprocessing": """
        import multiprocessing
        with multiprocessing.get_context("fork").Pool(2) as pool:
            print(sum(result.get(30) != expected for result in [pool.apply_async(work) for _ in range(4)]))
        """,
}


@POSIX
@pytest.mark.parametrize("how", FORK_BY)
def test_a_fork_after_parallel_work(how: str) -> None:
    script = """
        import warnings
        warnings.simplefilter("ignore", DeprecationWarning)  # forks of a process with threads, on purpose
        scorer = tg.Scorer(["rouge1", "rougeL"], threads=2)
        def work():
            return scorer.aggregate(MANY, MANY[::-1])
        expected = work()
        """
    check_script(textwrap.dedent(script) + textwrap.dedent(FORK_BY[how]) + "\nassert work() == expected", "0")


@POSIX
def test_a_fork_while_another_thread_scores() -> None:
    check_script(
        """
        import os, threading, warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        scorer = tg.Scorer(["rouge1", "rougeL"], threads=2)
        expected = scorer.aggregate(MANY, MANY[::-1])
        stop = threading.Event()
        def keep_scoring():
            while not stop.is_set():
                scorer.aggregate(MANY, MANY[::-1])
        thread = threading.Thread(target=keep_scoring)
        thread.start()
        codes = []
        for _ in range(10):
            child = os.fork()
            if child == 0:
                os._exit(0 if scorer.aggregate(MANY, MANY[::-1]) == expected else 1)
            codes.append(os.waitpid(child, 0)[1])
        stop.set()
        thread.join()
        print(codes)
        """,
        str([0] * 10),
    )


# A pair that takes many seconds: few words, so that each is everywhere.
LONG_PAIR = """
    import random
    rng = random.Random(2)
    words = [f"w{number}" for number in range(9)]
    long = ["".join(rng.choice(words) + SEPARATORS[at % 20] for at in range(600_000)) for _ in range(2)]
    """


@POSIX
@pytest.mark.parametrize("call", ["score", "aggregate", "pairwise"])
@pytest.mark.parametrize(
    ("metric", "separators"),
    [
        pytest.param("rougeL", " " * 20, id="rougeL"),
        pytest.param("rougeLsum", " " * 20, id="rougeLsum-one-line"),
        pytest.param("rougeLsum", " " * 19 + "\n", id="rougeLsum-lines"),
    ],
)
def test_ctrl_c(call: str, metric: str, separators: str) -> None:
    script = f"""
        import time
        scorer = tg.Scorer({metric!r}, threads=2)
        print("ready", flush=True)
        try:
            scorer.{call}(long[:1], long[1:])
        except KeyboardInterrupt:
            print("interrupted", time.monotonic(), flush=True)
        assert scorer.score(["a"], ["a"]).corpus["{metric}.f"] == 1.0
        assert scorer.aggregate(MANY, MANY).corpus["{metric}.f"] == 1.0
        print("still alive")
        """
    source = f"{PARALLEL}SEPARATORS = {separators!r}\n" + textwrap.dedent(LONG_PAIR) + textwrap.dedent(script)
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.7)
            sent = time.monotonic()
            process.send_signal(signal.SIGINT)
            word, _, at = process.stdout.readline().strip().partition(" ")
            assert word == "interrupted"
            assert float(at) - sent < 2.0
            assert process.stdout.readline() == "still alive\n"
            assert process.wait(30) == 0
        finally:
            process.kill()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
@pytest.mark.parametrize("call", ["prepare", "fit"])
def test_reading_large_references_is_interrupted_soon(call: str) -> None:
    raised = []

    def interrupt(*_: object) -> None:
        raised.append(time.monotonic())
        raise KeyboardInterrupt

    scorer = tg.Scorer(["chrf", "ter"] if call == "prepare" else "nist")
    texts = ["the quick brown fox jumps over lazy dogs " * 1600] * 2000
    before = signal.signal(signal.SIGALRM, interrupt)
    asked = time.monotonic() + 0.3
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            getattr(scorer, call)(texts)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert raised[0] - asked < 0.2
    assert len(scorer.prepare(texts[:2])) == 2


@POSIX
def test_ctrl_c_while_aligning() -> None:
    source = """
        import time
        import textgauge as tg
        squares = [row * row for row in range(2_000_000)]
        prediction, reference = ("".join(chr(0x4E00 + square % prime) for square in squares) for prime in (9973, 9967))
        print("ready", flush=True)
        try:
            tg.align(prediction, reference, tokenizer="jiwer-characters")
        except KeyboardInterrupt:
            print("interrupted", time.monotonic(), flush=True)
        """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(source)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(4)
            sent = time.monotonic()
            process.send_signal(signal.SIGINT)
            word, _, at = process.stdout.readline().strip().partition(" ")
            assert word == "interrupted"
            assert float(at) - sent < 2.0
        finally:
            process.kill()


def test_exit_while_a_daemon_thread_scores() -> None:
    check_script(
        """
        import threading, time
        scorer = tg.Scorer(["rouge1", "rougeL"], threads=2)
        started = threading.Event()
        def keep_scoring():
            while True:
                scorer.score(MANY, MANY[::-1])
                started.set()
        threading.Thread(target=keep_scoring, daemon=True).start()
        started.wait()
        time.sleep(0.2)
        print("leaving")
        """,
        "leaving",
    )


def test_exit_during_one_long_batch_of_a_daemon_thread() -> None:
    script = """
        import threading, time
        scorer = tg.Scorer("rougeL", threads=2)
        threading.Thread(target=scorer.score, args=(long[:1], long[1:]), daemon=True).start()
        time.sleep(0.5)
        print("leaving")
        """
    check_script("SEPARATORS = ' ' * 20\n" + textwrap.dedent(LONG_PAIR) + textwrap.dedent(script), "leaving")


def test_lists_that_change_meanwhile() -> None:
    # Rows are those of the moment of the call; the texts themselves are kept as long as they are read.
    check_script(
        """
        import threading
        scorer = tg.Scorer(["rouge1", "rougeL"], threads=2)
        predictions, references = list(MANY), [[text, text] for text in MANY]
        stop = threading.Event()
        def spoil():
            number = 0
            while not stop.is_set():
                number += 1
                row = number % len(MANY)
                predictions[row] = f"another text {number} " * 5
                references[row][number % 2] = f"another text {number} " * 5
                references[row] = [f"one more {number}", "and one more"]
        thread = threading.Thread(target=spoil)
        thread.start()
        for _ in range(60):
            result = scorer.score(predictions, references)
            assert len(result) == len(MANY)
            assert 0.0 <= min(result["rouge1.f"]) <= max(result["rouge1.f"]) <= 1.0
        stop.set()
        thread.join()
        print("done")
        """,
        "done",
    )


def test_a_list_that_shrinks_under_an_iterator() -> None:
    predictions = ["a"] * 10

    def references() -> Iterator[str]:
        for _ in range(10):
            predictions.clear()
            yield "a"

    # The list was taken as it was when the call began.
    assert len(tg.Scorer("rouge1").score(predictions, references())) == 10


def test_what_was_held_while_scoring_is_let_go() -> None:
    texts = tuple("".join(["held ", str(number)]) for number in range(5))
    rows = [[text, text + "!"] for text in texts]
    scorer = tg.Scorer("rouge1")
    counts = [sys.getrefcount(each) for each in (texts, rows, texts[0], rows[0], rows[0][1])]
    for references in (texts, rows, iter(rows)):
        assert scorer.score(texts, references).corpus["rouge1.f"] == 1.0
    with pytest.raises(tg.InputTypeError):
        scorer.score(texts, [*rows[:4], 7])
    assert [sys.getrefcount(each) for each in (texts, rows, texts[0], rows[0], rows[0][1])] == counts


def test_pairs_that_no_memory_holds_are_refused():
    scorer = tg.Scorer("wer")
    prepared = scorer.prepare(["a"] * 1_000_000)
    with pytest.raises(MemoryError, match="no memory for the scores of 1000000000000 pairs") as caught:
        scorer.pairwise(prepared, prepared)
    assert isinstance(caught.value, tg.NoMemoryError)
    assert caught.value.code == "no-memory"


@pytest.mark.parametrize("rows", [1 << 45, 1 << 60])
@pytest.mark.parametrize("call", ["score", "measure"])
def test_rows_that_no_memory_holds_are_refused(call, rows):
    pa = pytest.importorskip("pyarrow")
    # So many rows that take no memory themselves.
    column = pa.RunEndEncodedArray.from_arrays(pa.array([rows], pa.int64()), pa.array(["a"]))
    with pytest.raises(tg.NoMemoryError, match=f"no memory for the scores of {rows} rows"):
        getattr(tg.Scorer("wer"), call)(column, column)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
def test_a_signal_handler_may_score_on_the_same_thread():
    scorer = tg.Scorer(["rouge1", "rougeL"], threads=1)
    made = []
    before = signal.signal(signal.SIGALRM, lambda *_: made.append(scorer.score(["a b"], ["a c"])["rouge1.f"][0]))
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    try:
        texts = ["a b c d e f g h i j"] * 200_000
        while len(made) < 3:
            assert scorer.score(texts, texts).corpus["rouge1.f"] == 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert set(made) == {0.5}


@pytest.mark.parametrize("what", ["progress", "tokenizer"])
def test_what_is_called_back_may_score_on_the_same_thread(what):
    inner = tg.Scorer("rouge1", threads=1)

    def tokenizer(text):
        assert inner.score([text], [text])["rouge1.f"][0] == 1
        return text.split()

    if what == "progress":
        seen = []
        tg.Scorer("bleu", threads=1).score(
            ["a"] * 5000, ["a"] * 5000, progress=lambda rows: seen.append((rows, tokenizer("a")))
        )
        assert seen
    else:
        assert tg.Scorer(tg.Rouge("rouge1", tokenizer=tokenizer)).score(["a b"], ["a b"])["rouge1.f"][0] == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("side", ["predictions", "references"])
@pytest.mark.parametrize("other", ["iter", "list"])
@pytest.mark.parametrize(("rows", "megabytes"), [(400, 1), (12, 40)])
def test_iterators_of_large_texts_are_held_a_few_at_a_time(side, other, rows, megabytes):
    code = f"""
        import textgauge as tg
        columns = dict.fromkeys(["predictions", "references"], {other}(["a"] * {rows}))
        columns[{side!r}] = (f"{{number}} " + "word " * ({megabytes} * 200_000) for number in range({rows}))
        scorer = tg.Scorer("exact_match", threads=1)
        scorer.score(["a" * 1000], ["b"])
        open("/proc/self/clear_refs", "w").write("5")
        status = lambda name: int(open("/proc/self/status").read().split(name)[1].split()[0]) >> 10
        before = status("VmRSS:")
        assert len(scorer.score(**columns)) == {rows}
        print(status("VmHWM:") - before)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    # 400 MB or more went by; 64 MB and a row of one side are held at once, and what making and reading a text takes.
    assert int(done.stdout) < 64 + 5 * megabytes + 40


@pytest.mark.parametrize("predictions", [list, iter])
@pytest.mark.parametrize("references", [list, iter])
@pytest.mark.parametrize("rows", [1, 2, 3000])
@pytest.mark.parametrize("lacking", ["predictions", "references"])
def test_the_side_that_ends_early_is_named(predictions, references, rows, lacking):
    texts = {"predictions": ["a"] * rows, "references": ["a"] * rows}
    texts[lacking].pop()
    with pytest.raises(tg.InputError) as caught:
        tg.Scorer("exact_match", threads=1).score(predictions(texts["predictions"]), references(texts["references"]))
    assert caught.value.code == "unequal-lengths"
    if iter in (predictions, references):
        assert str(caught.value).startswith(f"{lacking} end after {rows - 1} rows")
        assert caught.value.row == rows - 1


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("bad", [1023, 1024, 1025, 5120, 9999])
def test_what_is_wrong_with_a_later_part_is_told_after_the_parts_before(threads: int, bad: int) -> None:
    texts: list[Any] = ["some words of a text"] * 10_000
    texts[bad] = 7
    seen: list[int] = []
    with pytest.raises(tg.InputTypeError) as caught:
        tg.Scorer("wer", threads=threads).score(texts, ["other words"] * 10_000, progress=seen.append)
    assert caught.value.row == bad
    # Every part before that of the row was scored.
    assert seen == sorted(seen)
    assert all(rows <= bad for rows in seen)
    assert len(seen) >= (bad >= 1024)

    def broken() -> Iterator[str]:
        yield from texts[:bad]
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        tg.Scorer("wer", threads=threads).score(broken(), ["other words"] * 10_000)


@pytest.mark.parametrize("threads", [1, 2])
def test_whoever_makes_texts_may_score_meanwhile(threads: int) -> None:
    scorer = tg.Scorer(["rouge1", "wer"], threads=threads)
    expected = scorer.score(["a b c"] * 6000, ["a c"] * 6000)

    def made() -> Iterator[str]:
        for row in range(6000):
            if row % 500 == 0:
                inner = scorer.score(["a b c"] * 3000, ["a c"] * 3000)
                assert inner["wer"].tolist() == expected["wer"].tolist()[:3000]
            yield "a b c"

    result = scorer.score(made(), ["a c"] * 6000)
    assert result.aggregate == expected.aggregate
    assert result["rouge1.f"].tolist() == expected["rouge1.f"].tolist()
