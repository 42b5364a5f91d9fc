"""What all metrics have in common: `sacrebleu.metrics.base` of sacrebleu 2.6.0."""

from __future__ import annotations

import json
import logging
import statistics
from abc import ABCMeta, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textgauge.compat.sacrebleu.version import version

if TYPE_CHECKING:
    Streams = Sequence[Sequence[str | None]]

__all__ = ["Metric", "Score", "Signature"]

sacrelogger = logging.getLogger("sacrebleu")

# So many lines with a period of their own at the end make BLEU warn.
_TOKENIZED_LINES = 100


class Score:
    """A score, and how it is printed.

    Attributes:
        name: The name of the metric.
        score: The number.
    """

    # What stands behind the score in a line.
    _verbose = ""

    def __init__(self, name: str, score: float) -> None:
        self.name = name
        self.score = score
        # Of bootstrap samples. Negative where there are none.
        self._mean = -1.0
        self._ci = -1.0

    def format(self, width: int = 2, score_only: bool = False, signature: str = "", is_json: bool = False) -> str:
        """The score as a line of text, or as JSON.

        Args:
            width: Digits after the point.
            score_only: Whether to give the number alone, with its interval if there is one.
            signature: What to put behind the metric's name.
            is_json: Whether to give JSON, with the parts of the signature as fields. `score_only` goes first.

        Raises:
            ValueError: The signature has no parts of the form `key:value`, and JSON is wanted.
        """
        number = f"{self.score:.{width}f}"
        interval = {}
        line = number
        if self._mean > 0:
            mean, half_width = f"{self._mean:.{width}f}", f"{self._ci:.{width}f}"
            text = f"μ = {mean} ± {half_width}"
            interval = {"confidence_mean": float(mean), "confidence_var": float(half_width), "confidence": text}
            line += f" ({text})"
        if score_only:
            return line
        if is_json:
            fields: dict[str, Any] = {"name": self.name, "score": float(number), "signature": signature, **interval}
            if self._verbose:
                fields["verbose_score"] = self._verbose
            for part in signature.split("|"):
                key, value = part.split(":")
                fields[key] = value
            return json.dumps(fields, indent=1, ensure_ascii=False)
        name = f"{self.name}|{signature}" if signature else self.name
        return f"{name} = {line} {self._verbose}" if self._verbose else f"{name} = {line}"

    def estimate_ci(self, scores: list[Score]) -> None:
        """Keeps the mean and half the width of the 95 % interval of bootstrap samples.

        Args:
            scores: The scores of the samples.
        """
        ordered = sorted(each.score for each in scores)
        outside = len(ordered) // 40
        self._ci = 0.5 * (ordered[len(ordered) - outside - 1] - ordered[outside])
        self._mean = statistics.mean(ordered)

    def __repr__(self) -> str:
        return self.format()


class Signature:
    """All that a score depends on, as a line of `key:value` pairs. The version stands at the end.

    Attributes:
        info: The pairs. Those without a value (None) are left out of the line.
    """

    def __init__(self, args: dict[str, Any]) -> None:
        """Takes the attributes of a metric that has scored something.

        Raises:
            ValueError: It has scored nothing, so the number of references is unknown.
        """
        self._abbr = {
            "version": "v",
            "nrefs": "#",
            "test": "t",
            "lang": "l",
            "subset": "S",
            "origlang": "o",
            "bs": "bs",
            "ar": "ar",
            "seed": "rs",
        }
        if "num_refs" not in args:
            raise ValueError("Number of references unknown, please evaluate the metric first.")
        self.info: dict[str, Any] = {
            "version": version,
            "nrefs": "var" if args["num_refs"] == -1 else args["num_refs"],
            "bs": args.get("n_bootstrap"),
            "ar": None,
            "seed": args.get("seed"),
            "test": args.get("test_set"),
            "lang": args.get("langpair"),
            "origlang": args.get("origlang"),
            "subset": args.get("subset"),
        }

    def format(self, short: bool = False) -> str:
        """The line.

        Args:
            short: Whether to abbreviate keys.

        Raises:
            KeyError: A key has no abbreviation.
        """
        items = [(key, value) for key, value in self.info.items() if value is not None and key != "version"]
        items.append(("version", self.info["version"]))
        return "|".join(f"{self._abbr[key] if short else key}:{_spelled(value)}" for key, value in items)

    def update(self, key: str, value: Any) -> None:  # noqa: ANN401 - whatever has a text
        """Adds a pair or changes one."""
        self.info[key] = value

    def __str__(self) -> str:
        return self.format()

    def __repr__(self) -> str:
        return self.format()


def _spelled(value: Any) -> Any:  # noqa: ANN401
    return ("no", "yes")[value] if isinstance(value, bool) else value


class Metric(metaclass=ABCMeta):
    """What a metric of one's own derives from: it says what it counts of a pair, and what score the sums have.

    Attributes:
        n_bootstrap: How many bootstrap samples the last interval was made of.
        seed: With what seed.
        num_refs: How many references each pair has, -1 if pairs differ in that; after something was scored.
    """

    _SIGNATURE_TYPE: type[Signature] = Signature
    num_refs: int

    def __init__(self) -> None:
        self._ref_cache: Any = None
        # Whether texts that look tokenised go without a warning; only BLEU warns.
        self._force = True
        self.n_bootstrap: int | None = None
        self.seed: str | None = None

    def _check_sentence_score_args(self, hyp: str, refs: Sequence[str]) -> None:
        if not isinstance(hyp, str):
            problem = "The argument `hyp` should be a string."
        elif isinstance(refs, str) or not isinstance(refs, (list, Sequence)):  # a list is usual, and told at once
            problem = "The argument `refs` should be a sequence of strings."
        elif not isinstance(refs[0], str) and refs[0] is not None:
            problem = "Each element of `refs` should be a string."
        else:
            return
        raise TypeError(f"{type(self).__name__}: {problem}")

    def _check_corpus_score_args(self, hyps: Sequence[str], refs: Streams | None) -> None:
        problem = None
        if not isinstance(hyps, Sequence):
            problem = "`hyps` should be a sequence of strings."
        elif not isinstance(hyps[0], str):
            problem = "Each element of `hyps` should be a string."
        elif not isinstance(hyps, str) and None in hyps:
            problem = "Undefined line in hypotheses stream!"
        if refs is not None:
            if not isinstance(refs, Sequence):
                problem = "`refs` should be a sequence of sequence of strings."
            elif not isinstance(refs[0], Sequence):
                problem = "Each element of `refs` should be a sequence of strings."
            elif not isinstance(refs[0][0], str) and refs[0][0] is not None:
                problem = "`refs` should be a sequence of sequence of strings."
        if problem:
            raise TypeError(f"{type(self).__name__}: {problem}")

    @abstractmethod
    def _aggregate_and_compute(self, stats: list[list[Any]]) -> Any:  # noqa: ANN401 - a score of the metric's own class
        """The score of the statistics of some pairs."""

    @abstractmethod
    def _compute_score_from_stats(self, stats: list[Any]) -> Any:  # noqa: ANN401
        """The score of statistics that are summed up."""

    @abstractmethod
    def _preprocess_segment(self, sent: str) -> str:
        """A text as the metric reads it."""

    @abstractmethod
    def _extract_reference_info(self, refs: Sequence[str]) -> dict[str, Any]:
        """What the metric wants to know of the references of a pair, as arguments for its statistics."""

    @abstractmethod
    def _compute_segment_statistics(self, hypothesis: str, ref_kwargs: dict[str, Any]) -> list[Any]:
        """What the metric counts of a pair."""

    def _cache_references(self, references: Streams) -> Any:  # noqa: ANN401 - what `_extract_corpus_statistics` reads
        rows = [[text for text in row if text is not None] for row in zip(*references, strict=False)]
        cached = [self._extract_reference_info([self._preprocess_segment(text) for text in row]) for row in rows]
        counts = {len(row) for row in rows}
        self.num_refs = counts.pop() if len(counts) == 1 else -1
        return cached

    def _extract_corpus_statistics(self, hypotheses: Sequence[str], references: Streams | None) -> Any:  # noqa: ANN401
        """What the metric counts of each pair. Texts beyond the shortest column are left out.

        Raises:
            RuntimeError: There are no references.
        """
        self._refuse_no_references(references)
        cached = self._cache_references(references) if references else self._ref_cache
        stats = []
        tokenized = 0
        for hypothesis, of_references in zip(hypotheses, cached, strict=False):
            tokenized += not self._force and hypothesis.endswith(" .")
            stats.append(self._compute_segment_statistics(self._preprocess_segment(hypothesis), of_references))
        self._warn_of_tokenized(tokenized)
        return stats

    def _refuse_no_references(self, references: Streams | None) -> None:
        if not references and not self._ref_cache:
            raise RuntimeError("No references provided and the cache is empty.")

    @staticmethod
    def _warn_of_tokenized(lines: int) -> None:
        if lines >= _TOKENIZED_LINES:
            sacrelogger.warning("That's 100 lines that end in a tokenized period ('.')")
            sacrelogger.warning("It looks like you forgot to detokenize your test data, which may hurt your score.")
            sacrelogger.warning(
                "If you insist your data is detokenized, or don't care, "
                "you can suppress this message with the `force` parameter."
            )

    def sentence_score(self, hypothesis: str, references: Sequence[str]) -> Any:  # noqa: ANN401
        """The score of one pair.

        Args:
            hypothesis: The text to judge.
            references: The texts to compare with; missing ones (None) are left out.

        Raises:
            TypeError: An argument is not of that kind.
        """
        self._check_sentence_score_args(hypothesis, references)
        return self._aggregate_and_compute(
            self._extract_corpus_statistics([hypothesis], [[reference] for reference in references])
        )

    def corpus_score(self, hypotheses: Sequence[str], references: Streams | None, n_bootstrap: int = 1) -> Any:  # noqa: ANN401
        """The score of all pairs together.

        Args:
            hypotheses: The texts to judge.
            references: Columns of references: one for each reference that a pair has, each as long as `hypotheses`;
                missing texts are None. `None` for those that were given to the metric itself.
            n_bootstrap: Of how many bootstrap samples to make an interval; 1 for none.

        Raises:
            TypeError: An argument is not of that kind.
            RuntimeError: There are no references.
        """
        self._check_corpus_score_args(hypotheses, references)
        stats = self._extract_corpus_statistics(hypotheses, references)
        score = self._aggregate_and_compute(stats)
        if n_bootstrap > 1:
            from textgauge.compat.sacrebleu.significance import _bootstrap_resample  # seldom needed

            self.n_bootstrap = n_bootstrap
            self.seed, samples = _bootstrap_resample(stats, self, n_bootstrap)
            score.estimate_ci(samples)
        return score

    def get_signature(self) -> Signature:
        """The signature of the last score.

        Raises:
            ValueError: Nothing was scored.
        """
        return self._SIGNATURE_TYPE(self.__dict__)
