"""What a verifier asks of a chain (`verify.ChainWitness`), answered through the port: over a node of the verifier's
own choice.

It believes the node. State proofs against a block hash that the verifier trusts will be another witness.
"""

from __future__ import annotations

from collections.abc import Sequence

from eth_hash.auto import keccak

from ledger.verify.witness import KeyRange, OpenItemLog, RecordLog

from . import contracts
from .port import BlockName, Chain
from .records import BATCH_RECORDED, OPEN_ITEM_RECORDED, BatchRecorded, OpenItemRecorded, decode_logs

#: alternatives for one topic in one question; geth takes a thousand
MOST_TOPICS = 500


class NodeWitness:
    """The witness for the ledger at an address, which was deployed in `first_block` or later."""

    def __init__(self, chain: Chain, ledger: bytes, *, first_block: int = 0) -> None:
        self._chain = chain
        self._ledger = ledger
        self._first = first_block
        self._registry: bytes | None = None

    def chain_id(self) -> int:
        return self._chain.chain_id

    def ledger(self) -> bytes:
        return self._ledger

    def code_hash(self) -> bytes:
        return keccak(self._chain.code(self._ledger))

    def block_hash(self, number: int) -> bytes | None:
        block = self._chain.block(number)
        return None if block is None else block.hash

    def key_range(self, organisation: bytes, key: bytes) -> KeyRange:
        if self._registry is None:
            self._registry = contracts.registry_of(self._chain, self._ledger)
        return contracts.key_range(self._chain, self._registry, organisation, key)

    def header_hash(self, organisation: bytes, sequence: int, at_block: int | None) -> bytes:
        block: BlockName = "latest" if at_block is None else at_block
        if at_block is not None and not self._chain.code(self._ledger, block):
            return bytes(32)  # the ledger is younger than that block
        found = contracts.recorded_header_hash(self._chain, self._ledger, organisation, sequence, block)
        return found or bytes(32)

    def last_sequence(self, organisation: bytes) -> int:
        return contracts.last_sequence(self._chain, self._ledger, organisation)

    def record_logs(self, organisation: bytes, sequence: int, block_hash: bytes) -> list[RecordLog]:
        topics = [BATCH_RECORDED, organisation, sequence.to_bytes(32, "big")]
        logs = decode_logs(self._chain.logs(self._ledger, topics, block_hash=block_hash))
        return [
            RecordLog(log.header, log.key, log.block_number, log.block_hash, log.transaction_hash)
            for log in logs
            if isinstance(log, BatchRecorded)
        ]

    def recorded_sequences(self, organisation: bytes) -> list[int]:
        logs = decode_logs(self._chain.logs(self._ledger, [BATCH_RECORDED, organisation], first=self._first))
        return [log.sequence for log in logs if isinstance(log, BatchRecorded)]

    def open_item_logs(self, item_keys: Sequence[bytes]) -> list[OpenItemLog]:
        groups = [item_keys[at : at + MOST_TOPICS] for at in range(0, len(item_keys), MOST_TOPICS)]
        return [log for group in groups for log in self._open_item_logs(group)]

    def _open_item_logs(self, item_keys: Sequence[bytes]) -> list[OpenItemLog]:
        logs = decode_logs(self._chain.logs(self._ledger, [OPEN_ITEM_RECORDED, item_keys], first=self._first))
        return [
            OpenItemLog(
                log.item_key,
                log.commitment,
                log.organisation,
                log.block_number,
                log.block_hash,
                log.transaction_hash,
            )
            for log in logs
            if isinstance(log, OpenItemRecorded)
        ]
