"""Drop-ins for the metrics of texts in torchmetrics 1.9.0: `from textgauge.compat.torchmetrics.text import BLEUScore`.

The classes are torchmetrics' own, states, synchronisation and plots included; the core counts for them. What is unusual
goes torchmetrics' way, so that its exceptions come out.
"""

try:
    import torchmetrics  # noqa: F401
except ImportError as error:
    problem = "textgauge.compat.torchmetrics needs torchmetrics: pip install 'textgauge[torchmetrics]'"
    raise ImportError(problem, name="torchmetrics") from error
