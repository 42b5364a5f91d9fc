"""`textgauge report`: files in, a page out."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "textgauge.cli", "report", *map(str, arguments)]
    return subprocess.run(call, capture_output=True, cwd=folder, env=dict(os.environ), text=True, check=False)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def block(page: str, name: str) -> Any:
    found = re.search(rf'<script type="text/plain" id="packed-{name}">([^<]+)<', page)
    assert found is not None
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


ROWS = [
    {"id": f"row {row}", "task": ("a", "b")[row % 2], "prediction": f"the cat {row}", "reference": f"a cat {row}"}
    for row in range(8)
]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path / "base.jsonl", ROWS)


def test_standard_input_is_read_once(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "textgauge.cli", "report", "-", "--metrics", "rouge1", "--out", "page.html"]
    rows = "".join(json.dumps(row) + "\n" for row in ROWS)
    done = subprocess.run(call, input=rows, capture_output=True, cwd=tmp_path, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.html").read_text()
    assert block(page, "texts-0")["ids"] == [row["id"] for row in ROWS]


def test_files_are_systems_and_rows_are_matched_by_id(tmp_path: Path, base: Path) -> None:
    new = write(tmp_path / "new.jsonl", [{**row, "prediction": f"new {row['id']}"} for row in reversed(ROWS)])
    done = run(tmp_path, base, new, "--metrics", "rouge1,wer", "--by", "task", "--out", "page.html")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "wrote page.html, " in done.stderr
    page = (tmp_path / "page.html").read_text()
    assert data(page)["systems"] == ["base", "new"]
    assert (data(page)["groups"]["by"], data(page)["groups"]["names"]) == ("task", ["a", "b"])
    texts = block(page, "texts-0")
    assert texts["ids"] == [row["id"] for row in ROWS]
    assert texts["predictions"][1] == [f"new row {row}" for row in range(8)]
    assert "<title>base · new</title>" in page
    assert "textgauge report " in html.unescape(page)


def test_columns_of_one_file_are_systems(tmp_path: Path) -> None:
    file = write(tmp_path / "both.jsonl", [{"one": "a b", "two": "a c", "reference": "a b"}] * 3)
    options = ["--prediction", "one", "--prediction", "two", "--metrics", "bleu", "--title", "Both"]
    done = run(tmp_path, file, *options, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = (tmp_path / "report.html").read_text()
    assert data(page)["systems"] == ["one", "two"]
    assert block(page, "texts-0")["ids"] is None
    assert "<title>Both</title>" in page


def test_one_file_is_one_system(tmp_path: Path, base: Path) -> None:
    done = run(tmp_path, base, "--where", "task=a", "--rows", "2", "--metrics", "rouge1")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "report.html").read_text()
    assert data(page)["systems"] == ["base"]
    assert data(page)["sizes"]["listed"] == 2
    assert "2 of 4 rows" in page


def test_several_references(tmp_path: Path) -> None:
    file = write(tmp_path / "two.jsonl", [{"prediction": "a b", "one": "a", "two": ["b", "c"]}])
    done = run(tmp_path, file, "--reference", "one", "--reference", "two", "--metrics", "rouge1")
    assert done.returncode == 0, done.stderr
    assert block((tmp_path / "report.html").read_text(), "texts-0")["references"] == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["base.jsonl", "--out", "base.jsonl"], "reads or writes it already"),
        (["base.jsonl", "other.jsonl"], "no row with the id"),
        (["base.jsonl", "missing.jsonl"], "missing.jsonl"),
        (["base.jsonl", "other.jsonl", "--prediction", "a", "--prediction", "b"], "columns of one file"),
        (["base.jsonl", "--by", "nothing"], "no column 'nothing'"),
        (["base.jsonl", "--out", "no/folder.html", "--metrics", "rouge1"], "cannot write no/folder.html"),
        (["empty.jsonl"], "has no records"),
    ],
)
@pytest.mark.usefixtures("base")
def test_what_cannot_be(tmp_path: Path, arguments: list[str], problem: str) -> None:
    write(tmp_path / "other.jsonl", ROWS[1:])
    write(tmp_path / "empty.jsonl", [])
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert problem in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.html*"))
