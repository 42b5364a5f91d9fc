"""Files, folders and patterns, opened as what they hold: the kind is seen by content first, then by name."""

from __future__ import annotations

import contextlib
import glob
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from textgauge.errors import ConfigError, InputError
from textgauge.io.arrow import ArrowIpc, Csv, Parquet
from textgauge.io.compressed import Stream
from textgauge.io.text import FairseqGenerate, KeyedText, ParallelLines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textgauge.io.batch import Source

__all__ = ["FORMATS", "PARALLEL_FORMATS", "RECORD_FORMATS", "open_sources", "parallel_sources"]

RECORD_FORMATS = ("jsonl", "json", "csv", "tsv", "parquet", "arrow", "fairseq")
"""What a file of records may be."""
PARALLEL_FORMATS = ("text", "kaldi", "trn")
"""What files side by side may be, predictions in some and references in others."""
FORMATS = RECORD_FORMATS + PARALLEL_FORMATS

HEAD_BYTES = 1 << 16
ARCHIVE_SUFFIXES = {".gz", ".bz2", ".xz", ".zst", ".zstd"}
SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".ipc": "arrow",
    ".feather": "arrow",
    ".trn": "trn",
}
# What Hugging Face's datasets write beside the data, and what rows of scores have beside them.
NO_DATA = {"dataset_info.json", "dataset_dict.json", "state.json"}
NO_DATA_ENDING = ".signatures.json"

# What files begin with.
MARKS = {b"PAR1": "parquet", b"ARROW1": "arrow", b"\xff\xff\xff\xff": "arrow"}
STRANGERS = {
    b"PARE": "an encrypted Parquet file: decrypt it first",
    b"FEA1": "a Feather file of version 1: write it anew, as version 2",
    b"ORC": "an ORC file: convert it to Parquet",
    b"Obj\x01": "an Avro file: convert it to Parquet",
    b"PK\x03\x04": "a ZIP archive (an .xlsx?): unpack it, or save the sheet as CSV",
    b"%PDF": "a PDF",
    b"\x93NUMPY": "a NumPy file: save the texts as JSON lines or Parquet",
    b"\x89HDF": "an HDF5 file: convert it to Parquet",
    b"SQLite format 3": "an SQLite database: export the table as CSV",
    b"\x04\x22\x4d\x18": "an LZ4 archive: unpack it first",
    b"\xff\x06\x00\x00sNaPpY": "a Snappy archive: unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive: unpack it first",
    b"Rar!": "a RAR archive: unpack it first",
    b"\xff\xfe": "text in UTF-16: convert it to UTF-8",
    b"\xfe\xff": "text in UTF-16: convert it to UTF-8",
    **{b"\x80" + bytes([version]): "a pickle: save its texts as JSON lines or Parquet" for version in range(2, 6)},
}
JSON_HINT = "records stand a line each, as they do after jq -c"
FAIRSEQ_LINE = re.compile(rb"^[STHD]-\d+\t", re.MULTILINE)
TRN_LINE = re.compile(rb".*(\([^() \t]+\))\s*")
# A list of records inside of an object, after fields that are no lists.
DATA_IN_OBJECT = re.compile(rb'\{\s*(?:"\w+"\s*:\s*(?:"[^"]*"|[\w.+-]+)\s*,\s*)*"data"\s*:\s*\[')


def open_sources(files: Sequence[str], form: str | None = None) -> list[Source]:
    """The files, each opened as what it holds.

    Args:
        files: Paths, patterns such as `out/*.jsonl`, folders, `-` for standard input. Of a folder the data files are
            read, sorted by name, and those in folders inside it that are called `key=value`.
        form: What all files are, one of `RECORD_FORMATS`; None to find out for each.

    Raises:
        ConfigError: There is no such form.
        InputError: There is no such file, or it is nothing that can be read; the message says what it looks like.
    """
    _check_form(form, RECORD_FORMATS, "needs predictions and references in files side by side")
    return [_source(Stream(file), form) for each in files for file in _expanded(each, form)]


def parallel_sources(predictions: Sequence[str], references: Sequence[str], form: str | None = None) -> list[Source]:
    """Files side by side: those of predictions and those of references.

    Args:
        predictions: The files of predictions, one for each system.
        references: The files of references, one for each set.
        form: What all files are, one of `PARALLEL_FORMATS`; None to find out. Files called `text` are Kaldi's.

    Raises:
        ConfigError: There is no such form.
        InputError: There is no such file, or it is no text.
    """
    _check_form(form, PARALLEL_FORMATS, "is of files that hold predictions and references both")
    systems, answers = ([Stream(file) for file in files] for files in (predictions, references))
    forms = {stream.name: form or _parallel_form(stream) for stream in (*systems, *answers)}
    match sorted(set(forms.values())):
        case ["text"]:
            return [ParallelLines(systems, answers)]
        case [("kaldi" | "trn") as keyed]:
            return [KeyedText(systems, answers, keyed)]
    each = ", ".join(f"{name} as {found}" for name, found in forms.items())
    raise InputError(
        f"files side by side are alike, but these would be read so: {each}; say --input-format", "bad-file"
    )


def _check_form(form: str | None, known: Sequence[str], why_not: str) -> None:
    if form is not None and form not in known:
        reason = f"the format {form} {why_not}" if form in FORMATS else f"there is no format {form!r}"
        raise ConfigError(f"{reason}; choose one of {', '.join(known)}", "bad-option")


def _expanded(file: str, form: str | None) -> Iterator[str]:
    """The files that a path, a pattern or a folder stands for."""
    path = Path(file)
    is_pattern = not path.exists() and any(sign in file for sign in "*?[")
    if not (path.is_dir() or is_pattern):
        yield file
        return
    found = [file] if path.is_dir() else sorted(glob.glob(file, recursive=True))  # noqa: PTH207 - of any folder
    files = [inner for each in found for inner in _data_files(Path(each), form)]
    if not files:
        what = f"{file} holds no data files" if path.is_dir() else f"no file fits {file}"
        raise InputError(what, "bad-file")
    yield from files


def _data_files(path: Path, form: str | None, *, inside: bool = False) -> Iterator[str]:
    """The file itself, or the data files of the folder."""
    if path.name.startswith(("_", ".")) and path.name != "..":
        return
    if not path.is_dir():
        if not inside or _is_data(path, form):
            yield str(path)
        return
    if inside and "=" not in path.name:
        return
    for entry in sorted(path.iterdir()):
        yield from _data_files(entry, form, inside=True)


def _is_data(path: Path, form: str | None) -> bool:
    if path.name in NO_DATA or path.name.endswith(NO_DATA_ENDING):
        return False
    return bool(form or _form_of_name(path.name) or path.name.startswith("part-"))


def _source(stream: Stream, form: str | None) -> Source:
    match form or _form(stream):
        case "jsonl" | "json" as kind:
            from textgauge.io.json_lines import JsonArray, JsonLines

            return JsonLines(stream) if kind == "jsonl" else JsonArray(stream)
        case "csv":
            return Csv(stream)
        case "tsv":
            return Csv(stream, "\t")
        case "parquet":
            return Parquet(stream)
        case "arrow":
            return ArrowIpc(stream)
        case _:
            return FairseqGenerate(stream)


def _form(stream: Stream) -> str:
    """What the file holds.

    Raises:
        InputError: Nothing that can be read as a file of records.
    """
    head = _head(stream)
    form = _form_of_content(head)
    if form is None and _stranger(head) is None:
        form = _form_of_json(stream.name, head) or _form_of_name(stream.name)
    if form in RECORD_FORMATS:
        return form
    if not head.strip():
        # Spark writes such parts, which have no records.
        return "jsonl"
    raise InputError(f"{stream.name} looks like {_description(stream.name, head)}", "bad-file")


def _parallel_form(stream: Stream) -> str:
    """How texts stand in one of the files side by side.

    Raises:
        InputError: The file is no text, or one that holds predictions and references both.
    """
    head = _head(stream)
    form = _form_of_content(head)
    if form:
        columns = "and its columns as --prediction and --reference"
        raise InputError(f"{stream.name} looks like {form}: give it as FILE, {columns}", "bad-file")
    if _stranger(head) or b"\0" in head:
        raise InputError(f"{stream.name} looks like {_description(stream.name, head)}", "bad-file")
    if _form_of_name(stream.name) == "trn" or _is_trn(head):
        return "trn"
    return "kaldi" if Path(stream.name).name == "text" else "text"


def _head(stream: Stream) -> bytes:
    """How the file begins, unpacked. It is closed again: there may be more files than can be open at once."""
    head = stream.peek(HEAD_BYTES)
    stream.close()
    return head


def _form_of_content(head: bytes) -> str | None:
    form = next((form for mark, form in MARKS.items() if head.startswith(mark)), None)
    is_fairseq = not head.startswith((b"{", b"[")) and FAIRSEQ_LINE.search(head)
    return form or ("fairseq" if is_fairseq else None)


def _form_of_name(name: str) -> str | None:
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    return next((SUFFIXES.get(suffix) for suffix in reversed(suffixes) if suffix not in ARCHIVE_SUFFIXES), None)


def _form_of_json(name: str, head: bytes) -> str | None:
    """Whether the file is JSON lines or an array.

    Raises:
        InputError: It is one JSON object.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"{"):
        return "json" if text.startswith(b"[") else None
    line, newline, rest = text.partition(b"\n")
    goes_on = _goes_on(line) if newline else len(head) == HEAD_BYTES
    if DATA_IN_OBJECT.match(text) and (goes_on or not rest.strip()):
        raise InputError(f"{name} is one JSON object with its records under 'data'; {JSON_HINT} '.data[]'", "bad-file")
    if newline and goes_on:
        raise InputError(f"{name} holds a JSON object that stands in several lines; {JSON_HINT} .", "bad-file")
    return "jsonl"


def _goes_on(line: bytes) -> bool:
    """Whether the line is whole JSON only together with the next."""
    text = line.decode(errors="replace").rstrip()
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text)
    return False


def _is_trn(head: bytes) -> bool:
    """Whether all lines end with names in parentheses, all different."""
    lines = (head if len(head) < HEAD_BYTES else head[: head.rfind(b"\n") + 1]).split(b"\n")
    matches = [TRN_LINE.fullmatch(line) for line in lines if line.strip()]
    names = {match[1] for match in matches if match}
    return 1 < len(names) == len(matches)


def _stranger(head: bytes) -> str | None:
    return next((what for mark, what in STRANGERS.items() if head.startswith(mark)), None)


def _description(name: str, head: bytes) -> str:
    """What a file that cannot be read looks like, and what to do about it."""
    if what := _stranger(head):
        return what
    if b"\0" in head:
        return f"binary data that begins {head[:8].hex(' ')}"
    if head.lstrip().startswith(b"<"):
        return "XML or HTML: take the texts out of it, as JSON lines"
    # A letter may be cut in two at the end.
    if b"\n" in head and not _is_utf8(head[: head.rfind(b"\n")]):
        return "text that is not UTF-8: convert it"
    hint = f"give it as --prediction {name}, with --reference and the file of references"
    return f"plain text, a line each: {hint}; a table is read with --input-format csv"


def _is_utf8(text: bytes) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        text.decode()
        return True
    return False
