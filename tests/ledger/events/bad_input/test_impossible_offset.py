"""An `eventTimeZoneOffset` that no place on earth has; one that differs from eventTime's own is fine."""

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
    "offset", ["+25:00", "+14:01", "-15:00", "+02:60", "02:00", "+2:00", "Z", "", "+02:00\n", 2, None]
)
def test_is_refused(offset: object) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document({**EVENT, "eventTimeZoneOffset": offset})
    [problem] = caught.value.problems
    assert problem.where == "/eventTimeZoneOffset"
    assert problem.expected == "an offset between -14:00 and +14:00, such as +02:00"


@pytest.mark.parametrize("offset", ["+14:00", "-14:00", "+00:00", "-00:00", "+05:45"])
def test_possible_ones_are_read(offset: str) -> None:
    assert read_document({**EVENT, "eventTimeZoneOffset": offset})[0].body["eventTimeZoneOffset"] == offset
