"""Options that several commands share, and the metrics that they ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import textgauge as tg
from textgauge.metrics import by_name

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "PATH",
    "as_json",
    "check",
    "chosen_metrics",
    "confidence",
    "details",
    "form",
    "nulls",
    "of_metrics",
    "quiet",
    "seed",
    "threads",
]

PATH = click.Path(path_type=Path)

confidence = click.option("--confidence", default=0.95, help="Confidence level of intervals and verdicts.")
seed = click.option("--seed", default=12345, help="Random seed.")
nulls = click.option("--nulls", default="error", help="What to do about missing texts: error, empty or drop.")
threads = click.option("--threads", type=int, help="How many threads to use. [default: all processors]")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
form = click.option("--format", "form", default="table", help="table, markdown, latex, csv or json.")
check = click.option("--check/--no-check", default=True, help="Warn about columns that look gamed or broken.")
quiet = click.option("--quiet", is_flag=True, help="No notes and no progress; warnings and errors only.")
details = click.option("--details", is_flag=True, help="Print every number of each metric too.")


def of_metrics(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Options that say which metrics are asked for, by default those of these names; `chosen_metrics` takes them."""
    metrics = click.option("--metrics", default=default, help="Comma-separated names.")
    stemmer = click.option("--stemmer", help="Stemmer of ROUGE: none or porter.")
    tokenizer = click.option(
        "--tokenizer", help="Tokenizer (13a, zh, words, …). `textgauge metrics NAME` lists the choices."
    )
    option = click.option(
        "--option",
        "-o",
        multiple=True,
        help="An option of metrics as NAME=VALUE, or of one metric as METRIC.NAME=VALUE; repeatable.",
    )
    return lambda command: metrics(stemmer(tokenizer(option(command))))


def chosen_metrics(names: str, stemmer: str | None, tokenizer: str | None, given: tuple[str, ...]) -> list[tg.Metric]:
    """The metrics of these names, each with those options that it has.

    Raises:
        ConfigError: There is no such metric, or none has one of the options.
    """
    options: list[tuple[str, str, Any]] = [("", "stemmer", stemmer), ("", "tokenizer", tokenizer)]
    options = [option for option in options if option[2] is not None]
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise tg.ConfigError(f"an option is NAME=VALUE or METRIC.NAME=VALUE, not {text!r}", "bad-option")
        of, _, name = name.rpartition(".")
        options.append((of, name, _value(value)))
    used: set[int] = set()
    metrics = []
    for metric_name in (name.strip() for name in names.split(",")):
        metric = by_name(metric_name)
        own = {}
        for number, (of, name, value) in enumerate(options):
            if of in ("", metric_name) and name in metric.option_names():
                own[name] = value
                used.add(number)
        metrics.append(metric.with_options(**own))
    for number, (of, name, _) in enumerate(options):
        if number not in used:
            whose = f"the metric {of!r}" if of else f"any of the metrics {names}"
            raise tg.ConfigError(f"{name!r} is no option of {whose}", "bad-option")
    return metrics


def _value(text: str) -> Any:  # noqa: ANN401 - whatever JSON has
    try:
        return json.loads(_PYTHON.get(text, text))
    except ValueError:
        return text


# What people write out of habit.
_PYTHON = {"True": "true", "False": "false", "None": "null"}
