"""Runs the command line as `python -m textgauge.cli`."""

from textgauge.cli import main

main()
