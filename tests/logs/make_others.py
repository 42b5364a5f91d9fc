"""Writes the logs of HELM, lighteval and Inspect that the tests read: `just make-logs helm WORK`, and so on.

The environment must have the harness. What tells of the machine, and what is large and nothing to a reader, is taken
out.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LOGS = HERE.parent / "data" / "logs"
PACKAGES = {"helm": "crfm-helm", "lighteval": "lighteval", "inspect": "inspect-ai"}
# The figures of HELM that the tests compare.
SCORES = {"exact_match", "quasi_exact_match", "f1_score", "max_prob"}
LARGE = 20_000
UNREAD = {"events", "events_data", "attachments", "store", "model_usage", "role_usage"}


def main(harness: str, work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(HERE)}
    subprocess.run([sys.executable, str(HERE / f"{harness}_run.py"), str(work)], check=True, cwd=work, env=environment)
    target = LOGS / f"{harness}-{importlib.metadata.version(PACKAGES[harness])}"
    shutil.rmtree(target, ignore_errors=True)
    {"helm": copy_helm, "lighteval": copy_lighteval, "inspect": copy_inspect}[harness](work, target)


def copy_helm(work: Path, target: Path) -> None:
    for run in (work / "runs" / "ours").iterdir():
        for file in run.glob("*.json"):
            write(target / run.name / file.name, scores_alone(json.loads(file.read_text(encoding="utf-8"))))
        state = target / run.name / "scenario_state.json"
        if state.is_file() and state.stat().st_size > LARGE:
            # As HELM's published runs are stored.
            state.with_suffix(".json.gz").write_bytes(gzip.compress(state.read_bytes(), mtime=0))
            state.unlink()


def scores_alone(document: Any) -> Any:
    """Of lists of statistics those that the tests compare; of a scenario not where its code lies."""
    if not isinstance(document, list):
        return document | {"definition_path": "helm_run.py"} if "definition_path" in document else document
    if document and "stats" in document[0]:
        return [{**each, "stats": scores_alone(each["stats"])} for each in document]
    return [each for each in document if each["name"]["name"] in SCORES]


def copy_lighteval(work: Path, target: Path) -> None:
    shutil.copytree(work / "details", target / "details", ignore=shutil.ignore_patterns("*gsm8k*"))
    for file in (work / "results").rglob("*.json"):
        results = json.loads(file.read_text(encoding="utf-8"))["results"]
        write(target / file.relative_to(work), {"results": results})


def copy_inspect(work: Path, target: Path) -> None:
    for file in work.glob("json/*.json"):
        log = json.loads(file.read_text(encoding="utf-8"))
        write(target / "json" / file.name, {**log, "samples": [without_events(each) for each in log["samples"]]})
    for file in work.glob("eval/*mmlu*.eval"):
        (target / "eval").mkdir(exist_ok=True)
        shutil.copy(file, target / "eval")


def without_events(sample: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sample.items() if key not in UNREAD}


def write(file: Path, document: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())
