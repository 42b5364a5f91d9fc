"""HELM: the metrics that compare with references, as its runs compute them."""

from helm.benchmark.adaptation.adapter_spec import AdapterSpec
from helm.benchmark.adaptation.request_state import RequestState
from helm.benchmark.metrics.disinformation_metrics import _self_bleu
from helm.benchmark.metrics.evaluate_reference_metrics import compute_reference_metrics
from helm.benchmark.metrics.machine_translation_metrics import CLEVAMachineTranslationMetric, MachineTranslationMetric
from helm.benchmark.metrics.paraphrase_generation_metrics import CLEVAParaphraseGenerationMetric
from helm.benchmark.scenarios.scenario import CORRECT_TAG, Input, Instance, Output, Reference
from helm.common.request import GeneratedOutput, Request, RequestResult
from measured import pairs_of, write_down

SUMMARIES = pairs_of("summarization/xsum_brio")
ANSWERS = pairs_of("qa/evouna_NQ")
SPEECH = pairs_of("asr/earnings21_utt")
ENGLISH = pairs_of("mt/wmt22.de-en.PROMT")
CHINESE = pairs_of("mt/wmt22.en-zh.GTCOM")


def completion_of(text):
    return GeneratedOutput(text=text, logprob=-1.0, tokens=[])


def state_of(pair):
    """What HELM knows when a model has answered."""
    reference, hypothesis = pair
    return RequestState(
        instance=Instance(input=Input(text=reference[:20]), references=[Reference(Output(reference), [CORRECT_TAG])]),
        reference_index=None,
        request_mode=None,
        train_trial_index=0,
        output_mapping=None,
        request=Request(model="none/none", model_deployment="none/none"),
        result=RequestResult(success=True, embedding=[], completions=[completion_of(hypothesis)], cached=False),
        num_train_instances=0,
        prompt_truncated=False,
    )


def of_each(name, pairs):
    """A metric by its name in HELM, of each pair."""
    states = [state_of(pair) for pair in pairs]
    return [
        [(str(stat.name), stat.sum) for stat in compute_reference_metrics([name], AdapterSpec(), state, None)]
        for state in states
    ]


def of_all(metric, pairs):
    """A metric of a whole run."""
    states = [state_of(pair) for pair in pairs]
    return [(str(stat.name), stat.sum) for stat in metric.evaluate_instances(states, "")]


MATCHES = ["exact_match", "quasi_exact_match", "prefix_exact_match", "quasi_prefix_exact_match", "f1_score"]
ROUGE_AND_BLEU = ["rouge_1", "rouge_2", "rouge_l", "bleu_1", "bleu_4"]
ERRORS = ["wer_score", "mer_score", "wip_score", "cer_score"]
for names, pairs in [
    (MATCHES, ANSWERS),
    (ROUGE_AND_BLEU, SUMMARIES),
    (ERRORS, SPEECH),
    (["chinese_bleu_1", "chinese_rouge_1", "chinese_rouge_2"], CHINESE),
    ([f"chinese_{name}" for name in ERRORS], CHINESE),
]:
    for name in names:
        write_down(name, len(pairs), lambda name=name, pairs=pairs: of_each(name, pairs))

write_down("MachineTranslationMetric", len(ENGLISH), lambda: of_all(MachineTranslationMetric(), ENGLISH))
write_down("CLEVAMachineTranslationMetric", len(CHINESE), lambda: of_all(CLEVAMachineTranslationMetric(), CHINESE))
write_down("CLEVAParaphraseGenerationMetric", len(CHINESE), lambda: of_all(CLEVAParaphraseGenerationMetric(), CHINESE))
write_down("self_bleu", 50, lambda: _self_bleu([completion_of(text) for _, text in SUMMARIES[:50]]))
