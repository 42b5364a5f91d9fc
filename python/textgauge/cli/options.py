"""Options that several commands share, and the metrics that they ask for."""

import json
from typing import Annotated, Any

import typer

import textgauge as tg
from textgauge.metrics import by_name

__all__ = [
    "AsJson",
    "Confidence",
    "Details",
    "Format",
    "MissingTexts",
    "Names",
    "Options",
    "Seed",
    "Stemmer",
    "Threads",
    "Tokenizer",
    "chosen_metrics",
]

Names = Annotated[str, typer.Option("--metrics", help="Comma-separated names.")]
Stemmer = Annotated[str | None, typer.Option(help="Stemmer of ROUGE: none or porter.")]
Tokenizer = Annotated[
    str | None, typer.Option(help="Tokenizer (13a, zh, words, …). `textgauge metrics NAME` lists the choices.")
]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option", "-o", help="An option of metrics as NAME=VALUE, or of one metric as METRIC.NAME=VALUE; repeatable."
    ),
]
Confidence = Annotated[float, typer.Option(help="Confidence level of intervals and verdicts.")]
Seed = Annotated[int, typer.Option(help="Random seed.")]
MissingTexts = Annotated[str, typer.Option(help="What to do about missing texts: error, empty or drop.")]
Threads = Annotated[int | None, typer.Option(help="How many threads to use. [default: all processors]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Format = Annotated[str, typer.Option("--format", help="table, markdown, latex, csv or json.")]
Details = Annotated[bool, typer.Option("--details", help="Print every number of each metric too.")]


def chosen_metrics(names: str, stemmer: str | None, tokenizer: str | None, given: list[str] | None) -> list[tg.Metric]:
    """The metrics of these names, each with those options that it has.

    Raises:
        ConfigError: There is no such metric, or none has one of the options.
    """
    options: list[tuple[str, str, Any]] = [("", "stemmer", stemmer), ("", "tokenizer", tokenizer)]
    options = [option for option in options if option[2] is not None]
    for text in given or []:
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
