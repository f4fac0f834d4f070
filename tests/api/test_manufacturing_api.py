"""Manufactured goods through the application: imported runs, equipment and inspections come out as figures."""

from __future__ import annotations

from typing import Any

import pytest

CSV = {"content-type": "text/csv"}
_EQUIPMENT = """\
equipment,kind,name,ideal_rate,calibrated,calibration_due
press 1,press,Press 1,60,,
oven 1,oven,Oven 1,60,,
T17,sensor,cold store,,2020-01-01T00:00:00Z,2021-01-01T00:00:00Z
T18,sensor,new,,,
"""
_RUNS = """\
run,equipment,item,start,end,planned,downtime,total,good,rework,opportunities,operator,shift,supplier
r1,press 1,(01)09521000010017(10)R1,2026-06-01T06:00:00Z,2026-06-01T14:00:00Z,25200,2820,19271,18848,0,1,Ana,early,North
r2,press 1,(01)09521000010017(10)R2,2026-06-02T06:00:00Z,2026-06-02T14:00:00Z,25200,0,20000,19990,5,1,Ben,late,South
r3,oven 1,(01)09521000010017(10)R1,2026-06-03T06:00:00Z,2026-06-03T14:00:00Z,25200,0,18848,18800,0,1,Ana,early,
"""
_HEADER = "time,item,characteristic,value,unit,passed,inspector\n"
_FAILED = "2026-06-03T15:00:00Z,(01)09521000010017(10)R1,visual,,,no,Ana\n"


@pytest.fixture(scope="module")
def plant(server: Any) -> Any:
    """A server with equipment, runs and a gauge study in its store."""
    rows = [
        f"2026-06-04T0{trial}:00:00Z,(01)09521000010017(21){part},length,{10 * part + who + 0.1 * trial},MMT,,{name}\n"
        for part in (1, 2, 3)
        for who, name in enumerate(("Ana", "Ben"))
        for trial in (1, 2)
    ]
    tables = {"equipment": _EQUIPMENT, "runs": _RUNS, "inspections": _HEADER + _FAILED + "".join(rows)}
    for kind, table in tables.items():
        answer = server.operator.post(f"/quality/{kind}", content=table, headers=CSV)
        assert answer.status_code == 200, answer.text
    return server


def test_oee_of_imported_runs(plant: Any) -> None:
    by_day = plant.operator.get("/quality/oee", params={"by": "equipment,day"}).json()
    first = next(row for row in by_day if row["group"] == {"equipment": "press 1", "day": "2026-06-01"})
    assert first["oee"] == pytest.approx(0.7479, abs=6e-5)
    whole = plant.operator.get("/quality/oee").json()
    assert [row["group"]["equipment"] for row in whole] == ["oven 1", "press 1"]
    early = plant.operator.get("/quality/oee", params={"by": "shift", "equipment": "press 1"}).json()
    assert [(row["group"]["shift"], row["runs"]) for row in early] == [("early", 1), ("late", 1)]
    assert plant.operator.get("/quality/oee", params={"start": "2027-01-01T00:00:00Z"}).json() == []


def test_yield_of_imported_runs(plant: Any) -> None:
    found = plant.operator.get("/quality/yield", params={"item": "(01)09521000010017(10)R1"}).json()
    assert [step["step"] for step in found["steps"]] == ["press", "oven"]
    assert found["rolled"]["value"] == pytest.approx(18848 / 19271 * 18800 / 18848)
    assert found["shift"] == 1.5
    assert plant.operator.get("/quality/yield", params={"item": "(01)09521000010017(10)none"}).status_code == 404


def test_suppliers_of_imported_runs(plant: Any) -> None:
    found = plant.operator.get("/quality/suppliers").json()
    shares = {(row["supplier"], row["measure"]): row for row in found["shares"]}
    assert shares["North", "nonconforming"]["count"] == 423
    assert shares["North", "lot_acceptance"]["value"] == 0
    assert shares["South", "lot_acceptance"]["value"] is None
    assert shares["South", "on_time"]["trials"] == 0
    (pair,) = found["comparisons"]
    assert (pair["supplier"], pair["other"]) == ("North", "South")
    assert pair["probability_better"] < 1e-6


def test_a_gauge_study_by_inspections_or_by_file(plant: Any) -> None:
    found = plant.operator.get("/quality/gage", params={"characteristic": "length", "low": 0, "high": 50}).json()
    assert (found["parts"], found["operators"], found["trials"]) == (3, 2, 2)
    rows = [
        f"{part},{who},{10 * part + number + 0.1 * trial}\n"
        for part in (1, 2, 3)
        for number, who in enumerate(("Ana", "Ben"))
        for trial in (1, 2)
    ]
    csv = "part,operator,value\n" + "".join(rows)
    posted = plant.operator.post("/quality/gage?low=0&high=50", content=csv, headers=CSV).json()
    for one, other in zip(found["components"], posted["components"], strict=True):
        assert one["variance"] == pytest.approx(other["variance"])
    unbalanced = plant.operator.post("/quality/gage", content=csv[: -len(rows[-1])], headers=CSV)
    assert unbalanced.status_code == 400
    assert "not balanced" in unbalanced.text
    assert plant.operator.get("/quality/gage", params={"characteristic": "visual"}).status_code == 404


def test_calibration_of_equipment(plant: Any) -> None:
    found = plant.operator.get("/quality/calibration").json()
    assert {row["equipment"]: row["state"] for row in found} == {"T17": "overdue", "T18": "unknown"}


def test_sampling_without_a_key(plant: Any) -> None:
    http = plant.client()
    plan = http.get("/quality/sampling/plan", params={"lot_size": 5000, "aql": 1.5}).json()
    assert plan["plan"] == {"n": [200], "ac": [7], "re": [8]}
    double = http.get("/quality/sampling/plan", params={"lot_size": 5000, "aql": 1.5, "kind": "double"}).json()
    assert double["plan"] == {"n": [125, 125], "ac": [3, 8], "re": [7, 9]}
    curve = http.get("/quality/sampling/oc", params={"n": 500, "ac": 3, "model": "poisson"}).json()
    assert curve["curve"][0]["accepted"] == 1
    points = {"producer_quality": 0.05, "consumer_quality": 0.15, "consumer_probability": 0.075}
    assert http.get("/quality/sampling/find", params=points).json()["plan"] == {"n": [80], "ac": [7], "re": [8]}
    known = http.get("/quality/sampling/find", params=points | {"method": "sigma_known"}).json()
    assert known["variables"]["n"] < 80


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/quality/sampling/plan?lot_size=5000&aql=1.2", "no plans are tabulated"),
        ("/quality/sampling/plan?lot_size=5000&aql=nan", "no plans are tabulated"),
        ("/quality/sampling/plan?lot_size=20&aql=0.1&kind=double", "there is no double plan"),
        ("/quality/sampling/plan?lot_size=5000&aql=1.5&kind=double&severity=reduced", "not tabulated"),
        ("/quality/sampling/oc?n=10&n=10&ac=1", "neither a single nor a double plan"),
        ("/quality/sampling/oc?n=10&ac=3&re=2", "is no sampling plan"),
        ("/quality/sampling/oc?n=900&n=900&ac=0&ac=400&re=400", "at most 100 between them"),
        ("/quality/sampling/oc?n=10&ac=3&model=hypergeometric", "lot's size"),
        ("/quality/sampling/find?producer_quality=0.2&consumer_quality=0.1", "must be better"),
        ("/quality/oee?by=colour", "cannot be put together"),
        ("/quality/oee?zone=Mars/Base&by=day", "unknown time zone"),
        ("/quality/oee?zone=../etc&by=day", "unknown time zone"),
        ("/quality/oee?start=yesterday", "yesterday"),
    ],
)
def test_wrong_questions_are_told_what_is_expected(plant: Any, path: str, words: str) -> None:
    answer = plant.operator.get(path)
    assert answer.status_code == 400, answer.text
    assert words in answer.text


def test_figures_of_the_plant_need_a_key(plant: Any) -> None:
    for path in ("oee", "yield", "suppliers", "gage?characteristic=length", "calibration"):
        assert plant.client().get(f"/quality/{path}").status_code == 401


def test_answers_fit_what_is_documented(plant: Any) -> None:
    from jsonschema_rs import validator_for

    document = plant.client().get("/openapi.json").json()
    paths = {
        "/quality/oee": "", "/quality/yield": "", "/quality/suppliers": "", "/quality/calibration": "",
        "/quality/gage": "?characteristic=length", "/quality/sampling/plan": "?lot_size=5000&aql=1.5",
        "/quality/sampling/oc": "?n=80&ac=7",
        "/quality/sampling/find": "?producer_quality=0.05&consumer_quality=0.15",
    }  # fmt: skip
    for path, query in paths.items():
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"]}
        errors = [
            error.message
            for error in validator_for(whole | schema).iter_errors(plant.operator.get(path + query).json())
        ]
        assert errors == [], path
