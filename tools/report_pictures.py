"""Writes the pictures of docs/report.md: a report of the examples in a real browser.

Needs the extra `browser`, and Chromium on the path or its place in CHROMIUM.

    python tools/report_pictures.py
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

import textgauge as tg

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
TO_THE_TOP = "element => element.scrollIntoView({ block: 'start', behavior: 'instant' })"


def main() -> None:
    """Writes them all."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = report(Path(folder) / "report.html")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        take(browser, page, 1280, 900, "light")
        take(browser, page, 390, 844, "dark")
        browser.close()


def report(out: Path) -> Path:
    """The report of two checkpoints."""
    systems = {name: rows(f"tuning/{name}.jsonl") for name in ("base", "tuned")}
    first = systems["base"]
    made = tg.report(
        {name: [row["completion"] for row in each] for name, each in systems.items()},
        [row["reference"] for row in first],
        out=out,
        metrics=["rouge1", "rouge2", "rougeL", "chrf"],
        by=[row["task"] for row in first],
        by_name="task",
        ids=[row["id"] for row in first],
        title="Two checkpoints, three tasks",
    )
    return made.path


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of an example."""
    return [json.loads(line) for line in (ROOT / "examples" / name).read_text(encoding="utf-8").splitlines()]


def take(browser: Browser, page: Path, width: int, height: int, scheme: Any) -> None:  # noqa: ANN401 - light or dark
    """A picture of the top of the page, of the charts, and of an open row."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_selector("html[data-ready]")
    shoot(tab, f"report-scores-{width}-{scheme}")
    tab.locator("#spread").evaluate(TO_THE_TOP)
    tab.wait_for_selector("#histograms canvas")
    tab.wait_for_timeout(2000)
    shoot(tab, f"report-charts-{width}-{scheme}")
    tab.locator("#item-2").click()
    tab.wait_for_selector("#view")
    tab.locator("#view").select_option(label="rougeL: longest common subsequence")
    tab.locator("#view").evaluate(TO_THE_TOP)
    tab.wait_for_timeout(1000)
    shoot(tab, f"report-row-{width}-{scheme}")
    context.close()


def shoot(tab: Any, name: str) -> None:  # noqa: ANN401 - playwright's page
    """What can be seen, with few colours: a page has no more."""
    path = PICTURES / f"{name}.png"
    tab.screenshot(path=path)
    with Image.open(path) as image:
        small = image.convert("P", palette=Image.Palette.ADAPTIVE, colors=256)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
