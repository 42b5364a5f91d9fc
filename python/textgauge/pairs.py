"""One pair of texts, one call: each metric as a function.

Options are those of the metric's class. The scorer of a metric with some options is made at the first call and kept;
`Scorer.score` is much faster for many pairs.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

from textgauge.metrics import (
    Bleu,
    Cer,
    Chrf,
    EditDistance,
    EditSimilarity,
    ExactMatch,
    Gleu,
    Mer,
    Metric,
    Rouge,
    Squad,
    Ter,
    Wer,
    Wil,
    Wip,
)
from textgauge.metrics.base import compile_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typing_extensions import Unpack

    from textgauge.metrics.base import Tokenizer
    from textgauge.text.transforms import Transform

__all__ = [
    "Score",
    "bleu",
    "cer",
    "chrf",
    "edit_distance",
    "edit_similarity",
    "exact_match",
    "gleu",
    "mer",
    "rouge",
    "squad_em",
    "squad_f1",
    "ter",
    "wer",
    "wil",
    "wip",
]


class Score(NamedTuple):
    """Precision, recall and F of one pair, each between 0 and 1."""

    p: float
    r: float
    f: float


class CommonOptions(TypedDict, total=False):
    """What every metric takes."""

    transforms: str | Transform | Sequence[str | Transform]


class RougeOptions(CommonOptions, total=False):
    """What `Rouge` takes."""

    variant: Literal["rouge-score", "pltrdy"]
    stemmer: Literal["none", "porter"]
    tokenizer: str | Tokenizer
    lowercase: bool
    multiref: Literal["best", "mean"]
    beta: float
    exclusive: bool | None


class BleuOptions(CommonOptions, total=False):
    """What `Bleu` takes."""

    variant: Literal["sacrebleu", "nltk", "nmt"]
    tokenizer: str | Tokenizer
    lowercase: bool
    max_order: int | None
    smoothing: str | None
    smoothing_value: float | None
    effective_order: bool | None
    weights: Sequence[float] | None
    auto_reweigh: bool


class ChrfOptions(CommonOptions, total=False):
    """What `Chrf` takes."""

    char_order: int
    word_order: int
    beta: float
    lowercase: bool
    whitespace: bool
    eps_smoothing: bool


class TerOptions(CommonOptions, total=False):
    """What `Ter` takes."""

    normalized: bool
    no_punct: bool
    asian_support: bool
    case_sensitive: bool


class EditOptions(CommonOptions, total=False):
    """What `Wer` and its kin take."""

    tokenizer: str | Tokenizer
    lowercase: bool
    compounds: bool
    empty_references: Literal["count", "drop", "error"]


class GleuOptions(CommonOptions, total=False):
    """What `Gleu` takes."""

    tokenizer: str | Tokenizer
    lowercase: bool
    min_len: int
    max_len: int


class ExactMatchOptions(CommonOptions, total=False):
    """What `ExactMatch` takes."""

    regexes_to_ignore: Sequence[str] | None
    ignore_case: bool
    ignore_punctuation: bool
    ignore_numbers: bool


class SquadOptions(CommonOptions, total=False):
    """What `Squad` takes."""

    version: Literal[1, 2]
    percent: bool


def rouge(prediction: str, reference: str | Sequence[str], **options: Unpack[RougeOptions]) -> dict[str, Score]:
    """ROUGE-1, ROUGE-2 and ROUGE-L, those of rouge-score 0.1.2.

    >>> rouge("the cat sat", "the cat sat on the mat")["rouge1"]
    Score(p=1.0, r=0.5, f=0.6666666666666666)

    Args:
        prediction: The text to judge.
        reference: The text to compare with, or a list of several.
        **options: Those of `Rouge`, but for names and prefix.

    Returns:
        A `Score` for each of `rouge1`, `rouge2`, `rougeL`.

    Raises:
        Error: As for `Rouge` and `Scorer.score_pair`.
    """
    values_of, _ = _made_with(Rouge, None, options) if options else _made(Rouge, None)
    values = values_of(prediction, reference)
    second = len(values) // 3
    third = 2 * second
    # As `Score(p, r, f)`, in half the time.
    new = tuple.__new__
    return {
        "rouge1": new(Score, values[:3]),
        "rouge2": new(Score, values[second : second + 3]),
        "rougeL": new(Score, values[third : third + 3]),
    }


def bleu(prediction: str, reference: str | Sequence[str], **options: Unpack[BleuOptions]) -> float:
    """Sentence BLEU, that of sacrebleu 2.6.0; 0 to 100, higher is better. Options and errors are those of `Bleu`.

    >>> bleu("the cat sat on a mat", "the cat sat on the mat")
    53.7284965911771
    """
    return _figure(Bleu, prediction, reference, options)


def chrf(prediction: str, reference: str | Sequence[str], **options: Unpack[ChrfOptions]) -> float:
    """chrF, or with `word_order=2` chrF++, those of sacrebleu 2.6.0; 0 to 100, higher is better.

    Options and errors are those of `Chrf`.

    >>> round(chrf("the cat sat", "the cat sat down"), 2)
    66.02
    """
    return _figure(Chrf, prediction, reference, options)


def ter(prediction: str, reference: str | Sequence[str], **options: Unpack[TerOptions]) -> float:
    """TER, the translation edit rate, that of sacrebleu 2.6.0, in percent; from 0 up, lower is better.

    Options and errors are those of `Ter`.

    >>> ter("the cat sat", "the cat sat down")
    25.0
    """
    return _figure(Ter, prediction, reference, options)


def gleu(prediction: str, reference: str | Sequence[str], **options: Unpack[GleuOptions]) -> float:
    """Sentence GLEU, that of NLTK 3.10.4; 0 to 1, higher is better. Options and errors are those of `Gleu`.

    >>> gleu("the cat sat", "the cat sat down")
    0.6
    """
    return _figure(Gleu, prediction, reference, options)


def wer(prediction: str, reference: str | Sequence[str], **options: Unpack[EditOptions]) -> float:
    """WER, the word error rate, that of jiwer 4.0.0; from 0 up, lower is better. Options and errors are those of `Wer`.

    The prediction comes first, unlike in jiwer.

    >>> wer("the cat sat", "the cat sat down")
    0.25
    """
    return _figure(Wer, prediction, reference, options)


def cer(prediction: str, reference: str | Sequence[str], **options: Unpack[EditOptions]) -> float:
    """CER, the character error rate, that of jiwer 4.0.0; from 0 up, lower is better.

    Options and errors are those of `Cer`.

    >>> cer("cat", "cart")
    0.25
    """
    return _figure(Cer, prediction, reference, options)


def mer(prediction: str, reference: str | Sequence[str], **options: Unpack[EditOptions]) -> float:
    """MER, the match error rate, that of jiwer 4.0.0; 0 to 1, lower is better. Options and errors are those of `Mer`.

    >>> mer("the cat sat", "the cat sat down")
    0.25
    """
    return _figure(Mer, prediction, reference, options)


def wil(prediction: str, reference: str | Sequence[str], **options: Unpack[EditOptions]) -> float:
    """WIL, word information lost, that of jiwer 4.0.0; 0 to 1, lower is better. Options and errors are those of `Wil`.

    >>> wil("the cat sat", "the cat sat down")
    0.25
    """
    return _figure(Wil, prediction, reference, options)


def wip(prediction: str, reference: str | Sequence[str], **options: Unpack[EditOptions]) -> float:
    """WIP, word information preserved, that of jiwer 4.0.0; 0 to 1, higher is better.

    Options and errors are those of `Wip`.

    >>> wip("the cat sat", "the cat sat down")
    0.75
    """
    return _figure(Wip, prediction, reference, options)


def edit_distance(prediction: str, reference: str | Sequence[str], **options: Unpack[EditOptions]) -> float:
    """Levenshtein's edit distance between the words; from 0 up, lower is better.

    Of characters with `tokenizer="characters"`. Options and errors are those of `EditDistance`.

    >>> edit_distance("the cat sat", "the cat sat down")
    1.0
    """
    return _figure(EditDistance, prediction, reference, options)


def edit_similarity(prediction: str, reference: str | Sequence[str], **options: Unpack[EditOptions]) -> float:
    """1 less the edit distance over the words of the longer text, as rapidfuzz 3.14.6 has it; 0 to 1, higher is better.

    Options and errors are those of `EditSimilarity`.

    >>> edit_similarity("the cat sat", "the cat sat down")
    0.75
    """
    return _figure(EditSimilarity, prediction, reference, options)


def exact_match(prediction: str, reference: str | Sequence[str], **options: Unpack[ExactMatchOptions]) -> float:
    """1 if the prediction is the same text as a reference, else 0, as in Hugging Face evaluate.

    Options and errors are those of `ExactMatch`.

    >>> exact_match("Paris", ["paris", "Paris"])
    1.0
    """
    return _figure(ExactMatch, prediction, reference, options)


def squad_em(prediction: str, reference: str | Sequence[str], **options: Unpack[SquadOptions]) -> float:
    """SQuAD's exact match, that of its official script; 0 or 100. Options and errors are those of `Squad`.

    >>> squad_em("the Eiffel Tower!", "Eiffel tower")
    100.0
    """
    return _figure(Squad, prediction, reference, options, "squad.em")


def squad_f1(prediction: str, reference: str | Sequence[str], **options: Unpack[SquadOptions]) -> float:
    """SQuAD's F1 of words, that of its official script; 0 to 100, higher is better.

    Options and errors are those of `Squad`.

    >>> squad_f1("Eiffel Tower in Paris", ["Eiffel Tower", "a tower"])
    66.66666666666666
    """
    return _figure(Squad, prediction, reference, options, "squad.f1")


def _figure(
    metric: Callable[..., Metric],
    prediction: str,
    reference: str | Sequence[str],
    options: Any,  # noqa: ANN401 - a TypedDict of any metric
    column: str | None = None,
) -> float:
    """The figure under `column`, or else the one that stands for all."""
    values_of, place = _made_with(metric, column, options) if options else _made(metric, column)
    return values_of(prediction, reference)[place]


def _made_with(
    metric: Callable[..., Metric],
    column: str | None,
    options: Any,  # noqa: ANN401 - as above
) -> tuple[Callable[[str, str | Sequence[str]], tuple[float, ...]], int]:
    hashable = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    try:
        return _made(metric, column, **hashable)
    except TypeError:
        # An option has no hash, as an object that is called for a function may have none: made anew each time.
        return _made.__wrapped__(metric, column, **options)


@functools.lru_cache(maxsize=64, typed=True)
def _made(
    metric: Callable[..., Metric],
    column: str | None,
    **options: Any,  # noqa: ANN401 - the class checks them
) -> tuple[Callable[[str, str | Sequence[str]], tuple[float, ...]], int]:
    """What scores a pair by a metric with these options, and the place of a column, or of that which stands for all."""
    core = compile_metrics([metric(**options)])
    return core.pair_values, core.columns.index(column or core.headlines[0])
