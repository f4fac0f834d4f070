"""The foretold runtime code is the one that deployment makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_tester import EthereumTester, PyEVMBackend
from eth_utils import keccak
from web3 import EthereumTesterProvider, Web3

from contracts import artifact
from contracts.runtime import ledger_code, registry_code


def deployed(w3: Web3, name: str, argument: str) -> str:
    compiled = artifact(name)
    contract = w3.eth.contract(abi=compiled["abi"], bytecode=compiled["bytecode"])
    sent = contract.constructor(argument).transact({"from": w3.eth.accounts[0]})
    return str(w3.eth.wait_for_transaction_receipt(sent)["contractAddress"])


def test_code_of_both_contracts_is_foretold() -> None:
    w3 = Web3(EthereumTesterProvider(EthereumTester(PyEVMBackend())))
    registry = deployed(w3, "OrganisationRegistry", w3.eth.accounts[0])
    ledger = deployed(w3, "ProvenanceLedger", registry)
    as_bytes = (bytes.fromhex(registry[2:]), bytes.fromhex(ledger[2:]))

    assert bytes(w3.eth.get_code(registry)) == registry_code(w3.eth.chain_id, as_bytes[0])
    assert bytes(w3.eth.get_code(ledger)) == ledger_code(w3.eth.chain_id, as_bytes[1], as_bytes[0])


@pytest.mark.parametrize("other", [(2, b"l" * 20, b"r" * 20), (1, b"m" * 20, b"r" * 20), (1, b"l" * 20, b"s" * 20)])
def test_code_binds_chain_address_and_registry(other: tuple[int, bytes, bytes]) -> None:
    assert keccak(ledger_code(*other)) != keccak(ledger_code(1, b"l" * 20, b"r" * 20))


def test_without_a_contract_at_the_registry_nothing_is_deployed(deploy_contracts: Callable[[], Any]) -> None:
    contracts = deploy_contracts()
    nowhere = "0x" + "00" * 19 + "77"
    code = bytes.fromhex(artifact("ProvenanceLedger")["bytecode"][2:]) + bytes(12) + bytes.fromhex(nowhere[2:])
    with pytest.raises(RuntimeError, match="Revert"):
        contracts.evm.deploy("0x" + "4e" * 20, code)
