"""The start of the page, the search, and what is said when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Show = Callable[[str], Page]
CLAMSHELL = "(01)09521003003504(21)1101"


def test_start_shows_what_is_worth_a_look(page: Page, demo: Any) -> None:
    page.goto(demo.url)
    start = demo.get("/pages/start.json")
    cards = page.locator("a.card")
    expect(cards).to_have_count(len(start["showcase"]))
    for number, entry in enumerate(start["showcase"]):
        expect(cards.nth(number)).to_contain_text(entry["sentence"])
    expect(page.locator("#demonstration")).to_contain_text("invented")
    expect(page.locator("#health")).to_contain_text(f"{demo.get('/health')['events']['final']} events final")
    cards.first.click()
    expect(page.locator("h1")).to_have_text("Spring mix, 500 g clamshell, no. 1101")


@pytest.mark.parametrize(
    "written",
    [
        CLAMSHELL,
        "urn:epc:id:sgtin:9521003.000350.1101",
        "https://id.gs1.org/01/09521003003504/10/CL-0505-1/21/1101",
        "https://shop.example/01/09521003003504/21/1101?17=260514",
        f"  {CLAMSHELL} ",
    ],
)
def test_search_by_every_form_of_an_identifier(page: Page, demo: Any, written: str) -> None:
    page.goto(demo.url)
    page.get_by_role("searchbox").or_(page.locator("#item")).first.fill(written)
    page.get_by_role("button", name="Trace").click()
    expect(page.locator(".head code")).to_have_text(CLAMSHELL)
    expect(page.locator("#item")).to_have_value(written.strip())


def test_an_item_that_nobody_named(show: Show, demo: Any) -> None:
    page = show("(01)09506000134352(21)12345")
    expect(page.locator("h1")).to_have_text("Nothing is recorded about this here")
    expect(page.locator("main")).to_contain_text("(01)09506000134352(21)12345")
    expect(page.locator("main")).to_contain_text("That does not say that it is false")
    expect(page.locator("a.card")).to_have_count(len(demo.get("/pages/start.json")["showcase"]))
    expect(page.locator(".graph")).to_have_count(0)


def test_a_wrong_check_digit_is_explained(show: Show) -> None:
    page = show("(01)09506000134353(21)12345")
    alert = page.get_by_role("alert")
    expect(alert.locator("h1")).to_have_text("This is no identifier that can be traced")
    expect(alert).to_contain_text("The check digit of GTIN 09506000134353 is 3.")
    expect(alert).to_contain_text("Expected: 2.")
    expect(page.locator("#item")).to_have_attribute("aria-invalid", "true")


def test_words_are_no_identifier(show: Show) -> None:
    expect(show("lettuce <b>").get_by_role("alert")).to_contain_text("'lettuce <b>' is no identifier")


def test_a_server_that_has_gone_away(page: Page, demo: Any) -> None:
    page.route("**/trace/**", lambda route: route.fulfill(status=503, body="down for repair"))
    page.goto(f"{demo.url}/?item=(00)095210030000050201")
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
