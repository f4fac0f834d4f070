"""Which items an event names in what it shows, and how events hang together through them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from ledger.commitment.disclosure import Value
from ledger.errors import InvalidInput
from ledger.identifiers import Item, Kind, parse_item

_LISTS = "epcList|childEPCs|inputEPCList|outputEPCList"
_QUANTITY_LISTS = "quantityList|childQuantityList|inputQuantityList|outputQuantityList"
_NAMES_AN_ITEM = re.compile(rf"/(?:parentID|(?:{_LISTS})/[0-9]+|(?:{_QUANTITY_LISTS})/[0-9]+/epcClass)")

#: an item's URI, or an organisation and its transformationID
Link = str | tuple[str, str]


class Relation(StrEnum):
    """How an event of a bundle stands to the item in question."""

    NAMES = "names"
    CONNECTED = "connected"  # over other events of the bundle
    UNCONNECTED = "unconnected"  # not by what is shown


def named_items(values: Mapping[str, Value]) -> frozenset[str]:
    """The canonical URIs of the items that the shown values name, and of the lots that serial items' own links name."""
    return frozenset(uri for item in _items(values) for uri in (item.uri, item.lot) if uri)


def _items(values: Mapping[str, Value]) -> Iterator[Item]:
    for pointer, value in values.items():
        if isinstance(value, str) and _NAMES_AN_ITEM.fullmatch(pointer):
            yield _item(value)


def _item(identifier: str) -> Item:
    try:
        return parse_item(identifier)
    except InvalidInput:  # an event may name anything; what does not parse stands for itself
        return Item(identifier, Kind.OTHER)


def relations(item: str, events: Sequence[tuple[str, Mapping[str, Value]]]) -> list[Relation]:
    """The relation to the item (a canonical URI) of events, each with its organisation, whatever their order."""
    naming = {number for number, (_, values) in enumerate(events) if item in named_items(values)}
    connected = _reached(naming, [_links(*event) for event in events])
    return [
        Relation.NAMES if number in naming else Relation.CONNECTED if number in connected else Relation.UNCONNECTED
        for number in range(len(events))
    ]


def _links(organisation: str, values: Mapping[str, Value]) -> set[Link]:
    """What connects an event with others: items, but no class alone, and the transformation that it is a part of."""
    links: set[Link] = {
        uri for item in _items(values) if item.kind is not Kind.CLASS for uri in (item.uri, item.lot) if uri
    }
    identifier = values.get("/transformationID")
    if isinstance(identifier, str):
        links.add((organisation, identifier))
    return links


def _reached(start: Iterable[int], links: Sequence[set[Link]]) -> set[int]:
    bearers: dict[Link, list[int]] = defaultdict(list)
    for number, borne in enumerate(links):
        for link in borne:
            bearers[link].append(number)
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for link in links[waiting.pop()]:
            new = set(bearers.pop(link, ())) - reached
            reached |= new
            waiting += new
    return reached
