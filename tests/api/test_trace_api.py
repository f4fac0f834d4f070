"""GET /trace, /events and /quality over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

SERIAL = "https://id.gs1.org/01/09521000010017/21/a%2Fb%3Fc%25"
FORMS = [
    quote(SERIAL, safe=""),
    SERIAL,
    SERIAL.replace("https://", "https:/"),
    "(01)09521000010017(21)a%2Fb%3Fc%25",
    quote("(01)09521000010017(21)a/b?c%", safe=""),
    quote("urn:epc:id:sgtin:9521000.001001.a%2Fb%3Fc%25", safe=""),
    "urn:epc:id:sgtin:9521000.001001.a%2Fb%3Fc%25",
    quote("https://shop.example/01/09521000010017/21/a%2Fb%3Fc%25", safe=""),
]


@pytest.fixture(scope="module")
def captured(server: Any, make: Any) -> Any:
    serial = make.event(epcList=[SERIAL])
    del serial["quantityList"]
    warm = make.event(
        "in-1",
        eventTime="2026-06-01T06:00:00Z",
        sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": 3.5, "uom": "CEL"}]}],
    )
    server.capture(
        make.document(
            serial, make.event("in-1", action="ADD"), warm, make.event("in-2"), make.mixing(["in-1", "in-2"], "out")
        )
    )
    server.settle()
    return server


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("endpoint", ["trace", "quality"])
def test_all_forms_find_the_same_item(captured: Any, endpoint: str, form: str) -> None:
    answer = captured.operator.get(f"/{endpoint}/{form}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["item"] == {
        "uri": SERIAL,
        "kind": "serial",
        "element_string": "(01)09521000010017(21)a/b?c%",
    }
    if endpoint == "trace":
        assert len(answer.json()["events"]) == 1


def test_a_trace_both_ways(captured: Any, make: Any) -> None:
    trace = captured.operator.get("/trace/(01)09521000010017(10)in-1").json()
    assert {item["uri"].rsplit("/")[-1]: item["role"] for item in trace["items"]} == {
        "in-1": "origin",
        "out": "descendant",
    }
    assert [event["state"] for event in trace["events"]] == ["final"] * 3
    assert all(event["record"]["transaction_hash"].startswith("0x") for event in trace["events"])
    (edge,) = trace["edges"]
    assert (edge["relation"], edge["quantity"], edge["claimant"]["uri"]) == ("transformed", 5, make.orchard)
    assert (trace["cuts"], trace["withheld"]) == ([], False)
    backward = captured.operator.get("/trace/(01)09521000010017(10)in-1?direction=backward").json()
    assert len(backward["items"]) == 1
    cut = captured.operator.get("/trace/(01)09521000010017(10)in-1?depth=0").json()
    assert [each["reason"] for each in cut["cuts"]] == ["depth"]


def test_an_unknown_item_has_an_empty_trace(captured: Any) -> None:
    trace = captured.operator.get("/trace/(01)09506000134352(21)nobody").json()
    assert trace["item"]["uri"] == "https://id.gs1.org/01/09506000134352/21/nobody"
    assert (trace["events"], trace["items"], trace["edges"], trace["quality"]) == ([], [], [], [])
    assert captured.operator.get("/quality/(01)09506000134352(21)nobody").json()["steps"] == []


def test_quality_beside_the_steps(captured: Any, make: Any) -> None:
    http, csv = captured.operator, {"content-type": "text/csv"}
    rows = [f"2026-06-01T0{hour}:00:00Z,logger,{make.place},Temperature,{value},CEL" for hour, value in
            enumerate((3, 3, 3, 3, 3, 3, 7, 3, 3))]  # fmt: skip
    table = "\n".join(["time,sensor,place,quantity_kind,value,unit", *rows])
    first, second = (http.post("/quality/readings", content=table, headers=csv).json() for _ in range(2))
    assert (first["imported"], first["known"]) == (9, 0)
    assert (second["imported"], second["known"], second["conflicting"]) == (0, 9, 0)
    limit = "item,quantity_kind,low,high,unit\n(01)09521000010017,Temperature,0,5,CEL\n"
    assert http.post("/quality/limits", content=limit, headers=csv).json()["imported"] == 1
    assert http.post("/quality/limits", content=limit, headers=csv).json()["imported"] == 0
    checks = "time,item,characteristic,passed\n2026-06-01T06:30:00Z,(01)09521000010017(10)in-1,colour,yes\n"
    assert http.post("/quality/inspections", content=checks, headers=csv).json()["imported"] == 1

    found = http.get("/quality/(01)09521000010017(10)in-1").json()
    first, second = found["steps"]
    assert (first["count"], first["minimum"], first["maximum"], first["verdict"]) == (0, None, None, "in_range")
    assert (second["maximum"], second["verdict"], second["seconds_outside"]) == (7, "outside", 3600)
    assert second["sources"][1] == make.place
    assert second["mean_kinetic_temperature"] > 3
    assert found["inspections"][0] | {"time": ""} == {
        "time": "",
        "item": f"{make.gtin}/10/in-1",
        "characteristic": "colour",
        "value": None,
        "unit": None,
        "passed": True,
        "inspector": "",
    }
    assert [(limit["high"], limit["limit_item"]) for limit in found["limits"]] == [(5, make.gtin)]
    traced = http.get("/trace/(01)09521000010017(10)in-1").json()["quality"]
    assert [step for step in traced if step["item"] == found["item"]["uri"]] == found["steps"]
    assert {step["item"] for step in traced} == {f"{make.gtin}/10/in-1", f"{make.gtin}/10/out"}
    assert http.get("/trace/(01)09521000010017(10)in-1?quality=false").json()["quality"] == []


def test_events_of_one_id(captured: Any, make: Any) -> None:
    ni = "ni:///sha-256;36abb3a2c0a726de32ac4beafd6b8bc4ba0b1d2de244490e49a5f50a10ea1ff2?ver=CBV2.0"
    one, other = make.event("one", eventID=ni), make.event("other", eventID=ni)
    declaration = one | {"errorDeclaration": {"declarationTime": "2026-06-03T00:00:00Z"}}
    captured.capture(make.document(one))
    alone = captured.operator.get(f"/events/{quote(ni, safe='')}").json()
    assert (len(alone["events"]), alone["conflict"]) == (1, False)
    captured.capture(make.document(other), make.carrier)
    both = captured.operator.get(f"/events/{quote(ni, safe='')}").json()
    assert (len(both["events"]), both["conflict"]) == (2, True)
    captured.capture(make.document(declaration))
    three = captured.operator.get(f"/events/{quote(ni, safe='')}").json()
    assert (len(three["events"]), three["conflict"]) == (3, False)
    wrong = next(event for event in three["events"] if event["corrected_by"])
    assert wrong["body"]["eventID"] == ni
    (single,) = captured.operator.get(f"/events/{wrong['commitment']}").json()["events"]
    assert single == wrong
    assert captured.operator.get("/events/0X" + wrong["commitment"][2:].upper()).status_code == 404
