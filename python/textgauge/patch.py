"""Lets code that imports another scorer use textgauge instead, without a change to that code.

>>> import textgauge as tg
>>> with tg.patch("rouge_score"):
...     from rouge_score import rouge_scorer
>>> rouge_scorer.__name__
'textgauge.compat.rouge_score.rouge_scorer'

From a shell, `python -m textgauge.patch SCRIPT [ARGUMENT ...]` runs a script so, with every drop-in there is.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import TracebackType

__all__ = ["MODULES", "Patch", "patch", "unpatch"]

MODULES: dict[str, tuple[str, ...]] = {
    "evaluate": ("info", "loading", "module"),
    "jiwer": ("alignment", "measures", "process", "transformations", "transforms"),
    "nltk": (
        "metrics.distance",
        "translate.bleu_score",
        "translate.chrf_score",
        "translate.gleu_score",
        "translate.nist_score",
    ),
    "rouge": ("rouge", "rouge_score"),
    "rouge_score": ("io", "rouge_scorer", "scoring", "tokenize", "tokenizers"),
    "sacrebleu": (
        *("compat", "dataset", "metrics", "sacrebleu", "significance", "tokenizers", "utils", "version"),
        *(f"metrics.{name}" for name in ("base", "bleu", "chrf", "helpers", "ter")),
        *(f"tokenizers.tokenizer_{name}" for name in ("13a", "base", "char", "intl", "ja_mecab", "ko_mecab")),
        *(f"tokenizers.tokenizer_{name}" for name in ("none", "spm", "ter", "zh")),
    ),
}
"""The packages that have a drop-in, with the modules of each that it covers."""

_PARTLY = frozenset({"nltk"})
"""Packages of which these modules alone are replaced, if they are installed: they have much that is no scorer."""


class Patch:
    """What `patch` did. As a context manager, it is undone at the end of the block.

    Attributes:
        packages: The packages that this call replaced; those that were replaced already are not among them.
    """

    def __init__(self, packages: tuple[str, ...]) -> None:
        self.packages = packages

    def __enter__(self) -> Patch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for package in self.packages:
            if package in _replaced:
                unpatch(package)

    def __repr__(self) -> str:
        return f"<Patch of {', '.join(self.packages) or 'nothing new'}>"


class _Replaced:
    """A package that a drop-in stands for, and what has to be put back."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.covered = {f"{package}.{name}" for name in MODULES[package]}
        self.is_whole = package not in _PARTLY or importlib.util.find_spec(package) is None
        if self.is_whole:
            # With the packages in between.
            self.covered |= {path.rpartition(".")[0] for path in self.covered} | {package}
        drop_ins = {path: _drop_in(path) for path in self.covered}
        self.before = {path: module for path, module in sys.modules.items() if _is_in(path, package)}
        removed = self.before.keys() if self.is_whole else self.before.keys() & self.covered
        # Objects keep their ids while `before` holds their modules.
        stands_for = {
            id(old): new
            for path, drop_in in drop_ins.items()
            if self.before.get(path) is not None
            for old, new in self._pairs(path, drop_in)
        }
        self.names = list(_names_of(stands_for, removed))
        for holder, name, old in self.names:
            vars(holder)[name] = stands_for[id(old)]
        for path in removed:
            del sys.modules[path]
        if self.is_whole:
            sys.modules.update(drop_ins)

    def _pairs(self, path: str, new: ModuleType) -> Iterator[tuple[object, object]]:
        """The module, its functions and its classes, each with what the drop-in has instead."""
        old = self.before[path]
        yield old, new
        for name in getattr(new, "__all__", ()):
            if hasattr(old, name):
                yield getattr(old, name), getattr(new, name)

    def restore(self) -> None:
        for path in [each for each in sys.modules if _is_in(each, self.package)]:
            del sys.modules[path]
        sys.modules.update(self.before)
        for module, name, old in self.names:
            vars(module)[name] = old


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds drop-ins, and refuses modules that one lacks: a package must not be mixed with it."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002
        package = name.partition(".")[0]
        replaced = _replaced.get(package)
        if replaced and name in replaced.covered:
            return importlib.util.spec_from_loader(name, self)
        if replaced and replaced.is_whole:
            message = f"textgauge's drop-in for {package} has no module {name}; call textgauge.unpatch({package!r}) "
            raise ModuleNotFoundError(message + f"or leave {package} out of textgauge.patch", name=name)
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Puts the drop-in in the place of an empty module."""
        sys.modules[module.__name__] = _drop_in(module.__name__)


_replaced: dict[str, _Replaced] = {}
_finder = _Finder()


def patch(*packages: str) -> Patch:
    """Lets imports of packages give textgauge's drop-ins, until `unpatch` or the end of a `with` block.

    Modules that have imported a package, or functions and classes of it, are given the drop-in's. What they made of
    them before, such as an instance of a class, stays as it is. So does what classes or functions hold in themselves.
    The packages need not be installed. Of NLTK, if it is installed, only the modules that the drop-in covers are
    replaced; all others stay its own.

    Args:
        packages: The names that code imports, such as `"rouge_score"`; none for all that have a drop-in.

    Raises:
        ConfigError: There is no drop-in for a package. Then none is replaced.
    """
    for package in packages:
        if package not in MODULES:
            message = f"there is no drop-in for {package!r}; choose among {', '.join(MODULES)}"
            raise ConfigError(message, "bad-option")
    new = tuple(package for package in dict.fromkeys(packages or MODULES) if package not in _replaced)
    if new and _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    for package in new:
        _replaced[package] = _Replaced(package)
    return Patch(new)


def unpatch(*packages: str) -> None:
    """Puts back what `patch` replaced.

    Args:
        packages: The names that were given to `patch`; none for all that are replaced.

    Raises:
        ConfigError: A package is not replaced. Then none is put back.
    """
    for package in packages:
        if package not in _replaced:
            raise ConfigError(f"{package!r} is not patched", "bad-option")
    for package in packages or tuple(_replaced):
        _replaced.pop(package).restore()
    if not _replaced and _finder in sys.meta_path:
        sys.meta_path.remove(_finder)


def _drop_in(path: str) -> ModuleType:
    return importlib.import_module(f"textgauge.compat.{path}")


def _is_in(path: str, package: str) -> bool:
    return path == package or path.startswith(f"{package}.")


def _names_of(stands_for: dict[int, object], removed: Collection[str]) -> Iterator[tuple[ModuleType, str, object]]:
    """The places in modules, but for those that are removed, that hold something of a package."""
    if not stands_for:
        return
    for path, module in list(sys.modules.items()):
        if not isinstance(module, ModuleType) or path in removed or _is_in(path, "textgauge"):
            continue
        for name, value in list(vars(module).items()):
            if id(value) in stands_for:
                yield module, name, value


class _Callable(ModuleType):
    """The module can be called as the function: `textgauge.patch` is both."""

    def __call__(self, *packages: str) -> Patch:
        return patch(*packages)


sys.modules[__name__].__class__ = _Callable


def main() -> None:
    """Runs a script with every drop-in.

    Raises:
        SystemExit: No script is named, or the script ends so.
    """
    if len(sys.argv) < 2:
        raise SystemExit("usage: python -m textgauge.patch SCRIPT [ARGUMENT ...]")
    del sys.argv[0]
    patch()
    sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    importlib.import_module("textgauge.patch").main()
