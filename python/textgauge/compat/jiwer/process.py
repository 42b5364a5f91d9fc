"""Alignments and counts of sentences: `jiwer.process` of jiwer 4.0.0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from textgauge import _core
from textgauge.compat.jiwer.transformations import cer_default, wer_default
from textgauge.metrics import Mer, Wer, Wip
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from textgauge.compat.jiwer import transforms as tr

    Transform: TypeAlias = tr.Compose | tr.AbstractTransform

__all__ = ["AlignmentChunk", "CharacterOutput", "WordOutput", "process_characters", "process_words"]


def _scorer(tokenizer: str) -> Scorer:
    return Scorer([Wer(tokenizer=tokenizer), Mer(tokenizer=tokenizer), Wip(tokenizer=tokenizer)])


_OF_WORDS = _scorer("jiwer-words")
# jiwer's default transforms as they are at the start, with the scorer that reads texts so. A list can be changed.
_SCORERS = [
    (wer_default, list(wer_default.transforms), _OF_WORDS),
    (cer_default, list(cer_default.transforms), _scorer("jiwer-characters")),
]
# There are no sums of no sentence.
_OF_NOTHING = _OF_WORDS.score_pair("", "")


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


@dataclass
class WordOutput:
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
class CharacterOutput:
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
    if reference_transform is hypothesis_transform:
        for default, transforms, scorer in _SCORERS:
            if reference_transform is default and default.transforms == transforms:
                try:
                    return Rates.of(_scores_of_texts(scorer, reference, hypothesis))
                except (ValueError, TypeError):
                    break  # said below as jiwer says it
    return Rates.of(_scores_of_tokens(*_tokens(reference, hypothesis, reference_transform, hypothesis_transform)))


def _scores_of_texts(scorer: Scorer, reference: Any, hypothesis: Any) -> Mapping[str, float]:  # noqa: ANN401
    if isinstance(reference, str) and isinstance(hypothesis, str):
        return scorer.score_pair(hypothesis, reference)
    references, hypotheses = ([each] if isinstance(each, str) else each for each in (reference, hypothesis))
    if not (type(references) is type(hypotheses) is list and references and isinstance(references[0], str)):
        raise TypeError
    return scorer.aggregate(hypotheses, references).corpus


def _scores_of_tokens(references: list[list[str]], hypotheses: list[list[str]]) -> Mapping[str, float]:
    return _OF_WORDS.aggregate(hypotheses, references, tokens=True).corpus if references else _OF_NOTHING


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
    references, hypotheses = _tokens(reference, hypothesis, reference_transform, hypothesis_transform)
    scores = _scores_of_tokens(references, hypotheses)
    wer, mer, wip = Rates.of(scores)
    return WordOutput(
        references=references,
        hypotheses=hypotheses,
        alignments=[
            [AlignmentChunk(*chunk) for chunk in _core.align(others, words)[0]]
            for words, others in zip(references, hypotheses, strict=True)
        ],
        wer=wer,
        mer=mer,
        wil=1 - wip,
        wip=wip,
        hits=int(scores["wer.hits"]),
        substitutions=int(scores["wer.sub"]),
        insertions=int(scores["wer.ins"]),
        deletions=int(scores["wer.del"]),
    )


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
    found = process_words(reference, hypothesis, reference_transform, hypothesis_transform)
    return CharacterOutput(
        references=found.references,
        hypotheses=found.hypotheses,
        alignments=found.alignments,
        cer=found.wer,
        hits=found.hits,
        substitutions=found.substitutions,
        insertions=found.insertions,
        deletions=found.deletions,
    )


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
    if isinstance(tokens, list) and all(
        isinstance(each, list) and all(isinstance(token, str) for token in each) for each in tokens
    ):
        return tokens
    raise ValueError(
        f"After applying the transformation, each {role} should be a list of strings, with each string being a single "
        "word or character.Please ensure the given transformation reduces the input to a list of list strings."
    )
