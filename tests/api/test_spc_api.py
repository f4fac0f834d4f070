"""Charts, frozen limits and capability through the application, from what was imported."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

GTIN = "https://id.gs1.org/01/09521000010017"
OTHER = "https://id.gs1.org/01/09521000010024"
CSV = {"content-type": "text/csv"}


def _import(server: Any, table: str, rows: list[str]) -> None:
    answer = server.operator.post(f"/quality/{table}", content="\n".join(rows), headers=CSV)
    assert answer.is_success, answer.text


@pytest.fixture(scope="module")
def plant(serving: Any) -> Any:
    """31 lots, five pieces of each weighed, the last too heavy; counts; cold rooms, their loggers dead for an hour."""
    server = serving()
    random = np.random.default_rng(1)
    rows = ["time,item,characteristic,value,unit,sample"]
    for lot in range(31):
        for piece in range(5):
            value = random.normal(500, 2) + (9 if lot == 30 else 0)
            rows.append(f"2026-05-{lot + 1:02d}T08:00:00Z,{GTIN}/10/L{lot},net_weight,{value:.3f},GRM,{piece}")
    rows += [f"2026-05-{day:02d}T09:00:00Z,{OTHER}/10/M{day},net_weight,{80 + day % 3},GRM,1" for day in range(1, 9)]
    _import(server, "inspections", rows)
    counted = ["time,item,characteristic,size,nonconforming"]
    found = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
    counted += [f"2026-05-{n + 1:02d}T10:00:00Z,{GTIN}/10/L{n},leaks,50,{count}" for n, count in enumerate(found)]
    _import(server, "inspections", counted)
    _import(server, "specifications", ["item,characteristic,low,high,unit", f"{GTIN},net_weight,490,510,GRM"])
    pairs = ["time,item,characteristic,value,unit"]
    for hour in range(60):
        when, length = f"2026-06-{1 + hour // 24:02d}T{hour % 24:02d}:00:00Z", random.normal(100, 1)
        width = 2 * length + random.normal(0, 0.2) + (3 if hour == 55 else 0)
        pairs += [f"{when},{GTIN}/10/P{hour},{name},{x:.3f},MMT" for name, x in (("length", length), ("width", width))]
    _import(server, "inspections", pairs)
    readings = ["time,sensor,place,quantity_kind,value,unit"]
    for sensor in ("t1", "t2"):
        for minute in range(0, 48 * 60, 10):
            if minute // 60 != 20:
                when = f"2026-05-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z"
                place = f"urn:example:room:{sensor}"
                readings.append(f"{when},{sensor},{place},Temperature,{random.normal(4, 0.3):.3f},CEL")
    _import(server, "readings", readings)
    return server


def _chart(plant: Any, **params: Any) -> dict[str, Any]:
    answer = plant.operator.get("/quality/spc/chart", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_what_can_be_charted_is_listed(plant: Any) -> None:
    found = plant.operator.get("/quality/spc").json()
    named = {(one["characteristic"], one["sensor"]): one for one in found}
    inspected = {(name, None) for name in ("leaks", "length", "net_weight", "width")}
    assert set(named) == {*inspected, ("Temperature", "t1"), ("Temperature", "t2")}
    weight = named["net_weight", None]
    assert (weight["count"], weight["items"], weight["unit"], weight["kind"]) == (163, 39, "GRM", "variables")
    assert named["leaks", None]["kind"] == "attributes"
    assert named["Temperature", "t1"]["count"] == 282


def test_a_chart_of_one_product_shows_the_heavy_lot(plant: Any) -> None:
    chart = _chart(plant, characteristic="net_weight", item="(01)09521000010017", limits="own")
    assert (chart["kind"], chart["unit"], chart["count"], chart["item"]) == ("xbar", "GRM", 31, GTIN)
    assert chart["limits"]["phase"] == "I"
    last = chart["points"][-1]
    assert (last["label"], 1 in last["signals"], chart["in_control"]) == ("L30", True, False)
    assert chart["specification"] == {"low": 490.0, "target": None, "high": 510.0}
    assert (chart["companion"]["kind"], chart["rule_meanings"]["1"]) == ("r", "one point beyond 3 sigma")
    assert len(_chart(plant, characteristic="net_weight", item=GTIN, last=3)["points"]) == 3


def test_counts_are_charted_as_published(plant: Any) -> None:
    chart = _chart(plant, characteristic="leaks")
    assert chart["kind"] == "p"
    assert chart["center"] == pytest.approx(0.2313333, abs=1e-7)
    assert [point["index"] for point in chart["points"] if 1 in point["signals"]] == [15, 23]
    assert any("laney_p" in warning for warning in chart["warnings"])
    assert _chart(plant, characteristic="leaks", kind="np")["points"][0]["upper"] == pytest.approx(20.51196, abs=1e-5)


def test_readings_are_charted_by_the_hour_and_a_dead_hour_is_missing(plant: Any) -> None:
    chart = _chart(plant, characteristic="Temperature", sensor="t1")
    assert (chart["kind"], chart["count"], chart["unit"]) == ("i", 48, "CEL")
    assert chart["points"][20]["value"] is None
    assert _chart(plant, characteristic="Temperature", place="urn:example:room:t2")["count"] == 48
    refused = plant.operator.get("/quality/spc/chart", params={"characteristic": "Temperature"})
    assert refused.status_code == 400
    assert "t1" in refused.json()["detail"]


def test_frozen_limits_judge_what_comes_later(plant: Any) -> None:
    body = {
        "characteristic": "net_weight",
        "item": GTIN,
        "end": "2026-05-31T00:00:00Z",
        "rules": "western_electric",
        "excluded": [{"label": "L3", "reason": "scale not zeroed"}],
        "frozen_by": "M. Weber",
    }
    made = plant.operator.post("/quality/spc/limits", json=body)
    assert made.status_code == 201, made.text
    first = made.json()
    assert (first["version"], first["points"], first["by"], first["scope"]) == (1, 29, "M. Weber", GTIN)
    assert first["excluded"] == [{"label": "L3", "reason": "scale not zeroed", "time": None}]
    chart = _chart(plant, characteristic="net_weight", item=GTIN)
    assert chart["limits"] == {
        "phase": "II",
        "version": 1,
        "frozen_at": first["frozen_at"],
        "data_digest": first["data_digest"],
    }
    assert (chart["center"], chart["rules"]["set"]) == (first["parameters"]["center"], "western_electric")
    assert 1 in chart["points"][-1]["signals"]
    second = plant.operator.post("/quality/spc/limits", json={"characteristic": "net_weight", "item": GTIN}).json()
    assert second["version"] == 2
    assert _chart(plant, characteristic="net_weight", item=GTIN, limits="frozen")["center"] == pytest.approx(
        second["parameters"]["center"]
    )
    assert _chart(plant, characteristic="net_weight", item=GTIN, limits="1")["center"] == first["parameters"]["center"]
    listed = plant.operator.get("/quality/spc/limits", params={"characteristic": "net_weight"}).json()
    assert [(one["version"], one["data_digest"]) for one in listed] == [
        (2, second["data_digest"]),
        (1, first["data_digest"]),
    ]


def test_capability_takes_the_specification_on_file(plant: Any) -> None:
    params = {"characteristic": "net_weight", "item": GTIN, "end": "2026-05-31T00:00:00Z"}
    found = plant.operator.get("/quality/spc/capability", params=params).json()
    assert (found["n"], found["low"], found["high"], found["unit"]) == (150, 490, 510, "GRM")
    assert found["cp"]["value"] == pytest.approx(20 / 12, rel=0.2)
    assert found["sigma_within"] == pytest.approx(2, abs=0.3)
    tight = plant.operator.get("/quality/spc/capability", params=params | {"low": 497, "high": 503}).json()
    assert tight["verdict"] == "not_capable"
    missing = plant.operator.get("/quality/spc/capability", params={"characteristic": "Temperature", "sensor": "t1"})
    assert missing.status_code == 400
    assert "specification" in missing.json()["detail"]


@pytest.mark.parametrize(
    "path", ["", "/chart?characteristic=net_weight", "/limits", "/capability?characteristic=leaks"]
)
def test_measurements_are_for_callers_with_a_key(plant: Any, path: str) -> None:
    assert plant.client().get(f"/quality/spc{path}").status_code == 401
    assert plant.client(plant.key("read")).get(f"/quality/spc{path}").status_code in (200, 400)


def test_freezing_needs_a_key_that_writes(plant: Any) -> None:
    body = {"characteristic": "leaks"}
    assert plant.client().post("/quality/spc/limits", json=body).status_code == 401
    assert plant.client(plant.key("read")).post("/quality/spc/limits", json=body).status_code == 403
    assert plant.client(plant.key("write")).post("/quality/spc/limits", json=body).status_code == 201


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"characteristic": "colour"}, 404),
        ({"characteristic": "net_weight", "kind": "p"}, 400),
        ({"characteristic": "leaks", "kind": "i"}, 400),
        ({"characteristic": "leaks", "kind": "pie"}, 400),
        ({"characteristic": "leaks", "rules": "juran"}, 400),
        ({"characteristic": "leaks", "limits": "7"}, 404),
        ({"characteristic": "leaks", "limits": "-1"}, 400),
        ({"characteristic": "leaks", "limits": "99999999999"}, 400),
        ({"characteristic": "leaks", "start": "yesterday"}, 400),
        ({"characteristic": "leaks", "item": "(01)1"}, 400),
        ({"characteristic": "leaks", "by": "month"}, 400),
        ({"characteristic": "net_weight", "item": OTHER, "by": "run"}, 400),
        ({"characteristic": "leaks", "equipment": "lathe"}, 404),
        ({"characteristic": "leaks", "last": "0"}, 400),
    ],
)
def test_what_cannot_be_charted_is_told(plant: Any, params: dict[str, str], status: int) -> None:
    answer = plant.operator.get("/quality/spc/chart", params=params)
    assert answer.status_code == status, answer.text
    assert answer.json()["problems"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"characteristic": "leaks", "excluded": [{"label": "L99", "reason": "?"}]},
        {"characteristic": "leaks", "excluded": [{"label": "L1", "reason": ""}]},
        {"characteristic": "leaks", "excluded": [{"label": "L1", "reason": "x", "time": "soon"}]},
        {"characteristic": "leaks", "kind": "xbar"},
        {"characteristic": "leaks", "colour": "red"},
    ],
)
def test_limits_that_cannot_be_frozen_leave_nothing(plant: Any, body: dict[str, Any]) -> None:
    before = plant.operator.get("/quality/spc/limits").json()
    assert plant.operator.post("/quality/spc/limits", json=body).status_code == 400
    assert plant.operator.get("/quality/spc/limits").json() == before


def test_answers_are_what_the_documentation_says(plant: Any) -> None:
    import jsonschema_rs

    document = plant.operator.get("/openapi.json").json()
    for path, params in (
        ("/quality/spc", {}),
        ("/quality/spc/chart", {"characteristic": "net_weight", "item": GTIN}),
        ("/quality/spc/chart", {"characteristic": "net_weight", "item": GTIN, "kind": "cusum", "limits": "own"}),
        ("/quality/spc/limits", {}),
        ("/quality/spc/multivariate", {"characteristic": ["length", "width"]}),
        ("/quality/spc/capability", {"characteristic": "net_weight", "item": GTIN}),
    ):
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        answer = plant.operator.get(path, params=params)
        assert answer.status_code == 200, answer.text
        whole = {"components": document["components"], **content["schema"]}
        assert [error.message for error in jsonschema_rs.validator_for(whole).iter_errors(answer.json())] == []
