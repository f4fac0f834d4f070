"""Events, the items they mention, and which of them correct which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from ledger.store.insert import chunks, insert, insert_many
from ledger.store.states import BatchState, State, event_state, state_of_events, with_state
from ledger.store.tables import batch, correction, event, mention


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the store holds it, with the state that its batch gives it."""

    id: int
    organisation_id: bytes
    commitment: bytes
    leaf_count: int
    root: bytes
    event_id: str
    is_error_declaration: bool
    is_open: bool
    captured_at: int
    #: the standalone event, JSON
    body: str
    batch_id: int | None
    batch_index: int | None
    state: State

    @classmethod
    def from_row(cls, row: Row[Any]) -> StoredEvent:
        values = row._asdict()
        values["state"] = State(values["state"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which event a digest stands for."""

    id: int
    event_id: str
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waits for a batch."""

    id: int
    commitment: bytes
    is_open: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """An error declaration, the event it declares wrong, and whether each is in a batch already."""

    declaration_id: int
    declaration: bytes
    declaration_is_batched: bool
    corrected_id: int
    corrected: bytes
    corrected_is_batched: bool


_COLUMNS = [event.c[name] for name in StoredEvent.__dataclass_fields__ if name != "state"]
_STORED: Select[Any] = select(*_COLUMNS, event_state).select_from(with_state())


def next_id(connection: Connection) -> int:
    """The id that the next event gets. Valid inside a write transaction."""
    return (connection.scalar(select(func.max(event.c.id))) or 0) + 1


def known(connection: Connection, organisation_id: bytes, digests: Sequence[bytes]) -> dict[bytes, Identity]:
    """Those of the digests that the organisation's events already have."""
    found: dict[bytes, Identity] = {}
    for some in chunks(digests):
        rows = connection.execute(
            select(event.c.digest, event.c.id, event.c.event_id, event.c.commitment).where(
                event.c.organisation_id == organisation_id, event.c.digest.in_(some)
            )
        )
        found.update((digest, Identity(id_, event_id, commitment)) for digest, id_, event_id, commitment in rows)
    return found


def add(connection: Connection, events: Sequence[dict[str, Any]], mentions: Sequence[dict[str, Any]]) -> None:
    """Insert rows of the tables `event` and `mention`."""
    insert_many(connection, event, events)
    insert_many(connection, mention, mentions)


def link_corrections(connection: Connection, organisation_id: bytes, new_ids: Sequence[int]) -> None:
    """Join error declarations and the events they declare wrong, whichever came first; one of each pair is new."""
    declaration, corrected = event.alias("declaration"), event.alias("corrected")
    for some in chunks(new_ids):
        pairs = select(declaration.c.id, corrected.c.id).where(
            declaration.c.organisation_id == organisation_id,
            corrected.c.organisation_id == organisation_id,
            declaration.c.event_id == corrected.c.event_id,
            declaration.c.is_error_declaration.is_(True),
            corrected.c.is_error_declaration.is_(False),
        )
        for side in (declaration, corrected):
            statement = insert(connection, correction).from_select(
                ["event_id", "corrected_id"], pairs.where(side.c.id.in_(some))
            )
            connection.execute(statement.on_conflict_do_nothing())


def by_commitment(connection: Connection, commitment: bytes) -> StoredEvent | None:
    row = connection.execute(_STORED.where(event.c.commitment == commitment)).one_or_none()
    return StoredEvent.from_row(row) if row else None


def by_event_id(connection: Connection, event_id: str) -> list[StoredEvent]:
    """All events that bear this eventID, oldest first: different contents under one are a conflict to be shown."""
    statement = _STORED.where(event.c.event_id == event_id).order_by(event.c.id)
    return [StoredEvent.from_row(row) for row in connection.execute(statement)]


def of_batch(connection: Connection, batch_id: int) -> list[StoredEvent]:
    """In the batch's order."""
    statement = _STORED.where(event.c.batch_id == batch_id).order_by(event.c.batch_index)
    return [StoredEvent.from_row(row) for row in connection.execute(statement)]


def corrected_by(connection: Connection, event_ids: Sequence[int]) -> dict[int, list[int]]:
    """Which of these events were declared wrong, and by which events."""
    found: dict[int, list[int]] = {}
    for some in chunks(event_ids):
        statement = select(correction.c.corrected_id, correction.c.event_id).where(correction.c.corrected_id.in_(some))
        for corrected_id, event_id in connection.execute(statement.order_by(correction.c.event_id)):
            found.setdefault(corrected_id, []).append(event_id)
    return found


def without_batch(connection: Connection, organisation_id: bytes, limit: int) -> list[Waiting]:
    """The organisation's oldest events that wait for a batch."""
    statement = (
        select(event.c.id, event.c.commitment, event.c.is_open)
        .where(event.c.batch_id.is_(None), event.c.organisation_id == organisation_id)
        .order_by(event.c.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in connection.execute(statement)]


def organisations_without_batch(connection: Connection) -> list[bytes]:
    """Which organisations have events that wait for a batch."""
    return list(connection.scalars(select(event.c.organisation_id).where(event.c.batch_id.is_(None)).distinct()))


def mentioned(connection: Connection, event_ids: Sequence[int]) -> list[tuple[int, str, str | None]]:
    """(event, item, lot named beside it) for every mention in these events."""
    return [
        (event_id, item, lot)
        for some in chunks(event_ids)
        for event_id, item, lot in connection.execute(
            select(mention.c.event_id, mention.c.item, mention.c.lot).where(mention.c.event_id.in_(some))
        )
    ]


def corrections_of(connection: Connection, event_ids: Sequence[int]) -> set[Correction]:
    """Every correction that one of these events is a part of."""
    declaration, corrected = event.alias("declaration"), event.alias("corrected")
    pairs = (
        select(
            declaration.c.id,
            declaration.c.commitment,
            declaration.c.batch_id.is_not(None),
            corrected.c.id,
            corrected.c.commitment,
            corrected.c.batch_id.is_not(None),
        )
        .select_from(correction)
        .join(declaration, declaration.c.id == correction.c.event_id)
        .join(corrected, corrected.c.id == correction.c.corrected_id)
    )
    return {
        Correction(*row)
        for some in chunks(event_ids)
        for side in (correction.c.event_id, correction.c.corrected_id)
        for row in connection.execute(pairs.where(side.in_(some)))
    }


def crowded(connection: Connection, event_ids: Sequence[int], most: int) -> list[int]:
    """Those of these events that are part of more than `most` corrections."""
    return [
        event_id
        for some in chunks(event_ids)
        for side in (correction.c.event_id, correction.c.corrected_id)
        for event_id in connection.scalars(
            select(side).where(side.in_(some)).group_by(side).having(func.count() > most).order_by(side)
        )
    ]


def counts_by_state(connection: Connection) -> dict[State, int]:
    """How many events are in each state; from the batches' sizes, so that it takes no longer as events add up."""
    counts = dict.fromkeys(State, 0)
    waiting = select(func.count()).select_from(event).where(event.c.batch_id.is_(None))
    counts[State.CAPTURED] = connection.scalar(waiting) or 0
    sizes = select(batch.c.state, func.sum(batch.c.size)).group_by(batch.c.state)
    for state, size in connection.execute(sizes.where(batch.c.state != BatchState.VOID)):
        counts[state_of_events(BatchState(state))] += size
    return counts
