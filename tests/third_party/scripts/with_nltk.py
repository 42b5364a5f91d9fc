import json
import sys
from pathlib import Path

from nltk.metrics.distance import edit_distance
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu, sentence_bleu
from nltk.translate.gleu_score import sentence_gleu

smooth = SmoothingFunction().method1
references, hypotheses = [], []
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for line in lines:
        row = json.loads(line)
        references.append([text.split() for text in row["references"]])
        hypotheses.append(row["hypothesis"].split())
        bleu = sentence_bleu(references[-1], hypotheses[-1], smoothing_function=smooth)
        distance = edit_distance(references[-1][0], hypotheses[-1])
        print(row["id"], bleu, sentence_gleu(references[-1], hypotheses[-1]), distance)
print(corpus_bleu(references, hypotheses))
