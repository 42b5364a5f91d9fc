"""The command `textgauge rouge-score`, with the flags of `python -m rouge_score.rouge`."""

from typing import Annotated

import typer

from textgauge.cli.console import ending_on_errors
from textgauge.errors import InputError

__all__ = ["rouge_score"]


def rouge_score(
    target_filepattern: Annotated[str, typer.Option("--target_filepattern", help="Files of target texts.")],
    prediction_filepattern: Annotated[str, typer.Option("--prediction_filepattern", help="Files of predictions.")],
    output_filename: Annotated[str, typer.Option("--output_filename", help="File of comma-separated scores.")],
    delimiter: Annotated[str, typer.Option("--delimiter", help="What ends a record.", show_default=False)] = "\n",
    rouge_types: Annotated[
        str, typer.Option("--rouge_types", help="Any of rouge1 to rouge9, rougeL, rougeLsum, with commas.")
    ] = "rouge1,rouge2,rougeL",
    use_stemmer: Annotated[bool, typer.Option("--use_stemmer/--nouse_stemmer", help="Porter stemmer.")] = False,
    aggregate: Annotated[
        bool, typer.Option("--aggregate/--noaggregate", help="Intervals of all pairs, not a row for each pair.")
    ] = True,
    split_summaries: Annotated[
        bool, typer.Option("--split_summaries/--nosplit_summaries", help="NLTK's sentences for rougeLsum, not lines.")
    ] = False,
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
