"""What the follower saw on chain: canonical blocks, and the records and open items in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, exists, func, select

from ledger.store import meta
from ledger.store.insert import insert
from ledger.store.tables import block, open_item, record

_FINAL = "final_block"


@dataclass(frozen=True, slots=True)
class Block:
    number: int
    hash: bytes
    parent_hash: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Record:
    """A BatchRecorded log."""

    block_hash: bytes
    log_index: int
    block_number: int
    transaction_hash: bytes
    organisation_id: bytes
    sequence: int
    signer: bytes
    root: bytes
    size: int
    items_hash: bytes
    index_root: bytes


@dataclass(frozen=True, slots=True)
class OpenItemLog:
    """An OpenItemRecorded log."""

    block_hash: bytes
    log_index: int
    block_number: int
    item_key: bytes
    commitment: bytes
    organisation_id: bytes


def head(connection: Connection) -> Block | None:
    """The highest block that was followed."""
    row = connection.execute(select(block).order_by(block.c.number.desc()).limit(1)).one_or_none()
    return Block(**row._asdict()) if row else None


def below(connection: Connection, number: int) -> Block | None:
    """The highest stored block under `number`."""
    statement = select(block).where(block.c.number < number).order_by(block.c.number.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return Block(**row._asdict()) if row else None


def add(
    connection: Connection, blocks: Iterable[Block], records: Sequence[Record], open_items: Sequence[OpenItemLog]
) -> None:
    """Blocks with what is in them. A block that is there already stays as it is."""
    rows = [asdict(one) for one in blocks]
    if rows:
        connection.execute(insert(connection, block).on_conflict_do_nothing(), rows)
    if records:
        connection.execute(record.insert(), [asdict(one) for one in records])
    if open_items:
        connection.execute(open_item.insert(), [asdict(one) for one in open_items])


def records_above(connection: Connection, number: int) -> list[Record]:
    """Records in blocks after `number`, in chain order."""
    statement = select(record).where(record.c.block_number > number).order_by(record.c.block_number, record.c.log_index)
    return [Record(**row._asdict()) for row in connection.execute(statement)]


def remove_above(connection: Connection, number: int) -> None:
    """Forget all blocks after `number` and what they held: they are no longer canonical."""
    connection.execute(delete(open_item).where(open_item.c.block_number > number))
    connection.execute(delete(record).where(record.c.block_number > number))
    connection.execute(delete(block).where(block.c.number > number))


def final_number(connection: Connection) -> int | None:
    """The last block that this store knows to be final."""
    value = meta.get(connection, _FINAL)
    return None if value is None else int(value)


def set_final(connection: Connection, number: int) -> None:
    """All blocks up to `number` are final: those below it that hold no record need no longer be kept."""
    before = final_number(connection) or 0
    meta.put(connection, _FINAL, str(number))
    holds_record = exists().where(record.c.block_hash == block.c.hash)
    connection.execute(delete(block).where(block.c.number.between(before, number - 1), ~holds_record))


def counts(connection: Connection) -> dict[str, int]:
    """How many blocks, records and open items are stored."""
    tables = (block, record, open_item)
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
