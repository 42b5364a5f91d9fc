"""The documentation against the package: its code runs, its tables are those of the registry."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import textgauge as tg
from textgauge.errors import CODES
from textgauge.text import tokenizers

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n(.*?)(?=^\$ |\Z)", re.MULTILINE | re.DOTALL)
# Languages of blocks that are not run. Those of `sh` need what is not here: other files, a cluster.
NOT_RUN = {"sh", "text", "json", "{eval-rst}", "{toctree}"}
# What some pages need, and the extra `test` does not bring.
NEEDED = {"docs/coming-from/torchmetrics.md": "torchmetrics"}


def table(page, first):
    """The rows of the page's table whose head begins with the cell `first`."""
    lines = page.read_text(encoding="utf-8").split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |"))
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    monkeypatch.chdir(tmp_path)


def run_python(source, line, page, namespace):
    """Runs a block of Python."""
    exec(compile("\n" * line + source, page, "exec"), namespace)


def run_session(source, line, page, namespace):
    """Runs a block of Python with prompts. A blank line is printed too, unless a prompt follows."""
    source = re.sub(r"^\n(?!>>>|\n|\Z)", "<BLANKLINE>\n", source, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(source, namespace, page.stem, str(page), line)
    test.globs = namespace  # and not its copy: a page has one namespace
    report = []
    failed, _ = doctest.DocTestRunner().run(test, out=report.append, clear_globs=False)
    assert not failed, "".join(report)


def run_commands(source, _line, page, _namespace):
    """Runs each command of a block of the shell, and compares what it prints."""
    if os.name == "nt":
        pytest.skip(f"{page.name} has commands of a Unix shell")
    programs = {"textgauge": "-m textgauge.cli", "python": ""}
    shell = "".join(f'{name}() {{ "{sys.executable}" {module} "$@"; }}\n' for name, module in programs.items())
    for command, printed in COMMAND.findall(source):
        done = subprocess.run(
            ["sh", "-c", shell + command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.stdout.strip("\n") == printed.strip("\n"), command


RUN = {"python": run_python, "pycon": run_session, "console": run_commands}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
@pytest.mark.usefixtures("workplace")
def test_blocks_run_and_print_what_the_page_says(page):
    if needed := NEEDED.get(page.relative_to(ROOT).as_posix()):
        pytest.importorskip(needed)
    # sacrebleu's version stands in its signatures, and stays.
    text = re.sub(r"version:(?!2\.6\.0)[\d.]+", f"version:{tg.__version__}", page.read_text(encoding="utf-8"))
    namespace = {"__name__": page.stem}
    for block in BLOCK.finditer(text):
        if block[1] not in NOT_RUN:
            RUN[block[1]](block[2], text.count("\n", 0, block.start(2)), page, namespace)


def test_blocks_are_found():
    languages = Counter(block[1] for page in PAGES for block in BLOCK.finditer(page.read_text(encoding="utf-8")))
    assert all(languages[language] > 10 for language in RUN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads], target


def test_table_of_tokenizers():
    documented = [row[0].strip("`") for row in table(ROOT / "docs" / "tokenizers.md", "Name")]
    allowed = {
        option.allowed for metric in tg.list_metrics() for option in metric.options if option.name == "tokenizer"
    }
    for each in allowed:
        names = each.removeprefix("one of ").partition(", or")[0].split(", ")
        assert sorted(documented) == sorted([*names, *tokenizers.NAMES, "spm:FILE"])


def test_table_of_errors():
    rows = list(table(ROOT / "docs" / "errors.md", "Code"))
    assert {code.strip("`"): meaning for code, meaning in rows} == CODES


def test_table_of_error_classes():
    for name, bases, _ in table(ROOT / "docs" / "errors.md", "Class"):
        error = getattr(tg, name.strip("`"))
        assert issubclass(error, tg.Error)
        assert {base.strip("` ") for base in bases.split(",")} <= {base.__name__ for base in error.__mro__}


def test_table_of_metrics():
    rows = list(table(ROOT / "docs" / "metrics" / "index.md", "Name"))
    metrics = tg.list_metrics()
    assert len(rows) == len(metrics)
    for (name, summary, columns, corpus, source), metric in zip(rows, metrics, strict=True):
        assert name == f"[`{metric.name}`]({metric.family}.md)"
        assert (summary, corpus, source) == (metric.summary, metric.corpus, metric.source)
        # Of outputs for each order those of the first one.
        further = [output.part for output in metric.outputs if re.fullmatch(r"[a-z]+([2-9]|1\d)", output.part)]
        parts = [output.part for output in metric.outputs if output.part not in further]
        named = [f"`.{part}`" if part else f"`{metric.name}`" for part in parts]
        assert columns == ", ".join([*named, *["…"][: len(further)]])


def test_table_of_command_line_options():
    from textgauge.cli.app import app

    pages = {"score": ("cli", "Option"), "merge": ("cli", "Option of merge"), "compare": ("cli", "Option of compare")}
    pages["report"] = ("report", "Option of report")
    for name, (page, head) in pages.items():
        parameters = app.get_command(None, name).params
        options = {option for each in parameters for option in [*each.opts, *each.secondary_opts]}
        rows = table(ROOT / "docs" / f"{page}.md", head)
        documented = {option for row in rows for option in re.findall(r"`(--[a-z-]+)", row[0])}
        assert documented == {option for option in options if option.startswith("--")} - {"--help"}


@pytest.mark.parametrize("family", dict.fromkeys(metric.family for metric in tg.list_metrics()))
def test_tables_of_options(family):
    documented = [row[0].strip("`") for row in table(ROOT / "docs" / "metrics" / f"{family}.md", "Option")]
    options = next(metric.options for metric in tg.list_metrics() if metric.family == family)
    assert sorted(documented) == sorted([*(option.name for option in options), "prefix"])
