"""Traces and events as the API answers them: the ledger's own, seen with the caller's eyes, and with their quality.

A caller without a key sees everything as if there were no sealed events: not even that there are some.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from api.access import Caller
from api.analysis.holds import holds_of
from api.analysis.trace_quality import inspections_of, limits_of, lots_of, quality_of
from api.forms import is_hash
from ledger.errors import NotFound
from ledger.identifiers import Item, parse_item
from ledger.store import Store, events
from ledger.trace import Trace, shown_events, trace
from ledger.trace.trace import Direction

_NESTED = 4


def traced(
    store: Store,
    caller: Caller,
    item: str,
    *,
    direction: Direction,
    depth: int | None,
    limit: int,
    with_quality: bool,
) -> dict[str, Any]:
    """The trace with the quality of its steps. An item that no event names has an empty trace."""
    parsed = parse_item(item)
    withheld = not caller.may("read")
    with store.read() as connection:
        try:
            found = trace(connection, item, direction=direction, depth=depth, limit=limit, only_open=withheld)
        except NotFound:
            found = Trace(parsed.uri, direction, depth, (), (), (), ())
        quality = quality_of(connection, found) if with_quality else []
        inspections = inspections_of(connection, [one.uri for one in found.items]) if with_quality else []
        holds = holds_of(connection, {parsed.uri, *(one.uri for one in found.items)}, only_open=withheld)
    joined = {"quality": quality, "inspections": inspections, "holds": holds}
    return found.as_dict() | {"item": _item(parsed), **joined, "withheld": withheld}


def measured(store: Store, caller: Caller, item: str) -> dict[str, Any]:
    """What was measured of one item, step by step; its inspections, and those of its lot; the limits that bind it."""
    parsed = parse_item(item)
    withheld = not caller.may("read")
    nothing: dict[str, Any] = {"steps": [], "inspections": [], "limits": [], "holds": []}
    answer = {"item": _item(parsed), **nothing, "withheld": withheld}
    with store.read() as connection:
        try:
            found = trace(connection, item, direction="forward", depth=_NESTED, only_open=withheld)
        except NotFound:
            if withheld:
                return answer
            found = Trace(parsed.uri, "forward", _NESTED, (), (), (), ())
        lot = lots_of(found).get(parsed.uri, parsed.lot)
        return answer | {
            "steps": quality_of(connection, found, [parsed.uri]),
            "inspections": inspections_of(connection, [parsed.uri, *([lot] if lot else [])]),
            "limits": limits_of(connection, parsed.uri, lot),
            "holds": holds_of(connection, {parsed.uri, *([lot] if lot else [])}, only_open=withheld),
        }


def bearing(store: Store, caller: Caller, name: str) -> dict[str, Any]:
    """All events that bear this eventID, or the one with this commitment. Raises NotFound if there is none to see."""
    only_open = not caller.may("read")
    with store.read() as connection:
        ids = [event.id for event in _named(connection, name) if event.is_open or not only_open]
        found = shown_events(connection, ids, only_open=only_open)
    if not found:
        raise NotFound(
            f"no event bears {name}",
            expected="an eventID or a commitment of this ledger",
            advice="Percent-encode it; sealed events need an API key.",
        )
    return {"events": [event.as_dict() for event in found], "conflict": any(event.conflicts_with for event in found)}


def recorded_of_trace(
    store: Store, caller: Caller, item: str, *, direction: Direction, depth: int | None
) -> list[bytes]:
    """The commitments of all recorded events of a trace. Raises NotFound where there is none."""
    with store.read() as connection:
        found = trace(connection, item, direction=direction, depth=depth, only_open=not caller.may("read"))
    recorded = [event.commitment for event in found.events if event.record is not None]
    if not recorded:
        raise NotFound(f"no event of the trace of {found.item} is recorded yet", advice="Ask again in a moment.")
    return recorded


def _named(connection: Connection, name: str) -> list[events.StoredEvent]:
    if is_hash(name):
        found = events.by_commitment(connection, bytes.fromhex(name[2:]))
        return [found] if found else []
    return events.by_event_id(connection, name)


def _item(parsed: Item) -> dict[str, str]:
    return {"uri": parsed.uri, "kind": parsed.kind.value, "element_string": parsed.element_string}
