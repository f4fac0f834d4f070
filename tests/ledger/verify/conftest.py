"""A small world to verify in: organisations with keys, batches recorded on a chain that is kept in memory, bundles.

`World` is its own faithful witness: it answers from what was recorded, as a node of a chain would.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from ledger.batch import (
    Domain,
    Header,
    OpenItem,
    batch_root,
    header_hash,
    items_hash,
    organisation_id,
    sign_header,
    signer_address,
)
from ledger.commitment import EventTree, RedactedEvent, whole
from ledger.commitment.merkle import inclusion_path, leaf_hash
from ledger.identifiers import item_key, parse_item
from ledger.proof.bundle import Bundle, EventProof, Record
from ledger.verify import KeyRange, OpenItemLog, RecordLog, Trust

LEDGER = bytes(range(20))
CHAIN_ID = 31337


def digest_of(*parts: object) -> bytes:
    return sha256(repr(parts).encode()).digest()


@dataclass
class Recorded:
    """One recorded batch, with all that a prover keeps."""

    record: Record
    trees: list[EventTree]
    commitments: list[bytes]

    def proof(self, index: int, event: RedactedEvent | None = None) -> EventProof:
        hashes = [leaf_hash(commitment) for commitment in self.commitments]
        path = tuple(inclusion_path(hashes, index))
        return EventProof(self.record, index, self.commitments[index], path, event or whole(self.trees[index]))


@dataclass
class World:
    """A chain with one ledger, and everything needed to record on it."""

    code: bytes = digest_of("code")
    block: int = 0
    ranges: dict[tuple[bytes, bytes], KeyRange] = field(default_factory=dict)
    records: list[RecordLog] = field(default_factory=list)
    items: list[OpenItemLog] = field(default_factory=list)
    has_logs: bool = True

    # -- recording

    def private_key(self, uri: str, number: int = 0) -> bytes:
        return digest_of("key", uri, number)

    def add_key(self, uri: str, number: int = 0) -> bytes:
        self.block += 1
        address = signer_address(self.private_key(uri, number))
        self.ranges[organisation_id(uri), address] = KeyRange(self.block, 0)
        return address

    def revoke(self, uri: str, number: int = 0) -> None:
        self.block += 1
        place = organisation_id(uri), signer_address(self.private_key(uri, number))
        self.ranges[place] = KeyRange(self.ranges[place].added, self.block + 1)

    def record(
        self, uri: str, bodies: list[dict[str, Any]], *, open_: bool = False, corrects: dict[int, bytes] | None = None
    ) -> Recorded:
        """Commit, sign and record a batch; open events leave the keys of their epcList."""
        organisation = organisation_id(uri)
        if not any(place[0] == organisation for place in self.ranges):
            self.add_key(uri)
        self.block += 1
        trees = [EventTree.of(body, digest_of("secret", uri, body)) for body in bodies]
        commitments = [tree.commitment(organisation).value for tree in trees]
        items = [OpenItem(key, commitments[index]) for index, key in (corrects or {}).items()]
        for body, commitment in zip(bodies, commitments, strict=True):
            keys = [item_key(parse_item(epc).uri) for epc in body.get("epcList", [])]
            items += [OpenItem(key, commitment) for key in keys if open_]
        sequence = self.last_sequence(organisation) + 1
        header = Header(organisation, sequence, batch_root(commitments), len(bodies), items_hash(items))
        signature = sign_header(header, Domain(CHAIN_ID, LEDGER), self.private_key(uri))
        signer, transaction = signer_address(self.private_key(uri)), digest_of("transaction", header)
        place = (self.block, self._hash(self.block), transaction)
        self.records.append(RecordLog(header, signer, *place))
        self.items += [OpenItemLog(item.item_key, item.commitment, organisation, *place) for item in items]
        record = Record(
            uri, sequence, header.root, header.size, header.items_hash, header.index_root, signature, *place
        )
        return Recorded(record, trees, commitments)

    @property
    def trust(self) -> Trust:
        return Trust(CHAIN_ID, LEDGER, self.code)

    def bundle(self, *proofs: EventProof) -> bytes:
        return Bundle.of(Domain(CHAIN_ID, LEDGER), proofs).encode()

    def _hash(self, number: int) -> bytes:
        return digest_of("block", number)

    # -- answering, as a ChainWitness

    def chain_id(self) -> int:
        return CHAIN_ID

    def ledger(self) -> bytes:
        return LEDGER

    def code_hash(self) -> bytes:
        return self.code

    def block_hash(self, number: int) -> bytes | None:
        return self._hash(number) if 0 <= number <= self.block else None

    def key_range(self, organisation: bytes, key: bytes) -> KeyRange:
        return self.ranges.get((organisation, key), KeyRange(0, 0))

    def header_hash(self, organisation: bytes, sequence: int, at_block: int | None) -> bytes:
        for log in self.records:
            if (log.header.organisation, log.header.sequence) == (organisation, sequence):
                return header_hash(log.header) if at_block is None or log.block_number <= at_block else bytes(32)
        return bytes(32)

    def last_sequence(self, organisation: bytes) -> int:
        return sum(log.header.organisation == organisation for log in self.records)

    def record_logs(self, organisation: bytes, sequence: int, block_hash: bytes) -> list[RecordLog] | None:
        if not self.has_logs:
            return None
        named = (organisation, sequence, block_hash)
        return [r for r in self.records if (r.header.organisation, r.header.sequence, r.block_hash) == named]

    def recorded_sequences(self, organisation: bytes) -> list[int] | None:
        if not self.has_logs:
            return None
        return [log.header.sequence for log in self.records if log.header.organisation == organisation]

    def open_item_logs(self, item_keys: Sequence[bytes]) -> list[OpenItemLog] | None:
        return [log for log in self.items if log.item_key in item_keys] if self.has_logs else None


def event(number: int = 0, **fields: Any) -> dict[str, Any]:
    """A small event."""
    return {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventTime": f"2026-03-01T08:{number % 60:02}:00Z",
        "epcList": [f"urn:example:crate:{number}"],
        **fields,
    }


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def make_event() -> Any:
    return event


@pytest.fixture
def parsed(world: World) -> Any:
    """The JSON of a bundle of two events in two records, to be tampered with."""
    one = world.record("https://orchard.example", [event(n) for n in range(3)])
    two = world.record("https://packer.example", [event()])
    return json.loads(world.bundle(one.proof(0), two.proof(0)))
