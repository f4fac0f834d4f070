"""The join through the application: ancestors' measurements with shares, what a reading touches, the pipeline."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

TEXT = {"content-type": "text/csv"}


@pytest.fixture(scope="module")
def mixed(serving: Any, make: Any) -> Any:
    """Two lots in one cold store for a day, then 3 kg and 1 kg of them in a third; one sensor spikes."""
    server = serving()
    made = make.mixing(["L1", "L2"], "L3")
    made["inputQuantityList"][0]["quantity"] = 15
    server.capture(make.document(make.event("L1"), make.event("L2"), made))
    rows = [
        f"2026-06-01T{hour:02d}:{minute:02d}:00Z,probe,{make.place},Temperature,{value},CEL"
        for hour in range(6, 12)
        for minute in (0, 30)
        for value in [45 if (hour, minute) == (8, 30) else 3 + hour % 2]
    ]
    for name, head, lines in (
        ("readings", "time,sensor,place,quantity_kind,value,unit", rows),
        ("limits", "item,quantity_kind,low,high,unit", [f"{make.gtin},Temperature,0,6,CEL"]),
        ("inspections", "time,item,characteristic,passed", [f"2026-06-01T07:00:00Z,{make.gtin}/10/L2,looks,no"]),
    ):
        answer = server.operator.post(f"/quality/{name}", content="\n".join([head, *lines]), headers=TEXT)
        assert answer.status_code == 200, answer.text
    return server


def _table(client: Any, make: Any, lot: str, **params: Any) -> dict[str, Any]:
    answer = client.get("/quality/table", params={"item": f"{make.gtin}/10/{lot}", **params})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_what_was_measured_of_its_ancestors_is_told_with_their_shares(mixed: Any, make: Any) -> None:
    found = _table(mixed.operator, make, "L3")
    rows = {(row["item"][-2:], row["source"]): row for row in found["rows"] if row["count"]}
    assert {key: row["share"] for key, row in rows.items()} == {
        ("L1", "reading"): 0.75, ("L2", "reading"): 0.25, ("L2", "inspection"): 0.25,
    }  # fmt: skip
    reading = rows["L1", "reading"]
    assert (reading["relation"], reading["level"], reading["count"]) == ("ancestor", 1, 11)
    assert (reading["maximum"], reading["raw_maximum"], reading["flagged"]) == (4.0, 45.0, {"spikes": 1})
    assert reading["verdict"] == "unknown"
    assert reading["inputs"]["count"] == 12
    assert rows["L2", "inspection"]["verdict"] == "outside"
    assert found["data_quality"]["flagged"] == {"spikes": 2}
    assert found["data_quality"]["inspections"] == 1


def test_forward_and_as_csv(mixed: Any, make: Any) -> None:
    found = _table(mixed.operator, make, "L2", direction="forward")
    assert {row["item"][-2:] for row in found["rows"]} >= {"L2"}
    answer = mixed.operator.get("/quality/table", params={"item": f"{make.gtin}/10/L3"}, headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["share"] for row in rows if row["item"].endswith("L1")} == {"0.75"}
    assert next(row["flagged"] for row in rows if row["flagged"]) == "spikes=1"


def test_a_reading_touches_what_was_there_and_what_it_went_into(mixed: Any, make: Any) -> None:
    params = {"sensor": "probe", "time": "2026-06-01T09:00:00Z", "quantity_kind": "Temperature"}
    answer = mixed.operator.get("/quality/touched", params=params)
    assert answer.status_code == 200, answer.text
    found = {row["item"][-2:]: row for row in answer.json()["touched"]}
    assert {name: row["through"] for name, row in found.items()} == {
        "L1": "place", "L2": "place", "L3": "descendant",
    }  # fmt: skip
    by_id = mixed.operator.get("/quality/touched", params={"reading": answer.json()["id"]})
    assert by_id.json() == answer.json()
    whole = mixed.operator.get("/quality/touched", params={"inspection": 1}).json()["touched"]
    assert {row["item"][-2:]: row["share"] for row in whole} == {"L2": 1.0, "L3": 0.25}
    for wrong, status in (({}, 400), ({"reading": 10**6}, 404), (params | {"sensor": "none"}, 404)):
        assert mixed.operator.get("/quality/touched", params=wrong).status_code == status
    assert mixed.client().get("/quality/touched", params=params).status_code == 401


def test_without_a_key_sealed_events_make_no_genealogy(mixed: Any, make: Any) -> None:
    found = _table(mixed.client(), make, "L3")
    assert (found["rows"], found["withheld"]) == ([], True)
    assert _table(mixed.operator, make, "L3")["withheld"] is False


def test_the_pipeline_is_shown_set_and_named_by_its_digest(serving: Any, make: Any) -> None:
    server = serving()
    first = server.operator.get("/quality/pipeline").json()
    assert (first["since"], [step["step"] for step in first["steps"]][:2]) == (None, ["missing", "impossible"])
    headers = {"content-type": "application/json"}
    put = server.operator.put("/quality/pipeline", content=json.dumps([{"step": "missing"}]), headers=headers)
    assert put.status_code == 200, put.text
    assert put.json() == server.operator.get("/quality/pipeline").json()
    assert put.json()["digest"] == _table(server.operator, make, "L3")["pipeline"]
    again = server.operator.put("/quality/pipeline", content=json.dumps(first["steps"]), headers=headers).json()
    assert again["digest"] == first["digest"]
    old = server.operator.get("/quality/pipeline", params={"digest": put.json()["digest"]}).json()
    assert old["steps"] == put.json()["steps"]
    assert server.operator.get("/quality/pipeline", params={"digest": "0" * 64}).status_code == 404
    for wrong in ("{}", '[{"step":"polish"}]', "[NaN]"):
        assert server.operator.put("/quality/pipeline", content=wrong, headers=headers).status_code == 400
    assert server.client().put("/quality/pipeline", content="[]", headers=headers).status_code == 401
