"""Checks on columns: what makes their scores doubtful.

Each looks at texts as the tokenizer of a metric gets them, after the metric's transforms. What is found often enough is
said once, with some of the rows and the option that helps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from textgauge.metrics import Diagnostics, Ter
from textgauge.metrics.base import pipeline_of
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textgauge.io.job import Selection
    from textgauge.metrics import Metric

__all__ = ["ColumnChecks"]

# From which share of rows on something is worth a word. In honest outputs of many kinds less than 4 % of rows repeat
# themselves or have their words in another order.
SHARES = {"empty": 0.05, "repetition": 0.05, "order": 0.05, "tokenized": 0.05, "one token": 0.05}
# Half of the words lose letters in nearly all rows of Vietnamese or Czech, but in 3 % of rows of French.
SHARES["damaged"] = 0.2
# No honest output has these.
SHARES |= {"reasoning": 0.01, "special": 0.01, "subwords": 0.01}

# A row looks gamed if its precision would be so much higher if repetition counted, ...
REPETITION = 0.4
# ... or if it has at least so many of its words right but at most so many of those in order.
RIGHT_WORDS, IN_ORDER = 0.5, 0.4

# A token of so many letters of a script without blanks is a sentence.
LETTERS = 8

# sacrebleu warns of so many lines that end in a blank and a period.
TOKENIZED_LINES = 100

ROWS_NAMED = 5

# All of the first rows are looked at, and then some of each batch: a share is known as well from those, and looking
# takes as long as scoring does.
ALL_OF_FIRST, OF_EACH_BATCH = 5_000, 64

# Tokenizers for which blanks part words, and those that part punctuation from words.
_BY_BLANKS = ("13a", "intl", "tercom", "whitespace", "none", "jiwer-words", "pltrdy")
_OF_PUNCTUATION = ("13a", "intl", "zh")

# A word with letters that ROUGE's tokenizer leaves out.
_DAMAGED = re.compile(r"\S*[^\W\d_a-zA-Z]\S*")
# Letters of Thai, Lao, Burmese, Khmer, Japanese and Chinese. Slow to compile, which is done where it is first needed.
_UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
# What reasoning, special tokens and sub-words have; to look for one after the other is faster than by a pattern.
_MARKS = ("<", "[", "\u25c1", "\u2581", "@@", "##")
_SUBWORDS = {
    "bpe": re.compile(r"\S@@( |$)"),
    "sentencepiece": re.compile(r"(^|\s)\u2581"),
    "wordpiece": re.compile(r"\w ##\w"),
}


class _Found(NamedTuple):
    """What rows were found to be, and how: in which column, under which tokenizer or with which marks."""

    kind: str
    side: str
    how: str
    view: int


@dataclass
class _Rows:
    """Rows that look alike in one doubtful way."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, rows: Iterable[int]) -> None:
        for row in rows:
            self.count += 1
            if len(self.first) < ROWS_NAMED:
                self.first.append(row)

    def named(self) -> str:
        more = ", …" if self.count > len(self.first) else ""
        return f"row{'s' if self.count > 1 else ''} {', '.join(map(str, self.first))}{more}"


@dataclass(frozen=True)
class _Part:
    """Rows that are looked at."""

    rows: Selection
    predictions: list[Any]
    references: list[Any]

    @classmethod
    def of(cls, rows: Selection, prediction: str, stop: int) -> _Part:
        """No more than the first `stop` rows."""
        return cls(rows, rows.sample(prediction, stop), rows.sample(rows.picked.references[0], stop))

    def number(self, row: int) -> int:
        """The number of a row among all that are read."""
        return self.rows.batch.first + self.rows.row(row)


class _View:
    """Texts as the tokenizer of some metrics gets them."""

    def __init__(self, metric: Metric, threads: int | None) -> None:
        options = metric.fields()
        is_ter = isinstance(metric, Ter)
        self.tokenizer: Any = "tercom" if is_ter else options["tokenizer"]
        self.by_blanks = self.tokenizer in _BY_BLANKS and not options.get("asian_support", False)
        self.by_punctuation = self.tokenizer in _OF_PUNCTUATION
        self.transforms = metric.transforms
        lowercase = not options["case_sensitive"] if is_ter else options["lowercase"]
        self.key = (self.tokenizer, self.by_blanks, lowercase, metric.transforms)
        diagnosed = "whitespace" if is_ter else self.tokenizer
        diagnostics = Diagnostics(tokenizer=diagnosed, lowercase=lowercase, transforms=metric.transforms)
        self.scorer = Scorer(diagnostics, threads=threads)
        pipeline = pipeline_of(metric)
        self._steps = [] if pipeline is None else pipeline.steps()

    def seen(self, text: str) -> str:
        """The text as the tokenizer gets it."""
        for step in self._steps:
            text = step(text)
        return text


class ColumnChecks:
    """Counts doubtful rows, as the tokenizers of some metrics see them."""

    def __init__(self, metrics: Iterable[Metric], threads: int | None) -> None:
        reads = {"tokenizer", "lowercase"}
        views = [
            _View(metric, threads)
            for metric in metrics
            if isinstance(metric, Ter) or reads <= set(metric.option_names())
        ]
        self._views = list({view.key: view for view in views}.values())
        # What a text holds does not depend on the tokenizer.
        numbered = reversed(list(enumerate(self._views)))
        self._by_transforms = list({view.transforms: (number, view) for number, view in numbered}.values())
        self._rows = 0
        self._found: dict[_Found, _Rows] = {}

    def look(self, rows: Selection, prediction: str) -> None:
        """Looks at some of the rows; those with missing texts count as empty."""
        part = _Part.of(rows, prediction, max(OF_EACH_BATCH, ALL_OF_FIRST - self._rows))
        self._rows += len(part.predictions)
        for number, view in enumerate(self._views):
            self._look_at_tokens(part, view, number)
            self._look_at_letters(part, view, number)
            if view.by_punctuation:
                ends = [
                    row for row, text in enumerate(part.predictions) if isinstance(text, str) and text.endswith(" .")
                ]
                self._add(_Found("tokenized", "predictions", str(view.tokenizer), number), part, ends)
        for number, view in self._by_transforms:
            self._look_at_marks(part, view, number)

    def _add(self, found: _Found, part: _Part, rows: Iterable[int]) -> None:
        self._found.setdefault(found, _Rows()).add(part.number(int(row)) for row in rows)

    def _look_at_tokens(self, part: _Part, view: _View, number: int) -> None:
        sentences = part.rows.picked.sentences
        result = view.scorer.score(part.predictions, part.references, nulls="empty", sentences=sentences)
        empty, empty_reference, order, clipped, unclipped = (
            result[f"diagnostics.{name}"] for name in ("empty", "empty_reference", "order", "clipped1", "unclipped1")
        )
        how = str(view.tokenizer)
        for side, column, rows in (
            ("predictions", part.predictions, empty),
            ("references", part.references, empty_reference),
        ):
            with_text = [row for row in np.flatnonzero(rows).tolist() if not _is_blank(column[row])]
            self._add(_Found("empty", side, how, number), part, with_text)
        self._add(
            _Found("repetition", "predictions", how, number), part, np.flatnonzero(unclipped - clipped >= REPETITION)
        )
        shuffled = (clipped >= RIGHT_WORDS) & (order <= IN_ORDER)
        self._add(_Found("order", "predictions", how, number), part, np.flatnonzero(shuffled))

    def _look_at_letters(self, part: _Part, view: _View, number: int) -> None:
        """Looks for letters that are lost, and for sentences that are one token."""
        if view.tokenizer == "rouge":
            kind, looks_so = "damaged", _is_damaged
        elif view.by_blanks:
            kind, looks_so = "one token", _is_one_token
        else:
            return
        for side, column in (("predictions", part.predictions), ("references", part.references)):
            texts = (item[0] if isinstance(item, list) and item else item for item in column)
            odd = ((row, text) for row, text in enumerate(texts) if isinstance(text, str) and not text.isascii())
            rows = [row for row, text in odd if looks_so(view.seen(text))]
            self._add(_Found(kind, side, str(view.tokenizer), number), part, rows)

    def _look_at_marks(self, part: _Part, view: _View, number: int) -> None:
        """Looks for what predictions should not have."""
        texts = enumerate(part.predictions)
        marked = [(row, text) for row, text in texts if isinstance(text, str) and any(map(text.__contains__, _MARKS))]
        if not marked:
            return
        from textgauge.text.transforms import RemoveReasoning, RemoveSpecialTokens  # slow to load

        without_reasoning, without_special = RemoveReasoning(), RemoveSpecialTokens()
        rows: dict[tuple[str, str], list[int]] = {}
        for row, text in marked:
            seen = view.seen(text)
            if without_reasoning(seen) != seen:
                rows.setdefault(("reasoning", ""), []).append(row)
                # Their tags may look like special tokens.
                seen = without_reasoning(seen)
            if without_special(seen) != seen:
                rows.setdefault(("special", ""), []).append(row)
            for marks, pattern in _SUBWORDS.items():
                if pattern.search(seen):
                    rows.setdefault(("subwords", marks), []).append(row)
        for (kind, how), some in rows.items():
            self._add(_Found(kind, "predictions", how, number), part, some)

    def state(self) -> Any:  # noqa: ANN401 - JSON
        """What was found so far, as JSON."""
        found = [[*found, rows.count, rows.first] for found, rows in self._found.items()]
        return {"rows": self._rows, "found": found}

    def restore(self, state: Any) -> None:  # noqa: ANN401 - JSON
        """Goes on from what was found before."""
        self._rows = state["rows"]
        self._found = {_Found(*found): _Rows(count, first) for *found, count, first in state["found"]}

    def warnings(self) -> list[str]:
        """What is worth a word, most of all first."""
        often = {
            found: rows
            for found, rows in self._found.items()
            if rows.count > 0 and rows.count >= SHARES[found.kind] * self._rows
            if found.kind != "tokenized" or rows.count >= TOKENIZED_LINES
        }
        # What else a wrong tokenizer makes of texts follows from that.
        misread = {found.how for found in often if found.kind in ("damaged", "one token")}
        by_kind: dict[str, list[_Found]] = {}
        for found in often:
            if found.kind not in ("empty", "repetition", "order") or found.how not in misread:
                by_kind.setdefault(found.kind, []).append(found)
        told = []
        for all_of_kind in by_kind.values():
            most = max(all_of_kind, key=lambda found: often[found].count)
            sides = " and ".join(dict.fromkeys(found.side for found in all_of_kind))
            hows = list(dict.fromkeys(found.how for found in all_of_kind))
            told.append((often[most].count, _describe(most.kind, sides, hows, often[most], self._rows)))
        return [text for _, text in sorted(told, key=lambda item: -item[0])]


def _is_blank(item: Any) -> bool:  # noqa: ANN401 - a text, a list of texts, or something missing
    if isinstance(item, list):
        return all(map(_is_blank, item))
    return not isinstance(item, str) or not item.strip()


def _is_damaged(text: str) -> bool:
    words = max(1, len(text.split()))
    # No more words are damaged than there are letters that do it.
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return 2 * beyond >= words and 2 * len(_DAMAGED.findall(text)) >= words


def _is_one_token(text: str) -> bool:
    return len(re.findall(_UNSPACED, text)) >= LETTERS * max(1, len(text.split()))


def _describe(kind: str, sides: str, hows: list[str], rows: _Rows, total: int) -> str:
    percent, where = f"{100 * rows.count / total:.0f} %", rows.named()
    tokenizers = " and ".join(map(repr, hows))
    if kind == "empty":
        other = "words" if "words" not in hows else "characters"
        return (
            f"{percent} of {sides} have text but no token under the tokenizer {tokenizers} ({where}): "
            f"a wrong tokenizer? --tokenizer {other} reads any script"
        )
    if kind == "damaged":
        return (
            f"in {percent} of {sides} half of the words or more lose letters under the tokenizer {tokenizers}, "
            f"which knows a to z alone ({where}): --tokenizer words reads any script"
        )
    if kind == "one token":
        helps = "--tokenizer zh parts Chinese, ja-mecab Japanese, characters any of them"
        for_ter = "-o ter.normalized=true -o ter.asian_support=true"
        helps = {"tercom": f"{for_ter} parts them"}.get(hows[0], helps) if len(hows) == 1 else helps
        helps += f"; for ter, {for_ter}" if "tercom" in hows[1:] else ""
        return (
            f"{percent} of {sides} are one token each under the tokenizer {tokenizers}, because their script has no "
            f"blanks ({where}): {helps}"
        )
    texts = {
        "repetition": "repeat right words: if all of them counted, precision would soar",
        "order": "have the right words in another order, which unigrams don't see",
        "tokenized": "end in a blank and a period, so texts seem to be tokenised already: score them as they were "
        "before, or with --tokenizer none",
        "reasoning": "hold what a model thought before it answered: -o transforms=RemoveReasoning leaves it out",
        "special": "hold special tokens of a model: -o transforms=RemoveSpecialTokens leaves them out",
        "subwords": f"are split into sub-words: -o 'transforms=JoinSubwords({hows[0]})' joins them",
    }
    return f"{percent} of predictions {texts[kind]} ({where})"
