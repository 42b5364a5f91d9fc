"""Every score against rouge-score's, float for float: all shared data and many hostile strings.

Run as a script it compares everything and exits 1 on a mismatch; the tests beside it take samples.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenize import tokenize

import textgauge as tg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "dev"
FAMILIES = ("summarization", "hard_text", "mt", "asr", "captions", "multiref", "qa", "long_docs")
METRICS = ("rouge1", "rouge2", "rouge3", "rouge4", "rougeL", "rougeLsum")

# rouge-score keeps a Python list for each row of its table: beyond this many cells a pair takes
# gigabytes and minutes. Of such pairs the start is compared, and the report names them.
MOST_CELLS = 3000 * 3000
START = 6_000  # characters

CHUNK_PAIRS = 50
CHUNK_CELLS = 1_000_000

SCORER = tg.Scorer([tg.Rouge(*METRICS), tg.Rouge(*METRICS, stemmer="porter", prefix="stem_")])
COLUMNS = [
    f"{prefix}{metric}.{part}" for prefix, metric, part in itertools.product(("", "stem_"), METRICS, ("p", "r", "f"))
]


class Pair(NamedTuple):
    """A prediction with its references; `name` says where it is from."""

    name: str
    prediction: str
    references: list[str]


class Mismatch(NamedTuple):
    """A score that differs."""

    pair: Pair
    column: str
    ours: float
    theirs: float


def data_files() -> list[Path]:
    """The files of the shared data that ROUGE is compared on; empty where there are none."""
    paths = itertools.chain.from_iterable(sorted((DATA / family).glob("*.jsonl*")) for family in FAMILIES)
    return list(paths)


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            record = json.loads(line)
            yield Pair(f"{path.parent.name}/{path.name}:{number}", record["hypothesis"], record["references"])


def cells(pair: Pair) -> int:
    """The most cells of any of the tables that rouge-score fills for the pair."""
    # Letters and digits between others, as a bound that costs little.
    hypothesis, *references = (len(tokenize(text, None)) for text in (pair.prediction, *pair.references))
    return hypothesis * max(references)


def their_scores(pairs: Sequence[Pair]) -> npt.NDArray[np.float64]:
    """What rouge-score makes of the pairs: a row a pair, in the order of `COLUMNS`."""
    scorers = [RougeScorer(list(METRICS)), RougeScorer(list(METRICS), use_stemmer=True)]
    scores = np.empty((len(pairs), len(COLUMNS)))
    for row, (_, prediction, references) in zip(scores, pairs, strict=True):
        values: list[float] = []
        for scorer in scorers:
            if len(references) == 1:
                by_metric = scorer.score(references[0], prediction)
            else:
                by_metric = scorer.score_multi(references, prediction)
            values.extend(itertools.chain.from_iterable(by_metric[metric] for metric in METRICS))
        row[:] = values
    return scores


def our_scores(pairs: Sequence[Pair]) -> npt.NDArray[np.float64]:
    """What textgauge makes of the pairs, likewise."""
    result = SCORER.score([pair.prediction for pair in pairs], [pair.references for pair in pairs])
    return np.stack([result[column] for column in COLUMNS], axis=1)


def mismatches(pairs: Sequence[Pair], theirs: npt.NDArray[np.float64]) -> list[Mismatch]:
    """Every score of the pairs that is not the very same number."""
    ours = our_scores(pairs)
    assert ours.shape == theirs.shape == (len(pairs), len(COLUMNS))
    return [
        Mismatch(pairs[row], COLUMNS[column], float(ours[row, column]), float(theirs[row, column]))
        for row, column in np.argwhere(ours != theirs)
    ]


# fmt: off
WORDS = (
    "the", "cat", "cats", "run", "runs", "running", "ran", "happily", "happiness", "relational",
    "conditional", "generalization", "dying", "skies", "a", "I", "x9", "42", "2nd", "it", "is", "was", "ITS",
    "naïve", "don't", "snake_case",
)
SUFFIXES = ("", "s", "es", "ies", "ied", "ed", "ing", "ly", "ational", "ization", "fulness", "ement", "ss", "y")
SEPARATORS = "\n \n\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\u3000\xa0\0_-.,!'/@[`{^"
STRANGE = (
    "\u0130", "\u212a", "\u03a3", "\u03c3", "\u03c2", "\u0301", "\u0307", "\u200d", "\xdf", "\u1e9e",
    "\ufb01", "\u017f", "\uff21", "\uff11", "\u0660", "\xb2", "\u2460", "\ufeff", "\xad", "\u65e5", "\u672c",
    "\ud55c", "\u0e01", "\u05d0", "\u200f", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1eb\U0001f1f7", "\U00010400", "\ud800", "\udfff", "\udc80", "\U0010ffff",
)
# fmt: on


def hostile_texts() -> st.SearchStrategy[tuple[str, list[str]]]:
    """A prediction and one to three references out of the same few words, so that they share some.

    The words hold what texts go wrong over: characters whose lower case is special, separators of every
    kind, combining marks, emoji, lone surrogates, NUL, very long words, suffixes for the stemmer.
    """
    letters = st.text("abcdefghilnstyAEIOUYZ019", min_size=1, max_size=7)
    word = st.one_of(
        st.sampled_from(WORDS),
        st.tuples(letters, st.sampled_from(SUFFIXES)).map("".join),
        st.tuples(letters, st.sampled_from(STRANGE), letters).map("".join),
        st.sampled_from(STRANGE),
        st.text(max_size=4),
        st.tuples(st.sampled_from(["a", "xy", "Qing"]), st.integers(5, 60)).map(lambda part: part[0] * part[1]),
    )
    return texts_that_share(word, SEPARATORS)


def texts_that_share(
    word: st.SearchStrategy[str], separators: Sequence[str]
) -> st.SearchStrategy[tuple[str, list[str]]]:
    """A prediction and one to three references out of the same few words."""

    def texts_of(words: list[str]) -> st.SearchStrategy[tuple[str, list[str]]]:
        piece = st.tuples(st.sampled_from(words), st.sampled_from(separators)).map("".join)
        text = st.lists(piece, max_size=24).map("".join)
        return st.tuples(text, st.lists(text, min_size=1, max_size=3))

    return st.lists(word, min_size=1, max_size=8).flatmap(texts_of)


def hostile_pairs(
    count: int, start: int, strategy: st.SearchStrategy[tuple[str, list[str]]] | None = None
) -> list[Pair]:
    """That many pairs of hostile texts; the same for the same `start`."""
    pairs: list[Pair] = []

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(hostile_texts() if strategy is None else strategy)
    def collect(texts: tuple[str, list[str]]) -> None:
        pairs.append(Pair(f"hostile {start}:{len(pairs)}", *texts))

    collect()
    return pairs


class Report:
    """Counts what was compared and prints it file by file."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool
        self.files = self.pairs = self.references = self.floats = 0
        self.wrong: list[Mismatch] = []
        self.cut: list[str] = []

    def compare(self, name: str, pairs: Sequence[Pair]) -> None:
        """Compares the pairs of one file."""
        started = time.perf_counter()
        chunks: list[list[Pair]] = []
        open_cells = CHUNK_CELLS
        for pair in pairs:
            size = cells(pair)
            if size > MOST_CELLS:
                self.cut.append(f"{pair.name}: a table of {size:,} cells")
                pair = Pair(pair.name, pair.prediction[:START], [text[:START] for text in pair.references])
                size = cells(pair)
            if open_cells >= CHUNK_CELLS or len(chunks[-1]) == CHUNK_PAIRS:
                chunks.append([])
                open_cells = 0
            chunks[-1].append(pair)
            open_cells += size
        wrong = []
        for chunk, theirs in zip(chunks, self.pool.map(their_scores, chunks), strict=True):
            wrong += mismatches(chunk, theirs)
        for mismatch in wrong[:10]:
            print(f"  {mismatch.column} {mismatch.ours!r} {mismatch.theirs!r} {mismatch.pair!a}"[:1000])
        self.files += 1
        self.pairs += len(pairs)
        self.references += sum(len(pair.references) for pair in pairs)
        self.floats += len(pairs) * len(COLUMNS)
        self.wrong += wrong
        seconds = time.perf_counter() - started
        print(f"{name}: {len(pairs):,} pairs, {len(wrong)} mismatches, {seconds:.0f} s", flush=True)


def main(arguments: Iterable[str] | None = None) -> int:
    """Compares everything; 1 if anything differs or there was nothing to compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes that run rouge-score")
    parser.add_argument("--hostile", type=int, default=20_000, help="hostile pairs")
    parser.add_argument("--limit", type=int, help="pairs of each file at most")
    options = parser.parse_args(None if arguments is None else list(arguments))

    files = data_files()
    # Fresh processes: theirs alone run there, and a fork would copy what runs here.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        report = Report(pool)
        for start in range(0, options.hostile, 1000):
            report.compare(f"hostile {start}", hostile_pairs(min(1000, options.hostile - start), start))
        for path in files:
            pairs = itertools.islice(read_pairs(path), options.limit)
            report.compare(f"{path.parent.name}/{path.name}", list(pairs))

    for line in report.cut:
        print(f"only the first {START:,} characters compared, {line}")
    if not files:
        print(f"no data in {DATA}")
    print(
        f"{report.files} files, {report.pairs:,} pairs with {report.references:,} references,"
        f" {report.floats:,} floats compared, {len(report.cut)} pairs only by their start,"
        f" {len(report.wrong)} mismatches"
    )
    return int(bool(report.wrong) or not files)


if __name__ == "__main__":
    sys.exit(main())
