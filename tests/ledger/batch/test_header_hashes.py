"""The header's hashes against eth-abi's and eth-account's encoders."""

from __future__ import annotations

from typing import Any

import eth_abi
import pytest
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.batch import (
    Domain,
    Header,
    OpenItem,
    batch_root,
    digest,
    encode_items,
    header_hash,
    items_hash,
    organisation_id,
)
from ledger.commitment.merkle import leaf_hash, node_hash
from ledger.errors import InvalidInput

hashes = st.binary(min_size=32, max_size=32)
headers = st.builds(Header, hashes, st.integers(0, 2**64 - 1), hashes, st.integers(0, 2**32 - 1), hashes, hashes)
domains = st.builds(Domain, st.integers(0, 2**256 - 1), st.binary(min_size=20, max_size=20))
open_items = st.lists(st.builds(OpenItem, hashes, hashes), max_size=5)


def typed_data(header: Header, domain: Domain) -> dict[str, Any]:
    """The header as wallets are asked to sign it (EIP-712 JSON)."""
    return {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Header": [
                {"name": "organisation", "type": "bytes32"},
                {"name": "sequence", "type": "uint64"},
                {"name": "root", "type": "bytes32"},
                {"name": "size", "type": "uint32"},
                {"name": "itemsHash", "type": "bytes32"},
                {"name": "indexRoot", "type": "bytes32"},
            ],
        },
        "primaryType": "Header",
        "domain": {
            "name": "Lotmark",
            "version": "1",
            "chainId": domain.chain_id,
            "verifyingContract": "0x" + domain.ledger.hex(),
        },
        "message": {
            "organisation": header.organisation,
            "sequence": header.sequence,
            "root": header.root,
            "size": header.size,
            "itemsHash": header.items_hash,
            "indexRoot": header.index_root,
        },
    }


@settings(max_examples=100, deadline=None)
@given(headers, domains)
def test_hashes_as_eth_account_computes_them(header: Header, domain: Domain) -> None:
    message = encode_typed_data(full_message=typed_data(header, domain))
    assert header_hash(header) == message.body
    assert domain.separator == message.header
    assert digest(header, domain) == keccak(b"\x19\x01" + message.header + message.body)


@settings(max_examples=100, deadline=None)
@given(open_items)
def test_items_as_eth_abi_encodes_them(items: list[OpenItem]) -> None:
    expected = eth_abi.encode(["(bytes32,bytes32)[]"], [[(item.item_key, item.commitment) for item in items]])
    assert encode_items(items) == expected
    assert items_hash(items) == keccak(expected)


def test_organisation_id() -> None:
    assert organisation_id("https://example.org/ä") == keccak("https://example.org/ä".encode())


def test_batch_root_hashes_commitments_as_leaves() -> None:
    one, two = bytes([1] * 32), bytes([2] * 32)
    assert batch_root([one]) == leaf_hash(one)
    assert batch_root([one, two]) == node_hash(leaf_hash(one), leaf_hash(two))
    with pytest.raises(InvalidInput, match="without events"):
        batch_root([])


@pytest.mark.parametrize(
    "change",
    [
        {"organisation": bytes(31)},
        {"root": "0x" + "00" * 32},
        {"items_hash": b""},
        {"index_root": bytes(33)},
        {"sequence": -1},
        {"sequence": 2**64},
        {"size": 2**32},
        {"size": 1.0},
    ],
)
def test_a_header_that_the_contract_could_not_hold_is_refused(change: dict[str, Any]) -> None:
    fields: dict[str, Any] = {
        "organisation": bytes(32),
        "sequence": 1,
        "root": bytes(32),
        "size": 1,
        "items_hash": bytes(32),
    }
    Header(**fields)
    with pytest.raises(InvalidInput):
        Header(**{**fields, **change})


def test_domains_and_items_are_checked() -> None:
    with pytest.raises(InvalidInput, match="ledger address"):
        Domain(1, bytes(32))
    with pytest.raises(InvalidInput, match="item key"):
        OpenItem(bytes(20), bytes(32))
