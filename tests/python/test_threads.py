"""Threads that use the same objects at once: each must see what one alone sees, with the GIL and without."""

from __future__ import annotations

import functools
import itertools
import pickle
import random
import subprocess
import sys
import sysconfig
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import textgauge as tg
from textgauge import transforms
from textgauge.benchmarks import gsm8k, math, mmlu
from textgauge.compat import jiwer, rouge
from textgauge.compat.nltk.translate import bleu_score, chrf_score, gleu_score
from textgauge.compat.rouge_score import rouge_scorer
from textgauge.compat.sacrebleu import metrics as sacrebleu

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

THREADS = 8

RANDOM = random.Random(8)
WORDS = ["the", "cat", "sat", "on", "a", "mat", "naïve", "日本", "don't", "rain.", "&amp;", "x\ny"]


def some_text() -> str:
    return " ".join(RANDOM.choices(WORDS, k=RANDOM.randint(1, 12)))


PREDICTIONS = [*(some_text() for _ in range(60)), "", "a \ud800"]
REFERENCES = [[some_text() for _ in range(RANDOM.randint(1, 3))] for _ in PREDICTIONS]
SOME, OTHERS = ([some_text() for _ in range(20)] for _ in range(2))

SCORER = tg.Scorer(["rouge1", "rougeL", "rougeLsum", "bleu", "chrf++", "ter", "wer", "exact_match"], threads=2)
WORD_SCORER = tg.Scorer(["rouge1", "wer"])
OWN = tg.Scorer(tg.Rouge("rouge1", tokenizer=str.split, transforms=[str.lower, "Strip"]))
PREPARED = SCORER.prepare(REFERENCES)
WHOLE = SCORER.aggregate(PREDICTIONS, REFERENCES)
MEASURED = SCORER.measure(PREDICTIONS, REFERENCES)
UNESCAPE = transforms.UnescapeHtml()
TRANSFORMS = (UNESCAPE, transforms.NormalizeUnicode("NFKC"), transforms.CaseFold(), transforms.RemovePunctuation())
EXPLAINER = tg.Explainer(["rougeL", "bleu"])
ROUGE_SCORER = rouge_scorer.RougeScorer(["rouge1", "rougeLsum"], use_stemmer=True)
BLEU = sacrebleu.BLEU(effective_order=True)
CHOICES = [
    {"subject": "anatomy", "target": "B", "prediction": text} for text in ("B.", "It is (C).", "So, **Answer:** b", "")
]
NUMBERS = [
    {"target": "#### 12", "prediction": f"So it is {number}.\nThe answer is {number}."} for number in range(9, 14)
]
FORMULAS = [
    {"target": r"\frac{1}{2}", "prediction": rf"Thus $\boxed{{{value}}}$."} for value in ("0.5", r"\frac12", "2")
]


def bits(result: tg.Result) -> object:
    return [result[name].tobytes() for name in result.columns], result.aggregate


def each(function: Callable[..., Any], *texts: Sequence[Any]) -> list[Any]:
    return [function(*row) for row in zip(*texts, strict=False)]


def nltk(prediction: str, references: list[str]) -> object:
    tokens, others = prediction.split(), [reference.split() for reference in references]
    smoothing = bleu_score.SmoothingFunction().method1
    return (
        bleu_score.sentence_bleu(others, tokens, smoothing_function=smoothing),
        gleu_score.corpus_gleu([others], [tokens]),
        chrf_score.sentence_chrf(references[0], prediction),
    )


# Each makes something of the objects above that two threads can compare.
WORKS: dict[str, Callable[[], Any]] = {
    "score": lambda: bits(SCORER.score(PREDICTIONS, REFERENCES)),
    "score iterators": lambda: bits(SCORER.score(iter(PREDICTIONS), iter(REFERENCES))),
    "score prepared references": lambda: bits(SCORER.score(PREDICTIONS, PREPARED)),
    "score with functions": lambda: bits(OWN.score(PREDICTIONS, REFERENCES)),
    "score pairs": lambda: each(SCORER.score_pair, PREDICTIONS, REFERENCES),
    "score tokens": lambda: WORD_SCORER.score_pair([1, "a", 2.5, None], ["a", 1.0, None], tokens=True),
    "score groups": lambda: SCORER.aggregate(PREDICTIONS, REFERENCES, by=[len(text) % 3 for text in PREDICTIONS]),
    "score all pairs": lambda: {name: values.tobytes() for name, values in SCORER.pairwise(SOME, OTHERS).items()},
    "add aggregates": lambda: (WHOLE + WHOLE, (WHOLE + WHOLE).corpus),
    "pickle": lambda: pickle.loads(pickle.dumps((SCORER, WHOLE, PREPARED is not None))),
    "bootstrap": lambda: MEASURED.bootstrap(samples=20, seed=3),
    "fit": lambda: tg.Scorer("nist").fit(REFERENCES).aggregate(PREDICTIONS, REFERENCES),
    "transform": lambda: [
        functools.reduce(lambda made, transform: transform(made), TRANSFORMS, text) for text in PREDICTIONS
    ],
    "trace": lambda: each(UNESCAPE.traced, PREDICTIONS),
    "explain": lambda: [EXPLAINER.explain(*pair).to_dict() for pair in zip(SOME[:5], REFERENCES, strict=False)],
    "match": lambda: each(tg.exact_match, PREDICTIONS, REFERENCES),
    "align": lambda: [tg.align(*pair).chunks for pair in zip(SOME, OTHERS, strict=True)],
    "count errors": lambda: tg.error_counts(SOME, OTHERS).substitutions,
    "rouge-score": lambda: each(ROUGE_SCORER.score, SOME, OTHERS),
    "sacrebleu": lambda: str(BLEU.corpus_score(SOME, [OTHERS])),
    "jiwer": lambda: [vars(jiwer.process_words(*pair)) for pair in zip(SOME, OTHERS, strict=True)],
    "rouge": lambda: rouge.Rouge().get_scores("the cat sat", "a cat sat"),
    "nltk": lambda: each(nltk, SOME, REFERENCES),
    "mmlu": lambda: [item.prediction for item in mmlu.score(CHOICES).items],
    "gsm8k": lambda: [item.prediction for item in gsm8k.score(NUMBERS).items],
    "math": lambda: [item.correct for item in math.score(FORMULAS).items],
}


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each work gives in a thread of its own, all let go at the same moment."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_the_gil_stays_off() -> None:
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        pytest.skip("this interpreter has a GIL")
    assert not sys._is_gil_enabled()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", WORKS)
def test_the_same_work_in_all_threads(name: str) -> None:
    work = WORKS[name]
    expected = work()
    for found in at_once(*[lambda: [work() for _ in range(3)]] * THREADS):
        assert found == [expected] * 3


def test_all_works_in_all_threads() -> None:
    expected = {name: work() for name, work in WORKS.items()}

    def run(seed: int) -> dict[str, Any]:
        return {name: WORKS[name]() for name in random.Random(seed).sample(sorted(WORKS), len(WORKS))}

    for found in at_once(*(functools.partial(run, seed) for seed in range(THREADS))):
        for name, result in found.items():
            assert result == expected[name], name


def test_the_first_use_of_everything_by_all_threads_at_once() -> None:
    # In a process of its own: what is loaded, compiled and kept at the first use is kept for good.
    script = f"""
        import sys
        import threading
        from concurrent.futures import ThreadPoolExecutor
        import textgauge as tg

        start = threading.Barrier({THREADS})

        def work(_):
            start.wait()
            from textgauge.benchmarks import mmlu
            from textgauge.compat import jiwer
            from textgauge.compat.sacrebleu import metrics
            return (
                [getattr(tg, name) for name in tg.__all__],
                tg.explain("the cat", "a cat sat", metrics=["rouge2", "bleu"]).to_dict(),
                tg.transforms.RemovePunctuation()("a, b."),
                tg.Scorer(tg.Bleu(tokenizer="intl", transforms=["WhisperBasic"])).score_pair("a b", "a c"),
                [info.name for info in tg.list_metrics()],
                mmlu.score([{{"subject": "anatomy", "target": "B", "prediction": "B."}}]).micro.accuracy,
                jiwer.process_words("a b", "a c").alignments,
                metrics.BLEU(tokenize="zh", effective_order=True).sentence_score("a b c d", ["a b c d"]).score,
            )

        with ThreadPoolExecutor({THREADS}) as pool:
            first, *others = pool.map(work, range({THREADS}))
        print(all(other == first for other in others))
        """
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr


def test_lists_that_change_while_they_are_read() -> None:
    # Whatever is read of a row, at whatever moment: its words are those of the prediction.
    predictions = ["a b c naïve"] * 300
    references = [["c a b naïve"] * 20 for _ in predictions]
    scored = threading.Event()

    def change() -> None:
        for number in itertools.count():
            if scored.is_set():
                return
            row = references[number % len(references)]
            # Never empty, now longer, now shorter; texts that no one else holds.
            row[1 + number % 19 :] = [" ".join(["naïve", "b", "a", "c"])] * (number % 20)

    def score() -> set[float]:
        seen: set[float] = set()
        for _ in range(6):
            seen |= {*WORD_SCORER.score(predictions, references)["rouge1.f"]}
            seen |= {WORD_SCORER.score_pair(predictions[0], row)["rouge1.f"] for row in references}
        return seen

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        try:
            found = at_once(*[score] * 3)
        finally:
            scored.set()
        changing.result()
    assert found == [{1.0}] * 3


class OneCapsule:
    """A column whose export is the same each time, so that one reader alone can have it."""

    def __init__(self, export: str, made: object) -> None:
        setattr(self, export, lambda requested_schema=None: made)  # noqa: ARG005 - Arrow passes it


@pytest.mark.parametrize("export", ["__arrow_c_stream__", "__arrow_c_array__"])
def test_one_export_for_all_threads(export: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    texts = pyarrow.chunked_array([["a b", "c"]]) if export == "__arrow_c_stream__" else pyarrow.array(["a b", "c"])
    scorer = tg.Scorer("rouge1", threads=1)

    columns = [OneCapsule(export, getattr(texts, export)()) for _ in range(50)]

    def score(column: OneCapsule) -> str:
        try:
            return str(scorer.score(column, ["a b", "c"])["rouge1.f"])
        except tg.InputTypeError as error:
            return str(error)

    everywhere = at_once(*[lambda: [score(column) for column in columns]] * THREADS)
    for found in zip(*everywhere, strict=True):
        assert found.count("[1. 1.]") == 1, found
        assert sum("something else has read already" in each for each in found) == THREADS - 1, found


def test_patches_of_all_threads_are_all_undone() -> None:
    def loaded() -> dict[str, Any]:
        return {name: module for name, module in sys.modules.items() if name.partition(".")[0] in ("rouge", "jiwer")}

    def work() -> None:
        for _ in range(20):
            with tg.patch("rouge", "jiwer"):
                pass

    with tg.patch("rouge", "jiwer"):
        pass
    before, finders = loaded(), list(sys.meta_path)
    at_once(*[work] * THREADS)
    assert loaded() == before
    assert sys.meta_path == finders
