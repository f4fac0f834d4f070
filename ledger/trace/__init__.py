"""The trace: the graph of events and items reached from one item, backward (made of) and forward (went into).

`trace` reads it out of a store; everything between the questions (`queries`) and the answer (`model`) is pure.
"""

from __future__ import annotations

from ledger.trace.graph import Role
from ledger.trace.model import Claimant, Cut, Edge, EventRecord, Trace, TraceEvent, TraceItem, TraceMention
from ledger.trace.naming import Relation
from ledger.trace.shown import shown_events
from ledger.trace.trace import trace
from ledger.trace.verdicts import Verdict

__all__ = [
    "Claimant",
    "Cut",
    "Edge",
    "EventRecord",
    "Relation",
    "Role",
    "Trace",
    "TraceEvent",
    "TraceItem",
    "TraceMention",
    "Verdict",
    "shown_events",
    "trace",
]
