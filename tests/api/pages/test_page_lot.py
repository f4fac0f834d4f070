"""The screen of one lot: it says what the server says, gaps are hatched, decisions are taken and seen elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Open = Callable[[str], Page]
WARM, GAP = "(01)09521003003504(10)CL-0505-1", "(01)09521003003504(21)3101"
MAKER = "https://id.gs1.org/417/9521011000007"
GTIN = "https://id.gs1.org/01/09521011001011"
MARKUP = '<img src=x onerror="window.hacked=1">'


@pytest.fixture
def lot(page: Page, demo: Any) -> Open:
    def opened(item: str) -> Page:
        page.goto(f"{demo.url}/lot?item={quote(item, safe='')}")
        page.wait_for_selector("main[aria-busy=false]", timeout=30_000)
        return page

    return opened


def _asked(demo: Any, item: str) -> Any:
    return demo.get(f"/quality/lot/{quote(item, safe='')}")


def _table(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True).locator("tbody tr")


def _stroke(of: Locator) -> tuple[str, str]:
    drawn: list[str] = of.evaluate("e => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray]")
    return drawn[0], drawn[1]


def test_the_screen_says_what_the_server_says(lot: Open, demo: Any) -> None:
    page, data = lot(WARM), _asked(demo, WARM)
    expect(page.locator("h1")).to_have_text("Spring mix, 500 g clamshell, lot CL-0505-1")
    expect(page.locator(".decision .state-word")).to_have_text("no decision")
    final = f"{data['record']['final']} of {data['record']['events']} events final on the chain"
    expect(page.locator(".facts")).to_contain_text(final)
    expect(page.locator(".facts")).to_contain_text(f"known for {int(100 * data['data_quality']['known'])} %")

    signals = page.locator(".signals > li")
    assert signals.locator(".chip").all_inner_texts() == [one["severity"] for one in data["signals"]]
    for number, one in enumerate(data["signals"]):
        expect(signals.nth(number).locator("b")).to_have_text(one["message"][0].upper() + one["message"][1:])

    parents = _table(page, "Made of")
    expect(parents).to_have_count(len(data["genealogy"]["parents"]))
    for number, one in enumerate(data["genealogy"]["parents"]):
        expect(parents.nth(number)).to_contain_text(f"{100 * one['share']:.1f} %")
    expect(_table(page, "Laboratory results")).to_have_count(len(data["results"]))
    judged = _table(page, "Laboratory results").first
    expect(judged).to_contain_text("beyond, but within its uncertainty")
    expect(judged.locator("code")).to_have_attribute(
        "title", f"SHA-256 of the signed document: {data['results'][0]['certificate']}"
    )
    censored = sum(one["value"] is None for one in data["results"])
    expect(_table(page, "Laboratory results").filter(has_text="<")).to_have_count(censored)
    expect(page.locator(".bar.censored")).to_have_count(censored)
    expect(_table(page, "Capability")).to_have_count(len(data["capability"]))
    expect(_table(page, "Inspections")).to_have_count(len(data["inspections"]))
    page.get_by_role("link", name="Trace it").click()
    expect(page.locator("h1")).to_have_text("Spring mix, 500 g clamshell, lot CL-0505-1")
    page.get_by_role("link", name="on one screen").click()
    expect(page.locator(".decision")).to_be_visible()


def test_gaps_are_hatched(lot: Open, demo: Any) -> None:
    page, data = lot(GAP), _asked(demo, GAP)
    gaps = page.locator("rect.gap")
    expect(gaps).to_have_count(sum(len(one["gaps"]) for one in data["cold_chain"]))
    fill = gaps.first.get_attribute("fill") or ""
    assert fill.startswith("url(#hatch")
    assert page.locator(f"pattern{fill[4:-1]} line.hatch").count() == 1
    widest = max(gaps.all(), key=lambda gap: gap.bounding_box()["width"])  # type: ignore[index]
    expect(widest.locator("title")).to_contain_text("nobody knows: no reading for")
    expect(page.locator("figcaption").first).to_contain_text("unknown for")
    expect(page.locator(".facts")).to_contain_text("set aside: gaps 1")


def test_specification_and_control_limits_look_different(lot: Open, demo: Any) -> None:
    page, data = lot(WARM), _asked(demo, WARM)
    chart = page.locator(".controlled", has_text="fill weight").first.locator("svg").first
    (told,) = [one for one in data["charts"] if one["characteristic"] == "fill_weight"]
    expect(chart.locator(".dot")).to_have_count(len(told["points"]))
    expect(chart.locator(".dot.signal")).to_have_count(sum(bool(point["signals"]) for point in told["points"]))
    expect(chart.locator("line.level.specification")).to_have_count(2)
    expect(chart.locator("path.control")).to_have_count(3)
    specification = _stroke(chart.locator("line.level.specification").first)
    control = _stroke(chart.locator("path.control.upper"))
    assert specification[0] != control[0]
    assert (specification[1], control[1]) == ("none", "5px, 3px")
    for name in ("spec max", "UCL", "LCL", "spec min"):
        expect(chart.locator("text.level", has_text=name)).to_have_count(1)


def test_a_hold_placed_here_is_seen_in_the_trace_and_released(lot: Open, demo: Any) -> None:
    body = {"uri": MAKER, "name": f"Evil {MARKUP}", "company_prefixes": ["9521011"], "policy": "open"}
    demo.post("/organisations", expected=201, json=body)
    event = {
        "type": "TransformationEvent",
        "eventTime": "2026-06-01T05:12:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizStep": "creating_class_instance",
        "inputQuantityList": [{"epcClass": f"{GTIN}/10/RAW", "quantity": 5, "uom": "KGM"}],
        "outputEPCList": [f"{GTIN}/21/MADE"],
    }
    demo.capture(event, organisation=MAKER)
    page = lot("(01)09521011001011(10)RAW")
    expect(page.locator(".facts")).to_contain_text(f"Evil {MARKUP}")
    page.locator("summary", has_text="Put on hold").click()
    page.get_by_label("Why").fill(f"too warm {MARKUP}")
    page.get_by_label("Cause").select_option("cooling")
    page.get_by_role("button", name="Put on hold").click()
    expect(page.locator(".decision.hold")).to_contain_text(f"too warm {MARKUP}")
    assert demo.get("/quality/holds?live=true")["holds"][0]["cause_code"] == "cooling"

    page.goto(f"{demo.url}/?item=(01)09521011001011(21)MADE")
    expect(page.locator(".alerts .held")).to_contain_text(f"too warm {MARKUP}")
    expect(page.locator(".badge.stopped")).to_have_count(2)
    page.locator(".alerts .held a").click()
    page.locator("summary", has_text="Release").click()
    page.get_by_label("Why it may go on").fill("measured again")
    page.get_by_role("button", name="Release").click()
    expect(page.locator(".decision.released")).to_contain_text("measured again")
    assert demo.get(f"/quality/holds?live=true&item={quote(f'{GTIN}/10/RAW', safe='')}")["holds"] == []
    assert page.locator("main img, main script, main [onerror]").count() == 0
    assert page.evaluate("window.hacked") is None


def test_its_report_is_a_link(lot: Open) -> None:
    page = lot(GAP)
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("link", name="Report as PDF, English").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_an_item_that_nobody_named_and_none_at_all(lot: Open, page: Page, demo: Any) -> None:
    expect(lot("(01)09506000134352(21)12345").locator("h1")).to_have_text("Nothing is recorded about this here")
    page.goto(f"{demo.url}/lot")
    expect(page.locator("a.card")).to_have_count(len(demo.get("/pages/start.json")["showcase"]))
    expect(page.get_by_role("navigation", name="Screens").locator("[aria-current=page]")).to_have_text("Lot")
    page.locator("#item").fill(WARM)
    page.get_by_role("button", name="Show lot").click()
    expect(page.locator("h1")).to_contain_text("lot CL-0505-1")


@pytest.mark.parametrize("width", [390, 1280, 1720])
def test_nothing_is_wider_than_the_screen(page: Page, demo: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in (f"/lot?item={quote(GAP)}", "/spc?characteristic=fill_weight", "/incidents"):
        page.goto(demo.url + path)
        page.wait_for_selector("main[aria-busy=false]", timeout=30_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
