"""What comparing short answers costs: `just bench`."""

import random

import pytest

import textgauge as tg

WORDS = (
    "the",
    "a",
    "Paris",
    "December",
    "1972",
    "of",
    "in",
    "United",
    "States",
    "blue",
    "one",
    "season,",
    "Bobby",
    "Scott",
)

METRICS = {
    "exact_match": tg.ExactMatch(),
    "exact_match, all ignored": tg.ExactMatch(ignore_case=True, ignore_punctuation=True, ignore_numbers=True),
    "exact_match, regexes": tg.ExactMatch(regexes_to_ignore=[r"\.$", ","]),
    "squad": tg.Squad(),
    "mlqa, de": tg.Mlqa(language="de"),
    "triviaqa": tg.Triviaqa(),
    **{f"helm {name}": tg.Helm(name) for name in tg.Helm().names},
    "all of HELM": tg.Helm(),
}


@pytest.fixture(scope="session")
def answers():
    """Predictions and references of one to five words; a third of them agree."""
    rng = random.Random(0)
    references = [
        [" ".join(rng.choices(WORDS, k=rng.randint(1, 5))) for _ in range(1 + row % 2)] for row in range(5000)
    ]
    return [rng.choice((texts[0], texts[0].lower(), *rng.choices(WORDS, k=4))) for texts in references], references


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@pytest.mark.benchmark(group="5000 short answers")
def test_metric(benchmark, answers, metric):
    scorer = tg.Scorer(metric, threads=1)
    assert len(benchmark(scorer.score, *answers)) == 5000
