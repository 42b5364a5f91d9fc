"""Scores of files: `rouge_score.io` of rouge-score 0.1.2."""

from __future__ import annotations

import glob
import logging
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textgauge.compat.rouge_score.scoring import AggregateScore, BaseScorer, BootstrapAggregator, Score

__all__ = ["compute_scores_and_write_to_csv"]

_log = logging.getLogger("absl")


def compute_scores_and_write_to_csv(
    target_filepattern: str,
    prediction_filepattern: str,
    output_filename: str,
    scorer: BaseScorer,
    aggregator: BootstrapAggregator | None,
    delimiter: str | bytes = "\n",
) -> None:
    """Scores the records of prediction files against those of target files, in the order of the files' names.

    Args:
        target_filepattern: The target files, as a pattern such as `targets/*.txt`.
        prediction_filepattern: The prediction files, as many.
        output_filename: The file of comma-separated values that is written: a row for each precision, recall and F
            with an interval; without an aggregator a row for each pair.
        scorer: What scores a pair.
        aggregator: What makes the intervals, or None.
        delimiter: What ends a record.

    Raises:
        ValueError: There are no files, or not as many of both, or two of them have different numbers of records.
        OSError: A file cannot be read or written.
    """
    targets, predictions = glob.glob(target_filepattern), glob.glob(prediction_filepattern)  # noqa: PTH207
    if not targets or len(targets) != len(predictions):
        raise ValueError(
            "Must have equal and positive number of target and prediction files. "
            f"Found: {len(targets)} target files ({target_filepattern}),"
            f" {len(predictions)} prediction files ({prediction_filepattern})."
        )
    scores: list[Mapping[str, Score]] = []
    for target, prediction in zip(sorted(targets), sorted(predictions), strict=True):
        _log.info("Reading targets from %s.", target)
        _log.info("Reading predictions from %s.", prediction)
        scores += _scores_of_files(target, prediction, scorer, delimiter)
    if aggregator:
        for score in scores:
            aggregator.add_scores(score)
        _write(output_filename, _lines_of_aggregates(aggregator.aggregate()))
    elif scores:
        _write(output_filename, _lines_of_scores(scores))
    else:
        _log.warning("No scores to write")


def _scores_of_files(
    target: str, prediction: str, scorer: BaseScorer, delimiter: str | bytes
) -> Iterator[Mapping[str, Score]]:
    for pair in zip_longest(_records(target, delimiter), _records(prediction, delimiter)):
        if None in pair:
            raise ValueError(
                "Must have equal number of lines across target and prediction files. "
                f"Mismatch between files: {target}, {prediction}."
            )
        yield scorer.score(*pair)


def _records(filename: str, delimiter: str | bytes) -> Iterator[str]:
    with Path(filename).open() as file:  # in the encoding of the system, as the peer
        *records, rest = file.read().split(delimiter.decode() if isinstance(delimiter, bytes) else delimiter)
    yield from records
    if rest:
        # Without one at the end an empty last record would be lost.
        _log.warning("Expected delimiter at end of file")
        yield rest


def _lines_of_aggregates(aggregates: Mapping[str, AggregateScore]) -> Iterator[str]:
    yield "score_type,low,mid,high"
    for name, aggregate in sorted(aggregates.items()):
        for letter, part in (("R", "recall"), ("P", "precision"), ("F", "fmeasure")):
            yield f"{name}-{letter}," + ",".join(f"{getattr(end, part):f}" for end in aggregate)


def _lines_of_scores(scores: Sequence[Mapping[str, Score]]) -> Iterator[str]:
    names = sorted(scores[0])
    yield "id" + "".join(f",{name}-P,{name}-R,{name}-F" for name in names)
    for number, score in enumerate(scores):
        yield f"{number}" + "".join(f",{part:f}" for name in names for part in score[name])


def _write(filename: str, lines: Iterator[str]) -> None:
    _log.info("Writing results to %s.", filename)
    with Path(filename).open("w") as file:
        file.writelines(f"{line}\n" for line in lines)
    _log.info("Finished writing results.")
