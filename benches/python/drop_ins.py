"""Each drop-in against the package that it stands for: the same calls, in one run, on one thread.

`python benches/python/drop_ins.py [--pairs N]` prints the time of a pair by each, and whether all results are equal.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import time
from pathlib import Path

# Read when the first batch is scored.
os.environ["TEXTGAUGE_NUM_THREADS"] = "1"

import jiwer
import numpy as np
import rouge_score.rouge_scorer
import rouge_score.scoring

import textgauge.compat.evaluate
import textgauge.compat.jiwer
from textgauge.compat.rouge_score import rouge_scorer

DATA = Path(__file__).parents[3] / "shared" / "data" / "dev"
TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
REPEATS = 5


def pairs_of(name, count):
    """References and hypotheses."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, count)]
    return [(row["references"][0], row["hypothesis"]) for row in rows]


def timed(call, repeats):
    """The best time in microseconds, and the result."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        best = min(best, (time.perf_counter() - start) * 1e6)
    return best, result


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
    pairs = pairs_of("summarization/cnndm_simcls", 3 * count)
    references, predictions = (list(column) for column in zip(*pairs, strict=True))
    rouge = textgauge.compat.evaluate.load("rouge", seed=0)
    yield (
        "evaluate's rouge with its bootstrap",
        len(pairs),
        [
            lambda pairs=pairs: evaluated_rouge(pairs),
            lambda: rouge.compute(predictions=predictions, references=references),
        ],
    )
    pairs = pairs_of("asr/earnings21_utt", 10 * count)
    columns = [list(column) for column in zip(*pairs, strict=True)]
    modules = (jiwer, textgauge.compat.jiwer)
    count = len(pairs)
    yield "jiwer.wer in a loop", count, [lambda each=each: [each.wer(*pair) for pair in pairs] for each in modules]
    yield "jiwer.wer of lists", count, [lambda each=each: each.wer(*columns) for each in modules]
    yield "jiwer.process_words", count, [lambda each=each: repr(each.process_words(*columns).wer) for each in modules]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--pairs", type=int, default=300, help="Pairs of each file of summaries; of speech ten times so many."
    )
    print(f"{'call':40} {'peer, µs':>10} {'ours, µs':>10} {'ratio':>8}  equal")
    for label, count, (of_peer, of_drop_in) in calls(parser.parse_args().pairs):
        peer, expected = timed(of_peer, 1 if "ouge" in label else REPEATS)
        ours, found = timed(of_drop_in, REPEATS)
        print(f"{label:40} {peer / count:10.1f} {ours / count:10.2f} {peer / ours:8.1f}  {found == expected}")


if __name__ == "__main__":
    main()
