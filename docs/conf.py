"""Builds the documentation: `just docs`. What is built asks no network for anything: styles, fonts, formulas."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.domains.python import PyXRefRole

import textgauge
from textgauge._value import _REQUIRED, Value
from textgauge.metrics import Metric
from textgauge.text.transforms import BuiltIn

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "textgauge"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "textgauge"
html_static_path = ["_static"]
html_css_files = ["formulas.css"]
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

# Docstrings are written as Google has it, with code between single backticks: links where it names something.
default_role = "py:obj"
napoleon_custom_sections = [("Attributes", "params_style")]
autodoc_default_options = {"members": True, "member-order": "bysource", "exclude-members": "specs"}
add_module_names = False
python_maximum_signature_line_length = 90
# What some modules import at their head, and the documentation does without.
autodoc_mock_imports = ["dask", "duckdb", "pyarrow", "pyspark", "ray"]


def leave(_name: str) -> Any:  # noqa: ANN401 - a decorator of classes
    """Stands for a decorator that registers a class: the class stays as it is."""
    return lambda decorated: decorated


sys.modules["pandas"] = MagicMock(**{"api.extensions.register_dataframe_accessor": leave})
sys.modules["polars"] = MagicMock(**{"api.register_expr_namespace": leave})


def visit_inline(translator: Any, node: nodes.math) -> None:  # noqa: ANN401 - Sphinx names no type
    """Writes a formula within a line as MathML."""
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def visit_display(translator: Any, node: nodes.math_block) -> None:  # noqa: ANN401 - Sphinx names no type
    """Writes a formula on lines of its own as MathML."""
    translator.body.append(f'<div class="formula">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


class Code(PyXRefRole):
    """Code in a docstring: a link if it names something; a class at the package's door is named without the package.

    `.p`, the end of a column's name, names nothing.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The nodes."""
        if self.text.startswith("."):
            return [nodes.literal(self.rawtext, self.text)], []
        return super().run()

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """The text and the target of a link."""
        title, target = super().process_link(env, refnode, has_explicit_title, title, target)
        at_the_door = target[:1].isupper() and target.partition(".")[0] in textgauge.__all__
        return title, f"textgauge.{target}" if at_the_door else target


def as_called(
    _app: Sphinx, what: str, _name: str, documented: type, _options: object, signature: str, returned: str
) -> tuple[str, str] | None:
    """The signature of a class as its users call it: options with their defaults; none where they never call it."""
    if what != "class" or not signature:
        return None
    if issubclass(documented, (Metric, BuiltIn)):
        return (_of_options(documented) if documented.__init__ is Value.__init__ else signature), ""
    called = "Args:" in (inspect.getdoc(documented) or "")
    return (signature, returned) if called else ("", "")


def _of_options(documented: type[Value]) -> str:
    """A class's own options come first, then those of its bases."""
    kinds: dict[str, str] = {}
    for each in documented.__mro__:
        kinds.update({name: kind for name, kind in inspect.get_annotations(each).items() if name not in kinds})
    defaults = documented._defaults
    known = [
        f"{name}: {kind}" if defaults[name] is _REQUIRED else f"{name}: {kind} = {defaults[name]!r}"
        for name, kind in kinds.items()
        if name in defaults
    ]
    return f"({', '.join(['*', *known] if documented._keyword_only and known else known)})"


def keep_whole(_app: Sphinx, what: str, _name: str, _documented: object, _options: object, lines: list[str]) -> None:
    """Keeps napoleon from taking what stands before a colon, in the first line about a property, for its type."""
    if what in ("attribute", "data", "property"):
        lines.insert(0, "")


def setup(app: Sphinx) -> None:
    """Adds the formulas, the links and the signatures."""
    app.add_role_to_domain("py", "obj", Code(), override=True)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    app.connect("autodoc-process-signature", as_called)
    app.connect("autodoc-process-docstring", keep_whole, priority=0)
