"""Parquet, Arrow IPC and CSV, read by PyArrow as record batches."""

from __future__ import annotations

import abc
import contextlib
import csv
import functools
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.errors import InputError
from textgauge.io.batch import Batch, Source, json_text
from textgauge.io.compressed import not_utf8
from textgauge.io.paths import array_at, parse
from textgauge.text.tokenizers import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt
    import pyarrow

    from textgauge.io.compressed import Stream
    from textgauge.io.paths import Steps

__all__ = ["ArrowBatch", "ArrowIpc", "Csv", "Parquet"]

# A batch has fewer rows than this if the rows are long: memory stays bounded, and the caches of the CPU warm.
ROWS_AT_ONCE = 1 << 14
BYTES_AT_ONCE = 4 << 20
# A row of CSV may be as long as this.
CSV_BYTES_AT_ONCE = 4 << 20
HEADER_BYTES = 1 << 20
ARROW_FILE = b"ARROW1"


class ArrowBatch(Batch):
    """Rows of a record batch."""

    def __init__(
        self, name: str, rows: pyarrow.RecordBatch, columns: Sequence[str], first: int, read_bytes: int
    ) -> None:
        self.name = name
        self.first = self.start = first
        self.read_bytes = read_bytes
        self.problems = {}
        self.columns = columns
        self._rows = len(rows)
        self._arrays = self._checked(rows, columns)

    def __len__(self) -> int:
        return self._rows

    def texts(self, column: str) -> pyarrow.Array:
        """The column as it is; what is stored as bytes is text."""
        return self._arrays[column]

    def values(self, column: str, stop: int | None = None) -> list[Any]:
        """The column as Python objects; dates and other things that JSON has not are texts."""
        array = self._arrays[column][:stop]
        # Maps may be inside of what has fields. The option makes all else slow.
        values: list[Any] = array.to_pylist(maps_as_pydicts="lossy" if array.type.num_fields else None)
        return values if _is_json(array.type) else [json.loads(json_text(value)) for value in values]

    def keys(self, column: str) -> tuple[list[str], npt.NDArray[np.uint32]]:
        """As `Batch.keys`, without an object for each row."""
        import pyarrow.types as types

        array = self._arrays[column]
        if types.is_dictionary(array.type):
            # Its dictionary may hold values twice, or such as no row has.
            array = array.dictionary_decode()
        kinds = (types.is_string, types.is_large_string, types.is_integer, types.is_boolean)
        if not any(is_kind(array.type) for is_kind in kinds):
            return super().keys(column)
        encoded = array.dictionary_encode("encode")
        return list(map(json_text, encoded.dictionary.to_pylist())), encoded.indices.to_numpy().astype(np.uint32)

    def arrow(self, column: str) -> pyarrow.Array:
        """The column with its own type."""
        return self._arrays[column]

    def place(self, row: int) -> str:
        """The file and the row, counted from 0 as everywhere but for lines."""
        return f"{self.name}, row {self.start + row}"

    def _checked(self, rows: pyarrow.RecordBatch, columns: Sequence[str]) -> dict[str, pyarrow.Array]:
        """The wanted columns. Records with texts that are not UTF-8 are made problems, and their values null.

        Raises:
            InputError: The data cannot be what anybody has written: the file is damaged.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        rows = pa.RecordBatch.from_arrays(list(map(_as_text, rows.columns)), rows.schema.names)
        # All are looked at before any is used.
        not_text = [array for array in rows.columns if not self._is_text(array)]
        arrays = {column: array_at(rows, column) for column in columns}
        if not not_text:
            return arrays
        for column, array in arrays.items():
            self.problems = {**_not_utf8(column, array), **self.problems}
        whole = np.ones(len(rows), bool)
        whole[list(self.problems)] = False
        return {column: pc.if_else(whole, array, pa.scalar(None, array.type)) for column, array in arrays.items()}

    def _is_text(self, array: pyarrow.Array) -> bool:
        import pyarrow as pa

        try:
            array.validate(full=True)
        except pa.ArrowInvalid as error:
            if "UTF8" in str(error):
                return False
            raise self.error(f"the file is damaged here or below: {error}", 0) from error
        return True


class Parquet(Source):
    """A Parquet file, of which only the wanted columns are read.

    Args:
        stream: The file. It must be on disk and not compressed as a whole, since its end says what stands where.
    """

    def __init__(self, stream: Stream) -> None:
        self.name = stream.name
        self.size = stream.size
        self.files = (stream.file,)
        self._file = _on_disk(stream, "Parquet")

    def names(self) -> list[str]:
        """The names of the columns."""
        with _reading(self.name), self._open() as file:
            return list(file.schema_arrow.names)

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Callable[[], ArrowBatch]]:
        """As `Source.batches`. No batch spans two row groups; row groups that are passed over are not read."""
        with _reading(self.name) as at, self._open() as file:
            _check_columns(self.name, file.schema_arrow, columns)
            leaves = _wanted_leaves(file.schema_arrow, columns)
            paths = [file.schema.column(leaf).path for leaf in leaves]
            for group in range(file.num_row_groups):
                metadata = file.metadata.row_group(group)
                stored = sum(metadata.column(leaf).total_uncompressed_size for leaf in leaves)
                at_once = _rows_at_once(metadata.num_rows, stored)
                batches = -(-metadata.num_rows // at_once)
                if skip >= batches:
                    skip -= batches
                    at.row += metadata.num_rows
                    continue
                end = at.row + metadata.num_rows
                for rows in file.iter_batches(at_once, row_groups=[group], columns=paths):
                    if len(rows) != min(at_once, end - at.row):
                        # PyArrow cut it in two, and skipped batches could not be counted.
                        raise InputError(
                            f"{self.name}, row {at.row}: more than 2 GiB of text in {at_once} rows; "
                            "write the file anew, with smaller row groups",
                            "bad-file",
                        )
                    read_bytes = (self.size or 0) * (at.row + len(rows)) // file.metadata.num_rows
                    if skip:
                        skip -= 1
                    else:
                        yield functools.partial(ArrowBatch, self.name, rows, columns, at.row, read_bytes)
                    at.row += len(rows)

    @contextlib.contextmanager
    def _open(self) -> Iterator[pyarrow.parquet.ParquetFile]:
        pa, parquet = need("reading Parquet files", "cli", "pyarrow", "pyarrow.parquet")
        # Not mapped, and nothing is fetched before its time: memory does not grow with the file.
        with parquet.ParquetFile(pa.OSFile(self._file), pre_buffer=False) as file:
            yield file


class _Streamed(Source):
    """What PyArrow gives as record batches of whatever size, one after the other."""

    def __init__(self, stream: Stream) -> None:
        self.name = stream.name
        self.size = stream.size
        self.files = (stream.file,)
        self._stream = stream

    def names(self) -> list[str]:
        """The names of the columns."""
        return self._names

    @functools.cached_property
    def _names(self) -> list[str]:
        # Kept, since it is the stream of the batches that is looked at.
        with _reading(self.name), contextlib.closing(self._stream):
            return list(self._schema().names)

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Callable[[], ArrowBatch]]:
        """As `Source.batches`. What is passed over is read, but not looked at."""
        with _reading(self.name) as at, contextlib.closing(self._stream):
            schema = self._schema()
            _check_columns(self.name, schema, columns)
            for batch, read_bytes in self._record_batches(schema, columns):
                at_once = _rows_at_once(len(batch), batch.nbytes)
                for start in range(0, len(batch), at_once):
                    rows = batch.slice(start, at_once)
                    if skip:
                        skip -= 1
                    else:
                        yield functools.partial(ArrowBatch, self.name, rows, columns, at.row, read_bytes)
                    at.row += len(rows)

    @abc.abstractmethod
    def _schema(self) -> pyarrow.Schema:
        """The schema. The stream stays where it is."""

    @abc.abstractmethod
    def _record_batches(
        self, schema: pyarrow.Schema, columns: Sequence[str]
    ) -> Iterator[tuple[pyarrow.RecordBatch, int]]:
        """The batches with the wanted columns, each with how many bytes have been read then."""


class ArrowIpc(_Streamed):
    """An Arrow IPC file or stream. Feather files of version 2 are such files.

    Args:
        stream: The file.
    """

    def _schema(self) -> pyarrow.Schema:
        (ipc,) = need("reading Arrow files", "cli", "pyarrow.ipc")
        head = self._stream.peek(HEADER_BYTES)
        if not head.startswith(ARROW_FILE):
            return ipc.open_stream(head).schema
        with self._mapped() as file:
            return ipc.open_file(file).schema

    def _record_batches(
        self, schema: pyarrow.Schema, columns: Sequence[str]
    ) -> Iterator[tuple[pyarrow.RecordBatch, int]]:
        (ipc,) = need("reading Arrow files", "cli", "pyarrow.ipc")
        options = ipc.IpcReadOptions(included_fields=sorted({_top_level(schema, column) for column in columns}))
        if not self._stream.peek(len(ARROW_FILE)).startswith(ARROW_FILE):
            for batch in ipc.open_stream(_File(self._stream), options=options):
                yield batch, self._stream.position()
            return
        with self._mapped() as file:
            reader = ipc.open_file(file, options=options)
            count = reader.num_record_batches
            for number in range(count):
                yield reader.get_batch(number), (self.size or 0) * (number + 1) // count

    def _mapped(self) -> pyarrow.MemoryMappedFile:
        """The file in memory as far as it is looked at: a record batch may be as large as the file."""
        import pyarrow as pa

        return pa.memory_map(_on_disk(self._stream, "an Arrow file"))


class Csv(_Streamed):
    """Comma-separated values, or with other separators, under a row of names. All values are texts, empty ones too.

    Args:
        stream: The file, in UTF-8.
        separator: What stands between values; by default whichever of comma, tab and semicolon is the most frequent
            in the first line.
    """

    def __init__(self, stream: Stream, separator: str | None = None) -> None:
        super().__init__(stream)
        self._separator = separator

    def _schema(self) -> pyarrow.Schema:
        (pa,) = need("reading CSV files", "cli", "pyarrow")
        head = self._stream.peek(HEADER_BYTES).removeprefix(b"\xef\xbb\xbf")
        line = head.partition(b"\n")[0]
        if not line.strip():
            raise InputError(f"{self.name}: the first line is empty; it must hold the names of the columns", "bad-file")
        try:
            first_line = line.decode()
        except UnicodeDecodeError as error:
            raise InputError(f"{self.name}, at its start: {not_utf8(error)}", "bad-file") from error
        if self._separator is None:
            self._separator = max(",\t;", key=first_line.count)
        # Names in quotes may go on in the next line.
        text = io.StringIO(head.decode(errors="replace"), newline="")
        names = next(csv.reader(text, delimiter=self._separator))
        return pa.schema([(name, pa.large_string()) for name in names])

    def _record_batches(
        self, schema: pyarrow.Schema, columns: Sequence[str]
    ) -> Iterator[tuple[pyarrow.RecordBatch, int]]:
        pa, pa_csv = need("reading CSV files", "cli", "pyarrow", "pyarrow.csv")
        # Without a column PyArrow would read all of them.
        wanted = list(columns) or schema.names[:1]
        reader = pa_csv.open_csv(
            _File(self._stream),
            # With threads, errors don't say in which row.
            read_options=pa_csv.ReadOptions(block_size=CSV_BYTES_AT_ONCE, use_threads=False),
            parse_options=pa_csv.ParseOptions(delimiter=self._separator, newlines_in_values=True),
            # As bytes: which text is not UTF-8 is found out later, with its row.
            convert_options=pa_csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pa.large_binary())
            ),
        )
        for batch in reader:
            yield batch, self._stream.position()


class _File:
    """A stream as PyArrow reads files of Python's."""

    closed = False

    def __init__(self, stream: Stream) -> None:
        self.read = stream.read


@dataclass
class _At:
    """The row that is read next, from 0."""

    row: int = 0


@contextlib.contextmanager
def _reading(name: str) -> Iterator[_At]:
    """Makes errors of PyArrow say where reading stopped."""
    (pa,) = need("reading Parquet, Arrow and CSV files", "cli", "pyarrow")
    at = _At()
    try:
        yield at
    except (pa.ArrowException, OSError) as error:
        place = f"{name}, after row {at.row}" if at.row else name
        raise InputError(f"{place}: cannot read on: {error}", "bad-file") from error


def _on_disk(stream: Stream, what: str) -> str:
    """The file's path.

    Raises:
        InputError: It has none, or the file is compressed as a whole.
    """
    stream.peek(1)
    stream.close()
    if stream.size is None or stream.archive:
        form = f"compressed with {stream.archive}" if stream.archive else "a pipe"
        raise InputError(
            f"{stream.name} is {form}; {what} is read from a plain file: write it to disk first", "bad-file"
        )
    return stream.file


def _check_columns(name: str, schema: pyarrow.Schema, columns: Sequence[str]) -> None:
    import pyarrow as pa

    nothing = pa.RecordBatch.from_arrays([pa.nulls(0, type_) for type_ in schema.types], schema=schema)
    try:
        for column in columns:
            array_at(nothing, column)
    except InputError as error:
        raise InputError(f"{name}: {error}", error.code) from error


def _rows_at_once(rows: int, size: int) -> int:
    """How many of the rows, which take `size` bytes, make a batch."""
    return max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE * rows // max(size, 1)))


def _top_level(schema: pyarrow.Schema, column: str) -> int:
    """The index of the column that the wanted one is, or is inside of."""
    index: int = schema.get_field_index(column)
    return index if index >= 0 else int(schema.get_field_index(parse(column)[0]))


def _wanted_leaves(schema: pyarrow.Schema, columns: Sequence[str]) -> list[int]:
    """The columns of Parquet that hold the wanted ones: structs and the like are stored as a column for each field."""
    starts = np.cumsum([0, *(_leaves(type_) for type_ in schema.types)])
    leaves: set[int] = set()
    for column in columns:
        index = _top_level(schema, column)
        steps = () if column in schema.names else parse(column)[1:]
        start, count = _leaves_at(schema.types[index], steps)
        leaves.update(range(starts[index] + start, starts[index] + start + count))
    return sorted(leaves)


def _leaves(type_: pyarrow.DataType) -> int:
    """How many columns of Parquet hold values of the type."""
    import pyarrow as pa

    if isinstance(type_, pa.BaseExtensionType):
        return _leaves(type_.storage_type)
    if pa.types.is_dictionary(type_):
        return 1
    return sum(_leaves(type_.field(index).type) for index in range(type_.num_fields)) or 1


def _leaves_at(type_: pyarrow.DataType, steps: Steps) -> tuple[int, int]:
    """Which of the type's columns of Parquet the steps lead to: the first, and how many."""
    import pyarrow as pa

    if isinstance(type_, pa.BaseExtensionType):
        return _leaves_at(type_.storage_type, steps)
    # Of a map all is wanted: its keys say where the values are.
    if not steps or pa.types.is_map(type_) or not type_.num_fields:
        return 0, _leaves(type_)
    if not pa.types.is_struct(type_):
        return _leaves_at(type_.value_type, steps[1:] if isinstance(steps[0], int) else steps)
    index = type_.get_field_index(steps[0])
    start, count = _leaves_at(type_.field(index).type, steps[1:])
    return start + sum(_leaves(type_.field(before).type) for before in range(index)), count


def _as_text(array: pyarrow.Array) -> pyarrow.Array:
    """Bytes as text. Old programs write texts to Parquet without saying that they are."""
    import pyarrow as pa

    texts = {pa.binary(): pa.string(), pa.large_binary(): pa.large_string(), pa.binary_view(): pa.string_view()}
    return array.view(texts[array.type]) if array.type in texts else array


def _not_utf8(column: str, array: pyarrow.Array) -> dict[int, str]:
    """What is wrong with each row that holds texts that are not UTF-8."""
    problems = {row: _problem(item) for row, item in enumerate(array)}
    return {row: f"column {column!r} is {problem}" for row, problem in problems.items() if problem}


def _problem(item: pyarrow.Scalar) -> str | None:
    try:
        item.as_py()
    except UnicodeDecodeError as error:
        return not_utf8(error)
    return None


def _is_json(type_: pyarrow.DataType) -> bool:
    """Whether JSON has values of the type."""
    import pyarrow as pa

    if pa.types.is_dictionary(type_):
        return _is_json(type_.value_type)
    if type_.num_fields:
        return all(_is_json(type_.field(index).type) for index in range(type_.num_fields))
    kinds = (
        pa.types.is_null,
        pa.types.is_boolean,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
    )
    return any(is_kind(type_) for is_kind in kinds)
