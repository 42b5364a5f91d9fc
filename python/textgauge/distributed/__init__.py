"""Scores of tables that stand on many machines: `spark`, `ray` and `dask`, a module for each engine."""
