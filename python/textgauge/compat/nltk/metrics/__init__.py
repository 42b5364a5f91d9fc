"""Distances: what `nltk.metrics` of NLTK 3.10.4 offers of `nltk.metrics.distance`."""

from textgauge.compat.nltk.metrics import distance
from textgauge.compat.nltk.metrics.distance import (
    binary_distance,
    custom_distance,
    edit_distance,
    edit_distance_align,
    fractional_presence,
    interval_distance,
    jaccard_distance,
    masi_distance,
    presence,
)

__all__ = [
    "binary_distance",
    "custom_distance",
    "distance",
    "edit_distance",
    "edit_distance_align",
    "fractional_presence",
    "interval_distance",
    "jaccard_distance",
    "masi_distance",
    "presence",
]
