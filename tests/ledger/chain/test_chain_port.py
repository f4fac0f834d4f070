"""The port behaves alike over the embedded chain and over a real node."""

from __future__ import annotations

import secrets
import time

import pytest
from eth_hash.auto import keccak

from ledger.chain import connect
from ledger.chain.refusals import Reason, TransactionRefused
from ledger.chain.transactions import address_of, prepare, wait
from ledger.errors import ContractRefused, InvalidInput

SOMEONE = b"\x11" * 20


def send(site, **options):
    transaction = prepare(site.chain, site.carrier_key, SOMEONE, b"hello", **options)
    site.chain.send_raw(transaction.raw)
    return transaction, wait(site.chain, transaction.hash, patience=10)


def test_blocks_by_number_hash_and_tag(site):
    send(site)
    latest = site.chain.block("latest")
    assert site.chain.block(latest.number) == latest
    assert site.chain.block(latest.hash) == latest
    assert site.chain.block("earliest").number == 0
    assert site.chain.block(latest.number + 100) is None
    assert site.chain.block(secrets.token_bytes(32)) is None
    assert site.chain.block(latest.parent_hash).number == latest.number - 1


def test_block_time_is_now(site):
    send(site)
    assert abs(site.chain.block("latest").time - time.time()) < 60


def test_transaction_from_signature_to_receipt(site):
    before = site.chain.nonce(site.carrier)
    transaction, receipt = send(site)
    assert transaction.nonce == before
    assert keccak(transaction.raw) == transaction.hash == receipt.transaction_hash
    assert receipt.succeeded
    assert site.chain.nonce(site.carrier) == before + 1
    assert site.chain.knows(transaction.hash)
    assert not site.chain.knows(secrets.token_bytes(32))
    assert site.chain.receipt(secrets.token_bytes(32)) is None
    assert site.chain.block(receipt.block_number).hash == receipt.block_hash


def test_sending_the_same_bytes_again_is_harmless(site):
    transaction, _ = send(site)
    nonce = site.chain.nonce(site.carrier)
    assert site.chain.send_raw(transaction.raw) == transaction.hash
    assert site.chain.nonce(site.carrier) == nonce


def test_refused_transactions_say_of_which_kind(site):
    used = site.chain.nonce(site.carrier) - 1
    low = prepare(site.chain, site.carrier_key, SOMEONE, b"other", nonce=used)
    with pytest.raises(TransactionRefused) as caught:
        site.chain.send_raw(low.raw)
    assert caught.value.reason is Reason.NONCE_TOO_LOW
    assert caught.value.problem.advice

    poor = prepare(site.chain, secrets.token_bytes(32), SOMEONE, b"", gas=50_000)
    with pytest.raises(TransactionRefused) as caught:
        site.chain.send_raw(poor.raw)
    assert caught.value.reason is Reason.INSUFFICIENT_FUNDS


def test_malformed_transactions_are_refused(site):
    for raw in (b"", b"\x02", b"\x02\xc0", b"\x03\xc0", b"\xff" * 40, secrets.token_bytes(100)):
        with pytest.raises(TransactionRefused):
            site.chain.send_raw(raw)


def test_state(site):
    assert site.chain.balance(site.carrier) > 10**18
    assert site.chain.balance(secrets.token_bytes(20)) == 0
    assert site.chain.code(SOMEONE) == b""
    assert len(site.chain.code(site.ledger)) > 1000
    owner = site.chain.storage(site.registry, 0)
    assert owner[-20:] == site.carrier
    assert site.chain.code(site.ledger, site.deployment.block - 1) == b""


def test_call_that_reverts_is_a_refusal(site):
    with pytest.raises(ContractRefused):
        site.chain.call(site.ledger, b"\x00\x00\x00\x00")
    with pytest.raises(ContractRefused):
        site.chain.estimate_gas(site.carrier, site.ledger, b"\x00\x00\x00\x00")


def test_estimate_suffices(site):
    payload = secrets.token_bytes(500)
    estimate = site.chain.estimate_gas(site.carrier, SOMEONE, payload)
    _, receipt = send(site, gas=estimate)
    assert receipt.succeeded
    assert receipt.gas_used <= estimate


def test_fees_cover_the_base_fee(site):
    fees = site.chain.fees()
    assert fees.maximum >= fees.base + fees.tip > 0


def test_web3_works_on_it(site):
    w3 = site.chain.w3
    assert w3.eth.chain_id == site.chain.chain_id
    assert w3.eth.get_block("latest")["number"] == site.chain.block("latest").number
    assert w3.eth.get_transaction_count(w3.to_checksum_address(site.carrier)) == site.chain.nonce(site.carrier)
    assert w3.eth.get_logs({"address": w3.to_checksum_address(site.ledger), "fromBlock": 0}) == []


def test_embedded_blocks_are_final_at_once(embedded):
    assert embedded.chain.block("finalized") == embedded.chain.block("latest")


def test_finality_of_a_node(anvil, anvil_url):
    for _ in range(4):
        send(anvil)
    latest = anvil.chain.block("latest").number
    assert anvil.chain.block("finalized").number < latest
    deep = connect(anvil_url, finality_depth=3)
    assert deep.block("finalized").number == latest - 3
    assert deep.code(anvil.ledger, "finalized") == anvil.chain.code(anvil.ledger, latest - 3)


def test_logs_of_no_range(site):
    head = site.chain.block("latest").number
    assert site.chain.logs(first=head + 1, last=head) == []


@pytest.mark.parametrize("url", ["", "ftp://example.org", "http://", "embedded", "http://[::1", "http://h:99999"])
def test_what_is_no_url(url):
    with pytest.raises(InvalidInput):
        connect(url)


def test_accounts_differ():
    assert address_of(b"\x01" * 32) != address_of(b"\x02" * 32)
