"""Which items an event names in what it shows, and how events hang together through them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from ledger.commitment.disclosure import Value
from ledger.errors import InvalidInput
from ledger.identifiers import parse_item

_LISTS = "epcList|childEPCs|inputEPCList|outputEPCList"
_QUANTITY_LISTS = "quantityList|childQuantityList|inputQuantityList|outputQuantityList"
_NAMES_AN_ITEM = re.compile(rf"/(?:parentID|(?:{_LISTS})/\d+|(?:{_QUANTITY_LISTS})/\d+/epcClass)")


class Relation(StrEnum):
    """How an event of a bundle stands to the item in question."""

    NAMES = "names"
    CONNECTED = "connected"  # over other events of the bundle
    UNCONNECTED = "unconnected"  # not by what is shown


def named_items(values: Mapping[str, Value]) -> frozenset[str]:
    """The canonical URIs of the items that the shown values name, and of the lots that serial items' own links name."""
    found: set[str] = set()
    for pointer, value in values.items():
        if isinstance(value, str) and _NAMES_AN_ITEM.fullmatch(pointer):
            found |= _uris(value)
    return frozenset(found)


def _uris(identifier: str) -> set[str]:
    try:
        item = parse_item(identifier)
    except InvalidInput:  # an event may name anything; what does not parse stands for itself
        return {identifier}
    return {item.uri, item.lot} if item.lot else {item.uri}


def relations(item: str, events: Sequence[Mapping[str, Value]]) -> list[Relation]:
    """Each event's relation to the item (a canonical URI), over shared items and transformations in any order."""
    links = [named_items(values) | _transformation(values) for values in events]
    reached, connected = {item}, set[int]()
    while new := {n for n, link in enumerate(links) if n not in connected and link & reached}:
        connected |= new
        reached.update(*(links[n] for n in new))
    return [
        Relation.NAMES if item in link else Relation.CONNECTED if n in connected else Relation.UNCONNECTED
        for n, link in enumerate(links)
    ]


def _transformation(values: Mapping[str, Value]) -> set[str]:
    """Several events of one transformationID are one transformation."""
    identifier = values.get("/transformationID")
    return {f"transformation {identifier}"} if isinstance(identifier, str) else set()
