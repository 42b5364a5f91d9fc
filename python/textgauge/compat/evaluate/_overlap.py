"""evaluate's metrics of n-grams and edits: `rouge`, `bleu`, `google_bleu`, `sacrebleu`, `chrf`, `ter`, `nist_mt`."""

from __future__ import annotations

import logging
import math
import operator
import re
from functools import reduce
from typing import TYPE_CHECKING, Any
from xml.sax import saxutils

import numpy as np

from textgauge import metrics
from textgauge.compat.evaluate._described import SEVERAL, described
from textgauge.compat.evaluate.module import Metric
from textgauge.compat.rouge_score.rouge_scorer import RougeScorer
from textgauge.scorer import Scorer, tokenize
from textgauge.stats import peer_sampling

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from textgauge.compat.evaluate.info import MetricInfo

    Tokenize = Callable[[str], Sequence[Hashable]]

# What logs there is called so.
_log = logging.getLogger("sacrebleu")

# Types by the longest common subsequence.
_LONGEST = ("rougeL", "rougeLsum")


class Rouge(Metric):
    """ROUGE: F of each type, as rouge-score has it."""

    def _info(self) -> MetricInfo:
        return described(
            "ROUGE: n-grams and longest common subsequences that a summary shares with its references.",
            "rouge_types, use_aggregator, use_stemmer, tokenizer",
            SEVERAL,
            "Lin 2004, ROUGE: A Package for Automatic Evaluation of Summaries",
            "https://github.com/google-research/google-research/tree/master/rouge",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        rouge_types: Sequence[str] | None = None,
        use_aggregator: bool = True,
        use_stemmer: bool = False,
        tokenizer: Tokenize | None = None,
    ) -> dict[str, Any]:
        if rouge_types is None:
            rouge_types = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
        own = None if tokenizer is None else _RougeTokenizer(tokenizer)
        scorer = RougeScorer(rouge_types, use_stemmer=use_stemmer, tokenizer=own)  # type: ignore[arg-type]
        score = scorer.score_multi if isinstance(references[0], list) else scorer.score
        pairs = list(zip(references, predictions, strict=True))
        try:
            rows = scorer._rows(references, predictions)
        except Exception:
            for pair in pairs:
                score(*pair)  # raises what the peer does
            raise
        if use_aggregator:
            return {name: peer_sampling.rouge_score_bootstrap(each)[1][2] for name, each in rows.items()}
        result = {name: each[:, 2].tolist() for name, each in rows.items()}
        for name in _LONGEST:
            # Where a text has no tokens, they are whole numbers.
            for row in np.flatnonzero(rows[name][:, 2] == 0) if name in rows else ():
                result[name][row] = score(*pairs[row])[name].fmeasure
        return result


class _RougeTokenizer:
    """A function as the tokenizer that rouge-score takes."""

    def __init__(self, tokenize: Tokenize) -> None:
        self.tokenize = tokenize


# A hyphen at the end of the last line, which mteval-v13a removes, but sacrebleu and the core keep: they strip first.
_LAST_HYPHEN = re.compile(r"-(?:<skipped>)*\n(?:\s|<skipped>)*\Z")


def _without_hyphen(text: str) -> str:
    # A missing text raises what it does in the peer.
    return _LAST_HYPHEN.sub("", text) if text.replace("\n", " ") is not text else text


def _tokens_13a(text: str) -> list[str]:
    """The tokens that mteval-v13a makes; usually the core reads texts so at once."""
    return tokenize(_without_hyphen(text), "13a", lowercase=False)


class Bleu(Metric):
    """BLEU as TensorFlow NMT has it."""

    def _info(self) -> MetricInfo:
        return described(
            "BLEU: the geometric mean of n-gram precisions, times a penalty for brevity; from 0 to 1.",
            "tokenizer, max_order, smooth",
            SEVERAL,
            "Papineni et al. 2002, BLEU: a Method for Automatic Evaluation of Machine Translation",
            "https://github.com/tensorflow/nmt/blob/master/nmt/scripts/bleu.py",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        tokenizer: Tokenize = _tokens_13a,
        max_order: int = 4,
        smooth: bool = False,
    ) -> dict[str, Any]:
        metric = metrics.Bleu(variant="nmt", max_order=max_order, smoothing="add-1" if smooth else "none")
        references = _lists(references)
        for each in references:
            min(each, key=id)  # raises what the peer does where there is none
        scores = _corpus(metric, predictions, references, tokenizer)
        lengths = int(scores["bleu.hyp_len"]), int(scores["bleu.ref_len"])
        ratio = float(lengths[0]) / lengths[1]
        1.0 / ratio  # raises what the peer does where no prediction has tokens
        return {
            "bleu": scores["bleu"],
            "precisions": [scores[f"bleu.p{order}"] for order in range(1, max_order + 1)],
            "brevity_penalty": scores["bleu.bp"],
            "length_ratio": ratio,
            "translation_length": lengths[0],
            "reference_length": lengths[1],
        }


class GoogleBleu(Metric):
    """GLEU as NLTK has it."""

    def _info(self) -> MetricInfo:
        return described(
            "GLEU: how many n-grams both texts share, of those that the larger has; from 0 to 1.",
            "tokenizer, min_len, max_len",
            SEVERAL,
            "Wu et al. 2016, Google's Neural Machine Translation System",
            "https://www.nltk.org/api/nltk.translate.gleu_score.html",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        tokenizer: Tokenize = _tokens_13a,
        min_len: int = 1,
        max_len: int = 4,
    ) -> dict[str, Any]:
        # A row without references counts nothing.
        rows = [(text, own) for text, own in zip(predictions, _lists(references), strict=True) if own != []]
        metric = metrics.Gleu(min_len=min_len, max_len=max_len)
        texts, answers = [text for text, _ in rows], [own for _, own in rows]
        scores = _corpus(metric, texts, answers, tokenizer)
        return {"google_bleu": scores["gleu"] if rows else 0.0}


class Sacrebleu(Metric):
    """BLEU as sacrebleu has it."""

    def _info(self) -> MetricInfo:
        return described(
            "BLEU of texts that are not tokenized yet, so that scores can be compared; from 0 to 100.",
            "smooth_method, smooth_value, force, lowercase, tokenize, use_effective_order",
            SEVERAL,
            "Post 2018, A Call for Clarity in Reporting BLEU Scores",
            "https://github.com/mjpost/sacreBLEU",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        smooth_method: str = "exp",
        smooth_value: float | None = None,
        force: bool = False,
        lowercase: bool = False,
        tokenize: str | None = None,  # the peer's name
        use_effective_order: bool = False,
    ) -> dict[str, Any]:
        references = _columns("Sacrebleu", references)
        if smooth_method not in ("none", "floor", "add-k", "exp"):
            raise AssertionError("Unknown smooth_method {self.smooth_method!r}")
        if tokenize and tokenize not in _SACREBLEU_TOKENIZERS:
            raise KeyError(tokenize)
        metric = metrics.Bleu(
            tokenizer=tokenize or "13a",
            lowercase=bool(lowercase),
            smoothing=smooth_method,
            smoothing_value=smooth_value if smooth_method in ("floor", "add-k") else None,
            effective_order=bool(use_effective_order),
        )
        scores = Scorer(metric).aggregate(predictions, _known("BLEU", predictions, references)).corpus
        if not force and sum(text.endswith(" .") for text in predictions) >= 100:
            _log.warning("That's 100 lines that end in a tokenized period ('.')")
            _log.warning("It looks like you forgot to detokenize your test data, which may hurt your score.")
            _log.warning(
                "If you insist your data is detokenized, or don't care, you can suppress this message with the `force` "
                "parameter."
            )
        # What is added to counts above order 1 is reported with them.
        is_added = smooth_method == "add-k" and smooth_value is not None and scores["bleu.correct1"]
        above: Any = type(smooth_value) if is_added else int
        counts, totals = (
            [(int if order == 1 else above)(scores[f"bleu.{part}{order}"]) for order in _ORDERS]
            for part in ("correct", "total")
        )
        return {
            "score": scores["bleu"],
            "counts": counts,
            "totals": totals,
            "precisions": [scores[f"bleu.p{order}"] for order in _ORDERS],
            "bp": scores["bleu.bp"],
            "sys_len": int(scores["bleu.hyp_len"]),
            "ref_len": int(scores["bleu.ref_len"]),
        }


_ORDERS = range(1, 5)
_SACREBLEU_TOKENIZERS = (
    *("none", "zh", "13a", "intl", "char", "ja-mecab", "ko-mecab", "spm", "flores101", "flores200", "spBLEU-1K"),
)


class ChrF(Metric):
    """chrF and chrF++ as sacrebleu has them."""

    def _info(self) -> MetricInfo:
        return described(
            "chrF: F of shared character n-grams, and of words' with word_order; from 0 to 100.",
            "char_order, word_order, beta, lowercase, whitespace, eps_smoothing",
            SEVERAL,
            "Popović 2015, chrF: character n-gram F-score for automatic MT evaluation",
            "https://github.com/mjpost/sacreBLEU#chrf--chrf",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        char_order: int = 6,
        word_order: int = 0,
        beta: int = 2,
        lowercase: bool = False,
        whitespace: bool = False,
        eps_smoothing: bool = False,
    ) -> dict[str, Any]:
        references = _columns("ChrF, as implemented by sacrebleu,", references)
        metric = metrics.Chrf(
            char_order=char_order,
            word_order=word_order,
            beta=beta,
            lowercase=bool(lowercase),
            whitespace=bool(whitespace),
            eps_smoothing=bool(eps_smoothing),
        )
        known = _known("CHRF", predictions, references)
        (score,) = Scorer(metric).aggregate(predictions, known).corpus.values()
        return {"score": score, "char_order": char_order, "word_order": word_order, "beta": beta}


class Ter(Metric):
    """TER as sacrebleu has it."""

    def _info(self) -> MetricInfo:
        return described(
            "TER: the edits, shifts among them, that make the reference of the prediction, in percent of its words.",
            "normalized, ignore_punct, support_zh_ja_chars, case_sensitive",
            SEVERAL,
            "Snover et al. 2006, A Study of Translation Edit Rate with Targeted Human Annotation",
            "https://github.com/mjpost/sacreBLEU#ter",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        normalized: bool = False,
        ignore_punct: bool = False,
        support_zh_ja_chars: bool = False,
        case_sensitive: bool = False,
    ) -> dict[str, Any]:
        references = _columns("Sacrebleu", references)
        metric = metrics.Ter(
            normalized=bool(normalized),
            no_punct=bool(ignore_punct),
            asian_support=bool(support_zh_ja_chars),
            case_sensitive=bool(case_sensitive),
        )
        result = Scorer(metric).score(predictions, _known("TER", predictions, references))
        # sacrebleu adds mean lengths pair by pair, and rounds each time.
        edits, length = int(result["ter.edits"].sum()), _added(result["ter.ref_len"])
        score = edits / length if length else float(edits > 0)
        return {"score": 100 * score, "num_edits": edits, "ref_length": length}


class NistMt(Metric):
    """NIST as NLTK has it."""

    def _info(self) -> MetricInfo:
        return described(
            "NIST: n-gram precision in which an n-gram counts for more the rarer it is among the references.",
            "n, lowercase, western_lang",
            SEVERAL,
            "Doddington 2002, Automatic evaluation of machine translation quality",
            "https://www.nltk.org/api/nltk.translate.nist_score.html",
        )

    def _compute(  # type: ignore[override]
        self,
        predictions: list[Any],
        references: list[Any],
        n: int = 5,
        lowercase: bool = False,
        western_lang: bool = True,
    ) -> dict[str, Any]:
        references = _lists(references)

        def read(text: str) -> list[str]:
            return _nist_tokens(text, lowercase, western_lang)

        hypotheses = [read(text) for text in predictions]
        answers = [[read(text) for text in own] for own in references]
        for each in answers:
            max(each)  # raises what the peer does where there is none
        result = Scorer(metrics.Nist(n=n)).score(hypotheses, answers, tokens=True)
        precision = 0.0
        for order in range(1, n + 1):
            # NLTK adds pair by pair, and rounds each time.
            precision += (_added(result[f"nist.num{order}"]) or 0) / int(result.corpus[f"nist.den{order}"])
        ratio = int(result.corpus["nist.hyp_len"]) / int(result.corpus["nist.ref_len"])
        return {"nist_mt": precision * _nist_penalty(ratio)}


def _nist_penalty(ratio: float) -> float:
    """One half at two thirds of the references' length."""
    if not 0 < ratio < 1:
        return min(ratio, 1.0)
    return math.exp(math.log(0.5) / math.log(1.5) ** 2 * math.log(ratio) ** 2)


# Marks stand alone; so do a point and a comma, unless digits are on both sides, and a dash after a digit.
_NIST_MARKS = [
    (re.compile(r"([!-&(-+/:-@\[-`{-~ ])"), r" \1 "),
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
]
_NIST_ENTITIES = {"&apos;": "'", "&quot;": '"', "&#124;": "|", "&#91;": "[", "&#93;": "]"}


def _nist_tokens(text: str, lowercase: bool, western: bool) -> list[str]:
    """The tokens that NLTK's `NISTTokenizer` makes."""
    text = saxutils.unescape(str(text).replace("<skipped>", ""), _NIST_ENTITIES)
    if western:
        text = f" {text.lower() if lowercase else text} "
        for marks, apart in _NIST_MARKS:
            text = marks.sub(apart, text)
    return text.split()


def _added(values: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """The sum of numbers in their order."""
    return reduce(operator.add, values.tolist(), 0)


def _lists(references: list[Any]) -> list[list[Any]]:
    """A list of references for each row."""
    return [[each] for each in references] if isinstance(references[0], str) else references


def _columns(who: str, references: list[Any]) -> list[list[Any]]:
    """As `_lists`, where all have to be of one length.

    Raises:
        ValueError: They are not.
    """
    lists = _lists(references)
    if any(len(each) != len(lists[0]) for each in lists):
        raise ValueError(f"{who} requires the same number of references for each prediction")
    return lists


def _known(who: str, predictions: list[Any], references: list[list[Any]]) -> list[list[str]]:
    """The references that are not missing.

    Raises:
        TypeError: A prediction is missing.
        IndexError: No row has references.
    """
    if not isinstance(predictions[0], str):
        raise TypeError(f"{who}: Each element of `hyps` should be a string.")
    if None in predictions:
        raise TypeError(f"{who}: Undefined line in hypotheses stream!")
    references[0][0]  # raises what the peer does where there is none
    return [[text for text in own if text is not None] for own in references]


def _corpus(
    metric: metrics.base.Metric, predictions: list[Any], references: list[list[Any]], tokenizer: Tokenize
) -> Mapping[str, float]:
    """The scores of the corpus, read by the core, or by a function that gives tokens of any kind."""
    scorer = Scorer(metric)
    if tokenizer is _tokens_13a:
        answers = [[_without_hyphen(text) for text in own] for own in references]
        return scorer.aggregate([_without_hyphen(text) for text in predictions], answers).corpus
    numbers: dict[Hashable, str] = {}

    def read(text: str) -> list[str]:
        return [numbers.setdefault(token, str(len(numbers))) for token in tokenizer(text)]

    tokens = [[read(text) for text in own] for own in references]
    return scorer.aggregate([read(text) for text in predictions], tokens, tokens=True).corpus
