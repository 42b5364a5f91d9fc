"""Of the logs in a folder those that are wanted: what harnesses have in common that write a file for each task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textgauge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from textgauge.benchmarks.logs.request import Request

__all__ = ["TaskLog", "latest", "which"]


@dataclass(frozen=True)
class TaskLog:
    """A file about a task.

    Attributes:
        path: The file.
        task: The harness's name of the task.
        date: When it was run, so that later ones sort after earlier ones; empty if that is unknown.
        model: The model that was run, as far as the harness's files tell models apart; empty if they don't.
        item: Finds what the task's first item says of itself.
    """

    path: Path
    task: str
    date: str = ""
    model: str = ""
    item: Callable[[], Mapping[str, Any]] = dict


def latest(folder: Path, logs: Sequence[TaskLog], request: Request) -> list[TaskLog]:
    """The logs of the benchmark's tasks, each in its latest run; the others are noted.

    Raises:
        InputError: No log is of the benchmark, the logs are of several models, or two tasks are the same subject
            asked in two ways, which are no one benchmark together.
    """
    runs: dict[tuple[str, str, str], list[TaskLog]] = {}
    for log in logs:
        if (reason := _why_not(log, request)) is None:
            # Logs without a date are no runs of one another.
            runs.setdefault((log.model, log.task, "" if log.date else str(log.path)), []).append(log)
        else:
            request.leave_out(log.path, reason)
    chosen = [max(alike, key=lambda log: log.date) for alike in runs.values()]
    for newest, alike in zip(chosen, runs.values(), strict=True):
        for log in alike:
            if log is not newest:
                request.leave_out(log.path, f"{newest.path.name} is a later run of {log.task}")
    if not chosen:
        there = ", ".join(dict.fromkeys(log.task for log in logs))
        raise InputError(f"{folder} holds nothing of {request.benchmark}; there are {there}", "bad-file")
    _check_one_each(folder, chosen, request)
    return chosen


def which(request: Request) -> str:
    """What is wrong with a log that does not tell the group of its items."""
    return f"which {request.by[0]}? Neither the task's name nor the item tells"


def _why_not(log: TaskLog, request: Request) -> str | None:
    """Why a log is not read; `None` if it is."""
    if not request.is_wanted(log.task):
        return f"{log.task} does not fit {request.tasks}"
    return None if request.belongs(log.task, log.item) else f"{log.task} is no task of {request.benchmark}"


def _check_one_each(folder: Path, logs: Sequence[TaskLog], request: Request) -> None:
    models = dict.fromkeys(log.model for log in logs)
    if len(models) > 1:
        raise InputError(f"{folder} holds logs of several models, {', '.join(models)}: give one for each", "bad-file")
    known: dict[str, TaskLog] = {}
    for log in logs:
        group = request.named(log.task)
        if group is not None and group in known:
            raise InputError(
                f"{known[group].path} and {log.path.name} are both {group}, asked in two ways or of two models; "
                "name the tasks that are meant by a pattern (tasks='mmlu_flan_*'), or give another folder",
                "bad-file",
            )
        if group is not None:
            known[group] = log
