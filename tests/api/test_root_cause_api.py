"""Root cause through the application: a bad lot among the ancestors is found from inspections, and from named items."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

RAW, MIXES = "https://id.gs1.org/01/09521000010017/10/", "urn:example:mix:"
PACKS = "https://id.gs1.org/01/09521000010024/10/"
CSV = {"content-type": "text/csv"}
HALLS = ["https://id.gs1.org/414/9521000000018", "https://id.gs1.org/414/9521000000025"]
BAD = 3
QUARANTINE = "https://id.gs1.org/414/9521000000032"


def _made(inputs: list[str], output: str, hour: int, hall: str) -> dict[str, Any]:
    def named(items: list[str]) -> list[dict[str, Any]]:
        return [{"epcClass": item, "quantity": 5, "uom": "KGM"} for item in items]

    return {
        "type": "TransformationEvent",
        "eventTime": f"2026-06-{1 + hour // 24:02d}T{hour % 24:02d}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizStep": "creating_class_instance",
        "bizLocation": {"id": hall},
        "inputQuantityList": named(inputs),
        "outputQuantityList": named([output]),
    }


def _held(items: list[str]) -> dict[str, Any]:
    """The failed ones, put aside the day after their inspection."""
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-06-11T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": "holding",
        "bizLocation": {"id": QUARANTINE},
        "quantityList": [{"epcClass": item, "quantity": 5, "uom": "KGM"} for item in items],
    }


@pytest.fixture(scope="module")
def plant(serving: Any, make: Any) -> Any:
    """12 raw lots in 24 mixes in 96 packs; of the packs with raw lot 3 most fail, and a few of the others."""
    server = serving()
    dice = np.random.default_rng(6)
    into = [sorted(dice.choice(12, 2, replace=False)) for _ in range(24)]
    of = dice.integers(0, 24, 96)
    events = [_made([f"{RAW}R{raw}" for raw in into[mix]], f"{MIXES}{mix}", mix, HALLS[mix % 2]) for mix in range(24)]
    events += [_made([f"{MIXES}{of[pack]}"], f"{PACKS}P{pack}", 30 + pack, HALLS[pack % 2]) for pack in range(96)]
    exposed = np.array([BAD in into[mix] for mix in of])
    fails = dice.random(96) < np.where(exposed, 0.8, 0.03)
    job = server.capture(make.document(*events, _held([f"{PACKS}P{n}" for n in range(96) if fails[n]])))
    assert job["success"], job
    checks = ["time,item,characteristic,passed"]
    checks += [f"2026-06-10T08:00:00Z,{PACKS}P{n},seal,{'no' if fails[n] else 'yes'}" for n in range(96)]
    checks += [f"2026-06-10T08:00:00Z,{PACKS}P{n},colour,yes" for n in range(4)]
    weights = ["time,item,characteristic,value,unit"]
    weights += [f"2026-06-10T09:00:00Z,{PACKS}P{n},weight,{4.0 if fails[n] else 5.0},KGM" for n in range(95)]
    weights += [f"2026-06-10T09:00:00Z,{PACKS}P95,weight,5,LTR"]
    limits = ["item,characteristic,low,unit", f"{PACKS.removesuffix('/10/')},weight,4500,GRM"]
    runs = ["run,equipment,item,start,end,planned,downtime,total,good,operator"]
    runs += [
        f"run{n},press {n % 3},{MIXES}{n},2026-06-01T{n:02d}:00:00Z,2026-06-01T{n:02d}:30:00Z,1800,0,9,9,Ada"
        for n in range(24)
    ]
    for table, rows in (("inspections", checks), ("inspections", weights), ("specifications", limits), ("runs", runs)):
        answer = server.operator.post(f"/quality/{table}", content="\n".join(rows), headers=CSV)
        assert answer.is_success, answer.text
    failed = [f"{PACKS}P{n}" for n in range(96) if fails[n]]
    return SimpleNamespace(operator=server.operator, client=server.client, key=server.key, failed=failed)


def test_the_bad_lot_is_the_first_alarm(plant: Any) -> None:
    found = plant.operator.get("/quality/root-cause", params={"characteristic": "seal"}).json()
    assert (found["items"], found["bad"], found["unknown"]) == (96, len(plant.failed), 0)
    assert found["bad_items"] == sorted(plant.failed)
    first = found["alarms"][0]
    assert first["name"] == f"{RAW}R{BAD}"
    assert found["screening"][0]["factor"] == first["factor"]
    assert found["separation"][0]["factor"] == first["factor"]
    assert 0 < found["screening"][0]["mean_share"] <= 0.5
    assert "not cause" in found["caution"]
    kinds = {member.partition(" ")[0] for row in found["screening"] for member in row["members"]}
    assert {"lot", "machine", "window"} <= kinds
    aside = {(row["kind"], row["name"]) for row in found["set_aside"]}
    assert {("operator", "Ada"), *(("place", hall) for hall in HALLS)} <= aside
    assert ("maker", "https://id.gs1.org/417/9521000000001") in aside


def test_a_quarantine_that_follows_from_the_failure_explains_nothing(plant: Any) -> None:
    found = plant.operator.get("/quality/root-cause", params={"characteristic": "seal"}).json()
    named = {member for row in found["screening"] for member in row["members"]}
    assert f"place {QUARANTINE}" not in named


def test_a_value_outside_its_limit_is_as_bad_and_without_a_verdict_unknown(plant: Any) -> None:
    found = plant.operator.get("/quality/root-cause", params={"characteristic": "weight"}).json()
    assert (found["items"], found["unknown"]) == (95, 1)
    assert found["alarms"][0]["name"] == f"{RAW}R{BAD}"


def test_named_items_are_held_against_their_sisters(plant: Any) -> None:
    rows = ["item,time", *(f"{item},2026-06-10T08:00:00Z" for item in plant.failed)]
    found = plant.operator.post("/quality/root-cause", content="\n".join(rows), headers=CSV).json()
    assert (found["items"], found["bad"], found["characteristic"]) == (96, len(plant.failed), None)
    assert found["alarms"][0]["name"] == f"{RAW}R{BAD}"


def test_how_far_up_and_which_windows_can_be_said(plant: Any) -> None:
    params = {"characteristic": "seal", "levels": 1, "window": "none"}
    found = plant.operator.get("/quality/root-cause", params=params).json()
    names = {member for row in found["screening"] for member in row["members"]}
    names |= {f"{row['kind']} {row['name']}" for row in found["set_aside"]}
    assert not any(RAW in name or name.startswith("window") for name in names)


@pytest.mark.parametrize(
    ("params", "status", "told"),
    [
        ({"characteristic": "colour"}, 404, "no item failed"),
        ({"characteristic": "smell"}, 404, "nothing was inspected"),
        ({"characteristic": "seal", "window": "soon"}, 400, "no duration"),
        ({"characteristic": "seal", "start": "soon"}, 400, "soon"),
        ({"characteristic": "seal", "start": "2026-07-01T00:00:00Z"}, 404, "nothing was inspected"),
        ({"characteristic": "seal", "levels": "0"}, 400, "levels"),
        ({}, 400, "characteristic"),
    ],
)
def test_what_cannot_be_answered_is_said(plant: Any, params: dict[str, str], status: int, told: str) -> None:
    answer = plant.operator.get("/quality/root-cause", params=params)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("item,bad\nx y,yes\n", "line 2 column item"),
        ("item,bad\nurn:example:1,perhaps\n", "line 2 column bad"),
        ("item,bad\nurn:example:1,no\n", "no item is named as bad"),
        ("thing\n1\n", "column item is missing"),
    ],
)
def test_a_file_that_names_no_bad_items_is_refused(plant: Any, table: str, told: str) -> None:
    answer = plant.operator.post("/quality/root-cause", content=table, headers=CSV)
    assert (answer.status_code, told in answer.text) == (400, True), answer.text


def test_a_key_is_needed(plant: Any) -> None:
    assert plant.client().get("/quality/root-cause", params={"characteristic": "seal"}).status_code == 401
    reader = plant.client(plant.key("read"))
    assert reader.get("/quality/root-cause", params={"characteristic": "seal"}).status_code == 200
