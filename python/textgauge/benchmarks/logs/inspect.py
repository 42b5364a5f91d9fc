"""The logs of Inspect: a JSON file, or an archive `.eval` with a JSON file for each sample."""

from __future__ import annotations

import json
import os
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks.logs.runs import TaskLog, latest, which
from textgauge.benchmarks.records import Record
from textgauge.errors import InputError
from textgauge.io.compressed import load_zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from textgauge.benchmarks.logs.request import Request

__all__ = ["NAME", "find", "records"]

NAME = "Inspect"
HEAD = re.compile(rb'\s*\{\s*"version":\s*\d+,\s*"status":')
HEAD_BYTES = 256
EVAL = re.compile(r'"eval":\s*(?=\{)')
BEGINNING_BYTES = 1 << 20
# How an archive says that a member is packed, and what stands before it.
ZSTANDARD = 93
HEADER = struct.Struct("<26xHH")
# Under which names data sets keep the subject or the task of a sample.
SUBJECTS = ("subject", "task", "subset", "subset_name", "dataset_name")


def find(path: Path, request: Request) -> list[Path]:
    """The log itself, or those in a folder: of the benchmark's tasks, each in its latest run.

    Raises:
        InputError: The folder has logs, but none of the benchmark, or those of several models.
    """
    if path.is_file():
        return [path] if _is_log(path) else []
    files = [file for file in sorted(path.iterdir()) if _is_log(file)] if path.is_dir() else []
    logs = []
    for file in files:
        head = _head(file)
        logs.append(
            TaskLog(file, _task(head), str(head.get("created", "")), str(head.get("model", "")), _first_item(file))
        )
    return [log.path for log in latest(path, logs, request)] if logs else []


def records(file: Path, request: Request) -> Iterator[Record]:
    """The records of a log; further epochs of a sample are its alternatives.

    Raises:
        InputError: The file cannot be read, or a sample is none of Inspect's; the message names it.
    """
    head = _head(file)
    by_id: dict[str, list[Any]] = {}
    for sample in _samples(file):
        if not isinstance(sample, dict) or "id" not in sample:
            raise InputError(f"{file}: a sample without 'id'", "bad-record")
        by_id.setdefault(str(sample["id"]), []).append(sample)
    for number, (name, epochs) in enumerate(by_id.items()):
        place = f"{file}, sample {name!r}"
        epochs.sort(key=lambda sample: sample.get("epoch", 1))
        sample = epochs[0]
        group = request.group(_task(head), _named(sample, head))
        if group is None:
            raise InputError(f"{place}: {which(request)}", "bad-record", number)
        target = sample.get("target")
        references = tuple(map(str, target)) if isinstance(target, list) else (str(target),)
        if target is None or not references:
            raise InputError(f"{place}: no 'target'", "bad-record", number)
        texts = [text for epoch in epochs if (text := _answer(epoch)) is not None]
        for epoch in epochs:
            if epoch.get("error"):
                request.notes.append(f"{place}: no answer: {(epoch['error'] or {}).get('message', 'an error')}")
        yield Record(
            id=name,
            group=group,
            prediction=texts[0] if texts else None,
            alternatives=tuple(texts[1:]),
            references=references,
            choices=tuple(sample.get("choices") or ()),
            instance=name,
            question=_text(sample.get("input")) or "",
            place=place,
        )


def _is_log(path: Path) -> bool:
    if path.suffix == ".eval":
        return zipfile.is_zipfile(path)
    if path.suffix != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        return HEAD.match(file.read(HEAD_BYTES)) is not None


def _head(file: Path) -> Mapping[str, Any]:
    """What the log says of the whole run, under `eval`. Of a JSON file only the beginning is read."""
    if file.suffix == ".eval":
        document = _member(file, "header.json")
        head = document.get("eval") if isinstance(document, dict) else None
    else:
        with file.open("rb") as raw:
            text = raw.read(BEGINNING_BYTES).decode(errors="replace")
        start = EVAL.search(text)
        try:
            head = json.JSONDecoder().raw_decode(text, start.end())[0] if start else None
        except ValueError as error:
            raise InputError(f"cannot read {file}: {error}", "bad-file") from error
    if not isinstance(head, dict):
        raise InputError(f"{file} holds no 'eval'", "bad-file")
    return head


def _samples(file: Path) -> Iterable[Any]:
    if file.suffix != ".eval":
        samples = _json(file, file.read_bytes()).get("samples")
        return samples if isinstance(samples, list) else []
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith("samples/")]
    return (_member(file, name) for name in names)


def _member(file: Path, name: str) -> Any:  # noqa: ANN401 - whatever JSON has
    try:
        with zipfile.ZipFile(file) as archive:
            member = archive.getinfo(name)
            data = _unpacked(file, member) if member.compress_type == ZSTANDARD else archive.read(name)
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"cannot read {file}: {error}", "bad-file") from error
    return _json(file, data)


def _unpacked(file: Path, member: zipfile.ZipInfo) -> bytes:
    """What Python's own reader of archives knows only since 3.14: Zstandard, which Inspect packs with."""
    make, damage = load_zstd()
    with file.open("rb") as raw:
        raw.seek(member.header_offset)
        name_length, extra_length = HEADER.unpack(raw.read(HEADER.size))
        raw.seek(name_length + extra_length, os.SEEK_CUR)
        packed = raw.read(member.compress_size)
    try:
        return make().decompress(packed)
    except damage as error:
        raise InputError(f"cannot read {file}: {member.filename}: {error}", "bad-file") from error


def _json(file: Path, data: bytes) -> Any:  # noqa: ANN401 - whatever JSON has
    try:
        return json.loads(data)
    except ValueError as error:
        raise InputError(f"cannot read {file}: {error}", "bad-file") from error


def _task(head: Mapping[str, Any]) -> str:
    """The task's name, without the package that it comes from."""
    return str(head.get("task", "")).rpartition("/")[2]


def _first_item(file: Path) -> Callable[[], Mapping[str, Any]]:
    def item() -> Mapping[str, Any]:
        sample = next(iter(_samples(file)), None)
        return _named(sample, _head(file)) if isinstance(sample, dict) else {}

    return item


def _named(sample: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, object]:
    """The subject or task, and the category, that a sample names, or that the whole run was about."""
    named: dict[str, object] = {}
    for where in (sample.get("metadata"), head.get("task_args"), head.get("metadata")):
        for name in (*SUBJECTS, "category"):
            if isinstance(where, dict) and isinstance(where.get(name), str):
                named.setdefault("category" if name == "category" else "subject", where[name])
    return named


def _answer(sample: Mapping[str, Any]) -> str | None:
    choices = (sample.get("output") or {}).get("choices") or []
    message = choices[0].get("message") if choices else None
    return _text(message.get("content")) if isinstance(message, dict) else None


def _text(content: Any) -> str | None:  # noqa: ANN401 - whatever JSON has
    """A text, the texts of the parts of a message as one, or the last of several messages; thoughts are no answer."""
    if not isinstance(content, list):
        return content if isinstance(content, str) else None
    if content and isinstance(content[-1], dict) and "role" in content[-1]:
        return _text(content[-1].get("content"))
    texts = [part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)]
    return "".join(texts) if texts else None
