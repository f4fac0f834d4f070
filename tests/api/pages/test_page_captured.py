"""What the page makes of events that somebody captured: hostile text, corrections, conflicts, and many items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Show = Callable[[str], Page]
MAKER = "https://id.gs1.org/417/9521010000008"
GTIN = "https://id.gs1.org/01/09521010001012"
MARKUP = '<img src=x onerror="window.hacked=1">'
HOSTILE_LOT = "\"><b>x</b>'&"


@pytest.fixture(scope="module")
def maker(demo: Any) -> str:
    """An organisation whose name is an attack."""
    body = {"uri": MAKER, "name": f"Evil {MARKUP}", "company_prefixes": ["9521010"], "policy": "open"}
    demo.post("/organisations", expected=201, json=body)
    return MAKER


def _event(lot: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-06-01T05:12:00Z",
        "eventTimeZoneOffset": "+05:30",
        "action": "OBSERVE",
        "bizStep": "inspecting",
        "quantityList": [{"epcClass": f"{GTIN}/10/{lot}", "quantity": 5, "uom": "KGM"}],
    } | fields


def test_hostile_text_stays_text(show: Show, demo: Any, maker: str) -> None:
    lot = quote(HOSTILE_LOT, safe="")
    private = "https://evil.example/" + quote(MARKUP, safe="")
    event = _event(lot, epcList=[private], disposition=f"https://evil.example/{quote(MARKUP, safe='')}")
    demo.capture(event | {"https://evil.example/note": MARKUP}, organisation=maker)
    row = f'2026-06-01T05:12:00Z,"(01)09521010001012(10){HOSTILE_LOT.replace(chr(34), chr(34) * 2)}",'
    table = f'time,item,characteristic,value,unit,passed,inspector\n{row}<b>weight</b>,1,KGM,no,"{MARKUP}"\n'
    table = table.replace(f'"{MARKUP}"', '"' + MARKUP.replace('"', '""') + '"')
    demo.post("/quality/inspections", expected=200, content=table, headers={"content-type": "text/csv"})

    page = show(f"(01)09521010001012(10){HOSTILE_LOT}")
    expect(page.locator("h1")).to_have_text(f"lot {HOSTILE_LOT}")
    expect(page.locator(".where")).to_contain_text(f"Evil {MARKUP}")
    expect(page.locator(".alerts .bad")).to_contain_text(f"by {MARKUP}")
    page.locator(".event details summary").first.click()
    assert page.locator("main img, main script, main b b, main [onerror]").count() == 0
    assert page.evaluate("window.hacked") is None
    show(private)
    expect(page.locator(".node.traced")).to_be_visible()
    assert page.locator("main img, main script").count() == 0


def test_corrected_and_conflicting_events_say_so(show: Show, demo: Any, maker: str) -> None:
    name, other = "urn:uuid:0f2d3c66-6c4e-4c0f-9c0e-3a2f8f5f0001", "urn:uuid:0f2d3c66-6c4e-4c0f-9c0e-3a2f8f5f0002"
    wrong = _event("WRONG", eventID=name)
    declared = wrong | {
        "errorDeclaration": {"declarationTime": "2026-06-02T05:12:00Z", "reason": "incorrect_data"},
    }
    first, second = (_event("WRONG", eventID=other, disposition=each) for each in ("active", "damaged"))
    demo.capture(wrong, first, organisation=maker)
    demo.capture(declared, second, organisation=maker)
    page = show("(01)09521010001012(10)WRONG")
    corrected = page.locator(".event.corrected")
    expect(corrected).to_have_count(1)
    expect(corrected.locator(".flag")).to_contain_text("Declared wrong by its own organisation: 0x")
    expect(corrected.locator(".step")).to_have_css("text-decoration-line", "line-through")
    expect(page.locator(".flag", has_text="same eventID with other contents")).to_have_count(2)
    expect(page.locator(".tag.bad")).to_have_text("damaged")


def test_a_trace_of_three_hundred_items_shows_within_a_second(page: Page, demo: Any, maker: str) -> None:
    serials = [f"{GTIN}/21/{number}" for number in range(300)]
    made = {
        "type": "TransformationEvent",
        "eventTime": "2026-06-01T05:12:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizStep": "creating_class_instance",
        "inputQuantityList": [{"epcClass": f"{GTIN}/10/BULK", "quantity": 5, "uom": "KGM"}],
        "outputEPCList": serials,
    }
    packed = [
        {
            "type": "AggregationEvent",
            "eventTime": "2026-06-01T06:12:00Z",
            "eventTimeZoneOffset": "+00:00",
            "action": "ADD",
            "parentID": f"https://example.com/crate/{start}",
            "childEPCs": serials[start : start + 30],
        }
        for start in range(0, 300, 30)
    ]
    demo.capture(made, *packed, organisation=maker)
    page.goto(f"{demo.url}/?item=(01)09521010001012(10)BULK")
    page.wait_for_selector(".graph")
    shown = page.evaluate(
        """() => {
            const answered = performance.getEntriesByType("resource").find((entry) => entry.name.includes("/trace/"));
            const drawn = performance.getEntriesByName("shown")[0];
            return { drawing: drawn.startTime - answered.responseEnd, whole: drawn.startTime };
        }"""
    )
    print(shown)  # noqa: T201  shown by pytest -s
    assert shown["drawing"] < 1000
    expect(page.locator(".note").first).to_contain_text("311 items and 600 links")
    expect(page.locator("button.node.many").first).to_contain_text("300 items")
