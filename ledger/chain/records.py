"""Records on the wire (Contract ABI Specification): the calldata of `ProvenanceLedger.record`, and its logs as values.

The calldata's layout is fixed, so it is written out: many times faster than a general encoder, against which tests hold
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak

from ledger.batch import Header, OpenItem, encode_items
from ledger.errors import ChainUnavailable

from .port import Chain, Log

_RECORD = keccak(b"record((bytes32,uint64,bytes32,uint32,bytes32,bytes32),bytes,(bytes32,bytes32)[])")[:4]
BATCH_RECORDED = keccak(b"BatchRecorded(bytes32,uint64,address,bytes32,uint32,bytes32,bytes32)")
_NUMBERS_AND_HASHES = ("uint64", "bytes32", "uint32", "bytes32", "bytes32")
OPEN_ITEM_RECORDED = keccak(b"OpenItemRecorded(bytes32,bytes32,bytes32)")


@dataclass(frozen=True, slots=True)
class BatchRecorded:
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int
    organisation: bytes
    sequence: int
    key: bytes
    root: bytes
    size: int
    items_hash: bytes
    index_root: bytes

    @property
    def header(self) -> Header:
        return Header(self.organisation, self.sequence, self.root, self.size, self.items_hash, self.index_root)


@dataclass(frozen=True, slots=True)
class OpenItemRecorded:
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int
    item_key: bytes
    commitment: bytes
    organisation: bytes


Record = BatchRecorded | OpenItemRecorded


def encode_record(header: Header, signature: bytes, items: Sequence[OpenItem] | bytes) -> bytes:
    """The calldata of `record`; `items` may be given as `batch.encode_items` made them, as the store keeps them."""
    padded = signature + bytes(-len(signature) % 32)
    encoded = items if isinstance(items, bytes) else encode_items(items)
    return b"".join(
        (
            _RECORD,
            header.organisation,
            _word(header.sequence),
            header.root,
            _word(header.size),
            header.items_hash,
            header.index_root,
            _word(8 * 32),  # where the signature begins
            _word(8 * 32 + 32 + len(padded)),  # where the items begin
            _word(len(signature)),
            padded,
            encoded[32:],  # without the offset that leads a lone dynamic value
        )
    )


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def decode_logs(logs: Iterable[Log]) -> list[Record]:
    """The ledger's logs, in their order; logs of other kinds are left out."""
    found: list[Record] = []
    for log in logs:
        kind = log.topics[0] if log.topics else b""
        if kind == BATCH_RECORDED and len(log.topics) == 4:
            found.append(_batch_recorded(log))
        elif kind == OPEN_ITEM_RECORDED and len(log.topics) == 4:
            place = (log.block_number, log.block_hash, log.transaction_hash, log.log_index)
            found.append(OpenItemRecorded(*place, *log.topics[1:]))
    return found


def _batch_recorded(log: Log) -> BatchRecorded:
    try:
        sequence, root, size, items_hash, index_root = decode(_NUMBERS_AND_HASHES, log.topics[2] + log.data)
    except (DecodingError, OverflowError):
        raise ChainUnavailable(
            f"log {log.log_index} of block {log.block_number} is not what the ledger writes",
            expected="BatchRecorded",
            advice="Check the ledger's address; the node may also be broken.",
        ) from None
    return BatchRecorded(
        block_number=log.block_number,
        block_hash=log.block_hash,
        transaction_hash=log.transaction_hash,
        log_index=log.log_index,
        organisation=log.topics[1],
        sequence=sequence,
        key=log.topics[3][12:],
        root=root,
        size=size,
        items_hash=items_hash,
        index_root=index_root,
    )


def records(chain: Chain, ledger: bytes, first: int, last: int) -> list[Record]:
    """Everything recorded in a range of blocks, its ends included."""
    return decode_logs(chain.logs(ledger, [(BATCH_RECORDED, OPEN_ITEM_RECORDED)], first=first, last=last))


def records_of_block(chain: Chain, ledger: bytes, block_hash: bytes) -> list[Record]:
    """Everything recorded in one block: by hash, so that a reorganisation in between cannot mix two blocks."""
    return decode_logs(chain.logs(ledger, [(BATCH_RECORDED, OPEN_ITEM_RECORDED)], block_hash=block_hash))


def records_of_batch(chain: Chain, ledger: bytes, organisation: bytes, sequence: int) -> list[BatchRecorded]:
    """Where one batch is recorded: one record, or none."""
    logs = chain.logs(ledger, [BATCH_RECORDED, organisation, _word(sequence)], first=0)
    return [record for record in decode_logs(logs) if isinstance(record, BatchRecorded)]


def records_of_item(chain: Chain, ledger: bytes, item_key: bytes) -> list[OpenItemRecorded]:
    """All open records of an item, found from the chain alone; anyone's, for a reader to judge."""
    logs = chain.logs(ledger, [OPEN_ITEM_RECORDED, item_key], first=0)
    return [record for record in decode_logs(logs) if isinstance(record, OpenItemRecorded)]
