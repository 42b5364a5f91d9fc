"""Alignments and counts of sentences: `jiwer.process` of jiwer 4.0.0."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textgauge import _core
from textgauge.compat.jiwer import transforms as tr
from textgauge.compat.jiwer.transformations import cer_default, wer_default
from textgauge.metrics import Mer, Wer, Wip
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from typing_extensions import Self

    Transform: TypeAlias = tr.Compose | tr.AbstractTransform

__all__ = ["AlignmentChunk", "CharacterOutput", "WordOutput", "process_characters", "process_words"]


class _Reading(NamedTuple):
    """How the core reads texts as one of jiwer's default transforms does."""

    default: tr.Compose
    at_start: tr.Compose
    scorer: Scorer

    @classmethod
    def like(cls, default: tr.Compose, tokenizer: str) -> _Reading:
        """The reading of a default, which is kept as it is now: its list can be changed."""
        metrics = [metric(tokenizer=tokenizer) for metric in (Wer, Mer, Wip)]
        return cls(default, tr.Compose(list(default.transforms)), Scorer(metrics))


_WORDS = _Reading.like(wer_default, "jiwer-words")
_CHARACTERS = _Reading.like(cer_default, "jiwer-characters")
# There are no sums of no sentence.
_OF_NOTHING = _WORDS.scorer.score_pair("", "")


@dataclass
class AlignmentChunk:
    """Consecutive tokens with the same edit. Ranges are start and end, the end not included.

    Attributes:
        type: `equal`, `substitute`, `insert` or `delete`; `replace` is taken for `substitute`.
        ref_start_idx: The first token in the reference.
        ref_end_idx: The end in the reference.
        hyp_start_idx: The first token in the hypothesis.
        hyp_end_idx: The end in the hypothesis.
    """

    type: str

    ref_start_idx: int
    ref_end_idx: int

    hyp_start_idx: int
    hyp_end_idx: int

    def __post_init__(self) -> None:
        if self.type not in ("replace", "insert", "delete", "equal", "substitute"):
            raise ValueError("")
        if self.type == "replace":
            self.type = "substitute"
        if self.ref_start_idx > self.ref_end_idx:
            raise ValueError(f"ref_start_idx={self.ref_start_idx} is larger than ref_end_idx={self.ref_end_idx}")
        if self.hyp_start_idx > self.hyp_end_idx:
            raise ValueError(f"hyp_start_idx={self.hyp_start_idx} is larger than hyp_end_idx={self.hyp_end_idx}")


_FIELDS = tuple(field.name for field in dataclasses.fields(AlignmentChunk))


class _Lists(NamedTuple):
    """The fields of an output that are lists."""

    references: list[list[str]]
    hypotheses: list[list[str]]
    alignments: list[list[AlignmentChunk]]


class _Stored:
    """An object with a `__dict__` as usual; that of `_Output` hides it."""


_fields: Callable[[_Stored], dict[str, Any]] = _Stored.__dict__["__dict__"].__get__
_MAKE_LISTS = "_make_lists"


class _Output(_Stored):
    """An output whose lists are made when one is first looked at: that takes long, and many look at the rates only."""

    @classmethod
    def _later(cls, make_lists: Callable[[], _Lists], **measures: float) -> Self:
        output = cls.__new__(cls)
        _fields(output).update(measures, **{_MAKE_LISTS: make_lists})
        return output

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """All fields. Whoever looks at them gets the lists too."""
        fields = _fields(self)
        make_lists = fields.get(_MAKE_LISTS)
        if make_lists is not None:
            for name, made in make_lists()._asdict().items():
                fields.setdefault(name, made)  # the caller may have set it, or another thread made it
            fields.pop(_MAKE_LISTS, None)
        return fields

    if not TYPE_CHECKING:  # a checker would take any name for a field

        def __getattr__(self, name: str) -> object:
            if name in _Lists._fields:
                vars(self)  # makes the lists
            return object.__getattribute__(self, name)

    def __delattr__(self, name: str) -> None:
        vars(self)
        super().__delattr__(name)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self)


@dataclass
class WordOutput(_Output):
    """What `process_words` finds.

    Attributes:
        references: The words of each reference.
        hypotheses: The words of each hypothesis.
        alignments: The chunks of each pair.
        wer: Word error rate.
        mer: Match error rate.
        wil: Word information lost.
        wip: Word information preserved.
        hits: Words that stay.
        substitutions: Words that others stand for.
        insertions: Words of the hypothesis that are too many.
        deletions: Words of the reference that are missing.
    """

    references: list[list[str]]
    hypotheses: list[list[str]]

    alignments: list[list[AlignmentChunk]]

    wer: float
    mer: float
    wil: float
    wip: float

    hits: int
    substitutions: int
    insertions: int
    deletions: int


@dataclass
class CharacterOutput(_Output):
    """What `process_characters` finds.

    Attributes:
        references: The characters of each reference.
        hypotheses: The characters of each hypothesis.
        alignments: The chunks of each pair.
        cer: Character error rate.
        hits: Characters that stay.
        substitutions: Characters that others stand for.
        insertions: Characters of the hypothesis that are too many.
        deletions: Characters of the reference that are missing.
    """

    references: list[list[str]]
    hypotheses: list[list[str]]

    alignments: list[list[AlignmentChunk]]

    cer: float

    hits: int
    substitutions: int
    insertions: int
    deletions: int


class Rates(NamedTuple):
    """The measures of some pairs together. They are whole numbers where jiwer has them so."""

    wer: float
    mer: float
    wip: float

    @classmethod
    def of(cls, scores: Mapping[str, float]) -> Rates:
        """The measures among the scores of the core."""
        wer, mer, wip = scores["wer"], scores["mer"], scores["wip"]
        if not scores["wer.ref_len"]:
            return cls(int(wer), int(mer), int(wip))
        return cls(wer, mer, wip if scores["wer.hyp_len"] else int(wip))


def rates(
    reference: str | list[str] | None,
    hypothesis: str | list[str] | None,
    reference_transform: Transform,
    hypothesis_transform: Transform,
) -> Rates:
    """The measures of pairs, without the alignments.

    Raises:
        ValueError: As for `process_words`.
    """
    read = _read(reference, hypothesis, reference_transform, hypothesis_transform)
    if read is None:
        tokens = _tokens(reference, hypothesis, reference_transform, hypothesis_transform)
        return Rates.of(_scores_of_tokens(*tokens))
    return Rates.of(read[1])


def _read(
    reference: Any,  # noqa: ANN401 - may be wrong
    hypothesis: Any,  # noqa: ANN401
    reference_transform: Transform,
    hypothesis_transform: Transform,
) -> tuple[_Reading, Mapping[str, float]] | None:
    """How the core reads such pairs, and their scores; None if the transforms have to read them."""
    if reference_transform is hypothesis_transform:
        for reading in (_WORDS, _CHARACTERS):
            default, at_start, scorer = reading
            if reference_transform is default and default.transforms == at_start.transforms:
                scores = _scores_of_texts(scorer, reference, hypothesis)
                return None if scores is None else (reading, scores)
    return None


def _scores_of_texts(scorer: Scorer, reference: Any, hypothesis: Any) -> Mapping[str, float] | None:  # noqa: ANN401
    """None if these are no pairs of texts: then the transforms say so as jiwer does."""
    if isinstance(reference, str) and isinstance(hypothesis, str):
        return scorer.score_pair(hypothesis, reference)
    references, hypotheses = ([each] if isinstance(each, str) else each for each in (reference, hypothesis))
    if not (_are_texts(references) and _are_texts(hypotheses) and len(references) == len(hypotheses)):
        return None
    return scorer.aggregate(hypotheses, references).corpus


def _are_texts(texts: Any) -> bool:  # noqa: ANN401
    return type(texts) is list and len(texts) > 0 and _are_strings(texts)


def _are_strings(items: list[Any]) -> bool:
    return all(issubclass(each, str) for each in set(map(type, items)))


def _scores_of_tokens(references: list[list[str]], hypotheses: list[list[str]]) -> Mapping[str, float]:
    return _WORDS.scorer.aggregate(hypotheses, references, tokens=True).corpus if references else _OF_NOTHING


def process_words(
    reference: str | list[str],
    hypothesis: str | list[str],
    reference_transform: Transform = wer_default,
    hypothesis_transform: Transform = wer_default,
) -> WordOutput:
    """The alignments of one or several pairs of sentences, and the measures of all together.

    Args:
        reference: The sentence that was said, or a list of them.
        hypothesis: What was understood of it, or as many.
        reference_transform: What makes lists of words of the references.
        hypothesis_transform: What makes lists of words of the hypotheses.

    Raises:
        ValueError: Sentences are neither a `str` nor a list, transforms give other than lists of words, or there are
            not as many of both.
    """
    scores, make_lists = _processed(reference, hypothesis, reference_transform, hypothesis_transform)
    wer, mer, wip = Rates.of(scores)
    return WordOutput._later(make_lists, wer=wer, mer=mer, wil=1 - wip, wip=wip, **_counts(scores))


def process_characters(
    reference: str | list[str],
    hypothesis: str | list[str],
    reference_transform: Transform = cer_default,
    hypothesis_transform: Transform = cer_default,
) -> CharacterOutput:
    """The alignments of one or several pairs of sentences by character, and the error rate of all together.

    Args:
        reference: As for `process_words`.
        hypothesis: As for `process_words`.
        reference_transform: What makes lists of characters of the references.
        hypothesis_transform: What makes lists of characters of the hypotheses.

    Raises:
        ValueError: As for `process_words`.
    """
    scores, make_lists = _processed(reference, hypothesis, reference_transform, hypothesis_transform)
    return CharacterOutput._later(make_lists, cer=Rates.of(scores).wer, **_counts(scores))


def _processed(
    reference: str | list[str],
    hypothesis: str | list[str],
    reference_transform: Transform,
    hypothesis_transform: Transform,
) -> tuple[Mapping[str, float], Callable[[], _Lists]]:
    """The scores of pairs, and what gives their lists."""
    read = _read(reference, hypothesis, reference_transform, hypothesis_transform)
    if read is None:
        lists = _lists(*_tokens(reference, hypothesis, reference_transform, hypothesis_transform))
        return _scores_of_tokens(lists.references, lists.hypotheses), lambda: lists
    reading, scores = read
    # Copies, since the caller may change a list before it is read again.
    texts = ([each] if isinstance(each, str) else list(each) for each in (reference, hypothesis))
    return scores, partial(_lists_of_texts, reading.scorer, *texts)


def _lists_of_texts(scorer: Scorer, references: list[str], hypotheses: list[str]) -> _Lists:
    return _Lists._make(scorer._compiled.align(hypotheses, references, chunk=AlignmentChunk, fields=_FIELDS))


def _lists(references: list[list[str]], hypotheses: list[list[str]]) -> _Lists:
    alignments = [
        [AlignmentChunk(*chunk) for chunk in _core.align(others, words)[0]]
        for words, others in zip(references, hypotheses, strict=True)
    ]
    return _Lists(references, hypotheses, alignments)


def _counts(scores: Mapping[str, float]) -> dict[str, int]:
    names = {"hits": "hits", "substitutions": "sub", "insertions": "ins", "deletions": "del"}
    return {name: int(scores[f"wer.{short}"]) for name, short in names.items()}


def _tokens(
    reference: Any,  # noqa: ANN401 - transforms say what they take
    hypothesis: Any,  # noqa: ANN401
    reference_transform: Transform,
    hypothesis_transform: Transform,
) -> tuple[list[list[str]], list[list[str]]]:
    """The tokens of each reference and hypothesis."""
    if isinstance(reference, str):
        reference = [reference]
    if isinstance(hypothesis, str):
        hypothesis = [hypothesis]
    references = _transformed(reference, reference_transform, "reference")
    hypotheses = _transformed(hypothesis, hypothesis_transform, "hypothesis")
    if len(references) != len(hypotheses):
        raise ValueError(
            "After applying the transforms on the reference and hypothesis sentences, their lengths must match. "
            f"Instead got {len(references)} reference and {len(hypotheses)} hypothesis sentences."
        )
    return references, hypotheses


def _transformed(sentences: Any, transform: Transform, role: str) -> list[list[str]]:  # noqa: ANN401
    tokens = transform(sentences)
    if isinstance(tokens, list) and all(isinstance(each, list) and _are_strings(each) for each in tokens):
        return tokens
    raise ValueError(
        f"After applying the transformation, each {role} should be a list of strings, with each string being a single "
        "word or character.Please ensure the given transformation reduces the input to a list of list strings."
    )
