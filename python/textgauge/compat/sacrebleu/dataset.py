"""Test sets that sacrebleu has downloaded: `sacrebleu.dataset` of sacrebleu 2.6.0. Nothing is downloaded here.

sacrebleu keeps each test set in a folder, and each part of it in a file `NAME.LANGPAIR.FIELD` of one line a segment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DATASETS", "SACREBLEU_DIR", "Dataset"]

SACREBLEU_DIR = os.environ.get("SACREBLEU", str(Path("~/.sacrebleu").expanduser()))

# Those references that count, of test sets that hold more: of all language pairs (None), and of single ones.
_CHOSEN: dict[str, dict[str | None, tuple[str, ...]]] = {
    "wmt21": {None: ("ref:A",)},
    "wmt21/AB": {None: ("ref:A", "ref:B")},
    "wmt21/AC": {None: ("ref:A", "ref:C")},
    "wmt21/B": {None: ("ref:B",)},
    "wmt21/C": {None: ("ref:C",)},
    "wmt21/D": {None: ("ref:D",)},
    "wmt21/dev": {None: ("ref:A", "ref")},
    "wmt21/systems": {None: ("ref:A",)},
    "wmt22": {
        None: ("ref:A",),
        "cs-en": ("ref:B",),
        "en-cs": ("ref:B",),
        "liv-en": ("ref",),
        "ru-sah": ("ref",),
    },
    "wmt23": {None: ("ref:refA",), "en-he": ("ref:refB",), "he-en": ("ref:refB",)},
    "wmt24": {None: ("ref:refA",)},
}


class Dataset:
    """A test set.

    Attributes:
        name: Its name, such as `wmt21/B`.
        langpairs: For each language pair, such as `en-de`, the names of its files.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._prefix = name.replace("/", "_")
        self._folder = Path(SACREBLEU_DIR, name)
        self.langpairs: dict[str, list[str]] = {}
        for path in sorted(self._folder.glob(f"{self._prefix}.*.*")):
            langpair = path.name.removeprefix(f"{self._prefix}.").partition(".")[0]
            if path.is_file():
                self.langpairs.setdefault(langpair, []).append(path.name)

    @property
    def description(self) -> str:
        """Where it is."""
        return f"in {self._folder}"

    def fieldnames(self, langpair: str) -> list[str]:
        """The parts of a language pair: `src`, `ref` or `ref:A` and so on, and others that the files have.

        Raises:
            Exception: There is no such language pair.
        """
        if langpair not in self.langpairs:
            raise Exception(f"No such language pair {self.name}/{langpair}")
        start = f"{self._prefix}.{langpair}."
        fields = [name.removeprefix(start) for name in self.langpairs[langpair]]
        fields = [f"ref:{field[4:]}" if field.startswith("ref-") else field for field in fields]
        return sorted(fields, key=lambda field: (field != "src", not field.startswith("ref")))

    def get_files(self, langpair: str) -> list[str]:
        """The files of all parts, in the order of `fieldnames`."""
        return [
            str(self._folder / f"{self._prefix}.{langpair}.{field.replace(':', '-')}")
            for field in self.fieldnames(langpair)
        ]

    def get_source_file(self, langpair: str) -> str:
        """The file of sources."""
        return self.get_files(langpair)[self.fieldnames(langpair).index("src")]

    def get_reference_files(self, langpair: str) -> list[str]:
        """The files of references."""
        chosen = _CHOSEN.get(self.name)
        names = None if chosen is None else chosen.get(langpair, chosen[None])
        return [
            file
            for file, field in zip(self.get_files(langpair), self.fieldnames(langpair), strict=True)
            if (field.startswith("ref") if names is None else field in names)
        ]


class _TestSets(Mapping[str, Dataset]):
    """The test sets in sacrebleu's folder, by name."""

    def __getitem__(self, name: str) -> Dataset:
        found = Dataset(name)
        if not found.langpairs:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        root = Path(SACREBLEU_DIR)
        for folder in sorted(root.glob("*")) + sorted(root.glob("*/*")):
            name = folder.relative_to(root).as_posix()
            if folder.is_dir() and Dataset(name).langpairs:
                yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)


DATASETS = _TestSets()
