"""Counts of errors against jiwer 4.0.0's `collect_error_counts`."""

from __future__ import annotations

import jiwer
import pytest
from parity import hostile_pairs

import textgauge as tg


@pytest.mark.parametrize(("process", "tokenizer"), [("words", "jiwer-words"), ("characters", "jiwer-characters")])
def test_the_same_errors(process: str, tokenizer: str) -> None:
    pairs = [(pair.prediction, pair.references[0]) for pair in hostile_pairs(400, 9)]
    # jiwer refuses references without words.
    chain = jiwer.wer_default if process == "words" else jiwer.cer_default
    pairs = [pair for pair in pairs if any(chain([pair[1]])[0])]
    predictions, references = map(list, zip(*pairs, strict=True))
    output = getattr(jiwer, f"process_{process}")(references, predictions)
    substitutions, insertions, deletions = jiwer.alignment.collect_error_counts(output)
    ours = tg.error_counts(predictions, references, tokenizer=tokenizer)
    assert ours.substitutions == substitutions
    assert ours.insertions == insertions
    assert ours.deletions == deletions
    assert sum(substitutions.values()) > 50

    # Parts add up, however many threads there are.
    middle = len(pairs) // 3
    parts = [
        tg.error_counts(predictions[part], references[part], tokenizer=tokenizer, threads=2)
        for part in (slice(None, middle), slice(middle, None))
    ]
    assert parts[0] + parts[1] == ours
    assert list((parts[0] + parts[1]).substitutions.items()) == list(ours.substitutions.items())
