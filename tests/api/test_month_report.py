"""The figures of a month: what is in it and what is not, and that nothing of it is left out unseen."""

from __future__ import annotations

from typing import Any

import pytest

CSV = {"content-type": "text/csv"}
PACK = "https://id.gs1.org/01/09521000010024/10/P"


def month(http: Any, which: str, **params: str) -> dict[str, Any]:
    answer = http.get(f"/quality/report/month/{which}", params={"format": "json", **params})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_month_with_something_in_it(shown: Any) -> None:
    found = month(shown.operator, "2026-05")
    assert not found["empty"]
    assert found["period"] == {
        "month": "2026-05", "from": "2026-05-01T00:00:00.000Z", "until": "2026-06-01T00:00:00.000Z"
    }  # fmt: skip
    assert all(found["figures"][name] > 0 for name in ("events", "readings", "inspections", "laboratory results"))
    assert [found["signals"][0][name] for name in ("severity", "kind", "subject")] == [
        "critical", "residue", "imidacloprid"
    ]  # fmt: skip
    assert found["figures"]["Lots with signals"] == len(
        {one["uri"] for one in found["signals"] if one["kind"] in ("residue", "inspection")}
    )
    assert found["charts"]
    assert found["oee"]
    assert {row["supplier"] for row in found["suppliers"]} >= {"Valle Verde Growers (synthetic)"}
    assert all(0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in found["suppliers"])


@pytest.mark.parametrize("which", ["1999-01", "1970-01", "9999-11"])
def test_a_month_with_nothing_in_it_says_so(shown: Any, which: str) -> None:
    found = month(shown.operator, which)
    assert found["empty"]
    assert set(found["figures"].values()) == {0}
    page = shown.operator.get(f"/quality/report/month/{which}")
    assert "Nothing was measured" in page.text


@pytest.fixture(scope="module")
def measured(serving: Any) -> Any:
    """Inspections at both ends of June, of ten characteristics, of which the last in the alphabet is out of control."""
    server = serving()
    rows = ["time,item,characteristic,value,unit"]
    for kind in "abcdefghiz":
        for day in range(12):
            value = 30 if kind == "z" and day == 8 else 10 + day % 3 / 10
            rows.append(f"2026-06-{1 + day:02d}T00:00:00Z,{PACK}{day},{kind},{value},MMT")
    ends = ["time,item,characteristic,passed"]
    ends += [f"{time},{PACK}end,seal,no" for time in ("2026-05-31T23:59:59Z", "2026-07-01T00:00:00Z")]
    for table in (rows, ends):
        assert server.operator.post("/quality/inspections", content="\n".join(table), headers=CSV).is_success
    return server


def test_a_month_begins_and_ends_at_midnight_utc(measured: Any) -> None:
    figures = {which: month(measured.operator, which)["figures"] for which in ("2026-05", "2026-06", "2026-07")}
    assert [each["inspections"] for each in figures.values()] == [1, 120, 1]
    assert [each["Lots with signals"] for each in figures.values()] == [1, 0, 1]


def test_charts_that_signal_come_before_those_that_do_not(measured: Any) -> None:
    found = month(measured.operator, "2026-06")
    assert [chart["characteristic"] for chart in found["charts"]] == [*"zabcdefg"]
    assert [signal["subject"] for signal in found["signals"]] == ["z"]
