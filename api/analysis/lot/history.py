"""The trace behind a lot screen: of the item, and for a lot also what its serial items were made of.

A trace of a lot names its serial items but does not go back through them, since each may have a past of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from ledger.trace import Role, Trace, TraceItem, trace

#: items of a trace beyond which the screen says that it was cut, and makings of a lot that are gone back through
_LIMIT, _MAKINGS = 2_000, 50


def history_behind(connection: Connection, item: str) -> Trace:
    """Raises InvalidInput for what is no identifier, NotFound where no event names the item."""
    found = trace(connection, item, direction="both", depth=None, limit=_LIMIT)
    makings = [
        trace(connection, serial, direction="backward", depth=None, limit=_LIMIT)
        for serial in _one_of_each_making(found)
    ]
    return _joined(found, makings) if makings else found


def _one_of_each_making(found: Trace) -> list[str]:
    """A serial item of each event that made some of the lot."""
    serials = {one.uri for one in found.items if one.role is Role.SERIAL}
    made: dict[bytes, str] = {}
    for event in found.events:
        for mention in event.mentions:
            if mention.role == "output" and mention.item in serials:
                made.setdefault(event.commitment, mention.item)
    return sorted(set(made.values()))[:_MAKINGS]


def _joined(found: Trace, makings: Iterable[Trace]) -> Trace:
    """All in one, each item once: what a making goes back to is an ancestor."""
    items = {one.uri: one for one in found.items}
    events = {event.commitment: event for event in found.events}
    edges = dict.fromkeys(found.edges)
    cuts = dict.fromkeys(found.cuts)
    for making in makings:
        for one in making.items:
            items.setdefault(one.uri, _as_ancestor(one))
        events |= {event.commitment: event for event in making.events}
        edges |= dict.fromkeys(making.edges)
        cuts |= dict.fromkeys(making.cuts)
    ordered = tuple(sorted(events.values(), key=lambda event: event.event_time))
    return replace(found, items=tuple(items.values()), events=ordered, edges=tuple(edges), cuts=tuple(cuts))


def _as_ancestor(one: TraceItem) -> TraceItem:
    """One level further away than from its serial item."""
    return replace(one, level=one.level + 1)
