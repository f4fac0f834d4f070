"""One lot on one screen, of the demonstration: what it inherits, what comes first, what a hold does to what is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from api.models.lot import LotAnswer
from ledger.identifiers import parse_item

LOT = "(01)09521003003504(10)CL-0505-3"  # of clamshells, with spinach of
SPINACH = "(01)09521002002010(10)GR-0505-11"  # beyond its residue limit
WASHED = "(01)09521003003030(10)W-GR-0505-11"
CLAMSHELL = "(01)09521003003504(21)1101"  # on a lorry that was too warm
PUMP = "(01)09521008008405(21)HP40-0009"


def lot(http: Any, item: str, **params: str) -> dict[str, Any]:
    answer = http.get(f"/quality/lot/{quote(item, safe='')}", params=params)
    assert answer.status_code == 200, answer.text
    LotAnswer.model_validate(answer.json())
    return dict(answer.json())


@contextmanager
def held(http: Any, item: str, reason: str) -> Iterator[str]:
    """Releases what is still held at the end."""
    placed = http.post("/quality/holds", json={"item": item, "reason": reason})
    assert placed.status_code == 201, placed.text
    path = f"/quality/holds/{placed.json()['id']}/release"
    yield path
    http.post(path, json={"reason": "the test is over"})


@pytest.mark.parametrize("item", [LOT, SPINACH, WASHED, CLAMSHELL, PUMP, parse_item(CLAMSHELL).uri])
def test_the_answer_is_as_documented(shown: Any, item: str) -> None:
    found = lot(shown.operator, item)
    assert found["demonstration"]
    assert found["item"]["uri"] == parse_item(item).uri
    assert found["record"]["events"] >= found["record"]["final"] > 0
    shares = [parent["share"] for parent in found["genealogy"]["parents"]]
    if shares and None not in shares:  # pieces and kilograms have no shares of each other
        assert sum(shares) == pytest.approx(1)


def test_what_was_said_of_it_when_it_began_is_shown(shown: Any) -> None:
    said = {one["attribute"]: one for one in lot(shown.operator, LOT)["attributes"]}
    assert said["bestBeforeDate"]["text"] == "2026-05-19"
    assert said["bestBeforeDate"]["time"].startswith("2026-05-19T")
    washed = {one["attribute"]: one["text"] for one in lot(shown.operator, WASHED)["attributes"]}
    assert washed == {"lotNumber": "W-GR-0505-11", "countryOfOrigin": "US"}
    assert lot(shown.operator, CLAMSHELL)["attributes"]  # of its lot


def test_a_lot_of_serial_items_shows_what_was_found_in_what_they_are_made_of(shown: Any) -> None:
    found = lot(shown.operator, LOT)
    first = found["signals"][0]
    assert (first["kind"], first["item"], first["subject"]) == ("residue", SPINACH, "imidacloprid")
    assert first["severity"] == "major"  # critical in the spinach itself, which is only a part of it
    assert first["facts"]["inherited"]
    assert WASHED in {parent["element_string"] for parent in found["genealogy"]["parents"]}
    assert found["results"][0]["verdict"] == "outside"
    itself = lot(shown.operator, SPINACH)["signals"][0]
    assert (itself["severity"], itself["facts"].get("inherited")) == ("critical", None)


def test_a_serial_item_shows_its_excursion_first(shown: Any) -> None:
    found = lot(shown.operator, CLAMSHELL)
    first = found["signals"][0]
    assert (first["kind"], first["item"], first["subject"]) == ("excursion", CLAMSHELL, "Temperature")
    assert (first["facts"]["maximum"], first["facts"]["high"]) == (9.0, 5.0)
    assert found["item"]["lot"] == parse_item("(01)09521003003504(10)CL-0505-1").uri
    temperature = found["cold_chain"][0]
    assert temperature["seconds_above"] == first["facts"]["seconds_outside"]
    assert max(value for series in temperature["series"] for value in series["values"]) == 9.0
    assert temperature["gaps"]
    assert found["data_quality"]["known"] < 1


def test_signals_are_worst_first(shown: Any) -> None:
    order = ["critical", "major", "minor", "warning"]
    for item in (LOT, CLAMSHELL, PUMP):
        ranks = [order.index(signal["severity"]) for signal in lot(shown.operator, item)["signals"]]
        assert ranks == sorted(ranks)


def test_a_hold_is_that_of_all_that_is_made_of_the_item(shown: Any) -> None:
    http = shown.operator
    leaves, washed_leaves = "(01)09521001001014(10)VV-0504-A7", "(01)09521003003016(10)W-VV-0504-A7"
    before = lot(http, CLAMSHELL)["disposition"]
    assert before["state"] == "unknown"
    with held(http, leaves, "chlorpyrifos") as release:
        own, washed, made = (lot(http, item)["disposition"] for item in (leaves, washed_leaves, CLAMSHELL))
        assert (own["state"], own["reason"], own["by"]) == ("hold", "chlorpyrifos", "operator")
        for inherited in (washed, made):
            assert inherited["state"] == "hold"
            assert inherited["source"] == parse_item(leaves).uri
            assert inherited["reason"] == f"made of {leaves}, which is on hold: chlorpyrifos"
        assert lot(http, PUMP)["disposition"]["state"] != "hold"
        assert http.post(release, json={"reason": "measured again"}).status_code == 200
        released = lot(http, leaves)["disposition"]
        assert (released["state"], released["reason"]) == ("released", "measured again")
        assert lot(http, CLAMSHELL)["disposition"] == before


def test_a_hold_on_a_part_and_on_the_whole(shown: Any) -> None:
    http = shown.operator
    with held(http, CLAMSHELL, "dented"):
        part, whole = (lot(http, item)["disposition"] for item in (CLAMSHELL, "(01)09521003003504(10)CL-0505-1"))
        assert part["reason"] == "dented"
        assert whole["reason"] == f"{CLAMSHELL}, a part of it, is on hold: dented"
        with held(http, "(01)09521003003504(10)CL-0505-1", "all of them"):
            assert lot(http, "(01)09521003003504(10)CL-0505-1")["disposition"]["reason"] == "all of them"
            assert lot(http, CLAMSHELL)["disposition"]["reason"] == "dented"
            other = lot(http, "(01)09521003003504(21)1102")["disposition"]
            assert other["reason"].endswith("its lot, is on hold: all of them")


def test_the_market_decides_which_limits_count(shown: Any) -> None:
    limits = "item,characteristic,market,high,unit\n(01)09521002002010,imidacloprid,mars,0.001,NA\n"
    answer = shown.operator.post("/quality/specifications", content=limits, headers={"content-type": "text/csv"})
    assert answer.is_success, answer.text
    highs = {
        market: [one["high"] for one in lot(shown.operator, SPINACH, market=market)["results"] if one["value"]]
        for market in ("", "mars")
    }
    assert highs == {"": [0.7], "mars": [0.001]}


@pytest.mark.parametrize(
    ("item", "status"),
    [("(01)09521003003504(10)NOBODY", 404), ("urn:example:nobody", 404), ("garbage", 400), ("(01)0952", 400),
     ("%FF", 400), ("", 400), ("9" * 3000, 400)],
)  # fmt: skip
@pytest.mark.parametrize("path", ["lot", "report/lot"])
def test_what_cannot_be_shown(shown: Any, path: str, item: str, status: int) -> None:
    answer = shown.operator.get(f"/quality/{path}/{item}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["lot/" + quote(LOT), "report/lot/" + quote(LOT), "report/month/2026-05"])
def test_it_takes_a_key(shown: Any, path: str) -> None:
    assert shown.client().get(f"/quality/{path}").status_code == 401
    assert shown.client("lm_0123456789ab.c2VjcmV0").get(f"/quality/{path}").status_code == 401
    assert shown.client(shown.key("read")).get(f"/quality/{path}").status_code == 200
