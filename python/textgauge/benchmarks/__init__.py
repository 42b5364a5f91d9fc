"""Benchmarks of language models: MMLU, BIG-bench Hard and HELM, scored from the outputs of models.

>>> from textgauge.benchmarks import mmlu
>>> scores = mmlu.score([{"subject": "anatomy", "target": "B", "prediction": "B."}])
>>> scores.micro.accuracy
1.0
"""

from textgauge.benchmarks import bbh, calibration, helm, mmlu
from textgauge.benchmarks.accuracy import Accuracy, Item
from textgauge.benchmarks.answers.reading import Reading
from textgauge.benchmarks.records import Record, read

__all__ = ["Accuracy", "Item", "Reading", "Record", "bbh", "calibration", "helm", "mmlu", "read"]
