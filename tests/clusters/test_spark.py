"""Spark in local-cluster mode: a driver and two executors, which are processes of their own."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from shared import Laws, data, parts

import textgauge as tg

pyspark = pytest.importorskip("pyspark")

from pyspark.sql import SparkSession  # noqa: E402

from textgauge.distributed import spark  # noqa: E402

# What Spark warns of is its own business.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(600)]

SCHEMA = "id long, prediction string, other string, reference array<string>, task string"


class Spark:
    module = spark
    error = pyspark.errors.PythonException

    def __init__(self, session):
        self.session = session

        # Defined in here, so that they are sent whole: workers don't have this file.
        def exit_worker():
            os._exit(1)

        def kill_executor():
            # The JVM that the worker's parent, pyspark's daemon, is a child of.
            stat = Path(f"/proc/{os.getppid()}/stat").read_text()
            os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)
            signal.pause()

        self.deaths = [exit_worker, kill_executor]

    def frame(self, columns, lengths):
        first = next(iter(columns["reference"]), [])
        schema = SCHEMA if isinstance(first, list) else SCHEMA.replace("array<string>", "string")
        schema += ", wer double" if "wer" in columns else ""
        rows = [list(zip(*part.values(), strict=True)) for part in parts(columns, lengths)]
        rdd = self.session.sparkContext.parallelize(rows, len(rows)).flatMap(lambda rows: rows)
        return self.session.createDataFrame(rdd, schema)

    def columns(self, frame):
        rows = frame.collect()
        return {name: [row[name] for row in rows] for name in frame.columns}

    def place(self, partition, row):
        return f"partition {partition}, row {row}"


@pytest.fixture(scope="module")
def engine():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    options = {
        "spark.ui.enabled": "false",
        # No work before both executors are there.
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "120s",
        # Once for a worker that dies; a bad row stays bad.
        "spark.task.maxFailures": "2",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()

    def parent(_):
        time.sleep(0.5)
        return os.getppid()

    daemons = session.sparkContext.parallelize(range(8), 8).map(parent).collect()
    assert len(set(daemons)) == 2
    yield Spark(session)
    session.stop()


class TestSpark(Laws):
    def test_columns_with_dots_are_named_by_backticks(self, engine):
        frame = engine.frame(data(), [300])
        scored = spark.score(frame, "rouge1").selectExpr("avg(`rouge1.f`) as mean").collect()
        assert 0 < scored[0]["mean"] < 1

    def test_measurements_that_an_executor_lost_are_made_again(self, engine, tmp_path):
        columns = data()
        frame = engine.frame(columns, [100, 150, 50])
        scorer = tg.Scorer("rouge1")
        measured = spark.measure(frame, scorer)
        marker = str(tmp_path / "killed")
        leave = engine.deaths[1]

        def kill_once(number):
            try:
                os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                return number
            leave()
            return number

        assert engine.session.sparkContext.parallelize(range(2), 2).map(kill_once).sum() == 1
        expected = scorer.measure(columns["prediction"], columns["reference"]).bootstrap(samples=50)
        assert measured.bootstrap(samples=50) == expected
