"""The command `textgauge metrics`."""

import textgauge as tg
from textgauge.cli.console import print_text

__all__ = ["list_metrics"]


def list_metrics() -> None:
    """List the metrics."""
    metrics = tg.list_metrics()
    width = max(len(metric.name) for metric in metrics)
    print_text("\n".join(f"{metric.name.ljust(width)}  {metric.summary} ({metric.source})" for metric in metrics))
