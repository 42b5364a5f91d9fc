"""What comparisons with peers have in common: processes that are timed in turn, and how their times are shown.

A worker is a process of its own that reads its texts and then times one round for each line it is sent. Workers are
timed in turn, round after round, so that a busy machine slows all of them.
"""

import contextlib
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "dev"
SCRIPT = Path(__file__).with_name("peers.py")

ROUND_SECONDS = 0.3
ALL_THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# The workers' side.


def sample_of(count: int, wanted: int) -> list[int]:
    """Evenly spaced rows."""
    return list(range(0, count, max(1, math.ceil(count / wanted))))


class PeakMemory:
    """How far the process' resident memory rises above where it was, in bytes; NaN where the system can't tell."""

    def __init__(self) -> None:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
        self.before = self._read("VmRSS")

    def rise(self) -> float:
        return self._read("VmHWM") - self.before

    def _read(self, name: str) -> float:
        try:
            status = Path("/proc/self/status").read_text()
        except OSError:
            return math.nan
        found = re.search(rf"{name}:\s+(\d+) kB", status)
        return 1024 * float(found[1]) if found else math.nan

    def whole(self) -> float:
        """The peak of all that the process has held."""
        return self._read("VmHWM")


def say(**answer: float) -> None:
    print(json.dumps(answer), flush=True)


def answer_rounds(
    columns: tuple[list[str], list[str]],
    score: Callable[..., Any],
    finish: Callable[[Any], Any],
    freshen: Callable[[], object] = lambda: None,
) -> None:
    """Times a round for each line of the input, which is null or a list of rows.

    What `finish` makes of the scores counts too; what `freshen` does before each call does not.
    """
    for line in sys.stdin:
        rows = json.loads(line)
        texts = columns if rows is None else tuple([column[row] for row in rows] for column in columns)
        repeats, took, finishing = 0, 0.0, 0.0
        while took < ROUND_SECONDS:
            freshen()
            start = time.perf_counter()
            scores = score(*texts)
            scored = time.perf_counter()
            finish(scores)
            del scores
            now = time.perf_counter()
            took += now - start
            finishing += now - scored
            repeats += 1
        scale = 1e6 / (repeats * len(texts[0]))
        say(us=took * scale, converting_us=finishing * scale)


# The main process' side.


@dataclass
class Worker:
    """A contender at one corpus and setting."""

    peer: str
    process: subprocess.Popen[str]
    scores: Path | None
    first: dict[str, float] = field(default_factory=dict)
    rounds: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def start(
        cls, peer: str, scores: Path | None, threads: int = 1, mode: str = "rouge", *, answers: bool = False, **job: Any
    ) -> "Worker":
        job |= {"peer": peer, "scores": str(scores or ""), "threads": threads}
        process = subprocess.Popen(
            [sys.executable, SCRIPT, "--worker", mode, json.dumps(job)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "RAYON_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)},
        )
        worker = cls(peer, process, scores)
        if answers:
            worker.first = worker._answer()
        return worker

    def _answer(self) -> dict[str, float]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.peer} failed, see above")
        return json.loads(line)

    def round(self, rows: list[int] | None = None) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(rows) + "\n")
        self.process.stdin.flush()
        self.rounds.append(self._answer())
        return self.rounds[-1]["us"]

    @property
    def best(self) -> dict[str, float]:
        return min(self.rounds, key=itemgetter("us"))

    def over(self, other: "Worker") -> tuple[float, float]:
        """How many times as long this takes as `other`: by the best rounds, and in the median round."""
        each = [mine["us"] / its["us"] for mine, its in zip(self.rounds, other.rounds, strict=False)]
        return self.best["us"] / other.best["us"], statistics.median(each)

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@contextlib.contextmanager
def stopping(workers: list[Worker]) -> Iterator[list[Worker]]:
    try:
        yield workers
    finally:
        for worker in workers:
            worker.stop()


def in_turn(workers: list[Worker], rounds: int) -> None:
    for _ in range(rounds):
        for worker in workers:
            worker.round()


def ratios(worker: Worker, ours: Worker, target: float | None) -> tuple[str, str, str]:
    """How many times as fast we are, by the best rounds and in the median round, and whether that was the aim."""
    if worker is ours:
        return "", "", ""
    best, median = worker.over(ours)
    aim = "" if target is None else f">={target}x {verdict(best >= target)}"
    return f"{best:.1f}x", f"{median:.1f}x", aim


def verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def cpu() -> str:
    with contextlib.suppress(OSError):
        if found := re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()):
            return found[1]
    return platform.processor() or platform.machine()
