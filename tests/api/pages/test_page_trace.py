"""The trace of one item on the page, held against what the API answers."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Show = Callable[[str], Page]
WARM = "(01)09521003003504(21)1101"
GAP = "(01)09521003003504(21)3101"
PALLET = "(00)095210030000050201"
PUMP = "(01)09521008008405(21)HP40-0010"
FIELD = "(01)09521001001014(10)VV-0504-A7"


def _pairs(trace: Any) -> set[tuple[str, str, str]]:
    return {(edge["source"], edge["target"], edge["relation"]) for edge in trace["edges"]}


def test_graph_has_every_item_and_every_link(show: Show, demo: Any) -> None:
    page, trace = show(PUMP), demo.trace(PUMP)
    expect(page.locator(".node")).to_have_count(len(trace["items"]))
    expect(page.locator("path.link")).to_have_count(len(_pairs(trace)))
    possible = {(e["source"], e["target"], e["relation"]) for e in trace["edges"] if e["certainty"] == "possible"}
    expect(page.locator("path.link.possible")).to_have_count(len(possible))
    expect(page.locator(".node.traced b")).to_have_text("no. HP40-0010")
    page.locator(".edges summary").click()
    expect(page.locator(".edges tbody tr")).to_have_count(len(trace["edges"]))


def test_crowded_columns_are_folded_and_unfold(show: Show, demo: Any) -> None:
    page, trace = show(PALLET), demo.trace(PALLET)
    group = page.locator("button.node.many")
    expect(group).to_have_count(1)
    expect(group).to_contain_text("48 items")
    assert page.locator(".node").count() == len(trace["items"]) - 47
    group.focus()
    page.keyboard.press("Enter")
    expect(page.locator("a.node", has_text="no. 2101")).to_be_visible()
    rest = page.locator(".node.many")
    expect(rest).to_contain_text("8 items")
    assert page.locator(".node").count() == len(trace["items"]) - 7
    page.get_by_role("button", name="Fold them again").click()
    expect(group).to_contain_text("48 items")


def test_a_node_traces_its_item(show: Show) -> None:
    page = show(PUMP)
    page.locator("a.node", has_text="NK-2609-B").click()
    expect(page.locator("h1")).to_have_text("Deep groove ball bearing 6305, lot NK-2609-B")
    expect(page.locator(".node.traced b")).to_have_text("lot NK-2609-B")


def test_graph_shows_the_traced_item_on_a_narrow_screen(show: Show, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    show(PALLET)
    frame, node = page.locator(".graph").bounding_box(), page.locator(".node.traced").bounding_box()
    assert frame is not None
    assert node is not None
    assert frame["x"] <= node["x"]
    assert node["x"] + node["width"] <= frame["x"] + frame["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_timeline_is_in_order_with_states_and_local_times(show: Show, demo: Any) -> None:
    page, events = show(WARM), demo.trace(WARM)["events"]
    rows = page.locator(".timeline > li")
    expect(rows).to_have_count(len(events))
    assert page.locator(".timeline time").evaluate_all("all => all.map(t => t.dateTime)") == sorted(
        event["event_time"] for event in events
    )
    assert page.locator(".timeline .state").all_inner_texts() == [event["state"] for event in events]
    sold = events[-1]
    hours, minutes = map(int, sold["event_time_zone_offset"][1:].split(":"))
    local = datetime.fromisoformat(sold["event_time"]) - timedelta(hours=hours, minutes=minutes)
    expect(rows.last.locator("time")).to_have_text(f"{local:%Y-%m-%d} {local:%H:%M} −05:00")
    expect(rows.last).to_contain_text("Prairie Market store 114, Plano TX, chilled aisle")
    expect(rows.last).to_contain_text("retail sold")


def test_filters_of_the_timeline(show: Show, demo: Any) -> None:
    page, trace = show(WARM), demo.trace(WARM)
    which = page.get_by_role("group", name="Which events")
    naming = [e for e in trace["events"] if any(m["item"] == trace["item"]["uri"] for m in e["mentions"])]
    which.get_by_role("button", name="Naming this item").click()
    expect(page.locator(".timeline > li")).to_have_count(len(naming))
    which.get_by_role("button", name="Something wrong").click()
    expect(page.locator(".timeline > li", has_text="above 5 °C").first).to_be_visible()


def test_an_excursion_is_red_and_says_how_long(show: Show, demo: Any) -> None:
    page, trace = show(WARM), demo.trace(WARM)
    own = [step for step in trace["quality"] if step["item"] == trace["item"]["uri"]]
    assert sum(step["seconds_outside"] for step in own) == 3.25 * 3600
    expect(page.locator(".alerts .bad")).to_have_text(
        "temperature above 5 °C for 3 h 15 min, up to 9 °C, in Reefer trailer 21."
    )
    expect(page.locator(".journey .outside .verdict")).to_contain_text("above 5 °C for 3 h 15 min")
    red = page.locator(".journey .strip .outside").first
    expect(red).to_have_css("background-color", "rgb(180, 35, 24)")
    widths = page.locator(".journey .strip span").evaluate_all("all => all.map(s => [s.className, +s.style.flexGrow])")
    assert sum(seconds for name, seconds in widths if name == "outside") == 3.25 * 3600
    expect(page.locator(".timeline .measure.outside").first).to_contain_text("in Reefer trailer 21")


def test_what_nobody_knows_is_hatched_never_green(show: Show, demo: Any) -> None:
    page, trace = show(GAP), demo.trace(GAP)
    own = [s for s in trace["quality"] if s["item"] == trace["item"]["uri"] and s["verdict"] != "no_limit"]
    unknown = sum(step["seconds_unknown"] for step in own)
    assert unknown > 5 * 3600
    segments = page.locator(".journey .strip span.unknown")
    shown = segments.evaluate_all("all => all.reduce((sum, s) => sum + +s.style.flexGrow, 0)")
    assert shown == pytest.approx(unknown)
    hatched = segments.first.evaluate("s => getComputedStyle(s).backgroundImage")
    assert hatched.startswith("repeating-linear-gradient")
    expect(page.locator(".alerts .gap")).to_contain_text("nothing is known for")
    expect(page.locator(".alerts .good")).to_have_count(0)


def test_without_limits_nothing_is_green(show: Show) -> None:
    page = show(FIELD)
    expect(page.locator(".journey").first).to_contain_text("no limit is set")
    expect(page.locator(".journey .strip")).to_have_count(0)


def test_marks_tell_measured_on_it_from_where_it_was(show: Show) -> None:
    page = show(PUMP)
    expect(page.locator(".node.traced .badge")).to_have_text("outside limits")
    expect(page.locator(".alerts .bad")).to_contain_text("measured on the item itself")
    show(WARM)
    expect(page.locator(".node.traced .badge")).to_have_text("exposed")
    show(PALLET)
    expect(page.locator(".node.traced .badge")).to_have_text("failed inspection")
    expect(page.locator(".node.many .badge")).to_have_text("exposed")
    expect(page.locator(".alerts .bad")).to_have_text("Failed an inspection: core temperature 7.6 °C, by Prairie QA.")
    expect(page.locator(".inspection.failed")).to_contain_text("core temperature 7.6 °C failed")


def test_the_command_on_the_page_verifies_the_downloaded_proof(show: Show, tmp_path: Path) -> None:
    page = show(WARM)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the proof of this trace").click()
    assert download.value.suggested_filename == "trace.bundle.json"
    download.value.save_as(tmp_path / "trace.bundle.json")
    program, *arguments = shlex.split(page.locator(".command pre").inner_text())
    assert program == "lotmark"
    ran = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=tmp_path,
        env=os.environ | {"LOTMARK_HOME": str(tmp_path / "nothing")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "verified: 51 events" in ran.stdout


def test_by_keyboard_alone(page: Page, demo: Any) -> None:
    page.goto(demo.url)
    page.wait_for_selector("a.card")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#item")).to_be_focused()
    page.keyboard.type(PUMP)
    page.keyboard.press("Enter")
    page.wait_for_selector(".node")
    page.locator("#search button").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.node:not(.traced)')"):
            break
    name = page.evaluate("document.activeElement.querySelector('b').textContent")
    page.keyboard.press("Enter")
    expect(page.locator(".node.traced b")).to_have_text(name)
    levels = page.locator("h1, h2, h3").evaluate_all("all => all.map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
