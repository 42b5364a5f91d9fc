"""lm-evaluation-harness: its metrics, and its tasks that use a scorer of texts."""

import importlib

import numpy as np
from lm_eval.api import metrics
from measured import pairs_of, write_down

SUMMARIES = pairs_of("summarization/cnndm_simcls")
TRANSLATIONS = pairs_of("mt/wmt22.en-de.PROMT")
ANSWERS = pairs_of("qa/evouna_NQ")
ENGLISH = pairs_of("mt/wmt22.de-en.PROMT", 60)


def of_task(name):
    """The functions of a task."""
    return importlib.import_module(f"lm_eval.tasks.{name}")


def seeded(call):
    """The result of a call that draws numbers: rouge-score's bootstrap, of one text too."""
    np.random.seed(0)
    return call()


def of_each_answer(task):
    """What a task says of each answer, beside one that is right and one that is wrong."""
    return [
        task.process_results_gen({"correct_answers": [right], "incorrect_answers": [wrong]}, [answer])
        for (right, answer), (wrong, _) in zip(ENGLISH, reversed(ENGLISH), strict=True)
    ]


for name in ("bleu", "chrf", "chrfpp", "ter"):
    write_down(f"metrics.{name}", len(TRANSLATIONS), lambda name=name: getattr(metrics, name)(TRANSLATIONS))

answers = {"predictions": [answer for _, answer in ANSWERS], "references": [right for right, _ in ANSWERS]}
write_down("metrics.exact_match_fn", len(ANSWERS), lambda: metrics.exact_match_fn(**answers, ignore_case=True))

for name in ("truthfulqa.utils", "truthfulqa-multi.utils"):
    task = of_task(name)
    write_down(name, len(ENGLISH), lambda task=task: seeded(lambda: of_each_answer(task)))

task = of_task("noreval.nortruthfulqa.generation.utils")
write_down(
    "noreval.nortruthfulqa",
    len(ENGLISH),
    lambda: seeded(
        lambda: [(task.rouge([right], [answer]), task.bleu([[right]], [answer])) for right, answer in ENGLISH]
    ),
)

task = of_task("cnn_dailymail.utils")
write_down(
    "cnn_dailymail.utils",
    len(SUMMARIES),
    lambda: task.calculate_rouge_scores([answer for _, answer in SUMMARIES], [right for right, _ in SUMMARIES]),
)

task = of_task("infinitebench.utils")
write_down(
    "infinitebench.utils",
    len(SUMMARIES),
    lambda: [task.process_results_rouge({"answer": [right]}, [answer]) for right, answer in SUMMARIES],
)

task = of_task("longbench.metrics")
write_down(
    "longbench.metrics",
    len(SUMMARIES),
    lambda: [task.get_rouge_score({"answers": [right]}, [answer]) for right, answer in SUMMARIES],
)

CHINESE = pairs_of("mt/wmt22.en-zh.GTCOM")
write_down(
    "longbench.metrics, Chinese",
    len(CHINESE),
    lambda: [task.get_rouge_zh_score({"answers": [right]}, [answer]) for right, answer in CHINESE],
)

task = of_task("nerel-bench.utils")
RUSSIAN = pairs_of("mt/wmt22.en-ru.Online-G")
write_down(
    "nerel-bench.utils",
    len(RUSSIAN),
    lambda: task.chrf([answer for _, answer in RUSSIAN], [right for right, _ in RUSSIAN]),
)

task = of_task("japanese_leaderboard.ja_leaderboard_xlsum")
JAPANESE = pairs_of("mt/wmt22.en-ja.Online-B")
write_down(
    "japanese_leaderboard",
    len(JAPANESE),
    lambda: seeded(lambda: task.rouge2_agg(JAPANESE)),
)
