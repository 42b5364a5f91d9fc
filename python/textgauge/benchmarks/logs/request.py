"""What is wanted of a log: which benchmark, which of its tasks, which answers."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks import bbh, gsm8k, math, mmlu, mmlu_pro
from textgauge.benchmarks.names import plain, split

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

__all__ = ["Request"]


@dataclass(frozen=True)
class Benchmark:
    """Which tasks of a log belong to a benchmark.

    Attributes:
        name: The benchmark's name, for messages.
        prefix: What stands in the names of a harness's tasks before those of the groups; other benchmarks have groups
            of the same names.
        groups: What its subjects or tasks are called; if there are none, each of the harness's tasks is a group.
        field: The field of an item that names its group.
    """

    name: str
    prefix: re.Pattern[str]
    groups: Collection[str] = ()
    field: str = "subject"


# By the fields that name the group of a record.
BENCHMARKS = {
    ("subject",): Benchmark("MMLU", re.compile(r"(?:^|_)(?:m?mmlu(?!_pro)|hendryckstest)(?:_|$)"), mmlu.SUBJECTS),
    mmlu_pro.BY: Benchmark("MMLU-Pro", re.compile(r"(?:^|_)mmlu_pro(?:_|$)"), mmlu_pro.CATEGORIES, "category"),
    ("task",): Benchmark("BIG-bench Hard", re.compile(r"(?:^|_)(?:bbh|big_?bench_hard)(?:_|$)"), bbh.TASKS),
    gsm8k.BY: Benchmark("GSM8K", re.compile(r"(?:^|_)(?:m?gsm8k|gsm)(?:_|$)")),
    math.BY: Benchmark("MATH", re.compile(r"(?:^|_)math(?:_|$)")),
}


@dataclass(frozen=True)
class Request:
    """What is wanted of a log.

    Attributes:
        by: The fields that may name the group of a record, such as `subject`, `task` or `scenario`.
        default: The group of records without such a field, where that is no error.
        tasks: A pattern such as `mmlu_flan_*` that the harness's names of tasks fit; `None` for all.
        filter: The filter of lm-evaluation-harness whose answers are wanted; `None` for the unfiltered ones.
        notes: What was left out, and why; readers add to it.
    """

    by: tuple[str, ...]
    default: str | None = None
    tasks: str | None = None
    filter: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def benchmark(self) -> str:
        """The benchmark's name, for messages."""
        return BENCHMARKS[self.by].name if self.by in BENCHMARKS else "HELM"

    def leave_out(self, what: object, why: str) -> None:
        """Notes that something was not read."""
        self.notes.append(f"left out {what}: {why}")

    def group(self, task: str, item: Mapping[str, Any]) -> str | None:
        """The group of an item; `None` if neither its task nor the item itself tells.

        Args:
            task: The harness's name of the task.
            item: What the item says of itself, its subject or category among it.
        """
        benchmark = BENCHMARKS.get(self.by)
        if benchmark is None or not benchmark.groups:
            return task
        if self.is_of_another(task):
            return None
        names = (item.get(benchmark.field), task)
        return next((name for name in names if isinstance(name, str) and split(name, benchmark.groups)), None)

    def belongs(self, task: str, item: Callable[[], Mapping[str, Any]]) -> bool:
        """Whether a task that was found beside others is of the benchmark.

        Args:
            task: The harness's name of the task.
            item: Finds the task's first item; it is asked if the task's name has the benchmark's, but names no group.
        """
        benchmark = BENCHMARKS.get(self.by)
        if benchmark is None:
            return True
        if (found := split(task, benchmark.groups)) is not None:
            return not found[0] or bool(benchmark.prefix.search(found[0]))
        # HELM writes the benchmark before a colon, which `plain` leaves out.
        names = plain(task), re.sub(r"[^a-z0-9]+", "_", task.lower())
        return any(map(benchmark.prefix.search, names)) and self.group(task, item()) is not None

    def named(self, task: str) -> str | None:
        """The group that a harness's task is named for; `None` if its name tells none, or all belong."""
        benchmark = BENCHMARKS.get(self.by)
        found = benchmark and split(task, benchmark.groups)
        return found[1] if found else None

    def is_of_another(self, task: str) -> bool:
        """Whether the task's name is that of another benchmark, which has groups of the same names."""
        names = plain(task)
        others = any(each.prefix.search(names) for by, each in BENCHMARKS.items() if by != self.by)
        return others and self.by in BENCHMARKS and not BENCHMARKS[self.by].prefix.search(names)

    def is_wanted(self, task: str) -> bool:
        """Whether the name of a task fits the pattern."""
        return self.tasks is None or fnmatch.fnmatchcase(task, self.tasks)
