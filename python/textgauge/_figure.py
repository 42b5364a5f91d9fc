"""The figures that plots are drawn on. Needs matplotlib, and nothing of pyplot."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["PlotFigure"]

# What says when a file was written; without it the same plot gives the same bytes.
_UNDATED: dict[str, dict[str, Any]] = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}


class PlotFigure(Figure):
    """A figure that pyplot knows nothing of: nobody has to close it, and a notebook shows it all the same."""

    def savefig(self, fname: Any, **options: Any) -> None:  # noqa: ANN401 - whatever matplotlib takes
        """As `Figure.savefig`; PDF and SVG get no date and no random names."""
        ending = Path(fname).suffix[1:] if isinstance(fname, (str, os.PathLike)) else ""
        form = str(options.get("format") or ending).lower()
        if form in _UNDATED:
            options["metadata"] = {**_UNDATED[form], **(options.get("metadata") or {})}
        with mpl.rc_context({"svg.hashsalt": "textgauge"}):
            super().savefig(fname, **options)

    def _repr_png_(self) -> bytes:
        picture = io.BytesIO()
        self.savefig(picture, format="png", dpi=200)
        return picture.getvalue()
