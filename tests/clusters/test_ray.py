"""Ray with two workers."""

import os

import pytest
from shared import Laws, data, parts

import textgauge as tg

ray = pytest.importorskip("ray")

import pyarrow as pa  # noqa: E402

from textgauge.distributed import ray as tg_ray  # noqa: E402

# What Ray warns of is its own business.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(600)]


class Ray:
    module = tg_ray
    error = ray.exceptions.RayTaskError

    def __init__(self):
        self.deaths = [lambda: os._exit(1)]

    def frame(self, columns, lengths):
        several = isinstance(next(iter(columns["reference"]), []), list)
        texts = pa.list_(pa.string()) if several else pa.string()
        types = {"id": pa.int64(), "reference": texts, "wer": pa.float64()}
        tables = [
            pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in part.items()})
            for part in parts(columns, lengths)
        ]
        return ray.data.from_arrow(tables)

    def columns(self, dataset):
        rows = sorted(dataset.take_all(), key=lambda row: row["id"])
        return {name: [row[name] for row in rows] for name in rows[0]}

    def place(self, row, **_partition):
        return f"a block, row {row}"


@pytest.fixture(scope="module")
def engine():
    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    yield Ray()
    ray.shutdown()


class TestRay(Laws):
    @pytest.mark.usefixtures("engine")
    def test_there_are_two_worker_processes(self):
        @ray.remote
        def pid():
            import time

            time.sleep(0.5)
            return os.getpid()

        assert len({*ray.get([pid.remote() for _ in range(4)]), os.getpid()}) >= 3

    def test_the_options_of_a_dataset_stay(self, engine):
        dataset = engine.frame(data(), [300])
        before = dataset.context.execution_options.preserve_order
        tg_ray.aggregate(dataset, "wer")
        assert dataset.context.execution_options.preserve_order == before

    def test_rows_keep_their_order_whoever_is_first(self, engine):
        columns = data()

        def slow_at_first(table):
            import time

            time.sleep(1.0 if table["id"][0].as_py() == 0 else 0.0)
            return table

        frame = engine.frame(columns, [100, 100, 100]).map_batches(slow_at_first, batch_format="pyarrow")
        scorer = tg.Scorer("rouge1")
        expected = scorer.measure(columns["prediction"], columns["reference"])
        assert tg_ray.measure(frame, scorer).collect().to_bytes() == expected.to_bytes()
