"""A bundle verified against a real chain, through the witness, on both kinds of chain."""

from __future__ import annotations

import dataclasses
import secrets
from typing import Any

import pytest

from ledger.batch import Domain, Header, OpenItem, batch_root, items_hash, organisation_id, sign_header
from ledger.chain import contracts
from ledger.chain.records import encode_record
from ledger.chain.transactions import address_of, transact
from ledger.chain.witness import NodeWitness
from ledger.commitment import EventTree, whole
from ledger.commitment.merkle import inclusion_path, leaf_hash
from ledger.errors import VerificationFailed
from ledger.identifiers import item_key
from ledger.proof.bundle import Bundle, EventProof, Record
from ledger.verify import Checkpoint, Trust, verify

CRATE = "urn:example:crate:1"
EVENT = {"type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-03-01T08:00:00Z", "epcList": [CRATE]}
DECLARING = {**EVENT, "errorDeclaration": {"declarationTime": "2026-03-02T08:00:00Z"}}


class Maker:
    """An organisation that records events on a real chain and proves them."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self.uri = f"https://maker.example/{secrets.token_hex(4)}"
        self.id = organisation_id(self.uri)
        self.key = secrets.token_bytes(32)
        self.domain = Domain(site.chain.chain_id, site.ledger)
        self.sequence = 0
        contracts.register_organisation(site.chain, site.registry, site.carrier_key, self.uri, address_of(self.key))

    def prove(self, *bodies: dict[str, Any], corrects: bytes | None = None) -> list[EventProof]:
        """Record an open batch; the proofs of its events."""
        self.sequence += 1
        trees = [EventTree.of(body, secrets.token_bytes(32)) for body in bodies]
        commitments = [tree.commitment(self.id).value for tree in trees]
        items = [OpenItem(item_key(CRATE), commitment) for commitment in commitments]
        items += [OpenItem(corrects, commitments[0])] if corrects else []
        header = Header(self.id, self.sequence, batch_root(commitments), len(bodies), items_hash(items))
        signature = sign_header(header, self.domain, self.key)
        calldata = encode_record(header, signature, items)
        receipt = transact(self.site.chain, self.site.carrier_key, self.site.ledger, calldata)
        record = Record(
            self.uri,
            header.sequence,
            header.root,
            header.size,
            header.items_hash,
            header.index_root,
            signature,
            receipt.block_number,
            receipt.block_hash,
            receipt.transaction_hash,
        )
        hashes = [leaf_hash(commitment) for commitment in commitments]
        return [
            EventProof(record, index, commitments[index], tuple(inclusion_path(hashes, index)), whole(tree))
            for index, tree in enumerate(trees)
        ]

    def trust(self, **more: Any) -> Trust:
        code_hash = self.site.deployment.ledger_code_hash
        return Trust(self.domain.chain_id, self.domain.ledger, code_hash, frozenset([self.uri]), **more)


@pytest.fixture
def maker(site: Any) -> Maker:
    return Maker(site)


@pytest.fixture
def witness(site: Any) -> NodeWitness:
    return NodeWitness(site.chain, site.ledger, first_block=site.deployment.block)


def test_a_bundle_verifies_against_the_chain(maker: Maker, witness: NodeWitness, site: Any) -> None:
    proofs = maker.prove(EVENT, {**EVENT, "disposition": "active"})
    data = Bundle.of(maker.domain, proofs).encode()
    block = site.chain.block("latest")
    result = verify(data, maker.trust(checkpoint=Checkpoint(block.number, block.hash)), witness, CRATE)
    assert [event.commitment for event in result.events] == [proof.commitment for proof in proofs]
    assert result.completeness.sequences == {maker.uri: 1}
    assert result.completeness.missing == ()


def test_what_came_later_is_found(maker: Maker, witness: NodeWitness) -> None:
    (wrong,) = maker.prove(EVENT)
    (correcting,) = maker.prove(DECLARING, corrects=wrong.commitment)
    Maker(maker.site).prove(DECLARING, corrects=wrong.commitment)  # a stranger's word on it
    result = verify(Bundle.of(maker.domain, [wrong]).encode(), maker.trust(), witness, CRATE)
    assert result.events[0].corrected_by == (correcting.commitment,)
    assert [log.commitment for log in result.completeness.missing or ()] == [correcting.commitment]
    assert result.completeness.strangers


def test_a_revoked_keys_earlier_records_stay(maker: Maker, witness: NodeWitness, site: Any) -> None:
    (proof,) = maker.prove(EVENT)
    contracts.revoke_key(site.chain, site.registry, site.carrier_key, maker.id, address_of(maker.key))
    verify(Bundle.of(maker.domain, [proof]).encode(), maker.trust(), witness)


def test_what_is_not_on_the_chain_is_refused(maker: Maker, witness: NodeWitness, site: Any) -> None:
    (proof,) = maker.prove(EVENT)
    other = dataclasses.replace(proof, record=dataclasses.replace(proof.record, block_hash=bytes(32)))
    with pytest.raises(VerificationFailed, match="step 6"):
        verify(Bundle.of(maker.domain, [other]).encode(), maker.trust(), witness)
    for number in (site.deployment.block - 1, proof.record.block_number - 1):
        early = site.chain.block(number)
        trust = maker.trust(checkpoint=Checkpoint(early.number, early.hash))
        with pytest.raises(VerificationFailed, match="step 6"):
            verify(Bundle.of(maker.domain, [proof]).encode(), trust, witness)


def test_an_address_without_a_contract_is_refused(maker: Maker, site: Any) -> None:
    (proof,) = maker.prove(EVENT)
    nowhere = Trust(maker.domain.chain_id, bytes(20))
    signature = sign_header(proof.record.header, nowhere.domain, maker.key)
    resigned = dataclasses.replace(proof, record=dataclasses.replace(proof.record, signature=signature))
    with pytest.raises(VerificationFailed, match=r"step 5 failed.*no contract"):
        verify(Bundle.of(nowhere.domain, [resigned]).encode(), nowhere, NodeWitness(site.chain, bytes(20)))
