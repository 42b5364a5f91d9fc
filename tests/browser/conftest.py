"""Reports opened in a real Chromium, which is found on the path or named by CHROMIUM.

Lets the tests here import `sample`.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

import textgauge as tg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as BrowserPage

sys.path.insert(0, str(Path(__file__).parent))

from sample import COUNT, METRICS, REFERENCES, SYSTEMS, TASKS

# A busy machine is no failure.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three systems."""
    out = tmp_path_factory.mktemp("report") / "report.html"
    ids = [f"id-{row}" for row in range(COUNT)]
    tg.report(SYSTEMS, REFERENCES, out=out, metrics=METRICS, by=TASKS, by_name="task", ids=ids, title="Three systems")
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Any]:
    """Opens a page; at the end nothing may have been asked of a network, and the console must be empty."""
    said: list[str] = []
    contexts = []

    def open_page(path: Path, width: int = 1280, scheme: str = "light", mark: str = "") -> BrowserPage:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on(
            "request", lambda request: None if request.url.startswith(("file:", "data:,")) else said.append(request.url)
        )
        page.goto(path.as_uri() + mark)
        page.wait_for_selector("html[data-ready]")
        return page

    def is_local(url: str) -> bool:
        return url.startswith(("file:", "data:,"))

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
