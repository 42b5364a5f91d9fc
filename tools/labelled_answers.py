"""Writes the tables of precision and recall in docs/benchmarks.md, over the labelled outputs of chat models.

python tools/labelled_answers.py           # write them
python tools/labelled_answers.py --check   # exit 1 if they are out of date
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from textgauge.benchmarks import bbh, mmlu

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
LABELLED = ROOT / "tests" / "vectors" / "answers" / "chat"
PAGE = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- labelled outputs: written by tools/labelled_answers.py -->\n", "<!-- end of labelled outputs -->"

Mode = Literal["chat", "strict", "flexible", "direct"]
MODES: tuple[Mode, ...] = ("chat", "strict", "flexible", "direct")
# Styles with fewer outputs are put together.
FEW = 15


def labelled() -> Iterator[dict[str, Any]]:
    """The labelled outputs."""
    for file in sorted(LABELLED.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def outcome(row: dict[str, Any], mode: Mode) -> tuple[bool, bool]:
    """Whether an answer is found, and whether it is that of the label."""
    label = cast("str | None", row["answer"])
    choices = row.get("choices", ())
    if row["benchmark"] == "mmlu":
        found = mmlu.answer(row["output"], extraction=mode, choices=choices, number=row.get("number", 4))
        return found is not None, found == label
    words = (label or "").split() if bbh.TASKS[row["task"]] == "words" else ()
    found = bbh.answer(row["output"], row["task"], extraction=mode, choices=choices, words=words)
    if found is None or label is None:
        return found is not None, found == label
    return True, bbh.comparable(found, mode) == bbh.comparable(label, mode)


def cells(rows: Iterable[dict[str, Any]]) -> str:
    """Precision and recall of every mode."""
    rows = list(rows)
    answered = sum(row["answer"] is not None for row in rows)
    shown = []
    for mode in MODES:
        outcomes = [outcome(row, mode) for row in rows]
        given = sum(found for found, _ in outcomes)
        right = sum(found and equal for found, equal in outcomes)
        precision = f"{right / given:.3f}" if given else "-"
        shown.append(f"{precision} / {right / answered:.3f}")
    return f"{len(rows)} | " + " | ".join(shown)


def table(title: str, groups: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """A row for each group."""
    yield f"| {title} | outputs | " + " | ".join(f"`{mode}`" for mode in MODES) + " |"
    yield "|---|--:|" + "--:|" * len(MODES)
    for name, rows in groups.items():
        yield f"| {name} | {cells(rows)} |"


def tables() -> str:
    """Both tables, by language and by style."""
    rows = list(labelled())
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_style: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_language[row["language"]].append(row)
        by_style[row["style"]].append(row)
    styles = dict(sorted(by_style.items(), key=lambda item: -len(item[1])))
    often = {style: each for style, each in styles.items() if len(each) >= FEW}
    others = [row for style, each in styles.items() if style not in often for row in each]
    languages = dict(sorted(by_language.items(), key=lambda item: -len(item[1])))
    lines = [*table("Language", {**languages, "all": rows}), "", *table("Style", {**often, "others": others})]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes the tables, or checks them."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{PAGE} has no place for the tables")
    made = before + START + tables() + end + after
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(made, encoding="utf-8")
    elif made != page:
        raise SystemExit(f"{PAGE} is out of date: run tools/labelled_answers.py")


if __name__ == "__main__":
    main()
