"""What the verifier brings. A bundle's own word on chain, contract or organisation counts only where it equals this."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from ledger.batch.header import Domain


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A block that the verifier trusts; every record must be in the chain's state at it."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Trust:
    """One ledger on one chain; what is None was not brought, and the result says what that leaves open."""

    chain_id: int
    ledger: bytes
    #: keccak-256 of the ledger's deployed code, which names its registry too
    code_hash: bytes | None = None
    #: URIs of the organisations whose events are expected
    organisations: Set[str] | None = None
    checkpoint: Checkpoint | None = None

    @property
    def domain(self) -> Domain:
        return Domain(self.chain_id, self.ledger)
