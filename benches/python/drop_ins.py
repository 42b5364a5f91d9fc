"""Each drop-in against the package that it stands for: the same calls, in one run, on one thread.

`python benches/python/drop_ins.py [--pairs N]` prints the time of a pair by each, and whether all results are equal.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import time
from pathlib import Path

import rouge_score.rouge_scorer

from textgauge.compat.rouge_score import rouge_scorer

SUMMARIES = Path(__file__).parents[3] / "shared" / "data" / "dev" / "summarization"
TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
REPEATS = 5


def pairs_of(name, count):
    with gzip.open(SUMMARIES / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, count)]
    return [(row["references"][0], row["hypothesis"]) for row in rows]


def timed(call, pairs, repeats):
    """The best time of a pair in microseconds, and the results."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        results = [call(*pair) for pair in pairs]
        best = min(best, (time.perf_counter() - start) / len(pairs) * 1e6)
    return best, results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300, help="Pairs of each file.")
    count = parser.parse_args().pairs
    print(f"{'texts':24} {'peer, µs':>10} {'ours, µs':>10} {'ratio':>8}  equal")
    for name, stemmed in itertools.product(("cnndm_simcls", "xsum_brio"), (False, True)):
        pairs = pairs_of(name, count)
        peer, expected = timed(rouge_score.rouge_scorer.RougeScorer(TYPES, use_stemmer=stemmed).score, pairs, 1)
        ours, found = timed(rouge_scorer.RougeScorer(TYPES, use_stemmer=stemmed).score, pairs, REPEATS)
        label = f"{name}{', stemmed' if stemmed else ''}"
        print(f"{label:24} {peer:10.1f} {ours:10.2f} {peer / ours:8.1f}  {found == expected}")


if __name__ == "__main__":
    main()
