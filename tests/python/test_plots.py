"""Figures: what is drawn, in what order, and that nothing of the caller's is touched."""

from __future__ import annotations

import io
import itertools
import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import textgauge as tg
from textgauge.plots import plot_groups
from textgauge.result import Result
from textgauge.stats.comparison import Comparison, Difference
from textgauge.stats.measurements import Interval

pytest.importorskip("matplotlib")

SCORER = tg.Scorer(["rouge1", "wer"])
RESULT = SCORER.score(["the cat", "a dog barks", None], ["the cat sat", "the dog barked", "x"], nulls="propagate")
HOSTILE = ["$x_1$", "a_b$", "\\alpha{", "line\nbreak", "tab\t", "", "name " * 40, "\x00"]


def difference(system, score, verdict="no evidence", column="bleu", better=True, half=1.0):
    one = Interval(0.0, 0.0, 0.0, 0.0)
    interval = Interval(score, score - half, score + half, half)
    return Difference(column, system, one, one, interval, 0.5, 0.5, verdict, better)


def comparison(*differences, base="base"):
    return Comparison(base, differences, 10, "bootstrap", 100, 0.95, 1)


def marks(ax):
    """The marks of each verdict: scores and places."""
    return {line.get_label(): line.get_xydata().tolist() for line in ax.lines if line.get_marker() != "None"}


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def drawn(figure, form="png"):
    target = io.BytesIO()
    figure.savefig(target, format=form)
    return target.getvalue()


def test_distributions_of_headlines():
    figure = RESULT.plot()
    first, second = figure.axes
    assert (first.get_title(), second.get_title()) == ("rouge1", "wer")
    assert sum(bar.get_height() for bar in first.patches) == 2
    assert first.lines[0].get_xdata()[0] == RESULT.corpus["rouge1.f"]
    assert first.get_xlabel() == "corpus 0.5667\n1 row without a score"
    assert figure.get_size_inches()[0] == 3.3


def test_distributions_of_chosen_columns():
    figure = RESULT.plot(["rouge1.p", "wer.sub", "rouge1.p"], width=6.9)
    assert [ax.get_title() for ax in figure.axes] == ["rouge1.p", "wer.sub", "rouge1.p"]
    assert figure.get_size_inches()[0] == 6.9


@pytest.mark.parametrize(
    ("values", "heights", "note"),
    [
        ([0.5], 1, ""),
        ([0.5] * 7, 7, ""),
        ([0.0, 1e300], 2, ""),
        ([np.nan, 1.0, np.nan], 1, "\n2 rows without a score"),
        ([np.inf, -np.inf, np.nan, 0.25], 1, "\n1 row without a score\n2 rows infinite"),
        ([np.nan], 0, "\n1 row without a score"),
    ],
)
def test_distributions_of_odd_values(values, heights, note):
    result = Result({"wer": np.array(values)}, tg.Scorer("wer").aggregate(["a b"], ["a c"]))
    figure = result.plot(["wer"])
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == heights
    assert figure.axes[0].get_xlabel() == f"corpus 0.5000{note}"
    assert drawn(figure)


def test_a_result_without_any_score():
    figure = tg.Scorer("wer").score([None], ["a"], nulls="propagate").plot()
    assert figure.axes[0].get_xlabel() == "1 row without a score"
    assert not figure.axes[0].lines
    assert drawn(figure)


def test_a_forest_has_a_panel_for_each_score():
    made = comparison(
        difference("b", 2.0, "better"),
        difference("c", -3.0, "worse"),
        difference("b", -0.1, "better", "wer", better=False),
        difference("c", 0.0, "no evidence", "wer", better=False),
    )
    figure = made.plot()
    bleu, wer = figure.axes
    assert marks(bleu) == {"better": [[2.0, 0.0]], "worse": [[-3.0, 1.0]]}
    assert marks(wer) == {"better": [[-0.1, 0.0]], "no evidence": [[0.0, 1.0]]}
    assert names(bleu) == names(wer) == ["b", "c"]
    assert bleu.get_xlabel() == "bleu\nhigher is better"
    assert wer.get_xlabel() == "wer\nlower is better"
    assert bleu.lines[0].get_xdata() == [0, 0]
    assert bleu.get_ylim()[0] > bleu.get_ylim()[1]
    segments = [segment.tolist() for lines in bleu.collections for segment in lines.get_segments()]
    assert segments == [[[1.0, 0.0], [3.0, 0.0]], [[-4.0, 1.0], [-2.0, 1.0]]]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["better", "worse", "no evidence"]
    assert legend.get_title().get_text() == "difference to base, 95 % intervals"


def test_only_evidence_is_filled():
    made = comparison(*(difference(verdict, 1.0, verdict) for verdict in ("better", "worse", "no evidence")))
    by_name = {line.get_label(): line for line in made.plot().axes[0].lines}
    assert by_name["no evidence"].get_markerfacecolor() == "white"
    filled = [by_name[name] for name in ("better", "worse")]
    assert all(line.get_markerfacecolor() == line.get_color() for line in filled)
    assert filled[0].get_marker() != filled[1].get_marker()


def test_panels_beside_each_other_name_systems_once():
    figure = comparison(*(difference("b", 1.0, column=column) for column in ("bleu", "chrf"))).plot(width=6.9)
    left, right = figure.axes
    assert (names(left), names(right)) == (["b"], [""])
    assert left.get_position().y0 == pytest.approx(right.get_position().y0)


def test_chosen_scores():
    made = comparison(difference("b", 1.0), difference("b", 1.0, column="chrf"))
    assert [ax.get_xlabel().split("\n")[0] for ax in made.plot(["chrf"]).axes] == ["chrf"]


@pytest.mark.parametrize("score", [np.nan, np.inf, -np.inf])
def test_differences_that_are_no_numbers(score):
    figure = comparison(difference("b", score), difference("c", 1.0, half=np.inf)).plot()
    assert names(figure.axes[0]) == ["b (no score)", "c"]
    assert marks(figure.axes[0]) == {"no evidence": [[1.0, 1.0]]}
    assert drawn(figure)
    assert drawn(comparison(difference("b", score)).plot())


def test_thirty_systems():
    figure = comparison(*(difference(f"system {n}", float(n)) for n in range(30))).plot()
    assert len(names(figure.axes[0])) == 30
    boxes = [label.get_window_extent() for label in _laid_out(figure).axes[0].get_yticklabels()]
    assert all(lower.y1 <= upper.y0 + 1 for upper, lower in itertools.pairwise(boxes))


def _laid_out(figure):
    drawn(figure)
    figure.draw_without_rendering()
    return figure


def test_nothing_overlaps():
    made = [difference("a rather long name of a system", 1.0, column=column) for column in ("bleu", "chrf", "ter")]
    for width in (3.3, 6.9):
        figure = _laid_out(comparison(*made, base="a base whose name is long too").plot(width=width))
        boxes = [ax.get_tightbbox() for ax in figure.axes] + [figure.legends[0].get_window_extent()]
        for number, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[number + 1 :])
            assert box.x0 >= -1
            assert box.x1 <= figure.bbox.x1 + 1


def test_groups_from_the_worst_to_the_best():
    groups = {"up": 2.0, "lost": -3.0, "same": 0.1, "none": np.nan}
    figure = plot_groups({name: comparison(difference("tuned", score)) for name, score in groups.items()})
    assert names(figure.axes[0]) == ["lost", "same", "up", "none (no score)"]
    lower = {name: comparison(difference("tuned", score, better=False)) for name, score in groups.items()}
    assert names(plot_groups(lower).axes[0]) == ["up", "same", "lost", "none (no score)"]


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (50, 50), (51, 51), (200, 51)])
def test_many_groups(count, rows):
    groups = {n: comparison(difference("tuned", float(n))) for n in range(count)}
    labels = names(plot_groups(groups).axes[0])
    assert len(labels) == rows
    assert (labels[0], labels[-1]) == ("0", str(count - 1))
    if count > 50:
        assert labels[24:27] == ["24", f"… {count - 50} more …", str(count - 25)]
    assert len(names(plot_groups(groups, most=200).axes[0])) == count


def test_groups_of_several_scores_and_systems():
    made = comparison(*(difference(s, 1.0, column=c) for c in ("bleu", "wer") for s in ("x", "y")))
    figure = plot_groups({"task": made, "other": made}, "wer", "y")
    assert figure.axes[0].get_xlabel().startswith("wer\n")
    assert len(names(figure.axes[0])) == 2
    with pytest.raises(tg.ConfigError, match="several, so choose one: column=bleu, wer"):
        plot_groups({"task": made})
    with pytest.raises(tg.ConfigError, match="several, so choose one: system=x, y"):
        plot_groups({"task": made}, "bleu")
    with pytest.raises(tg.ConfigError, match="no column 'ter'; there are bleu, wer"):
        plot_groups({"task": made}, "ter")


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_no_formulas(name):
    made = comparison(difference(name, 1.0, column="$_{"), base=name)
    for figure in (made.plot(), plot_groups({name: made})):
        assert drawn(figure)
        texts = [figure.axes[0].xaxis.label, *figure.axes[0].get_yticklabels(), figure.legends[0].get_title()]
        assert not any(text.get_parse_math() for text in texts)
        assert "\n" not in names(figure.axes[0])[0]
    drawn(tg.Scorer(tg.Rouge("rouge1", prefix=name)).score(["a"], ["a"]).plot())


def test_long_names_keep_their_ends():
    figure = comparison(difference("the same long beginning, number 17", 1.0)).plot()
    (label,) = names(figure.axes[0])
    assert label == "the same long …mber 17"


def test_axes_of_the_caller():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert RESULT.plot(["wer"], ax=ax) is ax
    assert ax.get_title() == "wer"
    ax = Figure().add_subplot()
    made = comparison(difference("b", 1.0, "better"))
    assert made.plot(ax=ax) is ax
    assert marks(ax) == {"better": [[1.0, 0.0]]}
    ax = Figure().add_subplot()
    assert plot_groups({"task": made}, ax=ax) is ax
    assert not ax.figure.legends
    several = comparison(difference("b", 1.0), difference("b", 1.0, column="wer"))
    with pytest.raises(tg.ConfigError, match="ax has room for one score, not for bleu, wer"):
        several.plot(ax=ax)
    with pytest.raises(tg.ConfigError, match=r"ax has room for one column, not for rouge1\.f, wer"):
        RESULT.plot(ax=ax)


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: RESULT.plot(["bleu"]), "no column 'bleu'; there are rouge1.p, "),
        (lambda: RESULT.plot([]), "there are no columns to plot"),
        (lambda: RESULT.plot("wer"), "columns is 'wer'; it must be a list of names"),
        (lambda: RESULT.plot(width=0), "width is 0; it must be a number of inches above 0"),
        (lambda: RESULT.plot(width=np.nan), "width is nan; "),
        (lambda: comparison(difference("b", 1.0)).plot(["wer"]), "no column 'wer'; there are bleu"),
        (lambda: comparison().plot(), "there are no columns to plot"),
        (lambda: plot_groups({}), "there are no groups to plot"),
        (lambda: plot_groups({"a": comparison(difference("b", 1.0))}, most=1), "most is 1; "),
    ],
)
def test_errors(call, problem):
    with pytest.raises(tg.ConfigError, match=problem):
        call()


def test_real_comparisons():
    texts = ["the cat sat on the mat", "it was raining", "a dog barked at me"]
    measured = {name: SCORER.measure(outputs, texts) for name, outputs in (("a", texts[::-1]), ("b", texts))}
    made = tg.compare(measured, samples=50)
    assert [ax.get_xlabel().split("\n")[0] for ax in made.plot().axes] == ["rouge1.f", "wer"]
    alone = replace(made, differences=made.differences[:1])
    assert drawn(plot_groups({"all": alone}))


def test_a_notebook_shows_it():
    figure = RESULT.plot()
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert pickle.loads(pickle.dumps(figure)).axes[0].get_title() == "rouge1"


@pytest.mark.parametrize("form", ["pdf", "svg"])
def test_the_same_plot_gives_the_same_file(form, tmp_path):
    for name in ("one", "two"):
        figure = comparison(difference("b", 1.0, "better")).plot()
        figure.savefig(tmp_path / f"{name}.{form}", metadata={"Title": "Differences"})
    files = [(tmp_path / f"{name}.{form}").read_bytes() for name in ("one", "two")]
    assert files[0] == files[1]
    assert b"CreationDate" not in files[0]
    assert b"<dc:date>" not in files[0]


def test_pyplot_is_left_alone():
    code = """
import sys
import textgauge as tg

assert "matplotlib" not in sys.modules
figure = tg.Scorer("wer").score(["a"], ["a"]).plot()
figure._repr_png_()
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_matplotlib(monkeypatch):
    monkeypatch.delitem(sys.modules, "textgauge._figure", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install 'textgauge\[plot\]'"):
        RESULT.plot()
