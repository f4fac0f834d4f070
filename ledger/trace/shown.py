"""The events that a trace shows: what they say, who says it, and what the store and the chain say of them.

Read once, when the walks are over. Which events these are is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row

from ledger.store.states import State
from ledger.trace import queries
from ledger.trace.conflicts import conflicts
from ledger.trace.model import Claimant, EventRecord, TraceEvent, TraceMention


def shown_events(connection: Connection, ids: Collection[int], *, only_open: bool = False) -> tuple[TraceEvent, ...]:
    """These events of the store (by their row ids) as a trace shows them, by event time."""
    return ShownEvents(connection, ids, only_open).all()


class ShownEvents:
    """The events to show, as the store has them."""

    def __init__(self, connection: Connection, shown: Collection[int], only_open: bool) -> None:
        self._rows = {row.id: row for row in queries.shown(connection, shown)}
        rows = self._rows.values()
        self._mentions = queries.mentions(connection, shown)
        self._corrections = queries.corrections(connection, shown)
        self._conflicts = conflicts(queries.bearers(connection, {row.event_id for row in rows}, only_open=only_open))
        self._batches = queries.batches(connection, {row.batch_id for row in rows} - {None})
        self.claimants = {
            row.id: (Claimant(row.id, row.uri, row.name), _prefixes(row.company_prefixes))
            for row in queries.organisations(connection)
        }

    def all(self) -> tuple[TraceEvent, ...]:
        return tuple(self._event(row) for row in self._rows.values())

    def commitments(self, events: Iterable[int]) -> tuple[bytes, ...]:
        return tuple(self._rows[event].commitment for event in events if event in self._rows)

    def _event(self, row: Row[Any]) -> TraceEvent:
        batch = self._batches.get(row.batch_id)
        return TraceEvent(
            commitment=row.commitment,
            event_id=row.event_id,
            type=row.type,
            action=row.action,
            event_time=row.event_time,
            event_time_zone_offset=row.event_time_zone_offset,
            biz_step=row.biz_step,
            disposition=row.disposition,
            read_point=row.read_point,
            biz_location=row.biz_location,
            organisation=self.claimants[row.organisation_id][0],
            state=str(batch.state) if batch else State.CAPTURED.value,
            record=_record(batch, row.batch_index) if batch else None,
            is_open=row.is_open,
            is_error_declaration=row.is_error_declaration,
            corrected_by=tuple(self._corrections.get(row.id, ())),
            conflicts_with=self._conflicts.get(row.id, ()),
            mentions=tuple([TraceMention(*tuple(each)[1:]) for each in self._mentions.get(row.id, ())]),
            body_text=row.body,
        )


def _record(batch: Row[Any], batch_index: int) -> EventRecord | None:
    if batch.block_number is None:
        return None
    return EventRecord(batch.block_number, batch.block_hash, batch.transaction_hash, batch.sequence, batch_index)


def _prefixes(text: str) -> tuple[str, ...]:
    return tuple(prefix.strip() for prefix in text.split(",") if prefix.strip())
