"""Signatures: against eth-account, and every other form of one refused."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_keys import keys
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.batch import Domain, Header, digest, recover_signer, sign_header, signer_address
from ledger.errors import InvalidInput

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
private_keys = st.integers(1, ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
hashes = st.binary(min_size=32, max_size=32)
headers = st.builds(Header, hashes, st.integers(0, 2**64 - 1), hashes, st.integers(0, 2**32 - 1), hashes, hashes)

KEY = bytes([7] * 32)
HEADER = Header(bytes([1] * 32), 3, bytes([2] * 32), 4, bytes([3] * 32))
DOMAIN = Domain(31337, bytes([9] * 20))
SIGNATURE = sign_header(HEADER, DOMAIN, KEY)


@settings(max_examples=100, deadline=None)
@given(headers, private_keys)
def test_what_was_signed_is_recovered(header: Header, private_key: bytes) -> None:
    signature = sign_header(header, DOMAIN, private_key)
    assert recover_signer(header, DOMAIN, signature) == signer_address(private_key)
    assert signer_address(private_key) == keys.PrivateKey(private_key).public_key.to_canonical_address()
    assert int.from_bytes(signature[32:64], "big") <= ORDER // 2
    assert sign_header(header, DOMAIN, private_key) == signature


def test_the_same_signature_as_eth_account_makes() -> None:
    types = {
        "Header": [
            {"name": "organisation", "type": "bytes32"},
            {"name": "sequence", "type": "uint64"},
            {"name": "root", "type": "bytes32"},
            {"name": "size", "type": "uint32"},
            {"name": "itemsHash", "type": "bytes32"},
            {"name": "indexRoot", "type": "bytes32"},
        ]
    }
    domain = {"name": "Lotmark", "version": "1", "chainId": 31337, "verifyingContract": "0x" + "09" * 20}
    message = {
        "organisation": HEADER.organisation,
        "sequence": HEADER.sequence,
        "root": HEADER.root,
        "size": HEADER.size,
        "itemsHash": HEADER.items_hash,
        "indexRoot": HEADER.index_root,
    }
    signable = encode_typed_data(domain, types, message)
    assert Account.sign_message(signable, KEY).signature == SIGNATURE


def test_the_other_half_of_the_curve_is_refused() -> None:
    high = (ORDER - int.from_bytes(SIGNATURE[32:64], "big")).to_bytes(32, "big")
    twin = SIGNATURE[:32] + high + bytes([55 - SIGNATURE[64]])
    public = keys.Signature(twin[:64] + bytes([twin[64] - 27])).recover_public_key_from_msg_hash(digest(HEADER, DOMAIN))
    assert public.to_canonical_address() == signer_address(KEY)  # to the curve it is as valid
    with pytest.raises(InvalidInput, match="upper half"):
        recover_signer(HEADER, DOMAIN, twin)


@pytest.mark.parametrize("v", [0, 1, 2, 26, 29, 35, 255])
def test_another_v_is_refused(v: int) -> None:
    with pytest.raises(InvalidInput, match=f"v is {v}"):
        recover_signer(HEADER, DOMAIN, SIGNATURE[:64] + bytes([v]))


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:64], SIGNATURE + b"\x00"])
def test_another_length_is_refused(signature: bytes) -> None:
    with pytest.raises(InvalidInput, match="bytes r"):
        recover_signer(HEADER, DOMAIN, signature)


@pytest.mark.parametrize("part", [bytes(32), ORDER.to_bytes(32, "big"), b"\xff" * 32])
def test_an_r_of_no_point_is_refused(part: bytes) -> None:
    with pytest.raises(InvalidInput, match="no key"):
        recover_signer(HEADER, DOMAIN, part + SIGNATURE[32:])


def test_zero_s_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no key"):
        recover_signer(HEADER, DOMAIN, SIGNATURE[:32] + bytes(32) + SIGNATURE[64:])


@pytest.mark.parametrize("domain", [Domain(1, DOMAIN.ledger), Domain(31337, bytes(20))])
def test_another_chain_or_ledger_finds_another_signer(domain: Domain) -> None:
    assert recover_signer(HEADER, domain, SIGNATURE) != signer_address(KEY)


@pytest.mark.parametrize("private_key", [bytes(32), ORDER.to_bytes(32, "big"), b"", bytes(31) + b"\x01\x01"])
def test_what_is_no_private_key_is_refused(private_key: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a private key"):
        sign_header(HEADER, DOMAIN, private_key)
