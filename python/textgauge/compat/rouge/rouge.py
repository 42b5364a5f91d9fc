"""ROUGE of pairs and of files: `rouge.rouge` of rouge 1.0.1."""

from __future__ import annotations

import functools
import os.path
from itertools import chain
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from textgauge import _core
from textgauge.compat.rouge.rouge_score import rouge_l_summary_level, rouge_n
from textgauge.metrics import Rouge as Metric
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

__all__ = ["FilesRouge", "Rouge"]

# The metrics of the core.
_NAMES = {"rouge-l": "rougeL", **{f"rouge-{order}": f"rouge{order}" for order in range(1, 6)}}
# The columns of the core.
_PARTS = {"r": "r", "p": "p", "f": "f", "hyp": "hyp_len", "ref": "ref_len", "overlap": "shared"}
_SCORES = frozenset({"r", "p", "f"})
_without_stops = methodcaller("lstrip", ".")  # what is left is no copy
_COUNTS = frozenset({"hyp", "ref", "overlap"})


@functools.lru_cache(maxsize=64)
def _scorer(metrics: tuple[str, ...], exclusive: bool) -> Scorer:
    names = [_NAMES[metric] for metric in metrics]
    return Scorer(Metric(*names, variant="pltrdy", tokenizer="pltrdy", lowercase=False, exclusive=exclusive))


def _of_order(n: int) -> Callable[..., dict[str, Any]]:
    return lambda hyp, ref, **k: rouge_n(hyp, ref, n, **k)


class FilesRouge:
    """ROUGE of files with a text a line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Takes what `Rouge` takes."""
        self.rouge = Rouge(*args, **kwargs)

    def _check_files(self, hyp_path: str, ref_path: str) -> None:
        """Refuses files that are not there or have not as many lines.

        Raises:
            AssertionError: They are.
        """
        for path in (hyp_path, ref_path):
            if not os.path.isfile(path):  # noqa: PTH113 - takes what the peer takes
                raise AssertionError
        if _line_count(hyp_path) != _line_count(ref_path):
            raise AssertionError

    def get_scores(self, hyp_path: str, ref_path: str, avg: bool = False, ignore_empty: bool = False) -> Any:  # noqa: ANN401
        """The scores of each line. The last character of a line is dropped, even where it is no line feed.

        Args:
            hyp_path: The file of hypotheses.
            ref_path: The file of references.
            avg: As for `Rouge.get_scores`.
            ignore_empty: As for `Rouge.get_scores`.

        Raises:
            AssertionError: A file is not there, or the numbers of lines differ.
            ValueError: As for `Rouge.get_scores`.
        """
        self._check_files(hyp_path, ref_path)
        hyps, refs = _lines(hyp_path), _lines(ref_path)
        return self.rouge.get_scores(hyps, refs, avg=avg, ignore_empty=ignore_empty)


class Rouge:
    """ROUGE of hypotheses against references.

    >>> Rouge(metrics=["rouge-1"], stats=["p", "r"]).get_scores("the cat sat", "the cat")
    [{'rouge-1': {'p': 0.6666666666666666, 'r': 1.0}}]
    """

    DEFAULT_METRICS: ClassVar[list[str]] = ["rouge-1", "rouge-2", "rouge-l"]
    AVAILABLE_METRICS: ClassVar[dict[str, Callable[..., dict[str, Any]]]] = {
        **{f"rouge-{order}": _of_order(order) for order in range(1, 6)},
        "rouge-l": lambda hyp, ref, **k: rouge_l_summary_level(hyp, ref, **k),
    }
    DEFAULT_STATS: ClassVar[list[str]] = ["r", "p", "f"]
    AVAILABLE_STATS: ClassVar[list[str]] = ["r", "p", "f"]

    def __init__(
        self,
        metrics: Iterable[str] | None = None,
        stats: Iterable[str] | None = None,
        return_lengths: bool = False,
        raw_results: bool = False,
        exclusive: bool = True,
    ) -> None:
        """Takes what to measure and what to tell of it.

        Args:
            metrics: Any of rouge-1 to rouge-5 and rouge-l; by default rouge-1, rouge-2 and rouge-l.
            stats: Any of r, p and f; by default all.
            return_lengths: Whether the numbers of words are told, too.
            raw_results: Whether counts are told instead of `stats`: `hyp`, `ref` and `overlap`.
            exclusive: Whether repeated n-grams count once.

        Raises:
            ValueError: There is no such metric or statistic.
        """
        self.return_lengths = return_lengths
        self.raw_results = raw_results
        self.exclusive = exclusive
        self.metrics = Rouge.DEFAULT_METRICS
        if metrics is not None:
            self.metrics = _checked(metrics, "metric", Rouge.AVAILABLE_METRICS)
        self.stats = Rouge.DEFAULT_STATS
        if raw_results:
            self.stats = ["hyp", "ref", "overlap"]
        elif stats is not None:
            self.stats = _checked(stats, "stat", Rouge.AVAILABLE_STATS)

    def get_scores(self, hyps: Any, refs: Any, avg: bool = False, ignore_empty: bool = False) -> Any:  # noqa: ANN401
        """The scores of each pair: a dict by metric of dicts by statistic. Hypotheses come first.

        Args:
            hyps: The hypotheses, or one.
            refs: As many references, in a container of the same kind.
            avg: Whether the means of all pairs are given instead.
            ignore_empty: Whether pairs with an empty text are left out.

        Raises:
            ValueError: A text has no sentence: it is empty, or nothing but full stops.
            AssertionError: The containers are of two kinds or lengths.
        """
        if isinstance(hyps, str):
            hyps, refs = [hyps], [refs]
        if ignore_empty:
            hyps, refs = zip(*[pair for pair in zip(hyps, refs) if len(pair[0]) > 0 and len(pair[1]) > 0])  # noqa: B905
        if not isinstance(hyps, type(refs)) or len(hyps) != len(refs):
            raise AssertionError
        return (self._get_avg_scores if avg else self._get_scores)(list(hyps), list(refs))

    def _get_scores(self, hyps: list[str], refs: list[str]) -> list[dict[str, Any]]:
        if not self._is_usual(hyps, refs, _COUNTS if self.raw_results else _SCORES):
            return [self._scores_in_steps(*pair, raw_results=self.raw_results) for pair in zip(hyps, refs, strict=True)]
        of_metrics = []
        for columns in self._columns(hyps, refs).values():
            if self.raw_results:
                columns = [column.astype(int) for column in columns]
            of_metrics.append(_core.records([*self.stats], [column.tolist() for column in columns]))
        scores = _core.records([*self.metrics], of_metrics)
        if self.return_lengths:
            for score, hyp, ref in zip(scores, hyps, refs, strict=True):
                score["lengths"] = _lengths(hyp, ref)
        return scores

    def _get_avg_scores(self, hyps: list[str], refs: list[str]) -> dict[str, dict[str, float]]:
        totals: dict[str, dict[str, Any]]
        if self._is_usual(hyps, refs, _SCORES):
            # One number after the other, as the peer adds them.
            totals = {
                metric: {stat: np.cumsum(column)[-1].item() for stat, column in zip(self.stats, columns, strict=True)}
                for metric, columns in self._columns(hyps, refs).items()
            }
        else:
            totals = {metric: dict.fromkeys(self.stats, 0) for metric in self.metrics}
            for pair in zip(hyps, refs, strict=True):
                scores = self._scores_in_steps(*pair, raw_results=False)
                for metric in self.metrics:
                    totals[metric] = {stat: total + scores[metric][stat] for stat, total in totals[metric].items()}
        if self.return_lengths:
            lengths = [_lengths(*pair) for pair in zip(hyps, refs, strict=True)]
            totals["lengths"] = {side: sum(each[side] for each in lengths) for side in ("hyp", "ref")}
        return {name: {key: total / len(hyps) for key, total in each.items()} for name, each in totals.items()}

    def _is_usual(self, hyps: list[Any], refs: list[Any], stats: frozenset[str]) -> bool:
        """Whether the core measures it: its own metrics, each once, of texts with sentences; and gives such stats."""
        return (
            len(hyps) > 0
            and 0 < len(self.metrics) == len({*self.metrics} & _NAMES.keys())
            and 0 < len(self.stats) == len({*self.stats} & stats)
            and all(issubclass(kind, str) for kind in {*map(type, hyps), *map(type, refs)})
            and all(map(_without_stops, chain(hyps, refs)))
        )

    def _columns(self, hyps: list[str], refs: list[str]) -> dict[str, list[npt.NDArray[np.float64]]]:
        """For each metric a column of each statistic, as the core measures them."""
        result = _scorer(tuple(self.metrics), bool(self.exclusive)).score(hyps, refs)
        return {metric: [result[f"{_NAMES[metric]}.{_PARTS[stat]}"] for stat in self.stats] for metric in self.metrics}

    def _scores_in_steps(self, hyp: str, ref: str, *, raw_results: bool) -> dict[str, dict[str, Any]]:
        """The scores of a pair that is unusual, or the peer's exception."""
        texts = _sentences(hyp), _sentences(ref)
        scores = {}
        for metric in self.metrics:
            found = Rouge.AVAILABLE_METRICS[metric](*texts, raw_results=raw_results, exclusive=self.exclusive)
            scores[metric] = {stat: found[stat] for stat in self.stats}
        if self.return_lengths:
            scores["lengths"] = _lengths(hyp, ref)
        return scores


def _checked(names: Iterable[str], kind: str, known: Iterable[str]) -> list[str]:
    """The names in lower case.

    Raises:
        ValueError: One is unknown.
    """
    lowered = [name.lower() for name in names]
    for name in lowered:
        if name not in known:
            raise ValueError(f"Unknown {kind} '{name}'")
    return lowered


def _sentences(text: str) -> list[str]:
    return [" ".join(sentence.split()) for sentence in text.split(".") if sentence]


def _lengths(hyp: str, ref: str) -> dict[str, int]:
    """How many words both have; a full stop ends a word."""
    return {"hyp": len(hyp.replace(".", " ").split()), "ref": len(ref.replace(".", " ").split())}


def _line_count(path: str) -> int:
    with Path(path).open("rb") as file:
        return sum(1 for _ in file)


def _lines(path: str) -> list[str]:
    with Path(path).open(encoding="utf-8") as file:
        return [line[:-1] for line in file]
