"""Which part of the package may import what."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import textgauge

PACKAGE = Path(textgauge.__file__).parent
# What everything but the command line does without.
TERMINAL = {"rich", "click"}


def imported(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # Of the door its modules alone may be had.
            if node.module != "textgauge" or any(alias.name in textgauge.__all__ for alias in node.names):
                yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def library_files():
    return [file for file in sorted(PACKAGE.rglob("*.py")) if "cli" not in file.relative_to(PACKAGE).parts]


@pytest.mark.parametrize("file", library_files(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_only_the_command_line_imports_it_and_the_packages_of_the_terminal(file):
    modules = set(imported(file))
    assert not {name for name in modules if name.split(".")[0] in TERMINAL}
    assert not {name for name in modules if name.startswith("textgauge.cli")}
    # The door leads in, and not from room to room.
    assert "textgauge" not in modules


def test_the_door_loads_no_room_that_few_need():
    code = "import sys, textgauge; print(*(name for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    rooms = {
        "benchmarks",
        "cli",
        "frames",
        "reports",
        "aggregate",
        "alignment",
        "explanations",
        "checks",
        "plots",
        "result",
        "scorer",
        "stats.comparison",
        "stats.parity",
        "stats.significance",
    }
    assert not loaded & {f"textgauge.{room}" for room in rooms}
    assert not loaded & {*TERMINAL, "numpy", "pandas", "polars", "pyarrow", "duckdb", "asyncio", "unittest"}


def test_what_is_loaded_late_can_be_had_and_is_listed():
    for name in textgauge.__all__:
        assert getattr(textgauge, name) is not None
    assert set(textgauge._LAZY) <= set(textgauge.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = textgauge.nothing
