"""Items of MMLU scored by the command line, as whole processes: generated texts, and log-probabilities of choices.

python benches/python/items.py [--items 1000000] [--runs 3]
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from files import timed
from textgauge.benchmarks import mmlu
from workers import cpu

TEXTS = ("{}", "{}.", "({})", "The answer is {}.", "The correct answer is **{}**.", "{}. kidneys", "Answer: {}")


def generated(random_: random.Random) -> dict[str, Any]:
    return {"prediction": random_.choice(TEXTS).format(random_.choice("ABCD"))}


def logged(random_: random.Random) -> dict[str, Any]:
    return {"choice_logprobs": [round(-5 * random_.random(), 4) for _ in "ABCD"]}


def rows(number: int, answer: Any) -> Iterator[str]:
    random_ = random.Random(0)
    subjects = list(mmlu.SUBJECTS)
    for row in range(number):
        subject = subjects[row % len(subjects)]
        item = {"id": f"{subject}-{row}", "subject": subject, "target": random_.choice("ABCD"), **answer(random_)}
        yield json.dumps(item) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print(f"{cpu()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}, {given.items:,} items\n")
    print(f"{'answers':20} {'s':>7} {'CPU s':>6} {'MiB':>5}")
    for name, answer in (("texts", generated), ("log-probabilities", logged)):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "items.jsonl")
            with file.open("w") as lines:
                lines.writelines(rows(given.items, answer))
            runs = [timed(["benchmark", "mmlu", str(file)]) for _ in range(given.runs)]
        best = min(runs, key=lambda run: run.seconds)
        print(f"{name:20} {best.seconds:7.2f} {best.cpu_seconds:6.2f} {best.peak_mib:5.0f}", flush=True)


if __name__ == "__main__":
    main()
