"""Following the chain: its blocks become records here, and records move batches, and so events, between states.

What is stored is always what one chain of blocks says. The cases:

- the next block, its parent the last one stored: it is stored with its records, in one transaction
- blocks that are final already: their logs are read by range, and only blocks that hold records are stored
- a stored block that the chain no longer has: it and all after it are taken back, down to the last common one;
  batches recorded in them are 'sent' again
- the same, but deeper than what was final: the chain broke its word. Nothing is rewritten; ChainRewritten stops all

How far the follower has come is the highest stored block. A batch is 'recorded' only where the log's header is, field
for field, its own.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.batch import Header, header_hash
from ledger.chain import Block, Chain
from ledger.chain.contracts import Deployment
from ledger.chain.records import BatchRecorded, OpenItemRecorded, Record, records, records_of_block
from ledger.errors import ChainUnavailable, WrongChain
from ledger.store import Store, batches, blocks
from ledger.store.batches import Batch
from ledger.store.states import BatchState, move

_log = logging.getLogger(__name__)

#: final blocks whose logs are asked for at once
_RANGE = 1000
_MICROSECONDS = 1_000_000


class ChainRewritten(WrongChain):
    """The chain no longer has a block that was final: it is not the one that was followed so far."""

    code = "chain-rewritten"


@dataclass(frozen=True, slots=True)
class Position:
    """How far the chain was followed, and up to where it is final."""

    head: int
    final: int


def follow(store: Store, chain: Chain, deployment: Deployment) -> Position:
    """Bring the store to the chain's present head. Idempotent: wherever it is interrupted, it goes on from there."""
    last = _to_common_ancestor(store, chain)
    number = last.number + 1 if last else deployment.block
    head, final = _number(chain.block("latest")), _number(chain.block("finalized"))
    while number <= final:
        last = _follow_range(store, chain, deployment, number, min(number + _RANGE - 1, final))
        number = last.number + 1
    while number <= head:
        block = chain.block(number)
        if block is None or (last is not None and block.parent_hash != last.hash):
            break  # a reorganisation meanwhile: the next round finds the common ancestor
        last, number = _row(block), number + 1
        _store(store, [last], records_of_block(chain, deployment.ledger, last.hash))
    return _finalise(store, final=min(final, number - 1), head=number - 1)


def _number(block: Block | None) -> int:
    return block.number if block else -1


def _row(block: Block) -> blocks.Block:
    return blocks.Block(block.number, block.hash, block.parent_hash, block.time * _MICROSECONDS)


def _to_common_ancestor(store: Store, chain: Chain) -> blocks.Block | None:
    """The highest stored block that the chain still has, all after it forgotten; None if nothing was followed yet."""
    with store.read() as connection:
        head = ancestor = blocks.head(connection)
        final = blocks.final_number(connection)
        while ancestor is not None:
            present = chain.block(ancestor.number)
            if present is not None and present.hash == ancestor.hash:
                break
            if final is not None and ancestor.number <= final:
                raise _rewritten(chain, ancestor, present)
            ancestor = blocks.below(connection, ancestor.number)
    if head is not None and ancestor is None:
        raise _rewritten(chain, head, None)
    if head is not None and ancestor is not None and ancestor.number < head.number:
        _take_back(store, ancestor.number)
    return ancestor


def _rewritten(chain: Chain, known: blocks.Block, present: Block | None) -> ChainRewritten:
    return ChainRewritten(
        f"block {known.number} was 0x{known.hash.hex()} and counted as final",
        where=chain.url,
        expected=f"that block; the chain has {'0x' + present.hash.hex() if present else 'none of that number'}",
        advice="Nothing was changed. Find out which chain is right first; a greater finality depth may be due",
    )


def _take_back(store: Store, ancestor: int) -> None:
    with store.begin() as connection:
        for record in blocks.records_above(connection, ancestor):
            batch = _batch_of(connection, record)
            if batch is not None:
                move(connection, batch.id, BatchState.SENT)
        blocks.remove_above(connection, ancestor)


def _follow_range(store: Store, chain: Chain, deployment: Deployment, first: int, last: int) -> blocks.Block:
    """Final blocks: they cannot change, so logs by number are as good as by hash."""
    logs = records(chain, deployment.ledger, first, last)
    numbers = {last} | {log.block_number for log in logs}
    found = [_row(block) for block in map(chain.block, sorted(numbers)) if block is not None]
    hashes = {block.hash for block in found}
    if len(found) != len(numbers) or any(log.block_hash not in hashes for log in logs):
        raise ChainUnavailable(f"the node's answers on blocks {first} to {last} contradict each other", where=chain.url)
    _store(store, found, logs)
    return found[-1]


def _store(store: Store, found: Sequence[blocks.Block], logs: Sequence[Record]) -> None:
    recorded = [_record_row(log) for log in logs if isinstance(log, BatchRecorded)]
    open_items = [_open_item_row(log) for log in logs if isinstance(log, OpenItemRecorded)]
    with store.begin() as connection:
        blocks.add(connection, found, recorded, open_items)
        for record in recorded:
            batch = _batch_of(connection, record)
            if batch is not None:
                _reach(connection, batch, BatchState.RECORDED)


def _record_row(log: BatchRecorded) -> blocks.Record:
    return blocks.Record(
        block_hash=log.block_hash,
        log_index=log.log_index,
        block_number=log.block_number,
        transaction_hash=log.transaction_hash,
        organisation_id=log.organisation,
        sequence=log.sequence,
        signer=log.key,
        root=log.root,
        size=log.size,
        items_hash=log.items_hash,
        index_root=log.index_root,
    )


def _open_item_row(log: OpenItemRecorded) -> blocks.OpenItemLog:
    return blocks.OpenItemLog(
        block_hash=log.block_hash,
        log_index=log.log_index,
        block_number=log.block_number,
        item_key=log.item_key,
        commitment=log.commitment,
        organisation_id=log.organisation,
    )


def _batch_of(connection: Connection, record: blocks.Record) -> Batch | None:
    """Our batch that this record is of: the same header, not only the same sequence number."""
    batch = batches.by_sequence(connection, record.organisation_id, record.sequence)
    header = Header(
        record.organisation_id, record.sequence, record.root, record.size, record.items_hash, record.index_root
    )
    return batch if batch is not None and batch.header_hash == header_hash(header) else None


def _reach(connection: Connection, batch: Batch, to: BatchState) -> None:
    """A record proves that the batch was sent, even if a kill kept us from noting it."""
    if batch.state is BatchState.SIGNED:
        move(connection, batch.id, BatchState.SENT)
    move(connection, batch.id, to)


def _finalise(store: Store, *, final: int, head: int) -> Position:
    with store.read() as connection:
        before = blocks.final_number(connection)
    if final >= 0 and (before is None or final > before):
        with store.begin() as connection:
            for batch_id in batches.recorded_up_to(connection, final):
                move(connection, batch_id, BatchState.FINAL)
            for batch_id in batches.overtaken(connection, final):
                move(connection, batch_id, BatchState.VOID)
                _log.warning("batch %d is void: another holder of the organisation's key took its sequence", batch_id)
            blocks.set_final(connection, final)
    return Position(head, final if before is None else max(final, before))
