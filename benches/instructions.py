"""Counts the instructions a pair takes in each workload: a figure that a busy machine doesn't change.

Each workload of `benches/rust/support.rs` runs under valgrind twice, for different numbers of times; the
difference of the two counts is what the further times took, without start-up and set-up. The counts are
compared with `instructions.json`; exit status 1 if one has grown by more than 3 %.

    python benches/instructions.py                   # all workloads
    python benches/instructions.py overlap score/    # those whose names contain one of these
    python benches/instructions.py --bless           # write what was counted into instructions.json

Needs valgrind and cargo. Valgrind knows AVX2 and not AVX-512, so the counts are of the AVX2 paths.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = Path(__file__).with_suffix(".json")

# Runs before counting begins, so that buffers and memories have grown, and runs that are counted.
WARM_UP, COUNTED = 1, 2


def build() -> str:
    """Builds the workloads; returns the path of the program that runs them."""
    command = ["cargo", "bench", "--quiet", "--no-run", "--package", "textgauge-benches", "--bench", "instructions"]
    built = subprocess.run([*command, "--message-format=json"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return next(path for message in messages if (path := message.get("executable")))


def count(program: str, workload: str, times: int) -> tuple[int, int]:
    """Returns the instructions of the whole program, and how many pairs one time goes through."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, workload, str(times)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if found is None:
        raise SystemExit(f"valgrind gave no count:\n{run.stderr}")
    return int(found[1]), int(run.stdout)


def per_pair(program: str, workload: str) -> float:
    before, pairs = count(program, workload, WARM_UP)
    after, _ = count(program, workload, WARM_UP + COUNTED)
    return round((after - before) / (COUNTED * pairs), 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of the names of workloads; all if there is none")
    parser.add_argument("--bless", action="store_true", help="write the counts into instructions.json")
    parser.add_argument("--tolerance", type=float, default=3.0, help="growth that passes, in percent (default 3)")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        parser.error("valgrind is not installed")

    program = build()
    known = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()
    chosen = [name for name in known if not arguments.names or any(part in name for part in arguments.names)]
    if not chosen:
        parser.error(f"no workload has such a name; there are {', '.join(known)}")
    rustc = subprocess.run(["rustc", "--version"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {"rustc": rustc, "per_pair": {}}
    if baseline["rustc"] != rustc:
        print(f"the baseline was counted with {baseline['rustc']}, this is {rustc}")

    grown = []
    new = []
    print(f"{'workload':28}{'instructions/pair':>18}{'baseline':>14}{'change':>9}")
    counts = {}
    for name in chosen:
        counts[name] = now = per_pair(program, name)
        was = baseline["per_pair"].get(name)
        if was is None:
            new.append(name)
            print(f"{name:28}{now:>18,.1f}{'-':>14}{'new':>9}")
            continue
        change = 100 * (now / was - 1)
        if change > arguments.tolerance:
            grown.append(name)
        print(f"{name:28}{now:>18,.1f}{was:>14,.1f}{change:>+8.1f}%")

    if arguments.bless:
        merged = {**baseline["per_pair"], **counts}
        kept = {name: merged[name] for name in known if name in merged}
        BASELINE.write_text(json.dumps({"rustc": rustc, "per_pair": kept}, indent=2) + "\n")
        return 0
    for names, what in [(grown, f"grew by more than {arguments.tolerance:g} %"), (new, "have no baseline")]:
        if names:
            print(f"{', '.join(names)}: {what}; --bless if that is meant", file=sys.stderr)
    return 1 if grown or new else 0


if __name__ == "__main__":
    sys.exit(main())
