"""BLEU, chrF and TER side by side with the peers, and resampling with sacrebleu's.

Every contender gives the score of a corpus, of which the first references are taken, on one thread. All of them score
the same pairs: all there are, or as many as sacrebleu can in a moment. What sacrebleu remembers of texts from call to
call it has to forget before each round, since usually a text is seen once.
"""

import argparse
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import Pairs, headlines, pairs, read
from workers import PeakMemory, Worker, answer_rounds, in_turn, ratios, sample_of, say, stopping, verdict

Contender = Callable[[list[str], list[str]], float]
OURS, ORACLE = "textgauge", "sacrebleu"
PACKAGES = ("textgauge", "sacrebleu", "bleuscore", "fastchrf", "nltk")

EN_DE = "mt/wmt22.en-de.Online-B.jsonl.gz"
OTHER_EN_DE = "mt/wmt22.en-de.OpenNMT.jsonl.gz"
EN_ZH = "mt/wmt22.en-zh.GTCOM.jsonl"
CNNDM = "summarization/cnndm_simcls.jsonl.gz"


@dataclass(frozen=True)
class Setting:
    """A metric with its options in sacrebleu's terms, on pairs of a file."""

    metric: str
    options: dict[str, Any]
    file: str
    targets: dict[str, float]  # how many times as fast as the peer we mean to be
    most: int = 10_000  # pairs


SETTINGS = {
    "bleu 13a en-de": Setting("BLEU", {"tokenize": "13a"}, EN_DE, {"sacrebleu": 110, "bleuscore": 17}),
    "bleu zh en-zh": Setting("BLEU", {"tokenize": "zh"}, EN_ZH, {"sacrebleu": 150}),
    "chrf en-de": Setting("CHRF", {}, EN_DE, {"sacrebleu": 120, "fastchrf": 45}),
    "chrf++ en-de": Setting("CHRF", {"word_order": 2}, EN_DE, {"sacrebleu": 90}),
    "ter en-de": Setting("TER", {}, EN_DE, {"sacrebleu": 100}, most=500),
    "ter cnndm_simcls": Setting("TER", {}, CNNDM, {"sacrebleu": 300}, most=60),
}

SAMPLES = 1000
BOOTSTRAP_TARGET = 50
MEMORY_TARGET_GIB = 2
SACREBLEU_GIB = 12  # at most
# For each sample and pair, a draw of 8 bytes, and ten counts of 4 bytes.
SACREBLEU_BYTES = SAMPLES * (8 + 10 * 4)


def load(data: str, setting: Setting) -> Pairs:
    path = Path(data) / setting.file
    if path.exists():
        return read(path)
    return pairs(1000) if setting.file == CNNDM else headlines(2000)


# Contenders, made for a setting.


def textgauge(setting: Setting) -> Contender:
    import textgauge as tg

    made = {
        "BLEU": lambda: tg.Bleu(tokenizer=setting.options["tokenize"]),
        "CHRF": lambda: tg.Chrf(**setting.options),
        "TER": lambda: tg.Ter(**setting.options),
    }
    scorer = tg.Scorer(made[setting.metric](), threads=1)
    [name] = scorer.signatures
    return lambda predictions, references: scorer.aggregate(predictions, references).corpus[name]


def sacrebleu(setting: Setting) -> Contender:
    from sacrebleu import metrics

    metric = getattr(metrics, setting.metric)(**setting.options)
    metric._force = True  # no warnings
    return lambda predictions, references: metric.corpus_score(predictions, [references]).score


def forget_texts() -> None:
    """Empties the caches of all of sacrebleu's tokenizers."""
    from sacrebleu.tokenizers.tokenizer_base import BaseTokenizer

    def classes(base: type) -> Iterator[type]:
        yield base
        yield from itertools.chain.from_iterable(map(classes, base.__subclasses__()))

    for each in classes(BaseTokenizer):
        for value in vars(each).values():
            getattr(value, "cache_clear", lambda: None)()


def bleuscore(setting: Setting) -> Contender:
    del setting  # it has one tokenizer
    import bleuscore as peer

    return lambda predictions, references: 100 * peer.compute([[each] for each in references], predictions)["bleu"]


def fastchrf(setting: Setting) -> Contender:
    """Pair by pair: the mean, which is not the score of a corpus."""
    del setting
    import fastchrf as peer

    def score(predictions: list[str], references: list[str]) -> float:
        scores = peer.pairwise_chrf([[each] for each in predictions], [[each] for each in references])
        return sum(row[0][0] for row in scores) / len(scores)

    return score


def nltk(setting: Setting) -> Contender:
    """With tokens by white space, since it takes tokens."""
    del setting
    from nltk.translate.bleu_score import corpus_bleu

    def score(predictions: list[str], references: list[str]) -> float:
        return 100 * corpus_bleu([[each.split()] for each in references], [each.split() for each in predictions])

    return score


CONTENDERS: dict[str, Callable[[Setting], Contender]] = {
    OURS: textgauge,
    ORACLE: sacrebleu,
    "bleuscore": bleuscore,
    "fastchrf": fastchrf,
    "nltk": nltk,
}
# Those that measure only one of the settings.
ONLY = {"bleuscore": "bleu 13a en-de", "nltk": "bleu 13a en-de", "fastchrf": "chrf en-de"}


# The workers' side.


def work(job: dict[str, Any]) -> None:
    setting = SETTINGS[job["setting"]]
    score = CONTENDERS[job["peer"]](setting)
    predictions, references = load(job["data"], setting)
    rows = sample_of(len(predictions), job["most"])
    columns = [predictions[row] for row in rows], [references[row] for row in rows]
    memory = PeakMemory()
    say(score=score(*columns), rise=memory.rise(), pairs=len(rows))
    answer_rounds(columns, score, lambda _: None, forget_texts if job["peer"] == ORACLE else lambda: None)


def bootstrap_work(job: dict[str, Any]) -> None:
    """Resamples pairs of two systems, repeated to as many as wanted; what is counted of them was counted before."""
    systems = [load(job["data"], Setting("BLEU", {}, file, {})) for file in (EN_DE, OTHER_EN_DE)]
    resample = (our_bootstrap if job["peer"] == OURS else their_bootstrap)(systems, job["pairs"])
    memory = PeakMemory()
    start = time.perf_counter()
    p_value = resample()
    say(us=1e6 * (time.perf_counter() - start), p=p_value, whole=memory.whole())


def our_bootstrap(systems: list[Pairs], count: int) -> Callable[[], float]:
    import textgauge as tg

    scorer = tg.Scorer("bleu", threads=1)
    measured = [scorer.measure(*system) for system in systems]
    rows = [row % len(measured[0]) for row in range(count)]
    base, other = (system.select(rows) for system in measured)
    del measured, rows

    def resample() -> float:
        [difference] = tg.compare({"base": base, "other": other}, samples=SAMPLES, threads=1)
        return difference.p_value

    return resample


def their_bootstrap(systems: list[Pairs], count: int) -> Callable[[], float]:
    from sacrebleu.metrics import BLEU
    from sacrebleu.significance import PairedTest

    class Counted(BLEU):
        """Takes rows of statistics for texts."""

        def _extract_corpus_statistics(self, hypotheses: Any, references: Any) -> Any:
            del references
            return list(hypotheses)

    bleu = BLEU()
    bleu._force = True
    named = []
    for predictions, references in systems:
        rows = bleu._extract_corpus_statistics(predictions, [references])
        named.append((str(len(named)), list(itertools.islice(itertools.cycle(rows), count))))
    counted = Counted(references=[references])

    def resample() -> float:
        # Which resamples the first system when it is made, for its interval.
        _, scores = PairedTest(named, {"BLEU": counted}, None, test_type="bs", n_samples=SAMPLES)()
        [(_, other)] = [results for column, results in scores.items() if column != "System"]
        return other.p_value

    return resample


MODES = {"translation": work, "bootstrap": bootstrap_work}


# The main process' side.


def compare(name: str, options: argparse.Namespace) -> bool:
    """Prints the rows of one setting; returns whether our score is sacrebleu's."""
    setting = SETTINGS[name]
    chosen = [peer for peer in CONTENDERS if ONLY.get(peer, name) == name]
    most = setting.most // 3 if options.quick and setting.metric == "TER" else setting.most
    job = {"setting": name, "data": str(options.data), "most": most}
    with stopping([]) as workers:
        for peer in chosen:
            workers.append(Worker.start(peer, None, 1, "translation", answers=True, **job))
        # sacrebleu takes half a minute for the summaries.
        rounds = 2 if name == "ter cnndm_simcls" else min(3, options.rounds)
        in_turn(workers, rounds)
    ours, oracle = workers[:2]
    for worker in workers:
        best, median, aim = ratios(worker, ours, setting.targets.get(worker.peer))
        us, score = worker.best["us"], worker.first["score"]
        equal = "yes" if score == oracle.first["score"] else "no"
        print(
            f"{name:18}{worker.peer:12}{worker.first['pairs']:>7.0f}{1e6 / us:>12,.0f}{us:>12,.3f}"
            f"{best:>10}{median:>10}  {aim:14}{worker.first['rise'] / 2**20:>7.1f}{score:>20.15g}{equal:>6}",
            flush=True,
        )
    return ours.first["score"] == oracle.first["score"]


def bootstrap(options: argparse.Namespace) -> None:
    """Prints what the paired bootstrap takes."""

    def run_once(peer: str, count: int) -> dict[str, float]:
        job = {"data": str(options.data), "pairs": count}
        with stopping([Worker.start(peer, None, 1, "bootstrap", answers=True, **job)]) as [worker]:
            return worker.first

    count = 20_000 if options.quick else most_pairs()
    print(f"\nPaired bootstrap of BLEU, {SAMPLES:,} samples, two systems, one thread; statistics counted before")
    theirs = run_once(ORACLE, count)
    ours = min((run_once(OURS, count) for _ in range(3)), key=lambda run: run["us"])
    ratio = theirs["us"] / ours["us"]
    for peer, once in ((OURS, ours), (ORACLE, theirs)):
        note = "" if peer == OURS else f"  {ratio:.1f}x  >={BOOTSTRAP_TARGET}x {verdict(ratio >= BOOTSTRAP_TARGET)}"
        print(f"  {peer:12}{count:>10,} pairs{describe(once)}{note}", flush=True)
    large = run_once(OURS, 1_000_000)
    met = verdict(large["whole"] < MEMORY_TARGET_GIB * 2**30)
    print(f"  {OURS:12}{1_000_000:>10,} pairs{describe(large)}  target <{MEMORY_TARGET_GIB} GiB: {met}", flush=True)


def describe(once: dict[str, float]) -> str:
    return f"{once['us'] / 1e6:>9.3f} s{once['whole'] / 2**30:>8.2f} GiB at most, p = {once['p']:.3f}"


def most_pairs() -> int:
    """As many as sacrebleu can hold in its share of the memory, and in less than half of what is free."""
    held = SACREBLEU_GIB * 2**30
    try:
        lines = Path("/proc/meminfo").read_text().split("\n")
        held = min(held, next(512 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable")))
    except (OSError, StopIteration):
        held //= 4
    return held // SACREBLEU_BYTES // 10_000 * 10_000


def run(options: argparse.Namespace) -> bool:
    """Prints all tables; returns whether our scores are sacrebleu's."""
    print("\nScores of a corpus on one thread, first references; equal: to sacrebleu's score of the same pairs")
    print(
        f"{'setting':18}{'contender':12}{'pairs':>7}{'pairs/s':>12}{'us/pair':>12}{'ours is':>10}{'median':>10}"
        f"  {'target':14}{'MiB':>7}{'score':>20}{'equal':>6}"
    )
    equal = [compare(name, options) for name in SETTINGS]
    bootstrap(options)
    return all(equal)
