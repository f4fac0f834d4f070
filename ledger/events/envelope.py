"""What is around the events: EPCISDocument and EPCISQueryDocument (EPCIS 2.0 §10.2), with master data.

The events themselves are checked one by one by `document`; here their list is only a list.
"""

from __future__ import annotations

from ledger.events import fields
from ledger.events.shapes import Others, Shape, anything, either, list_of, matching, number, record, text, time, uri

event_list = list_of(anything)

_attribute = record(
    {
        "id": uri,
        "attribute": either({int: number, float: number, str: text, dict: anything}, "a number, text or object"),
    },
    required=["id"],
    others=Others.ANY,
)
_element = record(
    {"id": uri, "attributes": list_of(_attribute), "children": list_of(uri)}, required=["id"], others=Others.ANY
)
_vocabulary = record({"type": uri, "vocabularyElementList": list_of(_element)}, required=["type"], others=Others.ANY)
_vocabularies = list_of(_vocabulary)

_header = record(
    {"epcisMasterData": record({"vocabularyList": _vocabularies}, others=Others.ANY)}, others=Others.EXTENSIONS
)
_common: dict[str, Shape] = {
    "@context": fields.context,
    "id": uri,
    "type": text,
    "schemaVersion": matching(r"[0-9]+(?:\.[0-9]+)*", "a version, such as 2.0"),
    "creationDate": time,
}

capture_document = record(
    _common
    | {
        "instanceIdentifier": text,
        "sender": text,
        "receiver": text,
        "epcisHeader": _header,
        "epcisBody": record({"eventList": event_list}, required=["eventList"], others=Others.ANY),
    },
    required=("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
    others=Others.EXTENSIONS,
)

_results_body = record(
    {"eventList": event_list, "vocabularyList": _vocabularies}, required=["eventList"], others=Others.EXTENSIONS
)
_results = record(
    {"queryName": text, "subscriptionID": text, "resultsBody": _results_body},
    required=["queryName", "resultsBody"],
    others=Others.EXTENSIONS,
)

query_document = record(
    _common | {"epcisBody": record({"queryResults": _results}, required=["queryResults"], others=Others.EXTENSIONS)},
    required=("@context", "type", "epcisBody"),
    others=Others.EXTENSIONS,
)
