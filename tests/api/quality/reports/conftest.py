"""A lot and a month as the reports take them, with something of everything."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def lot() -> dict[str, Any]:
    hours = [f"2026-05-06T{hour:02}:00:00.000Z" for hour in range(12)]
    return {
        "demonstration": True,
        "item": {"uri": "https://id.gs1.org/01/09521000010017/10/A7", "element_string": "(01)09521000010017(10)A7"},
        "name": "Romaine <b>washed & cut",
        "quantity_now": {"quantity": 120.5, "uom": "KGM"},
        "disposition": {"state": "hold", "since": hours[3], "by": "Ada", "reason": "reefer too warm"},
        "record": {"events": 12, "final": 11},
        "data_quality": {"known": 0.83, "flagged": {"stuck": 3}, "late": 0, "unverified": 0},
        "signals": [
            {"severity": "critical", "kind": "excursion", "subject": "Temperature",
             "message": "9 °C, above 5 °C for 3.2 h",
             "item": "A7", "since": hours[5], "facts": {"minimum": 2.0, "maximum": 9.0, "low": 0.0, "high": 5.0,
             "unit": "CEL", "seconds_outside": 11520.0}},
        ],
        "genealogy": {
            "parents": [_relative("VV-0504", 210.0, 1.0)],
            "children": [_relative("MIX-1", 20.0, None)],
            "closure": [
                {"label": str(run), "closure": 0.97 + run / 500, "lower": 0.93, "upper": 1.03, "out": run == 4}
                for run in range(5)
            ],
        },
        "cold_chain": [
            {
                "quantity_kind": "Temperature",
                "unit": "CEL",
                "series": [{"sensor": "T17", "times": hours, "values": [3.0, 3.2, None, *([4.0] * 6), 9.0, 8.0, 4.0]}],
                "gaps": [{"from": hours[2], "until": hours[3]}],
                "low": 0.0,
                "high": 5.0,
                "mean_kinetic": 4.02,
                "seconds_above": 11520.0,
                "seconds_below": 0.0,
                "seconds_unknown": 3600.0,
            }
        ],
        "shelf_life": {"least": 4.8, "most": 6.9},
        "charts": [_chart()],
        "capability": [{"characteristic": "net_weight", "n": 125, "judged": "cpk", "index": 1.66, "low": 1.45,
                        "verdict": "capable"}],
        "results": [
            _result("chlorpyrifos", None, 0.01, "in_range"),
            _result("imidacloprid", 1.4, 0.5, "outside"),
        ],
        "inspections": [
            {"time": hours[1], "characteristic": "leaf_colour", "count": 1, "minimum": None, "maximum": None,
             "unit": None, "failed": 1, "passed": False, "inspector": "line 2"},
        ],
        "incidents": [
            {"severity": "major", "message": "logger silent", "opened_at": hours[2], "owner": "Ada",
             "cause_code": "logger_fault", "cleared_at": None, "acknowledged_at": hours[4]},
        ],
        "sisters": [{"name": None, "element_string": "(01)09521000010017(10)B2", "ancestor": "VV-0504"}],
    }  # fmt: skip


@pytest.fixture
def month(lot: dict[str, Any]) -> dict[str, Any]:
    return {
        "demonstration": False,
        "item": None,
        "period": {"month": "2026-05", "from": "2026-05-01T00:00:00.000Z", "until": "2026-06-01T00:00:00.000Z"},
        "empty": False,
        "figures": {
            "events": 258,
            "readings": 2000,
            "inspections": 12,
            "laboratory results": 3,
            "Incidents": 3,
            "Lots with signals": 2,
        },
        **{name: lot[name] for name in ("signals", "incidents", "charts", "capability")},
        "oee": [{"equipment": "Line 1", "oee": 0.748, "availability": 0.888, "performance": 0.861, "quality": 0.978}],
        "suppliers": [
            {"supplier": "Valle Verde", "units": 210, "share": 0.08, "low": 0.05, "high": 0.13, "group": "a"}
        ],
    }


def _relative(name: str, quantity: float, share: float | None) -> dict[str, Any]:
    return {
        "name": name,
        "element_string": f"(01)09521000010017(10){name}",
        "quantity": quantity,
        "uom": "KGM",
        "share": share,
        "certainty": "possible",
        "severity": None,
    }


def _chart() -> dict[str, Any]:
    points = [
        {"index": i, "label": str(i), "time": None, "value": 10 + (i % 3) / 10 + (1 if i == 7 else 0), "n": 5,
         "center": 10.1, "lower": 9.7, "upper": 10.5, "signals": [1] if i == 7 else [], "excluded": i == 2}
        for i in range(12)
    ]  # fmt: skip
    return {
        "kind": "xbar",
        "characteristic": "net_weight",
        "unit": "GRM",
        "points": points,
        "rules": {"set": "nelson", "version": "1984"},
        "limits": {"version": 2, "phase": "II"},
        "specification": {"low": 9.0, "target": 10.0, "high": 11.0},
    }


def _result(analyte: str, value: float | None, high: float, verdict: str) -> dict[str, Any]:
    return {
        "laboratory_name": "",
        "item": "https://id.gs1.org/01/09521000010017/10/VV-0504",
        "element_string": "(01)09521000010017(10)VV-0504",
        "analyte": analyte,
        "value": value,
        "unit": "NA",
        "loq": 0.01,
        "uncertainty": None if value is None else value / 2,
        "low": None,
        "high": high,
        "verdict": verdict,
        "laboratory": "Agrolab",
    }
