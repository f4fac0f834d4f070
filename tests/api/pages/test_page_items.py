"""The items of a trace as a table and as a file, for whoever must find all of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Show = Callable[[str], Page]
BEARING = "(01)09521006006014(10)NK-2609-B"
FIELD = "(01)09521001001014(10)VV-0504-A7"


def _downloaded(page: Page, path: Path) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_all_items_also_those_with_nothing_wrong(show: Show, demo: Any, tmp_path: Path) -> None:
    page, trace = show(BEARING), demo.trace(BEARING)
    rows = _downloaded(page, tmp_path / "items.csv")
    assert len(rows) == len(trace["items"])
    first = rows[0]
    assert (first["identifier"], first["belongs"], first["how sure"]) == (BEARING, "itself", "certain")
    pumps = [row for row in rows if "HP40-" in row["identifier"]]
    assert {row["belongs"] for row in pumps} == {"downstream"}
    assert {bool(row["problem"]) for row in pumps} == {True, False}
    named = {mention["item"] for event in trace["events"] for mention in event["mentions"]}
    assert sum(bool(row["when"] and row["where"]) for row in rows) == sum(i["uri"] in named for i in trace["items"])


def test_the_rest_of_what_is_wrong_is_a_link_to_all_of_it(show: Show, tmp_path: Path) -> None:
    page = show(FIELD)
    page.locator(".alerts").get_by_role("link", name="51 more").click()
    rows = page.locator("#items tbody tr")
    expect(page.locator("#items [aria-pressed=true]")).to_contain_text("Something wrong")
    wrong = _downloaded(page, tmp_path / "items.csv")
    assert rows.count() == len(wrong) >= 55
    assert all(row["problem"] for row in wrong)


def test_no_cell_of_the_file_is_a_formula(show: Show, demo: Any, tmp_path: Path) -> None:
    gtin = "https://id.gs1.org/01/09521020001019"
    body = {"uri": "https://id.gs1.org/417/9521020000005", "name": '=HYPERLINK("x")', "company_prefixes": ["9521020"]}
    demo.post("/organisations", expected=201, json=body | {"policy": "open"})
    event = {
        "type": "ObjectEvent",
        "eventTime": "2026-06-01T05:12:00Z",
        "eventTimeZoneOffset": "+05:30",
        "action": "OBSERVE",
        "bizStep": "https://evil.example/" + quote("@SUM(1)", safe=""),
        "quantityList": [{"epcClass": f"{gtin}/10/ONE", "quantity": 5, "uom": "KGM"}],
    }
    demo.capture(event, organisation=body["uri"])
    page = show("(01)09521020001019(10)ONE")
    (row,) = _downloaded(page, tmp_path / "items.csv")
    assert row["where"] == '\'=HYPERLINK("x")'
    assert all(cell[:1] not in tuple("=+-@") or not cell for cell in row.values())
