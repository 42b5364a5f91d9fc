import json
import sys
from pathlib import Path

import numpy as np
from rouge_score import rouge_scorer, scoring

np.random.seed(0)
scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"], use_stemmer=True)
aggregator = scoring.BootstrapAggregator(n_samples=100)
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for line in lines:
        row = json.loads(line)
        scores = scorer.score(row["references"][0], row["hypothesis"])
        aggregator.add_scores(scores)
        print(row["id"], *(f"{score.fmeasure:.6f}" for score in scores.values()))
for name, score in aggregator.aggregate().items():
    print(name, score.low.fmeasure, score.mid.fmeasure, score.high.fmeasure)
