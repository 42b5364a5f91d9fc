"""Scoring files: batches of records go in, rows of scores and sums come out.

Reading, scoring, writing and looking overlap: batches are decoded in threads of their own before they are asked for;
after they are scored, rows are written in another, and looked at in yet another.
"""

from __future__ import annotations

import binascii
import contextlib
import functools
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from textgauge.aggregate import Aggregate
from textgauge.errors import ConfigError, InputError
from textgauge.io.batch import json_text
from textgauge.io.checkpoint import Step
from textgauge.io.names import guess
from textgauge.io.read_ahead import read_ahead
from textgauge.io.rows import Kept, Rows
from textgauge.io.work_behind import work_behind
from textgauge.io.write import system_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    from textgauge.io.batch import Batch, Source
    from textgauge.io.checkpoint import Checkpoint
    from textgauge.io.columns import Column, Sentences
    from textgauge.io.names import Role
    from textgauge.io.rows import RowFile
    from textgauge.scorer import Scorer

__all__ = [
    "ON_ERROR",
    "Choice",
    "Condition",
    "Job",
    "Looker",
    "Picked",
    "Position",
    "Selection",
    "Sums",
    "read",
    "readable",
]

ON_ERROR = ("fail", "skip", "null")

# More of them than one thread that reads can feed would only hold memory.
MOST_DECODERS = 16

Sums = dict[str, dict[str, Aggregate]]
"""For each system, the sums of each group: by the JSON text of its key, or by "" without groups."""


class Position(NamedTuple):
    """Where reading goes on.

    Attributes:
        file: The index of the file.
        batches: How many batches of it are done.
        rows: How many rows of all files are done.
    """

    file: int = 0
    batches: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Condition:
    """Rows are chosen whose value in a column is, or is not, another.

    Attributes:
        column: The column.
        value: The JSON text of the value.
        equal: Whether they are to be equal.
    """

    column: str
    value: str
    equal: bool

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Reads `COLUMN=VALUE` or `COLUMN!=VALUE`, where the value is JSON, or else a text.

        Raises:
            ConfigError: It is neither.
        """
        column, equals, value = text.partition("=")
        if not equals or column in ("", "!"):
            raise ConfigError(f"a condition is COLUMN=VALUE or COLUMN!=VALUE, not {text!r}", "bad-option")
        try:
            wanted = json_text(json.loads(value))
        except ValueError:
            wanted = json_text(value)
        return cls(column.removesuffix("!"), wanted, not column.endswith("!"))

    def chosen(self, batch: Batch) -> npt.NDArray[np.bool_]:
        """Which rows of a batch are chosen."""
        keys, codes = batch.keys(self.column)
        return np.array([(key == self.value) == self.equal for key in keys], np.bool_)[codes]


@dataclass(frozen=True)
class Choice:
    """What the caller says of columns; what is left open is guessed from the names.

    Attributes:
        predictions: A column of texts to judge for each system.
        references: Columns of references, which count together.
        by: A column whose values make groups.
        keep: Columns that are carried over to the rows.
        where: Conditions, all of which hold for the rows that are scored.
        sentences: How texts are given: see `Scorer.score`.
        tell: Called with a note about each guess.
    """

    predictions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    by: str | None = None
    keep: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    sentences: Sentences = "lines"
    tell: Callable[[str], object] = field(default=lambda _note: None, compare=False)
    told: set[tuple[str, str]] = field(default_factory=set, compare=False)
    """What was told so far: of many files alike one is named."""

    def of(self, source: Source) -> Picked:
        """The columns of a file.

        Raises:
            InputError: One was left open and no usual name is among the file's.
        """
        names = source.names()
        return Picked(
            self.predictions or (self._guess(source, names, "prediction"),),
            self.references or (self._guess(source, names, "reference"),),
            self.by,
            "id" if "id" in names else None,
            self.keep,
            self.where,
            self.sentences,
        )

    def _guess(self, source: Source, names: list[str], role: Role) -> str:
        found, also = guess(names, role)
        if not names:  # as in an empty file
            return role
        if found is None:
            there = ", ".join(names) or "none"
            raise InputError(
                f"{source.name}: which column holds the {role}? Say --{role}; there are {there}", "bad-file"
            )
        others = f" (not {', '.join(also)})" if also else ""
        about = f"column {found!r}{others}; --{role} names another"
        if (role, about) not in self.told:
            self.told.add((role, about))
            self.tell(f"{role}s of {source.name}: {about}")
        return found


@dataclass(frozen=True)
class Picked:
    """The columns of a file that are read; see `Choice`."""

    predictions: tuple[str, ...]
    references: tuple[str, ...]
    by: str | None
    id: str | None
    keep: tuple[str, ...]
    where: tuple[Condition, ...]
    sentences: Sentences

    def columns(self) -> list[str]:
        """All of them, each once."""
        also = [name for name in (self.by, self.id) if name is not None]
        conditions = (condition.column for condition in self.where)
        return list(dict.fromkeys([*self.predictions, *self.references, *also, *self.keep, *conditions]))

    @property
    def kept(self) -> list[str]:
        """The columns that are carried over to the rows."""
        return list(dict.fromkeys([*([] if self.id is None else [self.id]), *self.keep]))


class Selection:
    """Those rows of a batch that are scored.

    Args:
        batch: The batch.
        picked: Its columns.
        rows: The indexes of the rows, in order; None for all.
    """

    def __init__(self, batch: Batch, picked: Picked, rows: Sequence[int] | None = None) -> None:
        self.batch = batch
        self.picked = picked
        self.rows = rows

    def __len__(self) -> int:
        return len(self.batch) if self.rows is None else len(self.rows)

    def predictions(self, column: str) -> Column:
        """The texts of a system."""
        as_they_are = self.rows is None and self.picked.sentences == "lines"
        return self.batch.texts(column) if as_they_are else self.values(column)

    def references(self) -> Column:
        """The references: of several columns a list a row."""
        if len(self.picked.references) == 1:
            return self.predictions(self.picked.references[0])
        columns = [self.values(column) for column in self.picked.references]
        is_text = _is_list_of_texts if self.picked.sentences == "given" else _is_text
        return [_joined(row, is_text) for row in zip(*columns, strict=True)]

    def reference_values(self) -> list[Any]:
        """The references as Python objects: of several columns a list a row."""
        columns = self.picked.references
        return self.values(columns[0]) if len(columns) == 1 else list(self.references())

    def sample(self, column: str, stop: int) -> list[Any]:
        """No more than the first `stop` values of a column."""
        if self.rows is None:
            return self.batch.values(column, stop)
        values = self.batch.values(column)
        return [values[row] for row in self.rows[:stop]]

    def groups(self) -> tuple[list[str], npt.NDArray[np.uint32]]:
        """The distinct keys of the groups, and for each row the index of its key; without groups all are one, ""."""
        return ([""], np.zeros(len(self), np.uint32)) if self.picked.by is None else self.keys(self.picked.by)

    def keys(self, column: str) -> tuple[list[str], npt.NDArray[np.uint32]]:
        """The distinct values of a column as JSON text, and for each row the index of its value."""
        keys, codes = self.batch.keys(column)
        if self.rows is None:
            return keys, codes
        used, own = np.unique(codes[np.array(self.rows, np.int64)], return_inverse=True)
        return [keys[code] for code in used], own.astype(np.uint32)

    def numbers(self) -> npt.NDArray[np.uint64]:
        """The number of each row among all that were read."""
        rows = np.arange(len(self.batch)) if self.rows is None else np.array(self.rows, np.int64)
        return (rows + self.batch.first).astype(np.uint64)

    def among(self, rows: Sequence[int]) -> Selection:
        """The rows at these indexes of the selection."""
        return Selection(self.batch, self.picked, [self.row(row) for row in rows])

    def row(self, index: int) -> int:
        """The index in the batch of a row of the selection."""
        return index if self.rows is None else self.rows[index]

    def indexed(self) -> Iterable[tuple[int, int]]:
        """The index of each row in the selection and in the batch."""
        return enumerate(range(len(self.batch)) if self.rows is None else self.rows)

    def joined(self, parts: Sequence[Selection]) -> Selection:
        """The rows of parts of the selection."""
        return Selection(self.batch, self.picked, [part.row(index) for part in parts for index in range(len(part))])

    def place(self, index: int) -> str:
        """Where a row of the selection stands."""
        return self.batch.place(self.row(index))

    def named(self, error: InputError, index: int) -> InputError:
        """The error about a row of the selection, with where that row stands in its file."""
        row = self.row(index)
        message = error.message.replace(f"row {index}", f"row {self.batch.first + row}")
        return self.batch.error(message, row, error.code)

    @contextlib.contextmanager
    def naming_rows(self) -> Iterator[None]:
        """Makes errors about a row of the selection say where it stands."""
        try:
            yield
        except InputError as error:
            if error.row is None:
                raise
            raise self.named(error, error.row) from error

    def values(self, column: str) -> list[Any]:
        """The values of a column as Python objects."""
        values = self.batch.values(column)
        return values if self.rows is None else [values[row] for row in self.rows]


class Looker(Protocol):
    """What looks at the rows that are scored."""

    def look(self, rows: Selection, prediction: str) -> None:
        """Looks at some rows of a system."""

    def state(self) -> Any:  # noqa: ANN401 - JSON
        """What was seen so far, as JSON."""

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON
        """Goes on from what was seen before."""


def read(
    sources: Sequence[Source],
    choice: Choice,
    threads: int | None = None,
    start: Position = Position(),  # noqa: B008 - a tuple
) -> Iterator[tuple[Selection, Position]]:
    """The rows of files, batch by batch, and with each where reading goes on after it.

    Rows that cannot be read are among them; `Batch.problems` names them.

    Raises:
        InputError: A file cannot be read, lacks a column, or there are no records at all.
    """
    rows = start.rows
    workers = min(threads or os.cpu_count() or 1, MOST_DECODERS)
    for number, source in enumerate(sources[start.file :], start.file):
        picked = choice.of(source)
        skip = start.batches if number == start.file else 0
        tasks = (functools.partial(_with_texts, decode, picked) for decode in source.batches(picked.columns(), skip))
        with contextlib.closing(read_ahead(tasks, workers)) as batches:
            for done, batch in enumerate(batches, skip + 1):
                batch.first = rows
                rows += len(batch)
                if done == skip + 1:
                    _check_columns(source, picked, batch)
                yield _chosen(batch, picked), Position(number, done, rows)
    if not rows:
        names = ", ".join(source.name for source in sources)
        raise InputError(f"{names} {'have' if len(sources) > 1 else 'has'} no records", "bad-file")


def _with_texts(decode: Callable[[], Batch], picked: Picked) -> Batch:
    """A batch whose texts are ready."""
    batch = decode()
    if picked.sentences == "lines":
        for column in (*picked.predictions, *picked.references):
            batch.texts(column)
    return batch


def _check_columns(source: Source, picked: Picked, batch: Batch) -> None:
    """Makes sure that each column is there: in files without a schema, that one of the first records has it.

    Raises:
        InputError: One is not.
    """
    names = source.names()
    if batch.problems or not len(batch):
        return
    for column in picked.columns():
        if column not in names and all(value is None for value in batch.values(column)):
            there = ", ".join(names) or "none"
            raise InputError(f"{source.name}: no column {column!r}; there are {there}", "bad-file")


def readable(rows: Selection) -> Selection:
    """The rows, if all of them can be read.

    Raises:
        InputError: One cannot; the message says where it stands.
    """
    for row, problem in sorted(rows.batch.problems.items()):
        raise rows.batch.error(problem, row)
    return rows


@dataclass(frozen=True)
class _Scored:
    """Rows that were scored: their sums, and their scores if they are wanted."""

    rows: Selection
    sums: Sums
    scores: dict[str, npt.NDArray[np.float64]]


class Job:
    """Scores files.

    Args:
        scorer: What to score by; fitted, if any metric asks for it.
        choice: Which columns.
        nulls: What to do about missing texts: see `Scorer.score`.
        on_error: What to do about a row that cannot be read or scored: `fail`, `skip` it, or let it have no score, as
            if its texts were missing (`null`).
        lookers: They see all rows that are scored, in order, in a thread of their own.
        progress: Called after each batch with where reading goes on, and the batch.

    Attributes:
        sums: The sums so far.
        rejected: The rows that could not be scored: the number of each, its place, and what is wrong with it.
    """

    def __init__(
        self,
        scorer: Scorer,
        choice: Choice,
        *,
        nulls: str = "error",
        on_error: str = "fail",
        lookers: Sequence[Looker] = (),
        progress: Callable[[Position, Batch], object] = lambda _position, _batch: None,
    ) -> None:
        if on_error not in ON_ERROR:
            raise ConfigError(f"on-error is {on_error!r}; choose one of {', '.join(ON_ERROR)}", "bad-option")
        self.scorer = scorer
        self.choice = choice
        self.nulls = nulls
        self.on_error = on_error
        self.lookers = lookers
        self.progress = progress
        self.sums: Sums = {}
        self.rejected: list[dict[str, Any]] = []
        self._wants_rows = False

    def run(self, sources: Sequence[Source], out: RowFile | None = None, checkpoint: Checkpoint | None = None) -> Sums:
        """Scores all rows.

        Args:
            sources: The files.
            out: Where the scores of each row are written.
            checkpoint: Where the state is saved, and taken up from.

        Raises:
            InputError: A file or a row cannot be read or scored; the message says where.
            OSError: Rows cannot be written.
        """
        self._wants_rows = out is not None
        with work_behind(self._look) as self._looking:
            if checkpoint is not None:
                self._run_in_steps(sources, out, checkpoint)
            elif out is None:
                for _ in self._scored_rows(sources, Position()):
                    pass
            else:
                self._run_at_once(sources, out)
        return self.sums

    def _look(self, scored: tuple[Selection, str]) -> None:
        for looker in self.lookers:
            looker.look(*scored)

    def describe(self) -> dict[str, Any]:
        """What the sums and the rows depend on, besides the files, as JSON."""
        choice = self.choice
        return {
            "metrics": self.scorer.signatures,
            "columns": [choice.predictions, choice.references, choice.by, choice.keep],
            "conditions": [[each.column, each.value, each.equal] for each in choice.where],
            "policies": [self.nulls, self.on_error, choice.sentences],
            "checks": [type(looker).__name__ for looker in self.lookers],
        }

    def _run_at_once(self, sources: Sequence[Source], out: RowFile) -> None:
        with out.writer() as write:

            def write_rows(rows: Rows) -> None:
                for piece in out.form.encode(rows):
                    write(piece)

            with work_behind(write_rows) as put:
                for rows, _ in self._scored_rows(sources, Position()):
                    put(rows)

    def _run_in_steps(self, sources: Sequence[Source], out: RowFile | None, checkpoint: Checkpoint) -> None:
        start = self._take_up(checkpoint.state)
        if start is not None:
            form = None if out is None else out.form
            with Step(checkpoint, form) as step, work_behind(step.write) as put:
                for rows, position in self._scored_rows(sources, start):
                    put(rows)
                    if step.is_due():
                        put.wait()
                        step.end(self._state(position))
                put.wait()
                step.end(self._state(None))
        if out is not None:
            with out.writer() as write:
                for encoded in checkpoint.saved_rows(out.form):
                    write(encoded)

    def _state(self, position: Position | None) -> dict[str, Any]:
        """Where the job stands, as JSON; without a position it has read all."""
        hexed = {
            system: {key: binascii.hexlify(sums.to_bytes()).decode() for key, sums in groups.items()}
            for system, groups in self.sums.items()
        }
        self._looking.wait()
        lookers = [looker.state() for looker in self.lookers]
        return {"position": position, "sums": hexed, "rejected": self.rejected, "lookers": lookers}

    def _take_up(self, state: dict[str, Any] | None) -> Position | None:
        """Goes on from a state; gives where to read on, None if all is read."""
        if state is None:
            return Position()
        self.sums = {
            system: {key: Aggregate.from_bytes(binascii.unhexlify(sums)) for key, sums in groups.items()}
            for system, groups in state["sums"].items()
        }
        self.rejected = state["rejected"]
        for looker, own in zip(self.lookers, state["lookers"], strict=True):
            looker.restore(own)
        return None if state["position"] is None else Position(*state["position"])

    def _scored_rows(self, sources: Sequence[Source], start: Position) -> Iterator[tuple[Rows, Position]]:
        """Scores all rows and adds up their sums; gives what is written of each batch."""
        for rows, position in read(sources, self.choice, self.scorer.threads, start):
            parts = list(self._parts(rows))
            for part in parts:
                self._add(part.sums)
            yield self._written(rows, parts), position
            self.progress(position, rows.batch)

    def _parts(self, rows: Selection) -> Iterator[_Scored]:
        """Scores the rows, in as many parts as those that cannot be scored leave."""
        problems = rows.batch.problems
        if not problems and len(rows):
            yield from self._scored_parts(rows)
            return
        if self.on_error == "fail":
            readable(rows)
        bad = {index: problems[row] for index, row in rows.indexed() if row in problems}
        begin = 0
        for index, problem in [*bad.items(), (len(rows), "")]:
            if begin < index or not len(rows):
                yield from self._scored_parts(rows.among(range(begin, index)) if bad else rows)
            if index < len(rows):
                yield from self._rejected(rows, index, "bad-file", problem)
            begin = index + 1

    def _scored_parts(self, rows: Selection) -> Iterator[_Scored]:
        """Scores rows that can be read."""
        while True:
            try:
                yield self._scored(rows, self.nulls)
            except InputError as error:
                index = error.row
                if index is None:
                    if rows.rows is not None:
                        raise
                    # Of an Arrow column the core says what it is as a whole; of values, which row is wrong.
                    rows = rows.among(range(len(rows)))
                    continue
                named = rows.named(error, index)
                if self.on_error == "fail":
                    raise named from error
            else:
                return
            if index:
                yield self._scored(rows.among(range(index)), self.nulls)
            yield from self._rejected(rows, index, named.code, named.message)
            if index + 1 == len(rows):
                return
            rows = rows.among(range(index + 1, len(rows)))

    def _rejected(self, rows: Selection, index: int, code: str, problem: str) -> Iterator[_Scored]:
        number = rows.batch.first + rows.row(index)
        self.rejected.append({"row": number, "place": rows.place(index), "code": code, "problem": problem})
        if self.on_error == "null":
            yield self._scored(rows.among([index]), "propagate", missing=True)

    def _scored(self, rows: Selection, nulls: Any, *, missing: bool = False) -> _Scored:  # noqa: ANN401 - the core checks it
        """Scores rows.

        Args:
            rows: The rows.
            nulls: What to do about missing texts.
            missing: Whether all texts are taken for missing.
        """
        columns = rows.picked.predictions
        groups = rows.groups()
        absent = [None] * len(rows)
        references = absent if missing else rows.references()
        if len(columns) > 1:
            references = self.scorer.prepare(references, nulls=nulls, sentences=rows.picked.sentences)
        sums: Sums = {}
        scores: dict[str, npt.NDArray[np.float64]] = {}
        for system, column in zip(self._systems(columns), columns, strict=True):
            own, parts = self.scorer.run(
                absent if missing else rows.predictions(column),
                references,
                nulls=nulls,
                threads=None,
                sentences=rows.picked.sentences,
                tokens=False,
                progress=None,
                groups=groups,
                columns=self._wants_rows,
            )
            sums[system] = dict(zip(groups[0], parts, strict=True))
            scores |= {f"{system}.{name}" if system else name: values for name, values in own.items()}
        # Only now: had a system failed, its rows would be scored again.
        for column in () if missing else columns:
            self._looking((rows, column))
        return _Scored(rows, sums, scores)

    @staticmethod
    def _systems(columns: Sequence[str]) -> list[str]:
        """A name for each system; one alone has none."""
        return system_names(list(columns)) if len(columns) > 1 else [""]

    def columns(self, predictions: Sequence[str]) -> list[str]:
        """The names of the columns of scores."""
        systems = self._systems(predictions)
        return [f"{system}.{name}" if system else name for system in systems for name in self.scorer.columns]

    def _add(self, sums: Sums) -> None:
        for system, groups in sums.items():
            own = self.sums.setdefault(system, {})
            for key, part in groups.items():
                own[key] = own[key] + part if key in own else part

    def _written(self, rows: Selection, parts: list[_Scored]) -> Rows:
        if len(parts) != 1:
            rows = rows.joined([part.rows for part in parts])
        scores = {
            name: np.concatenate([part.scores[name] for part in parts]) if len(parts) > 1 else parts[0].scores[name]
            for name in (parts[0].scores if parts else ())
        }
        kept = {column: Kept(rows.batch, column, rows.rows) for column in rows.picked.kept}
        return Rows(rows.numbers(), kept, scores)


def _chosen(batch: Batch, picked: Picked) -> Selection:
    """The rows for which all conditions hold, and those that cannot be read."""
    if not picked.where:
        return Selection(batch, picked)
    chosen = np.logical_and.reduce([condition.chosen(batch) for condition in picked.where])
    chosen[list(batch.problems)] = True
    return Selection(batch, picked, np.flatnonzero(chosen).tolist())


def _joined(row: Iterable[Any], is_text: Callable[[Any], bool]) -> list[Any] | None:
    """The references of a row in several columns, each a text or a list of texts; None if all are missing."""
    texts: list[Any] = []
    for item in row:
        if item is not None:
            texts += [item] if is_text(item) else item
    return texts or None


def _is_text(item: Any) -> bool:  # noqa: ANN401 - whatever JSON has
    return not isinstance(item, list)


def _is_list_of_texts(item: Any) -> bool:  # noqa: ANN401 - whatever JSON has
    """Whether this is a text, given as the list of its sentences."""
    return not (isinstance(item, list) and item and isinstance(item[0], list))
