"""What an installed textgauge must do on every platform: known scores, many threads, and the command line.

    python tools/smoke.py         # needs the wheel alone
    python tools/smoke.py --cli   # and the extra `cli`

Prints one line, or raises. Run it where the wheel is installed: it imports nothing else of the project.
"""

from __future__ import annotations

import json
import math
import platform
import subprocess
import sys
import sysconfig
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import textgauge as tg

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "summaries.jsonl"
PREDICTIONS = ["the cat sat on the mat", "it is very cold outside"]
REFERENCES = ["a cat sat on the mat", "it is cold outside"]
# By hand: what two texts share, over what they have.
EXPECTED = {
    "rouge1.f": (5 / 6 + 8 / 9) / 2,
    "rougeL.p": (5 / 6 + 4 / 5) / 2,
    "bleu": 100 * (9 / 11 * 6 / 9 * 3 / 7 * 2 / 5) ** (1 / 4),
    "ter": 100 * 2 / 10,
    "wer": 2 / 10,
}
THREADS = 8
SECONDS_OF_CHANGES = 2.0


def check_scores() -> None:
    """Scores that one can work out by hand."""
    corpus = tg.Scorer(["rouge1", "rougeL", "bleu", "ter", "wer"]).score(PREDICTIONS, REFERENCES).corpus
    for name, expected in EXPECTED.items():
        if not math.isclose(corpus[name], expected, rel_tol=1e-14):
            raise SystemExit(f"{name} is {corpus[name]!r} and not {expected!r}")


def check_threads() -> None:
    """Threads that share a scorer, while another changes the lists that they read."""
    scorer = tg.Scorer(["rouge1", "bleu"])
    expected = scorer.score(PREDICTIONS * 50, REFERENCES * 50).corpus
    changing = [["a cat sat"] * 20 for _ in range(200)]
    end = time.monotonic() + SECONDS_OF_CHANGES

    def change() -> None:
        number = 0
        while time.monotonic() < end:
            number += 1
            row = changing[number % len(changing)]
            # Never empty, but now longer, now shorter.
            row[1 + number % 19 :] = [f"text {number} {at}" for at in range(number % 20)]

    def work(_: int) -> None:
        while time.monotonic() < end:
            scorer.score(["a cat sat"] * len(changing), changing)
            if scorer.score(PREDICTIONS * 50, REFERENCES * 50).corpus != expected:
                raise SystemExit("threads change each other's scores")

    changer = threading.Thread(target=change)
    changer.start()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    changer.join()


def check_command_line() -> None:
    """The sample that ships with the project."""
    command = [sys.executable, "-I", "-c", "from textgauge.cli import main; main()"]
    done = subprocess.run(
        [*command, "score", str(EXAMPLE), "--metrics", "rougeL,bleu", "--format", "json"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    if not json.loads(done.stdout):
        raise SystemExit("the command line prints nothing")


def main() -> None:
    """Checks what the arguments ask for, and says where it ran."""
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    if free_threaded and sys._is_gil_enabled():  # type: ignore[attr-defined]
        raise SystemExit("importing textgauge brought the interpreter's lock back")
    check_scores()
    check_threads()
    if "--cli" in sys.argv[1:]:
        check_command_line()
    python = platform.python_version() + ("t" if free_threaded else "")
    print(f"textgauge {tg.__version__} on CPython {python}, {sysconfig.get_platform()}")


if __name__ == "__main__":
    main()
