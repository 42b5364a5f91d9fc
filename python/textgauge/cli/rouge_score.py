"""The command `textgauge rouge-score`, with the flags of `python -m rouge_score.rouge`."""

from __future__ import annotations

import click

from textgauge.cli.console import ending_on_errors
from textgauge.errors import InputError

__all__ = ["rouge_score"]


@click.command("rouge-score")
@click.option("--target_filepattern", required=True, help="Files of target texts.")
@click.option("--prediction_filepattern", required=True, help="Files of predictions.")
@click.option("--output_filename", required=True, help="File of comma-separated scores.")
@click.option("--delimiter", default="\n", show_default=False, help="What ends a record.")
@click.option(
    "--rouge_types", default="rouge1,rouge2,rougeL", help="Any of rouge1 to rouge9, rougeL, rougeLsum, with commas."
)
@click.option("--use_stemmer/--nouse_stemmer", default=False, help="Porter stemmer.")
@click.option("--aggregate/--noaggregate", default=True, help="Intervals of all pairs, not a row for each pair.")
@click.option("--split_summaries/--nosplit_summaries", default=False, help="NLTK's sentences for rougeLsum, not lines.")
def rouge_score(
    target_filepattern: str,
    prediction_filepattern: str,
    output_filename: str,
    delimiter: str,
    rouge_types: str,
    use_stemmer: bool,
    aggregate: bool,
    split_summaries: bool,
) -> None:
    """Score text files as rouge-score 0.1.2 does, with its flags. NumPy's random numbers make the intervals."""
    from textgauge.compat.rouge_score import io, rouge_scorer, scoring  # other commands do without

    scorer = rouge_scorer.RougeScorer(
        [name.strip() for name in rouge_types.split(",")], use_stemmer=use_stemmer, split_summaries=split_summaries
    )
    aggregator = scoring.BootstrapAggregator() if aggregate else None
    with ending_on_errors():
        try:
            io.compute_scores_and_write_to_csv(
                target_filepattern, prediction_filepattern, output_filename, scorer, aggregator, delimiter=delimiter
            )
        except OSError as error:
            raise InputError(f"{error.filename}: {error.strerror or error}", "bad-file") from error
        except ValueError as error:
            raise InputError(str(error), "bad-file") from error
