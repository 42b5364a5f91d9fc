"""The runs of HELM: a folder for each, `RUN/scenario_state.json`, and a folder of runs for each suite."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks.logs.runs import TaskLog, latest
from textgauge.benchmarks.records import Record, logprobs_of
from textgauge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from textgauge.benchmarks.logs.request import Request

__all__ = ["NAME", "find", "records"]

NAME = "HELM"
STATES = ("scenario_state.json", "scenario_state.json.gz")
# What in a run's name tells how, not what was asked.
HOW = re.compile(r",?\b(?:model|model_deployment|method|data_augmentation|groups|stop|temperature)=[^,]*")
MODEL = re.compile(r"\bmodel=([^,]*)")


def find(path: Path, request: Request) -> list[Path]:
    """The scenario states of a run, or of the runs in a suite that belong to the benchmark.

    Raises:
        InputError: The folder holds runs of several models or suites, none of the benchmark, or no texts.
    """
    if path.name in STATES and path.is_file():
        return [path]
    if not path.is_dir():
        return []
    if state := _state(path):
        return [state]
    if (path / "per_instance_stats.json").is_file() or (path / "run_spec.json").is_file():
        raise InputError(f"{path} is a run of HELM without {STATES[0]}, which holds the texts", "bad-file")
    suites = [suite for suite in sorted((path / "runs").glob("*/")) if not suite.is_symlink()]
    if len(suites) > 1:
        names = ", ".join(suite.name for suite in suites)
        raise InputError(f"{path} holds several suites of HELM, {names}: give one of {path / 'runs'}", "bad-file")
    path = suites[0] if suites else path
    runs = [
        TaskLog(state, run.name, model=model[1] if (model := MODEL.search(run.name)) else "")
        for run in sorted(path.iterdir())
        if run.is_dir() and (state := _state(run))
    ]
    return [log.path for log in latest(path, runs, request)] if runs else []


def records(state: Path, request: Request) -> Iterator[Record]:
    """The records of a run.

    Raises:
        InputError: The file cannot be read, or is no scenario state; the message names the request.
    """
    document = _json(state)
    states = document.get("request_states") if isinstance(document, dict) else None
    if not isinstance(states, list):
        raise InputError(f"{state} holds no 'request_states'", "bad-file")
    group = _group(_run_name(state), request)
    method = str((document.get("adapter_spec") or {}).get("method"))
    names: Counter[tuple[object, ...]] = Counter()
    for number, alike in _instances(states, state, request):
        place = f"{state}, request {number}"
        try:
            yield _record(alike, group, method, names, place)
        except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise InputError(f"{place}: no request of HELM: {what}", "bad-record", number) from None


def _state(run: Path) -> Path | None:
    return next((state for name in STATES if (state := run / name).is_file()), None)


def _run_name(state: Path) -> str:
    """The name of a run, which the folder may have lost."""
    spec = state.with_name("run_spec.json")
    name = _json(spec).get("name") if spec.is_file() else None
    return name if isinstance(name, str) else state.parent.name


def _group(name: str, request: Request) -> str:
    """What a run asked: `mmlu:subject=anatomy`."""
    asked = HOW.sub("", name).replace(":,", ":").rstrip(":,")
    return request.group(asked, {}) or asked


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever JSON has
    try:
        data = path.read_bytes()
        return json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}", "bad-file") from error


def _instances(states: list[Any], file: Path, request: Request) -> Iterator[tuple[int, list[Any]]]:
    """The requests about each instance, after the number of the first of them.

    There is one, or one for each choice. Where there are instances of a test split, those of others don't count, and
    those that were perturbed count for HELM alone.
    """
    splits = Counter(_split(state) for state in states)
    others = {split: number for split, number in splits.items() if "test" in splits and split != "test"}
    for split, number in others.items():
        request.leave_out(f"{number} requests in {file}", f"they are of the split {split}, not of test")
    perturbed = 0
    alike: dict[object, tuple[int, list[Any]]] = {}
    for number, state in enumerate(states):
        instance = state.get("instance") if isinstance(state, dict) else None
        if not isinstance(instance, dict):
            raise InputError(f"{file}, request {number}: no request of HELM: no 'instance'", "bad-record", number)
        if _split(state) in others:
            continue
        if instance.get("perturbation") and request.by != ("scenario",):
            perturbed += 1
            continue
        if state.get("reference_index") is None:
            yield number, [state]
            continue
        key = (instance.get("id"), json.dumps(instance.get("perturbation")), state.get("train_trial_index"))
        alike.setdefault(key, (number, []))[1].append(state)
    yield from alike.values()
    if perturbed:
        request.leave_out(f"{perturbed} requests in {file}", "their questions were perturbed")


def _split(state: Any) -> object:  # noqa: ANN401 - whatever JSON has
    instance = state.get("instance") if isinstance(state, dict) else None
    return instance.get("split") if isinstance(instance, dict) else None


def _record(
    states: Sequence[Mapping[str, Any]], group: str, method: str, names: Counter[tuple[object, ...]], place: str
) -> Record:
    state = states[0]
    instance, mapping = state["instance"], state.get("output_mapping") or {}
    references = instance["references"]
    correct = tuple(_output(reference) for reference in references if "correct" in reference["tags"])
    choices = tuple(mapping.values())
    perturbation = (instance.get("perturbation") or {}).get("name")
    trial = str(state.get("train_trial_index", 0))
    identity = instance["id"]
    # Two perturbations of one name, such as gender by pronouns and by terms, are two items.
    names[identity, trial, perturbation] += 1
    same = names[identity, trial, perturbation]
    record = Record(
        id=identity if same == 1 else f"{identity}/{same}",
        group=group,
        references=correct,
        choices=choices,
        trial=trial,
        perturbation=perturbation,
        instance=identity,
        question=instance["input"]["text"],
        place=place,
    )
    if state.get("reference_index") is not None:
        return _by_choices(record, states, references, method)
    completions = sorted(_completions(state), key=lambda completion: -completion["logprob"])
    texts = [completion["text"] for completion in completions]
    answer = choices.index(correct[0]) if len(correct) == 1 and correct[0] in choices else None
    return replace(
        record,
        prediction=texts[0] if texts else None,
        alternatives=tuple(texts[1:]),
        answer=answer,
        logprob=float(completions[0]["logprob"]) if completions else None,
    )


def _by_choices(
    record: Record, states: Sequence[Mapping[str, Any]], references: Sequence[Mapping[str, Any]], method: str
) -> Record:
    """The record of an item of which each choice was a request of its own, scored as HELM scores it."""
    choices = tuple(_output(reference) for reference in references)
    sums: dict[tuple[int, str], tuple[float, int]] = {}
    for state in states:
        index = state["reference_index"]
        (completion,) = _completions(state)
        tokens = _last_tokens(completion["tokens"], f" {choices[index]}")
        sums[index, state["request_mode"]] = sum(token["logprob"] for token in tokens), len(tokens)
    original = [sums[index, "original"] for index in range(len(choices))]
    if method == "multiple_choice_separate_calibrated":
        logprobs = [total - sums[index, "calibration"][0] for index, (total, _) in enumerate(original)]
    else:
        logprobs = [total / number for total, number in original]
    correct = [index for index, reference in enumerate(references) if "correct" in reference["tags"]]
    return replace(
        record,
        choices=choices,
        answer=correct[0] if len(correct) == 1 else None,
        choice_logprobs=logprobs_of(logprobs, "the log-probabilities"),
    )


def _completions(state: Mapping[str, Any]) -> list[Any]:
    """What a request came to; nothing where it failed."""
    result = state.get("result") or {}
    return list(result["completions"]) if result.get("success", bool(result)) else []


def _last_tokens(tokens: Sequence[Mapping[str, Any]], text: str) -> Sequence[Mapping[str, Any]]:
    """The tokens at the end that make up a text, as far as they are cut like it."""
    length = 0
    for number, token in enumerate(reversed(tokens), 1):
        length += len(token["text"])
        if length >= len(text.strip()) and "".join(each["text"] for each in tokens[-number:]).strip() == text.strip():
            return tokens[-number:]
    raise ValueError(f"the tokens don't end with {text!r}")


def _output(reference: Mapping[str, Any]) -> str:
    return str(reference["output"]["text"])
