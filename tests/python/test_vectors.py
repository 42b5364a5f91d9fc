"""The worked examples in `tests/vectors`, which the Rust tests read as well."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import textgauge as tg
from textgauge.metrics import by_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
FILES = sorted(VECTORS.glob("*/*.toml"))


def cases() -> list[Any]:
    """Every case with its metric's name, named by what it shows."""
    found = []
    for path in FILES:
        vectors = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [pytest.param(vectors["metric"], case, id=f"{path.stem}: {case['why']}") for case in vectors["case"]]
    return found


def with_options(metric: str, options: dict[str, Any]) -> tg.Metric:
    """The registered metric with some options that are not its defaults."""
    return by_name(metric).with_options(**options)


def values(expected: list[str] | dict[str, str], metric: str, columns: list[str]) -> dict[str, float]:
    """What is expected by column: of all of them in order, or of some by their part."""
    if isinstance(expected, list):
        expected = dict(zip(columns, expected, strict=True))
    else:
        expected = {f"{metric}.{part}" if part else metric: value for part, value in expected.items()}
    return {column: float(Fraction(value)) for column, value in expected.items()}


@pytest.mark.parametrize(("metric", "case"), cases())
def test_case(metric: str, case: dict[str, Any]) -> None:
    scorer = tg.Scorer(with_options(metric, case.get("options", {})))
    result = scorer.score([case["prediction"]], [case["references"]])
    expected = values(case["expected"], metric, result.columns)
    # The last digit is the metric's own business: the oracle tests look at it.
    assert {column: float(result[column][0]) for column in expected} == pytest.approx(expected, rel=1e-15, abs=0)
    corpus = expected | values(case.get("corpus", {}), metric, result.columns)
    assert {column: result.corpus[column] for column in corpus} == pytest.approx(corpus, rel=1e-15, abs=0)


def test_precision_and_recall_are_single_divisions() -> None:
    # So that a fraction is met to the last bit, as in `rouge-score`.
    result = tg.Scorer("rougeLcontig").score(["It is very cold outside"], ["It is cold outside"])
    assert (result["rougeLcontig.p"][0], result["rougeLcontig.r"][0]) == (2 / 5, 2 / 4)
    assert math.isclose(result["rougeLcontig.f"][0], 4 / 9, rel_tol=1e-15)
