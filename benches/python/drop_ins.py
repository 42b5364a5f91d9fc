"""Each drop-in against the package that it stands for: the same calls, in one run, on one thread.

`python benches/python/drop_ins.py [--pairs N]` prints the time of a pair by each, and whether all results are equal.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import itertools
import json
import os
import time
from pathlib import Path

# Read when the first batch is scored.
os.environ["TEXTGAUGE_NUM_THREADS"] = "1"

import jiwer
import nltk.translate
import numpy as np
import rouge
import rouge_score.rouge_scorer
import rouge_score.scoring
import sacrebleu
import sacrebleu.significance
from nltk.metrics import distance

import textgauge.compat.evaluate
import textgauge.compat.jiwer
import textgauge.compat.nltk.metrics.distance
import textgauge.compat.nltk.translate
import textgauge.compat.rouge
import textgauge.compat.sacrebleu
import textgauge.compat.sacrebleu.significance
from textgauge.compat.rouge_score import rouge_scorer

DATA = Path(__file__).parents[3] / "shared" / "data" / "dev"
TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
REPEATS = 5
# A call that takes a millisecond is no measure after so few.
SECONDS = 0.2


def pairs_of(name, count):
    """References and hypotheses."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, count)]
    return [(row["references"][0], row["hypothesis"]) for row in rows]


def timed(call, repeats):
    """The best time in microseconds of at least so many calls, and the result."""
    times = []
    while len(times) < repeats or sum(times) < SECONDS:
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return min(times) * 1e6, result


def evaluated_rouge(pairs):
    """What evaluate's script `rouge` does, without the files that evaluate writes and reads before."""
    scorer = rouge_score.rouge_scorer.RougeScorer(TYPES)
    aggregator = rouge_score.scoring.BootstrapAggregator()
    np.random.seed(0)
    for pair in pairs:
        aggregator.add_scores(scorer.score(*pair))
    return {name: scores.mid.fmeasure for name, scores in aggregator.aggregate().items()}


def calls(count):
    """For each line of the table its name, the number of pairs, and what the peer and the drop-in do."""
    for name, stemmed in itertools.product(("cnndm_simcls", "xsum_brio"), (False, True)):
        pairs = pairs_of(f"summarization/{name}", count)
        scorers = [
            module.RougeScorer(TYPES, use_stemmer=stemmed) for module in (rouge_score.rouge_scorer, rouge_scorer)
        ]
        label = f"RougeScorer.score, {name}{', stemmed' if stemmed else ''}"
        yield label, count, [lambda each=each, pairs=pairs: [each.score(*pair) for pair in pairs] for each in scorers]
    for name, options in itertools.product(("cnndm_simcls", "xsum_brio"), ({}, {"exclusive": False})):
        columns = [list(column) for column in zip(*pairs_of(f"summarization/{name}", count), strict=True)]
        scorers = [module.Rouge(**options) for module in (rouge, textgauge.compat.rouge)]
        label = f"Rouge.get_scores, {name}{', not exclusive' if options else ''}"
        yield label, count, [lambda each=each, columns=columns: each.get_scores(*columns) for each in scorers]
    pairs = pairs_of("summarization/cnndm_simcls", 3 * count)
    references, predictions = (list(column) for column in zip(*pairs, strict=True))
    module = textgauge.compat.evaluate.load("rouge", seed=0)
    yield (
        "evaluate's rouge with its bootstrap",
        len(pairs),
        [
            lambda pairs=pairs: evaluated_rouge(pairs),
            lambda: module.compute(predictions=predictions, references=references),
        ],
    )
    pairs = pairs_of("asr/earnings21_utt", 10 * count)
    columns = [list(column) for column in zip(*pairs, strict=True)]
    modules = (jiwer, textgauge.compat.jiwer)
    count = len(pairs)
    yield "jiwer.wer in a loop", count, [lambda each=each: [each.wer(*pair) for pair in pairs] for each in modules]
    yield "jiwer.wer of lists", count, [lambda each=each: each.wer(*columns) for each in modules]
    yield "jiwer.process_words", count, [lambda each=each: repr(each.process_words(*columns).wer) for each in modules]
    yield (
        "jiwer.process_words, lists seen",
        count,
        [lambda each=each: len(each.process_words(*columns).alignments) for each in modules],
    )
    yield (
        "jiwer.process_characters",
        count,
        [lambda each=each: repr(each.process_characters(*columns).cer) for each in modules],
    )
    yield from calls_of_sacrebleu(count)
    yield from calls_of_nltk(count)
    if importlib.util.find_spec("torchmetrics"):
        yield from calls_of_torchmetrics()


def calls_of_sacrebleu(count):
    """The same, for translations; of single pairs and TER fewer, since sacrebleu takes long."""
    pairs = pairs_of("mt/wmt22.en-de.OpenNMT", count)
    references, hypotheses = (list(column) for column in zip(*pairs, strict=True))
    others = [hypothesis for _, hypothesis in pairs_of("mt/wmt22.en-de.PROMT", count)]
    count = len(pairs)

    def compared(label, count, call):
        modules = (sacrebleu, textgauge.compat.sacrebleu)
        return f"sacrebleu.{label}", count, [lambda each=each: str(call(each)) for each in modules]

    def tested(each, test):
        systems = [("first", hypotheses), ("second", others)]
        return each.significance.PairedTest(systems, {"BLEU": each.BLEU()}, [references], test_type=test)()

    few = count // 10
    yield compared("corpus_bleu", count, lambda each: each.corpus_bleu(hypotheses, [references]))
    yield compared(
        "sentence_bleu in a loop",
        count,
        lambda each: sum(each.sentence_bleu(hypothesis, [reference]).score for reference, hypothesis in pairs),
    )
    yield compared("corpus_chrf", count, lambda each: each.corpus_chrf(hypotheses, [references]))
    yield compared("corpus_ter", few, lambda each: each.corpus_ter(hypotheses[:few], [references[:few]]))
    yield compared("PairedTest, bootstrap", count, lambda each: tested(each, "bs"))
    yield compared("PairedTest, randomisation", count, lambda each: tested(each, "ar"))


def calls_of_nltk(count):
    """The same, for tokenised translations."""
    texts = pairs_of("mt/wmt22.en-de.PROMT", count)
    pairs = [([reference.split()], hypothesis.split()) for reference, hypothesis in texts]
    pairs = [pair for pair in pairs if len(pair[1]) >= 5]  # NLTK divides by zero
    columns = [list(column) for column in zip(*pairs, strict=True)]
    count = len(pairs)

    def compared(label, call):
        return (
            label,
            count,
            [lambda each=each: call(each) for each in (nltk.translate, textgauge.compat.nltk.translate)],
        )

    def bleu(each):
        smoothing = each.bleu_score.SmoothingFunction().method1
        return [each.bleu_score.sentence_bleu(*pair, smoothing_function=smoothing) for pair in pairs]

    yield compared("sentence_bleu, method1", bleu)
    yield compared("corpus_bleu", lambda each: each.bleu_score.corpus_bleu(*columns))
    yield compared("sentence_gleu", lambda each: [each.gleu_score.sentence_gleu(*pair) for pair in pairs])
    yield compared("corpus_gleu", lambda each: each.gleu_score.corpus_gleu(*columns))
    yield compared("sentence_nist", lambda each: [each.nist_score.sentence_nist(*pair) for pair in pairs])
    yield compared("corpus_nist", lambda each: each.nist_score.corpus_nist(*columns))
    yield compared("sentence_chrf", lambda each: [each.chrf_score.sentence_chrf(*pair) for pair in texts[:count]])
    modules = (distance, textgauge.compat.nltk.metrics.distance)
    yield (
        "edit_distance",
        count,
        [lambda each=each: [each.edit_distance(*pair) for pair in texts[:count]] for each in modules],
    )


def calls_of_torchmetrics():
    """The same for each class: an update and the result, of batches of two sizes."""
    import torch
    import torchmetrics.text

    import textgauge.compat.torchmetrics.text

    torch.set_num_threads(1)
    modules = (torchmetrics.text, textgauge.compat.torchmetrics.text)
    of_translations = ["BLEUScore", "SacreBLEUScore", "CHRFScore", "TranslationEditRate"]
    of_speech = [
        "WordErrorRate",
        "CharErrorRate",
        "MatchErrorRate",
        "WordInfoLost",
        "WordInfoPreserved",
        "EditDistance",
    ]
    jobs = [
        *((name, "mt/wmt22.en-cs.Online-A", True, {}) for name in of_translations),
        *((name, "asr/earnings21_utt", False, {}) for name in of_speech),
        # Without rougeLsum, whose sentences NLTK finds for both.
        ("ROUGEScore", "summarization/xsum_brio", True, {"rouge_keys": ("rouge1", "rouge2", "rougeL")}),
        ("SQuAD", "qa/evouna_NQ", True, {}),
    ]
    for (name, file, has_lists, options), count in itertools.product(jobs, (64, 1000)):
        if name == "CHRFScore" and count > 64:
            continue  # takes the peer a minute
        target, preds = zip(*pairs_of(file, count), strict=True)
        batch = list(preds), [[each] if has_lists else each for each in target]
        if name == "SQuAD":
            batch = questions_of(*batch)

        def scored(module, name=name, options=options, batch=batch):
            metric = getattr(module, name)(**options)
            metric.update(*batch)
            result = metric.compute()
            return {key: each.item() for key, each in result.items()} if isinstance(result, dict) else result.item()

        calls_of_both = [lambda module=module, scored=scored: scored(module) for module in modules]
        yield f"torchmetrics {name}, {count} rows", count, calls_of_both


def questions_of(preds, target):
    """Texts and lists of references in the form of SQuAD."""
    answers = [{"prediction_text": pred, "id": str(row)} for row, pred in enumerate(preds)]
    return answers, [{"answers": {"text": texts}, "id": str(row)} for row, texts in enumerate(target)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--pairs", type=int, default=300, help="Pairs of each file of summaries; of speech ten times so many."
    )
    print(f"{'call':40} {'peer, µs':>10} {'ours, µs':>10} {'ratio':>8}  equal")
    for label, count, (of_peer, of_drop_in) in calls(parser.parse_args().pairs):
        peer, expected = timed(of_peer, REPEATS if label.startswith("jiwer") else 1)
        ours, found = timed(of_drop_in, REPEATS)
        print(f"{label:40} {peer / count:10.1f} {ours / count:10.2f} {peer / ours:8.1f}  {found == expected}")


if __name__ == "__main__":
    main()
