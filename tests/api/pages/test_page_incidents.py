"""Incidents on the page: they come without a reload, are acknowledged, owned and closed; silence is told honestly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
ITEM = "https://id.gs1.org/01/09521011001011/21/WATCHED"
SENSOR = "https://id.gs1.org/8004/9521011LOG1"
MARKUP = '<img src=x onerror="window.hacked=1">'


@pytest.fixture
def rule(demo: Any) -> Iterator[Callable[..., None]]:
    """Add a rule for the one item; all are removed at the end, and their incidents cleared."""
    added = list[str]()

    def add(name: str, **fields: Any) -> None:
        demo.post("/quality/rules", expected=201, json={"name": name, "item": ITEM, **fields})
        added.append(name)

    yield add
    for name in added:
        headers = {"authorization": f"Bearer {demo.token}"}
        assert httpx.delete(f"{demo.url}/quality/rules/{name}", headers=headers).status_code == 204


def _read(demo: Any, *values: float) -> None:
    """One reading a second, the last one just now."""
    times = [datetime.now(UTC) - timedelta(seconds=back) for back in reversed(range(len(values)))]
    rows = [f"{t.isoformat()},{SENSOR},{ITEM},Temperature,{v},CEL\n" for t, v in zip(times, values, strict=True)]
    table = "time,sensor,item,quantity_kind,value,unit\n" + "".join(rows)
    demo.post("/quality/readings", expected=200, content=table, headers={"content-type": "text/csv"})


def _open(page: Page, url: str) -> None:
    page.goto(f"{url}/incidents")
    page.wait_for_selector("main[aria-busy=false]")


def _card(page: Page, text: str) -> Locator:
    return page.locator("li.incident", has_text=text)


def test_from_its_opening_to_its_end_without_a_reload(page: Page, demo: Any, rule: Callable[..., None]) -> None:
    rule("hot", kind="specification", quantity_kind="Temperature", high=5, unit="CEL", severity="critical")
    _open(page, demo.url)
    expect(page.locator(".head")).to_contain_text("Live: what changes is shown as it happens.")
    expect(page.locator("h1")).to_have_text("No live incident")
    page.evaluate("window.same = true")
    _read(demo, 4, 7.4)
    card = _card(page, "rule hot")
    expect(card).to_contain_text("7.4 °C")
    expect(card.locator(".chip")).to_have_text("critical")
    expect(card.locator("time.running")).to_have_text("2 s")
    expect(page.locator("#live")).to_have_text("1")

    card.get_by_role("button", name="Acknowledge").click()
    expect(card).to_contain_text("Seen by anyone")
    card.locator("summary", has_text="Assign").click()
    card.get_by_label("Who sees to it").fill(f"Ann {MARKUP}")
    card.get_by_role("button", name="Assign").click()
    expect(card).to_contain_text(f"Ann {MARKUP} sees to it.")
    card.locator("summary", has_text="Close").click()
    card.get_by_label("Cause").select_option("door")
    card.get_by_label("What was done").fill(f"shut it {MARKUP}")
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    expect(page.locator(".over")).to_contain_text(f"door: shut it {MARKUP}")
    expect(page.locator("#live")).to_be_hidden()
    kept = demo.get("/quality/incidents?live=false")["incidents"][0]
    assert (kept["acknowledged_by"], kept["owner"], kept["cause_code"]) == ("anyone", f"Ann {MARKUP}", "door")
    assert page.locator("main img, main [onerror]").count() == 0
    assert page.evaluate("[window.same, window.hacked]") == [True, None]


def test_a_silent_sensor_is_an_incident_of_its_own(page: Page, demo: Any, rule: Callable[..., None]) -> None:
    rule("silent", kind="missing", seconds=1)
    _open(page, demo.url)
    _read(demo, 4, 4)
    missing = page.get_by_role("region", name="Missing data")
    expect(missing.locator("li")).to_have_count(1)
    expect(missing).to_contain_text("nobody knows how the goods are")
    expect(page.locator("main")).to_contain_text("beside what is missing, nothing is wrong now")


def test_a_closed_home_asks_for_a_key_and_says_that_no_rule_runs(page: Page, own: Any) -> None:
    _open(page, own.url)
    expect(page.get_by_role("alert")).to_contain_text("This needs an API key")
    page.locator("#key").fill(own.token)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("No rule runs, so nothing could raise one.")
    expect(page.locator("#holds")).to_contain_text("Nothing is on hold, and nothing ever was.")
    page.get_by_role("link", name="Charts").click()
    expect(page.locator("main")).to_contain_text("Nothing was inspected or read yet")
