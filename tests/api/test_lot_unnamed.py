"""A lot that was inspected before any event named it has a screen too."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

LOT = "urn:example:lot:early"
CHECKS = f"time,item,characteristic,value,unit,passed\n2026-06-01T08:00:00Z,{LOT},weight,5.1,KGM,no\n"


def test_what_only_an_inspection_knows_is_shown(serving: Any) -> None:
    server = serving()
    path = f"/quality/lot/{quote(LOT, safe='')}"
    assert server.operator.get(path).status_code == 404
    headers = {"content-type": "text/csv"}
    assert server.operator.post("/quality/inspections", content=CHECKS, headers=headers).is_success
    found = server.operator.get(path).json()
    assert (found["record"]["events"], found["disposition"]["state"]) == (0, "unknown")
    assert [one["kind"] for one in found["signals"]] == ["inspection"]
    report = server.operator.get(f"/quality/report/lot/{quote(LOT, safe='')}")
    assert report.status_code == 200
