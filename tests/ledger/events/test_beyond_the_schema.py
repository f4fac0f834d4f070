"""The rules that go beyond the ratified schema, one by one; check digits are in bad_input."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events import check_event, event_types

COMMON = {"eventTime": "2026-03-01T08:15:00+01:00", "eventTimeZoneOffset": "+01:00"}


def places(event: dict[str, Any]) -> list[str]:
    assert not event_types.event(event), "the schema finds it valid"
    return [problem.where for problem in check_event(event)]


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("epcList", "urn:x:y", "/epcList"),
        ("epcList", ["no uri"], "/epcList/0"),
        ("quantityList", [{"quantity": 1}], "/quantityList/0"),
        ("action", "CREATE", "/action"),
        ("bizStep", "walking", "/bizStep"),
        ("readPoint", "urn:x:y", "/readPoint"),
        ("parentID", 5, "/parentID"),
        ("inputEPCList", ["https://id.gs1.org/01/09506000134353"], "/inputEPCList/0"),
    ],
)
def test_standard_fields_of_a_custom_event_have_their_standard_shape(field: str, value: object, where: str) -> None:
    assert places({**COMMON, "type": "example:Custom", field: value}) == [where]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "AggregationEvent", "action": "DELETE"},
        {"type": "AssociationEvent", "action": "DELETE", "parentID": "urn:x:y"},
        {"type": "TransactionEvent", "action": "DELETE", "bizTransactionList": [{"bizTransaction": "urn:x:y"}]},
    ],
)
def test_persistent_disposition_has_its_standard_shape_everywhere(event: dict[str, Any]) -> None:
    assert places({**COMMON, **event, "persistentDisposition": {"set": ["active"]}}) == []
    assert places({**COMMON, **event, "persistentDisposition": {"set": ["busy"]}}) == ["/persistentDisposition/set/0"]
    assert places({**COMMON, **event, "persistentDisposition": 7}) == ["/persistentDisposition"]


def test_an_identifier_has_at_most_2048_characters() -> None:
    event = {**COMMON, "type": "ObjectEvent", "action": "ADD", "epcList": ["urn:x:" + "a" * 2042]}
    assert places(event) == []
    assert places({**event, "epcList": ["urn:x:" + "a" * 2043]}) == ["/epcList/0"]
