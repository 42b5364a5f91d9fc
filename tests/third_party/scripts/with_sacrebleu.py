import json
import sys
from pathlib import Path

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

bleu, chrf = BLEU(), CHRF(word_order=2)
references, hypotheses = [], []
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for line in lines:
        row = json.loads(line)
        references.append(row["references"][0])
        hypotheses.append(row["hypothesis"])
        print(row["id"], sacrebleu.sentence_bleu(hypotheses[-1], [references[-1]]).score)
for metric in (bleu, chrf):
    print(metric.corpus_score(hypotheses, [references]), metric.get_signature())
print(bleu.corpus_score(hypotheses, [references], n_bootstrap=300))
print(sacrebleu.corpus_ter(hypotheses, [references]).score)
