"""What Spark, Ray and Dask add to the scorer's own time: Parquet in, a corpus's scores or Parquet out.

Each engine has two workers with one core each; the bare scorer has two threads, and pyarrow's reader and writer. Each
job runs at two sizes, after a small one that starts the workers. Beside the seconds on the clock stand those of the
processors, of all processes together: a busy machine hardly changes them. Their difference from the bare scorer's, as
a line through both sizes, gives what an engine costs a row, and once a job.

    python benches/python/clusters.py [--rows N] [--only ENGINE] [--data FOLDER]
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq

import textgauge as tg
from corpus import headlines, read

XSUM = Path("summarization/xsum_brio.jsonl.gz")
METRICS = ["rouge1", "rouge2", "rougeL"]
WORKERS = 2
FILES = 8
WARM_UP_ROWS = 1000
ROUNDS = 2


@dataclass(frozen=True)
class Jobs:
    """The two jobs, from a folder of Parquet files; `score` writes another one."""

    aggregate: Callable[[Path], tg.Aggregate]
    score: Callable[[Path, Path], object]


@contextmanager
def bare() -> Iterator[Jobs]:
    scorer = tg.Scorer(METRICS, threads=WORKERS)

    def aggregate(source: Path) -> tg.Aggregate:
        batches = pads.dataset(source).to_batches()
        return sum(scorer.aggregate(batch["prediction"], batch["reference"]) for batch in batches if len(batch))

    def score(source: Path, target: Path) -> None:
        def batches() -> Iterator[pa.RecordBatch]:
            for batch in pads.dataset(source).to_batches():
                scores = scorer.score(batch["prediction"], batch["reference"]).to_arrow()
                columns = [*batch.columns, *(column.combine_chunks() for column in scores.columns)]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)

        added = [pa.field(name, pa.float64()) for name in scorer.columns]
        schema = pa.schema([*pads.dataset(source).schema, *added])
        pads.write_dataset(batches(), target, schema=schema, format="parquet")

    yield Jobs(aggregate, score)


@contextmanager
def spark() -> Iterator[Jobs]:
    from pyspark.sql import SparkSession

    from textgauge.distributed import spark as engine

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local-cluster[{WORKERS},1,1024]").config("spark.ui.enabled", "false")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield Jobs(
        lambda source: engine.aggregate(session.read.parquet(str(source)), METRICS),
        lambda source, target: engine.score(session.read.parquet(str(source)), METRICS).write.parquet(str(target)),
    )
    session.stop()


@contextmanager
def ray() -> Iterator[Jobs]:
    import ray

    from textgauge.distributed import ray as engine

    ray.init(num_cpus=WORKERS, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    yield Jobs(
        lambda source: engine.aggregate(ray.data.read_parquet(str(source)), METRICS),
        lambda source, target: engine.score(ray.data.read_parquet(str(source)), METRICS).write_parquet(str(target)),
    )
    ray.shutdown()


@contextmanager
def dask() -> Iterator[Jobs]:
    import dask.dataframe as dd

    from distributed import Client, LocalCluster
    from textgauge.distributed import dask as engine

    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        yield Jobs(
            lambda source: engine.aggregate(dd.read_parquet(source), METRICS),
            lambda source, target: engine.score(dd.read_parquet(source), METRICS).to_parquet(target),
        )


ENGINES: dict[str, Any] = {"Spark": spark, "Ray": ray, "Dask": dask}


def write(folder: Path, rows: int, texts: tuple[list[str], list[str]]) -> Path:
    """A folder of Parquet files with so many rows of the texts, again and again."""
    source = folder / f"{rows}"
    source.mkdir()
    own = rows // FILES
    predictions, references = ([side[row % len(side)] for row in range(own)] for side in texts)
    for file in range(FILES):
        pq.write_table(pa.table({"prediction": predictions, "reference": references}), source / f"{file}.parquet")
    return source


@dataclass(frozen=True)
class Seconds:
    """What a job took on the clock, and of the processors."""

    clock: float
    cpu: float


def cpu_seconds() -> float:
    """What this process and all that it has started have taken of the processors."""
    me = psutil.Process()
    total = 0.0
    for process in [me, *me.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])
    return total


def seconds(job: Callable[[], object]) -> Seconds:
    """The best of some runs."""
    runs = []
    for _ in range(ROUNDS):
        start, start_cpu = time.perf_counter(), cpu_seconds()
        job()
        runs.append((time.perf_counter() - start, cpu_seconds() - start_cpu))
    clock, cpu = (min(each) for each in zip(*runs, strict=True))
    return Seconds(clock, cpu)


def times(jobs: Jobs, sources: list[Path], folder: Path) -> dict[str, list[Seconds]]:
    """What each job takes for each source but the first, which starts the workers."""

    def score(source: Path) -> None:
        target = folder / "scores"
        shutil.rmtree(target, ignore_errors=True)
        jobs.score(source, target)

    found = {}
    for name, job in [("aggregate", jobs.aggregate), ("score", score)]:
        job(sources[0])
        found[name] = [seconds(partial(job, source)) for source in sources[1:]]
    return found


def row(engine: str, job: str, taken: list[Seconds], alone: list[Seconds], sizes: list[int]) -> str:
    """A row of the table."""
    more = [there.cpu - here.cpu for there, here in zip(taken, alone, strict=True)]
    a_row = (more[1] - more[0]) / (sizes[1] - sizes[0])
    cells = [engine, job, *(f"{each.clock:.2f} s, {each.cpu:.2f} s" for each in taken)]
    cells += ["", ""] if taken is alone else [f"{1e6 * a_row:.2f} µs", f"{more[0] - a_row * sizes[0]:.2f} s"]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_200_000, help="Rows of the larger size; the other has a quarter.")
    parser.add_argument("--only", choices=list(ENGINES), help="One engine.")
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[3] / "shared/data/dev")
    arguments = parser.parse_args()
    path = arguments.data / XSUM
    texts = read(path) if path.exists() else headlines(2000)
    sizes = [arguments.rows // 4, arguments.rows]
    print(f"| Engine | Job | {sizes[0]:,} rows: clock, CPU | {sizes[1]:,} rows | more a row | more a job |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [write(folder, rows, texts) for rows in (WARM_UP_ROWS, *sizes)]
        with bare() as jobs:
            alone = times(jobs, sources, folder)
        for job, taken in alone.items():
            print(row("none", job, taken, taken, sizes), flush=True)
        for engine in [arguments.only] if arguments.only else ENGINES:
            with ENGINES[engine]() as jobs:
                found = times(jobs, sources, folder)
            for job, taken in found.items():
                print(row(engine, job, taken, alone[job], sizes), flush=True)


if __name__ == "__main__":
    main()
