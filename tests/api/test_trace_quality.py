"""The join of a trace with readings: only what happened to its items while they belonged to it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from api.quality import quality_by_step
from api.quality.columns import READING

PALLET = "https://id.gs1.org/00/095210000000000018"
STORE = "https://id.gs1.org/414/9521000000025"


def _packing(make: Any, lot: str, action: str, hour: int, place: str) -> dict[str, Any]:
    return {
        "type": "AggregationEvent",
        "eventTime": f"2026-06-01T{hour:02d}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": action,
        "parentID": PALLET,
        "childQuantityList": [{"epcClass": f"{make.gtin}/10/{lot}", "quantity": 5, "uom": "KGM"}],
        "bizLocation": {"id": place},
    }


@pytest.fixture(scope="module")
def pallet(server: Any, make: Any) -> Any:
    """Two lots, one after the other on one pallet; it is warm at the first place, and hot at the second."""
    server.capture(
        make.document(
            _packing(make, "first", "ADD", 8, make.place),
            _packing(make, "first", "DELETE", 10, make.place),
            _packing(make, "second", "ADD", 12, STORE),
            _packing(make, "second", "DELETE", 14, STORE),
        )
    )
    rows = [f"2026-06-01T{hour:02d}:30:00Z,probe,{PALLET},Temperature,{value},CEL" for hour, value in
            ((8, 6), (9, 7), (10, 20), (11, 20), (12, 30), (13, 31), (14, 40))]  # fmt: skip
    table = "\n".join(["time,sensor,item,quantity_kind,value,unit", *rows])
    answer = server.operator.post("/quality/readings", content=table, headers={"content-type": "text/csv"})
    assert answer.json()["imported"] == 7
    return server


def _measured(server: Any, lot: str) -> dict[str, list[tuple[float, float]]]:
    steps = server.operator.get(f"/trace/(01)09521000010017(10){lot}").json()["quality"]
    found: dict[str, list[tuple[float, float]]] = {}
    for step in steps:
        found.setdefault(step["item"], []).append((step["minimum"], step["maximum"]))
    return found


def test_what_the_pallet_carried_later_is_not_shown(pallet: Any, make: Any) -> None:
    assert _measured(pallet, "first") == {PALLET: [(6, 7)], f"{make.gtin}/10/first": [(6, 7)]}
    assert _measured(pallet, "second") == {PALLET: [(30, 31)], f"{make.gtin}/10/second": [(30, 31)]}


def test_the_pallet_itself_has_all_of_it(pallet: Any) -> None:
    steps = pallet.operator.get(f"/quality/{PALLET}").json()["steps"]
    assert [(step["minimum"], step["maximum"]) for step in steps] == [(6, 7), (20, 20), (30, 31), (40, 40)]


def test_an_open_step_lasts_until_it_is_said() -> None:
    start = pd.Timestamp("2026-06-01T00:00Z")
    step = {"step": 0, "item": "urn:a", "event": "e", "start": start, "end": pd.NaT, "place": None, "through": None}
    steps = pd.DataFrame([step])
    steps["end"] = pd.to_datetime(steps["end"], utc=True)
    times = [start + pd.Timedelta(hours=hour) for hour in (1, 2, 30)]
    readings = pd.DataFrame(
        [(time, "s", "urn:a", None, "Temperature", 4.0, "CEL") for time in times], columns=list(READING)
    )
    (found,) = quality_by_step(steps, readings, until=start + pd.Timedelta(days=1)).to_dict("records")
    assert (found["count"], found["seconds"]) == (2, 24 * 3600)
