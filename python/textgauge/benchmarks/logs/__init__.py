"""The files that harnesses write, read as they lie on disk.

A harness is a module and a line in `FOLDERS` or `ROWS`.
"""

from textgauge.benchmarks.logs.reading import Records, read

__all__ = ["Records", "read"]
