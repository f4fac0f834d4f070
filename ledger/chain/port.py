"""The port through which the sender, the follower, the verifier and the server see a chain, and what passes through it.

Hashes and addresses are bytes; block times are seconds since 1970-01-01T00:00:00Z. Every method may raise
ChainUnavailable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from web3 import Web3

#: a number, a hash, or a tag; 'finalized' is what the connection counts as final
BlockName = int | bytes | Literal["latest", "finalized", "earliest"]
#: for each position any of the alternatives, or None for anything
Topics = Sequence[bytes | Sequence[bytes] | None]


@dataclass(frozen=True, slots=True)
class Block:
    number: int
    hash: bytes
    parent_hash: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Log:
    address: bytes
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int


@dataclass(frozen=True, slots=True)
class Receipt:
    transaction_hash: bytes
    block_number: int
    block_hash: bytes
    succeeded: bool
    gas_used: int
    contract: bytes | None
    logs: tuple[Log, ...]


@dataclass(frozen=True, slots=True)
class Fees:
    """Per unit of gas, in wei (EIP-1559)."""

    base: int
    tip: int

    @property
    def maximum(self) -> int:
        """Bears the base fee doubling, which takes six full blocks."""
        return 2 * self.base + self.tip


class Chain(Protocol):
    @property
    def url(self) -> str:
        """Where it is, fit to be shown: without credentials, path or query."""

    @property
    def chain_id(self) -> int: ...

    @property
    def w3(self) -> Web3: ...

    def block(self, name: BlockName) -> Block | None:
        """The canonical block of this name, or none; a block that a reorganisation took away has no name."""

    def logs(
        self,
        address: bytes | None = None,
        topics: Topics = (),
        *,
        first: int | None = None,
        last: int | None = None,
        block_hash: bytes | None = None,
    ) -> list[Log]:
        """The logs of a range of blocks (its ends included), or of the one block with this hash."""

    def nonce(self, address: bytes, *, pending: bool = False) -> int: ...

    def balance(self, address: bytes) -> int: ...

    def code(self, address: bytes, block: BlockName = "latest") -> bytes: ...

    def storage(self, address: bytes, slot: int, block: BlockName = "latest") -> bytes: ...

    def call(self, to: bytes, data: bytes, block: BlockName = "latest", *, sender: bytes | None = None) -> bytes:
        """What a contract answers; ContractRefused if it reverts."""

    def estimate_gas(self, sender: bytes, to: bytes | None, data: bytes) -> int:
        """Gas for a transaction; ContractRefused if it would revert."""

    def fees(self) -> Fees: ...

    def send_raw(self, raw: bytes) -> bytes:
        """Hand over a signed transaction; its hash. Sending the same bytes again is harmless.

        TransactionRefused says that and why the node did not take it; ChainUnavailable leaves open whether it did.
        """

    def knows(self, transaction_hash: bytes) -> bool:
        """It is in the node's pool or in a canonical block."""

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """What became of a transaction in a canonical block; none while it is in no block."""

    def make_request(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        """A JSON-RPC request as is; the response object with `result` or `error`."""

    def close(self) -> None: ...
