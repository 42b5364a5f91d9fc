"""How the scores of a pair come from its sums, as data: what fills in the steps may be Python or JavaScript.

A template is an expression of numbers, `+ - * / **`, comparisons, brackets and these functions: `exp`, `ln`, `min`,
`fsum` (a sum that is rounded once) and `weighted_ln` (`w * ln(p)`, or 0 if p is 0). Names in braces stand for sums, for
columns of the metric (`score` is the one without a part) and for results of steps before. It is the same expression
in both languages.

Several steps in a row may have the same result: the first one applies whose condition holds. Operations come in the
order in which the core does them, so that the result is the score itself, to the last bit.
"""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType

    from textgauge.metrics.base import Spec

__all__ = ["FUNCTIONS", "Step", "evaluate", "names_in", "steps_of"]


class Step(NamedTuple):
    """One line of arithmetic.

    Attributes:
        result: The column that it makes (`score` for the one without a part), or a name of its own.
        words: The formula in words; empty if the step only names a number.
        template: The formula, with the names of what goes in in braces.
        when: The condition under which it applies, a template too; empty for always.
    """

    result: str
    words: str
    template: str
    when: str = ""

    @property
    def is_naming(self) -> bool:
        """Whether nothing is computed: the result is a sum under another name."""
        return re.fullmatch(r"\{\w+\}", self.template) is not None


def _weighted_ln(weight: float, value: float) -> float:
    return weight * math.log(value) if value > 0 else 0.0


FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "ln": math.log,
    "min": min,
    "max": max,
    "fsum": lambda *values: math.fsum(values),
    "weighted_ln": _weighted_ln,
}
"""What a template may call."""

_NAME = re.compile(r"\{(\w+)\}")


def names_in(template: str) -> list[str]:
    """The names that a template wants numbers for."""
    return _NAME.findall(template)


def evaluate(template: str, values: Mapping[str, float]) -> float:
    """The value of a template of this module."""
    value: float = eval(_compiled(template), {"__builtins__": {}, **FUNCTIONS, "_values": values})
    return value


@functools.cache
def _compiled(template: str) -> CodeType:
    return compile(_NAME.sub(r"_values['\1']", template), template, "eval")


def steps_of(spec: Spec) -> tuple[Step, ...]:
    """The arithmetic of a metric: its steps in order.

    Args:
        spec: What `Metric.specs` makes of the metric.
    """
    name = spec["metric"]
    steps = next(steps for family, steps in _FAMILIES.items() if name.startswith(family))
    return tuple(steps(spec))


def _ratio(result: str, above: str, below: str, words: str = "", *, scale: str = "") -> list[Step]:
    """A quotient, which is 0 if what it is divided by is 0."""
    quotient = f"{{{above}}} / {{{below}}}"
    return [
        Step(result, words, f"{scale}({quotient})" if scale else quotient, f"{{{below}}} > 0"),
        Step(result, f"0, because there are no {_plain(below)}", "0"),
    ]


_PLAIN = {
    "prediction_ngrams": "n-grams in the prediction",
    "reference_ngrams": "n-grams in the reference",
    "prediction_tokens": "tokens in the prediction",
    "reference_tokens": "tokens in the reference",
    "prediction_words": "words in the prediction",
    "reference_words": "words in the reference",
    "ref_len": "tokens in the reference",
    "hyp_len": "tokens in the prediction",
    "ngrams": "n-grams",
    "matches": "matches",
}


def _plain(name: str) -> str:
    return _PLAIN.get(name, name.replace("_", " "))


def _f(precision: str, recall: str, template: str, words: str, result: str = "f") -> list[Step]:
    return [
        Step(result, "0, because precision and recall are 0", "0", f"{{{precision}}} + {{{recall}}} == 0"),
        Step(result, words, template),
    ]


def _rouge(spec: Spec) -> list[Step]:
    name, options = spec["metric"], spec["options"]
    if options["multiref"] == "mean":
        return [Step(part, "mean over the references", f"{{{part}_units}} * 2 ** -60") for part in "prf"]
    if name == "rougeL":
        shared, unit = "lcs", "tokens"
        what = "longest common subsequence"
    elif name == "rougeLsum":
        shared, unit, what = "union_lcs", "tokens", "union of the longest common subsequences"
    elif name == "rougeLcontig":
        shared, unit, what = "run", "tokens", "longest common run"
    else:
        shared, unit, what = "matches", "ngrams", "matched n-grams"
    of = "n-grams" if unit == "ngrams" else "tokens"
    steps = [
        *_ratio("p", shared, f"prediction_{unit}", f"{what} / {of} of the prediction"),
        *_ratio("r", shared, f"reference_{unit}", f"{what} / {of} of the reference"),
    ]
    if options["variant"] == "pltrdy":
        template = "2 * ({p} * {r} / ({p} + {r} + 1e-08))"
        return [
            *steps,
            Step("f", "2 × (precision × recall / (precision + recall + 0.00000001))", template),
            Step("shared", "", f"{{{shared}}}"),
            Step("hyp_len", "", f"{{prediction_{unit}}}"),
            Step("ref_len", "", f"{{reference_{unit}}}"),
        ]
    if options["beta"] == 1:
        harmonic = "2 × precision × recall / (precision + recall)"
        return [*steps, *_f("p", "r", "2 * {p} * {r} / ({p} + {r})", harmonic)]
    square = float(options["beta"]) * float(options["beta"])
    words = "(1 + beta²) × precision × recall / (beta² × precision + recall)"
    template = f"(1 + {square!r}) * {{p}} * {{r}} / ({square!r} * {{p}} + {{r}})"
    return [*steps, *_f("p", "r", template, words)]


def _each(template: str, orders: Sequence[int], joint: str = " + ") -> str:
    """The template once for each order, which stands in it as `#`."""
    return joint.join(template.replace("#", str(order)) for order in orders)


def _bleu(spec: Spec) -> list[Step]:
    options = spec["options"]
    return {"sacrebleu": _sacrebleu, "nltk": _nltk, "nmt": _nmt}[options["variant"]](options)


_NO_MATCH = "0, because no n-gram of any order is matched"
_RATIO_WORDS = "tokens of the prediction / tokens of the reference"
_MEAN_WORDS = "brevity penalty × geometric mean of the precisions"
_PENALTY_WORDS = "exp(1 - tokens of the reference / tokens of the prediction): the prediction is shorter"


def _halved(result: str, order: int, scale: str, matches: str, total: str, behind: str = "") -> list[Step]:
    """A precision without a match that is halved for each order without: as many as orders before have none."""
    return [
        Step(
            result,
            f"no match: as if {1 / 2**zeros:g} of an n-gram were matched",
            f"{scale} / ({2**zeros}{behind} * {{{total}{order}}})",
            f"{{{matches}{order - zeros}}} > 0",
        )
        for zeros in range(1, order)
    ]


def _sacrebleu(options: Mapping[str, Any]) -> list[Step]:
    orders = range(1, (options["max_order"] or 4) + 1)
    smoothing = options["smoothing"] or "exp"
    value = options["smoothing_value"]
    steps = [
        Step("bp", "no penalty: the prediction is not shorter than the reference", "1", "{hyp_len} >= {ref_len}"),
        Step("bp", _PENALTY_WORDS, "exp(1 - {ref_len} / {hyp_len})", "{hyp_len} > 0"),
        Step("bp", "0, because the prediction has no tokens", "0"),
        *_ratio("ratio", "hyp_len", "ref_len", _RATIO_WORDS),
    ]
    more = 1.0 if value is None else float(value)
    floor = 0.1 if value is None else float(value)
    for order in orders:
        if smoothing == "add-k" and order > 1:
            for column, count in (("correct", "matches"), ("total", "ngrams")):
                added = f"{{{count}{order}}} + {more!r}"
                steps += [
                    Step(f"{column}{order}", "", f"{{{count}{order}}}", "{matches1} == 0"),
                    Step(f"{column}{order}", f"{count} of order {order} + {more:g}", added),
                ]
        else:
            steps += [
                Step(f"correct{order}", "", f"{{matches{order}}}"),
                Step(f"total{order}", "", f"{{ngrams{order}}}"),
            ]
    for order in orders:
        result = f"p{order}"
        quotient = f"100 * {{correct{order}}} / {{total{order}}}"
        steps += [
            Step(result, _NO_MATCH, "0", "{matches1} == 0"),
            Step(result, f"0, because there are no n-grams of order {order}", "0", f"{{total{order}}} == 0"),
            Step(result, "100 × matched / in the prediction", quotient, f"{{correct{order}}} > 0"),
        ]
        if smoothing == "exp":
            steps += _halved(result, order, "100", "matches", "total")
        elif smoothing == "floor":
            words = f"no match: as if {floor:g} of an n-gram were matched"
            steps.append(Step(result, words, f"{100.0 * floor!r} / {{total{order}}}"))
        else:
            steps.append(Step(result, "0, because none is matched", "0"))
    steps.append(Step("score", _NO_MATCH, "0", "{matches1} == 0"))
    all_orders = options["effective_order"] is False
    for last in [orders[-1]] if all_orders else reversed(orders):
        counted = range(1, last + 1)
        reached = "1 == 1" if all_orders else f"{{total{last}}} > 0"
        lowest = f"min({_each('{p#}', counted, ', ')}, 101)"
        words = _MEAN_WORDS if last == orders[-1] else f"{_MEAN_WORDS} of the {last} order(s) that the text has"
        logs = f"({_each('ln({p#})', counted)}) / {last}"
        steps += [
            Step("score", "0, because a precision is 0", "0", f"({reached}) * ({lowest} == 0)"),
            Step("score", words, f"{{bp}} * exp({logs})", reached),
        ]
    return steps


def _nmt(options: Mapping[str, Any]) -> list[Step]:
    orders = range(1, (options["max_order"] or 4) + 1)
    steps = [
        *_ratio("ratio", "hyp_len", "ref_len", _RATIO_WORDS),
        Step("bp", "no penalty: the prediction is longer than the shortest reference", "1", "{ratio} > 1"),
        Step("bp", "exp(1 - 1 / ratio)", "exp(1 - 1 / {ratio})", "{ratio} > 0"),
        Step("bp", "0, because a text has no tokens", "0"),
    ]
    for order in orders:
        matched, ngrams = f"{{matches{order}}}", f"{{ngrams{order}}}"
        steps += [Step(f"correct{order}", "", matched), Step(f"total{order}", "", ngrams)]
        if options["smoothing"] == "add-1":
            words = "(matched + 1) / (in the prediction + 1)"
            steps.append(Step(f"p{order}", words, f"({matched} + 1) / ({ngrams} + 1)"))
        else:
            steps += _ratio(f"p{order}", f"matches{order}", f"ngrams{order}", "matched / in the prediction")
    lowest = f"min({_each('{p#}', orders, ', ')}, 2) == 0"
    logs = _each(f"{1 / len(orders)!r} * ln({{p#}})", orders)
    return [
        *steps,
        Step("score", "0, because a precision is 0", "0", lowest),
        Step("score", _MEAN_WORDS, f"exp({logs}) * {{bp}}"),
    ]


def _nltk(options: Mapping[str, Any]) -> list[Step]:
    weights = options["weights"] or [0.25] * 4
    method = options["smoothing"] or "method0"
    value = options["smoothing_value"]
    orders = range(1, len(weights) + 1)
    steps = [
        Step("bp", "0, because the prediction has no tokens", "0", "{hyp_len} == 0"),
        Step("bp", "no penalty: the prediction is not shorter than the reference", "1", "{hyp_len} >= {ref_len}"),
        Step("bp", _PENALTY_WORDS, "exp(1 - {ref_len} / {hyp_len})"),
        *_ratio("ratio", "hyp_len", "ref_len", _RATIO_WORDS),
    ]
    for order in orders:
        steps += [
            Step(f"correct{order}", "", f"{{matches{order}}}"),
            Step(f"total{order}", "n-grams of the prediction, at least 1", f"max({{ngrams{order}}}, 1)"),
        ]
    # Those of methods 5 to 7 come of fractions and of each other: the core's are taken as they are.
    if method <= "method4":
        for order in orders:
            steps += _nltk_precision(order, method, value)
    steps.append(Step("score", _NO_MATCH, "0", "{matches1} == 0"))
    if method == "method6":
        steps.append(Step("score", "0, because no n-gram of order 3 is matched", "0", "{matches3} == 0"))

    def score(weights: Sequence[float], when: str) -> Step:
        logs = ", ".join(f"weighted_ln({weight!r}, {{p{order}}})" for order, weight in enumerate(weights, 1))
        return Step("score", _MEAN_WORDS, f"{{bp}} * exp(fsum({logs}))", when)

    if options["auto_reweigh"] and list(weights) == [0.25] * 4:
        steps += [score([1 / tokens] * tokens, f"{{hyp_len}} == {tokens}") for tokens in (1, 2, 3)]
    return [*steps, score([float(weight) for weight in weights], "")]


def _nltk_precision(order: int, method: str, value: float | None) -> list[Step]:
    result, matched, total = f"p{order}", f"{{correct{order}}}", f"{{total{order}}}"
    if method == "method2" and order > 1:
        one_more = Step(result, "(matched + 1) / (in the prediction + 1)", f"({matched} + 1) / ({total} + 1)")
        return [Step(result, _NO_MATCH, f"{matched} / {total}", "{matches1} == 0"), one_more]
    steps = [
        Step(result, _NO_MATCH, "0", "{matches1} == 0"),
        Step(result, "matched / in the prediction", f"{matched} / {total}", f"{matched} > 0"),
    ]
    if method == "method0":
        return [*steps, Step(result, "no match: the smallest number", "2.2250738585072014e-308")]
    if method == "method1":
        epsilon = 0.1 if value is None else float(value)
        words = f"no match: as if {epsilon:g} of an n-gram were matched"
        return [*steps, Step(result, words, f"{epsilon!r} / {total}")]
    if method == "method3":
        return [*steps, *_halved(result, order, "1", "matches", "total")]
    if method == "method4":
        k = 5.0 if value is None else float(value)
        steps.append(Step(result, "0, because none is matched", "0", "{hyp_len} <= 1"))
        for zeros in range(1, order):
            template = f"1 / ({2**zeros} * {k!r} / ln({{hyp_len}})) / {total}"
            steps.append(Step(result, "no match: less for shorter texts", template, f"{{matches{order - zeros}}} > 0"))
    return steps


def _chrf(spec: Spec) -> list[Step]:
    options = spec["options"]
    units = [("chars", order) for order in range(1, options["char_order"] + 1)]
    units += [("words", order) for order in range(1, options["word_order"] + 1)]
    names = [f"{unit}{order}" for unit, order in units]
    beta = float(options["beta"])
    factor = beta**2
    if options["eps_smoothing"]:
        return _chrf_with_eps(names, factor)

    def mean(side: str) -> str:
        quotients = (f"{{matched_{each}}} / max({{{side}_{each}}}, 1)" for each in names)
        return f"({' + '.join(quotients)}) / {{orders}}"

    orders = " + ".join(f"min({{prediction_{each}}}, 1)" for each in names)
    f = f"100 * ({1 + factor!r} * {{precision}} * {{recall}} / ({factor!r} * {{precision}} + {{recall}}))"
    return [
        Step("orders", "orders of which both texts have n-grams", orders),
        Step("score", "0, because a text has no n-grams", "0", "{orders} == 0"),
        Step("precision", "", "0", "{orders} == 0"),
        Step("precision", "mean over the orders of matched / in the prediction", mean("prediction")),
        Step("recall", "", "0", "{orders} == 0"),
        Step("recall", "mean over the orders of matched / in the reference", mean("reference")),
        *_f(
            "precision",
            "recall",
            f,
            "100 × (1 + beta²) × precision × recall / (beta² × precision + recall)",
            "score",
        ),
    ]


def _chrf_with_eps(names: list[str], factor: float) -> list[Step]:
    steps = []
    for each in names:
        for result, side in ((f"precision_{each}", "prediction"), (f"recall_{each}", "reference")):
            quotient = f"{{matched_{each}}} / {{{side}_{each}}}"
            steps += [
                Step(result, f"matched / in the {side}", quotient, f"{{{side}_{each}}} > 0"),
                Step(result, "almost 0, because there are no n-grams", "1e-16"),
            ]
        precision, recall = f"{{precision_{each}}}", f"{{recall_{each}}}"
        below = f"({factor!r} * {precision} + {recall})"
        f = f"{1 + factor!r} * {precision} * {recall} / {below}"
        steps += [
            Step(f"f_{each}", "(1 + beta²) × precision × recall / (beta² × precision + recall)", f, f"{below} > 0"),
            Step(f"f_{each}", "almost 0, because nothing is matched", "1e-16"),
        ]
    mean = " + ".join(f"{{f_{each}}}" for each in names)
    return [*steps, Step("score", "100 × mean of F over the orders", f"100 * ({mean}) / {len(names)}")]


def _ter(_spec: Spec) -> list[Step]:
    words = "words of the references / number of references"
    return [
        Step("ref_len", words, "{reference_words} / {references}"),
        Step(
            "score",
            "100 × edits, shifts among them / words of the reference",
            "100 * ({edits} / {ref_len})",
            "{ref_len} > 0",
        ),
        Step("score", "100, because the reference has no words", "100", "{edits} > 0"),
        Step("score", "0, because there is nothing to edit", "0"),
    ]


def _gleu(_spec: Spec) -> list[Step]:
    return _ratio("score", "matches", "ngrams", "matched n-grams / n-grams of the longer text")


def _nist(spec: Spec) -> list[Step]:
    options = spec["options"]
    orders = range(1, options["n"] + 1)
    beta = math.log(0.5) / math.log(1.5) ** 2
    steps = [
        *_ratio("ratio", "hyp_len", "ref_len", _RATIO_WORDS),
        Step(
            "penalty", "exp(beta × ln(ratio)²)", f"exp({beta!r} * ln({{ratio}}) ** 2)", "min({ratio} > 0, {ratio} < 1)"
        ),
        Step("penalty", "1 from the length of the reference on; 0 without tokens", "min({ratio}, 1)"),
        *(Step(f"den{order}", "", f"{{ngrams{order}}}") for order in orders),
    ]
    for last in reversed(orders):
        information = _each("{num#} / {den#}", range(1, last + 1))
        words = "sum over the orders of information / n-grams of the prediction"
        steps.append(Step("information", words, information, f"{{den{last}}} > 0"))
    return [
        *steps,
        Step("information", "0, because the prediction has no tokens", "0"),
        Step("score", "information × length penalty", "{information} * {penalty}"),
    ]


def _error_rate(spec: Spec) -> list[Step]:
    name = spec["metric"]
    words = f"edits / {'tokens' if name == 'wer' else 'characters'} of the reference, at least 1"
    return [Step("score", words, "{edits} / max({ref_len}, 1)")]


def _mer(_spec: Spec) -> list[Step]:
    return [Step("score", "edits / (edits + hits)", "{edits} / max({edits} + {hits}, 1)")]


def _wip(spec: Spec) -> list[Step]:
    name = spec["metric"]
    result = "preserved" if name == "wil" else "score"
    words = "(hits / tokens of the reference) × (hits / tokens of the prediction)"
    steps = [
        Step(result, "1, because neither text has tokens", "1", "{ref_len} + {hyp_len} == 0"),
        Step(result, "0, because a text has no tokens", "0", "{ref_len} * {hyp_len} == 0"),
        Step(result, words, "({hits} / {ref_len}) * ({hits} / {hyp_len})"),
    ]
    return [*steps, Step("score", "1 - information preserved", "1 - {preserved}")] if name == "wil" else steps


def _distance(_spec: Spec) -> list[Step]:
    return [Step("score", "", "{edits}")]


def _similarity(_spec: Spec) -> list[Step]:
    return [
        Step("score", "1, because neither text has tokens", "1", "{longer} == 0"),
        Step("score", "1 - edits / tokens of the longer text", "1 - {edits} / {longer}"),
    ]


def _diagnostics(_spec: Spec) -> list[Step]:
    steps = [
        *_ratio("order", "lcs", "matches", "longest common subsequence / matched tokens"),
        *_ratio("length_ratio", "prediction_tokens", "reference_tokens", _RATIO_WORDS),
    ]
    for order in (1, 2, 3, 4):
        ngrams, different = f"ngrams{order}", f"different{order}"
        steps += [
            *_ratio(f"distinct{order}", different, ngrams, "different n-grams / n-grams of the prediction"),
            Step(
                f"novel{order}",
                "different n-grams that the reference lacks / different n-grams",
                f"({{{different}}} - {{shared{order}}}) / {{{different}}}",
                f"{{{different}}} > 0",
            ),
            Step(f"novel{order}", "0, because there are no n-grams", "0"),
            *_ratio(f"clipped{order}", f"matches{order}", ngrams, "matched n-grams / n-grams of the prediction"),
            *_ratio(f"unclipped{order}", f"occurrences{order}", ngrams, "n-grams that the reference has too / n-grams"),
        ]
    return steps


def _extractive(_spec: Spec) -> list[Step]:
    return [
        *_ratio("coverage", "copied", "prediction_tokens", "tokens in copied fragments / tokens"),
        *_ratio("density", "squares", "prediction_tokens", "sum of the squared lengths of fragments / tokens"),
        *_ratio("compression", "reference_tokens", "prediction_tokens", "tokens of the source / tokens"),
    ]


def _match(_spec: Spec) -> list[Step]:
    return [Step("score", "", "{matched}")]


def _squad(spec: Spec) -> list[Step]:
    name, options = spec["metric"], spec["options"]
    scale = "100 * " if options["percent"] else ""
    steps = [Step("em", "100 × whether any answer is the same" if scale else "", f"{scale}{{exact}}")]
    if name == "squad" and options["version"] == 2:
        agree = "({shared} == 0) * ({prediction_words} + {reference_words} == 0)"
        steps.append(Step("f1", "both say that there is no answer", "100" if scale else "1", agree))
    return [
        *steps,
        Step("f1", "0, because no word is shared", "0", "{shared} == 0"),
        Step("precision", "", "0", "{shared} == 0"),
        Step("precision", "shared words / words of the prediction", "{shared} / {prediction_words}"),
        Step("recall", "", "0", "{shared} == 0"),
        Step("recall", "shared words / words of the reference", "{shared} / {reference_words}"),
        Step(
            "f1",
            f"{'100 × ' if scale else ''}2 × precision × recall / (precision + recall)",
            f"{scale}(2 * {{precision}} * {{recall}} / ({{precision}} + {{recall}}))",
        ),
    ]


def _helm(spec: Spec) -> list[Step]:
    name = spec["metric"]
    shared, predicted, wanted = "{shared}", "{prediction_tokens}", "{reference_tokens}"
    neither = Step("score", "1 if neither text has any, else 0", f"({predicted} == 0) * 1", f"{wanted} == 0")
    if name == "helm_f1_score":
        return [
            Step("score", "0, because no word is shared", "0", f"{shared} == 0"),
            Step("precision", "", "0", f"{shared} == 0"),
            Step("precision", "shared words / words of the prediction", f"{shared} / {predicted}"),
            Step("recall", "", "0", f"{shared} == 0"),
            Step("recall", "shared words / words of the reference", f"{shared} / {wanted}"),
            Step("score", "1 / (0.5 / precision + 0.5 / recall)", "1 / (0.5 / {precision} + 0.5 / {recall})"),
        ]
    if name == "helm_exact_set_match":
        template = f"({shared} == {predicted}) * ({shared} == {wanted})"
        return [Step("score", "1 if all are shared, else 0", template)]
    if name == "helm_iou_set_match":
        return [neither, Step("score", "shared / in either", f"{shared} / ({predicted} + {wanted} - {shared})")]
    if name == "helm_f1_set_match":
        return [neither, Step("score", "2 × shared / in both", f"2 * {shared} / ({predicted} + {wanted})")]
    if name == "helm_absolute_value_difference":
        return [Step("score", "", "{difference}")]
    return _match(spec)


# By how names begin; the first that fits.
_FAMILIES: dict[str, Callable[[Spec], list[Step]]] = {
    "rouge": _rouge,
    "bleu": _bleu,
    "chrf": _chrf,
    "ter": _ter,
    "gleu": _gleu,
    "nist": _nist,
    "wer": _error_rate,
    "cer": _error_rate,
    "mer": _mer,
    "wil": _wip,
    "wip": _wip,
    "edit_distance": _distance,
    "edit_similarity": _similarity,
    "diagnostics": _diagnostics,
    "extractive": _extractive,
    "exact_match": _match,
    "squad": _squad,
    "mlqa": _squad,
    "triviaqa": _squad,
    "helm_": _helm,
}
