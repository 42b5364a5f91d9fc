"""Files too large for the usual tests: a line of 500 MB, a column of more than 2 GiB, memory that stays flat.

`just test-large` runs them: some minutes, 12 GiB of memory and 6 GB of disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

import textgauge as tg

METRICS = ("--metrics", "rouge1", "--json", "--no-check", "--quiet")
TEXT = "the cat sat on the mat and looked at the dog that lay on the rug before the fire "


def score(file, *options):
    """What the command prints, and the peak of its memory in MiB."""
    command = [sys.executable, "-m", "textgauge.cli", "score", str(file), *METRICS, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    return process.returncode, output, errors.decode(), usage.ru_maxrss / 1024


@pytest.mark.timeout(900)
def test_a_line_of_500_mb(tmp_path):
    path = tmp_path / "long.jsonl"
    long = TEXT * (500_000_000 // len(TEXT))
    rows = [("a cat", "the cat"), (long, TEXT), ("a dog", "the dog")]
    with path.open("w") as file:
        for prediction, reference in rows:
            file.write(json.dumps({"prediction": prediction, "reference": reference}) + "\n")
    status, output, errors, _ = score(path)
    assert status == 0, errors
    assert json.loads(output)["scores"] == tg.Scorer("rouge1").aggregate(*zip(*rows, strict=True)).corpus


@pytest.mark.timeout(900)
def test_a_long_line_that_is_not_json_names_its_place(tmp_path):
    path = tmp_path / "broken.jsonl"
    with path.open("w") as file:
        file.write('{"prediction": "a", "reference": "b"}\n{"prediction": "' + TEXT * 1_000_000 + "\n")
    status, output, errors, _ = score(path)
    assert (status, output) == (2, b"")
    assert "line 2: not JSON: expected" in errors


@pytest.mark.timeout(900)
def test_a_column_of_more_than_2_gib(tmp_path):
    rows = 26_000
    text = TEXT * 1050  # 26,000 of them are 2.2 GB
    column = pa.array([text] * rows, pa.large_string())
    assert column.nbytes > 2**31
    references = pa.array([TEXT] * rows, pa.large_string())
    expected = tg.Scorer("rouge1").aggregate([text] * rows, [TEXT] * rows)
    assert tg.Scorer("rouge1").aggregate(column, references).corpus == expected.corpus
    table = pa.table({"prediction": column, "reference": references})
    for name, write in (("large.parquet", pq.write_table), ("large.arrow", feather.write_feather)):
        write(table, tmp_path / name)
        status, output, errors, _ = score(tmp_path / name)
        assert status == 0, errors
        assert json.loads(output)["scores"] == expected.corpus


@pytest.mark.timeout(900)
@pytest.mark.parametrize("out", [(), ("--out", "scores.jsonl"), ("--out", "scores.parquet")])
def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    peaks = []
    for rows in (300_000, 1_200_000):
        path = tmp_path / f"{rows}.jsonl"
        with path.open("w") as file:
            for row in range(rows):
                file.write(f'{{"id": {row}, "prediction": "{TEXT}", "reference": "{TEXT}{row}"}}\n')
        status, _, errors, peak = score(path, *out)
        assert status == 0, errors
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.25 + 20
