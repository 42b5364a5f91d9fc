"""chrF: `sacrebleu.metrics.chrf` of sacrebleu 2.6.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.compat.sacrebleu.metrics._counted import CountedMetric, scorer_of
from textgauge.compat.sacrebleu.metrics.base import Score, Signature
from textgauge.metrics import Chrf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textgauge.compat.sacrebleu.metrics.base import Streams
    from textgauge.scorer import Scorer

__all__ = ["CHRF", "CHRFScore", "CHRFSignature"]


class CHRFSignature(Signature):
    """All that a chrF depends on."""

    def __init__(self, args: dict[str, Any]) -> None:
        super().__init__(args)
        self._abbr.update({"case": "c", "eff": "e", "nc": "nc", "nw": "nw", "space": "s"})
        self.info.update(
            {
                "case": "lc" if args["lowercase"] else "mixed",
                "eff": "no" if args["eps_smoothing"] else "yes",
                "nc": args["char_order"],
                "nw": args["word_order"],
                "space": "yes" if args["whitespace"] else "no",
            }
        )


class CHRFScore(Score):
    """A chrF. Its name has `beta`, and a `+` for each order of words.

    Attributes:
        char_order: The longest n-grams of characters.
        word_order: The longest n-grams of words.
        beta: Weight of recall in F.
    """

    def __init__(self, score: float, char_order: int, word_order: int, beta: int) -> None:
        self.beta = beta
        self.char_order = char_order
        self.word_order = word_order
        super().__init__(f"chrF{beta}" + "+" * word_order, score)


class CHRF(CountedMetric):
    """chrF of texts against references, chrF++ with `word_order=2`.

    >>> CHRF().corpus_score(["the cat sat on the mat"], [["the cat sat on a mat"]])
    chrF2 = 72.08
    """

    CHAR_ORDER = 6
    WORD_ORDER = 0
    BETA = 2

    _SIGNATURE_TYPE = CHRFSignature

    def __init__(
        self,
        char_order: int = CHAR_ORDER,
        word_order: int = WORD_ORDER,
        beta: int = BETA,
        lowercase: bool = False,
        whitespace: bool = False,
        eps_smoothing: bool = False,
        references: Streams | None = None,
    ) -> None:
        """Takes what to count and how.

        Args:
            char_order: The longest n-grams of characters, 1 to 16.
            word_order: The longest n-grams of words, 0 to 16.
            beta: Weight of recall in F.
            lowercase: Whether texts are lower-cased.
            whitespace: Whether white space counts as characters.
            eps_smoothing: Whether orders without n-grams count as almost zero and not at all.
            references: References to keep, by column, for calls without any.
        """
        super().__init__()
        self.beta = beta
        self.char_order = char_order
        self.word_order = word_order
        self.order = char_order + word_order
        self.lowercase = lowercase
        self.whitespace = whitespace
        self.eps_smoothing = eps_smoothing
        if references is not None:
            self._keep(references)

    def _preprocess_segment(self, sent: str) -> str:
        return sent.lower() if self.lowercase else sent

    def _refuse_other_than_text(self, text: Any) -> None:  # noqa: ANN401
        if self.whitespace:
            len(text)  # raises, as there
        else:
            text.split()

    def _reads_as_the_core(self) -> bool:
        return type(self)._preprocess_segment is CHRF._preprocess_segment

    def _scorer(self, is_read: bool) -> Scorer:
        return scorer_of(
            Chrf,
            char_order=self.char_order,
            word_order=self.word_order,
            beta=self.beta,
            lowercase=bool(self.lowercase) and not is_read,
            whitespace=bool(self.whitespace),
            eps_smoothing=bool(self.eps_smoothing),
        )

    def _scored(self, score: float) -> CHRFScore:
        return CHRFScore(score, self.char_order, self.word_order, self.beta)

    def _score_of(self, outputs: Iterable[float]) -> CHRFScore:
        (score,) = outputs
        return self._scored(score)

    def _compute_score_from_stats(self, stats: list[Any]) -> CHRFScore:
        _, _, _ = stats[:3]  # of a pair without references there are none
        table = self._scorer(is_read=True).measure([""], [""])._table
        if getattr(stats, "dtype", None) == np.float32:
            ((score, is_single),) = table.sacrebleu_scores_of_singles(0, np.array([stats]))
            return self._scored(np.float32(score) if is_single else score)  # type: ignore[arg-type]
        return self._scored(*table.sacrebleu_scores_of_doubles(0, np.array([stats], dtype=np.float64)))

    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: dict[str, Any]) -> list[int]:
        return super()._compute_segment_statistics(hypothesis, ref_kwargs) if ref_kwargs["references"] else []
