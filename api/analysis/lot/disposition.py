"""What was decided about an item: a hold on it or on what it is made of, a recall, a release; and by whom.

A hold is this ledger's own; recalled is what the last event that says anything of the item's disposition says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from api.analysis.lot.family import Family
from api.names import short
from ledger.events import format_time
from ledger.store import holds
from ledger.trace import Trace, TraceEvent


def disposition_of(connection: Connection, trace: Trace, family: Family) -> dict[str, Any]:
    """`state` is hold, recalled, released or unknown; `source` the item whose hold says so.

    A hold on the item itself comes first, then one on its lot or on a serial item of it, then on what it is made of.
    """
    own = family.own
    for row in holds.live_on(connection, [family.uri]):
        return _held(row, row.reason)
    for row in holds.live_on(connection, [*own]):
        return _held(row, f"{short(row.item)}, {_kin(family, row.item)}, is on hold: {row.reason}")
    for row in holds.live_on(connection, [*family.ancestors]):
        return _held(row, f"made of {short(row.item)}, which is on hold: {row.reason}")
    last = _last(trace, own)
    if last is not None and last.disposition == "recalled":
        return _said("recalled", format_time(last.event_time), last.organisation.name, "", None)
    for row in holds.released_on(connection, [*own])[:1]:
        return _said("released", format_time(row.released_at), row.released_by, row.release_reason, row.item)
    return _said("unknown", None, None, None, None) | {"said": last.disposition if last else None}


def _kin(family: Family, item: str) -> str:
    return "its lot" if item == family.lot else "a part of it"


def _held(row: Row[Any], reason: str) -> dict[str, Any]:
    return _said("hold", format_time(row.placed_at), row.placed_by, reason, row.item)


def _said(state: str, since: str | None, by: str | None, reason: str | None, source: str | None) -> dict[str, Any]:
    return {"state": state, "since": since, "by": by, "reason": reason, "source": source, "said": None}


def _last(trace: Trace, own: Collection[str]) -> TraceEvent | None:
    """The last standing event with a disposition that names the item."""
    told = [
        event
        for event in trace.events
        if event.disposition and event.stands and any(mention.item in own for mention in event.mentions)
    ]
    return max(told, key=lambda event: event.event_time, default=None)


def record_of(trace: Trace, own: Collection[str]) -> Mapping[str, Any]:
    """How many events name the item, and how far they are on the chain."""
    named = [event for event in trace.events if any(mention.item in own for mention in event.mentions)]
    return {
        "events": len(named),
        "final": sum(event.state == "final" for event in named),
        "open": sum(event.is_open for event in named),
        "organisations": sorted({event.organisation.name for event in named}),
        "conflicts": sum(bool(event.conflicts_with) for event in named),
        "corrected": sum(bool(event.corrected_by) for event in named),
    }
