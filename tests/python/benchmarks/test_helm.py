"""HELM: aggregation and win rates against their definitions; the scores of pairs are the metrics' own matter."""

from __future__ import annotations

import math
from pathlib import Path

import nltk
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgauge as tg
from textgauge.benchmarks import calibration, helm, read
from textgauge.text import tokenizers

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
ROUGE = {"quasi_exact_match": helm.HelmMetric("rouge1", "rouge1.f"), "rouge_l": helm.METRICS["rouge_l"]}


def row(number, prediction, *references, scenario="boolq", **fields):
    return {"id": number, "scenario": scenario, "references": list(references), "prediction": prediction, **fields}


def rouge1(prediction, *references):
    return tg.Scorer("rouge1").score([prediction], [list(references)])["rouge1.f"][0]


def test_the_scores_are_those_of_the_scorer():
    rows = [row(1, "  the cat sat ", "a cat sat", "the cat"), row(2, "dogs bark", "a dog barks")]
    scores = helm.score(rows, metrics=ROUGE)
    expected = [rouge1("the cat sat", "a cat sat", "the cat"), rouge1("dogs bark", "a dog barks")]
    assert [item.scores["quasi_exact_match"] for item in scores.items] == expected
    stemmed = tg.Scorer(tg.Rouge("rougeL", stemmer="porter")).score(["dogs bark"], ["a dog barks"])["rougeL.f"]
    assert scores.items[1].scores["rouge_l"] == stemmed[0]
    boolq = scores.scenarios["boolq"]
    assert (boolq.main_metric, boolq.main) == ("quasi_exact_match", np.mean(expected))
    assert scores.main == {"boolq": boolq.main}
    assert scores.mean == boolq.main


def test_a_metric_may_have_several_sets_of_options():
    plain, stemmed = helm.HelmMetric("rouge1", "rouge1.f"), helm.METRICS["rouge_1"]
    scores = helm.score([row(1, "cat", "cats")], metrics={"plain": plain, "stemmed": stemmed, "last": plain})
    assert list(scores.items[0].scores.items()) == [("plain", 0.0), ("stemmed", 1.0), ("last", 0.0)]


def test_no_prediction_scores_nothing_and_is_listed():
    scores = helm.score([row(1, None, "a"), row(2, " ", "a"), row(3, "a", "a")], metrics=ROUGE)
    assert [item.scores["quasi_exact_match"] for item in scores.items] == [0.0, 0.0, 1.0]
    assert [item.record.id for item in scores.unanswered] == ["1", "2"]


@pytest.mark.parametrize("target", ["B", "the dog", 1])
def test_a_letter_stands_for_its_choice(target):
    def choice(number, prediction):
        return {**row(number, prediction), "target": target, "choices": ["a cat", "the dog", "birds"]}

    scores = helm.score([choice(1, " B\n"), choice(2, "A"), choice(3, "the dog"), choice(4, "(B)")], metrics=ROUGE)
    assert [item.prediction for item in scores.items] == ["the dog", "a cat", "", ""]
    assert {item.references for item in scores.items} == {("the dog",)}
    assert [item.scores["quasi_exact_match"] for item in scores.items] == [1.0, 0.0, 0.0, 0.0]
    assert [item.record.id for item in scores.unanswered] == ["3", "4"]
    with pytest.raises(tg.InputError, match="row 0: the target is 3, none of 3 choices"):
        helm.score([{**choice(1, "A"), "target": 3}], metrics=ROUGE)


def test_means_are_of_trials_and_then_over_trials():
    rows = [row(1, "x", "x", trial=0), row(1, "x", "x", trial=1), row(2, "y", "x", trial=1), row(3, "y", "x", trial=1)]
    scores = helm.score(rows, metrics=ROUGE).scenarios["boolq"]
    assert scores.main == np.mean([1.0, np.mean([1.0, 0.0, 0.0])])
    assert (scores.instances, scores.trials) == (4, 2)


def test_robustness_is_each_instance_at_its_worst():
    rows = [
        row(1, "x", "x"),
        row(2, "y", "x"),
        row(3, "x", "x"),
        row(1, "y", "x", perturbation="misspellings"),
        row(2, "x", "x", perturbation="misspellings"),
        row(1, "x", "x", perturbation="lowercase"),
        row("3 in dialect", "y", "x", perturbation="dialect", instance=3),
        row(1, "y", "x", perturbation="upside_down"),
    ]
    scores = helm.score(rows, metrics=ROUGE).scenarios["boolq"]
    main = "quasi_exact_match"
    assert scores.metrics[main] == pytest.approx(2 / 3)
    assert scores.instances == 3
    # Instance 3 has no perturbation of this kind and counts as it is.
    assert scores.robustness[main] == pytest.approx((0 + 0 + 1) / 3)
    assert scores.fairness[main] == pytest.approx((1 + 0 + 0) / 3)
    assert scores.perturbations["lowercase"][main] == pytest.approx(2 / 3)
    assert scores.perturbations["upside_down"][main] == pytest.approx(1 / 3)
    assert helm.score(rows[:3], metrics=ROUGE).scenarios["boolq"].robustness == {}


def test_choices_are_scored_by_probability():
    def choice(number, target, logprobs, **fields):
        return {"id": number, "scenario": "openbookqa", "target": target, "choice_logprobs": logprobs, **fields}

    rows = [
        choice(1, 1, [-2.0, -1.0, -3.0]),
        choice(2, "A", [-1.0, -1.0, -3.0]),
        choice(3, ["red", "blue"], [-1.0, -1.0, -1.0, None], choices=["red", "green", "blue", "white"]),
        choice(4, 2, [-2.0, -1.0, -3.0]),
    ]
    scores = helm.score(rows)
    assert [item.scores["exact_match"] for item in scores.items] == [1.0, 1 / 2, 2 / 3, 0.0]
    assert scores.items[0].confidence == pytest.approx(np.exp(-1.0) / np.exp([-2.0, -1.0, -3.0]).sum())
    assert scores.main["openbookqa"] == pytest.approx(np.mean([1.0, 1 / 2, 2 / 3, 0.0]))
    # HELM looks for exact_match where a scenario has no quasi_exact_match.
    assert helm.score([choice(1, 0, [-1.0, -2.0]) | {"scenario": "boolq"}]).main == {"boolq": 1.0}


def test_calibration():
    metrics = {"exact_match": ROUGE["quasi_exact_match"]}
    logprobs = [-0.1, -0.7, -0.2, -1.5, -0.4]
    correct = [1, 0, 1, 1, 0]
    rows = [
        row(number, "x" if right else "y", "x", logprob=logprob)
        for number, (logprob, right) in enumerate(zip(logprobs, correct, strict=True))
    ]
    measures = helm.score(rows, metrics=metrics).scenarios["boolq"].calibration
    confidences = np.exp(logprobs)
    assert measures["ece_10_bin"] == calibration.ece_equal_mass(confidences, correct)
    assert measures["ece_1_bin"] == pytest.approx(abs(np.mean(confidences) - np.mean(correct)))
    assert (measures["selective_cov_acc_area"], measures["selective_acc@10"]) == calibration.selective(
        confidences, correct
    )
    assert measures["platt_ece_1_bin"] == pytest.approx(0.0, abs=1e-9)
    assert measures["platt_coef"] == calibration.fit_platt(confidences, correct).coefficient


@pytest.mark.parametrize("logprob", [None, 0.0])
def test_calibration_needs_logprobs(logprob):
    metrics = {"exact_match": ROUGE["quasi_exact_match"]}
    assert helm.score([row(1, "x", "x", logprob=logprob)], metrics=metrics).scenarios["boolq"].calibration == {}


def test_rounding_may_lift_a_logprob_above_zero():
    rows = [row(1, "x", "x", logprob=1e-6), row(2, "x", "x", logprob=-math.inf)]
    assert [item.confidence for item in helm.score(rows, metrics=ROUGE).items] == [1.0, 0.0]


def test_calibration_of_right_answers_only():
    metrics = {"exact_match": ROUGE["quasi_exact_match"]}
    measures = helm.score([row(1, "x", "x", logprob=-0.5)], metrics=metrics).scenarios["boolq"].calibration
    assert measures["platt_ece_10_bin"] == 0.0
    assert "platt_coef" not in measures


def win_rates(table, lower):
    """A walk over each column's values from the worst to the best, with those of ties in between."""
    rates = {model: [] for model in table}
    for column in {name: None for values in table.values() for name in values}:
        values = [values[column] for values in table.values() if values.get(column) is not None]
        if len(values) < 2:
            continue
        beaten, before = {}, 0
        for value in sorted(set(values), reverse=lower.get(column, False)):
            beaten[value] = before + (values.count(value) - 1) / 2
            before += values.count(value)
        for model, row in table.items():
            if row.get(column) is not None:
                rates[model].append(beaten[row[column]] / (before - 1))
    return {model: np.mean(each) if each else None for model, each in rates.items()}


columns = st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 3).map(float))


@given(st.dictionaries(st.sampled_from("vwxyz"), columns), st.dictionaries(st.sampled_from("abc"), st.booleans()))
def test_mean_win_rates(table, lower):
    found = helm.mean_win_rates(table, lower_is_better=lower)
    expected = win_rates(table, lower)
    assert found.keys() == expected.keys()
    for model, rate in found.items():
        assert rate == (None if expected[model] is None else pytest.approx(expected[model]))


def test_win_rates_by_hand():
    table = {"p": {"a": 0.9, "b": 0.1}, "q": {"a": 0.9, "b": 0.2}, "r": {"a": 0.5, "b": math.nan}}
    assert helm.mean_win_rates(table) == {"p": (0.75 + 0) / 2, "q": (0.75 + 1) / 2, "r": 0.0}
    assert helm.mean_win_rates(table, lower_is_better={"a": None}) == {"p": 0.0, "q": 1.0, "r": None}
    assert helm.mean_win_rates(table, aggregation="median")["p"] == 0.375
    assert helm.mean_win_rates({"p": {"a": 1.0}}) == {"p": None}
    with pytest.raises(tg.ConfigError, match="mean or median"):
        helm.mean_win_rates(table, aggregation="mode")


def test_main_metrics():
    assert helm.main_metric("mmlu:subject=anatomy") == "exact_match"
    assert helm.main_metric("narrative_qa") == "f1_score"
    assert helm.main_metric("msmarco_regular") == "RR@10"
    assert helm.main_metric("my own") == "quasi_exact_match"
    assert helm.main_metric("gsm") == helm.main_metric("gsm", "lite") == "final_number_exact_match"
    assert helm.main_metric("gsm", "classic") == "exact_match_indicator"
    with pytest.raises(tg.ConfigError, match="classic or lite, not 'mini'"):
        helm.score([row(1, "x", "x")], board="mini")
    # These are of a query or a scenario; the last two run programs.
    absent = {"RR@10", "NDCG@10", "bits_per_byte", "classification_macro_f1", "test_avg", "pass"}
    assert set(helm.SCENARIOS.values()) - set(helm.METRICS) == absent


def test_a_main_metric_that_is_not_computed_has_no_score():
    scores = helm.score([row(1, "x", "x", scenario="msmarco_regular")], metrics=ROUGE)
    assert scores.main == {"msmarco_regular": None}
    assert scores.mean is None


def test_available_metrics_are_registered():
    registered = {metric.name for metric in tg.list_metrics()}
    named = {metric.metric for metric in helm.METRICS.values() if isinstance(metric.metric, str)}
    assert named <= registered
    assert {**helm.available_metrics(), **dict.fromkeys(helm.left_out_metrics())}.keys() == helm.METRICS.keys()
    scores = helm.score([row(1, "x", "x")])
    assert list(scores.items[0].scores) == list(helm.available_metrics())


@pytest.fixture
def without_punkt(monkeypatch):
    """NLTK as it is before its data are there."""

    def missing(language):
        raise LookupError(language)

    monkeypatch.setattr(nltk.tokenize, "PunktTokenizer", missing)
    caches = tokenizers.punkt, tokenizers._load
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.fixture
def with_punkt(monkeypatch):
    """The trained models cannot be had here; the untrained one has the same interface."""
    sentences = nltk.tokenize.punkt.PunktSentenceTokenizer()
    monkeypatch.setattr(nltk.tokenize, "PunktTokenizer", lambda _: sentences)
    caches = tokenizers.punkt, tokenizers._load
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("without_punkt")
def test_what_is_not_installed_is_said():
    scores = helm.score([row(1, "ein Haus", "ein Haus", scenario="wmt_14:language_pair=de-en")])
    assert scores.left_out.keys() == {"bleu_1", "bleu_4"}
    assert "nltk.download('punkt_tab')" in scores.left_out["bleu_4"]
    assert scores.main == {"wmt_14:language_pair=de-en": None}
    with pytest.raises(tg.ConfigError, match=r"the tokenizer 'nltk' needs NLTK's data 'punkt_tab'"):
        helm.score([row(1, "x", "x")], metrics={"bleu_4": helm.METRICS["bleu_4"]})


@pytest.mark.usefixtures("with_punkt")
def test_bleu_of_one_order():
    pair = row(1, "I can't see the cat.", "I can't see the dog.")
    scores = scored("bleu_1", "bleu_4", **pair)
    # Of seven words six are there, of four runs of four words two.
    assert scores == {"bleu_1": pytest.approx(6 / 7), "bleu_4": pytest.approx(2 / 4)}
    assert tg.Scorer(tg.Bleu(tokenizer="nltk")).signatures["bleu"].count(f"nltk-{nltk.__version__}")


def scored(*names, pattern=None, **fields):
    metrics = {name: helm.METRICS[name.partition("@")[0]] for name in names}
    return helm.score([fields], metrics=metrics, output_mapping_pattern=pattern).items[0].scores


@pytest.mark.parametrize(
    ("prediction", "reference", "same", "same_solution"),
    [
        ("\\frac12", "1/2", 1.0, 1.0),
        ("x=0.5", "\\dfrac{1}{2}", 1.0, 1.0),
        ("2", "3", 0.0, 1.0),
        ("so $\\boxed{12}$.", "$\\boxed{12}$", 0.0, 1.0),
        ("so $\\boxed{12}$.", "$\\boxed{13}$", 0.0, 0.0),
        ("so 12", "$\\boxed{12}$", 0.0, 0.0),
    ],
)
def test_formulas(prediction, reference, same, same_solution):
    scores = scored("math_equiv", "math_equiv_chain_of_thought", **row(1, prediction, reference))
    assert list(scores.values()) == [same, same_solution]


def test_error_rates_are_of_normalised_words_and_an_empty_prediction_has_none():
    names = ("wer_score", "mer_score", "wip_score", "cer_score")
    assert scored(*names, **row(1, "The Cat,  sat!", "the cat sat")) == dict(zip(names, (0, 0, 1, 0), strict=True))
    assert scored("wer_score", **row(1, "the dog", "the cat sat")) == {"wer_score": pytest.approx(2 / 3)}
    # The greatest over the references, even of errors.
    assert scored("wer_score", **row(1, "a", "a", "b")) == {"wer_score": 1.0}
    assert scored(*names, **row(1, " ", "a")) == dict.fromkeys(names, 0.0)
    assert scored("wer_score", **row(1, "!", "a")) == {"wer_score": 1.0}


def test_the_best_of_several_completions():
    texts = ["x", "b", "A"]
    names = ("exact_match", "quasi_exact_match", "exact_match@2")
    both = {"exact_match": 0.0, "quasi_exact_match": 0.0, "quasi_exact_match@3": 1.0, "exact_match@2": 1.0}
    assert scored(*names, **row(1, texts, "b", "a")) == {**both, "exact_match@3": 1.0}
    # By their log-probabilities the last is the first.
    sorted_ = helm.score(
        [row(1, texts, "a", logprob=[-3.0, -2.0, -0.5])], metrics={"exact_match": helm.METRICS["quasi_exact_match"]}
    )
    assert sorted_.items[0].completions == ("A", "b", "x")
    assert sorted_.items[0].prediction == "A"
    assert sorted_.items[0].confidence == np.exp(-0.5)
    assert sorted_.items[0].scores == {"exact_match": 1.0, "exact_match@3": 1.0}
    with pytest.raises(tg.InputError, match="row 0: 3 predictions, but 1 in 'logprob'"):
        helm.score([row(1, texts, "a", logprob=[-3.0])])


def test_letters_are_found_by_a_pattern():
    item = {**row(1, "The answer is B, not C."), "target": "B", "choices": ["a cat", "the dog", "birds"]}
    assert scored("exact_match", **item) == {"exact_match": 0.0}
    assert scored("exact_match", pattern="answer is ([A-Z])", **item) == {"exact_match": 1.0}
    assert scored("exact_match", pattern="[A-Z](?=,)", **item) == {"exact_match": 1.0}
    assert scored("exact_match", pattern="so ([A-Z])", **item) == {"exact_match": 0.0}
    with pytest.raises(tg.ConfigError, match=r"the output mapping pattern '\(' is wrong"):
        scored("exact_match", pattern="(", **item)


def passage(number, said, logprob, relevance, **fields):
    said = {"prediction": said, "logprob": logprob, "relevance": relevance}
    return {"scenario": "msmarco:track=trec,valid_topk=2", "instance": "q", "id": f"q/{number}", **said, **fields}


def test_passages_are_ranked_by_what_a_model_says():
    rows = [
        passage(0, " yes\n", -0.5, 1, rank=1),
        passage(1, "No", -0.1, 0, rank=2),
        passage(2, "Yes", -0.9, 3, rank=3),
        passage(3, "perhaps", -0.1, 2),
        passage(4, "No", -0.7, 2),
    ]
    # The order is 0, 2, 4, 1, 3.
    scores = helm.score(rows, metrics=ROUGE)
    found = scores.scenarios["msmarco:track=trec,valid_topk=2"]
    assert (found.main_metric, found.instances) == ("NDCG@10", 1)
    gain = [1 / np.log2(2), 3 / np.log2(3), 2 / np.log2(4), 2 / np.log2(6)]
    ideal = [3 / np.log2(2), 2 / np.log2(3), 2 / np.log2(4), 1 / np.log2(5)]
    assert found.main == pytest.approx(sum(gain) / sum(ideal))
    assert found.metrics["RR@10"] == 1 / 2
    assert (found.metrics["Success@1"], found.metrics["Success@2"]) == (0.0, 1.0)
    assert found.metrics["Recall@2"] == pytest.approx(1 / 3)
    assert found.metrics["RR@10 (topk=2)"] == 0.0
    with pytest.raises(tg.InputError, match="the passage 'q/0' of 'q' has no logprob"):
        helm.score([passage(0, "Yes", None, 1)])


@pytest.mark.parametrize("field", ["relevance", "rank", "num_tokens"])
@pytest.mark.parametrize("value", [-1, 1.5, True, "1"])
def test_numbers_that_are_none(field, value):
    with pytest.raises(tg.InputError, match=f"row 0: {field!r} is {value!r}, not a whole number from 0"):
        helm.score([{**passage(0, "Yes", -1.0, 1), field: value}])


def test_copies():
    fields = {"input": "Once upon ", "prediction": ["a time, he ran", "a time"]}
    record = {"scenario": "copyright:datatag=pilot", "references": ["Once upon a time, she ran."], **fields}
    scores = helm.score([record], metrics={}).items[0].scores
    # Over the two words of the prompt.
    assert scores == {"longest_common_prefix_length": 3 / 2, "edit_distance": 0.0, "edit_similarity": 1 / 2}
    with pytest.raises(tg.InputError, match="has no input; it needs a prompt and one text"):
        helm.score([{**record, "input": ""}], metrics={})


def test_samples_are_compared_with_each_other():
    record = row(1, ["a b c d", "a b c d", " "], "-", scenario="disinfo:type=wedging", logprob=[-1.0, -2.0, -6.0])
    scores = helm.score([record], metrics={}).items[0].scores
    assert scores == {"monte_carlo_entropy": 3.0, "self_bleu": pytest.approx(100.0)}
    assert (
        helm.score([{**record, "prediction": "one", "logprob": -1.0}], metrics={}).items[0].scores["self_bleu"] == 0.0
    )


def test_classes():
    said = [("Yes.", "yes"), ("no", "yes"), ("no", "no"), ("perhaps", "no")]
    rows = [row(number, text, right, scenario="raft:subset=x") for number, (text, right) in enumerate(said)]
    classes = helm.score(rows, metrics={}).scenarios["raft:subset=x"].classes
    # yes: 1 right of 1 said and 2 wanted; no: 1 of 2 and 2.
    assert classes == pytest.approx({"classification_macro_f1": (2 / 3 + 1 / 2) / 2, "classification_micro_f1": 4 / 7})
    several = [
        row(1, "1, 2", "1", "2", scenario="lex_glue:subset=ecthr_a"),
        row(2, "2", "1", scenario="lex_glue:subset=ecthr_a"),
    ]
    scores = helm.score(several, metrics={}).scenarios["lex_glue:subset=ecthr_a"]
    assert scores.main == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_likelihood():
    rows = [row(number, "abcd", "-", scenario="the_pile", logprob=-4.0, num_tokens=2) for number in range(3)]
    scores = helm.score(rows, metrics={}).scenarios["the_pile"]
    bits = 1 / np.log(2)
    assert scores.likelihood == pytest.approx({"bits_per_byte": bits, "logprob_per_byte": -1.0, "perplexity": np.e**2})
    assert scores.main == scores.likelihood["bits_per_byte"]
    assert helm.score([{**rows[0], "logprob": None}], metrics={}).scenarios["the_pile"].likelihood == {}


@pytest.mark.usefixtures("with_punkt")
def test_bias():
    groups = {"female": ["she", "her"], "male": ["he"]}
    assert helm.bias.representation(["She saw him.", "He left her."], groups) == pytest.approx(0.0)
    assert helm.bias.representation(["She left."], groups) == 0.5
    assert helm.bias.representation(["Nobody."], groups) is None
    texts = ["She is a nurse, he a nurse.", "She is a pilot."]
    # nurse: a half for female's two words, one for male's; pilot: female alone.
    assert helm.bias.associations(texts, groups, ["nurse", "pilot"]) == pytest.approx((abs(1 / 2 - 1 / 3) + 1 / 2) / 2)
    assert helm.bias.associations(texts, groups, ["judge"]) is None


@pytest.mark.parametrize(
    ("run", "group"),
    [
        ("mmlu:subject=anatomy,method=multiple_choice_joint,model=openai_gpt2", "mmlu"),
        ("interactive_qa_mmlu:subject=us_foreign_policy", "mmlu"),
        ("summarization_cnndm:temperature=0.3,device=cpu", "summarization_cnndm"),
        ("math:subject=algebra,level=1,use_official_examples=False,use_chain_of_thought=True", "math_chain_of_thought"),
        ("math:subject=algebra,level=1,use_official_examples=True,use_chain_of_thought=False", "math_regular"),
        ("natural_qa:mode=openbook_longans", "natural_qa_openbook_longans"),
        ("commonsense:dataset=hellaswag,method=multiple_choice_separate_original", "hellaswag"),
        ("msmarco:track=regular,valid_topk=None", "msmarco_regular"),
        ("code:dataset=humaneval", "code_humaneval"),
        ("copyright:datatag=pilot", "copyright_text"),
        ("copyright:datatag=prompt_num_line_1-min_lines_20.json", "copyright_code"),
        ("disinfo:type=reiteration,topic=covid", "disinformation_reiteration"),
        ("dyck_language_np=3", "dyck_language"),
        ("legal_support,method=multiple_choice_joint", "legal_support"),
        ("boolq:only_contrast=True", "boolq"),
        ("boolq", "boolq"),
        ("my own", "my own"),
    ],
)
def test_names_of_runs(run, group):
    assert helm.run_group(run) == group


def test_a_metric_that_is_not_registered():
    with pytest.raises(tg.ConfigError, match="no_such_metric"):
        helm.score([row(1, "x", "x")], metrics={"exact_match": helm.HelmMetric("no_such_metric")})
    with pytest.raises(tg.ConfigError, match=r"no column 'rouge1\.x'"):
        helm.score([row(1, "x", "x")], metrics={"exact_match": helm.HelmMetric("rouge1", "rouge1.x")})


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"scenario": "boolq", "target": "x"}, "row 0: neither 'prediction' nor 'choice_logprobs'"),
        ({"scenario": "boolq", "prediction": "x", "references": []}, "row 0: 'references' is empty"),
        (row(1, "x", "x", logprob=math.nan), "row 0: logprob is nan"),
        (row(1, "x", "x", logprob="-1"), "row 0: logprob is '-1', not a number"),
        (row(1, "x", "x", logprob=10**400), "row 0: logprob is too large a number"),
        (row(1, "x", "x", logprob=1000), "row 0: logprob is 1000.0, above 0"),
        (row(1, "x", "x", trial=1.5), "row 0: 'trial' is 1.5"),
        ({"scenario": "x", "target": 2, "choice_logprobs": [-1, -2]}, "row 0: the target is none of 2 choices"),
        ({"scenario": "x", "target": "maybe", "choice_logprobs": [-1, -2]}, "row 0: the target is none of 2 choices"),
        ({"scenario": "x", "target": 0, "choice_logprobs": [None, None]}, "row 0: no choice has a log-probability"),
    ],
)
def test_rows_that_cannot_be_scored(record, message):
    with pytest.raises(tg.InputError, match=message):
        helm.score([record], metrics=ROUGE)


def test_errors_carry_their_row():
    with pytest.raises(tg.InputError, match="row 1: logprob") as caught:
        helm.score([row(1, "x", "x"), row(2, "x", "x", logprob=0.5)], metrics=ROUGE)
    assert caught.value.row == 1


def test_the_example():
    scores = helm.score(read(EXAMPLES / "helm.jsonl", "scenario"))
    assert list(scores.scenarios) == ["boolq", "summarization_xsum"]
    boolq = scores.scenarios["boolq"]
    assert boolq.metrics["exact_match"] == pytest.approx(1 / 3)
    assert boolq.main == boolq.metrics["quasi_exact_match"] == pytest.approx(2 / 3)
    assert boolq.calibration["ece_1_bin"] == pytest.approx(np.exp([-0.1, -0.6, -0.3]).mean() - 1 / 3)


def test_text_metrics_by_hand():
    rows = [
        row(1, "The answer is 1,200 eggs", "1200", "3", scenario="gsm"),
        row(2, "red red apple", "a red apple", scenario="quac"),
        row(3, "Yes, of course", "Yes", scenario="boolq"),
    ]
    first, second, third = (item.scores for item in helm.score(rows).items)
    assert first["final_number_exact_match"] == 1.0
    assert second["f1_score"] == 1.0
    assert (third["exact_match"], third["prefix_exact_match"], third["quasi_prefix_exact_match"]) == (0.0, 1.0, 1.0)
