"""Metrics as parts of frame libraries and databases: `polars`, `pandas`, `duckdb`, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

_ROOMS = ("duckdb", "pandas", "polars")


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module 'textgauge.frames' has no attribute {name!r}")
    return import_module(f"textgauge.frames.{name}")


def __dir__() -> list[str]:
    return list(_ROOMS)
