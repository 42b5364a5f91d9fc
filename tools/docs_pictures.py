"""Writes the pictures of docs/plots.md, over translations that are made up here. Needs the extra `plot`.

python tools/docs_pictures.py
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import textgauge as tg
from textgauge.plots import plot_groups
from textgauge.stats.comparison import adjust

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WORDS = (
    "the",
    "old",
    "cat",
    "sat",
    "on",
    "a",
    "mat",
    "slept",
    "all",
    "day",
    "while",
    "it",
    "rained",
    "nobody",
    "came",
    "home",
)
TASKS = (
    "arithmetic",
    "coding",
    "dates",
    "dialogue",
    "geography",
    "law",
    "medicine",
    "poetry",
    "summaries",
    "translation",
)
# How many words are right: before, and how that changed with the task.
QUALITY, LOST, WON = 0.75, 0.22, 0.15


def main() -> None:
    """Writes them all."""
    rng = random.Random(7)
    tasks = [rng.choice(TASKS) for _ in range(800)]
    references = [" ".join(rng.choices(WORDS, k=rng.randint(6, 16))) for _ in tasks]
    qualities = {
        "base": dict.fromkeys(TASKS, QUALITY),
        "fine-tuned": {task: QUALITY + WON - (LOST + WON) * (number % 3 == 0) for number, task in enumerate(TASKS)},
        "merged": dict.fromkeys(TASKS, QUALITY + 0.01),
    }
    outputs = {
        name: [_with_errors(text, quality[task], rng) for text, task in zip(references, tasks, strict=True)]
        for name, quality in qualities.items()
    }
    scorer = tg.Scorer(["bleu", "chrf", "rougeL", "ter"])
    _save("result", scorer.score(outputs["base"], references).plot(width=6.9))
    measured = {name: scorer.measure(texts, references) for name, texts in outputs.items()}
    _save("comparison", tg.compare(measured).plot(width=6.9))
    of_task = {task: [row for row, its in enumerate(tasks) if its == task] for task in TASKS}
    pair = {name: measured[name] for name in ("base", "fine-tuned")}
    each = [
        tg.compare({name: of.select(rows) for name, of in pair.items()}, columns=["rougeL.f"])
        for rows in of_task.values()
    ]
    _save("groups", plot_groups(dict(zip(of_task, adjust(each), strict=True))))


def _with_errors(text: str, right: float, rng: random.Random) -> str:
    return " ".join(word if rng.random() < right else rng.choice(WORDS) for word in text.split())


def _save(name: str, figure: Figure) -> None:
    PICTURES.mkdir(exist_ok=True)
    figure.savefig(PICTURES / f"plots-{name}.png", dpi=160)


if __name__ == "__main__":
    main()
