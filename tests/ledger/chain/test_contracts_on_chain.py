"""The contracts through both kinds of chain: organisations, keys, records, and refusals by name."""

from __future__ import annotations

import dataclasses
import secrets

import pytest

from ledger.batch import Domain, Header, OpenItem, header_hash, items_hash, organisation_id, sign_header
from ledger.chain import contracts
from ledger.chain.records import (
    BatchRecorded,
    OpenItemRecorded,
    encode_record,
    records,
    records_of_batch,
    records_of_block,
    records_of_item,
)
from ledger.chain.transactions import GAS_CAP, address_of, gas_limit, prepare, transact
from ledger.errors import ContractRefused, TooLarge, WrongChain


class Organisation:
    """A newly registered organisation with one key."""

    def __init__(self, site) -> None:
        self.site = site
        self.uri = f"https://id.gs1.org/417/{secrets.randbelow(10**13):013d}"
        self.id = organisation_id(self.uri)
        self.key = secrets.token_bytes(32)
        contracts.register_organisation(site.chain, site.registry, site.carrier_key, self.uri, address_of(self.key))

    def record(self, sequence: int, items: list[OpenItem] = [], **changed):  # noqa: B006  # not changed
        header = Header(self.id, sequence, secrets.token_bytes(32), 1, items_hash(items))
        domain = Domain(self.site.chain.chain_id, self.site.ledger)
        signature = sign_header(header, domain, changed.pop("key", self.key))
        sent = dataclasses.replace(header, **changed)
        calldata = encode_record(sent, signature, items)
        return header, transact(self.site.chain, self.site.carrier_key, self.site.ledger, calldata)


@pytest.fixture(scope="module")
def organisation(site) -> Organisation:
    return Organisation(site)


def some_items(count: int) -> list[OpenItem]:
    return [OpenItem(secrets.token_bytes(32), secrets.token_bytes(32)) for _ in range(count)]


def test_deployment_is_linked_and_its_code_known(site):
    assert contracts.registry_of(site.chain, site.ledger) == site.registry
    assert contracts.code_hash(site.chain, site.ledger) == site.deployment.ledger_code_hash
    assert contracts.code_hash(site.chain, site.registry) == site.deployment.registry_code_hash
    assert site.chain.block(site.deployment.block) is not None


def test_registered_organisation(site, organisation):
    assert contracts.is_registered(site.chain, site.registry, organisation.uri)
    assert not contracts.is_registered(site.chain, site.registry, "https://example.org/nobody")
    assert contracts.roles_of(site.chain, site.registry, organisation.id) == contracts.RECORD_ROLE
    assert contracts.may_record(site.chain, site.registry, organisation.id, address_of(organisation.key))
    assert contracts.last_sequence(site.chain, site.ledger, organisation.id) == 0
    assert contracts.recorded_header_hash(site.chain, site.ledger, organisation.id, 1) is None


def test_record_is_stored_and_logged(site):
    organisation = Organisation(site)
    items = some_items(3)
    header, receipt = organisation.record(1, items)

    assert contracts.last_sequence(site.chain, site.ledger, organisation.id) == 1
    assert contracts.recorded_header_hash(site.chain, site.ledger, organisation.id, 1) == header_hash(header)
    found = records_of_block(site.chain, site.ledger, receipt.block_hash)
    batch, *opened = found
    assert isinstance(batch, BatchRecorded)
    assert batch.header == header
    assert batch.key == address_of(organisation.key)
    assert batch.transaction_hash == receipt.transaction_hash
    assert [(item.item_key, item.commitment, item.organisation) for item in opened] == [
        (item.item_key, item.commitment, organisation.id) for item in items
    ]
    assert [record.log_index for record in found] == sorted(record.log_index for record in found)
    assert records(site.chain, site.ledger, receipt.block_number, receipt.block_number) == found
    assert records_of_batch(site.chain, site.ledger, organisation.id, 1) == [batch]
    assert records_of_item(site.chain, site.ledger, items[1].item_key) == [opened[1]]
    assert records_of_item(site.chain, site.ledger, bytes(32)) == []
    assert isinstance(opened[0], OpenItemRecorded)


def test_history_can_be_asked_at_a_block(site):
    organisation = Organisation(site)
    _, first = organisation.record(1)
    organisation.record(2)
    assert contracts.last_sequence(site.chain, site.ledger, organisation.id) == 2
    assert contracts.last_sequence(site.chain, site.ledger, organisation.id, first.block_number) == 1
    assert contracts.last_sequence(site.chain, site.ledger, organisation.id, first.block_hash) == 1


def test_refusals_have_the_contracts_own_names(site, organisation):
    stranger = secrets.token_bytes(32)
    cases = [
        ({"sequence": 7}, "ProvenanceLedger_WrongSequence"),
        ({"sequence": 1, "key": stranger}, "ProvenanceLedger_MayNotRecord"),
        ({"sequence": 1, "items_hash": bytes(32)}, "ProvenanceLedger_WrongItems"),
        ({"sequence": 1, "index_root": b"\x01" * 32}, "ProvenanceLedger_IndexRootReserved"),
    ]
    for arguments, name in cases:
        with pytest.raises(ContractRefused) as caught:
            organisation.record(**arguments)
        assert caught.value.name == name
        assert caught.value.problem.advice


def test_refusal_carries_its_values(organisation):
    with pytest.raises(ContractRefused) as caught:
        organisation.record(7)
    assert caught.value.values == {"organisation": "0x" + organisation.id.hex(), "expected": 1, "given": 7}


def test_refusal_in_a_block_is_found_again(site, organisation):
    """A transaction that turned out to fail says why, too."""
    calldata = encode_record(Header(organisation.id, 9, bytes(32), 1, items_hash([])), bytes(65), [])
    transaction = prepare(site.chain, site.carrier_key, site.ledger, calldata, gas=200_000)
    site.chain.send_raw(transaction.raw)
    receipt = site.chain.receipt(transaction.hash)
    assert receipt is not None
    assert not receipt.succeeded
    assert receipt.logs == ()


def test_only_the_registrar_registers(site):
    stranger = secrets.token_bytes(32)
    with pytest.raises(ContractRefused) as caught:
        contracts.register_organisation(site.chain, site.registry, stranger, "https://example.org/x", bytes(20))
    assert caught.value.name == "OwnableUnauthorizedAccount"


def test_keys_are_added_and_revoked_by_the_organisation(site):
    organisation = Organisation(site)
    old, new = organisation.key, secrets.token_bytes(32)
    added = contracts.add_key(
        site.chain, site.registry, site.carrier_key, organisation.id, address_of(new), signed_by=old
    )
    revoked = contracts.revoke_key(
        site.chain, site.registry, site.carrier_key, organisation.id, address_of(old), signed_by=new
    )
    assert contracts.key_range(site.chain, site.registry, organisation.id, address_of(new)) == contracts.KeyRange(
        added.block_number, 0
    )
    old_range = contracts.key_range(site.chain, site.registry, organisation.id, address_of(old))
    assert old_range.revoked == revoked.block_number + 1
    assert old_range.valid_at(revoked.block_number)
    assert not old_range.valid_at(revoked.block_number + 1)
    with pytest.raises(ContractRefused, match="MayNotRecord"):
        organisation.record(1)
    organisation.record(1, key=new)


def test_registrar_revokes_and_changes_roles(site):
    organisation = Organisation(site)
    contracts.set_roles(site.chain, site.registry, site.carrier_key, organisation.id, 0)
    with pytest.raises(ContractRefused, match="MayNotRecord"):
        organisation.record(1)
    contracts.set_roles(site.chain, site.registry, site.carrier_key, organisation.id, contracts.RECORD_ROLE)
    organisation.record(1)
    contracts.revoke_key(site.chain, site.registry, site.carrier_key, organisation.id, address_of(organisation.key))
    with pytest.raises(ContractRefused, match="MayNotRecord"):
        organisation.record(2)


def test_what_is_no_contract_is_said(site):
    with pytest.raises(WrongChain, match="no contract"):
        contracts.code_hash(site.chain, b"\x77" * 20)
    with pytest.raises(WrongChain, match="does not answer"):
        contracts.last_sequence(site.chain, b"\x77" * 20, bytes(32))


def test_gas_stays_under_the_cap():
    assert gas_limit(100_000) == 120_000
    assert gas_limit(GAS_CAP) == GAS_CAP
    with pytest.raises(TooLarge):
        gas_limit(GAS_CAP + 1)
