"""Batches (one signed header each) and the transactions that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from ledger.errors import Conflict
from ledger.store.clock import now
from ledger.store.states import BatchState
from ledger.store.tables import batch, event, record, transaction

#: batches that the sender has work with
IN_FLIGHT = (BatchState.SIGNED, BatchState.SENT)


@dataclass(frozen=True, slots=True)
class Batch:
    organisation_id: bytes
    sequence: int
    root: bytes
    size: int
    items_hash: bytes
    index_root: bytes
    header_hash: bytes
    signature: bytes
    signer: bytes
    #: in the signed order, as `ledger.batch.encode_items` encodes them
    open_items: bytes = field(repr=False)
    state: BatchState = BatchState.SIGNED
    created_at: int = 0
    id: int = 0

    @classmethod
    def from_row(cls, row: Row[Any]) -> Batch:
        values = row._asdict()
        values["state"] = BatchState(values["state"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Transaction:
    """One attempt to carry a batch: signed bytes, stored before any node sees them."""

    hash: bytes
    batch_id: int
    sender: bytes
    nonce: int
    raw: bytes = field(repr=False)
    created_at: int = 0
    sent_at: int | None = None


def add(connection: Connection, new: Batch, event_ids: Sequence[int]) -> int:
    """Store a signed batch over these captured events, in this order; its id."""
    values = {name: getattr(new, name) for name in Batch.__dataclass_fields__ if name not in ("id", "created_at")}
    batch_id: int = connection.execute(
        batch.insert().values(**values, created_at=now()).returning(batch.c.id)
    ).scalar_one()
    statement = (
        update(event)
        .where(event.c.id == bindparam("of"), event.c.batch_id.is_(None))
        .values(batch_id=bindparam("batch"), batch_index=bindparam("index"))
    )
    members = [{"of": id_, "batch": batch_id, "index": index} for index, id_ in enumerate(event_ids)]
    if connection.execute(statement, members).rowcount != len(event_ids):
        raise Conflict("some of these events were put into another batch meanwhile")
    return batch_id


def get(connection: Connection, batch_id: int) -> Batch:
    return Batch.from_row(connection.execute(select(batch).where(batch.c.id == batch_id)).one())


def in_flight(connection: Connection) -> list[Batch]:
    """Signed or sent, not seen in a block; in the order in which they were signed."""
    statement = select(batch).where(batch.c.state.in_(IN_FLIGHT)).order_by(batch.c.id)
    return [Batch.from_row(row) for row in connection.execute(statement)]


def by_sequence(connection: Connection, organisation_id: bytes, sequence: int) -> Batch | None:
    """The organisation's batch of that number, unless it is void."""
    statement = select(batch).where(
        batch.c.organisation_id == organisation_id, batch.c.sequence == sequence, batch.c.state != BatchState.VOID
    )
    row = connection.execute(statement).one_or_none()
    return Batch.from_row(row) if row else None


def next_sequence(connection: Connection, organisation_id: bytes) -> int:
    """The lowest number that neither the followed chain nor a batch that may still be recorded has taken."""
    recorded = connection.scalar(select(func.max(record.c.sequence)).where(record.c.organisation_id == organisation_id))
    after: int = recorded or 0
    taken = set(
        connection.scalars(
            select(batch.c.sequence).where(
                batch.c.organisation_id == organisation_id,
                batch.c.state != BatchState.VOID,
                batch.c.sequence > after,
            )
        )
    )
    sequence = after + 1
    while sequence in taken:
        sequence += 1
    return sequence


def recorded_up_to(connection: Connection, number: int) -> list[int]:
    """Batches in state 'recorded' whose record is in block `number` or before."""
    statement = (
        select(batch.c.id)
        .join(record, (record.c.organisation_id == batch.c.organisation_id) & (record.c.sequence == batch.c.sequence))
        .where(batch.c.state == BatchState.RECORDED, record.c.block_number <= number)
        .order_by(batch.c.id)
    )
    return list(connection.scalars(statement))


def overtaken(connection: Connection, number: int) -> list[int]:
    """Batches in flight whose sequence number another header has, recorded in block `number` or before."""
    statement = (
        select(batch.c.id)
        .join(record, (record.c.organisation_id == batch.c.organisation_id) & (record.c.sequence == batch.c.sequence))
        .where(batch.c.state.in_(IN_FLIGHT), record.c.block_number <= number)
        .order_by(batch.c.id)
    )
    return list(connection.scalars(statement))


def count_unfinal(connection: Connection) -> int:
    """Batches that are signed, sent or recorded, but not final."""
    states = (*IN_FLIGHT, BatchState.RECORDED)
    return connection.scalar(select(func.count()).select_from(batch).where(batch.c.state.in_(states))) or 0


def add_transaction(connection: Connection, new: Transaction) -> None:
    connection.execute(
        transaction.insert().values(
            hash=new.hash, batch_id=new.batch_id, sender=new.sender, nonce=new.nonce, raw=new.raw, created_at=now()
        )
    )


def transactions_of(connection: Connection, batch_id: int) -> list[Transaction]:
    """Every attempt to carry this batch, oldest first."""
    statement = select(transaction).where(transaction.c.batch_id == batch_id).order_by(transaction.c.created_at)
    return [Transaction(**row._asdict()) for row in connection.execute(statement)]


def transactions_from(connection: Connection, sender: bytes, nonce: int) -> list[Transaction]:
    """The sender's attempts that may not have been mined: those from `nonce` on, in order."""
    statement = (
        select(transaction)
        .where(transaction.c.sender == sender, transaction.c.nonce >= nonce)
        .order_by(transaction.c.nonce, transaction.c.created_at)
    )
    return [Transaction(**row._asdict()) for row in connection.execute(statement)]


def mark_accepted(connection: Connection, hash_: bytes) -> None:
    """A node took the transaction (the first time counts)."""
    connection.execute(
        update(transaction).where(transaction.c.hash == hash_, transaction.c.sent_at.is_(None)).values(sent_at=now())
    )
