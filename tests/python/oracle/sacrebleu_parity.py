"""BLEU, chrF and TER against sacrebleu's, float for float: all shared data and many hostile strings.

Run as a script it compares everything and exits 1 on a mismatch; the tests beside it take samples.

Two places are known where sacrebleu's own last digits are not the same everywhere. From Python 3.12 on `sum` adds
floats with compensation, which moves the mean of BLEU's logarithms by a bit or two. And the TER of a corpus divides
by a sum of mean lengths, which sacrebleu adds as floats, row after row, and we exactly: they differ where lengths
are not whole numbers that floats hold.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import math
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from parity import DATA, Pair, hostile_texts, read_pairs, texts_that_share
from parity import hostile_pairs as pairs_of
from sacrebleu.metrics import BLEU, CHRF, TER
from tokens import data_files, hostile_pieces

import textgauge as tg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sacrebleu.metrics.base import Metric as TheirMetric

# Which warns of texts that end in " .".
logging.getLogger("sacrebleu").setLevel(logging.ERROR)

OneMetric = tg.Bleu | tg.Chrf | tg.Ter

# What sacrebleu's BLEU may be off by from Python 3.12 on: two bits of the mean logarithm.
BLEU_TOLERANCE = 1e-14 if sys.version_info >= (3, 12) else 0.0
# What the sum of mean lengths may: we add them in units of one part of this, exactly for most numbers of references.
TER_UNIT = math.lcm(*range(1, 25))
TER_TOLERANCE, TER_TOLERANCE_OTHERWISE = 1e-12, 1e-10


# ---- options


def bleu_readings() -> list[dict[str, Any]]:
    """Ways to count n-grams: every tokenizer, in both cases, up to several orders."""
    tokenizers = ("13a", "intl", "zh", "char", "none")
    each = itertools.product((4, 1, 2, 7, 16), (False, True), tokenizers)
    return [{"tokenizer": name, "lowercase": lower, "max_order": order} for order, lower, name in each]


def bleu_formulas() -> list[dict[str, Any]]:
    """Ways to make a score of the counts: every smoothing, with effective order and without."""
    smoothings = [
        ("exp", None),
        ("none", None),
        *(("floor", value) for value in (None, 0.0, 0.3)),
        *(("add-k", value) for value in (None, 0.7, 3.0)),
    ]
    each = itertools.product(smoothings, (None, True, False))
    return [{"smoothing": kind, "smoothing_value": value, "effective_order": order} for (kind, value), order in each]


def bleus(number: int) -> list[OneMetric]:
    """BLEU by the reading of that number, with every formula."""
    readings = bleu_readings()
    return [tg.Bleu(**readings[number % len(readings)], **formula) for formula in bleu_formulas()]


def chrfs(number: int, count: int) -> list[OneMetric]:
    """So many of all combinations of chrF's options, from that number on, which are far apart."""
    names = ("char_order", "word_order", "beta", "lowercase", "whitespace", "eps_smoothing")
    every = list(itertools.product((6, 1, 2, 9), (0, 1, 2, 3), (2, 1, 3), (False, True), (False, True), (False, True)))
    step = 77  # has no divisor in common with their number: all have their turn
    assert math.gcd(step, len(every)) == 1
    chosen = [every[step * (number * count + index) % len(every)] for index in range(count)]
    return [tg.Chrf(**dict(zip(names, values, strict=True))) for values in chosen]


def ters(number: int = 0, count: int = 16) -> list[OneMetric]:
    """So many of the 16 combinations of TER's options, from that number on."""
    every = list(itertools.product((False, True), repeat=4))
    names = ("normalized", "no_punct", "asian_support", "case_sensitive")
    chosen = [every[5 * (number * count + index) % 16] for index in range(count)]
    return [tg.Ter(**dict(zip(names, values, strict=True))) for values in chosen]


# ---- theirs and ours


class Outcome(NamedTuple):
    """What is made of some pairs."""

    pairs: npt.NDArray[np.float64]  # a row a pair, a column an output
    corpus: npt.NDArray[np.float64]
    signature: str


def their_metric(metric: OneMetric, *, single: bool = False) -> TheirMetric:
    """The same in sacrebleu, for a corpus or for single pairs."""
    options = {name: value for name, value in metric.fields().items() if name not in ("prefix", "transforms")}
    if isinstance(metric, tg.Bleu):
        effective_order = metric.effective_order
        return BLEU(
            lowercase=metric.lowercase,
            tokenize=metric.tokenizer,
            smooth_method=metric.smoothing or "exp",
            smooth_value=metric.smoothing_value,
            max_ngram_order=metric.max_order or 4,
            # corpus_bleu and sentence_bleu differ in their default.
            effective_order=single if effective_order is None else effective_order,
        )
    return CHRF(**options) if isinstance(metric, tg.Chrf) else TER(**options)


def streams(pairs: Sequence[Pair]) -> list[tuple[str | None, ...]]:
    """The references as sacrebleu takes them: a sequence for the first one of all rows, another for the second."""
    return list(itertools.zip_longest(*(pair.references for pair in pairs)))


def their_values(score: Any) -> list[float]:
    """A score of sacrebleu's in the order of our outputs."""
    if score.name.startswith("chrF"):
        return [score.score]
    if score.name == "TER":
        return [score.score, score.num_edits, score.ref_length]
    orders = zip(score.precisions, score.counts, score.totals, strict=True)
    head = [score.score, score.bp, score.ratio, score.sys_len, score.ref_len]
    return [*head, *itertools.chain.from_iterable(orders)]


def their_outcomes(metrics: Sequence[OneMetric], pairs: Sequence[Pair]) -> list[Outcome]:
    """What sacrebleu makes of the pairs."""
    counted: dict[tuple[Any, ...], tuple[Any, int]] = {}
    outcomes = []
    for metric in metrics:
        corpus, single = their_metric(metric), their_metric(metric, single=True)
        # Different formulas for BLEU start from the same statistics.
        is_bleu = isinstance(metric, tg.Bleu)
        reading = (metric.tokenizer, metric.lowercase, metric.max_order) if is_bleu else (metric,)
        if reading not in counted:
            found = corpus._extract_corpus_statistics([pair.prediction for pair in pairs], streams(pairs))
            counted[reading] = found, corpus.num_refs
        statistics, corpus.num_refs = counted[reading]
        rows = [their_values(single._aggregate_and_compute([row])) for row in statistics]
        whole = their_values(corpus._aggregate_and_compute(statistics))
        outcomes.append(Outcome(np.array(rows, float), np.array(whole, float), str(corpus.get_signature())))
    return outcomes


def our_outcomes(metrics: Sequence[OneMetric], pairs: Sequence[Pair], *, padded: bool = False) -> list[Outcome]:
    """What textgauge makes of them, all at once; `padded` with None up to the same number of references."""
    named = [metric.with_fields(prefix=f"{number}_") for number, metric in enumerate(metrics)]
    references: list[Any] = list(zip(*streams(pairs), strict=True)) if padded else [pair.references for pair in pairs]
    result = tg.Scorer(named).score(
        [pair.prediction for pair in pairs], [list(row) for row in references], nulls="drop" if padded else "error"
    )
    outcomes = []
    for metric in named:
        name = f"{metric.prefix}{metric.metric}"
        columns = [column for column in result.columns if column.partition(".")[0] == name]
        outcomes.append(
            Outcome(
                np.stack([result[column] for column in columns], axis=1),
                np.array([result.corpus[column] for column in columns]),
                result.aggregate.sacrebleu_signatures[name],
            )
        )
    return outcomes


# ---- comparison


class Mismatch(NamedTuple):
    """Something that differs; `where` is a pair, the corpus or the signature."""

    metric: OneMetric
    where: object
    ours: object
    theirs: object


def differing(
    metric: OneMetric, ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Which numbers differ; the last axis is that of outputs."""
    wrong = ours != theirs
    if isinstance(metric, tg.Bleu) and BLEU_TOLERANCE:
        wrong[..., 0] &= np.abs(ours - theirs)[..., 0] > BLEU_TOLERANCE * theirs[..., 0]
    return wrong


def ter_in_file_order(rows: npt.NDArray[np.float64]) -> list[float]:
    """TER of a corpus as sacrebleu makes it of the pairs' scores, edits and lengths: floats, one after the other."""
    edits = length = 0.0
    for _, row_edits, row_length in rows.tolist():
        edits += row_edits
        length += row_length
    return [100 * (edits / length if length > 0 else float(edits > 0)), edits, length]


def mismatches(metrics: Sequence[OneMetric], pairs: Sequence[Pair], theirs: Sequence[Outcome]) -> list[Mismatch]:
    """Everything that differs."""
    found: list[Mismatch] = []
    for metric, our, their in zip(metrics, our_outcomes(metrics, pairs), theirs, strict=True):
        assert our.pairs.shape == their.pairs.shape == (len(pairs), len(their.corpus))
        wrong = differing(metric, our.pairs, their.pairs).any(axis=1)
        found += [
            Mismatch(metric, pairs[row], our.pairs[row].tolist(), their.pairs[row].tolist())
            for row in np.flatnonzero(wrong)
        ]
        corpus = our.corpus
        if isinstance(metric, tg.Ter):
            counts = {len(pair.references) for pair in pairs}
            tolerance = TER_TOLERANCE_OTHERWISE if any(TER_UNIT % count for count in counts) else TER_TOLERANCE
            if not np.allclose(our.corpus, their.corpus, rtol=tolerance, atol=0):
                found.append(Mismatch(metric, "corpus, roughly", our.corpus.tolist(), their.corpus.tolist()))
            if any(count & (count - 1) for count in counts):  # halves and quarters add up exactly
                corpus = np.array(ter_in_file_order(our.pairs))
        if differing(metric, corpus, their.corpus).any():
            found.append(Mismatch(metric, "corpus", corpus.tolist(), their.corpus.tolist()))
        if our.signature != their.signature:
            found.append(Mismatch(metric, "signature", our.signature, their.signature))
    return found


# ---- what is compared


def hostile_pairs(count: int, start: int) -> list[Pair]:
    """That many pairs out of texts that are hard to tokenise and others; the same for the same `start`."""
    marks = texts_that_share(hostile_pieces(), ["", "", "", " ", " ", "\n"])
    return pairs_of(count, start, st.one_of(marks, hostile_texts()))


class Expected(NamedTuple):
    """What a file of the data says that sacrebleu makes of its first pairs."""

    path: Path
    metric: OneMetric
    pairs: int
    corpus: dict[str, float]
    signature: str


def expected() -> Iterator[Expected]:
    """Every score of a corpus that was made by sacrebleu when the data were collected."""
    for path in sorted(DATA.glob("*/expected.json")):
        for file, entry in json.loads(path.read_text(encoding="utf-8"))["files"].items():
            for name, known in entry.get("sacrebleu", {}).items():
                facts = dict(fact.split(":") for fact in known["signature"].split("|"))
                values = {"": known["score"]}
                metric: OneMetric
                if name.startswith("bleu"):
                    metric = tg.Bleu(tokenizer=name.removeprefix("bleu_"))
                    values |= {"bp": known["bp"], "hyp_len": known["sys_len"], "ref_len": known["ref_len"]}
                    for part, key in (("p", "precisions"), ("correct", "counts"), ("total", "totals")):
                        values |= {f"{part}{order}": value for order, value in enumerate(known[key], start=1)}
                elif name.startswith("chrf"):
                    metric = tg.Chrf(word_order=int(facts["nw"]))
                else:
                    metric = tg.Ter(normalized=facts["norm"] == "yes", asian_support=facts["asian"] == "yes")
                    values |= {"edits": known["num_edits"], "ref_len": known["ref_length"]}
                yield Expected(path.parent / file, metric, known["pairs"], values, known["signature"])


class Job(NamedTuple):
    """Pairs and what to measure of them."""

    name: str
    metrics: list[OneMetric]
    pairs: list[Pair]


def run(job: Job) -> list[Outcome]:
    """What sacrebleu makes of a job."""
    return their_outcomes(job.metrics, job.pairs)


DEFAULTS: list[OneMetric] = [tg.Bleu(), tg.Chrf(), tg.Chrf(word_order=2)]


def hostile_job(count: int, start: int, number: int) -> Job:
    """Hostile pairs with some of all options."""
    metrics = [*DEFAULTS, *bleus(number), *bleus(number + 17), *chrfs(number, 8), *ters()]
    return Job(f"hostile {start}", metrics, hostile_pairs(count, start))


def jobs(hostile: int, limit: int | None) -> Iterator[Job]:
    """Everything."""
    for number, start in enumerate(range(0, hostile, 400)):
        yield hostile_job(min(400, hostile - start), start, number)
    # Where sacrebleu's TER takes seconds a pair, the data say so by how few pairs they have it of.
    affordable = {item.path: item.pairs for item in expected() if item.metric == tg.Ter()}
    for number, path in enumerate(data_files()):
        pairs = list(itertools.islice(read_pairs(path), limit))
        name = f"{path.parent.name}/{path.name}"
        some = pairs[: affordable.get(path, 150)]
        yield Job(name, DEFAULTS, pairs)
        yield Job(f"{name}, TER", [tg.Ter()], some)
        yield Job(f"{name}, options", [*bleus(number), *bleus(7 * number + 3), *chrfs(number, 12)], pairs[-300:])
        yield Job(f"{name}, options of TER", ters(number, 5), some[-20:])


def main(arguments: Iterable[str] | None = None) -> int:
    """Compares everything; 1 if anything differs or there was nothing to compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes that run sacrebleu")
    parser.add_argument("--hostile", type=int, default=20_000, help="hostile pairs")
    parser.add_argument("--limit", type=int, help="pairs of each file at most")
    options = parser.parse_args(None if arguments is None else list(arguments))

    pairs = floats = 0
    wrong: list[Mismatch] = []
    started = time.perf_counter()
    # Fresh processes: theirs alone run there, and a fork would copy what runs here.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        every = list(jobs(options.hostile, options.limit))
        for job, theirs in zip(every, pool.map(run, every), strict=True):
            found = mismatches(job.metrics, job.pairs, theirs)
            for mismatch in found[:10]:
                print(f"  {mismatch!a}"[:2000])
            pairs += len(job.pairs)
            floats += sum(outcome.pairs.size + outcome.corpus.size for outcome in theirs)
            wrong += found
            seconds = time.perf_counter() - started
            print(
                f"{seconds:>5.0f} s {job.name}: {len(job.pairs):,} pairs, {len(job.metrics)} metrics,"
                f" {len(found)} mismatches",
                flush=True,
            )
    if not data_files():
        print(f"no data in {DATA}")
    print(f"{len(every)} jobs, {pairs:,} pairs, {floats:,} floats compared, {len(wrong)} mismatches")
    return int(bool(wrong) or not data_files())


if __name__ == "__main__":
    sys.exit(main())
