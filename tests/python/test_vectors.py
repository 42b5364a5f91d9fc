"""The worked examples in `tests/vectors`, which the Rust tests read as well."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import textgauge as tg

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


@pytest.mark.parametrize(("metric", "case"), cases())
def test_case(metric: str, case: dict[str, Any]) -> None:
    scorer = tg.Scorer(tg.Rouge(metric, **case.get("options", {})))
    result = scorer.score([case["prediction"]], [case["references"]])
    expected = [float(Fraction(value)) for value in case["expected"]]
    # The last digit is the metric's own business: the oracle tests look at it.
    assert [float(result[column][0]) for column in result.columns] == pytest.approx(expected, rel=1e-15, abs=0)
    assert list(result.corpus.values()) == pytest.approx(expected, rel=1e-15, abs=0)


def test_precision_and_recall_are_single_divisions() -> None:
    # So that a fraction is met to the last bit, as in `rouge-score`.
    result = tg.Scorer("rougeLcontig").score(["It is very cold outside"], ["It is cold outside"])
    assert (result["rougeLcontig.p"][0], result["rougeLcontig.r"][0]) == (2 / 5, 2 / 4)
    assert math.isclose(result["rougeLcontig.f"][0], 4 / 9, rel_tol=1e-15)
