"""The functions of the harnesses themselves, under the names of `reference_calls`; as a script, makes its vectors.

Needs lm-evaluation-harness 0.4.13 with its extra `math`, and crfm-helm 0.5.16.
"""

import json
import math
import sys
import types
from pathlib import Path

import lm_eval.tasks
import numpy as np
from helm.benchmark.metrics import evaluate_reference_metrics as helm_metrics
from helm.benchmark.scenarios import math_scenario
from lm_eval.api import metrics
from lm_eval.api.task import ConfigurableTask
from lm_eval.filters.extraction import RegexFilter
from lm_eval.filters.selection import MajorityVoteFilter, TakeFirstFilter, TakeKFilter
from lm_eval.tasks._yaml_loader import load_yaml
from lm_eval.tasks.hendrycks_math import utils as hendrycks_math
from lm_eval.tasks.minerva_math import utils as minerva_math

INVALID = "[invalidanswer]"


def quiet(function):
    """The function, or `None` where it fails, which it does on texts that it does not expect."""

    def call(*given):
        try:
            return function(*given)
        except (AssertionError, IndexError, ValueError, TypeError):
            return None

    return call


def task_of(name):
    """The settings of a task of lm-evaluation-harness."""
    return load_yaml(Path(lm_eval.tasks.__path__[0]) / name, resolve_func=False)


def filtered(settings, name, texts):
    """What a task's filter makes of the texts for one item."""
    kinds = {"regex": RegexFilter, "take_first": TakeFirstFilter}
    (steps,) = [each["filter"] for each in settings["filter_list"] if each["name"] == name]
    found = [texts]
    for step in steps:
        options = dict(step)
        found = list(kinds[options.pop("function")](**options).apply(found, [{}]))
    return found[0]


def exact_match(settings, found, target):
    options = settings["metric_list"][0]
    known = ("ignore_case", "ignore_punctuation", "regexes_to_ignore")
    chosen = {name: options[name] for name in known if name in options}
    return float(metrics.exact_match_fn(predictions=[found], references=[target], **chosen)["exact_match"])


def by_filter(settings, name):
    return lambda text, target: exact_match(settings, filtered(settings, name, [text]), target)


def voted(settings, name, first):
    """The vote over the first texts, as the tasks for self-consistency have it."""
    (steps,) = [each["filter"] for each in settings["filter_list"] if each["name"] == name]
    regex = {key: value for key, value in steps[0].items() if key != "function"}

    def call(texts, target):
        found = [texts]
        chain = [TakeKFilter(k=first)] if first else []
        for step in (*chain, RegexFilter(**regex), MajorityVoteFilter(), TakeFirstFilter()):
            found = list(step.apply(found, [{}]))
        return exact_match(settings, found[0], target)

    return call


def multiple_choice(choices, logprobs, greedy, gold, unconditional):
    """What a task says of an item; of one metric at a time where it computes all or none."""
    lls = [-math.inf if logprob is None else logprob for logprob in logprobs]
    several = len(gold) > 1
    names = ["acc", "acc_norm", "acc_bytes", "exact_match"]
    names += ["acc_mutual_info"] if unconditional else []
    names += [] if several else ["brier_score"]
    task = types.SimpleNamespace(
        config=types.SimpleNamespace(process_results=None),
        OUTPUT_TYPE="multiple_choice",
        _metric_fn_list=dict.fromkeys(names),
        doc_to_choice=lambda doc: doc,
        doc_to_target=lambda _: gold if several else gold[0],
        multiple_input=0,
        multiple_target=len(gold) if several else 0,
    )
    results = list(zip([*lls, *unconditional], [*greedy, *([False] * len(unconditional))], strict=True))
    with np.errstate(all="ignore"):
        found = ConfigurableTask.process_results(task, choices, results)
    if "brier_score" in found:
        found["brier_score"] = float(metrics.brier_score([found["brier_score"]]))
    return {name: float(value) for name, value in found.items()}


GSM8K, GSM8K_COT = task_of("gsm8k/gsm8k.yaml"), task_of("gsm8k/gsm8k-cot.yaml")
MMLU_PRO = task_of("mmlu_pro/_default_template_yaml")


def mmlu_pro(text):
    found = filtered(MMLU_PRO, "custom-extract", [text])
    return None if found == "[invalid]" else found


def minerva_answer(text):
    found = minerva_math.get_unnormalized_answer(text)
    return None if found == INVALID else found


def hendrycks_answer(text):
    """What the task compares: its comparison is looked in the face."""
    seen = []
    compare, hendrycks_math.is_equiv = hendrycks_math.is_equiv, lambda answer, _: seen.append(answer)
    try:
        hendrycks_math.process_results({"solution": r"\boxed{1}"}, [text])
    finally:
        hendrycks_math.is_equiv = compare
    return seen[0]


def hendrycks_result(solution, text):
    return float(hendrycks_math.process_results({"solution": solution}, [text])["exact_match"])


THEIRS = {
    "helm.remove_boxed": math_scenario.remove_boxed,
    "helm.last_boxed_only_string": math_scenario.last_boxed_only_string,
    "helm._strip_string": quiet(math_scenario._strip_string),
    "helm.is_equiv": math_scenario.is_equiv,
    "helm.is_equiv_chain_of_thought": math_scenario.is_equiv_chain_of_thought,
    "helm.final_number_exact_match": helm_metrics.final_number_exact_match,
    "helm.pass_at_k_estimator": helm_metrics.pass_at_k_estimator,
    "hendrycks_math.remove_boxed": quiet(hendrycks_math.remove_boxed),
    "hendrycks_math.last_boxed_only_string": hendrycks_math.last_boxed_only_string,
    "hendrycks_math.strip_string": quiet(hendrycks_math.strip_string),
    "hendrycks_math.is_equiv": hendrycks_math.is_equiv,
    "hendrycks_math.process_results": hendrycks_result,
    "hendrycks_math.answer": hendrycks_answer,
    "minerva_math.normalize_final_answer": minerva_math.normalize_final_answer,
    "minerva_math.get_unnormalized_answer": minerva_answer,
    "gsm8k.strict-match": by_filter(GSM8K, "strict-match"),
    "gsm8k.flexible-extract": by_filter(GSM8K, "flexible-extract"),
    "gsm8k_cot.strict-match": by_filter(GSM8K_COT, "strict-match"),
    "gsm8k.maj": voted(GSM8K, "flexible-extract", 0),
    "gsm8k.maj@3": voted(GSM8K, "strict-match", 3),
    "mmlu_pro.custom-extract": mmlu_pro,
    "filters.majority_vote": lambda answers: next(iter(MajorityVoteFilter().apply([answers], [{}])))[0],
    "multiple_choice": multiple_choice,
    "metrics.mean": lambda values: [metrics.mean(values), metrics.mean_stderr(values)],
    "metrics.pooled_sample_stderr": lambda errors, sizes: float(metrics.pooled_sample_stderr(errors, sizes)),
}

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "python" / "benchmarks"))
    from reference_calls import VECTORS, inputs

    VECTORS.parent.mkdir(exist_ok=True)
    with VECTORS.open("w", encoding="utf-8") as file:
        for name, function in THEIRS.items():
            for given in inputs(name, 40, "vectors"):
                line = {"call": name, "given": given, "gives": function(*given)}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
