"""eth-tester's py-evm backend over a chain that persists: Prague rules, its own chain id, reopened from its head.

eth-tester's own backend makes a new chain in memory each time. Blocks are made on demand, so several may share a
second: their time is the clock's and never goes back, where the mainnet rule would push it into the future. Locking and
JSON-RPC are the node's business.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eth.abc import BlockAPI, BlockHeaderAPI, SignedTransactionAPI
from eth.chains.base import MiningChain
from eth.constants import BLANK_ROOT_HASH, POST_MERGE_DIFFICULTY, POST_MERGE_MIX_HASH, POST_MERGE_NONCE, ZERO_ADDRESS
from eth.db.atomic import AtomicDB
from eth.exceptions import CanonicalHeadNotFound
from eth.vm.forks.prague import PragueVM
from eth_tester.backends.pyevm.main import PyEVMBackend
from eth_typing import BlockNumber

from ledger.errors import InvalidInput

from .database import ChainDatabase, LogRow

CHAIN_ID = 0x4C4F544D  # "LOTM" in ASCII: 1280267341, the id of every embedded chain; the genesis hash tells homes apart
GAS_LIMIT = 30_000_000
CARRIER_BALANCE = 10**24  # a million ether: some 10^13 records at this chain's usual base fee


class EmbeddedVM(PragueVM):
    @classmethod
    def validate_header(cls, header: BlockHeaderAPI, parent_header: BlockHeaderAPI) -> None:
        if header.timestamp == parent_header.timestamp:
            parent_header = parent_header.copy(timestamp=header.timestamp - 1)
        super().validate_header(header, parent_header)


class EmbeddedMiningChain(MiningChain):
    chain_id = CHAIN_ID
    vm_configuration = ((BlockNumber(0), EmbeddedVM),)

    def create_header_from_parent(self, parent_header: BlockHeaderAPI, **header_params: Any) -> BlockHeaderAPI:
        header_params["gas_limit"] = parent_header.gas_limit
        return super().create_header_from_parent(parent_header, **header_params)

    def get_transaction_builder(self) -> Any:
        return self.get_vm().get_transaction_builder()


class EmbeddedBackend(PyEVMBackend):  # type: ignore[misc]  # eth-tester ships no type information
    """Open the chain at `path`, or make one there that funds `carrier`."""

    def __init__(self, path: Path, carrier: bytes | None = None) -> None:
        # eth-tester's constructor would make its own chain
        if carrier is None and not path.exists():
            raise _nothing_to_open(path)
        self.account_keys: tuple[Any, ...] = ()
        self.database = ChainDatabase(path)
        self._base = AtomicDB(self.database)
        try:
            self.chain = EmbeddedMiningChain(self._base)
        except CanonicalHeadNotFound:
            self.database.discard()
            try:
                self._make(path, carrier)
            except BaseException:
                self.database.close()
                raise

    def _make(self, path: Path, carrier: bytes | None) -> None:
        if carrier is None or len(carrier) != 20:
            raise _nothing_to_open(path)
        genesis: dict[str, Any] = {
            "coinbase": ZERO_ADDRESS,
            "difficulty": POST_MERGE_DIFFICULTY,
            "extra_data": secrets.token_bytes(32),
            "gas_limit": GAS_LIMIT,
            "mix_hash": POST_MERGE_MIX_HASH,
            "nonce": POST_MERGE_NONCE,
            "receipt_root": BLANK_ROOT_HASH,
            "timestamp": int(time.time()),
            "transaction_root": BLANK_ROOT_HASH,
        }
        state: Any = {carrier: {"balance": CARRIER_BALANCE, "nonce": 0, "code": b"", "storage": {}}}
        EmbeddedMiningChain.from_genesis(self._base, genesis, state)
        self.chain = EmbeddedMiningChain(self._base)
        self.database.commit()

    def head(self) -> BlockHeaderAPI:
        """The header of the last block; the chain's own `header` is that of the block being made."""
        return self.chain.get_canonical_head()

    def send_raw_transaction(self, raw_transaction: bytes) -> bytes:
        self._tell_time()
        transaction_hash: bytes = super().send_raw_transaction(raw_transaction)
        return transaction_hash

    def _tell_time(self) -> None:
        if not self.chain.header.gas_used:
            now = max(int(time.time()), self.head().timestamp)
            self.chain.set_header_timestamp(now)

    def mine_blocks(self, num_blocks: int = 1, coinbase: bytes = ZERO_ADDRESS) -> tuple[bytes, ...]:
        """Make blocks, each stored in one transaction before the next one begins."""
        hashes: list[bytes] = []
        for _ in range(num_blocks):
            self._tell_time()
            try:
                hashes += super().mine_blocks(1, coinbase)
                self.database.add_logs(self._logs(self.chain.get_canonical_block_by_number(self.head().block_number)))
                self.database.commit()
            except BaseException:
                self.abandon()
                raise
        return tuple(hashes)

    def abandon(self) -> None:
        """Forget the block being made: back to the last one stored."""
        self.database.discard()
        self.chain = EmbeddedMiningChain(self._base)

    def _logs(self, block: BlockAPI) -> list[LogRow]:
        transactions: Sequence[SignedTransactionAPI] = block.transactions
        rows: list[LogRow] = []
        for index, (transaction, receipt) in enumerate(
            zip(transactions, block.get_receipts(self.chain.chaindb), strict=True)
        ):
            for log in receipt.logs:
                topics = [topic.to_bytes(32, "big") for topic in log.topics]
                first, second, third, fourth = [*topics, None, None, None, None][:4]
                rows.append(
                    (
                        block.number,
                        len(rows),
                        index,
                        transaction.hash,
                        bytes(log.address),
                        first,
                        second,
                        third,
                        fourth,
                        bytes(log.data),
                    )
                )
        return rows

    def close(self) -> None:
        self.database.close()


def _nothing_to_open(path: Path) -> InvalidInput:
    return InvalidInput(
        "there is no embedded chain here, and no account was given to fund on a new one",
        where=str(path),
        expected="a chain's file, or the 20-byte address of the account that will pay for transactions",
    )
