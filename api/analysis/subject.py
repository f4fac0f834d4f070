"""The item that a question is about: its URI, its lot, and its own way with the containers that it was in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from api.analysis.trace_quality import lots_of
from ledger.errors import NotFound
from ledger.identifiers import parse_item
from ledger.trace import Trace, trace

#: containers within containers
_NESTED = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """`lot` is that of a serial item where its URI or an event names one; `trace` is empty if no event names it."""

    uri: str
    lot: str | None
    trace: Trace


def subject_of(connection: Connection, item: str) -> Subject:
    """Raises InvalidInput for what is no identifier."""
    parsed = parse_item(item)
    try:
        found = trace(connection, item, direction="forward", depth=_NESTED)
    except NotFound:
        found = Trace(parsed.uri, "forward", _NESTED, (), (), (), ())
    return Subject(parsed.uri, lots_of(found).get(parsed.uri, parsed.lot), found)
