"""Plain text: a line for each text, in files side by side, with names of utterances, or as fairseq writes it."""

from __future__ import annotations

import contextlib
import functools
import re
from typing import TYPE_CHECKING, Any, Literal

from textgauge.errors import InputError
from textgauge.io.batch import Batch, Source
from textgauge.io.compressed import not_utf8
from textgauge.io.paths import no_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textgauge.io.compressed import Stream

__all__ = ["FairseqGenerate", "KeyedText", "ParallelLines", "TextBatch"]

ROWS_AT_ONCE = 1 << 14
BYTES_AT_ONCE = 4 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

FAIRSEQ_LINE = re.compile(r"([STHD])-(\d+)\t(.*)", re.DOTALL)
# Blanks that are no spaces or tabs are text.
KALDI_LINE = re.compile(r"[ \t]*([^ \t]+)[ \t]*(.*?)[ \t]*", re.DOTALL)
TRN_LINE = re.compile(r"[ \t]*(.*?)[ \t]*\(([^() \t]+)\)[ \t]*", re.DOTALL)


class TextBatch(Batch):
    """Texts in memory."""

    def __init__(
        self, name: str, columns: dict[str, list[str | None]], rows: int, place: Callable[[int], str], first: int
    ) -> None:
        self.name = name
        self.first = first
        self.problems = {}
        self.columns = list(columns)
        self._columns = columns
        self._rows = rows
        self._place = place

    def __len__(self) -> int:
        return self._rows

    def texts(self, column: str) -> list[str | None]:
        """The texts of the column."""
        return self._columns[column]

    def values(self, column: str, stop: int | None = None) -> list[Any]:
        """The same."""
        return self._columns[column][:stop]

    def place(self, row: int) -> str:
        """The file, and the line or the utterance."""
        return self._place(row)


class ParallelLines(Source):
    r"""Files side by side: a line of each makes a record. The columns are named as the files are.

    Lines end with `\n` or `\r\n`; all other separators are text.

    Args:
        predictions: The files of predictions, one for each system.
        references: The files of references, one for each set.
    """

    def __init__(self, predictions: Sequence[Stream], references: Sequence[Stream]) -> None:
        self._streams = [*predictions, *references]
        self.files = tuple(stream.file for stream in self._streams)
        self.name = _names(self._streams)
        self.size = _size(self._streams)

    def names(self) -> list[str]:
        """The names of the files."""
        return [stream.file for stream in self._streams]

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Callable[[], TextBatch]]:
        """As `Source.batches`.

        Raises:
            InputError: A file cannot be read, or has more lines than another; the message says how many each has.
        """
        _check_columns(self, columns)
        with contextlib.ExitStack() as stack:
            files = [_Lines(stack.enter_context(contextlib.closing(stream))) for stream in self._streams]
            first = 0
            while count := min(ROWS_AT_ONCE, *(file.fill() for file in files)):
                lines = {file.stream.file: file.take(count) for file in files}
                if skip:
                    skip -= 1
                else:
                    wanted = {column: lines[column] for column in columns}
                    read_bytes = sum(stream.position() for stream in self._streams)
                    yield functools.partial(_decoded, self.name, wanted, count, first, read_bytes)
                first += count
            self._check_ends(files, first)

    def _check_ends(self, files: list[_Lines], lines: int) -> None:
        counts = [lines + file.count_rest() for file in files]
        if len(set(counts)) > 1:
            each = ", ".join(f"{file.stream.name} has {count}" for file, count in zip(files, counts, strict=True))
            raise InputError(f"files side by side have as many lines each, but {each}", "unequal-lengths")


class KeyedText(Source):
    """Files of texts with the names of their utterances, which are matched whatever their order.

    Kaldi's `text` has the name before the words, sclite's `trn` after them, in parentheses. Records stand in the
    order of the first file of references. The columns are `id` and the names of the files, which are read whole.

    Args:
        predictions: The files of predictions, one for each system.
        references: The files of references, one for each set.
        form: How the lines look.
    """

    def __init__(
        self, predictions: Sequence[Stream], references: Sequence[Stream], form: Literal["kaldi", "trn"]
    ) -> None:
        self._streams = [*predictions, *references]
        self.files = tuple(stream.file for stream in self._streams)
        self._reference = references[0]
        self._split = _split_kaldi if form == "kaldi" else _split_trn
        self.name = _names(self._streams)
        self.size = _size(self._streams)

    def names(self) -> list[str]:
        """`id` and the names of the files."""
        return ["id", *(stream.file for stream in self._streams)]

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Callable[[], TextBatch]]:
        """As `Source.batches`.

        Raises:
            InputError: A file cannot be read, a line has no name, or a name is not in each file exactly once.
        """
        _check_columns(self, columns)
        utterances = {stream.file: self._read(stream) for stream in self._streams}
        order = utterances[self._reference.file]
        for stream in self._streams:
            self._check_same(order, stream.name, utterances[stream.file])
        table: dict[str, list[str | None]] = {"id": list(order)}
        for file, texts in utterances.items():
            table[file] = [texts[name][1] for name in order]
        places = [f"{self._reference.name}, line {line}" for line, _ in order.values()]
        yield from _sliced(self, {column: table[column] for column in columns}, places, skip)

    def _read(self, stream: Stream) -> dict[str, tuple[int, str]]:
        """The line and the text of each utterance."""
        utterances: dict[str, tuple[int, str]] = {}
        for number, line in _numbered(stream):
            if not line.strip(" \t"):
                continue
            place = f"{stream.name}, line {number}"
            split = self._split(line)
            if split is None:
                raise InputError(f"{place}: no name of an utterance in parentheses at its end", "bad-file")
            name, text = split
            if name in utterances:
                raise InputError(f"{place}: utterance {name!r} is in line {utterances[name][0]} already", "bad-file")
            utterances[name] = number, text
        return utterances

    def _check_same(self, order: dict[str, tuple[int, str]], name: str, found: dict[str, tuple[int, str]]) -> None:
        if missing := next((utterance for utterance in order if utterance not in found), None):
            line, _ = order[missing]
            raise InputError(f"{name} has no utterance {missing!r}, as {self._reference.name}, line {line}", "bad-file")
        if extra := next((utterance for utterance in found if utterance not in order), None):
            line, _ = found[extra]
            raise InputError(f"{name}, line {line}: {self._reference.name} has no utterance {extra!r}", "bad-file")


class FairseqGenerate(Source):
    """What fairseq-generate prints, with the columns `id`, `source`, `reference` and `prediction`, where it has them.

    The prediction is the detokenized hypothesis (`D-`), which fairseq itself scores, and the hypothesis (`H-`) where
    there is none; of several the first, which is the best. Records stand in the order of their numbers, which is that
    of the data: fairseq prints them sorted by length. The file is read whole.

    Args:
        stream: The file.
    """

    def __init__(self, stream: Stream) -> None:
        self.name = stream.name
        self.size = stream.size
        self.files = (stream.file,)
        self._stream = stream

    def names(self) -> list[str]:
        """The names of the columns."""
        return list(self._table)

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Callable[[], TextBatch]]:
        """As `Source.batches`."""
        _check_columns(self, columns)
        places = [f"{self.name}, sentence {number}" for number in self._table["id"]]
        yield from _sliced(self, {column: self._table[column] for column in columns}, places, skip)

    @functools.cached_property
    def _table(self) -> dict[str, list[str | None]]:
        found: dict[str, dict[int, str]] = {kind: {} for kind in "STHD"}
        for number, line in _numbered(self._stream):
            match = FAIRSEQ_LINE.fullmatch(line)
            if match is None:
                continue
            kind, sentence, text = match[1], int(match[2]), match[3]
            if kind in "HD":
                # Before the text stands its score.
                found[kind].setdefault(sentence, text.partition("\t")[2])
            elif sentence in found[kind]:
                raise InputError(f"{self.name}, line {number}: {kind}-{sentence} is there already", "bad-file")
            else:
                found[kind][sentence] = text
        texts = {"source": found["S"], "reference": found["T"], "prediction": {**found["H"], **found["D"]}}
        order = sorted(set().union(*texts.values()))
        if not order:
            raise InputError(f"{self.name} has no line like 'H-0' of fairseq-generate", "bad-file")
        columns = {name: [of.get(sentence) for sentence in order] for name, of in texts.items() if of}
        return {"id": [str(sentence) for sentence in order], **columns}


class _Lines:
    """The lines of a file, some at a time."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._blocks = _line_blocks(stream)
        self._held: list[bytes] = []

    def fill(self) -> int:
        """Reads on if no line is left. Returns how many there are; 0 at the end."""
        if not self._held:
            self._held = next(self._blocks, [])
        return len(self._held)

    def take(self, count: int) -> list[bytes]:
        """The next lines."""
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    def count_rest(self) -> int:
        """How many lines there are still."""
        return len(self._held) + sum(map(len, self._blocks))


def _line_blocks(stream: Stream) -> Iterator[list[bytes]]:
    """The lines of a file, as they stand in blocks of it."""
    mark = BYTE_ORDER_MARK
    begun: list[bytes] = []
    while block := stream.read(BYTES_AT_ONCE):
        if len(block) < BYTES_AT_ONCE and not block.endswith(b"\n"):
            # The last line of a file may lack its end.
            block += b"\n"
        lines, newline, rest = block.removeprefix(mark).rpartition(b"\n")
        mark = b""
        if newline:
            yield b"".join([*begun, lines]).split(b"\n")
            begun = []
        begun.append(rest)
    if last := b"".join(begun):
        yield [last]


def _numbered(stream: Stream) -> Iterator[tuple[int, str]]:
    """The lines of a file, each with its number, from 1."""
    first = 1
    with contextlib.closing(stream):
        for block in _line_blocks(stream):
            for number, line in enumerate(block, first):
                text = _text(line)
                if isinstance(text, UnicodeDecodeError):
                    raise InputError(f"{stream.name}, line {number}: {not_utf8(text)}", "bad-file") from text
                yield number, text
            first += len(block)


def _text(line: bytes) -> str | UnicodeDecodeError:
    try:
        return line.removesuffix(b"\r").decode()
    except UnicodeDecodeError as error:
        return error


def _decoded(name: str, lines: dict[str, list[bytes]], rows: int, first: int, read_bytes: int) -> TextBatch:
    columns: dict[str, list[str | None]] = {}
    problems: dict[int, str] = {}
    for file, given in lines.items():
        texts = [_text(line) for line in given]
        problems |= {
            row: f"{file} is {not_utf8(text)}" for row, text in enumerate(texts) if isinstance(text, UnicodeDecodeError)
        }
        columns[file] = [None if isinstance(text, UnicodeDecodeError) else text for text in texts]
    for row in problems:
        for column in columns.values():
            column[row] = None
    batch = TextBatch(name, columns, rows, lambda row: f"{name}, line {first + row + 1}", first)
    batch.problems = problems
    batch.read_bytes = read_bytes
    return batch


def _sliced(
    source: Source, columns: dict[str, list[str | None]], places: list[str], skip: int
) -> Iterator[Callable[[], TextBatch]]:
    """Columns that are in memory, as batches."""
    for first in range(skip * ROWS_AT_ONCE, len(places), ROWS_AT_ONCE):
        end = min(first + ROWS_AT_ONCE, len(places))
        yield functools.partial(_slice, source, columns, places, first, end)


def _slice(source: Source, columns: dict[str, list[str | None]], places: list[str], first: int, end: int) -> TextBatch:
    part = {name: texts[first:end] for name, texts in columns.items()}
    batch = TextBatch(source.name, part, end - first, lambda row: places[first + row], first)
    batch.read_bytes = (source.size or 0) * end // len(places)
    return batch


def _split_kaldi(line: str) -> tuple[str, str] | None:
    match = KALDI_LINE.fullmatch(line)
    return match and (match[1], match[2])


def _split_trn(line: str) -> tuple[str, str] | None:
    match = TRN_LINE.fullmatch(line)
    return match and (match[2], match[1])


def _check_columns(source: Source, columns: Sequence[str]) -> None:
    names = source.names()
    for column in columns:
        if column not in names:
            error = no_column(column, names)
            raise InputError(f"{source.name}: {error}", error.code)


def _names(streams: Sequence[Stream]) -> str:
    return " and ".join(dict.fromkeys(stream.name for stream in streams))


def _size(streams: Sequence[Stream]) -> int | None:
    sizes = [stream.size for stream in streams]
    return None if None in sizes else sum(size or 0 for size in sizes)
