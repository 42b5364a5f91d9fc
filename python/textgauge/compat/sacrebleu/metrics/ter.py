"""The translation edit rate: `sacrebleu.metrics.ter` of sacrebleu 2.6.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textgauge.compat.sacrebleu.metrics._counted import CountedMetric, scorer_of
from textgauge.compat.sacrebleu.metrics.base import Score, Signature
from textgauge.compat.sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer
from textgauge.metrics import Ter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textgauge.compat.sacrebleu.metrics.base import Streams
    from textgauge.scorer import Scorer
    from textgauge.stats.measurements import Measurements

__all__ = ["TER", "TERScore", "TERSignature"]


class TERSignature(Signature):
    """All that a TER depends on."""

    def __init__(self, args: dict[str, Any]) -> None:
        super().__init__(args)
        self._abbr.update({"case": "c", "tok": "t", "norm": "nr", "punct": "pn", "asian": "as"})
        self.info.update(
            {
                "case": "mixed" if args["case_sensitive"] else "lc",
                "tok": args["tokenizer_signature"],
                "norm": args["normalized"],
                "punct": not args["no_punct"],
                "asian": args["asian_support"],
            }
        )


class TERScore(Score):
    """A TER with what it was made of.

    Attributes:
        num_edits: Edits.
        ref_length: Words of the references; of several the mean.
    """

    def __init__(self, score: float, num_edits: float, ref_length: float) -> None:
        super().__init__("TER", score)
        self.num_edits = int(num_edits)
        self.ref_length = ref_length


class TER(CountedMetric):
    """The translation edit rate of texts against references.

    >>> TER().corpus_score(["the cat sat on the mat"], [["the cat sat on a mat"]])
    TER = 16.67
    """

    _SIGNATURE_TYPE = TERSignature

    def __init__(
        self,
        normalized: bool = False,
        no_punct: bool = False,
        asian_support: bool = False,
        case_sensitive: bool = False,
        references: Streams | None = None,
    ) -> None:
        """Takes how texts are read.

        Args:
            normalized: Whether punctuation is cut off words, entities are resolved and so on.
            no_punct: Whether punctuation is removed.
            asian_support: Whether both go for Chinese, Japanese and Korean too.
            case_sensitive: Whether texts are left in their case.
            references: References to keep, by column, for calls without any.
        """
        super().__init__()
        self.no_punct = no_punct
        self.normalized = normalized
        self.asian_support = asian_support
        self.case_sensitive = case_sensitive
        self.tokenizer = TercomTokenizer(
            normalized=normalized, no_punct=no_punct, asian_support=asian_support, case_sensitive=case_sensitive
        )
        self.tokenizer_signature = self.tokenizer.signature()
        if references is not None:
            self._keep(references)

    def _preprocess_segment(self, sent: str) -> str:
        return self.tokenizer(sent.rstrip())

    def _reads_as_the_core(self) -> bool:
        # The tokenizer can be replaced, and the method overridden.
        return type(self)._preprocess_segment is TER._preprocess_segment and type(self.tokenizer) is TercomTokenizer

    def _scorer(self, is_read: bool) -> Scorer:
        return scorer_of(Ter, case_sensitive=True) if is_read else scorer_of(Ter, **self.tokenizer.options)

    def _statistics(self, measured: Measurements) -> list[list[Any]]:
        edits, lengths = measured._table.sacrebleu_statistics(0).T
        return [list(row) for row in zip(edits.astype(int).tolist(), lengths.tolist(), strict=True)]

    def _score_of(self, outputs: Iterable[float]) -> TERScore:
        return TERScore(*outputs)

    def _score_of_columns(self, scorer: Scorer, hypotheses: list[str], references: list[Any]) -> TERScore:
        if all(isinstance(text, str) for text in references):
            return self._score_of(scorer.aggregate(hypotheses, references).corpus.values())
        return self._score_of_measured(scorer.measure(hypotheses, references))

    def _score_of_measured(self, measured: Measurements) -> TERScore:
        # Mean lengths are added up in the order of the pairs.
        score: TERScore = self._aggregate_and_compute(self._statistics(measured))
        return score

    def _compute_score_from_stats(self, stats: list[Any]) -> TERScore:
        edits, length = stats[0], stats[1]
        # Against empty references all is wrong that is there.
        score = edits / length if length > 0 else float(edits > 0)
        return TERScore(100 * score, edits, length)

    def _read_references(self, texts: list[Any]) -> list[Any]:
        # As there: references are preprocessed twice.
        return self._read(self._read(texts))

    def _extract_reference_info(self, refs: Sequence[str]) -> dict[str, Any]:
        return super()._extract_reference_info(self._read(list(refs)))

    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: dict[str, Any]) -> list[Any]:
        _ = 0 / len(ref_kwargs["references"])  # there is no mean length of none
        return super()._compute_segment_statistics(hypothesis, ref_kwargs)
