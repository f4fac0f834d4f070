"""A table's rows become the same events as JSON would say."""

from __future__ import annotations

import pytest

from ledger.events import facts, read_csv, read_document

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
HEAD = "type,eventTime,eventTimeZoneOffset"
ROW = "2026-03-01T08:15:00+01:00,+01:00"


def test_an_object_event_with_everything() -> None:
    header = f"{HEAD},eventID,action,bizStep,disposition,readPoint,bizLocation,epcList,quantityList,bizTransactionList"
    quantities = '"urn:x:q|2.50|KGM; urn:x:p|3;urn:x:o;"'
    places = "urn:x:r,urn:x:l"
    row = f"ObjectEvent,{ROW},urn:uuid:1,ADD,packing,active,{places},urn:x:a urn:x:b|urn:x:c,{quantities},"
    [event] = read_csv(
        f"{header},sourceList,destinationList\n{row}po|urn:x:1;urn:x:2,location|urn:x:s,owning_party|urn:x:d"
    )
    assert event.pointer == "line 2"
    assert event.body == {
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:15:00+01:00",
        "eventTimeZoneOffset": "+01:00",
        "eventID": "urn:uuid:1",
        "action": "ADD",
        "bizStep": "packing",
        "disposition": "active",
        "readPoint": {"id": "urn:x:r"},
        "bizLocation": {"id": "urn:x:l"},
        "epcList": ["urn:x:a", "urn:x:b", "urn:x:c"],
        "quantityList": [
            {"epcClass": "urn:x:q", "quantity": 2.5, "uom": "KGM"},
            {"epcClass": "urn:x:p", "quantity": 3},
            {"epcClass": "urn:x:o"},
        ],
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:1"}, {"bizTransaction": "urn:x:2"}],
        "sourceList": [{"type": "location", "source": "urn:x:s"}],
        "destinationList": [{"type": "owning_party", "destination": "urn:x:d"}],
    }
    assert read_document(event.body)[0].body == event.body


@pytest.mark.parametrize(("separator", "line_end"), [(",", "\n"), (";", "\r\n"), ("\t", "\n"), (",", "\r")])
def test_several_types_separators_and_line_ends(separator: str, line_end: str) -> None:
    lines = [
        f"{HEAD},action,parentID,childEPCs,transformationID,inputEPCList,outputQuantityList",
        f"AggregationEvent,{ROW},ADD,urn:x:box,urn:x:1|urn:x:2,,,",
        ",,,,,,,,",
        f"TransformationEvent,{ROW},,,,urn:x:t,urn:x:1,urn:x:lot|5|KGM",
    ]
    text = line_end.join(line.replace(",", separator) for line in lines) + line_end
    first, second = read_csv(b"\xef\xbb\xbf" + text.encode())
    assert [mention.role for mention in facts(first.body).mentions] == ["parent", "child", "child"]
    assert [mention.role for mention in facts(second.body).mentions] == ["input", "output"]
    assert (second.index, second.pointer) == (1, "line 4")


def test_a_header_alone_has_no_events() -> None:
    assert read_csv(HEAD) == []
