"""What the verifier asks of a chain, and the answers' forms.

A witness answers for one ledger of one chain: over JSON-RPC of the verifier's own choice, or from state proofs against
a block hash that the verifier trusts. A state proof shows state, not logs: such a witness answers None where it cannot
tell, and the result says what was therefore not checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.batch.header import Header


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The blocks [added, revoked) in which a key counts; added 0: never, revoked 0: not revoked."""

    added: int
    revoked: int

    def valid_at(self, block: int) -> bool:
        return 0 < self.added <= block and (self.revoked == 0 or block < self.revoked)


@dataclass(frozen=True, slots=True)
class RecordLog:
    """A BatchRecorded log."""

    header: Header
    signer: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes


@dataclass(frozen=True, slots=True)
class OpenItemLog:
    """An OpenItemRecorded log."""

    item_key: bytes
    commitment: bytes
    organisation: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes


class ChainWitness(Protocol):
    """The chain's state and logs as far as verification needs them. ChainUnavailable where it does not answer."""

    def chain_id(self) -> int: ...

    def ledger(self) -> bytes:
        """The address of the ledger it answers for."""
        ...

    def code_hash(self) -> bytes:
        """keccak-256 of that ledger's code."""
        ...

    def block_hash(self, number: int) -> bytes | None:
        """The hash of the chain's block of that number, None if there is none."""
        ...

    def key_range(self, organisation: bytes, key: bytes) -> KeyRange:
        """As the registry that the ledger itself names has it."""
        ...

    def header_hash(self, organisation: bytes, sequence: int, at_block: int | None) -> bytes:
        """What the ledger keeps, in the state after that block or the latest; zeros if nothing."""
        ...

    def last_sequence(self, organisation: bytes) -> int: ...

    def record_logs(self, organisation: bytes, sequence: int, block_hash: bytes) -> Sequence[RecordLog] | None:
        """The BatchRecorded logs of that block for the organisation's sequence."""
        ...

    def recorded_sequences(self, organisation: bytes) -> Sequence[int] | None:
        """The sequences in all BatchRecorded logs of the organisation."""
        ...

    def open_item_logs(self, item_keys: Sequence[bytes]) -> Sequence[OpenItemLog] | None:
        """All OpenItemRecorded logs of these keys, of any organisation."""
        ...
