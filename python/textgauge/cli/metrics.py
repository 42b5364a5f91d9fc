"""The command `textgauge metrics`."""

from __future__ import annotations

import textwrap

import click

import textgauge as tg
from textgauge._value import nearest
from textgauge.cli.console import ending_on_errors, print_text

__all__ = ["metrics"]

WIDTH = 80


@click.command()
@click.argument("name", required=False)
def metrics(name: str | None) -> None:
    """List the metrics, or show one: what it measures, its outputs and its options.

    NAME is a metric, for all that is known of it.
    """
    known = tg.list_metrics()
    if name is None:
        width = max(len(metric.name) for metric in known)
        print_text("\n".join(f"{metric.name.ljust(width)}  {metric.summary} ({metric.source})" for metric in known))
        return
    with ending_on_errors():
        found = next((metric for metric in known if metric.name == name), None)
        if found is None:
            hint = nearest(name, [metric.name for metric in known])
            raise tg.ConfigError(f"there is no metric {name!r}{hint}; `textgauge metrics` lists them", "unknown-metric")
    print_text(_page(found))


def _page(metric: tg.MetricInfo) -> str:
    whole = "mean of the pairs' scores" if metric.corpus == "mean" else "of counts added up over all pairs"
    lines = [
        f"{metric.name}: {metric.summary}",
        f"Source: {metric.source}",
        f"Score of a corpus: {whole}",
        "",
        "Outputs",
    ]
    for output in metric.outputs:
        column = f"{metric.name}.{output.part}".rstrip(".")
        better = {True: "higher is better", False: "lower is better", None: ""}[output.higher_is_better]
        scale = (
            f"{output.lowest:g} to {output.highest:g}" if output.highest < float("inf") else f"from {output.lowest:g}"
        )
        lines.append(_entry(column, "; ".join(filter(None, (output.summary, scale, better)))))
    lines += ["", "Options, each as -o NAME=VALUE" if metric.options else "No options"]
    for option in metric.options:
        default = {None: "depends", (): "none"}.get(option.default, str(option.default))
        names = f" ({', '.join(_transforms())})" if option.name == "transforms" else ""
        lines.append(_entry(option.name, f"{option.meaning}: {option.allowed}{names}. Default: {default}."))
    return "\n".join(lines)


def _entry(name: str, text: str) -> str:
    indent = " " * 4
    lines = textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join([f"  {name}", *lines])


def _transforms() -> list[str]:
    from textgauge.text.transforms import BUILT_IN  # slow to load, which other commands need not do

    return list(BUILT_IN)
