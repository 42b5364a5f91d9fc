"""Files scored by the command line, as whole processes, beside the scorer in memory: one table from one run.

For each job and size: seconds, pairs a second, the share of the rate of `Scorer.score` on the same columns in memory
and on the same cores, CPU seconds, and the peak of memory. The best of some runs counts.

    python benches/python/files.py [--rows 250000 1000000 4000000] [--only WORD] [--runs 3] [--data FOLDER]
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import textgauge as tg
from corpus import Pairs, headlines, pairs, read
from peers_translation import CNNDM
from workers import DATA, cpu

XSUM = "summarization/xsum_brio.jsonl.gz"
METRICS = "rouge1,rouge2,rougeL"
ROWS_IN_A_GROUP = 1 << 16


@dataclass(frozen=True)
class Job:
    """A file that is scored.

    Attributes:
        name: What the table calls it.
        source: The texts, which are repeated.
        kind: The ending of the file.
        out: The ending of the file of scores; empty for none.
    """

    name: str
    source: str
    kind: str
    out: str = ""


JOBS = (
    Job("JSON lines, xsum", XSUM, "jsonl"),
    Job("JSON lines to JSON lines, xsum", XSUM, "jsonl", "jsonl"),
    Job("JSON lines to Parquet, xsum", XSUM, "jsonl", "parquet"),
    Job("Parquet to Parquet, cnndm", CNNDM, "parquet", "parquet"),
    Job("Parquet, cnndm", CNNDM, "parquet"),
    Job("CSV, xsum", XSUM, "csv"),
)


@dataclass(frozen=True)
class Run:
    """What a process took."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def texts_of(data: Path, source: str) -> Pairs:
    path = data / source
    return read(path) if path.exists() else pairs(2000) if source == CNNDM else headlines(2000)


def write(path: Path, texts: Pairs, rows: int) -> None:
    """The texts, repeated to `rows` rows, in the format of the path's ending."""
    repeated = itertools.islice(itertools.cycle(zip(*texts, strict=True)), rows)
    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as file:
            for number, (prediction, reference) in enumerate(repeated):
                row = {"id": number, "prediction": prediction, "reference": reference}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    tables = (pa.table({"prediction": p, "reference": r}) for p, r in chunks(repeated))
    first = next(tables)
    if path.suffix == ".csv":
        from pyarrow import csv

        with csv.CSVWriter(path, first.schema) as writer:
            for table in itertools.chain([first], tables):
                writer.write(table)
        return
    with pq.ParquetWriter(path, first.schema, use_dictionary=False) as writer:
        for table in itertools.chain([first], tables):
            writer.write_table(table)


def chunks(rows: Iterator[tuple[str, str]]) -> Iterator[Pairs]:
    while chunk := list(itertools.islice(rows, ROWS_IN_A_GROUP)):
        predictions, references = zip(*chunk, strict=True)
        yield list(predictions), list(references)


def in_memory(texts: Pairs, rounds: int = 5) -> float:
    """Pairs a second of the scorer, on all cores."""
    column = [pa.array((texts[side] * (200_000 // len(texts[0]) + 1))[:200_000], pa.large_string()) for side in (0, 1)]
    scorer = tg.Scorer(METRICS.split(","))
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        scorer.score(*column)
        best = min(best, time.perf_counter() - start)
    return len(column[0]) / best


def run(file: Path, out: Path | None) -> Run:
    arguments = ["score", str(file), "--prediction", "prediction", "--reference", "reference", "--metrics", METRICS]
    return timed([*arguments, *([] if out is None else ["--out", str(out)])])


def timed(arguments: list[str]) -> Run:
    """The command line as a whole process."""
    # As where packages are installed: modules are compiled once.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "textgauge.cli", *arguments], stdout=subprocess.DEVNULL, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[250_000, 1_000_000, 4_000_000])
    parser.add_argument("--only", default="", help="jobs whose name holds this")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    print(f"{cpu()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}, {METRICS}\n")
    print(f"{'job':32} {'pairs':>9} {'s':>7} {'pairs/s':>10} {'share':>6} {'CPU s':>6} {'MiB':>5}")
    for job in (job for job in JOBS if given.only in job.name):
        texts = texts_of(given.data, job.source)
        for rows in given.rows:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, f"in.{job.kind}")
                write(file, texts, rows)
                out = Path(folder, f"out.{job.out}") if job.out else None
                best = min((run(file, out) for _ in range(given.runs)), key=lambda each: each.seconds)
            rate = rows / best.seconds
            share = 100 * rate / in_memory(texts)
            print(
                f"{job.name:32} {rows:9,} {best.seconds:7.2f} {rate:10,.0f} {share:5.0f}% {best.cpu_seconds:6.2f} "
                f"{best.peak_mib:5.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
