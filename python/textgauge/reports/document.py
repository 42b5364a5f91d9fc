"""The page itself: a template, a style and scripts from the folder `page`, filled with what was gathered."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from textgauge.errors import ConfigError
from textgauge.explanations import Explainer
from textgauge.io.read_ahead import read_ahead
from textgauge.reports.blocks import inline_json, pack, pack_numbers, pack_text, slices
from textgauge.reports.numbers import for_the_scripts, for_the_template
from textgauge.reports.pairs import Explanations, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from textgauge.reports.gather import Gathered

__all__ = ["charting", "check_packages", "pieces"]

# Rows of a block of texts: search unpacks them one after the other.
TEXTS_AT_ONCE = 500
# Rows of a block of explanations, of which one at a time is looked at.
EXPLANATIONS_AT_ONCE = 100
# Compressing needs no interpreter.
WORKERS = 2

# In the order in which they build on each other.
_SCRIPTS = (
    *("base", "store", "theme", "copying", "selection", "list"),
    *("arithmetic", "matches", "why", "pair", "charts", "groups", "start"),
)


class Block(NamedTuple):
    """Packed data: what the scripts call it, and the base64."""

    name: str
    packed: str


def check_packages() -> None:
    """Makes sure, before hours of work, that a page can be made.

    Raises:
        ConfigError: A package is not installed.
    """
    try:
        import jinja2  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        message = f"a report needs {error.name}, which is not installed: pip install 'textgauge[report]'"
        raise ConfigError(message, "missing-package") from error


def charting() -> str:
    """The script that draws charts: Vega-Lite and all that it needs. It takes seconds to make."""
    import vl_convert

    return _alone(vl_convert.javascript_bundle())  # type: ignore[call-arg] # the stub asks for more than it needs


def pieces(
    gathered: Gathered, charts: str, listed: Sequence[int], title: str, made_from: Mapping[str, str]
) -> Iterator[str]:
    """The page, piece by piece.

    Args:
        gathered: What it tells.
        charts: What `charting` made.
        listed: The rows that can be looked at.
        title: Its title.
        made_from: What it says of its making besides.
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(_page_file),
    )
    environment.filters["breakable"] = _breakable
    script = _alone('"use strict";\n' + "\n".join(_page_file(f"{name}.js") for name in _SCRIPTS))
    sizes = {"listed": len(listed), "texts": TEXTS_AT_ONCE, "explanations": EXPLANATIONS_AT_ONCE}
    explanations = Explanations(gathered.texts, Explainer(gathered.scorer))
    data = {
        **for_the_scripts(gathered, sizes),
        "explained": explanations.layout(),
        "charts": json.loads(_page_file("charts.json")),
    }
    template = environment.get_template("page.html")
    return template.generate(
        **for_the_template(gathered, len(listed), title, made_from),
        style=_page_file("style.css"),
        script=script,
        script_hashes=[_hash(script), _hash(charts)],
        data=inline_json(data),
        early=_early_blocks(gathered, np.array(listed, np.uint32), charts),
        late=_row_blocks(gathered, explanations, listed),
    )


def _breakable(name: str) -> str:
    """A name that may be broken behind its underscores and the like, as in `base.js`."""
    from markupsafe import Markup, escape

    return Markup("<wbr>").join(map(escape, re.split(r"(?<=[_/.:-])", name)))


def _alone(script: str) -> str:
    """A script whose names nothing outside of it can see."""
    return f"(() => {{\n{script}\n}})();"


def _page_file(name: str) -> str:
    return (files(__package__) / "page" / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """What allows the page to run this script, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _early_blocks(gathered: Gathered, listed: npt.NDArray[np.uint32], charts: str) -> Iterator[Block]:
    """What the scripts need at once."""
    yield Block("charts", pack(charts.encode()))
    yield Block("rows", pack_numbers(listed))
    if gathered.texts.groups is not None:
        yield Block("groups", pack_numbers(gathered.texts.groups.codes[listed]))
    for number, system in enumerate(gathered.systems):
        for at, scores in enumerate(system.scores.values()):
            yield Block(f"scores-{number}-{at}", pack_numbers(scores[listed]))


def _row_blocks(gathered: Gathered, explanations: Explanations, listed: Sequence[int]) -> Iterator[Block]:
    """What they read when it is looked at. Blocks are made side by side, as far as Python lets them."""

    def texts(number: int, rows: Sequence[int]) -> Block:
        return Block(f"texts-{number}", pack_text(texts_of(gathered.texts, rows)))

    def explained(number: int, rows: Sequence[int]) -> Block:
        return Block(f"explanations-{number}", pack_text(explanations.of(rows)))

    for make, size in ((texts, TEXTS_AT_ONCE), (explained, EXPLANATIONS_AT_ONCE)):
        tasks = (functools.partial(make, *each) for each in enumerate(slices(listed, size)))
        with contextlib.closing(read_ahead(tasks, WORKERS)) as blocks:
            yield from blocks
