"""The reference of the documentation has every public name. Sphinx is not needed: its directives are read."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

import textgauge as tg

ROOT = Path(__file__).resolve().parents[2]
GUIDES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if "reference" not in page.parts),
]
DIRECTIVE = re.compile(r"^\.\. (auto\w+|py:data):: (textgauge[\w.]*)$", re.MULTILINE)
IMPORT = re.compile(r"^(?:>>> |\.\.\. )? *from (textgauge[\w.]*) import ([\w, ]+)", re.MULTILINE)


@cache
def directives():
    pages = sorted((ROOT / "docs" / "reference").glob("*.md"))
    return [found for page in pages for found in DIRECTIVE.findall(page.read_text(encoding="utf-8"))]


def names_of(module):
    """The names in the `__all__` of a module, read without an import: it may need a package that is not there."""
    path = ROOT / "python" / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for statement in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return ast.literal_eval(statement.value)
    return []


@cache
def documented():
    """Names that have a directive, and those of the modules that are documented whole."""
    names = {name for _, name in directives()}
    return names | {
        f"{module}.{name}" for kind, module in directives() if kind == "automodule" for name in names_of(module)
    }


def is_documented(module, name):
    """Whether a name is in the reference, there or where it comes from."""
    value = getattr(importlib.import_module(module), name)
    home = getattr(value, "__module__", None)
    return not documented().isdisjoint({f"{module}.{name}", getattr(value, "__name__", None), f"{home}.{name}"})


@pytest.mark.parametrize("name", tg.__all__)
def test_names_at_the_door(name):
    assert is_documented("textgauge", name)


def test_names_of_benchmarks():
    assert [
        name
        for name in importlib.import_module("textgauge.benchmarks").__all__
        if not is_documented("textgauge.benchmarks", name)
    ] == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_guide_imports(page):
    for module, names in IMPORT.findall(page.read_text(encoding="utf-8")):
        for name in re.findall(r"(?:^|, )(\w+)", names):
            if module != "textgauge" and not module.startswith("textgauge.compat"):
                assert {f"{module}.{name}", module} & documented(), f"{module}.{name}"
