"""What recording costs, from the receipts of real transactions on a Prague chain; printed, and held to the promises.

Run with `-s` to see the figures. Calldata is part of them.
"""

# ruff: noqa: T201  (the figures are half of what these tests are for)
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from eth_tester import EthereumTester, PyEVMBackend
from eth_utils import keccak
from web3 import EthereumTesterProvider, Web3

from contracts import artifact
from ledger.batch import Domain, Header, OpenItem, items_hash, organisation_id, sign_header, signer_address

URI = "https://id.gs1.org/417/9506000111117"
KEY = keccak(text="gas")
SEALED, FIRST, PER_ITEM = 67_000, 85_000, 3_300
TRANSACTION_CAP = 2**24  # EIP-7825


class Meter:
    """Records batches of one organisation and tells what each cost."""

    def __init__(self) -> None:
        self.w3 = Web3(EthereumTesterProvider(EthereumTester(PyEVMBackend())))
        self.registry = self.deploy("OrganisationRegistry", self.w3.eth.accounts[0])
        self.ledger = self.deploy("ProvenanceLedger", self.registry.address)
        self.sequence = 0
        self.used(self.registry.functions.register(URI, Web3.to_checksum_address(signer_address(KEY)), 1))

    def deploy(self, name: str, argument: str) -> Any:
        compiled = artifact(name)
        contract = self.w3.eth.contract(abi=compiled["abi"], bytecode=compiled["bytecode"])
        sent = contract.constructor(argument).transact({"from": self.w3.eth.accounts[0]})
        address = self.w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
        return self.w3.eth.contract(address, abi=compiled["abi"])

    def used(self, call: Any) -> int:
        sent = call.transact({"from": self.w3.eth.accounts[0], "gas": TRANSACTION_CAP})
        receipt = self.w3.eth.wait_for_transaction_receipt(sent)
        assert receipt["status"] == 1
        return int(receipt["gasUsed"])

    def record(self, size: int, items: Sequence[OpenItem] = ()) -> int:
        self.sequence += 1
        root = keccak(text=f"root {self.sequence}")
        header = Header(organisation_id(URI), self.sequence, root, size, items_hash(items))
        domain = Domain(self.w3.eth.chain_id, bytes.fromhex(self.ledger.address[2:]))
        fields = (header.organisation, header.sequence, root, size, header.items_hash, header.index_root)
        pairs = [(item.item_key, item.commitment) for item in items]
        return self.used(self.ledger.functions.record(fields, sign_header(header, domain, KEY), pairs))


@pytest.fixture(scope="module")
def meter() -> Meter:
    return Meter()


def items(count: int) -> list[OpenItem]:
    return [OpenItem(keccak(text=f"item {i}"), keccak(text=f"commitment {i}")) for i in range(count)]


def test_gas_of_record(meter: Meter) -> None:
    first = meter.record(1)
    sealed = {size: meter.record(size) for size in (1, 100, 1_000, 2**32 - 1)}
    none, hundred = meter.record(100), meter.record(100, items(100))
    per_item = (hundred - none) / 100
    print(f"\nfirst batch: {first:,}; sealed, by size: {sealed}; 100 open items: {hundred:,}, each {per_item:,.0f}")

    assert first <= FIRST
    assert max(sealed.values()) <= SEALED
    assert per_item <= PER_ITEM


def test_batch_of_5000_open_items_fits_one_transaction(meter: Meter) -> None:
    used = meter.record(5_000, items(5_000))
    print(f"\n5,000 open items: {used:,}")
    assert used <= TRANSACTION_CAP
