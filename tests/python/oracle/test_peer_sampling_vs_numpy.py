"""The core's random numbers of NumPy, and the sums that they choose, against NumPy itself."""

import numpy as np
import pytest

from textgauge.stats import peer_sampling


@pytest.mark.parametrize("rows", [1, 2, 3, 40, 1000, 4097])
@pytest.mark.parametrize("width", [1, 2, 10, 16, 17, 40])
def test_sums_of_bootstrap_samples(rows: int, width: int) -> None:
    table = (np.random.default_rng(rows).random((rows, width)) * 100).astype(np.float32)
    ours, theirs = np.random.default_rng(width), np.random.default_rng(width)
    # A number of 32 bits that is left over is used first.
    for generator in (ours, theirs):
        generator.integers(10, dtype=np.uint32)
    found = peer_sampling._bootstrap_sums(table, 7, ours)
    for sums in found:
        assert (sums == table[theirs.choice(rows, size=rows, replace=True)].sum(0)).all()
    assert (ours.integers(1000, size=5, dtype=np.uint32) == theirs.integers(1000, size=5, dtype=np.uint32)).all()


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 31, 33, 500])
@pytest.mark.parametrize("trials", [1, 33, 1024, 1025, 2100])
def test_sums_of_rows_that_coins_choose(rows: int, trials: int) -> None:
    generator = np.random.default_rng(5)
    base, system = (generator.integers(0, 50, (rows, 3)).astype(float) for _ in range(2))
    theirs = np.random.default_rng(trials)
    chosen = theirs.integers(2, size=(trials, rows), dtype=bool)
    first, second, sums = peer_sampling.sacrebleu_randomization_sums(base, system, trials, trials, 2)
    assert (first == chosen @ base + ~chosen @ system).all()
    assert (second == ~chosen @ base + chosen @ system).all()
    again = [system.astype(np.float32)[theirs.choice(rows, size=rows)].sum(0) for _ in range(2)]
    assert (sums == again).all()
