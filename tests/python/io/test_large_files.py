"""Files that are larger than what is read at once, in each format: no row is lost, none is read twice."""

import csv
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from textgauge.io.arrow import CSV_BYTES_AT_ONCE
from textgauge.io.job import Choice, read
from textgauge.io.sources import open_sources

ROWS = 40_000
COLUMNS = {
    side: [f"{side} {number}: {'some words that make it long ' * 5}" for number in range(ROWS)]
    for side in ("prediction", "reference")
}
RECORDS = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]


def write_csv(path, opened=open, delimiter=","):
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(COLUMNS)
        writer.writerows(zip(*COLUMNS.values(), strict=True))


def write_arrow(path, new=pa.ipc.new_file):
    table = pa.table(COLUMNS)
    with new(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=5_000)


def write_lines(path, opened=open):
    with opened(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in RECORDS)


FORMATS = {
    "rows.csv": write_csv,
    "rows.tsv": lambda path: write_csv(path, delimiter="\t"),
    "rows.csv.gz": lambda path: write_csv(path, gzip.open),
    "rows.jsonl": write_lines,
    "rows.jsonl.gz": lambda path: write_lines(path, gzip.open),
    "rows.json": lambda path: path.write_text(json.dumps(RECORDS), encoding="utf-8"),
    "rows.arrow": write_arrow,
    "stream.arrow": lambda path: write_arrow(path, pa.ipc.new_stream),
    "rows.parquet": lambda path: pq.write_table(pa.table(COLUMNS), path, row_group_size=15_000),
}


@pytest.mark.parametrize("name", FORMATS)
def test_all_rows_are_read_once(tmp_path, name):
    assert sum(map(len, COLUMNS["prediction"])) > CSV_BYTES_AT_ONCE
    path = tmp_path / name
    FORMATS[name](path)
    found = {column: [] for column in COLUMNS}
    choice = Choice(("prediction",), ("reference",))
    batches = 0
    for rows, _ in read(open_sources([str(path)], None), choice, threads=2):
        batches += 1
        for column, values in found.items():
            values += rows.values(column)
    assert batches > 1
    assert found == COLUMNS
