"""Runs code of other projects, unchanged, without and with `textgauge.patch`: `just test-third-party`.

Each script runs twice, in processes of their own: by `python SCRIPT` and by `python -m textgauge.patch SCRIPT`. Results
have to be equal to the last digit. Both times are printed. Projects that pin other versions than the drop-ins stand for
are fetched from the registry once, without what they depend on: the extra `third-party` has that.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from measured import lines_of

HERE = Path(__file__).parent
FETCHED = HERE.parents[1] / "target" / "third-party"
PYTHON = [sys.executable]
PATCH = ["-m", "textgauge.patch"]
TWO_PROCESSES = [*PYTHON, *["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]]
PROJECTS = {
    "lm_eval_metrics.py": "lm-eval==0.4.13",
    "helm_metrics.py": "crfm-helm==0.5.16",
}
# Brings the data `punkt_tab` of NLTK, which NLTK itself would download from elsewhere.
NLTK_DATA = ("llama-index-core==0.14.25", "llama_index/core/_static/nltk_cache")
# How each script is started, what it reads, and how many rows of that.
SCRIPTS = {
    "with_rouge_score.py": (PYTHON, "summarization/cnndm_simcls", 1000),
    "with_rouge.py": (PYTHON, "summarization/xsum_brio", 1000),
    "with_jiwer.py": (PYTHON, "asr/earnings21_utt", 2000),
    "with_sacrebleu.py": (PYTHON, "mt/wmt22.en-de.PROMT", 500),
    "with_nltk.py": (PYTHON, "mt/wmt22.en-de.PROMT", 1000),
    "with_torchmetrics.py": (PYTHON, "mt/wmt22.en-cs.Online-A", 300),
    "in_two_processes.py": (TWO_PROCESSES, "mt/wmt22.en-cs.Online-A", 300),
}


class Row(NamedTuple):
    """What a call, or a whole script, gave, and how long it took."""

    label: str
    pairs: int
    seconds: float
    result: str


def fetched(requirement):
    """The folder of a package, without what it depends on."""
    folder = FETCHED / requirement
    if not folder.exists():
        fetch = [*PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, requirement]
        subprocess.run(fetch, check=True)
    return folder


def environment():
    """The variables of a process that can import the projects and finds NLTK's data."""
    requirement, data = NLTK_DATA
    paths = [*map(fetched, PROJECTS.values()), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "NLTK_DATA": str(fetched(requirement) / data)}


def output_of(command, **options):
    """What a command prints. If it fails, so does this run, with what the command says of it."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def rows_of_project(script, patched, folder):
    """What each call of a script gives that writes them down."""
    written = folder / f"{script}.{patched}.jsonl"
    command = [*PYTHON, *(PATCH if patched else []), HERE / script, written]
    output_of(command, env=environment())
    return [Row(**json.loads(line)) for line in written.read_text(encoding="utf-8").splitlines()]


def rows_of_script(script, patched, folder):
    """What a script of a user prints, in one row."""
    start, name, count = SCRIPTS[script]
    texts = folder / "texts.jsonl"
    texts.write_text("\n".join(lines_of(name, count)), encoding="utf-8")
    command = [*start, *(PATCH if patched else []), HERE / "scripts" / script, texts]
    started = time.perf_counter()
    printed = output_of(command)
    return [Row(script, count, time.perf_counter() - started, printed)]


def compared(script, rows_of, folder):
    """Prints a line for each row of a script; whether all are equal, and there are any."""
    without, patched = (rows_of(script, each, folder) for each in (False, True))
    for one, other in zip(without, patched, strict=True):
        said = "equal" if one.result == other.result else "DIFFERENT"
        print(
            f"{one.label:34} {one.pairs:5} {one.seconds:9.3f} {other.seconds:9.3f} "
            f"{one.seconds / other.seconds:7.1f}  {said}",
            flush=True,
        )
    return bool(without) and [row.result for row in without] == [row.result for row in patched]


def main():
    print(f"{'':34} pairs without s    with s   times")
    equal = []
    with tempfile.TemporaryDirectory() as folder:
        for script, requirement in PROJECTS.items():
            print(requirement)
            equal.append(compared(script, rows_of_project, Path(folder)))
        print("whole scripts")
        equal += [compared(script, rows_of_script, Path(folder)) for script in SCRIPTS]
    sys.exit(not all(equal))


if __name__ == "__main__":
    main()
