"""Dask with a cluster of two worker processes."""

import os

import pytest
from shared import Laws, data, parts

import textgauge as tg

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

import dask.dataframe as dd  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402

from textgauge.distributed import dask as tg_dask  # noqa: E402

# What Dask warns of is its own business.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(600)]

TEXTS = pd.ArrowDtype(pa.list_(pa.string()))


class Dask:
    module = tg_dask
    error = tg.InputError

    def __init__(self, client):
        self.client = client
        self.deaths = [lambda: os._exit(1)]

    def frame(self, columns, lengths):
        several = isinstance(next(iter(columns["reference"]), []), list)
        types = {"id": "int64", "reference": TEXTS if several else "str", "wer": "float64"}
        made = [
            pd.DataFrame({name: pd.Series(values, dtype=types.get(name, "str")) for name, values in part.items()})
            for part in parts(columns, lengths)
        ]
        return dd.from_map(lambda part: part, made, meta=made[0].iloc[:0])

    def columns(self, frame):
        frame = frame.compute()
        return {name: list(frame[name]) for name in frame}

    def place(self, partition, row):
        return f"partition {partition}, row {row}"


@pytest.fixture(scope="module")
def engine():
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield Dask(client)


class TestDask(Laws):
    def test_there_are_two_worker_processes(self, engine):
        # One may have died a moment ago.
        engine.client.wait_for_workers(2)
        pids = engine.client.run(os.getpid)
        assert len({*pids.values(), os.getpid()}) == 3

    @pytest.mark.usefixtures("engine")
    def test_lists_of_python_strings(self):
        columns = data()
        with dask.config.set({"dataframe.convert-string": False}):
            frame = dd.from_pandas(pd.DataFrame(columns), npartitions=3)
            sums = tg_dask.aggregate(frame, "rougeL")
        assert sums == tg.Scorer("rougeL").aggregate(columns["prediction"], columns["reference"])

    @pytest.mark.usefixtures("engine")
    def test_an_index_stays(self):
        columns = data()
        frame = dd.from_pandas(pd.DataFrame({**columns, "reference": columns["other"]}).set_index("id"), npartitions=3)
        scored = tg_dask.score(frame, "wer", keep=[]).compute()
        assert scored.index.tolist() == columns["id"]
        assert list(scored.columns) == tg.Scorer("wer").columns

    def test_measurements_that_a_worker_lost_are_made_again(self, engine):
        columns = data()
        scorer = tg.Scorer("rouge1")
        measured = tg_dask.measure(engine.frame(columns, [100, 150, 50]), scorer)
        worker = next(iter(engine.client.scheduler_info()["workers"]))
        engine.client.restart_workers([worker])
        expected = scorer.measure(columns["prediction"], columns["reference"]).bootstrap(samples=50)
        assert measured.bootstrap(samples=50) == expected
