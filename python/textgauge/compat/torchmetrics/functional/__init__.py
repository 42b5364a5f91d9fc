"""The functions: see `textgauge.compat.torchmetrics.functional.text`."""
