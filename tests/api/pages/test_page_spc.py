"""Control charts on the page: the list, one chart with what belongs to it, and freezing its limits."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def _open(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_selector("main[aria-busy=false]", timeout=30_000)
    return page


def test_the_list_holds_what_can_be_charted_with_its_state(page: Page, demo: Any) -> None:
    _open(page, f"{demo.url}/spc")
    chartable = demo.get("/quality/spc")
    expect(page.locator("#chartable ~ .scroll tbody tr")).to_have_count(len(chartable))
    row = page.locator("tr", has=page.get_by_role("link", name="fill weight"))
    signals = demo.get("/quality/spc/chart?characteristic=fill_weight")["signal_count"]
    expect(row.locator(".chip")).to_have_text(f"{signals} signals")
    row.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text("fill weight")


def test_a_chart_with_its_companion_violations_and_capability(page: Page, demo: Any) -> None:
    _open(page, f"{demo.url}/spc?characteristic=fill_weight&limits=own")
    chart = demo.get("/quality/spc/chart?characteristic=fill_weight&limits=own")
    fit = demo.get("/quality/spc/capability?characteristic=fill_weight")
    expect(page.locator(".verdict-line")).to_contain_text(f"{chart['signal_count']} points break a rule")
    pictures = page.locator(".controlled svg.chart")
    expect(pictures).to_have_count(2)
    expect(pictures.nth(0).locator(".dot")).to_have_count(len(chart["points"]))
    expect(pictures.nth(1).locator(".dot")).to_have_count(len(chart["companion"]["points"]))
    page.locator("summary", has_text="violations").click()
    expect(page.get_by_role("region", name="Violations").locator("tbody tr")).to_have_count(chart["signal_count"])
    fired = {rule for point in chart["points"] for rule in point["signals"]}
    for rule in fired:
        expect(page.locator(".rules")).to_contain_text(chart["rule_meanings"][str(rule)])
    expect(page.locator(".fit")).to_contain_text("Not capable.")
    least = fit[fit["judged"]]["low"]
    expect(page.locator(".fit")).to_contain_text(f"At worst Ppk is {least:.2f}; 1.33 is needed.")
    expect(page.locator("#pick-limits")).to_have_value("own")


def test_limits_are_frozen_without_a_point_that_has_a_cause(page: Page, demo: Any) -> None:
    path = "/quality/spc/chart?characteristic=vibration_velocity"
    before = demo.get(path)
    _open(page, f"{demo.url}/spc?characteristic=vibration_velocity")
    expect(page.get_by_role("region", name="Distribution")).to_be_visible()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Why is").fill("<b>bad</b> bearing")
    page.get_by_label("Frozen by").fill("M. Weber")
    page.get_by_role("button", name="Freeze limits").click()
    expect(page.locator(".verdict-line")).to_contain_text("Judged by limits version 1")
    frozen = page.get_by_role("region", name="Frozen limits").locator("tbody tr")
    expect(frozen).to_have_count(1)
    expect(frozen).to_contain_text("M. Weber")
    expect(frozen).to_contain_text("<b>bad</b> bearing")
    left = next(point["label"] for point in before["points"] if point["signals"])
    (kept,) = demo.get("/quality/spc/limits?characteristic=vibration_velocity")
    assert [(one["label"], one["reason"]) for one in kept["excluded"]] == [(left, "<b>bad</b> bearing")]
    assert demo.get(path)["limits"]["version"] == 1


def test_a_sum_is_never_drawn_against_the_specification_of_values(page: Page, demo: Any) -> None:
    chart = "/spc?characteristic=vibration_velocity"
    _open(page, f"{demo.url}{chart}")
    expect(page.locator(".controlled line.level.specification")).to_have_count(1)
    page.get_by_label("Chart", exact=True).select_option("cusum")
    page.get_by_role("button", name="Draw").click()
    expect(page.locator("figcaption").first).to_contain_text("CUSUM")
    assert page.url == f"{demo.url}{chart}&kind=cusum"
    expect(page.locator(".controlled path.data")).to_have_count(2)
    expect(page.locator(".controlled .level.specification")).to_have_count(0)


def test_no_specification_and_no_such_characteristic(page: Page, demo: Any) -> None:
    _open(page, f"{demo.url}/spc?characteristic=net_weight")
    expect(page.get_by_role("region", name="Capability")).to_contain_text("Import a specification")
    _open(page, f"{demo.url}/spc?characteristic=nothing_such")
    expect(page.get_by_role("alert")).to_be_visible()
