"""Alignments and errors as text: `jiwer.alignment` of jiwer 4.0.0."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from textgauge.compat.jiwer.process import CharacterOutput, WordOutput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textgauge.compat.jiwer.process import AlignmentChunk

__all__ = ["collect_error_counts", "visualize_alignment", "visualize_error_counts"]

Substitutions: TypeAlias = "defaultdict[tuple[str, ...], int]"
Counts: TypeAlias = "defaultdict[str, int]"

_MARKS = {"equal": " ", "substitute": "S", "delete": "D", "insert": "I"}
_HEADS = ("REF:", "HYP:", "    ")


def visualize_alignment(
    output: WordOutput | CharacterOutput,
    show_measures: bool = True,
    skip_correct: bool = True,
    line_width: int | None = None,
) -> str:
    """Each pair as three lines: reference, hypothesis, and `S`, `D` or `I` below each error.

    Args:
        output: What `process_words` or `process_characters` gave.
        show_measures: Whether the counts and rates follow.
        skip_correct: Whether pairs without errors are left out.
        line_width: How many characters a line may have; tokens that don't fit go into further blocks.
    """
    pairs = zip(output.references, output.hypotheses, output.alignments, strict=False)
    separator = "" if isinstance(output, CharacterOutput) else " "
    blocks = [
        f"=== SENTENCE {number} ===\n\n{_drawn(*pair, separator, line_width)}\n"
        for number, pair in enumerate(pairs, start=1)
        if not (skip_correct and (len(pair[2]) == 0 or (len(pair[2]) == 1 and pair[2][0].type == "equal")))
    ]
    drawn = "".join(blocks)
    return drawn + _summary(output) if show_measures else drawn[:-1]


def _summary(output: WordOutput | CharacterOutput) -> str:
    names = ("cer",) if isinstance(output, CharacterOutput) else ("mer", "wil", "wip", "wer")
    rates = "".join(f"\n{name}={getattr(output, name) * 100:.2f}%" for name in names)
    return (
        f"=== SUMMARY ===\nnumber of sentences: {len(output.alignments)}\n"
        f"substitutions={output.substitutions} deletions={output.deletions} "
        f"insertions={output.insertions} hits={output.hits}\n{rates}\n"
    )


def _drawn(
    reference: Sequence[str],
    hypothesis: Sequence[str],
    chunks: Sequence[AlignmentChunk],
    separator: str,
    line_width: int | None,
) -> str:
    # A blank stands before the first token, whatever stands between the others.
    heads = _HEADS if separator else tuple(f"{head} " for head in _HEADS)
    indent = len(_HEADS[0]) + 1
    blocks = [[heads]]
    used = indent
    for above, below, mark in _columns(reference, hypothesis, chunks):
        width = max(len(above), len(below), len(mark))
        if line_width is not None and used + width > line_width:
            blocks.append([heads])
            used = indent
        # A token that is an asterisk itself is filled too.
        if above == "*":
            above *= width
        elif below == "*":
            below *= width
        blocks[-1].append((above.rjust(width), below.rjust(width), mark.rjust(width)))
        used += width + len(separator)
    return "\n".join(_block(columns, separator) for columns in blocks)


def _block(columns: Sequence[tuple[str, ...]], separator: str) -> str:
    return "".join(f"{separator.join(line)}\n" for line in zip(*columns, strict=True))


def _columns(
    reference: Sequence[str], hypothesis: Sequence[str], chunks: Sequence[AlignmentChunk]
) -> Iterator[tuple[str, str, str]]:
    for chunk in chunks:
        if chunk.type not in _MARKS:
            raise ValueError(f"unparseable op name={chunk.type}")
        above = reference[chunk.ref_start_idx : chunk.ref_end_idx]
        below = hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx]
        if chunk.type == "delete":
            below = ["*"] * len(above)
        elif chunk.type == "insert":
            above = ["*"] * len(below)
        for one, other in zip(above, below, strict=False):
            yield one, other, _MARKS[chunk.type]


def collect_error_counts(output: WordOutput | CharacterOutput) -> tuple[Substitutions, Counts, Counts]:
    """How often each run of tokens was substituted (with what stands for it), inserted and deleted.

    Args:
        output: What `process_words` or `process_characters` gave.
    """
    substitutions: Substitutions = defaultdict(int)
    insertions: Counts = defaultdict(int)
    deletions: Counts = defaultdict(int)
    separator = " " if isinstance(output, WordOutput) else ""
    for reference, hypothesis, chunks in zip(output.references, output.hypotheses, output.alignments, strict=False):
        for chunk in chunks:
            was = separator.join(reference[chunk.ref_start_idx : chunk.ref_end_idx])
            became = separator.join(hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx])
            if chunk.type == "substitute":
                substitutions[was, became] += 1
            elif chunk.type == "insert":
                insertions[became] += 1
            elif chunk.type == "delete":
                deletions[was] += 1
    return substitutions, insertions, deletions


def visualize_error_counts(
    output: WordOutput | CharacterOutput,
    show_substitutions: bool = True,
    show_insertions: bool = True,
    show_deletions: bool = True,
    top_k: int | None = None,
) -> str:
    """The errors as lists, the most frequent first.

    Args:
        output: What `process_words` or `process_characters` gave.
        show_substitutions: Whether substitutions are among them.
        show_insertions: Whether insertions are.
        show_deletions: Whether deletions are.
        top_k: How many of each kind, or all.
    """
    substitutions, insertions, deletions = collect_error_counts(output)
    lists: list[tuple[bool, str, Mapping[tuple[str, ...], int]]] = [
        (show_substitutions, "SUBSTITUTIONS", substitutions),
        (show_insertions, "INSERTIONS", {(key,): count for key, count in insertions.items()}),
        (show_deletions, "DELETIONS", {(key,): count for key, count in deletions.items()}),
    ]
    parts = [f"=== {title} ===\n{_listed(errors, top_k)}" for shown, title, errors in lists if shown]
    return "\n".join(parts).removesuffix("\n")


def _listed(errors: Mapping[tuple[str, ...], int], top_k: int | None) -> str:
    if not errors:
        return "none"
    ordered = sorted(errors.items(), key=lambda error: error[1], reverse=True)[:top_k]
    width = max(len(text) for texts, _ in ordered for text in texts)
    return "".join(f"{' --> '.join(f'{text:<{width}}' for text in texts)} = {count}x\n" for texts, count in ordered)
