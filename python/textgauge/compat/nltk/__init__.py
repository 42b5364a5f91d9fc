"""Drop-in for parts of NLTK 3.10.4: BLEU, GLEU, NIST and chrF of `nltk.translate`, and `nltk.metrics.distance`.

`from textgauge.compat.nltk.translate.bleu_score import sentence_bleu`
"""

from textgauge.compat.nltk import metrics as metrics
from textgauge.compat.nltk import translate as translate
from textgauge.compat.nltk.metrics import *
from textgauge.compat.nltk.translate import *
