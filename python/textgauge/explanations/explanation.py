"""Why a pair has its scores: what each metric read, what of it is matched, and the arithmetic down to the score."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from textgauge.explanations.arithmetic import Step, evaluate, steps_of
from textgauge.explanations.places import Places, TokenPlaces
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textgauge.metrics.base import Metric, Spec

__all__ = ["Edit", "Explainer", "Explanation", "Line", "MeasuredMetric", "ReadPair", "TextReading", "explain"]

SEPARATOR = "\u001f"
"""What stands between the tokens of a compact explanation."""

# What a user asks for who names no metric.
DEFAULT = ("rouge1", "rouge2", "rougeL", "bleu", "chrf", "ter", "wer")

Pairs = tuple[tuple[int, int], ...]


class Edit(NamedTuple):
    """Consecutive tokens with the same edit. Ranges are start and end, the end not included.

    Attributes:
        kind: `"equal"`; `"substitute"`, as many others in their place; `"delete"`, missing in the prediction; or
            `"insert"`, missing in the reference.
        reference: The tokens in the reference.
        prediction: The tokens in the prediction.
    """

    kind: Literal["equal", "substitute", "delete", "insert"]
    reference: tuple[int, int]
    prediction: tuple[int, int]


@dataclass(frozen=True)
class ReadPair:
    """A prediction and one reference as some metrics read them. What none of them looks at is `None`, or empty.

    Attributes:
        prediction: The tokens of the prediction.
        reference: The tokens of the reference.
        prediction_breaks: The number of tokens before each end of a sentence that others follow, if sentences matter.
        reference_breaks: The same of the reference.
        ngrams: For each order the n-grams that count as matched, as where they begin in the prediction and in the
            reference. Clipped: of repeated ones the first, as many as both texts have.
        distinct: The same where each distinct n-gram counts once.
        lcs: The tokens of a longest common subsequence, as where they stand in the prediction and in the reference.
        union: The tokens of the reference that `rougeLsum` counts, each with the first occurrence in the prediction
            that is still free.
        run: Where the first of the longest common runs begins in the prediction and in the reference, and its length.
        edits: The edits that make the prediction of the reference.
        shifts: For `ter`, the shifts of the prediction's words in order: those at `start` to `middle` change places
            with those at `middle` to `end`.
        shifted: The words of the prediction after all shifts.
        shifted_edits: The edits that are left after the shifts.
        too_long: The names of what was not looked for because the texts are too long: `lcs`, `union`.
    """

    prediction: tuple[str, ...]
    reference: tuple[str, ...]
    prediction_breaks: tuple[int, ...] = ()
    reference_breaks: tuple[int, ...] = ()
    ngrams: Mapping[int, Pairs] | None = None
    distinct: Mapping[int, Pairs] | None = None
    lcs: Pairs | None = None
    union: Pairs | None = None
    run: tuple[int, int, int] | None = None
    edits: tuple[Edit, ...] | None = None
    shifts: tuple[tuple[int, int, int], ...] | None = None
    shifted: tuple[str, ...] | None = None
    shifted_edits: tuple[Edit, ...] | None = None
    too_long: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextReading:
    """One way in which metrics read texts.

    Attributes:
        name: The way, as in signatures: `tok:rouge|case:lower|stem:none`.
        pairs: The prediction with each reference.
    """

    name: str
    pairs: tuple[ReadPair, ...]


@dataclass(frozen=True)
class Line:
    """One line of arithmetic.

    Attributes:
        result: The name of what comes out: a column of the metric (`score` for the one without a part) or its own.
        words: The formula in words.
        numbers: The formula with its numbers.
        value: What comes out.
    """

    result: str
    words: str
    numbers: str
    value: float


@dataclass(frozen=True)
class MeasuredMetric:
    """One metric of an explanation.

    Attributes:
        name: The name that its columns begin with.
        signature: Everything that its numbers depend on.
        readings: The indexes of its readings, most often one.
        reference: The index of the reference that it took for the best, the first of equals; `None` where all
            references count together.
        sums: The counts that its scores come from, by name.
        scores: Its scores by column, those of `Scorer.score_pair`.
        steps: The arithmetic from the sums to the scores.
    """

    name: str
    signature: str
    readings: tuple[int, ...]
    reference: int | None
    sums: Mapping[str, int]
    scores: Mapping[str, float]
    steps: tuple[Line, ...]


class Explainer:
    """Explains the scores of pairs: metrics compiled once, for many pairs.

    Args:
        metrics: A metric or several, as `Scorer` takes them; or a `Scorer`, which may be fitted.

    Raises:
        ConfigError: As for `Scorer`.

    >>> explainer = Explainer("wer")
    >>> explanation = explainer.explain("the cat sat", "the cat sat down")
    >>> explanation.metrics[0].sums["del"]
    1
    """

    def __init__(self, metrics: str | Metric | Iterable[str | Metric] | Scorer = DEFAULT) -> None:
        self._scorer = metrics if isinstance(metrics, Scorer) else Scorer(metrics)
        self._explain = self._scorer._compiled.explain_pair
        readings, laid_out = self._scorer._compiled.explain_layout()
        self.readings: tuple[tuple[str, bool], ...] = tuple(readings)
        signatures = self._scorer.signatures
        specs = [(metric, spec) for metric in self._scorer.metrics for spec in metric.specs([])]
        self.metrics: tuple[_Metric, ...] = tuple(
            _Metric(metric, spec, signatures[spec["name"]], *parts)
            for (metric, spec), parts in zip(specs, laid_out, strict=True)
        )

    @functools.cached_property
    def places(self) -> tuple[TokenPlaces, ...]:
        """For each reading what finds its tokens in texts."""
        return tuple(
            TokenPlaces(name, next(metric.metric for metric in self.metrics if number in metric.numbers))
            for number, (name, _) in enumerate(self.readings)
        )

    @property
    def scorer(self) -> Scorer:
        """The scorer of the same metrics."""
        return self._scorer

    def explain(self, prediction: str, reference: str | Sequence[str]) -> Explanation:
        """Why a pair has its scores.

        Args:
            prediction: The text to judge.
            reference: The text to compare with, or a list or tuple of several.

        Raises:
            InputError: A text is missing or there is no reference; a metric such as `nist` has to be fitted first.
            InputTypeError: Something is no text.
        """
        compact = json.loads(self._explain(prediction, reference))
        references = (reference,) if isinstance(reference, str) else tuple(reference)
        return Explanation(prediction, references, self, compact)

    def brief(self, prediction: str, reference: str | Sequence[str], scores: Sequence[int]) -> bytes:
        """`Explanation.compact` as JSON, without `ngrams` and `distinct`, which follow from the tokens.

        Args:
            prediction: As for `explain`.
            reference: As for `explain`.
            scores: The columns whose scores are told, by their numbers.

        Returns:
            The JSON in UTF-8, in which lone surrogates are three bytes each.

        Raises:
            ConfigError: There is no such column.
            Error: As for `explain`.
        """
        return self._explain(prediction, reference, brief=scores)

    def layout(self) -> dict[str, Any]:
        """What is the same for every pair, fit for JSON: what `Explanation.compact` is read with.

        Returns:
            A dict with

            - `readings`: for each reading its `name`, and `characters`: whether each token is one code point;
            - `metrics`: for each metric its `name`, `signature`, `columns` (full names, in the order of the scores) and
              `parts` (what stands for them in templates), the names of its `sums`, its `readings` as pairs of an index
              and of what is shown (`{"ngrams": 2}`: the name in the compact form, with the highest order or 0; and
              `orders` with the orders that the metric itself counts), and its `steps` as dicts of `Step`'s fields.
        """
        return {
            "readings": [{"name": name, "characters": characters} for name, characters in self.readings],
            "metrics": [metric.layout() for metric in self.metrics],
        }

    def __repr__(self) -> str:
        return f"Explainer({list(self._scorer.metrics)!r})"


@dataclass(frozen=True)
class _Metric:
    """What is the same of a metric for every pair."""

    metric: Metric
    spec: Spec
    signature: str
    columns: list[str]
    sums: list[str]
    readings: list[tuple[int, dict[str, int]]]

    @property
    def name(self) -> str:
        return self.spec["name"]

    @functools.cached_property
    def numbers(self) -> tuple[int, ...]:
        """The indexes of its readings."""
        return tuple(number for number, _ in self.readings)

    @functools.cached_property
    def parts(self) -> list[str]:
        """The columns as templates name them."""
        return [column[len(self.name) :].removeprefix(".") or "score" for column in self.columns]

    @functools.cached_property
    def steps(self) -> tuple[Step, ...]:
        return steps_of(self.spec)

    @functools.cached_property
    def orders(self) -> list[int]:
        """The orders of n-grams that it counts."""
        highest = max((max(shown.get("ngrams", 0), shown.get("distinct", 0)) for _, shown in self.readings), default=0)
        options = self.spec["options"]
        if self.spec["metric"] == "gleu":
            return list(range(options["min_len"], highest + 1))
        is_rouge = re.fullmatch(r"rouge\d", self.spec["metric"]) is not None
        return [highest] if is_rouge else list(range(1, highest + 1))

    def layout(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "signature": self.signature,
            "columns": self.columns,
            "parts": self.parts,
            "sums": self.sums,
            "orders": self.orders,
            "readings": [[number, shown] for number, shown in self.readings],
            "steps": [step._asdict() for step in self.steps],
        }


class Explanation:
    """Why one pair has its scores.

    Attributes:
        prediction: The text that was judged.
        references: The texts that it was compared with.
    """

    __slots__ = ("__dict__", "_compact", "_explainer", "prediction", "references")

    def __init__(self, prediction: str, references: tuple[str, ...], explainer: Explainer, compact: list[Any]) -> None:
        self.prediction = prediction
        self.references = references
        self._explainer = explainer
        self._compact = compact

    def compact(self) -> list[Any]:
        """The whole explanation as small as it can be, fit for JSON; read with `Explainer.layout`.

        A list of four lists:

        1. the scores, one for each column of all metrics in their order; None where there is none;
        2. for each metric its sums, in the order of their names in the layout;
        3. for each metric the index of the reference that it took for the best; None where they count together;
        4. for each reading a dict:

           - `tokens`: those of the prediction: a string, in which U+001F stands between tokens, or nothing if the
             layout says that they are `characters`; a list of strings where that could not be told apart, and
             where there is no token;
           - `breaks`: the numbers of tokens before each end of a sentence that others follow; left out if there are
             none;
           - `references`: for each reference a dict of its `tokens` and `breaks` in the same form, and of what metrics
             of this reading look at:

             - `prediction`: the tokens of the prediction, where they depend on the reference (`compounds`);
             - `ngrams`, `distinct`: for orders 1, 2, … two strings, of the prediction and of the reference, with a `1`
               for each n-gram that is matched and a `0` for each other, by where they begin. Of equal n-grams the first
               `1` of either text belong to each other, and so on;
             - `lcs`: two such strings, of tokens; the first `1` of one belongs to the first of the other, and so on;
             - `union`: two such strings, of tokens; `lcs` and `union` are None where the texts are too long;
             - `run`: where it begins in the prediction, where in the reference, and its length;
             - `edits`: what makes the prediction of the reference, such as `3=1S2D1I`: numbers of tokens that are
               equal, substituted, deleted (of the reference) and inserted (in the prediction);
             - `shifts`: lists of start, middle and end: two stretches of the prediction that change places, one after
               the other; and `shifted`: the edits that are left, as `edits`.
        """
        return self._compact

    @functools.cached_property
    def readings(self) -> tuple[TextReading, ...]:
        """What the metrics read, once for all that read texts alike."""
        return tuple(
            TextReading(name, tuple(_pair(read, reference, characters) for reference in read["references"]))
            for (name, characters), read in zip(self._explainer.readings, self._compact[3], strict=True)
        )

    def places(self, reading: int = 0, reference: int = 0) -> tuple[Places, Places]:
        """Where the tokens of a `ReadPair` stand in the prediction and in the reference, as those were given.

        Args:
            reading: The index of the reading.
            reference: The index of the reference.

        Returns:
            For both texts start and end of each token; `None` where that is not known, because a function of the
            caller's own transformed the text, or the token is not a part of it.
        """
        find = self._explainer.places[reading]
        pair = self.readings[reading].pairs[reference]
        as_cut = "prediction" not in self._compact[3][reading]["references"][reference]
        return (
            find.of(self.prediction, pair.prediction, as_cut=as_cut),
            find.of(self.references[reference], pair.reference),
        )

    @functools.cached_property
    def metrics(self) -> tuple[MeasuredMetric, ...]:
        """Each metric with its sums, its scores and its arithmetic."""
        scores, sums, best, _ = self._compact
        numbers = iter(scores)
        return tuple(
            _measured(metric, [next(numbers) for _ in metric.columns], own, reference)
            for metric, own, reference in zip(self._explainer.metrics, sums, best, strict=True)
        )

    @property
    def scores(self) -> dict[str, float]:
        """The scores of all metrics by column."""
        return {column: score for metric in self.metrics for column, score in metric.scores.items()}

    def to_dict(self) -> dict[str, Any]:
        """Everything, spelled out and fit for JSON; a score that there is none of is None."""
        from dataclasses import asdict

        from textgauge.io.write import without_nan

        spelled_out: dict[str, Any] = without_nan(
            {
                "prediction": self.prediction,
                "references": list(self.references),
                "metrics": [asdict(metric) for metric in self.metrics],
                "readings": [asdict(reading) for reading in self.readings],
            }
        )
        return spelled_out

    def text(self, width: int = 80) -> str:
        """The explanation as lines of text.

        Args:
            width: How many cells of a terminal a line may take.
        """
        from textgauge.explanations.terminal import text

        return text(self, width)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from textgauge.explanations.page import html

        return html(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Explanation):
            return NotImplemented
        return self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((self.prediction, self.references))

    def _parts(self) -> tuple[object, ...]:
        return self.prediction, self.references, self._explainer.scorer, self._compact

    def __reduce__(self) -> tuple[object, ...]:
        return _explained_by, self._parts()


def _explained_by(prediction: str, references: tuple[str, ...], scorer: Scorer, compact: list[Any]) -> Explanation:
    return Explanation(prediction, references, Explainer(scorer), compact)


def explain(
    prediction: str,
    reference: str | Sequence[str],
    *,
    metrics: str | Metric | Iterable[str | Metric] | Scorer = DEFAULT,
) -> Explanation:
    """Why a pair has its scores: tokens, matches, penalties, and the arithmetic down to each score.

    Args:
        prediction: The text to judge.
        reference: The text to compare with, or a list or tuple of several.
        metrics: A metric or several, as `Scorer` takes them; or a `Scorer`, which may be fitted.

    Raises:
        InputError: A text is missing or there is no reference; a metric such as `nist` has to be fitted first.
        InputTypeError: Something is no text.
        ConfigError: As for `Scorer`.

    >>> explanation = explain("the the cat", "the cat sat", metrics="rouge1")
    >>> explanation.metrics[0].steps[0].numbers
    '2 / 3'
    """
    return Explainer(metrics).explain(prediction, reference)


def _tokens(form: str | list[str], characters: bool) -> tuple[str, ...]:
    if isinstance(form, list):
        return tuple(form)
    return tuple(form) if characters else tuple(form.split(SEPARATOR))


def _pair(read: dict[str, Any], reference: dict[str, Any], characters: bool) -> ReadPair:
    prediction = _tokens(reference.get("prediction", read["tokens"]), characters)
    wanted = _tokens(reference["tokens"], characters)
    return ReadPair(
        prediction,
        wanted,
        prediction_breaks=tuple(read.get("breaks", ())),
        reference_breaks=tuple(reference.get("breaks", ())),
        too_long=tuple(name for name in ("lcs", "union") if name in reference and reference[name] is None),
        **_matches(prediction, wanted, reference),
    )


def _matches(prediction: tuple[str, ...], wanted: tuple[str, ...], reference: dict[str, Any]) -> dict[str, Any]:
    """What of a pair is matched, as the fields of `ReadPair`."""
    found: dict[str, Any] = {}
    for name in ("ngrams", "distinct"):
        if name in reference:
            orders = enumerate(reference[name], 1)
            found[name] = {order: _equal_pairs(prediction, wanted, order, marks) for order, marks in orders}
    if reference.get("lcs") is not None:
        found["lcs"] = tuple(zip(*map(_marked, reference["lcs"]), strict=True))
    if reference.get("union") is not None:
        found["union"] = _equal_pairs(prediction, wanted, 1, reference["union"])
    if "run" in reference and reference["run"][2] > 0:
        found["run"] = tuple(reference["run"])
    if "edits" in reference:
        found["edits"] = _edits(reference["edits"])
    if "shifts" in reference:
        shifted = list(prediction)
        for start, middle, end in reference["shifts"]:
            shifted[start:end] = shifted[middle:end] + shifted[start:middle]
        found["shifts"] = tuple(map(tuple, reference["shifts"]))
        found["shifted"] = tuple(shifted)
        found["shifted_edits"] = _edits(reference["shifted"])
    return found


def _marked(marks: str) -> list[int]:
    return [position for position, mark in enumerate(marks) if mark == "1"]


def _equal_pairs(prediction: tuple[str, ...], reference: tuple[str, ...], order: int, marks: list[str]) -> Pairs:
    """The matched n-grams of both texts, put together."""
    waiting: dict[tuple[str, ...], list[int]] = {}
    for start in reversed(_marked(marks[1])):
        waiting.setdefault(reference[start : start + order], []).append(start)
    return tuple((start, waiting[prediction[start : start + order]].pop()) for start in _marked(marks[0]))


_KINDS: dict[str, Literal["equal", "substitute", "delete", "insert"]] = {
    "=": "equal",
    "S": "substitute",
    "D": "delete",
    "I": "insert",
}


def _edits(runs: str) -> tuple[Edit, ...]:
    edits = []
    i = j = 0
    for count, letter in re.findall(r"(\d+)([=SDI])", runs):
        in_reference = 0 if letter == "I" else int(count)
        in_prediction = 0 if letter == "D" else int(count)
        edits.append(Edit(_KINDS[letter], (i, i + in_reference), (j, j + in_prediction)))
        i, j = i + in_reference, j + in_prediction
    return tuple(edits)


def _measured(metric: _Metric, scores: list[float | None], sums: list[int], reference: int | None) -> MeasuredMetric:
    named_sums = dict(zip(metric.sums, sums, strict=True))
    by_part = dict(zip(metric.parts, scores, strict=True))
    return MeasuredMetric(
        metric.name,
        metric.signature,
        metric.numbers,
        reference,
        named_sums,
        {
            column: float("nan") if score is None else score
            for column, score in zip(metric.columns, scores, strict=True)
        },
        tuple(_lines(metric.steps, named_sums, by_part)),
    )


def _lines(steps: Iterable[Step], sums: Mapping[str, int], scores: Mapping[str, float | None]) -> Iterable[Line]:
    """The steps that apply, filled in."""
    values: dict[str, float] = {**{part: score for part, score in scores.items() if score is not None}, **sums}
    done = set()
    for step in steps:
        has_none = step.result in scores and scores[step.result] is None
        if step.result in done or has_none or (step.when and not evaluate(step.when, values)):
            continue
        done.add(step.result)
        value = evaluate(step.template, values)
        values[step.result] = value
        if not step.is_naming:
            yield Line(step.result, step.words, _filled(step.template, values), value)


_AT_LEAST_ONE = re.compile(r"max\((\d+), 1\)")
_AT_MOST_ONE = re.compile(r"min\((\d+), 1\)")


def _filled(template: str, values: Mapping[str, float]) -> str:
    """The template with numbers in place of names, as one reads them."""
    numbers = re.sub(r"\{(\w+)\}", lambda name: short(values[name[1]]), template)
    numbers = _AT_LEAST_ONE.sub(lambda found: str(max(int(found[1]), 1)), numbers)
    numbers = _AT_MOST_ONE.sub(lambda found: str(min(int(found[1]), 1)), numbers)
    numbers = re.sub(r"\d+\.(0\b|\d{5,})", lambda found: short(float(found[0])), numbers)
    return numbers.replace(" * ", " × ")


def short(value: float) -> str:
    """A number as one reads it: whole ones as they are, others with four digits."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.4f}" if abs(value) >= 0.001 else f"{value:.3g}"
