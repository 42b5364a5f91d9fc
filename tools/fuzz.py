"""Runs the fuzz targets one after the other, and chooses seeds.

python tools/fuzz.py run 60               # every target for 60 seconds, from its seeds and what was found before
python tools/fuzz.py run 60 table reader  # these alone
python tools/fuzz.py seeds                # add to the seeds what reaches most of what they do not

It needs cargo-fuzz and a nightly compiler. A run ends at the first input that makes a check fail.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

FUZZ = Path(__file__).resolve().parents[1] / "tests" / "fuzz"
SEEDS, CORPUS, ARTIFACTS, DICTIONARIES = (FUZZ / name for name in ("seeds", "corpus", "artifacts", "dictionaries"))
TARGETS = sorted(file.stem for file in (FUZZ / "fuzz_targets").glob("*.rs"))

# What a check may take, and how long an input may be: enough for any kernel's long way.
LIMITS = ["-timeout=60", "-rss_limit_mb=3072", "-max_len=2048"]
MOST_SEEDS, MOST_BYTES = 30, 1024


class Outcome(NamedTuple):
    """What a target has done."""

    target: str
    runs: int
    edges: int
    all_edges: int
    inputs: int
    seconds: int
    failed: bool


def build() -> Path:
    """Builds all targets; returns the folder that they are in."""
    subprocess.run(["cargo", "+nightly", "fuzz", "build", "--fuzz-dir", FUZZ], check=True)
    said = subprocess.run(["rustc", "+nightly", "-vV"], check=True, capture_output=True, text=True).stdout
    host = dict(line.split(": ") for line in said.splitlines() if ": " in line)["host"]
    return FUZZ / "target" / host / "release"


def libfuzzer(binary: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """The target, started."""
    # Code of C that is linked twice, as sanitizers see it.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_odr_violation=0"}
    command = [binary, *LIMITS, *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, errors="replace")


def run(binary: Path, seconds: int) -> Outcome:
    """Runs a target, and shows what it says if its check fails."""
    target = binary.name
    corpus, artifacts = CORPUS / target, ARTIFACTS / target
    for folder in (corpus, artifacts):
        folder.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-artifact_prefix={artifacts}/", "-print_final_stats=1"]
    dictionary = DICTIONARIES / f"{target}.dict"
    if dictionary.exists():
        options.append(f"-dict={dictionary}")
    process = libfuzzer(binary, *options, corpus, SEEDS / target)
    said = process.communicate()[1]
    failed = process.returncode != 0
    if failed:
        print(said[-6000:], file=sys.stderr)

    def last(pattern: str) -> int:
        found = re.findall(pattern, said)
        return int(found[-1]) if found else 0

    return Outcome(
        target,
        runs=last(r"stat::number_of_executed_units:\s*(\d+)") or last(r"#(\d+)"),
        edges=last(r"cov: (\d+)"),
        all_edges=last(r"\((\d+) inline 8-bit counters\)"),
        inputs=last(r"corp: (\d+)/"),
        seconds=last(r"Done \d+ runs in (\d+) second") or seconds,
        failed=failed,
    )


def run_all(folder: Path, seconds: int, targets: list[str]) -> int:
    """Runs targets until one fails; the exit status."""
    print("| target | runs | edges reached | edges in the binary | inputs kept | seconds |")
    print("|---|---:|---:|---:|---:|---:|")
    for target in targets:
        outcome = run(folder / target, seconds)
        *numbers, failed = outcome[1:]
        print(f"| `{target}` |", " | ".join(f"{number:,}" for number in numbers), "|", flush=True)
        if failed:
            print(f"{target} found an input for which its check fails: see {ARTIFACTS / target}", file=sys.stderr)
            return 1
    return 0


def features(binary: Path, control: Path) -> dict[Path, set[str]]:
    """What each small input of a target reaches, those of the seeds first."""
    target = binary.name
    scratch = control.with_suffix(".merged")
    scratch.mkdir(parents=True, exist_ok=True)
    control.unlink(missing_ok=True)
    process = libfuzzer(binary, "-merge=1", f"-merge_control_file={control}", scratch, SEEDS / target, CORPUS / target)
    process.communicate()
    count, _, *lines = control.read_text(encoding="utf-8").splitlines()
    files = [Path(name) for name in lines[: int(count)]]
    reached: dict[Path, set[str]] = {}
    for line in lines[int(count) :]:
        kind, number, *found = line.split()
        if kind == "FT" and files[int(number)].stat().st_size <= MOST_BYTES:
            reached[files[int(number)]] = set(found)
    return reached


def choose_seeds(binary: Path) -> None:
    """Adds inputs of the corpus to the seeds of a target, each time the one that reaches most of what is new."""
    folder = SEEDS / binary.name
    folder.mkdir(parents=True, exist_ok=True)
    reached = features(binary, CORPUS / f"{binary.name}.control")
    own = [file for file in reached if file.parent == folder]
    known = set().union(*(reached.pop(file) for file in own))
    for _ in range(MOST_SEEDS - len(own)):
        best = max(reached, key=lambda file: len(reached[file] - known), default=None)
        if best is None or reached[best] <= known:
            break
        known |= reached.pop(best)
        content = best.read_bytes()
        (folder / hashlib.sha256(content).hexdigest()[:12]).write_bytes(content)


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run").add_argument("seconds", type=int)
    commands.add_parser("seeds")
    for command in commands.choices.values():
        command.add_argument("targets", nargs="*", metavar="TARGET", help="all of them if none is named")
    given = parser.parse_args()
    targets = given.targets or TARGETS
    if unknown := sorted(set(targets) - set(TARGETS)):
        parser.error(f"there is no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    folder = build()
    if given.command == "run":
        return run_all(folder, given.seconds, targets)
    for target in targets:
        choose_seeds(folder / target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
