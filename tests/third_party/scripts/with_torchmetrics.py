import json
import sys
from pathlib import Path

from torchmetrics.text import BLEUScore, CharErrorRate, CHRFScore, WordErrorRate

metrics = [BLEUScore(), CHRFScore(), WordErrorRate(), CharErrorRate()]
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    rows = [json.loads(line) for line in lines]
for start in range(0, len(rows), 16):
    batch = rows[start : start + 16]
    hypotheses = [row["hypothesis"] for row in batch]
    references = [row["references"] for row in batch]
    firsts = [each[0] for each in references]
    print(start, *(metric(hypotheses, references) for metric in metrics[:2]))
    print(start, *(metric(hypotheses, firsts) for metric in metrics[2:]))
print([metric.compute().item() for metric in metrics])
