"""What BLEU, chrF and TER have in common here: the core counts.

Usual texts go to the core in one call. What it refuses (a missing text, something that is no text) goes the way of the
base class, pair by pair, from which the peer's own exceptions come.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from textgauge.compat.sacrebleu.metrics.base import Metric
from textgauge.compat.sacrebleu.utils import sum_of_lists
from textgauge.errors import InputError, InputTypeError
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textgauge import metrics
    from textgauge.compat.sacrebleu.metrics.base import Score, Streams
    from textgauge.stats.measurements import Measurements

__all__ = ["CountedMetric", "scorer_of"]

_REFUSED = (InputError, InputTypeError)

_Counted = TypeVar("_Counted")


@functools.lru_cache(maxsize=256)
def scorer_of(metric: type[metrics.Metric], **options: Any) -> Scorer:  # noqa: ANN401 - the metric checks them
    """The scorer of one metric, made once."""
    return Scorer(metric(**options))


class _Cached(NamedTuple):
    """References by pair, a text or several, and how many each has, -1 if pairs differ in that."""

    streams: Streams
    rows: list[Any]
    number: int

    @classmethod
    def of(cls, streams: Streams) -> _Cached:
        if len(streams) == 1:
            return cls(streams, list(streams[0]), 1 if len(streams[0]) else -1)
        rows = [[text for text in row if text is not None] for row in zip(*streams, strict=False)]
        numbers = set(map(len, rows))
        return cls(streams, rows, numbers.pop() if len(numbers) == 1 else -1)


class CountedMetric(Metric):
    """A metric that the core has."""

    def _scorer(self, is_read: bool) -> Scorer:
        """The core's scorer with these options, of texts as they are or of texts that are preprocessed already."""
        raise NotImplementedError

    def _reads_as_the_core(self) -> bool:
        """Whether the core can read the texts itself, since nobody has put a preprocessing of their own here."""
        raise NotImplementedError

    def _score_of(self, outputs: Iterable[float]) -> Score:
        """The score among the core's outputs for a pair or a corpus, in their order."""
        raise NotImplementedError

    def _score_of_columns(self, scorer: Scorer, hypotheses: list[str], references: list[Any]) -> Score:
        """The score of a corpus."""
        return self._score_of(scorer.aggregate(hypotheses, references).corpus.values())

    def _statistics(self, measured: Measurements) -> list[list[Any]]:
        """The statistics of each pair, in numbers of the peer's types."""
        statistics: list[list[int]] = measured._table.sacrebleu_statistics(0).astype(int).tolist()
        return statistics

    def _keep(self, references: Streams) -> None:
        """Keeps references, to be scored against without being given again."""
        if {type(text) for stream in references for text in stream} <= {str, type(None)}:
            cached = _Cached.of(references)
            self._ref_cache = cached if cached.rows else None
            self.num_refs = cached.number
        else:
            self._cache_references(references)  # raises

    def _through_core(
        self,
        hypotheses: Sequence[str],
        references: Streams | None,
        count: Callable[[list[str], list[Any]], _Counted],
    ) -> _Counted:
        """What `count` makes of both columns, cut to the shorter one.

        Raises:
            RuntimeError: There are no references.
            InputError, InputTypeError: The core refuses a text, or there are no pairs.
        """
        self._refuse_no_references(references)
        cached = _Cached.of(references) if references else self._ref_cache
        rows = min(len(hypotheses), len(cached.rows))
        if not rows:
            raise InputError("there are no pairs", "no-row")
        columns = list(hypotheses)[:rows], cached.rows[:rows]
        if not self._reads_as_the_core():
            columns = self._read(columns[0]), self._read_references(columns[1])
        counted = count(*columns)
        if references:
            self.num_refs = cached.number
        if not self._force:
            self._warn_of_tokenized(sum(text.endswith(" .") for text in hypotheses[:rows]))
        return counted

    def _read(self, texts: list[Any]) -> list[Any]:
        return [self._read(text) if isinstance(text, list) else self._preprocess_segment(text) for text in texts]

    def _read_references(self, texts: list[Any]) -> list[Any]:
        return self._read(texts)

    def _measure(self, hypotheses: Sequence[str], references: Streams | None) -> Measurements:
        """What the core counts of each pair. Errors are those of `_through_core`."""
        scorer = self._scorer(not self._reads_as_the_core())
        return self._through_core(hypotheses, references, scorer.measure)

    def _extract_corpus_statistics(self, hypotheses: Sequence[str], references: Streams | None) -> Any:  # noqa: ANN401
        try:
            return self._statistics(self._measure(hypotheses, references))
        except _REFUSED:
            return super()._extract_corpus_statistics(hypotheses, references or self._ref_cache.streams)

    def _refuse_other_than_text(self, text: Any) -> None:  # noqa: ANN401
        text.split()  # raises, as there

    def _extract_reference_info(self, refs: Sequence[str]) -> dict[str, Any]:
        for text in refs:
            self._refuse_other_than_text(text)
        return {"references": list(refs)}

    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: dict[str, Any]) -> list[Any]:
        self._refuse_other_than_text(hypothesis)
        return self._statistics(self._scorer(is_read=True).measure([hypothesis], [ref_kwargs["references"]]))[0]

    def _aggregate_and_compute(self, stats: list[list[Any]]) -> Any:  # noqa: ANN401
        return self._compute_score_from_stats(sum_of_lists(stats))

    def sentence_score(self, hypothesis: str, references: Sequence[str]) -> Any:  # noqa: ANN401
        """See `Metric.sentence_score`."""
        self._check_sentence_score_args(hypothesis, references)
        text, texts = hypothesis, [text for text in references if text is not None]
        is_read = not self._reads_as_the_core()
        if is_read:
            text, texts = self._preprocess_segment(text), self._read_references(texts)
        try:
            outputs = self._scorer(is_read)._compiled.pair_values(text, texts)
        except _REFUSED:
            return super().sentence_score(hypothesis, references)
        self.num_refs = len(texts)
        return self._score_of(outputs)

    def corpus_score(self, hypotheses: Sequence[str], references: Streams | None, n_bootstrap: int = 1) -> Any:  # noqa: ANN401
        """See `Metric.corpus_score`."""
        self._check_corpus_score_args(hypotheses, references)
        try:
            if n_bootstrap > 1:
                return self._with_interval(self._measure(hypotheses, references), n_bootstrap)
            score = functools.partial(self._score_of_columns, self._scorer(not self._reads_as_the_core()))
            return self._through_core(hypotheses, references, score)
        except _REFUSED:
            return super().corpus_score(hypotheses, references, n_bootstrap)

    def measured(self, hypotheses: Sequence[str], references: Streams | None) -> tuple[Measurements, Any]:
        """What the core counts of each pair, and the score of all, for tests.

        Raises:
            RuntimeError: There are no references.
            Exception: That of the peer, if the core refuses a text.
        """
        try:
            measured = self._measure(hypotheses, references)
        except _REFUSED:
            self._extract_corpus_statistics(hypotheses, references)
            raise
        return measured, self._score_of_measured(measured)

    def _score_of_measured(self, measured: Measurements) -> Any:  # noqa: ANN401
        """The score of a corpus, of which measurements are there."""
        return self._score_of(measured.corpus.values())

    def _with_interval(self, measured: Measurements, samples: int) -> Score:
        from textgauge.stats.parity import bootstrap_interval, default_seed  # seldom needed

        score: Score = self._score_of_measured(measured)
        self.n_bootstrap = samples
        seed = default_seed()
        self.seed = str(seed).lower()
        score._mean, score._ci = bootstrap_interval(measured, 0, samples, seed)
        return score
