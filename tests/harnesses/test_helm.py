"""HELM's numbers against crfm-helm 0.5.16's own functions: `just test-harnesses`. Skipped where it is not installed.

NLTK's data `punkt_tab` are wanted too, and for summaries spaCy with its model `en_core_web_sm` and summ-eval.
"""

from __future__ import annotations

import functools
import gzip
import importlib
import json
import math
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import textgauge as tg
from textgauge.benchmarks import calibration, helm
from textgauge.text.tokenizers import named_tokenizer

word_tokenize = pytest.importorskip("nltk.tokenize").word_tokenize
reference = pytest.importorskip("helm.benchmark.metrics.evaluate_reference_metrics")
pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
QA = ROOT.parent / "shared" / "data" / "dev" / "qa"
FUNCTIONS = {
    "rouge_1": reference.get_rouge_function("rouge1"),
    "rouge_2": reference.get_rouge_function("rouge2"),
    "rouge_l": reference.get_rouge_function("rougeL"),
    "math_equiv": reference.is_equiv,
    "math_equiv_chain_of_thought": reference.is_equiv_chain_of_thought,
}
PIECES = (
    *(" \t\n\r\x0b\x1c\x85\xa0\u3000.,:;@#$%&?!*'\"`()[]{}<>-\u00ab\u00bb\u201c\u201d\u2018\u2019\u201e\u2013\u2014"),
    *("aAsStTdDmM019\u00e9\u0661\u0130\u0131\u017f\u212a\u0301\u200b\x00\U0001f600"),
    *(
        "''",
        "``",
        "--",
        "...",
        "cannot",
        "d'ye",
        "Gimme",
        "gonna",
        "more'n",
        "wanna ",
        " 'tis",
        " 'Twas",
        "n't ",
        "'ll ",
    ),
    *("the ", "an ", "word ", ". ", ".\n", " is ", " and ", "Nothing.", "1,024", "-3.5", "12 ", "Mr. ", "etc. "),
    *(
        "\\boxed{",
        "}",
        "\\frac",
        "\\frac{1}{2}",
        "\\sqrt",
        "\\text{ ",
        "\\%",
        "1/2",
        "x=",
        "0.5",
        "\\$",
        "^\\circ",
        "\\!",
    ),
)
ENDLESS = ["word " * 400, "a" * 3000, "\u6f22\u5b57 " * 200]


def function(name):
    return FUNCTIONS.get(name) or getattr(reference, name)


def hostile_pairs(count, seed):
    draw = random.Random(seed)

    def text():
        return "".join(draw.choices(PIECES, k=draw.randint(0, 12)))

    pairs = [(text(), text()) for _ in range(count)]
    # Texts that are alike, so that scores are between 0 and 1.
    pairs += [(gold, text() + gold + text()) for gold, _ in pairs[: count // 2]]
    pairs += [(gold, gold.swapcase()) for gold, _ in pairs[: count // 10]]
    edges = ["", " ", "...", "\n", "!", "\u3000", "a", "1", *ENDLESS]
    return pairs + [(gold, pred) for gold in edges for pred in edges]


@functools.cache
def data_pairs():
    pairs = []
    for path in sorted(QA.rglob("*.jsonl*")):
        if "expected" in str(path.relative_to(QA)):
            continue
        written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for row in map(json.loads, written.splitlines()):
            if isinstance(row.get("hypothesis"), str):
                pairs += [(gold, row["hypothesis"]) for gold in row["references"]]
    return list(dict.fromkeys(pairs))


def rows_of(pairs, scenario="boolq"):
    return [
        {"scenario": scenario, "id": str(number), "references": [gold], "prediction": pred}
        for number, (gold, pred) in enumerate(pairs)
    ]


def ours(pairs, *names):
    items = helm.score(rows_of(pairs), metrics={name: helm.METRICS[name] for name in names}).items
    return [[item.scores[name] for item in items] for name in names]


def theirs_of(name, gold, pred):
    try:
        # HELM strips what a model wrote before it compares.
        return float(function(name)(gold, pred.strip()))
    except AssertionError:
        # Its cer_score ends so where jiwer gives a whole number, which it does of a reference without letters.
        assert name == "cer_score"
        return None


def assert_equal(name, pairs):
    theirs = [theirs_of(name, gold, pred) for gold, pred in pairs]
    assert theirs.count(None) < len(theirs) / 4
    (mine,) = ours(pairs, name)
    rows = zip(pairs, mine, theirs, strict=True)
    different = [row for row in rows if row[2] is not None and row[1] != row[2]]
    assert not different, f"{len(different)} of {len(pairs)} differ: {different[:3]}"


@pytest.mark.parametrize("name", helm.METRICS)
def test_a_metric_on_hostile_text(name):
    assert_equal(name, hostile_pairs(1500, name))


@pytest.mark.skipif(not QA.exists(), reason="the data are not there")
@pytest.mark.parametrize("name", helm.METRICS)
def test_a_metric_on_answers_of_models(name, record_property):
    pairs = data_pairs()
    record_property("pairs", len(pairs))
    print(f"{name}: {len(pairs)} pairs")
    assert_equal(name, pairs)


def test_cider_of_one_pair_is_nothing():
    """Why it is left out: with one document every n-gram is in all documents, and so weighs nothing."""
    pytest.importorskip("pycocoevalcap")
    assert {reference.cider("a " + gold, pred) for gold, pred in hostile_pairs(50, "cider")} == {0.0}


def test_words_of_nltk():
    """With its trained model of sentences; words alone are compared in the usual tests."""
    words, _ = named_tokenizer("nltk")
    texts = [text for pair in hostile_pairs(3000, "words") for text in pair]
    assert all(words(text) == word_tokenize(text) for text in texts)


# ---- several completions, choices


def outputs(texts, logprobs):
    tokens = [[SimpleNamespace(text=text, logprob=value)] for text, value in zip(texts, logprobs, strict=True)]
    return [
        SimpleNamespace(text=text, logprob=value, tokens=each)
        for text, value, each in zip(texts, logprobs, tokens, strict=True)
    ]


def request(golds, texts, logprobs, mapping=None, source=""):
    references = [
        SimpleNamespace(output=SimpleNamespace(text=gold), is_correct=True, tags=["correct"]) for gold in golds
    ]
    return SimpleNamespace(
        instance=SimpleNamespace(
            references=references, all_correct_references=references, input=SimpleNamespace(text=source), id="1"
        ),
        result=SimpleNamespace(completions=outputs(texts, logprobs)),
        output_mapping=mapping,
        reference_index=None,
        request_mode=None,
    )


def stats(names, state, pattern=None):
    adapter = SimpleNamespace(num_outputs=len(state.result.completions), output_mapping_pattern=pattern)
    found = reference.compute_reference_metrics(names, adapter, state, None)
    return {stat.name.name: float(stat.sum) for stat in found}


def test_the_best_of_several_completions():
    draw = random.Random(5)
    names = ["exact_match", "quasi_exact_match", "f1_score", "rouge_l", "bleu_1", "wer_score", "math_equiv"]
    for _ in range(150):
        golds = draw.choices(["a cat", "the dog", "1/2", "a red cat sat"], k=draw.randint(1, 3))
        texts = draw.choices([" cat", "Dog!", "\\frac12", "the red cat", "", "a cat"], k=3)
        logprobs = draw.choices([-0.5, -1.0, -2.0], k=3)
        row = {"scenario": "boolq", "references": golds, "prediction": texts, "logprob": logprobs}
        (item,) = helm.score([row], metrics={name: helm.METRICS[name] for name in names}).items
        theirs = stats(names, request(golds, texts, logprobs))
        assert item.confidence == theirs.pop("max_prob")
        assert item.scores == theirs


@pytest.mark.parametrize("pattern", [None, "answer is ([A-Z])", "[A-D]", "(x)?[A-D]"])
def test_choices_named_by_letters(pattern):
    choices = ["a cat", "the dog", "birds", "fish"]
    mapping = dict(zip("ABCD", choices, strict=True))
    names = ["exact_match", "quasi_exact_match"]
    for text in ["A", " B\n", "the answer is B.", "b", "(B)", "xB", "E", "", "B C", "the answer is BC"]:
        row = {"scenario": "mmlu", "target": "B", "choices": choices, "prediction": text}
        metrics = {name: helm.METRICS[name] for name in names}
        (item,) = helm.score([row], metrics=metrics, output_mapping_pattern=pattern).items
        theirs = stats(names, request(["the dog"], [text], [0.0], mapping), pattern)
        assert item.scores == {name: theirs[name] for name in names}, text


# ---- rankings


def passage(query, index, said, logprob, relevance, rank):
    return {
        "id": f"{query}/{index}",
        "instance": query,
        "prediction": said,
        "logprob": logprob,
        "relevance": relevance or 0,
        "rank": rank,
    }


@pytest.mark.parametrize(("track", "limit"), [("regular", None), ("regular", 12), ("trec", None), ("trec", 12)])
def test_rankings(track, limit):
    ranking = pytest.importorskip("helm.benchmark.metrics.ranking_metrics")
    scenario = pytest.importorskip("helm.benchmark.scenarios.msmarco_scenario").MSMARCOScenario
    metric = ranking.RankingMetric(
        method="ranking_binary",
        measure_names=scenario.MEASURE_NAMES[track],
        correct_output="Yes",
        wrong_output="No",
        rank=limit,
        multiple_relevance_values=set(scenario.GOLD_RELATIONS[track]) != {1},
    )
    draw = random.Random(track)
    run = f"msmarco:track={track},valid_topk={limit}"
    for _ in range(120):
        count = draw.randint(1, 30)
        degrees = [0, 1, 2, 3, None] if track == "trec" else [0, 1, None]
        rows = []
        states = []
        for index in range(count):
            said, logprob = draw.choice([" Yes\n", "no", "No", "maybe", ""]), draw.choice([-0.1, -0.5, -2.5])
            relevance, rank = draw.choice(degrees), draw.choice([None, draw.randint(1, 20)])
            if not index:
                # HELM fails where no passage is relevant, or none is left.
                relevance, rank = degrees[-2], 1
            rows.append({"scenario": run, **passage("q", index, said, logprob, relevance, rank)})
            tags = [*([f"relevance={relevance}"] if relevance is not None else []), *([f"rank={rank}"] if rank else [])]
            reference_ = SimpleNamespace(tags=tags, output=SimpleNamespace(text="text"))
            states.append(
                SimpleNamespace(
                    reference_index=index,
                    instance=SimpleNamespace(references={index: reference_}),
                    result=SimpleNamespace(completions=outputs([said], [logprob])),
                )
            )
        found = metric.evaluate_references(None, states, None, "")
        theirs = {stat.name.name: float(stat.sum) for stat in found if not stat.name.name.startswith("ref")}
        mine = helm.score(rows, metrics={}).items[0].scores
        assert mine == theirs


# ---- copies, samples, classes, bias, likelihood


def test_copies(monkeypatch):
    copyright_metrics = pytest.importorskip("helm.benchmark.metrics.copyright_metrics")
    # Compiled, it takes ten seconds for each length of the longest word.
    monkeypatch.setattr(copyright_metrics, "_edit_distance_helper", copyright_metrics._edit_distance_helper.py_func)
    names = ["longest_common_prefix_length", "edit_distance", "edit_similarity"]
    metrics = [copyright_metrics.BasicCopyrightMetric(name, normalize_by_prefix_length=True) for name in names]
    draw = random.Random(7)
    rows, theirs = [], []
    for number, (gold, pred) in enumerate(hostile_pairs(300, "copies")):
        prompt = draw.choice(["Once upon a time", "It's (one)\n", "x."])
        texts = [pred, gold, ""][: draw.randint(1, 3)]
        draw.shuffle(texts)
        row = {"scenario": "copyright:datatag=pilot", "references": [prompt + gold], "input": prompt}
        rows.append({**row, "id": str(number), "prediction": texts})
        state = request([prompt + gold], texts, [0.0] * len(texts), source=prompt)
        found = (metric.evaluate_generation(None, state, None, "")[0] for metric in metrics)
        theirs.append({name: float(stat.sum) for name, stat in zip(names, found, strict=True)})
    for row, item, wanted in zip(rows, helm.score(rows, metrics={}).items, theirs, strict=True):
        assert item.scores == wanted, row


def test_samples():
    disinformation = pytest.importorskip("helm.benchmark.metrics.disinformation_metrics")
    draw = random.Random(8)
    texts = [text for pair in hostile_pairs(200, "samples") for text in pair]
    rows = [
        {
            "scenario": "disinfo:type=wedging",
            "id": str(number),
            "references": ["-"],
            "prediction": draw.choices(texts, k=4),
            "logprob": [draw.uniform(-9, 0) for _ in range(4)],
        }
        for number in range(300)
    ]
    for row, item in zip(rows, helm.score(rows, metrics={}).items, strict=True):
        completions = outputs(row["prediction"], row["logprob"])
        assert item.scores["self_bleu"] == disinformation._self_bleu(completions)
        assert item.scores["monte_carlo_entropy"] == disinformation._monte_carlo_entropy(completions)


@pytest.mark.parametrize(("scenario", "delimiter"), [("raft", None), ("lex_glue:subset=ecthr_a", ", ")])
def test_classes(scenario, delimiter):
    module = pytest.importorskip("helm.benchmark.metrics.classification_metrics")
    draw = random.Random(scenario)
    labels = ["Yes.", "no", "The maybe", "other", "", "un known"]
    for _ in range(60):
        states, rows = [], []
        for number in range(draw.randint(2, 25)):
            several = delimiter is not None
            golds = draw.sample(labels[:4], k=draw.randint(1, 3)) if several else [draw.choice(labels[:4])]
            said = (
                (delimiter or ", ").join(draw.choices(labels, k=draw.randint(1, 3))) if several else draw.choice(labels)
            )
            states.append(request(golds, [said], [0.0]))
            rows.append({"scenario": scenario, "id": str(number), "references": golds, "prediction": said})
        found = module.ClassificationMetric(delimiter=delimiter).evaluate_instances(states, "")
        theirs = {stat.name.name: float(stat.sum) for stat in found}
        assert helm.score(rows, metrics={}).scenarios[scenario].classes == theirs


def test_bias():
    module = pytest.importorskip("helm.benchmark.metrics.bias_metrics")
    words = [*module.GENDER_TO_WORD_LISTS["female"], *module.GENDER_TO_WORD_LISTS["male"], "smith", "chung", "garcia"]
    words += module.ADJECTIVE_LIST[:9] + module.PROFESSION_LIST[:9]
    draw = random.Random(9)
    for _ in range(40):
        texts = [" ".join(draw.choices(words, k=draw.randint(0, 9))).title() + ". He" for _ in range(3)]
        for category in ("race", "gender"):
            groups = module.BiasMetric.DEMOGRAPHIC_CATEGORY_TO_WORD_DICT[category]
            theirs = module.BiasMetric("representation", category).evaluate_demographic_representation(texts)
            assert helm.bias.representation(texts, groups) == theirs
            for target, targets in module.BiasMetric.TARGET_CATEGORY_TO_WORD_LIST.items():
                metric = module.BiasMetric("associations", category, target)
                theirs = metric.evaluate_stereotypical_associations(texts)
                assert helm.bias.associations(texts, groups, targets) == theirs


def test_likelihood():
    basic = pytest.importorskip("helm.benchmark.metrics.basic_metrics")
    statistic = pytest.importorskip("helm.benchmark.metrics.statistic")
    name = pytest.importorskip("helm.benchmark.metrics.metric_name").MetricName
    draw = random.Random(10)
    rows = []
    sums = {each: statistic.Stat(name(each)) for each in ("logprob", "num_perplexity_tokens", "num_bytes")}
    for number in range(300):
        text, logprob, tokens = "".join(draw.choices(PIECES, k=9)), draw.uniform(-50, 0), draw.randint(1, 20)
        rows.append({"scenario": "the_pile", "id": str(number), "references": ["-"], "prediction": text})
        rows[-1].update(logprob=logprob, num_tokens=tokens)
        for stat, value in zip(sums.values(), (logprob, tokens, len(text.encode())), strict=True):
            stat.add(value)
    theirs = {stat.name.name: stat.sum for stat in basic.compute_perplexity_metrics({s.name: s for s in sums.values()})}
    scores = helm.score(rows, metrics={}).scenarios["the_pile"]
    assert scores.likelihood == theirs
    assert scores.main == theirs["bits_per_byte"]


def test_summaries():
    module = pytest.importorskip("summ_eval.data_stats_metric")
    metric = module.DataStatsMetric()
    draw = random.Random(11)
    pairs = [(pred + gold, gold) for gold, pred in hostile_pairs(400, "summaries")]
    sentences = ["The cat sat. ", "Mr. Smith's dog didn't bark! ", "It cost $3.50 (twice). ", "Nobody knows why. "]
    pairs += [("".join(draw.choices(sentences, k=6)), "".join(draw.choices(sentences, k=2))) for _ in range(200)]
    rows = [
        {**row, "input": source}
        for row, (source, _) in zip(
            rows_of([(summary or "-", summary) for _, summary in pairs], "summarization_xsum:temperature=0.3"),
            pairs,
            strict=True,
        )
    ]
    for (source, summary), item in zip(pairs, helm.score(rows, metrics={}).items, strict=True):
        braces = [text[text.startswith("{") :] for text in (source, summary.strip())]
        source, summary = (text[:-1] if text.endswith("}") else text for text in braces)
        if not source or not item.record.question:
            continue
        theirs = metric.evaluate_example(summary, source)
        for part in ("coverage", "density", "compression"):
            assert item.scores[f"summarization_{part}"] == theirs[part], (source, summary, part)


# ---- boards


@pytest.mark.parametrize("board", ["classic", "lite"])
def test_main_metrics(board):
    yaml = pytest.importorskip("yaml")
    package = importlib.import_module("helm.benchmark")
    schema = yaml.safe_load((Path(package.__file__).parent / "static" / f"schema_{board}.yaml").read_text("utf-8"))
    mains = {group["name"]: (group.get("environment") or {}).get("main_name") for group in schema["run_groups"]}
    wanted = {
        name: main
        for name, main in mains.items()
        if main not in (None, "none") and not name.startswith(("cleva_", "decodingtrust_"))
    }
    assert (helm.CLASSIC if board == "classic" else helm.LITE) == wanted
    assert all(helm.main_metric(name, board) == main for name, main in wanted.items())


@pytest.mark.parametrize(
    ("function_name", "arguments"),
    [
        ("classic.get_boolq_spec", {}),
        ("classic.get_boolq_spec", {"only_contrast": True}),
        ("classic.get_msmarco_spec", {"track": "regular", "valid_topk": 30}),
        ("classic.get_msmarco_spec", {"track": "trec"}),
        ("classic.get_civil_comments_spec", {"demographic": "all"}),
        ("classic.get_interactive_qa_mmlu_spec", {"subject": "college_chemistry"}),
        ("classic.get_wikifact_spec", {"k": "5", "subject": "author"}),
        ("classic.get_quac_spec", {}),
        ("classic.get_truthful_qa_spec", {"task": "mc_single"}),
        ("classic.get_twitter_aae_spec", {"demographic": "aa"}),
        ("classic.get_synthetic_reasoning_natural_spec", {"difficulty": "easy"}),
        ("classic.get_lsat_qa_spec", {"task": "all"}),
        ("classic.get_imdb_spec", {}),
        ("classic.get_babi_qa_spec", {"task": "3"}),
        ("classic.get_copyright_spec", {"datatag": "pilot"}),
        ("classic.get_copyright_spec", {"datatag": "prompt_num_line_5-min_lines_20.json"}),
        ("classic.get_disinformation_spec", {"capability": "reiteration"}),
        ("classic.get_disinformation_spec", {"capability": "wedging"}),
        ("classic.get_code_spec", {"dataset": "humaneval"}),
        ("classic.get_code_spec", {"dataset": "apps"}),
        ("classic.get_the_pile_spec", {"subset": "ArXiv"}),
        ("classic.get_synthetic_reasoning_spec", {"mode": "pattern_match"}),
        ("classic.get_blimp_spec", {"phenomenon": "binding"}),
        ("classic.get_xsum_summarization_spec", {}),
        ("classic.get_cnndm_summarization_spec", {}),
        ("classic.get_dyck_language_spec", {"num_parenthesis_pairs": 3}),
        ("classic.get_legal_support_spec", {}),
        ("classic.get_entity_matching_spec", {"dataset": "Beer"}),
        ("classic.get_entity_data_imputation_spec", {"dataset": "Buy"}),
        ("classic.get_lextreme_spec", {"subset": "swiss_judgment_prediction"}),
        ("classic.get_lex_glue_spec", {"subset": "ecthr_a"}),
        ("classic.get_bbq_spec", {"subject": "all"}),
        ("lite.get_narrativeqa_spec", {}),
        ("lite.get_natural_qa_spec", {"mode": "closedbook"}),
        ("lite.get_natural_qa_spec", {"mode": "openbook_longans"}),
        ("lite.get_commonsense_spec", {"dataset": "hellaswag", "method": "multiple_choice_joint"}),
        ("lite.get_commonsense_spec", {"dataset": "openbookqa", "method": "multiple_choice_joint"}),
        ("lite.get_mmlu_spec", {"subject": "anatomy"}),
        ("lite.get_gsm_spec", {}),
        ("lite.get_math_spec", {"subject": "algebra", "level": "1", "use_chain_of_thought": "True"}),
        ("lite.get_math_spec", {"subject": "algebra", "level": "1"}),
        ("lite.get_med_qa_spec", {}),
        ("lite.get_wmt_14_spec", {"language_pair": "de-en"}),
    ],
)
def test_names_of_runs(function_name, arguments, monkeypatch, tmp_path):
    # HELM leaves files in the folder where it runs.
    monkeypatch.chdir(tmp_path)
    module, _, name = function_name.partition(".")
    spec = getattr(importlib.import_module(f"helm.benchmark.run_specs.{module}_run_specs"), name)(**arguments)
    assert helm.run_group(spec.name) in spec.groups
    assert helm.run_group(f"{spec.name},model=openai_gpt2" if ":" in spec.name else spec.name) in spec.groups


def test_win_rates():
    summarize = pytest.importorskip("helm.benchmark.presentation.summarize")
    schema = pytest.importorskip("helm.benchmark.presentation.schema")
    draw = random.Random(12)
    for _ in range(300):
        models, scenarios = draw.randint(1, 9), draw.randint(1, 7)
        values = [
            [draw.choice([None, 0.1, 0.2, 0.2, 0.7, draw.random()]) for _ in range(scenarios)] for _ in range(models)
        ]
        directions = [draw.choice([True, False, False, None]) for _ in range(scenarios)]
        table = SimpleNamespace(
            header=[SimpleNamespace(lower_is_better=direction) for direction in directions],
            rows=[[SimpleNamespace(value=value) for value in row] for row in values],
        )
        given = {str(model): {str(place): value for place, value in enumerate(row)} for model, row in enumerate(values)}
        lower = {str(place): direction for place, direction in enumerate(directions)}
        for aggregation in ("mean", "median"):
            theirs = summarize.compute_aggregate_row_win_rates(table, aggregation)
            mine = helm.mean_win_rates(given, lower_is_better=lower, aggregation=aggregation)
            assert list(mine.values()) == theirs
    assert schema


# ---- calibration


def answers(count, seed, slope, shift):
    """Confidences, and answers that are right as often as a logistic curve over the logit of the confidence says."""
    draw = np.random.default_rng(seed)
    confident = draw.beta(4, 1.5, count)
    logit = np.log(confident / (1 - confident))
    right = draw.random(count) < 1 / (1 + np.exp(-(slope * logit + shift)))
    return confident, right.astype(int)


def platt_differences(confident, right):
    """How far coefficient, intercept and both errors after scaling are from HELM's; `None` where nothing is scaled."""
    cal = pytest.importorskip("calibration")
    mine = calibration.fit_platt(confident, right)
    if mine is None:
        return None
    scaler, classifier = cal.get_platt_scaler(np.array(confident), np.array(right), get_clf=True)
    errors = [
        (cal.get_ece_em(scaled, right, num_bins=10), cal.get_ece(scaled, right, num_bins=1))
        for scaled in (mine(confident), scaler(np.array(confident)))
    ]
    return (
        abs(mine.coefficient - classifier.coef_[0][0]),
        abs(mine.intercept - classifier.intercept_[0]),
        *(abs(one - other) for one, other in zip(*errors, strict=True)),
    )


@pytest.mark.parametrize("count", [30, 100, 300, 1000, 5000])
def test_platt_scaling(count):
    """HELM's optimiser stops before the optimum, so numbers are near and not equal; the page says how near."""
    curves = [(1, 0), (0.5, -1), (2, 1), (0.1, 0)]
    each = [platt_differences(*answers(count, seed, *curves[seed % 4])) for seed in range(60)]
    largest = np.max([differences for differences in each if differences is not None], axis=0)
    print(count, *(f"{difference:.1e}" for difference in largest))
    # Of a few answers the right may be the confident ones alone. Then steeper is better, and each stops somewhere.
    assert (largest < [math.inf if count < 100 else 0.01, math.inf if count < 100 else 0.01, 1e-3, 1e-3]).all()


@pytest.mark.skipif(not QA.exists(), reason="the data are not there")
def test_platt_scaling_on_answers_of_models():
    """Confidences stand in for real ones: how like a second reference is the answer that the first one judges?"""
    for path in sorted(QA.rglob("*.jsonl*")):
        written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        rows = [row for row in map(json.loads, written.splitlines()) if len(row.get("references") or ()) > 1]
        if "expected" in str(path.relative_to(QA)) or len(rows) < 100:
            continue
        predictions = [row["hypothesis"] for row in rows]
        confident = tg.Scorer("chrf").score(predictions, [row["references"][1] for row in rows])["chrf"] / 100
        right = tg.Scorer("squad").score(predictions, [row["references"][0] for row in rows])["squad.em"] / 100
        differences = platt_differences(np.clip(confident, 0, 1), right.astype(int))
        if differences is not None:
            print(path.name, len(rows), *(f"{difference:.1e}" for difference in differences))
            assert differences[3] < 1e-2
