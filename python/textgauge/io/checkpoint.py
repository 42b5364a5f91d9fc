"""Checkpoints: a job that was killed goes on where it stopped.

A folder holds `job.json`, which says what job this is, `state.json`, which says how far it is, and a file of encoded
rows for each step. A step counts when `state.json` names it: files are written whole, and that one last.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from textgauge.errors import ConfigError
from textgauge.io.write import is_stream, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textgauge.io.rows import RowFormat, Rows

__all__ = ["Checkpoint", "Step", "describe_file"]

# Steps are taken so seldom that they cost no more than this share of the time.
SHARE_OF_TIME = 0.05
SECONDS_BETWEEN = 0.5


class Checkpoint:
    """Where a job stands, in a folder.

    Args:
        folder: The folder; it is made if there is none.
        job: What the job is, as JSON. A folder of another job is refused.

    Raises:
        ConfigError: The folder belongs to another job or to another running process, or holds other files.
        OSError: It cannot be read or written.
    """

    def __init__(self, folder: Path, job: dict[str, Any]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder)
        self.state: dict[str, Any] | None = None
        """Where the job stood when it was stopped; None at the beginning."""
        self.step_count = 0
        self._begin(json.loads(json.dumps(job)))

    def _begin(self, job: dict[str, Any]) -> None:
        described = self.folder / "job.json"
        if not described.exists():
            if others := sorted(path.name for path in self.folder.iterdir() if not _is_own(path)):
                raise ConfigError(
                    f"{self.folder} is no folder of a checkpoint: it holds {others[0]}; name a new one", "bad-option"
                )
            write_whole(described, json.dumps(job, indent=2).encode())
        before = _read_json(described)
        if before != job:
            differs = ", ".join(sorted(name for name in {*before, *job} if before.get(name) != job.get(name)))
            raise ConfigError(
                f"{self.folder} is the checkpoint of another job: its {differs} differ; "
                f"name another folder, or remove this one to begin anew",
                "bad-option",
            )
        if (path := self.folder / "state.json").exists():
            document = _read_json(path)
            self.state, self.step_count = document["state"], document["steps"]

    def commit(self, state: dict[str, Any]) -> None:
        """Counts the step whose rows were stored: from now on the job goes on from here."""
        self.step_count += 1
        document = {"steps": self.step_count, "state": state}
        write_whole(self.folder / "state.json", json.dumps(document).encode(), durable=True)

    def saved_rows(self, form: RowFormat[Any]) -> Iterator[Any]:
        """The encoded rows of all steps, in order."""
        for number in range(self.step_count):
            with self.step_file(number).open("rb") as file:
                yield from form.stored(file)

    def step_file(self, number: int) -> Path:
        """The file for the rows of a step."""
        return self.folder / f"rows-{number:06}"

    def remove(self) -> None:
        """Removes what was saved: the job is done."""
        unfinished = self.folder.glob(".*.part")
        for path in [*self.folder.glob("rows-*"), *unfinished, *(self.folder / name for name in _FILES)]:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # others may keep files in it
            self.folder.rmdir()
        self.close()

    def close(self) -> None:
        """Lets another process take the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


class Step(contextlib.AbstractContextManager["Step"]):
    """What is done between two times that the state is saved; then the next begins.

    Args:
        checkpoint: Where it is saved.
        form: How rows are stored; None if no rows are.
    """

    def __init__(self, checkpoint: Checkpoint, form: RowFormat[Any] | None) -> None:
        self._checkpoint = checkpoint
        self._form = form
        self._stack = contextlib.ExitStack()
        self._cost = 0.0
        self._begin()

    def _begin(self) -> None:
        self._began_at = time.monotonic()
        path = self._checkpoint.step_file(self._checkpoint.step_count)
        file = self._stack.enter_context(path.open("wb"))
        self._stack.callback(_sync, file)
        self._store = None if self._form is None else self._stack.enter_context(self._form.store(file))

    def write(self, rows: Rows) -> None:
        """Stores rows.

        Raises:
            OSError: They cannot be written.
        """
        if self._form is not None and self._store is not None:
            with self._naming_folder():
                for piece in self._form.encode(rows):
                    self._store(piece)

    def is_due(self) -> bool:
        """Whether it is time to save: seldom enough to cost little."""
        return time.monotonic() - self._began_at >= max(SECONDS_BETWEEN, self._cost / SHARE_OF_TIME)

    def end(self, state: dict[str, Any]) -> None:
        """Saves the rows and the state, and begins the next step.

        Raises:
            OSError: They cannot be written.
        """
        begun = time.monotonic()
        with self._naming_folder():
            self._stack.close()
            self._checkpoint.commit(state)
        self._cost = time.monotonic() - begun
        self._begin()

    @contextlib.contextmanager
    def _naming_folder(self) -> Iterator[None]:
        """Makes errors say what cannot be written."""
        try:
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._checkpoint.folder)) from error

    def __exit__(self, kind: object, *_error: object) -> None:
        # After an error what was not saved is lost anyway; that it cannot be closed either is no news.
        with contextlib.suppress(OSError) if kind else contextlib.nullcontext():
            self._stack.close()


# The state last: without the other files it would mean nothing.
_FILES = ("state.json", "job.json", "lock")


def describe_file(path: str) -> dict[str, Any]:
    """What tells whether a file is still the same: its name, size and time of change."""
    if path == "-" or is_stream(Path(path)):
        stream = "standard input" if path == "-" else path
        raise ConfigError(f"{stream} cannot be read again, so it has no checkpoint; name a file", "bad-option")
    status = Path(path).stat()
    return {"name": os.path.realpath(path), "size": status.st_size, "changed": status.st_mtime_ns}


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _is_own(path: Path) -> bool:
    return path.name in _FILES or path.name.startswith(("rows-", "."))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        raise ConfigError(f"{path} is damaged: {error}; remove the folder to begin anew", "bad-option") from None
    if not isinstance(document, dict):
        raise ConfigError(f"{path} is no part of a checkpoint", "bad-option")
    return document


def _lock(folder: Path) -> IO[bytes] | None:
    """Keeps a second process from the folder; the system lifts the lock when the process ends, however it ends."""
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        return None
    file = (folder / "lock").open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise ConfigError(f"another process works on the checkpoint {folder}", "bad-option") from None
    return file
