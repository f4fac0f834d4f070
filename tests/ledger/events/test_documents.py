"""Documents of all kinds become events that stand alone, and the document stays as it was."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import InvalidDocument
from ledger.events import StandaloneEvent, parse_json, read_document, read_events_each

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:15:00+01:00",
    "recordTime": "2026-03-02T00:00:00Z",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:9506000.013435.12345"],
    "example:colour": {"deep": [1, {"x": None}]},
}


def capture_document(*events: Any, context: Any = CONTEXT, **more: Any) -> dict[str, Any]:
    head = {
        "@context": context,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T00:00:00Z",
    }
    return {**head, "epcisBody": {"eventList": list(events)}, **more}


def query_document(*events: Any) -> dict[str, Any]:
    results = {"queryName": "all", "resultsBody": {"eventList": list(events)}}
    return {"@context": [CONTEXT], "type": "EPCISQueryDocument", "epcisBody": {"queryResults": results}}


@pytest.mark.parametrize(
    ("document", "pointer", "context"),
    [
        (capture_document(EVENT, EVENT), "/epcisBody/eventList/1", CONTEXT),
        (query_document(EVENT, EVENT), "/epcisBody/queryResults/resultsBody/eventList/1", [CONTEXT]),
    ],
)
def test_events_of_a_document(document: dict[str, Any], pointer: str, context: Any) -> None:
    before = copy.deepcopy(document)
    _, event = read_document(document)
    assert event == StandaloneEvent(1, pointer, {**EVENT, "@context": context})
    assert document == before


def test_a_bare_event_stands_alone_already() -> None:
    event = {**EVENT, "@context": {"example": "https://example.com/"}}
    assert read_document(event) == [StandaloneEvent(0, "", event)]
    with pytest.raises(InvalidDocument, match="required field @context is missing"):
        read_document(EVENT)


@pytest.mark.parametrize(
    ("outer", "inner", "joined"),
    [
        (CONTEXT, {"a": "b:"}, [CONTEXT, {"a": "b:"}]),
        ([CONTEXT, {"a": "b:"}], {"c": "d:"}, [CONTEXT, {"a": "b:"}, {"c": "d:"}]),
        ({"a": "b:"}, [CONTEXT], [{"a": "b:"}, CONTEXT]),
        (CONTEXT, CONTEXT, [CONTEXT, CONTEXT]),
        ([], [], []),
    ],
)
def test_an_events_own_context_comes_after_the_documents(outer: Any, inner: Any, joined: Any) -> None:
    [event] = read_document(capture_document({**EVENT, "@context": inner}, context=outer))
    assert event.body["@context"] == joined


def test_no_events_are_no_problem() -> None:
    assert read_document(capture_document()) == []


def test_a_custom_event_type_may_have_any_field() -> None:
    event = {name: EVENT[name] for name in ("eventTime", "eventTimeZoneOffset")}
    event |= {"type": "example:Inspection", "colour": "red", "epcList": ["urn:x:y"]}
    assert read_document(capture_document(event))[0].body["colour"] == "red"


def test_problems_of_all_events_each_at_its_place() -> None:
    bad = {**EVENT, "action": "CREATE", "colour": 1, "readPoint": {}}
    with pytest.raises(InvalidDocument) as caught:
        read_document(
            capture_document(EVENT, bad, 7, {**EVENT, "quantityList": [{"epcClass": "a:b", "quantity": "2"}]})
        )
    assert [(problem.where, problem.message) for problem in caught.value.problems] == [
        ("event 2 /action", '"CREATE" is not possible here'),
        ("event 2 /colour", "unknown field colour"),
        ("event 2 /readPoint", "the required field id is missing"),
        ("event 3", "7 is a number"),
        ("event 4 /quantityList/0/quantity", '"2" is text, not a number'),
    ]


def test_the_source_comes_first() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document(capture_document({**EVENT, "action": 1}), source="a.json")
    assert str(caught.value).startswith(
        "a.json event 1 /action: 1 is not possible here; expected ADD or DELETE or OBSERVE"
    )


def test_problems_around_the_events_come_alone() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_events_each(capture_document({"bad": 1}, creationDate="today", sender=1, surprise=2))
    assert [problem.where for problem in caught.value.problems] == ["/creationDate", "/sender", "/surprise"]


def test_each_event_for_itself() -> None:
    good, bad, again = read_events_each(capture_document(EVENT, {**EVENT, "action": 1}, EVENT))
    assert isinstance(good, StandaloneEvent)
    assert isinstance(bad, list)
    assert [problem.where for problem in bad] == ["event 2 /action"]
    assert isinstance(again, StandaloneEvent)
    assert again.index == 2


def test_at_most_a_hundred_problems() -> None:
    for document in (capture_document(*[{}] * 500), capture_document({**EVENT, "epcList": [1] * 500})):
        with pytest.raises(InvalidDocument) as caught:
            read_document(document)
        assert len(caught.value.problems) == 100
        assert str(caught.value).endswith("(and 99 more)")


def test_long_values_are_shown_short() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document(capture_document({**EVENT, "bizStep": "x" * 10_000}))
    assert len(str(caught.value)) < 400


def test_names_with_slashes_are_escaped_in_places() -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document(capture_document({**EVENT, "a/b~": 1}))
    assert caught.value.problem.where == "event 1 /a~1b~0"


def test_all_published_examples(shared: Path) -> None:
    """47 documents, 56 events; the one whose eventID comes twice is refused until one of them is removed."""
    events = []
    for path in sorted((shared / "epcis/examples").iterdir()):
        text = path.read_text()
        if path.name == "AssociationEvent__AssociationEvent-h.jsonld":
            text = "".join(line for line in text.splitlines(True) if "ni:///" not in line)
        events += read_document(parse_json(text), source=path.name)
    assert len(events) == 56
    distinct = {json.dumps(event.body, sort_keys=True) for event in events}
    assert len(distinct) == 51


def test_all_published_invalid_documents(shared: Path) -> None:
    for path in sorted((shared / "epcis/invalid").iterdir()):
        with pytest.raises(InvalidDocument):
            read_document(parse_json(path.read_bytes()))
