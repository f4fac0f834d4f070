"""Fixtures of the contract tests: both contracts on a fresh Prague EVM, called directly and without transactions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from eth_abi import decode, encode
from eth_utils import keccak
from eth_utils.abi import abi_to_signature, collapse_if_tuple
from pyrevm import EVM, BlockEnv

from contracts import artifact

REGISTRAR = "0x" + "4e" * 20
#: pyrevm tells what a revert returned only in its message
OUTPUT = re.compile(r"output: 0x([0-9a-f]*)")


class Refused(Exception):
    """A contract reverted with one of its errors."""

    def __init__(self, name: str, values: tuple[Any, ...]) -> None:
        self.name, self.values = name, values
        super().__init__(f"{name}{values}")


def _output(failure: RuntimeError) -> bytes:
    found = OUTPUT.search(str(failure))
    assert found, failure
    return bytes.fromhex(found[1])


def _types(parameters: Sequence[Any]) -> list[str]:
    return [collapse_if_tuple(parameter) for parameter in parameters]


class Contract:
    """One deployed contract, called by full signatures, so that overloads need no rule."""

    def __init__(self, evm: EVM, name: str, constructor_argument: str) -> None:
        self.evm = evm
        abi = artifact(name)["abi"]
        self._functions = {abi_to_signature(entry): entry for entry in abi if entry["type"] == "function"}
        self._errors = {keccak(text=abi_to_signature(entry))[:4]: entry for entry in abi if entry["type"] == "error"}
        code = bytes.fromhex(artifact(name)["bytecode"][2:]) + encode(["address"], [constructor_argument])
        self.address: str = evm.deploy(REGISTRAR, code)

    def call(self, function: str, *arguments: Any, sender: str = REGISTRAR) -> Any:
        entry = self._functions[function]
        data = keccak(text=function)[:4] + encode(_types(entry["inputs"]), arguments)
        try:
            answer = self.evm.message_call(sender, self.address, calldata=data)
        except RuntimeError as failure:
            raise self._refusal(_output(failure)) from failure
        values = decode(_types(entry["outputs"]), answer)
        return values[0] if len(values) == 1 else values

    def error_of(self, function: str, *arguments: Any, sender: str = REGISTRAR) -> str | None:
        """The name of the error that the call reverts with; None if it passes."""
        try:
            self.call(function, *arguments, sender=sender)
        except Refused as refused:
            return refused.name
        return None

    def _refusal(self, data: bytes) -> Refused:
        error = self._errors[data[:4]]
        return Refused(error["name"], decode(_types(error["inputs"]), data[4:]))


@dataclass(frozen=True)
class Contracts:
    evm: EVM
    registry: Contract
    ledger: Contract

    def at_block(self, number: int) -> None:
        self.evm.set_block_env(BlockEnv(number=number))


def deploy() -> Contracts:
    evm = EVM(spec_id="PRAGUE")
    registry = Contract(evm, "OrganisationRegistry", REGISTRAR)
    return Contracts(evm, registry, Contract(evm, "ProvenanceLedger", registry.address))


@pytest.fixture(scope="session")
def deploy_contracts() -> Callable[[], Contracts]:
    """Deploys both contracts on a new EVM at each call; `REGISTRAR` deploys and is the registrar."""
    return deploy
