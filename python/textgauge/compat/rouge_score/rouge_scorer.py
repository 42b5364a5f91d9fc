"""ROUGE of pairs: `rouge_score.rouge_scorer` of rouge-score 0.1.2."""

from __future__ import annotations

import functools
import logging
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.compat.rouge_score import scoring, tokenizers
from textgauge.compat.rouge_score._steps import (  # noqa: F401 - other code calls them
    _backtrack_norec,
    _create_ngrams,
    _find_union,
    _lcs_table,
    _score_lcs,
    _score_ngrams,
    _summary_level_lcs,
    _union_lcs,
    lcs_ind,
)
from textgauge.compat.rouge_score.tokenize import as_text
from textgauge.metrics import Rouge
from textgauge.metrics.base import compile_metrics
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    import numpy.typing as npt

    from textgauge import _core
    from textgauge.text.transforms import NltkSentences

    Text: TypeAlias = str | bytes

__all__ = ["RougeScorer", "lcs_ind"]

# What logs there is called so.
_log = logging.getLogger("absl")

# Types by the longest common subsequence.
_LONGEST = ("rougeL", "rougeLsum")


class RougeScorer(scoring.BaseScorer):
    """ROUGE of predictions against targets.

    >>> RougeScorer(["rouge1"]).score("the cat sat", "the cat")
    {'rouge1': Score(precision=1.0, recall=0.6666666666666666, fmeasure=0.8)}
    """

    def __init__(
        self,
        rouge_types: Sequence[str],
        use_stemmer: bool = False,
        split_summaries: bool = False,
        tokenizer: tokenizers.Tokenizer | None = None,
    ) -> None:
        """Takes what to measure and how.

        Args:
            rouge_types: Any of rouge1 to rouge9, rougeL, rougeLsum. Others are refused when a pair is scored.
            use_stemmer: Whether tokens of more than three characters are stemmed. A `tokenizer` does as it likes.
            split_summaries: For rougeLsum: whether NLTK finds the sentences. Else they are the lines.
            tokenizer: An object whose method `tokenize` makes the tokens of a text.
        """
        self.rouge_types = rouge_types
        _log.info("Using custom tokenizer." if tokenizer else "Using default tokenizer.")
        self._tokenizer = tokenizer or tokenizers.DefaultTokenizer(use_stemmer)
        self._sentences = _nltk_sentences() if split_summaries else None
        self._measured: list[Any] | None = None

    def score(self, target: Text, prediction: Text) -> dict[str, scoring.Score]:
        """The scores of a prediction, by type. The target comes first.

        Raises:
            ValueError: A type is unknown.
            AttributeError, TypeError: Something is no text.
        """
        if not isinstance(target, str):  # the core would take a list for several references
            return self._of_unusual([target], prediction)
        # What is seldom needed stands elsewhere: a pair takes the core about a microsecond.
        try:
            scores = self._of_core(target, prediction)  # type: ignore[arg-type]
        except Exception:
            return self._of_unusual([target], prediction)
        if 0.0 in scores:
            return self._with_zeros(scores, target, prediction)  # type: ignore[arg-type]
        make = scoring.Score._make
        return {name: make(scores[start : start + 3]) for name, start in self._places}

    def score_multi(self, targets: Sequence[Text], prediction: Text) -> dict[str, scoring.Score]:
        """For each type the scores against the target that gives the highest F, the first of several such.

        Raises:
            ValueError: There are no targets, or a type is unknown.
            AttributeError, TypeError: Something is no text.
        """
        targets = list(targets)
        if not targets:
            if len(self.rouge_types) == 0:
                return {}
            raise ValueError("attempt to get argmax of an empty sequence")
        try:
            scores = self._of_core(targets, prediction)  # type: ignore[arg-type]
        except Exception:
            return self._of_unusual(targets, prediction)
        return self._with_zeros(scores, targets[0], prediction)  # type: ignore[arg-type]

    def __getstate__(self) -> dict[str, Any]:
        # The core's scorer is made anew where it is needed.
        made = ("_compiled", "_metrics", "_places")
        return {name: value for name, value in vars(self).items() if name not in made} | {"_measured": None}

    def _rows(self, targets: Sequence[Any], predictions: Sequence[Any]) -> dict[str, npt.NDArray[np.float64]]:
        """Precision, recall and F of each pair, a row a pair, by type. With lists of targets as by `score_multi`.

        Raises:
            ValueError, TypeError: A type is unknown, a text is missing, or a pair has no targets.
        """
        if self._measured != [*self.rouge_types]:
            self._measure()
        if not self._places:
            return {}
        result = Scorer(self._metrics).score(predictions, targets)
        columns = [result[name] for name in result.columns]
        return {name: np.column_stack(columns[start : start + 3]) for name, start in self._places}

    def _of_core(self, target: str | list[str], prediction: str) -> tuple[float, ...]:
        """Precision, recall and F of each type in turn, as the core gives them."""
        # The types may be changed between calls.
        if self._measured != [*self.rouge_types]:
            self._measure()
        return self._compiled.pair_values(prediction, target)

    def _measure(self) -> None:
        """Makes the core's scorer.

        Raises:
            ValueError, TypeError: A type is unknown.
        """
        names = [_registered(each) for each in self.rouge_types]
        once = tuple(dict.fromkeys(names)) or ("rouge1",)  # without types it is not asked
        sentences = (self._sentences,) if self._sentences else ()
        if isinstance(self._tokenizer, tokenizers.DefaultTokenizer):
            stemmer = "porter" if _is_stemming(self._tokenizer) else "none"
            self._metrics, self._compiled = _made_once(once, sentences, stemmer=stemmer)
        else:
            self._metrics, self._compiled = _made(once, sentences, tokenizer=self._tokenizer.tokenize, lowercase=False)
        starts = {name: 3 * number for number, name in enumerate(once)}
        self._places = [(each, starts[name]) for each, name in zip(self.rouge_types, names, strict=True)]
        self._measured = list(self.rouge_types)

    def _of_unusual(self, targets: list[Text], prediction: Text) -> dict[str, scoring.Score]:
        """The scores where texts are bytes, or there is no type; else the peer's exception."""
        texts = [*targets, prediction]
        read_first = _decoded if list(self.rouge_types) == ["rougeLsum"] else self._tokenizer.tokenize
        read_first(targets[0])
        read_first(prediction)
        self._of_core("", "")  # refuses unknown types
        for text in targets[1:]:
            read_first(text)
        if len(self.rouge_types) == 0:
            return {}
        found: dict[str, scoring.Score] = {}
        # Bytes are put into lower case before they are decoded, but for rougeLsum after that.
        for is_lsum, read in ((False, as_text), (True, _decoded)):
            *references, hypothesis = map(read, texts)
            scores = self._of_core(references, hypothesis)
            each = self._with_zeros(scores, references[0], hypothesis)
            found.update((name, each[name]) for name in each if (name == "rougeLsum") == is_lsum)
        return {name: found[name] for name, _ in self._places}

    def _with_zeros(self, scores: tuple[float, ...], target: str, prediction: str) -> dict[str, scoring.Score]:
        """The scores by type: the longest common subsequence with a text without tokens is a whole number, 0."""
        found = {name: scoring.Score._make(scores[start : start + 3]) for name, start in self._places}
        for name, score in found.items():
            if name in _LONGEST and score.fmeasure == 0:
                read = self._has_tokens_by_sentence if name == "rougeLsum" else self._tokenizer.tokenize
                if not (read(target) and read(prediction)):
                    found[name] = scoring.Score(0, 0, 0)
        return found

    def _has_tokens_by_sentence(self, text: str) -> bool:
        lines = (self._sentences(text) if self._sentences else text).split("\n")
        return any(self._tokenizer.tokenize(line) for line in lines if line)


def _made(
    names: tuple[str, ...],
    sentences: tuple[NltkSentences, ...],
    **options: Any,  # noqa: ANN401 - those of Rouge
) -> tuple[list[Rouge], _core.Scorer]:
    """The metrics of some types, and the core's scorer of them."""
    metrics = [Rouge(name, **options, transforms=sentences if name == "rougeLsum" else ()) for name in names]
    return metrics, compile_metrics(metrics)


# Much code makes a `RougeScorer` for each pair. A tokenizer of its own is not to be kept alive here.
_made_once = functools.lru_cache(_made)


def _registered(rouge_type: Any) -> str:  # noqa: ANN401 - whatever the caller gave
    """The name that textgauge has for a type.

    Raises:
        ValueError, TypeError: It is none.
    """
    name = rouge_type.decode() if isinstance(rouge_type, bytes) else rouge_type
    if not isinstance(name, str):
        raise TypeError(f"not expecting type '{type(rouge_type)}'")
    if name in _LONGEST:
        return name
    # A pattern's end is also before a line feed.
    if not re.match("rouge[0-9]$", name):
        raise ValueError(f"Invalid rouge type: {rouge_type}")
    if name[5] == "0":
        raise ValueError(f"rougen requires positive n: {rouge_type}")
    return name.removesuffix("\n")


def _decoded(text: Any) -> str:  # noqa: ANN401
    if isinstance(text, bytes):
        return text.decode()
    if isinstance(text, str):
        return text
    raise TypeError(f"not expecting type '{type(text)}'")


def _is_stemming(tokenizer: Any) -> bool:  # noqa: ANN401
    return isinstance(tokenizer, tokenizers.DefaultTokenizer) and tokenizer._stemmer == "porter"


def _nltk_sentences() -> NltkSentences:
    from textgauge.text.transforms import NltkSentences  # seldom needed, and slow to load

    return NltkSentences()
