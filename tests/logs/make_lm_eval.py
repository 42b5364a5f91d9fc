"""Writes the logs of lm-evaluation-harness that the tests read: `just make-logs-lm-eval WORK`.

Each version is fetched from the Python registry without its dependencies, which the environment must have: torch,
transformers 4.49, datasets 3.6, peft, evaluate, jsonlines, pytablewriter, sqlitedict, tqdm-multiprocess, word2number,
more-itertools, scikit-learn, sacrebleu, rouge-score, zstandard, dill. It then runs as people run it, by its command,
over the tasks in `lm_eval_tasks.py`. What tells of the machine is taken out of its results.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import lm_eval_tasks as tasks

HERE = Path(__file__).resolve().parent
LOGS = HERE.parent / "data" / "logs"
VERSIONS = ["0.4.0", "0.4.1", "0.4.2", "0.4.3", "0.4.4", "0.4.5", "0.4.7", "0.4.8", "0.4.9", "0.4.9.1", "0.4.9.2"]
VERSIONS += ["0.4.10", "0.4.11", "0.4.12", "0.4.13"]
# Their logs are like those of the versions beside them.
BRIEF = {"0.4.1", "0.4.4", "0.4.7", "0.4.8", "0.4.9.1", "0.4.11", "0.4.12"}
# What of the results says something of the benchmark; the rest describes the machine and the run.
KEPT = ("results", "groups", "configs", "n-samples", "model_source", "model_name")
CONFIGURED = ("task", "group", "output_type", "target_delimiter", "repeats")


def main(work: Path, versions: list[str]) -> None:
    for version in versions:
        harness = fetch(work / "versions", version)
        target = LOGS / f"lm_eval-{version}"
        shutil.rmtree(target, ignore_errors=True)
        each = {name: task for name, task in tasks.TASKS.items() if name not in tasks.LONG or version not in BRIEF}
        runs = {"": each} if version != VERSIONS[-1] else {"": each, **tasks.MORE}
        for name, asked in runs.items():
            run(work / "run", harness, asked, target / name if name else target)


def fetch(folder: Path, version: str) -> Path:
    """The folder of a version, which is fetched once."""
    unpacked = folder / version
    if not unpacked.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(unpacked)]
        subprocess.run([*pip, f"lm_eval=={version}"], check=True)
    return unpacked


def run(work: Path, harness: Path, each: dict[str, str], target: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    tasks.write(work, each)
    options = ["--model", "scripted", "--model_args", "pretrained=tiny/scripted", "--tasks", ",".join(each)]
    options += ["--include_path", str(work / "tasks"), "--log_samples", "--output_path", "out"]
    environment = {**os.environ, "PYTHONPATH": str(harness), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    environment["HF_DATASETS_CACHE"] = str(work / "cache")
    command = [sys.executable, str(HERE / "lm_eval_run.py"), *options]
    subprocess.run(command, check=True, cwd=work, env=environment, stdout=subprocess.DEVNULL)
    written = sorted(file for file in (work / "out").rglob("*") if file.is_file())
    assert written, f"{harness.name} wrote nothing"
    for file in written:
        copied = target / file.relative_to(work / "out")
        copied.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        is_results = re.match(r"results.*\.json$", file.name)
        copied.write_text(_scrubbed(text) if is_results else text, encoding="utf-8")


def _scrubbed(text: str) -> str:
    results = json.loads(text)
    for config in results["configs"].values():
        for key in config.keys() - CONFIGURED:
            del config[key]
    return json.dumps({key: results[key] for key in KEPT if key in results}, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:] or VERSIONS)
