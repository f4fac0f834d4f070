"""A trace as data: items, events, edges, and where it was cut. `as_dict` is its JSON form; no behaviour beyond that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ledger.events import format_time
from ledger.hexadecimal import hex_of
from ledger.trace.graph import Role
from ledger.trace.naming import Relation
from ledger.trace.verdicts import Verdict
from ledger.trace.windows import BEGINNING, END, Windows


@dataclass(frozen=True, slots=True)
class TraceItem:
    """An item that belongs to the trace."""

    uri: str
    kind: str
    element_string: str
    role: Role
    #: the least number of edges between it and the origin
    level: int
    #: it is reached over certain edges alone
    certain: bool
    #: when what happens to it belongs to the trace, microseconds; both ends included
    windows: Windows

    def as_dict(self) -> dict[str, Any]:
        return {
            "uri": self.uri,
            "kind": self.kind,
            "element_string": self.element_string,
            "role": self.role.value,
            "level": self.level,
            "certain": self.certain,
            "windows": [{"from": _iso(low), "until": _iso(high)} for low, high in self.windows],
        }


@dataclass(frozen=True, slots=True)
class Claimant:
    """The organisation whose word something is."""

    id: bytes
    uri: str
    name: str

    def as_dict(self) -> dict[str, Any]:
        return {"id": hex_of(self.id), "uri": self.uri, "name": self.name}


@dataclass(frozen=True, slots=True)
class EventRecord:
    """Where on the chain the event's batch stands."""

    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    sequence: int
    batch_index: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "block_number": self.block_number,
            "block_hash": hex_of(self.block_hash),
            "transaction_hash": hex_of(self.transaction_hash),
            "sequence": self.sequence,
            "batch_index": self.batch_index,
        }


@dataclass(frozen=True, slots=True)
class TraceMention:
    """An item that the event names, in the event's own order; not every one of them belongs to the trace."""

    item: str
    kind: str
    lot: str | None
    role: str
    quantity: float | None
    uom: str | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "kind": self.kind,
            "lot": self.lot,
            "role": self.role,
            "quantity": self.quantity,
            "uom": self.uom,
        }


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """An event of the trace: what its organisation says, and what the store and the chain say of it."""

    commitment: bytes
    event_id: str
    type: str
    action: str | None
    event_time: int
    event_time_zone_offset: str
    biz_step: str | None
    disposition: str | None
    read_point: str | None
    biz_location: str | None
    organisation: Claimant
    #: 'captured', 'sent', 'recorded' or 'final'
    state: str
    record: EventRecord | None
    is_open: bool
    is_error_declaration: bool
    #: the commitments of events of the same organisation that declare this one wrong
    corrected_by: tuple[bytes, ...]
    #: the commitments of standing events with the same eventID and other content
    conflicts_with: tuple[bytes, ...]
    mentions: tuple[TraceMention, ...]
    body_text: str

    @property
    def stands(self) -> bool:
        """It counts: neither declared wrong, nor such a declaration."""
        return not self.is_error_declaration and not self.corrected_by

    @property
    def body(self) -> dict[str, Any]:
        """The standalone event, parsed anew at each call."""
        body: dict[str, Any] = json.loads(self.body_text)
        return body

    def as_dict(self) -> dict[str, Any]:
        return {
            "commitment": hex_of(self.commitment),
            "event_id": self.event_id,
            "type": self.type,
            "action": self.action,
            "event_time": _iso(self.event_time),
            "event_time_zone_offset": self.event_time_zone_offset,
            "biz_step": self.biz_step,
            "disposition": self.disposition,
            "read_point": self.read_point,
            "biz_location": self.biz_location,
            "organisation": self.organisation.as_dict(),
            "state": self.state,
            "record": self.record.as_dict() if self.record else None,
            "is_open": self.is_open,
            "is_error_declaration": self.is_error_declaration,
            "corrected_by": [hex_of(each) for each in self.corrected_by],
            "conflicts_with": [hex_of(each) for each in self.conflicts_with],
            "mentions": [each.as_dict() for each in self.mentions],
            "body": self.body,
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """One organisation's claim that one item is linked to another; it points from what went in to what it went into."""

    source: str
    target: str
    relation: Relation
    #: 'certain', or 'possible' where one key is in two places or an event is missing
    certainty: str
    claimant: Claimant
    verdict: Verdict
    #: of the source, as this claimant's events give it
    quantity: float | None
    uom: str | None
    #: the commitments of this claimant's events that make the edge
    events: tuple[bytes, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            "relation": self.relation.value,
            "certainty": self.certainty,
            "claimant": self.claimant.as_dict(),
            "verdict": self.verdict.value,
            "quantity": self.quantity,
            "uom": self.uom,
            "events": [hex_of(each) for each in self.events],
        }


@dataclass(frozen=True, slots=True)
class Cut:
    """There is more at `item` than this trace shows."""

    item: str
    #: 'depth' or 'limit'
    reason: str
    where: str

    def as_dict(self) -> dict[str, Any]:
        return {"item": self.item, "reason": self.reason, "where": self.where}


@dataclass(frozen=True, slots=True)
class Trace:
    """The graph of items and events reached from one item."""

    item: str
    #: 'both', 'backward' or 'forward'
    direction: str
    depth: int | None
    #: by level, then by URI; the first is the origin
    items: tuple[TraceItem, ...]
    #: by event time
    events: tuple[TraceEvent, ...]
    edges: tuple[Edge, ...]
    #: empty: nothing was left out
    cuts: tuple[Cut, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "direction": self.direction,
            "depth": self.depth,
            "items": [each.as_dict() for each in self.items],
            "events": [each.as_dict() for each in self.events],
            "edges": [each.as_dict() for each in self.edges],
            "cuts": [each.as_dict() for each in self.cuts],
        }


def _iso(time: int) -> str | None:
    """RFC 3339 in UTC; None for the open end of a window."""
    return None if time in (BEGINNING, END) else format_time(time)
