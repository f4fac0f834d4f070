"""The embedded chain as a node: one lock, blocks made as transactions arrive, queries, and calls that leave no trace.

Every transaction that is accepted is in a stored block before the answer; there is no pool, and a block is final at
once. The JSON-RPC face of this is `methods`.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth.abc import BlockAPI, BlockHeaderAPI, ComputationAPI, SignedTransactionAPI
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth.vm.spoof import SpoofTransaction
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError

from ledger.chain.json_rpc import SERVER_ERROR, RpcError

from .backend import CHAIN_ID, EmbeddedBackend
from .database import LogRow

MAX_LOGS = 10_000  # in one answer: some 6 MB of JSON
GAS_CAP = 16_777_216  # EIP-7825's cap of a transaction, here of a call too


@dataclass(frozen=True, slots=True)
class CallRequest:
    to: bytes  # empty: creates a contract
    data: bytes = b""
    sender: bytes = bytes(20)
    value: int = 0
    gas: int = GAS_CAP


class EmbeddedNode:
    """Open (or, given the account to fund, make) the chain in the SQLite file at `path`."""

    def __init__(self, path: Path, carrier: bytes | None = None) -> None:
        self.backend = EmbeddedBackend(path, carrier)
        self.lock = threading.RLock()

    @property
    def chain_id(self) -> int:
        return CHAIN_ID

    def close(self) -> None:
        with self.lock:
            self.backend.close()

    # sending

    def send(self, raw: bytes) -> bytes:
        """Record one signed transaction in a block of its own; its hash."""
        with self.lock:
            self._check(self._decode(raw))
            try:
                transaction_hash = self.backend.send_raw_transaction(raw)
                self.backend.mine_blocks(1)
            except ValidationError as error:
                self.backend.abandon()
                raise RpcError(SERVER_ERROR, _refusal(str(error))) from error
            except BaseException:
                self.backend.abandon()
                raise
            return transaction_hash

    def _check(self, transaction: SignedTransactionAPI) -> None:
        if self.transaction_place(transaction.hash) is not None:
            raise RpcError(SERVER_ERROR, "already known")
        expected = self.backend.chain.get_vm().state.get_nonce(transaction.sender)
        if transaction.nonce != expected:
            word = "low" if transaction.nonce < expected else "high"
            raise RpcError(SERVER_ERROR, f"nonce too {word}: next nonce {expected}, tx nonce {transaction.nonce}")
        # py-evm leaves these two to whoever makes the pool
        if transaction.gas < transaction.intrinsic_gas:
            raise RpcError(SERVER_ERROR, f"intrinsic gas too low: {transaction.gas} of {transaction.intrinsic_gas}")
        if transaction.gas < _floor_gas(transaction.data):
            raise RpcError(SERVER_ERROR, "insufficient gas for floor data gas cost")

    def _decode(self, raw: bytes) -> SignedTransactionAPI:
        if not raw or (raw[0] not in (1, 2) and raw[0] < 0xC0):
            raise RpcError(SERVER_ERROR, "transaction type not supported")
        try:
            transaction: SignedTransactionAPI = self.backend.chain.get_transaction_builder().decode(raw)
            transaction.check_signature_validity()
        except Exception as error:  # a dozen kinds of rlp, eth-keys and py-evm errors
            raise RpcError(SERVER_ERROR, f"malformed transaction: {type(error).__name__}") from error
        if transaction.chain_id not in (CHAIN_ID, None):
            raise RpcError(SERVER_ERROR, f"invalid chain id for signer: have {transaction.chain_id}, want {CHAIN_ID}")
        return transaction

    # queries

    def header(self, number: int) -> BlockHeaderAPI | None:
        with self.lock:
            try:
                return self.backend.chain.get_canonical_block_header_by_number(BlockNumber(number))
            except HeaderNotFound:
                return None

    def header_by_hash(self, block_hash: bytes) -> BlockHeaderAPI | None:
        with self.lock:
            try:
                header = self.backend.chain.get_block_header_by_hash(Hash32(block_hash))
            except HeaderNotFound:
                return None
            return header if self.backend.chain.get_canonical_block_hash(header.block_number) == block_hash else None

    def head(self) -> BlockHeaderAPI:
        with self.lock:
            return self.backend.head()

    def block_hash(self, number: int) -> bytes:
        with self.lock:
            return self.backend.chain.get_canonical_block_hash(BlockNumber(number))

    def block(self, header: BlockHeaderAPI) -> BlockAPI:
        with self.lock:
            return self.backend.chain.get_block_by_header(header)

    def transaction_place(self, transaction_hash: bytes) -> tuple[int, int] | None:
        """The number of the block that has it, and its index there."""
        with self.lock:
            try:
                number, index = self.backend.chain.get_canonical_transaction_index(Hash32(transaction_hash))
            except TransactionNotFound:
                return None
            return number, index

    def logs(self, condition: str, values: Sequence[object], limit: int = MAX_LOGS) -> list[LogRow]:
        with self.lock:
            return self.backend.database.logs(condition, values, limit)

    # execution

    def call(self, request: CallRequest, header: BlockHeaderAPI) -> ComputationAPI:
        """The result of a message on the state after a block."""
        with self.lock:
            return self._execute(request, header)

    def estimate(self, request: CallRequest) -> tuple[int, ComputationAPI]:
        """Gas that suffices for a transaction in the next block, and what it would do there."""
        with self.lock:
            computation = self._execute(request, self.backend.chain.header)
        used = request.gas - computation.get_gas_remaining()
        # a nested call can pass on at most 63/64 of what is left (EIP-150)
        return used + used // 16 + max(computation.data_floor_gas, 0), computation

    def _execute(self, request: CallRequest, header: BlockHeaderAPI) -> ComputationAPI:
        vm = self.backend.chain.get_vm(at_header=header.copy(base_fee_per_gas=0))
        builder: Any = vm.get_transaction_builder()
        unsigned = builder.new_unsigned_dynamic_fee_transaction(
            chain_id=CHAIN_ID,
            nonce=vm.state.get_nonce(Address(request.sender)),
            max_priority_fee_per_gas=0,
            max_fee_per_gas=0,
            gas=min(request.gas, GAS_CAP),
            to=request.to,
            value=request.value,
            data=request.data,
            access_list=(),
        )
        try:
            spoofed: Any = SpoofTransaction(unsigned, from_=request.sender)
            return vm.state.apply_transaction(spoofed)
        except ValidationError as error:
            raise RpcError(SERVER_ERROR, _refusal(str(error))) from error


def _floor_gas(payload: bytes) -> int:
    """What a transaction costs at least for its data (EIP-7623)."""
    return 21_000 + 10 * (4 * len(payload) - 3 * payload.count(0))


def _refusal(message: str) -> str:
    """py-evm's reason in the words that nodes use, which senders look for."""
    for part, said in (
        ("cannot afford", "insufficient funds for gas * price + value"),
        ("enough balance", "insufficient funds for gas * price + value"),
        ("insufficient funds", "insufficient funds for gas * price + value"),
        ("max fee per gas", "max fee per gas less than block base fee"),
        ("exceeds gas limit", "exceeds block gas limit"),
    ):
        if part in message.lower():
            return f"{said} ({message})" if len(message) < 300 else said
    return message[:300]
