"""Benchmarks of language models: MMLU, MMLU-Pro, BIG-bench Hard, GSM8K, MATH and HELM, from the outputs of models.

>>> from textgauge.benchmarks import mmlu
>>> scores = mmlu.score([{"subject": "anatomy", "target": "B", "prediction": "B."}])
>>> scores.micro.accuracy
1.0
"""

from textgauge.benchmarks import bbh, calibration, gsm8k, helm, math, mmlu, mmlu_pro
from textgauge.benchmarks.accuracy import Accuracy, Estimate, Item
from textgauge.benchmarks.answers.reading import Reading
from textgauge.benchmarks.logs import Records, read
from textgauge.benchmarks.records import Record

__all__ = [
    "Accuracy",
    "Estimate",
    "Item",
    "Reading",
    "Record",
    "Records",
    "bbh",
    "calibration",
    "gsm8k",
    "helm",
    "math",
    "mmlu",
    "mmlu_pro",
    "read",
]
