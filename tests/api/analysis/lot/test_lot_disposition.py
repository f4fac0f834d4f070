"""What was decided of a lot: whose hold counts first, a recall before a release, the last release."""

from __future__ import annotations

from typing import Any

import pytest

from api.analysis.lot.disposition import disposition_of, record_of
from api.analysis.lot.family import Family, family_of
from api.analysis.lot.history import history_behind
from ledger.identifiers import parse_item
from ledger.store import Store, holds
from ledger.trace import Trace


@pytest.fixture
def lots(make: Any) -> dict[str, str]:
    return {name: f"{make.gtin}/10/{name}" for name in ("L1", "L2", "MIX")}


@pytest.fixture
def mixed(capturing: Any, make: Any) -> None:
    capturing(make.mixing(["L1", "L2"], "MIX"))
    capturing(make.event("MIX", disposition="in_progress", eventTime="2026-06-03T05:12:00Z"))


def decided(store: Store, item: str) -> tuple[dict[str, Any], Trace, Family]:
    with store.read() as connection:
        found = history_behind(connection, item)
        family = family_of(found, parse_item(item))
        return disposition_of(connection, found, family), found, family


def hold(store: Store, item: str, reason: str) -> int:
    with store.begin() as connection:
        return int(holds.place(connection, item, reason=reason, by="Ann").id)


def release(store: Store, id: int, reason: str) -> None:
    with store.begin() as connection:
        holds.release(connection, id, by="Bo", reason=reason)


@pytest.mark.usefixtures("mixed")
def test_its_own_hold_comes_before_that_of_what_it_is_made_of(store: Store, lots: dict[str, str]) -> None:
    said, found, family = decided(store, lots["MIX"])
    assert (said["state"], said["said"]) == ("unknown", "in_progress")
    assert family.ancestors == {lots["L1"], lots["L2"]}
    assert record_of(found, family.own)["events"] == 2
    hold(store, lots["L2"], "lead")
    said, _, _ = decided(store, lots["MIX"])
    assert (said["state"], said["source"], said["by"]) == ("hold", lots["L2"], "Ann")
    assert said["reason"] == "made of (01)09521000010017(10)L2, which is on hold: lead"
    hold(store, lots["MIX"], "too warm")
    assert decided(store, lots["MIX"])[0]["reason"] == "too warm"
    assert decided(store, lots["L1"])[0]["state"] == "unknown"  # what was made of it is no reason to hold it


@pytest.mark.usefixtures("mixed")
def test_the_last_release_is_told_until_a_recall(store: Store, lots: dict[str, str], capturing: Any, make: Any) -> None:
    for reason in ("first", "second"):
        release(store, hold(store, lots["MIX"], "again"), reason)
    said = decided(store, lots["MIX"])[0]
    assert (said["state"], said["reason"], said["by"]) == ("released", "second", "Bo")
    capturing(make.event("MIX", disposition="recalled", eventTime="2026-06-04T05:12:00Z"))
    recalled = decided(store, lots["MIX"])[0]
    assert (recalled["state"], recalled["by"]) == ("recalled", "orchard")
    hold(store, lots["MIX"], "recalled goods")
    assert decided(store, lots["MIX"])[0]["state"] == "hold"


@pytest.mark.usefixtures("mixed")
def test_a_recall_that_was_declared_wrong_is_none(
    store: Store, lots: dict[str, str], capturing: Any, make: Any
) -> None:
    recall = make.event(
        "MIX", disposition="recalled", eventTime="2026-06-04T05:12:00Z",
        eventID="urn:uuid:6f6f6c6a-52e4-4d6c-9ef7-000000000002",
    )  # fmt: skip
    capturing(recall)
    assert decided(store, lots["MIX"])[0]["state"] == "recalled"
    capturing(recall | {"errorDeclaration": {"declarationTime": "2026-06-05T05:12:00Z", "reason": "incorrect_data"}})
    said, found, family = decided(store, lots["MIX"])
    assert (said["state"], said["said"]) == ("unknown", "in_progress")
    assert record_of(found, family.own)["corrected"] == 1
