"""evaluate's metrics of n-grams and edits: `rouge`, `bleu`, `google_bleu`, `sacrebleu`, `chrf`, `ter`, `nist_mt`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax import saxutils

import numpy as np

from textgauge import metrics
from textgauge.compat.evaluate._described import SEVERAL, described
from textgauge.compat.evaluate.module import Metric
from textgauge.compat.nltk.translate.nist_score import corpus_nist
from textgauge.compat.rouge_score.rouge_scorer import RougeScorer
from textgauge.compat.sacrebleu.compat import corpus_bleu
from textgauge.compat.sacrebleu.metrics import CHRF, TER
from textgauge.scorer import Scorer, tokenize
from textgauge.stats import peer_sampling

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from textgauge.compat.evaluate.info import MetricInfo

    Tokenize = Callable[[str], Sequence[Hashable]]

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
        score = corpus_bleu(
            predictions,
            _streams("Sacrebleu", references),
            smooth_method=smooth_method,
            smooth_value=smooth_value,
            force=force,
            lowercase=lowercase,
            tokenize=tokenize or "13a",
            use_effective_order=use_effective_order,
        )
        parts = ("score", "counts", "totals", "precisions", "bp", "sys_len", "ref_len")
        return {part: getattr(score, part) for part in parts}


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
        metric = CHRF(char_order, word_order, beta, lowercase, whitespace, eps_smoothing)
        score = metric.corpus_score(predictions, _streams("ChrF, as implemented by sacrebleu,", references))
        return {part: getattr(score, part) for part in ("score", "char_order", "word_order", "beta")}


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
        metric = TER(normalized, ignore_punct, support_zh_ja_chars, case_sensitive)
        score = metric.corpus_score(predictions, _streams("Sacrebleu", references))
        return {part: getattr(score, part) for part in ("score", "num_edits", "ref_length")}


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
        def read(text: str) -> list[str]:
            return _nist_tokens(text, lowercase, western_lang)

        hypotheses = [read(text) for text in predictions]
        return {"nist_mt": corpus_nist([[read(text) for text in own] for own in _lists(references)], hypotheses, n)}


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


def _lists(references: list[Any]) -> list[list[Any]]:
    """A list of references for each row."""
    return [[each] for each in references] if isinstance(references[0], str) else references


def _streams(who: str, references: list[Any]) -> list[list[Any]]:
    """As `_lists`, by column: all first references, all second ones and so on.

    Raises:
        ValueError: Rows have different numbers of references.
    """
    lists = _lists(references)
    if any(len(each) != len(lists[0]) for each in lists):
        raise ValueError(f"{who} requires the same number of references for each prediction")
    return [list(stream) for stream in zip(*lists, strict=True)]


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
