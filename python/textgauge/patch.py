"""Lets code that imports another scorer use textgauge instead, without a change to that code.

>>> import textgauge as tg
>>> with tg.patch("rouge_score"):
...     from rouge_score import rouge_scorer
>>> rouge_scorer.__name__
'textgauge.compat.rouge_score.rouge_scorer'

From a shell, `python -m textgauge.patch SCRIPT [ARGUMENT ...]` runs a script so, with every drop-in there is, or with
`--only rouge_score,sacrebleu` before the script with these.
"""

from __future__ import annotations

import importlib
import importlib.abc
import runpy
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import TracebackType

__all__ = ["MODULES", "PARTS", "Patch", "patch", "unpatch"]

MODULES: dict[str, tuple[str, ...]] = {
    "evaluate": ("info", "loading", "module"),
    "jiwer": ("alignment", "measures", "process", "transformations", "transforms"),
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

_TORCHMETRICS = ("bleu", "cer", "chrf", "edit", "mer", "rouge", "sacre_bleu", "squad", "ter", "wer", "wil", "wip")
PARTS: dict[str, tuple[str, ...]] = {
    "nltk": ("metrics.distance", *(f"translate.{name}_score" for name in ("bleu", "chrf", "gleu", "nist"))),
    "torchmetrics": tuple(f"{room}.{name}" for room in ("text", "functional.text") for name in _TORCHMETRICS),
}
"""Packages of which a drop-in covers some modules only. The rest stays theirs, so they have to be installed."""


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
        with _changing:
            for package in self.packages:
                if package in _replaced:
                    unpatch(package)

    def __repr__(self) -> str:
        return f"<Patch of {', '.join(self.packages) or 'nothing new'}>"


class _Replaced:
    """A package that a drop-in stands for, and what has to be put back."""

    def __init__(self, package: str) -> None:
        paths = [package, *(f"{package}.{name}" for name in MODULES[package])]
        drop_ins: dict[str, ModuleType] = {path: importlib.import_module(f"textgauge.compat.{path}") for path in paths}
        self.package = package
        self.before = {path: module for path, module in sys.modules.items() if _is_in(path, package)}
        # Objects keep their ids while `before` holds their modules.
        stands_for = {
            id(old): new
            for path, drop_in in drop_ins.items()
            if self.before.get(path) is not None
            for old, new in self._pairs(path, drop_in)
        }
        self.names = _replace(stands_for, package)
        for path in self.before:
            del sys.modules[path]
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
        _put_back(self.names)


class _ReplacedPart:
    """A package of which functions and classes are replaced wherever they stand, as soon as it is loaded."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.names: list[_Name] = []
        if sys.modules.get(package) is not None:
            self.replace()

    def replace(self) -> None:
        # The drop-in keeps what it replaces alive.
        stands_for: dict[int, object] = {}
        for name in PARTS[self.package]:
            module = importlib.import_module(f"{self.package}.{name}")
            drop_in = importlib.import_module(f"textgauge.compat.{self.package}.{name}")
            stands_for.update({id(getattr(module, each)): getattr(drop_in, each) for each in drop_in.__all__})
        self.names += _replace(stands_for)

    def spec(self, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        """Where the package is, with a loader that replaces when it is done."""
        finders = (finder for finder in sys.meta_path if finder is not _uncovered)
        spec = next(filter(None, (finder.find_spec(self.package, path, target) for finder in finders)), None)
        if spec and spec.loader:
            load = spec.loader.exec_module

            def load_and_replace(module: ModuleType) -> None:
                load(module)
                if _replaced.get(self.package) is self:
                    self.replace()

            spec.loader.exec_module = load_and_replace  # type: ignore[method-assign]
        return spec

    def restore(self) -> None:
        _put_back(self.names)


class _Uncovered(importlib.abc.MetaPathFinder):
    """Refuses modules that a drop-in lacks: the package itself must not be mixed with it, unless it is made to be."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        package = name.partition(".")[0]
        replaced = _replaced.get(package)
        if isinstance(replaced, _ReplacedPart):
            return replaced.spec(path, target) if name == package else None
        if replaced:
            message = f"textgauge's drop-in for {package} has no module {name}; call textgauge.unpatch({package!r}) "
            raise ModuleNotFoundError(message + f"or leave {package} out of textgauge.patch", name=name)
        return None


_replaced: dict[str, _Replaced | _ReplacedPart] = {}
_uncovered = _Uncovered()
# Held by the thread that replaces or puts back: what one does takes several steps.
_changing = threading.RLock()


def patch(*packages: str) -> Patch:
    """Lets imports of packages give textgauge's drop-ins, until `unpatch` or the end of a `with` block.

    Modules that have imported a package, or functions and classes of it, are given the drop-in's. What they made of
    them before, such as an instance of a class, stays as it is. So does what classes or functions hold in themselves.
    All threads share the replacement, and the end of the block that made it ends it for all.
    The packages need not be installed. But of NLTK and torchmetrics only functions and classes that the drop-in covers
    are replaced, once the package is loaded; all else stays its own.

    Args:
        packages: The names that code imports, such as `"rouge_score"`; none for all that have a drop-in.

    Raises:
        ConfigError: There is no drop-in for a package. Then none is replaced.
    """
    for package in packages:
        if package not in MODULES and package not in PARTS:
            message = f"there is no drop-in for {package!r}; choose among {', '.join([*MODULES, *PARTS])}"
            raise ConfigError(message, "bad-option")
    named = packages or (*MODULES, *PARTS)
    with _changing:
        new = tuple(package for package in dict.fromkeys(named) if package not in _replaced)
        if new and _uncovered not in sys.meta_path:
            sys.meta_path.insert(0, _uncovered)
        for package in new:
            _replaced[package] = _Replaced(package) if package in MODULES else _ReplacedPart(package)
    return Patch(new)


def unpatch(*packages: str) -> None:
    """Puts back what `patch` replaced.

    Args:
        packages: The names that were given to `patch`; none for all that are replaced.

    Raises:
        ConfigError: A package is not replaced. Then none is put back.
    """
    with _changing:
        for package in packages:
            if package not in _replaced:
                raise ConfigError(f"{package!r} is not patched", "bad-option")
        for package in packages or tuple(_replaced):
            _replaced.pop(package).restore()
        if not _replaced and _uncovered in sys.meta_path:
            sys.meta_path.remove(_uncovered)


def _is_in(path: str, package: str) -> bool:
    return path == package or path.startswith(f"{package}.")


class _Name(NamedTuple):
    """A name in a module, what it stood for and what it stands for now."""

    holder: ModuleType
    name: str
    old: object
    new: object


def _replace(stands_for: dict[int, object], *but_in: str) -> list[_Name]:
    """Replaces, by their ids, objects that modules hold, but for those in some packages and in this one."""
    left_out = (*but_in, "textgauge")
    names = [
        _Name(module, name, value, stands_for[id(value)])
        for path, module in list(sys.modules.items())
        if stands_for and isinstance(module, ModuleType) and not any(_is_in(path, package) for package in left_out)
        for name, value in list(vars(module).items())
        # Numbers and the like may be the same object here and there.
        if id(value) in stands_for and value is not stands_for[id(value)]
    ]
    for each in names:
        vars(each.holder)[each.name] = each.new
    return names


def _put_back(names: Iterable[_Name]) -> None:
    """Undoes `_replace`, but for names that stand for something else by now."""
    for holder, name, old, new in names:
        if vars(holder).get(name) is new:
            vars(holder)[name] = old


class _Callable(ModuleType):
    """The module can be called as the function: `textgauge.patch` is both."""

    def __call__(self, *packages: str) -> Patch:
        return patch(*packages)


sys.modules[__name__].__class__ = _Callable


def main() -> None:
    """Runs a script with the drop-ins.

    Raises:
        SystemExit: No script is named, or the script ends so.
        ConfigError: There is no drop-in for a package.
    """
    arguments = sys.argv[1:]
    packages: tuple[str, ...] = ()
    if arguments[:1] == ["--only"] and len(arguments) > 1:
        packages = tuple(arguments[1].split(","))
        del arguments[:2]
    if not arguments:
        raise SystemExit("usage: python -m textgauge.patch [--only PACKAGE,...] SCRIPT [ARGUMENT ...]")
    sys.argv[:] = arguments
    patch(*packages)
    sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    importlib.import_module("textgauge.patch").main()
