"""Builds the documentation: `just docs`."""

project = "textgauge"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
html_theme = "furo"
exclude_patterns = ["_build"]
