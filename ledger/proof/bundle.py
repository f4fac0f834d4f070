"""The bundle: a file of events and proofs that verifies on its own (docs/bundle.md).

A bundle is the RFC 8785 form of one JSON object; any other bytes are refused, so one content has one bundle. It holds
nothing that a verifier could not check: no names, no notes, no times of its own. Events share the records that they
are proven by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import rfc8785

from ledger.batch.header import Domain, Header, organisation_id
from ledger.commitment.canonical import parse_canonical
from ledger.commitment.disclosure import Disclosure
from ledger.commitment.redaction import RedactedEvent
from ledger.errors import InvalidInput
from ledger.hexadecimal import hex_of
from ledger.proof.json_model import hexadecimal, integer, items, members, text

FORMAT = "lotmark:bundle:v1"

_TOP = ("format", "chain", "records", "events")
_CHAIN = ("id", "ledger")
_RECORD = (
    "organisation",
    "sequence",
    "root",
    "size",
    "itemsHash",
    "indexRoot",
    "signature",
    "block",
    "transaction",
)
_BLOCK = ("number", "hash")
_EVENT = ("record", "index", "commitment", "path", "leaves")


@dataclass(frozen=True, slots=True)
class Record:
    """A batch's header as its organisation signed it, and where the chain has it."""

    organisation: str
    sequence: int
    root: bytes
    size: int
    items_hash: bytes
    index_root: bytes
    signature: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes

    @property
    def header(self) -> Header:
        return Header(
            organisation_id(self.organisation), self.sequence, self.root, self.size, self.items_hash, self.index_root
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation,
            "sequence": self.sequence,
            "root": hex_of(self.root),
            "size": self.size,
            "itemsHash": hex_of(self.items_hash),
            "indexRoot": hex_of(self.index_root),
            "signature": hex_of(self.signature),
            "block": {"number": self.block_number, "hash": hex_of(self.block_hash)},
            "transaction": hex_of(self.transaction_hash),
        }

    @classmethod
    def from_json(cls, value: Any, where: str) -> Record:
        organisation, sequence, root, size, items_hash, index_root, signature, block, transaction = members(
            value, _RECORD, where
        )
        number, block_hash = members(block, _BLOCK, f"{where}/block")
        record = cls(
            text(organisation, f"{where}/organisation"),
            integer(sequence, f"{where}/sequence"),
            hexadecimal(root, 32, f"{where}/root"),
            integer(size, f"{where}/size"),
            hexadecimal(items_hash, 32, f"{where}/itemsHash"),
            hexadecimal(index_root, 32, f"{where}/indexRoot"),
            hexadecimal(signature, 65, f"{where}/signature"),
            integer(number, f"{where}/block/number"),
            hexadecimal(block_hash, 32, f"{where}/block/hash"),
            hexadecimal(transaction, 32, f"{where}/transaction"),
        )
        _ = record.header  # refuses numbers that the contract could not hold
        return record


@dataclass(frozen=True, slots=True)
class EventProof:
    """An event, whole or redacted, and its place in a record's batch."""

    record: Record
    index: int
    commitment: bytes
    path: tuple[bytes, ...]
    event: RedactedEvent

    def as_json(self, record_number: int) -> dict[str, Any]:
        return {
            "record": record_number,
            "index": self.index,
            "commitment": hex_of(self.commitment),
            "path": [hex_of(step) for step in self.path],
            "leaves": [leaf.as_json() if isinstance(leaf, Disclosure) else hex_of(leaf) for leaf in self.event.leaves],
        }

    @classmethod
    def from_json(cls, value: Any, records: list[Record], where: str) -> EventProof:
        record, index, commitment, path, leaves = members(value, _EVENT, where)
        if integer(record, f"{where}/record") >= len(records):
            raise InvalidInput(f"no record {record}", where=f"{where}/record", expected=f"below {len(records)}")
        return cls(
            records[record],
            integer(index, f"{where}/index"),
            hexadecimal(commitment, 32, f"{where}/commitment"),
            tuple(hexadecimal(step, 32, f"{where}/path/{i}") for i, step in enumerate(items(path, f"{where}/path"))),
            RedactedEvent(
                tuple(_leaf(leaf, f"{where}/leaves/{i}") for i, leaf in enumerate(items(leaves, f"{where}/leaves")))
            ),
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    """Events with their proofs, in the order of their records (organisation, sequence) and indexes."""

    domain: Domain
    proofs: tuple[EventProof, ...]

    @classmethod
    def of(cls, domain: Domain, proofs: Iterable[EventProof]) -> Bundle:
        return cls(domain, tuple(sorted(proofs, key=_place)))

    @property
    def records(self) -> list[Record]:
        """The records of its events, each once."""
        return list(dict.fromkeys(proof.record for proof in self.proofs))

    def encode(self) -> bytes:
        """The bundle's bytes."""
        records = self.records
        _check_order(records, self.proofs)
        numbers = {record: number for number, record in enumerate(records)}
        return rfc8785.dumps(
            {
                "format": FORMAT,
                "chain": {"id": self.domain.chain_id, "ledger": hex_of(self.domain.ledger)},
                "records": [record.as_json() for record in records],
                "events": [proof.as_json(numbers[proof.record]) for proof in self.proofs],
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Bundle:
        """The bundle of which `data` are the bytes; InvalidInput, saying where, for any other bytes."""
        format_, chain, records, events = members(parse_canonical(data), _TOP, "bundle")
        if format_ != FORMAT:
            raise InvalidInput(f"{format_!r} is not known", where="bundle /format", expected=FORMAT)
        chain_id, ledger = members(chain, _CHAIN, "bundle /chain")
        domain = Domain(integer(chain_id, "bundle /chain/id"), hexadecimal(ledger, 20, "bundle /chain/ledger"))
        read = [Record.from_json(r, f"bundle /records/{i}") for i, r in enumerate(items(records, "bundle /records"))]
        listed = enumerate(items(events, "bundle /events"))
        proofs = tuple(EventProof.from_json(e, read, f"bundle /events/{i}") for i, e in listed)
        _check_order(read, proofs)
        return cls(domain, proofs)


def _check_order(records: list[Record], proofs: tuple[EventProof, ...]) -> None:
    """One content has one bundle: everything sorted, nothing twice, no record without an event."""
    if not proofs:
        raise InvalidInput("no event", where="bundle /events", expected="at least one")
    places = [_place(proof) for proof in proofs]
    if any(before >= after for before, after in pairwise(places)):
        raise InvalidInput("events out of order or twice", where="bundle /events", expected="by record and index")
    if records != list(dict.fromkeys(proof.record for proof in proofs)):
        raise InvalidInput("records out of order or without an event", where="bundle /records")
    if len({place[:2] for place in places}) != len(records):
        raise InvalidInput("two records of one sequence number", where="bundle /records")


def _place(proof: EventProof) -> tuple[bytes, int, int]:
    return proof.record.organisation.encode(), proof.record.sequence, proof.index


def _leaf(value: Any, where: str) -> Disclosure | bytes:
    if type(value) is str:
        return hexadecimal(value, 32, where)
    try:
        return Disclosure.from_json(value)
    except InvalidInput as error:
        raise InvalidInput(error.problem.message, where=where, expected=error.problem.expected) from error
