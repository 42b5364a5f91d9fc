"""Whole jobs as people start them, each beside the core's own time and a peer's, in one table from one run.

The core's time is that of one call for the same pairs: a scorer on one thread, given lists that are ready. What a job
takes beyond it, the way there costs. Peers that are slow are given evenly spaced rows. All sides of a job are timed
in turn, round after round, for at least 0.3 s each time; the best round counts.

    python benches/python/jobs.py [--quick] [--only WORD] [--data FOLDER]
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
import sacrebleu
from rouge_score.rouge_scorer import RougeScorer

import textgauge as tg
from corpus import Pairs, headlines, pairs, read
from peers_answers import UTTERANCES
from peers_translation import CNNDM, forget_texts
from workers import ALL_THREADS, DATA, ROUND_SECONDS, cpu, sample_of

XSUM = "summarization/xsum_brio.jsonl.gz"
ROUGE = ("rouge1", "rouge2", "rougeL")
Call = Callable[[], object]


@dataclass(frozen=True)
class Setup:
    """Where texts are, how many are taken, and where files may be written."""

    data: Path
    most: int
    sampled: int
    folder: Path

    def pairs(self, file: str) -> Pairs:
        path = self.data / file
        made = read(path) if path.exists() else pairs(2000) if file == CNNDM else headlines(2000)
        predictions, references = made
        return predictions[: self.most], references[: self.most]

    def sample(self, texts: Pairs) -> list[tuple[str, str]]:
        """Rows for a peer; jiwer refuses references without words."""
        rows = sample_of(len(texts[0]), self.sampled)
        return [(texts[0][row], texts[1][row]) for row in rows if texts[1][row].strip()]


@dataclass(frozen=True)
class Side:
    """Something to be timed, and how many pairs it scores."""

    call: Call
    pairs: int
    freshen: Call = lambda: None  # before each call, not timed

    def us(self) -> float:
        """Microseconds a pair, of as many calls as fill a round."""
        calls, took = 0, 0.0
        while took < ROUND_SECONDS:
            self.freshen()
            start = time.perf_counter()
            self.call()
            took += time.perf_counter() - start
            calls += 1
        return took * 1e6 / (calls * self.pairs)


@dataclass(frozen=True)
class Sides:
    """A job, what its core takes, and a peer."""

    job: Side
    core: Side
    peer: Side | None = None


@dataclass(frozen=True)
class Job:
    """What it is called, and how it is set up."""

    name: str
    sides: Callable[[Setup], Sides]


def core_of(scorer: tg.Scorer, texts: Pairs) -> Side:
    return Side(lambda: scorer.score(*texts, threads=1), len(texts[0]))


def loop_over(function: Callable[[str, str], Any], each: list[tuple[str, str]], freshen: Call = lambda: None) -> Side:
    def loop() -> None:
        for prediction, reference in each:
            function(prediction, reference)

    return Side(loop, len(each), freshen)


# Peers, a pair at a time.


def rouge_score(sample: list[tuple[str, str]]) -> Side:
    scorer = RougeScorer(list(ROUGE))
    return loop_over(lambda prediction, reference: scorer.score(reference, prediction), sample)


def sentence_bleu(sample: list[tuple[str, str]]) -> Side:
    metric = sacrebleu.BLEU(effective_order=True)
    return loop_over(lambda prediction, reference: metric.sentence_score(prediction, [reference]), sample, forget_texts)


def jiwer_wer(sample: list[tuple[str, str]]) -> Side:
    return loop_over(lambda prediction, reference: jiwer.wer(reference, prediction), sample)


# Jobs.


def score_pair(file: str, *metrics: str, peer: Callable[[list[tuple[str, str]]], Side] | None = None) -> Any:
    def sides(setup: Setup) -> Sides:
        texts, scorer = setup.pairs(file), tg.Scorer(metrics)
        each = list(zip(*texts, strict=True))
        return Sides(loop_over(scorer.score_pair, each), core_of(scorer, texts), peer and peer(setup.sample(texts)))

    return sides


def function_of(file: str, function: Callable[..., Any], *metrics: str) -> Any:
    def sides(setup: Setup) -> Sides:
        texts = setup.pairs(file)
        return Sides(loop_over(function, list(zip(*texts, strict=True))), core_of(tg.Scorer(metrics), texts))

    return sides


def four_transforms(setup: Setup) -> Sides:
    """The core's time is that of the texts as they are."""
    names = ("ToLowerCase", "RemovePunctuation", "RemoveMultipleSpaces", "Strip")
    texts = setup.pairs(UTTERANCES)
    predictions, references = zip(*setup.sample(texts), strict=True)
    chain = jiwer.Compose([*(getattr(jiwer, name)() for name in names), jiwer.ReduceToListOfListOfWords()])

    def peer() -> None:
        jiwer.wer(list(references), list(predictions), reference_transform=chain, hypothesis_transform=chain)

    cleaned = tg.Scorer(tg.Wer(transforms=names))
    return Sides(core_of(cleaned, texts), core_of(tg.Scorer("wer"), texts), Side(peer, len(predictions)))


def whisper_english(setup: Setup) -> Sides:
    """The peer is jiwer after the same normaliser, which is a package of Python that both use."""
    from whisper_normalizer.english import EnglishTextNormalizer

    texts = setup.pairs(UTTERANCES)
    texts = texts[0][: setup.sampled], texts[1][: setup.sampled]
    normalize = EnglishTextNormalizer()
    cleaned = tg.Scorer(tg.Wer(transforms=("WhisperEnglish",)))
    # jiwer refuses references of which nothing is left.
    sample = [pair for pair in setup.sample(texts) if normalize(pair[1])]

    def peer() -> None:
        jiwer.wer([normalize(each) for _, each in sample], [normalize(each) for each, _ in sample])

    return Sides(core_of(cleaned, texts), core_of(tg.Scorer("wer"), texts), Side(peer, len(sample)))


def process(*arguments: str) -> Call:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def json_lines(setup: Setup, texts: Pairs) -> Path:
    path = setup.folder / f"{len(texts[0])}.jsonl"
    rows = ({"prediction": prediction, "reference": reference} for prediction, reference in zip(*texts, strict=True))
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def scoring(file: Path) -> Call:
    columns = ("--prediction", "prediction", "--reference", "reference")  # else it says which it has guessed
    return process("-m", "textgauge.cli", "score", str(file), *columns)


def command_line(setup: Setup) -> Sides:
    texts = setup.pairs(CNNDM)
    lines = [json.dumps([prediction, reference]) for prediction, reference in setup.sample(texts)]
    scorer = RougeScorer(list(ROUGE))

    def peer() -> None:
        for prediction, reference in map(json.loads, lines):
            scorer.score(reference, prediction)

    job = Side(scoring(json_lines(setup, texts)), len(texts[0]))
    return Sides(job, core_of(tg.Scorer(ROUGE), texts), Side(peer, len(lines)))


def start_up(setup: Setup) -> Sides:
    """A file of one pair, its time told over as many pairs as the whole file has."""
    texts = setup.pairs(CNNDM)
    first = texts[0][:1], texts[1][:1]
    job = Side(scoring(json_lines(setup, first)), len(texts[0]))
    return Sides(job, core_of(tg.Scorer(ROUGE), texts))


def two_threads(setup: Setup) -> Sides:
    texts, scorer = setup.pairs(CNNDM), tg.Scorer(ROUGE)
    return Sides(Side(lambda: scorer.score(*texts, threads=2), len(texts[0])), core_of(scorer, texts))


def import_over_numpy(setup: Setup) -> Sides:
    del setup
    return Sides(Side(process("-c", "import textgauge.scorer"), 1), Side(process("-c", "import numpy"), 1))


JOBS = [
    Job("score_pair rouge1+2+L, cnndm", score_pair(CNNDM, *ROUGE, peer=rouge_score)),
    Job("score_pair rouge1+2+L, xsum", score_pair(XSUM, *ROUGE, peer=rouge_score)),
    Job("score_pair bleu, cnndm", score_pair(CNNDM, "bleu", peer=sentence_bleu)),
    Job("score_pair bleu, xsum", score_pair(XSUM, "bleu", peer=sentence_bleu)),
    Job("score_pair wer, cnndm", score_pair(CNNDM, "wer", peer=jiwer_wer)),
    Job("score_pair wer, xsum", score_pair(XSUM, "wer", peer=jiwer_wer)),
    Job("score_pair exact_match, xsum", score_pair(XSUM, "exact_match")),
    Job("tg.rouge, xsum", function_of(XSUM, tg.rouge, *ROUGE)),
    Job("tg.bleu, xsum", function_of(XSUM, tg.bleu, "bleu")),
    Job("tg.wer, xsum", function_of(XSUM, tg.wer, "wer")),
    Job("wer after four transforms, earnings21", four_transforms),
    Job("wer after WhisperEnglish, earnings21", whisper_english),
    Job("textgauge score FILE, start-up too, cnndm", command_line),
    Job("its start-up alone", start_up),
    Job("two threads over one, rouge1+2+L, cnndm", two_threads),
    Job("import textgauge.scorer over import numpy, once", import_over_numpy),
]


def best_of(sides: Sides, rounds: int) -> tuple[float, float, float | None]:
    """Microseconds a pair of the job, the core and the peer."""
    every = [sides.job, sides.core, *([sides.peer] if sides.peer else [])]
    times = [[side.us() for side in every] for _ in range(rounds)]
    job, core, *peer = map(min, zip(*times, strict=True))
    return job, core, peer[0] if peer else None


def rows(jobs: list[Job], setup: Setup, rounds: int) -> Iterator[str]:
    yield f"{'job':<44}{'us a pair':>11}{'core us':>11}{'of core rate':>14}{'peer us':>11}{'over peer':>11}"
    for job in jobs:
        took, core, peer = best_of(job.sides(setup), rounds)
        beside = "" if peer is None else f"{peer:>11.2f}{f'{peer / took:.1f}x':>11}"
        yield f"{job.name:<44}{took:>11.2f}{core:>11.2f}{f'{core / took:.0%}':>14}{beside}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and pairs, for a look")
    parser.add_argument("--only", default="", metavar="WORD", help="only jobs whose name has this in it")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real texts (default %(default)s)")
    options = parser.parse_args()
    jobs = [job for job in JOBS if options.only in job.name]
    if not jobs:
        parser.error(f"no such job; there are: {'; '.join(job.name for job in JOBS)}")
    print(f"{cpu()}, {ALL_THREADS} threads, load {os.getloadavg()[0]:.1f}; Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        most, sampled, rounds = (1000, 100, 2) if options.quick else (10_000, 500, 5)
        for row in rows(jobs, Setup(options.data, most, sampled, Path(folder)), rounds):
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
