"""Tasks of our own for lighteval, a model that answers by a fixed rule, and a run of both."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from datasets import Dataset, DatasetDict
from lighteval.logging.evaluation_tracker import EvaluationTracker
from lighteval.metrics.metrics import Metrics
from lighteval.models.dummy.dummy_model import DummyModel, DummyModelConfig
from lighteval.models.model_output import ModelResponse
from lighteval.pipeline import ParallelismManager, Pipeline, PipelineParameters
from lighteval.tasks import lighteval_task, registry
from lighteval.tasks.lighteval_task import LightevalTaskConfig
from lighteval.tasks.requests import Doc
from lm_eval_tasks import MMLU, SUMS, TRUTH

# Makes a model that is neither all right nor all wrong.
SALT = "4"


def number(text: str) -> int:
    return hashlib.sha256(f"{SALT}{text}".encode()).digest()[0]


class Scripted(DummyModel):  # type: ignore[misc]
    def greedy_until(self, docs: list[Doc]) -> list[ModelResponse]:
        return [ModelResponse(text=self.texts(doc)) for doc in docs]

    def loglikelihood(self, docs: list[Doc]) -> list[ModelResponse]:
        return [
            ModelResponse(
                logprobs=[-number(doc.query + choice) / 32 - 0.125 for choice in doc.choices],
                argmax_logits_eq_gold=[False for _ in doc.choices],
            )
            for doc in docs
        ]

    @staticmethod
    def texts(doc: Doc) -> list[str]:
        if doc.query.endswith(" is"):
            return ["False" if number(doc.query) % 2 else "True"]
        return ["ABCD"[number(doc.query + str(index)) % 4] for index in range(doc.num_samples)]


def letters(line: dict[str, Any], task_name: str = "") -> Doc:
    listed = "".join(f"\n{letter}. {choice}" for letter, choice in zip("ABCD", line["choices"], strict=True))
    query = f"{line['question']}{listed}\nAnswer:"
    return Doc(task_name=task_name, query=query, choices=[" A", " B", " C", " D"], gold_index=line["answer"])


def texts(line: dict[str, Any], task_name: str = "") -> Doc:
    return Doc(task_name=task_name, query=line["question"], choices=line["choices"], gold_index=line["answer"])


def truth(line: dict[str, Any], task_name: str = "") -> Doc:
    return Doc(task_name=task_name, query=line["input"], choices=[line["target"]], gold_index=0)


def sums(line: dict[str, Any], task_name: str = "") -> Doc:
    return Doc(task_name=task_name, query=line["question"], choices=[line["answer"]], gold_index=0)


TASKS = {
    "mmlu:anatomy": (letters, Metrics.exact_match, MMLU),
    "mmlu:virology": (texts, Metrics.loglikelihood_acc, MMLU),
    "bigbench_hard:boolean_expressions": (truth, Metrics.exact_match, TRUTH),
    "gsm8k": (sums, Metrics.exact_match, SUMS),
}


def config(name: str) -> LightevalTaskConfig:
    prompt, metric, _ = TASKS[name]
    return LightevalTaskConfig(
        name=name, prompt_function=prompt, hf_repo=name, hf_subset="default", metrics=[metric],
        evaluation_splits=["test"], hf_avail_splits=["test"], generation_size=5, stop_sequence=["\n"],
    )  # fmt: skip


def main(folder: str) -> None:
    data = {name: rows for name, (_, _, rows) in TASKS.items()}
    lighteval_task.load_dataset = lambda path, **_: DatasetDict(test=Dataset.from_list(data[path]))
    module = ModuleType("tasks_of_our_own")
    module.TASKS_TABLE = [config(name) for name in TASKS]  # type: ignore[attr-defined]
    # Its own tasks have these names.
    registry.Registry.load_all_task_configs = staticmethod(
        lambda *_, **__: {each.name: each for each in module.TASKS_TABLE}
    )
    pipeline = Pipeline(
        tasks=",".join(f"{name}|0" for name in TASKS),
        pipeline_parameters=PipelineParameters(launcher_type=ParallelismManager.NONE),
        evaluation_tracker=EvaluationTracker(output_dir=folder, save_details=True),
        model=Scripted(DummyModelConfig(model_name="tiny/scripted", cache_dir=str(Path(folder) / "cache"))),
    )
    pipeline.evaluate()
    pipeline.save_and_push_results()


if __name__ == "__main__":
    main(sys.argv[1])
