"""Plots for papers and notebooks: distributions of scores, differences with intervals, what a fine-tune forgot.

They need the extra `plot`. Each function makes a figure of its own, or draws on the axes that it is given; it leaves
pyplot alone and shows nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from textgauge._render import digits, visible
from textgauge.aggregate import headline_name
from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from textgauge.result import Result
    from textgauge.stats.comparison import Comparison, Difference

__all__ = ["plot_comparison", "plot_groups", "plot_result"]

# Okabe and Ito's colours, which differ for colour-blind eyes too. In grey, shapes tell marks apart.
BLUE, VERMILLION, GREY, DARK = "#0072B2", "#D55E00", "#767676", "#222222"
MARKS = {
    "better": {"marker": "o", "color": BLUE, "markerfacecolor": BLUE},
    "worse": {"marker": "s", "color": VERMILLION, "markerfacecolor": VERMILLION},
    "no evidence": {"marker": "o", "color": GREY, "markerfacecolor": "white"},
}

# In inches, and points for letters.
ONE_COLUMN = 3.3
PANEL_WIDTH, PANEL_HEIGHT = 1.6, 1.45
ROW_HEIGHT = 0.17
_AXIS_HEIGHT, _LEGEND_HEIGHT = 0.55, 0.45
LETTERS, SMALL = 8.0, 7.0
# Characters of a name that have room in one column.
LONGEST_NAME = 22

FEWEST_BINS, MOST_BINS = 10, 20
# Names are texts of somebody else's: no formulas.
_PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}


@overload
def plot_result(
    result: Result, columns: Iterable[str] | None = None, *, ax: None = None, width: float = ONE_COLUMN
) -> Figure: ...
@overload
def plot_result(
    result: Result, columns: Iterable[str] | None = None, *, ax: Axes, width: float = ONE_COLUMN
) -> Axes: ...
def plot_result(
    result: Result, columns: Iterable[str] | None = None, *, ax: Axes | None = None, width: float = ONE_COLUMN
) -> Figure | Axes:
    """How the scores of rows are distributed, a panel for each column; a line marks the score of the corpus.

    What is not a number, or infinite, is not drawn; the panel says how many rows that are.

    Args:
        result: The scores.
        columns: Which; by default one for each metric, its headline.
        ax: Where to draw a single column. Without it there is a new figure.
        width: Of a new figure in inches: 3.3 is a column of a paper, 6.9 are two.

    Returns:
        The new figure, or `ax`.

    Raises:
        ConfigError: There is no such column, none, or several for one `ax`; the width is not above 0.
        ImportError: matplotlib is missing.
    """
    chosen = result.aggregate._compiled.headlines if columns is None else _names("columns", columns)
    _check_known(chosen, result.columns)
    names = list(result.signatures)
    corpus = result.corpus
    units = dict(zip(corpus, result.aggregate._compiled.units, strict=True))

    def draw(panel: Axes, column: str) -> None:
        title = headline_name(column, names) if columns is None else column
        _draw_distribution(panel, title, result[column], corpus[column], units[column])

    if ax is not None:
        draw(ax, _only("column", chosen, "ax"))
        return ax
    across = min(len(chosen), max(1, int(_positive(width) / PANEL_WIDTH)))
    figure = _new_figure(width, PANEL_HEIGHT * math.ceil(len(chosen) / across))
    for panel, column in zip(_panels(figure, len(chosen), across), chosen, strict=True):
        draw(panel, column)
    return figure


@overload
def plot_comparison(
    comparison: Comparison, columns: Iterable[str] | None = None, *, ax: None = None, width: float = ONE_COLUMN
) -> Figure: ...
@overload
def plot_comparison(
    comparison: Comparison, columns: Iterable[str] | None = None, *, ax: Axes, width: float = ONE_COLUMN
) -> Axes: ...
def plot_comparison(
    comparison: Comparison, columns: Iterable[str] | None = None, *, ax: Axes | None = None, width: float = ONE_COLUMN
) -> Figure | Axes:
    """Differences between systems and the base with their intervals, a panel for each score (a forest plot).

    Filled marks are better (circles) or worse (squares) by the evidence, open ones are neither.

    Args:
        comparison: What `compare` made.
        columns: The scores to draw; by default all.
        ax: Where to draw a single score. Without it there is a new figure, with a legend.
        width: Of a new figure in inches: 3.3 is a column of a paper, 6.9 are two.

    Returns:
        The new figure, or `ax`.

    Raises:
        ConfigError: There is no such score, none, or several for one `ax`; the width is not above 0.
        ImportError: matplotlib is missing.
    """
    known = list(dict.fromkeys(each.column for each in comparison))
    chosen = known if columns is None else _names("columns", columns)
    _check_known(chosen, known)
    rows = {column: [_Row(each.system, each) for each in comparison if each.column == column] for column in chosen}
    if ax is not None:
        _draw_forest(ax, rows[_only("score", chosen, "ax")])
        return ax
    # Names of systems stand at the left once, and panels beside each other.
    down = math.ceil(len(rows) / max(1, int((_positive(width) - PANEL_WIDTH / 2) / PANEL_WIDTH)))
    across = math.ceil(len(rows) / down)
    figure = _new_figure(width, _LEGEND_HEIGHT + down * (_AXIS_HEIGHT + ROW_HEIGHT * len(rows[chosen[0]])))
    for number, (panel, each) in enumerate(zip(_panels(figure, len(rows), across), rows.values(), strict=True)):
        _draw_forest(panel, each, named=number % across == 0)
    _add_legend(figure, comparison)
    return figure


@overload
def plot_groups(
    groups: Mapping[Any, Comparison],
    column: str | None = None,
    system: str | None = None,
    *,
    most: int = 50,
    ax: None = None,
    width: float = ONE_COLUMN,
) -> Figure: ...
@overload
def plot_groups(
    groups: Mapping[Any, Comparison],
    column: str | None = None,
    system: str | None = None,
    *,
    most: int = 50,
    ax: Axes,
    width: float = ONE_COLUMN,
) -> Axes: ...
def plot_groups(
    groups: Mapping[Any, Comparison],
    column: str | None = None,
    system: str | None = None,
    *,
    most: int = 50,
    ax: Axes | None = None,
    width: float = ONE_COLUMN,
) -> Figure | Axes:
    """What a system lost and won, group by group: the worst difference is at the top, the best at the bottom.

    Marks are those of `plot_comparison`. Adjust the comparisons for all groups together first:
    `dict(zip(groups, textgauge.stats.comparison.adjust(list(groups.values()))))`.

    Args:
        groups: The comparison of each group, for example of each task.
        column: The score, if there are several.
        system: The system, if several were compared with the base.
        most: How many groups to draw; of more, those in the middle are left out, and their number is said.
        ax: Where to draw. Without it there is a new figure, with a legend.
        width: Of a new figure in inches: 3.3 is a column of a paper, 6.9 are two.

    Returns:
        The new figure, or `ax`.

    Raises:
        ConfigError: There is no group, no such score or system, or several and none is named; `most` or the width is
            out of range.
        ImportError: matplotlib is missing.
    """
    if not groups:
        raise ConfigError("there are no groups to plot", "bad-option")
    if isinstance(most, bool) or not isinstance(most, int) or most < 2:
        raise ConfigError(f"most is {most!r}; it must be a whole number above 1", "bad-option")
    every = [each for comparison in groups.values() for each in comparison]
    column = _the("column", column, [each.column for each in every])
    system = _the("system", system, [each.system for each in every])
    rows = [
        _Row(str(name), each)
        for name, comparison in groups.items()
        for each in comparison
        if (each.column, each.system) == (column, system)
    ]
    rows = _without_the_middle(sorted(rows, key=_from_the_worst), most)
    if ax is not None:
        _draw_forest(ax, rows)
        return ax
    figure = _new_figure(_positive(width), _LEGEND_HEIGHT + _AXIS_HEIGHT + ROW_HEIGHT * len(rows))
    _draw_forest(_panels(figure, 1, 1)[0], rows)
    _add_legend(figure, next(iter(groups.values())))
    return figure


class _Row(NamedTuple):
    """A line of a forest plot."""

    name: str
    difference: Difference | None
    """`None` where groups are left out."""


def _from_the_worst(row: _Row) -> tuple[bool, float]:
    assert row.difference is not None
    gain = row.difference.difference.score * (-1 if row.difference.higher_is_better is False else 1)
    return math.isnan(gain), gain


def _without_the_middle(rows: list[_Row], most: int) -> list[_Row]:
    left_out = len(rows) - most
    if left_out <= 0:
        return rows
    first = most // 2
    return [*rows[:first], _Row(f"… {left_out:,} more …", None), *rows[first + left_out :]]


def _draw_distribution(ax: Axes, title: str, values: npt.NDArray[np.float64], corpus: float, unit: str) -> None:
    from matplotlib.ticker import MaxNLocator

    drawn = values[np.isfinite(values)]
    notes = []
    if len(drawn):
        ax.hist(drawn, bins=_bins(drawn, corpus), color=BLUE, alpha=0.55, edgecolor="white", linewidth=0.4)
    if math.isfinite(corpus):
        ax.axvline(corpus, color=DARK, linewidth=1.0, linestyle=(0, (4, 2)))
        notes.append(f"corpus {digits(corpus, unit)}")
    for count, what in ((np.isnan(values).sum(), "without a score"), (np.isinf(values).sum(), "infinite")):
        if count:
            notes.append(f"{count:,} row{'' if count == 1 else 's'} {what}")
    ax.set_title(_short(title), fontsize=LETTERS, **_PLAIN)
    ax.set_xlabel("\n".join(notes) or "no rows", fontsize=SMALL)
    ax.set_ylabel("rows", fontsize=SMALL)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4))
    _tidy(ax)


def _bins(values: npt.NDArray[np.float64], corpus: float) -> Sequence[float]:
    """The edges of the bars; the score of the corpus is among them."""
    every = [values.min(), values.max(), *filter(math.isfinite, [corpus])]
    low, high = float(min(every)), float(max(every))
    scale = max(1.0, abs(low), abs(high))
    if high - low <= 1e-9 * scale:
        return [low - scale / 20, low + scale / 20]
    count = min(MOST_BINS, max(FEWEST_BINS, math.ceil(2 * math.sqrt(len(values)))))
    return [float(edge) for edge in np.linspace(low, high, count + 1)]


def _draw_forest(ax: Axes, rows: Sequence[_Row], *, named: bool = True) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.axvline(0, color=DARK, linewidth=0.8, zorder=1)
    for verdict, mark in MARKS.items():
        of_verdict = [(y, row.difference) for y, row in enumerate(rows) if row.difference is not None]
        _draw_marks(ax, [(y, each) for y, each in of_verdict if each.verdict == verdict], verdict, mark)
    ax.set_yticks(range(len(rows)), labels=[_label(row) if named else "" for row in rows], fontsize=SMALL, **_PLAIN)
    # The first row is at the top, and half a row of room at both ends.
    ax.set_ylim(len(rows) - 0.4, -0.6)
    one = next(row.difference for row in rows if row.difference is not None)
    direction = {True: "higher is better", False: "lower is better", None: "neither direction is better"}
    ax.set_xlabel(f"{_short(one.column)}\n{direction[one.higher_is_better]}", fontsize=SMALL, **_PLAIN)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, min_n_ticks=2))
    ax.tick_params(axis="y", length=0)
    _tidy(ax)
    ax.spines["left"].set_visible(False)


def _draw_marks(ax: Axes, rows: Sequence[tuple[int, Difference]], verdict: str, mark: Mapping[str, str]) -> None:
    """One artist for the marks of a verdict, one for their intervals; what is not finite is left out."""
    found = [(y, each.difference) for y, each in rows if math.isfinite(each.difference.score)]
    whole = [(y, each) for y, each in found if math.isfinite(each.low) and math.isfinite(each.high)]
    ax.hlines(
        [y for y, _ in whole],
        [each.low for _, each in whole],
        [each.high for _, each in whole],
        color=mark["color"],
        linewidth=1.1,
        zorder=2,
    )
    if found:
        ys, scores = [y for y, _ in found], [each.score for _, each in found]
        ax.plot(scores, ys, linestyle="none", markersize=4.2, zorder=3, label=verdict, **mark)  # type: ignore[arg-type]


def _label(row: _Row) -> str:
    if row.difference is None or math.isfinite(row.difference.difference.score):
        return _short(row.name)
    return f"{_short(row.name)} (no score)"


def _add_legend(figure: Figure, comparison: Comparison) -> None:
    """What the differences are to, and what the marks say."""
    handles: dict[str, Artist] = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    legend = figure.legend(
        list(handles.values()),
        list(handles),
        loc="outside lower center",
        ncols=max(1, len(handles)),
        title=f"difference to {_short(comparison.base)}, {100 * comparison.confidence:g} % intervals",
        title_fontsize=SMALL,
        fontsize=SMALL,
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.2,
    )
    legend.get_title().set(**_PLAIN)


def _tidy(ax: Axes) -> None:
    ax.tick_params(labelsize=SMALL)
    ax.spines[["top", "right"]].set_visible(False)


def _new_figure(width: float, height: float) -> Figure:
    """A figure of this size in inches.

    Raises:
        ImportError: matplotlib is missing.
    """
    try:
        from textgauge._figure import PlotFigure
    except ImportError as error:
        raise ImportError("plots need matplotlib, which is not installed: pip install 'textgauge[plot]'") from error
    return PlotFigure(figsize=(width, height), dpi=200, layout="constrained")


def _panels(figure: Figure, count: int, across: int) -> list[Axes]:
    """The first `count` places of a grid, row by row."""
    down = math.ceil(count / across)
    return [figure.add_subplot(down, across, number + 1) for number in range(count)]


def _short(name: str, length: int = LONGEST_NAME) -> str:
    """A name in one line; of a long one the beginning and the end, where names differ."""
    line = "".join(map(visible, name))
    if len(line) <= length:
        return line
    end = length // 3
    return f"{line[: length - end - 1]}…{line[-end:]}"


def _names(option: str, names: Iterable[str]) -> list[str]:
    if isinstance(names, str):
        raise ConfigError(f"{option} is {names!r}; it must be a list of names", "bad-option")
    return list(names)


def _check_known(names: Sequence[str], known: Sequence[str]) -> None:
    if not names:
        raise ConfigError("there are no columns to plot", "bad-option")
    for name in names:
        if name not in known:
            raise ConfigError(f"no column {name!r}; there are {', '.join(known)}", "bad-option")


def _only(what: str, names: Sequence[str], where: str) -> str:
    if len(names) > 1:
        message = f"{where} has room for one {what}, not for {', '.join(names)}; choose one with columns=[...]"
        raise ConfigError(message, "bad-option")
    return names[0]


def _the(what: str, name: str | None, names: Iterable[str]) -> str:
    """The one that is meant."""
    known = list(dict.fromkeys(names))
    if name is None and len(known) == 1:
        return known[0]
    if name not in known:
        problem = f"there are several, so choose one: {what}=" if name is None else f"no {what} {name!r}; there are "
        raise ConfigError(f"{problem}{', '.join(known)}", "bad-option")
    return name


def _positive(width: float) -> float:
    if not isinstance(width, (int, float)) or not 0 < width < math.inf:
        raise ConfigError(f"width is {width!r}; it must be a number of inches above 0", "bad-option")
    return width
