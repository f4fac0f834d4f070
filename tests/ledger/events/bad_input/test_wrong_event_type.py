"""A `type` that names no document and no event, or the wrong one."""

from __future__ import annotations

import pytest

from ledger.errors import InvalidDocument
from ledger.events import read_document

EVENT = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:15:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:9506000.013435.12345"],
}


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("objectEvent", "ObjectEvent"),
        ("ObjectEvnt", "ObjectEvent"),
        ("EPCISdocument", "EPCISDocument"),
        ("", ""),
        (7, ""),
    ],
)
def test_alone(name: object, advice: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document({**EVENT, "type": name})
    [problem] = caught.value.problems
    assert problem.where == "/type"
    assert problem.advice == (f"Did you mean {advice}?" if advice else "")


def test_missing() -> None:
    with pytest.raises(InvalidDocument, match="required field type is missing"):
        read_document({name: value for name, value in EVENT.items() if name != "type"})


def test_of_another_event_lists_every_field_that_does_not_belong() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document({**EVENT, "type": "AggregationEvent"})
    assert [problem.where for problem in caught.value.problems] == ["/epcList", ""]


@pytest.mark.parametrize("document", [[], [EVENT], "x", None, 1, True])
def test_no_document_at_all(document: object) -> None:
    with pytest.raises(InvalidDocument, match=r"expected an EPCIS 2\.0 document"):
        read_document(document)
