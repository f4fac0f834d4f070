"""Trace a product by ID: from one item to everything it was made of and everything it went into.

The semantics are in docs/trace.md. This module asks for walks in one or both directions, decides what is certain and
whose word each edge is, and puts the answer together. A trace shows what events say; it proves nothing (that is
`ledger.proof`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from sqlalchemy import Connection

from ledger.errors import InvalidInput, NotFound
from ledger.identifiers import parse_item
from ledger.trace import queries
from ledger.trace.edges import certain_links, claims
from ledger.trace.graph import Evidence, Link, Step, Stop, Visited, Walk, Way, walk
from ledger.trace.knowledge import Knowledge
from ledger.trace.model import Cut, Edge, Trace, TraceItem
from ledger.trace.naming import Relation
from ledger.trace.shown import ShownEvents
from ledger.trace.verdicts import verdict
from ledger.trace.windows import holds, union

Direction = Literal["both", "backward", "forward"]

_WAYS: dict[str, tuple[Way, ...]] = {
    "both": (Way.BACKWARD, Way.FORWARD),
    "backward": (Way.BACKWARD,),
    "forward": (Way.FORWARD,),
}
#: namings that one question may answer, per event that the trace may show
_NAMINGS_PER_EVENT = 10


class Readable(Protocol):
    """A store: whatever opens a connection for reading."""

    def read(self) -> AbstractContextManager[Connection]: ...


def trace(
    store: Readable | Connection,
    item: str,
    *,
    direction: Direction = "both",
    depth: int | None = None,
    limit: int = 10_000,
    only_open: bool = False,
) -> Trace:
    """The trace of `item`, named in any form. `depth` bounds the edges from it, `limit` the items and the events.

    Whatever a bound leaves out is told in `cuts`. With `only_open`, the trace is as if there were no sealed events.
    NotFound if no event names the item.
    """
    _check(direction, depth, limit)
    uri = parse_item(item).uri
    if isinstance(store, Connection):
        return _trace(store, uri, direction, depth, limit, only_open)
    with store.read() as connection:
        return _trace(connection, uri, direction, depth, limit, only_open)


def _check(direction: str, depth: int | None, limit: int) -> None:
    if direction not in _WAYS:
        raise InvalidInput(f"{direction!r} is no direction of a trace", expected=" or ".join(_WAYS))
    if depth is not None and depth < 0:
        raise InvalidInput(f"a depth of {depth}", expected="0 (the item alone) or more edges, or none for all")
    if limit < 1:
        raise InvalidInput(f"a limit of {limit}", expected="at least 1 event")


def _trace(
    connection: Connection, origin: str, direction: Direction, depth: int | None, limit: int, only_open: bool
) -> Trace:
    if not queries.is_named(connection, origin, only_open=only_open):
        raise NotFound(
            f"no event names {origin}",
            expected="an item that an event of this ledger names",
            advice="Check the identifier, or capture its events first",
        )
    knowledge = Knowledge(queries.StoredEvents(connection, limit * _NAMINGS_PER_EVENT, only_open=only_open))
    walks = [walk(origin, way, knowledge, depth=depth, limit=limit) for way in _WAYS[direction]]
    links = _links(walks)
    certain = certain_links(links, knowledge)
    sure_walks = [
        walk(origin, each.way, knowledge, depth=depth, limit=limit, passable=_over(certain, each.way)) for each in walks
    ]
    visited = _visited(walks)
    shown, overflowing = _shown(visited, links, knowledge, limit)
    events = ShownEvents(connection, shown, only_open)
    return Trace(
        item=origin,
        direction=direction,
        depth=depth,
        items=_items(visited, {each for sure in sure_walks for each in sure.visited}, knowledge),
        events=events.all(),
        edges=tuple(_edges(links, certain, events)),
        cuts=_cuts(walks, knowledge, overflowing),
    )


def _over(certain: Collection[Link], way: Way) -> Callable[[Step], bool]:
    """What happened to a lot later is not certain to have happened to each of its serial items."""

    def passable(step: Step) -> bool:
        from_serial_to_lot = step.link.relation is Relation.OF_LOT and step.item == step.link.source
        return step.link in certain and not (from_serial_to_lot and way is Way.FORWARD)

    return passable


def _links(walks: Iterable[Walk]) -> dict[Link, Evidence]:
    links: dict[Link, Evidence] = {}
    for each in walks:
        for link, evidence in each.links.items():
            joined = links.setdefault(link, Evidence())
            joined.namings |= evidence.namings
            joined.sure |= evidence.sure
    return links


def _visited(walks: Iterable[Walk]) -> dict[str, Visited]:
    """Both directions' items together, each in the role and on the level of the shorter way."""
    visited: dict[str, Visited] = {}
    for each in walks:
        for item, found in each.visited.items():
            known = visited.setdefault(item, Visited(found.level, found.role))
            if found.level < known.level:
                known.level, known.role = found.level, found.role
            for window in found.presence:
                known.presence = union(known.presence, window)
    return visited


def _shown(
    visited: dict[str, Visited], links: dict[Link, Evidence], knowledge: Knowledge, limit: int
) -> tuple[set[int], set[str]]:
    """The events to show, those of near items first; and the items of which not all events are shown."""
    shown: set[int] = set()
    overflowing: set[str] = set()
    for item, found in sorted(visited.items(), key=lambda each: (each[1].level, each[0])):
        for naming in sorted(knowledge.namings(item), key=lambda each: (each.time, each.event)):
            if holds(found.presence, naming.time):
                _show(naming.event, item, shown, overflowing, limit)
    for link, evidence in links.items():
        for event in sorted({each.event for each in evidence.namings}):
            _show(event, link.source, shown, overflowing, limit)
    return shown, overflowing


def _show(event: int, item: str, shown: set[int], overflowing: set[str], limit: int) -> None:
    if event in shown or len(shown) < limit:
        shown.add(event)
    else:
        overflowing.add(item)


def _items(visited: dict[str, Visited], certain: set[str], knowledge: Knowledge) -> tuple[TraceItem, ...]:
    items = []
    for uri, found in visited.items():
        item = parse_item(uri)
        namings = knowledge.namings(uri)
        kind = namings[0].kind if namings else item.kind.value
        items.append(TraceItem(uri, kind, item.element_string, found.role, found.level, uri in certain, found.presence))
    return tuple(sorted(items, key=lambda each: (each.level, each.uri)))


def _edges(links: dict[Link, Evidence], certain: set[Link], events: ShownEvents) -> Iterable[Edge]:
    for link, evidence in sorted(links.items()):
        said = claims(link, evidence)
        for claim in said:
            commitments = events.commitments(claim.events)
            if not commitments:
                continue
            claimant, prefixes = events.claimants[claim.organisation]
            yield Edge(
                source=link.source,
                target=link.target,
                relation=link.relation,
                certainty="certain" if link in certain else "possible",
                claimant=claimant,
                verdict=verdict(link.target, prefixes, claimed_by_others=len(said) > 1),
                quantity=claim.quantity,
                uom=claim.uom,
                events=commitments,
            )


def _cuts(walks: Iterable[Walk], knowledge: Knowledge, overflowing: Iterable[str]) -> tuple[Cut, ...]:
    cuts = [Cut(stop.item, stop.reason, _where(stop, each.way)) for each in walks for stop in each.stops.values()]
    cuts += [Cut(item, "limit", "its events") for item in sorted(overflowing)]
    cuts += [Cut(item, "limit", "its history") for item in sorted(knowledge.incomplete)]
    return tuple(cuts)


def _where(stop: Stop, way: Way) -> str:
    return f"{way.value} of level {stop.level}"
