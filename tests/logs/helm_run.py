"""A scenario of our own for HELM, a model that answers by a fixed rule, and the runs of both."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from typing import TYPE_CHECKING, Any

from helm.benchmark.adaptation.common_adapter_specs import (
    get_generation_adapter_spec,
    get_multiple_choice_joint_adapter_spec,
    get_multiple_choice_separate_adapter_spec,
)
from helm.benchmark.augmentations.data_augmenter import DataAugmenterSpec
from helm.benchmark.augmentations.perturbation import PerturbationSpec
from helm.benchmark.config_registry import register_builtin_configs_from_helm_package
from helm.benchmark.executor import ExecutionSpec
from helm.benchmark.metrics.common_metric_specs import get_exact_match_metric_specs, get_f1_metric_specs
from helm.benchmark.run_spec import RunSpec
from helm.benchmark.runner import Runner
from helm.benchmark.scenarios.scenario import CORRECT_TAG, Input, Instance, Output, Reference, Scenario, ScenarioSpec
from helm.clients.simple_client import SimpleClient
from helm.common.request import GeneratedOutput, Request, RequestResult, Token

if TYPE_CHECKING:
    from helm.benchmark.adaptation.adapter_spec import AdapterSpec

MODEL = "simple/model1"
QUESTIONS = {
    "train": [("What do lungs take in?", ["air", "sand", "wood", "oil"], 0)],
    "valid": [("What carries blood?", ["hair", "veins", "nails", "teeth"], 1)],
    "test": [
        ("Which bone is in the leg?", ["skull", "rib", "tibia", "jaw"], 2),
        ("What covers the body?", ["skin", "bark", "felt", "chalk"], 0),
        ("What beats in the chest?", ["a drum", "the heart", "a lung", "the hip"], 1),
        ("Where are molars?", ["in the hand", "in the foot", "in the ear", "in the mouth"], 3),
    ],
}


class Questions(Scenario):  # type: ignore[misc]
    """Multiple choice, or the right answers alone."""

    name = "questions"
    description = "Questions of our own"
    tags: list[str] = []  # noqa: RUF012 - HELM's own way

    def __init__(self, choices: bool = True) -> None:
        super().__init__()
        self.choices = choices

    def get_instances(self, output_path: str) -> list[Instance]:  # noqa: ARG002 - HELM's own way
        instances = []
        for split, questions in QUESTIONS.items():
            for text, choices, right in questions:
                shown = choices if self.choices else [choices[right]]
                references = [
                    Reference(Output(text=choice), [CORRECT_TAG] if choice == choices[right] else [])
                    for choice in shown
                ]
                instances.append(Instance(Input(text=text), references, split=split))
        return instances


def answer(_: SimpleClient, request: Request) -> RequestResult:
    """Letters, or words of the question; the log-probability of each token of a prompt follows from its text."""
    chance = hashlib.sha256(request.prompt.encode()).digest()
    if request.echo_prompt:
        # Characters, as the tokenizer of this model has them.
        tokens = [Token(text=text, logprob=chance_of(request.prompt[:end])) for end, text in enumerate(request.prompt)]
        return result(
            [GeneratedOutput(text=request.prompt, logprob=sum(each.logprob for each in tokens), tokens=tokens)]
        )
    texts = (
        [f" {'ABCD'[each % 4]}" for each in chance]
        if "\nA. " in request.prompt
        else [" the skin", " The heart.", " tibia"]
    )
    outputs = []
    for number in range(request.num_completions):
        text, logprob = texts[(chance[0] + number) % len(texts)], -(chance[number] / 64) - 0.125
        outputs.append(GeneratedOutput(text=text, logprob=logprob, tokens=[Token(text=text, logprob=logprob)]))
    return result(outputs)


def chance_of(text: str) -> float:
    return -hashlib.sha256(text.encode()).digest()[0] / 128 - 0.125


def result(outputs: list[GeneratedOutput]) -> RequestResult:
    return RequestResult(
        success=True, cached=False, request_time=0.0, request_datetime=0, completions=outputs, embedding=[]
    )


def runs() -> list[RunSpec]:
    asked = {"instructions": "Answer.", "input_noun": "Question", "output_noun": "Answer"}
    joint = get_multiple_choice_joint_adapter_spec(**asked, max_train_instances=1)
    separate = {
        method: get_multiple_choice_separate_adapter_spec(method=method, empty_input=False)
        for method in ("multiple_choice_separate_original", "multiple_choice_separate_calibrated")
    }
    generated = get_generation_adapter_spec(**asked, max_train_instances=1, num_outputs=2)
    lowercase = PerturbationSpec(
        class_name="helm.benchmark.augmentations.lowercase_perturbation.LowerCasePerturbation", args={}
    )
    perturbed = DataAugmenterSpec(
        perturbation_specs=[lowercase], should_augment_eval_instances=True, should_include_original_eval=True
    )
    made = [run("mmlu:subject=anatomy,method=multiple_choice_joint", joint, data_augmenter_spec=perturbed)]
    for subject, (method, spec) in zip(("virology", "nutrition"), separate.items(), strict=True):
        made.append(run(f"mmlu:subject={subject},method={method}", spec))
    made.append(
        run("natural_qa:mode=closedbook", generated, trials=2, choices=False, metric_specs=get_f1_metric_specs())
    )
    return made


def run(name: str, adapter: AdapterSpec, trials: int = 1, choices: bool = True, **also: Any) -> RunSpec:
    return RunSpec(
        name=f"{name},model=simple_model1",
        scenario_spec=ScenarioSpec(class_name="helm_run.Questions", args={"choices": choices}),
        adapter_spec=dataclasses.replace(adapter, model=MODEL, model_deployment=MODEL, num_train_trials=trials),
        groups=[name.partition(":")[0]],
        **{"metric_specs": get_exact_match_metric_specs(), **also},
    )


def main(folder: str) -> None:
    SimpleClient.make_request = answer
    register_builtin_configs_from_helm_package()
    execution = ExecutionSpec(
        url=None, auth="", local_path=f"{folder}/env", parallelism=1, dry_run=False, sqlite_cache_backend_config=None,
        mongo_cache_backend_config=None,
    )  # fmt: skip
    runner = Runner(execution, folder, "ours", skip_instances=False, cache_instances=False, cache_instances_only=False,
                    skip_completed_runs=False, exit_on_error=True)  # fmt: skip
    runner.run_all(runs())


if __name__ == "__main__":
    # Under this name HELM finds the scenario.
    import helm_run

    helm_run.main(sys.argv[1])
