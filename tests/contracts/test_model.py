"""The contracts against a model in Python: the same steps, right and wrong ones, lead to the same answers and errors.

Each step foretells from the model alone which error the contracts raise, in the order that the interfaces promise, or
what they keep. Hypothesis looks for a series of steps after which the two part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import hypothesis.strategies as st
import pytest
from eth_abi import encode
from eth_utils import keccak
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ledger.batch import (
    Domain,
    Header,
    OpenItem,
    header_hash,
    items_hash,
    organisation_id,
    sign_digest,
    sign_header,
    signer_address,
)

REGISTRAR = bytes.fromhex("4e" * 20)
URIS = ("https://a.example", "https://b.example", "https://c.example")
SECRETS = tuple(keccak(text=f"key {number}") for number in range(4))
ADDRESSES = tuple(signer_address(secret) for secret in SECRETS)
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
CHAIN_ID = 1

uris = st.sampled_from(URIS)
keys = st.integers(0, len(SECRETS) - 1)
roles = st.sampled_from([1, 1, 1, 3, 0, 2])
signature_flaws = st.sampled_from([*[None] * 6, "high s", "chain", "contract", "message", "short"])
record_flaws = st.sampled_from(
    [*[None] * 12, "replayed", "ahead", "zero", "empty", "index root", "item changed", "item added", "item missing"]
)


@dataclass
class Organisation:
    roles: int
    keys: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    nonce: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def is_active(self, key: bytes) -> bool:
        return key in self.keys and self.keys[key][1] == 0

    def may_record(self, key: bytes, block: int) -> bool:
        added, revoked = self.keys.get(key, (0, 0))
        return bool(added and (revoked == 0 or block < revoked) and self.roles & 1)


UNREGISTERED = Organisation(0)


def high_twin(signature: bytes) -> bytes:
    s = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


def malformed(signature: bytes, flaw: str | None) -> bytes:
    return {"high s": high_twin(signature), "short": signature[:64]}.get(flaw or "", signature)


def strip_prefix(address: str) -> bytes:
    return bytes.fromhex(address.removeprefix("0x"))


class ContractsAgainstModel(RuleBasedStateMachine):
    deploy: Callable[[], Any]  # set by the test, from its fixture

    def __init__(self) -> None:
        super().__init__()
        self.contracts = type(self).deploy()
        self.block = 1
        self.contracts.at_block(self.block)
        self.organisations: dict[str, Organisation] = {}
        for number, uri in enumerate(URIS[:2]):
            self.register(uri, number, 1, by_registrar=True)

    # what the steps have in common

    def expect(
        self, error: str | None, contract: Any, function: str, *arguments: Any, sender: bytes = REGISTRAR
    ) -> None:
        assert contract.error_of(function, *arguments, sender="0x" + sender.hex()) == error

    def organisation(self, uri: str) -> Organisation:
        return self.organisations.get(uri, replace(UNREGISTERED, keys={}, hashes=[]))

    def signed_for_registry(self, signer: int, kind: str, uri: str, key: int, flaw: str | None) -> bytes:
        chain_id = CHAIN_ID + (flaw == "chain")
        verifying = self.contracts.ledger.address if flaw == "contract" else self.contracts.registry.address
        name = "KeyAddition" if (kind == "addition") != (flaw == "message") else "KeyRevocation"
        message = keccak(text=f"{name}(bytes32 organisation,address key,uint256 nonce)") + encode(
            ["bytes32", "address", "uint256"], [organisation_id(uri), ADDRESSES[key], self.organisation(uri).nonce]
        )
        domain_type = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        domain = encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [keccak(text=domain_type), keccak(text="Lotmark"), keccak(text="1"), chain_id, verifying],
        )
        digest = keccak(b"\x19\x01" + keccak(domain) + keccak(message))
        return malformed(sign_digest(digest, SECRETS[signer]), flaw)

    def signature_error(self, uri: str, signer: int, flaw: str | None) -> str | None:
        if flaw in ("high s", "short"):
            return "OrganisationRegistry_InvalidSignature"
        if flaw or not self.organisation(uri).is_active(ADDRESSES[signer]):
            return "OrganisationRegistry_KeyNotActive"
        return None

    # the steps

    @rule(uri=uris, key=keys, role=roles, by_registrar=st.booleans())
    def register(self, uri: str, key: int, role: int, by_registrar: bool) -> None:
        error = None
        if uri in self.organisations:
            error = "OrganisationRegistry_AlreadyRegistered"
        if not by_registrar:
            error = "OwnableUnauthorizedAccount"
        sender = REGISTRAR if by_registrar else ADDRESSES[key]
        arguments = (uri, ADDRESSES[key], role)
        self.expect(error, self.contracts.registry, "register(string,address,uint256)", *arguments, sender=sender)
        if error is None:
            self.organisations[uri] = Organisation(role, {ADDRESSES[key]: (self.block, 0)})

    @rule(uri=uris, role=roles)
    def set_roles(self, uri: str, role: int) -> None:
        error = None if uri in self.organisations else "OrganisationRegistry_NotRegistered"
        self.expect(error, self.contracts.registry, "setRoles(bytes32,uint256)", organisation_id(uri), role)
        if error is None:
            self.organisations[uri].roles = role

    @rule(uri=uris, signer=keys, key=keys, flaw=signature_flaws)
    def add_key(self, uri: str, signer: int, key: int, flaw: str | None) -> None:
        signature = self.signed_for_registry(signer, "addition", uri, key, flaw)
        error = self.signature_error(uri, signer, flaw)
        if error is None and ADDRESSES[key] in self.organisations[uri].keys:
            error = "OrganisationRegistry_KeyKnown"
        arguments = (organisation_id(uri), ADDRESSES[key], signature)
        self.expect(error, self.contracts.registry, "addKey(bytes32,address,bytes)", *arguments)
        if error is None:
            self.organisations[uri].nonce += 1
            self.organisations[uri].keys[ADDRESSES[key]] = (self.block, 0)

    @rule(uri=uris, caller=st.one_of(st.none(), keys), key=keys)
    def revoke_key(self, uri: str, caller: int | None, key: int) -> None:
        error = None
        if not self.organisation(uri).is_active(ADDRESSES[key]):
            error = "OrganisationRegistry_KeyNotActive"
        if caller is not None and not self.organisation(uri).is_active(ADDRESSES[caller]):
            error = "OrganisationRegistry_MayNotRevoke"
        sender = REGISTRAR if caller is None else ADDRESSES[caller]
        arguments = (organisation_id(uri), ADDRESSES[key])
        self.expect(error, self.contracts.registry, "revokeKey(bytes32,address)", *arguments, sender=sender)
        if error is None:
            self.close(uri, key)

    @rule(uri=uris, signer=keys, key=keys, flaw=signature_flaws)
    def revoke_key_signed(self, uri: str, signer: int, key: int, flaw: str | None) -> None:
        signature = self.signed_for_registry(signer, "revocation", uri, key, flaw)
        error = self.signature_error(uri, signer, flaw)
        if error is None and not self.organisations[uri].is_active(ADDRESSES[key]):
            error = "OrganisationRegistry_KeyNotActive"
        arguments = (organisation_id(uri), ADDRESSES[key], signature)
        self.expect(error, self.contracts.registry, "revokeKey(bytes32,address,bytes)", *arguments)
        if error is None:
            self.organisations[uri].nonce += 1
            self.close(uri, key)

    def close(self, uri: str, key: int) -> None:
        organisation = self.organisations[uri]
        organisation.keys[ADDRESSES[key]] = (organisation.keys[ADDRESSES[key]][0], self.block + 1)

    @rule(uri=uris, key=keys, count=st.integers(0, 3), flaw=record_flaws, bad_signature=signature_flaws)
    def record(self, uri: str, key: int, count: int, flaw: str | None, bad_signature: str | None) -> None:
        items = [OpenItem(keccak(bytes([1, n])), keccak(bytes([2, n]))) for n in range(count)]
        header = self.header(uri, items, flaw)
        signature = self.signed_header(header, key, bad_signature)
        given = self.given_items(items, flaw)
        error = self.record_error(uri, header, given, key, bad_signature)
        fields = (header.organisation, header.sequence, header.root, header.size, header.items_hash, header.index_root)
        function = "record((bytes32,uint64,bytes32,uint32,bytes32,bytes32),bytes,(bytes32,bytes32)[])"
        pairs = [(item.item_key, item.commitment) for item in given]
        self.expect(error, self.contracts.ledger, function, fields, signature, pairs)
        if error is None:
            self.organisations[uri].hashes.append(header_hash(header))
            self.check_logs(header, ADDRESSES[key], items)

    def header(self, uri: str, items: list[OpenItem], flaw: str | None) -> Header:
        last = len(self.organisation(uri).hashes)
        sequence = {"replayed": last, "ahead": last + 2, "zero": 0}.get(flaw or "", last + 1)
        size = 0 if flaw == "empty" else 7
        index_root = bytes(31) + b"\x01" if flaw == "index root" else bytes(32)
        root = keccak(text=f"{uri} {sequence} {self.block}")
        return Header(organisation_id(uri), sequence, root, size, items_hash(items), index_root)

    def signed_header(self, header: Header, key: int, flaw: str | None) -> bytes:
        verifying = self.contracts.registry.address if flaw == "contract" else self.contracts.ledger.address
        domain = Domain(CHAIN_ID + (flaw == "chain"), strip_prefix(verifying))
        message = replace(header, root=keccak(header.root)) if flaw == "message" else header
        return malformed(sign_header(message, domain, SECRETS[key]), flaw)

    def given_items(self, items: list[OpenItem], flaw: str | None) -> list[OpenItem]:
        if flaw == "item changed" and items:
            return [replace(items[0], commitment=bytes(32)), *items[1:]]
        if flaw == "item added":
            return [*items, OpenItem(bytes(32), bytes(32))]
        return items[:-1] if flaw == "item missing" else items

    def record_error(
        self, uri: str, header: Header, given: list[OpenItem], key: int, bad_signature: str | None
    ) -> str | None:
        organisation = self.organisation(uri)
        may_record = bad_signature is None and organisation.may_record(ADDRESSES[key], self.block)
        checks = {
            "WrongSequence": header.sequence == len(organisation.hashes) + 1,
            "EmptyBatch": header.size != 0,
            "IndexRootReserved": header.index_root == bytes(32),
            "WrongItems": header.items_hash == items_hash(given),
            "InvalidSignature": bad_signature not in ("high s", "short"),
            "MayNotRecord": may_record,
        }
        return next((f"ProvenanceLedger_{name}" for name, holds in checks.items() if not holds), None)

    def check_logs(self, header: Header, key: bytes, items: list[OpenItem]) -> None:
        batch, *opened = [[bytes.fromhex(topic[2:]) for topic in log.topics] for log in self.contracts.evm.result.logs]
        assert batch[1:] == [header.organisation, header.sequence.to_bytes(32, "big"), bytes(12) + key]
        assert [topics[1:] for topics in opened] == [
            [item.item_key, item.commitment, header.organisation] for item in items
        ]

    @rule(blocks=st.integers(1, 3))
    def pass_blocks(self, blocks: int) -> None:
        self.block += blocks
        self.contracts.at_block(self.block)

    # what must agree after every step

    @invariant()
    def registry_agrees(self) -> None:
        call = self.contracts.registry.call
        for uri in URIS:
            organisation, id_ = self.organisation(uri), organisation_id(uri)
            assert call("rolesOf(bytes32)", id_) == organisation.roles
            assert call("nonces(bytes32)", id_) == organisation.nonce
            for address in ADDRESSES:
                assert call("keyRange(bytes32,address)", id_, address) == organisation.keys.get(address, (0, 0))
                assert call("mayRecord(bytes32,address)", id_, address) == organisation.may_record(address, self.block)

    @invariant()
    def ledger_agrees(self) -> None:
        call = self.contracts.ledger.call
        for uri in URIS:
            hashes, id_ = self.organisation(uri).hashes, organisation_id(uri)
            assert call("lastSequence(bytes32)", id_) == len(hashes)
            recorded = [call("headerHash(bytes32,uint64)", id_, n) for n in range(len(hashes) + 2)]
            assert recorded == [bytes(32), *hashes, bytes(32)]


@pytest.mark.parametrize("steps", [40])
def test_contracts_do_what_the_model_does(deploy_contracts: Callable[[], Any], steps: int) -> None:
    machine = type("Machine", (ContractsAgainstModel,), {"deploy": staticmethod(deploy_contracts)})
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=steps, deadline=None))
