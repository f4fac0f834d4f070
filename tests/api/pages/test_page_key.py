"""The page of a ledger of one's own: empty at first, and sealed events only with an API key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ITEM = "(01)09521000010017(21)1"
EVENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "ObjectEvent",
    "eventTime": "2026-06-01T05:12:00Z",
    "eventTimeZoneOffset": "+02:00",
    "action": "ADD",
    "bizStep": "commissioning",
    "epcList": ["https://id.gs1.org/01/09521000010017/21/1"],
}


@pytest.fixture
def sealed(own: Any, tmp_path: Path) -> Any:
    """Its one event is sealed."""
    document = tmp_path / "event.json"
    document.write_text(json.dumps(EVENT))
    own.submit(document)
    return own


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("main[aria-busy=false]")


def _kept(page: Page) -> tuple[str, int, str]:
    return (
        page.evaluate("sessionStorage.getItem('lotmark-key') ?? ''"),
        page.evaluate("localStorage.length"),
        page.url,
    )


def test_without_a_key_nothing_and_with_it_everything(page: Page, sealed: Any, tmp_path: Path) -> None:
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    address, key = f"{sealed.url}/?item={ITEM}", sealed.token
    _open(page, address)
    expect(page.locator("main")).to_contain_text("Nothing that you may see names it. Sealed events are shown with")
    expect(page.locator("#key")).to_be_visible()

    page.goto(f"{address}#key={key}")  # only the fragment changes, so the browser loads nothing
    expect(page.locator(".timeline > li")).to_have_count(1)
    assert _kept(page)[:2] == (key, 0)
    assert "#" not in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the proof of this trace").click()
    assert download.value.suggested_filename == "trace.bundle.json"
    download.value.save_as(tmp_path / "trace.bundle.json")
    assert json.loads((tmp_path / "trace.bundle.json").read_text())
    page.locator(".event summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the proof of this event").click()
    assert download.value.suggested_filename.endswith(".bundle.json")

    page.get_by_role("button", name="Forget it").click()
    expect(page.locator("main")).to_contain_text("Nothing that you may see names it.")
    assert _kept(page)[0] == ""
    assert not any(key in url for url in asked)


def test_the_key_stays_from_trace_to_trace(page: Page, sealed: Any) -> None:
    _open(page, f"{sealed.url}/#key={sealed.token}")
    assert page.url == f"{sealed.url}/"
    expect(page.get_by_role("button", name="Forget it")).to_be_visible()
    page.locator("#item").fill(ITEM)
    page.keyboard.press("Enter")
    expect(page.locator(".timeline > li")).to_have_count(1)


def test_a_wrong_key_is_told_and_the_next_may_be_entered(page: Page, sealed: Any) -> None:
    _open(page, f"{sealed.url}/?item={ITEM}#key=wrong")
    expect(page.get_by_role("alert")).to_contain_text("That API key is not accepted")
    assert _kept(page)[0] == ""
    field = page.locator("#key")
    field.fill("kein Schlüssel")
    page.keyboard.press("Enter")
    expect(page.locator("#access")).to_contain_text("This is no API key.")
    field.fill(sealed.token)
    page.keyboard.press("Enter")
    expect(page.locator(".timeline > li")).to_have_count(1)
    assert sealed.token not in page.url


def test_an_empty_ledger_says_the_next_step(page: Page, own: Any) -> None:
    _open(page, own.url)
    expect(page.locator("main")).to_contain_text("This ledger is empty. Next: lotmark submit FILE")
    expect(page.locator("#demonstration")).to_be_hidden()
    expect(page.locator("a.card")).to_have_count(0)
    assert "1101" not in page.locator("body").inner_text()
    assert "1101" not in (page.locator("#item").get_attribute("placeholder") or "")
