"""A report of many rows: how long it takes to make, how much memory, how large it is, and how soon it answers.

Rows are synthetic headlines; each system gets another share of the reference's words wrong. The page is made in a
process of its own, and then opened in a real Chromium: `answers` is the time from the start of the navigation until a
click on a row has shown the open row; `search` searches all texts for a word that few rows have, with the longest task
of the page's thread meanwhile.

    python benches/python/report.py [--rows N] [--systems N] [--metrics NAMES] [--chromium PATH] [--keep FILE]
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from corpus import headlines
from workers import PeakMemory

METRICS = "rouge1,rouge2,rougeL,bleu,chrf"
# The share of words that each system gets wrong.
WRONG = (0.3, 0.25, 0.35, 0.2)


def texts(rows: int, systems: int) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """The predictions of each system, the references, and a task for each row."""
    _, references = headlines(rows)
    rng = random.Random(0)
    words = sorted({word for text in references[:1000] for word in text.split()})

    def spoilt(text: str, share: float) -> str:
        return " ".join(rng.choice(words) if rng.random() < share else word for word in text.split())

    made = {f"system {number}": [spoilt(text, WRONG[number]) for text in references] for number in range(systems)}
    return made, references, [f"task {row % 20}" for row in range(rows)]


def make(rows: int, systems: int, metrics: str, out: str) -> None:
    """Makes a report, and prints what that took as JSON."""
    predictions, references, tasks = texts(rows, systems)
    import textgauge as tg

    memory = PeakMemory()
    start, busy = time.perf_counter(), time.process_time()
    told: list[tuple[float, str]] = []
    tg.report(
        predictions,
        references,
        out=out,
        metrics=metrics.split(","),
        by=tasks,
        by_name="task",
        step=lambda what: told.append((round(time.process_time() - busy, 1), what)),
    )
    took = {"seconds": time.perf_counter() - start, "busy": time.process_time() - busy}
    print(json.dumps(took | {"rise": memory.rise(), "whole": memory.whole(), "steps": told}))


LONG_TASKS = """
window.longest = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
}).observe({ type: "longtask" });
"""


def browse(page_file: Path, chromium: str) -> dict[str, Any]:
    """Opens the page and uses it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.add_init_script(LONG_TASKS)
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable")

        def busy() -> float:
            """Processors' seconds that the page's process took, which other work on the machine changes little."""
            metrics = tools.send("Performance.getMetrics")["metrics"]
            return next(metric["value"] for metric in metrics if metric["name"] == "ProcessTime")

        start = time.perf_counter()
        page.goto(page_file.resolve().as_uri(), wait_until="commit")
        page.locator(".item").nth(1).click()
        page.wait_for_selector("#pair:not([hidden])")
        answers, answers_busy = time.perf_counter() - start, busy()
        page.wait_for_load_state("load")
        loaded = time.perf_counter() - start
        # Charts near the list are drawn when nothing else is to be done.
        worked = -1.0
        while busy() - worked > 0.05:
            worked = busy()
            page.wait_for_timeout(2000)
        before = page.evaluate("[window.longest, window.longest = 0][0]")
        start, searched_from = time.perf_counter(), busy()
        page.locator("#row-controls input").fill("zzz")
        page.locator("#count", has_text=re.compile(r"^0 of [\d,]+ rows$")).wait_for(state="attached")
        searched, searched_busy = time.perf_counter() - start, busy() - searched_from
        longest = page.evaluate("[window.longest, window.longest = 0][0]")
        page.locator("#row-controls input").fill("")
        start = time.perf_counter()
        page.get_by_label("Sort by").last.select_option("difference")
        page.wait_for_timeout(1000)
        sort = page.evaluate("window.longest")
        browser.close()
    return {
        "answers": answers,
        "answers busy": answers_busy,
        "loaded": loaded,
        "loading task": before,
        "search": searched,
        "search busy": searched_busy,
        "search task": longest,
        "sort task": sort,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--systems", type=int, default=3, choices=range(1, len(WRONG) + 1))
    parser.add_argument("--metrics", default=METRICS)
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    parser.add_argument("--keep", type=Path, help="where the page is left")
    parser.add_argument("--make", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        make(arguments.rows, arguments.systems, arguments.metrics, arguments.make)
        return
    with tempfile.TemporaryDirectory() as folder:
        out = arguments.keep or Path(folder) / "report.html"
        given = [
            "--rows",
            arguments.rows,
            "--systems",
            arguments.systems,
            "--metrics",
            arguments.metrics,
            "--make",
            out,
        ]
        run = [sys.executable, __file__, *map(str, given)]
        made = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
        used = browse(out, arguments.chromium)
        size = out.stat().st_size
    print(f"{arguments.rows:,} rows of {arguments.systems} systems by {arguments.metrics}")
    print(f"made in        {made['seconds']:.1f} s, {made['busy']:.1f} s of processors' time")
    print(f"memory         {made['whole'] / 2**30:.2f} GiB, {made['rise'] / 2**30:.2f} GiB beside the texts")
    print(f"size           {size / 1e6:.1f} MB")
    print(f"answers after  {used['answers']:.2f} s, {used['answers busy']:.2f} s of processors' time")
    print(f"all loaded     {used['loaded']:.2f} s")
    print(f"search         {used['search']:.2f} s, {used['search busy']:.2f} s of processors' time")
    tasks = [f"{used[f'{name} task']:.0f} ms" for name in ("loading", "search", "sort")]
    print(f"longest task   {tasks[0]} while loading, {tasks[1]} while searching, {tasks[2]} when sorting")
    print("steps          " + "; ".join(f"{what} at {at} s" for at, what in made["steps"]))


if __name__ == "__main__":
    main()
