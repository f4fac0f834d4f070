"""The result of a verification: what was checked, what was found, and what the caller still has to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.commitment.disclosure import Value
from ledger.verify.named_items import Relation
from ledger.verify.trust import Trust
from ledger.verify.witness import OpenItemLog


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether the bundle leaves out an open event of the item; None where the witness could not tell."""

    #: organisation → its last sequence, all logs up to which are there
    sequences: Mapping[str, int | None]
    #: open events of the item by the bundle's or the expected organisations that the bundle does not contain
    missing: tuple[OpenItemLog, ...] | None = None
    #: the same by organisations that the verifier does not know
    strangers: tuple[OpenItemLog, ...] = ()


@dataclass(frozen=True, slots=True)
class VerifiedEvent:
    """An event that its organisation signed and the chain has."""

    commitment: bytes
    organisation: str
    signer: bytes
    sequence: int
    index: int
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    #: a log of the chain shows signer, block and transaction; else they are the bundle's word
    placed: bool
    #: JSON pointer → what is shown there
    values: Mapping[str, Value]
    hidden_count: int
    #: canonical URIs of the items it names, as far as they are shown
    items: frozenset[str]
    #: to the item in question, if one was asked for
    relation: Relation | None
    #: commitments of the same organisation's events that declare this one wrong; None: could not be told
    corrected_by: tuple[bytes, ...] | None

    @property
    def declares_error(self) -> bool:
        return "/errorDeclaration" in self.values


@dataclass(frozen=True, slots=True)
class Verified:
    trust: Trust
    item: str | None
    events: tuple[VerifiedEvent, ...]
    completeness: Completeness
    #: one sentence for each step that was done
    checked: tuple[str, ...]
    #: what no step can show, and what was not brought or could not be told
    to_judge: tuple[str, ...]
