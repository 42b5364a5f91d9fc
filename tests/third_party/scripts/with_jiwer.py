import json
import sys
from pathlib import Path

import jiwer

clean = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.ReduceToListOfListOfWords()])
references, hypotheses = [], []
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for line in lines:
        row = json.loads(line)
        references.append(row["references"][0])
        hypotheses.append(row["hypothesis"])
        print(row["id"], jiwer.wer(references[-1], hypotheses[-1]), jiwer.cer(references[-1], hypotheses[-1]))
print(jiwer.wer(references, hypotheses, reference_transform=clean, hypothesis_transform=clean))
output = jiwer.process_words(references, hypotheses)
print(output.hits, output.substitutions, output.insertions, output.deletions, output.mer, output.wil)
print(jiwer.visualize_alignment(output)[:2000])
