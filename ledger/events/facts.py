"""What the store and the trace need of a valid event: the items it names and in which role, when, where and why.

Mentions come in a fixed order of fields (parent, items, children, inputs, outputs), and within a field as the event
lists them, so that they do not depend on the order of JSON keys. What an extension field or `ilmd` names is no mention.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ledger.errors import InvalidInput
from ledger.events import vocabulary
from ledger.events.moment import parse_time
from ledger.events.strict_json import Json
from ledger.identifiers import Item, parse_item


class Role(StrEnum):
    EPC = "epc"
    PARENT = "parent"
    CHILD = "child"
    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Mention:
    """An item as an event names it; `has_quantity` if it is in a quantity list, with or without a quantity."""

    item: Item
    role: Role
    quantity: float | None = None
    uom: str | None = None
    has_quantity: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    event_id: str | None
    type: str
    action: str | None
    event_time: int
    event_time_zone_offset: str
    biz_step: str | None
    disposition: str | None
    read_point: str | None
    biz_location: str | None
    transformation_id: str | None
    is_error_declaration: bool
    corrective_event_ids: tuple[str, ...]
    mentions: tuple[Mention, ...]


_FIELDS = (
    ("epcList", "quantityList", Role.EPC),
    ("childEPCs", "childQuantityList", Role.CHILD),
    ("inputEPCList", "inputQuantityList", Role.INPUT),
    ("outputEPCList", "outputQuantityList", Role.OUTPUT),
)


def facts(body: dict[str, Json]) -> Facts:
    """The facts of a valid event."""
    declaration = body.get("errorDeclaration")
    return Facts(
        event_id=body.get("eventID"),
        type=body["type"],
        action=body.get("action"),
        event_time=parse_time(body["eventTime"]),
        event_time_zone_offset=body["eventTimeZoneOffset"],
        biz_step=_word(body.get("bizStep"), vocabulary.BUSINESS_STEPS, "BizStep-"),
        disposition=_word(body.get("disposition"), vocabulary.DISPOSITIONS, "Disp-"),
        read_point=_place(body.get("readPoint")),
        biz_location=_place(body.get("bizLocation")),
        transformation_id=body.get("transformationID"),
        is_error_declaration=declaration is not None,
        corrective_event_ids=tuple(declaration.get("correctiveEventIDs", ())) if declaration else (),
        mentions=tuple(_mentions(body)),
    )


def _mentions(body: dict[str, Json]) -> Iterator[Mention]:
    if parent := body.get("parentID"):
        yield Mention(parse_item(parent), Role.PARENT)
    for epcs, quantities, role in _FIELDS:
        for epc in body.get(epcs, ()):
            yield Mention(parse_item(epc), role)
        for element in body.get(quantities, ()):
            item = parse_item(element["epcClass"])
            yield Mention(item, role, element.get("quantity"), element.get("uom"), has_quantity=True)


def _place(place: dict[str, Json] | None) -> str | None:
    if place is None:
        return None
    try:
        return parse_item(place["id"]).uri
    except InvalidInput:
        return str(place["id"])


_CBV_SPELLINGS = ("https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/", "cbv:")


def _word(value: str | None, words: frozenset[str], kind: str) -> str | None:
    """A standard word bare, also where the event spells it as a URI."""
    if value is None or value in words:
        return value
    for spelling in _CBV_SPELLINGS:
        bare = value.removeprefix(spelling + kind)
        if bare in words:
            return bare
    return value
