"""What we ask of events beyond the ratified JSON Schema 2.0.1; the complete list:

1. Identifiers of items and places are readable ones (`identifiers.parse_item`): a GS1 key in a URN, or in a link to
   id.gs1.org, has its right check digit, lengths and characters; no identifier is longer than 2,048 characters.
2. An event of a custom type that has a field of a standard name gives it the standard shape: the schema leaves such
   events' fields open, and a reader would be misled by an `epcList` that is none.
3. `persistentDisposition` has its standard shape in aggregation, association and transaction events too, where the
   schema allows the field and leaves its content open.
4. Digits of a time are digits (RFC 3339 §5.6). The schema says so too; the validator that the differential test
   holds us against takes '+', '-' and '.' for digits. This one is in `moment`, not here.

An identifier that is not an absolute URI was refused before by the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.errors import InvalidInput, Problem
from ledger.events import event_types, fields
from ledger.events.shapes import Others, list_of, record, under, uri
from ledger.events.strict_json import Json
from ledger.identifiers import parse_item

EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
PLACES = ("readPoint", "bizLocation")

_standard_fields = record(
    fields.OF_STANDARD_EVENTS
    | {name: list_of(uri) for name in EPC_LISTS}
    | {name: fields.quantities for name in QUANTITY_LISTS}
    | {"parentID": uri, "transformationID": uri, "action": fields.action, "ilmd": fields.ilmd},
    others=Others.ANY,
)


def beyond_schema(event: dict[str, Json]) -> Sequence[Problem]:
    """The problems of an event that the schema finds valid."""
    if event["type"] not in event_types.SHAPES and (flaws := _standard_fields(event)):
        return flaws
    problems: list[Problem] = []
    if "persistentDisposition" in event:
        problems += under("persistentDisposition", fields.persistent_disposition(event["persistentDisposition"]))
    for name in event.keys() & _NAMING_FIELDS:
        for path, identifier in _identifiers(name, event[name]):
            try:
                parse_item(identifier)
            except InvalidInput as error:
                flaws = error.problems
                for step in reversed(path):
                    flaws = under(step, flaws)
                problems += flaws
    return problems


_NAMING_FIELDS = {"parentID", *PLACES, *EPC_LISTS, *QUANTITY_LISTS}


def _identifiers(name: str, value: Json) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The identifiers in a field, each with its path from the event."""
    if name == "parentID":
        yield (name,), value
    elif name in PLACES:
        yield (name, "id"), value["id"]
    elif name in EPC_LISTS:
        for index, epc in enumerate(value):
            yield (name, index), epc
    else:
        for index, element in enumerate(value):
            yield (name, index, "epcClass"), element["epcClass"]
