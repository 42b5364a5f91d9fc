"""Scores of each row as a file: JSON lines, CSV, Parquet or Arrow."""

from __future__ import annotations

import abc
import contextlib
import csv
import io
import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar

from textgauge import _core
from textgauge.errors import ConfigError
from textgauge.io.compressed import PACKED, packed
from textgauge.io.sources import NO_DATA_ENDING
from textgauge.io.write import appearing, is_stream, write_whole
from textgauge.text.tokenizers import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from textgauge.io.batch import Batch, JsonValues

__all__ = ["Kept", "RowFile", "RowFormat", "Rows", "row_format"]

Encoded = TypeVar("Encoded")

ROWS_IN_A_GROUP = 1 << 17

# Some hundred kilobytes of text: no more memory than stays near, and is used again for the next piece.
ROWS_IN_A_PIECE = 1 << 10

_ENDINGS = (".jsonl", ".csv", ".tsv", ".parquet", ".arrow")


@dataclass(frozen=True)
class Kept:
    """A column that is carried over from the records.

    Attributes:
        batch: Where it is from.
        column: Its name there.
        rows: The rows that are written, or None for all.
    """

    batch: Batch
    column: str
    rows: Sequence[int] | None

    def json(self) -> JsonValues:
        """The values as JSON text."""
        values = self.batch.json_values(self.column)
        return values if self.rows is None else [values[row] for row in self.rows]

    def arrow(self) -> Any:  # noqa: ANN401 - pyarrow is optional
        """The values as a PyArrow array."""
        array = self.batch.arrow(self.column)
        return array if self.rows is None else array.take(list(self.rows))


@dataclass(frozen=True)
class Rows:
    """Some consecutive rows that are written.

    Attributes:
        numbers: The number of each row among all that were read, from 0.
        kept: Columns of the records.
        scores: Columns of scores.
    """

    numbers: npt.NDArray[np.uint64]
    kept: dict[str, Kept]
    scores: dict[str, npt.NDArray[np.float64]]


class RowFormat(abc.ABC, Generic[Encoded]):
    """How rows become a file. Rows are encoded where they are made; encoded rows are written, or stored for later.

    Args:
        kept: The names of the columns that are carried over.
        scores: The names of the columns of scores.
        signatures: The signature of each metric.
    """

    def __init__(self, kept: Sequence[str], scores: Sequence[str], signatures: Mapping[str, str]) -> None:
        self.kept = list(kept)
        self.scores = list(scores)
        self.signatures = dict(signatures)

    @abc.abstractmethod
    def encode(self, rows: Rows) -> Iterator[Encoded]:
        """Rows as they are written, in pieces, each made when it is asked for."""

    @abc.abstractmethod
    def writer(self, sink: IO[bytes]) -> contextlib.AbstractContextManager[Callable[[Encoded], object]]:
        """A function that writes encoded rows to `sink`; the file is whole when the context ends."""

    @abc.abstractmethod
    def store(self, sink: IO[bytes]) -> contextlib.AbstractContextManager[Callable[[Encoded], object]]:
        """A function that writes encoded rows to `sink` so that `stored` finds them again."""

    @abc.abstractmethod
    def stored(self, source: IO[bytes]) -> Iterator[Encoded]:
        """What `store` wrote."""


class _Text(RowFormat[bytes]):
    """Lines of text, whose signatures stand in a file beside them."""

    def __init__(self, kept: Sequence[str], scores: Sequence[str], signatures: Mapping[str, str], pack: str) -> None:
        super().__init__(kept, scores, signatures)
        self._pack = pack

    def head(self) -> bytes:
        """What stands before the first row."""
        return b""

    def encode(self, rows: Rows) -> Iterator[bytes]:
        kept = [(name, column.json()) for name, column in rows.kept.items()]
        for start in range(0, len(rows.numbers), ROWS_IN_A_PIECE):
            yield self.piece(rows, kept, start, start + ROWS_IN_A_PIECE)

    @abc.abstractmethod
    def piece(self, rows: Rows, kept: list[tuple[str, JsonValues]], start: int, stop: int) -> bytes:
        """The lines of those rows from `start` to before `stop`; `kept` is JSON of all rows."""

    @contextlib.contextmanager
    def writer(self, sink: IO[bytes]) -> Iterator[Callable[[bytes], object]]:
        with packed(sink, self._pack) as file:
            file.write(self.head())
            yield file.write

    @contextlib.contextmanager
    def store(self, sink: IO[bytes]) -> Iterator[Callable[[bytes], object]]:
        yield sink.write

    def stored(self, source: IO[bytes]) -> Iterator[bytes]:
        while block := source.read(1 << 20):
            yield block


class JsonLines(_Text):
    """An object a line."""

    def piece(self, rows: Rows, kept: list[tuple[str, JsonValues]], start: int, stop: int) -> bytes:
        return _core.encode_json_lines(rows.numbers, kept, list(rows.scores.items()), start, stop)


class Csv(_Text):
    """Values parted by commas or tabs, with a head."""

    def __init__(
        self, kept: Sequence[str], scores: Sequence[str], signatures: Mapping[str, str], pack: str, separator: str
    ) -> None:
        super().__init__(kept, scores, signatures, pack)
        self._separator = separator

    def head(self) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=self._separator, lineterminator="\n").writerow(["row", *self.kept, *self.scores])
        return text.getvalue().encode()

    def piece(self, rows: Rows, kept: list[tuple[str, JsonValues]], start: int, stop: int) -> bytes:
        return _core.encode_csv(rows.numbers, kept, list(rows.scores.values()), self._separator, start, stop)


class _Arrow(RowFormat[Any]):
    """Record batches with the signatures in the schema's metadata."""

    def encode(self, rows: Rows) -> Iterator[Any]:
        import pyarrow as pa

        columns = {"row": _array(rows.numbers, pa.uint64())}
        columns |= {name: column.arrow() for name, column in rows.kept.items()}
        columns |= {name: _array(scores, pa.float64()) for name, scores in rows.scores.items()}
        metadata = {"textgauge": json.dumps(self.signatures)}
        schema = pa.schema([(name, column.type) for name, column in columns.items()], metadata)
        yield pa.record_batch(list(columns.values()), schema)

    def store(self, sink: IO[bytes]) -> contextlib.AbstractContextManager[Callable[[Any], object]]:
        import pyarrow as pa

        return _batches_to(sink, pa.ipc.new_stream)

    def stored(self, source: IO[bytes]) -> Iterator[Any]:
        import pyarrow as pa

        if source.read(1):
            source.seek(0)
            yield from pa.ipc.open_stream(source)


class Parquet(_Arrow):
    """Row groups of some 100,000 rows."""

    @contextlib.contextmanager
    def writer(self, sink: IO[bytes]) -> Iterator[Callable[[Any], object]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        held: list[Any] = []
        opened: list[Any] = []

        def flush() -> None:
            table = pa.Table.from_batches(held)
            if not opened:
                # Numbers hardly repeat.
                texts = [field.name for field in table.schema if not pa.types.is_primitive(field.type)]
                opened.append(pq.ParquetWriter(sink, table.schema, use_dictionary=texts, write_statistics=True))
            opened[0].write_table(table, row_group_size=table.num_rows or None)
            held.clear()

        def write(batch: Any) -> None:  # noqa: ANN401 - pyarrow is optional
            held.append(batch)
            if sum(each.num_rows for each in held) >= ROWS_IN_A_GROUP:
                flush()

        yield write
        if held:
            flush()
        for writer in opened:
            writer.close()


class ArrowIpc(_Arrow):
    """The file format of Arrow IPC, also known as Feather version 2."""

    def writer(self, sink: IO[bytes]) -> contextlib.AbstractContextManager[Callable[[Any], object]]:
        import pyarrow as pa

        return _batches_to(sink, pa.ipc.new_file)


def row_format(path: Path, kept: Sequence[str], scores: Sequence[str], signatures: Mapping[str, str]) -> RowFormat[Any]:
    """The format that the name of a file asks for; of streams, and of names without an ending, JSON lines.

    Raises:
        ConfigError: The name asks for a format in which no rows are written, or for one that needs pyarrow, which is
            not installed.
    """
    pack = path.suffix if path.suffix in PACKED else ""
    ending = path.with_suffix("").suffix if pack else path.suffix
    if ending in (".parquet", ".arrow", ".feather"):
        if pack:
            raise ConfigError(f"cannot write {path}: {ending} is packed inside; leave out {pack}", "bad-option")
        need("writing Parquet and Arrow files", "cli", "pyarrow")
        return (Parquet if ending == ".parquet" else ArrowIpc)(kept, scores, signatures)
    if ending in (".csv", ".tsv"):
        return Csv(kept, scores, signatures, pack, "," if ending == ".csv" else "\t")
    if ending not in (".jsonl", ".ndjson", ".json", "") and not is_stream(path):
        raise ConfigError(f"cannot write {path}: its name must end in {', '.join(_ENDINGS)}", "bad-option")
    return JsonLines(kept, scores, signatures, pack)


class RowFile:
    """A file of rows, which appears under its name when it is whole, with its signatures.

    Args:
        path: Its name.
        form: How rows are written.
    """

    def __init__(self, path: Path, form: RowFormat[Any]) -> None:
        self.path = path
        self.form = form

    @contextlib.contextmanager
    def writer(self) -> Iterator[Callable[[Any], object]]:
        """A function that writes encoded rows."""
        with appearing(self.path) as sink, self.form.writer(sink) as write:
            yield write
        if isinstance(self.form, _Text) and not is_stream(self.path):
            beside = self.path.with_name(self.path.name + NO_DATA_ENDING)
            write_whole(beside, json.dumps(self.form.signatures, indent=2).encode() + b"\n")


def _array(values: npt.NDArray[Any], type_: Any) -> Any:  # noqa: ANN401 - pyarrow is optional
    """A column that shares the memory of `values`; NaN, the score of a row that has none, is null."""
    import numpy as np
    import pyarrow as pa

    missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(0, bool)
    present = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
    # `pyarrow.array` would load pandas, which takes longer than some jobs.
    return pa.Array.from_buffers(type_, len(values), [present, pa.py_buffer(values)])


@contextlib.contextmanager
def _batches_to(sink: IO[bytes], open_writer: Callable[[IO[bytes], Any], Any]) -> Iterator[Callable[[Any], object]]:
    """A function that writes record batches; the first says the schema."""
    with contextlib.ExitStack() as stack:
        opened: list[Any] = []

        def write(batch: Any) -> None:  # noqa: ANN401 - pyarrow is optional
            if not opened:
                opened.append(stack.enter_context(open_writer(sink, batch.schema)))
            opened[0].write_batch(batch)

        yield write
