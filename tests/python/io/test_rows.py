"""Files of scores: their formats by name, and rows without a score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from textgauge.errors import ConfigError
from textgauge.io.rows import Rows, row_format


@pytest.mark.parametrize("name", ["rows.parquet", "rows.arrow"])
@pytest.mark.parametrize("number", [1, 8, 9, 1000])
def test_a_row_without_a_score_is_null(name, number):
    scores = np.random.default_rng(number).random(number)
    scores[::3] = np.nan
    form = row_format(Path(name), [], ["wer"], {})
    [batch] = form.encode(Rows(np.arange(number, dtype=np.uint64), {}, {"wer": scores}))
    assert batch["wer"].to_pylist() == [None if value != value else value for value in scores.tolist()]
    assert batch["wer"].null_count == len(scores[::3])
    assert batch["row"].to_pylist() == list(range(number))
    batch.validate(full=True)
    assert isinstance(batch, pa.RecordBatch)


@pytest.mark.parametrize("name", ["rows.xlsx", "rows.txt", "rows.pq", "rows.xlsx.gz"])
def test_a_name_that_no_format_has_is_refused(name):
    with pytest.raises(ConfigError, match=r"its name must end in \.jsonl"):
        row_format(Path(name), [], ["wer"], {})


@pytest.mark.parametrize("name", ["rows", "rows.jsonl", "rows.ndjson", "rows.json", "rows.jsonl.gz", "/dev/stdout"])
def test_json_lines(name):
    assert type(row_format(Path(name), [], ["wer"], {})).__name__ == "JsonLines"
