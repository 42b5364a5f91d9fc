"""What is wanted of a log: which benchmark, which of its tasks, which answers."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textgauge.benchmarks import bbh, mmlu
from textgauge.benchmarks.names import plain, split

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["Request"]


@dataclass(frozen=True)
class Benchmark:
    """Which tasks of a log belong to a benchmark.

    Attributes:
        name: The benchmark's name, for messages.
        groups: What its subjects or tasks are called.
        prefix: What stands before these names in those of a harness's tasks; other benchmarks have subjects of the
            same names.
    """

    name: str
    groups: Collection[str]
    prefix: re.Pattern[str]


BENCHMARKS = {
    "subject": Benchmark("MMLU", mmlu.SUBJECTS, re.compile(r"(?:^|_)(?:m?mmlu|hendryckstest)(?:_|$)")),
    "task": Benchmark("BIG-bench Hard", bbh.TASKS, re.compile(r"(?:^|_)(?:bbh|big_?bench_hard)(?:_|$)")),
}
# Its categories are no subjects of MMLU, though some have the same names.
MMLU_PRO = re.compile(r"(?:^|_)mmlu_pro(?:_|$)")


@dataclass(frozen=True)
class Request:
    """What is wanted of a log.

    Attributes:
        by: The field that names the group: `subject`, `task` or `scenario`.
        tasks: A pattern such as `mmlu_flan_*` that the harness's names of tasks fit; `None` for all.
        filter: The filter of lm-evaluation-harness whose answers are wanted; `None` for the unfiltered ones.
        notes: What was left out, and why; readers add to it.
    """

    by: str
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

    def group(self, task: str, subject: object = None, category: object = None) -> str | None:
        """The group of an item; `None` if neither its task nor the item itself tells.

        Args:
            task: The harness's name of the task.
            subject: The subject or task that the item names.
            category: The category that the item names, which is what MMLU-Pro has.
        """
        if self.by not in BENCHMARKS:
            return task
        if self._is_pro(task):
            return f"mmlu_pro_{plain(category)}" if isinstance(category, str) else task
        groups = BENCHMARKS[self.by].groups
        return next((name for name in (subject, task) if isinstance(name, str) and split(name, groups)), None)

    def belongs(self, task: str, subject: Callable[[], object]) -> bool:
        """Whether a task that was found beside others is of the benchmark.

        Args:
            task: The harness's name of the task.
            subject: Finds the subject that the task's first item names; it is asked if the task's name has the
                benchmark's, but names no subject.
        """
        if self.by not in BENCHMARKS or self._is_pro(task):
            return True
        benchmark = BENCHMARKS[self.by]
        if (found := split(task, benchmark.groups)) is not None:
            return not found[0] or bool(benchmark.prefix.search(found[0]))
        return bool(benchmark.prefix.search(plain(task))) and self.group(task, subject()) is not None

    def named(self, task: str) -> str | None:
        """The subject or task that a harness's task is named for; `None` if its name tells none, or all belong."""
        if self.by not in BENCHMARKS or self._is_pro(task):
            return None
        found = split(task, BENCHMARKS[self.by].groups)
        return found and found[1]

    def is_wanted(self, task: str) -> bool:
        """Whether the name of a task fits the pattern."""
        return self.tasks is None or fnmatch.fnmatchcase(task, self.tasks)

    def _is_pro(self, task: str) -> bool:
        return self.by == "subject" and bool(MMLU_PRO.search(plain(task)))
