"""What a reader does with a report: look, sort, choose, search, open, copy, by mouse and by keys."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect
from sample import COUNT, METRICS, REFERENCES, SYSTEMS

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

RESULTS = {name: tg.Scorer(METRICS).score(predictions, REFERENCES) for name, predictions in SYSTEMS.items()}


def control(page: Any, label: str) -> Any:
    """A choice of the rows' controls."""
    return page.locator("#row-controls").get_by_label(label, exact=True)


def first_row(page: Any) -> int:
    name = page.locator("#item-0 .name").inner_text()
    return int(re.match(r"row (\d+)", name)[1])


def see_everything(page: Any) -> None:
    """Scrolls through the page, so that all charts are drawn."""
    for chart in page.locator(".drawing").all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator("canvas")).to_be_attached()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_screen(opened: Any, report: Path, width: int, scheme: str) -> None:
    page = opened(report, width, scheme)
    see_everything(page)
    page.locator(".item").first.click()
    expect(page.locator("#view")).to_be_visible()
    for place in ("document.documentElement", "document.getElementById('pair')"):
        assert page.evaluate(f"{place}.scrollWidth <= {place}.clientWidth + 1")
    assert page.screenshot(full_page=True)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(opened: Any, report: Path, scheme: str) -> None:
    """Text can be read: at least 4.5 to 1 (WCAG 2.2, level AA)."""
    page = opened(report, 1280, scheme)
    page.locator(".item").first.click()
    page.locator("#view").select_option(label="wer: edits")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for selector in ("p.quiet", "small", ".verdict.better", ".verdict.worse", "nav a", "del", "ins", "mark"):
        if selector == "mark":
            page.locator("#view").select_option(label="rouge1: 1-grams")
        style = page.locator(selector).first.evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        )
        behind = background if style[1] == "rgba(0, 0, 0, 0)" else style[1]
        light, dark = sorted([luminance(style[0]), luminance(behind)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (selector, style)


def test_the_button_changes_colours(opened: Any, report: Path) -> None:
    page = opened(report)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.locator("#theme").get_attribute("aria-pressed") == "true"
    see_everything(page)
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == before
    expect(page.locator(".drawing canvas")).to_have_count(6)


def test_only_rows_in_sight_are_in_the_page(opened: Any, report: Path) -> None:
    page = opened(report)
    assert page.locator(".item").count() < 40
    page.locator("#list").evaluate("list => { list.scrollTop = list.scrollHeight }")
    expect(page.locator(f"#item-{COUNT - 1}")).to_be_attached()
    assert page.locator(".item").count() < 40
    assert page.locator(f"#item-{COUNT - 1}").get_attribute("aria-setsize") == str(COUNT)


@pytest.mark.parametrize("column", ["rouge1.f", "bleu", "wer"])
def test_sorting(opened: Any, report: Path, column: str) -> None:
    page = opened(report)
    control(page, "Score").select_option(label=column.removesuffix(".f"))
    for sort, values in (
        ("a", RESULTS["base"][column]),
        ("b", RESULTS["new"][column]),
        ("difference", (RESULTS["new"][column] - RESULTS["base"][column]).astype("float32")),
    ):
        control(page, "Sort by").select_option(sort)
        control(page, "Direction").select_option("up")
        assert values[first_row(page)] == pytest.approx(min(values), rel=1e-6)
        control(page, "Direction").select_option("down")
        assert values[first_row(page)] == pytest.approx(max(values), rel=1e-6)


def test_choosing_rows(opened: Any, report: Path) -> None:
    page = opened(report)
    gains = RESULTS["new"]["rouge1.f"] - RESULTS["base"]["rouge1.f"]
    control(page, "The second is").select_option("worse")
    expect(page.locator("#count")).to_have_text(f"{(gains < 0).sum()} of 1,200 rows")
    control(page, "task").select_option(label="names")
    expect(page.locator("#count")).to_have_text(f"{(gains[1::3] < 0).sum()} of 1,200 rows")
    page.get_by_role("button", name="Remove the limit task: names").click()
    control(page, "The second is").select_option("all")
    expect(page.locator("#count")).to_have_text("1,200 rows")


def test_search(opened: Any, report: Path) -> None:
    page = opened(report)
    page.get_by_label("Find").fill("NUMBER77")
    found = sum("number77" in text for text in REFERENCES)
    expect(page.locator("#count")).to_have_text(f"{found} of 1,200 rows")
    assert first_row(page) == 77
    page.get_by_label("Find").fill("id-1199")
    expect(page.locator("#count")).to_have_text("1 of 1,200 rows")
    page.get_by_label("Find").fill("nobody wrote this")
    expect(page.locator("#count")).to_have_text("0 of 1,200 rows")
    page.get_by_label("Find").fill("")
    expect(page.locator("#count")).to_have_text("1,200 rows")


def test_an_open_row(opened: Any, report: Path) -> None:
    page = opened(report)
    page.locator("#item-3").click()
    pair = page.locator("#pair")
    expect(pair.get_by_role("heading", name="Row 3 · id-3 · sums")).to_be_visible()
    assert REFERENCES[3] in pair.inner_text()
    for name, predictions in SYSTEMS.items():
        assert predictions[3] in pair.inner_text()
        assert f"{RESULTS[name]['rouge1.f'][3]:.4f}" in pair.inner_text()
    assert page.url.endswith("#row=3")
    pair.get_by_role("button", name="Next row").click()
    expect(pair.get_by_role("heading", name="Row 4 · id-4 · names")).to_be_visible()
    pair.get_by_role("button", name="Close").click()
    expect(pair).to_be_hidden()


def test_a_link_opens_its_row(opened: Any, report: Path) -> None:
    page = opened(report, mark="#row=1000")
    expect(page.locator("#pair")).to_contain_text("Row 1000 · id-1000")
    expect(page.locator("#item-1000")).to_have_attribute("aria-selected", "true")


def test_matches_and_arithmetic_are_the_scores(opened: Any, report: Path) -> None:
    """What the page computes ends in the very scores, and marks as many tokens as the metric counts."""
    page = opened(report, mark="#row=11")
    scorer = tg.Scorer(METRICS)
    for label, column, result in (
        ("rouge1: 1-grams", "rouge1.f", "f"),
        ("rougeL: longest common subsequence", "rougeL.f", "f"),
        ("bleu: 2-grams", "bleu", "score"),
        ("wer: edits", "wer", "score"),
    ):
        page.locator("#view").select_option(label=label)
        for number, predictions in enumerate(SYSTEMS.values()):
            scores = scorer.score_pair(predictions[11], REFERENCES[11])
            part = page.locator(".systems > div").nth(number)
            last = part.locator(f".arithmetic tr:has(th:text-is('{result}')) td:last-child")
            assert float(last.inner_text()) == pytest.approx(scores[column], rel=1e-5)
            tokens = len(REFERENCES[11].split())
            if label.startswith("rouge"):
                marked = part.locator(".tokens").nth(1).locator("mark").count()
                assert marked / tokens == pytest.approx(scores[column.replace(".f", ".r")])
            if label == "wer: edits":
                assert part.locator("ins").count() == scores["wer.sub"] + scores["wer.ins"]
                assert part.locator("del").count() == scores["wer.sub"] + scores["wer.del"]


def test_keys_alone(opened: Any, report: Path) -> None:
    page = opened(report)
    page.locator("#list").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "PageDown", "Home", "ArrowDown"):
        page.keyboard.press(key)
    assert page.locator("#list").get_attribute("aria-activedescendant") == "item-1"
    page.keyboard.press("Enter")
    expect(page.locator("#pair")).to_contain_text("Row 1 ·")
    expect(page.locator("#pair")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#pair")).to_contain_text("Row 2 ·")
    page.keyboard.press("p")
    expect(page.locator("#pair")).to_contain_text("Row 1 ·")
    page.keyboard.press("Escape")
    expect(page.locator("#pair")).to_be_hidden()
    expect(page.locator("#list")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(f"#item-{COUNT - 1}")).to_be_visible()


def test_every_control_can_be_reached_by_keys(opened: Any, report: Path) -> None:
    page = opened(report)
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.slice(0, 20)"))
    assert {"theme", "list", "Copy as Markdown", "Copy as LaTeX"} <= reached


def test_copying(opened: Any, report: Path) -> None:
    page = opened(report)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for button, beginning in (
        ("Copy as Markdown", "* differs from base"),
        ("Copy as LaTeX", "% * differs from base"),
        ("Copy signatures", "rouge1  refs:best"),
    ):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()").startswith(beginning)
        expect(page.get_by_role("button", name=button, exact=True)).to_be_enabled()


def drag(page: Any, chart: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    chart.scroll_into_view_if_needed()
    box = chart.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=5)
    page.mouse.up()


def test_dragging_over_a_histogram_limits_the_rows(opened: Any, report: Path) -> None:
    page = opened(report)
    drag(page, page.locator(".chart .drawing").first, (0.3, 0.5), (0.6, 0.5))
    limit = page.locator("#chips button")
    expect(limit).to_have_text(re.compile(r"rouge1 of base: 0\.\d{4} to 0\.\d{4} ✕"))
    low, high = map(float, re.findall(r"0\.\d{4}", limit.inner_text()))
    scores = RESULTS["base"]["rouge1.f"]
    assert page.locator("#count").inner_text().startswith(f"{((scores >= low) & (scores <= high)).sum():,} of")
    limit.click()
    expect(page.locator("#count")).to_have_text("1,200 rows")


def test_dragging_over_the_scatter_limits_both_scores(opened: Any, report: Path) -> None:
    page = opened(report)
    drag(page, page.locator("#scatter .drawing"), (0.4, 0.3), (0.7, 0.7))
    expect(page.locator("#chips button")).to_have_count(2)
    expect(page.locator("#chips")).to_contain_text("rouge1 of new")


def test_a_point_of_the_scatter_opens_its_row(opened: Any, report: Path) -> None:
    page = opened(report)
    chart = page.locator("#scatter .drawing")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("canvas")).to_be_attached()
    page.wait_for_timeout(500)
    canvas = chart.locator("canvas")
    image = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB")
    # A green triangle: no other part of the chart is green, but for the legend above it.
    below_the_legend = ((x, y) for y in range(60, image.height) for x in range(image.width))
    x, y = next(at for at in below_the_legend if image.getpixel(at)[1] > image.getpixel(at)[0] + 60)
    canvas.click(position={"x": x, "y": y + 2})
    expect(page.locator("#pair")).to_contain_text("Why these scores")


def test_groups(opened: Any, report: Path) -> None:
    page = opened(report)
    heat = page.locator("#heat")
    assert heat.locator("tbody tr").count() == 3
    page.locator("#group-controls").get_by_label("Compared with base").select_option(label="worse")
    expect(page.locator("#changes")).to_contain_text("Significantly worse: ")
    assert "▼" in heat.inner_text()
    heat.get_by_role("button", name="dates").click()
    expect(page.locator("#count")).to_have_text("400 of 1,200 rows")


def test_print(opened: Any, report: Path) -> None:
    page = opened(report, scheme="dark", mark="#row=5")
    expect(page.locator("#view")).to_be_visible()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for hidden in ("nav", "#list", "#row-controls", "#theme"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("#pair")).to_be_visible()
    assert page.pdf()[:5] == b"%PDF-"


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "turned \u202egnorw\u202c",
    "lone \ud800 surrogate",
    "nul \x00 and bell \x07",
    "w" * 20_000,
    "long " * 200_000,
    "javascript:alert(1) {{ title }}",
]


def test_hostile_texts_are_only_shown(opened: Any, tmp_path: Path) -> None:
    out = tmp_path / "hostile.html"
    systems = {"<b>one</b>": HOSTILE, "</script>": HOSTILE[::-1]}
    tg.report(systems, HOSTILE, out=out, metrics=METRICS, by=HOSTILE, by_name="<i>", ids=HOSTILE, title="<img src=x>")
    page = opened(out)
    see_everything(page)
    for row in range(len(HOSTILE)):
        page.locator(f"#item-{row}").click()
        expect(page.locator("#pair h3").first).to_contain_text(f"Row {row}")
        expect(page.locator("#view")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#pair img, #pair script, #pair b, #heat img, #heat script").count() == 0
    page.get_by_label("Find").fill("surrogate")
    expect(page.locator("#count")).to_have_text("2 of 8 rows")
    page.locator("#item-0").click()
    expect(page.locator("#pair .escape").first).to_have_text("\\ud800")
    page.get_by_label("Find").fill("gnorw")
    expect(page.locator("#item-0")).to_contain_text("\\u202egnorw")


def test_ten_thousand_groups(opened: Any, tmp_path: Path) -> None:
    out, count = tmp_path / "groups.html", 10_000
    systems = {"a": ["x y"] * count, "b": ["x z"] * count}
    tg.report(systems, ["x y z"] * count, out=out, by=[f"group {row}" for row in range(count)], metrics="rouge1")
    page = opened(out)
    assert page.locator("#heat tbody tr").count() == 40
    page.locator("#more-groups").click()
    assert page.locator("#heat tbody tr").count() == 80


def test_one_system(opened: Any, tmp_path: Path) -> None:
    out = tmp_path / "one.html"
    tg.report(SYSTEMS["base"], REFERENCES, out=out, metrics=METRICS, by=[row % 4 for row in range(COUNT)])
    page = opened(out, 390)
    see_everything(page)
    assert page.locator("#heat tbody tr").count() == 4
    page.locator(".item").first.click()
    expect(page.locator("#view")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#pair")).to_be_hidden()
