"""The scorer: metrics measured together, over single pairs or millions."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from textgauge import _core
from textgauge._value import whole_threads
from textgauge.aggregate import Aggregate
from textgauge.errors import ConfigError, InputTypeError, SignatureMismatch
from textgauge.io.columns import Column, Sentences, as_column, group
from textgauge.metrics import Metric, by_name
from textgauge.metrics.base import compile_metrics
from textgauge.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    import numpy as np
    import numpy.typing as npt

    from textgauge.stats.measurements import Measurements
    from textgauge.text.transforms import Transform

__all__ = ["Nulls", "PreparedReferences", "Scorer", "tokenize"]

Nulls = Literal["error", "propagate", "empty", "drop"]


class PreparedReferences:
    """References, read once, to be scored against many times; `Scorer.prepare` makes them.

    They belong to scorers of the same metrics. `len()` is the number of rows.
    """

    __slots__ = ("_compiled", "_metrics")

    def __init__(self, compiled: _core.Prepared, metrics: tuple[Metric, ...]) -> None:
        self._compiled = compiled
        self._metrics = metrics

    def __len__(self) -> int:
        return len(self._compiled)

    def __reduce__(self) -> tuple[object, ...]:
        message = "prepared references cannot be pickled; send the references, and prepare them where they are used"
        raise InputTypeError(message, "wrong-type")

    def __repr__(self) -> str:
        return f"<PreparedReferences of {len(self)} rows for {list(self._metrics)!r}>"


class Scorer:
    """Metrics computed together: each text is read once for all metrics that read it in the same way.

    Immutable, comparable, hashable and picklable; prints as the call that makes it, with a fingerprint if it is fitted.

    Args:
        metrics: A metric, or several; a name such as `"rouge1"` or `"chrf++"` is short for the metric with its
            defaults, `Rouge("rouge1")` or `Chrf(word_order=2)`.
        transforms: Change the texts first, for all metrics: one of `textgauge.transforms` or its name, or several in
            their order. A metric's own transforms follow. Metrics with the same transforms share the work.
        threads: How many threads a call uses, unless the call says otherwise. `None` means the environment variable
            TEXTGAUGE_NUM_THREADS, or else the number of processors. Scores don't depend on it.

    Raises:
        ConfigError: There is no metric, one is unknown, two would make the same column, or `threads` is not a
            whole number above 0.
    """

    __slots__ = ("_compiled", "_fitted", "_metrics", "_threads")
    _compiled: _core.Scorer
    _fitted: tuple[_core.Fitted, ...]
    _metrics: tuple[Metric, ...]
    _threads: int | None

    def __init__(
        self,
        metrics: str | Metric | Iterable[str | Metric],
        *,
        transforms: str | Transform | Iterable[str | Transform] = (),
        threads: int | None = None,
    ) -> None:
        if not isinstance(metrics, (str, Metric, Iterable)):
            message = f"{metrics!r} is no metric; pass a name such as 'rouge1', an object such as Bleu(...), or a list"
            raise ConfigError(message, "unknown-metric")
        each = [metrics] if isinstance(metrics, (str, Metric)) else list(metrics)
        set_field = functools.partial(object.__setattr__, self)
        set_field("_metrics", _transformed(tuple(map(_as_metric, each)), transforms))
        set_field("_threads", whole_threads(threads))
        set_field("_fitted", ())
        set_field("_compiled", compile_metrics(self._metrics))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Scorer cannot be changed: {name}")

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics."""
        return self._metrics

    @property
    def threads(self) -> int | None:
        """How many threads a call uses, unless the call says otherwise."""
        return self._threads

    @property
    def columns(self) -> list[str]:
        """The names of all outputs, such as `rouge1.p`, in order."""
        return self._compiled.columns

    @property
    def signatures(self) -> dict[str, str]:
        """For each metric, everything that its numbers depend on: options, versions."""
        return dict(self._compiled.signatures)

    @property
    def is_fitted(self) -> bool:
        """Whether pairs can be scored one by one: `fit` was called, or no metric needs it."""
        return not self._compiled.must_be_fitted

    def fit(
        self,
        references: Column,
        *,
        nulls: Nulls = "error",
        threads: int | None = None,
        sentences: Sentences = "lines",
    ) -> Scorer:
        """The same scorer, with its metrics fitted to these references, for all later calls.

        Some metrics, such as `Nist`, weigh n-grams by how rare they are among all references. Without `fit`, each call
        takes the weights from its own references and reads them twice. Then the sums of parts don't add up, and single
        pairs, iterators and prepared references can't be scored. The weights never change after `fit`, are pickled with
        the scorer, and have a fingerprint in the signature. If no metric needs it, `fit` reads nothing and returns the
        scorer itself.

        Args:
            references: As for `score`; iterators too.
            nulls: As for `score`; missing texts are skipped.
            threads: As for `score`.
            sentences: As for `score`.

        Raises:
            Error: As for `score`.
        """
        unfitted = compile_metrics(self._metrics)
        if not unfitted.must_be_fitted:
            return self
        column = as_column(references, "references", sentences)
        fitted = unfitted.fit(column, nulls=nulls, threads=self._threads_of(threads))
        return _fitted_scorer(self._metrics, self._threads, tuple(fitted))

    def score(
        self,
        predictions: Column,
        references: Column | PreparedReferences,
        *,
        nulls: Nulls = "error",
        threads: int | None = None,
        sentences: Sentences = "lines",
        tokens: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Result:
        """The scores of each pair and of all together.

        Args:
            predictions: One text a row: a list, tuple or iterator of `str`, a NumPy array, a pandas, Polars or
                DuckDB column, anything that exports Arrow data.
            references: The same; or several texts a row, as a list of lists, or an Arrow column of lists;
                or what `prepare` made.
            nulls: What to do about missing texts (None, NaN, null): `"error"`; `"propagate"`, which gives
                such rows NaN and leaves them out of the corpus; `"empty"`, which takes them for `""`; `"drop"`, which
                leaves missing references out of their row, as long as it has others.
            threads: How many threads to use, instead of the scorer's own number.
            sentences: `"lines"` if sentences (for `rougeLsum`) are the lines of a text, `"given"` if each text
                is a list of its sentences. For others see `textgauge.transforms.SplitSentences`.
            tokens: Whether each text is a list of its tokens: `str`, numbers, or anything else that can be hashed; in
                Arrow columns, lists of strings or integers. Then no tokenizer is used; lower-casing and stemming are
                done to each token. A list of such lists is several references. So if tokens are themselves lists or
                tuples, put the reference into a list. Metrics that read characters or whole texts, and metrics with
                transforms, don't take tokens.
            progress: A function that is called now and then with the number of rows done.

        Returns:
            A float64 array of shape (rows,) for each column, with the scores of the corpus.

        Raises:
            InputError: A text is missing, a row has no reference, or the lengths differ; `.row` says where.
            InputTypeError: Something is no text, or no column of texts.
            SignatureMismatch: The references were prepared by a scorer of other metrics.
            ConfigError: An argument is not one of its choices.
        """
        arrays, (whole,) = self.run(
            predictions,
            references,
            nulls=nulls,
            threads=threads,
            sentences=sentences,
            tokens=tokens,
            progress=progress,
            groups=None,
            columns=True,
        )
        return Result(arrays, whole)

    @overload
    def score_pair(
        self, prediction: str, reference: str | Sequence[str], *, tokens: Literal[False] = False
    ) -> dict[str, float]: ...
    @overload
    def score_pair(self, prediction: Sequence[Any], reference: Sequence[Any], *, tokens: bool) -> dict[str, float]: ...
    def score_pair(self, prediction: Any, reference: Any, *, tokens: bool = False) -> dict[str, float]:
        """The scores of one pair: the same as from `score`, but much faster than a call of it.

        Metrics such as `Nist`, whose scores of a pair depend on other pairs too, need `fit` first.

        >>> Scorer("wer").score_pair("the cat", "the cat sat down")["wer"]
        0.5
        >>> Scorer("wer").score_pair(["New York"], [["New York", "City"]], tokens=True)["wer"]
        0.5

        Args:
            prediction: The text to judge.
            reference: The text to compare with, or a list or tuple of several.
            tokens: Whether each text is a list of its tokens, as for `score`.

        Returns:
            The score of each column.

        Raises:
            InputError: A text is missing or there is no reference; the scorer has to be fitted.
            InputTypeError: Something is no text.
            ConfigError: `tokens` is not a bool, or a metric takes no tokens.
        """
        if tokens is False:
            return self._compiled.score_pair(prediction, reference)
        self._check_tokens(tokens)
        return self._compiled.score_pair(prediction, reference, tokens=True)

    @overload
    def aggregate(
        self,
        predictions: Column,
        references: Column | PreparedReferences,
        *,
        by: None = None,
        nulls: Nulls = "error",
        threads: int | None = None,
        sentences: Sentences = "lines",
        tokens: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Aggregate: ...
    @overload
    def aggregate(
        self,
        predictions: Column,
        references: Column | PreparedReferences,
        *,
        by: Column,
        nulls: Nulls = "error",
        threads: int | None = None,
        sentences: Sentences = "lines",
        tokens: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> dict[Any, Aggregate]: ...
    def aggregate(
        self,
        predictions: Column,
        references: Column | PreparedReferences,
        *,
        by: Column | None = None,
        nulls: Nulls = "error",
        threads: int | None = None,
        sentences: Sentences = "lines",
        tokens: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Aggregate | dict[Any, Aggregate]:
        """The scores of all pairs together, or of groups of them, without the scores of each pair.

        Args:
            predictions: As for `score`.
            references: As for `score`.
            by: A hashable key for each row; missing ones (None, NaN) are the key None.
            nulls: As for `score`.
            threads: As for `score`.
            sentences: As for `score`.
            tokens: As for `score`.
            progress: As for `score`.

        Returns:
            An aggregate, or with `by` one for each key, in order of first appearance.

        Raises:
            Error: As for `score`.
        """
        keys, groups = (None, None) if by is None else group(by)
        _, aggregates = self.run(
            predictions,
            references,
            nulls=nulls,
            threads=threads,
            sentences=sentences,
            tokens=tokens,
            progress=progress,
            groups=None if keys is None or groups is None else (keys, groups),
            columns=False,
        )
        return aggregates[0] if keys is None else dict(zip(keys, aggregates, strict=True))

    def measure(
        self,
        predictions: Column,
        references: Column | PreparedReferences,
        *,
        nulls: Nulls = "error",
        threads: int | None = None,
        sentences: Sentences = "lines",
        tokens: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Measurements:
        """The counts of each pair, for confidence intervals and significance tests.

        Args:
            predictions: As for `score`.
            references: As for `score`.
            nulls: As for `score`, but every row must be scored.
            threads: As for `score`.
            sentences: As for `score`.
            tokens: As for `score`.
            progress: As for `score`.

        Raises:
            Error: As for `score`.
        """
        from textgauge.stats.measurements import Measurements

        if nulls == "propagate":
            message = (
                "nulls is 'propagate', but rows without scores cannot be weighed; choose 'error', 'empty' or 'drop'"
            )
            raise ConfigError(message, "bad-null-policy")
        _, _, table = self._score(
            predictions,
            references,
            nulls=nulls,
            threads=threads,
            sentences=sentences,
            tokens=tokens,
            progress=progress,
            groups=None,
            columns=False,
            table=True,
        )
        return Measurements(cast("_core.Table", table))

    def run(
        self,
        predictions: Column,
        references: Column | PreparedReferences,
        *,
        nulls: Nulls,
        threads: int | None,
        sentences: Sentences,
        tokens: bool,
        progress: Callable[[int], object] | None,
        groups: tuple[Sequence[Hashable], npt.NDArray[np.uint32]] | None,
        columns: bool,
    ) -> tuple[dict[str, npt.NDArray[np.float64]], list[Aggregate]]:
        """What `score` and `aggregate` have in common: columns and groups of one pass.

        Args:
            predictions: As for `score`.
            references: As for `score`.
            nulls: As for `score`.
            threads: As for `score`.
            sentences: As for `score`.
            tokens: As for `score`.
            progress: As for `score`.
            groups: Keys, and for each row the index of its key.
            columns: Whether to make columns.

        Returns:
            The columns, if wanted, and an aggregate for each key, or one for all rows.
        """
        arrays, aggregates, _ = self._score(
            predictions,
            references,
            nulls=nulls,
            threads=threads,
            sentences=sentences,
            tokens=tokens,
            progress=progress,
            groups=groups,
            columns=columns,
            table=False,
        )
        names = self.columns if columns else []
        return dict(zip(names, arrays, strict=True)), [Aggregate(each) for each in aggregates]

    def _score(
        self,
        predictions: Column,
        references: Column | PreparedReferences,
        *,
        nulls: Nulls,
        threads: int | None,
        sentences: Sentences,
        tokens: bool,
        progress: Callable[[int], object] | None,
        groups: tuple[Sequence[Hashable], npt.NDArray[np.uint32]] | None,
        columns: bool,
        table: bool,
    ) -> tuple[list[npt.NDArray[np.float64]], list[_core.Aggregate], _core.Table | None]:
        self._check_tokens(tokens)
        if isinstance(references, PreparedReferences):
            references = self._own(references)
        else:
            references = as_column(references, "references", sentences, tokens=tokens)
        return self._compiled.score(
            as_column(predictions, "predictions", sentences, tokens=tokens),
            references,
            nulls=nulls,
            tokens=tokens,
            threads=self._threads_of(threads),
            groups=None if groups is None else groups[1],
            n_groups=1 if groups is None else len(groups[0]),
            columns=columns,
            table=table,
            progress=progress,
        )

    def _check_tokens(self, tokens: bool) -> None:
        if not isinstance(tokens, bool):
            raise ConfigError(f"tokens is {tokens!r}; it must be True or False", "bad-option")
        if tokens and self._fitted:
            message = "the scorer was fitted to texts, so it takes no tokens; one that is not fitted reads them itself"
            raise ConfigError(message, "bad-option")

    def prepare(
        self, references: Column, *, nulls: Nulls = "error", sentences: Sentences = "lines"
    ) -> PreparedReferences:
        """Reads references once, to score many sets of predictions against them.

        Args:
            references: As for `score`.
            nulls: As for `score`.
            sentences: As for `score`.

        Raises:
            InputError: A text is missing or a row has no reference.
            InputTypeError: Something is no text, or no column of texts.
        """
        column = as_column(references, "references", sentences)
        return PreparedReferences(self._compiled.prepare(column, role="references", nulls=nulls), self._metrics)

    def pairwise(
        self,
        predictions: Column | PreparedReferences,
        references: Column | PreparedReferences,
        *,
        nulls: Nulls = "error",
        threads: int | None = None,
    ) -> dict[str, npt.NDArray[np.float64]]:
        """The scores of every prediction against every reference.

        Args:
            predictions: As for `score`, or prepared.
            references: One text a row, or prepared.
            nulls: As for `score`.
            threads: As for `score`.

        Returns:
            For each column a float64 matrix of shape (predictions, references).

        Raises:
            Error: As for `score`.
        """
        sides = []
        for role, texts in (("predictions", predictions), ("references", references)):
            if isinstance(texts, PreparedReferences):
                sides.append(self._own(texts))
            else:
                sides.append(self._compiled.prepare(as_column(texts, role), role=role, nulls=nulls))
        matrices = self._compiled.pairwise(sides[0], sides[1], threads=self._threads_of(threads))
        return dict(zip(self.columns, matrices, strict=True))

    def _own(self, prepared: PreparedReferences) -> _core.Prepared:
        # Signatures would not do: two functions of one name have the same.
        if prepared._metrics != self._metrics:
            message = "prepared references can be scored only by a scorer of the same metrics: "
            message += f"one of {list(prepared._metrics)!r} prepared them, this one has {list(self._metrics)!r}"
            raise SignatureMismatch(message, "signature-mismatch")
        return prepared._compiled

    def _threads_of(self, threads: int | None) -> int | None:
        return self._threads if threads is None else whole_threads(threads)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scorer) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _fitted_scorer, self._parts()

    def _parts(self) -> tuple[tuple[Metric, ...], int | None, tuple[_core.Fitted, ...]]:
        return self._metrics, self._threads, self._fitted

    def __repr__(self) -> str:
        threads = "" if self._threads is None else f", threads={self._threads}"
        call = f"Scorer({list(self._metrics)!r}{threads})"
        if not self._fitted:
            return call
        return f"<{call} fitted to {', '.join(fitted.fingerprint for fitted in self._fitted)}>"


def _fitted_scorer(metrics: tuple[Metric, ...], threads: int | None, fitted: tuple[_core.Fitted, ...]) -> Scorer:
    scorer = Scorer(metrics, threads=threads)
    if fitted:
        object.__setattr__(scorer, "_fitted", fitted)
        object.__setattr__(scorer, "_compiled", compile_metrics(metrics, fitted))
    return scorer


def _transformed(
    metrics: tuple[Metric, ...], transforms: str | Transform | Iterable[str | Transform]
) -> tuple[Metric, ...]:
    """The metrics, with transforms before their own."""
    if isinstance(transforms, tuple) and len(transforms) == 0:
        return metrics
    from textgauge.text.transforms import as_transforms  # seldom needed, and slow to load

    first = as_transforms(transforms)
    return tuple(metric.with_fields(transforms=(*first, *as_transforms(metric.transforms))) for metric in metrics)


def _as_metric(metric: str | Metric) -> Metric:
    if isinstance(metric, str):
        return by_name(metric)
    if isinstance(metric, Metric):
        return metric
    raise ConfigError(
        f"{metric!r} is no metric; pass a name such as 'rouge1', or an object such as Bleu(...)", "unknown-metric"
    )


def tokenize(
    text: str,
    tokenizer: str = "rouge",
    stemmer: Literal["none", "porter"] = "none",
    lowercase: bool = True,
) -> list[str]:
    """The tokens that a metric with these options sees in `text`.

    Raises:
        InputTypeError: `text` is not a `str`.
        ConfigError: There is no such tokenizer or stemmer.
    """
    if not isinstance(text, str):
        raise InputTypeError(f"the text is a {type(text).__name__}, not a str", "wrong-type")
    if not isinstance(tokenizer, str):
        raise ConfigError(f"there is no tokenizer {tokenizer!r}; a name is wanted", "bad-option")
    if stemmer is not None and not isinstance(stemmer, str):
        raise ConfigError(f"there is no stemmer {stemmer!r}; choose one of none, porter", "bad-option")
    if not isinstance(lowercase, bool):
        raise ConfigError(f"lowercase is {lowercase!r}; it must be True or False", "bad-option")
    return _core.tokenize(text, tokenizer, stemmer or "none", lowercase, False)[0]
