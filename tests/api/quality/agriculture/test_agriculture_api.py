"""From imported files and captured events to answers: residues, certificates, mass balances, footprints, shelf life."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

HASH = hashlib.sha256(b"certificate").hexdigest()
DATA = {
    "results": """\
time,item,sample,laboratory,analyte,value,unit,loq,uncertainty,method,certificate
2026-06-02T08:00:00Z,(01)09521000010017(10)mixed,S1,lab,chlorpyrifos,0.05,NA,,,EN 15662,{hash}
2026-06-02T08:00:00Z,(01)09521000010017(10)mixed,S1,lab,captan,<0.01,NA,,,EN 15662,{hash}
2026-06-02T08:00:00Z,(01)09521000010017(10)mixed,S1,lab,ethephon,<LOQ,NA,0.05,,EN 15662,{hash}
""",
    "specifications": """\
item,characteristic,market,high,unit,source
(01)09521000010017,chlorpyrifos,EU,0.01,NA,2020/1085
(01)09521000010017,captan,EU,10,NA,2016/452
(01)09521000010017,ethephon,EU,0.02,NA,2023/1
""",
    "equipment": """\
equipment,kind,laboratory_accredited_until
lab,laboratory,2026-06-01T00:00:00Z
""",
    "activities": """\
start,end,subject,activity,amount,unit
2026-06-01T00:00:00Z,2026-06-01T01:00:00Z,(01)09521000010017(10)first,electricity,100,KWH
2026-06-02T05:00:00Z,2026-06-02T06:00:00Z,https://id.gs1.org/414/9521000000018,electricity,3.6,3B
2026-06-02T05:00:00Z,2026-06-02T06:00:00Z,R-404,electricity,10,KWH
""",
    "factors": """\
activity,indicator,factor,unit,per,source
electricity,carbon,0.5,KWH,kgCO2e,grid
""",
}


@pytest.fixture(scope="module")
def mixed(server: Any, make: Any) -> Any:
    """Ten kg of `first`, half of which is mixed with `second` into nine kg of `mixed`; what a laboratory found."""
    made = make.event(
        action="ADD",
        bizStep="commissioning",
        quantityList=[{"epcClass": f"{make.gtin}/10/first", "quantity": 10, "uom": "KGM"}],
    )
    server.capture(make.document(made, make.mixing(["first", "second"], "mixed")))
    for kind, table in DATA.items():
        answer = server.operator.post(
            f"/quality/{kind}", content=table.replace("{hash}", HASH), headers={"content-type": "text/csv"}
        )
        assert answer.status_code == 200, answer.text
    readings = ["time,sensor,item,quantity_kind,value,unit"]
    readings += [
        f"2026-06-01T{hour:02d}:12:00Z,probe,(01)09521000010017(10)first,Temperature,{50 if hour < 8 else 41},FAH"
        for hour in range(5, 12)
    ]
    server.operator.post("/quality/readings", content="\n".join(readings), headers={"content-type": "text/csv"})
    return server


def got(server: Any, path: str, **params: Any) -> Any:
    answer = server.operator.get(f"/quality/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_residues(mixed: Any) -> None:
    found = got(mixed, "residues/(01)09521000010017(10)mixed", market="EU")
    verdicts = {one["analyte"]: (one["verdict"], one["reason"]) for one in found["results"]}
    assert verdicts == {
        "chlorpyrifos": ("outside", ""),
        "ethephon": ("unknown", "loq_beyond_limit"),
        "captan": ("in_range", ""),
    }
    assert found["verdict"] == "outside"
    assert {one["analyte"]: one["censored"] for one in found["summaries"]}["captan"] == 1
    elsewhere = got(mixed, "residues/(01)09521000010017(10)mixed")
    assert elsewhere["verdict"] == "no_limit"
    assert got(mixed, "residues/(01)09521000010017(10)mixed", default_limit=0.01)["verdict"] == "outside"
    assert got(mixed, "residues/(01)09521000010017(10)nothing") | {"item": ""} == {
        "item": "", "verdict": "unknown", "results": [], "summaries": [],
    }  # fmt: skip


def test_a_certificate_is_rechecked(mixed: Any) -> None:
    (found,) = got(mixed, "certificates/(01)09521000010017(10)mixed", market="EU", document=HASH, required=["lead"])
    assert (found["certificate"], found["verdict"]) == (HASH, "failed")
    states = {(one["check"], one["analyte"]): one["state"] for one in found["checks"]}
    assert states[("document", "")] == "passed"
    assert states[("specification", "chlorpyrifos")] == "failed"
    assert states[("accreditation", "captan")] == "failed"
    assert states[("sample", "captan")] == "passed"
    assert states[("complete", "lead")] == "failed"
    assert found["checks"][0]["state"] == "failed"
    assert mixed.operator.get("/quality/certificates/(01)09521000010017(10)first").status_code == 404


def test_mass_balance(mixed: Any, make: Any) -> None:
    found = got(mixed, "mass-balance", item="(01)09521000010017(10)first")
    (closure,) = found["closures"]
    assert (closure["input"], closure["output"], closure["closure"]) == (10, 9, 0.9)
    assert closure["process"].endswith(make.place)
    assert [one["signal"] for one in found["chart"]] == [None]
    assert found["lots"] == [{"item": f"{make.gtin}/10/first", "made": 10, "used": 5, "left": 5, "verdict": "within"}]


def test_a_footprint_follows_the_mass(mixed: Any) -> None:
    (first,) = got(mixed, "footprint/(01)09521000010017(10)first")["lots"]
    assert (first["total"], first["retained"], first["per_kilogram"]) == (50, 25, 5)
    found = got(mixed, "footprint/(01)09521000010017(10)mixed")
    (lot,) = found["lots"]
    # half of the first lot's 50, and 3.6 MJ at the place at which it was made
    assert (lot["inherited"], lot["own"], lot["complete"]) == (25, pytest.approx(0.5), True)
    assert [(one["subject"], one["reason"], one["impact"]) for one in found["unallocated"]] == [("R-404", "subject", 5)]


def test_shelf_life_from_readings_in_other_units(mixed: Any) -> None:
    until = "2026-06-01T11:12:00Z"
    found = got(mixed, "shelf-life/(01)09521000010017(10)first", days=1, reference=5, q10=2, until=until, ahead=15)
    # three hours at 10 °C, three at 5 °C
    assert found["used_most"] == pytest.approx((3 * 2**0.5 + 3) / 24)
    assert (found["unknown"], found["certain"], found["verdict"]) == (0, True, "left")
    later = got(
        mixed,
        "shelf-life/(01)09521000010017(10)first",
        days=1,
        reference=5,
        until="2026-06-01T21:12:00Z",
        low=0,
        high=20,
    )
    assert (later["unknown"], later["certain"]) == (10 * 3600, False)
    assert later["used_least"] < later["used_most"]
    unbounded = got(mixed, "shelf-life/(01)09521000010017(10)first", days=1, until="2026-06-01T21:12:00Z")
    assert (unbounded["used_most"], unbounded["verdict"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("shelf-life/(01)09521000010017(10)first", 400),
        ("shelf-life/(01)09521000010017(10)first?days=nan", 400),
        ("shelf-life/(01)09521000010017(10)first?days=1&low=3", 400),
        ("shelf-life/(01)09521000010017(10)first?days=1&until=yesterday", 400),
        ("shelf-life/(01)09521000010017(10)first?days=1&since=2030-01-01T00:00:00Z", 400),
        ("shelf-life/(01)09521000010017(10)nobody?days=1", 404),
        ("residues/(01)123", 400),
        ("certificates/(01)09521000010017(10)mixed?certificate=zz", 400),
        ("mass-balance?history_until=soon", 400),
        ("footprint/(01)123", 400),
    ],
)
def test_bad_questions_are_answered_kindly(mixed: Any, path: str, status: int) -> None:
    answer = mixed.operator.get(f"/quality/{path}")
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_without_a_key_nothing_is_told(mixed: Any) -> None:
    for path in ("residues/x:y", "certificates/x:y", "mass-balance", "footprint/x:y", "shelf-life/x:y?days=1"):
        assert mixed.client().get(f"/quality/{path}").status_code == 401


def test_stated_results_against_own_retests(mixed: Any) -> None:
    rows = ["time,item,sample,laboratory,analyte,value,unit,loq"]
    for number, (stated, own) in enumerate([(0.05, 0.04), (0.07, 0.04), (0.06, "<0.01")]):
        item = f"(01)09521000010017(10)retest{number}"
        rows += [
            f"2026-06-0{number + 1}T08:00:00Z,{item},,{laboratory},nickel,{value},NA,"
            for laboratory, value in (("supplier", stated), ("own", own))
        ]
    answer = mixed.operator.post("/quality/results", content="\n".join(rows), headers={"content-type": "text/csv"})
    assert answer.status_code == 200, answer.text
    (found,) = mixed.operator.get("/quality/retests", params={"own": "own", "analyte": "nickel"}).json()
    assert (found["analyte"], found["pairs"], found["left_out"]) == ("nickel", 2, 1)
    assert found["mean"] == pytest.approx(0.02)
    assert [point["difference"] for point in found["ewma"]] == pytest.approx([0.01, 0.03])
    assert mixed.operator.get("/quality/retests", params={"own": "nobody"}).status_code == 404
    assert mixed.client().get("/quality/retests", params={"own": "own"}).status_code == 401
