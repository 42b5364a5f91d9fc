"""Drop-in for rouge 1.0.1, pltrdy's: `from textgauge.compat.rouge import Rouge`."""

from textgauge.compat.rouge.rouge import FilesRouge, Rouge

__version__ = "1.0.1"
__all__ = ["FilesRouge", "Rouge"]
