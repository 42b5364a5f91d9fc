"""The page of a report: what is in it, and that no text gets out of its place. The browser's part: tests/browser."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import textgauge as tg
from textgauge.explanations import Explainer
from textgauge.reports import gather
from textgauge.stats.comparison import adjust

WORDS = ("the", "old", "cat", "sat", "on", "a", "mat", "while", "it", "was", "very", "cold", "outside", "today")
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "<!-- --> ]]> & &amp; \u2028 \u2029",
    "turned \u202egnorw\u202c",
    "lone \ud800 surrogate",
    "nul \x00 and bell \x07",
    "w" * 5000,
    "{{ title }} {% raw %}",
]


class Page(HTMLParser):
    """A page taken to pieces: scripts, elements, text."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: dict[str, str] = {}
        self.run: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._script: str | None = None
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)
        self.data: Any = json.loads(self.scripts["data"])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "script":
            self._script = given.get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.text += data
        elif self._script:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        else:
            self.run.append(data)

    def unpacked(self, name: str) -> bytes:
        return gzip.decompress(base64.b64decode(self.scripts[f"packed-{name}"]))

    def texts(self, number: int = 0) -> Any:
        return json.loads(self.unpacked(f"texts-{number}"))

    def explanations(self, number: int = 0) -> Any:
        return json.loads(self.unpacked(f"explanations-{number}"))

    def scores(self, system: int, at: int) -> np.ndarray:
        return np.frombuffer(self.unpacked(f"scores-{system}-{at}"), "<f4")

    def attribute(self, tag: str, name: str, **having: str) -> str | None:
        found = (attributes for each, attributes in self.tags if each == tag and having.items() <= attributes.items())
        return next(found)[name]


def texts(count: int, wrong: int, seed: int) -> list[str]:
    """Texts with every so manieth word replaced."""
    made = []
    for row in range(count):
        words = (WORDS * 2)[row % len(WORDS) :][: 6 + row % 5]
        made.append(" ".join("x" if (row + at + seed) % wrong == 0 else word for at, word in enumerate(words)))
    return made


COUNT = 60
REFERENCES = texts(COUNT, 10**6, 0)
SYSTEMS = {"base": texts(COUNT, 3, 0), "new": texts(COUNT, 7, 1), "worse": texts(COUNT, 2, 0)}
TASKS = [("sums", "names", "dates")[row % 3] for row in range(COUNT)]
METRICS = ("rouge1", "bleu", "wer")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    out = tmp_path_factory.mktemp("report") / "report.html"
    made = tg.report(
        SYSTEMS,
        REFERENCES,
        out=out,
        metrics=METRICS,
        by=TASKS,
        by_name="task",
        ids=[f"row-{row}" for row in range(COUNT)],
        title="Three systems",
        made_from={"files": "a.jsonl"},
    )
    assert made.path == out
    return Page(out)


def report_of(tmp_path: Path, *given: Any, **options: Any) -> Page:
    return Page(tg.report(*given, out=tmp_path / "report.html", **options).path)


def test_sections(page: Page) -> None:
    ids = {attributes.get("id") for tag, attributes in page.tags if tag == "section"}
    assert ids == {"scores", "by-group", "spread", "all-rows", "errors", "texts", "making"}
    for text in ("Three systems", "60 rows, 3 systems, 3 metrics, 3 groups by task", "a.jsonl", tg.__version__):
        assert text in page.text
    for signature in tg.Scorer(METRICS).signatures.values():
        assert signature in page.text


def test_heads_and_landmarks(page: Page) -> None:
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == names.count("main") == names.count("nav") == 1
    assert page.attribute("html", "lang") == "en"
    assert page.attribute("p", "aria-live", id="count") == "polite"
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")


def test_scores_of_rows_are_the_scorers(page: Page) -> None:
    for number, predictions in enumerate(SYSTEMS.values()):
        result = tg.Scorer(METRICS).score(predictions, REFERENCES)
        for at, column in enumerate(("rouge1.f", "bleu", "wer")):
            assert page.scores(number, at).tolist() == result[column].astype(np.float32).tolist()
    assert [each["column"] for each in page.data["rowOutputs"]] == ["rouge1.f", "bleu", "wer", gather.LENGTH_RATIO]


def test_the_table_has_scores_intervals_and_verdicts(page: Page) -> None:
    scorer = tg.Scorer(METRICS)
    comparison = tg.compare({name: scorer.measure(each, REFERENCES) for name, each in SYSTEMS.items()})
    for difference in comparison:
        digits = ".2f" if difference.column == "bleu" else ".4f"
        low, high = difference.system_score.low, difference.system_score.high
        assert f"[{low:{digits}}, {high:{digits}}]" in page.text
        assert f"p = {difference.adjusted_p_value:.4f}" in page.text
    assert page.text.count("▲ better") == sum(each.verdict == "better" for each in comparison)
    assert page.text.count("▼ worse") == sum(each.verdict == "worse" for each in comparison)
    assert "| system | rouge1 | bleu | wer |" in page.text
    assert r"\begin{tabular}{lrrr}" in page.text


def test_groups(page: Page) -> None:
    groups = page.data["groups"]
    assert (groups["names"], groups["sizes"]) == (["sums", "names", "dates"], [20, 20, 20])
    assert np.frombuffer(page.unpacked("groups"), "<u4").tolist() == [row % 3 for row in range(COUNT)]
    scorer = tg.Scorer(METRICS)
    measured = {name: scorer.measure(each, REFERENCES) for name, each in SYSTEMS.items()}
    compared = []
    for code in range(3):
        parts = {name: each.select(range(code, COUNT, 3)) for name, each in measured.items()}
        compared.append(tg.compare(parts, samples=1000))
        assert groups["scores"][1][0][code] == pytest.approx(parts["new"].corpus["rouge1.f"], rel=1e-5)
    for code, comparison in enumerate(adjust(compared)):
        new = [each for each in comparison if each.system == "new"]
        assert groups["evidence"][str(code)][0] == [[round(each.adjusted_p_value, 6), each.verdict] for each in new]


def test_errors_are_those_of_the_metric(page: Page) -> None:
    counts = tg.error_counts(SYSTEMS["base"], REFERENCES)
    [((was, now), count), *_] = counts.substitutions.items()
    assert re.search(rf"{was} → {now}\s*{count}\s", page.text)


def test_rows(page: Page) -> None:
    block = page.texts()
    assert block["ids"][7] == "row-7"
    assert block["references"] == [[text] for text in REFERENCES]
    assert block["predictions"] == list(SYSTEMS.values())


def test_explanations_of_rows(page: Page) -> None:
    """The sums of each pair, the references, what is matched; n-grams and most scores follow from these."""
    explainer = Explainer(METRICS)
    rows = page.explanations()
    assert len(rows) == COUNT
    for row in (0, 7, 59):
        for number, predictions in enumerate(SYSTEMS.values()):
            scores, sums, best, readings = explainer.explain(predictions[row], REFERENCES[row]).compact()
            for reading in readings:
                for reference in reading["references"]:
                    reference.pop("ngrams", None)
            kept = [scores[explainer.scorer.columns.index(name)] for name in kept_columns(page)]
            assert rows[row][number] == [kept, sums, best, readings]
    assert page.data["explained"]["metrics"] == explainer.layout()["metrics"]


def kept_columns(page: Page) -> list[str]:
    """The columns of those scores that the page is told, because no step makes them."""
    metrics = page.data["explained"]["metrics"]
    names = []
    for number, part in page.data["explained"]["kept"]:
        metric = metrics[number]
        assert part not in {step["result"] for step in metric["steps"]}
        names.append(metric["columns"][metric["parts"].index(part)])
    return names


def test_nothing_but_its_own_scripts_may_run(page: Page) -> None:
    policy = page.attribute("meta", "content", **{"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    scripts = [*page.run, page.unpacked("charts").decode()]
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    assert re.findall(r"'sha256-([^']+)'", policy) == hashes
    assert not [attributes for _, attributes in page.tags if any(name.startswith("on") for name in attributes)]


def test_no_network(page: Page) -> None:
    for _, attributes in page.tags:
        for name in ("src", "href", "action", "data", "poster"):
            link = attributes.get(name)
            assert link is None or link.startswith(("#", "data:,"))
    assert "url(" not in page.source
    assert "@import" not in page.source


def test_size_beside_the_rows(page: Page) -> None:
    assert len(page.source) < 3e6


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    plain = report_of(tmp_path, {"a": ["x"] * 8, "b": ["x"] * 8}, ["y"] * 8, by=list("abcdefgh"), made_from={"x": "y"})
    page = report_of(
        tmp_path,
        {"<b>a</b>": HOSTILE, "</script>": HOSTILE[::-1]},
        [[text, "x"] for text in HOSTILE],
        by=HOSTILE,
        by_name="<i>by</i>",
        ids=HOSTILE,
        title="<script>title</script>",
        made_from={"<u>": "</dd>"},
    )
    # The same elements as of harmless texts, but for those rows that hold what was found, and where names may break.
    loose = {"tr", "td", "li", "bdi", "th", "script", "wbr"}
    for kind in {tag for tag, _ in page.tags} - loose:
        assert sum(tag == kind for tag, _ in page.tags) == sum(tag == kind for tag, _ in plain.tags), kind
    assert page.run == plain.run
    assert page.texts()["predictions"] == [HOSTILE, HOSTILE[::-1]]
    assert page.data["groups"]["names"] == HOSTILE
    assert page.data["systems"] == ["<b>a</b>", "</script>"]


def test_a_line_of_a_million_letters(tmp_path: Path) -> None:
    long = "ab " * 333_334
    page = report_of(tmp_path, [long, "b"], ["ab", long], metrics="rouge1")
    assert page.texts()["predictions"] == [[long, "b"]]
    assert page.explanations() == [[None], [None]]


def test_one_system_has_no_comparison(tmp_path: Path) -> None:
    page = report_of(tmp_path, SYSTEMS["base"], REFERENCES, metrics="chrf", by=TASKS)
    interval = tg.Scorer("chrf").measure(SYSTEMS["base"], REFERENCES).bootstrap()["chrf"]
    assert f"[{interval.low:.2f}, {interval.high:.2f}]" in page.text
    assert "System against system" not in page.text
    assert page.data["groups"]["evidence"] == {}


def test_of_many_rows_some_are_listed(tmp_path: Path) -> None:
    page = report_of(tmp_path, SYSTEMS, REFERENCES, rows=10, metrics="rouge1")
    rows = np.frombuffer(page.unpacked("rows"), "<u4").tolist()
    assert rows == sorted(set(rows))
    assert len(rows) == 10
    assert page.texts()["references"] == [[REFERENCES[row]] for row in rows]
    assert "10 of 60 rows, chosen at random (seed 12345)" in page.text
    corpus = tg.Scorer("rouge1").score(SYSTEMS["base"], REFERENCES).corpus["rouge1.f"]
    assert f"{corpus:.4f}" in page.text


def test_rows_in_several_blocks(tmp_path: Path) -> None:
    page = report_of(tmp_path, SYSTEMS["base"] * 20, REFERENCES * 20, metrics="rouge1")
    blocks = [page.texts(number)["references"] for number in range(3)]
    assert list(map(len, blocks)) == [500, 500, 200]
    assert [text for block in blocks for [text] in block] == REFERENCES * 20


def test_ten_thousand_groups(tmp_path: Path) -> None:
    count = 10_000
    systems = {"a": ["x y"] * count, "b": ["x z"] * count}
    page = report_of(tmp_path, systems, ["x y z"] * count, by=list(range(count)), metrics="rouge1")
    assert len(page.data["groups"]["names"]) == count
    assert len(page.data["groups"]["evidence"]) == gather.MOST_TESTS
    assert "of the 100 largest groups" in re.sub(r"\s+", " ", page.text)


def test_many_groups_can_have_evidence(tmp_path: Path) -> None:
    """With too few samples no p-value could be small enough after it is adjusted."""
    groups = [row // 20 for row in range(1200)]
    systems = {"a": ["x y"] * 1200, "b": ["x y z", "x y"] * 600}
    page = report_of(tmp_path, systems, ["x y z", "x y w"] * 600, by=groups, metrics="rouge1", samples=50)
    verdicts = {verdict for [[(_, verdict)]] in page.data["groups"]["evidence"].values()}
    assert verdicts == {"better"}


def test_missing_texts(tmp_path: Path) -> None:
    with pytest.raises(tg.InputError, match="row 1") as caught:
        report_of(tmp_path, ["a", None], ["a", "b"])
    assert caught.value.row == 1
    page = report_of(tmp_path, ["a", None], ["a", "b"], nulls="empty")
    assert page.texts()["predictions"] == [["a", None]]
    page = report_of(tmp_path, ["a", "b"], [["a", None], ["b"]], nulls="drop")
    assert page.texts()["references"] == [["a"], ["b"]]


def test_warnings_of_the_checks(tmp_path: Path) -> None:
    page = report_of(tmp_path, {"mine": ["公司亏损严重"] * 30}, ["公司亏损严重"] * 30, metrics="rouge1")
    assert "Warnings about mine" in page.text
    assert "half of the words or more lose letters" in page.text


def test_metrics_that_read_all_references_first(tmp_path: Path) -> None:
    page = report_of(tmp_path, SYSTEMS, REFERENCES, metrics=["nist"])
    assert page.data["outputs"][0]["column"] == "nist"


@pytest.mark.parametrize(
    ("given", "options", "code", "problem"),
    [
        (({}, ["a"]), {}, "bad-option", "no systems"),
        (({"a": ["a", "b"]}, ["a"]), {}, "unequal-lengths", "predictions of a: 2 rows, but references: 1"),
        ((["a"], ["a"]), {"by": []}, "unequal-lengths", "by: 0 rows, but references: 1"),
        ((["a"], ["a"]), {"ids": [1, 2]}, "unequal-lengths", "ids: 2 rows, but references: 1"),
        (([], []), {}, "no-row", "no rows"),
        ((["a"], ["a"]), {"rows": 0}, "bad-option", "rows is 0"),
        ((["a"], ["a"]), {"nulls": "propagate"}, "bad-null-policy", "'propagate'"),
        ((["a"], ["a"]), {"metrics": "rouge"}, "unknown-metric", "rouge"),
        ((["a"], ["a"]), {"confidence": 2}, "bad-option", "confidence is 2"),
    ],
)
def test_what_cannot_be(tmp_path: Path, given: Any, options: Any, code: str, problem: str) -> None:
    out = tmp_path / "report.html"
    out.write_text("before")
    with pytest.raises(tg.Error, match=problem) as caught:
        tg.report(*given, out=out, **options)
    assert caught.value.code == code
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


@pytest.mark.parametrize("package", ["jinja2", "vl_convert"])
def test_a_package_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(tg.ConfigError, match=rf"needs {package}.*textgauge\[report\]") as caught:
        report_of(tmp_path, ["a"], ["a"])
    assert caught.value.code == "missing-package"


def test_what_a_report_looks_like(tmp_path: Path) -> None:
    made = tg.report(["a"], ["a"], out=tmp_path / "a<b.html", metrics="rouge1")
    assert repr(made) == f"Report({str(tmp_path / 'a<b.html')!r})"
    assert Path(made) == tmp_path / "a<b.html"
    assert "a&lt;b.html" in made._repr_html_()


def test_charts_are_specifications(page: Page) -> None:
    """Vega-Lite compiles them, with their placeholders filled."""
    import vl_convert

    given = {"bins": [{"from": 0, "rows": 1, "system": "a"}], "x": "a", "y": "b", "heat": "red", "quiet": "gray"}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        if isinstance(value, str) and value.startswith("$"):
            return given.get(value[1:], [])
        return value

    assert set(page.data["charts"]) == {"histogram", "scatter"}
    for spec in page.data["charts"].values():
        assert vl_convert.vegalite_to_vega(filled({key: each for key, each in spec.items() if key != "$schema"}))
