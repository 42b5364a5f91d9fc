"""BLEU: `sacrebleu.metrics.bleu` of sacrebleu 2.6.0."""

from __future__ import annotations

import functools
import importlib
import logging
import math
from math import floor
from typing import TYPE_CHECKING, Any, ClassVar

from textgauge.compat.sacrebleu.metrics._counted import CountedMetric
from textgauge.compat.sacrebleu.metrics.base import Score, Signature
from textgauge.compat.sacrebleu.utils import my_log
from textgauge.metrics import Bleu
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textgauge.compat.sacrebleu.metrics.base import Streams
    from textgauge.compat.sacrebleu.tokenizers.tokenizer_base import BaseTokenizer

__all__ = ["BLEU", "MAX_NGRAM_ORDER", "BLEUScore", "BLEUSignature"]

sacrelogger = logging.getLogger("sacrebleu")

MAX_NGRAM_ORDER = 4

# The module and the class of each.
_TOKENIZERS = {
    "none": "tokenizer_none.NoneTokenizer",
    "zh": "tokenizer_zh.TokenizerZh",
    "13a": "tokenizer_13a.Tokenizer13a",
    "intl": "tokenizer_intl.TokenizerV14International",
    "char": "tokenizer_char.TokenizerChar",
    "ja-mecab": "tokenizer_ja_mecab.TokenizerJaMecab",
    "ko-mecab": "tokenizer_ko_mecab.TokenizerKoMecab",
    "spm": "tokenizer_spm.TokenizerSPM",
    "flores101": "tokenizer_spm.Flores101Tokenizer",
    "flores200": "tokenizer_spm.Flores200Tokenizer",
    "spBLEU-1K": "tokenizer_spm.spBLEU1KTokenizer",
}


@functools.cache
def _get_tokenizer(name: str) -> type[BaseTokenizer]:
    module, class_name = _TOKENIZERS[name].split(".")
    tokenizer: type[BaseTokenizer] = getattr(
        importlib.import_module(f"textgauge.compat.sacrebleu.tokenizers.{module}"), class_name
    )
    return tokenizer


@functools.lru_cache(maxsize=256)
def _scorer_of(
    tokenizer: str, lowercase: bool, orders: int, smoothing: str, value: float | None, effective_order: bool
) -> Scorer:
    """The core's scorer with these options, made once."""
    return Scorer(
        Bleu(
            tokenizer=tokenizer,
            lowercase=bool(lowercase),
            max_order=orders,
            smoothing=smoothing,
            smoothing_value=None if BLEU.SMOOTH_DEFAULTS[smoothing] is None else value,
            effective_order=bool(effective_order),
        )
    )


class BLEUSignature(Signature):
    """All that a BLEU depends on."""

    def __init__(self, args: dict[str, Any]) -> None:
        super().__init__(args)
        self._abbr.update({"case": "c", "eff": "e", "tok": "tok", "smooth": "s"})
        smoothing = args["smooth_method"]
        default = BLEU.SMOOTH_DEFAULTS[smoothing]
        if default is not None:
            value = default if args["smooth_value"] is None else args["smooth_value"]
            smoothing += f"[{value:.2f}]"
        self.info.update(
            {
                "case": "lc" if args["lowercase"] else "mixed",
                "eff": "yes" if args["effective_order"] else "no",
                "tok": args["tokenizer_signature"],
                "smooth": smoothing,
            }
        )


class BLEUScore(Score):
    """A BLEU with what it was made of.

    Attributes:
        counts: Matching n-grams of each order.
        totals: N-grams of the hypotheses of each order.
        precisions: Precisions of each order, in percent.
        bp: Brevity penalty.
        sys_len: Tokens of the hypotheses.
        ref_len: Tokens of the references.
        ratio: `sys_len / ref_len`, 0 if there are no references.
    """

    def __init__(
        self,
        score: float,
        counts: list[Any],
        totals: list[Any],
        precisions: list[float],
        bp: float,
        sys_len: int,
        ref_len: int,
    ) -> None:
        super().__init__("BLEU", score)
        self.bp = bp
        self.counts = counts
        self.totals = totals
        self.sys_len = sys_len
        self.ref_len = ref_len
        self.precisions = precisions
        self.ratio = sys_len / ref_len if ref_len else 0

    @functools.cached_property
    def prec_str(self) -> str:
        """The precisions as text."""
        return "/".join([f"{precision:.1f}" for precision in self.precisions])

    @functools.cached_property
    def _verbose(self) -> str:  # type: ignore[override]
        lengths = f"hyp_len = {self.sys_len:d} ref_len = {self.ref_len:d}"
        return f"{self.prec_str} (BP = {self.bp:.3f} ratio = {self.ratio:.3f} {lengths})"


class BLEU(CountedMetric):
    """BLEU of texts against references.

    >>> BLEU().corpus_score(["the cat sat on the mat"], [["the cat sat on a mat"]])
    BLEU = 53.73 83.3/60.0/50.0/33.3 (BP = 1.000 ratio = 1.000 hyp_len = 6 ref_len = 6)
    """

    SMOOTH_DEFAULTS: ClassVar[dict[str, float | None]] = {"none": None, "floor": 0.1, "add-k": 1, "exp": None}
    TOKENIZERS = _TOKENIZERS.keys()
    TOKENIZER_DEFAULT = "13a"

    # By the language of the hypotheses.
    _TOKENIZER_MAP: ClassVar = {"zh": "zh", "ja": "ja-mecab", "ko": "ko-mecab"}
    _LANGUAGES: ClassVar = {"zh": "Chinese", "ja": "Japanese", "ko": "Korean"}
    _SIGNATURE_TYPE = BLEUSignature

    def __init__(
        self,
        lowercase: bool = False,
        force: bool = False,
        tokenize: str | None = None,
        smooth_method: str = "exp",
        smooth_value: float | None = None,
        max_ngram_order: int = MAX_NGRAM_ORDER,
        effective_order: bool = False,
        trg_lang: str = "",
        references: Streams | None = None,
    ) -> None:
        """Takes what to count and how.

        Args:
            lowercase: Whether texts are lower-cased.
            force: Whether texts that look tokenised go without a warning.
            tokenize: One of `TOKENIZERS`; by default the one for `trg_lang`, else `13a`.
            smooth_method: What is done about orders without a match: one of `SMOOTH_DEFAULTS`.
            smooth_value: For `floor` and `add-k`.
            max_ngram_order: The longest n-grams, 1 to 16.
            effective_order: Whether orders are left out for which hypotheses are too short.
            trg_lang: The language of the hypotheses, such as `zh`.
            references: References to keep, by column, for calls without any.

        Raises:
            AssertionError: There is no such smoothing.
            KeyError: There is no such tokenizer.
        """
        super().__init__()
        self._force = force
        self.trg_lang = trg_lang
        self.lowercase = lowercase
        self.smooth_value = smooth_value
        self.smooth_method = smooth_method
        self.max_ngram_order = max_ngram_order
        self.effective_order = effective_order
        # The braces are the peer's.
        assert smooth_method in self.SMOOTH_DEFAULTS, "Unknown smooth_method {self.smooth_method!r}"
        usual = self._TOKENIZER_MAP.get(trg_lang)
        if usual and tokenize not in (None, usual):
            sacrelogger.warning(f"Consider using the '{usual}' or 'spm' tokenizer for {self._LANGUAGES[trg_lang]}.")
        self.tokenizer = _get_tokenizer((usual or self.TOKENIZER_DEFAULT) if tokenize is None else tokenize)()
        self.tokenizer_signature = self.tokenizer.signature()
        if references is not None:
            self._keep(references)

    @staticmethod
    def compute_bleu(
        correct: list[int],
        total: list[int],
        sys_len: int,
        ref_len: int,
        smooth_method: str = "none",
        smooth_value: float | None = None,
        effective_order: bool = False,
        max_ngram_order: int = MAX_NGRAM_ORDER,
    ) -> BLEUScore:
        """BLEU of what was counted.

        Args:
            correct: Matching n-grams of each order. `add-k` adds to them, in the list itself.
            total: N-grams of the hypotheses of each order, likewise.
            sys_len: Tokens of the hypotheses.
            ref_len: Tokens of the references.
            smooth_method: As for `BLEU`.
            smooth_value: As for `BLEU`.
            effective_order: As for `BLEU`.
            max_ngram_order: How many orders there are.

        Raises:
            AssertionError: There is no such smoothing.
        """
        assert smooth_method in BLEU.SMOOTH_DEFAULTS, "Unknown smooth_method {smooth_method!r}"
        if smooth_value is None:
            smooth_value = BLEU.SMOOTH_DEFAULTS[smooth_method]
        brevity_penalty = 1.0
        if sys_len < ref_len:
            brevity_penalty = math.exp(1 - ref_len / sys_len) if sys_len > 0 else 0.0
        precisions = [0.0] * max_ngram_order
        if not any(correct):
            return BLEUScore(0.0, correct, total, precisions, brevity_penalty, sys_len, ref_len)
        orders = max_ngram_order
        without_match = 1.0
        for order in range(max_ngram_order):
            if smooth_method == "add-k" and order > 0:
                correct[order] += smooth_value  # type: ignore[assignment,operator]
                total[order] += smooth_value  # type: ignore[assignment,operator]
            if total[order] == 0:
                break
            if effective_order:
                orders = order + 1
            if correct[order] != 0:
                precisions[order] = 100.0 * correct[order] / total[order]
            elif smooth_method == "exp":
                without_match *= 2
                precisions[order] = 100.0 / (without_match * total[order])
            elif smooth_method == "floor":
                precisions[order] = 100.0 * smooth_value / total[order]  # type: ignore[operator]
        score = brevity_penalty * math.exp(sum(map(my_log, precisions[:orders])) / orders)
        return BLEUScore(score, correct, total, precisions, brevity_penalty, sys_len, ref_len)

    def _preprocess_segment(self, sent: str) -> str:
        if self.lowercase:
            sent = sent.lower()
        return self.tokenizer(sent.rstrip())

    def _reads_as_the_core(self) -> bool:
        # Tokenizers can be replaced, and methods overridden.
        name = getattr(self.tokenizer, "name", None)
        return (
            type(self)._preprocess_segment is BLEU._preprocess_segment
            and name in _TOKENIZERS
            and type(self.tokenizer) is _get_tokenizer(name)
        )

    def _scorer(self, is_read: bool) -> Scorer:
        return _scorer_of(
            "none" if is_read else getattr(self.tokenizer, "name", None),
            self.lowercase and not is_read,
            self.max_ngram_order,
            self.smooth_method,
            self.smooth_value,
            self.effective_order,
        )

    def _score_of(self, outputs: Iterable[float]) -> BLEUScore:
        score, brevity_penalty, _, hypothesis_length, reference_length, *of_orders = outputs
        counts, totals = of_orders[1::3], of_orders[2::3]
        # Whole numbers by `floor`: it takes half the time of `int`.
        if self.smooth_method != "add-k" or not isinstance(self.smooth_value, float) or not counts[0]:
            counts, totals = [*map(floor, counts)], [*map(floor, totals)]
        else:
            # `add-k` may add what is no whole number, but not to unigrams, and not where nothing matches.
            counts[0], totals[0] = floor(counts[0]), floor(totals[0])
        return BLEUScore(
            score, counts, totals, of_orders[::3], brevity_penalty, floor(hypothesis_length), floor(reference_length)
        )

    def _compute_score_from_stats(self, stats: list[Any]) -> BLEUScore:
        orders = self.max_ngram_order
        return self.compute_bleu(
            stats[2 : 2 + orders],
            stats[2 + orders :],
            int(stats[0]),
            int(stats[1]),
            self.smooth_method,
            self.smooth_value,
            self.effective_order,
            orders,
        )

    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: dict[str, Any]) -> list[int]:
        if ref_kwargs["references"]:
            return super()._compute_segment_statistics(hypothesis, ref_kwargs)
        ngrams: Any = None
        if hypothesis.split():
            () in ngrams  # noqa: B015 - raises, as there: n-grams are looked up in nothing
        return [0, -1, *[0] * (2 * self.max_ngram_order)]

    def sentence_score(self, hypothesis: str, references: Sequence[str]) -> BLEUScore:
        """See `Metric.sentence_score`; it warns unless `effective_order` is set."""
        if not self.effective_order:
            sacrelogger.warning("It is recommended to enable `effective_order` for sentence-level BLEU.")
        score: BLEUScore = super().sentence_score(hypothesis, references)
        return score
