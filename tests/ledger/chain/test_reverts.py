"""Revert data becomes the contract's own error, and what is not understood stays as it is."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contracts import artifact
from ledger.chain.json_rpc import RpcError
from ledger.chain.reverts import _ADVICE, decode_revert, refused

ERRORS = [
    entry
    for contract in ("OrganisationRegistry", "ProvenanceLedger")
    for entry in artifact(contract)["abi"]
    if entry["type"] == "error"
]
SAMPLES = {"address": "0x" + "11" * 20, "uint64": 7, "bytes32": b"\x22" * 32, "bytes": b"\x33", "string": "text"}


@pytest.mark.parametrize("entry", ERRORS, ids=lambda entry: entry["name"])
def test_every_error_of_the_contracts(entry):
    types = [value["type"] for value in entry["inputs"]]
    content = keccak(f"{entry['name']}({','.join(types)})".encode())[:4] + encode(
        types, [SAMPLES[kind] for kind in types]
    )
    refusal = decode_revert(content)
    assert refusal.name == entry["name"]
    assert list(refusal.values) == [value["name"] for value in entry["inputs"]]


def test_advice_is_about_errors_that_exist():
    assert set(_ADVICE) <= {entry["name"] for entry in ERRORS}


def test_panic():
    assert decode_revert(keccak(b"Panic(uint256)")[:4] + bytes(31) + b"\x11").values == {"panic": 17}


@given(st.binary(max_size=200))
def test_anything_is_survived(content):
    assert decode_revert(content).name


@given(st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(st.text(), st.text()), st.lists(st.text())))
def test_any_error_object_is_survived(found):
    refused(RpcError(-32000, "x", found))


def test_what_is_no_revert():
    assert refused(RpcError(-32000, "header not found")) is None
    assert refused(RpcError(-32000, "execution reverted")).name == "Revert"
