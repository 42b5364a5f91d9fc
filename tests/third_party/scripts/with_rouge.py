import json
import sys
from pathlib import Path

from rouge import Rouge

scorer = Rouge()
references, hypotheses = [], []
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for line in lines:
        row = json.loads(line)
        references.append(row["references"][0])
        hypotheses.append(row["hypothesis"])
        (scores,) = scorer.get_scores(hypotheses[-1], references[-1])
        print(row["id"], {name: round(score["f"], 6) for name, score in scores.items()})
print(scorer.get_scores(hypotheses, references, avg=True))
