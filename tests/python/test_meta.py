"""Nothing is registered without its vectors, oracle, benchmark and page."""

from __future__ import annotations

from pathlib import Path

import pytest

import textgauge as tg

ROOT = Path(__file__).resolve().parents[2]
METRICS = tg.list_metrics()

# Metrics that no other package computes, and what they are held to instead.
NO_ORACLE = {
    "rougeLcontig": "no package computes it; a worked example in the vectors and a naive twin in the kernels' tests do",
    "diagnostics": "no package computes it; tests/python/metrics/test_diagnostics.py does, by its definitions",
    "extractive": "the Newsroom program is on no registry; the same test follows its paper",
}

each_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


@each_metric
def test_vectors(metric: tg.MetricInfo) -> None:
    path = ROOT / "tests" / "vectors" / metric.family / f"{metric.name}.toml"
    assert path.is_file()
    assert path.read_text(encoding="utf-8").count("[[case]]") >= 5


@each_metric
def test_oracle(metric: tg.MetricInfo) -> None:
    folder = ROOT / "tests" / "python" / "oracle"
    oracles = list(folder.glob(f"test_{metric.family}_vs_*.py"))
    shared = [path for path in folder.glob("*.py") if oracles and not path.name.startswith("test_")]
    named = any(f'"{metric.name}"' in path.read_text(encoding="utf-8") for path in (*oracles, *shared))
    assert named != (metric.name in NO_ORACLE), "an oracle or a reason, and not both"


@each_metric
def test_bench(metric: tg.MetricInfo) -> None:
    assert (ROOT / "benches" / "python" / f"test_bench_{metric.family}.py").is_file()


@each_metric
def test_page(metric: tg.MetricInfo) -> None:
    assert (ROOT / "docs" / "metrics" / f"{metric.family}.md").is_file()


@each_metric
def test_what_the_registry_says(metric: tg.MetricInfo) -> None:
    assert metric.summary
    assert metric.source
    assert metric.outputs
    assert metric.corpus in ("mean", "pooled")
    assert all(output.lowest < output.highest and output.summary for output in metric.outputs)
    assert tg.Scorer(metric.name).signatures[metric.name]


def test_names_are_unique() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_reasons_are_about_registered_metrics() -> None:
    assert NO_ORACLE.keys() <= {metric.name for metric in METRICS}
