import json
import sys
from pathlib import Path

import torch.distributed
from torchmetrics import MetricCollection
from torchmetrics.text import BLEUScore, CHRFScore, ROUGEScore, TranslationEditRate, WordErrorRate

torch.distributed.init_process_group("gloo")
rank, processes = torch.distributed.get_rank(), torch.distributed.get_world_size()
multiple = MetricCollection([BLEUScore(), CHRFScore(), TranslationEditRate()])
single = MetricCollection([WordErrorRate(), ROUGEScore(rouge_keys=("rouge1", "rouge2", "rougeL"))])
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    rows = [json.loads(line) for line in lines][rank::processes]
for start in range(0, len(rows), 16):
    hypotheses = [row["hypothesis"] for row in rows[start : start + 16]]
    references = [row["references"] for row in rows[start : start + 16]]
    multiple.update(hypotheses, references)
    single.update(hypotheses, [each[0] for each in references])
results = {**multiple.compute(), **single.compute()}
if rank == 0:
    print(processes, {name: score.tolist() for name, score in results.items()})
torch.distributed.destroy_process_group()
