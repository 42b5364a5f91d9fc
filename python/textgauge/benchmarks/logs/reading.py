"""Reads what is given: a file or a folder, our own layout or the log of a harness."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textgauge.benchmarks.logs import batch, helm, inspect, lighteval, lm_eval
from textgauge.benchmarks.logs.request import Request
from textgauge.benchmarks.logs.rows import RowFile, is_row_file
from textgauge.benchmarks.plain import check_distinct, own_parts
from textgauge.benchmarks.records import Layout, Record, Records, group_names
from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

__all__ = ["Records", "read"]

# Harnesses whose files are known by their names: each finds those of a run in a folder, or the one that it is given.
RUNS = (helm, lighteval, inspect)
# What each option is for.
OPTIONS = {
    "items": "go with the results of a batch",
    "tasks": "are chosen among the logs of a harness",
    "filter": "goes with a log of lm-evaluation-harness",
}
# Harnesses whose files are known by their rows.
ROWS = (lm_eval, batch)


def read(
    path: str | Path,
    by: str | Sequence[str],
    default: str | None = None,
    *,
    items: str | Path | None = None,
    tasks: str | None = None,
    filter: str | None = None,  # noqa: A002 - the word of those who have them
) -> Records:
    """The records of a model: of a file, or of a folder as a harness leaves it.

    Read are our own JSON lines and the logs of lm-evaluation-harness, HELM, lighteval and Inspect, and the results of
    OpenAI's and Anthropic's batches. In a folder, tasks of other benchmarks are left out, and so are earlier runs;
    `notes` of what is returned says so.

    Args:
        path: A file, `-` for standard input, or a folder.
        by: The field that names the group: `subject`, `task` or `scenario`; or several, of which the first counts that
            a record has, such as `mmlu_pro.BY`.
        default: The group of records without such a field, where that is no error.
        items: A file of items in our own layout, without predictions, which results of a batch answer by their ids.
        tasks: A pattern such as `mmlu_flan_*`: of a harness's tasks only those are read whose names fit it.
        filter: The filter of lm-evaluation-harness whose answers are read instead of the unfiltered ones.

    Raises:
        InputError: A file cannot be read, has no records, or a record is no output of a model; the message names
            the file and the line.
        ConfigError: The log has no such filter, or an option does not go with what is read.
    """
    request = Request(group_names(by), default, tasks=tasks, filter=filter)
    folder = Path(path)
    if tasks is not None and not folder.is_dir():
        raise ConfigError(f"tasks are chosen in a folder, which {path} is not", "bad-option")
    parts = list(_parts(folder, str(path), request, None if items is None else str(items)))
    check_distinct(parts)
    return Records(parts, request.notes)


def _parts(path: Path, name: str, request: Request, items: str | None) -> Iterator[Sequence[Record]]:
    for harness in RUNS:
        if files := harness.find(path, request):
            _refuse(str(path), items=items, filter=request.filter)
            return _joined((str(file), [harness.records(file, request)]) for file in files)
    if path.is_dir():
        return _folder(path, request, items)
    return _rows([RowFile(name)], request, items, in_folder=False)


def _refuse(name: str, **options: str | None) -> None:
    """Refuses options that do not go with what is read.

    Raises:
        ConfigError: One was given.
    """
    for option, value in options.items():
        if value is not None:
            raise ConfigError(f"{option} {OPTIONS[option]}, which {name} is not", "bad-option")


def _folder(path: Path, request: Request, items: str | None) -> Iterator[Sequence[Record]]:
    files = sorted(file for file in path.iterdir() if is_row_file(file))
    if files:
        return _rows([RowFile(str(file)) for file in files], request, items, in_folder=True)
    inside = sorted({file.parent for file in path.rglob("*.jsonl*") if is_row_file(file)})
    if not inside:
        raise InputError(f"{path} holds no file *.jsonl or *.jsonl.gz, and no log of a harness", "bad-file")
    if len(inside) > 1:
        names = ", ".join(str(folder.relative_to(path)) for folder in inside)
        raise InputError(f"{path} holds logs in several folders, {names}: give one for each model", "bad-file")
    return _folder(inside[0], request, items)


def _rows(files: list[RowFile], request: Request, items: str | None, *, in_folder: bool) -> Iterator[Sequence[Record]]:
    """The records of files of rows, which are all of one kind."""
    kinds = {file.name: _kind(file) for file in files}
    if batch in kinds.values():
        _refuse(files[0].name, tasks=request.tasks, filter=request.filter)
        results = [file for file in files if _is(batch, file, kinds, request)]
        return _joined([(files[0].name, [batch.records(results, items, request)])])
    _refuse(files[0].name, items=items)
    if lm_eval in kinds.values():
        logs = [file for file in files if _is(lm_eval, file, kinds, request)]
        chosen = lm_eval.select(logs, request) if in_folder else logs
        return _joined((file.name, [lm_eval.records(file, request)]) for file in chosen)
    _refuse(files[0].name, tasks=request.tasks, filter=request.filter)
    return _own(files, Layout(request.by, request.default))


def _own(files: Iterable[RowFile], layout: Layout) -> Iterator[Sequence[Record]]:
    """The records of files in our own layout, which are numbered over all of them."""
    first = 0
    for file in files:
        for part in _joined([(file.name, own_parts(file.batches(), layout, first))]):
            yield part
            first += len(part)


def _kind(file: RowFile) -> ModuleType | None:
    """The harness whose rows the file holds; `None` for our own layout."""
    return next((harness for harness in ROWS if harness.is_row(file.first)), None)


def _is(harness: ModuleType, file: RowFile, kinds: Mapping[str, ModuleType | None], request: Request) -> bool:
    if kinds[file.name] is harness:
        return True
    request.leave_out(file.name, f"it is no log of {harness.NAME}, unlike others here")
    return False


def _joined(files: Iterable[tuple[str, Iterable[Iterable[Record]]]]) -> Iterator[Sequence[Record]]:
    """The parts of all files, of which none is empty."""
    for name, parts in files:
        number = 0
        for part in parts:
            records = part if isinstance(part, Sequence) else list(part)
            number += len(records)
            yield records
        if not number:
            raise InputError(f"{name} has no records", "bad-file")
