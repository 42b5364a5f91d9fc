"""Transcripts and answers side by side with the peers, and edit distances of long texts.

As for translations, every contender gives the score of a corpus on one thread, and all score the same pairs: with all
references where answers may be one of several, else with the first. Where the reference is a script and no package,
its definition stands in `tests/python/oracle/answer_definitions.py`.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import headlines, read_all
from workers import ROOT, PeakMemory, Worker, answer_rounds, in_turn, ratios, sample_of, say, stopping

sys.path.insert(0, str(ROOT / "tests" / "python" / "oracle"))

Contender = Callable[[list[str], list[Any]], float]
OURS = "textgauge"
PACKAGES = ("textgauge", "jiwer", "rapidfuzz")

UTTERANCES = "asr/earnings21_utt.jsonl.gz"
CALLS = "long_docs/earnings21_calls.jsonl.gz"
ANSWERS = "qa/NQ_FiD.jsonl"
LONG_ANSWERS = "qa/evouna_NQ.jsonl.gz"


def _scored_by(metric: str, **options: Any) -> Contender:
    import textgauge as tg
    from textgauge.metrics import by_name

    scorer = tg.Scorer(by_name(metric).with_options(**options), threads=1)
    column = scorer.aggregate([], [])._compiled.headlines[0]
    return lambda predictions, references: scorer.aggregate(predictions, references).corpus[column]


def _wer() -> Contender:
    import jiwer

    return lambda predictions, references: jiwer.wer(references, predictions)


FOUR = ("ToLowerCase", "RemovePunctuation", "RemoveMultipleSpaces", "Strip")


def _wer_after_four() -> Contender:
    import jiwer

    chain = jiwer.Compose([*(getattr(jiwer, name)() for name in FOUR), jiwer.ReduceToListOfListOfWords()])
    return lambda predictions, references: jiwer.wer(references, predictions, chain, chain)


def _wer_after(clean: Callable[[str], str]) -> Contender:
    import jiwer

    return lambda predictions, references: jiwer.wer([*map(clean, references)], [*map(clean, predictions)])


def _wer_after_whisper() -> Contender:
    from whisper_normalizer.english import EnglishTextNormalizer

    return _wer_after(EnglishTextNormalizer())


def _wer_after_folding() -> Contender:
    import unicodedata

    return _wer_after(lambda text: unicodedata.normalize("NFKC", text).casefold())


def _cer() -> Contender:
    import jiwer

    return lambda predictions, references: jiwer.cer(references, predictions)


def _measures() -> Contender:
    import jiwer

    return lambda predictions, references: jiwer.process_words(references, predictions).wil


def _our_measures() -> Contender:
    import textgauge as tg

    scorer = tg.Scorer(["wer", "mer", "wil", "wip"], threads=1)
    return lambda predictions, references: scorer.aggregate(predictions, references).corpus["wil"]


def _distance() -> Contender:
    from rapidfuzz.distance import Levenshtein

    def score(predictions: list[str], references: list[str]) -> float:
        pairs = zip(references, predictions, strict=True)
        distances = [Levenshtein.distance(left.split(), right.split()) for left, right in pairs]
        return sum(distances) / len(distances)

    return score


def _exact_match() -> Contender:
    """All texts in one array, as evaluate has them."""
    import string

    import numpy as np

    def score(predictions: list[str], references: list[str]) -> float:
        columns = [np.char.lower(np.array(column)) for column in (predictions, references)]
        table = str.maketrans("", "", string.punctuation)
        left, right = (np.char.translate(column, table) for column in columns)
        return float(np.mean(left == right))

    return score


def _squad() -> Contender:
    """Exact match and F1, as the script computes both."""
    from answer_definitions import squad_em, squad_f1

    def score(predictions: list[str], references: list[list[str]]) -> float:
        total = {squad_em: 0.0, squad_f1: 0.0}
        for prediction, answers in zip(predictions, references, strict=True):
            for metric in total:
                total[metric] += max(metric(prediction, answer) for answer in answers)
        return 100.0 * total[squad_f1] / len(predictions)

    return score


def _our_squad() -> Contender:
    import textgauge as tg

    scorer = tg.Scorer("squad", threads=1)
    return lambda predictions, references: scorer.aggregate(predictions, references).corpus["squad.f1"]


def _helm(name: str) -> Callable[[], Contender]:
    def build() -> Contender:
        from answer_definitions import HELM

        metric = HELM[name]

        def score(predictions: list[str], references: list[list[str]]) -> float:
            pairs = zip(predictions, references, strict=True)
            best = (max(metric(gold, prediction.strip()) for gold in golds) for prediction, golds in pairs)
            return sum(best) / len(predictions)

        return score

    return build


@dataclass(frozen=True)
class Setting:
    """A score of the pairs of a file, by us and by the reference."""

    ours: Callable[[], Contender]
    peer: str
    theirs: Callable[[], Contender]
    file: str
    target: float  # how many times as fast as the peer we mean to be
    tolerance: float = 0.0  # means are exact sums here and running sums there
    several: bool = False  # references a pair


def _by(metric: str, **options: Any) -> Callable[[], Contender]:
    return lambda: _scored_by(metric, **options)


HELM_F1, HELM_QUASI = _helm("helm_f1_score"), _helm("helm_quasi_exact_match")
FOLDED = ({"NormalizeUnicode": "NFKC"}, "CaseFold")
LENIENT = {"ignore_case": True, "ignore_punctuation": True}
SETTINGS = {
    "wer": Setting(_by("wer"), "jiwer", _wer, UTTERANCES, 40),
    "wer, 4 transforms": Setting(_by("wer", transforms=FOUR), "jiwer", _wer_after_four, UTTERANCES, 35),
    "wer, Whisper": Setting(_by("wer", transforms="WhisperEnglish"), "jiwer", _wer_after_whisper, UTTERANCES, 60),
    "wer, NFKC, fold": Setting(_by("wer", transforms=FOLDED), "jiwer", _wer_after_folding, UTTERANCES, 30),
    "wer mer wil wip": Setting(_our_measures, "jiwer", _measures, UTTERANCES, 20),
    "cer": Setting(_by("cer"), "jiwer", _cer, UTTERANCES, 30),
    "distance, calls": Setting(_by("edit_distance", tokenizer="whitespace"), "rapidfuzz", _distance, CALLS, 1, 1e-12),
    "exact_match": Setting(_by("exact_match", **LENIENT), "evaluate", _exact_match, ANSWERS, 50, 1e-12),
    "SQuAD": Setting(_our_squad, "SQuAD's", _squad, ANSWERS, 50, 1e-12, several=True),
    "HELM quasi": Setting(_by("helm_quasi_exact_match"), "HELM's", HELM_QUASI, ANSWERS, 50, 1e-12, several=True),
    "HELM F1": Setting(_by("helm_f1_score"), "HELM's", HELM_F1, ANSWERS, 50, 1e-12, several=True),
    "SQuAD, long": Setting(_our_squad, "SQuAD's", _squad, LONG_ANSWERS, 50, 1e-12, several=True),
    "HELM F1, long": Setting(_by("helm_f1_score"), "HELM's", HELM_F1, LONG_ANSWERS, 50, 1e-12, several=True),
}
MOST = 5000  # pairs


def load(data: str, setting: Setting) -> tuple[list[str], list[Any]]:
    path = Path(data) / setting.file
    if path.exists():
        predictions, references = read_all(path)
    else:
        predictions, references = headlines(2000)[0], [[text] for text in headlines(2000)[1]]
    if setting.theirs is _wer_after_whisper:
        # jiwer refuses references of which nothing is left.
        from textgauge.text.transforms import WhisperEnglish

        left = [row for row, (text, *_) in enumerate(references) if WhisperEnglish()(text)]
        predictions, references = [predictions[row] for row in left], [references[row] for row in left]
    return predictions, references if setting.several else [texts[0] for texts in references]


# The workers' side.


def work(job: dict[str, Any]) -> None:
    setting = SETTINGS[job["setting"]]
    score = setting.ours() if job["peer"] == OURS else setting.theirs()
    predictions, references = load(job["data"], setting)
    rows = sample_of(len(predictions), MOST)
    columns = [predictions[row] for row in rows], [references[row] for row in rows]
    memory = PeakMemory()
    say(score=score(*columns), rise=memory.rise(), pairs=len(rows))
    answer_rounds(columns, score, lambda _: None)


MODES = {"answers": work}


# The main process' side.


def compare(name: str, options: argparse.Namespace) -> bool:
    """Prints the rows of one setting; returns whether our score is the peer's."""
    setting = SETTINGS[name]
    with stopping([]) as workers:
        for peer in (OURS, setting.peer):
            job = {"setting": name, "data": str(options.data)}
            workers.append(Worker.start(peer, None, 1, "answers", answers=True, **job))
        in_turn(workers, options.rounds)
    ours, theirs = workers
    scores = [worker.first["score"] for worker in workers]
    same = abs(scores[0] - scores[1]) <= setting.tolerance * abs(scores[1])
    for worker in workers:
        best, median, aim = ratios(worker, ours, setting.target if worker is theirs else None)
        us = worker.best["us"]
        print(
            f"{name:18}{worker.peer:12}{worker.first['pairs']:>7.0f}{1e6 / us:>12,.0f}{us:>12,.3f}"
            f"{best:>10}{median:>10}  {aim:14}{worker.first['score']:>22.17g}{'yes' if same else 'NO':>6}",
            flush=True,
        )
    return same


def run(options: argparse.Namespace) -> bool:
    """Prints the table; returns whether our scores are the peers'."""
    print("\nTranscripts and answers on one thread; equal: the same score, means to their last digits")
    print(
        f"{'setting':18}{'contender':12}{'pairs':>7}{'pairs/s':>12}{'us/pair':>12}{'ours is':>10}{'median':>10}"
        f"  {'target':14}{'score':>22}{'equal':>6}"
    )
    equal = [compare(name, options) for name in SETTINGS]
    return all(equal)
